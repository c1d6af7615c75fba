// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/checks.h>

#include "cli/command.h"

#define CURE_SIZE 512

struct check {
	const char *name;
	const char *rule;
	const char *text;
	const char *cure;
};

static const struct check checks[NICSW_CHECKS_END] = {
#define X(number, NAME, name, scope, rule, text, cure) [number] = {#name, rule, text, cure},
	NICSW_CHECKS(X)
#undef X
};

/* A newer daemon's: it is told all the same. */
static const struct check unknown = {"unknown", "", "a check that this nicsw does not know", ""};

static const struct check *find_check(__u32 number)
{
	return number < ARRAY_SIZE(checks) && checks[number].name ? &checks[number] : &unknown;
}

/* ---- cure ---------------------------------------------------------------------------------------
 */

/* What a {word} of a cure stands for. */
static const char *value_of(const struct nicsw_finding *finding, const char *word, size_t length,
			    char number[16])
{
	const struct {
		const char *word;
		const char *value;
	} values[] = {
		{"adapter", finding->adapter}, {"dev", finding->dev},       {"vf", number},
		{"where", finding->where},     {"wanted", finding->wanted},
	};

	snprintf(number, 16, finding->function < NICSW_FUNCTION_PF ? "%u" : "pf",
		 finding->function);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (strlen(values[i].word) == length && memcmp(values[i].word, word, length) == 0)
			return values[i].value;
	return "";
}

static void write_cure(const struct nicsw_finding *finding, const char *cure, char ret[CURE_SIZE])
{
	FILE *stream = fmemopen(ret, CURE_SIZE, "w");
	char number[16];

	ret[0] = 0;
	for (; stream && *cure; cure++) {
		const char *end = *cure == '{' ? strchr(cure, '}') : NULL;

		if (end) {
			fputs(value_of(finding, cure + 1, end - cure - 1, number), stream);
			cure = end;
		} else {
			fputc(*cure, stream);
		}
	}
	if (stream)
		fclose(stream);
}

/* ---- show ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column columns[] = {
	{"state", "STATE", NICSW_OUT_TEXT}, {"check", "CHECK", NICSW_OUT_TEXT},
	{"adapter", NULL, NICSW_OUT_TEXT},  {"function_id", "FUNCTION", NICSW_OUT_NAME},
	{"dev", "DEV", NICSW_OUT_TEXT},     {"objects", "OBJECTS", NICSW_OUT_NUMBER},
	{"text", "WHAT", NICSW_OUT_TEXT},   {"found", "FOUND", NICSW_OUT_TEXT},
	{"rule", NULL, NICSW_OUT_TEXT},     {"cure", "CURE", NICSW_OUT_TEXT},
};

static void text_or_null(struct nicsw_out *out, const char *text)
{
	if (*text)
		nicsw_out_text(out, text);
	else
		nicsw_out_null(out);
}

/* Texts of the daemon's answer are fixed fields: make sure that they end. */
static void end_texts(struct nicsw_finding *finding)
{
	finding->adapter[sizeof(finding->adapter) - 1] = 0;
	finding->dev[sizeof(finding->dev) - 1] = 0;
	finding->where[sizeof(finding->where) - 1] = 0;
	finding->found[sizeof(finding->found) - 1] = 0;
	finding->wanted[sizeof(finding->wanted) - 1] = 0;
}

static void finding_row(struct nicsw_out *out, const struct nicsw_finding *finding)
{
	const struct check *check = find_check(finding->check);
	char cure[CURE_SIZE] = "";

	if (finding->wrong)
		write_cure(finding, check->cure, cure);
	nicsw_out_text(out, finding->wrong ? "wrong" : "ok");
	nicsw_out_text(out, check->name);
	text_or_null(out, finding->adapter);
	nicsw_function_cell(out, finding->function);
	text_or_null(out, finding->dev);
	nicsw_out_number(out, finding->count);
	nicsw_out_text(out, check->text);
	text_or_null(out, finding->found);
	text_or_null(out, check->rule);
	text_or_null(out, cure);
}

enum nicsw_exit nicsw_cmd_doctor(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_examination examination = {
		.state = nicsw_given(arguments, NICSW_PARAMETER_PINNED_STATE)};
	struct nicsw_out *out = NULL;
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_DOCTOR, &examination, &list);
	struct nicsw_finding *findings = list.answer.payload;
	bool wrong = false;

	if (code)
		return code;
	cli->options.json |= nicsw_given(arguments, NICSW_PARAMETER_AS_JSON);
	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (size_t i = 0; out && i < list.count; i++) {
		end_texts(&findings[i]);
		finding_row(out, &findings[i]);
		wrong |= findings[i].wrong;
	}
	nicsw_answer_clear(&list.answer);
	code = nicsw_show(cli, out, NICSW_OUT_TABLE);
	return !code && wrong ? NICSW_EXIT_FAILED : code;
}
