// SPDX-License-Identifier: GPL-2.0-only
/* DMA and interrupt remapping by RID: PCI-68, LC-UP-5, LC-VF-8, LC-VFDRV-6, GEN-22. */
#include "tests/unit/hwemu_fixture.h"

#include <nicsw/iommu.h>

#define VFS         4
#define PAGE        NICSW_IOMMU_PAGE
#define READ        NICSW_IOMMU_READ
#define WRITE       NICSW_IOMMU_WRITE
#define BOTH        (READ | WRITE)
#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

static struct nicsw_iommu_record records[NICSW_MAX_VFS];
static __u32 targets[64];
static __u32 num_targets;

static int note(void *context, __u32 target)
{
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

static void set_master(__u32 vf, bool on)
{
	cr_assert_eq(nicsw_function_set_bus_master(&device, vf, space_of(vf), on), 0);
}

/* All VFs are there and may do DMA. */
static void start_iommu(void)
{
	start(VFS);
	enable(VFS);
	for (__u32 vf = 0; vf < VFS; vf++)
		set_master(vf, true);
}

static int map(__u32 vf, __u64 iova, __u64 length, __u64 address, __u32 permissions)
{
	struct nicsw_iommu_mapping mapping = {
		.iova = iova,
		.length = length,
		.address = address,
		.permissions = permissions,
	};

	return nicsw_iommu_map(&iommu, rid(vf), &mapping);
}

static int translate_rid(__u32 id, __u64 iova, __u64 length, __u32 permission,
			 struct nicsw_iommu_span *span, struct nicsw_iommu_fault *fault)
{
	struct nicsw_iommu_request request = {
		.rid = id,
		.permission = permission,
		.iova = iova,
		.length = length,
	};

	return nicsw_iommu_translate(&iommu, &request, span, fault);
}

static void expect_span(__u32 vf, __u64 iova, __u64 length, __u64 address, __u64 span_length)
{
	struct nicsw_iommu_span span = {0};

	cr_expect_eq(translate_rid(rid(vf), iova, length, READ, &span, NULL), 0, "%llx", iova);
	cr_expect_eq(span.address, address, "%llx, not %llx", span.address, address);
	cr_expect_eq(span.length, span_length, "%llx, not %llx", span.length, span_length);
}

/* Blocked, and the span is untouched. Returns the reason. */
static __u32 fault_of(__u32 id, __u64 iova, __u64 length, __u32 permission, __u64 at)
{
	struct nicsw_iommu_span span = {0x5a5a, 0xa5a5};
	struct nicsw_iommu_fault fault = {0};

	cr_expect_eq(translate_rid(id, iova, length, permission, &span, &fault), -EFAULT);
	cr_expect_eq(span.address, 0x5a5a);
	cr_expect_eq(span.length, 0xa5a5);
	cr_expect_eq(fault.iova, at, "%llx, not %llx", fault.iova, at);
	cr_expect_eq(fault.rid, id);
	cr_expect_eq(fault.permission, permission);
	cr_expect_eq(fault.vector, NICSW_NONE);
	return fault.reason;
}

/* ---- mappings ---- */

/* LC-UP-5: before the guest's driver runs, Bus Master is 0 then. */
Test(hwemu_iommu, map_and_translate)
{
	start(VFS);
	enable(VFS);
	cr_assert_eq(map(1, 0x10000, 4 * PAGE, 0x7f0000002000, READ), 0);
	set_master(1, true);
	expect_span(1, 0x10000, 1, 0x7f0000002000, 1);
	expect_span(1, 0x10000, 4 * PAGE, 0x7f0000002000, 4 * PAGE);
	expect_span(1, 0x11ffd, 9, 0x7f0000003ffd, 9);
	expect_span(1, 0x13fff, 1, 0x7f0000005fff, 1);
	cr_expect_eq(fault_of(rid(1), 0xffff, 1, READ, 0xffff), NICSW_IOMMU_NOT_MAPPED);
	cr_expect_eq(fault_of(rid(1), 0x14000, 1, READ, 0x14000), NICSW_IOMMU_NOT_MAPPED);
}

/* PCI-68: a request is done whole or not at all, and a span never leaves its mapping. */
Test(hwemu_iommu, request_over_several_mappings)
{
	start_iommu();
	map(0, 0x3000, PAGE, 0x900000, READ);
	map(0, 0x1000, PAGE, 0x500000, READ);
	map(0, 0x2000, PAGE, 0x700000, BOTH);
	expect_span(0, 0x1ffe, 0x1004, 0x500ffe, 2);
	expect_span(0, 0x2000, 0x1002, 0x700000, PAGE);
	expect_span(0, 0x3000, 2, 0x900000, 2);
	cr_expect_eq(fault_of(rid(0), 0x1800, 0x2801, READ, 0x4000), NICSW_IOMMU_NOT_MAPPED);
	cr_expect_eq(fault_of(rid(0), 0x2fff, 2, WRITE, 0x3000), NICSW_IOMMU_PERMISSION);
	cr_expect_eq(nicsw_iommu_unmap(&iommu, rid(0), 0x2000, PAGE), 0);
	cr_expect_eq(fault_of(rid(0), 0x1ffe, 0x1004, READ, 0x2000), NICSW_IOMMU_NOT_MAPPED);
}

/* PCI-68: each permission of a mapping against each of a request. */
Test(hwemu_iommu, permissions)
{
	struct nicsw_iommu_span span;

	start_iommu();
	for (__u32 given = 1; given <= BOTH; given++)
		cr_assert_eq(map(2, given * PAGE, PAGE, given * 16 * PAGE, given), 0);
	for (__u32 i = 0; i < BOTH * BOTH; i++) {
		__u32 given = 1 + i / BOTH, asked = 1 + i % BOTH;
		__u64 iova = given * PAGE;

		if ((given & asked) == asked)
			cr_expect_eq(translate_rid(rid(2), iova, 8, asked, &span, NULL), 0);
		else
			cr_expect_eq(fault_of(rid(2), iova, 8, asked, iova),
				     NICSW_IOMMU_PERMISSION);
	}
}

/* PCI-68: what is no request at all: no fault, nothing on the bus. */
Test(hwemu_iommu, no_request)
{
	struct nicsw_iommu_span span;

	start_iommu();
	map(0, 0, PAGE, 0, BOTH);
	cr_expect_eq(translate_rid(rid(0), 0, 0, READ, &span, NULL), -EINVAL);
	cr_expect_eq(translate_rid(rid(0), 0, 1, 0, &span, NULL), -EINVAL);
	cr_expect_eq(translate_rid(rid(0), 0, 1, 4, &span, NULL), -EINVAL);
	cr_expect_eq(translate_rid(rid(0), 0, 1, BOTH | 8, &span, NULL), -EINVAL);
	cr_expect_eq(records[0].num_faults, 0);
}

/* PCI-68: no length of a guest wraps around; the last byte there is can be used. */
Test(hwemu_iommu, end_of_the_address_space)
{
	start_iommu();
	cr_assert_eq(map(0, -PAGE, PAGE, 0x1000, READ), 0);
	cr_assert_eq(map(0, 0, PAGE, 0x8000, READ), 0);
	expect_span(0, -8ull, 8, 0x1ff8, 8);
	cr_expect_eq(fault_of(rid(0), -8ull, 9, READ, -8ull), NICSW_IOMMU_WRAPPED);
	cr_expect_eq(fault_of(rid(0), -8ull, ~0ull, READ, -8ull), NICSW_IOMMU_WRAPPED);
	cr_expect_eq(fault_of(rid(0), 0, ~0ull, READ, PAGE), NICSW_IOMMU_NOT_MAPPED);
}

/* GEN-17 */
Test(hwemu_iommu, refused_mappings)
{
	static const struct nicsw_iommu_mapping rows[] = {
		{.iova = 0x1800, .length = PAGE, .address = 0, .permissions = READ},
		{.iova = 0x1000, .length = 0x800, .address = 0, .permissions = READ},
		{.iova = 0x1000, .length = PAGE + 1, .address = 0, .permissions = READ},
		{.iova = 0x1000, .length = PAGE, .address = 0x10, .permissions = READ},
		{.iova = 0x1000, .length = 0, .address = 0, .permissions = READ},
		{.iova = 0, .length = 0, .address = 0, .permissions = READ},
		{.iova = 0x1000, .length = PAGE, .address = 0, .permissions = 0},
		{.iova = 0x1000, .length = PAGE, .address = 0, .permissions = 4},
		{.iova = 0x1000, .length = PAGE, .address = 0, .permissions = 7},
		{.iova = -PAGE, .length = 2 * PAGE, .address = 0, .permissions = READ},
		{.iova = 0x2000, .length = -PAGE, .address = 0, .permissions = READ},
		{.iova = 0, .length = 2 * PAGE, .address = -PAGE, .permissions = READ},
	};

	start_iommu();
	for (__u32 i = 0; i < SIZE(rows); i++)
		cr_expect_eq(nicsw_iommu_map(&iommu, rid(0), &rows[i]), -EINVAL, "row %u", i);
	for (__u32 i = 0; i < sizeof(records); i++)
		cr_assert_eq(((__u8 *)records)[i], 0, "byte %u", i);
}

/* GEN-17 */
Test(hwemu_iommu, refused_overlaps)
{
	static const struct {
		__u64 first, pages;
		int result;
	} rows[] = {
		{4, 1, 0},       {5, 1, -EEXIST}, {5, 3, -EEXIST},
		{6, 1, -EEXIST}, {7, 2, -EEXIST}, {0, 16, -EEXIST},
		{4, 2, -EEXIST}, {8, 1, 0},       {3, 2, -EEXIST}, /* with the first row */
	};

	start_iommu();
	cr_assert_eq(map(0, 5 * PAGE, 3 * PAGE, 0, READ), 0);
	for (__u32 i = 0; i < SIZE(rows); i++) {
		struct nicsw_iommu_record before = records[0];
		int result = map(0, rows[i].first * PAGE, rows[i].pages * PAGE, 0, WRITE);

		cr_expect_eq(result, rows[i].result, "row %u", i);
		if (result < 0)
			cr_expect_arr_eq(&records[0], &before, sizeof(before), "row %u", i);
	}
	cr_expect_eq(map(1, 5 * PAGE, 3 * PAGE, 0, READ), 0, "another VF's own");
}

/* GEN-17 */
Test(hwemu_iommu, limit)
{
	start_iommu();
	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++)
		cr_assert_eq(map(0, i * PAGE, PAGE, (100 + i) * PAGE, READ), 0);
	cr_expect_eq(map(0, 1000 * PAGE, PAGE, 0, READ), -ENOSPC);
	cr_expect_eq(map(1, 1000 * PAGE, PAGE, 0, READ), 0, "a limit of each VF");
	/* What is over all of them is translated, too. */
	expect_span(0, 0, NICSW_IOMMU_MAPPINGS * PAGE, 100 * PAGE, PAGE);
	cr_expect_eq(nicsw_iommu_unmap(&iommu, rid(0), 7 * PAGE, PAGE), 0);
	cr_expect_eq(map(0, 1000 * PAGE, PAGE, 0, READ), 0);
	expect_span(0, 63 * PAGE, 1, 163 * PAGE, 1);
}

/* GEN-17: a range takes whole mappings; a refused one takes none. */
Test(hwemu_iommu, unmap)
{
	static const struct {
		__u64 iova, length;
		int result;
	} rows[] = {
		/* not whole pages, nothing, wraps; else there would be nothing to find */
		{0x20800, PAGE, -EINVAL},
		{0x20000, 0x801, -EINVAL},
		{0x20000, 0, -EINVAL},
		{-PAGE, 2 * PAGE, -EINVAL},
		/* cuts the first one at its end, at its start; takes it, but cuts the second */
		{2 * PAGE, PAGE, -EINVAL},
		{3 * PAGE, PAGE, -EINVAL},
		{0, 6 * PAGE, -EINVAL},
		/* before, between, behind, up to the end */
		{0, 2 * PAGE, -ENOENT},
		{4 * PAGE, PAGE, -ENOENT},
		{16 * PAGE, PAGE, -ENOENT},
		{16 * PAGE, -16 * PAGE, -ENOENT},
	};
	struct nicsw_iommu_record before;

	start_iommu();
	map(0, 2 * PAGE, 2 * PAGE, 0, READ);
	map(0, 5 * PAGE, 2 * PAGE, 0, READ);
	map(0, 9 * PAGE, PAGE, 0, READ);
	before = records[0];
	for (__u32 i = 0; i < SIZE(rows); i++) {
		cr_expect_eq(nicsw_iommu_unmap(&iommu, rid(0), rows[i].iova, rows[i].length),
			     rows[i].result, "row %u", i);
		cr_expect_arr_eq(&records[0], &before, sizeof(before), "row %u", i);
	}
	cr_expect_eq(nicsw_iommu_unmap(&iommu, rid(0), 0, 7 * PAGE), 0);
	cr_expect_eq(fault_of(rid(0), 2 * PAGE, 1, READ, 2 * PAGE), NICSW_IOMMU_NOT_MAPPED);
	cr_expect_eq(fault_of(rid(0), 5 * PAGE, 1, READ, 5 * PAGE), NICSW_IOMMU_NOT_MAPPED);
	expect_span(0, 9 * PAGE, 1, 0, 1);
}

/* ---- who may ---- */

static void expect_stranger(__u32 id, const char *what)
{
	static const struct nicsw_iommu_mapping page = {.length = PAGE, .permissions = READ};

	cr_expect_eq(nicsw_iommu_vf(&iommu, id), NICSW_NONE, "%s", what);
	cr_expect_null(nicsw_iommu_find(&iommu, id), "%s", what);
	cr_expect_eq(nicsw_iommu_map(&iommu, id, &page), -ENODEV, "%s", what);
	cr_expect_eq(nicsw_iommu_unmap(&iommu, id, 0x1000, PAGE), -ENODEV, "%s", what);
	cr_expect_eq(nicsw_iommu_map_interrupt(&iommu, id, 0, 7), -ENODEV, "%s", what);
	cr_expect_eq(nicsw_iommu_unmap_interrupt(&iommu, id, 0), -ENODEV, "%s", what);
	cr_expect_eq(fault_of(id, 0x1000, 1, READ, 0x1000), NICSW_IOMMU_UNKNOWN_RID, "%s", what);
}

static void fill_all(__u32 count)
{
	for (__u32 vf = 0; vf < count; vf++) {
		cr_assert_eq(map(vf, 0x1000, PAGE, 0x1000, READ), 0);
		cr_assert_eq(nicsw_iommu_map_interrupt(&iommu, rid(vf), 0, vf), 0);
	}
}

/* PCI-22, PCI-23, PCI-68: a RID that is no visible VF reaches no entry, not even of an index. */
Test(hwemu_iommu, unknown_rids)
{
	static struct nicsw_iommu_record before[VFS];
	__u32 first;

	start(VFS);
	enable(3);
	first = rid(0);
	fill_all(3);
	cr_assert_eq(map(3, 0x1000, PAGE, 0, READ), -ENODEV);
	memcpy(before, records, sizeof(before));
	expect_stranger(rid(PF), "PF");
	expect_stranger(rid(3), "above NumVFs");
	expect_stranger(first + VFS, "above TotalVFs");
	expect_stranger(first - 2, "before the PF");
	expect_stranger(first + 0x10000, "another segment");
	/* The distance is NICSW_FUNCTION_PF, a function that is always visible. */
	expect_stranger(first + NICSW_FUNCTION_PF, "distance FFFFh");
	expect_stranger(NICSW_NONE, "none");
	cr_expect_eq(nicsw_sriov_disable(&device, spaces[0], 0), 0);
	for (__u32 vf = 0; vf < VFS; vf++)
		expect_stranger(first + vf, "hidden");
	cr_expect_arr_eq(records, before, sizeof(before));
}

/* PCI-61..PCI-65, PCI-12: every RID there can be, against all that the VFs have. */
static void expect_all_rids(__u16 offset, __u16 stride, bool ari, __u16 total_vfs)
{
	struct nicsw_geometry geometry = nicsw_geometry_default(total_vfs, mac);

	geometry.segment = 2;
	geometry.first_vf_offset = offset;
	geometry.vf_stride = stride;
	geometry.ari_forwarding = ari;
	geometry.last_bus = 0xff;
	start_with(&geometry);
	enable(total_vfs);
	for (__u32 id = 0x10000; id < 0x40000; id++) {
		__u32 expected = NICSW_NONE;

		for (__u32 vf = 0; vf < total_vfs; vf++)
			if (rid(vf) == id)
				expected = vf;
		cr_assert_eq(nicsw_iommu_vf(&iommu, id), expected, "%x", id);
	}
}

Test(hwemu_iommu, rid_to_vf)
{
	expect_all_rids(1, 1, true, 12);
	expect_all_rids(3, 5, true, 12);
	expect_all_rids(200, 70, true, 12);
	expect_all_rids(1, 1, false, 12);
	expect_all_rids(1, 0, true, 1);
}

/* As many VFs as there can be, over several buses (PCI-63). */
Test(hwemu_iommu, rid_of_the_last_vf)
{
	start(NICSW_MAX_VFS);
	enable(NICSW_MAX_VFS);
	for (__u32 vf = 0; vf < NICSW_MAX_VFS; vf++)
		cr_assert_eq(nicsw_iommu_find(&iommu, rid(vf)), &records[vf]);
}

/* PCI-25, PCI-101, PCI-102, LC-PWR-3: each condition alone stops DMA and messages. */
Test(hwemu_iommu, not_master)
{
	start_iommu();
	fill_all(1);
	set_master(0, false);
	cr_expect_eq(fault_of(rid(0), 0x1000, 1, READ, 0x1000), NICSW_IOMMU_NOT_MASTER);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(0), 0, NULL), -EFAULT);
	set_master(0, true);
	nicsw_function_set_power(&device, 0, space_of(0), NICSW_D3, false);
	cr_expect_eq(fault_of(rid(0), 0x1000, 1, READ, 0x1000), NICSW_IOMMU_NOT_MASTER);
	nicsw_function_set_power(&device, 0, space_of(0), NICSW_D0, false);
	nicsw_function_set_power(&device, PF, spaces[0], NICSW_D3, false);
	cr_expect_eq(fault_of(rid(0), 0x1000, 1, READ, 0x1000), NICSW_IOMMU_NOT_MASTER);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(0), 0, NULL), -EFAULT);
	cr_expect_eq(num_targets, 0);
	nicsw_function_set_power(&device, PF, spaces[0], NICSW_D0, false);
	expect_span(0, 0x1000, 1, 0x1000, 1);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(0), 0, NULL), 0);
	cr_expect_eq(num_targets, 1);
}

/* PCI-86, lifecycle.md 11: after an FLR nothing is sent until a driver is there again. */
Test(hwemu_iommu, flr)
{
	start_iommu();
	fill_all(1);
	nicsw_function_flr(&device, 0, space_of(0));
	cr_expect_eq(fault_of(rid(0), 0x1000, 1, READ, 0x1000), NICSW_IOMMU_NOT_MASTER);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(0), 0, NULL), -EFAULT);
	/* The host's entries are still there: LC-RST-2. */
	set_master(0, true);
	expect_span(0, 0x1000, 1, 0x1000, 1);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(0), 0, NULL), 0);
}

/* LC-VF-8, PCI-90, GEN-22: all of the VF, nothing of another one. */
Test(hwemu_iommu, clear)
{
	static struct nicsw_iommu_record before[VFS];
	static const struct nicsw_iommu_record zero;

	start_iommu();
	memset(records, 0xff, VFS * sizeof(records[0]));
	memcpy(before, records, sizeof(before));
	nicsw_iommu_clear(&records[2]);
	cr_expect_arr_eq(&records[2], &zero, sizeof(zero));
	before[2] = zero;
	cr_expect_arr_eq(records, before, sizeof(before));
	cr_expect_eq(fault_of(rid(2), 0x1000, 1, READ, 0x1000), NICSW_IOMMU_NOT_MAPPED);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(2), 0, NULL), -EFAULT);
}

/* What VF i has, and vf asks for: blocked. */
static void expect_out_of_reach(__u32 vf, __u32 i)
{
	__u64 iova = (0x10 + i) * PAGE;

	cr_expect_eq(fault_of(rid(vf), iova, 1, READ, iova), NICSW_IOMMU_NOT_MAPPED);
	cr_expect_eq(nicsw_iommu_message(&iommu, rid(vf), i, NULL), -EFAULT);
	cr_expect_eq(nicsw_iommu_unmap(&iommu, rid(vf), iova, PAGE), -ENOENT);
	cr_expect_eq(nicsw_iommu_unmap_interrupt(&iommu, rid(vf), i), -ENOENT);
}

/* PCI-68, LC-VFDRV-6, GEN-22, PATH-2: the same iova in each VF, and one that only one has. */
Test(hwemu_iommu, isolation)
{
	start_iommu();
	for (__u32 vf = 0; vf < VFS; vf++) {
		map(vf, 0x1000, PAGE, (1 + vf) << 20, READ);
		map(vf, (0x10 + vf) * PAGE, PAGE, (0x10 + vf) << 20, READ);
		nicsw_iommu_map_interrupt(&iommu, rid(vf), vf, 100 + vf);
	}
	for (__u32 vf = 0; vf < VFS; vf++) {
		struct nicsw_iommu_record before[VFS];

		memcpy(before, records, sizeof(before));
		expect_span(vf, 0x1000, 1, (1 + vf) << 20, 1);
		expect_span(vf, (0x10 + vf) * PAGE, 1, (0x10 + vf) << 20, 1);
		for (__u32 i = 0; i < VFS; i++)
			if (i != vf)
				expect_out_of_reach(vf, i);
		cr_expect_eq(num_targets, vf);
		cr_expect_eq(nicsw_iommu_message(&iommu, rid(vf), vf, NULL), 0);
		cr_expect_eq(targets[vf], 100 + vf);
		/* Its own faults are all that changed. */
		cr_expect_eq(records[vf].num_faults, 2 * (VFS - 1));
		before[vf] = records[vf];
		cr_expect_arr_eq(records, before, sizeof(before));
	}
}

/* ---- to look at ---- */

static char text[4096];

static const char *print(const struct nicsw_iommu_record *record, __u32 id)
{
	FILE *stream = fmemopen(text, sizeof(text), "w");

	cr_assert_not_null(stream);
	cr_expect_eq(nicsw_iommu_print(stream, record, id), 0);
	fclose(stream);
	return text;
}

/* The last ones are kept, and printed in their order. */
Test(hwemu_iommu, last_faults)
{
	start_iommu();
	for (__u64 i = 0; i < NICSW_IOMMU_FAULTS + 2; i++)
		fault_of(rid(0), i, 1, WRITE, i);
	cr_expect_eq(records[0].num_faults, NICSW_IOMMU_FAULTS + 2);
	print(&records[0], rid(0));
	cr_expect_not_null(strstr(text, "faults: 18\n    fault 2 write iova 0x2: not mapped\n"));
	cr_expect_not_null(strstr(text, "    fault 16 write iova 0x10: not mapped\n"
					"    fault 17 write iova 0x11: not mapped\n"));
}

/* Each reason has a text of its own, and there are no others. */
Test(hwemu_iommu, reason_texts)
{
	static const __u32 reasons[] = {
#define X(number, NAME, text) NICSW_IOMMU_##NAME,
		NICSW_IOMMU_REASONS(X)
#undef X
	};

	for (__u32 i = 0; i < SIZE(reasons); i++) {
		cr_assert_not_null(nicsw_iommu_reason_text(reasons[i]));
		for (__u32 j = 0; j < i; j++)
			cr_expect_str_neq(nicsw_iommu_reason_text(reasons[i]),
					  nicsw_iommu_reason_text(reasons[j]));
	}
	cr_expect_null(nicsw_iommu_reason_text(0));
	cr_expect_null(nicsw_iommu_reason_text(SIZE(reasons) + 1));
	cr_expect_null(nicsw_iommu_reason_text(NICSW_NONE));
}

Test(hwemu_iommu, print)
{
	start_iommu();
	map(0, 0x2000, PAGE, 0x7f0000001000, WRITE);
	map(0, 0, 2 * PAGE, 0x5000, READ);
	map(0, -PAGE, PAGE, 0x7000, BOTH);
	records[0].msix[1] = (struct nicsw_msix_entry){0xfee00000, 0x41, 1};
	records[0].pending = 1ull << 5;
	nicsw_iommu_map_interrupt(&iommu, rid(0), 1, 0);
	fault_of(rid(0), 0x9000, 1, BOTH, 0x9000);
	nicsw_iommu_message(&iommu, rid(0), 2, NULL);
	cr_expect_str_eq(print(&records[0], rid(0)),
			 "0000:01:00.1 rid 257\n"
			 "  mappings: 3 of 64\n"
			 "    iova 0x0 length 0x2000 address 0x5000 read\n"
			 "    iova 0x2000 length 0x1000 address 0x7f0000001000 write\n"
			 "    iova 0xfffffffffffff000 length 0x1000 address 0x7000 read write\n"
			 "  vectors: 16\n"
			 "    vector 1 address 0xfee00000 data 0x41 unmasked target 0\n"
			 "    vector 5 address 0x0 data 0x0 masked pending target none\n"
			 "  faults: 2\n"
			 "    fault 0 read write iova 0x9000: not mapped\n"
			 "    fault 1 vector 2 address 0x0: no remapping entry for the vector\n");
	cr_expect_str_eq(print(&records[1], 0x20fff),
			 "0002:0f:1f.7 rid 135167\n  mappings: 0 of 64\n"
			 "  vectors: 16\n  faults: 0\n");
}

Test(hwemu_iommu, print_to_a_full_disk)
{
	FILE *stream = fopen("/dev/full", "w");

	cr_assert_not_null(stream);
	setvbuf(stream, NULL, _IONBF, 0);
	cr_expect_eq(nicsw_iommu_print(stream, &records[0], 0x101), -EIO);
	fclose(stream);
}

/* ---- random walk ---- */

#define PAGES      256
#define ITERATIONS 60000

/* One entry per page: the mapping's number, 0 = none. */
static struct {
	__u32 mapping;
	__u32 permissions;
	__u64 address;
} model[VFS][PAGES];
static __u32 model_mappings[VFS];
static __u64 state = 0x9e3779b97f4a7c15ull;

static __u32 random_below(__u32 limit)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(state >> 33) % limit;
}

static int model_map(__u32 vf, __u32 first, __u32 pages, __u64 address, __u32 permissions)
{
	static __u32 number;

	for (__u32 i = first; i < first + pages; i++)
		if (model[vf][i].mapping)
			return -EEXIST;
	if (model_mappings[vf] == NICSW_IOMMU_MAPPINGS)
		return -ENOSPC;
	number++;
	model_mappings[vf]++;
	for (__u32 i = first; i < first + pages; i++) {
		model[vf][i].mapping = number;
		model[vf][i].permissions = permissions;
		model[vf][i].address = address + (i - first) * PAGE;
	}
	return 0;
}

/* Is the mapping of the page on the next one, too? */
static bool joined(__u32 vf, __u32 page, __u32 next)
{
	return page < PAGES && next < PAGES && model[vf][page].mapping &&
	       model[vf][page].mapping == model[vf][next].mapping;
}

static int model_unmap(__u32 vf, __u32 first, __u32 pages)
{
	__u32 count = 0;

	if ((first && joined(vf, first - 1, first)) || joined(vf, first + pages - 1, first + pages))
		return -EINVAL;
	for (__u32 i = first; i < first + pages; i++)
		count += model[vf][i].mapping && !joined(vf, i, i + 1);
	model_mappings[vf] -= count;
	memset(&model[vf][first], 0, pages * sizeof(model[vf][0]));
	return count ? 0 : -ENOENT;
}

/* Byte by byte. Returns the reason, and where. */
static __u32 model_translate(__u32 vf, __u64 iova, __u64 length, __u32 permission, __u64 *at)
{
	for (*at = iova; *at < iova + length; ++*at) {
		__u32 page = (__u32)(*at / PAGE);

		if (page >= PAGES || !model[vf][page].mapping)
			return NICSW_IOMMU_NOT_MAPPED;
		if (permission & ~model[vf][page].permissions)
			return NICSW_IOMMU_PERMISSION;
	}
	return 0;
}

static __u64 model_address(__u32 vf, __u64 iova)
{
	return model[vf][iova / PAGE].address + iova % PAGE;
}

static void random_translate(__u32 vf)
{
	__u64 iova = random_below(PAGES * PAGE), at;
	__u64 length = 1 + random_below(random_below(2) ? 64 : 3 * PAGE);
	__u32 permission = 1 + random_below(BOTH);
	__u32 reason = model_translate(vf, iova, length, permission, &at);
	struct nicsw_iommu_span span;

	if (reason) {
		cr_assert_eq(fault_of(rid(vf), iova, length, permission, at), reason);
		return;
	}
	/* All of it, span by span, each as the model has its first and last byte. */
	while (length) {
		cr_assert_eq(translate_rid(rid(vf), iova, length, permission, &span, NULL), 0);
		cr_assert(span.length && span.length <= length);
		cr_assert_eq(span.address, model_address(vf, iova));
		iova += span.length;
		length -= span.length;
		cr_assert_eq(span.address + span.length - 1, model_address(vf, iova - 1));
	}
}

static int random_map(__u32 vf, __u32 first, __u32 pages)
{
	__u32 permissions = 1 + random_below(BOTH);
	__u64 address = (__u64)random_below(1u << 30) * PAGE;
	int result = map(vf, first * PAGE, pages * PAGE, address, permissions);

	cr_assert_eq(result, model_map(vf, first, pages, address, permissions));
	return result;
}

static int random_unmap(__u32 vf, __u32 first, __u32 pages)
{
	int result = nicsw_iommu_unmap(&iommu, rid(vf), first * PAGE, pages * PAGE);

	cr_assert_eq(result, model_unmap(vf, first, pages));
	return result;
}

/* PCI-68: map, unmap and translate in any order, beside one flat list of pages per VF. */
Test(hwemu_iommu, same_as_the_naive_model)
{
	__u32 mapped = 0, unmapped = 0, full = 0;

	start_iommu();
	for (__u32 i = 0; i < ITERATIONS; i++) {
		__u32 vf = random_below(VFS), pages = 1 + random_below(random_below(4) ? 2 : 8);
		__u32 first = random_below(PAGES + 1 - pages);

		if (random_below(5) < 4) {
			int result = random_map(vf, first, pages);

			mapped += result == 0;
			full += result == -ENOSPC;
		} else {
			unmapped += random_unmap(vf, first, pages) == 0;
		}
		random_translate(random_below(VFS));
	}
	/* The walk must have reached what it is about. */
	cr_expect_gt(mapped, ITERATIONS / 100);
	cr_expect_gt(unmapped, ITERATIONS / 100);
	cr_expect_gt(full, ITERATIONS / 1000);
}
