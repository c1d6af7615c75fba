// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

enum nicsw_exit nicsw_cmd_adapter_add(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments)
{
	struct nicsw_adapter_add add = {
		.total_vfs = nicsw_number(arguments, NICSW_PARAMETER_TOTAL_VFS),
		.flags = nicsw_given(arguments, NICSW_PARAMETER_TAKEOVER) ? NICSW_ADD_TAKEOVER : 0,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_ADAPTER_ADD,
		.adapter = nicsw_word(arguments, NICSW_PARAMETER_NAME),
		.in = &add,
		.in_length = sizeof(add),
	};

	nicsw_copy_text(add.uplink, sizeof(add.uplink),
			nicsw_word(arguments, NICSW_PARAMETER_UPLINK));
	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_adapter_del(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments)
{
	struct nicsw_adapter_del del = {0};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_ADAPTER_DEL,
		.adapter = nicsw_word(arguments, NICSW_PARAMETER_NAME),
		.in = &del,
		.in_length = sizeof(del),
	};

	return nicsw_tell(cli, &ask);
}

/* The daemon answers when the reset is done. */
enum nicsw_exit nicsw_cmd_adapter_reset(struct nicsw_cli *cli,
					const struct nicsw_arguments *arguments)
{
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_ADAPTER_RESET,
	};

	if (nicsw_given(arguments, NICSW_PARAMETER_NAME))
		ask.adapter = nicsw_word(arguments, NICSW_PARAMETER_NAME);
	return nicsw_tell(cli, &ask);
}

static const struct nicsw_column adapter_columns[] = {
	{"name", "NAME", NICSW_OUT_TEXT},
	{"uplink", "UPLINK", NICSW_OUT_TEXT},
	{"uplink_state", "STATE", NICSW_OUT_TEXT},
	{"xdp_mode", "XDP", NICSW_OUT_TEXT},
	{"mac", "MAC", NICSW_OUT_TEXT},
	{"mtu", "MTU", NICSW_OUT_NUMBER},
	{"rid", "RID", NICSW_OUT_HEX},
	{"address", "ADDRESS", NICSW_OUT_ASIDE},
	{"total_vfs", "TOTAL VFS", NICSW_OUT_NUMBER},
	{"num_vfs", "VFS", NICSW_OUT_NUMBER},
	{"switch_exists", "SWITCH", NICSW_OUT_BOOL},
	{"sriov", "SR-IOV", NICSW_OUT_BOOL},
	{"rate", NULL, NICSW_OUT_NUMBER},
	{"vepa", NULL, NICSW_OUT_BOOL},
};

static const char *uplink_state_name(__u32 state)
{
	static const char *const names[] = {
		[NICSW_UPLINK_MISSING] = "missing",
		[NICSW_UPLINK_DOWN] = "down",
		[NICSW_UPLINK_UP] = "up",
	};

	return state < ARRAY_SIZE(names) ? names[state] : "unknown";
}

static void adapter_row(struct nicsw_out *out, const struct nicsw_adapter_status *status)
{
	nicsw_out_text(out, status->name);
	nicsw_out_text(out, status->uplink);
	nicsw_out_text(out, uplink_state_name(status->uplink_state));
	nicsw_out_text(out, status->generic ? "generic" : "native");
	nicsw_mac_cell(out, status->mac);
	nicsw_out_number(out, status->mtu);
	nicsw_out_number(out, status->rid);
	nicsw_address_cell(out, status->rid);
	nicsw_out_number(out, status->total_vfs);
	nicsw_out_number(out, status->num_vfs);
	nicsw_out_bool(out, status->switch_exists);
	nicsw_out_bool(out, status->sriov);
	if (status->rate)
		nicsw_out_number(out, status->rate);
	else
		nicsw_out_null(out);
	nicsw_out_bool(out, status->vepa);
}

/* Texts of the daemon's answer are fixed fields: make sure that they end. */
static void end_adapter_texts(struct nicsw_adapter_status *status)
{
	status->name[sizeof(status->name) - 1] = '\0';
	status->uplink[sizeof(status->uplink) - 1] = '\0';
}

/* All of them, or the one of -a. $NICSW_ADAPTER says which to act on, not which to list. */
enum nicsw_exit nicsw_cmd_adapter_show(struct nicsw_cli *cli,
				       const struct nicsw_arguments *arguments _unused_)
{
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = NULL;
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_ADAPTER_LIST, NULL, &list);
	struct nicsw_adapter_status *adapters = list.answer.payload;

	if (code)
		return code;
	nicsw_out_new(adapter_columns, ARRAY_SIZE(adapter_columns), &out);
	for (size_t i = 0; out && i < list.count; i++) {
		end_adapter_texts(&adapters[i]);
		if (!cli->options.adapter || nicsw_streq(adapters[i].name, cli->options.adapter))
			adapter_row(out, &adapters[i]);
	}
	nicsw_answer_clear(&list.answer);
	return nicsw_show(cli, TAKE_PTR(out), NICSW_OUT_TABLE);
}

enum nicsw_exit nicsw_find_adapter(struct nicsw_cli *cli, struct nicsw_adapter_status *ret_status)
{
	const char *name = nicsw_cli_adapter(cli);
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_ADAPTER_LIST, NULL, &list);
	struct nicsw_adapter_status *adapters = list.answer.payload;

	answer = list.answer;
	if (code)
		return code;
	if (!*name && list.count > 1)
		return nicsw_failed(cli, "there are %zu adapters: name one with -a", list.count);
	for (size_t i = 0; i < list.count; i++) {
		end_adapter_texts(&adapters[i]);
		if (*name && !nicsw_streq(adapters[i].name, name))
			continue;
		*ret_status = adapters[i];
		return NICSW_EXIT_DONE;
	}
	return nicsw_failed(cli, *name ? "there is no adapter %s" : "there is no adapter%s", name);
}
