// SPDX-License-Identifier: GPL-2.0-only
#include "pf/link_state.h"

#include "dataplane/mapset_memory.h"
#include "ndis_fixture.h"
#include "pf/policy.h"

/* VF 0 auto, VF 1 enable, VF 2 disable; all with driver and filter. */
static void open_vfs(void)
{
	static const __u8 links[] = {NICSW_LINK_AUTO, NICSW_LINK_ENABLE, NICSW_LINK_DISABLE};
	struct nicsw_change change;
	__u32 vf;

	fixture_open();
	oid_create_switch(4);
	for (vf = 0; vf < ARRAY_SIZE(links); vf++) {
		oid_allocate_vf(vf + 1);
		oid_create_vport(vf);
		oid_set_filter(vf + 1, 2, vf + 1, -1);
		nicsw_change_begin(&change, &adapter.dataplane, "test");
		nicsw_change_vf(&change, vf)->flags = NICSW_VF_ATTACHED;
		nicsw_change_vf(&change, vf)->packet_filter = 0xd;
		nicsw_function_set_bus_master(&adapter.device, vf, nicsw_change_config(&change, vf),
					      true);
		cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
		cr_assert_eq(nicsw_pf_policy_set(&adapter, vf,
						 &(struct nicsw_policy){.link = links[vf]}, NULL),
			     0);
	}
}

TestSuite(pf_link_state, .init = open_vfs, .fini = fixture_close);

static void expect_links(bool first, bool second, bool third)
{
	const bool up[] = {first, second, third};
	const __u32 open = NICSW_PORT_OPEN | NICSW_PORT_READY;
	__u32 vf;

	for (vf = 0; vf < ARRAY_SIZE(up); vf++)
		cr_expect_eq(adapter.dataplane.maps.ports[NICSW_SLOT_VF(vf)].flags &
				     (open | NICSW_PORT_LINK_OFF),
			     up[vf] ? open : NICSW_PORT_LINK_OFF, "VF %u", vf);
	cr_expect_eq(nicsw_dataplane_repair(&adapter.dataplane), 0);
}

/* FLOW-7: auto has the link of the wire, the others what they were told. */
Test(pf_link_state, auto_follows_the_wire)
{
	expect_links(true, true, false);
	cr_expect_eq(nicsw_pf_wire_set(&adapter, true, NULL), 0);
	expect_links(false, true, false);
	cr_expect_eq(nicsw_pf_wire_set(&adapter, true, NULL), 0);
	expect_links(false, true, false);
	cr_expect_eq(nicsw_pf_wire_set(&adapter, false, NULL), 0);
	expect_links(true, true, false);
}

/* Another policy of another VF does not bring the wire back. */
Test(pf_link_state, lasts)
{
	cr_assert_eq(nicsw_pf_wire_set(&adapter, true, NULL), 0);
	cr_assert_eq(nicsw_pf_policy_set(&adapter, 2,
					 &(struct nicsw_policy){.flags = NICSW_POLICY_ISOLATED},
					 NULL),
		     0);
	expect_links(false, true, false);
	oid_clear_filter(1);
	oid_set_filter(1, 2, 0x11, -1);
	expect_links(false, true, false);
}

/* GEN-17 */
Test(pf_link_state, a_failure_changes_nothing)
{
	struct snapshot before = snapshot_take(), after;

	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_wire_set(&adapter, true, NULL), -EIO);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
	expect_links(true, true, false);
}

/* An uplink that is not there has no carrier. */
Test(pf_link_state, a_missing_uplink_is_down)
{
	adapter.dataplane.maps.meta->uplink_ifindex = 0x7ffffff0;
	nicsw_pf_wire_follow(&adapter);
	expect_links(false, true, false);
}
