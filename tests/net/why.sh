#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `nicsw why`: what it says of a frame is what happens when that frame is sent: who gets it and how long
# it is there, and which counters grow. Asking moves no counter.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
need bpftool

unknown=02:00:00:00:0f:0f
MULTICAST=01:00:5e:00:00:05

# The words of `why from` for a place, and the place of a port.
from_place() {
	case $1 in
	wire) echo uplink ;;
	host) echo vport 0 ;;
	vf*) echo vf "${1#vf}" ;;
	esac
}

PLACE_OF_PORT='def place: {"uplink": "wire", "pf": "host"}[.] // .;'

ask() { # PLACE HEX: the answer, as JSON
	local from
	read -r -a from <<<"$(from_place "$1")"
	nicsw -j why from "${from[@]}" "$2" 2>/dev/null
}

# arrivals PLACE HEX COUNT: `PLACE LENGTH` of each.
arrivals() {
	local options=() where hex
	for where in "${!PLACES[@]}"; do
		options+=(--watch "$where")
	done
	"$TOOLS/frame" --send "$(place_of "$1")" "$2" --expect "$3" "${options[@]}" >"$DIR/seen" || return
	while read -r where hex; do
		echo "${PLACES[$where]} $((${#hex} / 2))"
	done <"$DIR/seen" | sort | join
}

# Which counters of receiving and dropping have grown since `remember`, `PORT COUNTER` for each frame.
grown() {
	nicsw -j stats show | jq -r --slurpfile before "$DIR/stats" '
		def values: {rx_packets} + (.drops | with_entries(.key = "drops." + .key));
		($before[0] | map({key: .port, value: values}) | from_entries) as $old |
		.[] | .port as $port | values | to_entries[] |
		(.value - $old[$port][.key]) as $more | select($more > 0) |
		range($more) as $_ | "\($port) \(.key)"' | sort | join
}

# explains TEXT PLACE HEX VERDICT [RULE]: asks, then sends, and holds one against the other.
explains_hex() {
	local text=$1 place=$2 hex=$3 verdict=$4 rule=${5:-} answer wanted counters
	answer=$(ask "$place" "$hex")
	wanted=$(jq -r "$PLACE_OF_PORT"'.[0].destinations[] | "\(.port | place) \(.length)"' <<<"$answer" |
		sort | join)
	counters=$(jq -r '.[0].counters[] | "\(.port) \(.counter)"' <<<"$answer" | sort | join)
	check_equal "$text: why says" "$verdict true" \
		"$(jq -r '.[0] | "\(.reason // .verdict) \(.agrees)"' <<<"$answer")"
	[ -z "$rule" ] || check_equal "$text: the rule" "$rule" "$(jq -r --arg rule "$rule" \
		'.[0] | [.rule, .steps[].rule] | map(select(. == $rule)) | first // ""' <<<"$answer")"
	remember
	check_equal "$text: who got it" "$wanted" \
		"$(arrivals "$place" "$hex" "$(jq '.[0].destinations | length' <<<"$answer")")"
	check_equal "$text: what counted" "$counters" "$(grown)"
}

explains() { # TEXT PLACE DESTINATION SOURCE TAG VERDICT [RULE]
	PAYLOADS=$((PAYLOADS + 1))
	explains_hex "$1" "$2" "$(frame_hex "$3" "$4" "$5")" "$6" "${7:-}"
}

make_world 4
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
find_places

# ---- untagged
explains "wire -> VF" wire "$a" $WIRE_MAC "" forwarded FWD-1
explains "wire -> nobody here" wire $unknown $WIRE_MAC "" forwarded FWD-2
explains "VF -> VF" vf0 "$b" "$a" "" forwarded FWD-4
explains "VF -> PF" vf0 $UPLINK_MAC "$a" "" forwarded FWD-5
explains "VF -> wire" vf0 $unknown "$a" "" forwarded FWD-6
explains "PF -> VF" host "$b" $UPLINK_MAC "" forwarded FWD-8
explains "PF -> wire" host $unknown $UPLINK_MAC "" forwarded FWD-10
explains "VF -> itself" vf0 "$a" "$a" "" self_addressed FWD-11
explains "forged source" vf0 "$b" $unknown "" source_spoofed FWD-32
explains "broadcast of a VF" vf0 $BROADCAST "$a" "" forwarded FWD-21
explains "broadcast of the wire" wire $BROADCAST $WIRE_MAC "" forwarded FWD-20
explains "broadcast of the PF" host $BROADCAST $UPLINK_MAC "" forwarded FWD-25
explains "multicast of a VF" vf1 $MULTICAST "$b" "" forwarded FWD-22
explains "a VF's own broadcast, reflected" wire $BROADCAST "$a" "" reflected_source FWD-31

# ---- tags
explains "priority tag to a VF" wire "$a" $WIRE_MAC 8100a000 forwarded MATCH-10
explains "tag that no filter has" wire "$a" $WIRE_MAC 81000007 forwarded FWD-2
explains "foreign VLAN of a VF" vf0 $unknown "$a" 81000007 vlan_violation FWD-33
explains_hex "priority tag before a tag" vf0 \
	"$(mac_hex $unknown)$(mac_hex "$a")8100000081000007${EXPERIMENT}$(printf %080d 0)" \
	vlan_violation FWD-33
explains "802.1ad is payload" vf0 "$b" "$a" 88a80007 forwarded MATCH-7
must nicsw vf set 0 vlan 10 qos 3
must nicsw vf set 1 vlan 10
explains "access -> wire: a tag is put in" vf0 $unknown "$a" "" forwarded FWD-34
explains "wire -> access: it is taken off" wire "$a" $WIRE_MAC 8100000a forwarded MATCH-14
explains "access -> access" vf0 "$b" "$a" "" forwarded FWD-4
explains "access sends a tag" vf0 $unknown "$a" 8100000a vlan_violation FWD-33
explains "broadcast of an access VLAN" vf0 $BROADCAST "$a" "" forwarded FWD-21
explains "broadcast of the wire into that VLAN" wire $BROADCAST $WIRE_MAC 8100000a forwarded FWD-20
must nicsw vf set 0 vlan 10 proto 802.1ad
explains "service VLAN -> wire" vf0 $unknown "$a" 81000005 forwarded FWD-34
explains "service VLAN, from the wire" wire "$a" $WIRE_MAC 88a8000a forwarded FWD-1
must nicsw vf set 0 vlan 0 trunk 20,30-39
explains "trunk, from the wire" wire "$a" $WIRE_MAC 81000023 forwarded MATCH-12
explains "trunk, a VLAN outside" vf0 $unknown "$a" 81000028 vlan_violation FWD-33
must nicsw vf set 0 trunk none
must nicsw vf set 1 vlan 0

# ---- policies and states
must nicsw vf set 2 isolated on
explains "isolated -> VF" vf2 "$a" "$c" "" isolated GEN-22
explains "VF -> isolated" vf0 "$c" "$a" "" isolated GEN-22
explains "isolated -> wire" vf2 $unknown "$c" "" forwarded FWD-6
explains "broadcast of an isolated VF" vf2 $BROADCAST "$c" "" forwarded GEN-22
explains "broadcast beside an isolated VF" vf0 $BROADCAST "$a" "" forwarded FWD-21
must nicsw vf set 2 isolated off
must nicsw vf set 0 spoofchk off
explains "source that nobody checks" vf0 "$b" $unknown "" forwarded FWD-32
must nicsw vf set 0 spoofchk on
must nicsw vf set 0 max_tx_rate 100
explains "limited port" vf0 "$b" "$a" "" forwarded PATH-12
must nicsw vf set 0 max_tx_rate 0
must nicsw vf power 1 d3
explains "VF -> VF in D3" vf0 "$b" "$a" "" vf_not_ready FWD-14
must nicsw vf power 1 d0
must ip -n "$(vm 1)" link set eth0 up
explains "VF with a filter less: from the wire" wire "$(vf_mac 9)" $WIRE_MAC "" forwarded FWD-2

# ---- longer than an MTU: the wire takes 1,518 bytes
long=$(mac_hex "$a")$(mac_hex $WIRE_MAC)$EXPERIMENT$(printf '%04000d' 0)
check_equal "too long for a VF" "too_long true" \
	"$(ask wire "$long" | jq -r '.[0] | "\(.reason) \(.agrees)"')"
check_equal "jumbo group frame in pieces" "group_too_long true" \
	"$(ask wire "ffffffffffff$(mac_hex $WIRE_MAC)$EXPERIMENT$(printf '%016000d' 0)" |
		jq -r '.[0] | "\(.reason) \(.agrees)"')"

# ---- a VF without netdev; and asking alone
remember
must nicsw vf detach 3
check_equal "a VF that is not attached" "sender_not_ready true" \
	"$(ask vf3 "$(frame_hex "$a" "$(vf_mac 3)")" | jq -r '.[0] | "\(.reason) \(.agrees)"')"
check_equal "by its VPort" "sender_not_ready" \
	"$(json '.[0].reason' why from vport "$(vport_of 3)" "$(frame_hex "$a" "$(vf_mac 3)")")"
check_equal "to it" "vf_not_ready" \
	"$(json '.[0].reason' why from vf 0 "$(frame_hex "$(vf_mac 3)" "$a")")"
for _ in 1 2 3 4 5; do
	must nicsw why from uplink "$(frame_hex "$a" $WIRE_MAC)"
	must nicsw why from vf 0 "$(frame_hex $BROADCAST "$a")"
	must nicsw why from vf 0 "$(frame_hex "$b" $unknown)"
done
check_equal "asking moves no counter" "$(jq -cS 'map(select(.port != "vf3"))' "$DIR/stats")" \
	"$(nicsw -j stats show | jq -cS 'map(select(.port != "vf3"))')"
attach_vf 3

# ---- text
check_equal "text" "parse admit lookup act count forwarded" \
	"$(nicsw why from vf 0 "$(frame_hex "$b" "$a")" | awk '{ print $1 }' | paste -sd ' ')"

# ---- a filter table that is not what the records say
nicsw -j why from vf 0 "$(frame_hex "$b" "$a")" >"$DIR/healthy"
table=$PINS/$ADAPTER/filter_table
key=$(mac_hex "$b")
bucket=$(bpftool -j map dump pinned "$table" | jq -c --arg key "$key" '
	first(.[] | select(.value | map(ltrimstr("0x")) | join("") | contains($key)))')
read -r -a index <<<"$(jq -r '.key | join(" ")' <<<"$bucket")"
read -r -a value <<<"$(jq -r '.value | join(" ")' <<<"$bucket")"
read -r -a nothing <<<"$(jq -r '.value | map("0x00") | join(" ")' <<<"$bucket")"
must bpftool map update pinned "$table" key "${index[@]}" value "${nothing[@]}"
refused "the model disagrees: exit 1, and what differs" 1 "differ in: match|differ in: receivers" \
	nicsw why from vf 0 "$(frame_hex "$b" "$a")"
check_equal "both are told" "forwarded to uplink untagged, model:  forwarded to vf1 (vport $(vport_of 1)) untagged" \
	"$(nicsw why from vf 0 "$(frame_hex "$b" "$a")" 2>/dev/null | tail -n 2 | join)"
must bpftool map update pinned "$table" key "${index[@]}" value "${value[@]}"
check_equal "and agrees again" "$(jq -cS . "$DIR/healthy")" \
	"$(nicsw -j why from vf 0 "$(frame_hex "$b" "$a")" | jq -cS .)"

# ---- a flood group that lacks a port
broadcast=$(frame_hex $BROADCAST "$a")
group=$(bpftool -j map lookup pinned "$PINS/$ADAPTER/flood_groups" key 0 0 0 0 |
	jq -r '.value | reverse | map(ltrimstr("0x")) | join("")')
must bpftool map delete id $((16#$group)) key 1 0 0 0
check_equal "a group that lacks a port: why says so, and who gets a copy" "flood group false 4" \
	"$(ask vf0 "$broadcast" | jq -r '.[0] | "\(.difference) \(.agrees) \(.destinations | length)"')"
check_equal "and that is who got it" "$(ask vf0 "$broadcast" |
	jq -r "$PLACE_OF_PORT"'.[0].destinations[] | "\(.port | place) \(.length)"' | sort | join)" \
	"$(arrivals vf0 "$broadcast" 4)"
stop_daemon
start_daemon
check_equal "a new daemon has repaired it" "true 5" \
	"$(ask vf0 "$broadcast" | jq -r '.[0] | "\(.agrees) \(.destinations | length)"')"

# ---- refused
refused "a VF that is not allocated" 1 "LC-VF-1" nicsw why from vf 9 "$(frame_hex "$b" "$a")"
refused "a VPort that there is not" 1 "no VPort 60" nicsw why from vport 60 "$(frame_hex "$b" "$a")"
refused "too short" 2 "FLOW-5" nicsw why from vf 0 0102
refused "nowhere" 2 "missing" nicsw why from "$(frame_hex "$b" "$a")"
refused "not for everybody: it tells addresses of others" 1 "not permitted" \
	setpriv --reuid 65534 --regid 65534 --clear-groups "$BUILD/nicsw" why from vf 0 "$(frame_hex "$b" "$a")"
finish
