// SPDX-License-Identifier: GPL-2.0-only
/* Tables damaged in every way are made again from the records, and from nothing else. */
#include "tests/unit/dataplane_fixture.h"

static struct state healthy;
static struct nicsw_mapset healthy_maps;

/* Two VFs in VLANs 10 and 20, one untagged, one without a filter, the default VPort with some. */
static void open_healthy(void)
{
	__u32 filter;

	fixture_open();
	fixture_vfs(4);
	for (filter = 1; filter <= 30; filter++)
		CHANGE(edit_filter(&change, filter, filter % 4, 0x40 + filter,
				   filter % 4 == 3 ? 0 : 10 * (filter % 3)));
	healthy = state_take();
	healthy_maps = fixture_save();
}

static void close_healthy(void)
{
	state_free(&healthy);
	nicsw_mapset_close(&healthy_maps);
	fixture_close();
}

TestSuite(repair, .init = open_healthy, .fini = close_healthy);

static void expect_repair(const char *damage, __u32 number)
{
	cr_expect_gt(nicsw_dataplane_repair(dataplane), 0, "%s %u: not seen", damage, number);
	cr_expect(state_is(&healthy), "%s %u: not repaired", damage, number);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0, "%s %u: repaired twice", damage, number);
}

Test(repair, a_healthy_adapter_has_nothing_to_repair)
{
	struct nicsw_bucket *buckets = dataplane->maps.buckets;
	size_t size = sizeof(*buckets) << dataplane->maps.meta->bucket_bits;
	struct nicsw_bucket *before = memcpy(aligned_alloc(64, size), buckets, size);

	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
	cr_expect(state_is(&healthy));
	cr_expect_eq(memcmp(before, buckets, size), 0, "the table was written");
	fixture_restart();
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
	cr_expect(state_is(&healthy));
	free(before);
}

Test(repair, a_new_adapter_has_nothing_to_repair)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, FIXTURE_FILTERS};

	fixture_close();
	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
}

/* ---- ports and members ---- */

Test(repair, every_byte_of_a_port)
{
	__u32 slot, byte;

	for (slot = 0; slot < dataplane->maps.meta->slots; slot++)
		for (byte = 0; byte < sizeof(struct nicsw_port); byte++) {
			((__u8 *)&dataplane->maps.ports[slot])[byte] ^= 1 << fixture_random(8);
			expect_repair("port", slot * 100 + byte);
		}
}

Test(repair, all_ports)
{
	memset(dataplane->maps.ports, 0xff,
	       dataplane->maps.meta->slots * sizeof(*dataplane->maps.ports));
	expect_repair("ports", 0);
	memset(dataplane->maps.ports, 0,
	       dataplane->maps.meta->slots * sizeof(*dataplane->maps.ports));
	expect_repair("ports", 1);
}

Test(repair, members)
{
	__u64 *members = dataplane->maps.vlan_members;
	__u32 i;

	for (i = 0; i < 50; i++) {
		members[fixture_random(30)] ^= 1ull << fixture_random(64);
		expect_repair("members", i);
	}
	members[4095] = ~0ull;
	expect_repair("members of no VLAN", 0);
	memset(members, 0, NICSW_VLANS * sizeof(*members));
	expect_repair("members of all", 0);
}

/* ---- filter table ---- */

static size_t num_entries(void)
{
	return (size_t)NICSW_BUCKET_ENTRIES << dataplane->maps.meta->bucket_bits;
}

static struct nicsw_entry *entry(size_t index)
{
	return &dataplane->maps.buckets[index / NICSW_BUCKET_ENTRIES]
			.entries[index % NICSW_BUCKET_ENTRIES];
}

/* Any entry with a key, or any without. */
static struct nicsw_entry *random_entry(bool used)
{
	struct nicsw_entry *found;

	do
		found = entry(fixture_random(num_entries()));
	while (!!found->key != used);
	return found;
}

static void lose_entry(void)
{
	random_entry(true)->key = 0;
}

static void redirect_entry(void)
{
	random_entry(true)->target ^= 1 + fixture_random(7);
}

static void foreign_entry(void)
{
	*random_entry(false) = (struct nicsw_entry){
		.key = fixture_key(fixture_random(256), 100 + fixture_random(10)),
		.target = fixture_random(8)};
}

static void broken_key(void)
{
	random_entry(true)->key ^= 1ull << fixture_random(64);
}

/* The same key again, anywhere, to anybody. */
static void doubled_entry(void)
{
	__u64 key = random_entry(true)->key;

	*random_entry(false) = (struct nicsw_entry){.key = key, .target = fixture_random(8)};
}

/* The same key again where a reader looks before or after. */
static void doubled_where_it_is_found(void)
{
	const struct nicsw_entry *from = random_entry(true);
	__u64 hash = nicsw_key_hash(from->key);
	__u32 bits = dataplane->maps.meta->bucket_bits;
	__u32 bucket = fixture_random(2) ? nicsw_bucket_first(hash, bits)
					 : nicsw_bucket_second(hash, bits);
	struct nicsw_entry *to = &dataplane->maps.buckets[bucket].entries[fixture_random(4)];

	if (to == from || to->key) /* it overwrites another key: lost, too */
		to = random_entry(false);
	to->target = (to->target & NICSW_OVERFLOW_MARK) | fixture_random(8);
	to->key = from->key;
	dataplane->maps.buckets[nicsw_bucket_first(hash, bits)].entries[0].target |=
		NICSW_OVERFLOW_MARK;
}

static void (*const damages[])(void) = {
	lose_entry, redirect_entry, foreign_entry,
	broken_key, doubled_entry,  doubled_where_it_is_found,
};

Test(repair, one_entry)
{
	__u32 i;

	for (i = 0; i < 600; i++) {
		damages[i % ARRAY_SIZE(damages)]();
		expect_repair("entry", i);
		fixture_go_back(&healthy_maps);
	}
}

Test(repair, many_entries)
{
	__u32 round, i;

	for (round = 0; round < 200; round++) {
		for (i = 0; i < 20; i++)
			damages[fixture_random(ARRAY_SIZE(damages))]();
		expect_repair("entries", round);
		fixture_go_back(&healthy_maps);
	}
}

/* One repair after the other, without a new daemon: quarantine, and marks that stay. */
Test(repair, many_entries_again_and_again)
{
	__u32 round, i;

	for (round = 0; round < 200; round++) {
		for (i = 0; i < 5; i++)
			damages[fixture_random(ARRAY_SIZE(damages))]();
		expect_repair("entries", round);
	}
}

/* A lost mark hides the keys of the second bucket. */
Test(repair, lost_marks)
{
	__u32 bucket, buckets = 1u << dataplane->maps.meta->bucket_bits, keys = 0;
	__u32 i;

	/* Crowd bucket 0 with the station's neighbours until one is in a second bucket. */
	for (i = 0; i < num_entries(); i++) {
		const struct nicsw_entry *crowded = entry(i);

		keys += crowded->key != 0;
	}
	cr_assert_eq(keys, 31);
	for (bucket = 0; bucket < buckets; bucket++) {
		struct nicsw_bucket *home = &dataplane->maps.buckets[bucket];
		struct nicsw_entry moved = home->entries[0];
		__u32 other = nicsw_bucket_second(nicsw_key_hash(moved.key),
						  dataplane->maps.meta->bucket_bits);

		if (!moved.key || other == bucket || dataplane->maps.buckets[other].entries[3].key)
			continue;
		dataplane->maps.buckets[other].entries[3] = moved;
		home->entries[0] = (struct nicsw_entry){};
		expect_repair("mark of bucket", bucket);
		fixture_go_back(&healthy_maps);
	}
}

/* Every bucket full of keys that belong there: no place for ours until the foreign ones go. */
Test(repair, a_table_full_of_foreign_keys)
{
	__u32 bits = dataplane->maps.meta->bucket_bits;
	size_t filled = 0;
	__u32 number, i;

	memset(dataplane->maps.buckets, 0, sizeof(struct nicsw_bucket) << bits);
	for (number = 0; filled < num_entries(); number++) {
		__u64 key = fixture_key(number, 1000 + number / 256);
		struct nicsw_bucket *bucket =
			&dataplane->maps.buckets[nicsw_bucket_first(nicsw_key_hash(key), bits)];

		for (i = 0; i < NICSW_BUCKET_ENTRIES && bucket->entries[i].key; i++)
			continue;
		if (i == NICSW_BUCKET_ENTRIES)
			continue;
		bucket->entries[i] = (struct nicsw_entry){.key = key, .target = 3};
		filled++;
	}
	expect_repair("foreign keys", 0);
}

Test(repair, a_table_of_noise)
{
	__u32 round;
	size_t i;

	for (round = 0; round < 50; round++) {
		for (i = 0; i < num_entries(); i++)
			*entry(i) = (struct nicsw_entry){
				.key = (__u64)fixture_random(0x7fffffff) << 33 |
				       fixture_random(0x7fffffff),
				.target = (__u64)fixture_random(0x7fffffff) << 33 |
					  fixture_random(0x7fffffff)};
		expect_repair("noise", round);
	}
}

/* ---- flood groups ---- */

Test(repair, flood_groups)
{
	const struct nicsw_slot_set foreign = {.words = {0xff}};
	struct nicsw_mapset *maps = &dataplane->maps;
	static const __u32 vids[] = {0, 10, 20, 30, 4095, NICSW_FLOOD_BASE};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vids); i++) {
		maps->ops->flood_set(maps, vids[i], NULL);
		cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
		cr_expect(state_is(&healthy), "group %u was missing", vids[i]);
		maps->ops->flood_set(maps, vids[i], &foreign);
		cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
		cr_expect(state_is(&healthy), "group %u was wrong", vids[i]);
	}
}

/* One group that cannot be written is no reason to leave the others, and the ports, as they are. */
Test(repair, repairs_what_it_can)
{
	struct nicsw_mapset *maps = &dataplane->maps;

	maps->ops->flood_set(maps, 20, NULL);
	maps->ports[NICSW_SLOT_VF(0)].flags = 0;
	lose_entry();
	nicsw_mapset_memory_fail_flood(maps, 1);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), -ENOMEM);
	cr_expect(state_is(&healthy), "only group 0 could not be written, and it was right");
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
}

/* ---- everything at once ---- */

Test(repair, everything)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	__u32 round, i;

	for (round = 0; round < 100; round++) {
		for (i = 0; i < 10; i++) {
			damages[fixture_random(ARRAY_SIZE(damages))]();
			maps->ports[fixture_random(maps->meta->slots)].flags ^=
				1 << fixture_random(7);
			maps->ports[fixture_random(maps->meta->slots)].access_vid ^= 10;
			maps->vlan_members[10 * fixture_random(4)] ^= 1 << fixture_random(8);
		}
		maps->ops->flood_set(maps, 10 * fixture_random(4), NULL);
		expect_repair("everything", round);
	}
}

Test(repair, empty_tables)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	__u32 vid;

	memset(maps->ports, 0, maps->meta->slots * sizeof(*maps->ports));
	memset(maps->buckets, 0, sizeof(*maps->buckets) << maps->meta->bucket_bits);
	memset(maps->vlan_members, 0, NICSW_VLANS * sizeof(*maps->vlan_members));
	for (vid = 0; vid < NICSW_VLANS; vid++)
		maps->ops->flood_set(maps, vid, NULL);
	fixture_restart();
	expect_repair("all tables", 0);
}

/* ---- order ---- */

static struct nicsw_mapset_ops watching_ops;
static bool watched;

/* Called while the table is written. */
static int watch_grace_period(struct nicsw_mapset *maps)
{
	const __u32 from = NICSW_SLOT_VF(0), to = NICSW_SLOT_VF(3);
	const __u32 live = NICSW_PORT_OPEN | NICSW_PORT_READY;

	watched = true;
	cr_expect_eq(maps->ports[to].flags & live, live, "a new port must open first");
	cr_expect_eq(maps->ports[from].flags & live, live, "an old port must close last");
	cr_expect(maps->vlan_members[777] >> to & 1, "a new VLAN must be joined first");
	cr_expect(maps->vlan_members[10] >> from & 1, "an old VLAN must be left last");
	return 0;
}

/*
 * MOVE-RF-8: a daemon died after it had written that all filters move from VF 0 to VF 3. The next
 * one loses no frame either.
 */
Test(repair, MOVE_RF_8_adds_before_it_removes)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	__u32 filter;

	cr_assert_eq(dataplane->index.count[4], 0);
	for (filter = 1; filter <= 30; filter++)
		if (maps->filters[filter].vport_id == 1)
			maps->filters[filter].vport_id = 4;
	maps->filters[31] = (struct nicsw_filter_record){
		.state = NICSW_USED, .vport_id = 4, .vlan = 777, .mac = {2, 2}};
	fixture_restart();
	/* So that the new key of filter 31 has to wait. */
	dataplane->table.num_quarantined = num_entries();
	watching_ops = *maps->ops;
	watching_ops.grace_period = watch_grace_period;
	maps->ops = &watching_ops;
	cr_expect_gt(nicsw_dataplane_repair(dataplane), 0);
	cr_expect(watched);
	cr_expect_eq(maps->ports[NICSW_SLOT_VF(0)].flags & NICSW_PORT_OPEN, 0);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
}

/* FWD-3: the same pair on several VPorts, which no request makes: the lowest one has the frames. */
Test(repair, FWD_3_the_lowest_vport)
{
	static const __u32 vports[] = {3, 1, 2};
	struct nicsw_filter_record *filters = dataplane->maps.filters;
	__u32 i;

	CHANGE(edit_filter(&change, 31, vports[0], 0x7e, 10));
	for (i = 1; i < ARRAY_SIZE(vports); i++) {
		filters[31 + i] = filters[31];
		filters[31 + i].vport_id = vports[i];
	}
	fixture_restart();
	cr_expect_gt(nicsw_dataplane_repair(dataplane), 0);
	cr_expect_eq(fixture_find(0x7e, 10), (int)NICSW_SLOT_VF(0));
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0, "repaired twice");
}

/* Records that no request could have made lead neither out of the maps nor into a loop. */
Test(repair, damaged_records)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	__u32 round;

	for (round = 0; round < 300; round++) {
		__u8 *filter = (__u8 *)&maps->filters[1 + fixture_random(FIXTURE_FILTERS)];
		__u8 *vport = (__u8 *)&maps->vports[fixture_random(NICSW_VPORTS(FIXTURE_VFS))];

		filter[fixture_random(20)] ^= 1 << fixture_random(8);
		vport[fixture_random(24)] ^= 1 << fixture_random(8);
		fixture_restart();
		cr_assert_geq(nicsw_dataplane_repair(dataplane), 0);
	}
}
