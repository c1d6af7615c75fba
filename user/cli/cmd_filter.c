// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>

#include "cli/command.h"

/* ---- where the filters are ----------------------------------------------------------------------
 */

/* Memory that is not there costs a look-up, nothing else. */
static void remember_place(struct nicsw_filter_places *places, __u32 filter_id, __u32 vport_id)
{
	if (filter_id > NICSW_MAX_FILTERS)
		return;
	if (filter_id >= places->count) {
		size_t count = MAX((size_t)filter_id + 1, 2 * places->count);
		__u32 *vport_ids = reallocarray(places->vport_ids, count, sizeof(*vport_ids));

		if (!vport_ids)
			return;
		for (size_t i = places->count; i < count; i++)
			vport_ids[i] = NICSW_NONE;
		*places = (struct nicsw_filter_places){vport_ids, count};
	}
	places->vport_ids[filter_id] = vport_id;
}

static __u32 recall_place(const struct nicsw_filter_places *places, __u32 filter_id)
{
	return filter_id < places->count ? places->vport_ids[filter_id] : NICSW_NONE;
}

/* ---- set ----------------------------------------------------------------------------------------
 */

/* NDIS_RECEIVE_FILTER_PARAMETERS and its tests in one buffer. */
struct set_filter {
	struct ndis_receive_filter_parameters parameters;
	struct ndis_receive_filter_field_parameters fields[2];
};

static struct ndis_receive_filter_field_parameters equal_test(enum ndis_mac_header_field field)
{
	return (struct ndis_receive_filter_field_parameters){
		.header = nicsw_header(1, NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1),
		.frame_header = NdisFrameHeaderMac,
		.receive_filter_test = NdisReceiveFilterTestEqual,
		.header_field = field,
	};
}

static void fill_set_filter(struct set_filter *set, const struct nicsw_arguments *arguments)
{
	bool vlan = nicsw_given(arguments, NICSW_PARAMETER_VLAN);

	*set = (struct set_filter){
		.parameters = {
			.header = nicsw_header(2, NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_2),
			.filter_type = NdisReceiveFilterTypeVMQueue,
			.field_parameters_array_offset = offsetof(struct set_filter, fields),
			.field_parameters_array_num_elements = vlan ? 2 : 1,
			.field_parameters_array_element_size = sizeof(set->fields[0]),
			.vport_id = nicsw_number(arguments, NICSW_PARAMETER_VPORT),
		}};
	set->fields[0] = equal_test(NdisMacHeaderFieldDestinationAddress);
	memcpy(set->fields[0].field_value.field_byte_array_value,
	       arguments->values[NICSW_PARAMETER_MAC].mac, NICSW_MAC_SIZE);
	if (!vlan) { /* any VLAN is refused (SET-RF-22), and is not what the word's absence means */
		set->fields[0].flags = NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO;
		return;
	}
	set->fields[1] = equal_test(NdisMacHeaderFieldVlanId);
	set->fields[1].field_value.field_short_value =
		htons((__u16)nicsw_number(arguments, NICSW_PARAMETER_VLAN)); /* SET-RF-19 */
}

static enum nicsw_exit print_set(struct nicsw_cli *cli, __u32 filter_id)
{
	static const struct nicsw_column columns[] = {{"filter_id", "filter", NICSW_OUT_NUMBER}};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out)
		nicsw_out_number(out, filter_id);
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

enum nicsw_exit nicsw_cmd_filter_set(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct set_filter set;
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_RECEIVE_FILTER_SET_FILTER,
		.type = NdisRequestMethod,
		.in = &set,
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code;

	fill_set_filter(&set, arguments);
	ask.in_length = offsetof(struct set_filter, fields) +
			set.parameters.field_parameters_array_num_elements * sizeof(set.fields[0]);
	ask.out_length = ask.in_length;
	code = nicsw_ask(cli, &ask, sizeof(set.parameters), &answer);
	if (code)
		return code;
	memcpy(&set.parameters, answer.payload, sizeof(set.parameters));
	remember_place(&cli->places, set.parameters.filter_id, set.parameters.vport_id);
	return print_set(cli, set.parameters.filter_id);
}

/* ---- move, clear --------------------------------------------------------------------------------
 */

/*
 * *ret_vport_id: the VPort that holds it. A filter that does not exist is left to the daemon to
 * refuse, which has the rule (MOVE-RF-4): then it is the default VPort.
 */
static enum nicsw_exit look_up_place(struct nicsw_cli *cli, __u32 filter_id, __u32 *ret_vport_id)
{
	struct nicsw_list_range range = {filter_id, 1};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_FILTER_LIST, &range, &list);
	const struct nicsw_filter_status *filter = list.answer.payload;

	answer = list.answer;
	if (code)
		return code;
	*ret_vport_id = NDIS_DEFAULT_VPORT_ID;
	if (list.count && filter->filter_id == filter_id)
		*ret_vport_id = filter->vport_id;
	return NICSW_EXIT_DONE;
}

static enum nicsw_exit ask_move(struct nicsw_cli *cli, __u32 filter_id, __u32 source, __u32 dest,
				struct nicsw_answer *ret_answer)
{
	struct ndis_receive_filter_move_filter_parameters parameters = {
		.header = nicsw_header(
			1, NDIS_SIZEOF_RECEIVE_FILTER_MOVE_FILTER_PARAMETERS_REVISION_1),
		.filter_id = filter_id,
		.source_vport_id = source,
		.dest_vport_id = dest,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_RECEIVE_FILTER_MOVE_FILTER,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_ask_quietly(cli, &ask, ret_answer);
}

static enum nicsw_exit move_from(struct nicsw_cli *cli, __u32 filter_id, __u32 source, __u32 dest)
{
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = ask_move(cli, filter_id, source, dest, &answer);

	if (!code)
		code = nicsw_check_answer(cli, &answer, 0);
	remember_place(&cli->places, filter_id, code ? NICSW_NONE : dest);
	return code;
}

/* A remembered place may be old news: any refusal of such a move is taken only after a look. */
static enum nicsw_exit move_from_memory(struct nicsw_cli *cli, __u32 filter_id, __u32 source,
					__u32 dest, bool *ret_moved)
{
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = ask_move(cli, filter_id, source, dest, &answer);

	*ret_moved = !code && !answer.reply.status && !answer.reply.code;
	if (*ret_moved)
		code = nicsw_check_answer(cli, &answer, 0);
	remember_place(&cli->places, filter_id, *ret_moved ? dest : NICSW_NONE);
	return code;
}

enum nicsw_exit nicsw_cmd_filter_move(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments)
{
	__u32 filter_id = nicsw_number(arguments, NICSW_PARAMETER_FILTER);
	__u32 dest = nicsw_number(arguments, NICSW_PARAMETER_VPORT);
	__u32 source = recall_place(&cli->places, filter_id);
	enum nicsw_exit code = NICSW_EXIT_DONE;
	bool moved = false;

	if (source != NICSW_NONE)
		code = move_from_memory(cli, filter_id, source, dest, &moved);
	if (code || moved)
		return code;
	code = look_up_place(cli, filter_id, &source);
	return code ? code : move_from(cli, filter_id, source, dest);
}

enum nicsw_exit nicsw_cmd_filter_clear(struct nicsw_cli *cli,
				       const struct nicsw_arguments *arguments)
{
	struct ndis_receive_filter_clear_parameters parameters = {
		.header = nicsw_header(1, NDIS_SIZEOF_RECEIVE_FILTER_CLEAR_PARAMETERS_REVISION_1),
		.filter_id = nicsw_number(arguments, NICSW_PARAMETER_FILTER),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_RECEIVE_FILTER_CLEAR_FILTER,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	/* The id may be given to another filter (CLEAR-RF-11). */
	remember_place(&cli->places, parameters.filter_id, NICSW_NONE);
	return nicsw_tell(cli, &ask);
}

/* ---- show ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column filter_columns[] = {
	{"filter_id", "FILTER", NICSW_OUT_NUMBER},
	{"vport_id", "VPORT", NICSW_OUT_NUMBER},
	{"mac", "MAC", NICSW_OUT_TEXT},
	{"vlan", "VLAN", NICSW_OUT_NUMBER},
	{"owner", "OWNER", NICSW_OUT_TEXT},
};

static void filter_row(struct nicsw_out *out, const struct nicsw_filter_status *filter)
{
	char owner[NICSW_OWNER_SIZE + 1] = "";

	memcpy(owner, filter->owner, sizeof(filter->owner));
	nicsw_out_number(out, filter->filter_id);
	nicsw_out_number(out, filter->vport_id);
	nicsw_mac_cell(out, filter->mac);
	if (filter->vlan)
		nicsw_out_number(out, filter->vlan);
	else
		nicsw_out_null(out);
	nicsw_out_text(out, owner);
}

struct nicsw_out *nicsw_filter_rows(const struct nicsw_filter_status *filters, size_t count)
{
	struct nicsw_out *out = NULL;

	nicsw_out_new(filter_columns, ARRAY_SIZE(filter_columns), &out);
	for (size_t i = 0; out && i < count; i++)
		filter_row(out, &filters[i]);
	return out;
}

enum nicsw_exit nicsw_cmd_filter_show(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments _unused_)
{
	struct nicsw_list_range all = {0};
	struct nicsw_out *out;
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_FILTER_LIST, &all, &list);

	if (code)
		return code;
	out = nicsw_filter_rows(list.answer.payload, list.count);
	nicsw_answer_clear(&list.answer);
	return nicsw_show(cli, out, NICSW_OUT_TABLE);
}
