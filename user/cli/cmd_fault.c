// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/faults.h>

#include "cli/command.h"
#include "core/text.h"

#define ON_OFF_on 0u /* the first word of on|off */

/* ---- list ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column vf_columns[] = {{"vf_id", "", NICSW_OUT_NUMBER}};

static const struct nicsw_column columns[] = {
	{"knob", "KNOB", NICSW_OUT_TEXT},    {"on", "ON", NICSW_OUT_BOOL},
	{"vfs", "VFS", NICSW_OUT_ROWS},      {"scope", "SCOPE", NICSW_OUT_TEXT},
	{"operation", NULL, NICSW_OUT_TEXT}, {"rule", "RULE", NICSW_OUT_TEXT},
	{"text", "TEXT", NICSW_OUT_TEXT},
};

/* The VFs a knob is on for, beside those it is on for with all the others. */
static struct nicsw_out *vf_rows(const struct nicsw_fault_record *records, size_t count, __u32 knob)
{
	struct nicsw_out *out = NULL;

	nicsw_out_new(vf_columns, ARRAY_SIZE(vf_columns), &out);
	for (size_t i = 1; out && i < count; i++)
		if (records[i].knobs >> knob & 1)
			nicsw_out_number(out, i - 1);
	return out;
}

static void knob_row(struct nicsw_out *out, const struct nicsw_fault_record *records, size_t count,
		     __u32 knob)
{
	const struct nicsw_fault *row = nicsw_fault_row(knob);

	if (!row)
		return;
	nicsw_out_text(out, row->name);
	nicsw_out_bool(out, records[0].knobs >> knob & 1);
	nicsw_out_rows(out, vf_rows(records, count, knob));
	nicsw_out_text(out, row->scope == NICSW_FAULT_SCOPE_vf ? "vf" : "adapter");
	nicsw_out_text(out, row->operation);
	nicsw_out_text(out, row->rule);
	nicsw_out_text(out, row->text);
}

enum nicsw_exit nicsw_cmd_fault_list(struct nicsw_cli *cli,
				     const struct nicsw_arguments *arguments _unused_)
{
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_FAULT_LIST, NULL, &list);
	struct nicsw_out *out = NULL;

	if (code)
		return code;
	if (!list.count) {
		nicsw_answer_clear(&list.answer);
		return nicsw_bad_answer(cli);
	}
	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (__u32 knob = 0; out && knob < NICSW_FAULT_KNOBS; knob++)
		knob_row(out, list.answer.payload, list.count, knob);
	nicsw_answer_clear(&list.answer);
	return nicsw_show(cli, out, NICSW_OUT_TABLE);
}

/* ---- set ----------------------------------------------------------------------------------------
 */

static __u32 find_knob(const char *name)
{
	for (__u32 knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		if (nicsw_fault_row(knob) && nicsw_streq(nicsw_fault_row(knob)->name, name))
			return knob;
	return NICSW_NONE;
}

static enum nicsw_exit unknown_knob(struct nicsw_cli *cli, const char *name)
{
	static const char *const names[] = {
#define X(number, NAME, name, ...) #name,
		NICSW_FAULTS(X)
#undef X
	};
	const char *nearest = nicsw_nearest_word(name, names, ARRAY_SIZE(names));

	if (nearest)
		fprintf(cli->err, "Error: unknown knob \"%s\", the nearest one is \"%s\".\n", name,
			nearest);
	else
		fprintf(cli->err, "Error: unknown knob \"%s\", see `nicsw fault list`.\n", name);
	return NICSW_EXIT_USAGE;
}

enum nicsw_exit nicsw_cmd_fault_set(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	const char *name = nicsw_word(arguments, NICSW_PARAMETER_KNOB);
	struct nicsw_fault_setting set = {
		.knob = find_knob(name),
		.vf_id = NICSW_NONE,
		.on = nicsw_number(arguments, NICSW_PARAMETER_ON_OFF) == ON_OFF_on,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_FAULT_SET,
		.in = &set,
		.in_length = sizeof(set),
	};

	if (set.knob == NICSW_NONE)
		return unknown_knob(cli, name);
	if (nicsw_given(arguments, NICSW_PARAMETER_FAULT_VF))
		set.vf_id = nicsw_number(arguments, NICSW_PARAMETER_FAULT_VF);
	return nicsw_tell(cli, &ask);
}
