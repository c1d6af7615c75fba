/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CLI without a daemon: its call function answers from a list, and keeps what was asked.
 *
 *   struct fake fake = {0};
 *   fake_answer(&fake, &array, sizeof(array));
 *   cr_assert_eq(fake_run(&fake, "-j switch show"), NICSW_EXIT_DONE);
 *   fake.out, fake.err, fake.asked[0]
 *   fake_clear(&fake);
 *
 * A call beyond the list fails as if the daemon were away. Every request is checked as the daemon
 * does it.
 */
#ifndef NICSW_TESTS_CLI_FAKE_H
#define NICSW_TESTS_CLI_FAKE_H

#include <criterion/criterion.h>

#include "cli/command.h"

enum { FAKE_CALLS = 16, FAKE_IN = 9472, FAKE_EVENTS = 32 };

struct fake_asked {
	struct nicsw_wire_request request; /* its payload follows */
	char in[FAKE_IN];
};

struct fake {
	struct nicsw_cli cli; /* first: the call function gets it */
	struct nicsw_answer answers[FAKE_CALLS];
	struct fake_asked asked[FAKE_CALLS];
	size_t num_answers, num_asked;
	struct nicsw_wire_event events[FAKE_EVENTS]; /* then the stream ends */
	size_t num_events, num_told;
	char *out, *err;
};

static int fake_call(struct nicsw_cli *cli, struct nicsw_wire_request *request, const void *in,
		     struct nicsw_answer *ret_answer, struct nicsw_error *error)
{
	struct fake *fake = (struct fake *)cli;
	struct fake_asked *asked = &fake->asked[fake->num_asked];
	const struct nicsw_wire_request *checked;

	if (fake->num_asked == fake->num_answers)
		return nicsw_fail(error, -ENOENT, NULL, "no socket here");
	asked->request = *request;
	cr_assert_leq(request->in_length, FAKE_IN);
	if (request->in_length)
		memcpy(asked->in, in, request->in_length);
	cr_assert_eq(nicsw_wire_check_request(asked, sizeof(*request) + request->in_length,
					      &checked, error),
		     0, "%s", error->text);
	*ret_answer = fake->answers[fake->num_asked];
	fake->answers[fake->num_asked++].payload = NULL;
	return 0;
}

static int fake_next_event(struct nicsw_cli *cli, struct nicsw_wire_event *ret_event,
			   struct nicsw_error *error)
{
	struct fake *fake = (struct fake *)cli;

	if (fake->num_told == fake->num_events)
		return nicsw_fail(error, -EPIPE, NULL, "the stream ended");
	*ret_event = fake->events[fake->num_told++];
	return 0;
}

/* The next answer: a success with a copy of the payload. */
static inline struct nicsw_wire_reply *fake_answer(struct fake *fake, const void *payload,
						   size_t length)
{
	struct nicsw_answer *answer = &fake->answers[fake->num_answers++];

	cr_assert_leq(fake->num_answers, FAKE_CALLS);
	*answer = (struct nicsw_answer){.reply = {.length = (__u32)length}};
	if (length) {
		answer->payload = malloc(length);
		memcpy(answer->payload, payload, length);
	}
	return &answer->reply;
}

static inline void fake_refusal(struct fake *fake, __u32 status, const char *rule, const char *text)
{
	struct nicsw_wire_reply *reply = fake_answer(fake, NULL, 0);

	reply->status = status;
	reply->code = -EINVAL;
	strcpy(reply->rule, rule);
	strcpy(reply->text, text);
}

static inline void fake_forget_output(struct fake *fake)
{
	free(TAKE_PTR(fake->out));
	free(TAKE_PTR(fake->err));
}

static inline enum nicsw_exit fake_run_words(struct fake *fake, int argc, char **argv)
{
	size_t out_size, err_size;
	enum nicsw_exit code;

	fake_forget_output(fake);
	fake->cli.options = (struct nicsw_options){0};
	fake->cli.out = open_memstream(&fake->out, &out_size);
	fake->cli.err = open_memstream(&fake->err, &err_size);
	fake->cli.call = fake_call;
	fake->cli.next_event = fake_next_event;
	code = nicsw_cli_main(&fake->cli, argc, argv);
	fclose(fake->cli.out);
	fclose(fake->cli.err);
	return code;
}

/* What a test does not set itself must not come from the environment. */
static inline enum nicsw_exit fake_run(struct fake *fake, const char *line)
{
	char *words[34] = {"nicsw"};
	char copy[1024];
	int count;

	cr_assert(nicsw_copy_text(copy, sizeof(copy), line));
	count = nicsw_batch_split(copy, words + 1, 32);
	cr_assert_geq(count, 0);
	unsetenv("NICSW_ADAPTER");
	unsetenv("NICSW_SOCKET");
	return fake_run_words(fake, count + 1, words);
}

static inline void fake_clear(struct fake *fake)
{
	for (size_t i = 0; i < FAKE_CALLS; i++)
		nicsw_answer_clear(&fake->answers[i]);
	fake_forget_output(fake);
	nicsw_cli_clear(&fake->cli);
}

static inline bool fake_begins(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/*
 * Compares text with tests/golden/NAME. NICSW_GOLDEN_UPDATE=1 writes it anew, and fails all the
 * same: a run that writes proves nothing.
 */
static inline void expect_golden(const char *name, const char *text)
{
	_cleanup_free_ char *golden = NULL;
	char path[128];
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (getenv("NICSW_GOLDEN_UPDATE")) {
		file = fopen(path, "we");
		cr_assert(file, "%s", path);
		fputs(text, file);
		fclose(file);
		cr_assert_fail("%s is written", path);
	}
	file = fopen(path, "re");
	cr_assert(file, "%s: run from the root of the tree", path);
	if (getdelim(&golden, &size, '\0', file) < 0)
		golden = strdup("");
	fclose(file);
	cr_expect_str_eq(text, golden, "%s", path);
}

#endif
