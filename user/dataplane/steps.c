// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a frame's way, told from its record and the port it entered at: which rule led it
 * on at each stage (include/nicsw/why.h).
 */
#include "dataplane/explain.h"

#define TYPE_OFFSET      12
#define TYPE_TAG         0x8100
#define TYPE_SERVICE_TAG 0x88a8
#define VID_MASK         0x0fff

struct way {
	const struct nicsw_world *world;
	const __u8 *frame;
	const struct nicsw_verdict *verdict;
	const struct nicsw_port *port; /* that it entered at */
	__u32 slot;
	__u64 steps;
};

#define ADD(way, NAME) ((way)->steps |= 1ull << NICSW_WHY_STEP_##NAME)

static __u16 word_at(const struct way *way, __u32 offset)
{
	return way->frame[offset] << 8 | way->frame[offset + 1];
}

/* Told from the frame as it came in: to a service VLAN's port its tags are payload later on. */
static enum nicsw_why_step tag_step(const struct way *way)
{
	__u16 type = word_at(way, TYPE_OFFSET);

	if (type != TYPE_TAG && type != TYPE_SERVICE_TAG)
		return NICSW_WHY_STEP_UNTAGGED;
	if (type == TYPE_SERVICE_TAG && !(way->port->flags & NICSW_PORT_SERVICE))
		return NICSW_WHY_STEP_PAYLOAD;
	if (word_at(way, TYPE_OFFSET + 2) & VID_MASK)
		return NICSW_WHY_STEP_TAGGED;
	return type == TYPE_TAG ? NICSW_WHY_STEP_PRIORITY : NICSW_WHY_STEP_PAYLOAD;
}

static void add_parse(struct way *way)
{
	if (way->verdict->reason != NICSW_REASON_RUNT)
		way->steps |= 1ull << tag_step(way);
}

static bool takes_port_vlan(const struct way *way)
{
	__u16 access_vid = way->port->access_vid;

	return access_vid &&
	       (access_vid & NICSW_VLAN_SERVICE || tag_step(way) != NICSW_WHY_STEP_TAGGED);
}

/* The checks are made in this order; each is passed only by a frame that came to the next. */
static void add_admit(struct way *way)
{
	const __u32 limits = NICSW_PORT_RATE | NICSW_PORT_STORM | NICSW_PORT_SHARE;
	const __u32 vlan_checked = NICSW_PORT_SPOOF_CHECK | NICSW_PORT_TRUNK;
	const struct nicsw_port *port = way->port;
	__u32 reason = way->verdict->reason;

	if (reason == NICSW_REASON_SENDER_LINK_OFF || reason == NICSW_REASON_VPORT_INACTIVE ||
	    reason == NICSW_REASON_SENDER_NOT_READY)
		return;
	ADD(way, MAY_SEND);
	if (takes_port_vlan(way))
		ADD(way, VLAN_GIVEN);
	if (reason == NICSW_REASON_SOURCE_SPOOFED)
		return;
	port->flags &NICSW_PORT_SPOOF_CHECK ? ADD(way, SOURCE_OWN) : ADD(way, SOURCE_FREE);
	if (reason == NICSW_REASON_VLAN_VIOLATION)
		return;
	port->access_vid || port->flags &vlan_checked ? ADD(way, VLAN_OWN) : ADD(way, VLAN_FREE);
	if (port->flags & limits)
		ADD(way, LIMITS);
}

static void add_match(struct way *way)
{
	__u16 vid = way->verdict->vid;
	__u32 filter = nicsw_world_filter(way->world, way->frame, vid);

	if (!filter)
		ADD(way, STATION);
	else if (filter != NICSW_NONE || !vid)
		ADD(way, MATCHED);
	else
		ADD(way, MATCHED_ANY);
}

/* The PF's VPorts: the default one in front of those of the VFs, the others behind them. */
static bool is_of_pf(const struct way *way, __u32 slot)
{
	return slot == NICSW_SLOT_PF || slot + NICSW_PF_VPORTS >= way->world->model.num_ports;
}

static void add_unicast(struct way *way)
{
	const struct nicsw_verdict *verdict = way->verdict;
	bool wire = way->slot == NICSW_SLOT_UPLINK, pf = !wire && is_of_pf(way, way->slot);
	bool to_pf = is_of_pf(way, verdict->target);

	if (verdict->matched)
		add_match(way);
	if (verdict->reason == NICSW_REASON_SELF_ADDRESSED ||
	    verdict->reason == NICSW_REASON_ISOLATED)
		return;
	if (!verdict->matched)
		wire ? ADD(way, WIRE_TO_DEFAULT) : pf ? ADD(way, PF_TO_WIRE) : ADD(way, VF_TO_WIRE);
	else if (wire)
		ADD(way, WIRE_TO_VPORT);
	else if (verdict->target == NICSW_SLOT_UPLINK)
		ADD(way, VEPA);
	else if (pf)
		to_pf ? ADD(way, PF_TO_PF) : ADD(way, PF_TO_VF);
	else
		to_pf ? ADD(way, VF_TO_PF) : ADD(way, VF_TO_VF);
}

static void add_group(struct way *way)
{
	ADD(way, GROUP);
	if (way->verdict->reason && way->verdict->stage == NICSW_STAGE_LOOKUP)
		return;
	if (way->verdict->flooded == NICSW_FLOOD_BASE) {
		ADD(way, WIRE_ONLY);
		return;
	}
	way->verdict->cast == NICSW_BROADCAST ? ADD(way, BROADCAST) : ADD(way, MULTICAST);
	if (way->slot != NICSW_SLOT_UPLINK)
		ADD(way, GROUP_TO_WIRE);
	ADD(way, NOT_BACK);
}

/* As the switch hands the frame on; copies for access ports lose the tag behind it. */
static void add_act(struct way *way)
{
	const struct nicsw_verdict *verdict = way->verdict;

	if (verdict->reason || !verdict->out_length)
		return;
	if (verdict->out_length < verdict->length)
		ADD(way, TAG_REMOVED);
	else if (verdict->out_length > verdict->length)
		ADD(way, TAG_INSERTED);
	else
		ADD(way, TAG_AS_SENT);
}

__u64 nicsw_explain_steps(const struct nicsw_world *world, __u32 slot, const __u8 *frame,
			  const struct nicsw_verdict *verdict)
{
	struct way way = {world, frame, verdict, &world->ports[slot].port, slot, 0};

	add_parse(&way);
	if (verdict->stage >= NICSW_STAGE_ADMIT)
		add_admit(&way);
	if (verdict->stage >= NICSW_STAGE_LOOKUP)
		verdict->cast == NICSW_UNICAST ? add_unicast(&way) : add_group(&way);
	add_act(&way);
	return way.steps;
}
