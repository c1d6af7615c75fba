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

static void add_flood(struct nicsw_plan *plan, __u32 vid, bool widens)
{
	add_step(plan,
		 &(struct nicsw_step){.kind = NICSW_STEP_FLOOD, .vid = vid, .widens = widens});
}

static void add_port(struct nicsw_plan *plan, __u32 slot, const struct nicsw_port *port)
{
	add_step(plan, &(struct nicsw_step){.kind = NICSW_STEP_PORT, .slot = slot, .port = *port});
}

static bool port_changed(const struct transition *move)
{
	return memcmp(&move->port_before, &move->port_after, sizeof(move->port_after)) != 0;
}

/*
 * Is the port written before the steering? One that opens is. So is one that stays open and ceases
 * to be the access port of its VLAN: a frame of another VLAN must not lose its tag on the way to it
 * (MATCH-14).
 */
static bool is_widened(const struct transition *move)
{
	const struct nicsw_port *before = &move->port_before, *after = &move->port_after;

	if (after->flags != before->flags)
		return after->flags & ~before->flags;
	return before->access_vid && before->access_vid != after->access_vid;
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

/* Joined groups are written when widening, left ones when narrowing. */
static bool is_flood_affected(const struct transition *move, __u32 vid, bool widening)
{
	bool before = nicsw_vlan_set_has(&move->vlans_before, vid) &&
		      nicsw_takes_group(&move->port_before);
	bool after =
		nicsw_vlan_set_has(&move->vlans_after, vid) && nicsw_takes_group(&move->port_after);
	bool strip_changed = !move->port_before.access_vid != !move->port_after.access_vid;

	/* The egress program that strips the tag comes or goes, as the port that was just written
	 * says. */
	if (after && strip_changed && is_widened(move) == widening)
		return true;
	return before != after && after == widening;
}

static void add_floods(struct nicsw_plan *plan, const struct transition *move, bool widening)
{
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(move->vlans_after.words); word++) {
		__u64 left = move->vlans_before.words[word] | move->vlans_after.words[word];

		for (; left; left &= left - 1) {
			__u32 vid = word * 64 + __builtin_ctzll(left);

			if (is_flood_affected(move, vid, widening))
				add_flood(plan, vid, widening);
		}
	}
}

/* Uplink and PF are in every group: the base group follows them; groups of VLANs exist only with a
 * switch. */
static void add_base_flood(struct nicsw_plan *plan, const struct transition *move, bool widening)
{
	bool after = nicsw_takes_group(&move->port_after);

	if (move->slot <= NICSW_SLOT_PF && nicsw_takes_group(&move->port_before) != after &&
	    after == widening)
		add_flood(plan, NICSW_FLOOD_BASE, widening);
}

static void widen(struct nicsw_plan *plan, const struct transition *move)
{
	add_vlans(plan, NICSW_STEP_VLAN_JOIN, move->slot, &move->vlans_after, &move->vlans_before);
	if (port_changed(move) && is_widened(move))
		add_port(plan, move->slot, &move->port_after);
	add_floods(plan, move, true);
	add_base_flood(plan, move, true);
}

static void narrow(struct nicsw_plan *plan, const struct transition *move)
{
	if (port_changed(move) && !is_widened(move))
		add_port(plan, move->slot, &move->port_after);
	add_vlans(plan, NICSW_STEP_VLAN_LEAVE, move->slot, &move->vlans_before, &move->vlans_after);
	add_floods(plan, move, false);
	add_base_flood(plan, move, false);
}

/* A change as the steering sees it. Entries to clear are kept apart: all sets come first. */
struct steering {
	struct nicsw_plan *plan;
	struct nicsw_plan clears;
	const struct nicsw_change *before, *after;
};

/* What one filter, or the station, has in the table. */
struct table_entry {
	bool there;
	__u64 key;
	__u32 slot;
};

static void add_set(struct nicsw_plan *plan, __u64 key, __u32 slot)
{
	add_step(plan,
		 &(struct nicsw_step){.kind = NICSW_STEP_TABLE_SET, .key = key, .slot = slot});
}

static void steer_entry(struct steering *steering, const struct table_entry *before,
			const struct table_entry *after)
{
	bool same_key = before->there && after->there && before->key == after->key;

	if (after->there && !(same_key && before->slot == after->slot))
		add_set(steering->plan, after->key, after->slot);
	if (before->there && !same_key)
		add_step(&steering->clears,
			 &(struct nicsw_step){.kind = NICSW_STEP_TABLE_CLEAR, .key = before->key});
}

static void steer_filter(struct steering *steering, __u32 filter)
{
	struct table_entry before = {}, after = {};

	before.there = nicsw_derive_entry(steering->before, filter, &before.key, &before.slot);
	after.there = nicsw_derive_entry(steering->after, filter, &after.key, &after.slot);
	steer_entry(steering, &before, &after);
}

static void steer_station(struct steering *steering)
{
	struct table_entry before = {.slot = NICSW_SLOT_PF}, after = {.slot = NICSW_SLOT_PF};

	before.there = nicsw_derive_station(steering->before, &before.key);
	after.there = nicsw_derive_station(steering->after, &after.key);
	steer_entry(steering, &before, &after);
}

static bool is_edited(const struct nicsw_change *change, enum nicsw_record_map map, __u32 index)
{
	const struct nicsw_journal *entry = &change->entry;
	__u32 i;

	for (i = 0; i < entry->num_writes; i++)
		if (entry->writes[i].map == map && entry->writes[i].index == index)
			return true;
	return false;
}

/* The filters of a VPort that is activated: they begin to steer (LC-VP-1: it never goes back).
 * Edited ones have their turn by themselves. */
static void steer_vport(struct steering *steering, __u32 vport)
{
	const struct nicsw_filter_index *index = &steering->after->dataplane->index;
	__u32 filter;

	for (filter = index->first[vport]; filter; filter = index->next[filter])
		if (!is_edited(steering->after, NICSW_MAP_FILTERS, filter))
			steer_filter(steering, filter);
}

static bool is_set(const struct nicsw_plan *plan, __u64 key)
{
	size_t i;

	for (i = 0; i < plan->num_steps; i++)
		if (plan->steps[i].kind == NICSW_STEP_TABLE_SET && plan->steps[i].key == key)
			return true;
	return false;
}

/* The PF's own address, once no filter has it any more. */
static bool is_station(const struct nicsw_change *change, __u64 key)
{
	const struct nicsw_meta *meta = nicsw_change_view(change, NICSW_MAP_META, 0);
	__u64 station;

	return nicsw_key(meta->pf_mac, 0) == key && nicsw_derive_station(change, &station);
}

/* A key that another filter has now is not cleared: setting it has moved it. */
static void add_clears(struct steering *steering)
{
	struct nicsw_plan *plan = steering->plan;
	size_t i;

	for (i = 0; i < steering->clears.num_steps; i++) {
		const struct nicsw_step *step = &steering->clears.steps[i];

		if (is_set(plan, step->key))
			continue;
		if (is_station(steering->after, step->key))
			add_set(plan, step->key, NICSW_SLOT_PF);
		else
			add_step(plan, step);
	}
	if (steering->clears.failed)
		plan->failed = steering->clears.failed;
}

static void steer(struct nicsw_plan *plan, const struct nicsw_change *before,
		  const struct nicsw_change *after)
{
	struct steering steering = {.plan = plan, .before = before, .after = after};
	const struct nicsw_journal *entry = &after->entry;
	__u32 i;

	for (i = 0; i < entry->num_writes; i++) {
		const struct nicsw_journal_write *write = &entry->writes[i];

		if (write->map == NICSW_MAP_FILTERS)
			steer_filter(&steering, write->index);
		else if (write->map == NICSW_MAP_VPORTS)
			steer_vport(&steering, write->index);
		else if (write->map == NICSW_MAP_META)
			steer_station(&steering);
	}
	add_clears(&steering);
	nicsw_plan_free(&steering.clears);
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
			if (index)
				touch(touched, NICSW_SLOT_VF(index - 1));
			else /* no VF is more awake than the PF (PCI-101) */
				touch_all(touched, after->dataplane->maps.meta->slots);
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

static size_t count_touched(const struct nicsw_slot_set *touched)
{
	size_t word, count = 0;

	for (word = 0; word < ARRAY_SIZE(touched->words); word++)
		count += __builtin_popcountll(touched->words[word]);
	return count;
}

static void derive_transitions(struct transition *moves, const struct nicsw_slot_set *touched,
			       const struct nicsw_change *before, const struct nicsw_change *after)
{
	struct transition *move = moves;
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(touched->words); word++) {
		__u64 left = touched->words[word];

		for (; left; left &= left - 1, move++) {
			move->slot = word * 64 + __builtin_ctzll(left);
			nicsw_derive_port(before, move->slot, &move->port_before,
					  &move->vlans_before);
			nicsw_derive_port(after, move->slot, &move->port_after, &move->vlans_after);
		}
	}
}

int nicsw_plan_build(struct nicsw_plan *plan, const struct nicsw_change *change)
{
	_cleanup_free_ struct nicsw_change *before = malloc(sizeof(*before));
	_cleanup_free_ struct transition *moves = NULL;
	struct nicsw_slot_set touched = {};
	size_t i, num_moves;

	if (!before)
		return -ENOMEM;
	nicsw_change_begin(before, change->dataplane, "before");
	find_touched(&touched, before, change);
	num_moves = count_touched(&touched);
	moves = aligned_alloc(64, (num_moves + 1) * sizeof(*moves));
	if (!moves)
		return -ENOMEM;
	derive_transitions(moves, &touched, before, change);
	for (i = 0; i < num_moves; i++)
		widen(plan, &moves[i]);
	steer(plan, before, change);
	for (i = 0; i < num_moves; i++)
		narrow(plan, &moves[i]);
	return plan->failed;
}
