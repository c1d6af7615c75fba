/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA remapping of the adapter's VFs, as who gives memory of a partition to a VF asks for it
 * (LC-UP-5), and what the life of a VF does to it.
 *
 * The records are pinned with the registers and outlive the daemon. A mapping is one record, which
 * is whole or absent (include/nicsw/iommu.h): it needs no journal. Interrupts: pf/interrupt.h.
 * Units: bytes, whole pages of NICSW_IOMMU_PAGE. Errors: negative errno, with text and rule in
 * error; a failed request changes nothing (GEN-17).
 */
#ifndef NICSW_PF_IOMMU_H
#define NICSW_PF_IOMMU_H

#include <nicsw/iommu.h>

#include "pf/adapter.h"

/*
 * The device's half, for who plays the guest's hardware: raise, message, MSI-X table, translate. A
 * plain value over the adapter, valid as long as that; interrupts go where pf/interrupt.h sends
 * them.
 */
struct nicsw_iommu nicsw_pf_iommu(struct nicsw_adapter *adapter);

/* The rid of an allocated VF that is visible, else -EINVAL (LC-VF-1) or -ENODEV (PCI-22). */
int nicsw_pf_iommu_rid(const struct nicsw_adapter *adapter, __u32 vf, __u32 *ret_rid,
		       struct nicsw_error *error);

/* -EINVAL, -EEXIST, -ENOSPC, -ENOENT: as nicsw_iommu_map() and nicsw_iommu_unmap(). */
int nicsw_pf_iommu_map(struct nicsw_adapter *adapter, __u32 vf,
		       const struct nicsw_iommu_mapping *mapping, struct nicsw_error *error);
int nicsw_pf_iommu_unmap(struct nicsw_adapter *adapter, __u32 vf, __u64 iova, __u64 length,
			 struct nicsw_error *error);

/* Nothing of the previous owner is left: mappings, vectors, eventfds (LC-VF-8). */
void nicsw_pf_iommu_clear(struct nicsw_adapter *adapter, __u32 vf);

/* All VFs appear, each in reset state (PCI-43): vectors masked, none pending. */
void nicsw_pf_iommu_reset_vfs(struct nicsw_adapter *adapter);

#endif
