#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A guest that deletes its netdev, or a namespace that goes, loses nobody but itself: the VF is lost,
# frames for it are dropped and counted, they do not fall back to the default VPort (FWD-14), and a
# new attach brings it back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 3
state_of() { json ".[] | select(.vf_id == $1).state" vf show; }
is_lost() { [ "$(state_of "$1")" = lost ]; }

# check_lost VF HOW
check_lost() {
	local vf=$1 how=$2
	check "$how: the VF is lost" wait_until 10 is_lost "$vf"
	find_places
	remember
	delivers "FWD-14 $how: from the wire, dropped, not to the default VPort" \
		wire "$(vf_mac "$vf")" $WIRE_MAC ""
	delivers "FWD-14 $how: from a VF, dropped, not to the wire" \
		vf2 "$(vf_mac "$vf")" "$(vf_mac 2)" ""
	counted "$how" "vf$vf" drops.vf_not_ready 2
	counted "$how" pf rx_packets 0
	check "$how: other VFs go on" ping_ok "$(vm 2)" $WIRE_IP
	check_equal "$how: its switch end is gone" "" \
		"$(ip -n "nicsw-$ADAPTER" -o link show | grep -o " vf$vf[@:]")"
}

# check_back VF HOW
check_back() {
	attach_vf "$1"
	find_places
	check_equal "attached again after $2: state" attached "$(state_of "$1")"
	delivers "attached again after $2: frames come" \
		wire "$(vf_mac "$1")" $WIRE_MAC "" "vf$1 untagged"
	check "attached again after $2: ping" ping_ok "$(vm "$1")" "$(vf_ip 2)"
}

must ip -n "$(vm 0)" link del eth0
check_lost 0 "netdev deleted by the guest"
check_back 0 "a deletion"

must ip netns del "$(vm 1)"
check_lost 1 "namespace removed"
make_netns "$(vm 1)"
check_back 1 "a removal"

# Without a daemon the devmap is the last line: what is gone from it is dropped, too.
stop_daemon KILL
must ip -n "$(vm 0)" link del eth0
PLACES=()
for place in wire host stack vf1 vf2; do
	PLACES[$(place_of $place)]=$place
done
delivers "FWD-14 netdev deleted while no daemon runs: dropped, not to the default VPort" \
	wire "$(vf_mac 0)" $WIRE_MAC ""
start_daemon
check_lost 0 "netdev deleted while no daemon ran"
check_back 0 "a restart"

# A guest may move its netdev out of sight; the daemon must not mistake it for lost.
make_netns "$PREFIX-away"
must ip -n "$(vm 1)" link set eth0 netns "$PREFIX-away"
must ip -n "$PREFIX-away" link set eth0 up
must ip -n "$PREFIX-away" address add "$(vf_ip 1)/16" dev eth0
check "a netdev that its guest moved to another namespace goes on" \
	ping_ok "$PREFIX-away" "$(vf_ip 2)"
check_equal "it is attached" attached "$(state_of 1)"
