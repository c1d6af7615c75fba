// SPDX-License-Identifier: GPL-2.0-only
/* The SR-IOV capability: pci.md 4, PCI-17, PCI-18. */
#include "tests/unit/hwemu_fixture.h"

static __u32 reg(__u32 offset, __u32 width)
{
	return get(PF, sriov(offset), width);
}

static void set(__u32 offset, __u32 width, __u32 value)
{
	put(PF, sriov(offset), width, value);
}

/* PCI-40, PCI-52 */
Test(hwemu_sriov, reset_values)
{
	start(64);
	nicsw_function_reset(&device, PF, spaces[0]);
	cr_expect_eq(reg(PCI_SRIOV_CAP, 4), 2); /* ARI Capable Hierarchy Preserved, no migration */
	cr_expect_eq(reg(PCI_SRIOV_CTRL, 2), 0);
	cr_expect_eq(reg(PCI_SRIOV_STATUS, 2), 0);
	cr_expect_eq(reg(PCI_SRIOV_INITIAL_VF, 2), 64);
	cr_expect_eq(reg(PCI_SRIOV_TOTAL_VF, 2), 64);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 0);
	cr_expect_eq(reg(PCI_SRIOV_FUNC_LINK, 1), 0);
	cr_expect_eq(reg(PCI_SRIOV_VF_DID, 2), 0x1041);
	cr_expect_eq(reg(PCI_SRIOV_SUP_PGSIZE, 4), 0x553);
	cr_expect_eq(reg(PCI_SRIOV_SYS_PGSIZE, 4), 1);
	for (__u32 bar = 0; bar < 6; bar++)
		cr_expect_eq(reg(PCI_SRIOV_BAR + 4 * bar, 4) & ~0xfu, 0);
	cr_expect_eq(reg(PCI_SRIOV_VFM, 4), 0);
}

/* pci.md 4, column Attr: nothing but these bits can be written. */
Test(hwemu_sriov, read_only_registers)
{
	static const __u32 offsets[] = {PCI_SRIOV_CAP,        PCI_SRIOV_INITIAL_VF,
					PCI_SRIOV_FUNC_LINK,  PCI_SRIOV_VF_OFFSET,
					PCI_SRIOV_VF_DID - 2, PCI_SRIOV_SUP_PGSIZE,
					PCI_SRIOV_VFM,        0};

	start(8);
	for (__u32 i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		__u32 width = offsets[i] == PCI_SRIOV_FUNC_LINK ? 2 : 4;
		__u32 before = reg(offsets[i], width);

		set(offsets[i], width, 0xffffffff);
		cr_expect_eq(reg(offsets[i], width), before, "+%x", offsets[i]);
		set(offsets[i], width, 0);
		cr_expect_eq(reg(offsets[i], width), before, "+%x", offsets[i]);
	}
	set(PCI_SRIOV_CTRL, 4, 0xfffffffe);
	cr_expect_eq(reg(PCI_SRIOV_CTRL, 4), PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
}

/* PCI-17 */
Test(hwemu_sriov, enable_and_disable)
{
	start(8);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 5), 0);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 5);
	cr_expect_eq(reg(PCI_SRIOV_CTRL, 2),
		     PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 5);
	cr_expect_eq(nicsw_sriov_disable(&device, spaces[0], 0), 0);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 0);
	cr_expect_eq(reg(PCI_SRIOV_CTRL, 2), PCI_SRIOV_CTRL_ARI);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
	enable(8);
}

/* PCI-18, LC-SW-5, LC-SW-6, structs.md 8: refused requests change no register. */
Test(hwemu_sriov, enable_is_checked)
{
	__u8 before[NICSW_CONFIG_SIZE];

	start(8);
	memcpy(before, spaces[0], sizeof(before));
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 0), -EINVAL);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 9), -EINVAL);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 0x10001), -EINVAL);
	cr_expect_eq(nicsw_sriov_disable(&device, spaces[0], 0), -EALREADY);
	cr_expect_eq(nicsw_sriov_disable(&device, spaces[0], 1), -EINVAL);
	cr_expect_arr_eq(before, spaces[0], sizeof(before));
	enable(3);
	memcpy(before, spaces[0], sizeof(before));
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 3), -EBUSY);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 9), -EINVAL);
	cr_expect_eq(nicsw_sriov_disable(&device, spaces[0], 3), -EINVAL);
	cr_expect_arr_eq(before, spaces[0], sizeof(before));
}

/* On a copy: the device does not know before the copy is committed. */
Test(hwemu_sriov, enable_on_a_copy)
{
	__u8 copy[NICSW_CONFIG_SIZE];

	start(8);
	memcpy(copy, spaces[0], sizeof(copy));
	cr_expect_eq(nicsw_sriov_enable(&device, copy, 4), 0);
	cr_expect_eq(nicsw_sriov_num_vfs(copy), 4);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
	cr_expect(nicsw_function_visible(&device, copy, 3));
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 3));
}

/* PCI-42 */
Test(hwemu_sriov, num_vfs_above_total_is_ignored)
{
	start(8);
	set(PCI_SRIOV_NUM_VF, 2, 8);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 8);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0, "VF Enable is 0");
	set(PCI_SRIOV_NUM_VF, 2, 9);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 8);
	set(PCI_SRIOV_NUM_VF + 1, 1, 0xff);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 8, "the high byte alone");
	set(PCI_SRIOV_NUM_VF, 2, 0);
	cr_expect_eq(reg(PCI_SRIOV_NUM_VF, 2), 0);
}

/* CVE-2024-26327: a bad NumVFs in the write that enables. */
Test(hwemu_sriov, num_vfs_and_enable_in_one_write)
{
	__u8 data[10] = {PCI_SRIOV_CTRL_VFE};

	start(8);
	data[8] = 9;
	nicsw_config_write(&device, PF, spaces[0], sriov(PCI_SRIOV_CTRL), sizeof(data), data, NULL);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
	set(PCI_SRIOV_CTRL, 2, 0);
	data[8] = 8;
	nicsw_config_write(&device, PF, spaces[0], sriov(PCI_SRIOV_CTRL), sizeof(data), data, NULL);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 8);
}

/* PCI-41, PCI-46: values that are good while VF Enable is 0. */
Test(hwemu_sriov, settings_stay_while_enabled)
{
	static const struct {
		__u32 offset, width, value;
	} rows[] = {
		{PCI_SRIOV_NUM_VF, 2, 2},
		{PCI_SRIOV_SYS_PGSIZE, 4, 2},
		{PCI_SRIOV_BAR, 4, 0x20000000},
		{PCI_SRIOV_BAR + 4, 4, 7},
		{PCI_SRIOV_BAR + 16, 4, 0x20000000},
		{PCI_SRIOV_BAR + 20, 4, 7},
	};

	start(8);
	for (__u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		__u32 before;

		cr_assert_eq(nicsw_sriov_enable(&device, spaces[0], 3), 0);
		before = reg(rows[i].offset, rows[i].width);
		set(rows[i].offset, rows[i].width, rows[i].value);
		cr_expect_eq(reg(rows[i].offset, rows[i].width), before, "+%x", rows[i].offset);
		nicsw_sriov_disable(&device, spaces[0], 0);
		set(rows[i].offset, rows[i].width, rows[i].value);
		cr_expect_neq(reg(rows[i].offset, rows[i].width), before, "+%x", rows[i].offset);
	}
	enable(3);
	set(PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_VFE);
	cr_expect_eq(reg(PCI_SRIOV_CTRL, 2), PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_ARI);
	cr_expect_eq(reg(PCI_SRIOV_VF_OFFSET, 2), 1);
}

/* PCI-47 */
Test(hwemu_sriov, system_page_size_is_one_supported_bit)
{
	static const __u32 bad[] = {0, 3, 4, 0x553, 0x80000000, 0xffffffff, 0x111};

	start(8);
	set(PCI_SRIOV_SYS_PGSIZE, 4, 0x10);
	for (__u32 i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		set(PCI_SRIOV_SYS_PGSIZE, 4, bad[i]);
		cr_expect_eq(reg(PCI_SRIOV_SYS_PGSIZE, 4), 0x10, "%x", bad[i]);
	}
	for (__u32 bit = 0; bit < 32; bit++)
		if (0x553u >> bit & 1) {
			set(PCI_SRIOV_SYS_PGSIZE, 4, 1u << bit);
			cr_expect_eq(reg(PCI_SRIOV_SYS_PGSIZE, 4), 1u << bit);
		}
}

/* PCI-45 */
Test(hwemu_sriov, enable_without_vfs_shows_none)
{
	start(8);
	set(PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_VFE);
	cr_expect_eq(nicsw_sriov_num_vfs(spaces[0]), 0);
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 0));
}

/* PCI-53: First VF Offset and VF Stride follow ARI Capable Hierarchy. */
Test(hwemu_sriov, routing_follows_ari)
{
	start(8);
	cr_expect_eq(reg(PCI_SRIOV_VF_OFFSET, 4), 0x00010001);
	set(PCI_SRIOV_CTRL, 2, 0);
	cr_expect_eq(reg(PCI_SRIOV_VF_OFFSET, 4), 0x00010100);
	set(PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_ARI);
	cr_expect_eq(reg(PCI_SRIOV_VF_OFFSET, 4), 0x00010001);
}

/* VENDEV-4, VENDEV-7, PCI-6 */
Test(hwemu_sriov, ids_for_plug_and_play)
{
	__u16 vendor = 0, id = 0;

	start(8);
	nicsw_vf_ids(spaces[0], &vendor, &id);
	cr_expect_eq(vendor, 0x1af4);
	cr_expect_eq(id, 0x1041);
}
