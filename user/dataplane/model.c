// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/model.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define MACS   12u /* both addresses */
#define HEADER 14u

/* What the steps of one decision share. */
struct decision {
	const struct nicsw_model *model;
	const struct nicsw_model_frame *frame;
	struct nicsw_model_verdict *verdict;
	__u32 ingress;
	bool tagged;
	__u16 tci;
};

static const __u8 *destination_of(const struct decision *decision)
{
	return decision->frame->bytes;
}

static const __u8 *source_of(const struct decision *decision)
{
	return decision->frame->bytes + NICSW_MAC_SIZE;
}

static const struct nicsw_port *port_of(const struct decision *decision, __u32 slot)
{
	return &decision->model->ports[slot].port;
}

static bool has(const struct decision *decision, __u32 slot, __u32 flag)
{
	return port_of(decision, slot)->flags & flag;
}

static bool vlan_admits(const struct decision *decision, __u32 slot)
{
	__u16 vid = decision->verdict->vid;

	return decision->model->ports[slot].vlan_set[vid / 64] >> (vid % 64) & 1;
}

/* The last word on a frame: dropped for this reason, counted at this slot. */
static void drop(struct decision *decision, enum nicsw_reason reason, __u32 slot)
{
	decision->verdict->reason = reason;
	decision->verdict->counted_at = slot;
	decision->verdict->num_copies = 0;
}

static void deliver(struct decision *decision, __u32 slot, bool tagged)
{
	struct nicsw_model_verdict *verdict = decision->verdict;

	verdict->copies[verdict->num_copies++] = (struct nicsw_model_copy){slot, tagged};
}

__u32 nicsw_model_find(const struct nicsw_model *model, const __u8 *mac, __u16 vid)
{
	for (__u32 i = 0; i < model->num_filters; i++) {
		const struct nicsw_model_filter *filter = &model->filters[i];

		if (filter->vid == vid && memcmp(filter->mac, mac, NICSW_MAC_SIZE) == 0)
			return filter->slot;
	}
	return NICSW_NONE;
}

static enum nicsw_cast cast_of(const __u8 *destination)
{
	static const __u8 broadcast[NICSW_MAC_SIZE] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	if (memcmp(destination, broadcast, sizeof(broadcast)) == 0)
		return NICSW_BROADCAST;
	return destination[0] & 1 ? NICSW_MULTICAST : NICSW_UNICAST;
}

static __u16 read16(const __u8 *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

/* 802.1Q everywhere; 802.1ad with a VID where the port says so, else it is payload (MATCH-7). */
static bool is_tag(const struct decision *decision, const __u8 *type)
{
	if (read16(type) == 0x8100)
		return true;
	return read16(type) == 0x88a8 && has(decision, decision->ingress, NICSW_PORT_SERVICE);
}

/* Nothing hides behind a priority tag (FWD-33). */
static enum nicsw_reason parse(struct decision *decision)
{
	const struct nicsw_model_frame *frame = decision->frame;
	const __u8 *type = frame->bytes + MACS;

	if (frame->linear_length < HEADER)
		return NICSW_REASON_RUNT;
	decision->verdict->cast = cast_of(frame->bytes);
	if (!is_tag(decision, type))
		return NICSW_FORWARDED;
	if (frame->linear_length < HEADER + NICSW_MODEL_TAG)
		return NICSW_REASON_RUNT;
	if (read16(type) == 0x88a8 && !(read16(type + 2) & 0x0fff))
		return NICSW_FORWARDED;
	decision->tagged = true;
	decision->tci = read16(type + 2);
	decision->verdict->vid = decision->tci & 0x0fff;
	if (read16(type) == 0x88a8)
		decision->verdict->vid |= NICSW_VLAN_SERVICE;
	if (!decision->verdict->vid && read16(type + NICSW_MODEL_TAG) == 0x8100)
		return NICSW_REASON_VLAN_VIOLATION;
	return NICSW_FORWARDED;
}

/* The slot that a filter names: of this VLAN, else of any VLAN that the slot is a member of. */
static __u32 find_vlan(const struct decision *decision, const __u8 *mac)
{
	const struct nicsw_model *model = decision->model;
	__u16 vid = decision->verdict->vid;
	__u32 slot = nicsw_model_find(model, mac, vid);

	if (slot != NICSW_NONE || !vid || !has(decision, decision->ingress, NICSW_PORT_ANY_VLAN))
		return slot;
	slot = nicsw_model_find(model, mac, NICSW_VLAN_ANY);
	if (slot == NICSW_NONE || slot <= NICSW_SLOT_PF)
		return slot;
	return vlan_admits(decision, slot) ? slot : NICSW_NONE;
}

/*
 * FWD-32: the station address in any VLAN, or a filter of the same port, with this VLAN or with any
 * (which VLAN it may be is the next question).
 */
static bool source_known(const struct decision *decision)
{
	const struct nicsw_port *port = port_of(decision, decision->ingress);
	const __u8 *source = source_of(decision);
	__u32 own = decision->ingress;

	if (port->station == nicsw_key(source, 0) ||
	    nicsw_model_find(decision->model, source, decision->verdict->vid) == own)
		return true;
	return decision->verdict->vid && port->flags & NICSW_PORT_ANY_VLAN &&
	       nicsw_model_find(decision->model, source, NICSW_VLAN_ANY) == own;
}

/* FWD-33 and, for an access port or a trunk, MATCH-14. */
static bool vlan_allowed(const struct decision *decision)
{
	__u16 access_vid = port_of(decision, decision->ingress)->access_vid;

	if (access_vid && has(decision, decision->ingress, NICSW_PORT_ACCESS) &&
	    decision->tci & 0x0fff)
		return false; /* the host gives the VLAN, the guest sends no tag */
	if (access_vid)
		return decision->verdict->vid == access_vid;
	return !has(decision, decision->ingress, NICSW_PORT_SPOOF_CHECK | NICSW_PORT_TRUNK) ||
	       vlan_admits(decision, decision->ingress);
}

/* FWD-34; what an access port of a service VLAN sends is payload, tags and all. */
static void enter_vlan(struct decision *decision)
{
	const struct nicsw_port *port = port_of(decision, decision->ingress);

	if (port->access_vid & NICSW_VLAN_SERVICE) {
		decision->verdict->vid = port->access_vid;
		decision->tagged = false;
		decision->tci = 0;
	} else if (decision->verdict->vid == 0) {
		decision->verdict->vid = port->access_vid;
	}
}

static enum nicsw_reason admit(struct decision *decision)
{
	__u32 ingress = decision->ingress;

	if (has(decision, ingress, NICSW_PORT_LINK_OFF))
		return NICSW_REASON_SENDER_LINK_OFF;
	if (!has(decision, ingress, NICSW_PORT_OPEN))
		return NICSW_REASON_VPORT_INACTIVE;
	if (!has(decision, ingress, NICSW_PORT_READY))
		return NICSW_REASON_SENDER_NOT_READY;
	enter_vlan(decision);
	if (has(decision, ingress, NICSW_PORT_SPOOF_CHECK) && !source_known(decision))
		return NICSW_REASON_SOURCE_SPOOFED;
	if (!vlan_allowed(decision))
		return NICSW_REASON_VLAN_VIOLATION;
	if (has(decision, ingress, NICSW_PORT_ACCESS) && port_of(decision, ingress)->access_vid)
		decision->tci = port_of(decision, ingress)->priority;
	return NICSW_FORWARDED;
}

/* The frame without its tag, and with the tag of its effective VID; the priority stays. */
static void make_forms(struct decision *decision)
{
	const struct nicsw_model_frame *frame = decision->frame;
	struct nicsw_model_frame *plain = &decision->verdict->forms[0];
	struct nicsw_model_frame *tagged = &decision->verdict->forms[1];
	__u32 skip = MACS + (decision->tagged ? NICSW_MODEL_TAG : 0);
	__u16 tci = (decision->tci & 0xf000) | (decision->verdict->vid & 0x0fff);
	__u8 service = decision->verdict->vid & NICSW_VLAN_SERVICE ? 1 : 0;
	__u32 rest = frame->length - skip;

	plain->length = plain->linear_length = MACS + rest;
	memcpy(plain->bytes, frame->bytes, MACS);
	memcpy(plain->bytes + MACS, frame->bytes + skip, rest);
	tagged->length = tagged->linear_length = MACS + NICSW_MODEL_TAG + rest;
	memcpy(tagged->bytes, frame->bytes, MACS);
	memcpy(tagged->bytes + MACS,
	       (const __u8[]){service ? 0x88 : 0x81, service ? 0xa8 : 0x00, tci >> 8, tci & 0xff},
	       NICSW_MODEL_TAG);
	memcpy(tagged->bytes + MACS + NICSW_MODEL_TAG, frame->bytes + skip, rest);
}

/*
 * FWD-14, FWD-12, PATH-3: does the receiver take it. The wire takes what fits. Whether its VPort is
 * open is not asked: a filter leads there, or just did (MOVE-RF-15).
 */
static enum nicsw_reason receive(const struct decision *decision, __u32 slot, bool tagged)
{
	const struct nicsw_port *port = port_of(decision, slot);
	__u32 taken =
		decision->ingress == NICSW_SLOT_UPLINK ? NICSW_PORT_DIRECTED : NICSW_PORT_PEERS;
	bool unmatched_too = port->flags & NICSW_PORT_UNMATCHED;
	bool directed = decision->verdict->matched && port->flags & taken;
	bool isolated = port->flags & NICSW_PORT_ISOLATED && port->flags & NICSW_PORT_DIRECTED;

	if (slot != NICSW_SLOT_UPLINK) {
		if (!(port->flags & NICSW_PORT_READY))
			return port->flags & NICSW_PORT_LINK_OFF ? NICSW_REASON_LINK_OFF
								 : NICSW_REASON_VF_NOT_READY;
		if (!directed && !unmatched_too)
			return isolated ? NICSW_REASON_ISOLATED : NICSW_REASON_PACKET_FILTER;
	}
	if (port->max_frame &&
	    nicsw_model_output(decision->verdict, tagged)->length > port->max_frame)
		return NICSW_REASON_TOO_LONG;
	if (decision->model->ports[slot].absent)
		return NICSW_REASON_PORT_ABSENT;
	return NICSW_FORWARDED;
}

/*
 * The wire gets it as the sender meant it; a VPort gets no priority tag, an access port no tag
 * (MATCH-14).
 */
static bool unicast_tagged(const struct decision *decision, __u32 slot)
{
	if (port_of(decision, slot)->access_vid)
		return false;
	if (decision->verdict->vid)
		return true;
	return slot == NICSW_SLOT_UPLINK && decision->tagged;
}

/* A VPort that is isolated, or below a VEPA: no way to another VPort but by the wire. */
static bool is_local(const struct decision *decision, __u32 slot)
{
	return decision->ingress != NICSW_SLOT_UPLINK && slot != NICSW_SLOT_UPLINK;
}

static void switch_unicast(struct decision *decision)
{
	struct nicsw_model_verdict *verdict = decision->verdict;
	__u32 slot = find_vlan(decision, destination_of(decision));
	enum nicsw_reason reason;
	bool tagged;

	if (slot == decision->ingress)
		return drop(decision, NICSW_REASON_SELF_ADDRESSED, decision->ingress);
	verdict->matched = slot != NICSW_NONE;
	if (!verdict->matched) /* FWD-2, FWD-6, FWD-10 */
		slot = decision->ingress == NICSW_SLOT_UPLINK ? NICSW_SLOT_PF : NICSW_SLOT_UPLINK;
	if (is_local(decision, slot) && has(decision, decision->ingress, NICSW_PORT_ISOLATED))
		return drop(decision, NICSW_REASON_ISOLATED, decision->ingress);
	if (is_local(decision, slot) && has(decision, decision->ingress, NICSW_PORT_VEPA))
		slot = NICSW_SLOT_UPLINK;
	if (slot >= decision->model->num_ports)
		return drop(decision, NICSW_REASON_PORT_ABSENT, decision->ingress);
	tagged = unicast_tagged(decision, slot);
	reason = receive(decision, slot, tagged);
	if (reason)
		return drop(decision, reason,
			    reason == NICSW_REASON_ISOLATED ? decision->ingress : slot);
	deliver(decision, slot, tagged);
}

/*
 * FWD-31: what a port of ours sent to the wire comes back from it. Below a VEPA that is as it
 * should be, and only its sender gets no copy.
 */
static bool reflected(const struct decision *decision)
{
	__u32 owner =
		nicsw_model_find(decision->model, source_of(decision), decision->verdict->vid);

	return decision->ingress == NICSW_SLOT_UPLINK && owner != NICSW_NONE &&
	       owner != NICSW_SLOT_UPLINK && !has(decision, NICSW_SLOT_UPLINK, NICSW_PORT_VEPA);
}

/* Does the port's function take group frames of this kind (RXQ-22)? */
static bool takes_cast(const struct decision *decision, __u32 slot)
{
	return has(decision, slot,
		   decision->verdict->cast == NICSW_BROADCAST ? NICSW_PORT_BROADCAST
							      : NICSW_PORT_MULTICAST);
}

/* Below a VEPA a copy is kept from the VPort that its source belongs to (FWD-25). */
static bool is_own(const struct decision *decision, __u32 slot)
{
	const __u8 *source = source_of(decision);

	if (decision->model->no_egress || !has(decision, slot, NICSW_PORT_VEPA))
		return false;
	return port_of(decision, slot)->station == nicsw_key(source, 0) ||
	       nicsw_model_find(decision->model, source, decision->verdict->vid) == slot;
}

/* FWD-20..24: the wire, the default VPort, and each other VPort whose VLAN set and packet filter
 * take it. */
static bool group_receiver(const struct decision *decision, __u32 slot)
{
	const __u32 needed = NICSW_PORT_OPEN | NICSW_PORT_READY;
	__u32 kept_apart = NICSW_PORT_ISOLATED | NICSW_PORT_VEPA;

	if (slot == NICSW_SLOT_UPLINK)
		return true;
	if (is_local(decision, slot) && (has(decision, decision->ingress, kept_apart) ||
					 has(decision, slot, NICSW_PORT_ISOLATED)))
		return false;
	if (is_own(decision, slot))
		return false;
	if (slot == NICSW_SLOT_PF)
		return takes_cast(decision, slot);
	return (port_of(decision, slot)->flags & needed) == needed && takes_cast(decision, slot) &&
	       vlan_admits(decision, slot);
}

/* Nobody but the wire would get it: one receiver, as of a unicast frame. */
static bool wire_only(const struct decision *decision)
{
	return decision->ingress != NICSW_SLOT_UPLINK &&
	       has(decision, decision->ingress, NICSW_PORT_ISOLATED | NICSW_PORT_VEPA);
}

/* Of a copy in the form that is replicated: tags are removed behind. */
static enum nicsw_reason copy_state(const struct decision *decision, __u32 slot)
{
	const struct nicsw_port *port = port_of(decision, slot);
	const struct nicsw_model_verdict *verdict = decision->verdict;

	if (port->max_frame &&
	    nicsw_model_output(verdict, verdict->switched_tagged)->length > port->max_frame)
		return NICSW_REASON_TOO_LONG;
	return decision->model->ports[slot].absent ? NICSW_REASON_PORT_ABSENT : NICSW_FORWARDED;
}

static void copy_to(struct decision *decision, __u32 slot)
{
	struct nicsw_model_verdict *verdict = decision->verdict;
	enum nicsw_reason reason = copy_state(decision, slot);

	if (reason)
		verdict->refusals[verdict->num_refusals++] =
			(struct nicsw_model_refusal){slot, reason};
	else
		deliver(decision, slot, verdict->vid && !port_of(decision, slot)->access_vid);
}

/* Where a wire that does not take the frame counts it; no group: no one receiver to count it. */
static enum nicsw_reason flood_state(const struct decision *decision, __u32 *ret_counted_at)
{
	enum nicsw_reason reason =
		wire_only(decision) ? copy_state(decision, NICSW_SLOT_UPLINK) : NICSW_FORWARDED;

	*ret_counted_at = decision->ingress;
	if (decision->model->no_flood)
		return NICSW_REASON_PORT_ABSENT;
	if (reason == NICSW_REASON_TOO_LONG)
		*ret_counted_at = NICSW_SLOT_UPLINK;
	return reason;
}

static void switch_group(struct decision *decision)
{
	struct nicsw_model_verdict *verdict = decision->verdict;
	enum nicsw_reason reason;
	__u32 counted_at;

	if (decision->frame->linear_length != decision->frame->length)
		return drop(decision, NICSW_REASON_GROUP_TOO_LONG, decision->ingress);
	if (reflected(decision))
		return drop(decision, NICSW_REASON_REFLECTED_SOURCE, decision->ingress);
	verdict->switched_tagged = verdict->vid != 0;
	reason = flood_state(decision, &counted_at);
	if (reason)
		return drop(decision, reason, counted_at);
	for (__u32 slot = 0; slot < decision->model->num_ports; slot++)
		if (slot != decision->ingress && group_receiver(decision, slot))
			copy_to(decision, slot);
}

int nicsw_model_decide(const struct nicsw_model *model, const struct nicsw_model_frame *frame,
		       __u32 ingress, struct nicsw_model_verdict *ret_verdict)
{
	struct decision decision = {model, frame, ret_verdict, ingress, false, 0};
	enum nicsw_reason reason;

	if (ingress >= model->num_ports || model->num_ports > NICSW_MAX_SLOTS ||
	    frame->length > NICSW_MODEL_FRAME_MAX || frame->linear_length > frame->length)
		return -EINVAL;
	memset(ret_verdict, 0, offsetof(struct nicsw_model_verdict, copies));
	reason = parse(&decision);
	if (!reason)
		reason = admit(&decision);
	if (reason) {
		drop(&decision, reason, ingress);
		return 0;
	}
	make_forms(&decision);
	if (ret_verdict->cast == NICSW_UNICAST)
		switch_unicast(&decision);
	else
		switch_group(&decision);
	return 0;
}
