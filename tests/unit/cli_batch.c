// SPDX-License-Identifier: GPL-2.0-only
/* Batches: one context for all lines, stop at the first failure, and no look-up for what the batch
 * itself did. */
#include "cli_fake.h"

/* ---- words --------------------------------------------------------------------------------------
 */

static void expect_words(const char *line, int count, const char *last)
{
	char *words[4] = {NULL};
	char copy[128];
	int got;

	cr_assert(nicsw_copy_text(copy, sizeof(copy), line));
	got = nicsw_batch_split(copy, words, 4);
	cr_expect_eq(got, count, "%s: %d", line, got);
	if (last)
		cr_expect_str_eq(words[count - 1], last, "%s", line);
}

Test(cli_batch, lines_are_cut_into_words)
{
	expect_words("", 0, NULL);
	expect_words(" \t\r\n", 0, NULL);
	expect_words("# all of it", 0, NULL);
	expect_words("vf show\n", 2, "show");
	expect_words("  vf\tshow  # why\n", 2, "show");
	expect_words("vf free a#b", 3, "a#b");
	expect_words("name \"web server\" x", 3, "x");
	expect_words("name \"web # server\"", 2, "web # server");
	expect_words("name \"\"", 2, "");
	expect_words("name \"open", -EINVAL, NULL);
	expect_words("1 2 3 4", 4, "4");
	expect_words("1 2 3 4 5", -E2BIG, NULL);
	expect_words("1 2 3 4 # 5", 4, "4");
}

/* ---- files --------------------------------------------------------------------------------------
 */

static enum nicsw_exit run_batch(struct fake *fake, const char *text)
{
	char path[] = "/tmp/nicsw-batch-XXXXXX";
	char line[64];
	int fd = mkstemp(path);
	enum nicsw_exit code;

	cr_assert(fd >= 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	snprintf(line, sizeof(line), "-b %s", path);
	code = fake_run(fake, line);
	unlink(path);
	return code;
}

Test(cli_batch, runs_all_lines)
{
	static struct fake fake;

	fake_answer(&fake, NULL, 0);
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_batch(&fake, "# two\nvf free 1\n\n  vf reset 2"), NICSW_EXIT_DONE, "%s",
		     fake.err);
	cr_expect_eq(fake.num_asked, 2);
	cr_expect_eq(fake.asked[1].request.code, OID_SRIOV_RESET_VF);
	fake_clear(&fake);
}

Test(cli_batch, stops_at_the_first_failure)
{
	static struct fake fake;

	fake_answer(&fake, NULL, 0);
	fake_refusal(&fake, NDIS_STATUS_INVALID_PARAMETER, "FREE-VF-4", "VF 2 is not allocated");
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_batch(&fake, "vf free 1\n\nvf free 2\nvf free 3\n"), NICSW_EXIT_FAILED);
	cr_expect_eq(fake.num_asked, 2, "the third is not sent");
	cr_expect(strstr(fake.err, "rule FREE-VF-4"), "%s", fake.err);
	cr_expect(strstr(fake.err, "Stopped at /tmp/nicsw-batch-"), "%s", fake.err);
	cr_expect(strstr(fake.err, ":3.\n"), "%s", fake.err);
	fake_clear(&fake);
}

Test(cli_batch, exit_codes_of_the_line)
{
	static struct fake fake;

	cr_expect_eq(run_batch(&fake, "vf free x\n"), NICSW_EXIT_USAGE);
	cr_expect_eq(run_batch(&fake, "vf free 1\n"), NICSW_EXIT_UNREACHABLE);
	cr_expect_eq(run_batch(&fake, "vf allocate name \"open\nvf free 1\n"), NICSW_EXIT_USAGE);
	cr_expect_eq(fake_run(&fake, "-b /nowhere/at-all"), NICSW_EXIT_FAILED);
	cr_expect(strstr(fake.err, "cannot open /nowhere/at-all"), "%s", fake.err);
	fake_clear(&fake);
}

/* ---- filters that the batch knows ---------------------------------------------------------------
 */

static void answer_set(struct fake *fake, __u32 filter_id, __u32 vport_id)
{
	struct ndis_receive_filter_parameters set = {.filter_id = filter_id, .vport_id = vport_id};

	fake_answer(fake, &set, sizeof(set));
}

static void answer_at(struct fake *fake, __u32 filter_id, __u32 vport_id)
{
	struct nicsw_filter_status filter = {.filter_id = filter_id, .vport_id = vport_id};

	fake_answer(fake, &filter, sizeof(filter));
}

static __u32 source_of(const struct fake *fake, size_t index)
{
	const struct ndis_receive_filter_move_filter_parameters *in =
		(const void *)fake->asked[index].in;

	cr_expect_eq(fake->asked[index].request.code, OID_RECEIVE_FILTER_MOVE_FILTER, "request %zu",
		     index);
	return in->source_vport_id;
}

/* GEN-28: the connection is bound before the first command, once. */
Test(cli_batch, release_on_exit_binds_first)
{
	static struct fake fake;

	for (size_t i = 0; i < 3; i++)
		fake_answer(&fake, NULL, 0);
	cr_expect_eq(fake_run(&fake, "--release-on-exit vf free 3"), NICSW_EXIT_DONE);
	cr_expect_eq(fake.num_asked, 2);
	cr_expect_eq(fake.asked[0].request.kind, NICSW_WIRE_CONTROL);
	cr_expect_eq(fake.asked[0].request.code, NICSW_CONTROL_BIND_OBJECTS);
	cr_expect_eq(fake.asked[1].request.code, OID_NIC_SWITCH_FREE_VF);
	cr_expect_str_eq(fake.asked[1].request.owner, "", "the daemon names it");
	fake_clear(&fake);
}

/* One round trip for each move of a filter that this batch set or moved. */
Test(cli_batch, no_look_up_for_known_filters)
{
	static struct fake fake;

	answer_set(&fake, 1, 0);
	for (size_t i = 0; i < 3; i++)
		fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_batch(&fake, "filter set vport 0 mac 02:00:00:00:00:11\n"
				      "filter move 1 vport 3\nfilter move 1 vport 0\n"
				      "filter move 1 vport 4\n"),
		     NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_eq(fake.num_asked, 4);
	cr_expect_eq(source_of(&fake, 1), 0);
	cr_expect_eq(source_of(&fake, 2), 3);
	cr_expect_eq(source_of(&fake, 3), 0);
	fake_clear(&fake);
}

Test(cli_batch, look_up_once_for_unknown_filters)
{
	static struct fake fake;

	answer_at(&fake, 5, 7);
	fake_answer(&fake, NULL, 0);
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_batch(&fake, "filter move 5 vport 3\nfilter move 5 vport 4\n"),
		     NICSW_EXIT_DONE);
	cr_expect_eq(fake.num_asked, 3);
	cr_expect_eq(source_of(&fake, 1), 7);
	cr_expect_eq(source_of(&fake, 2), 3);
	fake_clear(&fake);
}

/* MOVE-RF-6: somebody else moved it meanwhile; that is not the user's error. */
Test(cli_batch, looks_again_when_memory_is_old)
{
	static struct fake fake;

	answer_set(&fake, 1, 0);
	fake_refusal(&fake, NDIS_STATUS_INVALID_PARAMETER, "MOVE-RF-6", "filter 1 is on VPort 9");
	answer_at(&fake, 1, 9);
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_batch(&fake, "filter set vport 0 mac 02:00:00:00:00:11\n"
				      "filter move 1 vport 3\n"),
		     NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_eq(source_of(&fake, 3), 9);
	cr_expect_str_eq(fake.err, "");
	fake_clear(&fake);
}

/* A refusal that stays one is told once, and what is remembered is forgotten. */
Test(cli_batch, a_move_that_is_refused)
{
	static struct fake fake;

	answer_set(&fake, 1, 0);
	for (size_t i = 0; i < 2; i++) {
		fake_refusal(&fake, NDIS_STATUS_INVALID_PARAMETER, "MOVE-RF-7", "no VPort 3");
		answer_at(&fake, 1, 0);
	}
	cr_expect_eq(run_batch(&fake, "filter set vport 0 mac 02:00:00:00:00:11\n"
				      "filter move 1 vport 3\n"),
		     NICSW_EXIT_FAILED);
	cr_expect_eq(fake.num_asked, 4);
	cr_expect(fake_begins(fake.err, "Error: no VPort 3 (NDIS_STATUS_INVALID_PARAMETER, "
					"rule MOVE-RF-7).\nStopped"),
		  "%s", fake.err);
	fake_clear(&fake);
}

/* CLEAR-RF-11: the id may belong to another filter now. */
Test(cli_batch, a_cleared_filter_is_forgotten)
{
	static struct fake fake;

	answer_set(&fake, 1, 4);
	fake_answer(&fake, NULL, 0);
	answer_at(&fake, 1, 6);
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_batch(&fake, "filter set vport 4 mac 02:00:00:00:00:11\n"
				      "filter clear 1\nfilter move 1 vport 3\n"),
		     NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_eq(source_of(&fake, 3), 6);
	fake_clear(&fake);
}

/* MOVE-RF-4 is the daemon's answer: it has the rule. The list may begin with a later filter. */
Test(cli_batch, a_filter_that_does_not_exist)
{
	static struct fake fake;

	answer_at(&fake, 6, 7);
	fake_refusal(&fake, NDIS_STATUS_INVALID_PARAMETER, "MOVE-RF-4", "no filter 5");
	cr_expect_eq(fake_run(&fake, "filter move 5 vport 3"), NICSW_EXIT_FAILED);
	cr_expect_eq(source_of(&fake, 1), 0, "not the VPort of filter 6");
	cr_expect(strstr(fake.err, "rule MOVE-RF-4"), "%s", fake.err);
	fake_clear(&fake);
}
