#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FT-11 ... FT-13 of packet-flow 5 and the forms of MATCH-10, 11, 14: VLANs separate, and tags are
# given and taken where the rules say.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

# vf0: access port of VLAN 7; vf1: untagged and 8; vf2: access port of VLAN 7, to talk to vf0.
make_world 3
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
unknown=02:00:00:00:0f:0f
for vf in 0 2; do
	must nicsw filter clear "$(filter_of "$(vf_mac $vf)")"
	must nicsw filter set vport "$(vport_of $vf)" mac "$(vf_mac $vf)" vlan 7
done
must nicsw filter set vport "$(vport_of 1)" mac "$b" vlan 8

remember
delivers "FT-11 wire VID 7 -> VF with (M,7): delivered, no tag in the data" \
	wire "$a" $WIRE_MAC 81000007 "vf0 untagged"
delivers "FT-11 the same with priority 5" wire "$a" $WIRE_MAC 8100a007 "vf0 untagged"
counted "FT-11" vf0 rx_packets 2
counted "FT-11: the tag does not count" vf0 rx_bytes 120

remember
delivers "FT-12 wire untagged -> VF with only (M,7): default VPort" \
	wire "$a" $WIRE_MAC "" "host untagged"
delivers "FT-12 wire VID 0 -> VF with only (M,7): default VPort, priority tag stripped" \
	wire "$a" $WIRE_MAC 8100a000 "host untagged"
counted "FT-12" vf0 rx_packets 0
counted "FT-12" pf rx_packets 2

remember
delivers "FT-13 wire VID 7 -> VF with M + UNTAGGED_OR_ZERO: default VPort, tag kept" \
	wire "$b" $WIRE_MAC 81000007 "host tag 81000007"
counted "FT-13" vf1 rx_packets 0
delivers "MATCH-10 wire VID 0 -> VF with M + UNTAGGED_OR_ZERO: the VF, priority tag stripped" \
	wire "$b" $WIRE_MAC 81006000 "vf1 untagged"
delivers "MATCH-14 wire VID 8 -> VF with M and (M,8): the VF, tag kept" \
	wire "$b" $WIRE_MAC 81006008 "vf1 tag 81006008"
delivers "MATCH-7 wire 802.1ad tag -> counts as untagged, is payload" \
	wire "$b" $WIRE_MAC 88a80007 "vf1 tag 88a80007"

delivers "FWD-34 access VF untagged -> wire: tag 7 inserted" \
	vf0 $unknown "$a" "" "wire tag 81000007"
delivers "FWD-34 access VF with priority tag -> wire: VID 7, priority kept" \
	vf0 $unknown "$a" 8100a000 "wire tag 8100a007"
delivers "MATCH-14 access VF -> access VF of the same VLAN: no tag at either" \
	vf0 "$c" "$a" "" "vf2 untagged"
delivers "FWD-33 VF of VLAN 0 and 8 -> access VF's MAC: another VLAN, so the wire" \
	vf1 "$a" "$b" "" "wire untagged"
remember
delivers "FWD-33 VF sends a VID that is not its own: dropped" vf1 "$a" "$b" 81000007
counted "FWD-33" vf1 drops.vlan_violation 1
remember
delivers "MATCH-14 access VF sends another VID: dropped" vf0 $unknown "$a" 81000008
counted "MATCH-14" vf0 drops.vlan_violation 1
