// SPDX-License-Identifier: GPL-2.0-only
/* The dry run of repair tells every damage, and heals none. */
#include "tests/unit/dataplane_fixture.h"

#include "dataplane/compare.h"

#define MOST 32

static struct nicsw_difference differences[MOST];
static size_t num_differences;

static void keep(const struct nicsw_difference *difference, void *context _unused_)
{
	cr_assert_lt(num_differences, MOST);
	differences[num_differences++] = *difference;
}

static size_t compare(void)
{
	num_differences = 0;
	cr_assert_eq(nicsw_dataplane_compare(dataplane, keep, NULL), 0);
	return num_differences;
}

/* Two VFs with netdevs, one in VLAN 10, one untagged. */
static void open_healthy(void)
{
	struct nicsw_mapset *maps = &adapter.dataplane.maps;
	__u32 filter, slot;

	fixture_open();
	fixture_vfs(2);
	for (filter = 1; filter <= 4; filter++)
		CHANGE(edit_filter(&change, filter, 1 + filter % 2, 0x40 + filter,
				   filter % 2 ? 10 : 0));
	maps->ops->device_set(maps, NICSW_SLOT_UPLINK, maps->meta->uplink_ifindex);
	for (slot = NICSW_SLOT_PF; slot < NICSW_SLOT_VF(2); slot++)
		maps->ops->device_set(maps, slot, maps->meta->ifindex_base + slot);
	cr_assert_geq(nicsw_dataplane_repair(dataplane), 0);
}

TestSuite(compare, .init = open_healthy, .fini = fixture_close);

/* One damage is told as one difference, and is still there when it is asked again. */
static void expect_told(enum nicsw_differing what, __u32 id)
{
	bool told = false;
	size_t i, count = compare();

	cr_assert_gt(count, 0);
	for (i = 0; i < count; i++)
		told |= differences[i].what == what && differences[i].id == id;
	cr_expect(told, "%d of %u is not told", what, id);
	cr_expect_eq(compare(), count, "it was healed");
}

Test(compare, a_healthy_adapter_differs_in_nothing)
{
	cr_expect_eq(compare(), 0);
}

Test(compare, an_adapter_without_a_switch_differs_in_nothing)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, FIXTURE_FILTERS};
	struct nicsw_mapset *maps = &adapter.dataplane.maps;

	fixture_close();
	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	maps->ops->device_set(maps, NICSW_SLOT_UPLINK, maps->meta->uplink_ifindex);
	maps->ops->device_set(maps, NICSW_SLOT_PF, maps->meta->ifindex_base + NICSW_SLOT_PF);
	cr_expect_eq(compare(), 0);
}

Test(compare, journal)
{
	dataplane->maps.journal->state = NICSW_USED;
	expect_told(NICSW_DIFFERS_JOURNAL, 0);
}

Test(compare, vport_of_a_vf_that_is_not_there)
{
	dataplane->maps.vports[2].function = FIXTURE_VFS;
	expect_told(NICSW_DIFFERS_VPORT, 2);
}

Test(compare, filter_on_a_vport_that_is_not_there)
{
	dataplane->maps.filters[3].vport_id = ~0u;
	cr_assert_gt(compare(), 0);
	cr_expect_eq(differences[0].what, NICSW_DIFFERS_FILTER);
	cr_expect_eq(differences[0].id, 3);
}

Test(compare, port_record)
{
	dataplane->maps.ports[NICSW_SLOT_VF(1)].flags ^= NICSW_PORT_READY;
	expect_told(NICSW_DIFFERS_PORT, NICSW_SLOT_VF(1));
}

Test(compare, vlan_members)
{
	dataplane->maps.vlan_members[77] ^= 1;
	expect_told(NICSW_DIFFERS_MEMBERS, 77);
}

Test(compare, entry_that_is_missing)
{
	cr_assert_eq(nicsw_table_clear(&dataplane->table, fixture_key(0x42, 0)), 0);
	expect_told(NICSW_DIFFERS_ENTRY, NICSW_SLOT_VF(0));
	cr_expect_eq(differences[0].key, fixture_key(0x42, 0));
}

Test(compare, entry_of_another_slot)
{
	cr_assert_eq(nicsw_table_set(&dataplane->table, fixture_key(0x42, 0), 5), 0);
	expect_told(NICSW_DIFFERS_ENTRY, NICSW_SLOT_VF(0));
}

Test(compare, entry_of_nobody)
{
	cr_assert_eq(nicsw_table_set(&dataplane->table, fixture_key(0x99, 3), 4), 0);
	expect_told(NICSW_DIFFERS_FOREIGN, 4);
	cr_expect_eq(differences[0].key, fixture_key(0x99, 3));
}

Test(compare, flood_group)
{
	struct nicsw_slot_set members = {.words = {1}};
	struct nicsw_mapset *maps = &adapter.dataplane.maps;

	cr_assert_eq(maps->ops->flood_set(maps, 10, &members), 0);
	expect_told(NICSW_DIFFERS_FLOOD, 10);
	cr_assert_eq(maps->ops->flood_set(maps, 10, NULL), 0);
	expect_told(NICSW_DIFFERS_FLOOD, 10);
}

Test(compare, base_group)
{
	struct nicsw_mapset *maps = &adapter.dataplane.maps;

	cr_assert_eq(maps->ops->flood_set(maps, NICSW_FLOOD_BASE, NULL), 0);
	expect_told(NICSW_DIFFERS_FLOOD, NICSW_FLOOD_BASE);
}

/* A VLAN that has lost its members may keep a group like the base (no frame is told apart). */
Test(compare, a_group_without_members_of_its_own)
{
	struct nicsw_slot_set members = {.words = {3}};
	struct nicsw_mapset *maps = &adapter.dataplane.maps;

	cr_assert_eq(maps->ops->flood_set(maps, 99, &members), 0);
	cr_expect_eq(compare(), 0);
	members.words[0] = 7;
	cr_assert_eq(maps->ops->flood_set(maps, 99, &members), 0);
	expect_told(NICSW_DIFFERS_FLOOD, 99);
}

Test(compare, device)
{
	struct nicsw_mapset *maps = &adapter.dataplane.maps;

	maps->ops->device_set(maps, NICSW_SLOT_VF(0), 0);
	expect_told(NICSW_DIFFERS_DEVICE, NICSW_SLOT_VF(0));
	cr_expect_eq(num_differences, 1, "its groups are told, too");
	maps->ops->device_set(maps, NICSW_SLOT_VF(0), maps->meta->ifindex_base + 2);
	maps->ops->device_set(maps, NICSW_SLOT_VF(4), 7);
	expect_told(NICSW_DIFFERS_DEVICE, NICSW_SLOT_VF(4));
}
