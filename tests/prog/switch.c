// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of frames: one row, one frame, one rule. Each row is run, and put to the naive model as
 * well.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <pthread.h>

#include "core/util.h"
#include "tests/prog/lib_silicon.h"
#include "tests/prog/switch_pf_vports.h"

#define TAG(tci)  ((tci) + 1) /* 0, as in a row that says nothing, is "no tag" */
#define PRIORITY  0xe000
#define RECEIVERS 6
#define QINQ      0x88a8
#define DOT1Q     0x8100
#define PAYLOAD   46u
#define JUMBO     5000u

/* A receiver in a row; 0 = none. */
#define TO(slot)        ((slot) + 1u)
#define TAGGED          0x10000u
#define TO_TAGGED(slot) (TO(slot) | TAGGED)

#define UPLINK NICSW_SLOT_UPLINK
#define PF     NICSW_SLOT_PF
#define VF_A   2u /* untagged, and one filter in VLAN 30 */
#define VF_B   3u /* trunk: untagged and VLAN 7 */
#define VF_C   4u /* access port of VLAN 7 */
#define VF_D   SILICON_FAR_VF
#define PORT_P SILICON_PF_VPORT       /* of the PF, untagged; in rows that say so */
#define PORT_Q (SILICON_PF_VPORT + 1) /* of the PF, access port of VLAN 7; likewise */

static const __u8 mac_pf[] = {2, 0, 0, 0, 0, 1};
static const __u8 mac_vm[] = {2, 0, 0, 0, 0, 2}; /* a VM without VF: its filter is on the PF */
static const __u8 mac_a[] = {2, 0, 0, 0, 0, 0xa};
static const __u8 mac_a30[] = {2, 0, 0, 0, 0x30, 0xa};
static const __u8 mac_b[] = {2, 0, 0, 0, 0, 0xb};
static const __u8 mac_c[] = {2, 0, 0, 0, 0, 0xc};
static const __u8 mac_d[] = {2, 0, 0, 0, 0, 0xd};
static const __u8 mac_p[] = {2, 0, 0, 0, 0, 0x50};
static const __u8 mac_q[] = {2, 0, 0, 0, 0, 0x51};
static const __u8 mac_x[] = {2, 0, 0, 0, 0xff, 0xff}; /* nobody here */
static const __u8 broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const __u8 multicast[] = {1, 0, 0x5e, 0, 0, 1};

/* What a row changes in the world before its frame. */
struct tweak {
	__u32 slot;
	__u32 clear, set; /* flags */
	__u32 max_frame;
	bool absent, no_flood, no_filters, no_vlans;
	bool pf_vports; /* nondefault VPorts of the PF are there */
	struct nicsw_limit rate, share, storm;
};

struct row {
	const char *text;
	__u32 ingress;
	const __u8 *destination, *source;
	int tag;       /* TAG(tci) */
	__u16 type;    /* 0 = IPv4 */
	__u32 payload; /* 0 = PAYLOAD */
	__u32 cut;     /* nonzero: only that many bytes of the frame */
	__u32 linear;  /* nonzero: only that many bytes in one piece */
	__u32 metadata;
	struct tweak tweak;
	enum nicsw_reason reason;
	__u32 counted_at;
	enum nicsw_reason refused; /* of a group: the tweak's slot gets no copy, and why */
	__u32 to[RECEIVERS];
	int out_tag; /* TAG(tci) of the frame as switched */
};

#define WITH_PF_VPORTS   .tweak = {.pf_vports = true}
#define DROP(name, slot) .reason = NICSW_REASON_##name, .counted_at = (slot)

static const struct row rows[] = {
	/* packet-flow 5 */
	{"FT-1 FWD-1: wire to a VF", UPLINK, mac_a, mac_x, .to = {TO(VF_A)}},
	{"FT-2: wire to a VM without VF", UPLINK, mac_vm, mac_x, .to = {TO(PF)}},
	{"FT-4 FWD-2: wire, unknown unicast", UPLINK, mac_x, mac_b, .to = {TO(PF)}},
	{"FT-5 FWD-4: VF to VF", VF_A, mac_b, mac_a, .to = {TO(VF_B)}},
	{"FT-6 FWD-5: VF to a VM without VF", VF_A, mac_vm, mac_a, .to = {TO(PF)}},
	{"FT-7 FLOW-1 FWD-6 FWD-7: VF, unknown unicast", VF_A, mac_x, mac_a, .to = {TO(UPLINK)}},
	{"FT-8 FWD-11: VF to its own MAC", VF_A, mac_a, mac_a, DROP(SELF_ADDRESSED, VF_A)},
	{"FT-9 FWD-8: host to a VF", PF, mac_b, mac_pf, .to = {TO(VF_B)}},
	{"FWD-10 FLOW-1: host to the wire", PF, mac_x, mac_vm, .to = {TO(UPLINK)}},
	{"FLOW-1: a trunk to the wire", VF_B, mac_x, mac_b, .to = {TO(UPLINK)}},
	{"FLOW-1: a VF of the second word to the wire", VF_D, mac_x, mac_d,
	 .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(7)},
	{"FWD-5: VF to the host's own MAC", VF_B, mac_pf, mac_b, .to = {TO(PF)}},
	{"FWD-11: host to itself", PF, mac_vm, mac_pf, DROP(SELF_ADDRESSED, PF)},
	{"FT-11 MATCH-11: VID 7 to the access port, tag removed", UPLINK, mac_c, mac_x,
	 TAG(PRIORITY | 7), .to = {TO(VF_C)}},
	{"FT-11: VID 7 to a VF of the second word", UPLINK, mac_d, mac_x, TAG(7), .to = {TO(VF_D)}},
	{"MATCH-14: VID 7 to a trunk, tag left", UPLINK, mac_b, mac_x, TAG(PRIORITY | 7),
	 .to = {TO_TAGGED(VF_B)}, .out_tag = TAG(PRIORITY | 7)},
	{"FT-12: untagged to a VF with only VID 7", UPLINK, mac_c, mac_x, .to = {TO(PF)}},
	{"FT-12 MATCH-14: VID 0 to a VF with only VID 7", UPLINK, mac_c, mac_x, TAG(PRIORITY),
	 .to = {TO(PF)}},
	{"FT-13: VID 7 to a VF with untagged only", UPLINK, mac_a, mac_x, TAG(7),
	 .to = {TO_TAGGED(PF)}, .out_tag = TAG(7)},
	{"FT-14 FLOW-7: VPort without filters, group", UPLINK, broadcast, mac_x,
	 .tweak = {VF_B, .clear = NICSW_PORT_OPEN, .no_filters = true}, .to = {TO(PF), TO(VF_A)}},
	{"FT-14 FT-16: last filter cleared", UPLINK, mac_b, mac_x,
	 .tweak = {VF_B, .clear = NICSW_PORT_OPEN, .no_filters = true}, .to = {TO(PF)}},
	{"FT-16: last filter cleared, from a VF", VF_A, mac_b, mac_a,
	 .tweak = {VF_B, .clear = NICSW_PORT_OPEN, .no_filters = true}, .to = {TO(UPLINK)}},
	{"FT-17 FWD-20 FWD-21 FWD-24 FWD-25: VF broadcast", VF_A, broadcast, mac_a,
	 .to = {TO(UPLINK), TO(PF), TO(VF_B)}},
	{"FLOW-13: host with a VF's source, which is no VF's frame for that", PF, mac_b, mac_b,
	 .to = {TO(VF_B)}},
	{"FLOW-11 FLOW-12: host, whatever metadata says, is the default VPort", PF, mac_b, mac_pf,
	 .metadata = 4, .to = {TO(VF_B)}},
	{"FLOW-15: another VF's source does not make it that VF's frame", VF_A, mac_b, mac_b,
	 .tweak = {VF_A, .clear = NICSW_PORT_SPOOF_CHECK}, .to = {TO(VF_B)}},
	{"FLOW-15: nor does metadata", VF_A, mac_b, mac_a, .metadata = 4, .to = {TO(VF_B)}},
	{"FT-18 FWD-32: another VF's source", VF_A, mac_x, mac_b, DROP(SOURCE_SPOOFED, VF_A)},
	{"FT-18 FWD-32: group frame with a foreign source", VF_A, broadcast, mac_x,
	 DROP(SOURCE_SPOOFED, VF_A)},

	PF_VPORT_ROWS

#include "tests/prog/switch_tag_rows.h"

	/* admission */
	{"FLOW-7: VPort closed", VF_A, mac_b, mac_a, .tweak = {VF_A, .clear = NICSW_PORT_OPEN},
	 DROP(VPORT_INACTIVE, VF_A)},
	{"FLOW-7 before PCI-25", VF_A, mac_b, mac_a,
	 .tweak = {VF_A, .clear = NICSW_PORT_OPEN | NICSW_PORT_READY}, DROP(VPORT_INACTIVE, VF_A)},
	{"PCI-25: sender without bus mastering", VF_A, mac_b, mac_a,
	 .tweak = {VF_A, .clear = NICSW_PORT_READY}, DROP(SENDER_NOT_READY, VF_A)},
	{"FWD-32: a filter's MAC in its VLAN", VF_A, mac_x, mac_a30, TAG(30),
	 .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(30)},
	{"FWD-32: a filter's MAC outside its VLAN", VF_A, mac_x, mac_a30,
	 DROP(SOURCE_SPOOFED, VF_A)},
	{"FWD-32: spoof check off", VF_A, mac_b, mac_x,
	 .tweak = {VF_A, .clear = NICSW_PORT_SPOOF_CHECK}, .to = {TO(VF_B)}},
	{"FWD-32 before FWD-33", VF_A, mac_x, mac_x, TAG(9), DROP(SOURCE_SPOOFED, VF_A)},
	{"FWD-33: VID outside the set", VF_A, mac_x, mac_a, TAG(9), DROP(VLAN_VIOLATION, VF_A)},
	{"FWD-33: VID 4095 outside the set", VF_A, mac_x, mac_a, TAG(4095),
	 DROP(VLAN_VIOLATION, VF_A)},
	{"FWD-33: VID inside the set of a trunk", VF_B, mac_x, mac_b, TAG(7),
	 .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(7)},
	{"FWD-33: untagged outside the set", VF_A, mac_b, mac_a, .tweak = {VF_A, .no_vlans = true},
	 DROP(VLAN_VIOLATION, VF_A)},
	{"FWD-33: spoof check off, any VID", VF_A, mac_x, mac_a, TAG(9),
	 .tweak = {VF_A, .clear = NICSW_PORT_SPOOF_CHECK}, .to = {TO_TAGGED(UPLINK)},
	 .out_tag = TAG(9)},
	{"MATCH-14: access port with a foreign tag", VF_C, mac_x, mac_c, TAG(9),
	 DROP(VLAN_VIOLATION, VF_C)},
	{"MATCH-14: foreign tag, spoof check off: isolation stays", VF_C, mac_x, mac_c, TAG(9),
	 .tweak = {VF_C, .clear = NICSW_PORT_SPOOF_CHECK}, DROP(VLAN_VIOLATION, VF_C)},
	{"FLOW-5: shorter than a header", VF_A, mac_b, mac_a, .cut = 10, .metadata = 4,
	 DROP(RUNT, VF_A)},
	{"FLOW-5: nothing but metadata", VF_A, mac_b, mac_a, .cut = 2, .metadata = 12,
	 DROP(RUNT, VF_A)},
	{"FLOW-5: tag cut short", VF_A, mac_b, mac_a, TAG(0), .cut = 16, DROP(RUNT, VF_A)},
	{"FLOW-5: a header and no more", VF_A, mac_b, mac_a, .cut = 14, .to = {TO(VF_B)}},
	{"FLOW-5: a tagged header and no more", UPLINK, mac_c, mac_x, TAG(7), .cut = 18,
	 .to = {TO(VF_C)}},

	/* delivery */
	{"FWD-12 RXQ-24: unmatched, host does not want it", UPLINK, mac_x, mac_b,
	 .tweak = {PF, .clear = NICSW_PORT_UNMATCHED}, DROP(PACKET_FILTER, PF)},
	{"RXQ-22: matched, host takes directed", UPLINK, mac_vm, mac_x,
	 .tweak = {PF, .clear = NICSW_PORT_UNMATCHED}, .to = {TO(PF)}},
	{"RXQ-24: matched, host promiscuous", UPLINK, mac_vm, mac_x,
	 .tweak = {PF, .clear = NICSW_PORT_DIRECTED}, .to = {TO(PF)}},
	{"RXQ-20: VF without packet filter", VF_A, mac_b, mac_a,
	 .tweak = {VF_B, .clear = NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP},
	 DROP(PACKET_FILTER, VF_B)},
	{"FWD-14: VF in reset, no fallback", UPLINK, mac_b, mac_x,
	 .tweak = {VF_B, .clear = NICSW_PORT_READY}, DROP(VF_NOT_READY, VF_B)},
	{"MOVE-RF-15: last filter just moved away, the frame had found it", VF_A, mac_b, mac_a,
	 .tweak = {VF_B, .clear = NICSW_PORT_OPEN}, .to = {TO(VF_B)}},
	{"FWD-14: netdev gone", VF_A, mac_b, mac_a, .tweak = {VF_B, .absent = true},
	 DROP(PORT_ABSENT, VF_B)},
	{"PATH-3: longer than the receiver takes", VF_A, mac_b, mac_a,
	 .tweak = {VF_B, .max_frame = 59}, DROP(TOO_LONG, VF_B)},
	{"PATH-3: as long as the receiver takes", VF_A, mac_b, mac_a,
	 .tweak = {VF_B, .max_frame = 60}, .to = {TO(VF_B)}},
	{"PATH-3 MATCH-14: fits without the tag", UPLINK, mac_c, mac_x, TAG(7),
	 .tweak = {VF_C, .max_frame = 60}, .to = {TO(VF_C)}},
	{"PATH-3 MATCH-14: too long with the tag", VF_C, mac_x, mac_c,
	 .tweak = {UPLINK, .max_frame = 63}, DROP(TOO_LONG, UPLINK)},
	{"MATCH-14: no room for the tag", VF_C, mac_x, mac_c, .metadata = SILICON_HEADROOM,
	 DROP(TAG_EDIT_FAILED, VF_C)},
	{"FWD-4 RXQ-15: frame in pieces", VF_A, mac_b, mac_a, .payload = JUMBO, .to = {TO(VF_B)}},
	{"FWD-34: frame in pieces, tag inserted", VF_C, mac_x, mac_c, .payload = JUMBO,
	 .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(7)},
	{"MATCH-11: frame in pieces, tag removed", UPLINK, mac_c, mac_x, TAG(7), .payload = JUMBO,
	 .to = {TO(VF_C)}},
	{"PATH-3: frame in pieces, its whole length counts", VF_A, mac_b, mac_a, .payload = JUMBO,
	 .tweak = {VF_B, .max_frame = JUMBO}, DROP(TOO_LONG, VF_B)},

	/* group frames */
	{"PATH-3 FWD-21: a copy that is too long for its receiver", VF_A, broadcast, mac_a,
	 .tweak = {VF_B, .max_frame = 59}, .refused = NICSW_REASON_TOO_LONG,
	 .to = {TO(UPLINK), TO(PF)}},
	{"PATH-3 MATCH-14: a copy is as long as it is replicated, tag included", UPLINK, broadcast,
	 mac_x, TAG(7), .tweak = {VF_C, .max_frame = 63}, .refused = NICSW_REASON_TOO_LONG,
	 .to = {TO_TAGGED(PF), TO_TAGGED(VF_B), TO(VF_D)}, .out_tag = TAG(7)},
	{"FWD-14 FWD-21: a copy for a netdev that is gone", VF_A, broadcast, mac_a,
	 .tweak = {VF_B, .absent = true}, .refused = NICSW_REASON_PORT_ABSENT,
	 .to = {TO(UPLINK), TO(PF)}},
	{"FWD-21: wire broadcast, untagged", UPLINK, broadcast, mac_x,
	 .to = {TO(PF), TO(VF_A), TO(VF_B)}},
	{"FWD-22: VF multicast", VF_B, multicast, mac_b, .to = {TO(UPLINK), TO(PF), TO(VF_A)}},
	{"FWD-20: host broadcast", PF, broadcast, mac_pf, .to = {TO(UPLINK), TO(VF_A), TO(VF_B)}},
	{"FWD-23: wire broadcast in VLAN 7", UPLINK, broadcast, mac_x, TAG(7),
	 .to = {TO_TAGGED(PF), TO_TAGGED(VF_B), TO(VF_C), TO(VF_D)}, .out_tag = TAG(7)},
	{"FWD-23 FWD-34: access port's broadcast", VF_C, broadcast, mac_c,
	 .to = {TO_TAGGED(UPLINK), TO_TAGGED(PF), TO_TAGGED(VF_B), TO(VF_D)}, .out_tag = TAG(7)},
	{"FWD-25: never back, second word", VF_D, broadcast, mac_d, TAG(PRIORITY),
	 .to = {TO_TAGGED(UPLINK), TO_TAGGED(PF), TO_TAGGED(VF_B), TO(VF_C)},
	 .out_tag = TAG(PRIORITY | 7)},
	{"FWD-23: VLAN without members", UPLINK, broadcast, mac_x, TAG(9), .to = {TO_TAGGED(PF)},
	 .out_tag = TAG(9)},
	{"MATCH-10: group frame with a priority tag", VF_A, broadcast, mac_a, TAG(PRIORITY),
	 .to = {TO(UPLINK), TO(PF), TO(VF_B)}},
	{"RXQ-22: VF does not take group frames", VF_A, broadcast, mac_a,
	 .tweak = {VF_B, .clear = NICSW_PORT_GROUP}, .to = {TO(UPLINK), TO(PF)}},
	{"RXQ-22: host does not take group frames", VF_A, broadcast, mac_a,
	 .tweak = {PF, .clear = NICSW_PORT_GROUP}, .to = {TO(UPLINK), TO(VF_B)}},
	{"FLOW-7: a closed VPort gets no group frame", VF_A, broadcast, mac_a,
	 .tweak = {VF_B, .clear = NICSW_PORT_OPEN}, .to = {TO(UPLINK), TO(PF)}},
	{"FWD-14: VF in reset gets no group frame", VF_A, broadcast, mac_a,
	 .tweak = {VF_B, .clear = NICSW_PORT_READY}, .to = {TO(UPLINK), TO(PF)}},
	{"FWD-31: own group frame from the wire", UPLINK, broadcast, mac_a,
	 DROP(REFLECTED_SOURCE, UPLINK)},
	{"FWD-31: the host's own", UPLINK, multicast, mac_pf, DROP(REFLECTED_SOURCE, UPLINK)},
	{"FWD-31: same MAC, other VLAN", UPLINK, broadcast, mac_a, TAG(9), .to = {TO_TAGGED(PF)},
	 .out_tag = TAG(9)},
	{"FWD-31: unicast is delivered", UPLINK, mac_b, mac_a, .to = {TO(VF_B)}},
	{"FWD-20: group frame in pieces", UPLINK, broadcast, mac_x, .payload = JUMBO,
	 DROP(GROUP_TOO_LONG, UPLINK)},
	{"FWD-20 before FWD-31", UPLINK, broadcast, mac_a, .payload = JUMBO,
	 DROP(GROUP_TOO_LONG, UPLINK)},
	{"FWD-20: short group frame in pieces", VF_A, broadcast, mac_a, .linear = 40,
	 DROP(GROUP_TOO_LONG, VF_A)},
	{"FWD-14: no flood group at all", VF_A, broadcast, mac_a, .tweak = {.no_flood = true},
	 DROP(PORT_ABSENT, VF_A)},
#include "tests/prog/switch_policy_rows.h"
};

struct world {
	struct nicsw_model_port ports[SILICON_SLOTS];
	struct nicsw_model_filter filters[SILICON_FILTERS];
	struct nicsw_model model;
};

static void add_filter(struct world *world, __u32 slot, const __u8 *mac, __u16 vid)
{
	struct nicsw_model_filter *filter = &world->filters[world->model.num_filters++];

	memcpy(filter->mac, mac, NICSW_MAC_SIZE);
	filter->vid = vid;
	filter->slot = slot;
	if (slot >= NICSW_SLOT_VF(0))
		world->ports[slot].vlan_set[vid / 64] |= 1ull << (vid % 64);
}

static void add_vf(struct world *world, __u32 slot, const __u8 *mac, __u16 access_vid)
{
	world->ports[slot].port = (struct nicsw_port){
		.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
			 NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP,
		.access_vid = access_vid,
		.station = nicsw_key(mac, 0),
	};
	add_filter(world, slot, mac, access_vid);
}

/* As a VF's, but that the host is trusted (FWD-32). */
static void add_pf_vport(struct world *world, __u32 slot, const __u8 *mac, __u16 access_vid)
{
	add_vf(world, slot, mac, access_vid);
	world->ports[slot].port.flags &= ~NICSW_PORT_SPOOF_CHECK;
}

static void make_world(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->model = (struct nicsw_model){
		.ports = world->ports, .num_ports = SILICON_SLOTS, .filters = world->filters};
	world->ports[UPLINK].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY;
	world->ports[PF].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED |
				      NICSW_PORT_PEERS | NICSW_PORT_GROUP | NICSW_PORT_UNMATCHED;
	add_filter(world, PF, mac_pf, 0);
	add_filter(world, PF, mac_vm, 0);
	add_vf(world, VF_A, mac_a, 0);
	add_filter(world, VF_A, mac_a30, 30);
	add_vf(world, VF_B, mac_b, 0);
	add_filter(world, VF_B, mac_b, 7);
	add_vf(world, VF_C, mac_c, 7);
	add_vf(world, VF_D, mac_d, 7);
}

static void remove_filters(struct world *world, __u32 slot)
{
	__u32 kept = 0;

	for (__u32 i = 0; i < world->model.num_filters; i++)
		if (world->filters[i].slot != slot)
			world->filters[kept++] = world->filters[i];
	world->model.num_filters = kept;
}

static void apply_tweak(struct world *world, const struct tweak *tweak)
{
	struct nicsw_model_port *port = &world->ports[tweak->slot];

	if (tweak->pf_vports) {
		add_pf_vport(world, PORT_P, mac_p, 0);
		add_pf_vport(world, PORT_Q, mac_q, 7);
	}
	port->port.flags &= ~tweak->clear;
	port->port.flags |= tweak->set;
	port->port.max_frame = tweak->max_frame;
	port->port.rate = tweak->rate;
	port->port.share = tweak->share;
	port->port.storm = tweak->storm;
	port->absent = tweak->absent;
	world->model.no_flood = tweak->no_flood;
	if (tweak->no_filters)
		remove_filters(world, tweak->slot);
	if (tweak->no_filters || tweak->no_vlans)
		memset(port->vlan_set, 0, sizeof(port->vlan_set));
}

/* Lays out a frame of the row with this tag; returns its length. */
static __u32 build(const struct row *row, int tag, __u8 *bytes)
{
	__u32 payload = row->payload ? row->payload : PAYLOAD, length = 12;
	__u16 type = row->type ? row->type : 0x0800, tci = tag - 1;

	memcpy(bytes, row->destination, NICSW_MAC_SIZE);
	memcpy(bytes + NICSW_MAC_SIZE, row->source, NICSW_MAC_SIZE);
	if (tag) {
		memcpy(bytes + length, (const __u8[]){0x81, 0, tci >> 8, tci & 0xff}, 4);
		length += 4;
	}
	bytes[length++] = type >> 8;
	bytes[length++] = type & 0xff;
	for (__u32 i = 0; i < payload; i++)
		bytes[length++] = i * 7 + 1;
	return row->cut ? row->cut - (row->tag ? 4 : 0) + (tag ? 4 : 0) : length;
}

static enum nicsw_cast cast_of_row(const struct row *row)
{
	if (row->cut && row->cut < 14)
		return NICSW_UNICAST;
	if (row->destination == broadcast)
		return NICSW_BROADCAST;
	return row->destination == multicast ? NICSW_MULTICAST : NICSW_UNICAST;
}

/* What the row says must come out; bytes: room for the frame. */
static void row_outcome(const struct row *row, __u8 *bytes, struct silicon_outcome *ret)
{
	*ret = (struct silicon_outcome){
		.reason = row->reason, .counted_at = row->counted_at, .cast = cast_of_row(row)};
	if (row->reason)
		return;
	ret->bytes = bytes;
	ret->length = build(row, row->out_tag, bytes);
	if (row->refused)
		ret->refusals[ret->num_refusals++] =
			(struct nicsw_model_refusal){row->tweak.slot, row->refused};
	for (; ret->num_receivers < RECEIVERS && row->to[ret->num_receivers];
	     ret->num_receivers++) {
		__u32 to = row->to[ret->num_receivers];

		ret->receivers[ret->num_receivers].slot = (to & ~TAGGED) - 1;
		ret->receivers[ret->num_receivers].length =
			ret->length - (row->out_tag ? 4 : 0) + (to & TAGGED ? 4 : 0);
	}
}

static void check_counters(const struct silicon *silicon, const struct row *row,
			   const struct nicsw_counters *expected)
{
	for (__u32 slot = 0; slot < SILICON_SLOTS; slot++) {
		struct nicsw_counters seen;
		const char *difference;

		cr_assert_eq(silicon_counters(silicon, slot, &seen), 0);
		difference = silicon_difference(&expected[slot], &seen);
		cr_expect_null(difference, "%s: slot %u: %s", row->text, slot, difference);
	}
}

static void check_frame(const struct row *row, const struct silicon_run *run,
			const struct silicon_outcome *expected)
{
	cr_expect_eq(run->action, (__u32)(expected->reason ? XDP_DROP : XDP_REDIRECT),
		     "%s: action %u", row->text, run->action);
	if (expected->reason)
		return;
	cr_expect_eq(run->out_length, expected->length, "%s: %u bytes", row->text, run->out_length);
	cr_expect_eq(memcmp(run->out, expected->bytes, expected->length), 0, "%s: bytes",
		     row->text);
}

/* What depends on headroom, or on the clock, the model does not know. */
static bool is_beyond_model(enum nicsw_reason reason)
{
	return reason == NICSW_REASON_TAG_EDIT_FAILED || reason == NICSW_REASON_RATE_LIMITED ||
	       reason == NICSW_REASON_STORM;
}

/* The model must say the same. */
static void check_model(const struct world *world, const struct row *row,
			const struct silicon_run *run, const struct silicon_outcome *expected)
{
	static struct nicsw_model_verdict verdict;
	static struct nicsw_model_frame frame;
	struct nicsw_counters by_row[SILICON_SLOTS] = {}, by_model[SILICON_SLOTS] = {};
	struct silicon_outcome judged;

	if (is_beyond_model(row->reason))
		return;
	frame.length = run->length;
	frame.linear_length = row->payload == JUMBO ? 3000 : run->linear_length;
	memcpy(frame.bytes, run->bytes, run->length);
	cr_assert_eq(nicsw_model_decide(&world->model, &frame, row->ingress, &verdict), 0);
	silicon_judge(&verdict, &judged);
	silicon_expect(expected, row->ingress, run->length, by_row);
	silicon_expect(&judged, row->ingress, run->length, by_model);
	cr_expect_arr_eq((__u8 *)by_model, (__u8 *)by_row, sizeof(by_row), "%s: model's counters",
			 row->text);
	cr_expect_eq(judged.length, expected->length, "%s: model's length", row->text);
	if (expected->bytes && judged.bytes)
		cr_expect_eq(memcmp(judged.bytes, expected->bytes, expected->length), 0,
			     "%s: model's bytes", row->text);
}

/* Returns a negative errno if the frame could not be made. */
static int check_row(struct silicon *silicon, const struct row *row)
{
	static __u8 in[NICSW_MODEL_FRAME_MAX], out[NICSW_MODEL_FRAME_MAX];
	static struct silicon_run run;
	static struct world world;
	struct nicsw_counters expected[SILICON_SLOTS] = {};
	struct silicon_outcome outcome;
	int error;

	make_world(&world);
	apply_tweak(&world, &row->tweak);
	cr_assert_eq(silicon_program(silicon, &world.model), 0, "%s", row->text);
	cr_assert_eq(silicon_counters_reset(silicon), 0);
	run = (struct silicon_run){.bytes = in, .metadata = row->metadata};
	run.length = build(row, row->tag, in);
	run.linear_length = row->linear ? row->linear : run.length;
	row_outcome(row, out, &outcome);
	error = silicon_send(silicon, row->ingress, &run);
	if (error)
		return error;
	silicon_expect(&outcome, row->ingress, run.length, expected);
	check_frame(row, &run, &outcome);
	check_counters(silicon, row, expected);
	check_model(&world, row, &run, &outcome);
	return 0;
}

/* Frames that only some kernels make: with metadata before them, or cut into pieces where we say.
 */
static bool row_is_shaped(const struct row *row)
{
	return row->metadata || row->linear;
}

static struct silicon silicon;

static void close_silicon(void)
{
	silicon_close(&silicon);
}

Test(switch, rows, .fini = close_silicon)
{
	silicon_require(&silicon, false);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (row_is_shaped(&rows[i]))
			continue;
		cr_assert_eq(check_row(&silicon, &rows[i]), 0, "%s: not run", rows[i].text);
	}
}

ParameterizedTestParameters(switch, shaped_rows)
{
	static size_t indices[ARRAY_SIZE(rows)];
	size_t number = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (row_is_shaped(&rows[i]))
			indices[number++] = i;
	return cr_make_param_array(size_t, indices, number);
}

/* A test for each, so that one that the kernel refuses to make shows as skipped. */
ParameterizedTest(size_t *index, switch, shaped_rows, .fini = close_silicon)
{
	const struct row *row = &rows[*index];
	int error;

	silicon_require(&silicon, false);
	error = check_row(&silicon, row);
	if (error == -EINVAL)
		cr_skip_test("%s: missing: a kernel that makes such a frame", row->text);
	cr_assert_eq(error, 0, "%s: %s", row->text, strerror(-error));
}

static bool row_has_reason(enum nicsw_reason reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].reason == reason)
			return true;
	/* Behind the redirect, which a test run does not do: see transmit.c. */
	return reason == NICSW_REASON_RING_FULL || reason == NICSW_REASON_TRANSMIT_FAILED;
}

/*
 * packet-flow 9: a reason that no row attempts is a reason that nobody has seen happen. Programs
 * that see metadata cannot be test-run: tests/net/metadata_bound.sh is the row of theirs.
 */
Test(switch, every_reason_has_a_row)
{
#define X(number, NAME, name, side, rule, text)                                                    \
	cr_expect(number == NICSW_REASON_VLAN_METADATA || row_has_reason(NICSW_REASON_##NAME),     \
		  "no row for %s", #name);
	NICSW_REASONS(X)
#undef X
}

static bool row_cites(const char *rule)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *at = strstr(rows[i].text, rule);

		if (at && (at[strlen(rule)] == ' ' || at[strlen(rule)] == ':'))
			return true;
	}
	return false;
}

/* packet-flow 5; FT-15 is a test of its own, and what is gone cannot send here (not FT-10). */
Test(switch, every_case_of_the_matrix_has_a_row)
{
	static const int cases[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char rule[16];

		snprintf(rule, sizeof(rule), "FT-%d", cases[i]);
		cr_expect(row_cites(rule), "no row for %s", rule);
	}
}

/* A number never names a port twice: in and out are the only sides, and drops have room. */
Test(switch, reasons_fit_the_counters)
{
#define X(number, NAME, name, side, rule, text)                                                    \
	cr_expect_lt(number, NICSW_REASONS_MAX, "%s has no room", #name);
	NICSW_REASONS(X)
#undef X
}

struct mover {
	struct nicsw_entry *entry;
	bool stop;
	__u64 moves;
};

static void *move_filter(void *argument)
{
	struct mover *mover = argument;

	while (!__atomic_load_n(&mover->stop, __ATOMIC_RELAXED)) {
		__u32 slot = mover->moves++ % 2 ? VF_A : VF_B;

		__atomic_store_n(&mover->entry->target, slot, __ATOMIC_RELEASE);
	}
	return NULL;
}

static __u64 delivered_to(__u32 slot)
{
	struct nicsw_counters counters;

	cr_assert_eq(silicon_counters(&silicon, slot, &counters), 0);
	return counters.rx_packets[NICSW_UNICAST];
}

static void send_many(const struct row *row, __u32 number)
{
	static __u8 in[256];
	static struct silicon_run run;

	run = (struct silicon_run){.bytes = in};
	run.length = run.linear_length = build(row, row->tag, in);
	for (__u32 i = 0; i < number; i++) {
		cr_assert_eq(silicon_send(&silicon, row->ingress, &run), 0);
		cr_assert_eq(run.action, (__u32)XDP_REDIRECT);
	}
}

/* FT-15, SET-RF-32: while a filter moves to and fro, each frame is at exactly one of both VPorts.
 */
Test(switch, FT_15_every_frame_at_one_of_both, .fini = close_silicon)
{
	static const struct row row = {"FT-15", UPLINK, mac_b, mac_x};
	static struct world world;
	const __u32 frames = 50000;
	struct mover mover = {};
	pthread_t thread;
	__u64 at_a, at_b;

	silicon_require(&silicon, false);
	make_world(&world);
	cr_assert_eq(silicon_program(&silicon, &world.model), 0);
	mover.entry = silicon_entry(&silicon, nicsw_key(mac_b, 0));
	cr_assert_not_null(mover.entry);
	cr_assert_eq(mover.entry->target, VF_B,
		     "the entry carries a mark that the test would lose");
	cr_assert_eq(pthread_create(&thread, NULL, move_filter, &mover), 0);
	send_many(&row, frames);
	__atomic_store_n(&mover.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	at_a = delivered_to(VF_A);
	at_b = delivered_to(VF_B);
	cr_expect_eq(at_a + at_b, frames, "%llu + %llu", at_a, at_b);
	cr_expect_gt(at_a, 0, "nothing arrived at the first: the filter never moved");
	cr_expect_gt(at_b, 0, "nothing arrived at the second: the filter never moved");
	cr_expect_eq(delivered_to(PF), 0);
	cr_expect_eq(delivered_to(UPLINK), 0);
}

struct strip_row {
	const char *text;
	int tag, out_tag;
	__u16 type;
};

static int strip(const __u8 *in, __u32 length, __u8 *out, __u32 *out_length)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = in, .data_size_in = length,
		    .data_out = out, .data_size_out = 256);
	int error = bpf_prog_test_run_opts(bpf_program__fd(silicon.maps->progs.nicsw_egress_strip),
					   &options);

	*out_length = options.data_size_out;
	return error ? error : (int)options.retval;
}

/* MATCH-14: what an access port gets of a group frame. */
Test(switch, MATCH_14_egress_strip, .fini = close_silicon)
{
	static const struct strip_row cases[] = {
		{"tag removed", TAG(PRIORITY | 7), 0, 0},
		{"untagged, untouched", 0, 0, 0},
		{"only the outer tag removed", TAG(7), 0, DOT1Q},
		{"802.1ad is payload", 0, 0, QINQ},
	};

	silicon_require(&silicon, false);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct row row = {cases[i].text, .destination = broadcast, .source = mac_x,
				  .type = cases[i].type};
		__u8 in[256], out[256], expected[256];
		__u32 out_length, length = build(&row, cases[i].out_tag, expected);

		cr_expect_eq(strip(in, build(&row, cases[i].tag, in), out, &out_length), XDP_PASS,
			     "%s", row.text);
		cr_expect_eq(out_length, length, "%s: %u bytes", row.text, out_length);
		cr_expect_eq(memcmp(out, expected, length), 0, "%s: bytes", row.text);
	}
}
