// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault knobs: for each row of the table an operation that fails by it, with nothing changed
 * (GEN-17), and that succeeds once the knob is off. A knob without a case fails the first test.
 */
#include <nicsw/faults.h>
#include <time.h>

#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"
#include "pf/driver.h"
#include "pf/fault.h"
#include "pf/iommu.h"

/* ---- the world of each case ---------------------------------------------------------------------
 */

/* VF 0 with VPort 1, VF 1 without one, filter 1 on the default VPort. VF 2 is the next one. */
static void make_world(bool with_switch)
{
	fixture_open();
	if (!with_switch)
		return;
	oid_create_switch(4);
	cr_assert_eq(oid_allocate_vf(1), 0);
	cr_assert_eq(oid_allocate_vf(2), 1);
	cr_assert_eq(oid_create_vport(0), 1);
	cr_assert_eq(oid_set_filter(NDIS_DEFAULT_VPORT_ID, 2, 0x11, -1), 1);
}

static void add_flood_groups(struct snapshot *snapshot)
{
	static const struct nicsw_slot_set none;
	__u32 vid;

	for (vid = 0; vid < NICSW_VLANS; vid++) {
		const struct nicsw_slot_set *members =
			nicsw_mapset_memory_flood(&adapter.dataplane.maps, vid);

		snapshot_add(snapshot, members ? members : &none, sizeof(none));
	}
}

/* Records, tables, config blocks, flood groups and what the daemon remembers of them. */
static struct snapshot take_all(void)
{
	const struct nicsw_dataplane *dataplane = &adapter.dataplane;
	struct snapshot all = snapshot_take();

	snapshot_add(&all, dataplane->maps.blocks, FIXTURE_VFS * sizeof(*dataplane->maps.blocks));
	snapshot_add(&all, dataplane->vf_vports, FIXTURE_VFS * sizeof(*dataplane->vf_vports));
	snapshot_add(&all, &dataplane->index.num_filters, sizeof(dataplane->index.num_filters));
	add_flood_groups(&all);
	return all;
}

/* ---- one operation for each knob ----------------------------------------------------------------
 */

static int create_switch(struct nicsw_error *error)
{
	static const struct nicsw_switch_settings settings = {.num_vfs = 4,
							      .default_queue_pairs = 1};

	return nicsw_pf_switch_create(&adapter, &settings, error);
}

static int rename_switch(struct nicsw_error *error)
{
	struct nicsw_text name = fixture_text("another");

	return nicsw_pf_switch_rename(&adapter, &name, error);
}

static int allocate_vf(struct nicsw_error *error)
{
	static const struct nicsw_vf_record wanted = {.current_mac = {2, 0, 0, 0, 0, 3}};
	__u32 vf = 77;
	int result = nicsw_pf_vf_allocate(&adapter, &wanted, &vf, error);

	cr_expect_eq(vf, result ? 77 : 2, "ALLOC-VF-27: the output is VF %u", vf);
	return result;
}

static int reset_vf(struct nicsw_error *error)
{
	return nicsw_pf_vf_reset(&adapter, 0, error);
}

static int create_vport(struct nicsw_error *error)
{
	static const struct nicsw_vport_record wanted = {.function = 1, .queue_pairs = 1};

	return nicsw_pf_vport_create(&adapter, 2, &wanted, error);
}

static int set_vport(struct nicsw_error *error)
{
	struct nicsw_text name = fixture_text("another");
	struct nicsw_vport_settings settings = {.name = &name};

	return nicsw_pf_vport_set(&adapter, 1, &settings, error);
}

static int delete_vport(struct nicsw_error *error)
{
	return nicsw_pf_vport_delete(&adapter, 1, error);
}

static int set_filter(struct nicsw_error *error)
{
	static const struct nicsw_filter_record wanted = {.vport_id = 1,
							  .mac = {2, 0, 0, 0, 0, 0x12}};

	return nicsw_pf_filter_set(&adapter, 2, &wanted, error);
}

static int move_filter(struct nicsw_error *error)
{
	return nicsw_pf_filter_move(&adapter, 1, 1, error);
}

static int map_memory(struct nicsw_error *error)
{
	static const struct nicsw_iommu_mapping mapping = {.length = NICSW_IOMMU_PAGE,
							   .permissions = NICSW_IOMMU_READ};
	int result = nicsw_pf_iommu_map(&adapter, 0, &mapping, error);

	/* Or it cannot be mapped again. */
	return result ? result : nicsw_pf_iommu_unmap(&adapter, 0, 0, NICSW_IOMMU_PAGE, error);
}

static int read_config(struct nicsw_error *error)
{
	__u8 data[4] = {0x5a, 0x5a, 0x5a, 0x5a};
	int result = nicsw_pf_config_read(&adapter, 0, 8, sizeof(data), data, error);

	cr_expect_eq(data[0] == 0x5a, result != 0, "RD-CFG-9: the output is %02x", data[0]);
	return result;
}

static int write_config(struct nicsw_error *error)
{
	static const __u8 command[2] = {4};

	return nicsw_pf_config_write(&adapter, 0, 4, sizeof(command), command, error);
}

static int read_block(struct nicsw_error *error)
{
	__u8 data[2] = {0x5a, 0x5a};
	int result = nicsw_pf_block_read(&adapter, 0, 0, sizeof(data), data, error);

	cr_expect_eq(data[0] == 0x5a, result != 0, "BLK-14: the output is %02x", data[0]);
	return result;
}

/* The first block that a VF may write. */
static int write_block(struct nicsw_error *error)
{
	static const __u8 data[2] = {1, 2};
	__u32 id = 0;

	while (nicsw_pf_block_check(id, sizeof(data), true, NULL))
		cr_assert_lt(++id, NICSW_BLOCKS);
	return nicsw_pf_block_write(&adapter, 0, id, sizeof(data), data, error);
}

static int set_power(struct nicsw_error *error)
{
	return nicsw_pf_vf_set_power(&adapter, 0, NdisDeviceStateD3, false, error);
}

static int read_bar(struct nicsw_error *error)
{
	struct nicsw_bar_resource resource = {}, untouched = {};
	int result = nicsw_pf_bar_resource(&adapter, 0, NICSW_BAR_VIRTIO, &resource, error);

	cr_expect_eq(!memcmp(&resource, &untouched, sizeof(resource)), result != 0);
	return result;
}

#define WITHOUT_SWITCH true
#define MIDWAY         true

static const struct fault_case {
	int (*run)(struct nicsw_error *error);
	__u32 function;      /* whose operation it is */
	bool without_switch; /* in a world that has none yet */
	bool midway;         /* fails inside of a commit, which knows no rule */
	bool elsewhere;      /* a test of its own, or the netns scenario `faults` */
} cases[NICSW_FAULT_KNOBS] = {
	[NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION] = {create_switch, NICSW_FUNCTION_PF,
						    WITHOUT_SWITCH},
	[NICSW_FAULT_FAIL_SWITCH_CREATE] = {create_switch, NICSW_FUNCTION_PF, WITHOUT_SWITCH},
	[NICSW_FAULT_FAIL_SWITCH_SET] = {rename_switch, NICSW_FUNCTION_PF},
	[NICSW_FAULT_FAIL_VF_ALLOCATE] = {allocate_vf, 2},
	[NICSW_FAULT_FAIL_FLR] = {reset_vf, 0},
	[NICSW_FAULT_SLOW_RESET] = {.elsewhere = true},
	[NICSW_FAULT_FAIL_VPORT_ALLOC] = {create_vport, 1},
	[NICSW_FAULT_FAIL_VPORT_SET] = {set_vport, 0},
	[NICSW_FAULT_FAIL_VPORT_DELETE] = {delete_vport, 0},
	[NICSW_FAULT_FAIL_FILTER_SET] = {set_filter, 0},
	[NICSW_FAULT_FAIL_FILTER_MOVE] = {move_filter, 0},
	[NICSW_FAULT_FAIL_TABLE_FULL] = {set_filter, NICSW_FUNCTION_PF, false, MIDWAY},
	[NICSW_FAULT_FAIL_FLOOD] = {create_switch, NICSW_FUNCTION_PF, WITHOUT_SWITCH, MIDWAY},
	[NICSW_FAULT_FAIL_CONFIG_READ] = {read_config, 0},
	[NICSW_FAULT_FAIL_CONFIG_WRITE] = {write_config, 0},
	[NICSW_FAULT_FAIL_BLOCK_READ] = {read_block, 0},
	[NICSW_FAULT_FAIL_BLOCK_WRITE] = {write_block, 0},
	[NICSW_FAULT_FAIL_POWER] = {set_power, 0},
	[NICSW_FAULT_FAIL_BARS] = {read_bar, 0},
	[NICSW_FAULT_FAIL_NETDEV_CREATE] = {.elsewhere = true},
	[NICSW_FAULT_FAIL_IOMMU_MAP] = {map_memory, 0},
};

/* A new knob has to have its case here. */
Test(fault, every_knob_has_its_case)
{
	__u32 knob;

	for (knob = 0; knob < NICSW_FAULT_KNOBS; knob++) {
		const struct nicsw_fault *row = nicsw_fault_row(knob);

		cr_expect_eq(!row, !cases[knob].run && !cases[knob].elsewhere, "knob %u", knob);
		cr_expect(!row || (*row->operation && *row->rule && *row->text), "knob %u", knob);
	}
	cr_expect_null(nicsw_fault_row(NICSW_FAULT_KNOBS));
}

/* ---- each of them -------------------------------------------------------------------------------
 */

static void turn(__u32 knob, __u32 vf, bool on)
{
	struct nicsw_error error = {};

	cr_assert_eq(nicsw_pf_fault_set(&adapter, knob, vf, on, &error), 0, "%s", error.text);
}

static void expect_failure(__u32 knob)
{
	const char *name = nicsw_fault_row(knob)->name;
	struct snapshot before = take_all(), after;
	struct nicsw_error error = {};
	int result = cases[knob].run(&error);

	after = take_all();
	cr_expect_eq(nicsw_status_from_errno(result), NDIS_STATUS_FAILURE, "%s: %d", name, result);
	cr_expect_eq(error.code, result, "%s: %d in the error", name, error.code);
	cr_expect_neq(error.text[0], 0, "%s: no text", name);
	cr_expect_str_eq(error.rule, cases[knob].midway ? "" : nicsw_fault_row(knob)->rule, "%s",
			 name);
	cr_expect(snapshot_same(&before, &after), "%s: the failed operation changed something",
		  name);
	free(before.bytes);
	free(after.bytes);
}

static void expect_success(__u32 knob, const char *when)
{
	struct nicsw_error error = {};

	cr_expect_eq(cases[knob].run(&error), 0, "%s %s: %s", nicsw_fault_row(knob)->name, when,
		     error.text);
}

static void fail_then_succeed(__u32 knob, __u32 vf)
{
	make_world(!cases[knob].without_switch);
	turn(knob, vf, true);
	expect_failure(knob);
	expect_failure(knob); /* not only once */
	turn(knob, vf, false);
	expect_success(knob, "once it is off");
	fixture_close();
}

/*
 * GEN-17, GEN-23, and each row's own rule: CREATE-SW-12, -19, PARAM-SW-13, ALLOC-VF-27,
 * RESET-VF-11, CREATE-VP-29, PARAM-VP-26, DELETE-VP-14, SET-RF-27, -36, MOVE-RF-14, RD-CFG-9,
 * WR-CFG-6, BLK-14.
 */
Test(fault, GEN_17_fails_and_changes_nothing)
{
	__u32 knob;

	for (knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		if (cases[knob].run)
			fail_then_succeed(knob, NICSW_NONE);
}

Test(fault, GEN_17_for_one_vf)
{
	__u32 knob, num_knobs = 0;

	for (knob = 0; knob < NICSW_FAULT_KNOBS; knob++) {
		if (!cases[knob].run || nicsw_fault_row(knob)->scope != NICSW_FAULT_SCOPE_vf)
			continue;
		num_knobs++;
		fail_then_succeed(knob, cases[knob].function);
		make_world(true);
		turn(knob, cases[knob].function + 1, true);
		expect_success(knob, "on for another VF");
		fixture_close();
	}
	cr_expect_gt(num_knobs, 0);
}

static __u64 reset_nanoseconds(void)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	cr_expect_eq(reset_vf(NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (end.tv_sec - begin.tv_sec) * 1000000000ull + end.tv_nsec - begin.tv_nsec;
}

/* RESET-VF-11: the budget of hardware is 100 ms; the reset is complete when the request is. */
Test(fault, RESET_VF_11_slow_reset)
{
	__u64 fastest = ~0ull;
	int i;

	make_world(true);
	turn(NICSW_FAULT_SLOW_RESET, 0, true);
	cr_expect_geq(reset_nanoseconds(), 100000000);
	cr_expect_eq(adapter.dataplane.maps.vfs[0].flags & NICSW_VF_RESETTING, 0);
	turn(NICSW_FAULT_SLOW_RESET, 0, false);
	for (i = 0; i < 5; i++)
		fastest = MIN(fastest, reset_nanoseconds());
	cr_expect_lt(fastest, 100000000);
	fixture_close();
}

/* WR-CFG-12: a reset that the VF's driver asks for through its registers fails by the same knob. */
Test(fault, WR_CFG_12_flr_by_config_write)
{
	struct nicsw_error error = {};
	struct snapshot before, after;
	__u8 space[NICSW_CONFIG_SIZE];
	__u8 at, control[2];

	make_world(true);
	cr_assert_eq(nicsw_pf_config_read(&adapter, 0, 0, sizeof(space), space, NULL), 0);
	for (at = space[0x34]; at && space[at] != 0x10; at = space[at + 1])
		continue;
	cr_assert_neq(at, 0);
	memcpy(control, space + at + 8, sizeof(control));
	control[1] |= 0x80; /* Initiate Function Level Reset */
	turn(NICSW_FAULT_FAIL_FLR, 0, true);
	before = take_all();
	cr_expect_eq(nicsw_pf_config_write(&adapter, 0, at + 8, 2, control, &error), -EIO);
	cr_expect_str_eq(error.rule, "RESET-VF-11");
	after = take_all();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
	fixture_close();
}

/* SET-RF-27, MOVE-RF-10: a full table takes no filter, and moves those that it has. */
Test(fault, MOVE_RF_10_move_needs_no_room)
{
	struct nicsw_error error = {};

	make_world(true);
	turn(NICSW_FAULT_FAIL_TABLE_FULL, NICSW_NONE, true);
	cr_expect_eq(set_filter(NULL), -EIO);
	cr_expect_eq(move_filter(&error), 0, "%s", error.text);
	fixture_close();
}

/* ---- the records --------------------------------------------------------------------------------
 */

static __u64 knobs_in_all(const struct nicsw_fault_record *faults)
{
	__u64 knobs = 0;
	__u32 i;

	for (i = 0; i <= FIXTURE_VFS; i++)
		knobs |= faults[i].knobs;
	return knobs;
}

/* Off for all is off everywhere, and leaves the other knobs. */
Test(fault, off_for_all_ends_single_vfs)
{
	struct nicsw_fault_record faults[FIXTURE_VFS + 1] = {};

	cr_assert_eq(nicsw_fault_set(faults, FIXTURE_VFS, NICSW_FAULT_FAIL_FLR, 0, true), 0);
	cr_assert_eq(
		nicsw_fault_set(faults, FIXTURE_VFS, NICSW_FAULT_FAIL_FLR, FIXTURE_VFS - 1, true),
		0);
	cr_assert_eq(nicsw_fault_set(faults, FIXTURE_VFS, NICSW_FAULT_FAIL_POWER, 1, true), 0);
	cr_expect(nicsw_fault_on(faults, NICSW_FAULT_FAIL_FLR, FIXTURE_VFS - 1));
	cr_expect_not(nicsw_fault_on(faults, NICSW_FAULT_FAIL_FLR, 1));
	cr_expect_not(nicsw_fault_on(faults, NICSW_FAULT_FAIL_FLR, NICSW_FUNCTION_PF));
	cr_assert_eq(nicsw_fault_set(faults, FIXTURE_VFS, NICSW_FAULT_FAIL_FLR, NICSW_NONE, false),
		     0);
	cr_expect_eq(knobs_in_all(faults), 1ull << NICSW_FAULT_FAIL_POWER);
	cr_expect(nicsw_fault_on(faults, NICSW_FAULT_FAIL_POWER, 1));
}

/* What cannot be set is refused, with a text, and sets nothing. */
Test(fault, refused_settings)
{
	static const struct {
		__u32 knob, vf;
		bool on;
	} refused[] = {
		{NICSW_FAULT_KNOBS, NICSW_NONE, true},
		{~0u, NICSW_NONE, true},
		{NICSW_FAULT_FAIL_SWITCH_CREATE, 0, true}, /* of the adapter */
		{NICSW_FAULT_FAIL_POWER, FIXTURE_VFS, true},
		{NICSW_FAULT_FAIL_POWER, NICSW_FUNCTION_PF, true},
		{NICSW_FAULT_FAIL_FLR, 0, false}, /* on for all */
	};
	struct nicsw_error error;
	size_t i;

	make_world(false);
	turn(NICSW_FAULT_FAIL_FLR, NICSW_NONE, true);
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		error = (struct nicsw_error){};
		cr_expect_eq(nicsw_pf_fault_set(&adapter, refused[i].knob, refused[i].vf,
						refused[i].on, &error),
			     -EINVAL, "row %zu", i);
		cr_expect_neq(error.text[0], 0, "row %zu", i);
	}
	cr_expect_eq(knobs_in_all(adapter.dataplane.maps.faults), 1ull << NICSW_FAULT_FAIL_FLR);
	fixture_close();
}

/* VF 0 is a member of the flood group of VLAN 7, by filter 2. */
static void join_flood_group(void)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_assert_eq(oid_set_filter(1, 2, 0x12, 7), 2);
	cr_assert_not_null(nicsw_mapset_memory_flood(&adapter.dataplane.maps, 7));
}

/*
 * GEN-33, FREE-VF-15, DELETE-SW-15, CLEAR-RF-9: with every knob but that of DELETE_VPORT on, what
 * releases things goes on.
 */
Test(fault, FREE_VF_15_releases_do_not_fail)
{
	__u32 knob;

	make_world(true);
	join_flood_group();
	for (knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		if (knob != NICSW_FAULT_FAIL_VPORT_DELETE)
			turn(knob, NICSW_NONE, true);
	oid_clear_filter(2);
	cr_expect_null(nicsw_mapset_memory_flood(&adapter.dataplane.maps, 7));
	oid_clear_filter(1);
	oid_delete_vport(1);
	oid_free_vf(0);
	oid_free_vf(1);
	oid_delete_switch();
	fixture_close();
}
