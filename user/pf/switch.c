// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/ndis.h>

#include "core/steering.h"
#include "pf/capability.h"
#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/iommu.h"
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
	nicsw_pf_iommu_reset_vfs(adapter);
	return 0;
}

/* Registers and record; the default VPort comes with CREATE_SWITCH only (CREATE-SW-17). */
static int plan_switch(struct nicsw_adapter *adapter, struct nicsw_change *change,
		       const struct nicsw_switch_settings *settings, struct nicsw_error *error)
{
	int result = enable_virtualization(adapter, change, settings->num_vfs, error);

	if (!result)
		describe_switch(&nicsw_change_meta(change)->nic_switch, settings);
	return result;
}

static int check_create(const struct nicsw_adapter *adapter,
			const struct nicsw_switch_settings *settings, struct nicsw_error *error)
{
	const struct nicsw_switch_record *record = &adapter->dataplane.maps.meta->nic_switch;
	struct nicsw_capability capability = nicsw_pf_capability(adapter);
	int result;

	if (record->state == NICSW_USED)
		return nicsw_fail(error, -EINVAL, "CREATE-SW-13", "the switch exists already");
	if (record->state == NICSW_BUILT && !nicsw_pf_switch_is_built(adapter, settings))
		return nicsw_fail(error, -EINVAL, "CREATE-SW-6",
				  "the static switch was built with other parameters: %u VFs, "
				  "%u VPorts, %u queue pairs for the default VPort, and its name",
				  record->num_vfs, record->num_vports, record->default_queue_pairs);
	result = check_settings(&capability, settings, error);
	return result ? result
		      : nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_SWITCH_CREATE, NICSW_FUNCTION_PF,
				       error);
}

int nicsw_pf_switch_create(struct nicsw_adapter *adapter,
			   const struct nicsw_switch_settings *settings, struct nicsw_error *error)
{
	bool built = adapter->dataplane.maps.meta->nic_switch.state == NICSW_BUILT;
	struct nicsw_change change;
	int result = check_create(adapter, settings, error);

	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch create");
	if (!built) /* CREATE-SW-11 */
		result = plan_switch(adapter, &change, settings, error);
	if (result)
		return result;
	nicsw_change_meta(&change)->nic_switch.state = NICSW_USED;
	describe_default_vport(nicsw_change_vport(&change, NDIS_DEFAULT_VPORT_ID),
			       settings->default_queue_pairs);
	return nicsw_pf_commit(&change, error);
}

/* ---- static creation ----------------------------------------------------------------------------
 */

static bool same_name(const struct nicsw_text *a, const struct nicsw_text *b)
{
	return a->length == b->length && memcmp(a->units, b->units, a->length) == 0;
}

bool nicsw_pf_switch_is_built(const struct nicsw_adapter *adapter,
			      const struct nicsw_switch_settings *settings)
{
	const struct nicsw_switch_record *record = &adapter->dataplane.maps.meta->nic_switch;
	struct nicsw_switch_record wanted;

	describe_switch(&wanted, settings);
	return record->state == NICSW_BUILT && record->num_vfs == wanted.num_vfs &&
	       record->num_vports == wanted.num_vports &&
	       record->default_queue_pairs == wanted.default_queue_pairs &&
	       same_name(&record->name, &wanted.name);
}

struct nicsw_switch_settings nicsw_pf_switch_stored(const struct nicsw_adapter *adapter)
{
	const struct nicsw_interface *interface = &adapter->interface;
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;

	return (struct nicsw_switch_settings){
		.num_vfs = nicsw_pf_capability(adapter).max_num_vfs, /* *NumVFs, CAP-SW-10 */
		.default_queue_pairs = MAX(interface->default_queue_pairs, 1u),
		.name = meta->flags & NICSW_META_SWITCH_NAME ? meta->switch_name
							     : interface->switch_name,
	};
}

int nicsw_pf_switch_build(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	struct nicsw_switch_settings settings = nicsw_pf_switch_stored(adapter);
	struct nicsw_capability capability = nicsw_pf_capability(adapter);
	struct nicsw_switch_record *record;
	struct nicsw_change change;
	int result = check_settings(&capability, &settings, error);

	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch build");
	result = plan_switch(adapter, &change, &settings, error);
	if (result)
		return result;
	record = &nicsw_change_meta(&change)->nic_switch;
	record->state = NICSW_BUILT;
	record->flags = NICSW_SWITCH_STATIC;
	return nicsw_pf_commit(&change, error);
}

/* What is left of a switch that nobody uses: record and registers (DELETE-SW-9). */
static void plan_removal(struct nicsw_adapter *adapter, struct nicsw_change *change)
{
	__u8 *pf_space = nicsw_change_config(change, NICSW_FUNCTION_PF);

	if (nicsw_sriov_num_vfs(pf_space))
		nicsw_sriov_disable(&adapter->device, pf_space, 0);
	memset(&nicsw_change_meta(change)->nic_switch, 0, sizeof(struct nicsw_switch_record));
}

int nicsw_pf_switch_dismantle(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	struct nicsw_change change;

	if (adapter->dataplane.maps.meta->nic_switch.state != NICSW_BUILT)
		return 0;
	nicsw_change_begin(&change, &adapter->dataplane, "switch dismantle");
	plan_removal(adapter, &change);
	return nicsw_pf_commit(&change, error);
}

/* ---- changing and deleting ----------------------------------------------------------------------
 */

/*
 * Stored in any case (PARAM-SW-10). A static switch keeps its parameters until it is built again
 * (PARAM-SW-11).
 */
int nicsw_pf_switch_rename(struct nicsw_adapter *adapter, const struct nicsw_text *name,
			   struct nicsw_error *error)
{
	const struct nicsw_switch_record *record = &adapter->dataplane.maps.meta->nic_switch;
	bool later = record->flags & NICSW_SWITCH_STATIC && !same_name(&record->name, name);
	struct nicsw_change change;
	struct nicsw_meta *meta;
	int result;

	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_SWITCH_SET, NICSW_FUNCTION_PF, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch rename");
	meta = nicsw_change_meta(&change);
	meta->switch_name = *name;
	meta->flags |= NICSW_META_SWITCH_NAME;
	if (!later)
		meta->nic_switch.name = *name;
	result = nicsw_pf_commit(&change, error);
	if (result || !later)
		return result;
	return nicsw_fail(error, -ERESTART, "PARAM-SW-9",
			  "the name is stored; a static switch takes it when it is deleted and "
			  "SR-IOV is turned off and on");
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
	int result;

	if (adapter->dataplane.maps.meta->nic_switch.state != NICSW_USED)
		return nicsw_fail(error, -ENOENT, "DELETE-SW-3", "there is no switch");
	result = check_empty(adapter, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "switch delete");
	if (nicsw_change_meta(&change)->nic_switch.flags & NICSW_SWITCH_STATIC)
		nicsw_change_meta(&change)->nic_switch.state = NICSW_BUILT; /* DELETE-SW-7, -10 */
	else
		plan_removal(adapter, &change);
	memset(nicsw_change_vport(&change, NDIS_DEFAULT_VPORT_ID), 0, /* DELETE-SW-11 */
	       sizeof(struct nicsw_vport_record));
	result = nicsw_pf_commit(&change, error);
	if (!result && steered && adapter->ports) /* the PF's netdev stays */
		nicsw_steering_set(adapter->name, NICSW_CPU_ANY);
	return result;
}
