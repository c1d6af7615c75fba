// SPDX-License-Identifier: GPL-2.0-only
#include "cli/cli.h"

#include "core/text.h"

/* Flags set a bool, options with a metavar a text, in struct nicsw_options. */
static const struct option_row {
	char letter; /* 0 = none */
	const char *word;
	const char *meta; /* NULL = a flag */
	size_t offset;
	const char *help; /* NULL = for the shell's completion, not for people */
} option_rows[] = {
#define MEMBER(member) offsetof(struct nicsw_options, member)
	{'j', "json", NULL, MEMBER(json), "print JSON: arrays of objects"},
	{'p', "pretty", NULL, MEMBER(pretty), "with -j: on many lines"},
	{'s', "stats", NULL, MEMBER(stats), "show counters, too"},
	{'a', "adapter", "NAME", MEMBER(adapter),
	 "the adapter (default: $NICSW_ADAPTER, or the only one)"},
	{'b', "batch", "FILE", MEMBER(batch),
	 "commands from a file, - is standard input; # begins a comment"},
	{0, "socket", "PATH", MEMBER(socket),
	 "socket of nicswd (default: $NICSW_SOCKET, or " NICSW_DEFAULT_SOCKET ")"},
	{0, "owner", "NAME", MEMBER(owner),
	 "act as this owner of VFs, VPorts and filters (default: cli:UID)"},
	{0, "force", NULL, MEMBER(force), "act on another owner's object; root only"},
	{0, "release-on-exit", NULL, MEMBER(release_on_exit),
	 "what is made here goes when this nicsw ends; for -b"},
	{'h', "help", NULL, MEMBER(help), "print this"},
	{'V', "version", NULL, MEMBER(version), "print the version"},
	{0, "complete", NULL, MEMBER(complete), NULL},
#undef MEMBER
};

static const struct option_row *find_word(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (strlen(option_rows[i].word) == length &&
		    strncmp(option_rows[i].word, word, length) == 0)
			return &option_rows[i];
	return NULL;
}

static const struct option_row *find_letter(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (letter && option_rows[i].letter == letter)
			return &option_rows[i];
	return NULL;
}

static enum nicsw_exit unknown_option(struct nicsw_cli *cli, const char *option)
{
	const char *words[ARRAY_SIZE(option_rows)];
	const char *nearest = NULL;
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (option_rows[i].help)
			words[count++] = option_rows[i].word;
	if (strncmp(option, "--", 2) == 0)
		nearest = nicsw_nearest_word(option + 2, words, count);
	if (nearest)
		fprintf(cli->err, "Error: unknown option \"%s\", the nearest one is \"--%s\".\n",
			option, nearest);
	else
		fprintf(cli->err, "Error: unknown option \"%s\", see `nicsw help`.\n", option);
	return NICSW_EXIT_USAGE;
}

/* The value is what stands behind the option in its own word, else the next word. */
static enum nicsw_exit set_option(struct nicsw_cli *cli, const struct option_row *row,
				  const char *attached, int argc, char **argv, int *index)
{
	char *field = (char *)&cli->options + row->offset;
	const char *value = attached;

	if (!row->meta) {
		if (attached) {
			fprintf(cli->err, "Error: option --%s takes no value.\n", row->word);
			return NICSW_EXIT_USAGE;
		}
		*(bool *)field = true;
		return NICSW_EXIT_DONE;
	}
	if (!value && *index < argc)
		value = argv[(*index)++];
	if (!value) {
		fprintf(cli->err, "Error: option --%s needs a value: %s.\n", row->word, row->meta);
		return NICSW_EXIT_USAGE;
	}
	*(const char **)field = value;
	return NICSW_EXIT_DONE;
}

static enum nicsw_exit parse_long(struct nicsw_cli *cli, int argc, char **argv, int *index)
{
	const char *option = argv[(*index)++];
	size_t length = strcspn(option + 2, "=");
	const struct option_row *row = find_word(option + 2, length);

	if (!row)
		return unknown_option(cli, option);
	return set_option(cli, row, option[2 + length] ? option + 3 + length : NULL, argc, argv,
			  index);
}

/* Letters may stand together, the last one may have its value behind it: -jp, -anic0. */
static enum nicsw_exit parse_letters(struct nicsw_cli *cli, int argc, char **argv, int *index)
{
	const char *option = argv[(*index)++];

	for (const char *letter = option + 1; *letter; letter++) {
		const struct option_row *row = find_letter(*letter);
		const char *attached = row && row->meta && letter[1] ? letter + 1 : NULL;
		enum nicsw_exit code;

		if (!row)
			return unknown_option(cli, option);
		code = set_option(cli, row, attached, argc, argv, index);
		if (code || row->meta)
			return code;
	}
	return NICSW_EXIT_DONE;
}

/* They become fixed fields of the request: too long must not mean cut. */
static enum nicsw_exit check_length(struct nicsw_cli *cli, const char *word, const char *text,
				    size_t most)
{
	if (!text || (*text && strlen(text) <= most))
		return NICSW_EXIT_DONE;
	fprintf(cli->err, "Error: %s \"%s\" is not of 1..%zu characters.\n", word, text, most);
	return NICSW_EXIT_USAGE;
}

static enum nicsw_exit check_options(struct nicsw_cli *cli)
{
	const char *adapter = nicsw_cli_adapter(cli);
	enum nicsw_exit code = check_length(cli, "owner", cli->options.owner, NICSW_OWNER_SIZE - 1);

	if (code)
		return code;
	return check_length(cli, "adapter", cli->options.adapter || *adapter ? adapter : NULL,
			    NICSW_NAME_SIZE - 1);
}

enum nicsw_exit nicsw_options_parse(struct nicsw_cli *cli, int argc, char **argv, int *ret_first)
{
	int index = 1;

	while (index < argc && argv[index][0] == '-' && argv[index][1] && !cli->options.complete) {
		bool is_long = argv[index][1] == '-';
		enum nicsw_exit code = is_long ? parse_long(cli, argc, argv, &index)
					       : parse_letters(cli, argc, argv, &index);

		if (code)
			return code;
	}
	*ret_first = index;
	return check_options(cli);
}

void nicsw_options_help(FILE *stream)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		char letter[8] = "    ";
		char word[32];

		if (!row->help)
			continue;
		if (row->letter)
			snprintf(letter, sizeof(letter), "-%c, ", row->letter);
		snprintf(word, sizeof(word), "--%s%s%s", row->word, row->meta ? " " : "",
			 row->meta ? row->meta : "");
		fprintf(stream, "  %s%-16s %s\n", letter, word, row->help);
	}
}

void nicsw_options_complete(FILE *stream)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (option_rows[i].help)
			fprintf(stream, "--%s\n", option_rows[i].word);
}
