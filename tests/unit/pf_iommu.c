// SPDX-License-Identifier: GPL-2.0-only
/* DMA remapping through the life of a VF: LC-UP-5, LC-VF-8, GEN-17, GEN-22. */
#include "tests/unit/guest_fixture.h"

#include "pf/fault.h"

#define READ  NICSW_IOMMU_READ
#define WRITE NICSW_IOMMU_WRITE

TestSuite(pf_iommu, .init = open_guests, .fini = fixture_close);

static bool is_zero(const void *bytes, size_t length)
{
	const __u8 *at = bytes;

	for (size_t i = 0; i < length; i++)
		if (at[i])
			return false;
	return true;
}

/* PCI-68, LC-UP-5: a VF reaches what was mapped for it, as it was; nobody else does. */
Test(pf_iommu, LC_UP_5_map_and_unmap)
{
	cr_assert_eq(host_map(1, 0x1000, 2 * PAGE, READ, NULL), 0);
	cr_expect_eq(guest_access(1, 0x1000, READ), 0);
	cr_expect_eq(guest_access(1, 0x2fff, READ), 0);
	cr_expect_eq(guest_access(1, 0x1000, WRITE), -EFAULT);
	cr_expect_eq(guest_access(1, 0x3000, READ), -EFAULT);
	cr_expect_eq(guest_access(0, 0x1000, READ), -EFAULT);
	cr_expect_eq(guest_access(2, 0x1000, READ), -EFAULT);
	cr_assert_eq(nicsw_pf_iommu_unmap(&adapter, 1, 0, 4 * PAGE, NULL), 0);
	cr_expect_eq(guest_access(1, 0x1000, READ), -EFAULT);
}

/* LC-VF-1, PCI-22: who has no RID that answers, or no owner, gets nothing mapped. */
Test(pf_iommu, LC_VF_1_no_such_vf)
{
	static const __u32 vfs[] = {GUESTS, GUESTS + 1, FIXTURE_VFS, NICSW_FUNCTION_PF, NICSW_NONE};

	for (size_t i = 0; i < ARRAY_SIZE(vfs); i++) {
		REFUSED(host_map(vfs[i], 0, PAGE, READ, &error), -EINVAL, "LC-VF-1");
		REFUSED(nicsw_pf_iommu_unmap(&adapter, vfs[i], 0, PAGE, &error), -EINVAL,
			"LC-VF-1");
	}
}

/* PCI-22: a record of a VF that the registers hide. */
Test(pf_iommu, PCI_22_not_enabled)
{
	__u8 *pf_space = adapter.dataplane.maps.config_space[0];

	cr_assert_eq(nicsw_sriov_disable(&adapter.device, pf_space, 0), 0);
	REFUSED(host_map(0, 0, PAGE, READ, &error), -ENODEV, "PCI-22");
	REFUSED(nicsw_pf_iommu_unmap(&adapter, 0, 0, PAGE, &error), -ENODEV, "PCI-22");
}

Test(pf_iommu, GEN_17_refused)
{
	cr_assert_eq(host_map(0, 0x4000, 2 * PAGE, READ, NULL), 0);
	REFUSED(host_map(0, 0x800, PAGE, READ, &error), -EINVAL, "LC-UP-5");
	REFUSED(host_map(0, 0, PAGE, 0, &error), -EINVAL, "LC-UP-5");
	REFUSED(host_map(0, 0, PAGE, 4, &error), -EINVAL, "LC-UP-5");
	REFUSED(host_map(0, -PAGE, 2 * PAGE, READ, &error), -EINVAL, "LC-UP-5");
	REFUSED(host_map(0, 0x5000, PAGE, READ, &error), -EEXIST, "LC-UP-5");
	REFUSED(nicsw_pf_iommu_unmap(&adapter, 0, 0x4000, PAGE, &error), -EINVAL, "LC-UP-5");
	REFUSED(nicsw_pf_iommu_unmap(&adapter, 0, 0, PAGE, &error), -ENOENT, "LC-UP-5");
	for (__u32 i = 1; i < NICSW_IOMMU_MAPPINGS; i++)
		cr_assert_eq(host_map(0, (100 + i) * PAGE, PAGE, READ, NULL), 0);
	REFUSED(host_map(0, 0, PAGE, READ, &error), -ENOSPC, "LC-UP-5");
	cr_expect_eq(host_map(1, 0x4000, PAGE, READ, NULL), 0, "another VF has its own");
}

/* ---- the life of a VF ---- */

/* Everything a record can hold, in both halves. */
static void fill(__u32 vf)
{
	memset(record_of(vf), 0xa5, sizeof(*record_of(vf)));
}

static bool is_filled(__u32 vf)
{
	struct nicsw_iommu_record filled;

	memset(&filled, 0xa5, sizeof(filled));
	return !memcmp(record_of(vf), &filled, sizeof(filled));
}

/* LC-VF-8, GEN-22: FREE_VF takes all of it, and nothing of a neighbour. */
Test(pf_iommu, LC_VF_8_free)
{
	for (__u32 vf = 0; vf < GUESTS; vf++)
		fill(vf);
	oid_free_vf(1);
	cr_expect(is_zero(record_of(1), sizeof(*record_of(1))));
	cr_expect(is_filled(0));
	cr_expect(is_filled(2));
}

/* GEN-17: a FREE_VF that is refused leaves it as it was. */
Test(pf_iommu, GEN_17_free_refused)
{
	oid_create_vport(1);
	fill(1);
	REFUSED(nicsw_pf_vf_free(&adapter, 1, &error), -EINVAL, "FREE-VF-5");
	cr_expect(is_filled(1));
}

/* LC-VF-8: a daemon that died behind the commit of FREE_VF has not cleared it; ALLOCATE_VF does. */
Test(pf_iommu, LC_VF_8_next_owner)
{
	oid_free_vf(1);
	fill(1);
	cr_assert_eq(oid_allocate_vf(9), 1);
	cr_expect(is_zero(record_of(1), sizeof(*record_of(1))));
}

static void expect_guest_half_reset(__u32 vf)
{
	struct nicsw_iommu_record filled;

	memset(&filled, 0xa5, sizeof(filled));
	nicsw_msix_reset(&filled);
	cr_expect_arr_eq(record_of(vf), &filled, sizeof(filled), "VF %u", vf);
	cr_expect(is_zero(record_of(vf)->msix, sizeof(record_of(vf)->msix)));
	cr_expect_eq(record_of(vf)->pending, 0);
}

/* PCI-84, PCI-88, LC-RST-2: the guest's half goes with a reset, the host's stays; no other VF. */
Test(pf_iommu, PCI_84_reset)
{
	for (__u32 vf = 0; vf < GUESTS; vf++)
		fill(vf);
	oid_reset_vf(1);
	expect_guest_half_reset(1);
	cr_expect(is_filled(0));
	cr_expect_eq(guest_write(2, AT_FLR, PCI_EXP_DEVCTL_BCR_FLR), 0);
	expect_guest_half_reset(2);
	cr_expect(is_filled(0));
}

/* GEN-17: a reset that does not begin leaves both halves. */
Test(pf_iommu, GEN_17_reset_fails)
{
	fill(1);
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_FLR, 1, true, NULL), 0);
	cr_expect_eq(nicsw_pf_vf_reset(&adapter, 1, NULL), -EIO);
	cr_expect(is_filled(1));
}

/* PCI-43: VFs appear in reset state, whatever their table held before. */
Test(pf_iommu, PCI_43_vfs_appear)
{
	for (__u32 vf = 0; vf < GUESTS; vf++)
		oid_free_vf(vf);
	oid_delete_switch();
	for (__u32 vf = 0; vf < FIXTURE_VFS; vf++)
		fill(vf);
	oid_create_switch(GUESTS);
	for (__u32 vf = 0; vf < FIXTURE_VFS; vf++)
		expect_guest_half_reset(vf);
}
