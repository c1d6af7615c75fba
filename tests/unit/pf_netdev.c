// SPDX-License-Identifier: GPL-2.0-only
/* What follows from what a guest has done to its netdev. */
#include "ndis_fixture.h"

#include "dataplane/derive.h"
#include "pf/driver.h"
#include "pf/netdev.h"

#define UNTAGGED (-1)

static const __u8 chosen[NICSW_MAC_SIZE] = {2, 9, 9, 9, 9, 9};
static __u32 filter;

static const struct nicsw_vf_record *vfs(void)
{
	return adapter.dataplane.maps.vfs;
}

static struct nicsw_filter_record *filters(void)
{
	return adapter.dataplane.maps.filters;
}

/* VF 0 runs, has a VPort and a filter of its address; VF 1 the same, but for the netdev. */
static void open_vfs(void)
{
	struct nicsw_change change;
	__u32 vf;

	fixture_open();
	oid_create_switch(4);
	for (vf = 0; vf < 2; vf++)
		oid_allocate_vf(vf + 1);
	filter = oid_set_filter(oid_create_vport(0), 2, 1, UNTAGGED);
	oid_create_vport(1);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	memcpy(nicsw_change_filter(&change, filter)->mac, nicsw_vf_mac(&vfs()[0]), NICSW_MAC_SIZE);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

TestSuite(pf_netdev, .init = open_vfs, .fini = fixture_close);

static void edit_policy(__u32 flags)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->policy.flags = flags;
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

static int see(__u32 found, const __u8 *mac, struct nicsw_error *error)
{
	struct nicsw_guest_end end = {.found = found};

	if (mac)
		memcpy(end.mac, mac, sizeof(end.mac));
	return nicsw_pf_netdev_seen(&adapter, 0, &end, error);
}

static __u32 port_flags(void)
{
	return adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)].flags;
}

static int slot_of(const __u8 *mac)
{
	return nicsw_table_find(&adapter.dataplane.table, nicsw_key(mac, 0));
}

Test(pf_netdev, what_was_seen_is_noted_and_forgotten)
{
	cr_assert_eq(see(NICSW_NETDEV_GRO | NICSW_NETDEV_TXVLAN, NULL, NULL), 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED | NICSW_NETDEV_GRO | NICSW_NETDEV_TXVLAN);
	cr_expect(port_flags() & NICSW_PORT_READY, "the programs see its tags");
	cr_assert_eq(see(0, NULL, NULL), 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED);
}

/* FWD-35: a tag that nobody can see. */
Test(pf_netdev, FWD_35_quarantine)
{
	static const __u32 hiding[] = {NICSW_NETDEV_TXVLAN, NICSW_NETDEV_UNSEEN};

	adapter.dataplane.maps.meta->features |= NICSW_FEATURE_UNBOUND;
	for (size_t i = 0; i < ARRAY_SIZE(hiding); i++) {
		cr_assert_eq(see(hiding[i], NULL, NULL), 0);
		cr_expect(vfs()[0].flags & NICSW_VF_QUARANTINED);
		cr_expect_eq(port_flags() & NICSW_PORT_READY, 0);
		cr_assert_eq(see(NICSW_NETDEV_GRO, NULL, NULL), 0);
		cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED | NICSW_NETDEV_GRO);
		cr_expect(port_flags() & NICSW_PORT_READY);
	}
}

/* What the kernel lacks stays known when policies change. */
Test(pf_netdev, unbound_is_no_policy)
{
	struct nicsw_change change;

	adapter.dataplane.maps.meta->features |= NICSW_FEATURE_UNBOUND;
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	cr_expect(nicsw_derive_features(&change) & NICSW_FEATURE_UNBOUND);
}

Test(pf_netdev, address_of_a_guest_that_is_not_trusted)
{
	cr_assert_eq(see(NICSW_NETDEV_MAC, chosen, NULL), 0);
	cr_expect(vfs()[0].flags & NICSW_NETDEV_MAC);
	cr_expect_eq(slot_of(chosen), -ENOENT);
	cr_expect_eq(memcmp(nicsw_vf_mac(&vfs()[0]), vfs()[0].current_mac, NICSW_MAC_SIZE), 0);
}

/* ALLOC-VF-22: what it was allocated with stays. */
Test(pf_netdev, ALLOC_VF_22_address_of_a_trusted_guest)
{
	struct nicsw_vf_record before = vfs()[0];

	edit_policy(NICSW_POLICY_TRUST);
	cr_assert_eq(see(NICSW_NETDEV_MAC, chosen, NULL), 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED);
	cr_expect_eq(memcmp(nicsw_vf_mac(&vfs()[0]), chosen, NICSW_MAC_SIZE), 0);
	cr_expect_eq(memcmp(vfs()[0].current_mac, before.current_mac, NICSW_MAC_SIZE), 0);
	cr_expect_eq(memcmp(filters()[filter].mac, chosen, NICSW_MAC_SIZE), 0);
	cr_expect_eq(slot_of(chosen), NICSW_SLOT_VF(0));
	cr_expect_eq(slot_of(before.current_mac), -ENOENT);
	cr_expect_eq(adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)].station, nicsw_key(chosen, 0));
}

static void expect_refused(const __u8 *mac, const char *rule)
{
	__u8 old[NICSW_MAC_SIZE];
	struct nicsw_error error = {};

	memcpy(old, vfs()[0].current_mac, sizeof(old));
	edit_policy(NICSW_POLICY_TRUST);
	cr_assert_lt(see(NICSW_NETDEV_MAC, mac, &error), 0);
	cr_expect_str_eq(error.rule, rule, "%s", error.text);
	cr_expect(vfs()[0].flags & NICSW_NETDEV_MAC);
	cr_expect_eq(memcmp(nicsw_vf_mac(&vfs()[0]), old, NICSW_MAC_SIZE), 0);
	cr_expect_eq(memcmp(filters()[filter].mac, old, NICSW_MAC_SIZE), 0);
	cr_expect_eq(slot_of(old), NICSW_SLOT_VF(0));
}

/* SET-RF-28: an address that another VF, VPort or the adapter has. */
Test(pf_netdev, SET_RF_28_address_of_another_vf)
{
	expect_refused(nicsw_vf_mac(&vfs()[1]), "SET-RF-28");
}

Test(pf_netdev, SET_RF_28_address_of_another_vports_filter)
{
	__u32 other = oid_set_filter(2, 2, 7, 33);

	expect_refused(filters()[other].mac, "SET-RF-28");
}

Test(pf_netdev, SET_RF_28_address_of_the_adapter)
{
	expect_refused(adapter.dataplane.maps.meta->pf_mac, "SET-RF-28");
}

/* ALLOC-VF-8 */
Test(pf_netdev, ALLOC_VF_8_addresses_that_are_none)
{
	static const __u8 group[NICSW_MAC_SIZE] = {3, 0, 0, 0, 0, 1};
	static const __u8 zero[NICSW_MAC_SIZE];

	expect_refused(group, "ALLOC-VF-8");
	expect_refused(zero, "ALLOC-VF-8");
}

/* A filter that the VPort has for that address already is not made twice. */
Test(pf_netdev, a_filter_of_the_new_address_is_there_already)
{
	__u32 there = oid_set_filter(1, 2, 9, UNTAGGED);
	__u8 mac[NICSW_MAC_SIZE], old[NICSW_MAC_SIZE];

	memcpy(mac, filters()[there].mac, sizeof(mac));
	memcpy(old, filters()[filter].mac, sizeof(old));
	edit_policy(NICSW_POLICY_TRUST);
	cr_assert_eq(see(NICSW_NETDEV_MAC, mac, NULL), 0);
	cr_expect_eq(memcmp(filters()[filter].mac, old, sizeof(old)), 0);
	cr_expect_eq(slot_of(mac), NICSW_SLOT_VF(0));
}

/* More filters than one change can hold: nothing changes. */
Test(pf_netdev, too_many_filters_of_the_old_address)
{
	struct nicsw_error error = {};
	int vlan;

	for (vlan = 1; vlan <= 7; vlan++) {
		__u32 more = oid_set_filter(1, 2, 50, vlan);

		memcpy(filters()[more].mac, vfs()[0].current_mac, NICSW_MAC_SIZE);
	}
	edit_policy(NICSW_POLICY_TRUST);
	cr_assert_eq(see(NICSW_NETDEV_MAC, chosen, &error), -E2BIG);
	cr_expect_eq(memcmp(nicsw_vf_mac(&vfs()[0]), vfs()[0].current_mac, NICSW_MAC_SIZE), 0);
	cr_expect(vfs()[0].flags & NICSW_NETDEV_MAC);
}
