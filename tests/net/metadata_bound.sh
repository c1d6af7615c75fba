#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A tag that a guest hides in metadata (FWD-35): with tx VLAN offload on, the frame that reaches the
# switch looks untagged. It arrives nowhere, in no VLAN, and the drop has a name; a newer program put
# in place of the old one sees it as well. Only the guest itself is harmed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
need tc bpftool

# vf0 and vf1: untagged; vf2: access port of VLAN 8, where the hidden tag would lead.
make_world 3
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
unknown=02:00:00:00:0f:0f
must nicsw filter clear "$(filter_of "$c")"
must nicsw filter set vport "$(vport_of 2)" mac "$c" vlan 8

# push_tag NS DEV: what leaves the netdev has the tag 81006008, in its metadata if offload is on.
push_tag() {
	must tc -n "$1" qdisc add dev "$2" clsact
	must tc -n "$1" filter add dev "$2" egress bpf da obj "$BUILD/tests/net/push_vlan.bpf.o" \
		sec tc
}

# nowhere TEXT PLACE SOURCE: whatever it is addressed to.
nowhere() {
	local port=$2
	[ "$port" != host ] || port=pf
	remember
	delivers "FWD-35 $1 -> wire: nowhere" "$2" $unknown "$3" ""
	delivers "FWD-35 $1 -> a VF of the hidden VLAN: nowhere" "$2" "$c" "$3" ""
	delivers "FWD-35 $1 -> an untagged VF: nowhere" "$2" "$b" "$3" ""
	delivers "FWD-35 $1, broadcast: nowhere" "$2" $BROADCAST "$3" ""
	counted "FWD-35 $1" "$port" drops.vlan_metadata 4
}

must within "$(vm 0)" ethtool -K eth0 txvlan on
must within "$HOST" ethtool -K "$ADAPTER" txvlan on
delivers "offload alone harms nobody: untagged -> wire" vf0 $unknown "$a" "" "wire untagged"
push_tag "$(vm 0)" eth0
push_tag "$HOST" "$ADAPTER"
nowhere "VF" vf0 "$a"
nowhere "PF" host $UPLINK_MAC
must nicsw vf set 0 isolated on
must within "$(vm 0)" ethtool -K eth0 txvlan on # vf set has turned it off
remember
delivers "FWD-35 a VF with a policy: nowhere" vf0 $unknown "$a" ""
counted "FWD-35 a VF with a policy" vf0 drops.vlan_metadata 1
must nicsw vf set 0 isolated off

# ---- with offload off the tag is in the frame, and is judged like any other
must within "$(vm 0)" ethtool -K eth0 txvlan off
remember
delivers "FWD-35 offload off: the tag is in the frame, and not the VF's" vf0 $unknown "$a" ""
counted "FWD-35 offload off" vf0 drops.vlan_violation 1
must within "$(vm 0)" ethtool -K eth0 txvlan on

# ---- another build's programs --------------------------------------------------------------------

program_of() { bpftool -j link show pinned "$PINS/$ADAPTER/links/$1" | jq .prog_id; }

# As if another build had loaded the programs that are there: their tag in the record is none.
forget_program_tag() {
	local meta=$PINS/$ADAPTER/meta offset value
	offset=$(bpftool btf dump map pinned "$meta" value |
		sed -n "s/.*'program_tag'.*bits_offset=\([0-9]*\).*/\1/p")
	value=$(bpftool -j map lookup pinned "$meta" key 0 0 0 0 |
		jq -r --argjson at $((offset / 8)) \
			'.value | to_entries[] | if .key >= $at and .key < $at + 8 then "0" else .value end')
	# shellcheck disable=SC2086
	bpftool map update pinned "$meta" key 0 0 0 0 value $value
}

before="$(program_of uplink) $(program_of pf-sw) $(program_of vf0)"
stop_daemon
must forget_program_tag
start_daemon
after="$(program_of uplink) $(program_of pf-sw) $(program_of vf0)"
check_equal "another build replaces the programs of all ports" 3 \
	"$(comm -13 <(tr ' ' '\n' <<<"$before" | sort) <(tr ' ' '\n' <<<"$after" | sort) | wc -l)"
nowhere "VF, program replaced" vf0 "$a"
nowhere "PF, program replaced" host $UPLINK_MAC
delivers "others go on" vf1 $unknown "$b" "" "wire untagged"
