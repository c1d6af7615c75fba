// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* Change bits in Flags have a meaning only in the set form of PARAMETERS (CREATE-SW-14). */
static int read_settings(struct nicsw_ndis_call *call, struct nicsw_switch_settings *ret)
{
	struct ndis_nic_switch_parameters parameters;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	if (parameters.switch_id != NDIS_DEFAULT_SWITCH_ID)
		return nicsw_fail(call->error, -EINVAL, "CREATE-SW-4",
				  "switch %u: there is only switch 0", parameters.switch_id);
	if (parameters.switch_type != NdisNicSwitchTypeExternal)
		return nicsw_fail(call->error, -EINVAL, "CREATE-SW-3",
				  "switch type %u: only external switches (1) exist",
				  parameters.switch_type);
	ret->num_vfs = parameters.num_vfs;
	ret->num_vports = 0;
	ret->default_queue_pairs =
		call->revision < 2
			? NDIS_NIC_SWITCH_PARAMETERS_DEFAULT_NUMBER_OF_QUEUE_PAIRS_FOR_DEFAULT_VPORT
			: parameters.num_queue_pairs_for_default_vport; /* CREATE-SW-8 */
	return nicsw_call_text(call, &parameters.switch_friendly_name, "SwitchFriendlyName",
			       &ret->name);
}

int nicsw_oid_create_switch(struct nicsw_ndis_call *call)
{
	struct nicsw_switch_settings settings;
	int result;

	result = read_settings(call, &settings);
	if (result)
		return result;
	return nicsw_pf_switch_create(call->adapter, &settings, call->error);
}

int nicsw_oid_delete_switch(struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_delete_switch_parameters parameters;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	if (parameters.switch_id != NDIS_DEFAULT_SWITCH_ID)
		return nicsw_fail(call->error, -ENOENT, "DELETE-SW-3",
				  "switch %u: there is only switch 0", parameters.switch_id);
	return nicsw_pf_switch_delete(call->adapter, call->error);
}

static void count_vfs(const struct nicsw_mapset *maps, struct ndis_nic_switch_info *info)
{
	__u32 vf;

	for (vf = 0; vf < info->num_vfs; vf++)
		info->num_allocated_vfs += maps->vfs[vf].state == NICSW_USED;
}

/* "Active" means existing here, not the Activated state; the default VPort counts (ENUM-SW-6). */
static void count_vports(const struct nicsw_mapset *maps, struct ndis_nic_switch_info *info)
{
	__u32 vport;

	info->num_active_vports = 1;
	for (vport = 1; vport < info->num_vports; vport++) {
		if (maps->vports[vport].state != NICSW_USED)
			continue;
		info->num_active_vports++;
		info->num_queue_pairs_for_nondefault_vports += maps->vports[vport].queue_pairs;
	}
}

/* ENUM-SW-7: the unicast MAC filters and the VLAN filters that are set now. */
static void count_filters(const struct nicsw_dataplane *dataplane,
			  struct ndis_nic_switch_info *info)
{
	__u32 left = dataplane->index.num_filters;
	__u32 filter;

	for (filter = 1; left && filter <= dataplane->index.max_filters; filter++) {
		const struct nicsw_filter_record *record = &dataplane->maps.filters[filter];
		bool unicast = !(record->mac[0] & 1);
		bool vlan = record->flags & NICSW_FILTER_VLAN;

		if (record->state != NICSW_USED)
			continue;
		left--;
		if (record->vport_id == NDIS_DEFAULT_VPORT_ID) {
			info->num_active_default_vport_mac_addresses += unicast;
			info->num_active_default_vport_vlan_ids += vlan;
		} else {
			info->num_active_nondefault_vport_mac_addresses += unicast;
			info->num_active_nondefault_vport_vlan_ids += vlan;
		}
	}
}

static void describe_switch(const struct nicsw_dataplane *dataplane,
			    struct ndis_nic_switch_info *info)
{
	const struct nicsw_switch_record *record = &dataplane->maps.meta->nic_switch;

	*info = (struct ndis_nic_switch_info){
		.header = nicsw_element_header(sizeof(*info)),
		.switch_type = NdisNicSwitchTypeExternal,
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.switch_friendly_name = record->name,
		.num_vfs = record->num_vfs,
		.num_vports = record->num_vports,
		.num_queue_pairs_for_default_vport = record->default_queue_pairs,
	};
	count_vfs(&dataplane->maps, info);
	count_vports(&dataplane->maps, info);
	count_filters(dataplane, info);
}

int nicsw_oid_enum_switches(struct nicsw_ndis_call *call)
{
	const struct nicsw_dataplane *dataplane = &call->adapter->dataplane;
	const size_t elements = offsetof(struct ndis_nic_switch_info_array, elements);
	struct ndis_object_header header =
		nicsw_element_header(NDIS_SIZEOF_NIC_SWITCH_INFO_ARRAY_REVISION_1);
	bool exists = dataplane->maps.meta->nic_switch.state == NICSW_USED;
	struct ndis_nic_switch_info info;
	int result;

	result = nicsw_call_array_begin(call, elements, exists, sizeof(info), "ENUM-SW-2");
	if (result)
		return result;
	/* A query need not bring the header, so it is written too. */
	nicsw_call_write(call, ndis_nic_switch_info_array, header, header);
	if (exists) {
		describe_switch(dataplane, &info);
		nicsw_call_array_put(call, elements, 0, &info);
	}
	return 0;
}

/* The record of the switch is the cache: CREATE_SWITCH and later sets fill it (PARAM-SW-4). */
int nicsw_oid_get_switch_parameters(struct nicsw_ndis_call *call)
{
	const struct nicsw_switch_record *record = &call->adapter->dataplane.maps.meta->nic_switch;
	struct ndis_nic_switch_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_switch(call, parameters.switch_id, "PARAM-SW-3");
	if (result)
		return result;
	parameters.switch_type = NdisNicSwitchTypeExternal;
	parameters.switch_friendly_name = record->name;
	parameters.num_vfs = record->num_vfs;
	parameters.num_queue_pairs_for_default_vport = record->default_queue_pairs;
	nicsw_call_write_all(call, &parameters);
	return 0;
}

/* Only the name can change; members without a flag of theirs are not looked at (PARAM-SW-6). */
int nicsw_oid_set_switch_parameters(struct nicsw_ndis_call *call)
{
	const __u32 name_changed = NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED;
	struct ndis_nic_switch_parameters parameters;
	struct nicsw_text name;
	__u32 changes;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_switch(call, parameters.switch_id, "PARAM-SW-3");
	if (result)
		return result;
	changes = parameters.flags & NDIS_NIC_SWITCH_PARAMETERS_CHANGE_MASK;
	if (changes & ~name_changed)
		return nicsw_fail(call->error, -EINVAL, "PARAM-SW-7", "unknown change flags 0x%08x",
				  changes & ~name_changed);
	if (!changes) /* PARAM-SW-12 */
		return 0;
	result = nicsw_call_text(call, &parameters.switch_friendly_name, "SwitchFriendlyName",
				 &name);
	if (result)
		return result;
	return nicsw_pf_switch_rename(call->adapter, &name, call->error);
}
