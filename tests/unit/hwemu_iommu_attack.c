// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that owns VF 1, and knows how records lie in memory, tries every value that could carry
 * it out of its own: PCI-68, LC-VFDRV-6, GEN-22, GEN-17.
 */
#include "tests/unit/hwemu_fixture.h"

#include <nicsw/iommu.h>

#define VFS         3u
#define ATTACKER    1u
#define PAGE        NICSW_IOMMU_PAGE
#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Records as a map has them, one behind the other, with something to lose around them. */
static struct nicsw_iommu_record records[VFS];
static struct nicsw_iommu_record before[VFS];
static __u32 taken[VFS]; /* messages that arrived, by the VF they are for */

static int take(void *context, __u32 target)
{
	cr_assert_eq(context, taken);
	cr_assert_lt(target / 100, VFS);
	taken[target / 100]++;
	return 0;
}

static const struct nicsw_iommu iommu = {
	.device = &device,
	.records = records,
	.signal = take,
	.context = taken,
};

static __u32 rid(__u32 vf)
{
	return nicsw_device_rid(&device, vf);
}

/* What a victim has: a page, vectors that are bound, programmed, and in part pending. */
static void furnish(__u32 vf)
{
	struct nicsw_iommu_mapping mapping = {.iova = (1 + vf) * PAGE,
					      .length = PAGE,
					      .address = (0x100 + vf) * PAGE,
					      .permissions = NICSW_IOMMU_READ | NICSW_IOMMU_WRITE};

	cr_assert_eq(nicsw_function_set_bus_master(&device, vf, space_of(vf), true), 0);
	put(vf, find(vf, PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE);
	cr_assert_eq(nicsw_iommu_map(&iommu, rid(vf), &mapping), 0);
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++) {
		cr_assert_eq(nicsw_iommu_map_interrupt(&iommu, rid(vf), vector, 100 * vf + vector),
			     0);
		cr_assert_eq(nicsw_msix_raise(&iommu, rid(vf), vector, NULL), 0);
	}
}

static void start_attack(void)
{
	start(VFS);
	enable(VFS);
	for (__u32 vf = 0; vf < VFS; vf++)
		furnish(vf);
	memcpy(before, records, sizeof(before));
}

/* No byte of a victim has changed, and nothing has arrived in its name. */
static void expect_unharmed(const char *what, __u64 value)
{
	for (__u32 vf = 0; vf < VFS; vf++) {
		if (vf == ATTACKER)
			continue;
		cr_assert_arr_eq(&records[vf], &before[vf], sizeof(before[vf]), "%s 0x%llx: VF %u",
				 what, value, vf);
		cr_assert_eq(taken[vf], 0, "%s 0x%llx: VF %u", what, value, vf);
	}
}

/* Numbers that wrap around, point one record further or back, or lie at an edge. */
static const __u64 values[] = {
	0,
	1,
	7,
	15,
	16,
	17,
	63,
	64,
	PAGE - 1,
	PAGE,
	PAGE + 1,
	2 * PAGE,
	3 * PAGE,
	4 * PAGE,
	NICSW_BAR_MSIX_SIZE - 1,
	NICSW_BAR_MSIX_SIZE,
	NICSW_BAR_MSIX_SIZE + 12,
	sizeof(struct nicsw_iommu_record),
	sizeof(struct nicsw_iommu_record) / sizeof(struct nicsw_msix_entry),
	sizeof(struct nicsw_iommu_record) / sizeof(struct nicsw_interrupt_entry),
	0x7fffffff,
	0x80000000,
	0xfffffff0,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x7ffffffffffff000,
	0x8000000000000000,
	-(__u64)sizeof(struct nicsw_iommu_record),
	-3 * PAGE,
	-2 * PAGE,
	-PAGE,
	-PAGE + 1,
	-(__u64)1,
};

/* ---- DMA ---- */

static void access(__u64 iova, __u64 length)
{
	struct nicsw_iommu_request request = {.rid = rid(ATTACKER),
					      .permission = NICSW_IOMMU_WRITE,
					      .iova = iova,
					      .length = length};
	struct nicsw_iommu_span span;
	__u64 offset = iova - (1 + ATTACKER) * PAGE;

	if (nicsw_iommu_translate(&iommu, &request, &span, NULL))
		return;
	/* Whatever is permitted lies in its own page. */
	cr_assert(offset < PAGE && length <= PAGE - offset, "iova 0x%llx length 0x%llx", iova,
		  length);
	cr_assert_eq(span.address, (0x100 + ATTACKER) * PAGE + offset);
	cr_assert_eq(span.length, length);
}

Test(hwemu_iommu_attack, PCI_68_dma)
{
	start_attack();
	for (size_t i = 0; i < SIZE(values); i++)
		for (size_t j = 0; j < SIZE(values); j++) {
			access(values[i], values[j]);
			access((1 + ATTACKER) * PAGE + values[i], values[j]);
			expect_unharmed("iova", values[i]);
		}
}

/* What a careless host passes on for the attacker: its own record or a refusal, and no other one.
 */
Test(hwemu_iommu_attack, GEN_22_map_and_unmap)
{
	start_attack();
	for (size_t i = 0; i < SIZE(values); i++)
		for (size_t j = 0; j < SIZE(values); j++) {
			struct nicsw_iommu_mapping mapping = {.iova = values[i],
							      .length = values[j],
							      .address = values[i],
							      .permissions = (__u32)values[j]};

			nicsw_iommu_map(&iommu, rid(ATTACKER), &mapping);
			mapping.permissions = NICSW_IOMMU_READ;
			nicsw_iommu_map(&iommu, rid(ATTACKER), &mapping);
			expect_unharmed("map", values[i]);
			nicsw_iommu_unmap(&iommu, rid(ATTACKER), values[i], values[j]);
			expect_unharmed("unmap", values[i]);
		}
}

/* ---- interrupts ---- */

/* Vectors beyond the last one are another record's, if nobody looks. */
Test(hwemu_iommu_attack, PCI_68_vectors)
{
	start_attack();
	for (size_t i = 0; i < SIZE(values); i++) {
		__u32 vector = (__u32)values[i];

		nicsw_iommu_message(&iommu, rid(ATTACKER), vector, NULL);
		nicsw_msix_raise(&iommu, rid(ATTACKER), vector, NULL);
		nicsw_msix_mask(&iommu, rid(ATTACKER), vector, false);
		nicsw_msix_mask(&iommu, rid(ATTACKER), vector, true);
		nicsw_iommu_unmap_interrupt(&iommu, rid(ATTACKER), vector);
		nicsw_iommu_map_interrupt(&iommu, rid(ATTACKER), vector,
					  100 * ATTACKER + vector % 100);
		expect_unharmed("vector", values[i]);
	}
	cr_expect_gt(taken[ATTACKER], 0, "the attack reached its own");
}

/* Offsets beyond the BAR are another VF's share of it, if nobody looks. */
Test(hwemu_iommu_attack, PCI_68_table)
{
	__u8 bytes[NICSW_BAR_MSIX_SIZE], read[NICSW_BAR_MSIX_SIZE];

	start_attack();
	memset(bytes, 0, sizeof(bytes)); /* unmasks what it hits */
	for (size_t i = 0; i < SIZE(values); i++)
		for (size_t j = 0; j < SIZE(values); j++) {
			__u32 offset = (__u32)values[i], length = (__u32)values[j];
			int result = nicsw_msix_table_write(&iommu, rid(ATTACKER), offset, length,
							    bytes);

			cr_assert_eq(result,
				     (__u64)offset + length <= NICSW_BAR_MSIX_SIZE ? 0 : -EINVAL,
				     "%x %x", offset, length);
			cr_assert_eq(
				nicsw_msix_table_read(&iommu, rid(ATTACKER), offset, length, read),
				result);
			expect_unharmed("offset", values[i]);
		}
	cr_expect_gt(taken[ATTACKER], 0, "the attack reached its own");
}

/* PCI-22, PCI-23: RIDs around its own that are no VF's: in no record, for no request. */
Test(hwemu_iommu_attack, PCI_22_rids)
{
	struct nicsw_iommu_mapping mapping = {.length = PAGE, .permissions = NICSW_IOMMU_READ};
	__u8 bytes[4] = {0};

	start_attack();
	for (size_t i = 0; i < SIZE(values); i++) {
		__u32 id = rid(ATTACKER) + (__u32)values[i];

		if (id >= rid(0) && id < rid(0) + VFS)
			continue;
		cr_assert_eq(nicsw_iommu_map(&iommu, id, &mapping), -ENODEV, "%x", id);
		cr_assert_eq(nicsw_iommu_unmap(&iommu, id, 0, PAGE), -ENODEV, "%x", id);
		cr_assert_eq(nicsw_iommu_map_interrupt(&iommu, id, 0, 0), -ENODEV, "%x", id);
		cr_assert_eq(nicsw_iommu_unmap_interrupt(&iommu, id, 0), -ENODEV, "%x", id);
		cr_assert_eq(nicsw_msix_mask(&iommu, id, 0, false), -ENODEV, "%x", id);
		cr_assert_eq(nicsw_iommu_message(&iommu, id, 0, NULL), -EFAULT, "%x", id);
		cr_assert_eq(nicsw_msix_raise(&iommu, id, 0, NULL), -EFAULT, "%x", id);
		cr_assert_eq(nicsw_msix_table_write(&iommu, id, 12, 4, bytes), 0, "%x", id);
		nicsw_msix_send_pending(&iommu, id);
		expect_unharmed("rid", values[i]);
		cr_assert_arr_eq(&records[ATTACKER], &before[ATTACKER], sizeof(before[ATTACKER]));
	}
	cr_expect_eq(taken[ATTACKER], 0);
}
