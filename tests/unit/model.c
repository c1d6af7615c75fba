// SPDX-License-Identifier: GPL-2.0-only
/*
 * The naive model against packet-flow.md, by hand: an oracle that is wrong makes every other test
 * worthless.
 */
#include "dataplane/model.h"

#include <criterion/criterion.h>

#include "core/util.h"

#define UPLINK   NICSW_SLOT_UPLINK
#define PF       NICSW_SLOT_PF
#define VF_A     2u /* untagged */
#define VF_B     3u /* trunk: untagged and VLAN 7 */
#define VF_C     4u /* access port of VLAN 7 */
#define SLOTS    5u
#define UNTAGGED 0x10000u
#define PRIORITY 0xe000u
#define NOBODY                                                                                     \
	{                                                                                          \
		NICSW_NONE                                                                         \
	}
#define LENGTH    60u
#define RECEIVERS 5
#define END       NICSW_NONE

static const __u8 mac_pf[] = {2, 0, 0, 0, 0, 1};
static const __u8 mac_a[] = {2, 0, 0, 0, 0, 0xa};
static const __u8 mac_b[] = {2, 0, 0, 0, 0, 0xb};
static const __u8 mac_c[] = {2, 0, 0, 0, 0, 0xc};
static const __u8 mac_x[] = {2, 0, 0, 0, 0xff, 0xff};
static const __u8 broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static struct nicsw_model_port ports[SLOTS];
static struct nicsw_model_filter filters[8];
static struct nicsw_model model;
static struct nicsw_model_frame frame;
static struct nicsw_model_verdict verdict;

static void add_filter(__u32 slot, const __u8 *mac, __u16 vid)
{
	struct nicsw_model_filter *filter = &filters[model.num_filters++];

	memcpy(filter->mac, mac, NICSW_MAC_SIZE);
	filter->vid = vid;
	filter->slot = slot;
	ports[slot].vlan_set[vid / 64] |= 1ull << (vid % 64);
}

static void add_vf(__u32 slot, const __u8 *mac, __u16 access_vid)
{
	ports[slot].port = (struct nicsw_port){
		.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
			 NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP,
		.access_vid = access_vid,
		.station = nicsw_key(mac, 0),
	};
	add_filter(slot, mac, access_vid);
}

static void make_world(void)
{
	memset(ports, 0, sizeof(ports));
	model = (struct nicsw_model){.ports = ports, .num_ports = SLOTS, .filters = filters};
	ports[UPLINK].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY;
	ports[PF].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED |
			       NICSW_PORT_PEERS | NICSW_PORT_GROUP | NICSW_PORT_UNMATCHED;
	add_filter(PF, mac_pf, 0);
	add_vf(VF_A, mac_a, 0);
	add_vf(VF_B, mac_b, 0);
	add_filter(VF_B, mac_b, 7);
	add_vf(VF_C, mac_c, 7);
}

/* A frame of LENGTH bytes, and four more with a tag. */
static void make_frame(struct nicsw_model_frame *made, const __u8 *destination, const __u8 *source,
		       __u32 tag)
{
	__u32 at = 12;

	memset(made, 0, offsetof(struct nicsw_model_frame, bytes) + 128);
	memcpy(made->bytes, destination, NICSW_MAC_SIZE);
	memcpy(made->bytes + NICSW_MAC_SIZE, source, NICSW_MAC_SIZE);
	if (tag != UNTAGGED) {
		memcpy(made->bytes + at, (const __u8[]){0x81, 0, tag >> 8, tag & 0xff}, 4);
		at += 4;
	}
	made->bytes[at++] = 0x08;
	made->bytes[at++] = 0x00;
	for (__u32 i = 0; i < LENGTH - 14; i++)
		made->bytes[at++] = i + 1;
	made->length = made->linear_length = at;
}

struct row {
	const char *text;
	__u32 ingress;
	const __u8 *destination, *source;
	__u32 tag;
	enum nicsw_reason reason;
	__u32 counted_at;
	struct {
		__u32 slot;
		__u32 tag; /* of the frame it gets */
	} to[RECEIVERS];
};

static const struct row rows[] = {
	{"FWD-1", UPLINK, mac_a, mac_x, UNTAGGED, 0, 0, {{VF_A, UNTAGGED}, NOBODY}},
	{"FWD-2", UPLINK, mac_x, mac_b, UNTAGGED, 0, 0, {{PF, UNTAGGED}, NOBODY}},
	{"FWD-4", VF_A, mac_b, mac_a, UNTAGGED, 0, 0, {{VF_B, UNTAGGED}, NOBODY}},
	{"FWD-5", VF_A, mac_pf, mac_a, UNTAGGED, 0, 0, {{PF, UNTAGGED}, NOBODY}},
	{"FWD-6", VF_A, mac_x, mac_a, UNTAGGED, 0, 0, {{UPLINK, UNTAGGED}, NOBODY}},
	{"FWD-8", PF, mac_a, mac_pf, UNTAGGED, 0, 0, {{VF_A, UNTAGGED}, NOBODY}},
	{"FWD-10", PF, mac_x, mac_pf, UNTAGGED, 0, 0, {{UPLINK, UNTAGGED}, NOBODY}},
	{"FWD-11", VF_A, mac_a, mac_a, UNTAGGED, NICSW_REASON_SELF_ADDRESSED, VF_A, {NOBODY}},
	{"FWD-32", VF_A, mac_b, mac_x, UNTAGGED, NICSW_REASON_SOURCE_SPOOFED, VF_A, {NOBODY}},
	{"FWD-33", VF_A, mac_b, mac_a, 9, NICSW_REASON_VLAN_VIOLATION, VF_A, {NOBODY}},
	{"FWD-32 before FWD-33",
	 VF_A,
	 mac_b,
	 mac_x,
	 9,
	 NICSW_REASON_SOURCE_SPOOFED,
	 VF_A,
	 {NOBODY}},
	{"MATCH-14 foreign tag",
	 VF_C,
	 mac_x,
	 mac_c,
	 9,
	 NICSW_REASON_VLAN_VIOLATION,
	 VF_C,
	 {NOBODY}},
	{"MATCH-14 inserted", VF_C, mac_x, mac_c, UNTAGGED, 0, 0, {{UPLINK, 7}, NOBODY}},
	{"MATCH-14 written", VF_C, mac_x, mac_c, PRIORITY, 0, 0, {{UPLINK, PRIORITY | 7}, NOBODY}},
	{"MATCH-14 to a trunk", VF_C, mac_b, mac_c, UNTAGGED, 0, 0, {{VF_B, 7}, NOBODY}},
	{"MATCH-11", UPLINK, mac_c, mac_x, PRIORITY | 7, 0, 0, {{VF_C, UNTAGGED}, NOBODY}},
	{"MATCH-10", UPLINK, mac_a, mac_x, PRIORITY, 0, 0, {{VF_A, UNTAGGED}, NOBODY}},
	{"MATCH-14 to the wire", VF_A, mac_x, mac_a, PRIORITY, 0, 0, {{UPLINK, PRIORITY}, NOBODY}},
	{"FT-12", UPLINK, mac_c, mac_x, UNTAGGED, 0, 0, {{PF, UNTAGGED}, NOBODY}},
	{"FT-13", UPLINK, mac_a, mac_x, 7, 0, 0, {{PF, 7}, NOBODY}},
	{"FWD-21",
	 VF_A,
	 broadcast,
	 mac_a,
	 UNTAGGED,
	 0,
	 0,
	 {{UPLINK, UNTAGGED}, {PF, UNTAGGED}, {VF_B, UNTAGGED}, NOBODY}},
	{"FWD-23",
	 VF_C,
	 broadcast,
	 mac_c,
	 PRIORITY,
	 0,
	 0,
	 {{UPLINK, PRIORITY | 7}, {PF, PRIORITY | 7}, {VF_B, PRIORITY | 7}, NOBODY}},
	{"FWD-23 access",
	 VF_B,
	 broadcast,
	 mac_b,
	 7,
	 0,
	 0,
	 {{UPLINK, 7}, {PF, 7}, {VF_C, UNTAGGED}, NOBODY}},
	{"FWD-31",
	 UPLINK,
	 broadcast,
	 mac_a,
	 UNTAGGED,
	 NICSW_REASON_REFLECTED_SOURCE,
	 UPLINK,
	 {NOBODY}},
};

static void check_copy(const struct row *row, __u32 i)
{
	static struct nicsw_model_frame expected;
	const struct nicsw_model_copy *copy = &verdict.copies[i];
	const struct nicsw_model_frame *output = nicsw_model_output(&verdict, copy->tagged);

	make_frame(&expected, row->destination, row->source, row->to[i].tag);
	cr_expect_eq(copy->slot, row->to[i].slot, "%s: receiver %u", row->text, copy->slot);
	cr_expect_eq(output->length, expected.length, "%s: slot %u: %u bytes", row->text,
		     copy->slot, output->length);
	cr_expect_eq(memcmp(output->bytes, expected.bytes, expected.length), 0, "%s: slot %u",
		     row->text, copy->slot);
}

Test(model, rows)
{
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		const struct row *row = &rows[r];
		__u32 expected = 0;

		make_world();
		make_frame(&frame, row->destination, row->source, row->tag);
		cr_assert_eq(nicsw_model_decide(&model, &frame, row->ingress, &verdict), 0);
		cr_expect_eq(verdict.reason, row->reason, "%s: reason %d", row->text,
			     verdict.reason);
		if (row->reason)
			cr_expect_eq(verdict.counted_at, row->counted_at, "%s", row->text);
		while (row->to[expected].slot != END)
			expected++;
		cr_assert_eq(verdict.num_copies, expected, "%s: %u copies", row->text,
			     verdict.num_copies);
		for (__u32 i = 0; i < expected; i++)
			check_copy(row, i);
	}
}

/* The frame is untagged, from a to b, in a world that `flags` of slot have been taken from. */
static enum nicsw_reason without(__u32 slot, __u32 flags, const __u8 *destination, __u32 ingress)
{
	make_world();
	ports[slot].port.flags &= ~flags;
	make_frame(&frame, destination, ingress == VF_A ? mac_a : mac_x, UNTAGGED);
	cr_assert_eq(nicsw_model_decide(&model, &frame, ingress, &verdict), 0);
	return verdict.reason;
}

Test(model, FLOW_7_closed_sender)
{
	cr_expect_eq(without(VF_A, NICSW_PORT_OPEN, mac_b, VF_A), NICSW_REASON_VPORT_INACTIVE);
	cr_expect_eq(verdict.counted_at, VF_A);
}

Test(model, PCI_25_sender_without_bus_mastering)
{
	cr_expect_eq(without(VF_A, NICSW_PORT_READY, mac_b, VF_A), NICSW_REASON_SENDER_NOT_READY);
	cr_expect_eq(verdict.counted_at, VF_A);
}

Test(model, FWD_14_receiver_not_ready)
{
	cr_expect_eq(without(VF_B, NICSW_PORT_READY, mac_b, VF_A), NICSW_REASON_VF_NOT_READY);
	cr_expect_eq(verdict.counted_at, VF_B);
	/* MOVE-RF-15: the last filter just moved away, the frame had found it. */
	cr_expect_eq(without(VF_B, NICSW_PORT_OPEN, mac_b, VF_A), NICSW_FORWARDED);
	cr_expect_eq(without(UPLINK, NICSW_PORT_READY, mac_x, VF_A), NICSW_FORWARDED);
}

/* A receiver of a group that is gone: its copy is counted there, the others get theirs. */
Test(model, FWD_14_copy_refused)
{
	cr_expect_eq(without(VF_B, 0, broadcast, VF_A), NICSW_FORWARDED);
	cr_expect_eq(verdict.num_refusals, 0);
	ports[VF_B].absent = true;
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_FORWARDED);
	cr_expect_eq(verdict.num_copies, 2);
	cr_assert_eq(verdict.num_refusals, 1);
	cr_expect_eq(verdict.refusals[0].slot, VF_B);
	cr_expect_eq(verdict.refusals[0].reason, NICSW_REASON_PORT_ABSENT);
}

Test(model, FWD_12_packet_filter)
{
	cr_expect_eq(without(PF, NICSW_PORT_UNMATCHED, mac_x, UPLINK), NICSW_REASON_PACKET_FILTER);
	cr_expect_eq(verdict.counted_at, PF);
	cr_expect_eq(without(PF, NICSW_PORT_UNMATCHED, mac_pf, UPLINK), NICSW_FORWARDED);
	cr_expect_eq(without(PF, NICSW_PORT_DIRECTED, mac_pf, UPLINK), NICSW_FORWARDED);
	cr_expect_eq(without(VF_B, NICSW_PORT_PEERS, mac_b, VF_A), NICSW_REASON_PACKET_FILTER);
}

Test(model, RXQ_22_group_frames_only_who_takes_them)
{
	cr_expect_eq(without(VF_B, NICSW_PORT_GROUP, broadcast, VF_A), NICSW_FORWARDED);
	cr_expect_eq(verdict.num_copies, 2);
	cr_expect_eq(without(PF, NICSW_PORT_GROUP, broadcast, VF_A), NICSW_FORWARDED);
	cr_expect_eq(verdict.num_copies, 2);
	cr_expect_eq(verdict.copies[1].slot, VF_B);
}

Test(model, PATH_3_length_as_it_leaves)
{
	make_world();
	ports[VF_C].port.max_frame = LENGTH;
	make_frame(&frame, mac_c, mac_x, 7);
	cr_assert_eq(nicsw_model_decide(&model, &frame, UPLINK, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_FORWARDED, "64 bytes with the tag, 60 without");
	ports[VF_C].port.max_frame = LENGTH - 1;
	cr_assert_eq(nicsw_model_decide(&model, &frame, UPLINK, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_TOO_LONG);
	cr_expect_eq(verdict.counted_at, VF_C);
}

Test(model, FWD_14_netdev_gone)
{
	make_world();
	ports[VF_B].absent = true;
	make_frame(&frame, mac_b, mac_a, UNTAGGED);
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_PORT_ABSENT);
	cr_expect_eq(verdict.counted_at, VF_B);
}

Test(model, FWD_20_group_frame_must_be_linear)
{
	make_world();
	make_frame(&frame, broadcast, mac_a, UNTAGGED);
	frame.linear_length--;
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_GROUP_TOO_LONG);
	make_frame(&frame, broadcast, mac_a, UNTAGGED);
	model.no_flood = true;
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_PORT_ABSENT);
}

Test(model, FLOW_5_runts)
{
	make_world();
	make_frame(&frame, mac_b, mac_a, UNTAGGED);
	frame.length = frame.linear_length = 13;
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_RUNT);
	make_frame(&frame, mac_b, mac_a, 0);
	frame.length = frame.linear_length = 17;
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_RUNT, "a tag cut short");
	make_frame(&frame, mac_b, mac_a, UNTAGGED);
	frame.length = frame.linear_length = 14;
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_FORWARDED);
}

/* FWD-33: a tag behind a priority tag is one that nobody has checked. */
Test(model, FWD_33_nothing_hides_behind_a_priority_tag)
{
	make_world();
	make_frame(&frame, mac_b, mac_a, PRIORITY);
	memcpy(frame.bytes + 16, (const __u8[]){0x81, 0, 0, 9}, 4);
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), 0);
	cr_expect_eq(verdict.reason, NICSW_REASON_VLAN_VIOLATION);
	cr_expect_eq(verdict.num_copies, 0);
}

/* MATCH-7: 88A8h is payload, for the match and for the tag edits. */
Test(model, MATCH_7_service_tag_is_payload)
{
	make_world();
	make_frame(&frame, mac_a, mac_x, 7);
	frame.bytes[12] = 0x88;
	frame.bytes[13] = 0xa8;
	cr_assert_eq(nicsw_model_decide(&model, &frame, UPLINK, &verdict), 0);
	cr_assert_eq(verdict.num_copies, 1);
	cr_expect_eq(verdict.copies[0].slot, VF_A);
	cr_expect_arr_eq(nicsw_model_output(&verdict, verdict.copies[0].tagged)->bytes, frame.bytes,
			 frame.length);
}

Test(model, out_of_range_touches_nothing)
{
	make_world();
	make_frame(&frame, mac_b, mac_a, UNTAGGED);
	memset(&verdict, 0x5a, sizeof(verdict));
	cr_expect_eq(nicsw_model_decide(&model, &frame, SLOTS, &verdict), -EINVAL);
	frame.linear_length = frame.length + 1;
	cr_expect_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), -EINVAL);
	frame.length = NICSW_MODEL_FRAME_MAX + 1;
	cr_expect_eq(nicsw_model_decide(&model, &frame, VF_A, &verdict), -EINVAL);
	cr_expect_eq(verdict.num_copies, 0x5a5a5a5a);
}
