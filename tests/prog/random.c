// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random frames through random switches: the programs against the naive model (packet-flow 4.4,
 * normative). Verdict, output bytes and every counter must agree, and so must what the programs say
 * that explain. A failure prints seed, world and frame: they reproduce it.
 */
#include <criterion/criterion.h>

#include "core/util.h"
#include "tests/prog/lib_explain.h"

#define SEED        0x6e6963737731ull
#define WORLDS      250
#define FRAMES      500   /* per world: 125,000 in all */
#define LINEAR_MAX  3000u /* less than a page with its headroom */
#define JUMBO_MIN   3600u /* always in pieces */
#define JUMBO_RANGE 5400u

#define SERVICE NICSW_VLAN_SERVICE
static const __u16 vids[] = {0, 0, 0, 7, 7, 9, 4094, 7 | SERVICE, 9 | SERVICE};
static const __u8 macs[][NICSW_MAC_SIZE] = {
	{2, 0, 0, 0, 0, 1},    {2, 0, 0, 0, 0, 2},
	{2, 0, 0, 0, 0, 3},    {2, 0, 0, 0, 0, 4},
	{2, 0, 0, 0, 0, 5},    {2, 0, 0, 0, 0xff, 0xff},
	{1, 0, 0x5e, 0, 0, 1}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
};
#define UNICAST_MACS 5u

struct world {
	struct nicsw_model_port ports[SILICON_SLOTS];
	struct nicsw_model_filter filters[SILICON_FILTERS];
	struct nicsw_model model;
	struct nicsw_counters expected[SILICON_SLOTS];
};

static struct silicon silicon;
static struct explain explain;
static struct world world;
static __u64 generator;

/* xorshift64: the same frames on every machine. */
static __u32 below(__u32 limit)
{
	generator ^= generator << 13;
	generator ^= generator >> 7;
	generator ^= generator << 17;
	return (generator >> 16) % limit;
}

static bool one_in(__u32 number)
{
	return below(number) == 0;
}

static __u16 random_vid(void)
{
	return vids[below(ARRAY_SIZE(vids))];
}

static __u32 random_slot(void)
{
	return silicon_ingress[below(silicon_num_ingress)];
}

/* Mostly as a switch is set up: policies are rare, and a class is sometimes wanted by nobody. */
static const struct {
	__u32 flag, set, of; /* set in `set` of `of` cases */
} odds[] = {
	{NICSW_PORT_OPEN, 7, 8},      {NICSW_PORT_READY, 7, 8},     {NICSW_PORT_SPOOF_CHECK, 4, 9},
	{NICSW_PORT_DIRECTED, 7, 8},  {NICSW_PORT_GROUP, 7, 8},     {NICSW_PORT_UNMATCHED, 7, 8},
	{NICSW_PORT_PEERS, 7, 8},     {NICSW_PORT_LINK_OFF, 1, 12}, {NICSW_PORT_TRUNK, 1, 6},
	{NICSW_PORT_ACCESS, 1, 6},    {NICSW_PORT_ANY_VLAN, 1, 2},  {NICSW_PORT_SERVICE, 1, 2},
	{NICSW_PORT_ISOLATED, 1, 24}, {NICSW_PORT_VEPA, 1, 16},     {NICSW_PORT_MULTICAST, 1, 24},
};

static void random_port(__u32 slot)
{
	static const __u32 limits[] = {0, 0, 0, 60, 64, 90};
	struct nicsw_model_port *port = &world.ports[slot];

	for (size_t i = 0; i < ARRAY_SIZE(odds); i++)
		if (below(odds[i].of) < odds[i].set)
			port->port.flags |= odds[i].flag;
	port->port.station = nicsw_key(macs[below(UNICAST_MACS)], 0);
	port->port.max_frame = limits[below(ARRAY_SIZE(limits))];
	port->port.priority = below(8) << 13;
	port->absent = one_in(12);
	if (slot != NICSW_SLOT_UPLINK && one_in(3))
		port->port.access_vid = vids[3 + below(ARRAY_SIZE(vids) - 3)];
	for (__u32 i = 0; slot >= NICSW_SLOT_VF(0) && i < ARRAY_SIZE(vids); i++)
		if (!one_in(3))
			port->vlan_set[vids[i] / 64] |= 1ull << (vids[i] % 64);
}

static void random_filter(void)
{
	struct nicsw_model_filter *filter = &world.filters[world.model.num_filters];
	const __u8 *mac = macs[below(UNICAST_MACS)];
	__u16 vid = one_in(6) ? NICSW_VLAN_ANY : random_vid();

	if (nicsw_model_find(&world.model, mac, vid) != NICSW_NONE)
		return;
	memcpy(filter->mac, mac, NICSW_MAC_SIZE);
	filter->vid = vid;
	filter->slot = random_slot();
	world.model.num_filters++;
}

static void random_world(void)
{
	int error;

	memset(&world, 0, sizeof(world));
	world.model = (struct nicsw_model){.ports = world.ports,
					   .num_ports = SILICON_SLOTS,
					   .filters = world.filters,
					   .no_flood = one_in(30),
					   .no_egress = true};
	for (size_t i = 0; i < silicon_num_ingress; i++)
		random_port(silicon_ingress[i]);
	for (__u32 i = 0; i < SILICON_FILTERS; i++)
		random_filter();
	for (;;) {
		error = silicon_program(&silicon, &world.model);
		if (error != -ENOSPC)
			break;
		world.model.num_filters--;
	}
	cr_assert_eq(error, 0, "%s", strerror(-error));
	cr_assert_eq(silicon_counters_reset(&silicon), 0);
	cr_assert_eq(explain_counters_reset(&explain), 0);
}

static __u32 put_tag(__u8 *bytes, __u32 at, __u16 type)
{
	__u16 vid = one_in(20) ? below(4095) : random_vid() & ~SERVICE;
	__u16 tci = (one_in(2) ? below(16) << 12 : 0) | vid;

	memcpy(bytes + at, (const __u8[]){type >> 8, type & 0xff, tci >> 8, tci & 0xff}, 4);
	return at + 4;
}

static __u32 random_length(void)
{
	if (one_in(60))
		return JUMBO_MIN + below(JUMBO_RANGE);
	return one_in(10) ? 14 + below(8) : 50 + below(60);
}

static void random_frame(struct nicsw_model_frame *frame)
{
	__u32 at = 12;

	frame->length = random_length();
	for (__u32 i = 0; i < frame->length; i++)
		frame->bytes[i] = below(256);
	memcpy(frame->bytes, macs[below(ARRAY_SIZE(macs))], NICSW_MAC_SIZE);
	memcpy(frame->bytes + NICSW_MAC_SIZE, macs[below(UNICAST_MACS + 1)], NICSW_MAC_SIZE);
	if (one_in(6))
		at = put_tag(frame->bytes, at, 0x88a8);
	if (one_in(2))
		at = put_tag(frame->bytes, at, 0x8100);
	if (one_in(10))
		put_tag(frame->bytes, at, 0x8100);
	frame->linear_length = frame->length;
	if (frame->length >= JUMBO_MIN)
		frame->linear_length = LINEAR_MAX;
}

/* How often each verdict came: a run that never meets a reason proves nothing about it. */
static __u32 seen_reasons[NICSW_REASONS_MAX], seen_casts[NICSW_CASTS];
static __u32 seen_refusals[NICSW_REASONS_MAX]; /* of copies */

static void check_counters(__u32 slot, const char *where)
{
	struct nicsw_counters seen;
	const char *difference;

	cr_assert_eq(silicon_counters(&silicon, slot, &seen), 0);
	difference = silicon_difference(&world.expected[slot], &seen);
	cr_assert_null(difference, "%s: slot %u: %s", where, slot, difference);
}

static bool is_in_group(const struct nicsw_model_verdict *verdict)
{
	return !verdict->reason && verdict->cast != NICSW_UNICAST;
}

/* The record of the same frame is what the model says, and its bytes are what was switched. */
static void check_record(const struct nicsw_verdict *record, __u32 ingress,
			 const struct nicsw_model_verdict *verdict, const char *where)
{
	cr_assert_eq(record->valid, 1, "%s", where);
	cr_assert_eq(record->reason, verdict->reason, "%s: %u, not %u", where, record->reason,
		     verdict->reason);
	cr_assert_eq(record->cast, verdict->cast, "%s", where);
	if (verdict->reason) {
		cr_assert_eq(record->counted_at, verdict->counted_at, "%s: at %u", where,
			     record->counted_at);
		return;
	}
	cr_assert_eq(record->stage, NICSW_STAGE_ACT, "%s: stage %u", where, record->stage);
	cr_assert_eq(record->vid, verdict->vid, "%s: VLAN %u", where, record->vid);
	cr_assert_eq(record->matched, verdict->matched, "%s", where);
	cr_assert_eq(record->counted_at, is_in_group(verdict) ? ingress : verdict->copies[0].slot,
		     "%s", where);
}

static void check_explained(__u32 ingress, const struct silicon_run *sent,
			    const struct nicsw_model_verdict *verdict, const char *where)
{
	static struct silicon_run run;
	struct nicsw_verdict record;

	run.bytes = sent->bytes;
	run.length = run.linear_length = sent->length;
	cr_assert_eq(explain_send(&explain, ingress, &run, &record), 0, "%s", where);
	cr_assert_eq(run.action, sent->action, "%s: action %u", where, run.action);
	cr_assert_eq(run.out_length, sent->out_length, "%s", where);
	cr_assert_eq(memcmp(run.out, sent->out, run.out_length), 0, "%s", where);
	check_record(&record, ingress, verdict, where);
}

/* Their own counters are those of the silicon, frame by frame. */
static void check_own_counters(__u32 slot)
{
	struct nicsw_counters seen;
	const char *name;

	cr_assert_eq(explain_counters(&explain, slot, &seen), 0);
	name = silicon_difference(&world.expected[slot], &seen);
	cr_assert_null(name, "explaining: slot %u: %s", slot, name);
}

static void check_frame(__u32 number)
{
	static struct nicsw_model_frame frame;
	static struct nicsw_model_verdict verdict;
	static struct silicon_run run;
	struct silicon_outcome outcome;
	__u32 ingress = random_slot();
	char where[96];

	random_frame(&frame);
	snprintf(where, sizeof(where), "seed %llx, world %u, frame %u, ingress %u",
		 (unsigned long long)SEED, number / FRAMES, number % FRAMES, ingress);
	cr_assert_eq(nicsw_model_decide(&world.model, &frame, ingress, &verdict), 0);
	silicon_judge(&verdict, &outcome);
	run.bytes = frame.bytes;
	run.length = run.linear_length = frame.length;
	cr_assert_eq(silicon_send(&silicon, ingress, &run), 0, "%s", where);
	cr_assert_eq(run.action, (__u32)(outcome.reason ? XDP_DROP : XDP_REDIRECT),
		     "%s: action %u, model's reason %u", where, run.action, outcome.reason);
	if (!outcome.reason) {
		cr_assert_eq(run.out_length, outcome.length, "%s: %u bytes for %u", where,
			     run.out_length, outcome.length);
		cr_assert_eq(memcmp(run.out, outcome.bytes, outcome.length), 0, "%s", where);
		seen_casts[outcome.cast]++;
	}
	check_explained(ingress, &run, &verdict, where);
	seen_reasons[outcome.reason]++;
	for (__u32 i = 0; i < outcome.num_refusals; i++)
		seen_refusals[outcome.refusals[i].reason]++;
	silicon_expect(&outcome, ingress, frame.length, world.expected);
	for (size_t i = 0; i < silicon_num_ingress; i++)
		check_counters(silicon_ingress[i], where);
}

/* Of headroom, of the clock, of what is beside a frame or behind the redirect: not of frames. */
static bool other_test(enum nicsw_reason reason)
{
	return reason == NICSW_REASON_TAG_EDIT_FAILED || reason == NICSW_REASON_RATE_LIMITED ||
	       reason == NICSW_REASON_STORM || reason == NICSW_REASON_RING_FULL ||
	       reason == NICSW_REASON_TRANSMIT_FAILED || reason == NICSW_REASON_VLAN_METADATA;
}

static void check_coverage(void)
{
#define X(number, NAME, name, side, rule, text)                                                    \
	cr_log_info("%-17s %6u", #name, seen_reasons[number]);                                     \
	if (!other_test(number))                                                                   \
		cr_expect_geq(seen_reasons[number], 30, "%s came %u times", #name,                 \
			      seen_reasons[number]);
	NICSW_REASONS(X)
#undef X
	cr_expect_geq(seen_refusals[NICSW_REASON_TOO_LONG], 1000);
	cr_expect_geq(seen_refusals[NICSW_REASON_PORT_ABSENT], 1000);
	for (size_t i = 0; i < NICSW_CASTS; i++)
		cr_expect_geq(seen_casts[i], 1000, "cast %zu forwarded %u times", i, seen_casts[i]);
}

static void close_silicon(void)
{
	explain_close(&explain);
	silicon_close(&silicon);
}

/* MATCH-5, MATCH-6, FWD-32: whichever of its two buckets an entry is in. */
Test(random, frames_against_the_model, .fini = close_silicon)
{
	silicon_require(&silicon, false);
	cr_assert_eq(explain_open(&explain, &silicon), 0);
	generator = SEED;
	printf("random: seed %llx, %d frames\n", (unsigned long long)SEED, WORLDS * FRAMES);
	for (__u32 number = 0; number < WORLDS * FRAMES; number++) {
		if (number % FRAMES == 0)
			random_world();
		check_frame(number);
		if (number % FRAMES == FRAMES - 1)
			for (__u32 slot = 0; slot < SILICON_SLOTS; slot++) {
				check_counters(slot, "end of world");
				check_own_counters(slot);
			}
	}
	check_coverage();
}
