// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of the writes: add new before removing old, unreachable before freed.
 *
 * A plan is compared as text, one step per line:
 *   join SLOT/VID, leave SLOT/VID          VLAN members
 *   port SLOT FLAGS VID                    flags as letters: Open Ready Spoof check Directed Group
 *                                          Unmatched, 0: VLAN set admits VID 0; access VLAN
 *   flood VID, flood base
 *   set LAST/VID SLOT, clear LAST/VID      last byte of the MAC, in hexadecimal
 */
#include "dataplane/plan.h"

#include "pf/policy.h"
#include "tests/unit/dataplane_fixture.h"

TestSuite(plan, .init = fixture_open, .fini = fixture_close);

static void print_port(FILE *out, const struct nicsw_step *step)
{
	static const char letters[] = "ORSDGU0";
	size_t i;

	fprintf(out, "port %u ", step->slot);
	for (i = 0; i < strlen(letters); i++)
		if (step->port.flags >> i & 1)
			fputc(letters[i], out);
	fprintf(out, "%s %u\n", step->port.flags ? "" : "closed", step->port.access_vid);
}

static void print_step(FILE *out, const struct nicsw_step *step)
{
	unsigned int last = step->key >> 56, vid = step->key & 0xfff;

	switch (step->kind) {
	case NICSW_STEP_PORT:
		print_port(out, step);
		break;
	case NICSW_STEP_VLAN_JOIN:
		fprintf(out, "join %u/%u\n", step->slot, step->vid);
		break;
	case NICSW_STEP_VLAN_LEAVE:
		fprintf(out, "leave %u/%u\n", step->slot, step->vid);
		break;
	case NICSW_STEP_FLOOD:
		if (step->vid == NICSW_FLOOD_BASE)
			fprintf(out, "flood base\n");
		else
			fprintf(out, "flood %u\n", step->vid);
		break;
	case NICSW_STEP_TABLE_SET:
		fprintf(out, "set %02x/%u %u\n", last, vid, step->slot);
		break;
	case NICSW_STEP_TABLE_CLEAR:
		fprintf(out, "clear %02x/%u\n", last, vid);
		break;
	}
}

static void expect_plan(const struct nicsw_change *change, const char *wanted)
{
	struct nicsw_plan plan = {};
	char *text = NULL;
	size_t length, i;
	FILE *out = open_memstream(&text, &length);

	cr_assert_eq(nicsw_plan_build(&plan, change), 0);
	for (i = 0; i < plan.num_steps; i++)
		print_step(out, &plan.steps[i]);
	fclose(out);
	cr_expect_str_eq(text, wanted, "the plan is\n%sinstead of\n%s", text, wanted);
	free(text);
	nicsw_plan_free(&plan);
}

/* The plan of the edits, and that they leave nothing to repair. */
#define PLAN(wanted, ...)                                                                          \
	do {                                                                                       \
		struct nicsw_change change;                                                        \
                                                                                                   \
		nicsw_change_begin(&change, dataplane, "test");                                    \
		__VA_ARGS__;                                                                       \
		expect_plan(&change, wanted);                                                      \
		cr_assert_eq(nicsw_change_commit(&change, NULL), 0);                               \
		cr_expect_eq(nicsw_dataplane_repair(dataplane), 0);                                \
	} while (0)

/* ---- switch ---- */

#define STATION "fe/0" /* last byte of the PF's MAC */

Test(plan, switch_create_and_delete)
{
	PLAN("port 0 ORDGU 0\n"
	     "port 1 ORDGU 0\n"
	     "flood base\n"
	     "set " STATION " 1\n",
	     edit_switch(&change));
	/* Unreachable before freed: the station, then the ports, then the group. */
	PLAN("clear " STATION "\n"
	     "port 0 closed 0\n"
	     "port 1 closed 0\n"
	     "flood base\n",
	     edit_switch_delete(&change));
	cr_expect_null(nicsw_mapset_memory_flood(&dataplane->maps, NICSW_FLOOD_BASE));
}

Test(plan, pf_address)
{
	fixture_vfs(0);
	PLAN("set aa/0 1\n"
	     "clear " STATION "\n"
	     "port 1 ORDGU 0\n",
	     fixture_mac(nicsw_change_meta(&change)->pf_mac, 0xaa));
}

/* GEN-22: a filter has the address; nobody takes it away from it, and the PF has it afterwards. */
Test(plan, pf_address_that_a_filter_has)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0xaa, 0));
	PLAN("clear " STATION "\n"
	     "port 1 ORDGU 0\n",
	     fixture_mac(nicsw_change_meta(&change)->pf_mac, 0xaa));
	PLAN("set aa/0 1\n"
	     "port 2 RSDG 0\n"
	     "leave 2/0\n"
	     "flood 0\n",
	     edit_clear(&change, 1));
}

Test(plan, nothing_changes)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	PLAN("", (void)0);
	PLAN("", nicsw_change_meta(&change), nicsw_change_filter(&change, 1),
	     nicsw_change_vport(&change, 1), nicsw_change_vf(&change, 0),
	     nicsw_change_config(&change, 0));
}

/* ---- filters ---- */

Test(plan, filter_set_opens_the_port_first)
{
	fixture_vfs(1);
	PLAN("join 2/10\n"
	     "port 2 ORSDG 10\n"
	     "flood 10\n"
	     "set 20/10 2\n",
	     edit_filter(&change, 1, 1, 0x20, 10));
	/* The same VLAN again: nothing but the table. */
	PLAN("set 21/10 2\n", edit_filter(&change, 2, 1, 0x21, 10));
}

Test(plan, filter_set_on_the_default_vport)
{
	fixture_vfs(0);
	PLAN("set 20/10 1\n", edit_filter(&change, 1, 0, 0x20, 10));
	PLAN("clear 20/10\n", edit_clear(&change, 1));
}

/*
 * MATCH-14: an access port becomes a trunk before frames of the second VLAN come, and the copies of
 * the first VLAN keep their tag from then on.
 */
Test(plan, MATCH_14_access_port_becomes_a_trunk)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	PLAN("join 2/20\n"
	     "port 2 ORSDG 0\n"
	     "flood 10\n"
	     "flood 20\n"
	     "set 21/20 2\n",
	     edit_filter(&change, 2, 1, 0x21, 20));
}

/* MATCH-14: and the other way round, after the last frame of the second VLAN. */
Test(plan, MATCH_14_trunk_becomes_an_access_port)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 20));
	PLAN("clear 21/20\n"
	     "port 2 ORSDG 10\n"
	     "leave 2/20\n"
	     "flood 10\n"
	     "flood 20\n",
	     edit_clear(&change, 2));
}

Test(plan, filter_clear_closes_the_port_last)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 10));
	PLAN("clear 21/10\n", edit_clear(&change, 2));
	PLAN("clear 20/10\n"
	     "port 2 RSDG 0\n"
	     "leave 2/10\n"
	     "flood 10\n",
	     edit_clear(&change, 1));
}

/* MOVE-RF-8: the new port is open before, the old one until after the one store. */
Test(plan, MOVE_RF_8_filter_move)
{
	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	PLAN("join 3/10\n"
	     "port 3 ORSDG 10\n"
	     "flood 10\n"
	     "set 20/10 3\n"
	     "port 2 RSDG 0\n"
	     "leave 2/10\n"
	     "flood 10\n",
	     edit_move(&change, 1, 2));
}

/* MOVE-RF-10 */
Test(plan, MOVE_RF_10_both_directions)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 0, 0x20, 0));
	PLAN("join 2/0\n"
	     "port 2 ORSDG0 0\n"
	     "flood 0\n"
	     "set 20/0 2\n",
	     edit_move(&change, 1, 1));
	PLAN("set 20/0 1\n"
	     "port 2 RSDG 0\n"
	     "leave 2/0\n"
	     "flood 0\n",
	     edit_move(&change, 1, 0));
}

Test(plan, move_between_ports_of_other_filters_is_one_step)
{
	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 10),
	       edit_filter(&change, 3, 2, 0x22, 10));
	PLAN("set 20/10 3\n", edit_move(&change, 1, 2));
}

/* Several filters in one change: all are set before the first is cleared. */
Test(plan, sets_come_before_clears)
{
	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 10));
	PLAN("set 22/10 2\n"
	     "set 23/10 2\n"
	     "clear 20/10\n",
	     edit_clear(&change, 1), edit_filter(&change, 3, 1, 0x22, 10),
	     edit_filter(&change, 4, 1, 0x23, 10));
}

/* A key that one filter gives up and another takes over is moved, whichever is edited first. */
Test(plan, a_key_that_changes_its_filter_is_moved)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 0, 0x20, 0), edit_filter(&change, 5, 1, 0x25, 0));
	PLAN("set 20/0 2\n", edit_clear(&change, 1), edit_filter(&change, 2, 1, 0x20, 0));
	PLAN("set 20/0 1\n", edit_filter(&change, 1, 0, 0x20, 0), edit_clear(&change, 2));
}

Test(plan, a_filter_of_another_address)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	PLAN("set 21/10 2\n"
	     "clear 20/10\n",
	     edit_filter(&change, 1, 1, 0x21, 10));
}

/* FWD-20 */
Test(plan, FWD_20_a_group_address_joins_the_vlan_only)
{
	fixture_vfs(1);
	PLAN("join 2/10\n"
	     "port 2 ORSDG 10\n"
	     "flood 10\n",
	     edit_filter(&change, 1, 1, 0x20, 10), nicsw_change_filter(&change, 1)->mac[0] = 1);
}

/* ---- VPorts ---- */

Test(plan, vport_create_and_delete)
{
	fixture_vfs(0);
	CHANGE(edit_vf(&change, 0), edit_attach(&change, 0));
	PLAN("port 2 RSDG 0\n", edit_vport(&change, 1, 0, NdisNicSwitchVPortStateActivated));
	PLAN("port 2 closed 0\n", edit_vport_delete(&change, 1));
}

/* LC-VP-1: all filters of the VPort begin to steer. */
Test(plan, FWD_13_activation_steers_the_filters)
{
	fixture_vfs(0);
	CHANGE(edit_vport(&change, 3, NICSW_FUNCTION_PF, NdisNicSwitchVPortStateDeactivated));
	PLAN("", edit_filter(&change, 1, 3, 0x20, 0), edit_filter(&change, 2, 3, 0x21, 5));
	PLAN("join 8/0\n"
	     "join 8/5\n"
	     "port 8 ORDG0 0\n"
	     "flood 0\n"
	     "flood 5\n"
	     "set 21/5 8\n"
	     "set 20/0 8\n",
	     nicsw_change_vport(&change, 3)->vport_state = NdisNicSwitchVPortStateActivated);
}

/* One change that takes all away: each step once. */
Test(plan, vport_and_its_filters_go_together)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 20));
	PLAN("clear 20/10\n"
	     "clear 21/20\n"
	     "port 2 closed 0\n"
	     "leave 2/10\n"
	     "leave 2/20\n"
	     "flood 10\n"
	     "flood 20\n",
	     edit_vport_delete(&change, 1), edit_clear(&change, 1), edit_clear(&change, 2));
}

/* ---- VFs ---- */

Test(plan, attach_and_detach)
{
	fixture_vfs(0);
	CHANGE(edit_vf(&change, 0), edit_vport(&change, 1, 0, NdisNicSwitchVPortStateActivated));
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	PLAN("port 2 ORSDG 10\n"
	     "flood 10\n",
	     edit_attach(&change, 0));
	/* The filter stays: frames for it are dropped, not given to another (FWD-14). */
	PLAN("port 2 OS 10\n"
	     "flood 10\n",
	     edit_detach(&change, 0));
}

/* RESET-VF-5, RESET-VF-7 */
Test(plan, reset)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 0));
	PLAN("port 2 OS0 0\n"
	     "flood 0\n",
	     edit_reset(&change, 0));
	PLAN("port 2 ORSDG0 0\n"
	     "flood 0\n",
	     edit_reset_done(&change, 0));
}

Test(plan, free_vf)
{
	fixture_vfs(1);
	CHANGE(edit_vport_delete(&change, 1));
	PLAN("", memset(nicsw_change_vf(&change, 0), 0, sizeof(struct nicsw_vf_record)));
}

/* PCI-101: no VF is more awake than the PF. */
Test(plan, PCI_101_power_of_the_pf)
{
	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 0), edit_filter(&change, 2, 2, 0x21, 0));
	PLAN("port 2 OSDG0 0\n"
	     "port 3 OSDG0 0\n"
	     "flood 0\n",
	     nicsw_function_set_power(&adapter.device, NICSW_FUNCTION_PF,
				      nicsw_change_config(&change, NICSW_FUNCTION_PF), NICSW_D3,
				      false));
}

/* RXQ-22: a packet filter without group frames leaves the groups, and no VLAN. */
Test(plan, packet_filter)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 20));
	PLAN("port 2 ORSD 0\n"
	     "flood 10\n"
	     "flood 20\n",
	     nicsw_change_vf(&change, 0)->packet_filter = NDIS_PACKET_TYPE_DIRECTED);
}

/* A plan grows as far as it must. */
Test(plan, many_steps)
{
	__u32 filter;

	fixture_vfs(0);
	CHANGE(edit_vport(&change, 3, NICSW_FUNCTION_PF, NdisNicSwitchVPortStateDeactivated));
	for (filter = 1; filter <= FIXTURE_FILTERS; filter++)
		CHANGE(edit_filter(&change, filter, 3, 0x20 + filter, filter));
	CHANGE(edit_vport(&change, 3, NICSW_FUNCTION_PF, NdisNicSwitchVPortStateActivated));
	for (filter = 1; filter <= FIXTURE_FILTERS; filter++)
		cr_expect_eq(fixture_find(0x20 + filter, filter),
			     NICSW_SLOT_PF_VPORT(FIXTURE_VFS, 0));
}

/* ---- every change is whole: what it leaves is what the records say ---- */

static __u32 random_vlan(void)
{
	return fixture_random(3) * 10;
}

/* A nondefault VPort of the PF comes, is activated, or goes, whatever filters say so. */
static void edit_pf_vport(struct nicsw_change *change)
{
	__u32 which = fixture_random(NICSW_PF_VPORTS);

	if (fixture_random(3))
		edit_vport(change, FIXTURE_VFS + 1 + which, NICSW_FUNCTION_PF,
			   1 + fixture_random(2));
	else
		edit_vport_delete(change, FIXTURE_VFS + 1 + which);
	nicsw_change_vport(change, FIXTURE_VFS + 1 + which)->pf_vport = which;
}

static void random_edit(struct nicsw_change *change)
{
	__u32 vf = fixture_random(FIXTURE_VFS), filter = 1 + fixture_random(12);
	const struct nicsw_filter_record *record =
		nicsw_change_view(change, NICSW_MAP_FILTERS, filter);

	switch (fixture_random(9)) {
	case 8:
		edit_pf_vport(change);
		break;
	case 0:
		edit_attach(change, vf);
		break;
	case 1:
		edit_detach(change, vf);
		break;
	case 2:
		edit_reset(change, vf);
		break;
	case 3:
		edit_clear(change, filter);
		break;
	case 4:
		if (record->state == NICSW_USED)
			edit_move(change, filter, fixture_random(NICSW_VPORTS(FIXTURE_VFS)));
		break;
	default:
		edit_filter(change, filter, fixture_random(NICSW_VPORTS(FIXTURE_VFS)),
			    0x40 + filter, random_vlan());
	}
}

/*
 * Flood groups are remembered by what the ports said when they were written: `strip` must be as of
 * now. The memory mapset has no such bit, so it is kept here.
 */
static struct nicsw_slot_set stripped[NICSW_VLANS];
static int (*plain_flood_set)(struct nicsw_mapset *, __u32, const struct nicsw_slot_set *);

static int flood_set(struct nicsw_mapset *maps, __u32 vid, const struct nicsw_slot_set *members)
{
	__u32 slot;

	if (vid < NICSW_VLANS) {
		memset(&stripped[vid], 0, sizeof(stripped[vid]));
		for (slot = 0; members && slot < maps->meta->slots; slot++)
			if (members->words[0] >> slot & 1 && maps->ports[slot].access_vid)
				stripped[vid].words[0] |= 1ull << slot;
	}
	return plain_flood_set(maps, vid, members);
}

static void expect_groups(__u32 round)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	struct nicsw_slot_set members;
	__u32 vid, slot;

	for (vid = 0; vid < 40; vid++) {
		const struct nicsw_slot_set *group = nicsw_mapset_memory_flood(maps, vid);

		cr_assert_eq(nicsw_derive_flood(maps, vid, &members), group != NULL);
		if (!group)
			continue;
		cr_assert_eq(group->words[0], members.words[0], "round %u: group %u", round, vid);
		for (slot = 0; slot < maps->meta->slots; slot++)
			cr_assert_eq(stripped[vid].words[0] >> slot & 1,
				     (group->words[0] >> slot & 1) && maps->ports[slot].access_vid,
				     "round %u: group %u strips for slot %u by an old port record",
				     round, vid, slot);
	}
}

Test(plan, random_changes_leave_nothing_to_repair)
{
	static struct nicsw_mapset_ops ops;
	__u32 round, edits;

	ops = *dataplane->maps.ops;
	plain_flood_set = ops.flood_set;
	ops.flood_set = flood_set;
	dataplane->maps.ops = &ops;
	fixture_vfs(FIXTURE_VFS);
	for (round = 0; round < 2000; round++) {
		struct nicsw_change change;

		nicsw_change_begin(&change, dataplane, "random");
		for (edits = 1 + fixture_random(2); edits; edits--)
			random_edit(&change);
		cr_assert_eq(nicsw_change_commit(&change, NULL), 0, "round %u", round);
		expect_groups(round);
		cr_assert_eq(nicsw_dataplane_repair(dataplane), 0, "round %u", round);
	}
}

/* The first isolated VF brings a class of groups into use: it is in none of them. */
Test(plan, GEN_22_isolated_is_in_no_group_of_its_peers)
{
	const struct nicsw_slot_set *group;
	__u32 vf;

	fixture_vfs(3);
	for (vf = 0; vf < 3; vf++)
		CHANGE(edit_filter(&change, vf + 1, vf + 1, vf + 1, 0));
	CHANGE(nicsw_change_vf(&change, 1)->policy.flags |= NICSW_POLICY_ISOLATED,
	       nicsw_pf_features_follow(&change));
	group = nicsw_mapset_memory_flood(&dataplane->maps, NICSW_FLOOD_PEERS);
	cr_assert(group);
	cr_expect_eq(group->words[0] & (1u << NICSW_SLOT_VF(0) | 1u << NICSW_SLOT_VF(1) |
					1u << NICSW_SLOT_VF(2)),
		     1u << NICSW_SLOT_VF(0) | 1u << NICSW_SLOT_VF(2));
	group = nicsw_mapset_memory_flood(&dataplane->maps, 0);
	cr_assert(group);
	cr_expect(group->words[0] >> NICSW_SLOT_VF(1) & 1, "the wire still reaches it");
}
