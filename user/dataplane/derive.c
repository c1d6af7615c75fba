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

	if (!record || record->state != NICSW_USED)
		return NICSW_NONE;
	if (record->function == NICSW_FUNCTION_PF)
		return NICSW_SLOT_PF;
	/* A slot is an index from here on: a damaged record has none. */
	return record->function < change->dataplane->maps.meta->total_vfs
		       ? NICSW_SLOT_VF(record->function)
		       : NICSW_NONE;
}

/* An edited VPort record decides; else what the index knows, unless that record was edited away. */
static __u32 vf_vport(const struct nicsw_change *change, __u32 vf)
{
	const struct nicsw_journal *entry = &change->entry;
	__u32 vport = change->dataplane->vf_vports[vf];
	__u32 i;

	for (i = 0; i < entry->num_writes; i++)
		if (entry->writes[i].map == NICSW_MAP_VPORTS &&
		    nicsw_derive_vport_slot(change, entry->writes[i].index) == NICSW_SLOT_VF(vf))
			return entry->writes[i].index;
	if (vport == NICSW_NONE || nicsw_derive_vport_slot(change, vport) != NICSW_SLOT_VF(vf))
		return NICSW_NONE;
	return vport;
}

static void add_vlan(struct nicsw_vlan_set *set, __u16 vid)
{
	set->num_filters++;
	if (nicsw_vlan_set_has(set, vid))
		return;
	set->words[vid / 64] |= 1ull << (vid % 64);
	if (!set->num_vlans++ || vid < set->lowest)
		set->lowest = vid;
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

	if (is_on_vport(record, vport))
		add_vlan(set, record->vlan);
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

static void derive_uplink(const struct nicsw_change *change, struct nicsw_port *port)
{
	if (!switch_exists(change)) /* LC-SW-1 */
		return;
	port->flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_GROUP |
		      NICSW_PORT_UNMATCHED;
	port->max_frame = view_meta(change)->uplink_mtu + ETHERNET_AND_TAG;
}

/* The PF is promiscuous, as below an extensible switch (RXQ-24), and may send any source (FWD-32 is
 * for VFs). */
static void derive_pf(const struct nicsw_change *change, struct nicsw_port *port)
{
	derive_uplink(change, port);
	if (switch_exists(change))
		port->station = nicsw_key(view_meta(change)->pf_mac, 0);
}

static __u32 packet_filter_flags(__u32 packet_filter)
{
	const __u32 group = NDIS_PACKET_TYPE_BROADCAST | NDIS_PACKET_TYPE_ALL_MULTICAST;
	__u32 flags = 0;

	/* RXQ-23: promiscuous never widens what is switched to a VF, it only does not reduce it. */
	if (packet_filter & NDIS_PACKET_TYPE_PROMISCUOUS)
		return NICSW_PORT_DIRECTED | NICSW_PORT_GROUP;
	if (packet_filter & NDIS_PACKET_TYPE_DIRECTED)
		flags |= NICSW_PORT_DIRECTED;
	if ((packet_filter & group) == group)
		flags |= NICSW_PORT_GROUP;
	return flags;
}

/* PCI-25 (Bus Master), PCI-102 (D3), FWD-14 (reset, no driver): otherwise nothing enters or leaves
 * the VF. */
static bool is_ready(const struct nicsw_change *change, const struct nicsw_vf_record *vf, __u32 id)
{
	const __u8 *pf_config = nicsw_change_view(change, NICSW_MAP_CONFIG_SPACE, 0);
	const __u8 *config = nicsw_change_view(change, NICSW_MAP_CONFIG_SPACE, id + 1);

	return (vf->flags & NICSW_VF_ATTACHED) &&
	       !(vf->flags & (NICSW_VF_RESETTING | NICSW_VF_LOST)) && vf->packet_filter &&
	       nicsw_function_bus_master(config) &&
	       nicsw_function_effective_power(pf_config, config) == NICSW_D0;
}

static void derive_vf(const struct nicsw_change *change, __u32 id, struct nicsw_port *port,
		      struct nicsw_vlan_set *vlans)
{
	const struct nicsw_vf_record *vf = view_vf(change, id);
	__u32 vport = vf->state == NICSW_USED ? vf_vport(change, id) : NICSW_NONE;

	if (vport == NICSW_NONE) /* LC-VF-2, LC-VF-3 */
		return;
	collect_vlans(change, vport, vlans);
	port->flags = NICSW_PORT_SPOOF_CHECK | packet_filter_flags(vf->packet_filter);
	if (vlans->num_filters &&
	    view_vport(change, vport)->vport_state == NdisNicSwitchVPortStateActivated) /* FLOW-7 */
		port->flags |= NICSW_PORT_OPEN;
	if (is_ready(change, vf, id))
		port->flags |= NICSW_PORT_READY;
	if (nicsw_vlan_set_has(vlans, 0))
		port->flags |= NICSW_PORT_UNTAGGED;
	if (vlans->num_vlans == 1) /* MATCH-14; 0 is untagged, not an access VLAN */
		port->access_vid = vlans->lowest;
	port->station = nicsw_key(vf->current_mac, 0);
	port->max_frame = view_meta(change)->mtu + ETHERNET_AND_TAG;
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
	else
		derive_vf(change, slot - NICSW_SLOT_VF(0), ret_port, ret_vlans);
}

bool nicsw_derive_entry(const struct nicsw_change *change, __u32 filter, __u64 *ret_key,
			__u32 *ret_slot)
{
	const struct nicsw_filter_record *record = view_filter(change, filter);
	const struct nicsw_vport_record *vport;
	__u32 slot;

	if (record->state != NICSW_USED || record->vlan > NICSW_VID_MAX ||
	    record->mac[0] & 1) /* a group address steers no unicast */
		return false;
	vport = view_vport(change, record->vport_id);
	slot = nicsw_derive_vport_slot(change, record->vport_id);
	if (slot == NICSW_NONE || vport->vport_state != NdisNicSwitchVPortStateActivated) /* FWD-13
											   */
		return false;
	*ret_key = nicsw_key(record->mac, record->vlan);
	*ret_slot = slot;
	return true;
}

static bool is_filtered(const struct nicsw_change *change, __u64 key)
{
	__u32 filter, slot;
	__u64 found;

	for (filter = 1; filter <= change->dataplane->maps.meta->max_filters; filter++)
		if (nicsw_derive_entry(change, filter, &found, &slot) && found == key)
			return true;
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

bool nicsw_derive_flood(const struct nicsw_mapset *maps, __u32 vid, struct nicsw_slot_set *ret)
{
	__u32 words = maps->meta->slot_words;
	__u32 word;
	bool members = false;

	memset(ret, 0, sizeof(*ret));
	for (word = 0; word < words; word++) {
		__u64 left = vid < NICSW_MAX_VLANS ? maps->vlan_members[vid * words + word] : 0;

		for (; left; left &= left - 1) {
			__u32 bit = __builtin_ctzll(left);
			__u32 slot = word * 64 + bit;

			if (slot >= maps->meta->slots || !nicsw_takes_group(&maps->ports[slot]))
				continue;
			ret->words[word] |= 1ull << bit;
			members = true;
		}
	}
	if (nicsw_takes_group(&maps->ports[NICSW_SLOT_UPLINK])) /* FWD-20 */
		ret->words[0] |= 1ull << NICSW_SLOT_UPLINK;
	if (nicsw_takes_group(&maps->ports[NICSW_SLOT_PF]))
		ret->words[0] |= 1ull << NICSW_SLOT_PF;
	return members;
}
