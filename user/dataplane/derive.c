// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/derive.h"

#include <nicsw/hwemu.h>
#include <nicsw/ndis.h>

#include "dataplane/dataplane.h"

#define ETHERNET_AND_TAG 18

static const struct nicsw_meta *view_meta(const struct nicsw_change *change)
{
	return nicsw_change_view(change, NICSW_MAP_META, 0);
}

static const struct nicsw_vf_record *view_vf(const struct nicsw_change *change, __u32 vf)
{
	return nicsw_change_view(change, NICSW_MAP_VFS, vf);
}

static const struct nicsw_vport_record *view_vport(const struct nicsw_change *change, __u32 vport)
{
	return nicsw_change_view(change, NICSW_MAP_VPORTS, vport);
}

static const struct nicsw_filter_record *view_filter(const struct nicsw_change *change,
						     __u32 filter)
{
	return nicsw_change_view(change, NICSW_MAP_FILTERS, filter);
}

/* Is it the slot of a nondefault VPort of the PF? */
static bool is_pf_vport(const struct nicsw_change *change, __u32 slot)
{
	return slot >= NICSW_SLOT_PF_VPORT(change->dataplane->maps.meta->total_vfs, 0);
}

static bool switch_exists(const struct nicsw_change *change)
{
	return view_meta(change)->nic_switch.state == NICSW_USED;
}

/* No port is open in a reset (LC-RST-3), nor in a halt (LC-HALT-1). */
static bool is_closed(const struct nicsw_change *change)
{
	__u32 state = view_meta(change)->state;

	return state == NICSW_ADAPTER_RESETTING || state == NICSW_ADAPTER_STOPPING;
}

__u32 nicsw_derive_vport_slot(const struct nicsw_change *change, __u32 vport)
{
	const struct nicsw_vport_record *record = view_vport(change, vport);

	return record ? nicsw_vport_slot(change->dataplane->maps.meta, vport, record) : NICSW_NONE;
}

/* An edited VPort record decides; else what the index knows, unless that record was edited away. */
static __u32 slot_vport(const struct nicsw_change *change, __u32 slot)
{
	const struct nicsw_journal *entry = &change->entry;
	__u32 vport = change->dataplane->vf_vports[slot - NICSW_SLOT_VF(0)];
	__u32 i;

	for (i = 0; i < entry->num_writes; i++)
		if (entry->writes[i].map == NICSW_MAP_VPORTS &&
		    nicsw_derive_vport_slot(change, entry->writes[i].index) == slot)
			return entry->writes[i].index;
	if (vport == NICSW_NONE || nicsw_derive_vport_slot(change, vport) != slot)
		return NICSW_NONE;
	return vport;
}

static void add_vlan(struct nicsw_vlan_set *set, __u16 vid)
{
	if (nicsw_vlan_set_has(set, vid))
		return;
	set->words[vid / 64] |= 1ull << (vid % 64);
	if (!set->num_vlans++ || vid < set->lowest)
		set->lowest = vid;
}

/* MATCH-12: neither a VLAN nor untagged is asked for. */
static bool is_any_vlan(const struct nicsw_filter_record *record)
{
	return record->flags & NICSW_FILTER_ANY_VLAN;
}

static bool is_on_vport(const struct nicsw_filter_record *record, __u32 vport)
{
	return record->state == NICSW_USED && record->vport_id == vport &&
	       record->vlan <= NICSW_VID_MAX;
}

static void add_filter(const struct nicsw_change *change, __u32 filter, __u32 vport,
		       struct nicsw_vlan_set *set)
{
	const struct nicsw_filter_record *record = view_filter(change, filter);
	__u32 vid;

	if (!is_on_vport(record, vport))
		return;
	set->num_filters++;
	add_vlan(set, record->vlan);
	for (vid = 1; is_any_vlan(record) && vid <= NICSW_VID_MAX; vid++)
		add_vlan(set, vid);
}

/* Filters that the index has on the VPort and that stay, then edited ones that are new on it. */
static void collect_vlans(const struct nicsw_change *change, __u32 vport,
			  struct nicsw_vlan_set *set)
{
	const struct nicsw_filter_index *index = &change->dataplane->index;
	const struct nicsw_filter_record *filters = change->dataplane->maps.filters;
	const struct nicsw_journal *entry = &change->entry;
	__u32 filter, i;

	for (filter = index->first[vport]; filter; filter = index->next[filter])
		add_filter(change, filter, vport, set);
	for (i = 0; i < entry->num_writes; i++) {
		if (entry->writes[i].map != NICSW_MAP_FILTERS)
			continue;
		filter = entry->writes[i].index;
		if (filters[filter].state != NICSW_USED || filters[filter].vport_id != vport)
			add_filter(change, filter, vport, set);
	}
}

/* The host's VLAN policy is stronger than what the filters say. */
static void apply_vlan_policy(const struct nicsw_policy *policy, struct nicsw_vlan_set *set)
{
	struct nicsw_vlan_set decided = {.num_filters = set->num_filters};
	__u32 vid;

	if (!policy->vlan && !(policy->flags & NICSW_POLICY_TRUNK))
		return;
	if (policy->vlan)
		add_vlan(&decided, policy->vlan);
	for (vid = 0; !policy->vlan && vid <= NICSW_VID_MAX; vid++)
		if (policy->trunk[vid / 64] >> (vid % 64) & 1)
			add_vlan(&decided, vid);
	*set = decided;
}

/* Which groups the frames of a port go to: its class, where that has groups of its own. */
static void derive_flood_class(__u32 features, bool is_vport, struct nicsw_port *port)
{
	if (is_vport && features & NICSW_FEATURE_ISOLATED)
		port->flood_class[0] = NICSW_FLOOD_PEERS;
	port->flood_class[1] = port->flood_class[0];
	if (features & NICSW_FEATURE_MULTICAST)
		port->flood_class[1] |= NICSW_FLOOD_MULTICAST;
}

static __u32 feature_flags(__u32 features)
{
	__u32 flags = 0;

	if (features & NICSW_FEATURE_VEPA)
		flags |= NICSW_PORT_VEPA;
	if (features & NICSW_FEATURE_ANY_VLAN)
		flags |= NICSW_PORT_ANY_VLAN;
	/* Also of a VF that is in none: else it could put its frames into one with a tag of its
	 * own. */
	if (features & NICSW_FEATURE_SERVICE)
		flags |= NICSW_PORT_SERVICE;
	return flags;
}

/* 8,000,000 picoseconds are a byte's time at 1 Mbit/s. */
#define PICOSECONDS_PER_BYTE       8000000u
#define PICOSECONDS_PER_NANOSECOND 1000u
#define RATE_BURST                 250000000u /* nanoseconds */

/*
 * Mbit/s of layer 2 as a limit. The burst has room for two of the longest frames.
 *
 * A limit drops what comes too early, it does not delay it. A TCP sender that has used up its burst
 * loses the rest of its window, and is silent for the 200 ms of the shortest retransmission
 * timeout. What it could have sent meanwhile must still be its own afterwards: with 10 ms it got 5
 * % of the limit, with 250 ms all of it. Over ten seconds of frames that do not give way, 250 ms
 * are 2.5 % too much, once.
 */
static struct nicsw_limit limit_of(const struct nicsw_change *change, __u32 rate)
{
	__u64 longest = view_meta(change)->mtu + ETHERNET_AND_TAG;
	struct nicsw_limit limit = {};

	if (!rate)
		return limit;
	limit.cost = MAX(PICOSECONDS_PER_BYTE / rate, 1u);
	limit.burst = MAX(2 * longest * limit.cost / PICOSECONDS_PER_NANOSECOND, RATE_BURST);
	return limit;
}

/* What is left of the wire when every VF has taken what it is guaranteed. */
static __u32 common_share(const struct nicsw_change *change)
{
	const struct nicsw_meta *meta = view_meta(change);
	__u32 vf, guaranteed = 0;

	for (vf = 0; vf < meta->total_vfs; vf++)
		if (view_vf(change, vf)->state == NICSW_USED)
			guaranteed += view_vf(change, vf)->policy.min_tx_rate;
	return guaranteed < meta->rate ? meta->rate - guaranteed : 0;
}

static void derive_uplink(const struct nicsw_change *change, struct nicsw_port *port)
{
	const struct nicsw_meta *meta = view_meta(change);

	if (!switch_exists(change)) /* LC-SW-1 */
		return;
	port->flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS |
		      NICSW_PORT_GROUP | NICSW_PORT_UNMATCHED | NICSW_PORT_PLAIN |
		      feature_flags(meta->features);
	port->max_frame = meta->uplink_mtu + ETHERNET_AND_TAG;
	if (meta->features & NICSW_FEATURE_SHARE)
		port->share = limit_of(change, common_share(change));
	derive_flood_class(meta->features, false, port);
}

/* What holds for every VPort of the PF: it has no policy of its own, but shares the wire. */
static void derive_host_policy(const struct nicsw_change *change, struct nicsw_port *port)
{
	__u32 features = view_meta(change)->features;

	port->share = (struct nicsw_limit){};
	derive_flood_class(features, true, port);
	if (features & NICSW_FEATURE_SHARE)
		port->flags |= NICSW_PORT_SHARE;
	if (port->access_vid || features & (NICSW_FEATURE_SHARE | NICSW_FEATURE_VEPA))
		port->flags &= ~NICSW_PORT_PLAIN;
}

/* The PF is promiscuous, as below an extensible switch (RXQ-24), and may send any source (FWD-32 is
 * for VFs). */
static void derive_pf(const struct nicsw_change *change, struct nicsw_port *port)
{
	derive_uplink(change, port);
	if (!switch_exists(change))
		return;
	port->station = nicsw_key(view_meta(change)->pf_mac, 0);
	derive_host_policy(change, port);
}

/* FLOW-7, MATCH-14: what the filters of a nondefault VPort say of its port. */
static void derive_filters(const struct nicsw_vport_record *record,
			   const struct nicsw_vlan_set *vlans, struct nicsw_port *port)
{
	if (vlans->num_filters && record->vport_state == NdisNicSwitchVPortStateActivated)
		port->flags |= NICSW_PORT_OPEN;
	if (nicsw_vlan_set_has(vlans, 0))
		port->flags |= NICSW_PORT_UNTAGGED;
	if (vlans->num_vlans == 1) /* 0: untagged */
		port->access_vid = vlans->lowest;
}

/*
 * A nondefault VPort of the PF (FLOW-3): as open as its filters make it, like a VF's, and trusted
 * like the PF. The PF's packet filter lets in all that a filter steers here, and no more: what
 * matches nothing is the default VPort's. Before it is activated there is no port (CREATE-VP-27).
 */
static void derive_pf_vport(const struct nicsw_change *change, __u32 slot, struct nicsw_port *port,
			    struct nicsw_vlan_set *vlans)
{
	const struct nicsw_meta *meta = view_meta(change);
	__u32 vport = slot_vport(change, slot);
	const struct nicsw_vport_record *record;

	if (vport == NICSW_NONE)
		return;
	record = view_vport(change, vport);
	if (record->vport_state != NdisNicSwitchVPortStateActivated)
		return;
	collect_vlans(change, vport, vlans);
	port->flags = NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP |
		      NICSW_PORT_PLAIN | feature_flags(meta->features);
	derive_filters(record, vlans, port);
	port->station = nicsw_key(record->mac, 0);
	port->max_frame = meta->mtu + ETHERNET_AND_TAG;
	derive_host_policy(change, port);
}

static __u32 packet_filter_flags(__u32 packet_filter)
{
	const __u32 all = NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP;
	__u32 flags = 0;

	/* RXQ-23: promiscuous never widens what is switched to a VF, it only does not reduce it. */
	if (packet_filter & NDIS_PACKET_TYPE_PROMISCUOUS)
		return all;
	if (packet_filter & NDIS_PACKET_TYPE_DIRECTED)
		flags |= NICSW_PORT_DIRECTED | NICSW_PORT_PEERS;
	if (packet_filter & NDIS_PACKET_TYPE_BROADCAST)
		flags |= NICSW_PORT_BROADCAST;
	if (packet_filter & NDIS_PACKET_TYPE_ALL_MULTICAST)
		flags |= NICSW_PORT_MULTICAST;
	return flags;
}

/* PCI-25 (Bus Master), PCI-102 (D3), FWD-14 (reset, no driver): otherwise nothing enters or leaves
 * the VF. */
static bool is_ready(const struct nicsw_change *change, const struct nicsw_vf_record *vf, __u32 id)
{
	const __u8 *pf_config = nicsw_change_view(change, NICSW_MAP_CONFIG_SPACE, 0);
	const __u8 *config = nicsw_change_view(change, NICSW_MAP_CONFIG_SPACE, id + 1);

	return (vf->flags & NICSW_VF_ATTACHED) &&
	       !(vf->flags & (NICSW_VF_RESETTING | NICSW_VF_LOST | NICSW_VF_QUARANTINED)) &&
	       vf->packet_filter && nicsw_function_bus_master(config) &&
	       nicsw_function_effective_power(pf_config, config) == NICSW_D0;
}

static void derive_limits(const struct nicsw_change *change, const struct nicsw_policy *policy,
			  struct nicsw_port *port)
{
	port->rate = limit_of(change, policy->max_tx_rate);
	if (policy->max_tx_rate)
		port->flags |= NICSW_PORT_RATE;
	if (policy->storm) {
		port->flags |= NICSW_PORT_STORM;
		port->storm.cost = 1000000000u / policy->storm;
		port->storm.burst = MAX(port->storm.cost, 100000000u);
	}
	if (view_meta(change)->features & NICSW_FEATURE_SHARE) {
		port->flags |= NICSW_PORT_SHARE;
		port->share = limit_of(change, policy->min_tx_rate);
	}
}

/* What the host decides. PLAIN is for ports about which it has decided nothing. */
static void derive_policy(const struct nicsw_change *change, const struct nicsw_policy *policy,
			  struct nicsw_port *port)
{
	const __u32 asking = NICSW_PORT_ISOLATED | NICSW_PORT_VEPA | NICSW_PORT_TRUNK |
			     NICSW_PORT_ACCESS | NICSW_PORT_RATE | NICSW_PORT_SHARE |
			     NICSW_PORT_STORM;

	port->flags |= feature_flags(view_meta(change)->features);
	if (!(policy->flags & NICSW_POLICY_SPOOF_OFF))
		port->flags |= NICSW_PORT_SPOOF_CHECK;
	if (policy->flags & NICSW_POLICY_ISOLATED)
		port->flags = (port->flags & ~NICSW_PORT_PEERS) | NICSW_PORT_ISOLATED;
	if (policy->flags & NICSW_POLICY_TRUNK && !policy->vlan)
		port->flags |= NICSW_PORT_TRUNK;
	if (policy->vlan) {
		port->flags |= NICSW_PORT_ACCESS;
		port->priority = policy->qos << 13;
	}
	derive_limits(change, policy, port);
	if (!port->access_vid && !(port->flags & asking))
		port->flags |= NICSW_PORT_PLAIN;
	derive_flood_class(view_meta(change)->features, true, port);
}

static void derive_vf(const struct nicsw_change *change, __u32 id, struct nicsw_port *port,
		      struct nicsw_vlan_set *vlans)
{
	const struct nicsw_vf_record *vf = view_vf(change, id);
	__u32 vport = vf->state == NICSW_USED ? slot_vport(change, NICSW_SLOT_VF(id)) : NICSW_NONE;

	if (vport == NICSW_NONE) /* LC-VF-2, LC-VF-3 */
		return;
	collect_vlans(change, vport, vlans);
	apply_vlan_policy(&vf->policy, vlans);
	port->flags = packet_filter_flags(vf->packet_filter);
	if (is_ready(change, vf, id))
		port->flags |= NICSW_PORT_READY;
	derive_filters(view_vport(change, vport), vlans, port);
	if (vf->policy.flags & NICSW_POLICY_TRUNK && !vf->policy.vlan)
		port->access_vid = 0; /* a list, even of one */
	port->station = nicsw_key(nicsw_vf_mac(vf), 0);
	port->max_frame =
		(vf->policy.mtu ? vf->policy.mtu : view_meta(change)->mtu) + ETHERNET_AND_TAG;
	derive_policy(change, &vf->policy, port);
	if (!nicsw_vf_link_up(view_meta(change), vf))
		port->flags =
			(port->flags & ~(NICSW_PORT_OPEN | NICSW_PORT_READY)) | NICSW_PORT_LINK_OFF;
}

void nicsw_derive_port(const struct nicsw_change *change, __u32 slot, struct nicsw_port *ret_port,
		       struct nicsw_vlan_set *ret_vlans)
{
	memset(ret_port, 0, sizeof(*ret_port));
	memset(ret_vlans, 0, sizeof(*ret_vlans));
	if (is_closed(change))
		return;
	if (slot == NICSW_SLOT_UPLINK)
		derive_uplink(change, ret_port);
	else if (slot == NICSW_SLOT_PF)
		derive_pf(change, ret_port);
	else if (is_pf_vport(change, slot))
		derive_pf_vport(change, slot, ret_port, ret_vlans);
	else
		derive_vf(change, slot - NICSW_SLOT_VF(0), ret_port, ret_vlans);
}

/* The policy of the VF that a VPort is attached to; NULL: it is one of the PF's. */
static const struct nicsw_policy *view_policy(const struct nicsw_change *change, __u32 slot)
{
	if (slot == NICSW_SLOT_PF || is_pf_vport(change, slot))
		return NULL;
	return &view_vf(change, slot - NICSW_SLOT_VF(0))->policy;
}

/* Access: untagged outside is the VLAN inside. What names another VLAN never matches. */
static __u32 access_entries(const struct nicsw_filter_record *record, __u16 vlan,
			    struct nicsw_derived_entry ret[NICSW_DERIVED_ENTRIES])
{
	if (record->vlan && record->vlan != vlan)
		return 0;
	ret[0].key = nicsw_key(record->mac, vlan);
	return 1;
}

static bool in_trunk(const struct nicsw_policy *policy, __u16 vid)
{
	return policy->trunk[vid / 64] >> (vid % 64) & 1;
}

/* Trunk: a filter without a VLAN holds in all of the list. */
static __u32 trunk_entries(const struct nicsw_filter_record *record,
			   const struct nicsw_policy *policy,
			   struct nicsw_derived_entry ret[NICSW_DERIVED_ENTRIES])
{
	__u32 count = 0;

	if (in_trunk(policy, record->vlan))
		ret[count++].key = nicsw_key(record->mac, record->vlan);
	if (!record->vlan)
		ret[count++].key = nicsw_key(record->mac, NICSW_VLAN_ANY);
	return count;
}

static __u32 open_entries(const struct nicsw_filter_record *record,
			  struct nicsw_derived_entry ret[NICSW_DERIVED_ENTRIES])
{
	ret[0].key = nicsw_key(record->mac, record->vlan);
	if (!is_any_vlan(record))
		return 1;
	ret[1].key = nicsw_key(record->mac, NICSW_VLAN_ANY);
	return 2;
}

__u32 nicsw_derive_entries(const struct nicsw_change *change, __u32 filter,
			   struct nicsw_derived_entry ret[NICSW_DERIVED_ENTRIES])
{
	const struct nicsw_filter_record *record = view_filter(change, filter);
	const struct nicsw_policy *policy;
	const struct nicsw_vport_record *vport;
	__u32 slot;

	if (record->state != NICSW_USED || record->vlan > NICSW_VID_MAX ||
	    record->mac[0] & 1) /* a group address steers no unicast */
		return 0;
	vport = view_vport(change, record->vport_id);
	slot = nicsw_derive_vport_slot(change, record->vport_id);
	if (slot == NICSW_NONE || vport->vport_state != NdisNicSwitchVPortStateActivated) /* FWD-13
											   */
		return 0;
	ret[0].slot = ret[1].slot = slot;
	policy = view_policy(change, slot);
	if (policy && policy->vlan)
		return access_entries(record, policy->vlan, ret);
	if (policy && policy->flags & NICSW_POLICY_TRUNK)
		return trunk_entries(record, policy, ret);
	return open_entries(record, ret);
}

static bool is_filtered(const struct nicsw_change *change, __u64 key)
{
	struct nicsw_derived_entry entries[NICSW_DERIVED_ENTRIES];
	__u32 filter, i, count;

	for (filter = 1; filter <= change->dataplane->maps.meta->max_filters; filter++) {
		count = nicsw_derive_entries(change, filter, entries);
		for (i = 0; i < count; i++)
			if (entries[i].key == key)
				return true;
	}
	return false;
}

bool nicsw_derive_station(const struct nicsw_change *change, __u64 *ret_key)
{
	__u64 key = nicsw_key(view_meta(change)->pf_mac, 0);

	/* The PF's netdev can be given any address, but not a VF's frames (GEN-22). */
	if (!switch_exists(change) || is_filtered(change, key))
		return false;
	*ret_key = key;
	return true;
}

bool nicsw_derive_flood(const struct nicsw_mapset *maps, __u32 key, struct nicsw_slot_set *ret)
{
	__u32 class = key & (NICSW_FLOOD_PEERS | NICSW_FLOOD_MULTICAST);
	__u32 vid = key & (NICSW_VLANS - 1);
	__u32 words = maps->meta->slot_words;
	__u32 word;
	bool members = false;

	memset(ret, 0, sizeof(*ret));
	for (word = 0; word < words; word++) {
		__u64 left = key == NICSW_FLOOD_BASE ? 0 : maps->vlan_members[vid * words + word];

		for (; left; left &= left - 1) {
			__u32 bit = __builtin_ctzll(left);
			__u32 slot = word * 64 + bit;

			if (slot >= maps->meta->slots ||
			    !nicsw_takes_group(&maps->ports[slot], class))
				continue;
			ret->words[word] |= 1ull << bit;
			members = true;
		}
	}
	if (nicsw_takes_group(&maps->ports[NICSW_SLOT_UPLINK], class)) /* FWD-20 */
		ret->words[0] |= 1ull << NICSW_SLOT_UPLINK;
	if (nicsw_takes_group(&maps->ports[NICSW_SLOT_PF], class))
		ret->words[0] |= 1ull << NICSW_SLOT_PF;
	return members;
}

static __u32 vf_features(const struct nicsw_vf_record *vf)
{
	const __u32 group = NDIS_PACKET_TYPE_BROADCAST | NDIS_PACKET_TYPE_ALL_MULTICAST;
	__u32 features = 0;

	if (vf->policy.vlan & NICSW_VLAN_SERVICE)
		features |= NICSW_FEATURE_SERVICE;
	if (vf->policy.flags & NICSW_POLICY_ISOLATED)
		features |= NICSW_FEATURE_ISOLATED;
	if (vf->policy.flags & NICSW_POLICY_TRUNK)
		features |= NICSW_FEATURE_ANY_VLAN;
	if (vf->packet_filter & group && (vf->packet_filter & group) != group &&
	    !(vf->packet_filter & NDIS_PACKET_TYPE_PROMISCUOUS))
		features |= NICSW_FEATURE_MULTICAST;
	return features;
}

__u32 nicsw_derive_features(const struct nicsw_change *change)
{
	const struct nicsw_meta *meta = view_meta(change);
	__u32 features = meta->features &
			 (NICSW_FEATURE_VEPA | NICSW_FEATURE_WIRE_DOWN | NICSW_FEATURE_UNBOUND);
	__u32 i;

	for (i = 0; i < meta->total_vfs; i++)
		if (view_vf(change, i)->state == NICSW_USED)
			features |= vf_features(view_vf(change, i));
	for (i = 1; i <= meta->max_filters; i++)
		if (view_filter(change, i)->state == NICSW_USED &&
		    is_any_vlan(view_filter(change, i)))
			features |= NICSW_FEATURE_ANY_VLAN;
	return meta->rate ? features | NICSW_FEATURE_SHARE : features;
}
