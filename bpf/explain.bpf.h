/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the exit adds in bpf/explain.bpf.c: the record of one frame. In the programs that are
 * attached all of this is nothing.
 */
#ifndef NICSW_EXPLAIN_BPF_H
#define NICSW_EXPLAIN_BPF_H

#include "bpf/parse.bpf.h"

#ifdef NICSW_EXPLAIN

/* Of the last frame. One writer: it is run one frame at a time. */
NICSW_SHARED_ARRAY(verdict, 1, struct nicsw_verdict);

/* The slot whose counter a verdict raises: as nicsw_count_dropped() finds it. */
static __always_inline __u32 nicsw_counting_slot(const struct nicsw_frame *frame,
						 enum nicsw_reason reason)
{
	if (reason && !(NICSW_REASONS_OUT >> reason & 1 && nicsw_counters_at(frame->target)))
		return nicsw_slot;
	return frame->target;
}

/* nonlinear: what is in no first piece does not change when a tag comes or goes. */
static __always_inline void nicsw_explain(struct xdp_md *ctx, const struct nicsw_frame *frame,
					  enum nicsw_reason reason)
{
	__u64 first_piece = (void *)(long)ctx->data_end - (void *)(long)ctx->data;
	__u32 zero = 0;
	struct nicsw_verdict *record = bpf_map_lookup_elem(&verdict, &zero);

	if (!record)
		return;
	record->valid = 1;
	record->reason = reason;
	record->stage = frame->stage;
	record->cast = nicsw_cast_of(frame);
	record->vid = frame->vid;
	record->target = frame->target;
	record->matched = frame->accepted && frame->accepted != NICSW_PORT_UNMATCHED;
	record->flooded = frame->flooded;
	record->counted_at = nicsw_counting_slot(frame, reason);
	record->tag_length = frame->tag_length;
	record->length = frame->length;
	record->out_length = frame->out_length;
	barrier_var(first_piece); /* pointers are subtracted from each other only */
	record->nonlinear = bpf_xdp_get_buff_len(ctx) - first_piece;
}

#else

#define nicsw_explain(ctx, frame, reason) ((void)(ctx))

#endif

#endif
