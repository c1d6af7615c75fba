// SPDX-License-Identifier: GPL-2.0-only
/* `vf set`: the words of `ip link set DEV vf N`, and a few more, as one policy. */
#include "cli/command.h"
#include "core/vlan_list.h"

static void set_vlan(struct nicsw_vf_setting *setting, const struct nicsw_arguments *arguments)
{
	struct nicsw_policy *policy = &setting->policy;
	const char *trunk = nicsw_raw(arguments, NICSW_PARAMETER_TRUNK);

	if (nicsw_given(arguments, NICSW_PARAMETER_ACCESS_VLAN)) {
		setting->set |= NICSW_SET_VLAN;
		policy->vlan = (__u16)nicsw_number(arguments, NICSW_PARAMETER_ACCESS_VLAN);
		policy->qos = (__u8)nicsw_number(arguments, NICSW_PARAMETER_QOS);
		if (nicsw_number(arguments, NICSW_PARAMETER_PROTO))
			policy->vlan |= NICSW_VLAN_SERVICE;
	}
	if (!trunk)
		return;
	setting->set |= NICSW_SET_TRUNK;
	if (nicsw_streq(trunk, "none") || nicsw_parse_vlan_list(trunk, policy->trunk))
		return;
	policy->flags |= NICSW_POLICY_TRUNK;
}

/* What is written down as a number, and nothing else. */
static void set_numbers(struct nicsw_vf_setting *setting, const struct nicsw_arguments *arguments)
{
	const struct {
		enum nicsw_parameter_id id;
		__u32 set;
		__u32 *place;
	} numbers[] = {
		{NICSW_PARAMETER_MIN_TX_RATE, NICSW_SET_MIN_RATE, &setting->policy.min_tx_rate},
		{NICSW_PARAMETER_MAX_TX_RATE, NICSW_SET_MAX_RATE, &setting->policy.max_tx_rate},
		{NICSW_PARAMETER_STORM, NICSW_SET_STORM, &setting->policy.storm},
		{NICSW_PARAMETER_MTU, NICSW_SET_MTU, &setting->policy.mtu},
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!nicsw_given(arguments, numbers[i].id))
			continue;
		setting->set |= numbers[i].set;
		*numbers[i].place = nicsw_number(arguments, numbers[i].id);
	}
}

/* on|off: choice 0 is on. */
static void set_switches(struct nicsw_vf_setting *setting, const struct nicsw_arguments *arguments)
{
	static const struct {
		enum nicsw_parameter_id id;
		__u32 set, flag;
		__u32 flag_is; /* the choice that sets the flag */
	} switches[] = {
		{NICSW_PARAMETER_SPOOFCHK, NICSW_SET_SPOOF, NICSW_POLICY_SPOOF_OFF, 1},
		{NICSW_PARAMETER_TRUST, NICSW_SET_TRUST, NICSW_POLICY_TRUST, 0},
		{NICSW_PARAMETER_ISOLATED, NICSW_SET_ISOLATED, NICSW_POLICY_ISOLATED, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		if (!nicsw_given(arguments, switches[i].id))
			continue;
		setting->set |= switches[i].set;
		if (nicsw_number(arguments, switches[i].id) == switches[i].flag_is)
			setting->policy.flags |= switches[i].flag;
	}
}

static void set_others(struct nicsw_vf_setting *setting, const struct nicsw_arguments *arguments)
{
	if (nicsw_given(arguments, NICSW_PARAMETER_LINK)) {
		setting->set |= NICSW_SET_LINK;
		setting->policy.link = (__u8)nicsw_number(arguments, NICSW_PARAMETER_LINK);
	}
	if (nicsw_given(arguments, NICSW_PARAMETER_ADMIN_MAC)) {
		setting->set |= NICSW_SET_MAC;
		memcpy(setting->policy.mac, arguments->values[NICSW_PARAMETER_ADMIN_MAC].mac,
		       sizeof(setting->policy.mac));
	}
}

static enum nicsw_exit misused(struct nicsw_cli *cli, const char *why)
{
	nicsw_failed(cli, "%s", why);
	return NICSW_EXIT_USAGE;
}

enum nicsw_exit nicsw_cmd_vf_set(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_vf_setting setting = {
		.vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_VF_SET,
		.in = &setting,
		.in_length = sizeof(setting),
	};

	if (!nicsw_given(arguments, NICSW_PARAMETER_ACCESS_VLAN) &&
	    (nicsw_given(arguments, NICSW_PARAMETER_QOS) ||
	     nicsw_given(arguments, NICSW_PARAMETER_PROTO)))
		return misused(cli, "qos and proto are of a vlan: say which");
	if (nicsw_number(arguments, NICSW_PARAMETER_ACCESS_VLAN) &&
	    nicsw_given(arguments, NICSW_PARAMETER_TRUNK))
		return misused(cli, "a VF has one vlan or a trunk, not both");
	set_vlan(&setting, arguments);
	set_numbers(&setting, arguments);
	set_switches(&setting, arguments);
	set_others(&setting, arguments);
	if (!setting.set)
		return misused(cli, "nothing to set: see `nicsw vf help`");
	return nicsw_tell(cli, &ask);
}
