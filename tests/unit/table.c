// SPDX-License-Identifier: GPL-2.0-only
/* The filter table, seen between two operations. Between two stores: table_reader.c. */
#include "tests/unit/table_fixture.h"

TestSuite(table, .init = open_small, .fini = close_table);

static unsigned int graces(void)
{
	return nicsw_mapset_memory_grace_periods(&maps);
}

static struct nicsw_entry *entry(size_t index)
{
	return &maps.buckets[index / NICSW_BUCKET_ENTRIES].entries[index % NICSW_BUCKET_ENTRIES];
}

/* The n-th key with these buckets; second -1: any but first. */
static __u64 key_in(__u32 first, int second, __u32 n)
{
	__u32 number;

	for (number = 0;; number++) {
		__u64 key = any_key(number);
		bool fits = second < 0 ? second_of(key) != first : (int)second_of(key) == second;

		if (first_of(key) == first && fits && !n--)
			return key;
	}
}

static size_t count_places(__u64 key)
{
	size_t i, count = 0;

	for (i = 0; i < num_entries(); i++)
		count += entry(i)->key == key;
	return count;
}

static void expect_at(__u64 key, __u32 slot)
{
	cr_expect_eq(reader_find(key), (int)slot);
	cr_expect_eq(nicsw_table_find(&table, key), (int)slot);
	cr_expect_eq(count_places(key), 1);
}

static void expect_nowhere(__u64 key)
{
	cr_expect_eq(reader_find(key), -1);
	cr_expect_eq(nicsw_table_find(&table, key), -ENOENT);
	cr_expect_eq(count_places(key), 0);
}

/* ---- set, find, move, clear ---- */

Test(table, finds_what_was_set)
{
	set(any_key(1), 5);
	set(any_key(2), 6);
	expect_at(any_key(1), 5);
	expect_at(any_key(2), 6);
	expect_nowhere(any_key(3));
}

Test(table, clear_removes_one_key)
{
	set(any_key(1), 5);
	set(any_key(2), 6);
	cr_expect_eq(nicsw_table_clear(&table, any_key(1)), 0);
	expect_nowhere(any_key(1));
	expect_at(any_key(2), 6);
	cr_expect_eq(nicsw_table_clear(&table, any_key(1)), -ENOENT);
}

static struct nicsw_bucket *copy_buckets(void)
{
	size_t size = sizeof(struct nicsw_bucket) << maps.meta->bucket_bits;

	return memcpy(aligned_alloc(64, size), maps.buckets, size);
}

/* MOVE-RF-8: one aligned store, so that every frame sees the old VPort or the new one. */
static void expect_one_store(__u64 key, __u32 slot)
{
	struct nicsw_bucket *before = copy_buckets();
	size_t words = num_entries() * 2;
	const __u64 *old = (const __u64 *)before, *new = (const __u64 *)maps.buckets;
	size_t word, changed = 0;

	set(key, slot);
	for (word = 0; word < words; word++) {
		if (old[word] == new[word])
			continue;
		changed++;
		cr_expect_eq(word % 2, 1, "a key was written");
		cr_expect_eq(new[word - 1], key, "another key's target was written");
		cr_expect_eq((old[word] ^ new[word]) & ~NICSW_TARGET_SLOT, 0, "the mark changed");
	}
	cr_expect_eq(changed, 1, "%zu words were written", changed);
	expect_at(key, slot);
	free(before);
}

Test(table, MOVE_RF_8_one_store)
{
	__u32 i;

	/* Two buckets full, the first with the mark, and some keys in second buckets. */
	for (i = 0; i < 6; i++)
		set(key_in(3, 7, i), 100 + i);
	for (i = 0; i < 6; i++)
		expect_one_store(key_in(3, 7, i), 200 + i);
	cr_expect(maps.buckets[3].entries[0].target & NICSW_OVERFLOW_MARK);
	cr_expect_eq(graces(), 1, "a move waits for nobody"); /* 1: open */
}

/* ---- second bucket and mark ---- */

Test(table, fifth_key_goes_to_the_second_bucket)
{
	__u32 i;

	for (i = 0; i < 4; i++)
		set(key_in(3, -1, i), i);
	cr_expect_eq(maps.buckets[3].entries[0].target & NICSW_OVERFLOW_MARK, 0);
	set(key_in(3, 9, 4), 4);
	cr_expect(maps.buckets[3].entries[0].target & NICSW_OVERFLOW_MARK);
	cr_expect_eq(maps.buckets[9].entries[0].key, key_in(3, 9, 4));
	for (i = 0; i < 4; i++)
		expect_at(key_in(3, -1, i), i);
	expect_at(key_in(3, 9, 4), 4);
}

Test(table, the_mark_outlasts_the_entry_that_carries_it)
{
	__u32 i;

	for (i = 0; i < 5; i++)
		set(key_in(3, 9, i), i);
	cr_assert_eq(nicsw_table_clear(&table, maps.buckets[3].entries[0].key), 0);
	expect_at(key_in(3, 9, 4), 4);
	/* The place is taken again, by a target without a mark. */
	ops.grace_period(&maps);
	nicsw_table_close(&table);
	cr_assert_eq(nicsw_table_open(&table, &maps), 0);
	set(key_in(3, 9, 20), 20);
	cr_expect_eq(maps.buckets[3].entries[0].key, key_in(3, 9, 20));
	expect_at(key_in(3, 9, 4), 4);
	expect_at(key_in(3, 9, 20), 20);
}

/*
 * Addresses of one vendor differ in the last two bytes only. They must not share one second bucket,
 * or a VLAN times such addresses finds no place in a table that is a quarter full.
 */
Test(table, second_buckets_of_neighbours_differ)
{
	bool used[16] = {};
	__u32 i, distinct = 0;

	for (i = 0; i < 64; i++) {
		const __u8 mac[NICSW_MAC_SIZE] = {0x02, 0, 0, 0, 0, i};

		distinct += !used[second_of(nicsw_key(mac, 5))];
		used[second_of(nicsw_key(mac, 5))] = true;
	}
	cr_expect_gt(distinct, 10, "64 neighbours have %u second buckets of 16", distinct);
}

/* ---- displacement ---- */

/* Fills bucket 3 and bucket 9; keys in 3 could go to their second buckets, those in 9 not to 3. */
static void fill_two(void)
{
	__u32 i;

	for (i = 0; i < 4; i++)
		set(key_in(3, 5, i), 30 + i);
	for (i = 0; i < 4; i++)
		set(key_in(9, 3, i), 90 + i);
}

Test(table, displaces_a_key_when_both_buckets_are_full)
{
	__u32 i;

	fill_two();
	set(key_in(3, 9, 0), 50);
	expect_at(key_in(3, 9, 0), 50);
	for (i = 0; i < 4; i++) {
		expect_at(key_in(3, 5, i), 30 + i);
		expect_at(key_in(9, 3, i), 90 + i);
	}
	/* One between copy and clearing, one before the place is used again; 1: open. */
	cr_expect_eq(graces(), 3);
}

Test(table, displaces_a_key_back_to_its_first_bucket)
{
	__u32 i, home = 0;

	/* Bucket 3 is full, so the next four are in 9, far from home; then 3 empties. */
	for (i = 0; i < 4; i++)
		set(key_in(3, 5, i), 30 + i);
	for (i = 0; i < 4; i++)
		set(key_in(3, 9, i), 40 + i);
	for (i = 0; i < 4; i++)
		nicsw_table_clear(&table, key_in(3, 5, i));
	/* All keys of bucket 2 have their second place in 9, so only a key of 9 can give way. */
	for (i = 0; i < 5; i++)
		set(key_in(2, 9, i), 20 + i);
	for (i = 0; i < 5; i++)
		expect_at(key_in(2, 9, i), 20 + i);
	for (i = 0; i < 4; i++) {
		expect_at(key_in(3, 9, i), 40 + i);
		home += maps.buckets[3].entries[i].key != 0;
	}
	cr_expect_eq(home, 1);
}

static void fill_all(void)
{
	__u32 bucket, i;

	for (bucket = 0; bucket < 16; bucket++)
		for (i = 0; i < 4; i++)
			set(key_in(bucket, -1, i), bucket);
}

/* GEN-17 */
Test(table, no_place_changes_nothing)
{
	struct nicsw_bucket *before;

	fill_all();
	before = copy_buckets();
	cr_expect_eq(nicsw_table_set(&table, key_in(4, -1, 10), 1), -ENOSPC);
	cr_expect_eq(memcmp(before, maps.buckets, 16 * sizeof(*before)), 0);
	expect_nowhere(key_in(4, -1, 10));
	free(before);
}

static int refuse_grace_period(struct nicsw_mapset *unused _unused_)
{
	return -EIO;
}

/* GEN-17: the copy made for the displacement goes again. */
Test(table, displacement_without_grace_period_is_undone)
{
	__u32 i;

	fill_two();
	ops.grace_period = refuse_grace_period;
	cr_expect_eq(nicsw_table_set(&table, key_in(3, 9, 0), 50), -EIO);
	expect_nowhere(key_in(3, 9, 0));
	for (i = 0; i < 4; i++) {
		/* The old place: a reader may be on its way from there. */
		cr_expect_eq(maps.buckets[3].entries[i].key, key_in(3, 5, i));
		expect_at(key_in(3, 5, i), 30 + i);
		expect_at(key_in(9, 3, i), 90 + i);
	}
}

/* A daemon died between copy and clearing. */
Test(table, clear_leaves_no_copy)
{
	__u64 key = key_in(3, 9, 0);

	set(key, 5);
	maps.buckets[9].entries[1] = (struct nicsw_entry){.key = key, .target = 5};
	maps.buckets[3].entries[0].target |= NICSW_OVERFLOW_MARK;
	cr_expect_eq(nicsw_table_set(&table, key, 6), 0);
	cr_expect_eq(reader_find(key), 6);
	cr_expect_eq(nicsw_table_clear(&table, key), 0);
	expect_nowhere(key);
}

/* ---- quarantine ---- */

Test(table, a_cleared_entry_keeps_its_target)
{
	__u64 key = key_in(3, -1, 0);

	set(key, 5);
	nicsw_table_clear(&table, key);
	set(key_in(3, -1, 1), 6);
	set(key, 7);
	/* A reader that saw the key before it was cleared still finds slot 5 behind it. */
	cr_expect_eq(maps.buckets[3].entries[0].key, 0);
	cr_expect_eq(maps.buckets[3].entries[0].target, 5);
	expect_at(key, 7);
	cr_expect_eq(graces(), 1);
}

Test(table, a_cleared_entry_is_used_after_a_grace_period)
{
	__u32 i;

	fill_all();
	nicsw_table_clear(&table, key_in(3, -1, 2));
	cr_expect_eq(graces(), 1);
	set(key_in(3, -1, 9), 77);
	cr_expect_eq(graces(), 2);
	expect_at(key_in(3, -1, 9), 77);
	for (i = 0; i < 4; i++)
		if (i != 2)
			expect_at(key_in(3, -1, i), 3);
}

Test(table, a_cleared_entry_is_not_used_if_there_is_no_grace_period)
{
	fill_all();
	nicsw_table_clear(&table, key_in(3, -1, 2));
	ops.grace_period = refuse_grace_period;
	cr_expect_eq(nicsw_table_set(&table, key_in(3, -1, 9), 77), -EIO);
	expect_nowhere(key_in(3, -1, 9));
	cr_expect_eq(maps.buckets[3].entries[2].target, 3);
}

/* Set and clear for years: first buckets do not fill with entries that nobody may use. */
Test(table, quarantine_does_not_push_keys_out_of_first_buckets)
{
	__u32 i, marks = 0;

	for (i = 0; i < 10000; i++) {
		set(any_key(i), 1);
		cr_assert_eq(nicsw_table_clear(&table, any_key(i)), 0);
	}
	for (i = 0; i < 16; i++)
		marks += !!(maps.buckets[i].entries[0].target & NICSW_OVERFLOW_MARK);
	cr_expect_leq(marks, 8, "%u of 16 buckets send every frame to a second one", marks);
	cr_expect_leq(graces(), 10000 / 8 + 1);
}

Test(table, open_waits_for_readers_of_what_the_last_daemon_cleared)
{
	unsigned int before = graces();

	nicsw_table_close(&table);
	cr_assert_eq(nicsw_table_open(&table, &maps), 0);
	cr_expect_eq(graces(), before + 1);
}

/* ---- all entries ---- */

struct visits {
	__u32 count;
	__u64 sum;
	int stop_after;
};

static int visit(struct nicsw_table *visited, __u64 key, __u32 slot, void *context)
{
	struct visits *visits = context;

	cr_expect_eq(nicsw_table_find(visited, key), (int)slot);
	visits->count++;
	visits->sum += key;
	return visits->stop_after && (int)visits->count == visits->stop_after ? -EINTR : 0;
}

Test(table, each_visits_every_key_once)
{
	struct visits visits = {};
	__u64 sum = 0;
	__u32 i;

	for (i = 0; i < SMALL; i++) {
		set(any_key(i), i);
		sum += any_key(i);
	}
	cr_expect_eq(nicsw_table_each(&table, visit, &visits), 0);
	cr_expect_eq(visits.count, SMALL);
	cr_expect_eq(visits.sum, sum);
}

Test(table, each_stops_at_the_first_result)
{
	struct visits visits = {.stop_after = 3};
	__u32 i;

	for (i = 0; i < 8; i++)
		set(any_key(i), i);
	cr_expect_eq(nicsw_table_each(&table, visit, &visits), -EINTR);
	cr_expect_eq(visits.count, 3);
}

static int clear_visited(struct nicsw_table *visited, __u64 key, __u32 slot _unused_,
			 void *context _unused_)
{
	return nicsw_table_clear(visited, key);
}

Test(table, each_may_clear)
{
	__u32 i;

	for (i = 0; i < SMALL; i++)
		set(any_key(i), i);
	cr_expect_eq(nicsw_table_each(&table, clear_visited, NULL), 0);
	for (i = 0; i < SMALL; i++)
		expect_nowhere(any_key(i));
}

Test(table, each_clears_what_no_reader_finds_first)
{
	__u64 key = key_in(3, 9, 0), lost = key_in(4, 9, 0);
	struct visits visits = {};

	set(key, 5);
	maps.buckets[9].entries[0] = (struct nicsw_entry){.key = key, .target = 8};
	maps.buckets[3].entries[2] = (struct nicsw_entry){.key = key, .target = 8};
	maps.buckets[12].entries[0] = (struct nicsw_entry){.key = lost, .target = 8};
	cr_expect_eq(nicsw_table_each(&table, visit, &visits), 0);
	cr_expect_eq(visits.count, 1);
	expect_at(key, 5);
	expect_nowhere(lost);
}

/* ---- many ---- */

/* vlans times macs keys, neighbours in both; all of them find a place. */
static void fill(__u32 vlans, __u32 macs)
{
	__u32 vlan, i, missing = 0;

	for (vlan = 0; vlan < vlans; vlan++)
		for (i = 0; i < macs; i++) {
			const __u8 mac[NICSW_MAC_SIZE] = {0x02, 0, 0, 0, i >> 8, i};

			set(nicsw_key(mac, vlan), (vlan * macs + i) % 1000);
		}
	for (vlan = 0; vlan < vlans; vlan++)
		for (i = 0; i < macs; i++) {
			const __u8 mac[NICSW_MAC_SIZE] = {0x02, 0, 0, 0, i >> 8, i};

			missing += reader_find(nicsw_key(mac, vlan)) !=
				   (int)((vlan * macs + i) % 1000);
		}
	cr_expect_eq(missing, 0, "%u VLANs, %u addresses: %u are not found", vlans, macs, missing);
}

TestSuite(table_full, .fini = close_table);

Test(table_full, takes_65536_keys)
{
	static const __u32 vlans[] = {1, 16, 64, 256, 4094};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vlans); i++) {
		open_table(NICSW_MAX_FILTERS);
		fill(vlans[i], NICSW_MAX_FILTERS / vlans[i]);
		if (i + 1 < ARRAY_SIZE(vlans))
			close_table();
	}
}

Test(table_full, takes_65536_keys_of_any_kind)
{
	__u64 number = 1;
	__u32 i;

	open_table(NICSW_MAX_FILTERS);
	for (i = 0; i < NICSW_MAX_FILTERS; i++) {
		number = number * 6364136223846793005ull + 1442695040888963407ull;
		set((number & ~0xfffull) | NICSW_KEY_VALID | (i % 4095), i % 1000);
	}
	number = 1;
	for (i = 0; i < NICSW_MAX_FILTERS; i++) {
		number = number * 6364136223846793005ull + 1442695040888963407ull;
		cr_assert_eq(reader_find((number & ~0xfffull) | NICSW_KEY_VALID | (i % 4095)),
			     (int)(i % 1000));
	}
}

/* ---- against a list ---- */

#define KEYS 60

static int expected[KEYS];

static void random_operation(__u32 *used)
{
	__u32 i = random_below(KEYS);
	__u32 slot = random_below(1000);
	int result;

	if (expected[i] >= 0 && random_below(2)) {
		cr_assert_eq(nicsw_table_clear(&table, any_key(i)), 0);
		expected[i] = -1;
		(*used)--;
		return;
	}
	result = nicsw_table_set(&table, any_key(i), slot);
	if (result == -ENOSPC) {
		cr_assert_gt(*used, SMALL, "no place, and only %u of 64 are used", *used);
		return;
	}
	cr_assert_eq(result, 0);
	*used += expected[i] < 0;
	expected[i] = slot;
}

Test(table, does_what_a_list_does)
{
	__u32 round, step, i, used;

	for (round = 0; round < 20; round++) {
		close_table();
		open_small();
		seed = round;
		used = 0;
		for (i = 0; i < KEYS; i++)
			expected[i] = -1;
		for (step = 0; step < 3000; step++) {
			random_operation(&used);
			for (i = 0; i < KEYS; i++)
				cr_assert_eq(reader_find(any_key(i)), expected[i],
					     "seed %u step %u key %u", round, step, i);
		}
		for (i = 0; i < KEYS; i++)
			cr_assert_eq(count_places(any_key(i)), expected[i] >= 0);
	}
}
