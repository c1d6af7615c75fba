// SPDX-License-Identifier: GPL-2.0-only
#include "pf/policy.h"

#include "dataplane/derive.h"
#include "dataplane/port.h"
#include "pf/commit.h"
#include "pf/netdev.h"
#include "pf/pf.h"

#define QOS_MAX 7
#define MTU_MIN 68 /* RFC 791 */

void nicsw_pf_features_follow(struct nicsw_change *change)
{
	__u32 features = nicsw_derive_features(change);
	const struct nicsw_meta *meta = nicsw_change_view(change, NICSW_MAP_META, 0);

	/* A change of meta touches every port: only if there is one. */
	if (meta->features != features)
		nicsw_change_meta(change)->features = features;
}

static bool trunk_has(const struct nicsw_policy *policy, __u16 vid)
{
	return policy->trunk[vid / 64] >> (vid % 64) & 1;
}

/* The one VLAN that an access port's filters may name beside none. A service VLAN cannot be named.
 */
static bool admits(const struct nicsw_policy *policy, __u16 vlan)
{
	if (policy->vlan)
		return !vlan || vlan == policy->vlan;
	return !(policy->flags & NICSW_POLICY_TRUNK) || !vlan || trunk_has(policy, vlan);
}

int nicsw_pf_policy_admits(const struct nicsw_adapter *adapter, __u32 vport, __u16 vlan,
			   struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 vf = maps->vports[vport].function;

	if (vf == NICSW_FUNCTION_PF || admits(&maps->vfs[vf].policy, vlan))
		return 0;
	return nicsw_fail(error, -EINVAL, "FWD-33", "the VLAN policy of VF %u excludes VLAN %u", vf,
			  vlan);
}

static int check_filters(const struct nicsw_adapter *adapter, __u32 vf,
			 const struct nicsw_policy *wanted, struct nicsw_error *error)
{
	const struct nicsw_dataplane *dataplane = &adapter->dataplane;
	__u32 vport = nicsw_pf_vf_vport(adapter, vf);
	__u32 filter;

	if (vport == NICSW_NONE)
		return 0;
	for (filter = dataplane->index.first[vport]; filter; filter = dataplane->index.next[filter])
		if (!admits(wanted, dataplane->maps.filters[filter].vlan))
			return nicsw_fail(error, -EINVAL, "FWD-33",
					  "filter %u on VPort %u is of VLAN %u: move it away first",
					  filter, vport, dataplane->maps.filters[filter].vlan);
	return 0;
}

static int check_vlan(const struct nicsw_policy *wanted, struct nicsw_error *error)
{
	__u16 vid = wanted->vlan & ~NICSW_VLAN_SERVICE;

	if (vid > NICSW_VID_MAX || (wanted->vlan && !vid))
		return nicsw_fail(error, -EINVAL, "SET-RF-18", "VLAN %u is not in 1..%u", vid,
				  NICSW_VID_MAX);
	if (wanted->qos > QOS_MAX)
		return nicsw_fail(error, -EINVAL, NULL, "qos %u is not in 0..%u", wanted->qos,
				  QOS_MAX);
	if (wanted->qos && !wanted->vlan)
		return nicsw_fail(error, -EINVAL, NULL, "qos needs a vlan");
	if (wanted->vlan && wanted->flags & NICSW_POLICY_TRUNK)
		return nicsw_fail(error, -EINVAL, "MATCH-14",
				  "a VF has one vlan or a trunk, not both");
	return 0;
}

/* All guaranteed rates, with this VF's new one. */
static __u64 guaranteed(const struct nicsw_adapter *adapter, __u32 vf, __u32 min_tx_rate)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u64 sum = min_tx_rate;
	__u32 i;

	for (i = 0; i < maps->meta->total_vfs; i++)
		if (i != vf && maps->vfs[i].state == NICSW_USED)
			sum += maps->vfs[i].policy.min_tx_rate;
	return sum;
}

static int check_rates(const struct nicsw_adapter *adapter, __u32 vf,
		       const struct nicsw_policy *wanted, struct nicsw_error *error)
{
	__u32 rate = adapter->dataplane.maps.meta->rate;

	if (!wanted->min_tx_rate)
		return 0;
	if (!rate)
		return nicsw_fail(error, -EINVAL, NULL,
				  "min_tx_rate is a share of the wire: say `adapter set %s rate R` "
				  "first",
				  adapter->name);
	if (wanted->max_tx_rate && wanted->min_tx_rate > wanted->max_tx_rate)
		return nicsw_fail(error, -EINVAL, NULL, "min_tx_rate %u is above max_tx_rate %u",
				  wanted->min_tx_rate, wanted->max_tx_rate);
	if (guaranteed(adapter, vf, wanted->min_tx_rate) > rate)
		return nicsw_fail(error, -EINVAL, NULL,
				  "%llu Mbit/s would be guaranteed in all, the wire has %u",
				  guaranteed(adapter, vf, wanted->min_tx_rate), rate);
	return 0;
}

static int check_mtu(const struct nicsw_adapter *adapter, const struct nicsw_policy *wanted,
		     struct nicsw_error *error)
{
	__u32 most = adapter->dataplane.maps.meta->mtu;

	if (!wanted->mtu || (wanted->mtu >= MTU_MIN && wanted->mtu <= most))
		return 0;
	return nicsw_fail(error, -EINVAL, "PATH-3", "MTU %u is not in %u..%u", wanted->mtu, MTU_MIN,
			  most);
}

/* A filter of the old address would go on to steer frames to a netdev that drops them. */
static int check_mac(const struct nicsw_adapter *adapter, __u32 vf,
		     const struct nicsw_policy *wanted, struct nicsw_error *error)
{
	const struct nicsw_dataplane *dataplane = &adapter->dataplane;
	const __u8 *old = nicsw_vf_mac(&dataplane->maps.vfs[vf]);
	__u32 vport = nicsw_pf_vf_vport(adapter, vf);
	__u32 filter;

	if (wanted->mac[0] & 1)
		return nicsw_fail(error, -EINVAL, "ALLOC-VF-8", "a group address is no VF's");
	if (vport == NICSW_NONE ||
	    !memcmp(wanted->mac, dataplane->maps.vfs[vf].policy.mac, NICSW_MAC_SIZE))
		return 0;
	for (filter = dataplane->index.first[vport]; filter; filter = dataplane->index.next[filter])
		if (!memcmp(dataplane->maps.filters[filter].mac, old, NICSW_MAC_SIZE))
			return nicsw_fail(error, -EINVAL, NULL,
					  "filter %u still has the old address: clear it first",
					  filter);
	return 0;
}

static int check_flags(const struct nicsw_policy *wanted, struct nicsw_error *error)
{
	const __u32 known = NICSW_POLICY_SPOOF_OFF | NICSW_POLICY_TRUST | NICSW_POLICY_ISOLATED |
			    NICSW_POLICY_TRUNK;

	if (wanted->flags & ~known || wanted->link > NICSW_LINK_DISABLE)
		return nicsw_fail(error, -EINVAL, NULL, "flags %#x, link state %u are unknown",
				  wanted->flags, wanted->link);
	return 0;
}

static int check_policy(const struct nicsw_adapter *adapter, __u32 vf,
			const struct nicsw_policy *wanted, struct nicsw_error *error)
{
	int result = check_flags(wanted, error);

	if (!result)
		result = check_vlan(wanted, error);
	if (!result)
		result = check_filters(adapter, vf, wanted, error);
	if (!result)
		result = check_rates(adapter, vf, wanted, error);
	if (!result)
		result = check_mtu(adapter, wanted, error);
	return result ? result : check_mac(adapter, vf, wanted, error);
}

/* The netdev follows: carrier, address, MTU. What the guest does to it later harms only itself. */
static int follow_netdev(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	int result;

	if (!adapter->ports || !(adapter->dataplane.maps.vfs[vf].flags & NICSW_VF_ATTACHED))
		return 0;
	result = nicsw_port_follow_policy(adapter->ports, &adapter->dataplane.maps, vf, error);
	nicsw_pf_netdev_look(adapter, vf);
	return result;
}

int nicsw_pf_policy_set(struct nicsw_adapter *adapter, __u32 vf, const struct nicsw_policy *wanted,
			struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_change change;
	int result;

	if (vf >= maps->meta->nic_switch.num_vfs || maps->vfs[vf].state != NICSW_USED)
		return nicsw_fail(error, -EINVAL, "LC-VF-1", "VF %u is not allocated", vf);
	result = check_policy(adapter, vf, wanted, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "vf set");
	nicsw_change_vf(&change, vf)->policy = *wanted;
	nicsw_pf_features_follow(&change);
	result = nicsw_pf_commit(&change, error);
	return result ? result : follow_netdev(adapter, vf, error);
}

int nicsw_pf_rate_set(struct nicsw_adapter *adapter, __u32 rate, struct nicsw_error *error)
{
	__u64 sum = guaranteed(adapter, NICSW_NONE, 0);
	struct nicsw_change change;

	if (rate < sum)
		return nicsw_fail(error, -EINVAL, NULL, "%llu Mbit/s are guaranteed to VFs", sum);
	nicsw_change_begin(&change, &adapter->dataplane, "adapter rate");
	nicsw_change_meta(&change)->rate = rate;
	nicsw_pf_features_follow(&change);
	return nicsw_pf_commit(&change, error);
}

int nicsw_pf_vepa_set(struct nicsw_adapter *adapter, bool on, struct nicsw_error *error)
{
	struct nicsw_change change;
	struct nicsw_meta *meta;

	nicsw_change_begin(&change, &adapter->dataplane, "adapter vepa");
	meta = nicsw_change_meta(&change);
	meta->features = (meta->features & ~NICSW_FEATURE_VEPA) | (on ? NICSW_FEATURE_VEPA : 0);
	return nicsw_pf_commit(&change, error);
}
