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
#include "bpf/count.bpf.h"
#include "bpf/lookup.bpf.h"
#include "bpf/maps.bpf.h"
#include "bpf/parse.bpf.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline enum nicsw_reason nicsw_forward(struct xdp_md *ctx,
						       struct nicsw_frame *frame)
{
	enum nicsw_reason reason = nicsw_lookup(frame);

	return unlikely(reason) ? reason : nicsw_deliver(ctx, frame);
}

/* Any frame: with a tag, for a group, cut short. */
__noinline int nicsw_port_any(struct xdp_md *ctx)
{
	struct nicsw_frame frame = {};
	enum nicsw_reason reason;

	reason = nicsw_parse(ctx, &frame);
	if (!reason)
		reason = nicsw_admit(&frame);
	if (!reason)
		reason = nicsw_is_group(&frame) ? nicsw_flood(ctx, &frame)
						: nicsw_forward(ctx, &frame);
	return nicsw_count(&frame, reason);
}

/*
 * Frames that enter the switch at a port: of the uplink, the PF or a VF. Unicast frames without a
 * tag, which are nearly all, get a copy of the stages of their own, with everything about tags
 * folded away.
 */
SEC("xdp.frags")
int nicsw_port(struct xdp_md *ctx)
{
	struct nicsw_frame frame = {};
	enum nicsw_reason reason;

	if (unlikely(!nicsw_parse_plain(ctx, &frame)))
		return nicsw_port_any(ctx);
	reason = nicsw_admit(&frame);
	if (likely(!reason))
		reason = nicsw_forward(ctx, &frame);
	return nicsw_count(&frame, reason);
}

/* A copy of a group frame on its way to an access port, which takes it without the tag (MATCH-14).
 */
SEC("xdp.frags/devmap")
int nicsw_egress_strip(struct xdp_md *ctx)
{
	struct nicsw_frame frame = {};

	if (nicsw_parse(ctx, &frame))
		return XDP_DROP;
	if (frame.tag_length && nicsw_tag_remove(ctx))
		return XDP_DROP;
	return XDP_PASS;
}

/* Beneath XDP: while programs are exchanged nothing of a port enters a host's stack. */
SEC("tc")
int nicsw_tc_drop(struct __sk_buff *skb __attribute__((unused)))
{
	return TC_ACT_SHOT;
}
