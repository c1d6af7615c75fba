// SPDX-License-Identifier: GPL-2.0-only
/* `why`: one frame, and what would become of it. One line for each stage, or JSON. */
#include "cli/command.h"
#include "core/text.h"

/* Indexed by number. A reason of a newer daemon has none of it. */
static const struct reason {
	const char *name, *rule, *text;
} reasons[NICSW_REASONS_MAX] = {
#define X(number, NAME, name, side, rule, text) [number] = {#name, rule, text},
	NICSW_REASONS(X)
#undef X
};

static const struct step {
	enum nicsw_stage stage;
	const char *rule, *text;
} steps[] = {
#define X(number, NAME, stage, rule, text) [number] = {NICSW_STAGE_##stage, rule, text},
	NICSW_WHY_STEPS(X)
#undef X
};

static const struct reason *reason_of(const struct nicsw_why_verdict *verdict)
{
	static const struct reason unknown = {"unknown", "",
					      "a reason that this nicsw does not know"};
	const struct reason *reason = &reasons[verdict->reason % NICSW_REASONS_MAX];

	return verdict->reason < NICSW_REASONS_MAX && reason->name ? reason : &unknown;
}

static bool has_step(const struct nicsw_why_answer *answer, size_t step)
{
	return answer->steps >> step & 1;
}

/* As `stats show` names ports. */
static const char *port_name(const struct nicsw_why_port *port, char name[24])
{
	if (port->function == NICSW_NONE)
		return "uplink";
	if (port->function == NICSW_FUNCTION_PF)
		return "pf";
	snprintf(name, 24, "vf%u", port->function);
	return name;
}

/* ---- text ---------------------------------------------------------------------------------------
 */

/* The parts of a line have commas between them. */
static void begin_part(FILE *stream, const char *title, bool *begun)
{
	if (*begun)
		fputs(", ", stream);
	else
		fprintf(stream, "%-8s", title);
	*begun = true;
}

static void print_rule(FILE *stream, const char *rule)
{
	if (*rule)
		fprintf(stream, " (%s)", rule);
}

static bool names_filter(size_t step)
{
	return step == NICSW_WHY_STEP_MATCHED || step == NICSW_WHY_STEP_MATCHED_ANY;
}

static void print_steps(FILE *stream, const struct nicsw_why_answer *answer, __u32 stage,
			bool *begun)
{
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (steps[i].stage != stage || !has_step(answer, i))
			continue;
		begin_part(stream, nicsw_stage_name(stage), begun);
		fputs(steps[i].text, stream);
		if (names_filter(i) && answer->filter_id != NICSW_NONE)
			fprintf(stream, ": filter %u", answer->filter_id);
		print_rule(stream, steps[i].rule);
	}
}

static void print_stage(FILE *stream, const struct nicsw_why_answer *answer, __u32 stage)
{
	const struct nicsw_why_verdict *verdict = &answer->program;
	bool begun = false;

	print_steps(stream, answer, stage, &begun);
	if (verdict->reason && stage == answer->stage) {
		begin_part(stream, nicsw_stage_name(stage), &begun);
		fprintf(stream, "dropped: %s", reason_of(verdict)->text);
		print_rule(stream, reason_of(verdict)->rule);
	}
	if (begun)
		fputc('\n', stream);
}

static void print_counters(FILE *stream, const struct nicsw_why_verdict *verdict)
{
	bool begun = false;
	char name[24];

	if (verdict->reason) {
		begin_part(stream, "count", &begun);
		fprintf(stream, "%s drops.%s\n", port_name(&verdict->counted_at, name),
			reason_of(verdict)->name);
		return;
	}
	for (__u32 i = 0; i < verdict->num_receivers; i++) {
		begin_part(stream, "count", &begun);
		fprintf(stream, "%s rx_packets", port_name(&verdict->receivers[i], name));
	}
	if (begun)
		fputc('\n', stream);
}

static void print_receiver(FILE *stream, const struct nicsw_why_port *receiver)
{
	char name[24];

	fputs(port_name(receiver, name), stream);
	if (receiver->vport_id != NICSW_NONE)
		fprintf(stream, " (vport %u)", receiver->vport_id);
	fputs(receiver->tagged ? " tagged" : " untagged", stream);
}

static void print_verdict(FILE *stream, const struct nicsw_why_verdict *verdict)
{
	if (verdict->reason) {
		fprintf(stream, "dropped: %s\n", reason_of(verdict)->name);
		return;
	}
	fputs(verdict->num_receivers ? "forwarded to " : "forwarded to nobody", stream);
	for (__u32 i = 0; i < verdict->num_receivers; i++) {
		fputs(i ? ", " : "", stream);
		print_receiver(stream, &verdict->receivers[i]);
	}
	fputc('\n', stream);
}

static enum nicsw_exit show_text(struct nicsw_cli *cli, const struct nicsw_why_answer *answer)
{
	for (__u32 stage = 0; nicsw_stage_name(stage); stage++)
		print_stage(cli->out, answer, stage);
	print_counters(cli->out, &answer->program);
	print_verdict(cli->out, &answer->program);
	if (*answer->difference) {
		fputs("model:  ", cli->out);
		print_verdict(cli->out, &answer->model);
	}
	return NICSW_EXIT_DONE;
}

/* ---- JSON ---------------------------------------------------------------------------------------
 */

static struct nicsw_out *step_rows(const struct nicsw_why_answer *answer)
{
	static const struct nicsw_column columns[] = {
		{"stage", NULL, NICSW_OUT_TEXT},
		{"rule", NULL, NICSW_OUT_TEXT},
		{"text", NULL, NICSW_OUT_TEXT},
	};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (size_t i = 0; out && i < ARRAY_SIZE(steps); i++) {
		if (!has_step(answer, i))
			continue;
		nicsw_out_text(out, nicsw_stage_name(steps[i].stage));
		if (*steps[i].rule)
			nicsw_out_text(out, steps[i].rule);
		else
			nicsw_out_null(out);
		nicsw_out_text(out, steps[i].text);
	}
	return out;
}

static struct nicsw_out *receiver_rows(const struct nicsw_why_verdict *verdict)
{
	static const struct nicsw_column columns[] = {
		{"port", NULL, NICSW_OUT_TEXT},
		{"vport_id", NULL, NICSW_OUT_NUMBER},
		{"tagged", NULL, NICSW_OUT_BOOL},
		{"length", NULL, NICSW_OUT_NUMBER},
	};
	struct nicsw_out *out = NULL;
	char name[24];

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (__u32 i = 0; out && i < verdict->num_receivers; i++) {
		nicsw_out_text(out, port_name(&verdict->receivers[i], name));
		nicsw_vport_cell(out, verdict->receivers[i].vport_id);
		nicsw_out_bool(out, verdict->receivers[i].tagged);
		nicsw_out_number(out, verdict->receivers[i].length);
	}
	return out;
}

static struct nicsw_out *counter_rows(const struct nicsw_why_verdict *verdict)
{
	static const struct nicsw_column columns[] = {
		{"port", NULL, NICSW_OUT_TEXT},
		{"counter", NULL, NICSW_OUT_TEXT},
	};
	struct nicsw_out *out = NULL;
	char name[24], counter[64];

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out && verdict->reason) {
		snprintf(counter, sizeof(counter), "drops.%s", reason_of(verdict)->name);
		nicsw_out_text(out, port_name(&verdict->counted_at, name));
		nicsw_out_text(out, counter);
	}
	for (__u32 i = 0; out && i < verdict->num_receivers; i++) {
		nicsw_out_text(out, port_name(&verdict->receivers[i], name));
		nicsw_out_text(out, "rx_packets");
	}
	return out;
}

#define VERDICT_COLUMNS                                                                            \
	{"verdict", NULL, NICSW_OUT_TEXT}, {"reason", NULL, NICSW_OUT_TEXT},                       \
		{"rule", NULL, NICSW_OUT_TEXT}, {"vlan", NULL, NICSW_OUT_NUMBER},                  \
		{"proto", NULL, NICSW_OUT_TEXT}, {"destinations", NULL, NICSW_OUT_ROWS},           \
	{                                                                                          \
		"counters", NULL, NICSW_OUT_ROWS                                                   \
	}

static void verdict_cells(struct nicsw_out *out, const struct nicsw_why_verdict *verdict)
{
	nicsw_out_text(out, verdict->reason ? "dropped" : "forwarded");
	if (verdict->reason) {
		nicsw_out_text(out, reason_of(verdict)->name);
		nicsw_out_text(out, reason_of(verdict)->rule);
	} else {
		nicsw_out_null(out);
		nicsw_out_null(out);
	}
	if (verdict->vid) {
		nicsw_out_number(out, verdict->vid & (NICSW_VLAN_SERVICE - 1));
		nicsw_out_text(out, verdict->vid & NICSW_VLAN_SERVICE ? "802.1ad" : "802.1Q");
	} else {
		nicsw_out_null(out);
		nicsw_out_null(out);
	}
	nicsw_out_rows(out, receiver_rows(verdict));
	nicsw_out_rows(out, counter_rows(verdict));
}

static struct nicsw_out *model_rows(const struct nicsw_why_answer *answer)
{
	static const struct nicsw_column columns[] = {VERDICT_COLUMNS};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out && *answer->difference)
		verdict_cells(out, &answer->model);
	return out;
}

static enum nicsw_exit show_json(struct nicsw_cli *cli, const struct nicsw_why_answer *answer)
{
	static const struct nicsw_column columns[] = {
		{"from", NULL, NICSW_OUT_TEXT},        VERDICT_COLUMNS,
		{"filter_id", NULL, NICSW_OUT_NUMBER}, {"stage", NULL, NICSW_OUT_TEXT},
		{"steps", NULL, NICSW_OUT_ROWS},       {"agrees", NULL, NICSW_OUT_BOOL},
		{"difference", NULL, NICSW_OUT_TEXT},  {"model", NULL, NICSW_OUT_ROWS},
	};
	struct nicsw_out *out = NULL;
	char name[24];

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (!out)
		return nicsw_show(cli, out, NICSW_OUT_LINE);
	nicsw_out_text(out, port_name(&answer->ingress, name));
	verdict_cells(out, &answer->program);
	nicsw_vport_cell(out, answer->filter_id);
	nicsw_out_text(out, nicsw_stage_name(answer->stage));
	nicsw_out_rows(out, step_rows(answer));
	nicsw_out_bool(out, !*answer->difference);
	if (*answer->difference)
		nicsw_out_text(out, answer->difference);
	else
		nicsw_out_null(out);
	nicsw_out_rows(out, model_rows(answer));
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

/* ---- the command --------------------------------------------------------------------------------
 */

static void fill_ingress(const struct nicsw_arguments *arguments, struct nicsw_why *why)
{
	if (nicsw_given(arguments, NICSW_PARAMETER_VF)) {
		why->from = NICSW_WHY_VF;
		why->number = nicsw_number(arguments, NICSW_PARAMETER_VF);
	} else if (nicsw_given(arguments, NICSW_PARAMETER_VPORT)) {
		why->from = NICSW_WHY_VPORT;
		why->number = nicsw_number(arguments, NICSW_PARAMETER_VPORT);
	} else {
		why->from = NICSW_WHY_UPLINK;
	}
}

/* Nothing that is printed is read beyond its end. */
static bool is_well_formed(const struct nicsw_why_answer *answer)
{
	return answer->program.num_receivers <= NICSW_MAX_SLOTS &&
	       answer->model.num_receivers <= NICSW_MAX_SLOTS && nicsw_stage_name(answer->stage) &&
	       memchr(answer->difference, 0, sizeof(answer->difference));
}

static enum nicsw_exit show(struct nicsw_cli *cli, const struct nicsw_why_answer *answer)
{
	enum nicsw_exit code = cli->options.json ? show_json(cli, answer) : show_text(cli, answer);

	if (code || !*answer->difference)
		return code;
	return nicsw_failed(cli, "the switch program and the model differ in: %s",
			    answer->difference);
}

enum nicsw_exit nicsw_cmd_why(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_why why = {0};
	struct nicsw_list list = {0};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code;
	size_t length = 0;

	fill_ingress(arguments, &why);
	nicsw_parse_hex(nicsw_raw(arguments, NICSW_PARAMETER_FRAME), why.bytes, sizeof(why.bytes),
			&length);
	why.length = (__u32)length;
	code = nicsw_ask_list(cli, NICSW_CONTROL_WHY, &why, &list);
	answer = list.answer;
	if (code)
		return code;
	if (list.count != 1 || !is_well_formed(answer.payload))
		return nicsw_bad_answer(cli);
	return show(cli, answer.payload);
}
