// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/ndis.h>

#include "pf/block.h"
#include "pf/capability.h"
#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/host_vport.h"
#include "pf/pf.h"

/* What the existing VPorts use of the pools. */
struct vport_usage {
	__u32 queue_pairs;      /* of all VPorts */
	__u32 pairs_nondefault; /* of each nondefault VPort, 0 = there is none */
	__u32 num_pf_vports;    /* nondefault VPorts attached to the PF */
};

static struct vport_usage count_usage(const struct nicsw_mapset *maps)
{
	struct vport_usage usage = {.queue_pairs = maps->vports[NDIS_DEFAULT_VPORT_ID].queue_pairs};
	__u32 i;

	for (i = 1; i < maps->meta->nic_switch.num_vports; i++) {
		const struct nicsw_vport_record *vport = &maps->vports[i];

		if (vport->state != NICSW_USED)
			continue;
		usage.queue_pairs += vport->queue_pairs;
		usage.pairs_nondefault = vport->queue_pairs;
		usage.num_pf_vports += vport->function == NICSW_FUNCTION_PF;
	}
	return usage;
}

static int check_queue_pairs(const struct nicsw_capability *capability,
			     const struct vport_usage *usage, __u32 queue_pairs,
			     struct nicsw_error *error)
{
	if (!queue_pairs || queue_pairs > capability->max_num_queue_pairs_per_nondefault_vport)
		return nicsw_fail(error, -EINVAL, "CREATE-VP-11", "%u queue pairs are not in 1..%u",
				  queue_pairs,
				  capability->max_num_queue_pairs_per_nondefault_vport);
	if (usage->pairs_nondefault && queue_pairs != usage->pairs_nondefault)
		return nicsw_fail(error, -EINVAL, "CREATE-VP-12",
				  "%u queue pairs, but the existing VPorts have %u", queue_pairs,
				  usage->pairs_nondefault);
	return 0;
}

/* CAP-SW-17: each VF has a VPort reserved; what is beyond them is the PF's share. */
static int check_pool(const struct nicsw_adapter *adapter, const struct vport_usage *usage,
		      __u32 vport, __u32 function, struct nicsw_error *error)
{
	const struct nicsw_switch_record *nic_switch = &adapter->dataplane.maps.meta->nic_switch;
	__u32 pf_share = nic_switch->num_vports - nic_switch->num_vfs - 1;

	if (function == NICSW_FUNCTION_PF && usage->num_pf_vports >= pf_share)
		return nicsw_fail(error, -ENOSPC, "CREATE-VP-10",
				  "the PF has all its %u nondefault VPorts", pf_share);
	if (vport == NICSW_NONE)
		return nicsw_fail(error, -ENOSPC, "CREATE-VP-10", "all %u VPorts exist",
				  nic_switch->num_vports);
	return 0;
}

static int check_resources(const struct nicsw_adapter *adapter, __u32 vport,
			   const struct nicsw_vport_record *wanted, struct nicsw_error *error)
{
	struct nicsw_capability capability = nicsw_pf_capability(adapter);
	struct vport_usage usage = count_usage(&adapter->dataplane.maps);
	int result;

	result = check_queue_pairs(&capability, &usage, wanted->queue_pairs, error);
	if (!result)
		result = check_pool(adapter, &usage, vport, wanted->function, error);
	if (result)
		return result;
	if (usage.queue_pairs + wanted->queue_pairs > capability.max_num_queue_pairs)
		return nicsw_fail(error, -ENOSPC, "CREATE-VP-13", "%u of %u queue pairs are in use",
				  usage.queue_pairs, capability.max_num_queue_pairs);
	return 0;
}

int nicsw_pf_vport_create(struct nicsw_adapter *adapter, __u32 vport,
			  const struct nicsw_vport_record *wanted, struct nicsw_error *error)
{
	struct nicsw_vport_record *record;
	struct nicsw_change change;
	int result;

	if (wanted->function != NICSW_FUNCTION_PF &&
	    nicsw_pf_vf_vport(adapter, wanted->function) != NICSW_NONE)
		return nicsw_fail(error, -EINVAL, "CREATE-VP-8", "VF %u has VPort %u already",
				  wanted->function, nicsw_pf_vf_vport(adapter, wanted->function));
	result = check_resources(adapter, vport, wanted, error);
	if (result)
		return result;
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_VPORT_ALLOC, wanted->function, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "vport create");
	record = nicsw_change_vport(&change, vport);
	*record = *wanted;
	record->state = NICSW_USED;
	record->vport_state = wanted->function == NICSW_FUNCTION_PF /* CREATE-VP-18 */
				      ? NdisNicSwitchVPortStateDeactivated
				      : NdisNicSwitchVPortStateActivated;
	if (wanted->function == NICSW_FUNCTION_PF)
		result = nicsw_pf_host_vport_assign(adapter, record, error);
	else
		nicsw_pf_blocks_refresh(&change, wanted->function, vport);
	return result ? result : nicsw_pf_commit(&change, error);
}

/* Default VPort and VPorts of VFs are Activated for life, others once they were (LC-VP-1, -2). */
static int check_state(const struct nicsw_vport_record *record, __u32 vport, __u32 state,
		       struct nicsw_error *error)
{
	if (state != NdisNicSwitchVPortStateActivated &&
	    state != NdisNicSwitchVPortStateDeactivated)
		return nicsw_fail(error, -EINVAL, "PARAM-VP-13", "VPortState %u is neither 1 nor 2",
				  state);
	if (state == record->vport_state) /* PARAM-VP-14 */
		return 0;
	if (vport == NDIS_DEFAULT_VPORT_ID || record->function != NICSW_FUNCTION_PF)
		return nicsw_fail(error, -EINVAL, "PARAM-VP-12", "VPort %u is always activated",
				  vport);
	if (state == NdisNicSwitchVPortStateDeactivated)
		return nicsw_fail(error, -EINVAL, "PARAM-VP-11",
				  "VPort %u is activated: only deletion ends that", vport);
	return 0;
}

static int check_affinity(const struct nicsw_vport_record *record, __u32 vport, __u64 mask,
			  struct nicsw_error *error)
{
	if (record->function != NICSW_FUNCTION_PF)
		return nicsw_fail(error, -EINVAL, "PARAM-VP-15",
				  "VPort %u is on a VF: its interrupts are not the PF's", vport);
	if (!mask)
		return nicsw_fail(error, -EINVAL, "PARAM-VP-16",
				  "ProcessorAffinity names no processor");
	return 0;
}

static bool is_activated(const struct nicsw_vport_record *before,
			 const struct nicsw_vport_settings *settings)
{
	return settings->state && *settings->state != before->vport_state;
}

static void take_settings(struct nicsw_vport_record *record,
			  const struct nicsw_vport_settings *settings)
{
	if (settings->name)
		record->name = *settings->name;
	if (settings->state)
		record->vport_state = *settings->state;
	if (settings->affinity) {
		record->affinity_mask = settings->affinity->mask;
		record->affinity_group = settings->affinity->group;
	}
}

int nicsw_pf_vport_set(struct nicsw_adapter *adapter, __u32 vport,
		       const struct nicsw_vport_settings *settings, struct nicsw_error *error)
{
	struct nicsw_vport_record *record;
	struct nicsw_change change;
	int result = 0;

	nicsw_change_begin(&change, &adapter->dataplane, "vport set");
	record = nicsw_change_vport(&change, vport);
	if (settings->state)
		result = check_state(record, vport, *settings->state, error);
	if (!result && settings->affinity)
		result = check_affinity(record, vport, settings->affinity->mask, error);
	if (!result)
		result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_VPORT_SET, record->function,
					error);
	if (result)
		return result;
	take_settings(record, settings);
	if (is_activated(&adapter->dataplane.maps.vports[vport], settings))
		result = nicsw_pf_host_vport_activate(adapter, vport, &change, error);
	else
		result = nicsw_pf_commit(&change, error);
	if (!result)
		nicsw_pf_host_vport_steer(adapter, vport);
	return result;
}

int nicsw_pf_vport_delete(struct nicsw_adapter *adapter, __u32 vport, struct nicsw_error *error)
{
	__u32 function = adapter->dataplane.maps.vports[vport].function;
	__u32 num_filters = adapter->dataplane.index.count[vport];
	struct nicsw_change change;
	int result;

	if (num_filters)
		return nicsw_fail(error, -EINVAL, "DELETE-VP-5",
				  "VPort %u still has %u filters: clear or move them first", vport,
				  num_filters);
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_VPORT_DELETE, function, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "vport delete");
	memset(nicsw_change_vport(&change, vport), 0, sizeof(struct nicsw_vport_record));
	if (function == NICSW_FUNCTION_PF)
		return nicsw_pf_host_vport_stop(adapter, vport, &change, error);
	nicsw_pf_blocks_refresh(&change, function, NICSW_NONE);
	return nicsw_pf_commit(&change, error);
}
