// SPDX-License-Identifier: GPL-2.0-only
/*
 * The filter table under readers that never stop: what they meet between any two stores.
 *
 * Keys 0..STEADY-1 are always there, in slot 2k or 2k + 1: a reader that misses one has seen
 * neither VPort (MOVE-RF-8). The others come and go, always to slot 1000 + their number: a reader
 * that finds another slot behind one has met a stranger's target.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "tests/unit/table_fixture.h"

#define STEADY 16
#define OTHERS 44
#define KEYS   (STEADY + OTHERS)

static bool is_allowed(__u32 number, int slot)
{
	return number < STEADY ? slot / 2 == (int)number : slot == (int)(1000 + number);
}

static void set_steady(void)
{
	__u32 i;

	for (i = 0; i < STEADY; i++)
		set(any_key(i), 2 * i);
}

/* begin and end enclose the one call that writes the table. */
static void disturb(void (*begin)(void), void (*end)(void))
{
	__u32 i = random_below(KEYS);
	__u32 slot = i < STEADY ? 2 * i + random_below(2) : 1000 + i;
	__u64 key = any_key(i);
	bool clear = i >= STEADY && nicsw_table_find(&table, key) >= 0;
	int result;

	begin();
	result = clear ? nicsw_table_clear(&table, key) : nicsw_table_set(&table, key, slot);
	end();
	cr_assert(!result || (!clear && i >= STEADY && result == -ENOSPC));
}

TestSuite(table_reader, .fini = close_table, .timeout = 120);

/* ---- every state of the memory ---- */

#ifdef __x86_64__

/*
 * The processor stops after each instruction of the writer, and we look at the table as all readers
 * together that can be under way: one that has seen a key in an entry at any moment since the last
 * grace period may read the target now; one that has missed a key in the first bucket may look into
 * the second one now.
 */
#define TRAP_FLAG   0x100ull
#define SEEN_KEYS   8u
#define NUM_ENTRIES 64u

static struct {
	__u32 seen[NUM_ENTRIES][SEEN_KEYS]; /* number of the key + 1 */
	bool missed_first[STEADY];
	__u64 keys[KEYS];
	__u64 looks, wrong, missed, crowded;
} readers;

static void remember(__u32 *seen, __u32 number)
{
	__u32 i;

	for (i = 0; i < SEEN_KEYS && seen[i] && seen[i] != number + 1; i++)
		continue;
	if (i < SEEN_KEYS)
		seen[i] = number + 1;
	else
		readers.crowded++;
}

static void look_at_entry(__u32 index)
{
	const struct nicsw_entry *entry = &maps.buckets[index / 4].entries[index % 4];
	__u32 *seen = readers.seen[index];
	__u64 key = entry->key;
	__u32 i;

	for (i = 0; key && i < KEYS; i++)
		if (readers.keys[i] == key)
			remember(seen, i);
	for (i = 0; i < SEEN_KEYS && seen[i]; i++)
		readers.wrong += !is_allowed(seen[i] - 1, entry->target & NICSW_TARGET_SLOT);
}

static bool is_in(__u32 bucket, __u64 key)
{
	const struct nicsw_entry *entries = maps.buckets[bucket].entries;

	return entries[0].key == key || entries[1].key == key || entries[2].key == key ||
	       entries[3].key == key;
}

static void look_for(__u32 number)
{
	__u64 key = readers.keys[number];

	if (!is_in(first_of(key), key)) {
		readers.missed_first[number] = true;
		readers.missed +=
			!(maps.buckets[first_of(key)].entries[0].target & NICSW_OVERFLOW_MARK);
	}
	if (readers.missed_first[number])
		readers.missed += !is_in(second_of(key), key);
}

static void look(int signal _unused_)
{
	__u32 i;

	for (i = 0; i < NUM_ENTRIES; i++)
		look_at_entry(i);
	for (i = 0; i < STEADY; i++)
		look_for(i);
	readers.looks++;
}

/* All that were under way have ended. */
static int end_readers(struct nicsw_mapset *unused _unused_)
{
	memset(readers.seen, 0, sizeof(readers.seen));
	memset(readers.missed_first, 0, sizeof(readers.missed_first));
	return 0;
}

/* Below the red zone, where the compiler may keep something. */
static void begin_steps(void)
{
	__asm__ volatile("sub $128, %%rsp; pushfq; orq %0, (%%rsp); popfq; add $128, %%rsp"
			 :
			 : "i"(TRAP_FLAG)
			 : "cc", "memory");
}

static void end_steps(void)
{
	__asm__ volatile("sub $128, %%rsp; pushfq; andq %0, (%%rsp); popfq; add $128, %%rsp"
			 :
			 : "i"(~TRAP_FLAG)
			 : "cc", "memory");
}

Test(table_reader, MOVE_RF_8_every_state_of_the_memory)
{
	const struct sigaction action = {.sa_handler = look};
	__u32 i;

	open_small();
	cr_assert_eq(num_entries(), NUM_ENTRIES);
	for (i = 0; i < KEYS; i++)
		readers.keys[i] = any_key(i);
	set_steady();
	ops.grace_period = end_readers;
	seed = 11;
	cr_assert_eq(sigaction(SIGTRAP, &action, NULL), 0);
	for (i = 0; i < 1000; i++)
		disturb(begin_steps, end_steps);
	cr_expect_gt(readers.looks, 100000);
	cr_expect_eq(readers.crowded, 0);
	cr_expect_eq(readers.missed, 0, "%llu of %llu states hide a key", readers.missed,
		     readers.looks);
	cr_expect_eq(readers.wrong, 0, "%llu of %llu states show a stranger's target",
		     readers.wrong, readers.looks);
}

#endif

/* ---- as the machine has it: a reader on another processor ---- */

static struct {
	__u64 passes; /* written by the reader: it holds nothing from before */
	bool stop;
	__u64 missed, wrong, found;
} reader;

static void *read_on(void *unused _unused_)
{
	__u32 i;

	while (!__atomic_load_n(&reader.stop, __ATOMIC_ACQUIRE))
		for (i = 0; i < KEYS; i++) {
			int slot = reader_find(any_key(i));

			reader.found += slot >= 0 && i >= STEADY;
			reader.missed += slot < 0 && i < STEADY;
			reader.wrong += slot >= 0 && !is_allowed(i, slot);
			__atomic_fetch_add(&reader.passes, 1, __ATOMIC_RELEASE);
		}
	return NULL;
}

/* The lookup that was under way has ended. */
static int wait_for_reader(struct nicsw_mapset *unused _unused_)
{
	__u64 begin = __atomic_load_n(&reader.passes, __ATOMIC_ACQUIRE);

	while (__atomic_load_n(&reader.passes, __ATOMIC_ACQUIRE) == begin)
		sched_yield();
	return 0;
}

static void nothing(void)
{
}

Test(table_reader, MOVE_RF_8_a_reader_at_work)
{
	pthread_t thread;
	__u32 i;

	open_small();
	set_steady();
	ops.grace_period = wait_for_reader;
	seed = 7;
	cr_assert_eq(pthread_create(&thread, NULL, read_on, NULL), 0);
	wait_for_reader(&maps);
	for (i = 0; i < 5000; i++)
		disturb(nothing, nothing);
	__atomic_store_n(&reader.stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	cr_expect_gt(reader.found, 0, "the reader has not met the others");
	cr_expect_eq(reader.missed, 0, "%llu of %llu lookups found neither VPort", reader.missed,
		     reader.passes);
	cr_expect_eq(reader.wrong, 0, "%llu of %llu lookups found a stranger's target",
		     reader.wrong, reader.passes);
}
