// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may have the uplink's XDP hook, and the order in which a shared one is changed, over a
 * dispatcher that is only a list. The real one needs BPF programs of type EXT:
 * tests/net/uplink_shared.sh.
 */
#include "dataplane/sharing.h"

#include <criterion/criterion.h>

#define OURS(id) ((id) >= 100)

/* The hook of one interface, and what was done to it. */
static struct {
	bool possible;
	struct nicsw_hook hook;
	__u32 behind[NICSW_DISPATCHER_PROGRAMS];
	int count;
	__u32 next_id;
	int fail_native, fail_generic, fail_detach, fail_look;
	char done[256];
} fake;

static void note(const char *format, __u32 value)
{
	size_t used = strlen(fake.done);

	snprintf(fake.done + used, sizeof(fake.done) - used, format, value);
}

static bool fake_possible(void)
{
	return fake.possible;
}

static int fake_look(__u32 ifindex, struct nicsw_hook *ret)
{
	cr_expect_eq(ifindex, 7u);
	*ret = fake.hook;
	return fake.fail_look;
}

static int fake_find(const struct nicsw_sharer *sharer _unused_,
		     __u32 ids[NICSW_DISPATCHER_PROGRAMS])
{
	int i, count = 0;

	for (i = 0; i < fake.count; i++)
		if (OURS(fake.behind[i]))
			ids[count++] = fake.behind[i];
	return count;
}

static int fake_attach(const struct nicsw_sharer *sharer _unused_, bool generic,
		       struct nicsw_error *error)
{
	int result = generic ? fake.fail_generic : fake.fail_native;

	note(generic ? "generic " : "native ", 0);
	if (result)
		return nicsw_fail(error, result, NULL, "refused");
	note("+%u ", fake.next_id);
	fake.behind[fake.count++] = fake.next_id++;
	fake.hook.generic = generic;
	return 0;
}

static int fake_detach(__u32 ifindex _unused_, __u32 id)
{
	int i, kept = 0;

	note("-%u ", id);
	if (fake.fail_detach)
		return fake.fail_detach;
	for (i = 0; i < fake.count; i++)
		if (fake.behind[i] != id)
			fake.behind[kept++] = fake.behind[i];
	fake.count = kept;
	return 0;
}

static const struct nicsw_dispatcher_ops ops = {
	.possible = fake_possible,
	.look = fake_look,
	.find = fake_find,
	.attach = fake_attach,
	.detach = fake_detach,
};

static const struct nicsw_meta meta = {.uplink = "up0"};
static const struct nicsw_sharer sharer = {.meta = &meta, .ifindex = 7};
static struct nicsw_error error;
static bool generic;

static void put(__u32 id)
{
	fake.behind[fake.count++] = id;
	fake.hook.occupant = NICSW_OCCUPANT_DISPATCHER;
}

static void start(void)
{
	memset(&fake, 0, sizeof(fake));
	memset(&error, 0, sizeof(error));
	generic = false;
	fake.possible = true;
	fake.next_id = 200;
}

TestSuite(sharing, .init = start);

/* ---- who may come in ---- */

struct check_row {
	enum nicsw_occupant occupant;
	bool possible;
	int result;
	const char *text; /* part of the message */
};

static const struct check_row check_rows[] = {
	{NICSW_OCCUPANT_NONE, false, 0, NULL},
	{NICSW_OCCUPANT_NONE, true, 0, NULL},
	{NICSW_OCCUPANT_DISPATCHER, true, 0, NULL},
	{NICSW_OCCUPANT_DISPATCHER, false, -EBUSY, "type EXT"},
	{NICSW_OCCUPANT_SINGLE, false, -EBUSY, "type EXT"},
	{NICSW_OCCUPANT_SINGLE, true, -EBUSY, "xdp-loader"},
	{NICSW_OCCUPANT_SWITCH, false, -EBUSY, "another adapter"},
	{NICSW_OCCUPANT_SWITCH, true, -EBUSY, "another adapter"},
};

Test(sharing, who_may_have_the_hook)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_rows); i++) {
		const struct check_row *row = &check_rows[i];

		start();
		fake.hook.occupant = row->occupant;
		fake.possible = row->possible;
		cr_expect_eq(nicsw_sharing_check(&ops, "up0", 7, &error), row->result, "row %zu",
			     i);
		if (!row->text)
			continue;
		cr_expect(strstr(error.text, "uplink up0 has an XDP program already"), "row %zu",
			  i);
		cr_expect(strstr(error.text, row->text), "row %zu: %s", i, error.text);
	}
}

/* Fail closed: who cannot be asked is not taken for nobody. */
Test(sharing, a_hook_that_cannot_be_read_is_refused)
{
	fake.fail_look = -EIO;
	cr_expect_eq(nicsw_sharing_check(&ops, "up0", 7, &error), -EIO);
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), -EIO);
	cr_expect_str_eq(fake.done, "");
}

/* ---- attach ---- */

Test(sharing, attaches_native)
{
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), 0);
	cr_expect_str_eq(fake.done, "native +200 ");
	cr_expect(!generic);
}

/* Who came in since it was looked at last is not pushed aside either. */
Test(sharing, attaches_only_where_it_may)
{
	static const enum nicsw_occupant occupants[] = {NICSW_OCCUPANT_SINGLE,
							NICSW_OCCUPANT_SWITCH};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(occupants); i++) {
		fake.hook.occupant = occupants[i];
		cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), -EBUSY);
		cr_expect(strstr(error.text, "uplink up0 has an XDP program already"));
		cr_expect_str_eq(fake.done, "");
	}
}

Test(sharing, attaches_generic_where_there_is_no_native_xdp)
{
	fake.fail_native = -EOPNOTSUPP;
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), 0);
	cr_expect_str_eq(fake.done, "native generic +200 ");
	cr_expect(generic);
	cr_expect_eq(error.code, 0);
}

Test(sharing, joins_in_the_mode_of_the_others)
{
	put(1);
	fake.hook.generic = true;
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), 0);
	cr_expect_str_eq(fake.done, "generic +200 ");
	cr_expect(generic);
}

/* The mode of the others is not changed by trying another one. */
Test(sharing, does_not_change_the_mode_of_the_others)
{
	put(1);
	fake.fail_native = -EINVAL;
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), -EINVAL);
	cr_expect_str_eq(fake.done, "native ");
	cr_expect_eq(error.code, -EINVAL);
}

Test(sharing, without_ext_nothing_is_tried)
{
	fake.possible = false;
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), -ENOSYS);
	cr_expect_str_eq(fake.done, "");
}

/* libxdp knows better than the probe: then the caller takes the hook for itself. */
Test(sharing, a_dispatcher_that_falls_back_is_none)
{
	fake.fail_native = -ENOSYS;
	cr_expect_eq(nicsw_sharing_attach(&ops, &sharer, &generic, &error), -ENOSYS);
	cr_expect_str_eq(fake.done, "native ");
}

/* ---- upgrade and end ---- */

Test(sharing, upgrades_new_before_old)
{
	put(1);
	put(100);
	cr_expect_eq(nicsw_sharing_upgrade(&ops, &sharer, &error), 0);
	cr_expect_str_eq(fake.done, "native +200 -100 ");
	cr_expect_eq(fake.count, 2);
}

Test(sharing, upgrade_clears_what_a_killed_upgrade_left)
{
	put(100);
	put(1);
	put(101);
	cr_expect_eq(nicsw_sharing_upgrade(&ops, &sharer, &error), 0);
	cr_expect_str_eq(fake.done, "native +200 -100 -101 ");
	cr_expect_eq(fake.count, 2);
	cr_expect_eq(fake.behind[0], 1u);
}

Test(sharing, upgrade_keeps_the_mode)
{
	put(100);
	fake.hook = (struct nicsw_hook){NICSW_OCCUPANT_SWITCH, true};
	cr_expect_eq(nicsw_sharing_upgrade(&ops, &sharer, &error), 0);
	cr_expect_str_eq(fake.done, "generic +200 -100 ");
}

Test(sharing, a_failed_upgrade_leaves_the_old_one)
{
	put(100);
	fake.fail_native = -ENOMEM;
	cr_expect_eq(nicsw_sharing_upgrade(&ops, &sharer, &error), -ENOMEM);
	cr_expect_eq(fake.count, 1);
	cr_expect_eq(fake.behind[0], 100u);
}

Test(sharing, an_old_one_that_stays_is_told)
{
	put(100);
	fake.fail_detach = -EBUSY;
	cr_expect_eq(nicsw_sharing_upgrade(&ops, &sharer, &error), -EBUSY);
	cr_expect(strstr(error.text, "stays"));
}

Test(sharing, nothing_of_ours_is_not_upgraded)
{
	put(1);
	cr_expect_eq(nicsw_sharing_upgrade(&ops, &sharer, &error), -ENOENT);
	cr_expect_str_eq(fake.done, "");
}

Test(sharing, others_stay_at_the_end)
{
	put(1);
	put(100);
	put(2);
	nicsw_sharing_detach(&ops, &sharer);
	cr_expect_str_eq(fake.done, "-100 ");
	cr_expect_eq(fake.count, 2);
}
