// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

/* What is not given comes from the stored configuration, as NDIS takes it from there (LC-UP-1). */
static enum nicsw_exit read_stored(struct nicsw_cli *cli, const struct nicsw_arguments *arguments,
				   struct ndis_nic_switch_parameters *ret)
{
	struct nicsw_adapter_status status;
	enum nicsw_exit code;

	if (nicsw_given(arguments, NICSW_PARAMETER_NUM_VFS) &&
	    nicsw_given(arguments, NICSW_PARAMETER_QUEUE_PAIRS) &&
	    nicsw_given(arguments, NICSW_PARAMETER_TEXT))
		return NICSW_EXIT_DONE;
	code = nicsw_find_adapter(cli, &status);
	if (code)
		return code;
	ret->num_vfs = status.stored_num_vfs;
	ret->num_queue_pairs_for_default_vport = status.stored_queue_pairs;
	ret->switch_friendly_name = status.stored_name;
	return NICSW_EXIT_DONE;
}

/* Only NDIS may create it (GEN-24): asked as NDIS. */
enum nicsw_exit nicsw_cmd_switch_create(struct nicsw_cli *cli,
					const struct nicsw_arguments *arguments)
{
	struct ndis_nic_switch_parameters parameters = {
		.header = nicsw_header(2, NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2),
		.switch_type = NdisNicSwitchTypeExternal,
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_CREATE_SWITCH,
		.type = NdisRequestMethod,
		.flags = NICSW_WIRE_AS_NDIS,
		.in = &parameters,
		.in_length = sizeof(parameters),
		.out_length = sizeof(parameters),
	};
	enum nicsw_exit code = read_stored(cli, arguments, &parameters);

	if (code)
		return code;
	if (nicsw_given(arguments, NICSW_PARAMETER_NUM_VFS))
		parameters.num_vfs = nicsw_number(arguments, NICSW_PARAMETER_NUM_VFS);
	if (nicsw_given(arguments, NICSW_PARAMETER_QUEUE_PAIRS))
		parameters.num_queue_pairs_for_default_vport =
			nicsw_number(arguments, NICSW_PARAMETER_QUEUE_PAIRS);
	if (nicsw_given(arguments, NICSW_PARAMETER_TEXT))
		parameters.switch_friendly_name = arguments->values[NICSW_PARAMETER_TEXT].counted;
	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_switch_delete(struct nicsw_cli *cli,
					const struct nicsw_arguments *arguments _unused_)
{
	struct ndis_nic_switch_delete_switch_parameters parameters = {
		.header =
			nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_DELETE_SWITCH_PARAMETERS_REVISION_1),
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_DELETE_SWITCH,
		.type = NdisRequestSetInformation,
		.flags = NICSW_WIRE_AS_NDIS,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_tell(cli, &ask);
}

/* PARAM-SW-5: the name is all that can change; the other members are not looked at. */
enum nicsw_exit nicsw_cmd_switch_set(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct ndis_nic_switch_parameters parameters = {
		.header = nicsw_header(2, NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2),
		.flags = NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED,
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.switch_friendly_name = arguments->values[NICSW_PARAMETER_TEXT].counted,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_PARAMETERS,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_tell(cli, &ask);
}

static const struct nicsw_column switch_columns[] = {
	{"switch_id", "SWITCH", NICSW_OUT_NUMBER},
	{"name", "NAME", NICSW_OUT_TEXT},
	{"num_vfs", "VFS", NICSW_OUT_NUMBER},
	{"num_allocated_vfs", "ALLOCATED", NICSW_OUT_NUMBER},
	{"num_vports", "VPORTS", NICSW_OUT_NUMBER},
	{"num_active_vports", "ACTIVE", NICSW_OUT_NUMBER},
	{"num_queue_pairs_for_default_vport", "QUEUE PAIRS", NICSW_OUT_NUMBER},
	{"num_queue_pairs_for_nondefault_vports", NULL, NICSW_OUT_NUMBER},
	{"num_active_default_vport_mac_addresses", NULL, NICSW_OUT_NUMBER},
	{"num_active_nondefault_vport_mac_addresses", NULL, NICSW_OUT_NUMBER},
	{"num_active_default_vport_vlan_ids", NULL, NICSW_OUT_NUMBER},
	{"num_active_nondefault_vport_vlan_ids", NULL, NICSW_OUT_NUMBER},
};

static void switch_row(struct nicsw_out *out, const struct ndis_nic_switch_info *info)
{
	nicsw_out_number(out, info->switch_id);
	nicsw_counted_cell(out, &info->switch_friendly_name);
	nicsw_out_number(out, info->num_vfs);
	nicsw_out_number(out, info->num_allocated_vfs);
	nicsw_out_number(out, info->num_vports);
	nicsw_out_number(out, info->num_active_vports);
	nicsw_out_number(out, info->num_queue_pairs_for_default_vport);
	nicsw_out_number(out, info->num_queue_pairs_for_nondefault_vports);
	nicsw_out_number(out, info->num_active_default_vport_mac_addresses);
	nicsw_out_number(out, info->num_active_nondefault_vport_mac_addresses);
	nicsw_out_number(out, info->num_active_default_vport_vlan_ids);
	nicsw_out_number(out, info->num_active_nondefault_vport_vlan_ids);
}

enum nicsw_exit nicsw_cmd_switch_show(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments _unused_)
{
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_ENUM_SWITCHES,
		.type = NdisRequestQueryInformation,
		.out_length = NICSW_WIRE_CHUNK,
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = NULL;
	struct ndis_nic_switch_info_array array;
	enum nicsw_exit code = nicsw_ask(cli, &ask, sizeof(array), &answer);

	if (code)
		return code;
	memcpy(&array, answer.payload, sizeof(array));
	nicsw_out_new(switch_columns, ARRAY_SIZE(switch_columns), &out);
	for (size_t i = 0; out && i < array.elements.num_elements; i++) {
		struct ndis_nic_switch_info info;

		if (nicsw_answer_element(&answer, &array.elements, i, sizeof(info), &info,
					 sizeof(info)))
			return nicsw_bad_answer(cli);
		switch_row(out, &info);
	}
	return nicsw_show(cli, TAKE_PTR(out), NICSW_OUT_TABLE);
}
