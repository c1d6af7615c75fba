// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/plan.h"

#include "dataplane/dataplane.h"
#include "dataplane/derive.h"

/* One port, before and after the change. */
struct transition {
	__u32 slot;
	struct nicsw_port port_before, port_after;
	struct nicsw_vlan_set vlans_before, vlans_after;
};

static void add_step(struct nicsw_plan *plan, const struct nicsw_step *step)
{
	if (plan->num_steps == plan->room) {
		size_t room = plan->room ? 2 * plan->room : 16;
		struct nicsw_step *steps = aligned_alloc(64, room * sizeof(*steps));

		if (!steps) {
			plan->failed = -ENOMEM;
			return;
		}
		if (plan->num_steps)
			memcpy(steps, plan->steps, plan->num_steps * sizeof(*steps));
		free(plan->steps);
		plan->steps = steps;
		plan->room = room;
	}
	plan->steps[plan->num_steps++] = *step;
}

void nicsw_plan_free(struct nicsw_plan *plan)
{
	free(plan->steps);
	memset(plan, 0, sizeof(*plan));
}

static void add_flood(struct nicsw_plan *plan, __u32 vid)
{
	add_step(plan, &(struct nicsw_step){.kind = NICSW_STEP_FLOOD, .vid = vid});
}

static void add_port(struct nicsw_plan *plan, __u32 slot, const struct nicsw_port *port)
{
	add_step(plan, &(struct nicsw_step){.kind = NICSW_STEP_PORT, .slot = slot, .port = *port});
}

static bool takes_group(const struct nicsw_port *port)
{
	const __u32 flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_GROUP;

	return (port->flags & flags) == flags;
}

static bool port_changed(const struct transition *move)
{
	return memcmp(&move->port_before, &move->port_after, sizeof(move->port_after)) != 0;
}

static bool port_opens(const struct transition *move)
{
	return move->port_after.flags & ~move->port_before.flags;
}

/* VLAN ids that are in `in` and not in `out`, one step each. */
static void add_vlans(struct nicsw_plan *plan, enum nicsw_step_kind kind, __u32 slot,
		      const struct nicsw_vlan_set *in, const struct nicsw_vlan_set *out)
{
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(in->words); word++) {
		__u64 left = in->words[word] & ~out->words[word];

		for (; left; left &= left - 1)
			add_step(plan,
				 &(struct nicsw_step){.kind = kind,
						      .slot = slot,
						      .vid = word * 64 + __builtin_ctzll(left)});
	}
}

/* Is the copy for this port's receiver different before and after? */
static bool is_flood_affected(const struct transition *move, __u32 vid, bool *ret_member)
{
	bool before =
		nicsw_vlan_set_has(&move->vlans_before, vid) && takes_group(&move->port_before);
	bool after = nicsw_vlan_set_has(&move->vlans_after, vid) && takes_group(&move->port_after);

	*ret_member = after;
	if (before && after) /* the egress program that strips the tag comes or goes */
		return !move->port_before.access_vid != !move->port_after.access_vid;
	return before != after;
}

static void add_floods(struct nicsw_plan *plan, const struct transition *move, bool members)
{
	__u32 word;
	bool member;

	for (word = 0; word < ARRAY_SIZE(move->vlans_after.words); word++) {
		__u64 left = move->vlans_before.words[word] | move->vlans_after.words[word];

		for (; left; left &= left - 1) {
			__u32 vid = word * 64 + __builtin_ctzll(left);

			if (is_flood_affected(move, vid, &member) && member == members)
				add_flood(plan, vid);
		}
	}
}

/* Uplink and PF are in every group: the base group follows them; groups of VLANs exist only with a
 * switch. */
static void add_base_flood(struct nicsw_plan *plan, const struct transition *move)
{
	if (move->slot > NICSW_SLOT_PF)
		return;
	if (takes_group(&move->port_before) != takes_group(&move->port_after))
		add_flood(plan, NICSW_FLOOD_BASE);
}

static void widen(struct nicsw_plan *plan, const struct transition *move)
{
	add_vlans(plan, NICSW_STEP_VLAN_JOIN, move->slot, &move->vlans_after, &move->vlans_before);
	if (port_changed(move) && port_opens(move))
		add_port(plan, move->slot, &move->port_after);
	add_floods(plan, move, true);
	add_base_flood(plan, move);
}

static void narrow(struct nicsw_plan *plan, const struct transition *move)
{
	if (port_changed(move) && !port_opens(move))
		add_port(plan, move->slot, &move->port_after);
	add_vlans(plan, NICSW_STEP_VLAN_LEAVE, move->slot, &move->vlans_before, &move->vlans_after);
	add_floods(plan, move, false);
}

/* A table entry before and after the change. */
struct steering {
	bool before, after;
	__u64 key_before, key_after;
	__u32 slot_before, slot_after;
};

static bool same_place(const struct steering *steer)
{
	return steer->before && steer->after && steer->key_before == steer->key_after;
}

static void steer_set(struct nicsw_plan *plan, const struct steering *steer)
{
	if (!steer->after || (same_place(steer) && steer->slot_before == steer->slot_after))
		return;
	add_step(plan, &(struct nicsw_step){.kind = NICSW_STEP_TABLE_SET,
					    .key = steer->key_after,
					    .slot = steer->slot_after});
}

static void steer_clear(struct nicsw_plan *plan, const struct steering *steer)
{
	if (!steer->before || same_place(steer))
		return;
	add_step(plan,
		 &(struct nicsw_step){.kind = NICSW_STEP_TABLE_CLEAR, .key = steer->key_before});
}

static void steer_filter(struct nicsw_plan *plan, const struct nicsw_change *before,
			 const struct nicsw_change *after, __u32 filter)
{
	struct steering steer = {};

	steer.before = nicsw_derive_entry(before, filter, &steer.key_before, &steer.slot_before);
	steer.after = nicsw_derive_entry(after, filter, &steer.key_after, &steer.slot_after);
	steer_set(plan, &steer);
	steer_clear(plan, &steer);
}

static void steer_station(struct nicsw_plan *plan, const struct nicsw_change *before,
			  const struct nicsw_change *after)
{
	struct steering steer = {.slot_before = NICSW_SLOT_PF, .slot_after = NICSW_SLOT_PF};

	steer.before = nicsw_derive_station(before, &steer.key_before);
	steer.after = nicsw_derive_station(after, &steer.key_after);
	steer_set(plan, &steer);
	steer_clear(plan, &steer);
}

/* The filters of a VPort that is activated: they begin to steer (LC-VP-1: it never goes back). */
static void steer_vport(struct nicsw_plan *plan, const struct nicsw_change *before,
			const struct nicsw_change *after, __u32 vport)
{
	const struct nicsw_filter_index *index = &after->dataplane->index;
	__u32 filter;

	for (filter = index->first[vport]; filter; filter = index->next[filter])
		steer_filter(plan, before, after, filter);
}

static void steer(struct nicsw_plan *plan, const struct nicsw_change *before,
		  const struct nicsw_change *after)
{
	const struct nicsw_journal *entry = &after->entry;
	__u32 i;

	for (i = 0; i < entry->num_writes; i++) {
		const struct nicsw_journal_write *write = &entry->writes[i];

		if (write->map == NICSW_MAP_FILTERS)
			steer_filter(plan, before, after, write->index);
		else if (write->map == NICSW_MAP_VPORTS)
			steer_vport(plan, before, after, write->index);
		else if (write->map == NICSW_MAP_META)
			steer_station(plan, before, after);
	}
}

static void touch(struct nicsw_slot_set *touched, __u32 slot)
{
	if (slot != NICSW_NONE)
		touched->words[slot / 64] |= 1ull << (slot % 64);
}

static void touch_filter(struct nicsw_slot_set *touched, const struct nicsw_change *change,
			 __u32 filter)
{
	const struct nicsw_filter_record *record =
		nicsw_change_view(change, NICSW_MAP_FILTERS, filter);

	if (record->state == NICSW_USED)
		touch(touched, nicsw_derive_vport_slot(change, record->vport_id));
}

static void touch_all(struct nicsw_slot_set *touched, __u32 slots)
{
	__u32 slot;

	for (slot = 0; slot < slots; slot++)
		touch(touched, slot);
}

/* The ports whose records can differ after the change. */
static void find_touched(struct nicsw_slot_set *touched, const struct nicsw_change *before,
			 const struct nicsw_change *after)
{
	const struct nicsw_journal *entry = &after->entry;
	__u32 i;

	for (i = 0; i < entry->num_writes; i++) {
		__u32 index = entry->writes[i].index;

		switch (entry->writes[i].map) {
		case NICSW_MAP_META: /* switch, MTU, PF MAC */
			touch_all(touched, after->dataplane->maps.meta->slots);
			break;
		case NICSW_MAP_VFS:
			touch(touched, NICSW_SLOT_VF(index));
			break;
		case NICSW_MAP_CONFIG_SPACE:
			touch(touched, index ? NICSW_SLOT_VF(index - 1) : NICSW_NONE);
			break;
		case NICSW_MAP_VPORTS:
			touch(touched, nicsw_derive_vport_slot(before, index));
			touch(touched, nicsw_derive_vport_slot(after, index));
			break;
		case NICSW_MAP_FILTERS:
			touch_filter(touched, before, index);
			touch_filter(touched, after, index);
			break;
		}
	}
}

static void for_each_touched(struct nicsw_plan *plan, const struct nicsw_slot_set *touched,
			     const struct nicsw_change *before, const struct nicsw_change *after,
			     void (*visit)(struct nicsw_plan *plan, const struct transition *move))
{
	struct transition move;
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(touched->words); word++) {
		__u64 left = touched->words[word];

		for (; left; left &= left - 1) {
			move.slot = word * 64 + __builtin_ctzll(left);
			nicsw_derive_port(before, move.slot, &move.port_before, &move.vlans_before);
			nicsw_derive_port(after, move.slot, &move.port_after, &move.vlans_after);
			visit(plan, &move);
		}
	}
}

int nicsw_plan_build(struct nicsw_plan *plan, const struct nicsw_change *change)
{
	_cleanup_free_ struct nicsw_change *before = malloc(sizeof(*before));
	struct nicsw_slot_set touched = {};

	if (!before)
		return -ENOMEM;
	nicsw_change_begin(before, change->dataplane, "before");
	find_touched(&touched, before, change);
	for_each_touched(plan, &touched, before, change, widen);
	steer(plan, before, change);
	for_each_touched(plan, &touched, before, change, narrow);
	return plan->failed;
}
