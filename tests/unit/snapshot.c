// SPDX-License-Identifier: GPL-2.0-only
/* What a comparison of snapshots tells of an adapter in plain memory. */
#include "daemon/snapshot.h"
#include "ndis_fixture.h"

static struct nicsw_wire_event heard[64];
static size_t num_heard;
static struct nicsw_snapshot *seen;

static void hear(void *context _unused_, struct nicsw_wire_event *event)
{
	cr_assert_lt(num_heard, ARRAY_SIZE(heard));
	cr_expect_str_eq(event->adapter, adapter.name);
	heard[num_heard++] = *event;
}

static void look(void)
{
	const struct nicsw_event_sink sink = {hear, NULL};

	num_heard = 0;
	nicsw_snapshot_update(seen, &adapter, &sink);
}

static void open_seen(void)
{
	fixture_open();
	cr_assert_eq(nicsw_snapshot_new(&adapter, &seen), 0);
}

static void close_seen(void)
{
	nicsw_snapshot_free(seen);
	fixture_close();
}

TestSuite(snapshot, .init = open_seen, .fini = close_seen);

static void expect_event(size_t index, enum nicsw_event kind, __u32 vf, __u32 vport, __u32 filter,
			 const char *state)
{
	const struct nicsw_wire_event *event = &heard[index];

	cr_assert_lt(index, num_heard, "%zu events", num_heard);
	cr_expect_eq(event->event, kind, "%s", nicsw_event_name(event->event));
	cr_expect_eq(event->vf_id, vf);
	cr_expect_eq(event->vport_id, vport);
	cr_expect_eq(event->filter_id, filter);
	cr_expect_str_eq(event->state, state);
}

#define NONE NICSW_NONE

/* One VF with a VPort and a filter, and what was told of it forgotten. */
static void build(void)
{
	oid_create_switch(FIXTURE_VFS);
	oid_allocate_vf(0x11);
	oid_create_vport(0);
	oid_set_filter(1, 0x02, 0x11, -1);
}

Test(snapshot, additions_from_the_outside_in)
{
	build();
	look();
	cr_expect_eq(num_heard, 4);
	expect_event(0, NICSW_EVENT_SWITCH_CREATE, NONE, NONE, NONE, "");
	expect_event(1, NICSW_EVENT_VF_ALLOCATE, 0, NONE, NONE, "");
	expect_event(2, NICSW_EVENT_VPORT_CREATE, 0, 1, NONE, "activated");
	expect_event(3, NICSW_EVENT_FILTER_SET, NONE, 1, 1, "");
	look();
	cr_expect_eq(num_heard, 0, "told once");
}

Test(snapshot, removals_from_the_inside_out)
{
	build();
	look();
	oid_clear_filter(1);
	oid_delete_vport(1);
	oid_free_vf(0);
	oid_delete_switch();
	look();
	cr_expect_eq(num_heard, 4);
	expect_event(0, NICSW_EVENT_FILTER_CLEAR, NONE, 1, 1, "");
	expect_event(1, NICSW_EVENT_VPORT_DELETE, 0, 1, NONE, "");
	expect_event(2, NICSW_EVENT_VF_FREE, 0, NONE, NONE, "");
	expect_event(3, NICSW_EVENT_SWITCH_DELETE, NONE, NONE, NONE, "");
}

/* Ids go beyond the VFs: those of the PF's VPorts come on top. */
Test(snapshot, vports_of_the_pf)
{
	__u32 i;

	build();
	for (i = 0; i < FIXTURE_VFS - 1; i++)
		oid_create_vport(oid_allocate_vf(0x12 + i));
	look();
	cr_assert_eq(oid_create_vport(NDIS_PF_FUNCTION_ID), FIXTURE_VFS + 1);
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_VPORT_CREATE, NONE, FIXTURE_VFS + 1, NONE, "deactivated");
	oid_delete_vport(FIXTURE_VFS + 1);
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_VPORT_DELETE, NONE, FIXTURE_VFS + 1, NONE, "");
}

/* MOVE-RF-10 */
Test(snapshot, a_filter_moves)
{
	build();
	look();
	oid_move_filter(1, 1, 0);
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_FILTER_MOVE, NONE, 0, 1, "");
}

/* Only its settings count: what else is in the record is no change of the VPort. */
Test(snapshot, a_vport_changes)
{
	build();
	look();
	adapter.dataplane.maps.vports[1].reserved[0]++;
	look();
	cr_expect_eq(num_heard, 0);
	adapter.dataplane.maps.vports[1].interrupt_moderation++;
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_VPORT_CHANGE, 0, 1, NONE, "activated");
	adapter.dataplane.maps.vports[1].name.length = 2;
	look();
	cr_expect_eq(num_heard, 1);
}

Test(snapshot, the_switch_gets_a_name)
{
	build();
	look();
	adapter.dataplane.maps.meta->nic_switch.name.length = 2;
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_SWITCH_CHANGE, NONE, NONE, NONE, "");
}

Test(snapshot, the_netdev_of_a_vf)
{
	__u32 *flags = &adapter.dataplane.maps.vfs[0].flags;

	build();
	look();
	*flags = NICSW_VF_ATTACHED;
	look();
	expect_event(0, NICSW_EVENT_VF_NETDEV, 0, NONE, NONE, "attached");
	*flags = NICSW_VF_ATTACHED | NICSW_VF_LOST;
	look();
	expect_event(0, NICSW_EVENT_VF_NETDEV, 0, NONE, NONE, "lost");
	*flags = 0;
	look();
	expect_event(0, NICSW_EVENT_VF_NETDEV, 0, NONE, NONE, "detached");
	*flags = NICSW_VF_RESETTING;
	look();
	cr_expect_eq(num_heard, 0, "resets are told by the request");
}

/* POWER-VF-7: of this VF only. */
Test(snapshot, the_power_of_a_vf)
{
	build();
	oid_allocate_vf(0x12);
	look();
	cr_assert_eq(nicsw_function_set_power(&adapter.device, 0,
					      adapter.dataplane.maps.config_space[1], 3, false),
		     0);
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_VF_POWER, 0, NONE, NONE, "d3");
}

/* INVAL-2: only the bits that were not announced yet; what the VF took is no event. */
Test(snapshot, blocks_become_invalid)
{
	__u64 *invalidated = &adapter.dataplane.maps.blocks[0].invalidated;

	build();
	look();
	*invalidated = 5;
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_BLOCK_INVALIDATE, 0, NONE, NONE, "");
	cr_expect_eq(heard[0].count, 5);
	*invalidated = 7;
	look();
	cr_expect_eq(heard[0].count, 2);
	nicsw_snapshot_announce(seen, 0, 1);
	nicsw_snapshot_announce(seen, FIXTURE_VFS, 1); /* there is no such VF */
	look();
	cr_expect_eq(num_heard, 1);
	cr_expect_eq(heard[0].count, 1, "announced again");
	*invalidated = 0;
	look();
	cr_expect_eq(num_heard, 0);
}

/* GEN-1: SR-IOV was switched off or on. */
Test(snapshot, capabilities_change)
{
	adapter.interface.sriov_off = !adapter.interface.sriov_off;
	look();
	cr_expect_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_CAPABILITY, NONE, NONE, NONE, "off");
}

/* CAP-SW-21, CAP-RF-14: with the figures of the new structures, and only if one has changed. */
Test(snapshot, capability_figures)
{
	adapter.interface.max_vfs = FIXTURE_VFS;
	look();
	cr_expect_eq(num_heard, 0, "the device has no more");
	adapter.interface.max_vfs = 3;
	adapter.interface.vlan_filters_off = true;
	look();
	cr_assert_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_CAPABILITY, NONE, NONE, NONE, "on");
	cr_expect_eq(heard[0].capability.sriov_supported, 1);
	cr_expect_eq(heard[0].capability.max_num_vfs, 3);
	cr_expect_eq(heard[0].capability.max_num_vports, NICSW_VPORTS(FIXTURE_VFS));
	cr_expect_eq(heard[0].capability.max_num_mac_addresses, FIXTURE_FILTERS);
	cr_expect_eq(heard[0].capability.nic_switch_capabilities,
		     NDIS_NIC_SWITCH_CAPS_VF_RSS_SUPPORTED);
	cr_expect_eq(heard[0].capability.supported_mac_header_fields,
		     NDIS_RECEIVE_FILTER_MAC_HEADER_DEST_ADDR_SUPPORTED);
	adapter.dataplane.maps.meta->flags |= NICSW_META_SRIOV_OFF;
	look();
	cr_assert_eq(num_heard, 1);
	cr_expect_eq(heard[0].capability.max_num_vfs, 0);
	cr_expect_eq(heard[0].capability.supported_mac_header_fields, 0);
}

/* LC-RST-3 */
Test(snapshot, adapter_reset)
{
	adapter.dataplane.maps.meta->state = NICSW_ADAPTER_RESETTING;
	look();
	cr_assert_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_ADAPTER_RESET, NONE, NONE, NONE, "begun");
	look();
	cr_expect_eq(num_heard, 0);
	adapter.dataplane.maps.meta->state = NICSW_ADAPTER_RUNNING;
	look();
	cr_assert_eq(num_heard, 1);
	expect_event(0, NICSW_EVENT_ADAPTER_RESET, NONE, NONE, NONE, "done");
}
