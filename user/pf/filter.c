// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/ndis.h>

#include "dataplane/derive.h"
#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/pf.h"
#include "pf/policy.h"

#define MAC_FORMAT         "%02x:%02x:%02x:%02x:%02x:%02x"
#define MAC_ARGUMENTS(mac) mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]

static bool same_address(const struct nicsw_filter_record *a, const struct nicsw_filter_record *b)
{
	return a->vlan == b->vlan && memcmp(a->mac, b->mac, sizeof(a->mac)) == 0;
}

static __u32 find_on_vport(const struct nicsw_dataplane *dataplane, __u32 vport,
			   const struct nicsw_filter_record *wanted)
{
	__u32 filter;

	for (filter = dataplane->index.first[vport]; filter; filter = dataplane->index.next[filter])
		if (same_address(&dataplane->maps.filters[filter], wanted))
			return filter;
	return 0;
}

/* A VLAN policy gives the VPort's filters other keys than their own (pf/policy.h). */
static bool has_policy(const struct nicsw_mapset *maps, const struct nicsw_vport_record *record)
{
	const struct nicsw_policy *policy;

	if (record->function >= maps->meta->total_vfs)
		return false;
	policy = &maps->vfs[record->function].policy;
	return policy->vlan || policy->flags & NICSW_POLICY_TRUNK;
}

/*
 * The filter that has this MAC and VLAN, or 0. The filter table answers at once for a VPort that is
 * Activated, and narrows the search to its port; only filters of Deactivated VPorts are not in it
 * (FWD-13).
 */
static __u32 find_same(const struct nicsw_dataplane *dataplane,
		       const struct nicsw_filter_record *wanted)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	int slot = nicsw_table_find(&dataplane->table, nicsw_key(wanted->mac, wanted->vlan));
	__u32 vport, filter = 0;

	for (vport = 0; vport < maps->meta->nic_switch.num_vports && !filter; vport++) {
		const struct nicsw_vport_record *record = &maps->vports[vport];
		__u32 own = nicsw_vport_slot(maps->meta, vport, record);

		if (own == NICSW_NONE)
			continue;
		if (slot == (int)own || has_policy(maps, record) ||
		    record->vport_state == NdisNicSwitchVPortStateDeactivated)
			filter = find_on_vport(dataplane, vport, wanted);
	}
	return filter;
}

/* SET-RF-28. A group address may be on any number of VPorts: its frames are replicated (SET-RF-29).
 */
static int check_unique(const struct nicsw_dataplane *dataplane,
			const struct nicsw_filter_record *wanted, struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 filter;

	if (wanted->mac[0] & 1)
		return 0;
	if (!wanted->vlan && !memcmp(wanted->mac, maps->meta->pf_mac, sizeof(wanted->mac)))
		return nicsw_fail(error, -EINVAL, "SET-RF-28",
				  "MAC " MAC_FORMAT " is the adapter's own, on VPort 0",
				  MAC_ARGUMENTS(wanted->mac));
	filter = find_same(dataplane, wanted);
	if (!filter)
		return 0;
	return nicsw_fail(error, -EINVAL, "SET-RF-28",
			  "MAC " MAC_FORMAT " VLAN %u is already set as filter %u on VPort %u",
			  MAC_ARGUMENTS(wanted->mac), wanted->vlan, filter,
			  maps->filters[filter].vport_id);
}

static __u32 function_of(const struct nicsw_adapter *adapter, __u32 vport)
{
	return adapter->dataplane.maps.vports[vport].function;
}

int nicsw_pf_filter_set(struct nicsw_adapter *adapter, __u32 filter,
			const struct nicsw_filter_record *wanted, struct nicsw_error *error)
{
	struct nicsw_filter_record *record;
	struct nicsw_change change;
	int result;

	result = check_unique(&adapter->dataplane, wanted, error);
	if (!result)
		result = nicsw_pf_policy_admits(adapter, wanted->vport_id, wanted->vlan, error);
	if (result)
		return result;
	if (!filter)
		return nicsw_fail(error, -ENOSPC, "SET-RF-27", "all %u filters are set",
				  adapter->dataplane.index.num_filters);
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_FILTER_SET,
				function_of(adapter, wanted->vport_id), error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "filter set");
	record = nicsw_change_filter(&change, filter);
	*record = *wanted;
	record->state = NICSW_USED;
	return nicsw_pf_commit(&change, error);
}

int nicsw_pf_filter_move(struct nicsw_adapter *adapter, __u32 filter, __u32 vport,
			 struct nicsw_error *error)
{
	struct nicsw_change change;
	int result;

	if (adapter->dataplane.maps.filters[filter].vport_id == vport) /* MOVE-RF-11 */
		return 0;
	result = nicsw_pf_policy_admits(adapter, vport,
					adapter->dataplane.maps.filters[filter].vlan, error);
	if (result)
		return result;
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_FILTER_MOVE, function_of(adapter, vport),
				error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "filter move");
	nicsw_change_filter(&change, filter)->vport_id = vport;
	return nicsw_pf_commit(&change, error);
}

int nicsw_pf_filter_clear(struct nicsw_adapter *adapter, __u32 filter, struct nicsw_error *error)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "filter clear");
	memset(nicsw_change_filter(&change, filter), 0, sizeof(struct nicsw_filter_record));
	return nicsw_pf_commit(&change, error);
}
