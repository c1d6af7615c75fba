// SPDX-License-Identifier: GPL-2.0-only
/* What the programs say is told, and held against the model. The programs are played by hand. */
#include "dataplane/explain.h"

#include "tests/unit/dataplane_fixture.h"

#define UPLINK NICSW_SLOT_UPLINK
#define PF     NICSW_SLOT_PF
#define VF_0   NICSW_SLOT_VF(0)
#define VF_1   NICSW_SLOT_VF(1)
#define LENGTH 60u

static struct nicsw_world world;
static struct nicsw_why why;
static struct nicsw_explained explained;
static struct nicsw_why_answer answer;

/* VF n has the address 0x10 + n, by filter n + 1 of VPort n + 1. */
static void open_world(void)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	__u32 slot;

	fixture_open();
	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x10, 0), edit_filter(&change, 2, 2, 0x11, 0));
	for (slot = 0; slot <= VF_1; slot++)
		maps->ops->device_set(maps, slot, slot + 1);
	cr_assert_eq(nicsw_world_open(dataplane, &world), 0);
	explained.counters = calloc(maps->meta->slots, sizeof(*explained.counters));
}

static void close_world(void)
{
	free(explained.counters);
	nicsw_world_free(&world);
	fixture_close();
}

TestSuite(explain, .init = open_world, .fini = close_world);

static void frame(__u8 destination, __u8 source)
{
	why.length = LENGTH;
	fixture_mac(why.bytes, destination);
	fixture_mac(why.bytes + NICSW_MAC_SIZE, source);
	why.bytes[12] = 0x08;
}

static void arrived(__u32 slot)
{
	const struct nicsw_verdict *record = &explained.verdict;

	explained.counters[slot].rx_packets[record->cast] = 1;
	explained.counters[slot].rx_bytes[record->cast] = LENGTH;
}

/* From VF 0 to VF 1, as the programs do it. */
static void play_unicast(void)
{
	frame(0x11, 0x10);
	explained.verdict = (struct nicsw_verdict){.valid = 1,
						   .stage = NICSW_STAGE_ACT,
						   .target = VF_1,
						   .matched = 1,
						   .counted_at = VF_1,
						   .length = LENGTH,
						   .out_length = LENGTH};
	memcpy(explained.bytes, why.bytes, LENGTH);
	explained.length = LENGTH;
	arrived(VF_1);
}

static void judge(__u32 slot)
{
	cr_assert_eq(nicsw_explain_judge(dataplane, &world, slot, &why, &explained, &answer), 0);
}

Test(explain, both_agree)
{
	play_unicast();
	judge(VF_0);
	cr_expect_str_eq(answer.difference, "");
	cr_expect_eq(answer.ingress.function, 0);
	cr_expect_eq(answer.ingress.vport_id, 1);
	cr_expect_eq(answer.stage, NICSW_STAGE_ACT);
	cr_expect_eq(answer.filter_id, 2);
	cr_expect_eq(answer.program.num_receivers, 1);
	cr_expect_eq(answer.program.receivers[0].slot, VF_1);
	cr_expect_eq(answer.program.receivers[0].vport_id, 2);
	cr_expect_eq(answer.program.receivers[0].function, 1);
	cr_expect_eq(answer.program.receivers[0].length, LENGTH);
	cr_expect_eq(answer.program.receivers[0].tagged, 0);
	cr_expect_eq(memcmp(&answer.program, &answer.model, sizeof(answer.model)) == 0, 0,
		     "the program's verdict says who counted");
	cr_expect_eq(answer.model.receivers[0].slot, VF_1);
}

/* Each way in which programs can be wrong has its word. */
static void wrong_reason(void)
{
	explained.verdict.reason = NICSW_REASON_SOURCE_SPOOFED;
}

static void wrong_cast(void)
{
	explained.verdict.cast = NICSW_MULTICAST;
}

static void wrong_vlan(void)
{
	explained.verdict.vid = 7;
}

static void wrong_match(void)
{
	explained.verdict.matched = 0;
}

static void wrong_receiver(void)
{
	arrived(PF);
}

static void wrong_bytes(void)
{
	explained.bytes[LENGTH - 1] ^= 1;
}

static void wrong_length(void)
{
	explained.length--;
}

static void wrong_counter(void)
{
	frame(0x11, 0x77);
	explained.verdict.reason = NICSW_REASON_SOURCE_SPOOFED;
	explained.verdict.counted_at = VF_1;
}

static void right_counter(void)
{
	frame(0x11, 0x77);
	explained.verdict.reason = NICSW_REASON_SOURCE_SPOOFED;
	explained.verdict.counted_at = VF_0;
}

/* The model has no clock. */
static void over_limit(void)
{
	explained.verdict.reason = NICSW_REASON_RATE_LIMITED;
}

static const struct {
	void (*make)(void);
	const char *difference;
} wrongs[] = {
	{wrong_reason, "verdict"}, {wrong_cast, "kind of destination"}, {wrong_vlan, "VLAN"},
	{wrong_match, "match"},    {wrong_receiver, "receivers"},       {wrong_bytes, "bytes"},
	{wrong_length, "bytes"},   {wrong_counter, "counter"},          {right_counter, ""},
	{over_limit, ""},
};

Test(explain, each_difference_is_named)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrongs); i++) {
		memset(explained.counters, 0,
		       dataplane->maps.meta->slots * sizeof(*explained.counters));
		play_unicast();
		wrongs[i].make();
		judge(VF_0);
		cr_expect_str_eq(answer.difference, wrongs[i].difference, "%zu", i);
	}
}

static void play_broadcast(__u8 source)
{
	frame(0, source);
	memset(why.bytes, 0xff, NICSW_MAC_SIZE);
	explained.verdict = (struct nicsw_verdict){.valid = 1,
						   .stage = NICSW_STAGE_ACT,
						   .cast = NICSW_BROADCAST,
						   .target = UPLINK,
						   .length = LENGTH,
						   .out_length = LENGTH};
	memcpy(explained.bytes, why.bytes, LENGTH);
	explained.length = LENGTH;
	arrived(PF);
	arrived(VF_0);
	arrived(VF_1);
}

/* Below a VEPA the sender of a reflected frame gets no copy; what has no netdev gets none either.
 */
Test(explain, copies_that_do_not_arrive)
{
	play_broadcast(0x10);
	for (__u32 slot = 0; slot <= VF_1; slot++)
		world.ports[slot].port.flags |= NICSW_PORT_VEPA;
	judge(UPLINK);
	cr_expect_str_eq(answer.difference, "");
	cr_expect_eq(answer.program.num_receivers, 2);
	cr_expect_eq(answer.program.receivers[0].slot, PF);
	cr_expect_eq(answer.program.receivers[1].slot, VF_1);
	cr_expect_eq(answer.model.num_receivers, 2);
	world.ports[VF_1].absent = true;
	judge(UPLINK);
	cr_expect_eq(answer.program.num_receivers, 1);
}

/* FWD-26: who gets a copy is in the group, whatever is counted. */
Test(explain, FWD_26_copies_are_those_of_the_group)
{
	struct nicsw_mapset *maps = &dataplane->maps;
	struct nicsw_slot_set group;

	play_broadcast(0x77);
	judge(UPLINK);
	cr_expect_str_eq(answer.difference, "");
	cr_expect_eq(answer.program.num_receivers, 3);
	cr_assert_eq(maps->ops->flood_get(maps, 0, &group), 0);
	group.words[0] &= ~(1ull << VF_1);
	cr_assert_eq(maps->ops->flood_set(maps, 0, &group), 0);
	judge(UPLINK);
	cr_expect_str_eq(answer.difference, "flood group");
	cr_expect_eq(answer.program.num_receivers, 2);
	cr_expect_eq(answer.program.receivers[1].slot, VF_0);
	cr_expect_eq(answer.model.num_receivers, 3);
	group.words[0] |= 1ull << VF_1 | 1ull << NICSW_SLOT_VF(2);
	cr_assert_eq(maps->ops->flood_set(maps, 0, &group), 0);
	world.ports[NICSW_SLOT_VF(2)].absent = false;
	judge(UPLINK);
	cr_expect_str_eq(answer.difference, "flood group");
	cr_expect_eq(answer.program.num_receivers, 4);
}

/* The model is asked with the pieces that the programs saw. */
Test(explain, FWD_20_frame_in_pieces)
{
	play_broadcast(0x77);
	memset(explained.counters, 0, dataplane->maps.meta->slots * sizeof(*explained.counters));
	explained.verdict.reason = NICSW_REASON_GROUP_TOO_LONG;
	explained.verdict.stage = NICSW_STAGE_LOOKUP;
	explained.verdict.nonlinear = 10;
	judge(UPLINK);
	cr_expect_str_eq(answer.difference, "");
	explained.verdict.nonlinear = 0;
	judge(UPLINK);
	cr_expect_str_eq(answer.difference, "verdict");
}
