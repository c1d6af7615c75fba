/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of cli_request.c for `why`. Included behind the helpers of that file.
 */
#ifndef NICSW_TESTS_CLI_WHY_CASES_H
#define NICSW_TESTS_CLI_WHY_CASES_H

static void answer_why(struct fake *fake)
{
	static const struct nicsw_why_answer answer;

	fake_answer(fake, &answer, sizeof(answer));
}

static void check_why(const struct fake *fake)
{
	const struct nicsw_why *why = IN(fake, 0, nicsw_why);

	expect_control(fake, 0, NICSW_CONTROL_WHY);
	cr_expect_eq(why->from, NICSW_WHY_UPLINK);
	cr_expect_eq(why->length, NICSW_WHY_FRAME_MIN);
	cr_expect_eq(why->bytes[5], 0x11);
}

#define WHY_CASES                                                                                  \
	{                                                                                          \
		"why from uplink 0200000000110200000000100800", answer_why, 1, check_why, NULL     \
	}

#endif
