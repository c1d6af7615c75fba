// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch silicon. This file holds the programs, and they hold only the order of the stages:
 *
 *   parse -> admit -> lookup -> act -> count
 *
 * A stage returns NICSW_FORWARDED for "go on", else the one reason why the frame is dropped.
 */
#include <linux/pkt_cls.h>

#include "bpf/act.bpf.h"
#include "bpf/admit.bpf.h"
#include "bpf/capture.bpf.h"
#include "bpf/count.bpf.h"
#include "bpf/lookup.bpf.h"
#include "bpf/maps.bpf.h"
#include "bpf/parse.bpf.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline enum nicsw_reason nicsw_forward(struct xdp_md *ctx,
						       struct nicsw_frame *frame)
{
	enum nicsw_reason reason;

	nicsw_reach(frame, LOOKUP);
	reason = nicsw_lookup(frame);
	if (!reason)
		reason = nicsw_lookup_policy(frame);
	if (unlikely(reason))
		return reason;
	nicsw_reach(frame, ACT);
	return nicsw_deliver(ctx, frame);
}

/* Any frame: with a tag, for a group, cut short, or from a port with a policy. */
__noinline int nicsw_port_any(struct xdp_md *ctx)
{
	struct nicsw_frame frame = {};
	enum nicsw_reason reason;

	reason = nicsw_parse(ctx, &frame);
	if (!reason && nicsw_tag_in_metadata(ctx))
		reason = NICSW_REASON_VLAN_METADATA;
	if (!reason) {
		nicsw_reach(&frame, ADMIT);
		reason = nicsw_admit(&frame);
	}
	if (!reason)
		reason = nicsw_is_group(&frame) ? nicsw_flood(ctx, &frame)
						: nicsw_forward(ctx, &frame);
	nicsw_capture_end(ctx, &frame, reason);
	return nicsw_count(ctx, &frame, reason);
}

/*
 * Frames that enter the switch at a port: of the uplink, the PF or a VF. Unicast frames without a
 * tag from a port without a policy, which are nearly all, get a copy of the stages of their own,
 * with everything about tags and policies folded away.
 */
SEC("xdp.frags")
int nicsw_port(struct xdp_md *ctx)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_slot);
	struct nicsw_frame frame = {};
	enum nicsw_reason reason;

	nicsw_capture_begin(ctx);
	if (unlikely(!port || !nicsw_is_plain(port) || nicsw_tag_in_metadata(ctx) ||
		     !nicsw_parse_plain(ctx, &frame)))
		return nicsw_port_any(ctx);
	nicsw_reach(&frame, ADMIT);
	reason = nicsw_admit_plain(port, &frame);
	if (likely(!reason))
		reason = nicsw_forward(ctx, &frame);
	nicsw_capture_end(ctx, &frame, reason);
	return nicsw_count(ctx, &frame, reason);
}

/*
 * The programs of copies of group frames. A unicast frame in the same bulk comes by here, too: it
 * has its form already, and a tag that it shows is payload.
 */
static __always_inline int nicsw_is_copy(struct xdp_md *ctx)
{
	const __u8 *data = (const __u8 *)(long)ctx->data;
	const __u8 *data_end = (const __u8 *)(long)ctx->data_end;

	return data + ETH_HLEN <= data_end && *data & 1;
}

/* On its way to an access port, which takes it without the tag (MATCH-14). */
SEC("xdp.frags/devmap")
int nicsw_egress_strip(struct xdp_md *ctx)
{
	struct nicsw_frame frame = {};

	if (!nicsw_is_copy(ctx))
		return XDP_PASS;
	if (nicsw_parse(ctx, &frame))
		return XDP_DROP;
	if (frame.tag_length && nicsw_tag_remove(ctx))
		return XDP_DROP;
	return XDP_PASS;
}

/* Below a VEPA: reflected, it is kept from the VPort that sent it. */
SEC("xdp.frags/devmap")
int nicsw_egress_vepa(struct xdp_md *ctx)
{
	__u32 slot = ctx->egress_ifindex - nicsw_ifindex_base;
	const struct nicsw_port *port = nicsw_port_at(slot);
	struct nicsw_frame frame = {};
	int strip;

	if (!nicsw_is_copy(ctx))
		return XDP_PASS;
	if (!port || nicsw_parse(ctx, &frame))
		return XDP_DROP;
	strip = frame.tag_length && nicsw_load(port->access_vid);
	if (frame.source == nicsw_load(port->station) ||
	    nicsw_find_slot(frame.source | frame.vid) == slot) {
		nicsw_withhold(slot, nicsw_cast_of(&frame),
			       frame.length - (strip ? NICSW_TAG_SIZE : 0));
		return XDP_DROP;
	}
	return strip && nicsw_tag_remove(ctx) ? XDP_DROP : XDP_PASS;
}

/* Beneath XDP: while programs are exchanged nothing of a port enters a host's stack. */
SEC("tc")
int nicsw_tc_drop(struct __sk_buff *skb __attribute__((unused)))
{
	return TC_ACT_SHOT;
}
