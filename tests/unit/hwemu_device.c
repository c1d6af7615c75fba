// SPDX-License-Identifier: GPL-2.0-only
/* The device in place, as the bus sees it. */
#include "tests/unit/hwemu_fixture.h"

static __u32 bus_read(__u32 function, __u32 offset, __u32 length)
{
	__u32 value = 0;

	cr_assert_eq(nicsw_device_read(&device, function, offset, length, &value), 0);
	return value;
}

static __u32 bus_write(__u32 function, __u32 offset, __u32 length, __u32 value)
{
	struct nicsw_config_effects effects;

	cr_assert_eq(nicsw_device_write(&device, function, offset, length, &value, &effects), 0);
	return effects.mask;
}

/* DESIGN: registers outlive the process; a new device value finds them as they were. */
Test(hwemu_device, init_touches_no_register)
{
	struct nicsw_geometry geometry = nicsw_geometry_default(4, mac);
	struct nicsw_device other;
	__u8 before[5][NICSW_CONFIG_SIZE];

	start(4);
	enable(3);
	memcpy(before, spaces, sizeof(before));
	cr_expect_eq(nicsw_device_init(&other, &geometry, spaces), 0);
	cr_expect_arr_eq(spaces, before, sizeof(before));
	cr_expect_eq(nicsw_sriov_num_vfs(nicsw_device_space(&other, PF)), 3);
	cr_expect_eq(nicsw_device_init(&other, &geometry, NULL), -EINVAL);
}

/* Index 0 = PF, 1 + N = VF N; power on writes them all and nothing behind. */
Test(hwemu_device, power_on_writes_all_functions)
{
	start(4);
	cr_expect_eq(nicsw_device_space(&device, PF), spaces[0]);
	cr_expect_eq(nicsw_device_space(&device, 3), spaces[4]);
	for (__u32 vf = 0; vf < 4; vf++)
		cr_expect_eq(get(vf, PCI_CLASS_REVISION, 4), 0x02000001);
	for (__u32 i = 0; i < NICSW_CONFIG_SIZE; i++)
		cr_assert_eq(spaces[5][i], 0xa5);
}

/* PCI-89: an FLR leaves sticky state, power does not. */
Test(hwemu_device, power_on_clears_sticky_state)
{
	__u32 link;

	start(1);
	link = find(PF, PCI_CAP_ID_EXP) + PCI_EXP_LNKCTL;
	put(PF, link, 2, PCI_EXP_LNKCTL_CCC);
	cr_assert_eq(get(PF, link, 2), PCI_EXP_LNKCTL_CCC);
	nicsw_device_power_on(&device);
	cr_expect_eq(get(PF, link, 2), 0);
}

/* PCI-22, PCI-23 */
Test(hwemu_device, absent_functions_read_all_ones)
{
	start(4);
	cr_expect_eq(bus_read(0, PCI_CLASS_REVISION, 4), 0xffffffff);
	cr_expect_eq(bus_write(0, PCI_COMMAND, 2, PCI_COMMAND_MASTER), 0);
	cr_expect_not(nicsw_function_bus_master(space_of(0)));
	enable(2);
	cr_expect_eq(bus_read(1, PCI_CLASS_REVISION, 4), 0x02000001);
	cr_expect_eq(bus_read(2, PCI_CLASS_REVISION, 4), 0xffffffff);
	cr_expect_eq(bus_read(PF, PCI_VENDOR_ID, 4), 0x10411af4);
}

/* Bounds hold for functions that are absent, too. */
Test(hwemu_device, bounds)
{
	__u32 value = 7;

	start(4);
	for (__u32 i = 0; i < 3; i++) {
		static const __u32 functions[] = {PF, 0, 4};

		cr_expect_eq(nicsw_device_read(&device, functions[i], 4095, 2, &value), -EINVAL);
		cr_expect_eq(nicsw_device_read(&device, functions[i], 0xffffffff, 4, &value),
			     -EINVAL);
		cr_expect_eq(nicsw_device_write(&device, functions[i], 4095, 2, &value, NULL),
			     -EINVAL);
	}
	cr_expect_eq(nicsw_device_read(&device, 4, 0, 4, &value), -EINVAL);
	cr_expect_eq(nicsw_device_write(&device, 4, 4, 4, &value, NULL), -EINVAL);
	cr_expect_eq(value, 7);
}

/* PCI-43, PCI-44, PCI-90, LC-VF-8: what an owner left is gone when the VF appears again. */
Test(hwemu_device, vfs_appear_in_reset_state)
{
	__u8 fresh[NICSW_CONFIG_SIZE];
	__u32 control;

	start(4);
	control = sriov(PCI_SRIOV_CTRL);
	memcpy(fresh, space_of(0), sizeof(fresh));
	bus_write(PF, sriov(PCI_SRIOV_NUM_VF), 2, 2);
	cr_expect_eq(bus_write(PF, control, 2, 0x19), NICSW_EFFECT_VF_ENABLE | NICSW_EFFECT_VF_MSE);
	cr_expect_eq(bus_write(0, PCI_COMMAND, 2, 4), NICSW_EFFECT_BUS_MASTER);
	cr_expect_eq(bus_write(PF, control, 2, 0x11), NICSW_EFFECT_VF_MSE);
	cr_expect(nicsw_function_bus_master(space_of(0)), "another bit of Control resets nobody");
	bus_write(PF, control, 2, 0x10);
	cr_expect_eq(bus_read(0, PCI_CLASS_REVISION, 4), 0xffffffff);
	bus_write(PF, control, 2, 0x11);
	cr_expect_arr_eq(space_of(0), fresh, sizeof(fresh));
	cr_expect_eq(bus_read(0, PCI_COMMAND, 2), 0);
}

/* PCI-87 over the bus: VFs are gone with the PF's FLR. */
Test(hwemu_device, flr_of_the_pf)
{
	start(4);
	enable(4);
	cr_expect(bus_write(PF, find(PF, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL, 2, 0x8000) &
		  NICSW_EFFECT_FLR);
	cr_expect_eq(bus_read(0, PCI_CLASS_REVISION, 4), 0xffffffff);
}

/* A caller that does not care about effects. */
Test(hwemu_device, effects_may_be_null)
{
	__u16 command = PCI_COMMAND_MASTER;

	start(1);
	enable(1);
	cr_expect_eq(nicsw_device_write(&device, 0, PCI_COMMAND, 2, &command, NULL), 0);
	cr_expect(nicsw_function_bus_master(space_of(0)));
}
