// SPDX-License-Identifier: GPL-2.0-only
#include "cli/arguments.h"

#include <ctype.h>
#include <nicsw/faults.h>
#include <nicsw/maps.h>

#include "cli/oid_name.h"
#include "core/text.h"
#include "core/vlan_list.h"

enum kind {
	KIND_NUMBER,
	KIND_MAC,
	KIND_COUNTED,
	KIND_NAME,
	KIND_NETNS,
	KIND_FLAG,
	KIND_CHOICE,
	KIND_HEX,
	KIND_SOURCE,
	KIND_OID,
	KIND_VLANS,
	KIND_PATH,
};

static const struct parameter {
	const char *word;
	const char *meta; /* NULL: the word stands alone */
	enum kind kind;
	uint64_t least, most;
	const char *rule;
	const char *help;
} parameters[NICSW_PARAMETER_COUNT] = {
#define X(ID, word, meta, kind, least, most, rule, help)                                           \
	[NICSW_PARAMETER_##ID] = {word, meta, KIND_##kind, least, most, rule, help},
	NICSW_PARAMETERS(X)
#undef X
};

/* ---- values -------------------------------------------------------------------------------------
 */

static int read_number(const struct parameter *parameter, const char *text, uint64_t *ret_number,
		       struct nicsw_error *error)
{
	int code = nicsw_parse_number(text, parameter->least, parameter->most, ret_number);

	if (code == -ERANGE)
		return nicsw_fail(error, -EINVAL, parameter->rule, "%s %s is not within %llu..%llu",
				  parameter->word, text, (unsigned long long)parameter->least,
				  (unsigned long long)parameter->most);
	if (code)
		return nicsw_fail(error, -EINVAL, NULL, "%s \"%s\" is not a number in %llu..%llu",
				  parameter->word, text, (unsigned long long)parameter->least,
				  (unsigned long long)parameter->most);
	return 0;
}

static int read_mac(const struct parameter *parameter, const char *text,
		    __u8 ret_mac[NICSW_MAC_SIZE], struct nicsw_error *error)
{
	if (!nicsw_parse_mac(text, ret_mac))
		return 0;
	return nicsw_fail(error, -EINVAL, NULL,
			  "%s \"%s\" is not six bytes such as 02:00:00:00:00:11", parameter->word,
			  text);
}

static int read_counted(const struct parameter *parameter, const char *text,
			struct nicsw_text *ret_text, struct nicsw_error *error)
{
	int code = nicsw_text_set(ret_text, text);

	if (code == -ERANGE)
		return nicsw_fail(error, -EINVAL, parameter->rule,
				  "%s is over %llu UTF-16 characters", parameter->word,
				  (unsigned long long)parameter->most);
	if (code)
		return nicsw_fail(error, -EINVAL, NULL, "%s is not valid UTF-8", parameter->word);
	return 0;
}

/* What the kernel takes as the name of a netdev; the adapter's name becomes one, too. */
static bool is_device_name(const char *text)
{
	for (const char *c = text; *c; c++)
		if (*c == '/' || *c == ':' || !isgraph((unsigned char)*c))
			return false;
	return !nicsw_streq(text, ".") && !nicsw_streq(text, "..");
}

static int read_name(const struct parameter *parameter, const char *text, char *ret_text,
		     size_t size, struct nicsw_error *error)
{
	size_t length = strlen(text);

	if (length < parameter->least || length > parameter->most)
		return nicsw_fail(error, -EINVAL, NULL, "%s \"%s\" is not of %llu..%llu characters",
				  parameter->word, text, (unsigned long long)parameter->least,
				  (unsigned long long)parameter->most);
	if (!is_device_name(text))
		return nicsw_fail(error, -EINVAL, NULL, "%s \"%s\" cannot be the name of a netdev",
				  parameter->word, text);
	nicsw_copy_text(ret_text, size, text);
	return 0;
}

/* The daemon takes paths and pid:N only: a bare name means something to the user's ip(8), not to
 * it. */
static int read_netns(const struct parameter *parameter, const char *text, char *ret_text,
		      size_t size, struct nicsw_error *error)
{
	bool process = strncmp(text, "pid:", 4) == 0;
	bool name = !process && text[0] != '/';
	char path[256];
	uint64_t pid;

	if (process && nicsw_parse_number(text + 4, 1, INT32_MAX, &pid))
		return nicsw_fail(error, -EINVAL, NULL, "%s \"%s\": pid is not a number in 1..%d",
				  parameter->word, text, INT32_MAX);
	if (name && (!is_device_name(text) || !*text))
		return nicsw_fail(error, -EINVAL, NULL,
				  "%s \"%s\" is not a name, an absolute path, or pid:N",
				  parameter->word, text);
	if ((size_t)snprintf(path, sizeof(path), "%s%s", name ? "/run/netns/" : "", text) >
		    parameter->most ||
	    !nicsw_copy_text(ret_text, size, path))
		return nicsw_fail(error, -EINVAL, NULL, "%s \"%s\" is over %llu characters",
				  parameter->word, text, (unsigned long long)parameter->most);
	return 0;
}

/* Behind a choice of that length; NULL: it was the last one. */
static const char *next_choice(const char *choice, size_t length)
{
	return choice[length] ? choice + length + 1 : NULL;
}

static int read_choice(const struct parameter *parameter, const char *text, uint64_t *ret_number,
		       struct nicsw_error *error)
{
	const char *choice = parameter->meta;

	for (uint64_t number = 0; choice; number++) {
		size_t length = strcspn(choice, "|");

		if (strlen(text) == length && strncmp(text, choice, length) == 0) {
			*ret_number = number;
			return 0;
		}
		choice = next_choice(choice, length);
	}
	return nicsw_fail(error, -EINVAL, NULL, "%s \"%s\" is not one of %s", parameter->word, text,
			  parameter->meta);
}

/* Only the form: the bytes are read by whom they are for. */
static int check_hex(const struct parameter *parameter, const char *text, struct nicsw_error *error)
{
	size_t digits = strlen(text);

	if (digits % 2 || strspn(text, "0123456789abcdefABCDEF") != digits)
		return nicsw_fail(error, -EINVAL, NULL, "%s \"%.64s\" is not pairs of hex digits",
				  parameter->word, text);
	if (digits / 2 < parameter->least || digits / 2 > parameter->most)
		return nicsw_fail(error, -EINVAL, parameter->rule,
				  "%s has %zu bytes, not %llu..%llu", parameter->word, digits / 2,
				  (unsigned long long)parameter->least,
				  (unsigned long long)parameter->most);
	return 0;
}

/* Only the form, as of hex digits. */
static int check_vlans(const struct parameter *parameter, const char *text,
		       struct nicsw_error *error)
{
	__u64 words[NICSW_VLAN_LIST_WORDS];
	int code = nicsw_streq(text, "none") ? 0 : nicsw_parse_vlan_list(text, words);

	if (code == -ERANGE)
		return nicsw_fail(error, -EINVAL, parameter->rule,
				  "%s \"%.64s\": a VLAN is not within 0..%u", parameter->word, text,
				  NICSW_VID_MAX);
	if (code)
		return nicsw_fail(error, -EINVAL, NULL,
				  "%s \"%.64s\" is not a list such as 10,20-29", parameter->word,
				  text);
	return 0;
}

static int read_oid(const char *text, uint64_t *ret_number, struct nicsw_error *error)
{
	const char *nearest;
	__u32 oid;

	if (!nicsw_parse_number(text, 0, UINT32_MAX, ret_number))
		return 0;
	if (!nicsw_oid_find(text, &oid)) {
		*ret_number = oid;
		return 0;
	}
	nearest = nicsw_oid_nearest(text);
	if (nearest)
		return nicsw_fail(error, -EINVAL, NULL,
				  "unknown OID \"%.64s\", the nearest one is \"%s\"", text,
				  nearest);
	return nicsw_fail(error, -EINVAL, NULL, "unknown OID \"%.64s\", see `nicsw oid list`",
			  text);
}

static int read_value(enum nicsw_parameter_id id, const char *text,
		      struct nicsw_arguments *arguments, struct nicsw_error *error)
{
	const struct parameter *parameter = &parameters[id];
	struct nicsw_argument *value = &arguments->values[id];

	value->given = true;
	switch (parameter->kind) {
	case KIND_NUMBER:
		return read_number(parameter, text, &value->number, error);
	case KIND_MAC:
		return read_mac(parameter, text, value->mac, error);
	case KIND_COUNTED:
		return read_counted(parameter, text, &value->counted, error);
	case KIND_NAME:
		return read_name(parameter, text, value->text, sizeof(value->text), error);
	case KIND_NETNS:
		return read_netns(parameter, text, value->text, sizeof(value->text), error);
	case KIND_FLAG:
		return 0;
	case KIND_CHOICE:
		return read_choice(parameter, text, &value->number, error);
	case KIND_HEX:
		value->raw = text;
		return check_hex(parameter, text, error);
	case KIND_SOURCE:
		value->raw = text;
		return *text == '@' ? 0 : check_hex(parameter, text, error);
	case KIND_OID:
		return read_oid(text, &value->number, error);
	case KIND_VLANS:
		value->raw = text;
		return check_vlans(parameter, text, error);
	case KIND_PATH:
		value->raw = text;
		return *text ? 0 : nicsw_fail(error, -EINVAL, NULL, "%s is empty", parameter->word);
	}
	return -EINVAL;
}

/* ---- words --------------------------------------------------------------------------------------
 */

static bool is_position(const struct nicsw_use *use)
{
	return use->place == NICSW_POSITION || use->place == NICSW_OPTIONAL_POSITION;
}

static bool is_last(const struct nicsw_use *use)
{
	return use->place == NICSW_LAST || use->place == NICSW_OPTIONAL_LAST;
}

/* Named by a word of its own. */
static bool is_word(const struct nicsw_use *use)
{
	return !is_position(use) && !is_last(use);
}

static bool is_required(const struct nicsw_use *use)
{
	return use->place == NICSW_POSITION || use->place == NICSW_WORD || use->place == NICSW_LAST;
}

static bool is_alternative(const struct nicsw_use *use)
{
	return use->place == NICSW_ALTERNATIVE || use->place == NICSW_EITHER;
}

static const struct nicsw_use *find_word(const struct nicsw_use *uses, const char *word)
{
	for (const struct nicsw_use *use = uses; use->id; use++)
		if (is_word(use) && nicsw_streq(parameters[use->id].word, word))
			return use;
	return NULL;
}

/* A word of the command stands where the position might be. */
static bool is_left_out(const struct nicsw_use *uses, const struct nicsw_use *position,
			const char *text)
{
	return !is_required(position) && find_word(uses, text);
}

static int unknown_word(const struct nicsw_use *uses, const char *word, struct nicsw_error *error)
{
	const char *words[NICSW_USES_MAX];
	const char *nearest;
	size_t count = 0;

	for (const struct nicsw_use *use = uses; use->id; use++)
		if (is_word(use))
			words[count++] = parameters[use->id].word;
	nearest = nicsw_nearest_word(word, words, count);
	if (nearest)
		return nicsw_fail(error, -EINVAL, NULL,
				  "unknown word \"%s\", the nearest one is \"%s\"", word, nearest);
	return nicsw_fail(error, -EINVAL, NULL, "unknown word \"%s\"%s", word,
			  count ? "" : ": nothing may follow here");
}

/* The use that takes a value behind all words, if it has none yet. */
static const struct nicsw_use *find_last(const struct nicsw_use *uses,
					 const struct nicsw_arguments *arguments)
{
	for (const struct nicsw_use *use = uses; use->id; use++)
		if (is_last(use) && !nicsw_given(arguments, use->id))
			return use;
	return NULL;
}

/* One word and its value; *ret_used is how many of argv that were. */
static int read_word(const struct nicsw_use *uses, int argc, char **argv,
		     struct nicsw_arguments *arguments, int *ret_used, struct nicsw_error *error)
{
	const struct nicsw_use *use = find_word(uses, argv[0]);
	const struct nicsw_use *last = find_last(uses, arguments);
	const struct parameter *parameter;

	if (!use && argc == 1 && last) {
		*ret_used = 1;
		return read_value(last->id, argv[0], arguments, error);
	}
	if (!use)
		return unknown_word(uses, argv[0], error);
	parameter = &parameters[use->id];
	if (nicsw_given(arguments, use->id))
		return nicsw_fail(error, -EINVAL, NULL, "%s is given twice", parameter->word);
	if (parameter->meta && argc < 2)
		return nicsw_fail(error, -EINVAL, NULL, "%s needs a value: %s %s", parameter->word,
				  parameter->word, parameter->meta);
	*ret_used = parameter->meta ? 2 : 1;
	return read_value(use->id, argv[1], arguments, error);
}

static void print_use(const struct nicsw_use *use, FILE *stream)
{
	const struct parameter *parameter = &parameters[use->id];

	if (!is_word(use))
		fputs(parameter->meta, stream);
	else
		fprintf(stream, "%s%s%s", parameter->word, parameter->meta ? " " : "",
			parameter->meta ? parameter->meta : "");
}

static int missing(const struct nicsw_use *use, struct nicsw_error *error)
{
	const struct parameter *parameter = &parameters[use->id];

	return nicsw_fail(error, -EINVAL, NULL, "%s %s is missing", parameter->word,
			  parameter->meta);
}

/* Names all that would do: "vf N, uplink or vport N". */
static int missing_either(const struct nicsw_use *first, struct nicsw_error *error)
{
	char words[160] = "";
	FILE *stream = fmemopen(words, sizeof(words), "w");

	for (const struct nicsw_use *use = first; stream && use->place == NICSW_EITHER; use++) {
		if (use != first)
			fputs(use[1].place == NICSW_EITHER ? ", " : " or ", stream);
		print_use(use, stream);
	}
	if (stream)
		fclose(stream);
	return nicsw_fail(error, -EINVAL, NULL, "%s is missing", words);
}

static int check_complete(const struct nicsw_use *uses, const struct nicsw_arguments *arguments,
			  struct nicsw_error *error)
{
	const struct nicsw_use *needed = NULL;
	const char *alternative = NULL;

	for (const struct nicsw_use *use = uses; use->id; use++) {
		const struct parameter *parameter = &parameters[use->id];
		bool given = nicsw_given(arguments, use->id);

		if (!given && is_required(use))
			return missing(use, error);
		if (!needed && use->place == NICSW_EITHER)
			needed = use;
		if (!given || !is_alternative(use))
			continue;
		if (alternative)
			return nicsw_fail(error, -EINVAL, NULL, "%s and %s exclude each other",
					  alternative, parameter->word);
		alternative = parameter->word;
	}
	return needed && !alternative ? missing_either(needed, error) : 0;
}

int nicsw_arguments_parse(const struct nicsw_use uses[NICSW_USES_MAX], int argc, char **argv,
			  struct nicsw_arguments *ret_arguments, struct nicsw_error *error)
{
	struct nicsw_arguments arguments = {0};
	int index = 0;
	int code = 0;

	for (const struct nicsw_use *use = uses; use->id && is_position(use); use++)
		if (!code && index < argc && !is_left_out(uses, use, argv[index]))
			code = read_value(use->id, argv[index++], &arguments, error);
	while (!code && index < argc) {
		int used = 0;

		code = read_word(uses, argc - index, argv + index, &arguments, &used, error);
		index += used;
	}
	if (!code)
		code = check_complete(uses, &arguments, error);
	if (!code)
		*ret_arguments = arguments;
	return code;
}

/* ---- usage, help, completion --------------------------------------------------------------------
 */

void nicsw_arguments_usage(const struct nicsw_use uses[NICSW_USES_MAX], FILE *stream)
{
	for (const struct nicsw_use *use = uses; use->id; use++) {
		bool optional = !is_required(use) && use->place != NICSW_EITHER;
		bool alternative = is_alternative(use);
		bool first = use == uses || !is_alternative(use - 1);
		bool last = use[1].id == NICSW_PARAMETER_NONE || !is_alternative(use + 1);

		fputs(alternative && !first ? "|" : " ", stream);
		if (optional && (!alternative || first))
			fputc('[', stream);
		print_use(use, stream);
		if (optional && (!alternative || last))
			fputc(']', stream);
	}
}

static void print_limits(const struct parameter *parameter, FILE *stream)
{
	unsigned long long least = parameter->least;
	unsigned long long most = parameter->most;

	if (parameter->kind == KIND_NUMBER)
		fprintf(stream, "; %llu..%llu", least, most);
	else if (parameter->kind == KIND_NAME)
		fprintf(stream, "; %llu..%llu characters", least, most);
	else if (parameter->kind == KIND_COUNTED || parameter->kind == KIND_NETNS)
		fprintf(stream, "; at most %llu characters", most);
	else if (parameter->kind == KIND_HEX || parameter->kind == KIND_SOURCE)
		fprintf(stream, "; at most %llu bytes", most);
}

void nicsw_arguments_help(const struct nicsw_use uses[NICSW_USES_MAX], FILE *stream)
{
	for (const struct nicsw_use *use = uses; use->id; use++) {
		const struct parameter *parameter = &parameters[use->id];
		char text[64];

		snprintf(text, sizeof(text), "%s%s%s", is_word(use) ? parameter->word : "",
			 is_word(use) && parameter->meta ? " " : "",
			 parameter->meta ? parameter->meta : "");
		fprintf(stream, "      %-16s %s", text, parameter->help);
		print_limits(parameter, stream);
		fputc('\n', stream);
	}
}

static void complete_knob(FILE *stream)
{
	for (__u32 knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		if (nicsw_fault_row(knob))
			fprintf(stream, "%s\n", nicsw_fault_row(knob)->name);
}

static void complete_value(const struct nicsw_use *use, FILE *stream)
{
	const struct parameter *parameter = &parameters[use->id];
	const char *choice = parameter->kind == KIND_CHOICE ? parameter->meta : NULL;

	if (parameter->kind == KIND_OID)
		nicsw_oid_complete(stream);
	if (use->id == NICSW_PARAMETER_KNOB)
		complete_knob(stream);
	while (choice) {
		size_t length = strcspn(choice, "|");

		fprintf(stream, "%.*s\n", (int)length, choice);
		choice = next_choice(choice, length);
	}
}

/* Walks over what is there without reading values: while typing they may be half done. */
void nicsw_arguments_complete(const struct nicsw_use uses[NICSW_USES_MAX], int argc, char **argv,
			      FILE *stream)
{
	bool seen[NICSW_PARAMETER_COUNT] = {false};
	const struct nicsw_use *use = uses;
	int index = 0;

	for (; use->id && is_position(use); use++) {
		if (index < argc) {
			index += !is_left_out(uses, use, argv[index]);
			continue;
		}
		complete_value(use, stream);
		if (is_required(use))
			return;
	}
	while (index < argc) {
		const struct nicsw_use *word = find_word(uses, argv[index]);

		if (!word)
			return;
		seen[word->id] = true;
		index += parameters[word->id].meta ? 2 : 1;
		if (index > argc)
			complete_value(word, stream);
	}
	for (; index == argc && use->id; use++)
		if (!seen[use->id] && is_word(use))
			fprintf(stream, "%s\n", parameters[use->id].word);
		else if (is_last(use))
			complete_value(use, stream);
}
