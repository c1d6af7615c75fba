/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of the table in switch.c: what the host's policies do to frames. Included there, in it. */

/* A limit that nothing is within: a frame costs more than may ever be spent. */
#define NOTHING                                                                                    \
	{                                                                                          \
		.cost = 1000                                                                       \
	}

#define LINK_OFF                                                                                   \
	.clear = NICSW_PORT_OPEN | NICSW_PORT_READY, .set = NICSW_PORT_LINK_OFF
#define ISOLATED .clear = NICSW_PORT_PEERS, .set = NICSW_PORT_ISOLATED

	/* policies: link state */
	{"FLOW-7: link of the receiver disabled", VF_A, mac_b, mac_a, .tweak = {VF_B, LINK_OFF},
	 DROP(LINK_OFF, VF_B)},
	{"FLOW-7: link of the receiver disabled, from the wire", UPLINK, mac_b, mac_x,
	 .tweak = {VF_B, LINK_OFF}, DROP(LINK_OFF, VF_B)},
	{"FWD-21: link disabled, group", VF_A, broadcast, mac_a, .tweak = {VF_B, LINK_OFF},
	 .to = {TO(UPLINK), TO(PF)}},
	{"FLOW-7: link of the sender disabled", VF_A, mac_b, mac_a, .tweak = {VF_A, LINK_OFF},
	 DROP(SENDER_LINK_OFF, VF_A)},
	{"FLOW-7: link of the sender disabled, group", VF_A, broadcast, mac_a,
	 .tweak = {VF_A, LINK_OFF}, DROP(SENDER_LINK_OFF, VF_A)},

	/* policies: isolation, VEPA */
	{"GEN-22: isolated to a VF", VF_A, mac_b, mac_a, .tweak = {VF_A, ISOLATED},
	 DROP(ISOLATED, VF_A)},
	{"GEN-22: isolated to the host", VF_A, mac_pf, mac_a, .tweak = {VF_A, ISOLATED},
	 DROP(ISOLATED, VF_A)},
	{"GEN-22: a VF to an isolated one", VF_A, mac_b, mac_a, .tweak = {VF_B, ISOLATED},
	 DROP(ISOLATED, VF_A)},
	{"GEN-22: the host to an isolated one", PF, mac_b, mac_pf, .tweak = {VF_B, ISOLATED},
	 DROP(ISOLATED, PF)},
	{"FWD-6: isolated to the wire", VF_A, mac_x, mac_a, .tweak = {VF_A, ISOLATED},
	 .to = {TO(UPLINK)}},
	{"FWD-1: the wire to an isolated one", UPLINK, mac_a, mac_x, .tweak = {VF_A, ISOLATED},
	 .to = {TO(VF_A)}},
	{"FWD-11: isolated to itself", VF_A, mac_a, mac_a, .tweak = {VF_A, ISOLATED},
	 DROP(SELF_ADDRESSED, VF_A)},
	{"FWD-32 before GEN-22", VF_A, mac_b, mac_x, .tweak = {VF_A, ISOLATED},
	 DROP(SOURCE_SPOOFED, VF_A)},
	{"GEN-22: broadcast of an isolated one", VF_A, broadcast, mac_a, .tweak = {VF_A, ISOLATED},
	 .to = {TO(UPLINK)}},
	{"GEN-22: broadcast past an isolated one", VF_A, broadcast, mac_a,
	 .tweak = {VF_B, ISOLATED}, .to = {TO(UPLINK), TO(PF)}},
	{"GEN-22: multicast past an isolated one", PF, multicast, mac_pf, .tweak = {VF_B, ISOLATED},
	 .to = {TO(UPLINK), TO(VF_A)}},
	{"FWD-21: broadcast of the wire to an isolated one", UPLINK, broadcast, mac_x,
	 .tweak = {VF_B, ISOLATED}, .to = {TO(PF), TO(VF_A), TO(VF_B)}},
	{"PATH-3: VEPA, to a VF by the wire", VF_A, mac_b, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_VEPA}, .to = {TO(UPLINK)}},
	{"PATH-3: VEPA, access port to a VF by the wire", VF_C, mac_d, mac_c,
	 .tweak = {VF_C, .set = NICSW_PORT_VEPA}, .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(7)},
	{"PATH-3: VEPA, group by the wire", VF_A, multicast, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_VEPA}, .to = {TO(UPLINK)}},
	{"FWD-11: VEPA, to itself", VF_A, mac_a, mac_a, .tweak = {VF_A, .set = NICSW_PORT_VEPA},
	 DROP(SELF_ADDRESSED, VF_A)},

	/* policies: VLAN */
	{"FWD-33: trunk, foreign tag, spoof check off", VF_A, mac_x, mac_a, TAG(9),
	 .tweak = {VF_A, .clear = NICSW_PORT_SPOOF_CHECK, .set = NICSW_PORT_TRUNK},
	 DROP(VLAN_VIOLATION, VF_A)},
	{"FWD-33: trunk, a tag of its list", VF_A, mac_x, mac_a, TAG(30),
	 .tweak = {VF_A, .set = NICSW_PORT_TRUNK}, .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(30)},
	{"MATCH-14: access by policy sends no tag, its own neither", VF_C, mac_x, mac_c, TAG(7),
	 .tweak = {VF_C, .set = NICSW_PORT_ACCESS}, DROP(VLAN_VIOLATION, VF_C)},
	{"FWD-34: access by policy, the priority is the host's", VF_C, mac_x, mac_c, TAG(PRIORITY),
	 .tweak = {VF_C, .set = NICSW_PORT_ACCESS}, .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(7)},

	/* policies: limits */
	{"PATH-12: above max_tx_rate", VF_A, mac_b, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_RATE, .rate = NOTHING}, DROP(RATE_LIMITED, VF_A)},
	{"PATH-12: above max_tx_rate, group", VF_A, broadcast, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_RATE, .rate = NOTHING}, DROP(RATE_LIMITED, VF_A)},
	{"PATH-12: max_tx_rate is of the sender", VF_A, mac_b, mac_a,
	 .tweak = {VF_B, .set = NICSW_PORT_RATE, .rate = NOTHING}, .to = {TO(VF_B)}},
	{"PATH-12: no share of the wire left", VF_A, mac_x, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_SHARE}, DROP(RATE_LIMITED, VF_A)},
	{"PATH-12: no share of the wire left, group", VF_A, broadcast, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_SHARE}, DROP(RATE_LIMITED, VF_A)},
	{"PATH-12: VF to VF needs none", VF_A, mac_b, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_SHARE}, .to = {TO(VF_B)}},
	{"FWD-20: storm, broadcast", VF_A, broadcast, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_STORM, .storm = NOTHING}, DROP(STORM, VF_A)},
	{"FWD-20: storm, multicast", VF_A, multicast, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_STORM, .storm = NOTHING}, DROP(STORM, VF_A)},
	{"FWD-20: storm, unicast passes", VF_A, mac_b, mac_a,
	 .tweak = {VF_A, .set = NICSW_PORT_STORM, .storm = NOTHING}, .to = {TO(VF_B)}},
