// SPDX-License-Identifier: GPL-2.0-only
/*
 * All of a change or nothing of it: when a step fails, and when the daemon dies at any of its
 * stores.
 */
#include "dataplane/apply.h"

#include "tests/unit/dataplane_fixture.h"

TestSuite(apply, .init = fixture_open, .fini = fixture_close);

/* ---- the operations ---- */

struct operation {
	const char *name;
	void (*setup)(void);
	void (*edit)(struct nicsw_change *change);
};

static void no_switch(void)
{
}

static void empty_switch(void)
{
	fixture_vfs(0);
}

/* VFs 0 and 1 with filters: VPort 1 access of VLAN 10, VPort 2 trunk; VF 2 without; VF 3
 * unattached. */
static void in_use(void)
{
	fixture_vfs(4);
	CHANGE(edit_detach(&change, 3));
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 10),
	       edit_filter(&change, 3, 2, 0x22, 10), edit_filter(&change, 4, 2, 0x23, 20),
	       edit_filter(&change, 5, 0, 0x24, 0), edit_filter(&change, 6, 4, 0x25, 30));
}

static void set_filter(struct nicsw_change *change)
{
	edit_filter(change, 7, 1, 0x26, 20);
}

static void set_first_filter(struct nicsw_change *change)
{
	edit_filter(change, 7, 3, 0x26, 20);
}

static void move_filter(struct nicsw_change *change)
{
	edit_move(change, 6, 3);
}

static void move_to_default(struct nicsw_change *change)
{
	edit_move(change, 4, 0);
}

static void clear_filter(struct nicsw_change *change)
{
	edit_clear(change, 3);
}

static void create_vf(struct nicsw_change *change)
{
	edit_vf(change, 5);
	edit_vport(change, 6, 5, NdisNicSwitchVPortStateActivated);
}

static void delete_vport(struct nicsw_change *change)
{
	edit_vport_delete(change, 3);
}

static void attach(struct nicsw_change *change)
{
	edit_attach(change, 3);
}

static void detach(struct nicsw_change *change)
{
	edit_detach(change, 1);
}

static void reset(struct nicsw_change *change)
{
	edit_reset(change, 0);
}

static void new_pf_mac(struct nicsw_change *change)
{
	fixture_mac(nicsw_change_meta(change)->pf_mac, 0xaa);
}

static void write_block(struct nicsw_change *change)
{
	nicsw_change_blocks(change, 2)->invalidated = 4;
	memset(nicsw_change_blocks(change, 2)->data[3], 0x5a, NICSW_BLOCK_SIZE);
}

static void take_all(struct nicsw_change *change)
{
	edit_vport_delete(change, 2);
	edit_clear(change, 3);
	edit_clear(change, 4);
	edit_filter(change, 9, 1, 0x23, 20);
}

static const struct operation operations[] = {
	{"switch create", no_switch, edit_switch},
	{"switch delete", empty_switch, edit_switch_delete},
	{"vf and vport create", in_use, create_vf},
	{"vport delete", in_use, delete_vport},
	{"filter set", in_use, set_filter},
	{"first filter set", in_use, set_first_filter},
	{"filter move", in_use, move_filter},
	{"filter move to default", in_use, move_to_default},
	{"filter clear", in_use, clear_filter},
	{"attach", in_use, attach},
	{"detach", in_use, detach},
	{"reset", in_use, reset},
	{"pf address", in_use, new_pf_mac},
	{"config block", in_use, write_block},
	{"vport and filters", in_use, take_all},
};

/* An operation that is about to happen, and what there is before and after it. */
struct scene {
	const struct operation *operation;
	struct nicsw_mapset maps_before;
	struct state before, after;
	struct nicsw_change change;
	struct nicsw_plan plan;
	struct nicsw_journal undo; /* the old records, as an entry of the journal */
};

static struct scene scene;

static void save_old_records(void)
{
	struct nicsw_journal *undo = &scene.undo;
	__u32 i;

	*undo = scene.change.entry;
	for (i = 0; i < undo->num_writes; i++)
		memcpy(undo->data + undo->writes[i].data,
		       nicsw_mapset_element(&dataplane->maps, undo->writes[i].map,
					    undo->writes[i].index),
		       undo->writes[i].length);
}

static void open_scene(const struct operation *operation)
{
	fixture_open();
	operation->setup();
	scene.operation = operation;
	scene.maps_before = fixture_save();
	scene.before = state_take();
	nicsw_change_begin(&scene.change, dataplane, operation->name);
	operation->edit(&scene.change);
	save_old_records();
	scene.plan = (struct nicsw_plan){};
	cr_assert_eq(nicsw_plan_build(&scene.plan, &scene.change), 0);
	cr_assert_eq(nicsw_change_commit(&scene.change, NULL), 0);
	scene.after = state_take();
	cr_assert_not(state_same(&scene.before, &scene.after), "%s does nothing", operation->name);
	fixture_go_back(&scene.maps_before);
}

static void close_scene(void)
{
	nicsw_plan_free(&scene.plan);
	state_free(&scene.before);
	state_free(&scene.after);
	nicsw_mapset_close(&scene.maps_before);
	fixture_close();
}

/* fixture_open() has been called already when a test begins. */
#define FOR_EACH_OPERATION                                                                         \
	size_t number_;                                                                            \
	fixture_close();                                                                           \
	for (number_ = 0; number_ < ARRAY_SIZE(operations); close_scene(), number_++,              \
	    number_ == ARRAY_SIZE(operations) ? fixture_open() : (void)0)                          \
		if (open_scene(&operations[number_]), 1)

static void write_one(const struct nicsw_journal *entry, __u32 write, __u32 length)
{
	const struct nicsw_journal_write *row = &entry->writes[write];

	memcpy(nicsw_mapset_element(&dataplane->maps, row->map, row->index),
	       entry->data + row->data, length);
}

/* The first `whole` records, and half of the next. */
static void write_records(const struct nicsw_journal *entry, __u32 whole, bool half)
{
	__u32 write;

	for (write = 0; write < whole; write++)
		write_one(entry, write, entry->writes[write].length);
	if (half && whole < entry->num_writes)
		write_one(entry, whole, entry->writes[whole].length / 2);
}

static void write_journal(const struct nicsw_journal *entry, __u32 state)
{
	*dataplane->maps.journal = *entry;
	dataplane->maps.journal->state = state;
}

static void write_tables(size_t steps)
{
	size_t i;

	for (i = 0; i < steps; i++)
		cr_assert_eq(nicsw_apply_step(dataplane, &scene.plan.steps[i]), 0);
}

/* The next daemon opens what is there, and finds the state before or after, but never between. */
static void expect_recovery(const struct state *wanted, const char *where, size_t step)
{
	fixture_restart();
	cr_assert_geq(nicsw_dataplane_repair(dataplane), 0);
	cr_expect(state_is(wanted), "%s, dead %s %zu: between before and after",
		  scene.operation->name, where, step);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0, "%s, dead %s %zu: not whole",
		     scene.operation->name, where, step);
	cr_expect_eq(dataplane->maps.journal->state, NICSW_FREE);
	fixture_go_back(&scene.maps_before);
}

/* ---- the daemon dies ---- */

Test(apply, dead_while_the_journal_is_written)
{
	FOR_EACH_OPERATION
	{
		const size_t size = sizeof(struct nicsw_journal);
		size_t length;

		for (length = 0; length <= size; length += size / 16) {
			memcpy(dataplane->maps.journal, &scene.change.entry, length);
			dataplane->maps.journal->state = NICSW_FREE;
			expect_recovery(&scene.before, "after bytes", length);
		}
	}
}

Test(apply, dead_while_the_records_are_written)
{
	FOR_EACH_OPERATION
	{
		__u32 whole;

		for (whole = 0; whole <= scene.change.entry.num_writes; whole++) {
			write_journal(&scene.change.entry, NICSW_USED);
			write_records(&scene.change.entry, whole, false);
			expect_recovery(&scene.after, "after record", whole);
			write_journal(&scene.change.entry, NICSW_USED);
			write_records(&scene.change.entry, whole, true);
			expect_recovery(&scene.after, "in record", whole);
		}
	}
}

Test(apply, dead_while_the_tables_are_written)
{
	FOR_EACH_OPERATION
	{
		__u32 all = scene.change.entry.num_writes;
		size_t steps;

		for (steps = 0; steps <= scene.plan.num_steps; steps++) {
			write_records(&scene.change.entry, all, false);
			write_tables(steps);
			expect_recovery(&scene.after, "after step", steps);
		}
	}
}

/* The new port record up to the store `stores`; the closed flags come first, the open ones last. */
static void write_half_port(const struct nicsw_step *step, int stores)
{
	struct nicsw_port *port = &dataplane->maps.ports[step->slot];

	port->flags &= step->port.flags;
	if (stores > 0)
		port->access_vid = step->port.access_vid;
	if (stores > 1)
		port->station = step->port.station;
	if (stores > 2)
		port->max_frame = step->port.max_frame;
}

/* A table entry with its target, and without its key. */
static void write_half_entry(const struct nicsw_step *step)
{
	struct nicsw_bucket *bucket = &dataplane->maps.buckets[nicsw_bucket_first(
		nicsw_key_hash(step->key), dataplane->maps.meta->bucket_bits)];
	__u32 i;

	for (i = 0; i < NICSW_BUCKET_ENTRIES && bucket->entries[i].key; i++)
		continue;
	if (i < NICSW_BUCKET_ENTRIES)
		bucket->entries[i].target = step->slot;
}

Test(apply, dead_in_the_middle_of_a_step)
{
	FOR_EACH_OPERATION
	{
		__u32 all = scene.change.entry.num_writes;
		size_t step;
		int stores;

		for (step = 0; step < scene.plan.num_steps; step++) {
			for (stores = 0; stores < 4; stores++) {
				write_records(&scene.change.entry, all, false);
				write_tables(step);
				if (scene.plan.steps[step].kind == NICSW_STEP_PORT)
					write_half_port(&scene.plan.steps[step], stores);
				if (scene.plan.steps[step].kind == NICSW_STEP_TABLE_SET)
					write_half_entry(&scene.plan.steps[step]);
				expect_recovery(&scene.after, "in step", step);
			}
		}
	}
}

/* A step had failed, and what was done is being taken back. */
Test(apply, dead_while_a_failed_change_is_undone)
{
	FOR_EACH_OPERATION
	{
		__u32 all = scene.change.entry.num_writes, whole;
		size_t steps;

		for (steps = 0; steps <= scene.plan.num_steps; steps++) {
			for (whole = 0; whole <= all; whole++) {
				write_records(&scene.change.entry, all, false);
				write_tables(steps);
				write_journal(&scene.undo, NICSW_USED);
				write_records(&scene.undo, whole, true);
				expect_recovery(&scene.before, "undoing step", steps);
			}
		}
	}
}

/* Records, and tables that follow neither of them: whatever there was, the records win. */
Test(apply, any_mixture_of_journal_records_and_tables)
{
	FOR_EACH_OPERATION
	{
		__u32 all = scene.change.entry.num_writes, whole;
		size_t steps;

		for (steps = 0; steps <= scene.plan.num_steps; steps++) {
			for (whole = 0; whole <= all; whole++) {
				write_tables(steps);
				write_journal(&scene.change.entry, NICSW_USED);
				write_records(&scene.change.entry, whole, true);
				expect_recovery(&scene.after, "with step", steps);
				write_tables(steps);
				write_journal(&scene.change.entry, NICSW_FREE);
				expect_recovery(&scene.before, "with only step", steps);
			}
		}
	}
}

/* ---- a step fails ---- */

static struct nicsw_mapset_ops failing_ops;
static int (*plain_flood_set)(struct nicsw_mapset *, __u32, const struct nicsw_slot_set *);
static int calls_until_failure;

static int fail_one_flood(struct nicsw_mapset *maps, __u32 vid,
			  const struct nicsw_slot_set *members)
{
	if (!--calls_until_failure)
		return -ENOMEM;
	return plain_flood_set(maps, vid, members);
}

static void use_failing_ops(void)
{
	failing_ops = *dataplane->maps.ops;
	plain_flood_set = failing_ops.flood_set;
	failing_ops.flood_set = fail_one_flood;
	dataplane->maps.ops = &failing_ops;
}

static size_t num_floods(void)
{
	size_t i, count = 0;

	for (i = 0; i < scene.plan.num_steps; i++)
		count += scene.plan.steps[i].kind == NICSW_STEP_FLOOD;
	return count;
}

Test(apply, GEN_17_a_failed_step_undoes_everything)
{
	size_t failures = 0;

	FOR_EACH_OPERATION
	{
		size_t call, floods = num_floods();

		use_failing_ops();
		for (call = 1; call <= floods; call++) {
			struct nicsw_change change;

			nicsw_change_begin(&change, dataplane, scene.operation->name);
			scene.operation->edit(&change);
			calls_until_failure = call;
			cr_assert_eq(nicsw_change_commit(&change, NULL), -ENOMEM);
			cr_expect(state_is(&scene.before), "%s, flood group %zu failed",
				  scene.operation->name, call);
			cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
			fixture_go_back(&scene.maps_before);
			failures++;
		}
	}
	cr_expect_gt(failures, 10);
}

/* The same change succeeds when it is asked for again. */
Test(apply, GEN_17_again_after_a_failure)
{
	struct nicsw_change change;
	struct nicsw_error error = {};

	in_use();
	nicsw_change_begin(&change, dataplane, "move");
	move_filter(&change);
	nicsw_mapset_memory_fail_flood(&dataplane->maps, 1);
	cr_assert_eq(nicsw_change_commit(&change, &error), -ENOMEM);
	cr_expect_eq(fixture_find(0x25, 30), NICSW_SLOT_VF(3));
	CHANGE(move_filter(&change));
	cr_expect_eq(fixture_find(0x25, 30), NICSW_SLOT_VF(2));
	cr_expect_eq(dataplane->index.first[3], 6);
}

/* A table too small for its filters, as no adapter has it. */
static void open_crowded(void)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, 200};

	fixture_close();
	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	dataplane->maps.meta->bucket_bits = 4;
	fixture_restart();
	fixture_vfs(2);
}

Test(apply, GEN_17_a_full_table_undoes_everything)
{
	struct nicsw_change change;
	struct state before = {};
	__u32 filter, refused = 0;

	open_crowded();
	for (filter = 1; filter <= 100; filter++) {
		before = state_take();
		nicsw_change_begin(&change, dataplane, "filter set");
		edit_filter(&change, filter, 1 + filter % 2, filter, filter % 5);
		if (nicsw_change_commit(&change, NULL) == 0) {
			state_free(&before);
			continue;
		}
		refused++;
		cr_expect(state_is(&before), "filter %u", filter);
		cr_expect_eq(fixture_find(filter, filter % 5), -ENOENT);
		state_free(&before);
	}
	cr_expect_geq(refused, 100 - 64 + 1); /* 64 entries, one for the station */
	cr_expect_leq(refused, 50, "refused with %u filters set", 100 - refused);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
}

/* ---- the journal is not trusted ---- */

struct bad_row {
	const char *what;
	struct nicsw_journal_write write;
};

#define RECORD sizeof(struct nicsw_filter_record)

static const struct bad_row bad_rows[] = {
	{"no such map", {NICSW_RECORD_MAPS, 0, 0, 8, 0}},
	{"no map at all", {0xffffffff, 0, 0, 8, 0}},
	{"index of no filter", {NICSW_MAP_FILTERS, FIXTURE_FILTERS + 1, 0, 8, 0}},
	{"index of no VF", {NICSW_MAP_VFS, FIXTURE_VFS, 0, 8, 0}},
	{"index of no VPort", {NICSW_MAP_VPORTS, NICSW_VPORTS(FIXTURE_VFS), 0, 8, 0}},
	{"index of no function", {NICSW_MAP_CONFIG_SPACE, 0xffffffff, 0, 8, 0}},
	{"second meta", {NICSW_MAP_META, 1, 0, 8, 0}},
	{"length beyond the element", {NICSW_MAP_FILTERS, 1, 0, RECORD + 1, 0}},
	{"offset beyond the element", {NICSW_MAP_FILTERS, 1, RECORD + 1, 0, 0}},
	{"offset and length beyond it", {NICSW_MAP_FILTERS, 1, RECORD - 4, 8, 0}},
	{"offset and length wrap", {NICSW_MAP_FILTERS, 1, 0xfffffff8, 16, 0}},
	{"length wraps", {NICSW_MAP_FILTERS, 1, 8, 0xfffffff8, 0}},
	{"data beyond the entry", {NICSW_MAP_FILTERS, 1, 0, 8, NICSW_JOURNAL_BYTES + 1}},
	{"data and length beyond it", {NICSW_MAP_FILTERS, 1, 0, 8, NICSW_JOURNAL_BYTES - 4}},
	{"data and length wrap", {NICSW_MAP_FILTERS, 1, 0, 16, 0xfffffff8}},
};

Test(apply, the_journal_is_not_trusted)
{
	struct nicsw_journal *journal = dataplane->maps.journal;
	struct state before;
	size_t i;

	in_use();
	before = state_take();
	for (i = 0; i < ARRAY_SIZE(bad_rows); i++) {
		memset(journal->data, 0xa5, sizeof(journal->data));
		journal->writes[0] = bad_rows[i].write;
		journal->num_writes = 1;
		journal->state = NICSW_USED;
		cr_expect_eq(nicsw_apply_journal(&dataplane->maps), 1);
		cr_expect(state_is(&before), "%s", bad_rows[i].what);
		cr_expect_eq(journal->state, NICSW_FREE);
	}
	state_free(&before);
}

/* Bytes behind the last write are no writes; a bad one does not keep the good ones away. */
Test(apply, a_journal_of_too_many_writes)
{
	struct nicsw_journal *journal = dataplane->maps.journal;
	__u32 i;

	for (i = 0; i < NICSW_JOURNAL_WRITES; i++)
		journal->writes[i] =
			(struct nicsw_journal_write){NICSW_MAP_FILTERS, i + 1, 8, 4, 0};
	journal->writes[3].map = 99;
	memset(journal->data, 0x11, 4);
	journal->num_writes = 0xffffffff;
	journal->state = NICSW_USED;
	cr_expect_eq(nicsw_apply_journal(&dataplane->maps), 1);
	for (i = 0; i < NICSW_JOURNAL_WRITES; i++)
		cr_expect_eq(dataplane->maps.filters[i + 1].flags, i == 3 ? 0 : 0x11111111);
}

Test(apply, a_journal_writes_part_of_a_record)
{
	struct nicsw_journal *journal = dataplane->maps.journal;

	in_use();
	journal->writes[0] = (struct nicsw_journal_write){
		NICSW_MAP_FILTERS, 1, offsetof(struct nicsw_filter_record, vport_id), 4, 100};
	memcpy(journal->data + 100, &(__u32){2}, 4);
	journal->num_writes = 1;
	journal->state = NICSW_USED;
	fixture_restart();
	cr_expect_eq(dataplane->maps.filters[1].vport_id, 2);
	cr_expect_eq(dataplane->maps.filters[1].vlan, 10);
	cr_expect_eq(dataplane->index.count[2], 3, "the index is built after the journal");
}

Test(apply, an_idle_journal_does_nothing)
{
	struct state before;

	in_use();
	before = state_take();
	/* Still there from the last operation. */
	cr_expect_neq(dataplane->maps.journal->num_writes, 0);
	dataplane->maps.journal->data[0] ^= 0xff;
	cr_expect_eq(nicsw_apply_journal(&dataplane->maps), 0);
	dataplane->maps.journal->state = 2;
	cr_expect_eq(nicsw_apply_journal(&dataplane->maps), 0);
	cr_expect(state_is(&before));
	state_free(&before);
}

/* ---- one step ---- */

Test(apply, steps)
{
	struct nicsw_step step = {.kind = NICSW_STEP_PORT, .slot = NICSW_SLOT_VF(1)};
	__u64 *members = dataplane->maps.vlan_members;

	step.port = (struct nicsw_port){.flags = 0x3f,
					.access_vid = 10,
					.station = 0x1234,
					.max_frame = 1518,
					.priority = 7,
					.pad = {1, 2, 3}};
	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_eq(
		memcmp(&dataplane->maps.ports[NICSW_SLOT_VF(1)], &step.port, sizeof(step.port)), 0);
	step = (struct nicsw_step){.kind = NICSW_STEP_VLAN_JOIN, .slot = 5, .vid = 4094};
	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_eq(members[4094], 1 << 5);
	step.slot = 3;
	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_eq(members[4094], 1 << 5 | 1 << 3);
	step.kind = NICSW_STEP_VLAN_LEAVE;
	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_eq(members[4094], 1 << 5);
}

Test(apply, steps_of_the_filter_table)
{
	struct nicsw_step step = {
		.kind = NICSW_STEP_TABLE_SET, .key = fixture_key(0x20, 10), .slot = 4};

	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_eq(fixture_find(0x20, 10), 4);
	step.kind = NICSW_STEP_TABLE_CLEAR;
	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_eq(fixture_find(0x20, 10), -ENOENT);
	cr_expect_eq(nicsw_apply_step(dataplane, &step), -ENOENT);
	step.kind = 99;
	cr_expect_eq(nicsw_apply_step(dataplane, &step), -EINVAL);
}

/* A group without members of its own is none: its frames take the base group (maps.h). */
Test(apply, FWD_20_a_group_without_vfs_is_removed)
{
	struct nicsw_step step = {.kind = NICSW_STEP_FLOOD, .vid = 10};

	fixture_vfs(1);
	cr_expect_eq(nicsw_apply_step(dataplane, &step), 0);
	cr_expect_null(nicsw_mapset_memory_flood(&dataplane->maps, 10));
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	cr_expect_eq(nicsw_mapset_memory_flood(&dataplane->maps, 10)->words[0], 0x7);
	cr_expect_eq(nicsw_mapset_memory_flood(&dataplane->maps, NICSW_FLOOD_BASE)->words[0], 0x3);
}

/* SET-RF-8: a filter that moves frees no id, and so does not make the next search begin at it. */
Test(apply, SET_RF_8_a_move_keeps_the_search_where_it_was)
{
	in_use();
	cr_expect_eq(nicsw_filter_index_free_id(&dataplane->index, &dataplane->maps), 7);
	CHANGE(edit_move(&change, 1, 2));
	cr_expect_eq(dataplane->index.lowest_free, 7);
	CHANGE(edit_clear(&change, 3));
	cr_expect_eq(dataplane->index.lowest_free, 3);
}
