/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 5, count: the one exit. Every frame that came in counts once as sent; then either its
 * receivers count it, or one port counts one reason (packet-flow 9).
 *
 * Per-CPU values, written in softirq only: no atomics. A frame counted here as received may still
 * be lost in a full ring behind the redirect: transmit.bpf.c counts that.
 */
#ifndef NICSW_COUNT_BPF_H
#define NICSW_COUNT_BPF_H

#include "bpf/act.bpf.h"
#include "bpf/explain.bpf.h"

/*
 * A cast that the verifier can bound where it is used: it forgets the bound of half a word that was
 * spilled. Nothing to do for a constant.
 */
#define nicsw_bounded_cast(cast)                                                                   \
	({                                                                                         \
		if (!__builtin_constant_p(cast))                                                   \
			barrier_var(cast);                                                         \
		(cast) < NICSW_CASTS;                                                              \
	})

static __always_inline void nicsw_count_tx(__u32 cast, __u64 length)
{
	struct nicsw_counters *port = nicsw_counters_at(nicsw_slot);

	if (unlikely(!port || !nicsw_bounded_cast(cast)))
		return;
	port->tx_packets[cast]++;
	port->tx_bytes[cast] += length;
}

static __always_inline void nicsw_count_rx(__u32 slot, __u32 cast, __u64 length)
{
	struct nicsw_counters *port = nicsw_counters_at(slot);

	if (unlikely(!port || !nicsw_bounded_cast(cast)))
		return;
	port->rx_packets[cast]++;
	port->rx_bytes[cast] += length;
}

/* Beside NICSW_PORT_* in `needed` below: there are at most five arguments. */
#define NICSW_COUNT_NOT_ISOLATED (1u << 29)
#define NICSW_COUNT_CAST         30
#define NICSW_COUNT_FLAGS        (NICSW_COUNT_NOT_ISOLATED - 1)

/*
 * The kernel passes over a receiver of a group without a word if the copy is too long for it, as
 * switched, or if it is gone: then nothing is handed over.
 */
static __always_inline enum nicsw_reason nicsw_copy_state(const struct nicsw_port *port, __u32 slot,
							  __u32 switched_length)
{
	if (switched_length - 1 > nicsw_load(port->max_frame) - 1)
		return NICSW_REASON_TOO_LONG;
	return bpf_map_lookup_elem(&tx_ports, &slot) ? NICSW_FORWARDED : NICSW_REASON_PORT_ABSENT;
}

static __always_inline void nicsw_count_copy_drop(__u32 slot, enum nicsw_reason reason)
{
	struct nicsw_counters *port = nicsw_counters_at(slot);

	if (unlikely(!port))
		return;
	port->drops[reason]++;
	port->copy_drops++;
}

/*
 * The receivers of a group frame. Global functions: the verifier walks each once per program, and
 * not once per call; else an adapter of 1,024 VFs would cost it seconds. A compiler must not clone
 * or inline them: hence __noinline.
 *
 * Counts one receiver if its flags show all of `needed`: 1 then. tagged: an access port gets less.
 */
__noinline int nicsw_count_receiver(__u32 slot, __u32 needed, __u64 length, int tagged)
{
	const struct nicsw_port *port = nicsw_port_at(slot);
	__u32 flags, wanted = needed & NICSW_COUNT_FLAGS;
	enum nicsw_reason reason;

	if (!port || slot == nicsw_slot)
		return 0;
	flags = nicsw_load(port->flags);
	if ((flags & wanted) != wanted ||
	    (needed & NICSW_COUNT_NOT_ISOLATED && flags & NICSW_PORT_ISOLATED))
		return 0;
	reason = nicsw_copy_state(port, slot, length);
	if (unlikely(reason)) {
		nicsw_count_copy_drop(slot, reason);
		return 1;
	}
	if (tagged && nicsw_load(port->access_vid))
		length -= NICSW_TAG_SIZE;
	nicsw_count_rx(slot, needed >> NICSW_COUNT_CAST, length);
	return 1;
}

/*
 * The members in one word of 64 slots; returns how many were counted. The verifier knows that it
 * ends: each shift halves what word can be.
 */
__noinline int nicsw_count_members(__u64 word, __u32 slot, __u32 needed, __u64 length, int tagged)
{
	int copies = 0;

	for (; word; word >>= 1, slot++)
		if (word & 1)
			copies += nicsw_count_receiver(slot, needed, length, tagged);
	return copies;
}

static __always_inline void nicsw_count_copies(__u32 copies)
{
	struct nicsw_counters *port = nicsw_counters_at(nicsw_slot);

	if (unlikely(!port))
		return;
	port->flooded++;
	port->copies += copies;
}

/* Those that the class of the group leaves in; the flags are what the receiver must show. */
static __always_inline __u32 nicsw_flood_needed(__u32 flooded)
{
	__u32 needed = NICSW_PORT_OPEN | NICSW_PORT_READY;

	needed |= flooded & NICSW_FLOOD_MULTICAST ? NICSW_PORT_MULTICAST : NICSW_PORT_BROADCAST;
	return flooded & NICSW_FLOOD_PEERS ? needed | NICSW_COUNT_NOT_ISOLATED : needed;
}

__noinline int nicsw_count_flooded(__u32 flooded, __u32 cast, __u64 length, __u32 out_length)
{
	__u32 needed = nicsw_flood_needed(flooded) | cast << NICSW_COUNT_CAST;
	__u32 vid = flooded & (NICSW_VLANS - 1);
	int tagged = vid != 0, copies;

	nicsw_count_tx(cast, length);
	copies = nicsw_count_receiver(NICSW_SLOT_UPLINK, cast << NICSW_COUNT_CAST, out_length,
				      tagged);
	if (flooded == NICSW_FLOOD_BASE) {
		nicsw_count_copies(copies);
		return XDP_REDIRECT;
	}
	copies += nicsw_count_receiver(
		NICSW_SLOT_PF, needed & ~(NICSW_PORT_OPEN | NICSW_PORT_READY), out_length, tagged);
	for (__u32 i = 0; i < NICSW_MAX_SLOT_WORDS && i < nicsw_slot_words; i++) {
		__u64 word = nicsw_members_word(vid, i);

		if (word)
			copies += nicsw_count_members(word, i * 64, needed, out_length, tagged);
	}
	nicsw_count_copies(copies);
	return XDP_REDIRECT;
}

/*
 * A copy that was counted, and then kept from its receiver. The devmap reports it among its drops:
 * they are the same CPU's, and of the same bulk.
 */
static __always_inline void nicsw_withhold(__u32 slot, __u32 cast, __u64 length)
{
	struct nicsw_counters *port = nicsw_counters_at(slot);

	if (unlikely(!port || !nicsw_bounded_cast(cast)))
		return;
	port->rx_packets[cast]--;
	port->rx_bytes[cast] -= length;
	port->drops[NICSW_REASON_REFLECTED_SOURCE]++;
	port->copy_drops++;
	port->withheld++;
}

/* target: slot the frame was meant for; of a slot that does not exist the sender counts. */
__noinline int nicsw_count_dropped(__u32 reason, __u32 cast, __u64 length, __u32 target)
{
	struct nicsw_counters *port = NULL;

	nicsw_count_tx(cast, length);
	if (reason >= NICSW_REASONS_MAX)
		return XDP_DROP;
	if (NICSW_REASONS_OUT >> reason & 1)
		port = nicsw_counters_at(target);
	if (!port)
		port = nicsw_counters_at(nicsw_slot);
	if (port)
		port->drops[reason]++;
	return XDP_DROP;
}

/* The verdict of the switch as XDP sees it. */
static __always_inline int nicsw_count(struct xdp_md *ctx, const struct nicsw_frame *frame,
				       enum nicsw_reason reason)
{
	nicsw_explain(ctx, frame, reason);
	if (unlikely(reason))
		return nicsw_count_dropped(reason, nicsw_cast_of(frame), frame->length,
					   frame->target);
	if (unlikely(nicsw_is_group(frame)))
		return nicsw_count_flooded(frame->flooded, nicsw_cast_of(frame), frame->length,
					   frame->out_length);
	nicsw_count_tx(NICSW_UNICAST, frame->length);
	nicsw_count_rx(frame->target, NICSW_UNICAST, frame->out_length);
	return XDP_REDIRECT;
}

#endif
