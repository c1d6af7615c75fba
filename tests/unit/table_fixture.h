/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A filter table in plain memory, keys for it, and a reader that follows the rules of the switch
 * programs (maps.h). `ops` are those of the mapset: a test may put another grace period in.
 */
#ifndef NICSW_TESTS_TABLE_FIXTURE_H
#define NICSW_TESTS_TABLE_FIXTURE_H

#include <criterion/criterion.h>

#include "dataplane/mapset_memory.h"
#include "dataplane/table.h"

#define SMALL 24u /* filters: 16 buckets, 64 entries */

static struct nicsw_mapset maps;
static struct nicsw_table table;
static struct nicsw_mapset_ops ops;

static inline void open_table(__u32 max_filters)
{
	const struct nicsw_mapset_sizes sizes = {1, max_filters};

	cr_assert_eq(nicsw_mapset_memory(&sizes, &maps), 0);
	ops = *maps.ops;
	maps.ops = &ops;
	cr_assert_eq(nicsw_table_open(&table, &maps), 0);
}

static inline void open_small(void)
{
	open_table(SMALL);
}

static inline void close_table(void)
{
	nicsw_table_close(&table);
	nicsw_mapset_close(&maps);
}

static inline size_t num_entries(void)
{
	return (size_t)NICSW_BUCKET_ENTRIES << maps.meta->bucket_bits;
}

static inline __u32 first_of(__u64 key)
{
	return nicsw_bucket_first(nicsw_key_hash(key), maps.meta->bucket_bits);
}

static inline __u32 second_of(__u64 key)
{
	return nicsw_bucket_second(nicsw_key_hash(key), maps.meta->bucket_bits);
}

static inline __u64 any_key(__u32 number)
{
	const __u8 mac[NICSW_MAC_SIZE] = {0x02, 0, number >> 24, number >> 16, number >> 8, number};

	return nicsw_key(mac, number % 3);
}

/* How the switch programs find a key (maps.h): its slot, or -1. */
static inline int reader_find(__u64 key)
{
	const struct nicsw_bucket *bucket = &maps.buckets[first_of(key)];
	int round, i;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < (int)NICSW_BUCKET_ENTRIES; i++)
			if (__atomic_load_n(&bucket->entries[i].key, __ATOMIC_ACQUIRE) == key)
				return __atomic_load_n(&bucket->entries[i].target,
						       __ATOMIC_ACQUIRE) &
				       NICSW_TARGET_SLOT;
		if (!(__atomic_load_n(&bucket->entries[0].target, __ATOMIC_ACQUIRE) &
		      NICSW_OVERFLOW_MARK))
			return -1;
		bucket = &maps.buckets[second_of(key)];
	}
	return -1;
}

static inline void set(__u64 key, __u32 slot)
{
	cr_assert_eq(nicsw_table_set(&table, key, slot), 0);
}

static __u64 seed;

static inline __u32 random_below(__u32 limit)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(seed >> 33) % limit;
}

#endif
