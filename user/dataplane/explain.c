// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/explain.h"

#include <nicsw/ndis.h>

static void free_counters(struct nicsw_explained *explained)
{
	free(explained->counters);
}

static void describe_port(const struct nicsw_dataplane *dataplane, __u32 slot,
			  struct nicsw_why_port *ret)
{
	*ret = (struct nicsw_why_port){
		.slot = slot, .vport_id = NICSW_NONE, .function = NICSW_NONE};
	if (slot == NICSW_SLOT_PF) {
		ret->vport_id = NDIS_DEFAULT_VPORT_ID;
		ret->function = NICSW_FUNCTION_PF;
	} else if (slot != NICSW_SLOT_UPLINK && slot < dataplane->maps.meta->slots) {
		ret->function = slot < NICSW_SLOT_PF_VPORT(dataplane->maps.meta->total_vfs, 0)
					? slot - NICSW_SLOT_VF(0)
					: NICSW_FUNCTION_PF;
		ret->vport_id = dataplane->vf_vports[slot - NICSW_SLOT_VF(0)];
	}
}

static void add_receiver(const struct nicsw_dataplane *dataplane, __u32 slot, __u32 length,
			 bool tagged, struct nicsw_why_verdict *verdict)
{
	struct nicsw_why_port *receiver = &verdict->receivers[verdict->num_receivers++];

	describe_port(dataplane, slot, receiver);
	receiver->length = length;
	receiver->tagged = tagged;
}

/* ---- what the programs said --------------------------------------------------------------------
 */

/* The receivers are those whose counters the frame raised. */
static void take_receivers(const struct nicsw_dataplane *dataplane,
			   const struct nicsw_explained *explained, struct nicsw_why_verdict *ret)
{
	const struct nicsw_verdict *record = &explained->verdict;
	__u32 plain = record->length - record->tag_length, slot;

	for (slot = 0; slot < dataplane->maps.meta->slots; slot++) {
		const struct nicsw_counters *counters = &explained->counters[slot];

		if (counters->rx_packets[record->cast])
			add_receiver(dataplane, slot, counters->rx_bytes[record->cast],
				     counters->rx_bytes[record->cast] > plain, ret);
	}
}

static void take_record(const struct nicsw_dataplane *dataplane,
			const struct nicsw_explained *explained, struct nicsw_why_verdict *ret)
{
	const struct nicsw_verdict *record = &explained->verdict;

	ret->reason = record->reason;
	ret->cast = record->cast;
	ret->vid = record->vid;
	ret->matched = record->matched;
	describe_port(dataplane, record->counted_at, &ret->counted_at);
	take_receivers(dataplane, explained, ret);
}

/* ---- what the model says ------------------------------------------------------------------------
 */

static int ask_model(const struct nicsw_world *world, __u32 slot, const struct nicsw_why *why,
		     __u32 nonlinear, struct nicsw_model_verdict *ret)
{
	_cleanup_free_ struct nicsw_model_frame *frame = malloc(sizeof(*frame));
	struct nicsw_model model = world->model;

	if (!frame)
		return -ENOMEM;
	model.no_egress = true; /* as of the program it is compared with: see drop_copies() */
	frame->length = why->length;
	frame->linear_length = why->length - MIN(nonlinear, why->length);
	memcpy(frame->bytes, why->bytes, why->length);
	return nicsw_model_decide(&model, frame, slot, ret);
}

static void take_model(const struct nicsw_dataplane *dataplane,
		       const struct nicsw_model_verdict *model, struct nicsw_why_verdict *ret)
{
	__u32 i;

	ret->reason = model->reason;
	ret->cast = model->cast;
	ret->vid = model->vid;
	ret->matched = model->matched;
	describe_port(dataplane, model->counted_at, &ret->counted_at);
	for (i = 0; i < model->num_copies; i++)
		add_receiver(dataplane, model->copies[i].slot,
			     nicsw_model_output(model, model->copies[i].tagged)->length,
			     model->copies[i].tagged, ret);
}

/* ---- do they agree ------------------------------------------------------------------------------
 */

static bool same_receivers(const struct nicsw_why_verdict *a, const struct nicsw_why_verdict *b)
{
	return a->num_receivers == b->num_receivers &&
	       memcmp(a->receivers, b->receivers, a->num_receivers * sizeof(a->receivers[0])) == 0;
}

/* The frame as it is handed on, before copies for access ports lose their tag. */
static bool same_bytes(const struct nicsw_explained *explained,
		       const struct nicsw_model_verdict *model)
{
	bool tagged = model->cast == NICSW_UNICAST ? model->num_copies && model->copies[0].tagged
						   : model->switched_tagged;
	const struct nicsw_model_frame *wanted = nicsw_model_output(model, tagged);

	return explained->length == wanted->length &&
	       memcmp(explained->bytes, wanted->bytes, wanted->length) == 0;
}

/* Of the clock, which the model does not judge. */
static bool is_limit(__u32 reason)
{
	return reason == NICSW_REASON_RATE_LIMITED || reason == NICSW_REASON_STORM;
}

/* In what they differ, or "". Of a frame that was dropped only the reason counts. */
static const char *difference(const struct nicsw_why_answer *answer,
			      const struct nicsw_explained *explained,
			      const struct nicsw_model_verdict *model)
{
	const struct nicsw_why_verdict *a = &answer->program, *b = &answer->model;

	if (is_limit(a->reason))
		return "";
	if (a->reason != b->reason)
		return "verdict";
	if (a->cast != b->cast)
		return "kind of destination";
	if (a->reason)
		return a->counted_at.slot == b->counted_at.slot ? "" : "counter";
	if (a->vid != b->vid)
		return "VLAN";
	if (a->matched != b->matched)
		return "match";
	if (!same_receivers(a, b))
		return "receivers";
	return same_bytes(explained, model) ? "" : "bytes";
}

/* ---- behind the exit ----------------------------------------------------------------------------
 */

static bool is_member(const struct nicsw_slot_set *group, __u32 slot)
{
	return group->words[slot / 64] >> (slot % 64) & 1;
}

/*
 * The copies that the kernel makes are those of the flood group, whatever was counted: they replace
 * the program's receivers. False: a port that counts is not in the group, or the other way round.
 */
static bool take_group(const struct nicsw_dataplane *dataplane, const struct nicsw_world *world,
		       const struct nicsw_explained *explained, const struct nicsw_slot_set *group,
		       struct nicsw_why_verdict *verdict)
{
	const struct nicsw_verdict *record = &explained->verdict;
	__u32 plain = record->length - record->tag_length, slot;
	bool same = true;

	verdict->num_receivers = 0;
	for (slot = 0; slot < world->model.num_ports; slot++) {
		bool tagged = record->out_length > plain && !world->ports[slot].port.access_vid;
		bool counted = explained->counters[slot].rx_packets[record->cast];
		bool member = is_member(group, slot) && slot != record->target;

		same = same && (counted == member || world->ports[slot].absent);
		if (member)
			add_receiver(dataplane, slot, tagged ? record->out_length : plain, tagged,
				     verdict);
	}
	return same;
}

/* -ENOENT: there is no group, as the programs have found, too. */
static int follow_group(const struct nicsw_dataplane *dataplane, const struct nicsw_world *world,
			const struct nicsw_explained *explained, struct nicsw_why_answer *answer)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	const struct nicsw_verdict *record = &explained->verdict;
	struct nicsw_slot_set group;
	int result;

	if (record->reason || record->cast == NICSW_UNICAST || record->flooded >= NICSW_FLOOD_BASE)
		return 0;
	result = maps->ops->flood_get(maps, record->flooded, &group);
	if (result == -ENOENT)
		result = maps->ops->flood_get(maps, NICSW_FLOOD_BASE, &group);
	if (result)
		return result;
	if (!take_group(dataplane, world, explained, &group, &answer->program) &&
	    !*answer->difference)
		strcpy(answer->difference, "flood group");
	return 0;
}

/* Below a VEPA a reflected copy is kept from the VPort that sent it (nicsw_egress_vepa). */
static bool is_own_reflection(const struct nicsw_world *world, const struct nicsw_why *why,
			      const struct nicsw_why_verdict *verdict, __u32 slot)
{
	const __u8 *source = why->bytes + NICSW_MAC_SIZE;
	const struct nicsw_port *port = &world->ports[slot].port;

	return slot != NICSW_SLOT_UPLINK && port->flags & NICSW_PORT_VEPA &&
	       (port->station == nicsw_key(source, 0) ||
		nicsw_model_find(&world->model, source, verdict->vid) == slot);
}

/* Copies of a group frame that were counted and do not arrive: there no program drops, the group
 * does. */
static void drop_copies(const struct nicsw_world *world, const struct nicsw_why *why,
			struct nicsw_why_verdict *verdict)
{
	__u32 i, kept = 0;

	if (verdict->cast == NICSW_UNICAST)
		return;
	for (i = 0; i < verdict->num_receivers; i++) {
		__u32 slot = verdict->receivers[i].slot;

		if (!world->ports[slot].absent && !is_own_reflection(world, why, verdict, slot))
			verdict->receivers[kept++] = verdict->receivers[i];
	}
	verdict->num_receivers = kept;
}

/* Of any VLAN where there is none of this one (MATCH-12). */
static __u32 matching_filter(const struct nicsw_world *world, const struct nicsw_why *why,
			     const struct nicsw_verdict *record)
{
	__u32 filter;

	if (!record->matched || record->cast != NICSW_UNICAST)
		return NICSW_NONE;
	filter = nicsw_world_filter(world, why->bytes, record->vid);
	if (filter == NICSW_NONE && record->vid)
		filter = nicsw_world_filter(world, why->bytes, NICSW_VLAN_ANY);
	return filter ? filter : NICSW_NONE;
}

int nicsw_explain_judge(const struct nicsw_dataplane *dataplane, const struct nicsw_world *world,
			__u32 slot, const struct nicsw_why *why,
			const struct nicsw_explained *explained,
			struct nicsw_why_answer *ret_answer)
{
	_cleanup_free_ struct nicsw_model_verdict *model = malloc(sizeof(*model));
	const struct nicsw_verdict *record = &explained->verdict;
	int result;

	if (!model)
		return -ENOMEM;
	result = ask_model(world, slot, why, record->nonlinear, model);
	if (result)
		return result;
	memset(ret_answer, 0, sizeof(*ret_answer));
	describe_port(dataplane, slot, &ret_answer->ingress);
	take_record(dataplane, explained, &ret_answer->program);
	take_model(dataplane, model, &ret_answer->model);
	snprintf(ret_answer->difference, sizeof(ret_answer->difference), "%s",
		 difference(ret_answer, explained, model));
	result = follow_group(dataplane, world, explained, ret_answer);
	if (result)
		return result;
	drop_copies(world, why, &ret_answer->program);
	drop_copies(world, why, &ret_answer->model);
	ret_answer->stage = record->stage;
	ret_answer->steps = nicsw_explain_steps(world, slot, why->bytes, record);
	ret_answer->filter_id = matching_filter(world, why, record);
	return 0;
}

int nicsw_explain(struct nicsw_dataplane *dataplane, const char *pin_dir, __u32 slot,
		  const struct nicsw_why *why, struct nicsw_why_answer *ret_answer,
		  struct nicsw_error *error)
{
	const struct nicsw_meta *meta = dataplane->maps.meta;
	_cleanup_(nicsw_world_free) struct nicsw_world world = {};
	_cleanup_(free_counters) struct nicsw_explained explained = {
		.counters = calloc(meta->slots, sizeof(*explained.counters))};
	int result;

	if (!explained.counters)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	result = nicsw_loader_explain(pin_dir, meta, slot, why->bytes, why->length, &explained,
				      error);
	if (result)
		return result;
	result = nicsw_world_open(dataplane, &world);
	if (!result)
		result = nicsw_explain_judge(dataplane, &world, slot, why, &explained, ret_answer);
	return result ? nicsw_fail(error, result, NULL, "%s", strerror(-result)) : 0;
}
