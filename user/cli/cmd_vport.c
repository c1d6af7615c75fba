// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

/* ---- create, delete -----------------------------------------------------------------------------
 */

static enum nicsw_exit print_created(struct nicsw_cli *cli, __u32 vport_id)
{
	static const struct nicsw_column columns[] = {{"vport_id", "vport", NICSW_OUT_NUMBER}};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out)
		nicsw_out_number(out, vport_id);
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

/* One processor: without VMMQ no more is used (CREATE-VP-19). Groups have 64 of them. */
static struct ndis_group_affinity affinity_of(const struct nicsw_arguments *arguments)
{
	__u32 cpu = nicsw_number(arguments, NICSW_PARAMETER_CPU);

	return (struct ndis_group_affinity){.mask = 1ull << cpu % 64, .group = cpu / 64};
}

/* The state is what it will be (CREATE-VP-16, -17). */
static struct ndis_nic_switch_vport_parameters
describe_vport(const struct nicsw_arguments *arguments)
{
	bool on_pf = nicsw_given(arguments, NICSW_PARAMETER_PF);
	struct ndis_nic_switch_vport_parameters parameters = {
		.header = nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1),
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.vport_id = NDIS_DEFAULT_VPORT_ID, /* CREATE-VP-4 */
		.vport_name = arguments->values[NICSW_PARAMETER_TEXT].counted,
		.attached_function_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
		.num_queue_pairs = 1,
		.interrupt_moderation = NdisNicSwitchVPortInterruptModerationAdaptive,
		.vport_state = on_pf ? NdisNicSwitchVPortStateDeactivated
				     : NdisNicSwitchVPortStateActivated,
	};

	if (nicsw_given(arguments, NICSW_PARAMETER_VPORT_QUEUE_PAIRS))
		parameters.num_queue_pairs =
			nicsw_number(arguments, NICSW_PARAMETER_VPORT_QUEUE_PAIRS);
	if (on_pf) {
		parameters.attached_function_id = NDIS_PF_FUNCTION_ID;
		parameters.processor_affinity = affinity_of(arguments); /* CREATE-VP-19 */
	}
	return parameters;
}

enum nicsw_exit nicsw_cmd_vport_create(struct nicsw_cli *cli,
				       const struct nicsw_arguments *arguments)
{
	struct ndis_nic_switch_vport_parameters parameters = describe_vport(arguments);
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_CREATE_VPORT,
		.type = NdisRequestMethod,
		.in = &parameters,
		.in_length = sizeof(parameters),
		.out_length = sizeof(parameters),
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code =
		nicsw_ask(cli, &ask, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1, &answer);

	if (code)
		return code;
	memcpy(&parameters, answer.payload, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1);
	return print_created(cli, parameters.vport_id);
}

enum nicsw_exit nicsw_cmd_vport_delete(struct nicsw_cli *cli,
				       const struct nicsw_arguments *arguments)
{
	struct ndis_nic_switch_delete_vport_parameters parameters = {
		.header =
			nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_DELETE_VPORT_PARAMETERS_REVISION_1),
		.vport_id = nicsw_number(arguments, NICSW_PARAMETER_VPORT),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_DELETE_VPORT,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_tell(cli, &ask);
}

/* ---- set ----------------------------------------------------------------------------------------
 */

/* In the order of the words in the table of parameters. */
static const __u32 states[] = {
	NdisNicSwitchVPortStateActivated,
	NdisNicSwitchVPortStateDeactivated,
};
static const __u32 moderations[] = {
	NdisNicSwitchVPortInterruptModerationAdaptive, NdisNicSwitchVPortInterruptModerationOff,
	NdisNicSwitchVPortInterruptModerationLow,      NdisNicSwitchVPortInterruptModerationMedium,
	NdisNicSwitchVPortInterruptModerationHigh,
};

/* PARAM-VP-6: only members whose flag is set are applied. */
static void set_changes(struct ndis_nic_switch_vport_parameters *parameters,
			const struct nicsw_arguments *arguments)
{
	if (nicsw_given(arguments, NICSW_PARAMETER_STATE)) {
		parameters->flags |= NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED;
		parameters->vport_state = states[nicsw_number(arguments, NICSW_PARAMETER_STATE)];
	}
	if (nicsw_given(arguments, NICSW_PARAMETER_MODERATION)) {
		parameters->flags |= NDIS_NIC_SWITCH_VPORT_PARAMS_INT_MOD_CHANGED;
		parameters->interrupt_moderation =
			moderations[nicsw_number(arguments, NICSW_PARAMETER_MODERATION)];
	}
	if (nicsw_given(arguments, NICSW_PARAMETER_CPU)) {
		parameters->flags |= NDIS_NIC_SWITCH_VPORT_PARAMS_PROCESSOR_AFFINITY_CHANGED;
		parameters->processor_affinity = affinity_of(arguments);
	}
	if (nicsw_given(arguments, NICSW_PARAMETER_TEXT)) {
		parameters->flags |= NDIS_NIC_SWITCH_VPORT_PARAMS_NAME_CHANGED;
		parameters->vport_name = arguments->values[NICSW_PARAMETER_TEXT].counted;
	}
}

enum nicsw_exit nicsw_cmd_vport_set(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct ndis_nic_switch_vport_parameters parameters = {
		.header = nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1),
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.vport_id = nicsw_number(arguments, NICSW_PARAMETER_VPORT),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_VPORT_PARAMETERS,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	set_changes(&parameters, arguments);
	if (parameters.flags)
		return nicsw_tell(cli, &ask);
	nicsw_tell_error(cli, 0, NULL, "nothing to set: name state, moderation, cpu or name");
	return NICSW_EXIT_USAGE;
}

/* ---- show ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column vport_columns[] = {
	{"vport_id", "VPORT", NICSW_OUT_NUMBER},
	{"name", "NAME", NICSW_OUT_TEXT},
	{"switch_id", NULL, NICSW_OUT_NUMBER},
	{"function_id", "FUNCTION", NICSW_OUT_NAME},
	{"num_queue_pairs", "QUEUE PAIRS", NICSW_OUT_NUMBER},
	{"interrupt_moderation", "MODERATION", NICSW_OUT_TEXT},
	{"state", "STATE", NICSW_OUT_TEXT},
	{"num_filters", NULL, NICSW_OUT_NUMBER},
	{"filters", "FILTERS", NICSW_OUT_ROWS},
	NICSW_STATS_COLUMNS(NICSW_STATS_BRIEF),
};

enum {
	STATS_COLUMNS =
		ARRAY_SIZE(((struct nicsw_column[]){NICSW_STATS_COLUMNS(NICSW_STATS_BRIEF)}))
};

/* What a table of VPorts is made of: three answers of the daemon. */
struct vport_view {
	struct nicsw_answer vports;
	struct ndis_nic_switch_vport_info_array array;
	struct nicsw_list filters; /* sorted by VPort */
	struct nicsw_list stats;
	bool with_stats;
	bool one;
	__u32 vport_id;
};

static void vport_view_clear(struct vport_view *view)
{
	nicsw_answer_clear(&view->vports);
	nicsw_answer_clear(&view->filters.answer);
	nicsw_answer_clear(&view->stats.answer);
}

static enum nicsw_exit ask_vports(struct nicsw_cli *cli, struct vport_view *view)
{
	struct ndis_nic_switch_vport_info_array array = {
		.header = nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_VPORT_INFO_ARRAY_REVISION_1),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_ENUM_VPORTS,
		.type = NdisRequestMethod,
		.in = &array,
		.in_length = sizeof(array),
		.out_length = NICSW_WIRE_OUT_MAX,
	};
	enum nicsw_exit code = nicsw_ask(cli, &ask, sizeof(array), &view->vports);

	if (!code)
		memcpy(&view->array, view->vports.payload, sizeof(view->array));
	return code;
}

static int compare_vport(const void *a, const void *b)
{
	const struct nicsw_filter_status *first = a, *second = b;

	if (first->vport_id != second->vport_id)
		return first->vport_id < second->vport_id ? -1 : 1;
	return first->filter_id < second->filter_id ? -1 : first->filter_id > second->filter_id;
}

static enum nicsw_exit ask_view(struct nicsw_cli *cli, struct vport_view *view)
{
	struct nicsw_list_range all = {0};
	enum nicsw_exit code = ask_vports(cli, view);

	if (!code)
		code = nicsw_ask_list(cli, NICSW_CONTROL_FILTER_LIST, &all, &view->filters);
	if (!code && view->with_stats)
		code = nicsw_ask_list(cli, NICSW_CONTROL_STATS, NULL, &view->stats);
	if (!code && view->filters.count)
		qsort(view->filters.answer.payload, view->filters.count,
		      sizeof(struct nicsw_filter_status), compare_vport);
	return code;
}

static const char *moderation_name(__u32 moderation)
{
	switch (moderation) {
	case NdisNicSwitchVPortInterruptModerationUndefined:
		return "undefined";
	case NdisNicSwitchVPortInterruptModerationAdaptive:
		return "adaptive";
	case NdisNicSwitchVPortInterruptModerationOff:
		return "off";
	case NdisNicSwitchVPortInterruptModerationLow:
		return "low";
	case NdisNicSwitchVPortInterruptModerationMedium:
		return "medium";
	case NdisNicSwitchVPortInterruptModerationHigh:
		return "high";
	}
	return "unknown";
}

static void vport_filters_cell(struct nicsw_out *out, const struct vport_view *view, __u32 vport_id)
{
	const struct nicsw_filter_status *filters = view->filters.answer.payload;
	size_t first = 0, end;

	while (first < view->filters.count && filters[first].vport_id < vport_id)
		first++;
	for (end = first; end < view->filters.count && filters[end].vport_id == vport_id;)
		end++;
	nicsw_out_rows(out, nicsw_filter_rows(filters + first, end - first));
}

static const struct nicsw_port_stats *find_stats(const struct vport_view *view, __u32 vport_id)
{
	const struct nicsw_port_stats *stats = view->stats.answer.payload;

	for (size_t i = 0; i < view->stats.count; i++)
		if (stats[i].vport_id == vport_id)
			return &stats[i];
	return NULL;
}

static void vport_row(struct nicsw_out *out, const struct vport_view *view,
		      const struct ndis_nic_switch_vport_info *info)
{
	nicsw_out_number(out, info->vport_id);
	nicsw_counted_cell(out, &info->vport_name);
	nicsw_out_number(out, info->switch_id);
	nicsw_function_cell(out, info->attached_function_id);
	nicsw_out_number(out, info->num_queue_pairs);
	nicsw_out_text(out, moderation_name(info->interrupt_moderation));
	nicsw_out_text(out, info->vport_state == NdisNicSwitchVPortStateActivated ? "activated"
										  : "deactivated");
	nicsw_out_number(out, info->num_filters);
	vport_filters_cell(out, view, info->vport_id);
	if (view->with_stats)
		nicsw_stats_cells(out, find_stats(view, info->vport_id));
}

/* How many rows were added, or -EPROTO. */
static int vport_rows(struct nicsw_out *out, const struct vport_view *view)
{
	int shown = 0;

	for (size_t i = 0; i < view->array.elements.num_elements; i++) {
		struct ndis_nic_switch_vport_info info;
		int code = nicsw_answer_element(&view->vports, &view->array.elements, i,
						sizeof(info), &info, sizeof(info));

		if (code)
			return code;
		if (view->one && info.vport_id != view->vport_id)
			continue;
		vport_row(out, view, &info);
		shown++;
	}
	return shown;
}

enum nicsw_exit nicsw_cmd_vport_show(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	_cleanup_(vport_view_clear) struct vport_view view = {
		.with_stats = cli->options.stats,
		.one = nicsw_given(arguments, NICSW_PARAMETER_VPORT),
		.vport_id = nicsw_number(arguments, NICSW_PARAMETER_VPORT),
	};
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = NULL;
	enum nicsw_exit code = ask_view(cli, &view);
	size_t columns = ARRAY_SIZE(vport_columns) - (view.with_stats ? 0 : STATS_COLUMNS);
	int shown;

	if (code)
		return code;
	nicsw_out_new(vport_columns, columns, &out);
	shown = out ? vport_rows(out, &view) : 0;
	if (shown < 0)
		return nicsw_bad_answer(cli);
	if (out && view.one && !shown)
		return nicsw_failed(cli, "there is no VPort %u", view.vport_id);
	return nicsw_show(cli, TAKE_PTR(out), NICSW_OUT_TABLE);
}
