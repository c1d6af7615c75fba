/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs must see, derived from the records: pure functions, nothing is written.
 *
 * Each takes a change and looks at the records as they will be after it; an empty change shows them
 * as they are.
 */
#ifndef NICSW_DATAPLANE_DERIVE_H
#define NICSW_DATAPLANE_DERIVE_H

#include "dataplane/change.h"

/*
 * The VLANs of a VPort: those of its filters (FWD-23), or what the host's policy says. 0 =
 * untagged.
 */
struct nicsw_vlan_set {
	__u64 words[NICSW_VLANS / 64];
	__u32 num_filters;
	__u32 num_vlans;
	__u16 lowest;
};

static inline bool nicsw_vlan_set_has(const struct nicsw_vlan_set *set, __u32 vid)
{
	return set->words[vid / 64] >> (vid % 64) & 1;
}

/* The address of a VF's netdev and of its source check. */
static inline const __u8 *nicsw_vf_mac(const struct nicsw_vf_record *vf)
{
	static const __u8 as_allocated[NICSW_MAC_SIZE];

	return memcmp(vf->policy.mac, as_allocated, sizeof(as_allocated)) ? vf->policy.mac
									  : vf->current_mac;
}

/* Is the VF's link up, as far as the host decides it? */
static inline bool nicsw_vf_link_up(const struct nicsw_meta *meta, const struct nicsw_vf_record *vf)
{
	if (vf->policy.link == NICSW_LINK_AUTO)
		return !(meta->features & NICSW_FEATURE_WIRE_DOWN);
	return vf->policy.link == NICSW_LINK_ENABLE;
}

/*
 * Is the port a receiver of the group frames of a class (FWD-21, FWD-22)? class: NICSW_FLOOD_PEERS
 * and NICSW_FLOOD_MULTICAST.
 */
static inline bool nicsw_takes_group(const struct nicsw_port *port, __u32 class)
{
	const __u32 flags =
		NICSW_PORT_OPEN | NICSW_PORT_READY |
		(class & NICSW_FLOOD_MULTICAST ? NICSW_PORT_MULTICAST : NICSW_PORT_BROADCAST);

	return (port->flags & flags) == flags &&
	       !(class & NICSW_FLOOD_PEERS && port->flags & NICSW_PORT_ISOLATED);
}

/* Has the class groups of its own, with these NICSW_FEATURE_*? Class 0 has. */
static inline bool nicsw_flood_class_used(__u32 class, __u32 features)
{
	return (!(class & NICSW_FLOOD_PEERS) || features & NICSW_FEATURE_ISOLATED) &&
	       (!(class & NICSW_FLOOD_MULTICAST) || features & NICSW_FEATURE_MULTICAST);
}

/*
 * The slot of a VPort: the PF's for the default one, that of its VF, or one of those behind the
 * VFs. NICSW_NONE: the record is free, or damaged: a slot is an index from here on.
 */
static inline __u32 nicsw_vport_slot(const struct nicsw_meta *meta, __u32 vport,
				     const struct nicsw_vport_record *record)
{
	if (record->state != NICSW_USED)
		return NICSW_NONE;
	if (record->function < meta->total_vfs)
		return NICSW_SLOT_VF(record->function);
	if (record->function != NICSW_FUNCTION_PF)
		return NICSW_NONE;
	if (vport == 0)
		return NICSW_SLOT_PF;
	return record->pf_vport < NICSW_PF_VPORTS
		       ? NICSW_SLOT_PF_VPORT(meta->total_vfs, record->pf_vport)
		       : NICSW_NONE;
}

/* The same of a VPort as it will be after the change; NICSW_NONE if there is no such VPort. */
__u32 nicsw_derive_vport_slot(const struct nicsw_change *change, __u32 vport);

/* The port record of a slot, and the VLAN set of its VPort (empty for uplink and default VPort). */
void nicsw_derive_port(const struct nicsw_change *change, __u32 slot, struct nicsw_port *ret_port,
		       struct nicsw_vlan_set *ret_vlans);

/* What a filter, or the station, has in the filter table. */
struct nicsw_derived_entry {
	__u64 key;
	__u32 slot;
};

/*
 * A filter that holds in any VLAN has an entry for frames without a tag, and one for all others
 * (MATCH-12).
 */
#define NICSW_DERIVED_ENTRIES 2u

/* Returns the number of entries: 0 if it is free, of a group, on a VPort that is not activated
 * (FWD-13), or in a VLAN that the policy of its VF excludes. */
__u32 nicsw_derive_entries(const struct nicsw_change *change, __u32 filter,
			   struct nicsw_derived_entry ret[NICSW_DERIVED_ENTRIES]);

/* The station entry of the default VPort: the PF's own MAC, untagged; false without a switch, or if
 * a filter has it. */
bool nicsw_derive_station(const struct nicsw_change *change, __u64 *ret_key);

/* The flood group of a key, VLAN | class, from the tables; false if it has no members of its own.
 */
bool nicsw_derive_flood(const struct nicsw_mapset *maps, __u32 key, struct nicsw_slot_set *ret);

/* NICSW_FEATURE_* that the policies and filters ask for. */
__u32 nicsw_derive_features(const struct nicsw_change *change);

#endif
