// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"

static const struct nicsw_mapset *maps_of(const struct nicsw_ndis_call *call)
{
	return &call->adapter->dataplane.maps;
}

int nicsw_ids_switch(const struct nicsw_ndis_call *call, __u32 switch_id, const char *rule)
{
	if (switch_id != NDIS_DEFAULT_SWITCH_ID)
		return nicsw_fail(call->error, -EINVAL, rule, "switch %u: there is only switch 0",
				  switch_id);
	if (maps_of(call)->meta->nic_switch.state != NICSW_USED)
		return nicsw_fail(call->error, -EINVAL, rule, "there is no switch");
	return 0;
}

int nicsw_ids_vf(const struct nicsw_ndis_call *call, __u32 vf, const char *range_rule,
		 const char *allocated_rule)
{
	const struct nicsw_mapset *maps = maps_of(call);

	if (vf >= maps->meta->nic_switch.num_vfs)
		return nicsw_fail(call->error, -EINVAL, range_rule,
				  "VF %u does not exist: %u VFs are enabled", vf,
				  maps->meta->nic_switch.num_vfs);
	if (maps->vfs[vf].state != NICSW_USED)
		return nicsw_fail(call->error, -EINVAL, allocated_rule, "VF %u is not allocated",
				  vf);
	return 0;
}

int nicsw_ids_vport(const struct nicsw_ndis_call *call, __u32 vport, const char *rule)
{
	const struct nicsw_mapset *maps = maps_of(call);

	if (vport >= maps->meta->nic_switch.num_vports || maps->vports[vport].state != NICSW_USED)
		return nicsw_fail(call->error, -EINVAL, rule, "VPort %u does not exist", vport);
	return 0;
}

int nicsw_ids_filter(const struct nicsw_ndis_call *call, __u32 filter, int code, const char *rule)
{
	const struct nicsw_mapset *maps = maps_of(call);

	if (filter == NDIS_DEFAULT_RECEIVE_FILTER_ID || filter > maps->meta->max_filters ||
	    maps->filters[filter].state != NICSW_USED)
		return nicsw_fail(call->error, code, rule, "filter %u does not exist", filter);
	return 0;
}

int nicsw_ids_queue(const struct nicsw_ndis_call *call, __u32 queue, const char *rule)
{
	if (queue != NDIS_DEFAULT_RECEIVE_QUEUE_ID)
		return nicsw_fail(call->error, -EINVAL, rule, "queue %u: there is only queue 0",
				  queue);
	return 0;
}

__u32 nicsw_ids_free_vport(const struct nicsw_adapter *adapter)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 vport;

	for (vport = 1; vport < maps->meta->nic_switch.num_vports; vport++)
		if (maps->vports[vport].state != NICSW_USED)
			return vport;
	return NICSW_NONE;
}
