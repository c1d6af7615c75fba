/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 3, lookup: which port a unicast frame is for (packet-flow 4.4, FWD-1..11).
 *
 * A known destination costs one cache line of filter_table. The daemon moves a filter with one
 * store of the target, so key and target are each read once, key first (include/nicsw/maps.h).
 */
#ifndef NICSW_LOOKUP_BPF_H
#define NICSW_LOOKUP_BPF_H

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

/* The slot that key is steered to, or NICSW_NONE. */
static __always_inline __u32 nicsw_find(__u64 key)
{
	__u64 hash = nicsw_key_hash(key);
	const struct nicsw_bucket *bucket;
	const struct nicsw_entry *entry;

	bucket = nicsw_bucket_at(nicsw_bucket_first(hash, nicsw_bucket_bits));
	if (unlikely(!bucket))
		return NICSW_NONE;
	entry = nicsw_bucket_find(bucket, key);
	if (likely(entry))
		return nicsw_entry_slot(entry);
	if (likely(!(nicsw_load(bucket->entries[0].target) & NICSW_OVERFLOW_MARK)))
		return NICSW_NONE;
	bucket = nicsw_bucket_at(nicsw_bucket_second(hash, nicsw_bucket_bits));
	if (unlikely(!bucket))
		return NICSW_NONE;
	entry = nicsw_bucket_find(bucket, key);
	return entry ? nicsw_entry_slot(entry) : NICSW_NONE;
}

/* The same for the rare lookups of a source, out of the way of the common path. */
__noinline __u32 nicsw_find_source(__u64 key)
{
	return nicsw_find(key);
}

/* No match: from the wire to the default VPort (FWD-2), from a VPort to the wire (FWD-6, FWD-10).
 */
static __always_inline enum nicsw_reason nicsw_lookup(struct nicsw_frame *frame)
{
	__u32 slot = nicsw_find(frame->destination | frame->vid);

	if (unlikely(slot == nicsw_slot))
		return NICSW_REASON_SELF_ADDRESSED; /* FWD-11 */
	frame->matched = slot != NICSW_NONE;
	if (!frame->matched)
		slot = nicsw_slot == NICSW_SLOT_UPLINK ? NICSW_SLOT_PF : NICSW_SLOT_UPLINK;
	frame->target = slot;
	return NICSW_FORWARDED;
}

#endif
