// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/ndis.h>

#include "core/steering.h"
#include "pf/capability.h"
#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/pf.h"

static int check_settings(const struct nicsw_capability *capability,
			  const struct nicsw_switch_settings *settings, struct nicsw_error *error)
{
	if (settings->num_vfs > capability->max_num_vfs)
		return nicsw_fail(error, -EINVAL, "CREATE-SW-5",
				  "%u VFs are more than the %u of the adapter", settings->num_vfs,
				  capability->max_num_vfs);
	if (settings->num_vports && (settings->num_vports <= settings->num_vfs ||
				     settings->num_vports > NICSW_VPORTS(settings->num_vfs)))
		return nicsw_fail(error, -EINVAL, "CAP-SW-7", "%u VPorts are not in %u..%u",
				  settings->num_vports, settings->num_vfs + 1,
				  NICSW_VPORTS(settings->num_vfs));
	if (!settings->default_queue_pairs ||
	    settings->default_queue_pairs > capability->max_num_queue_pairs_for_default_vport)
		return nicsw_fail(error, -EINVAL, "CREATE-SW-9",
				  "%u queue pairs for the default VPort are not in 1..%u",
				  settings->default_queue_pairs,
				  capability->max_num_queue_pairs_for_default_vport);
	return 0;
}

/* CAP-SW-17: unless less is wanted, one VPort for each VF and all that the PF can have. */
static void describe_switch(struct nicsw_switch_record *record,
			    const struct nicsw_switch_settings *settings)
{
	*record = (struct nicsw_switch_record){
		.state = NICSW_USED,
		.num_vfs = settings->num_vfs,
		.num_vports = settings->num_vports ? settings->num_vports
						   : NICSW_VPORTS(settings->num_vfs),
		.default_queue_pairs = settings->default_queue_pairs,
		.name = settings->name,
	};
}

/* Made here and only here (CREATE-SW-17). */
static void describe_default_vport(struct nicsw_vport_record *record, __u32 queue_pairs)
{
	*record = (struct nicsw_vport_record){
		.state = NICSW_USED,
		.vport_state = NdisNicSwitchVPortStateActivated,
		.function = NICSW_FUNCTION_PF,
		.queue_pairs = queue_pairs,
	};
}

/* CREATE-SW-10; the bus routine refuses NumVFs 0, a switch without VFs leaves VF Enable clear
 * (CREATE-SW-15). */
static int enable_virtualization(struct nicsw_adapter *adapter, struct nicsw_change *change,
				 __u32 num_vfs, struct nicsw_error *error)
{
	int result;

	if (!num_vfs)
		return 0;
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION, NICSW_FUNCTION_PF,
				error);
	if (result)
		return result;
	result = nicsw_sriov_enable(&adapter->device,
				    nicsw_change_config(change, NICSW_FUNCTION_PF), num_vfs);
	if (result)
		return nicsw_fail(error, -EIO, "CREATE-SW-12", "cannot enable %u VFs: %s", num_vfs,
				  strerror(-result));
	/* VF Enable is still 0 in the registers: nobody sees these spaces, they need no journal
	 * (PCI-43). */
	nicsw_device_reset_vfs(&adapter->device);
	return 0;
}

int nicsw_pf_switch_create(struct nicsw_adapter *adapter,
			   const struct nicsw_switch_settings *settings, struct nicsw_error *error)
{
	struct nicsw_capability capability = nicsw_pf_capability(adapter);
	struct nicsw_change change;
	int result;

	if (adapter->dataplane.maps.meta->nic_switch.state == NICSW_USED)
		return nicsw_fail(error, -EINVAL, "CREATE-SW-13", "the switch exists already");
	result = check_settings(&capability, settings, error);
	if (!result)
		result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_SWITCH_CREATE, NICSW_FUNCTION_PF,
					error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch create");
	result = enable_virtualization(adapter, &change, settings->num_vfs, error);
	if (result)
		return result;
	describe_switch(&nicsw_change_meta(&change)->nic_switch, settings);
	describe_default_vport(nicsw_change_vport(&change, NDIS_DEFAULT_VPORT_ID),
			       settings->default_queue_pairs);
	return nicsw_pf_commit(&change, error);
}

int nicsw_pf_switch_rename(struct nicsw_adapter *adapter, const struct nicsw_text *name,
			   struct nicsw_error *error)
{
	struct nicsw_change change;
	int result;

	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_SWITCH_SET, NICSW_FUNCTION_PF, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch rename");
	nicsw_change_meta(&change)->nic_switch.name = *name;
	return nicsw_pf_commit(&change, error);
}

/* Teardown goes in the reverse order of creation: filters, VPorts, VFs, switch (LC-SW-3). */
static int check_empty(const struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	const struct nicsw_dataplane *dataplane = &adapter->dataplane;
	const struct nicsw_switch_record *nic_switch = &dataplane->maps.meta->nic_switch;
	__u32 i;

	if (dataplane->index.num_filters)
		return nicsw_fail(error, -EINVAL, "DELETE-SW-4", "%u filters are still set",
				  dataplane->index.num_filters);
	for (i = 1; i < nic_switch->num_vports; i++)
		if (dataplane->maps.vports[i].state == NICSW_USED)
			return nicsw_fail(error, -EINVAL, "DELETE-SW-5", "VPort %u still exists",
					  i);
	for (i = 0; i < nic_switch->num_vfs; i++)
		if (dataplane->maps.vfs[i].state == NICSW_USED)
			return nicsw_fail(error, -EINVAL, "DELETE-SW-6", "VF %u is still allocated",
					  i);
	return 0;
}

int nicsw_pf_switch_delete(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	bool steered = adapter->dataplane.maps.vports[NDIS_DEFAULT_VPORT_ID].affinity_mask;
	struct nicsw_change change;
	__u8 *pf_space;
	int result;

	if (adapter->dataplane.maps.meta->nic_switch.state != NICSW_USED)
		return nicsw_fail(error, -ENOENT, "DELETE-SW-3", "there is no switch");
	result = check_empty(adapter, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch delete");
	pf_space = nicsw_change_config(&change, NICSW_FUNCTION_PF);
	if (nicsw_sriov_num_vfs(pf_space)) /* DELETE-SW-9 */
		nicsw_sriov_disable(&adapter->device, pf_space, 0);
	memset(&nicsw_change_meta(&change)->nic_switch, 0, sizeof(struct nicsw_switch_record));
	memset(nicsw_change_vport(&change, NDIS_DEFAULT_VPORT_ID), 0, /* DELETE-SW-11 */
	       sizeof(struct nicsw_vport_record));
	result = nicsw_pf_commit(&change, error);
	if (!result && steered && adapter->ports) /* the PF's netdev stays */
		nicsw_steering_set(adapter->name, NICSW_CPU_ANY);
	return result;
}
