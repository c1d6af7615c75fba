// SPDX-License-Identifier: GPL-2.0-only
/* Which rules led a frame on, told from its record: one row, one frame. */
#include "tests/unit/dataplane_fixture.h"

#include "dataplane/explain.h"

#define UPLINK NICSW_SLOT_UPLINK
#define PF     NICSW_SLOT_PF
#define VF_0   NICSW_SLOT_VF(0)
#define VF_1   NICSW_SLOT_VF(1)

#define ACT    .stage = NICSW_STAGE_ACT
#define LOOKUP .stage = NICSW_STAGE_LOOKUP
#define ADMIT  .stage = NICSW_STAGE_ADMIT

static const __u8 broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

struct row {
	__u32 slot;
	__u32 tag; /* with its TPID, 0 = none */
	__u8 destination;
	struct nicsw_verdict verdict;
	__u32 flags; /* of the port, beside those of a VF */
	__u16 access_vid;
	const char *rules; /* in their order */
};

#define SENDS "FLOW-7 FWD-32 FWD-33 "

static const struct row rows[] = {
	{UPLINK,
	 0,
	 0x10,
	 {ACT, .matched = 1, .target = VF_0, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "MATCH-6 FWD-1 MATCH-14"},
	{UPLINK,
	 0,
	 0x77,
	 {ACT, .target = PF, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-2 MATCH-14"},
	{VF_0,
	 0,
	 0x11,
	 {ACT, .matched = 1, .target = VF_1, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "MATCH-6 FWD-4 MATCH-14"},
	{VF_0,
	 0,
	 0x01,
	 {ACT, .matched = 1, .target = PF, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "RXQ-22 FWD-5 MATCH-14"},
	{VF_0,
	 0,
	 0x77,
	 {ACT, .target = UPLINK, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-6 MATCH-14"},
	{PF,
	 0,
	 0x10,
	 {ACT, .matched = 1, .target = VF_0, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "MATCH-6 FWD-8 MATCH-14"},
	{PF,
	 0,
	 0x77,
	 {ACT, .target = UPLINK, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-10 MATCH-14"},
	/* tags */
	{UPLINK,
	 0x81000007,
	 0x10,
	 {ACT, .matched = 1, .target = VF_0, .vid = 7, .out_length = 60},
	 0,
	 0,
	 "MATCH-11 " SENDS "MATCH-12 FWD-1 MATCH-14"},
	{VF_0,
	 0x88a80007,
	 0x77,
	 {ACT, .target = UPLINK, .out_length = 60},
	 0,
	 0,
	 "MATCH-7 " SENDS "FWD-6 MATCH-14"},
	{VF_0,
	 0x88a80007,
	 0x77,
	 {ACT, .target = UPLINK, .out_length = 60},
	 NICSW_PORT_SERVICE,
	 0,
	 "MATCH-11 " SENDS "FWD-6 MATCH-14"},
	{VF_0,
	 0x8100a000,
	 0x77,
	 {ACT, .target = UPLINK, .out_length = 56},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-6 MATCH-14"},
	{VF_0,
	 0,
	 0x77,
	 {ACT, .target = UPLINK, .vid = 9, .out_length = 64},
	 NICSW_PORT_ACCESS,
	 9,
	 "MATCH-10 FLOW-7 FWD-34 FWD-32 FWD-33 FWD-6 MATCH-14"},
	{VF_0,
	 0x81000009,
	 0x77,
	 {ACT, .target = UPLINK, .vid = 9, .out_length = 60},
	 0,
	 9,
	 "MATCH-11 " SENDS "FWD-6 MATCH-14"},
	{VF_0,
	 0x81000005,
	 0x77,
	 {ACT, .target = UPLINK, .vid = 9 | NICSW_VLAN_SERVICE, .out_length = 64},
	 NICSW_PORT_ACCESS,
	 9 | NICSW_VLAN_SERVICE,
	 "MATCH-11 FLOW-7 FWD-34 FWD-32 FWD-33 FWD-6 MATCH-14"},
	{VF_0,
	 0,
	 0x77,
	 {ACT, .target = UPLINK, .out_length = 60},
	 NICSW_PORT_RATE,
	 0,
	 "MATCH-10 " SENDS "PATH-12 FWD-6 MATCH-14"},
	/* VEPA: by the wire, and no rule but the host's */
	{VF_0,
	 0,
	 0x11,
	 {ACT, .matched = 1, .target = UPLINK, .out_length = 60},
	 NICSW_PORT_VEPA,
	 0,
	 "MATCH-10 " SENDS "MATCH-6 - MATCH-14"},
	/* groups */
	{VF_0,
	 0,
	 0xff,
	 {ACT, .cast = NICSW_BROADCAST, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-20 FWD-21 FWD-24 FWD-25 MATCH-14"},
	{UPLINK,
	 0,
	 0xff,
	 {ACT, .cast = NICSW_MULTICAST, .out_length = 60},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-20 FWD-22 FWD-25 MATCH-14"},
	{VF_0,
	 0,
	 0xff,
	 {ACT, .cast = NICSW_BROADCAST, .flooded = NICSW_FLOOD_BASE, .out_length = 60},
	 NICSW_PORT_ISOLATED,
	 0,
	 "MATCH-10 " SENDS "FWD-20 GEN-22 MATCH-14"},
	{UPLINK,
	 0,
	 0xff,
	 {LOOKUP, .cast = NICSW_BROADCAST, .reason = NICSW_REASON_REFLECTED_SOURCE},
	 0,
	 0,
	 "MATCH-10 " SENDS "FWD-20"},
	/* as far as they came */
	{VF_0, 0x81000007, 0x77, {.reason = NICSW_REASON_RUNT}, 0, 0, ""},
	{VF_0, 0x81000000, 0x77, {.reason = NICSW_REASON_VLAN_VIOLATION}, 0, 0, "MATCH-10"},
	{VF_0, 0, 0x77, {ADMIT, .reason = NICSW_REASON_SENDER_NOT_READY}, 0, 0, "MATCH-10"},
	{VF_0, 0, 0x77, {ADMIT, .reason = NICSW_REASON_SENDER_LINK_OFF}, 0, 0, "MATCH-10"},
	{VF_0, 0, 0x77, {ADMIT, .reason = NICSW_REASON_VPORT_INACTIVE}, 0, 0, "MATCH-10"},
	{VF_0, 0, 0x77, {ADMIT, .reason = NICSW_REASON_SOURCE_SPOOFED}, 0, 0, "MATCH-10 FLOW-7"},
	{VF_0,
	 0,
	 0x77,
	 {ADMIT, .reason = NICSW_REASON_VLAN_VIOLATION},
	 0,
	 0,
	 "MATCH-10 FLOW-7 FWD-32"},
	{VF_0,
	 0,
	 0x10,
	 {LOOKUP, .matched = 1, .reason = NICSW_REASON_SELF_ADDRESSED},
	 0,
	 0,
	 "MATCH-10 " SENDS "MATCH-6"},
	{VF_0,
	 0,
	 0x11,
	 {LOOKUP, .matched = 1, .target = VF_1, .reason = NICSW_REASON_ISOLATED},
	 0,
	 0,
	 "MATCH-10 " SENDS "MATCH-6"},
	{VF_0,
	 0,
	 0x11,
	 {ACT, .matched = 1, .target = VF_1, .reason = NICSW_REASON_VF_NOT_READY},
	 0,
	 0,
	 "MATCH-10 " SENDS "MATCH-6 FWD-4"},
};

static const char *const step_rules[] = {
#define X(number, NAME, stage, rule, text) [number] = rule,
	NICSW_WHY_STEPS(X)
#undef X
};

static void rules_of(__u64 steps, char *ret, size_t size)
{
	size_t used = 0;

	*ret = 0;
	for (size_t i = 0; i < ARRAY_SIZE(step_rules); i++)
		if (steps >> i & 1)
			used += snprintf(ret + used, size - used, "%s%s", used ? " " : "",
					 *step_rules[i] ? step_rules[i] : "-");
}

static void make_frame(const struct row *row, __u8 frame[64])
{
	memset(frame, 0, 64);
	fixture_mac(frame, row->destination);
	if (row->verdict.cast != NICSW_UNICAST)
		memcpy(frame, broadcast, sizeof(broadcast));
	for (int i = 0; i < 4; i++)
		frame[12 + i] = row->tag >> (24 - 8 * i);
}

static void check_row(const struct row *row, struct nicsw_world *world)
{
	struct nicsw_port saved = world->ports[row->slot].port;
	struct nicsw_verdict verdict = row->verdict;
	__u8 frame[64];
	char rules[256];

	make_frame(row, frame);
	verdict.length = 60;
	world->ports[row->slot].port.flags |= row->flags;
	world->ports[row->slot].port.access_vid = row->access_vid;
	rules_of(nicsw_explain_steps(world, row->slot, frame, &verdict), rules, sizeof(rules));
	world->ports[row->slot].port = saved;
	cr_expect_str_eq(rules, row->rules, "row %zu", row - rows);
}

/* The PF's own address is 02:00:00:00:00:01, VF n has 0x10 + n, VF 0 in any VLAN. */
Test(steps, each_row_has_its_rules, .init = fixture_open, .fini = fixture_close)
{
	struct nicsw_world world;

	fixture_vfs(2);
	fixture_mac(dataplane->maps.meta->pf_mac, 0x01);
	CHANGE(edit_filter(&change, 1, 1, 0x10, 0), edit_filter(&change, 2, 2, 0x11, 0));
	cr_assert_eq(nicsw_world_open(dataplane, &world), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&rows[i], &world);
	nicsw_world_free(&world);
}

/* A stage is never told before an earlier one. */
Test(steps, table_is_in_the_order_of_the_stages)
{
	static const enum nicsw_stage stages[] = {
#define X(number, NAME, stage, rule, text) [number] = NICSW_STAGE_##stage,
		NICSW_WHY_STEPS(X)
#undef X
	};

	cr_assert_leq(ARRAY_SIZE(stages), NICSW_WHY_STEP_MAX);
	for (size_t i = 1; i < ARRAY_SIZE(stages); i++)
		cr_expect_geq(stages[i], stages[i - 1], "step %zu", i);
}
