/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a frame was dropped. One table: the programs count by number, the CLI prints the name and the
 * text, the tests check that each reason can happen.
 *
 * A number never changes its meaning and is never given to another reason. A reason is counted at
 * the port that it is about: "in" at the port the frame came from, "out" at the port it was meant
 * for.
 *
 * X(number, NAME, name, side, rule, text)
 */
#ifndef NICSW_REASONS_H
#define NICSW_REASONS_H

#define NICSW_REASONS(X)                                                                           \
	X(1, RUNT, runt, in, "FLOW-5", "shorter than an Ethernet header")                          \
	X(2, VPORT_INACTIVE, vport_inactive, in, "FLOW-7", "no activated VPort with a filter")     \
	X(3, VF_NOT_READY, vf_not_ready, out, "FWD-14",                                            \
	  "VF in reset, low power or without driver")                                              \
	X(4, SOURCE_SPOOFED, source_spoofed, in, "FWD-32", "source MAC is not one of the VPort's") \
	X(5, VLAN_VIOLATION, vlan_violation, in, "FWD-33", "VLAN is not one of the VPort's")       \
	X(6, SELF_ADDRESSED, self_addressed, in, "FWD-11", "addressed to the VPort it came from")  \
	X(7, REFLECTED_SOURCE, reflected_source, in, "FWD-31", "own group frame, reflected")       \
	X(8, PACKET_FILTER, packet_filter, out, "FWD-12", "refused by the packet filter")          \
	X(9, GROUP_TOO_LONG, group_too_long, in, "FWD-20", "group frame that is not linear")       \
	X(10, TOO_LONG, too_long, out, "PATH-3", "longer than the receiver's MTU")                 \
	X(11, PORT_ABSENT, port_absent, out, "FWD-14", "no netdev behind the port")                \
	X(12, TAG_EDIT_FAILED, tag_edit_failed, in, "MATCH-14", "no room to edit the VLAN tag")    \
	X(13, SENDER_NOT_READY, sender_not_ready, in, "PCI-25",                                    \
	  "sent by a VF that may not do DMA")                                                      \
	X(14, LINK_OFF, link_off, out, "FLOW-7", "the host has disabled the receiver's link")      \
	X(15, SENDER_LINK_OFF, sender_link_off, in, "FLOW-7", "the host has disabled its link")    \
	X(16, ISOLATED, isolated, in, "GEN-22", "between an isolated VPort and another VPort")     \
	X(17, RATE_LIMITED, rate_limited, in, "PATH-12", "above max_tx_rate, or its share")        \
	X(18, STORM, storm, in, "FWD-20", "more group frames than the storm limit")                \
	X(19, VLAN_METADATA, vlan_metadata, in, "FWD-35",                                          \
	  "VLAN tag out of band: the sender's tx VLAN offload is on")                              \
	X(20, RING_FULL, ring_full, out, "FWD-14",                                                 \
	  "receiver's ring full, or its owner's MTU too small")                                    \
	X(27, TRANSMIT_FAILED, transmit_failed, out, "FWD-14",                                     \
	  "the netdev behind the port takes no frames")

enum nicsw_reason {
	NICSW_FORWARDED = 0,
#define X(number, NAME, name, side, rule, text) NICSW_REASON_##NAME = number,
	NICSW_REASONS(X)
#undef X
};

enum {
	NICSW_SIDE_in = 0,
	NICSW_SIDE_out = 1,
};

/* One bit per reason that is counted at the port the frame was meant for. */
enum {
#define X(number, NAME, name, side, rule, text) | (NICSW_SIDE_##side << (number))
	NICSW_REASONS_OUT = 0 NICSW_REASONS(X),
#undef X
};

#define NICSW_REASONS_MAX 28 /* room in struct nicsw_counters; numbers stay below */

#endif
