// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/table.h"

/* A place in the table. */
struct place {
	__u32 bucket;
	__u32 entry;
};

#define STORE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)

static __u32 num_buckets(const struct nicsw_table *table)
{
	return 1u << table->maps->meta->bucket_bits;
}

static __u32 first_bucket(const struct nicsw_table *table, __u64 key)
{
	return nicsw_bucket_first(nicsw_key_hash(key), table->maps->meta->bucket_bits);
}

static __u32 second_bucket(const struct nicsw_table *table, __u64 key)
{
	return nicsw_bucket_second(nicsw_key_hash(key), table->maps->meta->bucket_bits);
}

static struct nicsw_entry *entry_at(const struct nicsw_table *table, struct place place)
{
	return &table->maps->buckets[place.bucket].entries[place.entry];
}

int nicsw_table_open(struct nicsw_table *table, struct nicsw_mapset *maps)
{
	size_t entries = (size_t)NICSW_BUCKET_ENTRIES << maps->meta->bucket_bits;

	table->maps = maps;
	table->num_quarantined = 0;
	table->quarantined = calloc(entries / 64, sizeof(__u64));
	if (!table->quarantined)
		return -ENOMEM;
	/* What an earlier daemon cleared may still be read: start with a grace period. */
	return maps->ops->grace_period(maps);
}

void nicsw_table_close(struct nicsw_table *table)
{
	free(table->quarantined);
	memset(table, 0, sizeof(*table));
}

static __u64 *quarantine_word(const struct nicsw_table *table, struct place place, __u64 *ret_bit)
{
	size_t index = (size_t)place.bucket * NICSW_BUCKET_ENTRIES + place.entry;

	*ret_bit = 1ull << (index % 64);
	return &table->quarantined[index / 64];
}

static bool is_quarantined(const struct nicsw_table *table, struct place place)
{
	__u64 bit;
	const __u64 *word = quarantine_word(table, place, &bit);

	return *word & bit;
}

static bool find_in_bucket(const struct nicsw_table *table, __u32 bucket, __u64 key,
			   struct place *ret)
{
	struct place place = {.bucket = bucket};

	for (place.entry = 0; place.entry < NICSW_BUCKET_ENTRIES; place.entry++) {
		if (entry_at(table, place)->key != key)
			continue;
		*ret = place;
		return true;
	}
	return false;
}

static bool find(const struct nicsw_table *table, __u64 key, struct place *ret)
{
	__u32 first = first_bucket(table, key);

	if (find_in_bucket(table, first, key, ret))
		return true;
	if (!(table->maps->buckets[first].entries[0].target & NICSW_OVERFLOW_MARK))
		return false;
	return find_in_bucket(table, second_bucket(table, key), key, ret);
}

int nicsw_table_find(const struct nicsw_table *table, __u64 key)
{
	struct place place;

	if (!find(table, key, &place))
		return -ENOENT;
	return entry_at(table, place)->target & NICSW_TARGET_SLOT;
}

static bool find_vacancy(const struct nicsw_table *table, __u32 bucket, struct place *ret)
{
	struct place place = {.bucket = bucket};

	for (place.entry = 0; place.entry < NICSW_BUCKET_ENTRIES; place.entry++) {
		if (entry_at(table, place)->key || is_quarantined(table, place))
			continue;
		*ret = place;
		return true;
	}
	return false;
}

/* The mark lives in entry 0's target and outlasts the entry. */
static void store_target(struct nicsw_table *table, struct place place, __u32 slot)
{
	struct nicsw_entry *entry = entry_at(table, place);
	__u64 mark = place.entry == 0 ? entry->target & NICSW_OVERFLOW_MARK : 0;

	STORE(entry->target, mark | slot);
}

/* Target before key: a reader that sees the key sees its target. The mark last: only then is the
 * key found. */
static void fill(struct nicsw_table *table, struct place place, __u64 key, __u32 slot)
{
	__u32 first = first_bucket(table, key);
	struct nicsw_entry *marked = &table->maps->buckets[first].entries[0];

	store_target(table, place, slot);
	STORE(entry_at(table, place)->key, key);
	if (place.bucket != first)
		STORE(marked->target, marked->target | NICSW_OVERFLOW_MARK);
}

static void empty(struct nicsw_table *table, struct place place)
{
	__u64 bit;
	__u64 *word = quarantine_word(table, place, &bit);

	STORE(entry_at(table, place)->key, 0);
	*word |= bit;
	table->num_quarantined++;
}

static int end_quarantine(struct nicsw_table *table)
{
	int result = table->maps->ops->grace_period(table->maps);

	if (result)
		return result;
	memset(table->quarantined, 0, num_buckets(table) * NICSW_BUCKET_ENTRIES / 8);
	table->num_quarantined = 0;
	return 0;
}

static bool find_place(const struct nicsw_table *table, __u64 key, struct place *ret)
{
	return find_vacancy(table, first_bucket(table, key), ret) ||
	       find_vacancy(table, second_bucket(table, key), ret);
}

/*
 * Moves one key of a full bucket to its other bucket: copied before it is cleared, with a grace
 * period in between for a reader that has looked into one bucket and not yet into the other.
 * Without that grace period the copy goes again: the first place has been good all the time.
 */
static int displace_from(struct nicsw_table *table, __u32 bucket)
{
	struct place from = {.bucket = bucket};
	struct place to;

	for (from.entry = 0; from.entry < NICSW_BUCKET_ENTRIES; from.entry++) {
		__u64 key = entry_at(table, from)->key;
		__u32 first = first_bucket(table, key);
		__u32 other = bucket == first ? second_bucket(table, key) : first;
		int result;

		if (other == bucket || !find_vacancy(table, other, &to))
			continue;
		fill(table, to, key, entry_at(table, from)->target & NICSW_TARGET_SLOT);
		result = table->maps->ops->grace_period(table->maps);
		empty(table, result ? to : from);
		return result;
	}
	return -ENOSPC;
}

static int make_place(struct nicsw_table *table, __u64 key, struct place *ret)
{
	int result;

	/* Else quarantine fills the first buckets, and every frame has to look into the second. If
	 * it cannot end now, it ends later. */
	if (table->num_quarantined >= num_buckets(table) / 2)
		end_quarantine(table);
	if (find_place(table, key, ret))
		return 0;
	if (table->num_quarantined) {
		result = end_quarantine(table);
		if (result)
			return result;
		if (find_place(table, key, ret))
			return 0;
	}
	result = displace_from(table, first_bucket(table, key));
	if (result == -ENOSPC)
		result = displace_from(table, second_bucket(table, key));
	if (result)
		return result;
	result = end_quarantine(table);
	if (result)
		return result;
	return find_place(table, key, ret) ? 0 : -ENOSPC;
}

int nicsw_table_set(struct nicsw_table *table, __u64 key, __u32 slot)
{
	struct place place;
	int result;

	if (find(table, key, &place)) {
		store_target(table, place, slot);
		return 0;
	}
	result = make_place(table, key, &place);
	if (result)
		return result;
	fill(table, place, key, slot);
	return 0;
}

int nicsw_table_clear(struct nicsw_table *table, __u64 key)
{
	struct place place, copy;

	if (!find(table, key, &place))
		return -ENOENT;
	/* A daemon that died while displacing left a copy; behind the first it would be found. */
	if (find_in_bucket(table, second_bucket(table, key), key, &copy) &&
	    copy.bucket != place.bucket)
		empty(table, copy);
	empty(table, place);
	return 0;
}

/* A key at a place where no reader finds it, or not first: another copy answers for it. */
static bool is_stray(const struct nicsw_table *table, struct place place)
{
	__u64 key = entry_at(table, place)->key;
	struct place found;

	return !find(table, key, &found) || found.bucket != place.bucket ||
	       found.entry != place.entry;
}

int nicsw_table_each(struct nicsw_table *table,
		     int (*visit)(struct nicsw_table *table, __u64 key, __u32 slot, void *context),
		     void *context)
{
	struct place place;
	int result = 0;

	for (place.bucket = 0; place.bucket < num_buckets(table); place.bucket++) {
		for (place.entry = 0; place.entry < NICSW_BUCKET_ENTRIES && !result;
		     place.entry++) {
			const struct nicsw_entry *entry = entry_at(table, place);

			if (!entry->key)
				continue;
			if (is_stray(table, place))
				empty(table, place);
			else
				result = visit(table, entry->key, entry->target & NICSW_TARGET_SLOT,
					       context);
		}
	}
	return result;
}
