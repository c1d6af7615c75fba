/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capture: a copy of the frames that somebody wants to see, with what became of them.
 *
 * Only in the programs of bpf/capture.bpf.c, which are the switch programs once more, built with
 * NICSW_CAPTURE; they take the place of the plain ones for as long as a capture runs. In the plain
 * ones nothing of this is left, not an instruction.
 *
 * A record holds the frame as it came in. At the exit a tag may have come or gone; but the switch
 * edits nothing behind the Ethernet header and one tag. So that much is kept at the entry, and the
 * rest is read at the exit, from where it is by then.
 */
#ifndef NICSW_CAPTURE_BPF_H
#define NICSW_CAPTURE_BPF_H

#ifndef NICSW_CAPTURE
#define NICSW_CAPTURE 0
#endif

#include "bpf/count.bpf.h"

#if NICSW_CAPTURE

#include <nicsw/capture.h>

#define NICSW_CAPTURE_HEAD NICSW_CAPTURE_SNAP_MIN

const volatile __u32 nicsw_capture_slot = NICSW_NONE; /* port in question, NICSW_NONE = all */
const volatile __u32 nicsw_capture_snap = NICSW_CAPTURE_SNAP;
const volatile __u32 nicsw_capture_drops = 0; /* 1: only dropped frames */

/* One for all ports of an adapter. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, NICSW_CAPTURE_RING_SIZE);
} capture_ring SEC(".maps");

NICSW_SHARED_ARRAY(capture_state, 1, struct nicsw_capture_state);

struct nicsw_capture_frame {
	struct nicsw_capture_record record;
	__u8 bytes[NICSW_CAPTURE_SNAP_MAX];
};

/* Of the frame that this CPU is at: programs of the switch do not interrupt each other. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nicsw_capture_frame);
} capture_scratch SEC(".maps");

/* Beside those that count at the receiver: reasons by which a unicast frame's target is known. */
#define NICSW_CAPTURE_TARGETED                                                                     \
	(NICSW_REASONS_OUT | 1u << NICSW_REASON_SELF_ADDRESSED | 1u << NICSW_REASON_ISOLATED |     \
	 1u << NICSW_REASON_TAG_EDIT_FAILED)

static __always_inline struct nicsw_capture_frame *nicsw_capture_scratch(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&capture_scratch, &zero);
}

/* At the entry: what the stages may change of a frame. */
static __always_inline void nicsw_capture_begin(struct xdp_md *ctx)
{
	struct nicsw_capture_frame *scratch = nicsw_capture_scratch();
	__u64 length = bpf_xdp_get_buff_len(ctx);

	if (!scratch || !length)
		return;
	if (length > NICSW_CAPTURE_HEAD)
		length = NICSW_CAPTURE_HEAD;
	bpf_xdp_load_bytes(ctx, 0, scratch->bytes, length);
}

static __always_inline __u32 nicsw_capture_target(const struct nicsw_frame *frame,
						  enum nicsw_reason reason)
{
	if (nicsw_is_group(frame) && reason != NICSW_REASON_TOO_LONG)
		return reason ? NICSW_NONE : NICSW_CAPTURE_GROUP;
	if (reason && !(NICSW_CAPTURE_TARGETED >> reason & 1))
		return NICSW_NONE;
	return frame->target;
}

/* Is the port in question one of the receivers of a group frame? As nicsw_count_flooded() has it.
 */
static __always_inline int nicsw_capture_floods(const struct nicsw_frame *frame,
						const struct nicsw_port *port)
{
	__u32 needed = nicsw_flood_needed(frame->flooded), wanted, flags;

	if (nicsw_capture_slot == NICSW_SLOT_UPLINK)
		return 1;
	if (frame->flooded == NICSW_FLOOD_BASE)
		return 0;
	if (nicsw_capture_slot == NICSW_SLOT_PF)
		needed &= ~(NICSW_PORT_OPEN | NICSW_PORT_READY);
	else if (!nicsw_is_member(frame->flooded & (NICSW_VLANS - 1), nicsw_capture_slot))
		return 0;
	flags = nicsw_load(port->flags);
	wanted = needed & NICSW_COUNT_FLAGS;
	return (flags & wanted) == wanted &&
	       !(needed & NICSW_COUNT_NOT_ISOLATED && flags & NICSW_PORT_ISOLATED);
}

/* Below a VEPA its own frame is kept from the port: nicsw_egress_vepa. */
static __always_inline int nicsw_capture_reflects(const struct nicsw_frame *frame,
						  const struct nicsw_port *port)
{
	return nicsw_slot == NICSW_SLOT_UPLINK && frame->ingress & NICSW_PORT_VEPA &&
	       (frame->source == nicsw_load(port->station) ||
		nicsw_find_slot(frame->source | frame->vid) == nicsw_capture_slot);
}

/*
 * Of a group frame that goes out: the copy for the port in question, as a frame of its own. Without
 * one the target stays the group.
 */
static __always_inline enum nicsw_reason nicsw_capture_copy(const struct nicsw_frame *frame,
							    __u32 *target)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_capture_slot);
	enum nicsw_reason reason;

	if (nicsw_capture_slot == NICSW_NONE || nicsw_capture_slot == nicsw_slot || !port ||
	    !nicsw_capture_floods(frame, port))
		return NICSW_FORWARDED;
	*target = nicsw_capture_slot;
	reason = nicsw_copy_state(port, nicsw_capture_slot, frame->out_length);
	if (!reason && nicsw_capture_reflects(frame, port))
		reason = NICSW_REASON_REFLECTED_SOURCE;
	return reason;
}

static __always_inline int nicsw_capture_wanted(__u32 target, enum nicsw_reason reason)
{
	if (nicsw_capture_drops && !reason)
		return 0;
	return nicsw_capture_slot == NICSW_NONE || nicsw_capture_slot == nicsw_slot ||
	       nicsw_capture_slot == target;
}

/* The bytes behind those of the entry. Returns how many bytes of the frame there are in all. */
static __always_inline __u32 nicsw_capture_bytes(struct xdp_md *ctx, __u64 length,
						 struct nicsw_capture_frame *scratch)
{
	__u64 wanted = length < nicsw_capture_snap ? length : nicsw_capture_snap;
	__u32 moved = bpf_xdp_get_buff_len(ctx) - length; /* by a tag that came or went */
	__u64 rest;

	if (wanted <= NICSW_CAPTURE_HEAD)
		return wanted;
	rest = wanted - NICSW_CAPTURE_HEAD;
	barrier_var(rest);
	if (!rest || rest > NICSW_CAPTURE_SNAP_MAX - NICSW_CAPTURE_HEAD)
		return NICSW_CAPTURE_HEAD;
	if (bpf_xdp_load_bytes(ctx, NICSW_CAPTURE_HEAD + moved, scratch->bytes + NICSW_CAPTURE_HEAD,
			       rest))
		return NICSW_CAPTURE_HEAD;
	return wanted;
}

static __always_inline void nicsw_capture_put(const struct nicsw_capture_frame *scratch,
					      struct nicsw_capture_state *state)
{
	__u64 size = scratch->record.captured;

	barrier_var(size);
	if (size > NICSW_CAPTURE_SNAP_MAX)
		return;
	if (bpf_ringbuf_output(&capture_ring, (void *)scratch, sizeof(scratch->record) + size, 0))
		__sync_fetch_and_add(&state->lost, 1);
}

/* At the exit: the verdict is known, and the frame has the form in which it leaves. */
static __noinline int nicsw_capture_end(struct xdp_md *ctx, const struct nicsw_frame *frame,
					enum nicsw_reason reason)
{
	struct nicsw_capture_frame *scratch = nicsw_capture_scratch();
	__u32 target = nicsw_capture_target(frame, reason), zero = 0;
	struct nicsw_capture_state *state;

	if (target == NICSW_CAPTURE_GROUP)
		reason = nicsw_capture_copy(frame, &target);
	if (!scratch || !nicsw_capture_wanted(target, reason))
		return 0;
	state = bpf_map_lookup_elem(&capture_state, &zero);
	if (!state)
		return 0;
	scratch->record = (struct nicsw_capture_record){
		.time = bpf_ktime_get_ns(),
		.lost = nicsw_load(state->lost),
		.length = frame->length,
		.captured = nicsw_capture_bytes(ctx, frame->length, scratch),
		.ingress = nicsw_slot,
		.target = target,
		.reason = reason,
		.vlan = frame->vid,
		.cast = nicsw_cast_of(frame),
	};
	nicsw_capture_put(scratch, state);
	return 0;
}

#else

static __always_inline void nicsw_capture_begin(struct xdp_md *ctx __attribute__((unused)))
{
}

static __always_inline void nicsw_capture_end(struct xdp_md *ctx __attribute__((unused)),
					      const struct nicsw_frame *frame
					      __attribute__((unused)),
					      enum nicsw_reason reason __attribute__((unused)))
{
}

#endif

#endif
