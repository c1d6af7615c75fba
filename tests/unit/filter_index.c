// SPDX-License-Identifier: GPL-2.0-only
/* Lists of filters per VPort and free ids, against a recount of the records. */
#include "tests/unit/dataplane_fixture.h"

#define VPORTS  NICSW_VPORTS(FIXTURE_VFS)
#define FILTERS FIXTURE_FILTERS

static struct nicsw_mapset maps;
static struct nicsw_filter_index index_;

static void open_index(void)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, FILTERS};

	cr_assert_eq(nicsw_mapset_memory(&sizes, &maps), 0);
	cr_assert_eq(nicsw_filter_index_build(&index_, &maps), 0);
}

static void close_index(void)
{
	nicsw_filter_index_free(&index_);
	nicsw_mapset_close(&maps);
}

TestSuite(filter_index, .init = open_index, .fini = close_index);

static void add(__u32 filter, __u32 vport)
{
	maps.filters[filter].state = NICSW_USED;
	maps.filters[filter].vport_id = vport;
	nicsw_filter_index_add(&index_, filter, vport);
}

static void take_away(__u32 filter)
{
	nicsw_filter_index_remove(&index_, filter, maps.filters[filter].vport_id);
	maps.filters[filter].state = NICSW_FREE;
}

static void move(__u32 filter, __u32 vport)
{
	nicsw_filter_index_remove(&index_, filter, maps.filters[filter].vport_id);
	maps.filters[filter].vport_id = vport;
	nicsw_filter_index_add(&index_, filter, vport);
}

/* Every list holds the filters of its VPort, each once; the counts and the free id are right. */
static void expect_recount(const struct nicsw_filter_index *index)
{
	__u32 vport, filter, total = 0, lowest = 0;

	for (vport = 0; vport < VPORTS; vport++) {
		bool listed[FILTERS + 1] = {};
		__u32 count = 0, steps = 0;

		for (filter = index->first[vport]; filter; filter = index->next[filter]) {
			cr_assert_leq(++steps, FILTERS, "the list of VPort %u has a loop", vport);
			cr_assert_not(listed[filter]);
			listed[filter] = true;
		}
		for (filter = 1; filter <= FILTERS; filter++) {
			bool set = maps.filters[filter].state == NICSW_USED &&
				   maps.filters[filter].vport_id == vport;

			cr_assert_eq(listed[filter], set, "VPort %u filter %u", vport, filter);
			count += set;
		}
		cr_assert_eq(index->count[vport], count);
		total += count;
	}
	for (filter = FILTERS; filter > 0; filter--)
		if (maps.filters[filter].state == NICSW_FREE)
			lowest = filter;
	cr_assert_eq(index->num_filters, total);
	cr_assert_eq(nicsw_filter_index_free_id((struct nicsw_filter_index *)index, &maps), lowest);
}

Test(filter_index, starts_empty)
{
	cr_expect_eq(index_.num_filters, 0);
	expect_recount(&index_);
}

Test(filter_index, SET_RF_8_lowest_free)
{
	add(1, 0);
	add(2, 1);
	add(3, 1);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), 4);
	take_away(2);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), 2);
	take_away(1);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), 1);
	add(1, 3);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), 2);
}

Test(filter_index, SET_RF_27_none_left)
{
	__u32 filter;

	for (filter = 1; filter <= FILTERS; filter++)
		add(filter, filter % VPORTS);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), 0);
	take_away(FILTERS);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), FILTERS);
}

Test(filter_index, MOVE_RF_9_a_moved_filter_keeps_its_id)
{
	add(1, 0);
	add(2, 0);
	move(1, 4);
	cr_expect_eq(index_.count[0], 1);
	cr_expect_eq(index_.count[4], 1);
	cr_expect_eq(index_.first[4], 1);
	cr_expect_eq(nicsw_filter_index_free_id(&index_, &maps), 3);
}

/* First, last and middle of a list, in every order. */
Test(filter_index, removes_from_anywhere)
{
	static const __u32 orders[][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3},
					  {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		for (j = 1; j <= 3; j++)
			add(j, 2);
		for (j = 0; j < 3; j++) {
			take_away(orders[i][j]);
			expect_recount(&index_);
		}
	}
}

Test(filter_index, agrees_with_a_recount)
{
	__u32 step;

	for (step = 0; step < 20000; step++) {
		__u32 filter = 1 + fixture_random(FILTERS), vport = fixture_random(VPORTS);

		if (maps.filters[filter].state == NICSW_FREE)
			add(filter, vport);
		else if (fixture_random(2))
			move(filter, vport);
		else
			take_away(filter);
		expect_recount(&index_);
	}
}

Test(filter_index, is_built_from_the_records)
{
	struct nicsw_filter_index built;
	__u32 filter;

	for (filter = 1; filter <= FILTERS; filter += 1 + fixture_random(3))
		add(filter, fixture_random(VPORTS));
	cr_assert_eq(nicsw_filter_index_build(&built, &maps), 0);
	expect_recount(&built);
	/* Ascending, so that what is listed after a restart is in the order of ids. */
	for (filter = built.first[1]; filter && built.next[filter]; filter = built.next[filter])
		cr_expect_lt(filter, built.next[filter]);
	nicsw_filter_index_free(&built);
}

/* A damaged record must not lead out of the lists. */
Test(filter_index, passes_over_an_unknown_vport)
{
	struct nicsw_filter_index built;

	add(1, 2);
	maps.filters[2].state = NICSW_USED;
	maps.filters[2].vport_id = VPORTS;
	cr_assert_eq(nicsw_filter_index_build(&built, &maps), 0);
	cr_expect_eq(built.num_filters, 1);
	cr_expect_eq(nicsw_filter_index_free_id(&built, &maps), 3);
	nicsw_filter_index_free(&built);
}
