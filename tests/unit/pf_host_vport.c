// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"
#include "pf/fault.h"
#include "pf/host_vport.h"
#include "pf/policy.h"

/* VPort 1 is VF 0's. */
static void open_switch(void)
{
	fixture_open();
	oid_create_switch(3);
	oid_allocate_vf(1);
	cr_assert_eq(oid_create_vport(0), 1);
}

TestSuite(pf_host_vport, .init = open_switch, .fini = fixture_close);

#define SLOT(k) NICSW_SLOT_PF_VPORT(FIXTURE_VFS, k)

static struct nicsw_mapset *maps(void)
{
	return &adapter.dataplane.maps;
}

static const struct nicsw_port *port(__u32 k)
{
	return &maps()->ports[SLOT(k)];
}

static __u32 create(void)
{
	return oid_create_vport(NDIS_PF_FUNCTION_ID);
}

static struct ndis_nic_switch_vport_parameters activation(__u32 vport)
{
	return (struct ndis_nic_switch_vport_parameters){
		.header = HEADER(1, 572),
		.flags = NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED,
		.vport_id = vport,
		.vport_state = NdisNicSwitchVPortStateActivated};
}

static void activate(__u32 vport)
{
	struct ndis_nic_switch_vport_parameters parameters = activation(vport);

	ACCEPT_SET(OID_NIC_SWITCH_VPORT_PARAMETERS, parameters, 572u);
}

static bool floods_to(__u32 vid, __u32 k)
{
	const struct nicsw_slot_set *group = nicsw_mapset_memory_flood(maps(), vid);

	return group && group->words[SLOT(k) / 64] >> (SLOT(k) % 64) & 1;
}

static bool is_zero_port(__u32 k)
{
	static const struct nicsw_port zero;

	return !memcmp(port(k), &zero, sizeof(zero));
}

/* FLOW-3, CREATE-VP-9, LC-VP-5: each has a slot of its own, until it goes. */
Test(pf_host_vport, FLOW_3_slots)
{
	__u32 k;

	for (k = 0; k < NICSW_PF_VPORTS; k++) {
		cr_expect_eq(create(), 2 + k);
		cr_expect_eq(maps()->vports[2 + k].pf_vport, k);
		cr_expect_eq(adapter.dataplane.vf_vports[SLOT(k) - NICSW_SLOT_VF(0)], 2 + k);
	}
	oid_delete_vport(2 + 3);
	cr_expect_eq(adapter.dataplane.vf_vports[SLOT(3) - NICSW_SLOT_VF(0)], NICSW_NONE);
	cr_expect_eq(create(), 2 + 3);
	cr_expect_eq(maps()->vports[2 + 3].pf_vport, 3);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), 1);
}

/* CREATE-VP-27, FLOW-16, FWD-13, SET-RF-30: before its activation it has filters and no port, and
 * takes part in nothing. */
Test(pf_host_vport, FLOW_16_deactivated)
{
	__u32 vport = create();

	oid_set_filter(vport, 2, 5, -1);
	oid_set_filter(vport, 2, 6, 10);
	cr_expect(is_zero_port(0));
	cr_expect_lt(steered_to(2, 5, 0), 0);
	cr_expect_lt(steered_to(2, 6, 10), 0);
	cr_expect_not(floods_to(0, 0));
	cr_expect_not(floods_to(10, 0));
}

/* PARAM-VP-10, FLOW-7, LC-VP-7: activated and with a filter it is open; it takes what is steered to
 * it from everywhere, and nothing that matches no filter; the host may send any source. */
Test(pf_host_vport, FLOW_7_activated)
{
	const __u32 trusted = NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS |
			      NICSW_PORT_GROUP | NICSW_PORT_PLAIN;
	__u32 vport = create();

	activate(vport);
	cr_expect_eq(port(0)->flags, trusted);
	oid_set_filter(vport, 2, 5, -1);
	cr_expect_eq(port(0)->flags, trusted | NICSW_PORT_OPEN | NICSW_PORT_UNTAGGED);
	cr_expect_eq(port(0)->max_frame, 1518);
	cr_expect_eq(steered_to(2, 5, 0), SLOT(0));
	oid_clear_filter(1); /* LC-VP-9 */
	cr_expect_eq(port(0)->flags, trusted);
	cr_expect_lt(steered_to(2, 5, 0), 0);
	cr_expect_not(floods_to(0, 0));
}

/* FWD-9, FT-3, PATH-8: VPorts of the PF are ports of their own, the default one is another. */
Test(pf_host_vport, FWD_9_two_of_them)
{
	__u32 first = create(), second = create();

	oid_set_filter(first, 2, 5, -1);
	activate(first);
	activate(second);
	oid_set_filter(second, 2, 6, -1);
	oid_set_filter(0, 2, 7, -1);
	cr_expect_eq(steered_to(2, 5, 0), SLOT(0));
	cr_expect_eq(steered_to(2, 6, 0), SLOT(1));
	cr_expect_eq(steered_to(2, 7, 0), NICSW_SLOT_PF);
}

/* MATCH-14, FWD-21, FWD-23: filters of one VLAN make an access port, and a member of that VLAN's
 * group alone. */
Test(pf_host_vport, MATCH_14_vlan)
{
	__u32 vport = create();

	oid_set_filter(vport, 2, 5, 10);
	activate(vport);
	cr_expect_eq(port(0)->access_vid, 10);
	cr_expect_eq(port(0)->flags & NICSW_PORT_PLAIN, 0);
	cr_expect(floods_to(10, 0));
	cr_expect_not(floods_to(0, 0));
	oid_set_filter(vport, 2, 6, -1);
	cr_expect_eq(port(0)->access_vid, 0);
	cr_expect(port(0)->flags & NICSW_PORT_PLAIN);
	cr_expect(floods_to(10, 0));
	cr_expect(floods_to(0, 0));
}

/* FWD-32 is for VFs, but the wire is shared by all; below a VEPA the host's VPorts meet there, too.
 */
Test(pf_host_vport, switch_policies)
{
	activate(create());
	cr_assert_eq(nicsw_pf_vepa_set(&adapter, true, NULL), 0);
	cr_expect(port(0)->flags & NICSW_PORT_VEPA);
	cr_expect_eq(port(0)->flags & NICSW_PORT_PLAIN, 0);
	cr_assert_eq(nicsw_pf_vepa_set(&adapter, false, NULL), 0);
	cr_expect_eq(port(0)->flags & (NICSW_PORT_VEPA | NICSW_PORT_SHARE), 0);
	cr_assert_eq(nicsw_pf_rate_set(&adapter, 1000, NULL), 0);
	cr_expect(port(0)->flags & NICSW_PORT_SHARE);
	cr_expect_eq(port(0)->flags & NICSW_PORT_PLAIN, 0);
	cr_expect_eq(port(0)->share.cost, 0, "no part of the wire is its own");
}

/* MOVE-RF-8, -10: to it and back, with one store. */
Test(pf_host_vport, MOVE_RF_10_to_and_fro)
{
	__u32 vport = create(), filter;

	activate(vport);
	filter = oid_set_filter(0, 2, 5, -1);
	oid_move_filter(filter, 0, vport);
	cr_expect_eq(steered_to(2, 5, 0), SLOT(0));
	oid_move_filter(filter, vport, 1);
	cr_expect_eq(steered_to(2, 5, 0), NICSW_SLOT_VF(0));
	oid_move_filter(filter, 1, 0);
	cr_expect_eq(steered_to(2, 5, 0), NICSW_SLOT_PF);
}

/* SET-RF-28: its filters are looked for, too. */
Test(pf_host_vport, SET_RF_28_same_filter)
{
	struct fixture_filter filter = fixture_filter(0, 2, 5, -1);
	__u32 vport = create();
	struct reply reply;

	activate(vport);
	oid_set_filter(vport, 2, 5, -1);
	reply = refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, FILTER_LENGTH(1),
		       FILTER_LENGTH(1), NDIS_STATUS_INVALID_PARAMETER, "SET-RF-28");
	cr_expect_not_null(strstr(reply.error.text, "filter 1 on VPort 2"), "%s", reply.error.text);
}

/* The address of the netdev: that of the lowest unicast filter, else a local one. */
Test(pf_host_vport, address)
{
	static const __u8 filtered[] = {2, 0, 0, 0, 0, 6}, uplink[] = {2, 0, 0, 0, 0, 0xfe};
	__u32 second, k, i;

	cr_assert_eq(create(), 2);
	oid_set_filter(2, 3, 9, -1); /* of a group */
	second = oid_set_filter(2, 2, 8, -1);
	oid_set_filter(2, 2, 7, -1);
	oid_clear_filter(second);
	cr_assert_eq(oid_set_filter(2, 2, 6, -1), second);
	activate(2);
	cr_expect_arr_eq(maps()->vports[2].mac, filtered, sizeof(filtered));
	cr_expect_eq(port(0)->station, nicsw_key(filtered, 0));
	for (k = 1; k < NICSW_PF_VPORTS; k++) {
		const __u8 *mac = maps()->vports[2 + k].mac;

		activate(create());
		cr_expect_eq(mac[0] & 3, 2, "local, and no group");
		cr_expect_arr_neq(mac, uplink, sizeof(uplink));
		for (i = 1; i < k; i++)
			cr_expect_arr_neq(mac, maps()->vports[2 + i].mac, sizeof(uplink));
	}
}

/* The host gives the netdev another address. */
Test(pf_host_vport, follows_the_address)
{
	struct nicsw_link link = {.name = "memoryv2", .mac = {2, 9, 9, 9, 9, 9}};

	cr_assert_eq(create(), 2);
	cr_expect_not(nicsw_pf_host_vport_link(&adapter, &link), "it has no netdev yet");
	activate(2);
	cr_expect(nicsw_pf_host_vport_link(&adapter, &link));
	cr_expect_arr_eq(maps()->vports[2].mac, link.mac, sizeof(link.mac));
	cr_expect_eq(port(0)->station, nicsw_key(link.mac, 0));
	snprintf(link.name, sizeof(link.name), "memoryv1"); /* a VF's */
	cr_expect_not(nicsw_pf_host_vport_link(&adapter, &link));
}

/* ---- the end ---- */

static bool stopped_first;
static unsigned int waits;

static int watched_grace_period(struct nicsw_mapset *watched _unused_)
{
	waits++;
	stopped_first =
		is_zero_port(0) && !floods_to(0, 0) && maps()->vports[2].state != NICSW_USED;
	return 0;
}

static void watch_grace_periods(void)
{
	static struct nicsw_mapset_ops ops;

	ops = *maps()->ops;
	ops.grace_period = watched_grace_period;
	maps()->ops = &ops;
}

/* DELETE-VP-6, -8, -9, LC-VP-10, LC-VP-11: it stops, then whoever had found it is waited for, then
 * nothing of it is left. */
Test(pf_host_vport, DELETE_VP_8_stops_then_drains)
{
	struct snapshot before = snapshot_take(), after;
	__u32 filter;

	cr_assert_eq(create(), 2);
	filter = oid_set_filter(2, 2, 5, -1);
	activate(2);
	oid_clear_filter(filter);
	watch_grace_periods();
	oid_delete_vport(2);
	cr_expect_eq(waits, 1);
	cr_expect(stopped_first);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* DELETE-VP-8: there is nobody to wait for. */
Test(pf_host_vport, DELETE_VP_8_never_activated)
{
	cr_assert_eq(create(), 2);
	watch_grace_periods();
	oid_delete_vport(2);
	cr_expect_eq(waits, 0);
}

/* DELETE-VP-5, LC-VP-8. */
Test(pf_host_vport, DELETE_VP_5_with_filters)
{
	struct ndis_nic_switch_delete_vport_parameters parameters = fixture_delete_vport(2);

	cr_assert_eq(create(), 2);
	activate(2);
	oid_set_filter(2, 2, 5, -1);
	refuse(OID_NIC_SWITCH_DELETE_VPORT, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER,
	       "DELETE-VP-5");
	cr_expect(port(0)->flags & NICSW_PORT_OPEN);
}

/* DELETE-SW-5: it keeps the switch. */
Test(pf_host_vport, DELETE_SW_5_keeps_the_switch)
{
	struct ndis_nic_switch_delete_switch_parameters parameters = fixture_delete_switch();

	oid_delete_vport(1);
	oid_free_vf(0);
	create();
	refuse(OID_NIC_SWITCH_DELETE_SWITCH, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER,
	       "DELETE-SW-5");
}

static __u32 reset_slot;
static int reset_result;

static int watched_reset(struct nicsw_mapset *watched _unused_, __u32 slot)
{
	reset_slot = slot;
	return reset_result;
}

/* DELETE-VP-11, CREATE-VP-29: whoever has the port next starts to count at 0, or does not start. */
Test(pf_host_vport, DELETE_VP_11_counters)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(NDIS_PF_FUNCTION_ID);
	static struct nicsw_mapset_ops ops;

	ops = *maps()->ops;
	ops.counters_reset = watched_reset;
	maps()->ops = &ops;
	create();
	create();
	cr_expect_eq(reset_slot, SLOT(1));
	oid_delete_vport(2);
	create();
	cr_expect_eq(reset_slot, SLOT(0));
	reset_result = -ENOMEM;
	refuse(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &parameters, 572, 572, NDIS_STATUS_FAILURE,
	       "CREATE-VP-29");
}

/* ---- what fails changes nothing ---- */

/* GEN-17, PARAM-VP-26: no netdev, no activation. */
Test(pf_host_vport, GEN_17_no_netdev)
{
	struct ndis_nic_switch_vport_parameters parameters = activation(2);

	cr_assert_eq(create(), 2);
	oid_set_filter(2, 2, 5, -1);
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_NETDEV_CREATE, NICSW_NONE, true,
					NULL),
		     0);
	refuse(OID_NIC_SWITCH_VPORT_PARAMETERS, SET, &parameters, 572, 0, NDIS_STATUS_FAILURE,
	       "GEN-17");
}

/* GEN-17, PARAM-VP-21: nothing of an activation that the tables do not take. */
Test(pf_host_vport, GEN_17_commit_fails)
{
	struct ndis_nic_switch_vport_parameters parameters = activation(2);
	struct snapshot before, after;
	struct reply reply;

	cr_assert_eq(create(), 2);
	oid_set_filter(2, 2, 5, -1);
	before = snapshot_take();
	nicsw_mapset_memory_fail_flood(maps(), 1);
	reply = ask(OID_NIC_SWITCH_VPORT_PARAMETERS, SET, &parameters, 572, 0);
	cr_expect_eq(reply.status, NDIS_STATUS_FAILURE);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
	activate(2);
}
