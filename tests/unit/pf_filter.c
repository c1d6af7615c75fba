// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"

static void open_vport(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_create_vport(0);
}

TestSuite(pf_filter, .init = open_vport, .fini = fixture_close);

static const struct nicsw_filter_record wanted = {
	.state = 77, .vport_id = 1, .vlan = 7, .mac = {2, 0, 0, 0, 0, 1}, .owner = "me"};

/* SET-RF-33: the record keeps what was asked. */
Test(pf_filter, SET_RF_33_record)
{
	struct nicsw_filter_record expected = wanted;

	expected.state = NICSW_USED;
	cr_assert_eq(nicsw_pf_filter_set(&adapter, 5, &wanted, NULL), 0);
	cr_expect_arr_eq(&adapter.dataplane.maps.filters[5], &expected, sizeof(expected));
	cr_expect_eq(steered_to(2, 1, 7), NICSW_SLOT_VF(0));
}

/* SET-RF-27: NDIS found no id; SET-RF-28 comes first (step 6 before 8). */
Test(pf_filter, SET_RF_27_no_id)
{
	struct nicsw_error error = {};

	cr_expect_eq(nicsw_pf_filter_set(&adapter, 0, &wanted, &error), -ENOSPC);
	cr_expect_str_eq(error.rule, "SET-RF-27");
	cr_assert_eq(nicsw_pf_filter_set(&adapter, 1, &wanted, NULL), 0);
	oid_set_filter(1, 2, 2, 7); /* the VLAN alone, or the MAC alone, is not the same */
	oid_set_filter(1, 2, 1, 8);
	cr_expect_eq(nicsw_pf_filter_set(&adapter, 0, &wanted, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "SET-RF-28");
	cr_expect_not_null(
		strstr(error.text, "02:00:00:00:00:01 VLAN 7 is already set as filter 1"));
}

/* SET-RF-28: the adapter's own address is the default VPort's; in a VLAN it is still free. */
Test(pf_filter, SET_RF_28_own_address_in_a_vlan)
{
	struct nicsw_filter_record own = wanted;

	memcpy(own.mac, adapter.dataplane.maps.meta->pf_mac, sizeof(own.mac));
	cr_expect_eq(nicsw_pf_filter_set(&adapter, 1, &own, NULL), 0);
	own.vlan = 0;
	cr_expect_eq(nicsw_pf_filter_set(&adapter, 2, &own, NULL), -EINVAL);
}

/* MOVE-RF-14, GEN-17: a move that fails leaves the filter where it was. */
Test(pf_filter, MOVE_RF_14_failure)
{
	struct snapshot before, after;
	struct nicsw_change change;

	/* A VF that floods: its group changes with the move. */
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	nicsw_change_vf(&change, 0)->packet_filter = 0xd;
	nicsw_function_set_bus_master(&adapter.device, 0, nicsw_change_config(&change, 0), true);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_assert_eq(nicsw_pf_filter_set(&adapter, 1, &wanted, NULL), 0);
	before = snapshot_take();
	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_filter_move(&adapter, 1, 0, NULL), -EIO);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	cr_expect_eq(steered_to(2, 1, 7), NICSW_SLOT_VF(0));
	cr_expect_eq(adapter.dataplane.index.count[1], 1);
	free(before.bytes);
	free(after.bytes);
}
