// SPDX-License-Identifier: GPL-2.0-only
/* Copies of records, seen by nobody before commit; all of them, or none. */
#include "dataplane/change.h"

#include <signal.h>

#include "tests/unit/dataplane_fixture.h"

TestSuite(change, .init = fixture_open, .fini = fixture_close);

Test(change, nothing_is_visible_before_commit)
{
	struct nicsw_change change;
	struct state before;

	fixture_vfs(2);
	before = state_take();
	nicsw_change_begin(&change, dataplane, "not committed");
	edit_filter(&change, 1, 1, 0x20, 10);
	edit_vport_delete(&change, 2);
	edit_detach(&change, 0);
	nicsw_change_meta(&change)->mtu = 9000;
	cr_expect(state_is(&before));
	cr_expect_eq(dataplane->maps.journal->state, NICSW_FREE);
	state_free(&before);
}

Test(change, asking_twice_gives_the_same_copy)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, dataplane, "twice");
	cr_expect_eq(nicsw_change_meta(&change), nicsw_change_meta(&change));
	cr_expect_eq(nicsw_change_vf(&change, 1), nicsw_change_vf(&change, 1));
	cr_expect_eq(nicsw_change_config(&change, NICSW_FUNCTION_PF),
		     nicsw_change_config(&change, NICSW_FUNCTION_PF));
	cr_expect_neq(nicsw_change_config(&change, NICSW_FUNCTION_PF),
		      nicsw_change_config(&change, 0));
	cr_expect_neq((void *)nicsw_change_vport(&change, 1),
		      (void *)nicsw_change_filter(&change, 1));
	cr_expect_eq(change.entry.num_writes, 6);
}

Test(change, a_copy_begins_as_the_record)
{
	struct nicsw_change change;

	fixture_vfs(1);
	nicsw_change_begin(&change, dataplane, "copy");
	cr_expect_eq(nicsw_change_vport(&change, 1)->function, 0);
	cr_expect_eq(nicsw_change_vport(&change, 1)->state, NICSW_USED);
	cr_expect_eq(memcmp(nicsw_change_vf(&change, 0), &dataplane->maps.vfs[0],
			    sizeof(struct nicsw_vf_record)),
		     0);
	/* The first space is the PF's, then come the VFs. */
	cr_expect_eq(memcmp(nicsw_change_config(&change, 0), dataplane->maps.config_space[1],
			    NICSW_CONFIG_SIZE),
		     0);
}

Test(change, view_shows_the_edited_copy_or_the_record)
{
	struct nicsw_change change;
	const struct nicsw_filter_record *seen;

	nicsw_change_begin(&change, dataplane, "view");
	edit_filter(&change, 3, 0, 0x20, 10);
	seen = nicsw_change_view(&change, NICSW_MAP_FILTERS, 3);
	cr_expect_eq(seen->vlan, 10);
	cr_expect_eq(nicsw_change_view(&change, NICSW_MAP_FILTERS, 4), &dataplane->maps.filters[4]);
	cr_expect_null(nicsw_change_view(&change, NICSW_MAP_VPORTS, NICSW_VPORTS(FIXTURE_VFS)));
}

Test(change, commit_writes_all_records)
{
	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 2, 0x21, 20),
	       edit_detach(&change, 1), nicsw_change_meta(&change)->mtu = 9000);
	cr_expect_eq(dataplane->maps.filters[1].vlan, 10);
	cr_expect_eq(dataplane->maps.filters[2].vlan, 20);
	cr_expect_eq(dataplane->maps.vfs[1].flags, 0);
	cr_expect_not(nicsw_function_bus_master(dataplane->maps.config_space[2]));
	cr_expect_eq(dataplane->maps.meta->mtu, 9000);
	cr_expect_eq(dataplane->maps.ports[NICSW_SLOT_VF(0)].max_frame, 9018);
	cr_expect_eq(dataplane->maps.journal->state, NICSW_FREE);
	cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);
}

Test(change, an_empty_change_is_no_change)
{
	struct state before;

	fixture_vfs(1);
	before = state_take();
	CHANGE((void)0);
	cr_expect(state_is(&before));
	state_free(&before);
}

/* GEN-17; the text names the operation. */
Test(change, a_failed_commit_says_what_failed)
{
	struct nicsw_change change;
	struct nicsw_error error = {};

	nicsw_change_begin(&change, dataplane, "switch create");
	edit_switch(&change);
	nicsw_mapset_memory_fail_flood(&dataplane->maps, 1);
	cr_expect_eq(nicsw_change_commit(&change, &error), -ENOMEM);
	cr_expect_eq(error.code, -ENOMEM);
	cr_expect_not_null(strstr(error.text, "switch create"), "%s", error.text);
}

Test(change, a_long_name_of_an_operation_is_cut)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, dataplane, "an operation with a very long name");
	cr_expect_str_eq(change.entry.operation, "an operation with a ver");
}

/* The largest operations there are: a VF with its registers, and the PF's with the switch. */
Test(change, the_journal_has_room_for_every_operation)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, dataplane, "all");
	nicsw_change_meta(&change);
	nicsw_change_config(&change, NICSW_FUNCTION_PF);
	nicsw_change_config(&change, 0);
	nicsw_change_vf(&change, 0);
	nicsw_change_vport(&change, 0);
	nicsw_change_filter(&change, 1);
	cr_expect_leq(change.used, NICSW_JOURNAL_BYTES);
}

Test(change, more_records_than_the_journal_holds, .signal = SIGABRT)
{
	struct nicsw_change change;
	__u32 filter;

	nicsw_change_begin(&change, dataplane, "too many");
	for (filter = 1; filter <= NICSW_JOURNAL_WRITES + 1; filter++)
		nicsw_change_filter(&change, filter);
}

Test(change, more_bytes_than_the_journal_holds, .signal = SIGABRT)
{
	struct nicsw_change change;
	__u32 vf;

	nicsw_change_begin(&change, dataplane, "too long");
	for (vf = 0; vf <= NICSW_JOURNAL_BYTES / NICSW_CONFIG_SIZE; vf++)
		nicsw_change_config(&change, vf);
}

Test(change, a_record_that_is_not_there, .signal = SIGABRT)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, dataplane, "beyond");
	nicsw_change_vport(&change, NICSW_VPORTS(FIXTURE_VFS));
}
