/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 4, act: give the frame the form its receiver takes and redirect it.
 *
 * Tag forms (MATCH-14): an access port gets no tag; any other VPort gets the tag of a VLAN and no
 * priority tag; the wire gets the frame as its sender meant it. At most one bpf_xdp_adjust_head(),
 * none when the form is right.
 */
#ifndef NICSW_ACT_BPF_H
#define NICSW_ACT_BPF_H

#include "bpf/lookup.bpf.h"
#include "bpf/meter.bpf.h"

/* Both MAC addresses, as words: what moves when a tag comes or goes. */
struct nicsw_macs {
	__u32 words[3];
};

static __always_inline int nicsw_tag_remove(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct nicsw_macs macs;

	if (data + ETH_HLEN + NICSW_TAG_SIZE > data_end)
		return -1;
	macs = *(struct nicsw_macs *)data;
	*(struct nicsw_macs *)(data + NICSW_TAG_SIZE) = macs;
	return bpf_xdp_adjust_head(ctx, NICSW_TAG_SIZE);
}

/* vid: with NICSW_VLAN_SERVICE the tag is one of 802.1ad. */
static __always_inline __be16 nicsw_tag_type(__u32 vid)
{
	return vid & NICSW_VLAN_SERVICE ? bpf_htons(ETH_P_8021AD) : bpf_htons(ETH_P_8021Q);
}

static __always_inline int nicsw_tag_insert(struct xdp_md *ctx, __be16 type, __u16 tci)
{
	struct nicsw_macs macs;
	void *data, *data_end;

	if (bpf_xdp_adjust_head(ctx, -NICSW_TAG_SIZE))
		return -1;
	data = (void *)(long)ctx->data;
	data_end = (void *)(long)ctx->data_end;
	if (data + ETH_HLEN + NICSW_TAG_SIZE > data_end)
		return -1;
	macs = *(struct nicsw_macs *)(data + NICSW_TAG_SIZE);
	*(struct nicsw_macs *)data = macs;
	*(__be16 *)(data + sizeof(macs)) = type;
	*(__be16 *)(data + NICSW_TCI_OFFSET) = bpf_htons(tci);
	return 0;
}

/* An access port's priority tag becomes the tag of its VLAN; the priority stays. */
static __always_inline int nicsw_tag_write(struct xdp_md *ctx, __u16 tci)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;

	if (data + ETH_HLEN + NICSW_TAG_SIZE > data_end)
		return -1;
	*(__be16 *)(data + NICSW_TCI_OFFSET) = bpf_htons(tci);
	return 0;
}

/* tag: NICSW_TAG_SIZE if the receiver takes the frame with a tag, else 0. */
static __always_inline enum nicsw_reason nicsw_tag_edit(struct xdp_md *ctx,
							const struct nicsw_frame *frame, __u32 tag)
{
	__u32 tci = (frame->tci & ~NICSW_TCI_VID) | (frame->vid & NICSW_TCI_VID);
	int failed = 0;

	if (unlikely(frame->tag_length != tag))
		failed = tag ? nicsw_tag_insert(ctx, nicsw_tag_type(frame->vid), tci)
			     : nicsw_tag_remove(ctx);
	else if (unlikely(tag && tci != frame->tci))
		failed = nicsw_tag_write(ctx, tci);
	return unlikely(failed) ? NICSW_REASON_TAG_EDIT_FAILED : NICSW_FORWARDED;
}

/* The tag that a receiver takes: its length. The first test is the common case. */
static __always_inline __u32 nicsw_unicast_tag(const struct nicsw_frame *frame,
					       const struct nicsw_port *port)
{
	if (likely(!(frame->vid | frame->tag_length)))
		return 0;
	if (nicsw_load(port->access_vid))
		return 0;
	if (frame->vid)
		return NICSW_TAG_SIZE;
	return frame->target == NICSW_SLOT_UPLINK ? frame->tag_length : 0;
}

/*
 * Does the port take the frame: its function may do DMA (FWD-14), its packet filter lets it in
 * (RXQ-22..24). Not whether its VPort is open: the table decides that. A frame that found the table
 * before a filter moved away is still delivered where the filter was (MOVE-RF-8, MOVE-RF-15),
 * though that VPort has lost its last filter meanwhile.
 */
static __always_inline enum nicsw_reason nicsw_receiver_state(const struct nicsw_frame *frame,
							      const struct nicsw_port *port)
{
	__u32 flags = nicsw_load(port->flags);

	if (unlikely(!(flags & NICSW_PORT_READY)))
		return flags & NICSW_PORT_LINK_OFF ? NICSW_REASON_LINK_OFF
						   : NICSW_REASON_VF_NOT_READY;
	if (unlikely(!(flags & frame->accepted)))
		return flags & NICSW_PORT_DIRECTED && flags & NICSW_PORT_ISOLATED
			       ? NICSW_REASON_ISOLATED
			       : NICSW_REASON_PACKET_FILTER;
	return NICSW_FORWARDED;
}

/* PATH-3. 0 = no limit: less one it is the largest number there is. */
static __always_inline int nicsw_too_long(const struct nicsw_frame *frame,
					  const struct nicsw_port *port)
{
	return (__u32)frame->out_length - 1 > nicsw_load(port->max_frame) - 1;
}

/* The wire is shared out among those that send to it. */
static __always_inline enum nicsw_reason nicsw_share(const struct nicsw_frame *frame)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_slot);

	return port && nicsw_meter_share(port, frame->length) ? NICSW_FORWARDED
							      : NICSW_REASON_RATE_LIMITED;
}

static __always_inline enum nicsw_reason nicsw_deliver(struct xdp_md *ctx,
						       struct nicsw_frame *frame)
{
	const struct nicsw_port *port = nicsw_port_at(frame->target);
	enum nicsw_reason reason = NICSW_FORWARDED;
	__u32 tag;

	if (unlikely(!port))
		return NICSW_REASON_PORT_ABSENT;
	if (frame->target != NICSW_SLOT_UPLINK)
		reason = nicsw_receiver_state(frame, port);
	else if (frame->ingress & NICSW_PORT_SHARE)
		reason = nicsw_share(frame);
	if (unlikely(reason))
		return reason;
	tag = nicsw_unicast_tag(frame, port);
	frame->out_length = frame->length - frame->tag_length + tag;
	if (unlikely(nicsw_too_long(frame, port)))
		return NICSW_REASON_TOO_LONG;
	reason = nicsw_tag_edit(ctx, frame, tag);
	if (unlikely(reason))
		return reason;
	if (unlikely(bpf_redirect_map(&tx_ports, frame->target, XDP_DROP) != XDP_REDIRECT))
		return NICSW_REASON_PORT_ABSENT;
	return NICSW_FORWARDED;
}

static __always_inline int nicsw_linear(const struct xdp_md *ctx, const struct nicsw_frame *frame)
{
	return ctx->data_end - ctx->data == frame->length;
}

/*
 * One's own group frame, reflected by the network (FWD-31). Below a VEPA that is how it gets to the
 * other VPorts: nicsw_egress_vepa keeps it from its sender.
 */
static __always_inline int nicsw_reflected(const struct nicsw_frame *frame)
{
	__u32 owner;

	if (nicsw_slot != NICSW_SLOT_UPLINK || frame->ingress & NICSW_PORT_VEPA)
		return 0;
	owner = nicsw_find_slot(frame->source | frame->vid);
	return owner != NICSW_NONE && owner != NICSW_SLOT_UPLINK;
}

static __always_inline void *nicsw_flood_group_of(__u32 flooded)
{
	__u32 base = NICSW_FLOOD_BASE;
	void *group = bpf_map_lookup_elem(&flood_groups, &flooded);

	return group ? group : bpf_map_lookup_elem(&flood_groups, &base);
}

/* Which receivers: those of the VLAN, less those that the class leaves out. */
static __always_inline __u32 nicsw_flood_key(const struct nicsw_frame *frame)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_slot);

	if (!port)
		return frame->vid;
	return frame->vid |
	       (nicsw_cast_of(frame) == NICSW_BROADCAST ? nicsw_load(port->flood_class[0])
							: nicsw_load(port->flood_class[1]));
}

/* Does the frame go to the wire and nowhere else? */
static __always_inline int nicsw_wire_only(const struct nicsw_frame *frame)
{
	return nicsw_slot != NICSW_SLOT_UPLINK &&
	       frame->ingress & (NICSW_PORT_ISOLATED | NICSW_PORT_VEPA);
}

/* A group frame that goes there alone: the wire counts it. */
static __always_inline int nicsw_too_long_for_wire(struct nicsw_frame *frame)
{
	const struct nicsw_port *wire = nicsw_port_at(NICSW_SLOT_UPLINK);

	if (!wire || !nicsw_too_long(frame, wire))
		return 0;
	frame->target = NICSW_SLOT_UPLINK;
	return 1;
}

static __always_inline enum nicsw_reason nicsw_flood_admit(struct xdp_md *ctx,
							   const struct nicsw_frame *frame)
{
	if (unlikely(!nicsw_linear(ctx, frame)))
		return NICSW_REASON_GROUP_TOO_LONG;
	if (nicsw_reflected(frame))
		return NICSW_REASON_REFLECTED_SOURCE;
	return frame->ingress & NICSW_PORT_SHARE ? nicsw_share(frame) : NICSW_FORWARDED;
}

/*
 * A frame that is not linear is never broadcast: the kernel clones the linear part only and leaves
 * the rest of each clone uninitialised. Receivers that need another form have a program of their
 * own in the group (FWD-20..26).
 */
static __always_inline enum nicsw_reason nicsw_flood(struct xdp_md *ctx, struct nicsw_frame *frame)
{
	__u32 tag = frame->vid ? NICSW_TAG_SIZE : 0;
	enum nicsw_reason reason;
	void *group;
	long action;

	nicsw_reach(frame, LOOKUP);
	frame->target = nicsw_slot;
	reason = nicsw_flood_admit(ctx, frame);
	if (unlikely(reason))
		return reason;
	frame->flooded = nicsw_wire_only(frame) ? NICSW_FLOOD_BASE : nicsw_flood_key(frame);
	group = nicsw_flood_group_of(frame->flooded);
	if (unlikely(!group))
		return NICSW_REASON_PORT_ABSENT;
	nicsw_reach(frame, ACT);
	frame->out_length = frame->length - frame->tag_length + tag;
	if (frame->flooded == NICSW_FLOOD_BASE && nicsw_too_long_for_wire(frame))
		return NICSW_REASON_TOO_LONG;
	reason = nicsw_tag_edit(ctx, frame, tag);
	if (unlikely(reason))
		return reason;
	if (frame->flooded == NICSW_FLOOD_BASE)
		action = bpf_redirect_map(&tx_ports, NICSW_SLOT_UPLINK, XDP_DROP);
	else
		action = bpf_redirect_map(group, 0, BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
	return action == XDP_REDIRECT ? NICSW_FORWARDED : NICSW_REASON_PORT_ABSENT;
}

#endif
