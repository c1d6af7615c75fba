// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"
#include "pf/driver.h"

/* VF 0 runs and is a member of a flood group, so that its power state changes a table. */
static void open_running(void)
{
	struct nicsw_change change;

	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_create_vport(0);
	oid_set_filter(1, 2, 1, 7);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

TestSuite(pf_power, .init = open_running, .fini = fixture_close);

/* GEN-17: a state that cannot be committed is not taken, whichever door it came through. */
Test(pf_power, GEN_17_commit_fails)
{
	const __u8 no_bus_master = 0;
	struct snapshot before = snapshot_take(), after;
	struct nicsw_error error = {};

	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_vf_set_power(&adapter, 0, NdisDeviceStateD3, false, &error), -EIO);
	cr_expect_eq(error.code, -EIO);
	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_config_write(&adapter, 0, 4, 1, &no_bus_master, &error), -EIO);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	cr_expect_eq(nicsw_pf_vf_set_power(&adapter, 0, NdisDeviceStateD3, false, NULL), 0);
	cr_expect_eq(nicsw_function_power(adapter.dataplane.maps.config_space[1]), NICSW_D3);
	free(before.bytes);
	free(after.bytes);
}
