// SPDX-License-Identifier: GPL-2.0-only
/* What `vf set` names is put over a policy, and nothing else of it changes. */
#include "daemon/vf_setting.h"

#include <criterion/criterion.h>

/* No member is zero: what is lost shows. */
static const struct nicsw_policy old = {
	.flags = NICSW_POLICY_SPOOF_OFF | NICSW_POLICY_ISOLATED,
	.link = NICSW_LINK_ENABLE,
	.vlan = 5,
	.qos = 3,
	.max_tx_rate = 100,
	.min_tx_rate = 10,
	.storm = 7,
	.mtu = 1400,
	.mac = {2, 1, 1, 1, 1, 1},
	.trunk = {2},
};

static const struct nicsw_policy new = {
	.flags = NICSW_POLICY_TRUST,
	.link = NICSW_LINK_DISABLE,
	.vlan = 6,
	.qos = 4,
	.max_tx_rate = 200,
	.min_tx_rate = 20,
	.storm = 8,
	.mtu = 1300,
	.mac = {2, 2, 2, 2, 2, 2},
	.trunk = {4},
};

static void expect_merged(__u32 set, const struct nicsw_policy *from,
			  const struct nicsw_policy *wanted)
{
	const struct nicsw_vf_setting setting = {.set = set, .policy = *from};
	struct nicsw_policy policy = old;

	nicsw_vf_setting_merge(&setting, &policy);
	cr_expect_arr_eq(&policy, wanted, sizeof(policy), "set %#x", set);
}

/* One thing named, one thing changed. */
#define EXPECT_ONE(set, member)                                                                    \
	do {                                                                                       \
		struct nicsw_policy wanted = old;                                                  \
		wanted.member = new.member;                                                        \
		expect_merged(set, &new, &wanted);                                                 \
	} while (0)

Test(vf_setting, nothing_named)
{
	expect_merged(0, &new, &old);
}

Test(vf_setting, one_thing)
{
	struct nicsw_policy wanted = old;

	EXPECT_ONE(NICSW_SET_LINK, link);
	EXPECT_ONE(NICSW_SET_MAX_RATE, max_tx_rate);
	EXPECT_ONE(NICSW_SET_MIN_RATE, min_tx_rate);
	EXPECT_ONE(NICSW_SET_STORM, storm);
	EXPECT_ONE(NICSW_SET_MTU, mtu);
	memcpy(wanted.mac, new.mac, sizeof(wanted.mac));
	expect_merged(NICSW_SET_MAC, &new, &wanted);
	wanted = old;
	wanted.vlan = new.vlan;
	wanted.qos = new.qos;
	expect_merged(NICSW_SET_VLAN, &new, &wanted);
}

/* A switch that is named is on or off as it says, the others stay. */
Test(vf_setting, switches)
{
	static const struct {
		__u32 set, flags;
	} cases[] = {
		{NICSW_SET_SPOOF, NICSW_POLICY_ISOLATED},
		{NICSW_SET_ISOLATED, NICSW_POLICY_SPOOF_OFF},
		{NICSW_SET_TRUST,
		 NICSW_POLICY_SPOOF_OFF | NICSW_POLICY_ISOLATED | NICSW_POLICY_TRUST},
		{NICSW_SET_SPOOF | NICSW_SET_ISOLATED | NICSW_SET_TRUST, NICSW_POLICY_TRUST},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nicsw_policy wanted = old;

		wanted.flags = cases[i].flags;
		expect_merged(cases[i].set, &new, &wanted);
	}
}

/* MATCH-14: a VLAN ends the trunk, a trunk the VLAN; `trunk off` ends neither's opposite. */
Test(vf_setting, MATCH_14_a_vlan_or_a_trunk)
{
	struct nicsw_policy trunk = new, wanted = old, back;
	const struct nicsw_vf_setting vlan = {.set = NICSW_SET_VLAN, .policy = new};

	trunk.flags |= NICSW_POLICY_TRUNK;
	wanted.flags |= NICSW_POLICY_TRUNK;
	wanted.vlan = wanted.qos = 0;
	memcpy(wanted.trunk, trunk.trunk, sizeof(wanted.trunk));
	expect_merged(NICSW_SET_TRUNK, &trunk, &wanted);
	back = wanted;
	nicsw_vf_setting_merge(&vlan, &back);
	cr_expect_eq(back.flags, old.flags);
	cr_expect_eq(back.vlan, new.vlan);
	wanted = old;
	memcpy(wanted.trunk, new.trunk, sizeof(wanted.trunk));
	expect_merged(NICSW_SET_TRUNK, &new, &wanted);
}

/* MATCH-14: both at once are left as they are, for the PF to refuse. */
Test(vf_setting, MATCH_14_both_are_refused_elsewhere)
{
	struct nicsw_policy both = new, wanted = old;

	both.flags |= NICSW_POLICY_TRUNK;
	wanted.flags |= NICSW_POLICY_TRUNK;
	wanted.vlan = new.vlan;
	wanted.qos = new.qos;
	memcpy(wanted.trunk, new.trunk, sizeof(wanted.trunk));
	expect_merged(NICSW_SET_TRUNK | NICSW_SET_VLAN, &both, &wanted);
}
