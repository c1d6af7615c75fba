// SPDX-License-Identifier: GPL-2.0-only
#include "pf/iommu.h"

#include "pf/fault.h"
#include "pf/interrupt.h"
#include "pf/pf.h"

struct nicsw_iommu nicsw_pf_iommu(struct nicsw_adapter *adapter)
{
	return (struct nicsw_iommu){
		.device = &adapter->device,
		.records = adapter->dataplane.maps.iommu,
		.signal = nicsw_pf_interrupt_signal,
		.context = adapter,
	};
}

/* A VF that is not allocated has no owner, so nothing may be mapped for it. */
int nicsw_pf_iommu_rid(const struct nicsw_adapter *adapter, __u32 vf, __u32 *ret_rid,
		       struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;

	if (vf >= maps->meta->total_vfs || maps->vfs[vf].state != NICSW_USED)
		return nicsw_fail(error, -EINVAL, "LC-VF-1", "VF %u is not allocated", vf);
	if (!nicsw_function_visible(&adapter->device, maps->config_space[0], vf))
		return nicsw_fail(error, -ENODEV, "PCI-22", "VF %u is not enabled", vf);
	*ret_rid = nicsw_pf_rid(adapter, vf);
	return 0;
}

static const char *refusal(int code)
{
	switch (code) {
	case -EEXIST:
		return "overlaps a mapping";
	case -ENOSPC:
		return "finds no room: all mappings of the VF are in use";
	case -ENOENT:
		return "holds no mapping";
	default:
		return "is not whole pages inside the address space, or cuts a mapping";
	}
}

static int tell(int code, __u32 vf, __u64 iova, __u64 length, struct nicsw_error *error)
{
	if (!code)
		return 0;
	return nicsw_fail(error, code, "LC-UP-5", "VF %u: iova 0x%llx length 0x%llx %s", vf, iova,
			  length, refusal(code));
}

int nicsw_pf_iommu_map(struct nicsw_adapter *adapter, __u32 vf,
		       const struct nicsw_iommu_mapping *mapping, struct nicsw_error *error)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(adapter);
	__u32 rid;
	int result = nicsw_pf_iommu_rid(adapter, vf, &rid, error);

	if (!result)
		result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_IOMMU_MAP, vf, error);
	if (result)
		return result;
	return tell(nicsw_iommu_map(&iommu, rid, mapping), vf, mapping->iova, mapping->length,
		    error);
}

int nicsw_pf_iommu_unmap(struct nicsw_adapter *adapter, __u32 vf, __u64 iova, __u64 length,
			 struct nicsw_error *error)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(adapter);
	__u32 rid;
	int result = nicsw_pf_iommu_rid(adapter, vf, &rid, error);

	if (result)
		return result;
	return tell(nicsw_iommu_unmap(&iommu, rid, iova, length), vf, iova, length, error);
}

/* The entries first: nothing is sent to an eventfd that is about to be closed. */
void nicsw_pf_iommu_clear(struct nicsw_adapter *adapter, __u32 vf)
{
	nicsw_iommu_clear(&adapter->dataplane.maps.iommu[vf]);
	nicsw_pf_interrupts_forget(adapter, vf);
}

void nicsw_pf_iommu_reset_vfs(struct nicsw_adapter *adapter)
{
	for (__u32 vf = 0; vf < adapter->dataplane.maps.meta->total_vfs; vf++)
		nicsw_msix_reset(&adapter->dataplane.maps.iommu[vf]);
}
