// SPDX-License-Identifier: GPL-2.0-only
#include "pf/host_vport.h"

#include <nicsw/ndis.h>

#include "core/log.h"
#include "core/steering.h"
#include "dataplane/derive.h"
#include "dataplane/port.h"
#include "pf/commit.h"
#include "pf/fault.h"

#define MAC_GROUP 0x01
#define MAC_LOCAL 0x02

static __u32 slot_of(const struct nicsw_adapter *adapter, __u32 k)
{
	return NICSW_SLOT_PF_VPORT(adapter->dataplane.maps.meta->total_vfs, k);
}

/* The k-th nondefault VPort of the PF, or NICSW_NONE. */
static __u32 vport_at(const struct nicsw_adapter *adapter, __u32 k)
{
	return adapter->dataplane.vf_vports[slot_of(adapter, k) - NICSW_SLOT_VF(0)];
}

static bool has_netdev(const struct nicsw_adapter *adapter, __u32 vport)
{
	return vport != NICSW_NONE && adapter->dataplane.maps.vports[vport].vport_state ==
					      NdisNicSwitchVPortStateActivated;
}

int nicsw_pf_host_vport_assign(struct nicsw_adapter *adapter, struct nicsw_vport_record *record,
			       struct nicsw_error *error)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 k;
	int result;

	for (k = 0; k < NICSW_PF_VPORTS && vport_at(adapter, k) != NICSW_NONE;)
		k++;
	if (k == NICSW_PF_VPORTS)
		return nicsw_fail(error, -ENOSPC, "CREATE-VP-10",
				  "the PF has all its %u nondefault VPorts", NICSW_PF_VPORTS);
	result = maps->ops->counters_reset(maps, slot_of(adapter, k));
	if (result)
		return nicsw_fail(error, -EIO, "CREATE-VP-29", "counters: %s", strerror(-result));
	record->pf_vport = k;
	return 0;
}

/* No other VPort of the PF has it, nor the uplink: one bit of the first byte says that it is local,
 * others which VPort's. */
static void local_address(const struct nicsw_meta *meta, __u32 k, __u8 mac[NICSW_MAC_SIZE])
{
	memcpy(mac, meta->uplink_mac, NICSW_MAC_SIZE);
	mac[0] = ((mac[0] & ~MAC_GROUP) | MAC_LOCAL) ^ ((k + 1) << 4);
}

static void choose_address(const struct nicsw_dataplane *dataplane, __u32 vport,
			   struct nicsw_vport_record *record)
{
	const struct nicsw_filter_record *filters = dataplane->maps.filters;
	__u32 filter, lowest = 0;

	for (filter = dataplane->index.first[vport]; filter; filter = dataplane->index.next[filter])
		if (!(filters[filter].mac[0] & MAC_GROUP) && (!lowest || filter < lowest))
			lowest = filter;
	if (lowest)
		memcpy(record->mac, filters[lowest].mac, sizeof(record->mac));
	else
		local_address(dataplane->maps.meta, record->pf_vport, record->mac);
}

static int create_netdev(struct nicsw_adapter *adapter, __u32 vport, const __u8 mac[NICSW_MAC_SIZE],
			 struct nicsw_error *error)
{
	int result =
		nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_NETDEV_CREATE, NICSW_FUNCTION_PF, error);

	if (result || !adapter->ports)
		return result;
	result = nicsw_port_create_vport(adapter->ports, &adapter->dataplane.maps, vport, mac,
					 error);
	if (!result)
		return 0;
	if (error) /* none of the caller's parameters (PARAM-VP-26) */
		error->code = -EIO;
	return -EIO;
}

/* Before the commit: what the switch is told to deliver to is there. */
int nicsw_pf_host_vport_activate(struct nicsw_adapter *adapter, __u32 vport,
				 struct nicsw_change *change, struct nicsw_error *error)
{
	struct nicsw_vport_record *record = nicsw_change_vport(change, vport);
	int result;

	choose_address(&adapter->dataplane, vport, record);
	result = create_netdev(adapter, vport, record->mac, error);
	if (result)
		return result;
	result = nicsw_pf_commit(change, error);
	if (result && adapter->ports)
		nicsw_port_delete_slot(adapter->ports, &adapter->dataplane.maps,
				       slot_of(adapter, record->pf_vport));
	return result;
}

/*
 * The commit stops it: no frame finds its port any more. Those that had found it are through after
 * a grace period. What the host still had in its queues goes with the netdev (DELETE-VP-9).
 */
int nicsw_pf_host_vport_stop(struct nicsw_adapter *adapter, __u32 vport,
			     struct nicsw_change *change, struct nicsw_error *error)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 slot = slot_of(adapter, maps->vports[vport].pf_vport);
	bool activated = has_netdev(adapter, vport);
	int result = nicsw_pf_commit(change, error);

	if (result || !activated)
		return result;
	result = maps->ops->grace_period(maps);
	if (result) /* the end of the netdev waits for one, too */
		nicsw_log(LOG_WARNING, "%s: grace period: %s", adapter->name, strerror(-result));
	if (adapter->ports)
		nicsw_port_delete_slot(adapter->ports, maps, slot);
	return 0;
}

static void netdev_name(const struct nicsw_adapter *adapter, __u32 vport,
			char dev[NICSW_IFNAME_SIZE])
{
	if (vport == NDIS_DEFAULT_VPORT_ID)
		nicsw_copy_text(dev, NICSW_IFNAME_SIZE, adapter->name);
	else
		nicsw_port_vport_dev(adapter->name, vport, dev);
}

/* 64 processors make a group. */
static __u32 processor_of(const struct nicsw_vport_record *record)
{
	return record->affinity_group * 64 + __builtin_ctzll(record->affinity_mask);
}

void nicsw_pf_host_vport_steer(struct nicsw_adapter *adapter, __u32 vport)
{
	const struct nicsw_vport_record *record = &adapter->dataplane.maps.vports[vport];
	char dev[NICSW_IFNAME_SIZE];
	int result;

	if (!adapter->ports || record->function != NICSW_FUNCTION_PF || !record->affinity_mask ||
	    !has_netdev(adapter, vport))
		return;
	netdev_name(adapter, vport, dev);
	result = nicsw_steering_set(dev, processor_of(record));
	if (result)
		nicsw_log(LOG_WARNING, "%s: processor of %s: %s", adapter->name, dev,
			  strerror(-result));
}

static void follow_address(struct nicsw_adapter *adapter, __u32 vport,
			   const struct nicsw_link *link)
{
	struct nicsw_change change;
	struct nicsw_error error;

	if (!memcmp(adapter->dataplane.maps.vports[vport].mac, link->mac, sizeof(link->mac)))
		return;
	nicsw_change_begin(&change, &adapter->dataplane, "vport address");
	memcpy(nicsw_change_vport(&change, vport)->mac, link->mac, sizeof(link->mac));
	if (nicsw_change_commit(&change, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

bool nicsw_pf_host_vport_link(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	char dev[NICSW_IFNAME_SIZE];
	__u32 k, vport;

	for (k = 0; k < NICSW_PF_VPORTS; k++) {
		vport = vport_at(adapter, k);
		if (!has_netdev(adapter, vport))
			continue;
		nicsw_port_vport_dev(adapter->name, vport, dev);
		if (!nicsw_streq(link->name, dev))
			continue;
		follow_address(adapter, vport, link);
		return true;
	}
	return false;
}

static void make_again(struct nicsw_adapter *adapter, __u32 vport)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_error error = {};

	nicsw_log(LOG_WARNING, "%s: the netdev of VPort %u is gone and is made again",
		  adapter->name, vport);
	maps->ops->flood_forget(maps);
	if (nicsw_port_create_vport(adapter->ports, maps, vport, maps->vports[vport].mac, &error) ||
	    nicsw_dataplane_repair(&adapter->dataplane) < 0)
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
	nicsw_pf_host_vport_steer(adapter, vport);
}

/* There, but perhaps with another address since, or left by a daemon that died while it made it. */
static void adopt_netdev(struct nicsw_adapter *adapter, __u32 vport, __u32 slot)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	char dev[NICSW_IFNAME_SIZE];
	struct nicsw_link link;

	if (nicsw_port_adopt_slot(adapter->ports, maps, slot) == -ENOENT) {
		nicsw_port_delete_slot(adapter->ports, maps, slot);
		make_again(adapter, vport);
		return;
	}
	nicsw_port_vport_dev(adapter->name, vport, dev);
	if (nicsw_link_get(dev, 0, &link) == 0)
		follow_address(adapter, vport, &link);
	nicsw_pf_host_vport_steer(adapter, vport);
}

void nicsw_pf_host_vports_adopt(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 k;

	for (k = 0; k < NICSW_PF_VPORTS; k++) {
		__u32 vport = vport_at(adapter, k), slot = slot_of(adapter, k);
		bool there = nicsw_port_has_slot(adapter->ports, maps, slot);

		if (there && !has_netdev(adapter, vport))
			nicsw_port_delete_slot(adapter->ports, maps, slot);
		else if (there)
			adopt_netdev(adapter, vport, slot);
		else if (has_netdev(adapter, vport))
			make_again(adapter, vport);
	}
}
