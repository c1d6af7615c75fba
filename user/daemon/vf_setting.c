// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/vf_setting.h"

#include <string.h>

static void merge_policy(const struct nicsw_vf_setting *setting, struct nicsw_policy *policy)
{
	const struct nicsw_policy *new = &setting->policy;
	__u32 flags = 0;

	if (setting->set & NICSW_SET_VLAN) {
		policy->vlan = new->vlan;
		policy->qos = new->qos;
	}
	if (setting->set & NICSW_SET_TRUNK)
		memcpy(policy->trunk, new->trunk, sizeof(policy->trunk));
	if (setting->set & (NICSW_SET_VLAN | NICSW_SET_TRUNK))
		flags |= NICSW_POLICY_TRUNK; /* cleared by a vlan */
	if (setting->set & NICSW_SET_TRUNK && new->flags &NICSW_POLICY_TRUNK &&
	    !(setting->set & NICSW_SET_VLAN))
		policy->vlan = policy->qos = 0;
	if (setting->set & NICSW_SET_SPOOF)
		flags |= NICSW_POLICY_SPOOF_OFF;
	if (setting->set & NICSW_SET_TRUST)
		flags |= NICSW_POLICY_TRUST;
	if (setting->set & NICSW_SET_ISOLATED)
		flags |= NICSW_POLICY_ISOLATED;
	policy->flags = (policy->flags & ~flags) | (new->flags &flags);
}

static void merge_limits(const struct nicsw_vf_setting *setting, struct nicsw_policy *policy)
{
	const struct nicsw_policy *new = &setting->policy;

	if (setting->set & NICSW_SET_LINK)
		policy->link = new->link;
	if (setting->set & NICSW_SET_MAX_RATE)
		policy->max_tx_rate = new->max_tx_rate;
	if (setting->set & NICSW_SET_MIN_RATE)
		policy->min_tx_rate = new->min_tx_rate;
	if (setting->set & NICSW_SET_STORM)
		policy->storm = new->storm;
	if (setting->set & NICSW_SET_MTU)
		policy->mtu = new->mtu;
	if (setting->set & NICSW_SET_MAC)
		memcpy(policy->mac, new->mac, sizeof(policy->mac));
}

void nicsw_vf_setting_merge(const struct nicsw_vf_setting *setting, struct nicsw_policy *policy)
{
	merge_policy(setting, policy);
	merge_limits(setting, policy);
}
