// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/events.h"

#include <linux/pci_regs.h>
#include <time.h>

#include "daemon/snapshot.h"
#include "ndis/oid_table.h"

/* One adapter that was there. */
struct seen {
	struct seen *next;
	char name[NICSW_NAME_SIZE];
	__u64 luid; /* one that was deleted and added again is another one (LUID-2) */
	struct nicsw_snapshot *snapshot;
	bool there;
};

struct nicsw_events {
	struct nicsw_registry *registry;
	nicsw_event_deliver *deliver;
	void *context;
	size_t listeners;
	struct seen *seen;
};

/* ---- raising ------------------------------------------------------------------------------------
 */

void nicsw_events_stamp(struct nicsw_wire_event *event)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	event->magic = NICSW_WIRE_MAGIC;
	event->version = NICSW_WIRE_VERSION;
	event->kind = NICSW_WIRE_EVENT;
	event->time = now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void raise_event(void *context, struct nicsw_wire_event *event)
{
	struct nicsw_events *events = context;

	nicsw_events_stamp(event);
	events->deliver(events->context, event);
}

static void raise_adapter(struct nicsw_events *events, enum nicsw_event kind, const char *name)
{
	struct nicsw_wire_event event;

	nicsw_event_begin(&event, kind, name);
	raise_event(events, &event);
}

/* ---- adapters -----------------------------------------------------------------------------------
 */

static struct seen *find_seen(struct nicsw_events *events, const struct nicsw_adapter *adapter)
{
	struct seen *seen = events->seen;

	while (seen && !(nicsw_streq(seen->name, adapter->name) &&
			 seen->luid == adapter->dataplane.maps.meta->luid))
		seen = seen->next;
	return seen;
}

/* Without memory it is looked at again the next time. */
static struct seen *begin_to_see(struct nicsw_events *events, const struct nicsw_adapter *adapter)
{
	_cleanup_free_ struct seen *seen = calloc(1, sizeof(*seen));

	if (!seen || nicsw_snapshot_new(adapter, &seen->snapshot))
		return NULL;
	snprintf(seen->name, sizeof(seen->name), "%s", adapter->name);
	seen->luid = adapter->dataplane.maps.meta->luid;
	seen->next = events->seen;
	events->seen = seen;
	return TAKE_PTR(seen);
}

static void forget(struct seen **link)
{
	struct seen *seen = *link;

	*link = seen->next;
	nicsw_snapshot_free(seen->snapshot);
	free(seen);
}

static void look_at(struct nicsw_events *events, const struct nicsw_adapter *adapter, bool quietly)
{
	const struct nicsw_event_sink sink = {raise_event, events};
	struct seen *seen = find_seen(events, adapter);
	bool is_new = !seen;

	if (is_new)
		seen = begin_to_see(events, adapter);
	if (!seen)
		return;
	if (is_new && !quietly)
		raise_adapter(events, NICSW_EVENT_ADAPTER_ADD, adapter->name);
	if (!is_new)
		nicsw_snapshot_update(seen->snapshot, adapter, &sink);
}

static void drop_gone(struct nicsw_events *events)
{
	struct seen **link = &events->seen;
	struct nicsw_adapter *adapter;
	struct seen *seen;

	for (size_t i = 0; (adapter = nicsw_registry_at(events->registry, i)); i++) {
		seen = find_seen(events, adapter);
		if (seen)
			seen->there = true;
	}
	while (*link) {
		if ((*link)->there) {
			(*link)->there = false;
			link = &(*link)->next;
			continue;
		}
		raise_adapter(events, NICSW_EVENT_ADAPTER_DEL, (*link)->name);
		forget(link);
	}
}

static void look(struct nicsw_events *events, bool quietly)
{
	struct nicsw_adapter *adapter;

	drop_gone(events); /* first: one of the same name may have come (LUID-2) */
	for (size_t i = 0; (adapter = nicsw_registry_at(events->registry, i)); i++)
		look_at(events, adapter, quietly);
}

void nicsw_events_check(struct nicsw_events *events)
{
	if (events->listeners)
		look(events, false);
}

void nicsw_events_check_links(struct nicsw_events *events)
{
	const struct nicsw_event_sink sink = {raise_event, events};
	struct nicsw_adapter *adapter;
	struct seen *seen;

	nicsw_events_check(events);
	for (size_t i = 0; (adapter = nicsw_registry_at(events->registry, i)); i++) {
		seen = find_seen(events, adapter);
		if (seen)
			nicsw_snapshot_update_link(seen->snapshot, adapter, &sink);
	}
}

/* ---- resets -------------------------------------------------------------------------------------
 */

/* Where PCI Express is in a configuration space; 0 = nowhere. A list that loops is cut off. */
static __u32 find_express(const __u8 *space)
{
	__u32 at = space[PCI_CAPABILITY_LIST];

	for (int left = 48; at && left && space[at + PCI_CAP_LIST_ID] != PCI_CAP_ID_EXP; left--)
		at = space[at + PCI_CAP_LIST_NEXT];
	return at;
}

/* Did this write set Initiate FLR, in the high byte of Device Control (WR-CFG-12)? */
static bool writes_flr(const struct nicsw_adapter *adapter,
		       const struct nicsw_wire_request *request)
{
	const struct ndis_sriov_vf_config_space_parameters *parameters =
		nicsw_wire_payload(request);
	const __u8 *data = (const __u8 *)parameters + parameters->buffer_offset;
	__u32 express = find_express(adapter->dataplane.maps.config_space[parameters->vf_id + 1]);
	__u32 control = express + PCI_EXP_DEVCTL + 1;

	return express && control >= parameters->offset &&
	       control - parameters->offset < parameters->length &&
	       (data[control - parameters->offset] & (PCI_EXP_DEVCTL_BCR_FLR >> 8));
}

/*
 * A reset is over when its request is: the records do not tell. The request succeeded, so that its
 * lengths and its VF are good, and vf_id is at the same place in both structures.
 */
static void raise_reset(struct nicsw_events *events, const struct nicsw_wire_request *request)
{
	const struct ndis_sriov_reset_vf_parameters *parameters = nicsw_wire_payload(request);
	struct nicsw_wire_event event;
	struct nicsw_adapter *adapter;

	if (nicsw_registry_find(events->registry, request->adapter, &adapter, NULL))
		return;
	if (request->code == OID_SRIOV_WRITE_VF_CONFIG_SPACE && !writes_flr(adapter, request))
		return;
	nicsw_event_begin(&event, NICSW_EVENT_VF_RESET, adapter->name);
	event.vf_id = parameters->vf_id;
	raise_event(events, &event);
}

static void announce_block(struct nicsw_events *events, const struct nicsw_wire_request *request)
{
	const struct nicsw_block_invalidate *invalidate = nicsw_wire_payload(request);
	struct nicsw_adapter *adapter;
	struct seen *seen;

	if (nicsw_registry_find(events->registry, request->adapter, &adapter, NULL))
		return;
	seen = find_seen(events, adapter);
	if (seen)
		nicsw_snapshot_announce(seen->snapshot, invalidate->vf_id,
					1ull << invalidate->block_id);
}

static bool only_reads(const struct nicsw_wire_request *request)
{
	if (request->kind == NICSW_WIRE_OID)
		return nicsw_oid_reads(request->code, request->type);
	return !nicsw_wire_control(request->code)->write;
}

void nicsw_events_request(struct nicsw_events *events, const struct nicsw_wire_request *request)
{
	if (!events->listeners || only_reads(request))
		return;
	if (request->kind == NICSW_WIRE_OID && (request->code == OID_SRIOV_RESET_VF ||
						request->code == OID_SRIOV_WRITE_VF_CONFIG_SPACE))
		raise_reset(events, request);
	if (request->kind == NICSW_WIRE_CONTROL && request->code == NICSW_CONTROL_BLOCK_INVALIDATE)
		announce_block(events, request);
	nicsw_events_check(events);
}

/* ---- life ---------------------------------------------------------------------------------------
 */

void nicsw_events_listen(struct nicsw_events *events, bool more)
{
	if (more && events->listeners++ == 0)
		look(events, true);
	else if (!more && --events->listeners == 0)
		while (events->seen)
			forget(&events->seen);
}

int nicsw_events_new(struct nicsw_registry *registry, nicsw_event_deliver *deliver, void *context,
		     struct nicsw_events **ret)
{
	struct nicsw_events *events = calloc(1, sizeof(*events));

	if (!events)
		return -ENOMEM;
	*events = (struct nicsw_events){registry, deliver, context, 0, NULL};
	*ret = events;
	return 0;
}

void nicsw_events_free(struct nicsw_events *events)
{
	if (!events)
		return;
	while (events->seen)
		forget(&events->seen);
	free(events);
}
