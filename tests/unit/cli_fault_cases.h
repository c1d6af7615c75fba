/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of cli_request.c for the fault knobs. Included behind the helpers of that file.
 */
#ifndef NICSW_TESTS_CLI_FAULT_CASES_H
#define NICSW_TESTS_CLI_FAULT_CASES_H

#include <nicsw/faults.h>

static void answer_faults(struct fake *fake)
{
	static const struct nicsw_fault_record records[3] = {};

	fake_answer(fake, records, sizeof(records));
}

static void check_fault_list(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_FAULT_LIST);
}

static void expect_setting(const struct fake *fake, __u32 knob, __u32 vf, __u32 on)
{
	const struct nicsw_fault_setting *setting = IN(fake, 0, nicsw_fault_setting);

	expect_control(fake, 0, NICSW_CONTROL_FAULT_SET);
	cr_expect_eq(setting->knob, knob);
	cr_expect_eq(setting->vf_id, vf);
	cr_expect_eq(setting->on, on);
	cr_expect_eq(setting->reserved, 0);
}

static void check_fault_on(const struct fake *fake)
{
	expect_setting(fake, NICSW_FAULT_FAIL_FLR, 3, 1);
}

static void check_fault_off(const struct fake *fake)
{
	expect_setting(fake, NICSW_FAULT_FAIL_NETDEV_CREATE, NICSW_NONE, 0);
}

#define FAULT_CASES                                                                                \
	{"fault list", answer_faults, 1, check_fault_list, NULL},                                  \
		{"fault set fail_flr on vf 3", answer_nothing, 1, check_fault_on, ""},             \
	{                                                                                          \
		"fault set fail_netdev_create off", answer_nothing, 1, check_fault_off, ""         \
	}

#endif
