// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "pf/driver.h"

static void open_switch(void)
{
	fixture_open();
	oid_create_switch(4);
}

TestSuite(pf_vf, .init = open_switch, .fini = fixture_close);

static struct nicsw_vf_record *vfs(void)
{
	return adapter.dataplane.maps.vfs;
}

/* ALLOC-VF-24, LC-INIT-8: only names, addresses and owner are taken from what is wanted. */
Test(pf_vf, ALLOC_VF_24_record)
{
	struct nicsw_vf_record wanted = {.flags = ~0u,
					 .packet_filter = ~0u,
					 .reserved = ~0u,
					 .current_mac = {2, 0, 0, 0, 0, 1},
					 .owner = "me",
					 .dev = "eth9",
					 .netns = "/x"};
	struct nicsw_vf_record expected = {
		.state = NICSW_USED, .current_mac = {2, 0, 0, 0, 0, 1}, .owner = "me"};
	__u32 vf = 99;

	cr_assert_eq(nicsw_pf_vf_allocate(&adapter, &wanted, &vf, NULL), 0);
	cr_expect_eq(vf, 0);
	cr_expect_arr_eq(&vfs()[0], &expected, sizeof(expected));
}

/* ALLOC-VF-19: an output is untouched on failure. */
Test(pf_vf, ALLOC_VF_19_output_untouched)
{
	const struct nicsw_vf_record wanted = {};
	__u32 vf = 99;
	__u8 i;

	for (i = 1; i <= 4; i++)
		oid_allocate_vf(i);
	cr_expect_eq(nicsw_pf_vf_allocate(&adapter, &wanted, &vf, NULL), -ENOSPC);
	cr_expect_eq(vf, 99);
}

/* FREE-VF-10, -11, LC-VF-8: of a VF that runs, with a netdev, without a reset before. */
Test(pf_vf, FREE_VF_10_quiesces)
{
	struct nicsw_change change;
	struct snapshot before = snapshot_take(), after;

	oid_allocate_vf(1);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	strcpy(nicsw_change_vf(&change, 0)->dev, "eth0");
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_assert(nicsw_function_bus_master(adapter.dataplane.maps.config_space[1]));
	cr_assert_eq(nicsw_pf_vf_free(&adapter, 0, NULL), 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* PCI-63, PCI-69: RIDs of the VFs follow the PF's; there is none beyond the adapter. */
Test(pf_vf, PCI_69_rid)
{
	cr_expect_eq(nicsw_pf_rid(&adapter, NICSW_FUNCTION_PF), 0x0100);
	cr_expect_eq(nicsw_pf_rid(&adapter, 3), 0x0104);
	cr_expect_eq(nicsw_pf_rid(&adapter, FIXTURE_VFS), NICSW_NONE);
}

Test(pf_vf, vport_of_a_vf)
{
	oid_allocate_vf(1);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), NICSW_NONE);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, FIXTURE_VFS), NICSW_NONE);
	oid_create_vport(0);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), 1);
}
