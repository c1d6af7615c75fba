// SPDX-License-Identifier: GPL-2.0-only
/* What policies of VFs make of their ports and table entries, and in which order it is written. */
#include "dataplane/derive.h"

#include "tests/unit/dataplane_fixture.h"

TestSuite(derive_policy, .init = fixture_open, .fini = fixture_close);

#define BIT_OF(vid) [(vid) / 64] = 1ull << ((vid) % 64)

/* As the PF driver does it: features, then the change. */
static void edit_policy(struct nicsw_change *change, __u32 vf, const struct nicsw_policy *policy)
{
	nicsw_change_vf(change, vf)->policy = *policy;
	if (nicsw_derive_features(change) != dataplane->maps.meta->features)
		nicsw_change_meta(change)->features = nicsw_derive_features(change);
}
#define POLICY(vf, ...)                                                                            \
	CHANGE(edit_policy(&change, vf, &(struct nicsw_policy){__VA_ARGS__}));                     \
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0)

static const struct nicsw_port *port_of(__u32 vf)
{
	return &dataplane->maps.ports[NICSW_SLOT_VF(vf)];
}

static bool is_member(__u32 vf, __u32 vid)
{
	return dataplane->maps.vlan_members[vid * dataplane->maps.meta->slot_words] >>
		       NICSW_SLOT_VF(vf) &
	       1;
}

/* VFs with one filter each, of MAC 20, 21, ..., without VLAN. */
static void filtered_vfs(__u32 number)
{
	__u32 vf;

	fixture_vfs(number);
	for (vf = 0; vf < number; vf++)
		CHANGE(edit_filter(&change, vf + 1, vf + 1, 0x20 + vf, 0));
}

/* ---- VLAN ---- */

Test(derive_policy, FWD_34_access)
{
	filtered_vfs(1);
	POLICY(0, .vlan = 10, .qos = 5);
	cr_expect_eq(port_of(0)->access_vid, 10);
	cr_expect_eq(port_of(0)->priority, 5 << 13);
	cr_expect(port_of(0)->flags & NICSW_PORT_ACCESS);
	cr_expect_not(port_of(0)->flags & (NICSW_PORT_PLAIN | NICSW_PORT_UNTAGGED));
	cr_expect(is_member(0, 10) && !is_member(0, 0));
	cr_expect_eq(fixture_find(0x20, 10), NICSW_SLOT_VF(0), "the filter is of VLAN 10 now");
	cr_expect_lt(fixture_find(0x20, 0), 0);
	POLICY(0, .vlan = 10 | NICSW_VLAN_SERVICE);
	cr_expect_eq(port_of(0)->access_vid, 10 | NICSW_VLAN_SERVICE);
	cr_expect(dataplane->maps.ports[NICSW_SLOT_UPLINK].flags & NICSW_PORT_SERVICE);
	cr_expect(is_member(0, 10 | NICSW_VLAN_SERVICE) && !is_member(0, 10));
	POLICY(0, .vlan = 0);
	cr_expect_eq(fixture_find(0x20, 0), NICSW_SLOT_VF(0));
	cr_expect(port_of(0)->flags & NICSW_PORT_PLAIN);
	cr_expect_not(dataplane->maps.ports[NICSW_SLOT_UPLINK].flags & NICSW_PORT_SERVICE);
}

Test(derive_policy, FWD_33_trunk)
{
	filtered_vfs(2);
	CHANGE(edit_filter(&change, 3, 1, 0x30, 20));
	POLICY(0, .flags = NICSW_POLICY_TRUNK, .trunk = {BIT_OF(20), BIT_OF(100)});
	cr_expect(port_of(0)->flags & NICSW_PORT_TRUNK);
	cr_expect_eq(port_of(0)->access_vid, 0);
	cr_expect(is_member(0, 20) && is_member(0, 100) && !is_member(0, 0) && !is_member(0, 21));
	cr_expect_lt(fixture_find(0x20, 0), 0, "untagged is not in the list");
	cr_expect_eq(fixture_find(0x20, NICSW_VLAN_ANY), NICSW_SLOT_VF(0));
	cr_expect_eq(fixture_find(0x30, 20), NICSW_SLOT_VF(0));
	cr_expect(port_of(1)->flags & NICSW_PORT_ANY_VLAN, "others look for it, too");
	POLICY(0, .flags = NICSW_POLICY_TRUNK, .trunk = {1 | 1ull << 20});
	cr_expect_eq(fixture_find(0x20, 0), NICSW_SLOT_VF(0));
	/* A trunk of one VLAN is no access port: its tag stays. */
	POLICY(0, .flags = NICSW_POLICY_TRUNK, .trunk = {BIT_OF(20)});
	cr_expect_eq(port_of(0)->access_vid, 0);
	POLICY(0, .flags = 0);
	cr_expect_lt(fixture_find(0x20, NICSW_VLAN_ANY), 0);
	cr_expect_not(port_of(1)->flags & NICSW_PORT_ANY_VLAN);
}

/* MATCH-12: an entry for frames without a tag, and one for all others. */
Test(derive_policy, MATCH_12_any_vlan)
{
	filtered_vfs(1);
	CHANGE(edit_filter(&change, 2, 1, 0x30, 0),
	       nicsw_change_filter(&change, 2)->flags = NICSW_FILTER_ANY_VLAN,
	       nicsw_change_meta(&change)->features = nicsw_derive_features(&change));
	cr_expect_eq(dataplane->maps.meta->features, NICSW_FEATURE_ANY_VLAN);
	cr_expect_eq(fixture_find(0x30, 0), NICSW_SLOT_VF(0));
	cr_expect_eq(fixture_find(0x30, NICSW_VLAN_ANY), NICSW_SLOT_VF(0));
	cr_expect(is_member(0, 1) && is_member(0, 4094) && !is_member(0, 4095));
	CHANGE(edit_move(&change, 2, 0));
	cr_expect_eq(fixture_find(0x30, NICSW_VLAN_ANY), NICSW_SLOT_PF);
	CHANGE(edit_clear(&change, 2));
	cr_expect_lt(fixture_find(0x30, 0), 0);
	cr_expect_lt(fixture_find(0x30, NICSW_VLAN_ANY), 0);
}

/* SET-RF-28: refused as a whole, with either of its two sides changing. */
Test(derive_policy, SET_RF_28_conflict)
{
	struct nicsw_change change;
	struct nicsw_error error = {};
	struct state before;

	filtered_vfs(2);
	CHANGE(edit_filter(&change, 3, 2, 0x20, 10)); /* VF 1 has VF 0's address in VLAN 10 */
	before = state_take();
	nicsw_change_begin(&change, dataplane, "test");
	edit_policy(&change, 0, &(struct nicsw_policy){.vlan = 10});
	cr_expect_eq(nicsw_change_commit(&change, &error), -EEXIST);
	cr_expect_str_eq(error.rule, "SET-RF-28");
	cr_expect(state_is(&before));
	state_free(&before);
	/* The one that is in the way goes, in the same change: then there is none. */
	CHANGE(edit_clear(&change, 3), edit_policy(&change, 0, &(struct nicsw_policy){.vlan = 10}));
	cr_expect_eq(fixture_find(0x20, 10), NICSW_SLOT_VF(0));
}

/* SET-RF-28 on one VPort: cleared, one would take the entry of the other with it. */
Test(derive_policy, SET_RF_28_two_filters_become_one)
{
	struct nicsw_change change;
	struct state before;

	filtered_vfs(1);
	CHANGE(edit_filter(&change, 2, 1, 0x20, 10));
	before = state_take();
	nicsw_change_begin(&change, dataplane, "test");
	edit_policy(&change, 0, &(struct nicsw_policy){.vlan = 10});
	cr_expect_eq(nicsw_change_commit(&change, NULL), -EEXIST);
	cr_expect(state_is(&before));
	state_free(&before);
	/* Not yet in the table, neither of them: it shows when they shall be. */
	CHANGE(edit_vf(&change, 1), edit_vport(&change, 2, 1, NdisNicSwitchVPortStateDeactivated));
	CHANGE(edit_policy(&change, 1, &(struct nicsw_policy){.vlan = 30}));
	CHANGE(edit_filter(&change, 3, 2, 0x30, 0));
	CHANGE(edit_filter(&change, 4, 2, 0x30, 30));
	nicsw_change_begin(&change, dataplane, "test");
	nicsw_change_vport(&change, 2)->vport_state = NdisNicSwitchVPortStateActivated;
	cr_expect_eq(nicsw_change_commit(&change, NULL), -EEXIST);
	cr_expect_lt(fixture_find(0x30, 30), 0);
}

/* ---- isolation ---- */

static __u32 group_of(__u32 key)
{
	const struct nicsw_slot_set *group = nicsw_mapset_memory_flood(&dataplane->maps, key);

	return group ? group->words[0] : 0;
}

#define SLOT_BIT(slot) (1u << (slot))
#define BASE           (SLOT_BIT(NICSW_SLOT_UPLINK) | SLOT_BIT(NICSW_SLOT_PF))
#define VF_BIT(vf)     SLOT_BIT(NICSW_SLOT_VF(vf))

/* The class of VPorts has groups only while somebody is isolated. */
Test(derive_policy, GEN_22_isolated)
{
	filtered_vfs(3);
	cr_expect_eq(group_of(NICSW_FLOOD_PEERS), 0);
	cr_expect_eq(port_of(1)->flood_class[0], 0);
	POLICY(0, .flags = NICSW_POLICY_ISOLATED);
	cr_expect(port_of(0)->flags & NICSW_PORT_ISOLATED);
	cr_expect_not(port_of(0)->flags & (NICSW_PORT_PEERS | NICSW_PORT_PLAIN));
	cr_expect(port_of(0)->flags & NICSW_PORT_DIRECTED, "the wire reaches it");
	cr_expect_eq(group_of(0), BASE | VF_BIT(0) | VF_BIT(1) | VF_BIT(2));
	cr_expect_eq(group_of(NICSW_FLOOD_PEERS), BASE | VF_BIT(1) | VF_BIT(2));
	cr_expect_eq(port_of(1)->flood_class[0], NICSW_FLOOD_PEERS);
	cr_expect_eq(dataplane->maps.ports[NICSW_SLOT_UPLINK].flood_class[0], 0);
	cr_expect_eq(dataplane->maps.ports[NICSW_SLOT_PF].flood_class[1], NICSW_FLOOD_PEERS);
	POLICY(0, .flags = 0);
	cr_expect_eq(group_of(NICSW_FLOOD_PEERS) & ~BASE, 0);
	cr_expect_eq(port_of(1)->flood_class[0], 0);
}

/* RXQ-22: broadcast and all-multicast have groups apart where a VF takes only one of them. */
Test(derive_policy, RXQ_22_classes)
{
	filtered_vfs(2);
	CHANGE(nicsw_change_vf(&change, 0)->packet_filter =
		       NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_ALL_MULTICAST,
	       nicsw_change_meta(&change)->features = nicsw_derive_features(&change));
	cr_expect_eq(dataplane->maps.meta->features, NICSW_FEATURE_MULTICAST);
	cr_expect_eq(group_of(0), BASE | VF_BIT(1));
	cr_expect_eq(group_of(NICSW_FLOOD_MULTICAST), BASE | VF_BIT(0) | VF_BIT(1));
	cr_expect_eq(port_of(1)->flood_class[1], NICSW_FLOOD_MULTICAST);
	POLICY(1, .flags = NICSW_POLICY_ISOLATED);
	cr_expect_eq(group_of(NICSW_FLOOD_PEERS) & ~BASE, 0, "nobody takes broadcasts of peers");
	cr_expect_eq(group_of(NICSW_FLOOD_MULTICAST | NICSW_FLOOD_PEERS), BASE | VF_BIT(0));
}

/* ---- limits, link ---- */

Test(derive_policy, limits)
{
	filtered_vfs(1);
	POLICY(0, .max_tx_rate = 100, .storm = 1000);
	cr_expect_eq(port_of(0)->rate.cost, 80000);
	cr_expect_geq(port_of(0)->rate.burst, 200000000, "the retransmission timeout of TCP");
	cr_expect_eq(port_of(0)->storm.cost, 1000000);
	cr_expect_eq(port_of(0)->flags & (NICSW_PORT_RATE | NICSW_PORT_STORM | NICSW_PORT_SHARE),
		     NICSW_PORT_RATE | NICSW_PORT_STORM);
	POLICY(0, .storm = 1, .max_tx_rate = 1000000);
	cr_expect_eq(port_of(0)->storm.cost, 1000000000);
	cr_expect_geq(port_of(0)->storm.burst, port_of(0)->storm.cost, "one frame passes");
	cr_expect_eq(port_of(0)->rate.cost, 8);
	POLICY(0, .max_tx_rate = 0);
	cr_expect_eq(port_of(0)->rate.cost, 0);
	cr_expect(port_of(0)->flags & NICSW_PORT_PLAIN);
}

/* The slowest limit there is lets the longest frame pass. */
Test(derive_policy, a_burst_has_room_for_the_longest_frame)
{
	filtered_vfs(1);
	CHANGE(nicsw_change_meta(&change)->mtu = 65535);
	POLICY(0, .max_tx_rate = 1);
	cr_expect_geq(port_of(0)->rate.burst, 65553ull * port_of(0)->rate.cost / 1000);
}

Test(derive_policy, FLOW_7_link)
{
	const __u32 open = NICSW_PORT_OPEN | NICSW_PORT_READY;

	filtered_vfs(2);
	POLICY(0, .link = NICSW_LINK_DISABLE);
	cr_expect_eq(port_of(0)->flags & (open | NICSW_PORT_LINK_OFF), NICSW_PORT_LINK_OFF);
	cr_expect_eq(group_of(0), BASE | VF_BIT(1));
	cr_expect_eq(fixture_find(0x20, 0), NICSW_SLOT_VF(0), "no fallback to the default VPort");
	POLICY(0, .link = NICSW_LINK_ENABLE);
	cr_expect_eq(port_of(0)->flags & (open | NICSW_PORT_LINK_OFF), open);
}

/* ---- what was damaged ---- */

/* Tables of policies are made again from the records, like all others. */
Test(derive_policy, repaired)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	struct state healthy;
	__u32 vf;

	filtered_vfs(4);
	CHANGE(nicsw_change_meta(&change)->rate = 100,
	       edit_policy(&change, 0, &(struct nicsw_policy){.vlan = 9 | NICSW_VLAN_SERVICE}));
	POLICY(1, .flags = NICSW_POLICY_TRUNK, .trunk = {BIT_OF(20)});
	POLICY(2, .flags = NICSW_POLICY_ISOLATED, .storm = 5, .min_tx_rate = 50);
	healthy = state_take();
	for (vf = 0; vf < 4; vf++)
		memset(&maps->ports[NICSW_SLOT_VF(vf)].flood_class, 0xff, 32);
	maps->ports[NICSW_SLOT_UPLINK].share.cost++;
	maps->vlan_members[(9 | NICSW_VLAN_SERVICE) * maps->meta->slot_words] = 0;
	cr_assert_eq(nicsw_table_clear(&dataplane->table, fixture_key(0x21, NICSW_VLAN_ANY)), 0);
	cr_assert_eq(nicsw_table_set(&dataplane->table, fixture_key(0x22, NICSW_VLAN_ANY), 5), 0);
	maps->ops->flood_set(maps, NICSW_FLOOD_PEERS, NULL);
	maps->ops->flood_set(maps, NICSW_FLOOD_PEERS | 20,
			     &(struct nicsw_slot_set){.words = {0xff}});
	cr_expect_gt(nicsw_dataplane_repair(dataplane), 0);
	cr_expect(state_is(&healthy));
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
	state_free(&healthy);
}

/* ---- all of it, at random ---- */

static void random_policy(struct nicsw_policy *policy)
{
	*policy = (struct nicsw_policy){.flags = fixture_random(8),
					.link = fixture_random(3),
					.storm = fixture_random(2),
					.max_tx_rate = fixture_random(2)};
	switch (fixture_random(4)) {
	case 0:
		policy->vlan = 10 * (1 + fixture_random(2));
		break;
	case 1:
		policy->vlan = 10 | NICSW_VLAN_SERVICE;
		break;
	case 2:
		policy->flags |= NICSW_POLICY_TRUNK;
		policy->trunk[0] = fixture_random(2) | 1ull << 10 | 1ull << 20;
		break;
	}
	policy->min_tx_rate = dataplane->maps.meta->rate ? fixture_random(10) : 0;
}

static void random_edit(struct nicsw_change *change)
{
	const __u32 group = NDIS_PACKET_TYPE_BROADCAST | NDIS_PACKET_TYPE_ALL_MULTICAST;
	__u32 vf = fixture_random(FIXTURE_VFS), filter = 1 + fixture_random(12);
	struct nicsw_policy policy;

	switch (fixture_random(7)) {
	case 0:
		edit_filter(change, filter, fixture_random(FIXTURE_VFS + 1),
			    0x40 + fixture_random(8), fixture_random(3) * 10);
		break;
	case 1:
		edit_clear(change, filter);
		break;
	case 2:
		nicsw_change_vf(change, vf)->packet_filter =
			NDIS_PACKET_TYPE_DIRECTED | (group & (1u << fixture_random(4)));
		break;
	case 3:
		nicsw_change_meta(change)->features ^=
			fixture_random(2) ? NICSW_FEATURE_VEPA : NICSW_FEATURE_WIRE_DOWN;
		break;
	case 4:
		nicsw_change_meta(change)->rate = 100 * fixture_random(2);
		break;
	default:
		random_policy(&policy);
		edit_policy(change, vf, &policy);
	}
}

/* Nothing is left to repair; what is refused has changed nothing. Both happen. */
Test(derive_policy, random_policies_leave_nothing_to_repair)
{
	__u32 round, refused = 0;

	fixture_vfs(FIXTURE_VFS);
	for (round = 0; round < 1500; round++) {
		struct nicsw_change change;
		struct state before = state_take();
		int result;

		nicsw_change_begin(&change, dataplane, "random");
		random_edit(&change);
		nicsw_change_meta(&change)->features = nicsw_derive_features(&change);
		result = nicsw_change_commit(&change, NULL);
		cr_assert(!result || result == -EEXIST, "round %u: %d", round, result);
		refused += result != 0;
		cr_assert(!result || state_is(&before), "round %u", round);
		cr_assert_eq(nicsw_dataplane_repair(dataplane), 0, "round %u", round);
		state_free(&before);
	}
	cr_expect_gt(refused, 20);
	cr_expect_lt(refused, round / 2);
}

/* GEN-17: many groups that become visible together fail together. */
static int failing_flush(struct nicsw_mapset *maps _unused_)
{
	return -ENOMEM;
}

Test(derive_policy, GEN_17_a_flush_that_fails)
{
	const struct nicsw_mapset_ops *plain = dataplane->maps.ops;
	struct nicsw_mapset_ops ops = *plain;
	struct nicsw_change change;
	struct state before;

	filtered_vfs(3);
	before = state_take();
	ops.flood_flush = failing_flush;
	dataplane->maps.ops = &ops;
	nicsw_change_begin(&change, dataplane, "test");
	edit_policy(&change, 0, &(struct nicsw_policy){.flags = NICSW_POLICY_ISOLATED});
	cr_expect_eq(nicsw_change_commit(&change, NULL), -ENOMEM);
	dataplane->maps.ops = plain;
	nicsw_dataplane_repair(dataplane);
	cr_expect(state_is(&before));
	state_free(&before);
}
