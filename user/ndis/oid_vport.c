// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "ndis/ownership.h"
#include "pf/pf.h"

static int check_identifiers(const struct nicsw_ndis_call *call,
			     const struct ndis_nic_switch_vport_parameters *parameters)
{
	int result;

	result = nicsw_ids_switch(call, parameters->switch_id, "CREATE-VP-3");
	if (result)
		return result;
	if (parameters->vport_id != NDIS_DEFAULT_VPORT_ID)
		return nicsw_fail(call->error, -EINVAL, "CREATE-VP-4",
				  "VPortId %u: NDIS chooses it, it must be 0 on input",
				  parameters->vport_id);
	if (parameters->attached_function_id == NDIS_PF_FUNCTION_ID)
		return 0;
	return nicsw_ids_vf(call, parameters->attached_function_id, "CREATE-VP-7", "CREATE-VP-7");
}

/* The state is not for the caller to choose; he may state what it will be, or leave it out. */
static int check_state(const struct nicsw_ndis_call *call, bool on_pf, __u32 state)
{
	__u32 must = on_pf ? NdisNicSwitchVPortStateDeactivated : NdisNicSwitchVPortStateActivated;

	if (state == must || state == NdisNicSwitchVPortStateUndefined)
		return 0;
	return nicsw_fail(call->error, -EINVAL, on_pf ? "CREATE-VP-17" : "CREATE-VP-16",
			  "VPortState %u: a VPort on %s starts with %u", state,
			  on_pf ? "the PF" : "a VF", must);
}

int nicsw_vport_check_moderation(const struct nicsw_ndis_call *call, __u32 moderation,
				 const char *rule)
{
	switch (moderation) {
	case NdisNicSwitchVPortInterruptModerationUndefined:
	case NdisNicSwitchVPortInterruptModerationAdaptive:
	case NdisNicSwitchVPortInterruptModerationOff:
	case NdisNicSwitchVPortInterruptModerationLow:
	case NdisNicSwitchVPortInterruptModerationMedium:
	case NdisNicSwitchVPortInterruptModerationHigh:
		return 0;
	}
	return nicsw_fail(call->error, -EINVAL, rule,
			  "InterruptModeration %u is none of 0, 1, 2, 100, 200, 300", moderation);
}

static int check_members(const struct nicsw_ndis_call *call,
			 const struct ndis_nic_switch_vport_parameters *parameters)
{
	bool on_pf = parameters->attached_function_id == NDIS_PF_FUNCTION_ID;
	int result;

	result = check_state(call, on_pf, parameters->vport_state);
	if (!result)
		result = nicsw_vport_check_moderation(call, parameters->interrupt_moderation,
						      "CREATE-VP-21");
	if (result)
		return result;
	if (on_pf && !parameters->processor_affinity.mask)
		return nicsw_fail(call->error, -EINVAL, "CREATE-VP-19",
				  "ProcessorAffinity names no processor");
	if (parameters->lookahead_size)
		return nicsw_fail(call->error, -EINVAL, "CREATE-VP-23",
				  "LookaheadSize %u: it must be 0", parameters->lookahead_size);
	return 0;
}

/* Moderation per VPort is not advertised (CAP-SW-14): a level is ignored, not refused
 * (CREATE-VP-22). */
static __u32 known_moderation(__u32 moderation)
{
	return moderation == NdisNicSwitchVPortInterruptModerationAdaptive
		       ? moderation
		       : NdisNicSwitchVPortInterruptModerationUndefined;
}

static int read_vport(struct nicsw_ndis_call *call,
		      const struct ndis_nic_switch_vport_parameters *parameters,
		      struct nicsw_vport_record *wanted)
{
	int result;

	wanted->function = parameters->attached_function_id;
	wanted->queue_pairs = parameters->num_queue_pairs;
	wanted->interrupt_moderation = known_moderation(parameters->interrupt_moderation);
	if (wanted->function == NICSW_FUNCTION_PF) { /* not valid on a VF (CREATE-VP-20) */
		wanted->affinity_mask = parameters->processor_affinity.mask;
		wanted->affinity_group = parameters->processor_affinity.group;
	}
	result = nicsw_call_text(call, &parameters->vport_name, "VPortName", &wanted->name);
	if (!result)
		result = nicsw_ownership_record(call, wanted->owner);
	return result;
}

int nicsw_oid_create_vport(struct nicsw_ndis_call *call)
{
	__u32 vport = nicsw_ids_free_vport(call->adapter);
	struct ndis_nic_switch_vport_parameters parameters;
	struct nicsw_vport_record wanted = {};
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_identifiers(call, &parameters);
	if (!result)
		result = check_members(call, &parameters);
	if (!result)
		result = read_vport(call, &parameters, &wanted);
	if (!result)
		result = nicsw_pf_vport_create(call->adapter, vport, &wanted, call->error);
	if (result)
		return result;
	nicsw_call_write(call, ndis_nic_switch_vport_parameters, vport_id, vport);
	return 0;
}

int nicsw_oid_delete_vport(struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_delete_vport_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	if (parameters.vport_id == NDIS_DEFAULT_VPORT_ID)
		return nicsw_fail(call->error, -EINVAL, "DELETE-VP-3",
				  "the default VPort cannot be deleted");
	result = nicsw_ids_vport(call, parameters.vport_id, "DELETE-VP-4");
	if (!result)
		result = nicsw_ownership_check_vport(call, parameters.vport_id, "GEN-28");
	if (result)
		return result;
	return nicsw_pf_vport_delete(call->adapter, parameters.vport_id, call->error);
}

#define ON_FUNCTION NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION
#define ON_SWITCH   NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH

static int check_enum(const struct nicsw_ndis_call *call,
		      const struct ndis_nic_switch_vport_info_array *array)
{
	__u32 asked = array->flags & (ON_FUNCTION | ON_SWITCH);

	if (asked == (ON_FUNCTION | ON_SWITCH))
		return nicsw_fail(call->error, -EINVAL, "ENUM-VP-6",
				  "the flags for one function and one switch exclude each other");
	if (asked == ON_SWITCH && array->switch_id != NDIS_DEFAULT_SWITCH_ID)
		return nicsw_fail(call->error, -EINVAL, "ENUM-VP-4",
				  "switch %u: there is only switch 0", array->switch_id);
	if (asked == ON_FUNCTION && array->attached_function_id != NDIS_PF_FUNCTION_ID)
		return nicsw_ids_vf(call, array->attached_function_id, "ENUM-VP-7", "ENUM-VP-7");
	return 0;
}

static bool is_selected(const struct nicsw_vport_record *record,
			const struct ndis_nic_switch_vport_info_array *array)
{
	return record->state == NICSW_USED &&
	       (!(array->flags & ON_FUNCTION) || record->function == array->attached_function_id);
}

static void describe_vport(const struct nicsw_dataplane *dataplane, __u32 vport,
			   struct ndis_nic_switch_vport_info *info)
{
	const struct nicsw_vport_record *record = &dataplane->maps.vports[vport];

	*info = (struct ndis_nic_switch_vport_info){
		.header = nicsw_element_header(sizeof(*info)),
		.vport_id = vport,
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.vport_name = record->name,
		.attached_function_id = record->function,
		.num_queue_pairs = record->queue_pairs,
		.interrupt_moderation = record->interrupt_moderation,
		.vport_state = record->vport_state,
		.processor_affinity = {.mask = record->affinity_mask,
				       .group = record->affinity_group},
		.num_filters = dataplane->index.count[vport], /* ENUM-VP-10 */
	};
}

/* In ascending order (ENUM-VP-9). */
int nicsw_oid_enum_vports(struct nicsw_ndis_call *call)
{
	const struct nicsw_dataplane *dataplane = &call->adapter->dataplane;
	const struct nicsw_vport_record *vports = dataplane->maps.vports;
	const size_t elements = offsetof(struct ndis_nic_switch_vport_info_array, elements);
	struct ndis_nic_switch_vport_info_array array;
	struct ndis_nic_switch_vport_info info;
	__u32 vport, count = 0, i = 0;
	int result;

	nicsw_call_read(call, &array, sizeof(array));
	result = check_enum(call, &array);
	if (result)
		return result;
	for (vport = 0; vport < dataplane->maps.meta->nic_switch.num_vports; vport++)
		count += is_selected(&vports[vport], &array);
	result = nicsw_call_array_begin(call, elements, count, sizeof(info), "ENUM-VP-2");
	if (result)
		return result;
	for (vport = 0; i < count; vport++) {
		if (!is_selected(&vports[vport], &array))
			continue;
		describe_vport(dataplane, vport, &info);
		nicsw_call_array_put(call, elements, i++, &info);
	}
	return 0;
}
