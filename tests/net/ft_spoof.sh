#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FT-18 of packet-flow 5: a VF sends only with its own addresses, also when its guest changes them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 2
a=$(vf_mac 0) b=$(vf_mac 1)
foreign=02:00:00:00:0f:0f

remember
delivers "FT-18 VF a with a spoofed source -> VF b: dropped" vf0 "$b" $foreign ""
delivers "FT-18 with the source of VF b" vf0 $WIRE_MAC "$b" ""
delivers "FT-18 with the source of the PF" vf0 $WIRE_MAC $UPLINK_MAC ""
delivers "FT-18 broadcast with a spoofed source" vf0 $BROADCAST $foreign ""
counted "FT-18" vf0 drops.source_spoofed 4
counted "FT-18" vf1 rx_packets 0
counted "FT-18" uplink rx_packets 0

remember
must ip -n "$(vm 0)" link set eth0 address $foreign
delivers "FT-18 the guest changes its MAC: what it sends then is dropped" vf0 "$b" $foreign ""
counted "FT-18" vf0 drops.source_spoofed 1
must ip -n "$(vm 0)" link set eth0 address "$a"

must nicsw filter set vport "$(vport_of 0)" mac $foreign
delivers "FWD-32 a filter of the VPort makes the source its own" \
	vf0 "$b" $foreign "" "vf1 untagged"
delivers "FT-18 the right source goes on working" vf0 "$b" "$a" "" "vf1 untagged"
