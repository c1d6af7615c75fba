// SPDX-License-Identifier: GPL-2.0-only
/* What is attached does not know that frames can be explained: it costs them not one instruction.
 */
#include "tests/prog/lib_explain.h"

#include <criterion/criterion.h>

#include "core/util.h"
#include "tests/prog/unexplained.skel.h"

static struct silicon silicon;
static struct explain explain;

static void close_all(void)
{
	explain_close(&explain);
	silicon_close(&silicon);
}

/* The text of a program with its functions, as the kernel gets it; maps are numbers there. */
static size_t take_instructions(const struct bpf_program *program, struct bpf_insn **ret)
{
	const struct bpf_insn *instructions = bpf_program__insns(program);
	size_t count = bpf_program__insn_cnt(program);

	*ret = calloc(count, sizeof(**ret));
	cr_assert(*ret);
	for (size_t i = 0; i < count; i++) {
		(*ret)[i] = instructions[i];
		if (i && instructions[i - 1].code == (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		if (instructions[i].code == (BPF_LD | BPF_IMM | BPF_DW))
			(*ret)[i].imm = 0;
	}
	return count;
}

static void expect_same(const char *name, const struct bpf_program *a, const struct bpf_program *b)
{
	_cleanup_free_ struct bpf_insn *of_a = NULL, *of_b = NULL;
	size_t count = take_instructions(a, &of_a);

	cr_assert_eq(take_instructions(b, &of_b), count, "%s", name);
	cr_assert_gt(count, 50, "%s has %zu instructions", name, count);
	cr_expect_eq(memcmp(of_a, of_b, count * sizeof(*of_a)), 0, "%s", name);
}

Test(explain, attached_programs_are_the_same_without_it)
{
	struct unexplained_bpf *without = unexplained_bpf__open();
	struct switch_bpf *with = switch_bpf__open();

	cr_assert(without && with);
	if (geteuid() != 0)
		cr_skip_test("missing: root");
	cr_assert_eq(unexplained_bpf__load(without), 0);
	cr_assert_eq(switch_bpf__load(with), 0);
	expect_same("nicsw_port", with->progs.nicsw_port, without->progs.nicsw_port);
	expect_same("nicsw_egress_vepa", with->progs.nicsw_egress_vepa,
		    without->progs.nicsw_egress_vepa);
	cr_expect_null(bpf_object__find_map_by_name(with->obj, "verdict"));
	switch_bpf__destroy(with);
	unexplained_bpf__destroy(without);
}

/* One that explains, beside: it has all of it and more. */
Test(explain, the_record_is_what_is_added, .fini = close_all)
{
	const struct bpf_program *attached, *explaining;

	silicon_require(&silicon, false);
	cr_assert_eq(explain_open(&explain, &silicon), 0);
	attached = silicon.maps->progs.nicsw_port;
	explaining = explain.maps->progs.nicsw_port;
	cr_expect_gt(bpf_program__insn_cnt(explaining), bpf_program__insn_cnt(attached));
	cr_expect(bpf_object__find_map_by_name(explain.maps->obj, "verdict"));
	cr_expect_neq(bpf_map__fd(explain.maps->maps.counters),
		      bpf_map__fd(silicon.maps->maps.counters));
}
