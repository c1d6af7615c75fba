/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of the table of frames (switch.c) for nondefault VPorts of the PF. */
#ifndef NICSW_TESTS_PROG_SWITCH_PF_VPORTS_H
#define NICSW_TESTS_PROG_SWITCH_PF_VPORTS_H

/* clang-format off */
#define PF_VPORT_ROWS \
	{"FT-3 FLOW-3: wire to a VPort of the PF", UPLINK, mac_p, mac_x, WITH_PF_VPORTS, \
	 .to = {TO(PORT_P)}}, \
	{"FT-3: VID 7 to a VPort of the PF, tag removed", UPLINK, mac_q, mac_x, TAG(7), \
	 WITH_PF_VPORTS, .to = {TO(PORT_Q)}}, \
	{"FT-4: beside VPorts of the PF the default one takes the rest", UPLINK, mac_x, mac_b, \
	 WITH_PF_VPORTS, .to = {TO(PF)}}, \
	{"FWD-5: VF to a VPort of the PF", VF_A, mac_p, mac_a, WITH_PF_VPORTS, .to = {TO(PORT_P)}}, \
	{"FWD-8: a VPort of the PF to a VF", PORT_P, mac_b, mac_p, WITH_PF_VPORTS, \
	 .to = {TO(VF_B)}}, \
	{"FWD-9: the host to a VPort of the PF", PF, mac_p, mac_pf, WITH_PF_VPORTS, \
	 .to = {TO(PORT_P)}}, \
	{"FWD-9: a VPort of the PF to the default one", PORT_P, mac_vm, mac_p, WITH_PF_VPORTS, \
	 .to = {TO(PF)}}, \
	{"FWD-9: a VPort of the PF to another, tag removed", PORT_P, mac_q, mac_p, TAG(7), \
	 WITH_PF_VPORTS, .to = {TO(PORT_Q)}}, \
	{"FWD-10: a VPort of the PF to the wire", PORT_P, mac_x, mac_p, WITH_PF_VPORTS, \
	 .to = {TO(UPLINK)}}, \
	{"FWD-11: a VPort of the PF to itself", PORT_P, mac_p, mac_p, WITH_PF_VPORTS, \
	 DROP(SELF_ADDRESSED, PORT_P)}, \
	{"FWD-32: a VPort of the PF sends any source", PORT_P, mac_x, mac_b, WITH_PF_VPORTS, \
	 .to = {TO(UPLINK)}}, \
	{"FWD-33: and any VLAN", PORT_P, mac_x, mac_p, TAG(9), WITH_PF_VPORTS, \
	 .to = {TO_TAGGED(UPLINK)}, .out_tag = TAG(9)}, \
	{"FLOW-7: a VPort of the PF without filter sends nothing", PORT_P, mac_x, mac_p, \
	 .tweak = {PORT_P, .clear = NICSW_PORT_OPEN, .pf_vports = true}, \
	 DROP(VPORT_INACTIVE, PORT_P)}, \
	{"FWD-13: no match on one that is not activated", UPLINK, mac_p, mac_x, \
	 .tweak = {PORT_P, .clear = ~0u, .no_filters = true, .pf_vports = true}, .to = {TO(PF)}}, \
	{"FWD-21: a VPort of the PF gets broadcast of its VLAN", UPLINK, broadcast, mac_x, \
	 WITH_PF_VPORTS, .to = {TO(PF), TO(VF_A), TO(VF_B), TO(PORT_P)}}, \
	{"FWD-24 FWD-25: a VPort of the PF sends broadcast", PORT_P, broadcast, mac_p, \
	 WITH_PF_VPORTS, .to = {TO(UPLINK), TO(PF), TO(VF_A), TO(VF_B)}}, \
	{"FWD-23: VLAN 7 reaches the VPort of the PF that is in it", UPLINK, broadcast, mac_x, \
	 TAG(7), WITH_PF_VPORTS, \
	 .to = {TO_TAGGED(PF), TO_TAGGED(VF_B), TO(VF_C), TO(VF_D), TO(PORT_Q)}, .out_tag = TAG(7)}, \
	{"FWD-31: the host's own, by a VPort of the PF", UPLINK, multicast, mac_p, WITH_PF_VPORTS, \
	 DROP(REFLECTED_SOURCE, UPLINK)},
/* clang-format on */

#endif
