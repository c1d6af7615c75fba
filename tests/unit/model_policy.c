// SPDX-License-Identifier: GPL-2.0-only
/* The naive model under the host's policies, by hand, as model.c does it for the rest. */
#include <criterion/criterion.h>

#include "core/util.h"
#include "dataplane/model.h"

#define UPLINK  NICSW_SLOT_UPLINK
#define PF      NICSW_SLOT_PF
#define VF_A    2u
#define VF_B    3u
#define VF_C    4u
#define SLOTS   5u
#define LENGTH  60u
#define SERVICE NICSW_VLAN_SERVICE

/* A receiver in a row; 0 = none. */
#define TO(slot)        ((slot) + 1u)
#define TAGGED          0x10000u
#define TO_TAGGED(slot) (TO(slot) | TAGGED)

/* A tag in a row, TPID and all; 0 = none. */
#define TAG(tci)         (0x81000000u | (tci))
#define SERVICE_TAG(tci) (0x88a80000u | (tci))

static const __u8 mac_pf[] = {2, 0, 0, 0, 0, 1};
static const __u8 mac_a[] = {2, 0, 0, 0, 0, 0xa};
static const __u8 mac_b[] = {2, 0, 0, 0, 0, 0xb};
static const __u8 mac_c[] = {2, 0, 0, 0, 0, 0xc};
static const __u8 mac_x[] = {2, 0, 0, 0, 0xff, 0xff}; /* nobody here */
static const __u8 broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const __u8 multicast[] = {1, 0, 0x5e, 0, 0, 1};

struct row {
	const char *text;
	__u32 ingress;
	const __u8 *destination, *source;
	__u32 tag;
	struct {
		__u32 slot, set, clear;
	} tweaks[3];
	enum nicsw_reason reason;
	__u32 counted_at;
	__u32 to[4];
};

#define DROP(name, slot) .reason = NICSW_REASON_##name, .counted_at = (slot)
#define ISOLATE(slot)                                                                              \
	{                                                                                          \
		slot, NICSW_PORT_ISOLATED, NICSW_PORT_PEERS                                        \
	}
#define VEPA(slot)                                                                                 \
	{                                                                                          \
		slot, NICSW_PORT_VEPA, 0                                                           \
	}
#define LINK_OFF(slot)                                                                             \
	{                                                                                          \
		slot, NICSW_PORT_LINK_OFF, NICSW_PORT_OPEN | NICSW_PORT_READY                      \
	}
#define TRUNK(slot)                                                                                \
	{                                                                                          \
		slot, NICSW_PORT_TRUNK, NICSW_PORT_SPOOF_CHECK                                     \
	}
#define ANY(slot)                                                                                  \
	{                                                                                          \
		slot, NICSW_PORT_ANY_VLAN, 0                                                       \
	}

/* VF A: untagged, and any VLAN of 20; VF B: untagged; VF C: access port by policy, service VLAN 9.
 */
static const struct row rows[] = {
	{"GEN-22: isolated to a VF", VF_A, mac_b, mac_a, 0, {ISOLATE(VF_A)}, DROP(ISOLATED, VF_A)},
	{"GEN-22: to an isolated VF", VF_A, mac_b, mac_a, 0, {ISOLATE(VF_B)}, DROP(ISOLATED, VF_A)},
	{"GEN-22: from the wire", UPLINK, mac_b, mac_x, 0, {ISOLATE(VF_B)}, .to = {TO(VF_B)}},
	{"GEN-22: to the wire", VF_A, mac_x, mac_a, 0, {ISOLATE(VF_A)}, .to = {TO(UPLINK)}},
	{"GEN-22: broadcast of an isolated one",
	 VF_A,
	 broadcast,
	 mac_a,
	 0,
	 {ISOLATE(VF_A)},
	 .to = {TO(UPLINK)}},
	{"GEN-22: broadcast past an isolated one",
	 VF_A,
	 broadcast,
	 mac_a,
	 0,
	 {ISOLATE(VF_B)},
	 .to = {TO(UPLINK), TO(PF)}},
	{"GEN-22: broadcast of the wire",
	 UPLINK,
	 broadcast,
	 mac_x,
	 0,
	 {ISOLATE(VF_B)},
	 .to = {TO(PF), TO(VF_A), TO(VF_B)}},
	{"VEPA: unicast by the wire", VF_A, mac_b, mac_a, 0, {VEPA(VF_A)}, .to = {TO(UPLINK)}},
	{"VEPA: group by the wire", VF_A, multicast, mac_a, 0, {VEPA(VF_A)}, .to = {TO(UPLINK)}},
	{"VEPA: reflected, to all but its sender",
	 UPLINK,
	 broadcast,
	 mac_a,
	 0,
	 {VEPA(UPLINK), VEPA(VF_A)},
	 .to = {TO(PF), TO(VF_B)}},
	{"VEPA: the host's own, reflected",
	 UPLINK,
	 multicast,
	 mac_pf,
	 0,
	 {VEPA(UPLINK), VEPA(PF)},
	 .to = {TO(VF_A), TO(VF_B)}},
	{"FLOW-7: link of the receiver",
	 VF_A,
	 mac_b,
	 mac_a,
	 0,
	 {LINK_OFF(VF_B)},
	 DROP(LINK_OFF, VF_B)},
	{"FLOW-7: link of the sender",
	 VF_A,
	 mac_b,
	 mac_a,
	 0,
	 {LINK_OFF(VF_A)},
	 DROP(SENDER_LINK_OFF, VF_A)},
	{"FLOW-7: group passes it by",
	 VF_A,
	 broadcast,
	 mac_a,
	 0,
	 {LINK_OFF(VF_B)},
	 .to = {TO(UPLINK), TO(PF)}},
	{"RXQ-22: multicast only",
	 VF_A,
	 broadcast,
	 mac_a,
	 0,
	 {{VF_B, 0, NICSW_PORT_BROADCAST}},
	 .to = {TO(UPLINK), TO(PF)}},
	{"RXQ-22: broadcast only",
	 VF_A,
	 multicast,
	 mac_a,
	 0,
	 {{VF_B, 0, NICSW_PORT_BROADCAST}},
	 .to = {TO(UPLINK), TO(PF), TO(VF_B)}},
	{"FWD-33: trunk, any source",
	 VF_A,
	 mac_x,
	 mac_x,
	 TAG(20),
	 {TRUNK(VF_A)},
	 .to = {TO_TAGGED(UPLINK)}},
	{"FWD-33: trunk, foreign tag",
	 VF_A,
	 mac_x,
	 mac_x,
	 TAG(21),
	 {TRUNK(VF_A)},
	 DROP(VLAN_VIOLATION, VF_A)},
	{"MATCH-12: any VLAN of the set",
	 UPLINK,
	 mac_a,
	 mac_x,
	 TAG(20),
	 {ANY(UPLINK)},
	 .to = {TO_TAGGED(VF_A)}},
	{"MATCH-12: a VLAN outside it",
	 UPLINK,
	 mac_a,
	 mac_x,
	 TAG(21),
	 {ANY(UPLINK)},
	 .to = {TO_TAGGED(PF)}},
	{"FWD-32: its own source in any VLAN",
	 VF_A,
	 mac_x,
	 mac_a,
	 TAG(20),
	 {ANY(VF_A)},
	 .to = {TO_TAGGED(UPLINK)}},
	{"MATCH-7: service tag where it is one",
	 UPLINK,
	 mac_c,
	 mac_x,
	 SERVICE_TAG(9),
	 {{UPLINK, NICSW_PORT_SERVICE, 0}},
	 .to = {TO(VF_C)}},
	{"MATCH-7: VID 9 is another VLAN",
	 UPLINK,
	 mac_c,
	 mac_x,
	 TAG(9),
	 {{UPLINK, NICSW_PORT_SERVICE, 0}},
	 .to = {TO_TAGGED(PF)}},
	{"FWD-34: service VLAN, the guest's tag is payload", VF_C, mac_x, mac_c, TAG(5),
	 .to = {TO_TAGGED(UPLINK)}},
};

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
}

static void add_vf(__u32 slot, const __u8 *mac, __u16 vid)
{
	ports[slot].port = (struct nicsw_port){
		.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
			 NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP,
		.access_vid = vid,
		.station = nicsw_key(mac, 0),
	};
	ports[slot].vlan_set[vid / 64] |= 1ull << (vid % 64);
	add_filter(slot, mac, vid);
}

static void make_world(const struct row *row)
{
	size_t i;

	memset(ports, 0, sizeof(ports));
	model = (struct nicsw_model){.ports = ports, .num_ports = SLOTS, .filters = filters};
	ports[UPLINK].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY;
	ports[PF].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED |
			       NICSW_PORT_PEERS | NICSW_PORT_GROUP | NICSW_PORT_UNMATCHED;
	ports[PF].port.station = nicsw_key(mac_pf, 0);
	add_filter(PF, mac_pf, 0);
	add_vf(VF_A, mac_a, 0);
	add_filter(VF_A, mac_a, NICSW_VLAN_ANY);
	ports[VF_A].vlan_set[0] |= 1ull << 20;
	add_vf(VF_B, mac_b, 0);
	add_vf(VF_C, mac_c, 9 | SERVICE);
	ports[VF_C].port.flags |= NICSW_PORT_ACCESS;
	for (i = 0; i < ARRAY_SIZE(row->tweaks); i++) {
		struct nicsw_port *port = &ports[row->tweaks[i].slot].port;

		port->flags = (port->flags & ~row->tweaks[i].clear) | row->tweaks[i].set;
	}
}

static void make_frame(const struct row *row)
{
	__u32 length = 12;

	memset(&frame, 0, sizeof(frame));
	memcpy(frame.bytes, row->destination, NICSW_MAC_SIZE);
	memcpy(frame.bytes + NICSW_MAC_SIZE, row->source, NICSW_MAC_SIZE);
	if (row->tag) {
		const __u8 tag[] = {row->tag >> 24, row->tag >> 16, row->tag >> 8, row->tag};

		memcpy(frame.bytes + length, tag, sizeof(tag));
		length += sizeof(tag);
	}
	frame.bytes[length] = 8;
	frame.length = frame.linear_length = length + LENGTH - 12;
}

static bool is_to(const struct row *row, const struct nicsw_model_copy *copy)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row->to); i++)
		if (row->to[i] == (TO(copy->slot) | (copy->tagged ? TAGGED : 0)))
			return true;
	return false;
}

static void check_row(const struct row *row)
{
	__u32 i, wanted = 0;

	make_world(row);
	make_frame(row);
	cr_assert_eq(nicsw_model_decide(&model, &frame, row->ingress, &verdict), 0);
	cr_expect_eq(verdict.reason, row->reason, "%s: %u", row->text, verdict.reason);
	if (row->reason)
		cr_expect_eq(verdict.counted_at, row->counted_at, "%s", row->text);
	while (wanted < ARRAY_SIZE(row->to) && row->to[wanted])
		wanted++;
	cr_expect_eq(verdict.num_copies, wanted, "%s: %u copies", row->text, verdict.num_copies);
	for (i = 0; i < verdict.num_copies; i++)
		cr_expect(is_to(row, &verdict.copies[i]), "%s: slot %u", row->text,
			  verdict.copies[i].slot);
}

Test(model_policy, rows)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&rows[i]);
}

/* FWD-34, MATCH-14: the host's priority, in the tag of the host's kind; the guest's tag behind it.
 */
Test(model_policy, MATCH_14_bytes_of_a_service_vlan)
{
	static const struct row row = {"", VF_C, mac_x, mac_c, TAG(5)};
	static const __u8 tags[] = {0x88, 0xa8, 0x60, 0x09, 0x81, 0x00, 0x00, 0x05};
	const struct nicsw_model_frame *out;

	make_world(&row);
	ports[VF_C].port.priority = 3 << 13;
	make_frame(&row);
	cr_assert_eq(nicsw_model_decide(&model, &frame, VF_C, &verdict), 0);
	out = nicsw_model_output(&verdict, true);
	cr_expect_eq(out->length, frame.length + 4);
	cr_expect_arr_eq(out->bytes + 12, tags, sizeof(tags));
}
