// SPDX-License-Identifier: GPL-2.0-only
#include "pf/halt.h"

#include <nicsw/ndis.h>

#include "pf/block.h"
#include "pf/commit.h"
#include "pf/pf.h"

static int clear_filters(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 filter;
	int result, first = 0;

	for (filter = 1; filter <= maps->meta->max_filters; filter++) {
		if (maps->filters[filter].state != NICSW_USED)
			continue;
		result = nicsw_pf_filter_clear(adapter, filter, first ? NULL : error);
		first = first ? first : result;
	}
	return first;
}

/* Its VF is stopped with it (LC-DOWN-8). No fault knob: nobody can refuse a halt. */
static int stop_vport(struct nicsw_adapter *adapter, __u32 vport, struct nicsw_error *error)
{
	__u32 function = adapter->dataplane.maps.vports[vport].function;
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "vport delete");
	memset(nicsw_change_vport(&change, vport), 0, sizeof(struct nicsw_vport_record));
	if (function != NICSW_FUNCTION_PF)
		nicsw_pf_blocks_refresh(&change, function, NICSW_NONE);
	return nicsw_pf_commit(&change, error);
}

static int delete_vports(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 vport;
	int result, first = 0;

	for (vport = NDIS_DEFAULT_VPORT_ID + 1; vport <= maps->meta->total_vfs; vport++) {
		if (maps->vports[vport].state != NICSW_USED)
			continue;
		result = stop_vport(adapter, vport, first ? NULL : error);
		first = first ? first : result;
	}
	return first;
}

/* The netdev goes as in a surprise removal: nobody asks the guest (LC-DOWN-7). */
static int free_vfs(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 vf;
	int result, first = 0;

	for (vf = 0; vf < maps->meta->total_vfs; vf++) {
		if (maps->vfs[vf].state != NICSW_USED)
			continue;
		result = nicsw_pf_vf_free(adapter, vf, first ? NULL : error);
		first = first ? first : result;
	}
	return first;
}

static int delete_switch(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	if (adapter->dataplane.maps.meta->nic_switch.state != NICSW_USED)
		return 0;
	return nicsw_pf_switch_delete(adapter, error);
}

/* Static only (LC-HALT-6); a dynamic switch has done it when it was deleted. */
static int disable_virtualization(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	return nicsw_pf_switch_dismantle(adapter, error);
}

int nicsw_pf_halt(struct nicsw_adapter *adapter, nicsw_halt_observer *observer, void *context,
		  struct nicsw_error *error)
{
	static int (*const steps[])(struct nicsw_adapter *, struct nicsw_error *) = {
#define X(name) [NICSW_HALT_##name] = name,
		NICSW_HALT_STEPS(X)
#undef X
	};
	int result, first = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		result = steps[i](adapter, first ? NULL : error);
		first = first ? first : result;
		if (observer)
			observer(context, i);
	}
	return first;
}
