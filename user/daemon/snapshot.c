// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/snapshot.h"

#include <net/if.h>

#include "core/link.h"
#include "daemon/control.h"
#include "pf/capability.h"

struct vf_seen {
	__u32 state;
	__u32 flags;
	__u32 power; /* 0..3 */
	__u64 invalidated;
};

struct nicsw_snapshot {
	__u32 total_vfs;
	__u32 max_filters;
	struct nicsw_switch_record nic_switch;
	__u32 state; /* enum nicsw_adapter_state */
	struct nicsw_capability_figures capability;
	enum nicsw_uplink_state uplink;
	struct vf_seen *vfs;                 /* [total_vfs] */
	struct nicsw_vport_record *vports;   /* [NICSW_VPORTS(total_vfs)] */
	struct nicsw_filter_record *filters; /* [max_filters + 1] */
	__u32 num_filters;                   /* of them are used */
};

/* What a comparison works with. */
struct look {
	struct nicsw_snapshot *snapshot;
	const struct nicsw_adapter *adapter;
	const struct nicsw_event_sink *sink;
};

/* ---- raising ------------------------------------------------------------------------------------
 */

void nicsw_event_begin(struct nicsw_wire_event *ret_event, enum nicsw_event kind,
		       const char *adapter)
{
	*ret_event = (struct nicsw_wire_event){
		.kind = NICSW_WIRE_EVENT,
		.event = kind,
		.vf_id = NICSW_NONE,
		.vport_id = NICSW_NONE,
		.filter_id = NICSW_NONE,
	};
	snprintf(ret_event->adapter, sizeof(ret_event->adapter), "%s", adapter);
}

static void raise_event(const struct look *look, struct nicsw_wire_event *event, const char *state)
{
	snprintf(event->state, sizeof(event->state), "%s", state);
	look->sink->raise(look->sink->context, event);
}

static void raise_plain(const struct look *look, enum nicsw_event kind, const char *state)
{
	struct nicsw_wire_event event;

	nicsw_event_begin(&event, kind, look->adapter->name);
	raise_event(look, &event, state);
}

/* ---- adapter and switch -------------------------------------------------------------------------
 */

static const char *uplink_name(enum nicsw_uplink_state state)
{
	static const char *const names[] = {
		[NICSW_UPLINK_MISSING] = "missing",
		[NICSW_UPLINK_DOWN] = "down",
		[NICSW_UPLINK_UP] = "up",
	};

	return names[state];
}

/* It asks the kernel: not for each request. */
void nicsw_snapshot_update_link(struct nicsw_snapshot *snapshot,
				const struct nicsw_adapter *adapter,
				const struct nicsw_event_sink *sink)
{
	const struct look look = {snapshot, adapter, sink};
	enum nicsw_uplink_state uplink = nicsw_uplink_state(adapter->dataplane.maps.meta);

	if (uplink != snapshot->uplink)
		raise_plain(&look, NICSW_EVENT_LINK, uplink_name(uplink));
	snapshot->uplink = uplink;
}

static void see_capability(const struct nicsw_adapter *adapter,
			   struct nicsw_capability_figures *ret)
{
	struct nicsw_capability capability = nicsw_pf_capability(adapter);

	*ret = (struct nicsw_capability_figures){0};
	if (!capability.sriov_supported)
		return;
	ret->sriov_supported = 1;
#define X(name) ret->name = capability.name;
	NICSW_CAPABILITY_FIGURES(X)
#undef X
}

/* CAP-SW-21, CAP-RF-14: one indication, with the figures of both structures. */
static void compare_capability(const struct look *look)
{
	struct nicsw_capability_figures *seen = &look->snapshot->capability;
	struct nicsw_wire_event event;

	nicsw_event_begin(&event, NICSW_EVENT_CAPABILITY, look->adapter->name);
	see_capability(look->adapter, &event.capability);
	if (memcmp(seen, &event.capability, sizeof(*seen)) == 0)
		return;
	*seen = event.capability;
	raise_event(look, &event, seen->sriov_supported ? "on" : "off");
}

static void compare_adapter(const struct look *look)
{
	__u32 state = look->adapter->dataplane.maps.meta->state;
	__u32 before = look->snapshot->state;

	look->snapshot->state = state;
	if (state == NICSW_ADAPTER_RESETTING && before != state)
		raise_plain(look, NICSW_EVENT_ADAPTER_RESET, "begun");
	if (before == NICSW_ADAPTER_RESETTING && before != state)
		raise_plain(look, NICSW_EVENT_ADAPTER_RESET, "done");
	compare_capability(look);
}

static void compare_switch(const struct look *look, bool additions)
{
	struct nicsw_switch_record *seen = &look->snapshot->nic_switch;
	const struct nicsw_switch_record *now = &look->adapter->dataplane.maps.meta->nic_switch;
	bool there = now->state == NICSW_USED, was_there = seen->state == NICSW_USED;

	if (there != additions)
		return;
	if (there && !was_there)
		raise_plain(look, NICSW_EVENT_SWITCH_CREATE, "");
	else if (was_there && !there)
		raise_plain(look, NICSW_EVENT_SWITCH_DELETE, "");
	else if (there && memcmp(seen, now, sizeof(*now)))
		raise_plain(look, NICSW_EVENT_SWITCH_CHANGE, "");
	*seen = *now;
}

/* ---- VFs ----------------------------------------------------------------------------------------
 */

static void see_vf(const struct nicsw_adapter *adapter, __u32 vf, struct vf_seen *ret)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;

	*ret = (struct vf_seen){
		.state = maps->vfs[vf].state,
		.flags = maps->vfs[vf].flags,
		.power = nicsw_function_effective_power(maps->config_space[0],
							maps->config_space[vf + 1]),
		.invalidated = maps->blocks[vf].invalidated,
	};
}

static void raise_vf(const struct look *look, enum nicsw_event kind, __u32 vf, __u64 count,
		     const char *state)
{
	struct nicsw_wire_event event;

	nicsw_event_begin(&event, kind, look->adapter->name);
	event.vf_id = vf;
	event.count = count;
	raise_event(look, &event, state);
}

static void compare_used_vf(const struct look *look, __u32 vf, const struct vf_seen *seen,
			    const struct vf_seen *now)
{
	static const char *const power[] = {"d0", "d1", "d2", "d3"};
	const __u32 netdev = NICSW_VF_ATTACHED | NICSW_VF_LOST;
	__u64 invalidated = now->invalidated & ~seen->invalidated;

	if ((now->flags ^ seen->flags) & netdev)
		raise_vf(look, NICSW_EVENT_VF_NETDEV, vf, 0,
			 now->flags & NICSW_VF_LOST       ? "lost"
			 : now->flags & NICSW_VF_ATTACHED ? "attached"
							  : "detached");
	if (now->power != seen->power)
		raise_vf(look, NICSW_EVENT_VF_POWER, vf, 0, power[now->power & 3]);
	if (invalidated)
		raise_vf(look, NICSW_EVENT_BLOCK_INVALIDATE, vf, invalidated, "");
}

static void compare_vfs(const struct look *look, bool additions)
{
	for (__u32 vf = 0; vf < look->snapshot->total_vfs; vf++) {
		struct vf_seen *seen = &look->snapshot->vfs[vf], now;

		see_vf(look->adapter, vf, &now);
		if ((now.state == NICSW_USED) != additions)
			continue;
		if (seen->state != now.state)
			raise_vf(look, additions ? NICSW_EVENT_VF_ALLOCATE : NICSW_EVENT_VF_FREE,
				 vf, 0, "");
		else if (additions)
			compare_used_vf(look, vf, seen, &now);
		*seen = now;
	}
}

/* ---- VPorts -------------------------------------------------------------------------------------
 */

/* Filters come and go with events of their own. */
static bool same_vport(const struct nicsw_vport_record *a, const struct nicsw_vport_record *b)
{
	return a->vport_state == b->vport_state && a->queue_pairs == b->queue_pairs &&
	       a->interrupt_moderation == b->interrupt_moderation &&
	       a->affinity_mask == b->affinity_mask && a->affinity_group == b->affinity_group &&
	       memcmp(&a->name, &b->name, sizeof(a->name)) == 0;
}

static void raise_vport(const struct look *look, enum nicsw_event kind, __u32 vport,
			const struct nicsw_vport_record *record)
{
	struct nicsw_wire_event event;

	nicsw_event_begin(&event, kind, look->adapter->name);
	event.vport_id = vport;
	if (record->function != NICSW_FUNCTION_PF)
		event.vf_id = record->function;
	raise_event(look, &event,
		    kind == NICSW_EVENT_VPORT_DELETE                          ? ""
		    : record->vport_state == NdisNicSwitchVPortStateActivated ? "activated"
									      : "deactivated");
}

/* The default VPort comes and goes with the switch. */
static void compare_vports(const struct look *look, bool additions)
{
	for (__u32 vport = 0; vport < NICSW_VPORTS(look->snapshot->total_vfs); vport++) {
		struct nicsw_vport_record *seen = &look->snapshot->vports[vport];
		const struct nicsw_vport_record *now = &look->adapter->dataplane.maps.vports[vport];

		if ((now->state == NICSW_USED) != additions)
			continue;
		if (seen->state != now->state && vport != NDIS_DEFAULT_VPORT_ID)
			raise_vport(look,
				    additions ? NICSW_EVENT_VPORT_CREATE : NICSW_EVENT_VPORT_DELETE,
				    vport, additions ? now : seen);
		else if (seen->state == now->state && additions && !same_vport(seen, now))
			raise_vport(look, NICSW_EVENT_VPORT_CHANGE, vport, now);
		*seen = *now;
	}
}

/* ---- filters ------------------------------------------------------------------------------------
 */

static void raise_filter(const struct look *look, enum nicsw_event kind, __u32 filter, __u32 vport)
{
	struct nicsw_wire_event event;

	nicsw_event_begin(&event, kind, look->adapter->name);
	event.filter_id = filter;
	event.vport_id = vport;
	raise_event(look, &event, "");
}

/*
 * There is room for tens of thousands, of which few are used, with low ids (SET-RF-8): the walks
 * end behind the last one that is.
 */
static void compare_cleared_filters(const struct look *look)
{
	struct nicsw_snapshot *snapshot = look->snapshot;
	const struct nicsw_filter_record *now = look->adapter->dataplane.maps.filters;
	__u32 left = snapshot->num_filters;

	for (__u32 filter = 1; left && filter <= snapshot->max_filters; filter++) {
		struct nicsw_filter_record *seen = &snapshot->filters[filter];

		if (seen->state != NICSW_USED)
			continue;
		left--;
		if (now[filter].state == NICSW_USED)
			continue;
		raise_filter(look, NICSW_EVENT_FILTER_CLEAR, filter, seen->vport_id);
		*seen = now[filter];
	}
}

static void compare_set_filters(const struct look *look)
{
	struct nicsw_snapshot *snapshot = look->snapshot;
	const struct nicsw_filter_record *now = look->adapter->dataplane.maps.filters;
	__u32 left = look->adapter->dataplane.index.num_filters;

	snapshot->num_filters = left;
	for (__u32 filter = 1; left && filter <= snapshot->max_filters; filter++) {
		struct nicsw_filter_record *seen = &snapshot->filters[filter];

		if (now[filter].state != NICSW_USED)
			continue;
		left--;
		if (seen->state != NICSW_USED)
			raise_filter(look, NICSW_EVENT_FILTER_SET, filter, now[filter].vport_id);
		else if (seen->vport_id != now[filter].vport_id)
			raise_filter(look, NICSW_EVENT_FILTER_MOVE, filter, now[filter].vport_id);
		*seen = now[filter];
	}
}

/* ---- snapshots ----------------------------------------------------------------------------------
 */

void nicsw_snapshot_update(struct nicsw_snapshot *snapshot, const struct nicsw_adapter *adapter,
			   const struct nicsw_event_sink *sink)
{
	const struct look look = {snapshot, adapter, sink};

	compare_adapter(&look);
	compare_cleared_filters(&look);
	compare_vports(&look, false);
	compare_vfs(&look, false);
	compare_switch(&look, false);
	compare_switch(&look, true);
	compare_vfs(&look, true);
	compare_vports(&look, true);
	compare_set_filters(&look);
}

void nicsw_snapshot_announce(struct nicsw_snapshot *snapshot, __u32 vf, __u64 mask)
{
	if (vf < snapshot->total_vfs)
		snapshot->vfs[vf].invalidated &= ~mask;
}

static void ignore(void *context _unused_, struct nicsw_wire_event *event _unused_)
{
}

int nicsw_snapshot_new(const struct nicsw_adapter *adapter, struct nicsw_snapshot **ret)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	const struct nicsw_event_sink nobody = {ignore, NULL};
	struct nicsw_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (!snapshot)
		return -ENOMEM;
	snapshot->total_vfs = meta->total_vfs;
	snapshot->max_filters = meta->max_filters;
	snapshot->vfs = calloc(meta->total_vfs, sizeof(*snapshot->vfs));
	snapshot->vports = calloc(NICSW_VPORTS(meta->total_vfs), sizeof(*snapshot->vports));
	snapshot->filters = calloc(meta->max_filters + 1, sizeof(*snapshot->filters));
	if (!snapshot->vfs || !snapshot->vports || !snapshot->filters) {
		nicsw_snapshot_free(snapshot);
		return -ENOMEM;
	}
	nicsw_snapshot_update(snapshot, adapter, &nobody);
	nicsw_snapshot_update_link(snapshot, adapter, &nobody);
	*ret = snapshot;
	return 0;
}

void nicsw_snapshot_free(struct nicsw_snapshot *snapshot)
{
	if (!snapshot)
		return;
	free(snapshot->vfs);
	free(snapshot->vports);
	free(snapshot->filters);
	free(snapshot);
}
