// SPDX-License-Identifier: GPL-2.0-only
/* Reset, power, and what a function may do: pci.md 6 and 7, lifecycle.md 11 and 12. */
#include "tests/unit/hwemu_fixture.h"

static __u8 initial[NICSW_CONFIG_SIZE];

static __u32 device_control(__u32 function)
{
	return find(function, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
}

static __u32 pmcsr(__u32 function)
{
	return find(function, PCI_CAP_ID_PM) + PCI_PM_CTRL;
}

/* A VF as its driver and time leave it: every bit that can be set is set. */
static void use_vf(__u32 vf)
{
	__u8 ones[NICSW_CONFIG_SIZE];
	__u32 control = device_control(vf);

	memset(ones, 0xff, sizeof(ones));
	nicsw_config_write(&device, vf, space_of(vf), 0, control, ones, NULL);
	nicsw_config_write(&device, vf, space_of(vf), control + 2, NICSW_CONFIG_SIZE - control - 2,
			   ones, NULL);
	space_of(vf)[PCI_STATUS + 1] |= 0xf9;
	space_of(vf)[control + 2] |= 0x0f;
	space_of(vf)[pmcsr(vf) + 1] |= 0x80;
	cr_assert_arr_neq(space_of(vf), initial, NICSW_CONFIG_SIZE);
	cr_assert(nicsw_function_bus_master(space_of(vf)));
	cr_assert_eq(nicsw_function_power(space_of(vf)), NICSW_D3);
}

static void start_used(void)
{
	start(4);
	enable(4);
	memcpy(initial, space_of(1), sizeof(initial));
	for (__u32 vf = 0; vf < 4; vf++)
		use_vf(vf);
}

static void expect_only_vf_1_is_reset(__u8 before[5][NICSW_CONFIG_SIZE])
{
	cr_expect_arr_eq(space_of(1), initial, NICSW_CONFIG_SIZE);
	for (__u32 i = 0; i < 5; i++)
		if (i != 2)
			cr_expect_arr_eq(spaces[i], before[i], NICSW_CONFIG_SIZE, "space %u", i);
}

/* PCI-14, PCI-83, PCI-84, PCI-88, PCI-90, RESET-VF-4, LC-RST: all of the VF, nothing else. */
Test(hwemu_function, flr_of_a_vf)
{
	__u8 before[5][NICSW_CONFIG_SIZE];

	start_used();
	memcpy(before, spaces, sizeof(before));
	cr_expect_eq(nicsw_function_flr(&device, 1, space_of(1)), 0);
	expect_only_vf_1_is_reset(before);
	cr_expect_not(nicsw_function_bus_master(space_of(1)));
	cr_expect_eq(nicsw_function_power(space_of(1)), NICSW_D0, "RESET-VF-12");
	cr_expect(nicsw_function_visible(&device, spaces[0], 1));
}

/* PCI-80, WR-CFG-12: by the VF's own register, which reads 0 afterwards. */
Test(hwemu_function, flr_by_register)
{
	__u8 before[5][NICSW_CONFIG_SIZE];
	__u32 effects;

	start_used();
	memcpy(before, spaces, sizeof(before));
	effects = put(1, device_control(1), 2, PCI_EXP_DEVCTL_BCR_FLR);
	cr_expect(effects & NICSW_EFFECT_FLR);
	cr_expect(effects & NICSW_EFFECT_BUS_MASTER);
	cr_expect_eq(get(1, device_control(1), 2), 0);
	expect_only_vf_1_is_reset(before);
	cr_expect_not(put(1, device_control(1), 2, 0) & NICSW_EFFECT_FLR);
}

/* PCI-80: the upper byte alone, as a byte access does it. */
Test(hwemu_function, flr_by_one_byte)
{
	start_used();
	cr_expect(put(1, device_control(1) + 1, 1, 0x80) & NICSW_EFFECT_FLR);
	cr_expect_arr_eq(space_of(1), initial, NICSW_CONFIG_SIZE);
}

/* PCI-85, PCI-87: the PF forgets its VFs, but not what belongs to the link. */
Test(hwemu_function, flr_of_the_pf)
{
	__u32 pcie;

	start(4);
	pcie = find(PF, PCI_CAP_ID_EXP);
	enable(4);
	put(PF, PCI_COMMAND, 2, 0x0006);
	put(PF, pcie + PCI_EXP_LNKCTL, 2, 0xffff);
	put(PF, pcie + PCI_EXP_LNKCTL2, 2, PCI_EXP_LNKCTL2_TLS_2_5GT);
	put(PF, pcie + PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_PAYLOAD_256B);
	cr_expect(put(PF, pcie + PCI_EXP_DEVCTL, 2, 0x8020) & NICSW_EFFECT_FLR);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
	cr_expect_eq(get(PF, sriov(PCI_SRIOV_CTRL), 2), 0);
	cr_expect_eq(get(PF, sriov(PCI_SRIOV_NUM_VF), 2), 0);
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 0));
	cr_expect_eq(get(PF, PCI_COMMAND, 2), 0);
	cr_expect_eq(get(PF, PCI_BASE_ADDRESS_0, 4), 0xc);
	cr_expect_eq(get(PF, pcie + PCI_EXP_LNKCTL, 2), 0x00c8);
	cr_expect_eq(get(PF, pcie + PCI_EXP_LNKCTL2, 2), PCI_EXP_LNKCTL2_TLS_2_5GT);
	cr_expect_eq(get(PF, pcie + PCI_EXP_DEVCTL, 2), 0x2830, "payload kept, rest default");
}

/* PCI-89 */
Test(hwemu_function, conventional_reset_clears_sticky_bits)
{
	__u8 fresh[NICSW_CONFIG_SIZE];
	__u32 pcie;

	start(4);
	nicsw_function_reset(&device, PF, spaces[0]);
	memcpy(fresh, spaces[0], sizeof(fresh));
	pcie = find(PF, PCI_CAP_ID_EXP);
	put(PF, pcie + PCI_EXP_LNKCTL, 2, 0xffff);
	put(PF, pcie + PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_PAYLOAD_256B);
	nicsw_function_flr(&device, PF, spaces[0]);
	cr_expect_arr_neq(spaces[0], fresh, sizeof(fresh));
	nicsw_function_reset(&device, PF, spaces[0]);
	cr_expect_arr_eq(spaces[0], fresh, sizeof(fresh));
}

/* After a reset of the PF, as firmware and bus driver put it to work again. */
Test(hwemu_function, assign_after_flr)
{
	__u8 before[NICSW_CONFIG_SIZE];

	start(4);
	memcpy(before, spaces[0], sizeof(before));
	enable(4);
	cr_expect_eq(nicsw_function_assign(&device, spaces[0]), -EBUSY);
	nicsw_function_flr(&device, PF, spaces[0]);
	cr_expect_eq(nicsw_function_assign(&device, spaces[0]), 0);
	cr_expect_arr_eq(spaces[0], before, sizeof(before));
}

/* PCI-15, PCI-106, LC-PWR-1, POWER-VF-4, POWER-VF-5, POWER-VF-9 */
Test(hwemu_function, set_power)
{
	start(2);
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), 1, false), -EINVAL);
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), 2, false), -EINVAL);
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), 4, false), -EINVAL);
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), NICSW_D0, true), -EINVAL);
	cr_expect_eq(nicsw_function_set_power(&device, 2, space_of(0), NICSW_D3, false), -EINVAL);
	cr_expect_eq(nicsw_function_power(space_of(0)), NICSW_D0);
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), NICSW_D3, false), 0);
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), NICSW_D3, false), 0);
	cr_expect_eq(nicsw_function_power(space_of(0)), NICSW_D3);
	cr_expect_eq(nicsw_function_power(space_of(1)), NICSW_D0, "POWER-VF-7");
	cr_expect_eq(nicsw_function_set_power(&device, 0, space_of(0), NICSW_D0, false), 0);
	cr_expect_eq(nicsw_function_power(space_of(0)), NICSW_D0);
}

/* PCI-105, POWER-VF-6: armed for the time in D3; PME_Status is not ours to clear. */
Test(hwemu_function, wake)
{
	start(1);
	nicsw_function_set_power(&device, 0, space_of(0), NICSW_D3, true);
	space_of(0)[pmcsr(0) + 1] |= 0x80;
	cr_expect_eq(get(0, pmcsr(0), 2), 0x810b);
	nicsw_function_set_power(&device, 0, space_of(0), NICSW_D0, false);
	cr_expect_eq(get(0, pmcsr(0), 2), 0x8008);
	put(0, pmcsr(0), 2, 0x8000);
	cr_expect_eq(get(0, pmcsr(0), 2), 0x0008);
}

/* A guest's own write of D1 or D2 is refused, D3 taken (WR-CFG-13). */
Test(hwemu_function, power_by_register)
{
	start(1);
	put(0, pmcsr(0), 2, 3);
	put(0, pmcsr(0), 2, 1);
	cr_expect_eq(nicsw_function_power(space_of(0)), NICSW_D3);
	put(0, pmcsr(0), 2, 0);
	put(0, pmcsr(0), 2, 2);
	cr_expect_eq(nicsw_function_power(space_of(0)), NICSW_D0);
}

/* PCI-102, PCI-103, LC-PWR-3, LC-PWR-4: registers work in D3hot and are retained. */
Test(hwemu_function, d3_retains_registers)
{
	__u8 before[NICSW_CONFIG_SIZE];

	start(1);
	nicsw_function_set_bus_master(&device, 0, space_of(0), true);
	memcpy(before, space_of(0), sizeof(before));
	nicsw_function_set_power(&device, 0, space_of(0), NICSW_D3, false);
	cr_expect_eq(get(0, PCI_COMMAND, 2), PCI_COMMAND_MASTER);
	put(0, PCI_COMMAND, 2, 0);
	put(0, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	nicsw_function_set_power(&device, 0, space_of(0), NICSW_D0, false);
	cr_expect_arr_eq(space_of(0), before, sizeof(before));
}

/*
 * PCI-103, PCI-104: the rule for No_Soft_Reset 0, which is a fact of the register and not of
 * the code.
 */
Test(hwemu_function, d3_without_no_soft_reset)
{
	start(2);
	enable(2);
	space_of(0)[pmcsr(0)] &= ~PCI_PM_CTRL_NO_SOFT_RESET;
	nicsw_function_set_bus_master(&device, 0, space_of(0), true);
	put(0, pmcsr(0), 2, 3);
	cr_expect(put(0, pmcsr(0), 2, 0) & NICSW_EFFECT_FLR);
	cr_expect_not(nicsw_function_bus_master(space_of(0)));
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 2);
	spaces[0][pmcsr(PF)] &= ~PCI_PM_CTRL_NO_SOFT_RESET;
	put(PF, pmcsr(PF), 2, 3);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 2);
	put(PF, pmcsr(PF), 2, 0);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
}

/* PCI-101 */
Test(hwemu_function, vf_is_not_more_awake_than_the_pf)
{
	__u8 *pf, *vf;

	start(1);
	pf = spaces[0];
	vf = space_of(0);
	cr_expect_eq(nicsw_function_effective_power(pf, vf), NICSW_D0);
	nicsw_function_set_power(&device, PF, pf, NICSW_D3, false);
	cr_expect_eq(nicsw_function_effective_power(pf, vf), NICSW_D3);
	cr_expect_eq(nicsw_function_power(vf), NICSW_D0);
	nicsw_function_set_power(&device, PF, pf, NICSW_D0, false);
	nicsw_function_set_power(&device, 0, vf, NICSW_D3, false);
	cr_expect_eq(nicsw_function_effective_power(pf, vf), NICSW_D3);
}

/* pci.md 2, Command bit 2: of each VF alone. */
Test(hwemu_function, bus_master)
{
	start(2);
	cr_expect_not(nicsw_function_bus_master(space_of(0)));
	cr_expect_eq(nicsw_function_set_bus_master(&device, 0, space_of(0), true), 0);
	cr_expect(nicsw_function_bus_master(space_of(0)));
	cr_expect_not(nicsw_function_bus_master(space_of(1)));
	cr_expect_not(nicsw_function_bus_master(space_of(PF)));
	cr_expect_eq(nicsw_function_set_bus_master(&device, 0, space_of(0), false), 0);
	cr_expect_not(nicsw_function_bus_master(space_of(0)));
	cr_expect_eq(nicsw_function_set_bus_master(&device, 2, space_of(0), true), -EINVAL);
	cr_expect_not(nicsw_function_bus_master(space_of(0)));
	nicsw_function_set_bus_master(&device, PF, spaces[0], true);
	cr_expect_eq(get(PF, PCI_COMMAND, 2), 0x0006, "Memory Space kept");
}

/* PCI-25, PCI-102, FWD-14: each condition alone stops DMA. */
Test(hwemu_function, can_dma)
{
	__u8 *pf, *vf;

	start(2);
	pf = spaces[0];
	vf = space_of(0);
	nicsw_function_set_bus_master(&device, 0, vf, true);
	cr_expect_not(nicsw_function_can_dma(&device, pf, 0, vf), "not enabled");
	enable(1);
	cr_expect(nicsw_function_can_dma(&device, pf, 0, vf), "without the PF's Bus Master");
	cr_expect_not(nicsw_function_can_dma(&device, pf, 1, vf), "above NumVFs");
	nicsw_function_set_power(&device, 0, vf, NICSW_D3, false);
	cr_expect_not(nicsw_function_can_dma(&device, pf, 0, vf), "D3");
	nicsw_function_set_power(&device, 0, vf, NICSW_D0, false);
	nicsw_function_set_power(&device, PF, pf, NICSW_D3, false);
	cr_expect_not(nicsw_function_can_dma(&device, pf, 0, vf), "PF in D3");
	nicsw_function_set_power(&device, PF, pf, NICSW_D0, false);
	nicsw_function_set_bus_master(&device, 0, vf, false);
	cr_expect_not(nicsw_function_can_dma(&device, pf, 0, vf), "no Bus Master");
	nicsw_function_set_bus_master(&device, 0, vf, true);
	cr_expect(nicsw_function_can_dma(&device, pf, 0, vf));
	nicsw_function_flr(&device, 0, vf);
	cr_expect_not(nicsw_function_can_dma(&device, pf, 0, vf), "quiescent after FLR (PCI-86)");
}
