// SPDX-License-Identifier: GPL-2.0-only
#include "pf/attach.h"

#include <nicsw/iommu.h>

#include "core/log.h"
#include "dataplane/change.h"
#include "dataplane/port.h"
#include "pf/block.h"
#include "pf/driver.h"
#include "pf/fault.h"
#include "pf/netdev.h"
#include "pf/pf.h"

static struct nicsw_vf_record *vf_record(struct nicsw_adapter *adapter, __u32 vf)
{
	return &adapter->dataplane.maps.vfs[vf];
}

static int check_attach(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	const struct nicsw_vf_record *record;

	if (vf >= meta->nic_switch.num_vfs || vf_record(adapter, vf)->state != NICSW_USED)
		return nicsw_fail(error, -EINVAL, "LC-VF-1", "VF %u is not allocated", vf);
	if (!adapter->ports)
		return nicsw_fail(error, -ENODEV, NULL, "this adapter has no netdevs");
	record = vf_record(adapter, vf);
	if (!(record->flags & NICSW_VF_ATTACHED))
		return 0;
	if (nicsw_port_has_vf(adapter->ports, &adapter->dataplane.maps, vf))
		return nicsw_fail(error, -EBUSY, NULL, "VF %u has its netdev %s in %s already", vf,
				  record->dev, record->netns);
	/* Its end has not been told yet. */
	return nicsw_pf_netdev_lost(adapter, vf, error);
}

static int commit_attach(struct nicsw_adapter *adapter, __u32 vf, const char *netns,
			 const char *dev, struct nicsw_error *error)
{
	struct nicsw_change change;
	struct nicsw_vf_record *record;

	nicsw_change_begin(&change, &adapter->dataplane, "vf attach");
	record = nicsw_change_vf(&change, vf);
	record->flags &= ~(__u32)(NICSW_VF_LOST | NICSW_PF_NETDEV_FLAGS);
	record->flags |= NICSW_VF_ATTACHED;
	nicsw_copy_text(record->netns, sizeof(record->netns), netns);
	nicsw_copy_text(record->dev, sizeof(record->dev), dev);
	nicsw_pf_vf_driver_start(adapter, &change, vf);
	return nicsw_change_commit(&change, error);
}

int nicsw_pf_vf_attach(struct nicsw_adapter *adapter, __u32 vf, const char *netns, const char *dev,
		       struct nicsw_error *error)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	int result = check_attach(adapter, vf, error);

	if (result)
		return result;
	if (strlen(netns) >= NICSW_NETNS_SIZE || strlen(dev) >= NICSW_IFNAME_SIZE)
		return nicsw_fail(error, -ENAMETOOLONG, NULL,
				  "namespace or device name is too long");
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_NETDEV_CREATE, vf, error);
	if (!result)
		result = nicsw_port_create_vf(adapter->ports, maps, vf, netns, dev, error);
	if (result)
		return result;
	/* A policy may have been set before there was a netdev. */
	result = nicsw_port_follow_policy(adapter->ports, maps, vf, error);
	if (!result)
		result = commit_attach(adapter, vf, netns, dev, error);
	if (result)
		nicsw_port_delete_vf(adapter->ports, maps, vf);
	else
		nicsw_pf_netdev_look(adapter, vf); /* its guest had it before we were done */
	return result;
}

/* Nothing of the netdev is left in the record, and no driver (RXQ-20). */
static void forget_netdev(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf)
{
	struct nicsw_vf_record *record = nicsw_change_vf(change, vf);

	record->flags &= ~(__u32)(NICSW_VF_ATTACHED | NICSW_VF_LOST | NICSW_PF_NETDEV_FLAGS);
	memset(record->netns, 0, sizeof(record->netns));
	memset(record->dev, 0, sizeof(record->dev));
	nicsw_pf_vf_driver_stop(adapter, change, vf);
}

int nicsw_pf_vf_detach(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_change change;
	int result;

	if (vf >= meta->nic_switch.num_vfs || vf_record(adapter, vf)->state != NICSW_USED)
		return nicsw_fail(error, -EINVAL, "LC-VF-1", "VF %u is not allocated", vf);
	if (!(vf_record(adapter, vf)->flags & (NICSW_VF_ATTACHED | NICSW_VF_LOST)))
		return nicsw_fail(error, -EINVAL, NULL, "VF %u has no netdev", vf);
	nicsw_change_begin(&change, &adapter->dataplane, "vf detach");
	forget_netdev(adapter, &change, vf);
	/* Unreachable before it goes. */
	result = nicsw_change_commit(&change, error);
	if (!result && adapter->ports)
		nicsw_port_delete_vf(adapter->ports, &adapter->dataplane.maps, vf);
	return result;
}

int nicsw_pf_netdev_lost(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	struct nicsw_change change;
	struct nicsw_vf_record *record;
	int result;

	nicsw_change_begin(&change, &adapter->dataplane, "vf lost its netdev");
	record = nicsw_change_vf(&change, vf);
	record->flags &= ~(__u32)(NICSW_VF_ATTACHED | NICSW_PF_NETDEV_FLAGS);
	record->flags |= NICSW_VF_LOST;
	record->packet_filter = 0;
	nicsw_function_flr(&adapter->device, vf, nicsw_change_config(&change, vf));
	nicsw_pf_blocks_reset(&change, vf, nicsw_pf_vf_vport(adapter, vf));
	result = nicsw_change_commit(&change, error);
	if (!result)
		nicsw_msix_reset(&adapter->dataplane.maps.iommu[vf]);
	if (!result && adapter->ports)
		nicsw_port_delete_vf(adapter->ports, &adapter->dataplane.maps, vf);
	return result;
}

int nicsw_pf_netdev_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	if (!adapter->ports || !(vf_record(adapter, vf)->flags & NICSW_VF_ATTACHED))
		return 0;
	return nicsw_port_reset_vf(adapter->ports, &adapter->dataplane.maps, vf, error);
}

void nicsw_pf_netdevs_adopt(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_error error;
	__u32 vf;

	for (vf = 0; vf < maps->meta->total_vfs; vf++) {
		bool there = nicsw_port_has_vf(adapter->ports, maps, vf);
		bool wanted = maps->vfs[vf].flags & NICSW_VF_ATTACHED;

		if (there && !wanted)
			nicsw_port_delete_vf(adapter->ports, maps, vf);
		if (!wanted || there)
			continue;
		nicsw_log(LOG_WARNING, "%s: the netdev of VF %u is gone", adapter->name, vf);
		if (nicsw_pf_netdev_lost(adapter, vf, &error))
			nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
	}
}
