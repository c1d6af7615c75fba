// SPDX-License-Identifier: GPL-2.0-only
/* Masks, bounds, odd accesses, refused values, effects. */
#include "hwemu/cfgspace.h"

#include "tests/unit/hwemu_fixture.h"

static const __u32 kinds[] = {PF, 0};

Test(hwemu_cfgspace, masks_are_disjoint)
{
	for (__u32 kind = 0; kind < 2; kind++) {
		const struct nicsw_config_masks *masks = nicsw_config_masks(kinds[kind]);
		__u32 writable = 0;

		for (__u32 i = 0; i < NICSW_CONFIG_SIZE; i++) {
			cr_expect_eq(masks->writable[i] & masks->clear[i], 0, "offset %x", i);
			cr_expect_eq(masks->reset[i] & masks->clear[i], 0, "offset %x", i);
			cr_expect_eq(masks->sticky[i] & ~masks->writable[i], 0, "offset %x", i);
			writable += masks->writable[i] != 0;
		}
		cr_expect_gt(writable, 0);
	}
	cr_expect_neq(nicsw_config_masks(PF), nicsw_config_masks(0));
	cr_expect_eq(nicsw_config_masks(0), nicsw_config_masks(1023));
}

/* Checklist 10, RD-CFG-11, RD-CFG-12: the end of the space, without wrap-around. */
Test(hwemu_cfgspace, read_is_bounded)
{
	static const struct {
		__u32 offset, length;
		int result;
	} rows[] = {
		{0, 4096, 0},
		{4095, 1, 0},
		{4095, 2, -EINVAL},
		{4096, 0, 0},
		{4096, 1, -EINVAL},
		{4097, 0, -EINVAL},
		{0, 4097, -EINVAL},
		{0xffffffff, 1, -EINVAL},
		{0xffffffff, 2, -EINVAL},
		{1, 0xffffffff, -EINVAL},
		{0x80000000, 0x80000000, -EINVAL},
	};
	__u8 buffer[NICSW_CONFIG_SIZE];

	start(4);
	for (__u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(buffer, 0x5a, sizeof(buffer));
		cr_expect_eq(nicsw_config_read(&device, 0, space_of(0), rows[i].offset,
					       rows[i].length, buffer),
			     rows[i].result, "row %u", i);
		if (rows[i].result < 0)
			cr_expect_eq(buffer[0], 0x5a, "row %u touched the output", i);
	}
}

/* WR-CFG-8: a refused write changes nothing, and does not report effects. */
Test(hwemu_cfgspace, write_is_bounded)
{
	static const __u32 rows[][2] = {{4095, 2},       {4096, 1},   {4097, 0},
					{0xffffffff, 1}, {4, 4093},   {4, 0xffffffff},
					{4, 0xfffffffc}, {0, 0x10000}};
	__u8 before[5][NICSW_CONFIG_SIZE], ones[NICSW_CONFIG_SIZE];
	struct nicsw_config_effects effects = {0x1234};

	start(4);
	memset(ones, 0xff, sizeof(ones));
	memcpy(before, spaces, sizeof(before));
	for (__u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(nicsw_config_write(&device, 0, space_of(0), rows[i][0], rows[i][1],
						ones, &effects),
			     -EINVAL, "row %u", i);
	cr_expect_eq(effects.mask, 0x1234);
	cr_expect_arr_eq(before, spaces, sizeof(before));
}

/* WR-CFG-9 */
Test(hwemu_cfgspace, length_0_writes_nothing)
{
	struct nicsw_config_effects effects = {0xff};
	__u8 before[NICSW_CONFIG_SIZE];

	start(1);
	memcpy(before, space_of(0), sizeof(before));
	cr_expect_eq(nicsw_config_write(&device, 0, space_of(0), PCI_COMMAND, 0, NULL, &effects),
		     0);
	cr_expect_eq(effects.mask, 0);
	cr_expect_arr_eq(before, space_of(0), sizeof(before));
}

/* Checklist 12, PCI-11: an index of total_vfs is off by one. */
Test(hwemu_cfgspace, functions_that_cannot_be)
{
	static const __u32 functions[] = {4, 1024, 0xfffe, 0x10000, 0xffffffff};
	__u8 byte = 0x5a;

	start(4);
	for (__u32 i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		cr_expect_eq(nicsw_config_read(&device, functions[i], space_of(0), 0, 1, &byte),
			     -EINVAL);
		cr_expect_eq(
			nicsw_config_write(&device, functions[i], space_of(0), 4, 1, &byte, NULL),
			-EINVAL);
		cr_expect_eq(nicsw_function_reset(&device, functions[i], space_of(0)), -EINVAL);
		cr_expect_eq(nicsw_function_flr(&device, functions[i], space_of(0)), -EINVAL);
		cr_expect_null(nicsw_device_space(&device, functions[i]));
	}
	cr_expect_eq(byte, 0x5a);
}

/* Checklist 13, 14, PCI-1, RD-CFG-13, RD-CFG-15 */
Test(hwemu_cfgspace, odd_slices_are_exact)
{
	__u8 whole[NICSW_CONFIG_SIZE], again[NICSW_CONFIG_SIZE], slice[3];

	start(1);
	nicsw_config_read(&device, 0, space_of(0), 0, sizeof(whole), whole);
	for (__u32 offset = 0; offset + sizeof(slice) <= sizeof(whole); offset++) {
		nicsw_config_read(&device, 0, space_of(0), offset, sizeof(slice), slice);
		cr_assert_arr_eq(slice, whole + offset, sizeof(slice), "offset %x", offset);
	}
	nicsw_config_read(&device, 0, space_of(0), 0, sizeof(again), again);
	cr_expect_arr_eq(whole, again, sizeof(whole));
	/* 3 bytes at 05h: Command high byte, Status. */
	nicsw_config_read(&device, 0, space_of(0), 5, 3, slice);
	cr_expect_eq(slice[0], 0);
	cr_expect_eq(slice[1], PCI_STATUS_CAP_LIST);
	cr_expect_eq(slice[2], 0);
}

/* WR-CFG-5, WR-CFG-7: one write across read-only and writable registers. */
Test(hwemu_cfgspace, write_across_registers)
{
	__u8 data[] = {0x11, 0x22, 0x33, 0x04, 0xff, 0xff, 0xff};

	start(1);
	cr_expect_eq(nicsw_config_write(&device, 0, space_of(0), 1, sizeof(data), data, NULL), 0);
	cr_expect_eq(get(0, PCI_VENDOR_ID, 4), 0xffffffff);
	cr_expect_eq(get(0, PCI_COMMAND, 2), PCI_COMMAND_MASTER);
	cr_expect_eq(get(0, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
}

/* WR-CFG-7: write-one-to-clear, per VF (pci.md 2, Status; 3.1, Device Status). */
Test(hwemu_cfgspace, write_one_to_clear)
{
	__u32 device_status;

	start(2);
	device_status = find(0, PCI_CAP_ID_EXP) + PCI_EXP_DEVSTA;
	for (__u32 vf = 0; vf < 2; vf++) {
		space_of(vf)[PCI_STATUS + 1] = 0xf9;
		space_of(vf)[device_status] = 0x0f;
	}
	put(0, PCI_STATUS, 2, 0);
	cr_expect_eq(get(0, PCI_STATUS, 2), 0xf910, "a 0 must not clear");
	put(0, PCI_STATUS, 2, 0x8000);
	cr_expect_eq(get(0, PCI_STATUS, 2), 0x7910);
	put(0, PCI_STATUS, 2, 0xffff);
	cr_expect_eq(get(0, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
	put(0, device_status, 2, 0x0005);
	cr_expect_eq(get(0, device_status, 2), 0x000a);
	cr_expect_eq(get(1, PCI_STATUS, 2), 0xf910);
	cr_expect_eq(get(1, device_status, 2), 0x000f);
}

/* Values that a field cannot take leave the old one; other fields of the same write are stored. */
Test(hwemu_cfgspace, refused_values_leave_the_old_ones)
{
	__u32 control, control2, link2;

	start(1);
	control = find(PF, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
	control2 = find(PF, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL2;
	link2 = find(PF, PCI_CAP_ID_EXP) + PCI_EXP_LNKCTL2;
	put(PF, control, 2, PCI_EXP_DEVCTL_PAYLOAD_256B | PCI_EXP_DEVCTL_READRQ_4096B);
	cr_expect_eq(get(PF, control, 2), 0x5020);
	put(PF, control, 2, PCI_EXP_DEVCTL_PAYLOAD_512B | 6 << 12 | PCI_EXP_DEVCTL_CERE);
	cr_expect_eq(get(PF, control, 2), 0x5021);
	put(PF, control, 2, PCI_EXP_DEVCTL_PAYLOAD_128B | 7 << 12);
	cr_expect_eq(get(PF, control, 2), 0x5000);
	put(PF, control2, 2, 0xa);
	put(PF, control2, 2, 0xb | PCI_EXP_DEVCTL2_COMP_TMOUT_DIS);
	cr_expect_eq(get(PF, control2, 2), 0xa | PCI_EXP_DEVCTL2_COMP_TMOUT_DIS);
	put(PF, link2, 2, PCI_EXP_LNKCTL2_TLS_2_5GT);
	put(PF, link2, 2, PCI_EXP_LNKCTL2_TLS_8_0GT);
	cr_expect_eq(get(PF, link2, 2), PCI_EXP_LNKCTL2_TLS_2_5GT);
}

/* Each effect happens, and its register alone causes it; nothing happens when nothing changes. */
Test(hwemu_cfgspace, every_effect)
{
	__u32 pm, msix, pcie, seen = 0, all = 0;

	start(4);
	pm = find(PF, PCI_CAP_ID_PM) + PCI_PM_CTRL;
	msix = find(PF, PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS;
	pcie = find(PF, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
	const struct {
		__u32 offset, width, value, effects;
	} rows[] = {
		{PCI_COMMAND, 2, 0x0006, NICSW_EFFECT_BUS_MASTER},
		{PCI_COMMAND, 2, 0x0004, NICSW_EFFECT_MEMORY_SPACE},
		{PCI_COMMAND, 2, 0x0004, 0},
		{PCI_COMMAND, 2, 0x0104, 0},
		{pm, 2, 0x0003, NICSW_EFFECT_POWER},
		{pm, 2, 0x0103, NICSW_EFFECT_WAKE},
		{pm, 2, 0x0000, NICSW_EFFECT_POWER | NICSW_EFFECT_WAKE},
		{pm, 2, 0x0002, 0},
		{msix, 2, 0x8000, NICSW_EFFECT_MSIX},
		{msix, 2, 0xc000, NICSW_EFFECT_MSIX},
		{PCI_BASE_ADDRESS_1, 4, 1, NICSW_EFFECT_BAR},
		{PCI_BASE_ADDRESS_4, 4, 0x4000, NICSW_EFFECT_BAR},
		{sriov(PCI_SRIOV_SYS_PGSIZE), 4, 2, NICSW_EFFECT_BAR},
		{sriov(PCI_SRIOV_BAR), 4, 0x100000, NICSW_EFFECT_BAR},
		{sriov(PCI_SRIOV_BAR + 16), 4, 0x200000, NICSW_EFFECT_BAR},
		{sriov(PCI_SRIOV_NUM_VF), 2, 2, NICSW_EFFECT_NUM_VFS},
		{sriov(PCI_SRIOV_NUM_VF), 2, 5, 0},
		{sriov(PCI_SRIOV_CTRL), 2, 0, NICSW_EFFECT_ARI},
		{sriov(PCI_SRIOV_CTRL), 2, 0x0001, NICSW_EFFECT_VF_ENABLE},
		{sriov(PCI_SRIOV_CTRL), 2, 0x0009, NICSW_EFFECT_VF_MSE},
		{pcie, 2, 0x8000,
		 NICSW_EFFECT_FLR | NICSW_EFFECT_BUS_MASTER | NICSW_EFFECT_MSIX | NICSW_EFFECT_BAR |
			 NICSW_EFFECT_VF_ENABLE | NICSW_EFFECT_VF_MSE | NICSW_EFFECT_NUM_VFS},
	};

	for (__u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		__u32 effects = put(PF, rows[i].offset, rows[i].width, rows[i].value);

		cr_expect_eq(effects, rows[i].effects, "row %u: %x", i, effects);
		seen |= effects;
	}
#define X(bit, NAME) all |= 1u << bit;
	NICSW_CONFIG_EFFECTS(X)
#undef X
	cr_expect_eq(seen, all, "no row for %x", all & ~seen);
}
