/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFs 0..GUESTS-1 of `adapter` with a guest behind each: what its driver does to configuration
 * space and MSI-X table. Vectors are masked at first; the VFs may send.
 */
#ifndef NICSW_TESTS_GUEST_FIXTURE_H
#define NICSW_TESTS_GUEST_FIXTURE_H

#include "tests/unit/ndis_fixture.h"

#include <linux/pci_regs.h>

#include "hwemu/caps.h"
#include "pf/interrupt.h"
#include "pf/iommu.h"

#define GUESTS  3u
#define VECTORS NICSW_MSIX_VF_VECTORS
#define PAGE    NICSW_IOMMU_PAGE

#define AT_COMMAND PCI_COMMAND
#define AT_MSIX    (NICSW_AT_MSIX + PCI_MSIX_FLAGS)
#define AT_POWER   (NICSW_AT_PM + PCI_PM_CTRL)
#define AT_FLR     (NICSW_AT_PCIE + PCI_EXP_DEVCTL)

static inline struct nicsw_iommu_record *record_of(__u32 vf)
{
	return &adapter.dataplane.maps.iommu[vf];
}

/* A register of 16 bits, through the PF as the virtual bus does it. */
static inline int guest_write(__u32 vf, __u32 offset, __u16 value)
{
	const __u8 bytes[] = {(__u8)value, (__u8)(value >> 8)};

	return nicsw_pf_config_write(&adapter, vf, offset, sizeof(bytes), bytes, NULL);
}

static inline void guest_mask(__u32 vf, __u32 vector, bool masked)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(&adapter);
	const __u8 control[4] = {masked};

	cr_assert_eq(
		nicsw_msix_table_write(&iommu, nicsw_pf_rid(&adapter, vf),
				       vector * PCI_MSIX_ENTRY_SIZE + PCI_MSIX_ENTRY_VECTOR_CTRL,
				       sizeof(control), control),
		0);
}

static inline void guest_start(__u32 vf)
{
	cr_assert_eq(guest_write(vf, AT_COMMAND, PCI_COMMAND_MASTER), 0);
	cr_assert_eq(guest_write(vf, AT_MSIX, PCI_MSIX_FLAGS_ENABLE), 0);
}

static inline int guest_raise(__u32 vf, __u32 vector)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(&adapter);

	return nicsw_msix_raise(&iommu, nicsw_pf_rid(&adapter, vf), vector, NULL);
}

static inline int guest_access(__u32 vf, __u64 iova, __u32 permission)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(&adapter);
	struct nicsw_iommu_request request = {
		.rid = nicsw_pf_rid(&adapter, vf),
		.permission = permission,
		.iova = iova,
		.length = 1,
	};
	struct nicsw_iommu_span span;

	return nicsw_iommu_translate(&iommu, &request, &span, NULL);
}

static inline int host_map(__u32 vf, __u64 iova, __u64 length, __u32 permissions,
			   struct nicsw_error *error)
{
	struct nicsw_iommu_mapping mapping = {
		.iova = iova,
		.length = length,
		.address = 0x7f0000000000,
		.permissions = permissions,
	};

	return nicsw_pf_iommu_map(&adapter, vf, &mapping, error);
}

/* A call that must fail, by that rule ("" = none), with a text, and change nothing (GEN-17). */
#define REFUSED(call, wanted, wanted_rule)                                                         \
	do {                                                                                       \
		struct snapshot before = snapshot_take(), after;                                   \
		struct nicsw_error error = {};                                                     \
                                                                                                   \
		cr_expect_eq((call), (wanted), "%s: %d", #call, error.code);                       \
		cr_expect_str_eq(error.rule, (wanted_rule), "%s: %s", #call, error.rule);          \
		cr_expect_neq(error.text[0], 0, "%s", #call);                                      \
		after = snapshot_take();                                                           \
		cr_expect(snapshot_same(&before, &after), "%s changed something", #call);          \
		free(before.bytes);                                                                \
		free(after.bytes);                                                                 \
	} while (0)

static inline void open_guests(void)
{
	fixture_open();
	oid_create_switch(GUESTS + 1);
	for (__u32 vf = 0; vf < GUESTS; vf++) {
		oid_allocate_vf(1 + vf);
		guest_start(vf);
	}
}

#endif
