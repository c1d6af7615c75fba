// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

enum { BATCH_WORDS = 32 };

/* The end of the word at `text`; its quotes, if any, are cut away. NULL: a quote is not closed. */
static char *cut_word(char *text, char **ret_word)
{
	bool quoted = *text == '"';
	char *word = text + quoted;
	char *end = quoted ? strchr(word, '"') : word + strcspn(word, " \t\r\n");

	if (!end)
		return NULL;
	*ret_word = word;
	if (*end)
		*end++ = '\0';
	return end;
}

int nicsw_batch_split(char *line, char **ret_words, size_t most)
{
	size_t count = 0;

	for (;;) {
		line += strspn(line, " \t\r\n");
		if (!*line || *line == '#')
			break;
		if (count == most)
			return -E2BIG;
		line = cut_word(line, &ret_words[count++]);
		if (!line)
			return -EINVAL;
	}
	return (int)count;
}

static enum nicsw_exit run_line(struct nicsw_cli *cli, char *line)
{
	char *words[BATCH_WORDS + 1] = {NULL};
	int count = nicsw_batch_split(line, words, BATCH_WORDS);
	enum nicsw_exit code;

	if (!count)
		return NICSW_EXIT_DONE;
	if (count < 0) {
		nicsw_failed(cli,
			     count == -E2BIG ? "more than %d words"
					     : "a quote is not closed (at most %d words)",
			     BATCH_WORDS);
		return NICSW_EXIT_USAGE;
	}
	code = nicsw_command_run(cli, count, words);
	fflush(cli->out); /* a program at the other end of a pipe waits for this answer */
	return code;
}

static enum nicsw_exit run_lines(struct nicsw_cli *cli, const char *path, FILE *stream)
{
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	for (unsigned int number = 1; getline(&line, &size, stream) >= 0; number++) {
		enum nicsw_exit code = run_line(cli, line);

		if (!code)
			continue;
		fprintf(cli->err, "Stopped at %s:%u.\n", path, number);
		return code;
	}
	if (ferror(stream))
		return nicsw_failed(cli, "cannot read %s: %s", path, strerror(errno));
	return NICSW_EXIT_DONE;
}

enum nicsw_exit nicsw_batch_run(struct nicsw_cli *cli, const char *path)
{
	_cleanup_fclose_ FILE *file = NULL;

	if (nicsw_streq(path, "-"))
		return run_lines(cli, path, stdin);
	file = fopen(path, "re");
	if (!file)
		return nicsw_failed(cli, "cannot open %s: %s", path, strerror(errno));
	return run_lines(cli, path, file);
}
