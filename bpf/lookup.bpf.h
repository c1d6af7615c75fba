/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 3, lookup: which port a unicast frame is for (packet-flow 4.4, FWD-1..11).
 *
 * A known destination costs one cache line of filter_table. The daemon moves a filter with one
 * store of the target, so key and target are each read once, key first (include/nicsw/maps.h).
 */
#ifndef NICSW_LOOKUP_BPF_H
#define NICSW_LOOKUP_BPF_H

#include <stddef.h>

#include "bpf/parse.bpf.h"

static __always_inline const struct nicsw_bucket *nicsw_bucket_at(__u32 index)
{
	return bpf_map_lookup_elem(&filter_table, &index);
}

/* The entry of key in one bucket, or NULL. */
static __always_inline const struct nicsw_entry *
nicsw_bucket_find(const struct nicsw_bucket *bucket, __u64 key)
{
#pragma unroll
	for (__u32 i = 0; i < NICSW_BUCKET_ENTRIES; i++)
		if (nicsw_load(bucket->entries[i].key) == key)
			return &bucket->entries[i];
	return NULL;
}

static __always_inline __u32 nicsw_entry_slot(const struct nicsw_entry *entry)
{
	return nicsw_load(entry->target) & NICSW_TARGET_SLOT;
}

/* The same in the key's second bucket: rare, and so kept out of the way of the common path. */
__noinline __u32 nicsw_find_second(__u64 key)
{
	__u32 index = nicsw_bucket_second(nicsw_key_hash(key), nicsw_bucket_bits);
	const struct nicsw_bucket *bucket = nicsw_bucket_at(index);
	const struct nicsw_entry *entry;

	if (!bucket)
		return NICSW_NONE;
	entry = nicsw_bucket_find(bucket, key);
	return entry ? nicsw_entry_slot(entry) : NICSW_NONE;
}

/*
 * The entry of key in its first bucket, or NULL. ret_overflow: some key of this bucket is in its
 * second one.
 */
static __always_inline const struct nicsw_entry *nicsw_find_first(__u64 key, int *ret_overflow)
{
	__u32 index = nicsw_bucket_first(nicsw_key_hash(key), nicsw_bucket_bits);
	const struct nicsw_bucket *bucket = nicsw_bucket_at(index);
	const struct nicsw_entry *entry;

	if (unlikely(!bucket))
		return NULL;
	entry = nicsw_bucket_find(bucket, key);
	if (unlikely(!entry))
		*ret_overflow = nicsw_load(bucket->entries[0].target) >> 63;
	return entry;
}

/* The slot that a key belongs to, or NICSW_NONE: of source addresses, and other rare questions. */
__noinline __u32 nicsw_find_slot(__u64 key)
{
	int overflow = 0;
	const struct nicsw_entry *entry = nicsw_find_first(key, &overflow);

	if (entry)
		return nicsw_entry_slot(entry);
	return overflow ? nicsw_find_second(key) : NICSW_NONE;
}

/*
 * MATCH-12: an entry for any VLAN, of a port whose VLAN set has this one. Frames without a tag have
 * entries of their own. NICSW_NONE: no match.
 */
static __always_inline __u32 nicsw_find_any_vlan(const struct nicsw_frame *frame)
{
	__u32 slot;

	if (!frame->vid || !(frame->ingress & NICSW_PORT_ANY_VLAN))
		return NICSW_NONE;
	slot = nicsw_find_slot(frame->destination | NICSW_VLAN_ANY);
	if (slot <= NICSW_SLOT_PF || slot == NICSW_NONE)
		return slot;
	return nicsw_is_member(frame->vid, slot) ? slot : NICSW_NONE;
}

/* What a receiver must accept. From another VPort: it is not isolated either. */
#define NICSW_ACCEPT_MATCHED                                                                       \
	(NICSW_PORT_UNMATCHED |                                                                    \
	 (nicsw_slot == NICSW_SLOT_UPLINK ? NICSW_PORT_DIRECTED : NICSW_PORT_PEERS))

/* No match: from the wire to the default VPort (FWD-2), from a VPort to the wire (FWD-6, FWD-10).
 */
static __always_inline enum nicsw_reason nicsw_lookup(struct nicsw_frame *frame)
{
	__u64 key = frame->destination | frame->vid;
	int overflow = 0;
	const struct nicsw_entry *entry = nicsw_find_first(key, &overflow);

	frame->accepted = NICSW_ACCEPT_MATCHED;
	if (likely(entry)) {
		frame->target = nicsw_entry_slot(entry);
	} else {
		frame->target = overflow ? nicsw_find_second(key) : NICSW_NONE;
		if (frame->target == NICSW_NONE)
			frame->target = nicsw_find_any_vlan(frame);
		if (frame->target == NICSW_NONE) {
			frame->accepted = NICSW_PORT_UNMATCHED;
			frame->target =
				nicsw_slot == NICSW_SLOT_UPLINK ? NICSW_SLOT_PF : NICSW_SLOT_UPLINK;
		}
	}
	return unlikely(frame->target == nicsw_slot) ? NICSW_REASON_SELF_ADDRESSED /* FWD-11 */
						     : NICSW_FORWARDED;
}

/* Policies about another VPort as receiver: VEPA sends it by the wire, isolation not at all. */
static __always_inline enum nicsw_reason nicsw_lookup_policy(struct nicsw_frame *frame)
{
	if (nicsw_slot == NICSW_SLOT_UPLINK || frame->target == NICSW_SLOT_UPLINK)
		return NICSW_FORWARDED;
	if (frame->ingress & NICSW_PORT_ISOLATED)
		return NICSW_REASON_ISOLATED;
	if (frame->ingress & NICSW_PORT_VEPA)
		frame->target = NICSW_SLOT_UPLINK;
	return NICSW_FORWARDED;
}

#endif
