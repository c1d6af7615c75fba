// SPDX-License-Identifier: GPL-2.0-only
#include "pf/netdev.h"

#include "core/log.h"
#include "core/text.h"
#include "dataplane/change.h"
#include "dataplane/derive.h"
#include "pf/commit.h"
#include "pf/pf.h"

/* ---- the address of a trusted VF ----------------------------------------------------------------
 */

static bool same_mac(const __u8 *a, const __u8 *b)
{
	return memcmp(a, b, NICSW_MAC_SIZE) == 0;
}

static bool other_vf_has(const struct nicsw_mapset *maps, __u32 vf, const __u8 *mac)
{
	__u32 i;

	for (i = 0; i < maps->meta->total_vfs; i++)
		if (i != vf && maps->vfs[i].state == NICSW_USED &&
		    same_mac(nicsw_vf_mac(&maps->vfs[i]), mac))
			return true;
	return false;
}

/* In whatever VLAN, and whether the VPort is activated or not: a guest must not claim an address
 * that the host has given to somebody else. */
static bool other_vport_has(const struct nicsw_mapset *maps, __u32 vport, const __u8 *mac)
{
	__u32 filter;

	for (filter = 1; filter <= maps->meta->max_filters; filter++)
		if (maps->filters[filter].state == NICSW_USED &&
		    maps->filters[filter].vport_id != vport &&
		    same_mac(maps->filters[filter].mac, mac))
			return true;
	return false;
}

static int check_address(const struct nicsw_adapter *adapter, __u32 vf, const __u8 *mac,
			 struct nicsw_error *error)
{
	static const __u8 zero[NICSW_MAC_SIZE];
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	char text[NICSW_MAC_TEXT];

	nicsw_format_mac(mac, text);
	if (mac[0] & 1 || same_mac(mac, zero))
		return nicsw_fail(error, -EINVAL, "ALLOC-VF-8", "%s is no address of a VF", text);
	if (same_mac(mac, maps->meta->pf_mac))
		return nicsw_fail(error, -EINVAL, "SET-RF-28", "%s is the adapter's own", text);
	if (other_vf_has(maps, vf, mac) ||
	    other_vport_has(maps, nicsw_pf_vf_vport(adapter, vf), mac))
		return nicsw_fail(error, -EINVAL, "SET-RF-28", "%s is another VPort's", text);
	return 0;
}

/* Has the VPort a filter of this address and VLAN already? */
static bool vport_has(const struct nicsw_dataplane *dataplane, __u32 vport, const __u8 *mac,
		      __u16 vlan)
{
	const struct nicsw_filter_record *filters = dataplane->maps.filters;
	__u32 filter;

	for (filter = dataplane->index.first[vport]; filter; filter = dataplane->index.next[filter])
		if (filters[filter].vlan == vlan && same_mac(filters[filter].mac, mac))
			return true;
	return false;
}

/* The filters of the old address go on under the new one. */
static int move_filters(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf,
			const __u8 *mac, struct nicsw_error *error)
{
	const struct nicsw_dataplane *dataplane = &adapter->dataplane;
	const __u8 *old = nicsw_vf_mac(&dataplane->maps.vfs[vf]);
	__u32 vport = nicsw_pf_vf_vport(adapter, vf);
	__u32 filter;

	if (vport == NICSW_NONE)
		return 0;
	for (filter = dataplane->index.first[vport]; filter;
	     filter = dataplane->index.next[filter]) {
		const struct nicsw_filter_record *record = &dataplane->maps.filters[filter];

		if (!same_mac(record->mac, old) || vport_has(dataplane, vport, mac, record->vlan))
			continue;
		if (change->entry.num_writes == NICSW_JOURNAL_WRITES - 1)
			return nicsw_fail(error, -E2BIG, NULL,
					  "more than %u filters have its address",
					  NICSW_JOURNAL_WRITES - 2);
		memcpy(nicsw_change_filter(change, filter)->mac, mac, NICSW_MAC_SIZE);
	}
	return 0;
}

/* Source check and filters in one change (ALLOC-VF-22: what it was allocated with stays). */
static int take_address(struct nicsw_adapter *adapter, __u32 vf, const __u8 *mac,
			struct nicsw_error *error)
{
	struct nicsw_change change;
	int result = check_address(adapter, vf, mac, error);

	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "address of a guest");
	memcpy(nicsw_change_vf(&change, vf)->policy.mac, mac, NICSW_MAC_SIZE);
	result = move_filters(adapter, &change, vf, mac, error);
	return result ? result : nicsw_pf_commit(&change, error);
}

/* ---- what was seen ------------------------------------------------------------------------------
 */

static __u32 flags_of(const struct nicsw_meta *meta, __u32 found)
{
	bool hidden = found & (NICSW_NETDEV_TXVLAN | NICSW_NETDEV_UNSEEN);

	return found |
	       (hidden && meta->features & NICSW_FEATURE_UNBOUND ? NICSW_VF_QUARANTINED : 0);
}

static void log_quarantine(const struct nicsw_adapter *adapter, __u32 vf, __u32 before, __u32 now)
{
	if ((before ^ now) & NICSW_VF_QUARANTINED)
		nicsw_log(LOG_NOTICE, "%s: VF %u is %s", adapter->name, vf,
			  now & NICSW_VF_QUARANTINED
				  ? "quarantined: its tx VLAN offload may hide tags"
				  : "not quarantined any more");
}

static int note(struct nicsw_adapter *adapter, __u32 vf, __u32 found, struct nicsw_error *error)
{
	__u32 flags = flags_of(adapter->dataplane.maps.meta, found);
	__u32 before = adapter->dataplane.maps.vfs[vf].flags;
	struct nicsw_vf_record *record;
	struct nicsw_change change;
	int result;

	if ((before & NICSW_PF_NETDEV_FLAGS) == flags)
		return 0;
	nicsw_change_begin(&change, &adapter->dataplane, "vf netdev seen");
	record = nicsw_change_vf(&change, vf);
	record->flags = (record->flags & ~(__u32)NICSW_PF_NETDEV_FLAGS) | flags;
	result = nicsw_pf_commit(&change, error);
	if (!result)
		log_quarantine(adapter, vf, before, flags);
	return result;
}

int nicsw_pf_netdev_seen(struct nicsw_adapter *adapter, __u32 vf,
			 const struct nicsw_guest_end *seen, struct nicsw_error *error)
{
	const struct nicsw_vf_record *record = &adapter->dataplane.maps.vfs[vf];
	__u32 found = seen->found & NICSW_NETDEV_ALL;
	int taken = 0, noted;

	if (found & NICSW_NETDEV_MAC && record->policy.flags & NICSW_POLICY_TRUST) {
		taken = take_address(adapter, vf, seen->mac, error);
		if (!taken)
			found &= ~(__u32)NICSW_NETDEV_MAC;
	}
	noted = note(adapter, vf, found, taken ? NULL : error);
	return taken ? taken : noted;
}

void nicsw_pf_netdev_look(struct nicsw_adapter *adapter, __u32 vf)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_error error = {};
	struct nicsw_guest_end seen;

	if (!adapter->ports || vf >= maps->meta->total_vfs ||
	    !(maps->vfs[vf].flags & NICSW_VF_ATTACHED))
		return;
	/* One that is gone has an event of its own. */
	if (nicsw_guest_end_look(adapter->ports, maps, NICSW_SLOT_VF(vf), &seen))
		return;
	if (nicsw_pf_netdev_seen(adapter, vf, &seen, &error))
		nicsw_log(LOG_NOTICE, "%s: VF %u: %s", adapter->name, vf, error.text);
}

void nicsw_pf_netdevs_look(struct nicsw_adapter *adapter)
{
	__u32 vf;

	for (vf = 0; vf < adapter->dataplane.maps.meta->total_vfs; vf++)
		nicsw_pf_netdev_look(adapter, vf);
}
