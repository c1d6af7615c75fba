// SPDX-License-Identifier: GPL-2.0-only
/* What the shell offers: all that the tables have, from the first word on. */
#include "cli_fake.h"

#include <nicsw/faults.h>

/* Is the word one of the lines that `--complete LINE` prints? */
static bool offers(const char *line, const char *word)
{
	static struct fake fake;
	char command[128], wanted[80], out[8192];
	bool found;

	fake = (struct fake){0};
	snprintf(command, sizeof(command), "--complete %s", line);
	cr_assert_eq(fake_run(&fake, command), NICSW_EXIT_DONE, "%s", fake.err);
	cr_assert_lt(snprintf(out, sizeof(out), "\n%s", fake.out), (int)sizeof(out));
	snprintf(wanted, sizeof(wanted), "\n%s\n", word);
	found = strstr(out, wanted);
	fake_clear(&fake);
	return found;
}

Test(completion, every_object)
{
	for (size_t i = 0; i < nicsw_num_objects; i++)
		cr_expect(offers("", nicsw_objects[i].name), "%s", nicsw_objects[i].name);
	cr_expect(offers("", "help"));
	cr_expect(offers("", "--release-on-exit"));
	cr_expect_not(offers("", "create"));
}

Test(completion, every_command)
{
	for (size_t i = 0; i < nicsw_num_commands; i++)
		if (*nicsw_commands[i].name)
			cr_expect(offers(nicsw_commands[i].object, nicsw_commands[i].name), "%s %s",
				  nicsw_commands[i].object, nicsw_commands[i].name);
	cr_expect_not(offers("vf", "create"), "of another object");
}

Test(completion, an_object_that_is_the_command)
{
	cr_expect(offers("monitor", "-j"));
	cr_expect(offers("monitor", "help"));
	cr_expect_not(offers("monitor -j", "-j"));
	cr_expect_not(offers("monitor", ""));
}

Test(completion, every_fault_knob)
{
	for (__u32 knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		if (nicsw_fault_row(knob))
			cr_expect(offers("fault set", nicsw_fault_row(knob)->name), "%s",
				  nicsw_fault_row(knob)->name);
	cr_expect(offers("fault set fail_flr", "off"));
	cr_expect(offers("fault set fail_flr on", "vf"));
}
