#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The link state of a VF: `vf set N state auto|enable|disable`. auto has the carrier of the wire, also
# after the daemon was away; what a VF without link sends or would get is counted as such.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 3
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
find_places

carrier() { ip -n "$(vm "$1")" -j link show eth0 | jq -r '.[0].flags | contains(["LOWER_UP"])'; }
has_carrier() { [ "$(carrier "$1")" = "$2" ]; }

# carriers TEXT BOOL...: of the guests' netdevs, VF 0 first.
carriers() {
	local text=$1 vf=0 wanted
	shift
	for wanted; do
		check "$text: carrier of VF $vf is $wanted" wait_until 5 has_carrier $vf "$wanted"
		vf=$((vf + 1))
	done
}

wire_down() { ip -n "$WIRE" link set eth0 down; }
wire_up() { ip -n "$WIRE" link set eth0 up; }

# ---- disable: nothing in, nothing out
carriers "from the beginning" true true true
must nicsw vf set 0 state disable
carriers "VF 0 disabled" false true true
check_equal "show says so" disable "$(json '.[0].link_state' vf show 0)"
remember
delivers "to a disabled VF: dropped" vf1 "$a" "$b" ""
counted "disabled receiver" vf0 drops.link_off 1
delivers "broadcast passes it by" vf1 $BROADCAST "$b" "" \
	"wire untagged" "host untagged" "vf2 untagged"
counted "a broadcast is not for it" vf0 drops.link_off 1
must nicsw vf reset 0
carriers "a reset does not bring the link back" false
must nicsw vf set 0 state auto
carriers "auto again" true
delivers "auto: frames again" vf1 "$a" "$b" "" "vf0 untagged"

# ---- the wire goes down: auto follows, enable does not
must nicsw vf set 1 state enable
must nicsw vf set 2 state enable
must wire_down
carriers "wire down" false true true
check_equal "adapter show says down" down "$(json '.[].uplink_state' adapter show)"
remember
delivers "wire down: enabled VFs talk to each other" vf1 "$c" "$b" "" "vf2 untagged"
delivers "wire down: an auto VF gets nothing" vf1 "$a" "$b" ""
counted "auto VF, wire down" vf0 drops.link_off 1
must nicsw vf set 2 state auto
carriers "auto set while the wire is down" false true false
must wire_up
carriers "wire up" true true true
delivers "wire up: frames for the auto VF" wire "$a" $WIRE_MAC "" "vf0 untagged"

# ---- removal counts as down
must ip -n "$HOST" link del $UPLINK
carriers "uplink removed" false true false
make_wire
carriers "uplink made again" true true true
find_places
delivers "uplink made again: frames" wire "$a" $WIRE_MAC "" "vf0 untagged"

# ---- an attach and a daemon find the state as it is
must wire_down
carriers "wire down again" false true false
must nicsw vf detach 2
must nicsw vf attach 2 netns "$(vm 2)" dev eth0
carriers "attached while the wire is down" false true false
stop_daemon KILL
must wire_up
start_daemon
carriers "wire up while no daemon ran" true true true
delivers "frames for the auto VF" wire "$c" $WIRE_MAC "" "vf2 untagged"
stop_daemon KILL
must wire_down
start_daemon
carriers "wire down while no daemon ran" false true false
# A daemon that died between its records and the netdevs has left these as they were before.
stop_daemon KILL
must ip -n "nicsw-$ADAPTER" link set vf1 down
must ip -n "nicsw-$ADAPTER" link set vf2 up
start_daemon
carriers "netdevs that did not follow" false true false
stop_daemon KILL
must ip -n "$HOST" link del $UPLINK
start_daemon
carriers "uplink removed while no daemon ran" false true false
make_wire
carriers "and made again" true true true

# ---- an adapter made over a wire that is down
must nicsw adapter del "$ADAPTER"
must wire_down
add_adapter
must nicsw switch create num-vfs 1
must nicsw vf allocate mac "$a"
must nicsw vport create vf 0
must nicsw filter set vport 1 mac "$a"
must nicsw vf attach 0 netns "$(vm 0)" dev eth0
carriers "adapter over a wire that is down" false
must wire_up
carriers "its wire comes up" true
finish
