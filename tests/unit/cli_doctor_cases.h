/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of cli_request.c for `doctor`. Included behind the helpers of that file.
 */
#ifndef NICSW_TESTS_CLI_DOCTOR_CASES_H
#define NICSW_TESTS_CLI_DOCTOR_CASES_H

#include <nicsw/checks.h>

static void answer_doctor(struct fake *fake)
{
	static const struct nicsw_finding finding = {
		.check = NICSW_CHECK_KERNEL_FRAGS, .count = 1, .function = NICSW_NONE};

	fake_answer(fake, &finding, sizeof(finding));
}

static void check_doctor(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_DOCTOR);
	cr_expect_eq(IN(fake, 0, nicsw_examination)->state, 0);
}

static void check_doctor_state(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_DOCTOR);
	cr_expect_eq(IN(fake, 0, nicsw_examination)->state, 1);
}

/* clang-format off */
#define DOCTOR_CASES \
	{"doctor", answer_doctor, 1, check_doctor, NULL}, \
	{"doctor --state", answer_doctor, 1, check_doctor_state, NULL},
/* clang-format on */

#endif
