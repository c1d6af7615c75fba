// SPDX-License-Identifier: GPL-2.0-only
/* What `fault list` shows, and which knobs `fault set` knows. */
#include "cli_fake.h"

#include <nicsw/faults.h>

#define ON(knob) (1ull << NICSW_FAULT_##knob)

/* Of the PF, and of VFs 0 to 2. */
static void answer(struct fake *fake)
{
	struct nicsw_fault_record records[4] = {
		{ON(FAIL_POWER)}, {ON(FAIL_FLR)}, {}, {ON(FAIL_FLR) | ON(SLOW_RESET)}};

	*fake = (struct fake){0};
	fake_answer(fake, records, sizeof(records));
}

#define LIST(name, line, golden)                                                                   \
	Test(cli_fault, name)                                                                      \
	{                                                                                          \
		static struct fake fake;                                                           \
		answer(&fake);                                                                     \
		cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_DONE, "%s", fake.err);              \
		expect_golden(golden, fake.out);                                                   \
		fake_clear(&fake);                                                                 \
	}
LIST(list_as_text, "fault list", "fault-list.txt")
LIST(list_as_json, "-j -p fault list", "fault-list.json")

/* Not even the PF's record: no daemon of ours. */
Test(cli_fault, list_without_records)
{
	static struct fake fake;

	fake_answer(&fake, NULL, 0);
	cr_expect_eq(fake_run(&fake, "fault list"), NICSW_EXIT_FAILED);
	cr_expect_str_eq(fake.out, "");
	cr_expect(fake_begins(fake.err, "Error: the answer of nicswd"), "%s", fake.err);
	fake_clear(&fake);
}

/* Every knob of the table can be named, and is sent as its number. */
Test(cli_fault, set_knows_every_knob)
{
	static struct fake fake;
	const struct nicsw_fault_setting *setting = (const void *)fake.asked[0].in;

	for (__u32 knob = 0; knob < NICSW_FAULT_KNOBS; knob++) {
		char line[80];

		if (!nicsw_fault_row(knob))
			continue;
		fake = (struct fake){0};
		fake_answer(&fake, NULL, 0);
		snprintf(line, sizeof(line), "fault set %s on", nicsw_fault_row(knob)->name);
		cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_DONE, "%s: %s", line, fake.err);
		cr_expect_eq(setting->knob, knob, "%s", line);
		cr_expect_eq(setting->vf_id, NICSW_NONE, "%s", line);
		cr_expect_eq(setting->on, 1, "%s", line);
		fake_clear(&fake);
	}
}

Test(cli_fault, set_unknown_knob)
{
	static struct fake fake;

	cr_expect_eq(fake_run(&fake, "fault set fail_frl on"), NICSW_EXIT_USAGE);
	cr_expect_str_eq(fake.err,
			 "Error: unknown knob \"fail_frl\", the nearest one is \"fail_flr\".\n");
	cr_expect_eq(fake_run(&fake, "fault set zzzzzzzz on"), NICSW_EXIT_USAGE);
	cr_expect_str_eq(fake.err, "Error: unknown knob \"zzzzzzzz\", see `nicsw fault list`.\n");
	cr_expect_eq(fake_run(&fake, "fault set fail_flr maybe"), NICSW_EXIT_USAGE);
	cr_expect_eq(fake.num_asked, 0);
	fake_clear(&fake);
}
