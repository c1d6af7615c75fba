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

static void add_port(struct nicsw_plan *plan, __u32 slot, const struct nicsw_port *port)
{
	add_step(plan, &(struct nicsw_step){.kind = NICSW_STEP_PORT, .slot = slot, .port = *port});
}

static bool port_changed(const struct transition *move)
{
	return memcmp(&move->port_before, &move->port_after, sizeof(move->port_after)) != 0;
}

/* Flags that let frames through; others choose how. */
#define OPENING                                                                                    \
	(NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS |             \
	 NICSW_PORT_GROUP | NICSW_PORT_UNMATCHED | NICSW_PORT_UNTAGGED)

/*
 * Is the port written before the steering? One that opens is. So is one that stays open and ceases
 * to be the access port of its VLAN: a frame of another VLAN must not lose its tag on the way to it
 * (MATCH-14).
 */
static bool is_widened(const struct transition *move)
{
	const struct nicsw_port *before = &move->port_before, *after = &move->port_after;

	if ((after->flags ^ before->flags) & OPENING)
		return after->flags & ~before->flags & OPENING;
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

/* Flood groups to write, each once. One bit per key. */
struct groups {
	__u64 words[NICSW_FLOOD_BASE / 64 + 1];
};

/* Of one class, before and after the change: a class without groups of its own has no members. */
struct membership {
	__u32 class;
	bool before, after;
};

/* Joined groups are written when widening, left ones when narrowing. */
static bool is_flood_affected(const struct transition *move, const struct membership *membership,
			      __u32 vid, bool widening)
{
	bool before = nicsw_vlan_set_has(&move->vlans_before, vid) && membership->before;
	bool after = nicsw_vlan_set_has(&move->vlans_after, vid) && membership->after;
	bool form_changed = !move->port_before.access_vid != !move->port_after.access_vid ||
			    (move->port_before.flags ^ move->port_after.flags) & NICSW_PORT_VEPA;

	/* A member of which the group knows in what form it takes the frame: after its port record,
	 * which says. */
	if (after && form_changed && is_widened(move) == widening)
		return true;
	return before != after && after == widening;
}

static void add_floods(struct groups *groups, const struct transition *move,
		       const struct membership *membership, bool widening)
{
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(move->vlans_after.words); word++) {
		__u64 left = move->vlans_before.words[word] | move->vlans_after.words[word];

		for (; left; left &= left - 1) {
			__u32 vid = word * 64 + __builtin_ctzll(left);

			if (is_flood_affected(move, membership, vid, widening))
				groups->words[(vid | membership->class) / 64] |= 1ull << (vid % 64);
		}
	}
}

/* Uplink and PF are in every group: the base group follows them; groups of VLANs exist only with a
 * switch. */
static void add_base_flood(struct groups *groups, const struct transition *move, bool widening)
{
	bool after = nicsw_takes_group(&move->port_after, 0);

	if (move->slot <= NICSW_SLOT_PF && nicsw_takes_group(&move->port_before, 0) != after &&
	    after == widening)
		groups->words[NICSW_FLOOD_BASE / 64] |= 1ull << (NICSW_FLOOD_BASE % 64);
}

/* A change as the ports see it. */
struct widths {
	const struct transition *moves;
	size_t num_moves;
	__u32 features_before, features_after;
};

/*
 * A class that comes into use is written when widening, from ports as they were: one that is not to
 * be a member has to leave it again when narrowing (GEN-22).
 */
static bool was_class_written(const struct widths *widths, __u32 class, bool widening)
{
	return nicsw_flood_class_used(class, widths->features_before) ||
	       (!widening && nicsw_flood_class_used(class, widths->features_after));
}

static void collect_floods(struct groups *groups, const struct widths *widths,
			   const struct transition *move, bool widening)
{
	__u32 i;

	for (i = 0; i < NICSW_FLOOD_CLASSES; i++) {
		struct membership membership = {.class = NICSW_FLOOD_CLASS(i)};

		membership.before = was_class_written(widths, membership.class, widening) &&
				    nicsw_takes_group(&move->port_before, membership.class);
		membership.after =
			nicsw_flood_class_used(membership.class, widths->features_after) &&
			nicsw_takes_group(&move->port_after, membership.class);
		add_floods(groups, move, &membership, widening);
	}
	add_base_flood(groups, move, widening);
}

/* After the ports, each group once: what a group holds is read from them. */
static void write_floods(struct nicsw_plan *plan, const struct widths *widths, bool widening)
{
	_cleanup_free_ struct groups *groups = calloc(1, sizeof(*groups));
	size_t i;

	if (!groups) {
		plan->failed = -ENOMEM;
		return;
	}
	for (i = 0; i < widths->num_moves; i++)
		collect_floods(groups, widths, &widths->moves[i], widening);
	for (i = 0; i < ARRAY_SIZE(groups->words); i++) {
		__u64 left = groups->words[i];

		for (; left; left &= left - 1)
			add_step(plan, &(struct nicsw_step){.kind = NICSW_STEP_FLOOD,
							    .vid = i * 64 + __builtin_ctzll(left),
							    .widens = widening});
	}
}

static void widen_port(struct nicsw_plan *plan, const struct transition *move)
{
	add_vlans(plan, NICSW_STEP_VLAN_JOIN, move->slot, &move->vlans_after, &move->vlans_before);
	if (port_changed(move) && is_widened(move))
		add_port(plan, move->slot, &move->port_after);
}

static void narrow_port(struct nicsw_plan *plan, const struct transition *move)
{
	if (port_changed(move) && !is_widened(move))
		add_port(plan, move->slot, &move->port_after);
	add_vlans(plan, NICSW_STEP_VLAN_LEAVE, move->slot, &move->vlans_before, &move->vlans_after);
}

static void widen(struct nicsw_plan *plan, const struct widths *widths)
{
	size_t i;

	for (i = 0; i < widths->num_moves; i++)
		widen_port(plan, &widths->moves[i]);
	write_floods(plan, widths, true);
}

static void narrow(struct nicsw_plan *plan, const struct widths *widths)
{
	size_t i;

	for (i = 0; i < widths->num_moves; i++)
		narrow_port(plan, &widths->moves[i]);
	write_floods(plan, widths, false);
}

/* A change as the steering sees it. Entries to clear are kept apart: all sets come first. */
struct steering {
	struct nicsw_plan *plan;
	struct nicsw_plan clears;
	const struct nicsw_change *before, *after;
};

/* What one filter, or the station, has in the table. */
struct entries {
	struct nicsw_derived_entry list[NICSW_DERIVED_ENTRIES];
	__u32 count;
};

static void add_set(struct nicsw_plan *plan, __u64 key, __u32 slot)
{
	add_step(plan,
		 &(struct nicsw_step){.kind = NICSW_STEP_TABLE_SET, .key = key, .slot = slot});
}

static const struct nicsw_derived_entry *find_entry(const struct entries *entries, __u64 key)
{
	__u32 i;

	for (i = 0; i < entries->count; i++)
		if (entries->list[i].key == key)
			return &entries->list[i];
	return NULL;
}

static void steer_entries(struct steering *steering, const struct entries *before,
			  const struct entries *after)
{
	const struct nicsw_derived_entry *same;
	__u32 i;

	for (i = 0; i < after->count; i++) {
		same = find_entry(before, after->list[i].key);
		if (!same || same->slot != after->list[i].slot)
			add_set(steering->plan, after->list[i].key, after->list[i].slot);
	}
	for (i = 0; i < before->count; i++)
		if (!find_entry(after, before->list[i].key))
			add_step(&steering->clears,
				 &(struct nicsw_step){.kind = NICSW_STEP_TABLE_CLEAR,
						      .key = before->list[i].key});
}

static void steer_filter(struct steering *steering, __u32 filter)
{
	struct entries before = {}, after = {};

	before.count = nicsw_derive_entries(steering->before, filter, before.list);
	after.count = nicsw_derive_entries(steering->after, filter, after.list);
	steer_entries(steering, &before, &after);
}

static void steer_station(struct steering *steering)
{
	struct entries before = {.list[0].slot = NICSW_SLOT_PF};
	struct entries after = {.list[0].slot = NICSW_SLOT_PF};

	before.count = nicsw_derive_station(steering->before, &before.list[0].key);
	after.count = nicsw_derive_station(steering->after, &after.list[0].key);
	steer_entries(steering, &before, &after);
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

/* A VF whose policy puts its filters into other VLANs: they steer otherwise. */
static void steer_vf(struct steering *steering, __u32 vf)
{
	const struct nicsw_vf_record *before =
		nicsw_change_view(steering->before, NICSW_MAP_VFS, vf);
	const struct nicsw_vf_record *after = nicsw_change_view(steering->after, NICSW_MAP_VFS, vf);
	__u32 vport = steering->after->dataplane->vf_vports[vf];

	if (vport != NICSW_NONE && !is_edited(steering->after, NICSW_MAP_VPORTS, vport) &&
	    memcmp(&before->policy, &after->policy, sizeof(after->policy)) != 0)
		steer_vport(steering, vport);
}

static size_t count_sets(const struct nicsw_plan *plan, __u64 key)
{
	size_t i, count = 0;

	for (i = 0; i < plan->num_steps; i++)
		count += plan->steps[i].kind == NICSW_STEP_TABLE_SET && plan->steps[i].key == key;
	return count;
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

		if (count_sets(plan, step->key))
			continue;
		if (is_station(steering->after, step->key))
			add_set(plan, step->key, NICSW_SLOT_PF);
		else
			add_step(plan, step);
	}
	if (steering->clears.failed)
		plan->failed = steering->clears.failed;
}

static bool is_cleared(const struct steering *steering, __u64 key)
{
	size_t i;

	for (i = 0; i < steering->clears.num_steps; i++)
		if (steering->clears.steps[i].key == key)
			return true;
	return false;
}

/* Was the key somebody's whom this change takes it from: a filter that moves, or the station? */
static bool is_taken_over(const struct steering *steering, __u64 key)
{
	const struct nicsw_journal *entry = &steering->after->entry;
	struct entries before = {};
	__u32 i;

	if (is_cleared(steering, key) || is_station(steering->before, key))
		return true;
	for (i = 0; i < entry->num_writes; i++) {
		if (entry->writes[i].map != NICSW_MAP_FILTERS)
			continue;
		before.count =
			nicsw_derive_entries(steering->before, entry->writes[i].index, before.list);
		if (find_entry(&before, key))
			return true;
	}
	return false;
}

/*
 * SET-RF-28, where policies put filters of different VLANs into one: a key that another filter has
 * is never taken from it. Nor shared, though both be on one VPort: the end of one would be that of
 * both.
 */
static void find_conflict(struct steering *steering)
{
	struct nicsw_plan *plan = steering->plan;
	size_t i;

	for (i = 0; i < plan->num_steps; i++) {
		const struct nicsw_step *step = &plan->steps[i];

		if (step->kind != NICSW_STEP_TABLE_SET)
			continue;
		if (count_sets(plan, step->key) > 1 ||
		    (nicsw_table_find(&steering->after->dataplane->table, step->key) >= 0 &&
		     !is_taken_over(steering, step->key)))
			plan->failed = -EEXIST;
	}
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
		else if (write->map == NICSW_MAP_VFS)
			steer_vf(&steering, write->index);
		else if (write->map == NICSW_MAP_META)
			steer_station(&steering);
	}
	find_conflict(&steering);
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

static __u32 guaranteed_to(const struct nicsw_change *change, __u32 vf)
{
	const struct nicsw_vf_record *record = nicsw_change_view(change, NICSW_MAP_VFS, vf);

	return record->state == NICSW_USED ? record->policy.min_tx_rate : 0;
}

/* What is guaranteed to one VF is not the wire's to share out any more. */
static void touch_vf(struct nicsw_slot_set *touched, const struct nicsw_change *before,
		     const struct nicsw_change *after, __u32 vf)
{
	touch(touched, NICSW_SLOT_VF(vf));
	if (guaranteed_to(before, vf) != guaranteed_to(after, vf))
		touch(touched, NICSW_SLOT_UPLINK);
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
			touch_vf(touched, before, after, index);
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
	struct widths widths = {};

	if (!before)
		return -ENOMEM;
	nicsw_change_begin(before, change->dataplane, "before");
	find_touched(&touched, before, change);
	widths.num_moves = count_touched(&touched);
	widths.moves = moves = aligned_alloc(64, (widths.num_moves + 1) * sizeof(*moves));
	if (!moves)
		return -ENOMEM;
	derive_transitions(moves, &touched, before, change);
	widths.features_before = change->dataplane->maps.meta->features;
	widths.features_after =
		((const struct nicsw_meta *)nicsw_change_view(change, NICSW_MAP_META, 0))->features;
	widen(plan, &widths);
	steer(plan, before, change);
	narrow(plan, &widths);
	return plan->failed;
}
