// SPDX-License-Identifier: GPL-2.0-only
/* Sizes, bounds, and the mapset of plain memory that the other tests stand on. */
#include "dataplane/mapset.h"

#include <criterion/criterion.h>

#include "dataplane/mapset_memory.h"

static struct nicsw_mapset maps;

static void open_maps(void)
{
	const struct nicsw_mapset_sizes sizes = {5, 20};

	cr_assert_eq(nicsw_mapset_memory(&sizes, &maps), 0);
}

static void close_maps(void)
{
	nicsw_mapset_close(&maps);
}

TestSuite(mapset, .init = open_maps, .fini = close_maps);

struct size_row {
	__u32 total_vfs, max_filters;
	__u32 slots, slot_words;
};

static const struct size_row size_rows[] = {
	{1, 1, 11, 1},    {5, 20, 15, 1},       {54, 100, 64, 1},
	{55, 100, 65, 2}, {256, 10000, 266, 5}, {1024, 65536, 1034, 17},
};

Test(mapset, describes_sizes)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(size_rows); i++) {
		const struct size_row *row = &size_rows[i];
		const struct nicsw_mapset_sizes sizes = {row->total_vfs, row->max_filters};
		struct nicsw_meta meta = {};
		__u64 entries;

		nicsw_mapset_describe(&meta, &sizes);
		cr_expect_eq(meta.total_vfs, row->total_vfs);
		cr_expect_eq(meta.max_filters, row->max_filters);
		cr_expect_eq(meta.slots, row->slots);
		cr_expect_eq(meta.slot_words, row->slot_words);
		/* Filters and the station entry fill half of the table at most, and no more than
		 * four times that is wasted. */
		entries = (__u64)NICSW_BUCKET_ENTRIES << meta.bucket_bits;
		cr_expect_geq(entries, 2 * (row->max_filters + 1));
		cr_expect(meta.bucket_bits == 4 || entries < 4 * (row->max_filters + 1));
		cr_expect_leq(meta.bucket_bits, 20);
	}
}

/* What no description says is damage, member by member. */
Test(mapset, knows_damaged_sizes)
{
	const struct nicsw_mapset_sizes sizes = {63, 1000};
	struct nicsw_meta good = {}, bad;
	const size_t members[] = {
		offsetof(struct nicsw_meta, total_vfs),   offsetof(struct nicsw_meta, slots),
		offsetof(struct nicsw_meta, slot_words),  offsetof(struct nicsw_meta, bucket_bits),
		offsetof(struct nicsw_meta, max_filters),
	};
	const __u32 values[] = {0, 1, NICSW_MAX_VFS + 1, NICSW_MAX_FILTERS + 1, 0x80000000u, ~0u};
	size_t i, j;

	nicsw_mapset_describe(&good, &sizes);
	cr_expect(nicsw_mapset_is_sound(&good));
	for (i = 0; i < ARRAY_SIZE(members); i++)
		for (j = 0; j < ARRAY_SIZE(values); j++) {
			bad = good;
			*(__u32 *)((char *)&bad + members[i]) = values[j];
			cr_expect(!nicsw_mapset_is_sound(&bad), "member %zu = %u", i, values[j]);
		}
}

struct entries_row {
	const char *map;
	__u32 entries;
};

static const struct entries_row entries_rows[] = {
	{"meta", 1},          {"journal", 1},        {"vfs", 63},
	{"vports", 72},       {"config_space", 64},  {"iommu", 63},
	{"ports", 73},        {"tx_ports", 73},      {"counters", 81},
	{"filters", 1001},    {"filter_table", 512}, {"vlan_members", 2 * NICSW_VLANS},
	{"somebody_else", 0},
};

Test(mapset, knows_how_many_elements_a_map_has)
{
	const struct nicsw_mapset_sizes sizes = {63, 1000};
	struct nicsw_meta meta = {};
	size_t i;

	nicsw_mapset_describe(&meta, &sizes);
	for (i = 0; i < ARRAY_SIZE(entries_rows); i++)
		cr_expect_eq(nicsw_mapset_entries(&meta, entries_rows[i].map),
			     entries_rows[i].entries, "%s", entries_rows[i].map);
}

Test(mapset, is_zero_and_has_the_layout_of_this_build)
{
	size_t i;

	cr_expect_eq(maps.meta->magic, NICSW_META_MAGIC);
	cr_expect_eq(maps.meta->layout_version, NICSW_LAYOUT_VERSION);
	cr_expect_eq(maps.journal->state, NICSW_FREE);
	for (i = 0; i < maps.meta->slots * sizeof(*maps.ports); i++)
		cr_assert_eq(((const __u8 *)maps.ports)[i], 0);
	for (i = 0; i < sizeof(*maps.buckets) << maps.meta->bucket_bits; i++)
		cr_assert_eq(((const __u8 *)maps.buckets)[i], 0);
}

struct element_row {
	enum nicsw_record_map map;
	__u32 count;
	size_t size;
};

/* Journal offsets come from a map that somebody may have damaged: bounds matter. */
Test(mapset, elements_are_inside_their_map)
{
	const struct element_row rows[NICSW_RECORD_MAPS] = {
		{NICSW_MAP_META, 1, sizeof(struct nicsw_meta)},
		{NICSW_MAP_VFS, 5, sizeof(struct nicsw_vf_record)},
		{NICSW_MAP_VPORTS, 6 + NICSW_PF_VPORTS, sizeof(struct nicsw_vport_record)},
		{NICSW_MAP_FILTERS, 21, sizeof(struct nicsw_filter_record)},
		{NICSW_MAP_CONFIG_SPACE, 6, NICSW_CONFIG_SIZE},
		{NICSW_MAP_BLOCKS, 5, sizeof(struct nicsw_block_record)},
	};
	char *const starts[NICSW_RECORD_MAPS] = {(char *)maps.meta,         (char *)maps.vfs,
						 (char *)maps.vports,       (char *)maps.filters,
						 (char *)maps.config_space, (char *)maps.blocks};
	size_t i;

	for (i = 0; i < NICSW_RECORD_MAPS; i++) {
		const struct element_row *row = &rows[i];

		cr_expect_eq(nicsw_mapset_element_size(row->map), row->size);
		cr_expect_eq(nicsw_mapset_element(&maps, row->map, 0), starts[i]);
		cr_expect_eq(nicsw_mapset_element(&maps, row->map, row->count - 1),
			     starts[i] + (row->count - 1) * row->size);
		cr_expect_null(nicsw_mapset_element(&maps, row->map, row->count));
		cr_expect_null(nicsw_mapset_element(&maps, row->map, 0xffffffff));
	}
}

Test(mapset, there_is_no_other_map)
{
	cr_expect_eq(nicsw_mapset_element_size(NICSW_RECORD_MAPS), 0);
	cr_expect_null(nicsw_mapset_element(&maps, NICSW_RECORD_MAPS, 0));
	cr_expect_eq(nicsw_mapset_element_size(0x80000000), 0);
	cr_expect_null(nicsw_mapset_element(&maps, 0x80000000, 0));
}

Test(mapset, keeps_flood_groups)
{
	const struct nicsw_slot_set one = {.words = {0x5}}, other = {.words = {0x9}};

	cr_expect_null(nicsw_mapset_memory_flood(&maps, 7));
	cr_assert_eq(maps.ops->flood_set(&maps, 7, &one), 0);
	cr_assert_eq(maps.ops->flood_set(&maps, NICSW_FLOOD_BASE, &other), 0);
	cr_expect_eq(nicsw_mapset_memory_flood(&maps, 7)->words[0], 0x5);
	cr_expect_eq(nicsw_mapset_memory_flood(&maps, NICSW_FLOOD_BASE)->words[0], 0x9);
	cr_assert_eq(maps.ops->flood_set(&maps, 7, &other), 0);
	cr_expect_eq(nicsw_mapset_memory_flood(&maps, 7)->words[0], 0x9);
	cr_assert_eq(maps.ops->flood_set(&maps, 7, NULL), 0);
	cr_expect_null(nicsw_mapset_memory_flood(&maps, 7));
}

Test(mapset, fails_as_often_as_told)
{
	const struct nicsw_slot_set one = {.words = {0x5}};

	nicsw_mapset_memory_fail_flood(&maps, 2);
	cr_expect_eq(maps.ops->flood_set(&maps, 7, &one), -ENOMEM);
	cr_expect_eq(maps.ops->flood_set(&maps, 7, &one), -ENOMEM);
	cr_expect_null(nicsw_mapset_memory_flood(&maps, 7));
	cr_expect_eq(maps.ops->flood_set(&maps, 7, &one), 0);
}

Test(mapset, counts_grace_periods)
{
	cr_expect_eq(nicsw_mapset_memory_grace_periods(&maps), 0);
	maps.ops->grace_period(&maps);
	cr_expect_eq(nicsw_mapset_memory_grace_periods(&maps), 1);
}

Test(mapset, counters_start_at_zero)
{
	struct nicsw_counters counters = {.rx_packets = {1}};

	cr_assert_eq(maps.ops->counters_read(&maps, 6, &counters), 0);
	cr_expect_eq(counters.rx_packets[0], 0);
}
