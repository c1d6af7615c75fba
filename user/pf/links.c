// SPDX-License-Identifier: GPL-2.0-only
/* The netdevs of an adapter come, go and change by themselves: what the records do about it. */
#include <nicsw/ndis.h>

#include "core/log.h"
#include "dataplane/change.h"
#include "dataplane/port.h"
#include "dataplane/uplink.h"
#include "pf/adapter.h"
#include "pf/attach.h"
#include "pf/host_vport.h"
#include "pf/link_state.h"
#include "pf/netdev.h"

/* All ports are in the mode that the uplink has. */
static int attach_uplink(struct nicsw_adapter *adapter, char *warning, size_t size,
			 struct nicsw_error *error)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	bool generic = maps->meta->uplink_generic;
	int result = nicsw_uplink_attach(adapter->ports, maps, warning, size, error);

	if (generic != maps->meta->uplink_generic)
		nicsw_ports_follow_mode(adapter->ports, maps);
	return result;
}

/* Its program may have been taken from it, by a link detach or with all of a dispatcher's. */
static void attach_uplink_again(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_error error = {};
	char warning[200] = "";
	struct nicsw_link link;
	int result;

	if (nicsw_link_get(NULL, maps->meta->uplink_ifindex, &link) ||
	    nicsw_port_uplink_attached(adapter->ports, maps->meta))
		return;
	result = attach_uplink(adapter, warning, sizeof(warning), &error);
	nicsw_log(LOG_WARNING, "%s: the uplink's program was gone%s%s", adapter->name,
		  result ? ": " : " and has been attached again", result ? error.text : "");
}

/* The uplink may have gone, or come back as another netdev, while no daemon was there. */
static void adopt_uplink(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_link link;

	if (nicsw_link_get(NULL, maps->meta->uplink_ifindex, &link) &&
	    nicsw_link_get(maps->meta->uplink, 0, &link)) {
		nicsw_log(LOG_WARNING, "%s: uplink %s is missing", adapter->name,
			  maps->meta->uplink);
		nicsw_pf_wire_follow(adapter);
		return;
	}
	nicsw_adapter_host_link(adapter, &link, false);
	attach_uplink_again(adapter);
}

/* There, but perhaps with another address since, or another name. */
static void adopt_pf_mac(struct nicsw_adapter *adapter)
{
	__u32 ifindex = nicsw_port_pf_ifindex(adapter->ports, &adapter->dataplane.maps);
	struct nicsw_link link;

	if (ifindex && nicsw_link_get(NULL, ifindex, &link) == 0)
		nicsw_adapter_host_link(adapter, &link, false);
}

static void adopt_pf(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_error error = {};

	if (nicsw_port_has_pf(adapter->ports, maps)) {
		adopt_pf_mac(adapter);
		nicsw_pf_host_vport_steer(adapter, NDIS_DEFAULT_VPORT_ID);
		return;
	}
	nicsw_log(LOG_WARNING, "%s: the PF's netdev is gone and is made again", adapter->name);
	maps->ops->flood_forget(maps);
	if (nicsw_port_create_pf(adapter->ports, maps, &error) ||
	    nicsw_dataplane_repair(&adapter->dataplane) < 0)
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
	nicsw_pf_host_vport_steer(adapter, NDIS_DEFAULT_VPORT_ID);
}

static void mark(struct nicsw_adapter *adapter, __u32 slot)
{
	if (slot < adapter->dataplane.maps.meta->slots)
		adapter->to_look.words[slot / 64] |= 1ull << (slot % 64);
}

void nicsw_adapter_look(struct nicsw_adapter *adapter)
{
	__u32 word;

	for (word = 0; word < NICSW_MAX_SLOT_WORDS; word++) {
		__u64 left = adapter->to_look.words[word];

		adapter->to_look.words[word] = 0;
		for (; left; left &= left - 1) {
			__u32 slot = word * 64 + __builtin_ctzll(left);

			nicsw_pf_netdev_look(adapter, slot - NICSW_SLOT_VF(0));
		}
	}
}

void nicsw_adapter_switch_link(struct nicsw_adapter *adapter, const struct nicsw_link *link,
			       bool gone)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 slot = link->ifindex - maps->meta->ifindex_base;
	__u32 vf = slot - NICSW_SLOT_VF(0);
	struct nicsw_error error;

	/* In a guest's namespace, where anything may have any number: a word to look oneself. */
	if (link->netnsid >= 0) {
		mark(adapter, link->peer_ifindex - maps->meta->ifindex_base);
		return;
	}
	if (gone && slot == NICSW_SLOT_PF)
		adopt_pf(adapter);
	else if (gone && slot >= NICSW_SLOT_PF_VPORT(maps->meta->total_vfs, 0))
		nicsw_pf_host_vports_adopt(adapter);
	if (!gone || vf >= maps->meta->total_vfs || !(maps->vfs[vf].flags & NICSW_VF_ATTACHED) ||
	    nicsw_port_has_vf(adapter->ports, maps, vf))
		return;
	nicsw_log(LOG_WARNING, "%s: the netdev of VF %u vanished", adapter->name, vf);
	if (nicsw_pf_netdev_lost(adapter, vf, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

/* The station entry of the default VPort follows the PF netdev's address. */
static void follow_pf_mac(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_change change;
	struct nicsw_error error;

	if (memcmp(meta->pf_mac, link->mac, sizeof(link->mac)) == 0)
		return;
	nicsw_change_begin(&change, &adapter->dataplane, "pf address");
	memcpy(nicsw_change_meta(&change)->pf_mac, link->mac, sizeof(link->mac));
	if (nicsw_change_commit(&change, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

/*
 * The same name, another netdev, and the old one is gone: the uplink was made again. One that the
 * host uses is left to it; the word takeover was said for another netdev.
 */
static void return_uplink(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_meta *meta = maps->meta;
	struct nicsw_error error = {};
	char warning[200] = "";
	struct nicsw_meta found = *meta;
	struct nicsw_link old;
	int result;

	if (nicsw_link_get(NULL, meta->uplink_ifindex, &old) != -ENODEV)
		return;
	result = nicsw_uplink_check(link->name, false, &found, &error);
	if (!result) {
		nicsw_uplink_remember(&found);
		meta->uplink_restore = found.uplink_restore;
		meta->uplink_mtu = found.uplink_mtu;
		meta->uplink_ifindex = found.uplink_ifindex;
		result = attach_uplink(adapter, warning, sizeof(warning), &error);
	}
	nicsw_log(result ? LOG_WARNING : LOG_NOTICE, "%s: %s%s%s", adapter->name,
		  result ? error.text : "the uplink is back", *warning ? ": " : "", warning);
	maps->ops->flood_forget(maps);
	nicsw_dataplane_repair(&adapter->dataplane);
	nicsw_pf_wire_follow(adapter);
}

/* Another name or MTU of the same netdev. */
static void follow_uplink(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_change change;
	struct nicsw_error error;
	struct nicsw_meta *edited;

	if (nicsw_streq(link->name, meta->uplink) && link->mtu == meta->uplink_mtu)
		return;
	nicsw_log(LOG_NOTICE, "%s: uplink %s is now %s, MTU %u", adapter->name, meta->uplink,
		  link->name, link->mtu);
	nicsw_change_begin(&change, &adapter->dataplane, "uplink changed");
	edited = nicsw_change_meta(&change);
	edited->uplink_mtu = link->mtu;
	nicsw_copy_text(edited->uplink, sizeof(edited->uplink), link->name);
	if (nicsw_change_commit(&change, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

/* By number, not by name: it may be given another one, and its old one to another netdev. */
static bool is_pf(const struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;

	return link->peer_ifindex == maps->meta->ifindex_base + NICSW_SLOT_PF &&
	       link->ifindex == nicsw_port_pf_ifindex(adapter->ports, maps);
}

void nicsw_adapter_host_link(struct nicsw_adapter *adapter, const struct nicsw_link *link,
			     bool gone)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;

	if (link->ifindex == meta->uplink_ifindex) {
		if (gone)
			nicsw_log(LOG_WARNING, "%s: uplink %s vanished", adapter->name,
				  meta->uplink);
		else
			follow_uplink(adapter, link);
		nicsw_pf_wire_follow(adapter);
	} else if (!gone && is_pf(adapter, link)) {
		follow_pf_mac(adapter, link);
	} else if (!gone && nicsw_pf_host_vport_link(adapter, link)) {
		return;
	} else if (nicsw_streq(link->name, meta->uplink) && !gone) {
		return_uplink(adapter, link);
	}
}

void nicsw_adapter_check_links(struct nicsw_adapter *adapter)
{
	adopt_pf(adapter);
	adopt_uplink(adapter);
	nicsw_pf_netdevs_adopt(adapter);
	nicsw_pf_host_vports_adopt(adapter);
	nicsw_pf_netdevs_look(adapter);
}
