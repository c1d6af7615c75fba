// SPDX-License-Identifier: GPL-2.0-only
/*
 * The capturing programs: they switch as the plain ones do, frame by frame and count by count; a
 * record holds the frame as it came in, and what the naive model says of it.
 */
#include <criterion/criterion.h>
#include <nicsw/capture.h>
#include <sys/mman.h>

#include "bpf/capture.skel.h"
#include "core/util.h"
#include "dataplane/loader.h"
#include "tests/prog/lib_silicon.h"

#define SEED       0x6361707475ull
#define WORLDS     60
#define FRAMES     100
#define FRAME_MAX  9600u /* longer than the longest that is kept */
#define LINEAR_MAX 3000u /* less than a page with its headroom */
#define JUMBO_MIN  3600u /* always in pieces */
#define SERVICE    NICSW_VLAN_SERVICE
#define VF_A       NICSW_SLOT_VF(0)
#define VF_B       NICSW_SLOT_VF(1)

static const __u16 vids[] = {0, 0, 0, 7, 7, 9, 7 | SERVICE};
static const __u8 macs[][NICSW_MAC_SIZE] = {
	{2, 0, 0, 0, 0, 1},
	{2, 0, 0, 0, 0, 2},
	{2, 0, 0, 0, 0, 3},
	{1, 0, 0x5e, 0, 0, 1},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
};
#define UNICAST_MACS 3u

/* What a capture is told. */
struct setting {
	__u32 slot, snap;
	bool drops;
	__u32 ring_size; /* 0 = as usual */
};

struct seen {
	__u32 ingress;
	struct nicsw_model_frame frame;
	__u32 action, out_length;
	__u8 out[FRAME_MAX + NICSW_MODEL_TAG];
};

static struct silicon silicon;
static struct capture_bpf *captures[SILICON_SLOTS]; /* by ingress slot */
static struct capture_bpf *owner;                   /* of ring, state and scratch */
static struct ring_buffer *reader;
static struct setting setting;
static struct nicsw_model_port ports[SILICON_SLOTS];
static struct nicsw_model_filter filters[SILICON_FILTERS];
static struct nicsw_model model;
static struct seen frames[FRAMES];
static struct nicsw_counters plain[SILICON_SLOTS];
static __u64 generator;

/* ---- capturing programs -------------------------------------------------------------------------
 */

static int share(struct bpf_map *map)
{
	struct bpf_map *theirs =
		bpf_object__find_map_by_name(silicon.maps->obj, bpf_map__name(map));

	if (!theirs && owner)
		theirs = bpf_object__find_map_by_name(owner->obj, bpf_map__name(map));
	return theirs ? bpf_map__reuse_fd(map, bpf_map__fd(theirs)) : 0;
}

static void load(__u32 slot)
{
	struct capture_bpf *skeleton = nicsw_loader_prepare() ? NULL : capture_bpf__open();
	struct bpf_map *map;

	cr_assert_not_null(skeleton);
	captures[slot] = skeleton;
	skeleton->rodata->nicsw_slot = slot;
	skeleton->rodata->nicsw_slot_words = SILICON_WORDS;
	skeleton->rodata->nicsw_bucket_bits = SILICON_BUCKET_BITS;
	skeleton->rodata->nicsw_capture_slot = setting.slot;
	skeleton->rodata->nicsw_capture_snap = setting.snap;
	skeleton->rodata->nicsw_capture_drops = setting.drops;
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_strip, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_vepa, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_tc_drop, false);
	if (setting.ring_size)
		bpf_map__set_max_entries(skeleton->maps.capture_ring, setting.ring_size);
	bpf_object__for_each_map(map, skeleton->obj)
	{
		if (!bpf_map__is_internal(map))
			cr_assert_eq(share(map), 0, "%s", bpf_map__name(map));
	}
	cr_assert_eq(capture_bpf__load(skeleton), 0, "slot %u", slot);
	if (!owner)
		owner = skeleton;
}

static void unload(void)
{
	ring_buffer__free(reader);
	for (size_t i = 0; i < SILICON_SLOTS; i++) {
		capture_bpf__destroy(captures[i]);
		captures[i] = NULL;
	}
	owner = NULL;
	reader = NULL;
}

static int check_record(void *context, void *bytes, size_t length);

static void capture(struct setting wanted)
{
	unload();
	setting = wanted;
	for (size_t i = 0; i < silicon_num_ingress; i++)
		load(silicon_ingress[i]);
	reader = ring_buffer__new(bpf_map__fd(owner->maps.capture_ring), check_record, NULL, NULL);
	cr_assert_not_null(reader);
}

static void close_all(void)
{
	unload();
	silicon_close(&silicon);
}

static __u64 lost(void)
{
	struct nicsw_capture_state state;
	__u32 zero = 0;

	cr_assert_eq(bpf_map_lookup_elem(bpf_map__fd(owner->maps.capture_state), &zero, &state), 0);
	return state.lost;
}

/* ---- worlds and frames --------------------------------------------------------------------------
 */

static __u32 below(__u32 limit)
{
	generator ^= generator << 13;
	generator ^= generator >> 7;
	generator ^= generator << 17;
	return (generator >> 16) % limit;
}

static const struct {
	__u32 flag, set, of; /* set in `set` of `of` cases */
} odds[] = {
	{NICSW_PORT_OPEN, 9, 10},     {NICSW_PORT_READY, 9, 10},     {NICSW_PORT_SPOOF_CHECK, 2, 9},
	{NICSW_PORT_DIRECTED, 9, 10}, {NICSW_PORT_GROUP, 7, 8},      {NICSW_PORT_UNMATCHED, 7, 8},
	{NICSW_PORT_PEERS, 7, 8},     {NICSW_PORT_LINK_OFF, 1, 20},  {NICSW_PORT_TRUNK, 1, 8},
	{NICSW_PORT_ACCESS, 1, 6},    {NICSW_PORT_SERVICE, 1, 2},    {NICSW_PORT_ISOLATED, 1, 24},
	{NICSW_PORT_VEPA, 1, 16},     {NICSW_PORT_MULTICAST, 1, 24},
};

static void random_port(__u32 slot)
{
	struct nicsw_model_port *port = &ports[slot];

	for (size_t i = 0; i < ARRAY_SIZE(odds); i++)
		if (below(odds[i].of) < odds[i].set)
			port->port.flags |= odds[i].flag;
	port->port.station = nicsw_key(macs[below(UNICAST_MACS)], 0);
	port->port.max_frame = below(3) ? 0 : 90;
	port->port.priority = below(8) << 13;
	port->absent = below(12) == 0;
	if (slot != NICSW_SLOT_UPLINK && below(3) == 0)
		port->port.access_vid = vids[3 + below(ARRAY_SIZE(vids) - 3)];
	for (__u32 i = 0; slot >= NICSW_SLOT_VF(0) && i < ARRAY_SIZE(vids); i++)
		port->vlan_set[vids[i] / 64] |= 1ull << (vids[i] % 64);
}

static void random_world(void)
{
	memset(ports, 0, sizeof(ports));
	model = (struct nicsw_model){
		.ports = ports, .num_ports = SILICON_SLOTS, .filters = filters, .no_egress = true};
	for (size_t i = 0; i < silicon_num_ingress; i++)
		random_port(silicon_ingress[i]);
	for (__u32 i = 0; i < 12; i++) {
		struct nicsw_model_filter *filter = &filters[model.num_filters];

		memcpy(filter->mac, macs[below(UNICAST_MACS)], NICSW_MAC_SIZE);
		filter->vid = vids[below(ARRAY_SIZE(vids))];
		filter->slot = silicon_ingress[below(silicon_num_ingress)];
		if (nicsw_model_find(&model, filter->mac, filter->vid) == NICSW_NONE)
			model.num_filters++;
	}
	cr_assert_eq(silicon_program(&silicon, &model), 0);
}

static __u32 random_length(void)
{
	if (below(8))
		return 14 + below(100);
	return below(2) ? 14 + below(LINEAR_MAX - 14) : JUMBO_MIN + below(FRAME_MAX - JUMBO_MIN);
}

static void put_tag(struct nicsw_model_frame *frame, __u16 type)
{
	__u16 tci = below(16) << 12 | (vids[below(ARRAY_SIZE(vids))] & ~SERVICE);

	memcpy(frame->bytes + 12, (const __u8[]){type >> 8, type & 0xff, tci >> 8, tci & 0xff}, 4);
}

/* The number of the frame is in it, so that its record can be told from others. */
static void random_frame(__u32 number)
{
	static const __u16 types[] = {0, 0, 0x8100, 0x8100, 0x88a8};
	struct nicsw_model_frame *frame = &frames[number].frame;
	__u16 type = types[below(ARRAY_SIZE(types))];

	frames[number].ingress = silicon_ingress[below(silicon_num_ingress)];
	frame->length = frame->linear_length = random_length();
	for (__u32 i = 0; i < frame->length; i++)
		frame->bytes[i] = below(256);
	memcpy(frame->bytes, macs[below(ARRAY_SIZE(macs))], NICSW_MAC_SIZE);
	memcpy(frame->bytes + NICSW_MAC_SIZE, macs[below(UNICAST_MACS)], NICSW_MAC_SIZE);
	if (type)
		put_tag(frame, type);
	if (frame->length > LINEAR_MAX)
		frame->linear_length = LINEAR_MAX;
}

/* ---- records ------------------------------------------------------------------------------------
 */

static __u32 next_frame, num_records, seen_reasons[NICSW_REASONS_MAX];
static bool checking;

static bool is_out(enum nicsw_reason reason)
{
	static const char sides[NICSW_REASONS_MAX][4] = {
#define X(number, NAME, name, side, rule, text) [number] = #side,
		NICSW_REASONS(X)
#undef X
	};

	return sides[reason][0] == 'o';
}

/* Where the model says that it goes; of an isolated port it does not say whom the frame was for. */
static bool knows_target(const struct nicsw_model_verdict *verdict)
{
	return verdict->reason != NICSW_REASON_ISOLATED;
}

/* What a record should say: of the frame, or of the copy for the port that is captured. */
struct expectation {
	enum nicsw_reason reason;
	__u32 target;
};

static struct expectation of_unicast(const struct nicsw_model_verdict *verdict, __u32 ingress)
{
	struct expectation expected = {verdict->reason, NICSW_NONE};

	if (!verdict->reason)
		expected.target = verdict->copies[0].slot;
	else if (verdict->reason == NICSW_REASON_SELF_ADDRESSED)
		expected.target = ingress;
	else if (is_out(verdict->reason))
		expected.target = verdict->counted_at;
	return expected;
}

/* Below a VEPA the copy of its own group frame is kept from a port, behind the switching. */
static bool is_own_reflection(const struct seen *seen, const struct nicsw_model_verdict *verdict)
{
	const __u8 *source = seen->frame.bytes + NICSW_MAC_SIZE;

	return seen->ingress == NICSW_SLOT_UPLINK &&
	       ports[NICSW_SLOT_UPLINK].port.flags & NICSW_PORT_VEPA &&
	       (ports[setting.slot].port.station == nicsw_key(source, 0) ||
		nicsw_model_find(&model, source, verdict->vid) == setting.slot);
}

static struct expectation of_group(const struct seen *seen,
				   const struct nicsw_model_verdict *verdict)
{
	struct expectation expected = {verdict->reason, NICSW_CAPTURE_GROUP};

	if (verdict->reason)
		expected.target =
			verdict->reason == NICSW_REASON_TOO_LONG ? verdict->counted_at : NICSW_NONE;
	if (verdict->reason || setting.slot == NICSW_NONE || setting.slot == seen->ingress)
		return expected;
	for (__u32 i = 0; i < verdict->num_copies; i++)
		if (verdict->copies[i].slot == setting.slot)
			expected = (struct expectation){is_own_reflection(seen, verdict)
								? NICSW_REASON_REFLECTED_SOURCE
								: NICSW_FORWARDED,
							setting.slot};
	for (__u32 i = 0; i < verdict->num_refusals; i++)
		if (verdict->refusals[i].slot == setting.slot)
			expected = (struct expectation){verdict->refusals[i].reason, setting.slot};
	return expected;
}

static struct expectation expect(const struct seen *seen, const struct nicsw_model_verdict *verdict)
{
	return verdict->cast == NICSW_UNICAST ? of_unicast(verdict, seen->ingress)
					      : of_group(seen, verdict);
}

/* Is this frame one of the capture? */
static bool expects(const struct seen *seen, const struct nicsw_model_verdict *verdict)
{
	struct expectation expected = expect(seen, verdict);

	if (setting.drops && !expected.reason)
		return false;
	return setting.slot == NICSW_NONE || setting.slot == seen->ingress ||
	       setting.slot == expected.target;
}

/* Frames of which the model cannot say whether they belong to it are passed over, with a record
 * or without. */
static bool matches(const struct nicsw_capture_record *record, const struct seen *seen,
		    const struct nicsw_model_verdict *verdict)
{
	return record->ingress == seen->ingress && record->length == seen->frame.length &&
	       record->reason == verdict->reason &&
	       memcmp(record + 1, seen->frame.bytes, record->captured) == 0;
}

static void check_content(const struct nicsw_capture_record *record, const struct seen *seen,
			  const struct nicsw_model_verdict *verdict, __u32 number)
{
	struct expectation expected = expect(seen, verdict);

	cr_assert_eq(record->ingress, seen->ingress, "frame %u", number);
	cr_assert_eq(record->length, seen->frame.length, "frame %u", number);
	cr_assert_eq(record->captured, MIN(seen->frame.length, setting.snap), "frame %u", number);
	cr_assert_eq(memcmp(record + 1, seen->frame.bytes, record->captured), 0,
		     "frame %u: bytes as they came in", number);
	cr_assert_eq(record->reason, expected.reason, "frame %u: %u, model %u", number,
		     record->reason, expected.reason);
	cr_assert_eq(record->cast, verdict->cast, "frame %u", number);
	if (knows_target(verdict))
		cr_assert_eq(record->target, expected.target, "frame %u: reason %u, to %u", number,
			     record->reason, record->target);
	if (!verdict->reason)
		cr_assert_eq(record->vlan, verdict->vid, "frame %u: VLAN %u", number, record->vlan);
	seen_reasons[record->reason]++;
}

/* Records come in the order of the frames: each is that of the next frame that has one. */
static int check_record(void *context _unused_, void *bytes, size_t length)
{
	static struct nicsw_model_verdict verdict;
	const struct nicsw_capture_record *record = bytes;

	num_records++;
	if (!checking)
		return 0;
	cr_assert_eq(length, sizeof(*record) + record->captured);
	for (; next_frame < FRAMES; next_frame++) {
		const struct seen *seen = &frames[next_frame];
		bool wanted;

		cr_assert_eq(nicsw_model_decide(&model, &seen->frame, seen->ingress, &verdict), 0);
		wanted = expects(seen, &verdict);
		if (!wanted && (knows_target(&verdict) || !matches(record, seen, &verdict)))
			continue;
		check_content(record, seen, &verdict, next_frame++);
		return 0;
	}
	cr_assert_fail("a record of no frame: ingress %u, reason %u, target %u", record->ingress,
		       record->reason, record->target);
	return 0;
}

/* No frame that should have a record is left behind the last record. */
static void check_rest(void)
{
	static struct nicsw_model_verdict verdict;

	for (; next_frame < FRAMES; next_frame++) {
		const struct seen *seen = &frames[next_frame];

		cr_assert_eq(nicsw_model_decide(&model, &seen->frame, seen->ingress, &verdict), 0);
		cr_assert(!expects(seen, &verdict), "frame %u has no record", next_frame);
	}
}

/* ---- runs ---------------------------------------------------------------------------------------
 */

static void read_counters(struct nicsw_counters *ret)
{
	for (__u32 slot = 0; slot < SILICON_SLOTS; slot++)
		cr_assert_eq(silicon_counters(&silicon, slot, &ret[slot]), 0);
	cr_assert_eq(silicon_counters_reset(&silicon), 0);
}

static void run_plain(__u32 number)
{
	static struct silicon_run run;
	struct seen *seen = &frames[number];

	run.bytes = seen->frame.bytes;
	run.length = run.linear_length = seen->frame.length;
	cr_assert_eq(silicon_send(&silicon, seen->ingress, &run), 0);
	seen->action = run.action;
	seen->out_length = run.out_length;
	memcpy(seen->out, run.out, run.out_length);
}

static void run_capturing(__u32 number)
{
	static struct silicon_run run;
	const struct seen *seen = &frames[number];
	int program = bpf_program__fd(captures[seen->ingress]->progs.nicsw_port);

	run.bytes = seen->frame.bytes;
	run.length = run.linear_length = seen->frame.length;
	cr_assert_eq(silicon_run(program, &run), 0);
	cr_assert_eq(run.action, seen->action, "frame %u: %u, plain %u", number, run.action,
		     seen->action);
	cr_assert_eq(run.out_length, seen->out_length, "frame %u", number);
	cr_assert_eq(memcmp(run.out, seen->out, run.out_length), 0, "frame %u: bytes", number);
}

static void run_world(void)
{
	static struct nicsw_counters seen[SILICON_SLOTS];
	const char *difference;

	random_world();
	for (__u32 i = 0; i < FRAMES; i++)
		random_frame(i);
	for (__u32 i = 0; i < FRAMES; i++)
		run_plain(i);
	read_counters(plain);
	next_frame = 0;
	for (__u32 i = 0; i < FRAMES; i++)
		run_capturing(i);
	read_counters(seen);
	for (__u32 slot = 0; slot < SILICON_SLOTS; slot++) {
		difference = silicon_difference(&plain[slot], &seen[slot]);
		cr_assert_null(difference, "slot %u: %s", slot, difference);
	}
	cr_assert_geq(ring_buffer__consume(reader), 0);
	check_rest();
	cr_assert_eq(lost(), 0);
}

static void run_worlds(struct setting wanted, int worlds)
{
	silicon_require(&silicon, false);
	capture(wanted);
	generator = SEED;
	num_records = 0;
	checking = true;
	cr_assert_eq(silicon_counters_reset(&silicon), 0);
	for (int world = 0; world < worlds; world++)
		run_world();
	cr_expect_gt(num_records, worlds, "only %u records", num_records);
}

/* The default, and enough frames to meet what there is. */
Test(capture, all_frames, .fini = close_all)
{
	run_worlds((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP, false, 0}, WORLDS);
	cr_expect_eq(num_records, WORLDS * FRAMES);
	cr_expect_gt(seen_reasons[NICSW_FORWARDED], 500);
	cr_expect_gt(seen_reasons[NICSW_REASON_SOURCE_SPOOFED], 50);
	cr_expect_gt(seen_reasons[NICSW_REASON_VLAN_VIOLATION], 50);
	cr_expect_gt(seen_reasons[NICSW_REASON_TOO_LONG], 50);
	cr_expect_gt(seen_reasons[NICSW_REASON_GROUP_TOO_LONG], 20);
	cr_expect_gt(seen_reasons[NICSW_REASON_RUNT], 5);
}

Test(capture, whole_jumbo_frames, .fini = close_all)
{
	run_worlds((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP_MAX, false, 0}, WORLDS / 4);
}

Test(capture, headers_only, .fini = close_all)
{
	run_worlds((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP_MIN, false, 0}, WORLDS / 4);
}

Test(capture, one_byte_more, .fini = close_all)
{
	run_worlds((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP_MIN + 1, false, 0}, WORLDS / 4);
}

Test(capture, the_wire, .fini = close_all)
{
	run_worlds((struct setting){NICSW_SLOT_UPLINK, NICSW_CAPTURE_SNAP, false, 0}, WORLDS);
}

Test(capture, the_default_vport, .fini = close_all)
{
	run_worlds((struct setting){NICSW_SLOT_PF, NICSW_CAPTURE_SNAP, false, 0}, WORLDS);
}

Test(capture, a_vf, .fini = close_all)
{
	run_worlds((struct setting){VF_A, NICSW_CAPTURE_SNAP, false, 0}, WORLDS);
}

Test(capture, a_vf_behind_the_first_word, .fini = close_all)
{
	run_worlds((struct setting){SILICON_FAR_VF, NICSW_CAPTURE_SNAP, false, 0}, WORLDS);
}

Test(capture, only_drops, .fini = close_all)
{
	run_worlds((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP, true, 0}, WORLDS / 4);
	cr_expect_eq(seen_reasons[NICSW_FORWARDED], 0);
}

Test(capture, only_drops_of_a_vf, .fini = close_all)
{
	run_worlds((struct setting){VF_B, NICSW_CAPTURE_SNAP, true, 0}, WORLDS / 2);
	cr_expect_eq(seen_reasons[NICSW_FORWARDED], 0);
}

/* A full ring costs the frame nothing but its record. */
Test(capture, a_full_ring_counts, .fini = close_all)
{
	const __u32 page = (__u32)sysconf(_SC_PAGESIZE);

	silicon_require(&silicon, false);
	capture((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP, false, page});
	generator = SEED;
	random_world();
	checking = false;
	for (__u32 i = 0; i < FRAMES; i++)
		random_frame(i);
	for (__u32 i = 0; i < FRAMES; i++)
		run_plain(i);
	for (__u32 i = 0; i < FRAMES; i++)
		run_capturing(i);
	num_records = 0;
	cr_assert_geq(ring_buffer__consume(reader), 0);
	cr_expect_gt(num_records, 5);
	cr_expect_gt(lost(), 5);
	cr_expect_eq(num_records + lost(), FRAMES, "%u records, %llu lost", num_records, lost());
}

static int calls(const struct bpf_program *program, __s32 helper)
{
	const struct bpf_insn *instructions = bpf_program__insns(program);
	int count = 0;

	for (size_t i = 0; i < bpf_program__insn_cnt(program); i++)
		count += instructions[i].code == (BPF_JMP | BPF_CALL) && !instructions[i].src_reg &&
			 instructions[i].imm == helper;
	return count;
}

/* Off means that nothing is there: what the plain program calls is counting and switching only. */
Test(capture, the_plain_program_knows_nothing_of_it, .fini = close_all)
{
	const struct bpf_program *off, *on;

	silicon_require(&silicon, false);
	capture((struct setting){NICSW_NONE, NICSW_CAPTURE_SNAP, false, 0});
	off = silicon.skeletons[VF_A]->progs.nicsw_port;
	on = captures[VF_A]->progs.nicsw_port;
	cr_expect_gt(calls(on, BPF_FUNC_ringbuf_output), 0);
	cr_expect_gt(calls(on, BPF_FUNC_xdp_load_bytes), 0);
	cr_expect_eq(calls(off, BPF_FUNC_ringbuf_output), 0);
	cr_expect_eq(calls(off, BPF_FUNC_xdp_load_bytes), 0);
	cr_expect_lt(bpf_program__insn_cnt(off), bpf_program__insn_cnt(on));
	cr_expect_null(bpf_object__find_map_by_name(silicon.maps->obj, "capture_ring"));
}
