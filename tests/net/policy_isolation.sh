#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Isolation of VFs from each other: `vf set N isolated on` leaves the wire alone (GEN-22), `adapter
# set NAME vepa on` sends what is for another VPort by the wire, where a bridge sends it back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 4
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
unknown=02:00:00:00:0f:0f
multicast=01:00:5e:01:02:03
find_places

# ---- isolated: wire only. vf0 and vf1 are, vf2 is not; vf3 is an isolated access port of VLAN 7.
must nicsw vf set 0 isolated on
must nicsw vf set 1 isolated on
must nicsw vf set 3 isolated on vlan 7
check_equal "show says so" true "$(json '.[0].isolated' vf show 0)"
delivers "isolated -> wire" vf0 $unknown "$a" "" "wire untagged"
delivers "wire -> isolated" wire "$a" $WIRE_MAC "" "vf0 untagged"
remember
delivers "isolated -> isolated: dropped" vf0 "$b" "$a" ""
delivers "isolated -> VF: dropped" vf0 "$c" "$a" ""
delivers "isolated -> host: dropped" vf0 $UPLINK_MAC "$a" ""
counted "isolated sender" vf0 drops.isolated 3
delivers "VF -> isolated: dropped" vf2 "$a" "$c" ""
counted "isolated receiver: its sender counts" vf2 drops.isolated 1
delivers "host -> isolated: dropped" host "$a" $UPLINK_MAC ""
counted "isolated receiver of the host" pf drops.isolated 1
counted "nothing arrived" vf1 rx_packets 0
remember
delivers "broadcast of an isolated VF: wire only" vf0 $BROADCAST "$a" "" "wire untagged"
delivers "multicast of an isolated VF: wire only" vf0 $multicast "$a" "" "wire untagged"
counted "copies" uplink rx_packets 2
counted "copies" pf rx_packets 0
delivers "broadcast of another VF: not to isolated ones" \
	vf2 $BROADCAST "$c" "" "wire untagged" "host untagged"
delivers "broadcast of the host: not to isolated ones" \
	host $BROADCAST $UPLINK_MAC "" "wire untagged" "vf2 untagged"
delivers "broadcast of the wire: to all" wire $BROADCAST $WIRE_MAC "" \
	"host untagged" "vf0 untagged" "vf1 untagged" "vf2 untagged"
delivers "isolated access port -> wire: with its tag" vf3 $unknown "$(vf_mac 3)" "" \
	"wire tag 81000007"
delivers "broadcast of an isolated access port: wire only, with its tag" \
	vf3 $BROADCAST "$(vf_mac 3)" "" "wire tag 81000007"
remember
delivers "the source check is not lifted" vf0 $unknown "$b" ""
counted "spoofed by an isolated VF" vf0 drops.source_spoofed 1
stop_daemon KILL
start_daemon
delivers "after a restart: isolated -> VF is dropped" vf0 "$c" "$a" ""
for vf in 0 1; do
	must nicsw vf set $vf isolated off
done
must nicsw vf set 3 isolated off vlan 0
delivers "off again: VF -> VF" vf0 "$b" "$a" "" "vf1 untagged"
delivers "off again: broadcast" vf0 $BROADCAST "$a" "" \
	"wire untagged" "host untagged" "vf1 untagged" "vf2 untagged" "vf3 untagged"

# ---- VEPA: no short cut
check_equal "vepa is off" false "$(json '.[].vepa' adapter show)"
must nicsw adapter set "$ADAPTER" vepa on
check_equal "vepa is on" true "$(json '.[].vepa' adapter show)"
delivers "VEPA: VF -> VF goes to the wire" vf0 "$b" "$a" "" "wire untagged"
delivers "VEPA: VF -> host goes to the wire" vf0 $UPLINK_MAC "$a" "" "wire untagged"
delivers "VEPA: host -> VF goes to the wire" host "$a" $UPLINK_MAC "" "wire untagged"
delivers "VEPA: the hairpin brings it back" wire "$b" "$a" "" "vf1 untagged"
delivers "VEPA: broadcast goes to the wire" vf0 $BROADCAST "$a" "" "wire untagged"
remember
delivers "VEPA: a broadcast that comes back: to all but its sender" wire $BROADCAST "$a" "" \
	"host untagged" "vf1 untagged" "vf2 untagged" "vf3 untagged"
counted "the sender got no copy" vf0 rx_packets 0
counted "another VF got one" vf1 rx_packets 1
delivers "VEPA: a multicast that comes back: to all but its sender" wire $multicast "$b" "" \
	"host untagged" "vf0 untagged" "vf2 untagged" "vf3 untagged"
delivers "VEPA: the host's own broadcast that comes back" wire $BROADCAST $UPLINK_MAC "" \
	"vf0 untagged" "vf1 untagged" "vf2 untagged" "vf3 untagged"
must nicsw vf set 2 vlan 7
must nicsw vf set 3 vlan 7
delivers "VEPA: access port -> access port: to the wire, tagged" vf2 "$(vf_mac 3)" "$c" "" \
	"wire tag 81000007"
delivers "VEPA: and back, without" wire "$(vf_mac 3)" "$c" 81000007 "vf3 untagged"
delivers "VEPA: its broadcast that comes back: not to its sender" \
	wire $BROADCAST "$c" 81000007 "host tag 81000007" "vf3 untagged"
remember
delivers "VEPA: to one's own address: dropped" vf0 "$a" "$a" ""
counted "own address" vf0 drops.self_addressed 1
stop_daemon KILL
start_daemon
delivers "after a restart: VEPA" vf0 "$b" "$a" "" "wire untagged"
must nicsw adapter set "$ADAPTER" vepa off
delivers "VEPA off: the short cut" vf0 "$b" "$a" "" "vf1 untagged"
remember
delivers "VEPA off: a reflected broadcast is dropped" wire $BROADCAST "$a" ""
counted "reflected" uplink drops.reflected_source 1

# ---- the command
refused "adapter set without a word" 2 "is missing" nicsw adapter set "$ADAPTER"
refused "adapter set with two words" 2 "." nicsw adapter set "$ADAPTER" vepa on rate 5
refused "an adapter that there is not" 1 "no adapter" nicsw adapter set nobody vepa on
finish
