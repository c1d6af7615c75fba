// SPDX-License-Identifier: GPL-2.0-only
#include "pf/reset.h"

#include <nicsw/iommu.h>

#include "pf/attach.h"
#include "pf/block.h"
#include "pf/commit.h"
#include "pf/driver.h"
#include "pf/fault.h"
#include "pf/netdev.h"
#include "pf/pf.h"

/*
 * From here on the VF is quiescent (RESET-VF-5): frames for it are dropped and counted
 * (RESET-VF-7). The journal makes registers and record change together, so a restart sees a reset
 * that has begun, or none.
 */
int nicsw_pf_begin_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	struct nicsw_change change;
	struct nicsw_vf_record *record;

	nicsw_change_begin(&change, &adapter->dataplane, "vf reset");
	nicsw_function_flr(&adapter->device, vf, nicsw_change_config(&change, vf));
	record = nicsw_change_vf(&change, vf);
	record->flags |= NICSW_VF_RESETTING;
	record->packet_filter = 0; /* what the VF driver set is gone (lifecycle.md 11) */
	nicsw_pf_blocks_reset(&change, vf, nicsw_pf_vf_vport(adapter, vf)); /* RESET-VF-13 */
	return nicsw_pf_commit(&change, error);
}

static int end_reset(struct nicsw_adapter *adapter, __u32 vf, bool start_driver,
		     struct nicsw_error *error)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "vf reset done");
	nicsw_change_vf(&change, vf)->flags &= ~NICSW_VF_RESETTING;
	if (start_driver)
		nicsw_pf_vf_driver_start(adapter, &change, vf);
	return nicsw_pf_commit(&change, error);
}

/*
 * A reset never waits for a guest: a netdev that vanished meanwhile is lost, and the reset is done
 * all the same (LC-DOWN-7). One that could not be brought up again leaves the VF out of reset, but
 * without driver.
 */
static int finish_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	bool attached = adapter->dataplane.maps.vfs[vf].flags & NICSW_VF_ATTACHED;
	int netdev = nicsw_pf_netdev_reset(adapter, vf, error);
	int result;

	/* Vectors masked, none pending (PCI-84): the guest's half, with the registers. */
	nicsw_msix_reset(&adapter->dataplane.maps.iommu[vf]);
	nicsw_pf_netdev_look(adapter, vf);
	result = end_reset(adapter, vf, attached && !netdev, netdev ? NULL : error);
	if (result || !netdev)
		return result;
	if (netdev == -ENODEV)
		return nicsw_pf_netdev_lost(adapter, vf, error) ? -EIO : 0;
	if (error)
		error->code = -EIO;
	return -EIO;
}

int nicsw_pf_vf_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error)
{
	int result;

	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_FLR, vf, error);
	if (!result)
		result = nicsw_pf_begin_reset(adapter, vf, error);
	if (result)
		return result;
	nicsw_pf_fault_slow_reset(adapter, vf);
	return finish_reset(adapter, vf, error);
}

int nicsw_pf_resume_resets(struct nicsw_adapter *adapter)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	int first = 0, result;
	__u32 vf;

	for (vf = 0; vf < maps->meta->total_vfs; vf++) {
		if (maps->vfs[vf].state != NICSW_USED ||
		    !(maps->vfs[vf].flags & NICSW_VF_RESETTING))
			continue;
		result = finish_reset(adapter, vf, NULL);
		if (result && !first)
			first = result;
	}
	return first;
}
