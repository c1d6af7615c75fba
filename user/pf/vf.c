// SPDX-License-Identifier: GPL-2.0-only
#include "pf/block.h"
#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/iommu.h"
#include "pf/pf.h"
#include "pf/policy.h"

__u32 nicsw_pf_rid(const struct nicsw_adapter *adapter, __u32 function)
{
	return nicsw_device_rid(&adapter->device, function);
}

__u32 nicsw_pf_vf_vport(const struct nicsw_adapter *adapter, __u32 vf)
{
	if (vf >= adapter->dataplane.maps.meta->total_vfs)
		return NICSW_NONE;
	return adapter->dataplane.vf_vports[vf];
}

/* ALLOC-VF-15: the lowest one; NICSW_NONE when all are allocated. */
static __u32 find_free_vf(const struct nicsw_mapset *maps)
{
	__u32 vf;

	for (vf = 0; vf < maps->meta->nic_switch.num_vfs; vf++)
		if (maps->vfs[vf].state != NICSW_USED)
			return vf;
	return NICSW_NONE;
}

/* What ALLOCATE_VF keeps: names, addresses, owner, serial number. Everything else starts from
 * nothing. */
static void describe_vf(struct nicsw_vf_record *record, const struct nicsw_vf_record *wanted)
{
	*record = *wanted;
	record->state = NICSW_USED;
	record->flags = 0;
	record->packet_filter = 0; /* no driver yet (LC-INIT-8) */
	record->overlying_ifindex = 0;
	record->reserved = 0;
	memset(&record->policy, 0, sizeof(record->policy));
	memset(record->dev, 0, sizeof(record->dev));
	memset(record->netns, 0, sizeof(record->netns));
}

int nicsw_pf_vf_allocate(struct nicsw_adapter *adapter, const struct nicsw_vf_record *wanted,
			 __u32 *ret_vf, struct nicsw_error *error)
{
	__u32 vf = find_free_vf(&adapter->dataplane.maps);
	struct nicsw_change change;
	int result;

	if (vf == NICSW_NONE)
		return nicsw_fail(error, -ENOSPC, "ALLOC-VF-19", "all %u VFs are allocated",
				  adapter->dataplane.maps.meta->nic_switch.num_vfs);
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_VF_ALLOCATE, vf, error);
	if (result)
		return result;
	/* A daemon that died in FREE_VF may have left it (LC-VF-8); nobody can see it yet. */
	nicsw_pf_iommu_clear(adapter, vf);
	nicsw_change_begin(&change, &adapter->dataplane, "vf allocate");
	describe_vf(nicsw_change_vf(&change, vf), wanted);
	/* ALLOC-VF-30: whoever had the VF before, it starts from reset state. */
	nicsw_function_reset(&adapter->device, vf, nicsw_change_config(&change, vf));
	nicsw_pf_blocks_reset(&change, vf, NICSW_NONE);
	result = nicsw_pf_commit(&change, error);
	if (result)
		return result;
	*ret_vf = vf;
	return 0;
}

int nicsw_pf_vf_free(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	__u32 vport = nicsw_pf_vf_vport(adapter, vf);
	struct nicsw_change change;
	int result;

	if (vport != NICSW_NONE)
		return nicsw_fail(error, -EINVAL, "FREE-VF-5", "VPort %u is attached to VF %u",
				  vport, vf);
	if (adapter->dataplane.maps.vfs[vf].flags & NICSW_VF_ATTACHED) {
		result = nicsw_pf_vf_detach(adapter, vf, error); /* FREE-VF-11 */
		if (result)
			return result;
	}
	/* Quiesced by the same step: the PF does not depend on a reset before (FREE-VF-10,
	 * LC-VF-8). */
	nicsw_change_begin(&change, &adapter->dataplane, "vf free");
	memset(nicsw_change_vf(&change, vf), 0, sizeof(struct nicsw_vf_record));
	memset(nicsw_change_blocks(&change, vf), 0, sizeof(struct nicsw_block_record));
	nicsw_function_reset(&adapter->device, vf, nicsw_change_config(&change, vf));
	nicsw_pf_features_follow(&change); /* its policy has gone with it */
	result = nicsw_pf_commit(&change, error);
	if (!result)
		nicsw_pf_iommu_clear(adapter, vf);
	return result;
}

int nicsw_pf_vf_set_overlying(struct nicsw_adapter *adapter, __u32 vf, __u32 ifindex,
			      struct nicsw_error *error)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "vf overlying adapter");
	nicsw_change_vf(&change, vf)->overlying_ifindex = ifindex;
	return nicsw_pf_commit(&change, error);
}
