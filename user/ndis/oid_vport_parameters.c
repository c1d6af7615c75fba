// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

#define CHANGED(NAME) NDIS_NIC_SWITCH_VPORT_PARAMS_##NAME##_CHANGED

static int read_parameters(struct nicsw_ndis_call *call,
			   struct ndis_nic_switch_vport_parameters *parameters)
{
	int result;

	nicsw_call_read(call, parameters, sizeof(*parameters));
	result = nicsw_ids_switch(call, parameters->switch_id, "PARAM-VP-3");
	if (result)
		return result;
	return nicsw_ids_vport(call, parameters->vport_id, "PARAM-VP-4");
}

/* From the records, which every successful set has changed (PARAM-VP-5, PARAM-VP-25). */
int nicsw_oid_get_vport_parameters(struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_vport_parameters parameters;
	const struct nicsw_vport_record *record;
	int result;

	result = read_parameters(call, &parameters);
	if (result)
		return result;
	record = &call->adapter->dataplane.maps.vports[parameters.vport_id];
	parameters.vport_name = record->name;
	parameters.attached_function_id = record->function;
	parameters.num_queue_pairs = record->queue_pairs;
	parameters.interrupt_moderation = record->interrupt_moderation;
	parameters.vport_state = record->vport_state;
	parameters.processor_affinity.mask = record->affinity_mask;
	parameters.processor_affinity.group = record->affinity_group;
	parameters.lookahead_size = 0;
	nicsw_call_write_all(call, &parameters);
	return 0;
}

/* Moderation per VPort is not advertised (CAP-SW-14), nor is VMMQ. */
static int check_fixed(const struct nicsw_ndis_call *call,
		       const struct ndis_nic_switch_vport_parameters *parameters)
{
	int result;

	if (parameters->flags & CHANGED(NUM_QUEUE_PAIRS))
		return nicsw_fail(call->error, -EINVAL, "PARAM-VP-19",
				  "the number of queue pairs is fixed at creation");
	if (!(parameters->flags & CHANGED(INT_MOD)))
		return 0;
	result =
		nicsw_vport_check_moderation(call, parameters->interrupt_moderation, "PARAM-VP-17");
	if (result)
		return result;
	return nicsw_fail(call->error, -EOPNOTSUPP, "PARAM-VP-18",
			  "interrupt moderation cannot be set for one VPort");
}

/*
 * Flags of the VPort may be changed, but there is none that this adapter has: they are ignored
 * (PARAM-VP-22, GEN-18). NdkParams and QosSqId are members of a revision that is not known here.
 */
static int check_flags(const struct nicsw_ndis_call *call, __u32 flags)
{
	const __u32 known = CHANGED(FLAGS) | CHANGED(NAME) | CHANGED(INT_MOD) | CHANGED(STATE) |
			    CHANGED(PROCESSOR_AFFINITY) | CHANGED(NUM_QUEUE_PAIRS);
	__u32 unknown = flags & NDIS_NIC_SWITCH_VPORT_PARAMS_CHANGE_MASK & ~known;

	if (unknown)
		return nicsw_fail(call->error, -EINVAL, "PARAM-VP-9", "unknown change flags 0x%08x",
				  unknown);
	return 0;
}

int nicsw_oid_set_vport_parameters(struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_vport_parameters parameters;
	struct nicsw_vport_settings settings = {};
	struct nicsw_text name;
	int result;

	result = read_parameters(call, &parameters);
	if (!result)
		result = check_flags(call, parameters.flags);
	if (!result)
		result = check_fixed(call, &parameters);
	if (!result && (parameters.flags & CHANGED(NAME)))
		result = nicsw_call_text(call, &parameters.vport_name, "VPortName", &name);
	if (result)
		return result;
	/* PARAM-VP-6: what is not flagged is not looked at. */
	if (parameters.flags & CHANGED(NAME))
		settings.name = &name;
	if (parameters.flags & CHANGED(STATE))
		settings.state = &parameters.vport_state;
	if (parameters.flags & CHANGED(PROCESSOR_AFFINITY))
		settings.affinity = &parameters.processor_affinity;
	return nicsw_pf_vport_set(call->adapter, parameters.vport_id, &settings, call->error);
}
