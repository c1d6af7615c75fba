#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Cases of Linux, tools/testing/selftests/net/forwarding: bridge_vlan_aware, no_forwarding,
# local_termination. Hosts h1 and h2 are VFs, or the wire and a VF.
#
# Left out: learning_test and the flood of unknown unicast frames (a NIC switch does not learn, FWD-6),
# the guest's own promiscuous mode and multicast list (RXQ-23: the host decides), bridges and VLAN
# devices above the port.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_suite.sh"

make_world 3
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
find_places

# ---- bridge_vlan_aware ---------------------------------------------------------------------------

case_of "bridge_vlan_aware ping_test"
must nicsw vf set 0 vlan 1
must nicsw vf set 1 vlan 1
check "$CASE: h1 reaches h2" ping_ok "$(vm 0)" "$(vf_ip 1)"
case_of "bridge_vlan_aware flood_test, unregistered multicast"
expects "h2 gets it" vf0 01:00:5e:0a:00:01 "$a" "" "vf1 untagged" "wire tag 81000001" "host tag 81000001"

# ---- no_forwarding: nothing of h1 may be received at h2 --------------------------------------------

# kind NAME TYPE DESTINATION, as the original sends them
kinds=("Unicast non-IP 0004 $b" "Multicast non-IP 0004 01:02:03:04:05:06"
	"Broadcast non-IP 0004 $BROADCAST" "Unicast IPv4 0800 $b"
	"Multicast IPv4 0800 01:00:5e:00:00:01" "Unicast IPv6 86dd $b"
	"Multicast IPv6 86dd 33:33:00:00:00:01")
vids=(untagged 0 1 2 5 10 20 50 100 200 500 1000 2000 4000 4094)

# send_kind TYPE DESTINATION: to VF 1 in all VLANs; what arrives there is in $DIR/seen.
send_kind() {
	local vid sends=()
	EXPERIMENT=$1
	PAYLOADS=1000
	for vid in "${vids[@]}"; do
		PAYLOADS=$((PAYLOADS + 1))
		sends+=(--send "$(place_of vf0)" "$(frame_hex "$2" "$a" \
			"$([ "$vid" = untagged ] || printf '8100%04x' "$vid")")")
	done
	EXPERIMENT=88b5
	"$TOOLS/frame" --type "$1" "${sends[@]}" --watch "$(place_of vf1)" >"$DIR/seen" ||
		fail "frames are sent"
}

# arrived TYPE NUMBER: how often the frame of that number did.
arrived() { grep -c "$(printf '%s%08x' "$1" $((1000 + $2)))" "$DIR/seen"; }

# not_forwarded MODE: all kinds in all VLANs, each a case by itself.
not_forwarded() {
	local kind words number
	for kind in "${kinds[@]}"; do
		read -ra words <<<"$kind"
		send_kind "${words[2]}" "${words[3]}"
		for ((number = 1; number <= ${#vids[@]}; number++)); do
			case_of "no_forwarding $1: ${words[0]} ${words[1]} VID ${vids[number - 1]}"
			holds "frames at h2" 0 "$(arrived "${words[2]}" $number)"
		done
	done
}

# Where they may, they do arrive: else the cases below would prove nothing.
for kind in "${kinds[@]}"; do
	read -ra words <<<"$kind"
	send_kind "${words[2]}" "${words[3]}"
	check_equal "one VLAN: ${words[0]} ${words[1]} untagged" 1 "$(arrived "${words[2]}" 1)"
done
must nicsw vf set 1 vlan 2
not_forwarded "VLAN-aware bridge with different PVIDs"
for vf in 0 1; do
	must nicsw vf set $vf vlan 0 isolated on
done
not_forwarded "Standalone switch ports"
for vf in 0 1; do
	must nicsw vf set $vf isolated off
done

# ---- local_termination ---------------------------------------------------------------------------

# termination NAME TAG: what the port of VF 2 receives, sent by the wire; each a case.
termination() {
	local name=$1 tag=$2 line text type destination received
	while read -r type destination received text; do
		EXPERIMENT=$type
		case_of "local_termination $name: $text"
		PAYLOADS=$((PAYLOADS + 1))
		holds "received" "$received" "$(see wire "$(frame_hex "$destination" $WIRE_MAC "$tag")" 1 |
			grep -c '^vf2 untagged')"
	done <<-END
		0800 $c 1 Unicast IPv4 to primary MAC address
		0800 02:00:00:00:de:ef 1 Unicast IPv4 to macvlan MAC address
		0800 de:ad:be:ef:ee:03 0 Unicast IPv4 to unknown MAC address
		0800 de:ad:be:ef:ee:05 0 Unicast IPv4 to unknown MAC address, allmulti
		0800 01:00:5e:01:02:03 1 Multicast IPv4 to joined group
		0800 01:00:5e:01:02:06 1 Multicast IPv4 to unknown group, allmulti
		86dd 33:33:01:02:03:04 1 Multicast IPv6 to joined group
		86dd 33:33:01:02:03:07 1 Multicast IPv6 to unknown group, allmulti
		88f7 01:1b:19:00:00:00 1 1588v2 over L2 transport, Sync
		88f7 01:80:c2:00:00:0e 1 1588v2 over L2 transport, Peer Delay Request
		0800 01:00:5e:00:01:81 1 1588v2 over IPv4, Sync
		0800 01:00:5e:00:00:6b 1 1588v2 over IPv4, Peer Delay Request
		86dd 33:33:00:00:01:81 1 1588v2 over IPv6, Sync
		86dd 33:33:00:00:00:6b 1 1588v2 over IPv6, Peer Delay Request
	END
	EXPERIMENT=88b5
}

must nicsw filter set vport "$(vport_of 2)" mac 02:00:00:00:de:ef
termination standalone ""
must nicsw vf set 2 vlan 100
termination "VLAN upper" 81000064
finish_suite "net/forwarding"
