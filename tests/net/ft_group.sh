#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FT-17 of packet-flow 5 and FWD-20 ... 31: group frames reach wire, default VPort and the VPorts of
# their VLAN, one copy each, and never come back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

# vf0, vf1: untagged; vf2, vf3: access ports of VLAN 7; vf4: untagged and 7.
make_world 5
a=$(vf_mac 0) c=$(vf_mac 2)
for vf in 2 3; do
	must nicsw filter clear "$(filter_of "$(vf_mac $vf)")"
	must nicsw filter set vport "$(vport_of $vf)" mac "$(vf_mac $vf)" vlan 7
done
must nicsw filter set vport "$(vport_of 4)" mac "$(vf_mac 4)" vlan 7

remember
delivers "FT-17 VF a broadcast: wire, default VPort, VFs of its VLAN, one copy each, none to a" \
	vf0 $BROADCAST "$a" "" "wire untagged" "host untagged" "vf1 untagged" "vf4 untagged"
counted "FT-17" vf0 rx_packets 0
counted "FT-17" vf1 rx_broadcast 1
counted "FT-17" vf2 rx_packets 0
counted "FT-17" uplink rx_packets 1

delivers "FT-17 in VLAN 7, from an access VF: tag for wire, host and trunk, none for access" \
	vf2 $BROADCAST "$c" "" "wire tag 81000007" "host tag 81000007" "vf3 untagged" \
	"vf4 tag 81000007"
delivers "FWD-21 broadcast from the wire, untagged" \
	wire $BROADCAST $WIRE_MAC "" "host untagged" "vf0 untagged" "vf1 untagged" "vf4 untagged"
delivers "FWD-21 broadcast from the wire, VID 7" \
	wire $BROADCAST $WIRE_MAC 81000007 "host tag 81000007" "vf2 untagged" "vf3 untagged" \
	"vf4 tag 81000007"
delivers "FWD-23 broadcast from the wire, VID 9 that no VF has: default VPort" \
	wire $BROADCAST $WIRE_MAC 81000009 "host tag 81000009"
delivers "FWD-22 multicast from a VF" \
	vf0 01:00:5e:01:02:03 "$a" "" "wire untagged" "host untagged" "vf1 untagged" "vf4 untagged"
delivers "FWD-21 broadcast from the host" \
	host $BROADCAST $UPLINK_MAC "" "wire untagged" "vf0 untagged" "vf1 untagged" "vf4 untagged"
remember
delivers "FWD-31 own broadcast, reflected by the network: dropped" wire $BROADCAST "$a" ""
counted "FWD-31" uplink drops.reflected_source 1
