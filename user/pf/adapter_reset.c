// SPDX-License-Identifier: GPL-2.0-only
#include "pf/adapter_reset.h"

#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/reset.h"

int nicsw_pf_check_running(const struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	switch (adapter->dataplane.maps.meta->state) {
	case NICSW_ADAPTER_RUNNING:
		return 0;
	case NICSW_ADAPTER_RESETTING:
		return nicsw_fail(error, -EAGAIN, "GEN-15", "the adapter is being reset");
	case NICSW_ADAPTER_STOPPING:
		return nicsw_fail(error, -EAGAIN, "GEN-15", "the adapter is being halted");
	default:
		return nicsw_fail(error, -EAGAIN, "GEN-15", "the adapter is not running");
	}
}

/* All ports follow the state, closed before the registers go, open after they are back. */
static int set_state(struct nicsw_adapter *adapter, __u32 state, struct nicsw_error *error)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "adapter reset");
	nicsw_change_meta(&change)->state = state;
	return nicsw_pf_commit(&change, error);
}

int nicsw_pf_adapter_reset_begin(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	int result = nicsw_pf_check_running(adapter, error);

	if (!result)
		result = set_state(adapter, NICSW_ADAPTER_RESETTING, error);
	/* Without a journal: whoever finds RESETTING does it again. */
	if (!result)
		nicsw_device_power_on(&adapter->device);
	return result;
}

/* The VFs that the switch has enabled, static or not, are on the bus again. */
static void restore_switch(struct nicsw_adapter *adapter)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	const struct nicsw_switch_record *record = &maps->meta->nic_switch;

	nicsw_device_power_on(&adapter->device);
	if (record->state != NICSW_FREE && record->num_vfs)
		nicsw_sriov_enable(&adapter->device, maps->config_space[0], record->num_vfs);
}

/* Each as by a reset of its own: VPort and filters stay, the driver starts again. */
static int restore_vfs(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	int result, first = 0;
	__u32 vf;

	for (vf = 0; vf < maps->meta->total_vfs; vf++) {
		if (maps->vfs[vf].state != NICSW_USED)
			continue;
		result = nicsw_pf_begin_reset(adapter, vf, first ? NULL : error);
		first = first ? first : result;
	}
	result = nicsw_pf_resume_resets(adapter);
	if (!first && result)
		return nicsw_fail(error, result, "LC-RST-3", "a VF did not come up again: %s",
				  strerror(-result));
	return first;
}

/*
 * Whatever fails, the reset is over: nobody would ever end it otherwise. Then each port opens as
 * far as it can, without the order of a change.
 */
static int open_ports(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	int result = set_state(adapter, NICSW_ADAPTER_RUNNING, error);

	if (!result)
		return 0;
	__atomic_store_n(&adapter->dataplane.maps.meta->state, NICSW_ADAPTER_RUNNING,
			 __ATOMIC_RELEASE);
	nicsw_dataplane_repair(&adapter->dataplane);
	return result;
}

int nicsw_pf_adapter_reset_finish(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	int result, vfs;

	restore_switch(adapter);
	vfs = restore_vfs(adapter, error);
	result = open_ports(adapter, vfs ? NULL : error);
	return vfs ? vfs : result;
}

__u64 nicsw_pf_adapter_reset_time(const struct nicsw_adapter *adapter)
{
	return nicsw_fault_on(adapter->dataplane.maps.faults, NICSW_FAULT_SLOW_RESET,
			      NICSW_FUNCTION_PF)
		       ? NICSW_RESET_BUDGET_NS / 1000
		       : 0;
}
