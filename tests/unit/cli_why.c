// SPDX-License-Identifier: GPL-2.0-only
/* What `why` asks, and how it tells the answer. */
#include "cli_fake.h"

#define LINE "why from vf 0 0200000000110200000000100800"

static struct nicsw_why_answer answer;
static struct fake fake;

#define STEP(NAME) (1ull << NICSW_WHY_STEP_##NAME)

static void open_fake(void)
{
	fake = (struct fake){0};
	memset(&answer, 0, sizeof(answer));
	answer.ingress = (struct nicsw_why_port){.slot = 2, .vport_id = 1};
	answer.filter_id = NICSW_NONE;
}

static void close_fake(void)
{
	fake_clear(&fake);
}

TestSuite(cli_why, .init = open_fake, .fini = close_fake);

static void add_receiver(struct nicsw_why_verdict *verdict, struct nicsw_why_port port)
{
	verdict->receivers[verdict->num_receivers++] = port;
}

static const struct nicsw_why_port uplink = {0, NICSW_NONE, NICSW_NONE, 1, 64};
static const struct nicsw_why_port pf = {1, 0, NICSW_FUNCTION_PF, 1, 64};
static const struct nicsw_why_port vf1 = {3, 2, 1, 0, 60};

static void unicast(void)
{
	answer.stage = NICSW_STAGE_ACT;
	answer.steps = STEP(UNTAGGED) | STEP(MAY_SEND) | STEP(SOURCE_OWN) | STEP(VLAN_OWN) |
		       STEP(MATCHED) | STEP(VF_TO_VF) | STEP(TAG_AS_SENT);
	answer.filter_id = 2;
	answer.program.matched = 1;
	add_receiver(&answer.program, vf1);
	answer.model = answer.program;
}

static void dropped(void)
{
	answer.stage = NICSW_STAGE_ADMIT;
	answer.steps = STEP(UNTAGGED) | STEP(MAY_SEND);
	answer.program.reason = NICSW_REASON_SOURCE_SPOOFED;
	answer.program.counted_at = answer.ingress;
	answer.model = answer.program;
}

static void group(void)
{
	answer.stage = NICSW_STAGE_ACT;
	answer.steps = STEP(UNTAGGED) | STEP(MAY_SEND) | STEP(VLAN_GIVEN) | STEP(SOURCE_OWN) |
		       STEP(VLAN_OWN) | STEP(GROUP) | STEP(BROADCAST) | STEP(GROUP_TO_WIRE) |
		       STEP(NOT_BACK) | STEP(TAG_INSERTED);
	answer.program.cast = NICSW_BROADCAST;
	answer.program.vid = NICSW_VLAN_SERVICE | 10;
	add_receiver(&answer.program, uplink);
	add_receiver(&answer.program, pf);
	add_receiver(&answer.program, vf1);
	answer.model = answer.program;
}

static void differing(void)
{
	unicast();
	memset(&answer.program, 0, sizeof(answer.program));
	answer.filter_id = NICSW_NONE;
	answer.steps &= ~(STEP(MATCHED) | STEP(VF_TO_VF));
	answer.steps |= STEP(VF_TO_WIRE);
	add_receiver(&answer.program, uplink);
	strcpy(answer.difference, "match");
}

#define TOLD(name, code, line, golden)                                                             \
	Test(cli_why, name##_##golden)                                                             \
	{                                                                                          \
		name();                                                                            \
		fake_answer(&fake, &answer, sizeof(answer));                                       \
		cr_expect_eq(fake_run(&fake, line), code, "%s", fake.err);                         \
		expect_golden("why-" #name "." #golden, fake.out);                                 \
	}
TOLD(unicast, NICSW_EXIT_DONE, LINE, txt)
TOLD(unicast, NICSW_EXIT_DONE, "-j -p " LINE, json)
TOLD(dropped, NICSW_EXIT_DONE, LINE, txt)
TOLD(dropped, NICSW_EXIT_DONE, "-j -p " LINE, json)
TOLD(group, NICSW_EXIT_DONE, LINE, txt)
TOLD(group, NICSW_EXIT_DONE, "-j -p " LINE, json)
TOLD(differing, NICSW_EXIT_FAILED, LINE, txt)
TOLD(differing, NICSW_EXIT_FAILED, "-j -p " LINE, json)

Test(cli_why, a_difference_is_an_error)
{
	differing();
	fake_answer(&fake, &answer, sizeof(answer));
	cr_expect_eq(fake_run(&fake, LINE), NICSW_EXIT_FAILED);
	cr_expect_str_eq(fake.err, "Error: the switch program and the model differ in: match.\n");
}

static void expect_asked(const char *line, __u32 from, __u32 number)
{
	static const __u8 frame[] = {2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x10, 8, 0};
	const struct nicsw_why *why = (const void *)fake.asked[0].in;

	open_fake();
	unicast();
	fake_answer(&fake, &answer, sizeof(answer));
	cr_assert_eq(fake_run(&fake, line), NICSW_EXIT_DONE, "%s: %s", line, fake.err);
	cr_expect_eq(fake.asked[0].request.code, NICSW_CONTROL_WHY);
	cr_expect_eq(why->from, from, "%s", line);
	cr_expect_eq(why->number, number, "%s", line);
	cr_expect_eq(why->length, sizeof(frame), "%s", line);
	cr_expect_eq(memcmp(why->bytes, frame, sizeof(frame)), 0, "%s", line);
	cr_expect_eq(why->bytes[sizeof(frame)], 0, "%s", line);
	fake_clear(&fake);
}

Test(cli_why, where_it_comes_from)
{
	expect_asked("why from vf 3 0200000000110200000000100800", NICSW_WHY_VF, 3);
	expect_asked("why from uplink 0200000000110200000000100800", NICSW_WHY_UPLINK, 0);
	expect_asked("why from vport 7 0200000000110200000000100800", NICSW_WHY_VPORT, 7);
	open_fake();
}

Test(cli_why, usage)
{
	static const struct {
		const char *line, *error;
	} wrong[] = {
		{"why 0200", "Error: direction \"0200\" is not one of from."},
		{"why from 0200000000110200000000100800",
		 "Error: vf N, uplink or vport N is missing."},
		{"why from vf 0", "Error: frame FRAMEHEX is missing."},
		{"why from vf 0 uplink 0200000000110200000000100800",
		 "Error: vf and uplink exclude each other."},
		{"why from uplink 02000000001102000000001008",
		 "Error: frame has 13 bytes, not 14..9216 (rule FLOW-5)."},
		{"why from uplink 020000000011020000000010080", "Error: frame \"0200"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		cr_expect_eq(fake_run(&fake, wrong[i].line), NICSW_EXIT_USAGE);
		cr_expect(fake_begins(fake.err, wrong[i].error), "%s", fake.err);
	}
	cr_expect_eq(fake.num_asked, 0);
}

/* Nothing is read past the end of what a daemon of another make says. */
Test(cli_why, answers_of_another_form)
{
	unicast();
	answer.program.num_receivers = NICSW_MAX_SLOTS + 1;
	fake_answer(&fake, &answer, sizeof(answer));
	answer.program.num_receivers = 1;
	answer.stage = 9;
	fake_answer(&fake, &answer, sizeof(answer));
	answer.stage = NICSW_STAGE_ACT;
	memset(answer.difference, 'x', sizeof(answer.difference));
	fake_answer(&fake, &answer, sizeof(answer));
	fake_answer(&fake, NULL, 0);
	for (size_t i = 0; i < 4; i++) {
		cr_expect_eq(fake_run(&fake, LINE), NICSW_EXIT_FAILED, "%zu", i);
		cr_expect_str_eq(fake.out, "");
		cr_expect(fake_begins(fake.err, "Error: the answer of nicswd"), "%s", fake.err);
	}
}

/* A reason of a newer daemon has no name here, be its number one of those that are free. */
Test(cli_why, reason_without_a_name)
{
	static const __u32 nameless[] = {NICSW_REASON_TRANSMIT_FAILED - 1, NICSW_REASONS_MAX,
					 UINT32_MAX};

	dropped();
	for (size_t i = 0; i < ARRAY_SIZE(nameless); i++) {
		answer.program.reason = nameless[i];
		fake_answer(&fake, &answer, sizeof(answer));
	}
	for (size_t i = 0; i < ARRAY_SIZE(nameless); i++) {
		cr_expect_eq(fake_run(&fake, LINE), NICSW_EXIT_DONE, "%s", fake.err);
		cr_expect(strstr(fake.out, "dropped: unknown\n"), "%s", fake.out);
	}
}
