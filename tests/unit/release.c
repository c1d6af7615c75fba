// SPDX-License-Identifier: GPL-2.0-only
/* What a connection owned goes with it, and nothing else (GEN-28). */
#include "daemon/release.h"
#include "ndis_fixture.h"

TestSuite(release, .init = fixture_open, .fini = fixture_close);

/* A VF with VPort, and a filter on each of both VPorts. */
static __u32 build(const char *name, __u8 mac)
{
	__u32 vf, vport;

	owner = name;
	vf = oid_allocate_vf(mac);
	vport = oid_create_vport((__u16)vf);
	oid_set_filter(vport, 0x02, mac, -1);
	oid_set_filter(0, 0x02, mac, 5);
	return vf;
}

static size_t count(const char *name)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	size_t found = 0;

	for (size_t i = 0; i < FIXTURE_VFS; i++)
		found += maps->vfs[i].state == NICSW_USED && nicsw_streq(maps->vfs[i].owner, name);
	for (size_t i = 1; i < NICSW_VPORTS(FIXTURE_VFS); i++)
		found += maps->vports[i].state == NICSW_USED &&
			 nicsw_streq(maps->vports[i].owner, name);
	for (size_t i = 1; i <= FIXTURE_FILTERS; i++)
		found += maps->filters[i].state == NICSW_USED &&
			 nicsw_streq(maps->filters[i].owner, name);
	return found;
}

static void build_three(void)
{
	oid_create_switch(FIXTURE_VFS);
	build("conn:7:1", 0x11);
	build("conn:7:12", 0x12);
	build("vs", 0x13);
	oid_allocate_vf(0x14); /* nothing stands on it */
	cr_assert_eq(count("conn:7:1"), 4);
}

/*
 * DELETE-VP-12, CLEAR-RF-7: who closes the connection need not have cleared and deleted: it is done
 * for him, filters first, those on the default VPort too. GEN-28: the name of one may be the
 * beginning of another's.
 */
/* GEN-28: a client that took such a name would lose its objects at the daemon's next start. */
Test(release, GEN_28_names_of_connections_are_not_for_clients)
{
	struct nicsw_error error = {};

	cr_expect_eq(nicsw_release_check_owner("", &error), 0);
	cr_expect_eq(nicsw_release_check_owner("cli:0", &error), 0);
	cr_expect_eq(nicsw_release_check_owner("vs", &error), 0);
	cr_expect_eq(nicsw_release_check_owner("conn:1:1", &error), -EINVAL);
	cr_expect_str_eq(error.rule, "GEN-28");
}

Test(release, objects_of_one_owner)
{
	build_three();
	nicsw_release_adapter(&adapter, "conn:7:1", false);
	cr_expect_eq(count("conn:7:1"), 0);
	cr_expect_eq(count("conn:7:12"), 4);
	cr_expect_eq(count("vs"), 5);
	cr_expect_geq(nicsw_dataplane_repair(&adapter.dataplane), 0);
}

/* GEN-28 */
Test(release, objects_of_all_connections)
{
	build_three();
	nicsw_release_adapter(&adapter, NICSW_CONNECTION_OWNERS, true);
	cr_expect_eq(count("conn:7:1"), 0);
	cr_expect_eq(count("conn:7:12"), 0);
	cr_expect_eq(count("vs"), 5);
}

/* Beyond the VFs: VPorts of the PF go, too. */
Test(release, vports_of_the_pf)
{
	__u32 i;

	oid_create_switch(FIXTURE_VFS);
	owner = "conn:7:1";
	for (i = 1; i < FIXTURE_VFS + 1; i++)
		oid_create_vport(oid_allocate_vf(i));
	oid_set_filter(oid_create_vport(NDIS_PF_FUNCTION_ID), 0x02, 0x20, -1);
	cr_assert_eq(count("conn:7:1"), 2 * FIXTURE_VFS + 2);
	nicsw_release_adapter(&adapter, "conn:7:1", false);
	cr_expect_eq(count("conn:7:1"), 0);
}

/* DELETE-VP-5, FREE-VF-5: what somebody else stands on stays whole; the rest goes. */
Test(release, what_somebody_else_uses_stays)
{
	build_three();
	owner = "vs";
	force = true;
	oid_move_filter(5, 3, 1);
	force = false;
	nicsw_release_adapter(&adapter, "conn:7:1", false);
	cr_expect_eq(count("conn:7:1"), 2, "VF and VPort");
	cr_expect_eq(count("vs"), 5);
}
