// SPDX-License-Identifier: GPL-2.0-only
/* Where a frame enters, and what is no frame. */
#include "pf/why.h"

#include "tests/unit/dataplane_fixture.h"

TestSuite(pf_why, .init = fixture_open, .fini = fixture_close);

static int slot_of(__u32 from, __u32 number, __u32 *ret_slot, struct nicsw_error *error)
{
	struct nicsw_why why = {.from = from, .number = number};

	return nicsw_pf_why_slot(&adapter, &why, ret_slot, error);
}

Test(pf_why, each_place_has_its_slot)
{
	struct nicsw_error error = {};
	__u32 slot = NICSW_NONE;

	fixture_vfs(2);
	cr_expect_eq(slot_of(NICSW_WHY_UPLINK, 0, &slot, &error), 0);
	cr_expect_eq(slot, NICSW_SLOT_UPLINK);
	cr_expect_eq(slot_of(NICSW_WHY_VF, 1, &slot, &error), 0);
	cr_expect_eq(slot, NICSW_SLOT_VF(1));
	cr_expect_eq(slot_of(NICSW_WHY_VPORT, 0, &slot, &error), 0);
	cr_expect_eq(slot, NICSW_SLOT_PF);
	cr_expect_eq(slot_of(NICSW_WHY_VPORT, 1, &slot, &error), 0);
	cr_expect_eq(slot, NICSW_SLOT_VF(0));
}

Test(pf_why, LC_VF_1_no_such_port)
{
	static const struct {
		__u32 from, number;
		const char *rule;
	} wrong[] = {
		{NICSW_WHY_VF, 1, "LC-VF-1"},           {NICSW_WHY_VF, FIXTURE_VFS, "LC-VF-1"},
		{NICSW_WHY_VF, UINT32_MAX, "LC-VF-1"},  {NICSW_WHY_VPORT, 2, ""},
		{NICSW_WHY_VPORT, FIXTURE_VFS + 1, ""}, {NICSW_WHY_VPORT, UINT32_MAX, ""},
		{NICSW_WHY_VPORT + 1, 0, ""},
	};
	struct nicsw_error error;
	__u32 slot = 77;

	fixture_vfs(1);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		error = (struct nicsw_error){};
		cr_expect_eq(slot_of(wrong[i].from, wrong[i].number, &slot, &error), -EINVAL, "%zu",
			     i);
		cr_expect_str_eq(error.rule, wrong[i].rule, "%zu", i);
		cr_expect_eq(slot, 77);
	}
}

/* Without netdevs there is nothing to run; before that the frame's length is looked at. */
Test(pf_why, FLOW_5_frames_have_a_header)
{
	static struct nicsw_why_answer answer;
	struct nicsw_why why = {.length = NICSW_WHY_FRAME_MIN - 1};
	struct nicsw_error error = {};

	cr_expect_eq(nicsw_pf_why(&adapter, &why, &answer, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "FLOW-5");
	why.length = NICSW_WHY_FRAME_MAX + 1;
	cr_expect_eq(nicsw_pf_why(&adapter, &why, &answer, &error), -EINVAL);
	why.length = NICSW_WHY_FRAME_MAX;
	cr_expect_eq(nicsw_pf_why(&adapter, &why, &answer, &error), -ENODEV);
}
