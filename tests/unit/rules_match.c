// SPDX-License-Identifier: GPL-2.0-only
/* What filters, once set, let through to a VPort: by the table that the programs look into. */
#include "ndis_fixture.h"

#include "pf/driver.h"

#define VLAN_A 7
#define VLAN_B 9

static void open_vport(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_create_vport(0);
}

TestSuite(rules_match, .init = open_vport, .fini = fixture_close);

#define VF_SLOT ((int)NICSW_SLOT_VF(0))

/* MATCH-1, MATCH-3, MATCH-5, MATCH-6: MAC and VLAN together, and both pairs as they were given. */
Test(rules_match, MATCH_1_all_tests_of_a_filter)
{
	oid_set_filter(1, 2, 1, VLAN_A);
	oid_set_filter(1, 2, 2, VLAN_B);
	cr_expect_eq(steered_to(2, 1, VLAN_A), VF_SLOT);
	cr_expect_eq(steered_to(2, 2, VLAN_B), VF_SLOT);
	cr_expect_lt(steered_to(2, 1, VLAN_B), 0);
	cr_expect_lt(steered_to(2, 2, VLAN_A), 0);
	cr_expect_lt(steered_to(2, 1, 0), 0);
}

/* MATCH-2: any filter of the VPort, until the last one is gone. */
Test(rules_match, MATCH_2_any_filter)
{
	__u32 first = oid_set_filter(1, 2, 1, -1), second = oid_set_filter(1, 2, 2, -1);

	cr_expect_eq(steered_to(2, 1, 0), VF_SLOT);
	cr_expect_eq(steered_to(2, 2, 0), VF_SLOT);
	oid_clear_filter(first);
	cr_expect_lt(steered_to(2, 1, 0), 0);
	cr_expect_eq(steered_to(2, 2, 0), VF_SLOT);
	oid_clear_filter(second);
	cr_expect_lt(steered_to(2, 2, 0), 0);
}

/* MATCH-4: each of the 48 bits counts. */
Test(rules_match, MATCH_4_every_bit)
{
	__u8 mac[NICSW_MAC_SIZE] = {2, 0, 0, 0, 0, 1};
	__u32 bit;

	oid_set_filter(1, 2, 1, -1);
	cr_expect_eq(steered_to(2, 1, 0), VF_SLOT);
	for (bit = 0; bit < 8 * NICSW_MAC_SIZE; bit++) {
		mac[bit / 8] ^= 1 << bit % 8;
		cr_expect_lt(nicsw_table_find(&adapter.dataplane.table, nicsw_key(mac, 0)), 0,
			     "bit %u", bit);
		mac[bit / 8] ^= 1 << bit % 8;
	}
}

/* MATCH-8, SET-RF-34: inner addresses are refused, so that only outer ones ever match. */
Test(rules_match, MATCH_8_no_encapsulation)
{
	struct fixture_filter filter = fixture_filter(1, 2, 1, -1);

	filter.parameters.flags = NDIS_RECEIVE_FILTER_PACKET_ENCAPSULATION;
	refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-34");
}

/* FLOW-2, FLOW-3: VPorts of the PF share its netdev, that of a VF is the VF's only one. */
Test(rules_match, FLOW_2_vports_and_their_functions)
{
	oid_set_filter(0, 2, 5, -1);
	oid_set_filter(1, 2, 1, -1);
	cr_expect_eq(steered_to(2, 5, 0), NICSW_SLOT_PF);
	cr_expect_eq(steered_to(2, 1, 0), VF_SLOT);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), 1);
}

/* RXQ-1: no other queue can be named. */
Test(rules_match, RXQ_1_only_queue_0)
{
	struct fixture_filter filter = fixture_filter(1, 2, 1, -1);

	filter.parameters.queue_id = 1;
	refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-4");
}

/* RXQ-21, LC-UP-10: the driver's packet filter comes last, and replaces what was there. */
Test(rules_match, RXQ_21_packet_filter_is_replaced)
{
	const struct nicsw_vf_record *record = adapter.dataplane.maps.vfs;
	struct nicsw_change change;

	oid_set_filter(1, 2, 1, -1);
	cr_expect_eq(record->packet_filter, 0);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->packet_filter = NDIS_PACKET_TYPE_PROMISCUOUS;
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_expect_eq(record->packet_filter, NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST |
						    NDIS_PACKET_TYPE_ALL_MULTICAST);
}
