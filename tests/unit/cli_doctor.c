// SPDX-License-Identifier: GPL-2.0-only
/* The table of checks, and what `doctor` makes of the daemon's findings. */
#include "cli_fake.h"

#include <nicsw/checks.h>

#include "core/text.h"

static const struct nicsw_finding findings[] = {
	{.check = NICSW_CHECK_KERNEL_FRAGS, .count = 1, .function = NICSW_NONE},
	{.check = NICSW_CHECK_UPLINK_RXVLAN,
	 .wrong = 1,
	 .count = 1,
	 .function = NICSW_NONE,
	 .adapter = "nic0",
	 .dev = "wire0"},
	{.check = NICSW_CHECK_NETDEV_MAC,
	 .wrong = 1,
	 .count = 1,
	 .function = 3,
	 .adapter = "nic0",
	 .dev = "eth0",
	 .where = "/run/netns/vm3",
	 .found = "it has 02:00:00:00:00:01",
	 .wanted = "02:00:00:00:00:03"},
	{.check = NICSW_CHECK_PORT_DROP,
	 .wrong = 1,
	 .count = 1,
	 .function = NICSW_FUNCTION_PF,
	 .adapter = "nic0",
	 .dev = "pf-sw",
	 .where = "/sys/fs/bpf/nicsw/nic0",
	 .wanted = "/run/netns/nicsw-nic0"},
	{.check = NICSW_CHECK_PORT_PROGRAM, .wrong = 1, .count = 1, .function = 12, .dev = "vf12"},
	{.check = NICSW_CHECK_NETDEV_GRO, .count = 15, .function = NICSW_NONE, .adapter = "nic0"},
	{.check = NICSW_CHECKS_END + 1, .wrong = 1, .count = 1, .function = NICSW_NONE},
};

#define DOCTOR(name, line, golden)                                                                 \
	Test(cli_doctor, name)                                                                     \
	{                                                                                          \
		static struct fake fake;                                                           \
		fake_answer(&fake, findings, sizeof(findings));                                    \
		cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_FAILED);                            \
		cr_expect_str_eq(fake.err, "");                                                    \
		expect_golden(golden, fake.out);                                                   \
		fake_clear(&fake);                                                                 \
	}
DOCTOR(as_text, "doctor", "doctor.txt")
DOCTOR(as_json, "-j -p doctor", "doctor.json")

static const struct nicsw_examination *asked(const struct fake *fake)
{
	return (const void *)fake->asked[0].in;
}

Test(cli_doctor, all_is_well)
{
	static struct fake fake;

	fake_answer(&fake, findings, sizeof(findings[0]));
	cr_expect_eq(fake_run(&fake, "-a nic0 doctor"), NICSW_EXIT_DONE);
	cr_expect_eq(fake.asked[0].request.code, NICSW_CONTROL_DOCTOR);
	cr_expect_str_eq(fake.asked[0].request.adapter, "nic0");
	cr_expect_eq(asked(&fake)->state, 0);
	fake_clear(&fake);
}

Test(cli_doctor, state_and_json_may_stand_behind)
{
	static struct fake fake;

	fake_answer(&fake, findings, sizeof(findings[0]));
	cr_expect_eq(fake_run(&fake, "doctor --state -j"), NICSW_EXIT_DONE);
	cr_expect_eq(asked(&fake)->state, 1);
	cr_expect(fake_begins(fake.out, "[{\"state\":\"ok\",\"check\":\"kernel_frags\""), "%s",
		  fake.out);
	fake_clear(&fake);
}

/* Texts that do not end, as long as their fields. */
Test(cli_doctor, texts_without_an_end)
{
	static struct fake fake;
	struct nicsw_finding endless = {.check = NICSW_CHECK_NETDEV_MAC, .wrong = 1};
	_cleanup_free_ char *wanted = NULL;

	memset(endless.adapter, 'x', sizeof(endless) - offsetof(struct nicsw_finding, adapter));
	fake_answer(&fake, &endless, sizeof(endless));
	cr_expect_eq(fake_run(&fake, "-j doctor"), NICSW_EXIT_FAILED);
	wanted = strdup("address ");
	cr_expect(strstr(fake.out, wanted), "%s", fake.out);
	fake_clear(&fake);
}

Test(cli_doctor, refused)
{
	static struct fake fake;

	fake_refusal(&fake, NDIS_STATUS_FAILURE, "", "there is no adapter x");
	cr_expect_eq(fake_run(&fake, "doctor"), NICSW_EXIT_FAILED);
	cr_expect_str_eq(fake.out, "");
	cr_expect(fake_begins(fake.err, "Error: there is no adapter x"), "%s", fake.err);
	fake_clear(&fake);
}

/* ---- the table ----------------------------------------------------------------------------------
 */

static const struct {
	int number;
	const char *name, *scope, *rule, *text, *cure;
} rows[] = {
#define X(number, NAME, name, scope, rule, text, cure) {number, #name, #scope, rule, text, cure},
	NICSW_CHECKS(X)
#undef X
};

Test(cli_doctor, numbers_and_names_are_unique)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t k = 0; k < i; k++) {
			cr_expect_neq(rows[i].number, rows[k].number, "%s", rows[i].name);
			cr_expect_str_neq(rows[i].name, rows[k].name);
		}
}

Test(cli_doctor, every_row_says_what_and_how)
{
	static const char *const scopes[] = {"host", "uplink",  "netdev",
					     "port", "adapter", "state"};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool known = false;

		cr_expect(*rows[i].text && *rows[i].cure, "%s", rows[i].name);
		cr_expect_lt(strlen(rows[i].cure), 256u, "%s", rows[i].name);
		for (size_t k = 0; k < ARRAY_SIZE(scopes); k++)
			known |= nicsw_streq(rows[i].scope, scopes[k]);
		cr_expect(known, "%s has scope %s", rows[i].name, rows[i].scope);
	}
}

/* A word in braces that nobody fills would be typed as it stands. */
Test(cli_doctor, every_word_of_a_cure_is_known)
{
	static const char *const words[] = {"{adapter}", "{dev}", "{vf}", "{where}", "{wanted}"};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *at = rows[i].cure;

		while ((at = strchr(at, '{'))) {
			bool known = false;

			for (size_t k = 0; k < ARRAY_SIZE(words); k++)
				known |= fake_begins(at, words[k]);
			cr_expect(known, "%s: %s", rows[i].name, at);
			at++;
		}
	}
}
