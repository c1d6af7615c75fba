// SPDX-License-Identifier: GPL-2.0-only
/* MSI-X table, PBA and what becomes of an event: pci.md 3.2, PCI-30..PCI-34. */
#include "tests/unit/hwemu_fixture.h"

#include <nicsw/iommu.h>

#define VFS         3
#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

static struct nicsw_iommu_record records[VFS];
static __u32 targets[64];
static __u32 num_targets;
static bool nobody; /* takes a message */

static int note(void *context, __u32 target)
{
	if (nobody)
		return -ENOTCONN;
	cr_assert_eq(context, targets);
	cr_assert_lt(num_targets, SIZE(targets));
	targets[num_targets++] = target;
	return 0;
}

static const struct nicsw_iommu iommu = {
	.device = &device,
	.records = records,
	.signal = note,
	.context = targets,
};

static __u32 rid(__u32 vf)
{
	return nicsw_device_rid(&device, vf);
}

/* MSI-X Message Control, as the guest writes it, and what the caller has to do then. */
static void control(__u32 vf, __u32 value)
{
	__u32 effects = put(vf, find(vf, PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS, 2, value);

	if (effects & NICSW_EFFECT_MSIX)
		nicsw_msix_send_pending(&iommu, rid(vf));
}

static void set_master(__u32 vf, bool on)
{
	cr_assert_eq(nicsw_function_set_bus_master(&device, vf, space_of(vf), on), 0);
	nicsw_msix_send_pending(&iommu, rid(vf));
}

static void set_power(__u32 vf, __u32 power)
{
	cr_assert_eq(nicsw_function_set_power(&device, vf, space_of(vf), power, false), 0);
	nicsw_msix_send_pending(&iommu, rid(vf));
}

/* All VFs may send; vector n of VF v has target 100 * v + n; all vectors are masked. */
static void start_msix(void)
{
	start(VFS);
	enable(VFS);
	for (__u32 vf = 0; vf < VFS; vf++) {
		set_master(vf, true);
		control(vf, PCI_MSIX_FLAGS_ENABLE);
		for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++)
			cr_assert_eq(nicsw_iommu_map_interrupt(&iommu, rid(vf), vector,
							       100 * vf + vector),
				     0);
	}
}

static __u64 load(__u32 vf, __u32 offset, __u32 length)
{
	__u8 bytes[8] = {0};
	__u64 value = 0;

	cr_assert_eq(nicsw_msix_table_read(&iommu, rid(vf), offset, length, bytes), 0);
	for (__u32 i = 0; i < length; i++)
		value |= (__u64)bytes[i] << (8 * i);
	return value;
}

static void store(__u32 vf, __u32 offset, __u32 length, __u64 value)
{
	__u8 bytes[8];

	for (__u32 i = 0; i < length; i++)
		bytes[i] = (__u8)(value >> (8 * i));
	cr_assert_eq(nicsw_msix_table_write(&iommu, rid(vf), offset, length, bytes), 0);
}

static __u32 vector_control(__u32 vector)
{
	return 16 * vector + 12;
}

static __u64 pba(__u32 vf)
{
	return load(vf, NICSW_MSIX_PBA, 8);
}

static int raise_vector(__u32 vf, __u32 vector)
{
	return nicsw_msix_raise(&iommu, rid(vf), vector, NULL);
}

/* ---- the table ---- */

/* pci.md 3.2: masked after reset, the rest 0; a zeroed record is just that (PCI-84). */
Test(hwemu_msix_table, after_reset)
{
	start_msix();
	for (__u32 offset = 0; offset < NICSW_BAR_MSIX_SIZE; offset += 4) {
		bool mask = offset < 16 * NICSW_MSIX_VF_VECTORS && offset % 16 == 12;

		cr_assert_eq(load(0, offset, 4), mask, "%x", offset);
	}
}

/* As a driver programs an entry: by 4 bytes, in place and nowhere else. */
Test(hwemu_msix_table, program)
{
	start_msix();
	store(1, 0x50, 4, 0xfee01004);
	store(1, 0x54, 4, 0x12345678);
	store(1, 0x58, 4, 0x4041);
	store(1, vector_control(5), 4, 0);
	cr_expect_eq(records[1].msix[5].address, 0x12345678fee01004ull);
	cr_expect_eq(records[1].msix[5].data, 0x4041);
	cr_expect_eq(load(1, 0x50, 8), 0x12345678fee01004ull);
	cr_expect_eq(load(1, 0x58, 8), 0x4041);
	cr_expect_eq(load(1, vector_control(4), 4), 1);
	cr_expect_eq(load(1, vector_control(6), 4), 1);
	cr_expect_eq(load(0, vector_control(5), 4), 1, "another VF");
}

/* Address bits 1:0 and vector control 31:1 read 0; page 0 behind the table, too; PBA read-only. */
Test(hwemu_msix_table, reserved_bits)
{
	__u8 ones[NICSW_BAR_MSIX_SIZE];

	start_msix();
	memset(ones, 0xff, sizeof(ones));
	cr_expect_eq(nicsw_msix_table_write(&iommu, rid(0), 0, sizeof(ones), ones), 0);
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++) {
		cr_expect_eq(load(0, 16 * vector, 8), ~3ull);
		cr_expect_eq(load(0, 16 * vector + 8, 8), 0x1ffffffffull);
	}
	store(0, vector_control(2), 4, 0xfffffffe);
	cr_expect_eq(load(0, vector_control(2), 4), 0, "only bit 0 masks");
	for (__u32 offset = 16 * NICSW_MSIX_VF_VECTORS; offset < NICSW_BAR_MSIX_SIZE; offset += 8)
		cr_assert_eq(load(0, offset, 8), 0, "%x", offset);
	cr_expect_eq(records[0].pending, 0);
}

/* Bytes of any place and number, and the edge of the BAR; beyond it nothing happens. */
Test(hwemu_msix_table, any_access)
{
	static const __u8 bytes[7] = {0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7};
	static const struct {
		__u32 offset, length;
		int result;
	} rows[] = {
		{NICSW_BAR_MSIX_SIZE - 1, 1, 0},
		{NICSW_BAR_MSIX_SIZE, 0, 0},
		{NICSW_BAR_MSIX_SIZE - 1, 2, -EINVAL},
		{NICSW_BAR_MSIX_SIZE, 1, -EINVAL},
		{NICSW_BAR_MSIX_SIZE + 1, 0, -EINVAL},
		{0xffffffff, 2, -EINVAL},
		{4, 0xffffffff, -EINVAL},
	};
	__u8 buffer[2] = {0x5a, 0x5a};

	start_msix();
	cr_expect_eq(nicsw_msix_table_write(&iommu, rid(0), 0x16, 7, bytes), 0);
	cr_expect_eq(load(0, 0x10, 8), 0xa2a1000000000000ull);
	cr_expect_eq(load(0, 0x18, 8), 0x1a6a5a4a3ull | 0x100000000ull);
	cr_expect_eq(load(0, 0x17, 3), 0xa4a3a2);
	for (__u32 i = 0; i < SIZE(rows); i++) {
		__u32 offset = rows[i].offset, length = rows[i].length;

		cr_expect_eq(nicsw_msix_table_write(&iommu, rid(0), offset, length, bytes),
			     rows[i].result, "row %u", i);
		if (rows[i].result < 0)
			cr_expect_eq(nicsw_msix_table_read(&iommu, rid(0), offset, length, buffer),
				     -EINVAL, "row %u", i);
	}
	cr_expect_eq(nicsw_msix_table_read(&iommu, rid(0), 0, 0, NULL), 0);
	cr_expect_eq(nicsw_msix_table_write(&iommu, rid(0), 0, 0, NULL), 0);
	cr_expect(buffer[0] == 0x5a && buffer[1] == 0x5a);
}

static void expect_no_answer(__u32 id, const char *what)
{
	static struct nicsw_iommu_record before[VFS];
	__u32 zero = 0, value = 0;

	memcpy(before, records, sizeof(before));
	cr_expect_eq(nicsw_msix_table_read(&iommu, id, 12, 4, &value), 0, "%s", what);
	cr_expect_eq(value, 0xffffffff, "%s", what);
	cr_expect_eq(nicsw_msix_table_write(&iommu, id, 12, 4, &zero), 0, "%s", what);
	cr_expect_arr_eq(records, before, sizeof(before), "%s", what);
}

/* PCI-22, PCI-24, PCI-51, PCI-102: memory that is not decoded. */
Test(hwemu_msix_table, not_decoded)
{
	__u32 id, enabled;

	start_msix();
	id = rid(0);
	enabled = get(PF, sriov(PCI_SRIOV_CTRL), 2);
	expect_no_answer(rid(PF), "PF");
	expect_no_answer(id + VFS, "above TotalVFs");
	put(PF, sriov(PCI_SRIOV_CTRL), 2, enabled & ~PCI_SRIOV_CTRL_MSE);
	expect_no_answer(id, "VF MSE");
	put(PF, sriov(PCI_SRIOV_CTRL), 2, enabled);
	set_power(0, NICSW_D3);
	expect_no_answer(id, "D3");
	set_power(0, NICSW_D0);
	cr_expect_eq(load(0, 12, 4), 1);
	put(PF, sriov(PCI_SRIOV_CTRL), 2, enabled & ~PCI_SRIOV_CTRL_VFE);
	expect_no_answer(id, "VF Enable");
}

/* ---- events ---- */

/* PCI-30, PCI-68: a vector's own target, of the VF that raised it. */
Test(hwemu_msix_table, raise)
{
	start_msix();
	for (__u32 vf = 0; vf < VFS; vf++)
		for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++) {
			store(vf, vector_control(vector), 4, 0);
			num_targets = 0;
			cr_expect_eq(raise_vector(vf, vector), 0);
			cr_assert_eq(num_targets, 1);
			cr_expect_eq(targets[0], 100 * vf + vector);
			cr_expect_eq(pba(vf), 0);
		}
}

/* PCI-33: masked = pending; one message on unmask, however many events; then not pending. */
Test(hwemu_msix_table, masked_vector)
{
	start_msix();
	store(0, vector_control(3), 4, 0);
	cr_expect_eq(raise_vector(0, 2), 0);
	cr_expect_eq(raise_vector(0, 2), 0);
	cr_expect_eq(raise_vector(0, 15), 0);
	cr_expect_eq(num_targets, 0);
	cr_expect_eq(pba(0), 1 << 2 | 1 << 15);
	cr_expect_eq(pba(1), 0);
	store(0, vector_control(2), 4, 0);
	cr_assert_eq(num_targets, 1);
	cr_expect_eq(targets[0], 2);
	cr_expect_eq(pba(0), 1 << 15);
	store(0, vector_control(2), 4, 1);
	store(0, vector_control(2), 4, 0);
	cr_expect_eq(num_targets, 1, "not again");
	cr_expect_eq(nicsw_msix_mask(&iommu, rid(0), 15, false), 0);
	cr_assert_eq(num_targets, 2);
	cr_expect_eq(targets[1], 15);
	cr_expect_eq(load(0, vector_control(15), 4), 0);
	cr_expect_eq(nicsw_msix_mask(&iommu, rid(0), 15, true), 0);
	cr_expect_eq(load(0, vector_control(15), 4), 1);
	cr_expect_eq(raise_vector(0, 15), 0);
	cr_expect_eq(num_targets, 2);
}

/* The guest cannot make or unmake an event by the PBA (pci.md 3.2). */
Test(hwemu_msix_table, pba_is_read_only)
{
	start_msix();
	raise_vector(0, 4);
	store(0, NICSW_MSIX_PBA, 8, 0);
	cr_expect_eq(pba(0), 1 << 4);
	store(0, NICSW_MSIX_PBA, 8, ~0ull);
	cr_expect_eq(pba(0), 1 << 4);
}

/* The event is kept while `hold` holds, and sent when it is over. */
static void expect_held(void (*hold)(bool on), const char *what)
{
	start_msix();
	store(0, vector_control(1), 4, 0);
	hold(true);
	cr_expect_eq(raise_vector(0, 1), 0, "%s", what);
	cr_expect_eq(num_targets, 0, "%s", what);
	cr_expect_eq(records[0].pending, 1 << 1, "%s", what);
	cr_expect_eq(records[0].num_faults, 0, "%s", what);
	hold(false);
	cr_expect_eq(num_targets, 1, "%s", what);
	cr_expect_eq(records[0].pending, 0, "%s", what);
	num_targets = 0;
}

static void disable(bool on)
{
	control(0, on ? 0 : PCI_MSIX_FLAGS_ENABLE);
}

static void mask_function(bool on)
{
	control(0, PCI_MSIX_FLAGS_ENABLE | (on ? PCI_MSIX_FLAGS_MASKALL : 0));
}

static void stop_master(bool on)
{
	set_master(0, !on);
}

static void sleep_vf(bool on)
{
	set_power(0, on ? NICSW_D3 : NICSW_D0);
}

static void sleep_pf(bool on)
{
	nicsw_function_set_power(&device, PF, spaces[0], on ? NICSW_D3 : NICSW_D0, false);
	nicsw_msix_send_pending(&iommu, rid(0));
}

/* PCI-33, PCI-34, PCI-101, PCI-102, LC-PWR-3 */
Test(hwemu_msix_table, held_back)
{
	expect_held(disable, "MSI-X Enable");
	expect_held(mask_function, "Function Mask");
	expect_held(stop_master, "Bus Master");
	expect_held(sleep_vf, "D3");
	expect_held(sleep_pf, "D3 of the PF");
}

/* Sent now, with what waited: once. */
Test(hwemu_msix_table, raise_of_what_is_pending)
{
	start_msix();
	store(0, vector_control(1), 4, 0);
	control(0, 0);
	raise_vector(0, 1);
	put(0, find(0, PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE);
	cr_expect_eq(raise_vector(0, 1), 0);
	nicsw_msix_send_pending(&iommu, rid(0));
	cr_expect_eq(num_targets, 1);
}

/* The host's half alone: an entry is set, replaced, removed; 0 is a target like any other. */
Test(hwemu_msix_table, remapping_entries)
{
	start_msix();
	cr_expect_eq(nicsw_iommu_map_interrupt(&iommu, rid(1), 3, 0), 0);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(1), 3, NULL), 0);
	cr_expect_eq(nicsw_iommu_map_interrupt(&iommu, rid(1), 3, 8), 0);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(1), 3, NULL), 0);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(1), 4, NULL), 0);
	cr_expect_eq(nicsw_iommu_unmap_interrupt(&iommu, rid(1), 3), 0);
	cr_expect_eq(nicsw_iommu_unmap_interrupt(&iommu, rid(1), 3), -ENOENT);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(1), 3, NULL), -EFAULT);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(1), 4, NULL), 0);
	cr_assert_eq(num_targets, 4);
	cr_expect(targets[0] == 0 && targets[1] == 8 && targets[2] == 104 && targets[3] == 104);
}

/* PCI-68: without a remapping entry the message is blocked, and is not tried again. */
Test(hwemu_msix_table, blocked)
{
	struct nicsw_iommu_fault fault = {0};

	start_msix();
	cr_assert_eq(nicsw_iommu_unmap_interrupt(&iommu, rid(1), 6), 0);
	store(1, 0x60, 8, 0xfee00000);
	store(1, vector_control(6), 4, 0);
	cr_expect_eq(nicsw_msix_raise(&iommu, rid(1), 6, &fault), -EFAULT);
	cr_expect_eq(fault.reason, NICSW_IOMMU_INTERRUPT_BLOCKED);
	cr_expect_eq(fault.rid, rid(1));
	cr_expect_eq(fault.vector, 6);
	cr_expect_eq(fault.iova, 0xfee00000);
	cr_expect_eq(fault.permission, NICSW_IOMMU_WRITE);
	cr_expect_eq(pba(1), 0);
	nicsw_msix_mask(&iommu, rid(1), 6, true);
	cr_expect_eq(raise_vector(1, 6), 0);
	store(1, vector_control(6), 4, 0);
	cr_expect_eq(pba(1), 0);
	cr_expect_eq(records[1].num_faults, 2);
	cr_expect_eq(num_targets, 0);
}

/* PCI-33: what nobody takes is no fault; it waits for who does, and is sent once. */
Test(hwemu_msix_table, nobody_takes_it)
{
	start_msix();
	store(1, vector_control(6), 4, 0);
	nobody = true;
	cr_expect_eq(raise_vector(1, 6), 0);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(1), 6, NULL), -ENOTCONN);
	nicsw_msix_send_pending(&iommu, rid(1));
	cr_expect_eq(pba(1), 1 << 6);
	cr_expect_eq(records[1].num_faults, 0);
	nobody = false;
	nicsw_msix_send_pending(&iommu, rid(1));
	nicsw_msix_send_pending(&iommu, rid(1));
	cr_assert_eq(num_targets, 1);
	cr_expect_eq(targets[0], 106);
	cr_expect_eq(pba(1), 0);
}

/* PCI-22, PCI-23: who is not there raises nothing and has nothing. */
Test(hwemu_msix_table, unknown_rids)
{
	struct nicsw_iommu_fault fault = {0};
	__u32 id;

	start_msix();
	id = rid(0);
	store(0, vector_control(0), 4, 0);
	cr_expect_eq(nicsw_msix_raise(&iommu, rid(PF), 0, &fault), -EFAULT);
	cr_expect_eq(fault.reason, NICSW_IOMMU_UNKNOWN_RID);
	cr_expect_eq(nicsw_msix_mask(&iommu, rid(PF), 0, false), -ENODEV);
	control(0, 0);
	raise_vector(0, 0);
	control(0, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	put(0, find(0, PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE);
	nicsw_msix_send_pending(&iommu, rid(PF));
	cr_expect_eq(records[0].pending, 1);
	cr_assert_eq(nicsw_sriov_disable(&device, spaces[0], 0), 0);
	nicsw_msix_send_pending(&iommu, id);
	cr_expect_eq(nicsw_msix_raise(&iommu, id, 0, &fault), -EFAULT);
	cr_expect_eq(fault.rid, id);
	cr_expect_eq(num_targets, 0);
	cr_expect_eq(records[0].num_faults, 0);
}

/* GEN-17, PCI-30 */
Test(hwemu_msix_table, vectors_that_are_not_there)
{
	static const __u32 vectors[] = {NICSW_MSIX_VF_VECTORS, 64, NICSW_NONE};
	static struct nicsw_iommu_record before[VFS];

	start_msix();
	memcpy(before, records, sizeof(before));
	for (__u32 i = 0; i < SIZE(vectors); i++) {
		cr_expect_eq(raise_vector(0, vectors[i]), -EINVAL);
		cr_expect_eq(nicsw_msix_mask(&iommu, rid(0), vectors[i], false), -EINVAL);
		cr_expect_eq(nicsw_iommu_message(&iommu, rid(0), vectors[i], NULL), -EINVAL);
		cr_expect_eq(nicsw_iommu_map_interrupt(&iommu, rid(0), vectors[i], 1), -EINVAL);
		cr_expect_eq(nicsw_iommu_unmap_interrupt(&iommu, rid(0), vectors[i]), -EINVAL);
	}
	cr_expect_arr_eq(records, before, sizeof(before));
	cr_expect_eq(num_targets, 0);
}

/* ---- reset ---- */

/*
 * PCI-84, PCI-88, PCI-90, GEN-22: an FLR takes what the guest put there, of this VF alone, and
 * leaves the host's entries; a message of the old context is never sent (PCI-86).
 */
Test(hwemu_msix_table, flr)
{
	static struct nicsw_iommu_record before[VFS];
	struct nicsw_iommu_mapping mapping = {0, NICSW_IOMMU_PAGE, 0, NICSW_IOMMU_READ, 0};

	start_msix();
	for (__u32 vf = 0; vf < VFS; vf++) {
		cr_assert_eq(nicsw_iommu_map(&iommu, rid(vf), &mapping), 0);
		store(vf, 0x10, 8, 0xfee00000);
		store(vf, 0x18, 8, 0x41);
		raise_vector(vf, 0);
	}
	memcpy(before, records, sizeof(before));
	cr_expect_eq(put(1, find(1, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR) &
			     NICSW_EFFECT_FLR,
		     NICSW_EFFECT_FLR);
	nicsw_msix_reset(&records[1]);
	set_master(1, true);
	control(1, PCI_MSIX_FLAGS_ENABLE);
	cr_expect_eq(num_targets, 0);
	for (__u32 offset = 0; offset < 16 * NICSW_MSIX_VF_VECTORS; offset += 4)
		cr_expect_eq(load(1, offset, 4), offset % 16 == 12, "%x", offset);
	memset(before[1].msix, 0, sizeof(before[1].msix));
	before[1].pending = 0;
	cr_expect_arr_eq(records, before, sizeof(before));
	store(1, vector_control(0), 4, 0);
	cr_expect_eq(num_targets, 0, "pending was cleared");
	cr_expect_eq(raise_vector(1, 0), 0);
	cr_expect_eq(num_targets, 1, "LC-RST-2");
}

/* LC-VF-8: the next owner finds the table as after reset, and no way to a target. */
Test(hwemu_msix_table, clear)
{
	start_msix();
	store(0, 0x10, 8, 0xfee00000);
	raise_vector(0, 0);
	nicsw_iommu_clear(&records[0]);
	cr_expect_eq(load(0, 0x10, 8), 0);
	cr_expect_eq(pba(0), 0);
	store(0, vector_control(1), 4, 0);
	cr_expect_eq(raise_vector(0, 1), -EFAULT);
	cr_expect_eq(num_targets, 0);
}
