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

/* The VLAN ids of a VPort's filters, 0 = untagged (FWD-23). */
struct nicsw_vlan_set {
	__u64 words[NICSW_MAX_VLANS / 64];
	__u32 num_filters;
	__u32 num_vlans;
	__u16 lowest;
};

static inline bool nicsw_vlan_set_has(const struct nicsw_vlan_set *set, __u32 vid)
{
	return set->words[vid / 64] >> (vid % 64) & 1;
}

/* Is the port a receiver of group frames (FWD-21)? */
static inline bool nicsw_takes_group(const struct nicsw_port *port)
{
	const __u32 flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_GROUP;

	return (port->flags & flags) == flags;
}

/* The slot of a VPort's function; NICSW_NONE if there is no such VPort. */
__u32 nicsw_derive_vport_slot(const struct nicsw_change *change, __u32 vport);

/* The port record of a slot, and for a VF's slot the VLAN set of its VPort (empty for uplink and
 * PF). */
void nicsw_derive_port(const struct nicsw_change *change, __u32 slot, struct nicsw_port *ret_port,
		       struct nicsw_vlan_set *ret_vlans);

/* Key and slot of a filter's table entry; false if it has none (free, group address, VPort not
 * activated). */
bool nicsw_derive_entry(const struct nicsw_change *change, __u32 filter, __u64 *ret_key,
			__u32 *ret_slot);

/* The station entry of the default VPort: the PF's own MAC, untagged; false without a switch, or if
 * a filter has it. */
bool nicsw_derive_station(const struct nicsw_change *change, __u64 *ret_key);

/* The flood group of vid, from the tables; false if it has no members of its own. */
bool nicsw_derive_flood(const struct nicsw_mapset *maps, __u32 vid, struct nicsw_slot_set *ret);

#endif
