#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# With an uplink of MTU 9000: VFs have it, too, unicast of that length passes whole, and a group frame
# that is not linear is dropped and counted, never broadcast (DESIGN 5: a clone would carry
# uninitialised memory). bpf/act.bpf.h checks this before anything else in nicsw_flood().
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_tcp.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 3 9000
mtu_of() { ip -n "$1" -j link show "$2" | jq -r '.[].mtu'; }
check_equal "MTU of the VF" 9000 "$(mtu_of "$(vm 0)" eth0)"
check_equal "MTU of the PF's netdev" 9000 "$(mtu_of "$HOST" "$ADAPTER")"

jumbo="-M do -s 8972"
# shellcheck disable=SC2086
{
	check_flood "jumbo ping VF -> VF, not fragmented" "$(vm 0)" "$(vf_ip 1)" 200 $jumbo
	check_flood "jumbo ping VF -> wire" "$(vm 0)" $WIRE_IP 200 $jumbo
	check_flood "jumbo ping wire -> VF" "$WIRE" "$(vf_ip 1)" 200 $jumbo
	check_flood "jumbo ping host -> VF" "$HOST" "$(vf_ip 1)" 200 $jumbo
}
check_tcp "TCP VF -> VF, MTU 9000" "$(vm 0)" "$(vm 1)" "$(vf_ip 1)"
check_tcp "TCP VF -> wire, MTU 9000" "$(vm 0)" "$WIRE" $WIRE_IP
check_tcp "TCP wire -> VF, MTU 9000" "$WIRE" "$(vm 1)" "$(vf_ip 1)"

# long_frame DESTINATION SOURCE BYTES
long_frame() { printf '%s%s%s%0*d' "$(mac_hex "$1")" "$(mac_hex "$2")" $EXPERIMENT $((2 * $3 - 28)) 0; }

find_places
remember
check_equal "FWD-20 broadcast of 1500 bytes from a VF: everybody" \
	"host untagged, vf1 untagged, vf2 untagged, wire untagged" \
	"$(see vf0 "$(long_frame $BROADCAST "$(vf_mac 0)" 1500)" 4 | join)"
for from in vf0 wire host; do
	case $from in
	vf0) port=vf0 source=$(vf_mac 0) ;;
	wire) port=uplink source=$WIRE_MAC ;;
	host) port=pf source=$UPLINK_MAC ;;
	esac
	remember
	check_equal "group_too_long: broadcast of 8000 bytes from $from: nobody" "" \
		"$(see $from "$(long_frame $BROADCAST $source 8000)" 0 | join)"
	counted "group_too_long" $port drops.group_too_long 1
done
check_equal "unicast of 8000 bytes is delivered" "vf1 untagged" \
	"$(see vf0 "$(long_frame "$(vf_mac 1)" "$(vf_mac 0)" 8000)" 1 | join)"
