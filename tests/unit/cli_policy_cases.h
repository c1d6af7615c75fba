/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands that decide about a VF's traffic send: `vf set`, `adapter set`. Included by
 * cli_request.c, whose table takes POLICY_CASES.
 */
#ifndef NICSW_TESTS_CLI_POLICY_CASES_H
#define NICSW_TESTS_CLI_POLICY_CASES_H

/* The parts that are meant, and the policy that goes with them; all else must be zero. */
static void expect_policy(const struct fake *fake, __u32 set, const struct nicsw_policy *policy)
{
	const struct nicsw_vf_setting *setting = IN(fake, 0, nicsw_vf_setting);

	expect_control(fake, 0, NICSW_CONTROL_VF_SET);
	cr_expect_eq(setting->vf_id, 3);
	cr_expect_eq(setting->set, set, "%#x", setting->set);
	cr_expect_arr_eq((const __u8 *)&setting->policy, (const __u8 *)policy, sizeof(*policy));
}

#define POLICY_CHECK(name, parts, ...)                                                             \
	static void check_policy_##name(const struct fake *fake)                                   \
	{                                                                                          \
		expect_policy(fake, parts, &(struct nicsw_policy){__VA_ARGS__});                   \
	}
POLICY_CHECK(vlan, NICSW_SET_VLAN, .vlan = 10, .qos = 3)
POLICY_CHECK(no_vlan, NICSW_SET_VLAN, .vlan = 0)
POLICY_CHECK(service, NICSW_SET_VLAN, .vlan = 10 | NICSW_VLAN_SERVICE)
POLICY_CHECK(trunk, NICSW_SET_TRUNK, .flags = NICSW_POLICY_TRUNK,
	     .trunk = {1ull << 10 | 0x3ffull << 20})
POLICY_CHECK(no_trunk, NICSW_SET_TRUNK, .vlan = 0)
POLICY_CHECK(rates, NICSW_SET_MIN_RATE | NICSW_SET_MAX_RATE, .min_tx_rate = 5, .max_tx_rate = 50)
POLICY_CHECK(switched_on, NICSW_SET_SPOOF | NICSW_SET_TRUST | NICSW_SET_ISOLATED,
	     .flags = NICSW_POLICY_TRUST | NICSW_POLICY_ISOLATED)
POLICY_CHECK(switched_off, NICSW_SET_SPOOF | NICSW_SET_TRUST | NICSW_SET_ISOLATED,
	     .flags = NICSW_POLICY_SPOOF_OFF)
POLICY_CHECK(link_auto, NICSW_SET_LINK, .link = NICSW_LINK_AUTO)
POLICY_CHECK(link_disable, NICSW_SET_LINK, .link = NICSW_LINK_DISABLE)
POLICY_CHECK(others, NICSW_SET_STORM | NICSW_SET_MTU | NICSW_SET_MAC, .storm = 100, .mtu = 1400,
	     .mac = {2, 0, 0, 0, 0, 0x22})
#undef POLICY_CHECK

static void check_adapter_rate(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_RATE);
	cr_expect_str_eq(fake->asked[0].request.adapter, "nic0");
	cr_expect_eq(IN(fake, 0, nicsw_adapter_rate)->rate, 1000);
}

static void check_adapter_vepa_on(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_VEPA);
	cr_expect_str_eq(fake->asked[0].request.adapter, "nic0");
	cr_expect_eq(IN(fake, 0, nicsw_adapter_switching)->vepa, 1);
}

static void check_adapter_vepa_off(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_VEPA);
	cr_expect_eq(IN(fake, 0, nicsw_adapter_switching)->vepa, 0);
}

/* clang-format off */
#define POLICY_CASES                                                                               \
	{"vf set 3 vlan 10 qos 3", answer_nothing, 1, check_policy_vlan, ""},                      \
	{"vf set 3 vlan 0", answer_nothing, 1, check_policy_no_vlan, ""},                          \
	{"vf set 3 vlan 10 proto 802.1ad", answer_nothing, 1, check_policy_service, ""},           \
	{"vf set 3 trunk 10,20-29", answer_nothing, 1, check_policy_trunk, ""},                    \
	{"vf set 3 trunk none", answer_nothing, 1, check_policy_no_trunk, ""},                     \
	{"vf set 3 min_tx_rate 5 max_tx_rate 50", answer_nothing, 1, check_policy_rates, ""},      \
	{"vf set 3 spoofchk on trust on isolated on", answer_nothing, 1,                           \
	 check_policy_switched_on, ""},                                                            \
	{"vf set 3 spoofchk off trust off isolated off", answer_nothing, 1,                        \
	 check_policy_switched_off, ""},                                                           \
	{"vf set 3 state auto", answer_nothing, 1, check_policy_link_auto, ""},                    \
	{"vf set 3 state disable", answer_nothing, 1, check_policy_link_disable, ""},              \
	{"vf set 3 storm 100 mtu 1400 mac 02:00:00:00:00:22", answer_nothing, 1,                   \
	 check_policy_others, ""},                                                                 \
	{"adapter set nic0 rate 1000", answer_nothing, 1, check_adapter_rate, ""},                 \
	{"adapter set nic0 vepa on", answer_nothing, 1, check_adapter_vepa_on, ""},                \
	{"adapter set nic0 vepa off", answer_nothing, 1, check_adapter_vepa_off, ""},
/* clang-format on */

/* What does not go together is never sent. */
Test(cli_request, policies_that_are_none)
{
	static const struct {
		const char *line, *why;
	} bad[] = {
		{"vf set 3", "nothing to set"},
		{"vf set 3 qos 3", "qos and proto are of a vlan"},
		{"vf set 3 proto 802.1ad", "qos and proto are of a vlan"},
		{"vf set 3 vlan 5 trunk 7", "one vlan or a trunk"},
		{"vf set 3 vlan 4095", "SET-RF-18"},
		{"vf set 3 vlan 5 qos 8", "qos"},
		{"vf set 3 trunk 7,", "10,20-29"},
		{"vf set 3 state up", "auto"},
		{"adapter set nic0", "sriov off|on, rate R or vepa on|off is missing"},
		{"adapter set nic0 rate 5 vepa on", "vepa"},
		{"adapter set nic0 rate 1000001", "1000000"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		cr_expect_eq(fake_run(&fake, bad[i].line), NICSW_EXIT_USAGE, "%s", bad[i].line);
		cr_expect(strstr(fake.err, bad[i].why), "%s: %s", bad[i].line, fake.err);
		cr_expect_eq(fake.num_asked, 0, "%s", bad[i].line);
		fake_clear(&fake);
	}
}

#endif
