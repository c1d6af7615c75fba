// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
}

TestSuite(ndis_reset, .init = open_vfs, .fini = fixture_close);

/* RESET-VF-3, LC-VF-1. */
Test(ndis_reset, RESET_VF_3_not_allocated)
{
	static const struct refusal refusals[] = {
		BAD("RESET-VF-3", INVALID_PARAMETER, ndis_sriov_reset_vf_parameters, vf_id, 2),
		BAD("RESET-VF-3", INVALID_PARAMETER, ndis_sriov_reset_vf_parameters, vf_id, 4),
		BAD("RESET-VF-3", INVALID_PARAMETER, ndis_sriov_reset_vf_parameters, vf_id, 0xffff),
	};
	struct ndis_sriov_reset_vf_parameters good = fixture_reset_vf(0);

	refuse_each(OID_SRIOV_RESET_VF, SET, &good, 6, refusals, ARRAY_SIZE(refusals));
}

/* RESET-VF-4, -6, -8, GEN-22: registers of this VF go back, ids stay, nobody else notices. */
Test(ndis_reset, RESET_VF_4_only_this_one)
{
	__u8(*spaces)[NICSW_CONFIG_SIZE] = adapter.dataplane.maps.config_space;
	struct snapshot before = snapshot_take(), after;
	__u32 rid = nicsw_pf_rid(&adapter, 0);

	nicsw_function_set_bus_master(&adapter.device, 0, spaces[1], true);
	oid_reset_vf(0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	cr_expect_eq(nicsw_pf_rid(&adapter, 0), rid);
	free(before.bytes);
	free(after.bytes);
}

/* RESET-VF-7, -9: VPort and filters survive, with and without a VPort. */
Test(ndis_reset, RESET_VF_7_filters_survive)
{
	oid_reset_vf(0);
	oid_create_vport(0);
	oid_set_filter(1, 2, 1, -1);
	oid_reset_vf(0);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), 1);
	cr_expect_eq(steered_to(2, 1, 0), NICSW_SLOT_VF(0));
	cr_expect_eq(adapter.dataplane.index.count[1], 1);
}

/* RESET-VF-12: D3 -> D0. */
Test(ndis_reset, RESET_VF_12_power)
{
	__u8 *space = adapter.dataplane.maps.config_space[1];

	nicsw_function_set_power(&adapter.device, 0, space, NICSW_D3, false);
	cr_assert_eq(nicsw_function_power(space), NICSW_D3);
	oid_reset_vf(0);
	cr_expect_eq(nicsw_function_power(space), NICSW_D0);
}
