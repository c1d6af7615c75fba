// SPDX-License-Identifier: GPL-2.0-only
/* The model's state is the adapter's: ports and VLANs as the programs read them, filters as the
 * records say. */
#include "dataplane/world.h"

#include "pf/policy.h"
#include "tests/unit/dataplane_fixture.h"

TestSuite(world, .init = fixture_open, .fini = fixture_close);

#define VF_0 NICSW_SLOT_VF(0)
#define VF_1 NICSW_SLOT_VF(1)

static void open_world(struct nicsw_world *world)
{
	cr_assert_eq(nicsw_world_open(dataplane, world), 0);
	cr_assert_eq(world->model.num_ports, dataplane->maps.meta->slots);
}

static __u32 slot_of(const struct nicsw_world *world, __u8 last, __u16 vid)
{
	__u8 mac[NICSW_MAC_SIZE];

	fixture_mac(mac, last);
	return nicsw_model_find(&world->model, mac, vid);
}

static __u32 filter_of(const struct nicsw_world *world, __u8 last, __u16 vid)
{
	__u8 mac[NICSW_MAC_SIZE];

	fixture_mac(mac, last);
	return nicsw_world_filter(world, mac, vid);
}

Test(world, ports_and_devices)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	struct nicsw_world world;

	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x10, 7));
	maps->ops->device_set(maps, VF_0, 5);
	open_world(&world);
	cr_expect_eq(memcmp(&world.ports[VF_0].port, &maps->ports[VF_0], sizeof(struct nicsw_port)),
		     0);
	cr_expect_not(world.ports[VF_0].absent);
	cr_expect(world.ports[VF_1].absent);
	cr_expect(world.ports[VF_0].vlan_set[0] >> 7 & 1);
	cr_expect_eq(world.ports[VF_1].vlan_set[0], 0);
	cr_expect_not(world.model.no_flood);
	nicsw_world_free(&world);
}

Test(world, no_switch_no_flood)
{
	struct nicsw_world world;

	open_world(&world);
	cr_expect(world.model.no_flood);
	cr_expect_eq(world.model.num_filters, 0);
	nicsw_world_free(&world);
}

/* The station address is an entry of the PF, without a filter. */
Test(world, filters_have_their_ids)
{
	struct nicsw_world world;

	fixture_vfs(2);
	CHANGE(edit_filter(&change, 3, 1, 0x10, 0), edit_filter(&change, 4, 2, 0x11, 9));
	open_world(&world);
	cr_expect_eq(world.model.num_filters, 3);
	cr_expect_eq(slot_of(&world, 0x10, 0), VF_0);
	cr_expect_eq(filter_of(&world, 0x10, 0), 3);
	cr_expect_eq(slot_of(&world, 0x11, 9), VF_1);
	cr_expect_eq(filter_of(&world, 0x11, 9), 4);
	cr_expect_eq(filter_of(&world, 0x11, 0), NICSW_NONE);
	cr_expect_eq(nicsw_world_filter(&world, dataplane->maps.meta->pf_mac, 0), 0);
	nicsw_world_free(&world);
}

/* MATCH-12: a trunk's filter holds in whatever VLAN of the list. */
Test(world, MATCH_12_any_vlan)
{
	struct nicsw_world world;

	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x10, 0));
	CHANGE(nicsw_change_vf(&change, 0)->policy.flags |= NICSW_POLICY_TRUNK,
	       nicsw_change_vf(&change, 0)->policy.trunk[0] = 1ull << 20,
	       nicsw_pf_features_follow(&change));
	open_world(&world);
	cr_expect_eq(slot_of(&world, 0x10, NICSW_VLAN_ANY), VF_0);
	cr_expect_eq(slot_of(&world, 0x10, 0), NICSW_NONE, "untagged is not in the list");
	cr_expect(world.ports[VF_0].vlan_set[0] >> 20 & 1);
	nicsw_world_free(&world);
}

/* A table that lost an entry is not believed. */
Test(world, filters_are_those_of_the_records)
{
	struct nicsw_world world;

	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x10, 0));
	cr_assert_eq(nicsw_table_clear(&dataplane->table, fixture_key(0x10, 0)), 0);
	open_world(&world);
	cr_expect_eq(slot_of(&world, 0x10, 0), VF_0);
	nicsw_world_free(&world);
}
