// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(pf_vport, .init = open_vf, .fini = fixture_close);

static const struct nicsw_vport_record wanted = {
	.state = 77, .vport_state = 77, .function = 0, .queue_pairs = 1, .owner = "me"};

/* CREATE-VP-18: the state follows from the function, not from what is wanted. */
Test(pf_vport, CREATE_VP_18_state)
{
	const struct nicsw_vport_record *record = &adapter.dataplane.maps.vports[3];

	cr_assert_eq(nicsw_pf_vport_create(&adapter, 3, &wanted, NULL), 0);
	cr_expect_eq(record->state, NICSW_USED);
	cr_expect_eq(record->vport_state, NdisNicSwitchVPortStateActivated);
	cr_expect_str_eq(record->owner, "me");
}

/* CREATE-VP-10: NDIS found no id. */
Test(pf_vport, CREATE_VP_10_no_id)
{
	struct nicsw_error error = {};

	cr_expect_eq(nicsw_pf_vport_create(&adapter, NICSW_NONE, &wanted, &error), -ENOSPC);
	cr_expect_str_eq(error.rule, "CREATE-VP-10");
}

/* oids.md 0.1: bad members (step 6) come before exhaustion (step 8). */
Test(pf_vport, CREATE_VP_11_before_10)
{
	struct nicsw_vport_record bad = wanted;
	struct nicsw_error error = {};

	bad.queue_pairs = 0;
	cr_expect_eq(nicsw_pf_vport_create(&adapter, NICSW_NONE, &bad, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "CREATE-VP-11");
}

/* DELETE-VP-6: nothing is left. */
Test(pf_vport, DELETE_VP_6_zeroed)
{
	static const struct nicsw_vport_record zero;

	cr_assert_eq(nicsw_pf_vport_create(&adapter, 1, &wanted, NULL), 0);
	cr_assert_eq(nicsw_pf_vport_delete(&adapter, 1, NULL), 0);
	cr_expect_arr_eq(&adapter.dataplane.maps.vports[1], &zero, sizeof(zero));
}
