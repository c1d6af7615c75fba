// SPDX-License-Identifier: GPL-2.0-only
#include "pf/policy.h"

#include "dataplane/derive.h"
#include "dataplane/mapset_memory.h"
#include "ndis_fixture.h"

/* VF 0 with VPort 1 and a filter without VLAN, VF 1 with VPort 2 and a filter of VLAN 7. */
static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(0);
	oid_create_vport(1);
	oid_set_filter(1, 2, 1, -1);
	oid_set_filter(2, 2, 2, 7);
}

TestSuite(pf_policy, .init = open_vfs, .fini = fixture_close);

static const struct nicsw_mapset *maps(void)
{
	return &adapter.dataplane.maps;
}

static const struct nicsw_port *port_of(__u32 vf)
{
	return &maps()->ports[NICSW_SLOT_VF(vf)];
}

static void set(__u32 vf, const struct nicsw_policy *policy)
{
	struct nicsw_error error = {};

	cr_assert_eq(nicsw_pf_policy_set(&adapter, vf, policy, &error), 0, "%s", error.text);
	cr_expect_arr_eq(&maps()->vfs[vf].policy, policy, sizeof(*policy));
	cr_expect_eq(nicsw_dataplane_repair(&adapter.dataplane), 0);
}
#define SET_POLICY(vf, ...) set(vf, &(struct nicsw_policy){__VA_ARGS__})

/* -EINVAL with rule and text, and nothing has changed (GEN-17). */
static void refuse_policy(__u32 vf, const struct nicsw_policy *policy, const char *rule,
			  const char *text)
{
	struct snapshot before = snapshot_take(), after;
	struct nicsw_error error = {};

	cr_expect_eq(nicsw_pf_policy_set(&adapter, vf, policy, &error), -EINVAL, "%s", text);
	cr_expect_str_eq(error.rule, rule, "%s", text);
	cr_expect(strstr(error.text, text), "\"%s\" has not \"%s\"", error.text, text);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after), "%s", text);
	free(before.bytes);
	free(after.bytes);
}
#define REFUSE(vf, rule, text, ...)                                                                \
	refuse_policy(vf, &(struct nicsw_policy){__VA_ARGS__}, rule, text)

#define TRUNK_OF(vid) .flags = NICSW_POLICY_TRUNK, .trunk = {[(vid) / 64] = 1ull << ((vid) % 64)}

Test(pf_policy, of_no_vf)
{
	REFUSE(2, "LC-VF-1", "not allocated", .storm = 1);
	REFUSE(4, "LC-VF-1", "not allocated", .storm = 1);
	REFUSE(NICSW_NONE, "LC-VF-1", "not allocated", .storm = 1);
}

Test(pf_policy, SET_RF_18_vlans)
{
	REFUSE(0, "SET-RF-18", "4095 is not in", .vlan = 4095);
	REFUSE(0, "SET-RF-18", "0 is not in", .vlan = NICSW_VLAN_SERVICE);
	REFUSE(0, "SET-RF-18", "is not in", .vlan = 0x2000);
	REFUSE(0, "", "qos 8", .vlan = 5, .qos = 8);
	REFUSE(0, "", "qos needs a vlan", .qos = 1);
	REFUSE(0, "MATCH-14", "not both", .vlan = 5, TRUNK_OF(5));
	SET_POLICY(0, .vlan = 4094, .qos = 7);
	cr_expect_eq(port_of(0)->access_vid, 4094);
	cr_expect_eq(port_of(0)->priority, 7 << 13);
}

/* FWD-33: a policy and the filters of its VPort agree, whichever came first. */
Test(pf_policy, FWD_33_filters_and_policy)
{
	struct nicsw_error error = {};

	REFUSE(1, "FWD-33", "of VLAN 7", .vlan = 8);
	REFUSE(1, "FWD-33", "of VLAN 7", .vlan = 7 | NICSW_VLAN_SERVICE);
	REFUSE(1, "FWD-33", "of VLAN 7", TRUNK_OF(8));
	SET_POLICY(1, TRUNK_OF(7));
	SET_POLICY(1, .vlan = 7);
	cr_expect_eq(nicsw_pf_policy_admits(&adapter, 2, 7, &error), 0);
	cr_expect_eq(nicsw_pf_policy_admits(&adapter, 2, 0, &error), 0);
	cr_expect_eq(nicsw_pf_policy_admits(&adapter, 2, 8, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "FWD-33");
	cr_expect_eq(nicsw_pf_policy_admits(&adapter, 0, 8, &error), 0, "the default VPort");
}

/* SET-RF-28: policies that put two filters of one address into one VLAN. */
Test(pf_policy, SET_RF_28_never_takes_an_address)
{
	oid_set_filter(0, 2, 1, 40);
	REFUSE(0, "SET-RF-28", "two filters", .vlan = 40);
	SET_POLICY(0, .vlan = 41);
	cr_expect_eq(steered_to(2, 1, 41), NICSW_SLOT_VF(0));
	cr_expect_eq(steered_to(2, 1, 40), NICSW_SLOT_PF);
	cr_expect_lt(steered_to(2, 1, 0), 0, "untagged is not its VLAN any more");
}

Test(pf_policy, rates)
{
	struct nicsw_error error = {};

	REFUSE(0, "", "adapter set", .min_tx_rate = 10);
	cr_assert_eq(nicsw_pf_rate_set(&adapter, 100, NULL), 0);
	REFUSE(0, "", "above max_tx_rate", .min_tx_rate = 10, .max_tx_rate = 9);
	SET_POLICY(0, .min_tx_rate = 60, .max_tx_rate = 60);
	REFUSE(1, "", "101 Mbit/s would be guaranteed", .min_tx_rate = 41);
	SET_POLICY(1, .min_tx_rate = 40);
	SET_POLICY(0, .min_tx_rate = 59); /* its own does not count twice */
	cr_expect_eq(nicsw_pf_rate_set(&adapter, 98, &error), -EINVAL);
	cr_expect_not_null(strstr(error.text, "99 Mbit/s are guaranteed"));
	cr_expect_eq(nicsw_pf_rate_set(&adapter, 0, &error), -EINVAL);
	cr_expect_eq(maps()->meta->rate, 100);
}

/* What is guaranteed to VFs is not common any more: at once, and back when it ends. */
Test(pf_policy, the_common_share_follows)
{
	const struct nicsw_port *wire = &maps()->ports[NICSW_SLOT_UPLINK];

	cr_expect_eq(wire->share.cost, 0);
	cr_assert_eq(nicsw_pf_rate_set(&adapter, 100, NULL), 0);
	cr_expect_eq(wire->share.cost, 80000, "8 us a byte of 1 Mbit/s");
	cr_expect(maps()->ports[NICSW_SLOT_PF].flags & NICSW_PORT_SHARE);
	SET_POLICY(0, .min_tx_rate = 60);
	cr_expect_eq(wire->share.cost, 200000, "40 are left");
	cr_expect_eq(port_of(0)->share.cost, 133333);
	SET_POLICY(1, .min_tx_rate = 40);
	cr_expect_eq(wire->share.cost, 0, "nothing is left");
	SET_POLICY(1, .min_tx_rate = 0);
	oid_clear_filter(1);
	oid_delete_vport(1);
	oid_free_vf(0);
	cr_expect_eq(wire->share.cost, 80000);
	cr_assert_eq(nicsw_pf_rate_set(&adapter, 0, NULL), 0);
	cr_expect_not(port_of(1)->flags & NICSW_PORT_SHARE);
}

Test(pf_policy, PATH_3_mtu)
{
	__u32 most = maps()->meta->mtu;

	REFUSE(0, "PATH-3", "is not in", .mtu = most + 1);
	REFUSE(0, "PATH-3", "is not in", .mtu = 67);
	SET_POLICY(0, .mtu = 68);
	cr_expect_eq(port_of(0)->max_frame, 86);
	SET_POLICY(0, .mtu = most);
	SET_POLICY(0, .mtu = 0);
	cr_expect_eq(port_of(0)->max_frame, most + 18);
}

Test(pf_policy, mac)
{
	static const __u8 other[] = {2, 0, 0, 0, 0, 9};

	REFUSE(0, "ALLOC-VF-8", "group", .mac = {1});
	REFUSE(0, "", "filter 1 still has", .mac = {2, 0, 0, 0, 0, 9});
	oid_clear_filter(1);
	SET_POLICY(0, .mac = {2, 0, 0, 0, 0, 9});
	cr_expect_eq(port_of(0)->station, nicsw_key(other, 0));
	cr_expect_eq(maps()->vfs[0].current_mac[5], 1, "ALLOC-VF-22");
	SET_POLICY(0, .mac = {0});
	cr_expect_eq(port_of(0)->station, nicsw_key(maps()->vfs[0].current_mac, 0));
}

Test(pf_policy, what_is_unknown)
{
	REFUSE(0, "", "unknown", .flags = 1u << 4);
	REFUSE(0, "", "unknown", .link = NICSW_LINK_DISABLE + 1);
}

/* A feature lasts as long as a VF asks for it. */
Test(pf_policy, features_follow)
{
	const struct nicsw_meta *meta = maps()->meta;

	cr_expect_eq(meta->features, 0);
	cr_expect(port_of(0)->flags & NICSW_PORT_PLAIN);
	SET_POLICY(0, .flags = NICSW_POLICY_ISOLATED);
	cr_expect_not(port_of(0)->flags & NICSW_PORT_PLAIN);
	SET_POLICY(1, .flags = NICSW_POLICY_ISOLATED | NICSW_POLICY_TRUNK, .trunk = {1 << 7});
	cr_expect_eq(meta->features, NICSW_FEATURE_ISOLATED | NICSW_FEATURE_ANY_VLAN);
	SET_POLICY(1, .flags = 0);
	cr_expect_eq(meta->features, NICSW_FEATURE_ISOLATED);
	cr_assert_eq(nicsw_pf_vepa_set(&adapter, true, NULL), 0);
	cr_expect(port_of(1)->flags & NICSW_PORT_VEPA);
	SET_POLICY(0, .flags = 0);
	cr_expect_eq(meta->features, NICSW_FEATURE_VEPA, "not a VF's to end");
	cr_assert_eq(nicsw_pf_vepa_set(&adapter, false, NULL), 0);
	cr_expect_eq(meta->features, 0);
	cr_expect(port_of(0)->flags & NICSW_PORT_PLAIN);
}

/* FREE-VF: its policy goes with it. */
Test(pf_policy, ends_with_the_vf)
{
	static const struct nicsw_policy none;

	SET_POLICY(0, .vlan = 10 | NICSW_VLAN_SERVICE);
	oid_clear_filter(1);
	oid_delete_vport(1);
	oid_free_vf(0);
	cr_expect_eq(maps()->meta->features, 0);
	oid_allocate_vf(1);
	cr_expect_arr_eq(&maps()->vfs[0].policy, &none, sizeof(none));
}
