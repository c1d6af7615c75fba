// SPDX-License-Identifier: GPL-2.0-only
/* The halt of the PF, step by step (lifecycle.md 9). */
#include "ndis_fixture.h"

#include "pf/driver.h"
#include "pf/fault.h"
#include "pf/halt.h"
#include "pf/sriov.h"

TestSuite(pf_halt, .init = fixture_open, .fini = fixture_close);

/* What there was after a step. */
struct seen {
	enum nicsw_halt_step step;
	__u32 filters, vports, vfs;
	__u32 switch_state;
	__u32 num_vfs; /* on PCIe */
	__u32 open;    /* ports that pass frames */
	__u32 status;  /* of a request in between */
};

static struct seen seen[NICSW_HALT_NUM_STEPS];
static size_t num_seen;

static struct seen look(void)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	struct seen now = {.filters = adapter.dataplane.index.num_filters,
			   .switch_state = maps->meta->nic_switch.state,
			   .num_vfs = nicsw_sriov_num_vfs(maps->config_space[0])};

	for (__u32 i = 0; i < FIXTURE_VFS; i++) {
		now.vports += maps->vports[i + 1].state == NICSW_USED;
		now.vfs += maps->vfs[i].state == NICSW_USED;
	}
	for (__u32 slot = 0; slot < maps->meta->slots; slot++)
		now.open += !!(maps->ports[slot].flags & NICSW_PORT_READY);
	return now;
}

static void observe(void *context, enum nicsw_halt_step step)
{
	struct ndis_sriov_capabilities query = {.header = HEADER(1, 8)};

	cr_assert_eq(context, &adapter);
	cr_assert_lt(num_seen, ARRAY_SIZE(seen));
	seen[num_seen] = look();
	seen[num_seen].step = step;
	seen[num_seen++].status =
		ask(OID_SRIOV_CURRENT_CAPABILITIES, QUERY, &query, 0, sizeof(query)).status;
}

/* Three filters, two VPorts, two VFs, of which one has a driver; another owner than who halts. */
static void build(bool is_static)
{
	struct nicsw_change change;

	adapter.interface.static_switch = is_static;
	cr_assert_eq(nicsw_pf_sriov_start(&adapter, NULL), 0);
	if (is_static) {
		struct nicsw_switch_settings stored = nicsw_pf_switch_stored(&adapter);

		cr_assert_eq(nicsw_pf_switch_create(&adapter, &stored, NULL), 0);
	} else {
		oid_create_switch(FIXTURE_VFS);
	}
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(0);
	oid_create_vport(1);
	oid_set_filter(0, 2, 1, -1);
	oid_set_filter(1, 2, 2, -1);
	oid_set_filter(2, 2, 3, 7);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags |= NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_assert_eq(look().open, 3);
}

static void expect_step(enum nicsw_halt_step step, __u32 filters, __u32 vports, __u32 vfs,
			__u32 switch_state, __u32 num_vfs)
{
	const struct seen *now = &seen[step];

	cr_expect_eq(now->step, step, "step %u is %u", step, now->step);
	cr_expect_eq(now->filters, filters, "step %u: %u filters", step, now->filters);
	cr_expect_eq(now->vports, vports, "step %u: %u VPorts", step, now->vports);
	cr_expect_eq(now->vfs, vfs, "step %u: %u VFs", step, now->vfs);
	cr_expect_eq(now->switch_state, switch_state, "step %u: %u", step, now->switch_state);
	cr_expect_eq(now->num_vfs, num_vfs, "step %u: %u VFs on PCIe", step, now->num_vfs);
}

/* LC-HALT-2..5, -7, -9: in reverse dependency order, whoever made it. */
Test(pf_halt, LC_HALT_2_to_5_dynamic)
{
	struct snapshot before = snapshot_take(), after;
	struct nicsw_error error = {};

	build(false);
	cr_expect_eq(nicsw_pf_halt(&adapter, observe, &adapter, &error), 0, "%s", error.text);
	cr_assert_eq(num_seen, NICSW_HALT_NUM_STEPS);
	expect_step(NICSW_HALT_clear_filters, 0, 2, 2, NICSW_USED, FIXTURE_VFS);
	expect_step(NICSW_HALT_delete_vports, 0, 0, 2, NICSW_USED, FIXTURE_VFS);
	expect_step(NICSW_HALT_free_vfs, 0, 0, 0, NICSW_USED, FIXTURE_VFS);
	expect_step(NICSW_HALT_delete_switch, 0, 0, 0, NICSW_FREE, 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after), "something is left");
	free(before.bytes);
	free(after.bytes);
}

/* LC-HALT-6: static, DELETE_SWITCH leaves the VFs enabled, and the halt disables them. */
Test(pf_halt, LC_HALT_6_static)
{
	build(true);
	cr_expect_eq(nicsw_pf_halt(&adapter, observe, &adapter, NULL), 0);
	expect_step(NICSW_HALT_delete_switch, 0, 0, 0, NICSW_BUILT, FIXTURE_VFS);
	expect_step(NICSW_HALT_disable_virtualization, 0, 0, 0, NICSW_FREE, 0);
}

/* LC-HALT-8, LC-HALT-9: from its first step on nothing passes, and every request is refused. */
Test(pf_halt, LC_HALT_8_no_request)
{
	build(false);
	nicsw_adapter_del("/nowhere/at/all", &adapter, observe, &adapter);
	cr_assert_eq(num_seen, NICSW_HALT_NUM_STEPS);
	for (size_t i = 0; i < num_seen; i++) {
		cr_expect_eq(seen[i].status, NDIS_STATUS_NOT_ACCEPTED, "step %zu", i);
		cr_expect_eq(seen[i].open, 0, "step %zu", i);
	}
	expect_step(NICSW_HALT_clear_filters, 0, 2, 2, NICSW_USED, FIXTURE_VFS);
	cr_expect_null(adapter.dataplane.maps.meta, "LC-HALT-7");
}

/* LC-HALT-9: a netdev that cannot be told, a knob: nothing keeps the rest. */
Test(pf_halt, LC_HALT_9_nothing_refuses)
{
	build(false);
	for (__u32 knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		if (knob != NICSW_FAULT_FAIL_FLOOD)
			adapter.dataplane.maps.faults[0].knobs |= 1ull << knob;
	cr_expect_eq(nicsw_pf_halt(&adapter, NULL, NULL, NULL), 0);
	cr_expect_eq(look().vfs, 0);
	cr_expect_eq(look().switch_state, NICSW_FREE);
}
