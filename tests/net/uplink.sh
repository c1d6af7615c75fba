#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The uplink: what add changes del restores, whatever ifindex it has all VFs get a broadcast, it may
# go and come back, and one that the host uses is taken only with the word takeover.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

uplink_state() { json '.[].uplink_state' adapter show; }
uplink_is() { [ "$(uplink_state)" = "$1" ]; }
flags_of() { ip -n "$HOST" -j link show "$1" | jq -c '.[] | [.flags, .promiscuity, .xdp.mode]'; }
# All that is set at a netdev and that add touches.
settings_of() {
	flags_of "$1"
	within "$HOST" ethtool -k "$1"
	ip -n "$HOST" -j -d link show "$1" | jq -c '.[] | [.mtu, .address, .promiscuity, .allmulti]'
	tc -n "$HOST" qdisc show dev "$1"
	tc -n "$HOST" filter show dev "$1" ingress 2>/dev/null
}

# ---- restored by del -----------------------------------------------------------------------------

make_host
start_daemon
before=$(settings_of $UPLINK)
add_adapter
check_equal "add: promiscuous" true \
	"$(ip -n "$HOST" -j link show $UPLINK | jq '.[].flags | contains(["PROMISC"])')"
check_equal "add: tx checksum of a veth uplink is off" off \
	"$(feature "$HOST" $UPLINK tx-checksum-ip-generic)"
check_equal "add: GRO at the far end is on" on "$(feature "$WIRE" eth0 generic-receive-offload)"
check_equal "add: XDP is native" native "$(json '.[].xdp_mode' adapter show)"
check "del" nicsw adapter del "$ADAPTER"
check "del restores flags, offloads, promiscuity, XDP and tc" \
	diff <(echo "$before") <(settings_of $UPLINK)
must ip -n "$HOST" link set $UPLINK down
before=$(settings_of $UPLINK)
add_adapter
check_equal "add brings an uplink up that was down" up "$(uplink_state)"
must nicsw adapter del "$ADAPTER"
check "del takes it down again" diff <(echo "$before") <(settings_of $UPLINK)
must ip -n "$HOST" link set $UPLINK up

# ---- ifindex -------------------------------------------------------------------------------------

# A broadcast leaves out its ingress by ifindex alone, whatever the namespace (DESIGN 4): an uplink
# with the number of a switch end, or of a guest's netdev, must not hide one.
for vf in 0 1 2; do
	make_netns "$(vm $vf)"
done
for ifindex in 2 3 1000000 1000001 1000002 1000003; do
	must ip -n "$HOST" link del $UPLINK
	make_wire 1500 "$WIRE" $UPLINK $ifindex
	add_adapter
	must nicsw switch create num-vfs 3
	for vf in 0 1 2; do
		must nicsw vf allocate mac "$(vf_mac $vf)"
		must nicsw vport create vf $vf
		must nicsw filter set vport "$(vport_of $vf)" mac "$(vf_mac $vf)"
		must nicsw vf attach $vf netns "$(vm $vf)"
	done
	find_places
	delivers "uplink of ifindex $ifindex: broadcast from the wire reaches all" \
		wire $BROADCAST $WIRE_MAC "" \
		"host untagged" "vf0 untagged" "vf1 untagged" "vf2 untagged"
	delivers "uplink of ifindex $ifindex: broadcast from a VF reaches all" \
		vf0 $BROADCAST "$(vf_mac 0)" "" \
		"wire untagged" "host untagged" "vf1 untagged" "vf2 untagged"
	must nicsw adapter del "$ADAPTER"
done

# ---- gone and back -------------------------------------------------------------------------------

add_adapter
must nicsw switch create num-vfs 2
must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0
for vf in 0 1; do
	must nicsw vf allocate mac "$(vf_mac $vf)"
	must nicsw vport create vf $vf
	must nicsw filter set vport "$(vport_of $vf)" mac "$(vf_mac $vf)"
	attach_vf $vf
done
check "ping VF -> wire" ping_ok "$(vm 0)" $WIRE_IP
# A VF of state auto has the carrier of the wire (policy_link): these talk without it.
must nicsw vf set 0 state enable
must nicsw vf set 1 state enable
must ip -n "$HOST" link set $UPLINK down
check_equal "uplink set down: adapter show says" down "$(uplink_state)"
must ip -n "$HOST" link set $UPLINK up
check "up again: ping VF -> wire" ping_ok "$(vm 0)" $WIRE_IP
must ip -n "$HOST" link del $UPLINK
check "uplink removed: adapter show says missing" wait_until 5 uplink_is missing
check "uplink removed: VF -> VF goes on" ping_ok "$(vm 0)" "$(vf_ip 1)"
make_wire
must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0
check "uplink made again: adapter show says up" wait_until 5 uplink_is up
check "uplink made again: ping VF -> wire" wait_until 5 ping_ok "$(vm 0)" $WIRE_IP
check "uplink made again: ping wire -> VF" ping_ok "$WIRE" "$(vf_ip 1)"
stop_daemon KILL
must ip -n "$HOST" link del $UPLINK
check "uplink removed while no daemon runs: VF -> VF goes on" ping_ok "$(vm 0)" "$(vf_ip 1)"
start_daemon
check_equal "the next daemon says missing" missing "$(uplink_state)"
stop_daemon KILL
make_wire
must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0
start_daemon
check "uplink made again while no daemon ran: ping VF -> wire" \
	wait_until 5 ping_ok "$(vm 0)" $WIRE_IP
must nicsw adapter del "$ADAPTER"
check_equal "del: promiscuity of the uplink that came back is restored" false \
	"$(ip -n "$HOST" -j link show $UPLINK | jq '.[].flags | contains(["PROMISC"])')"

# ---- in use by the host --------------------------------------------------------------------------

# used WHAT WHY COMMAND: refused without takeover, taken with it.
used() {
	refused "an uplink that $1 is refused" 1 "$2.*takeover" \
		nicsw adapter add "$ADAPTER" uplink $UPLINK
	check "an uplink that $1 is taken with takeover" \
		nicsw adapter add "$ADAPTER" uplink $UPLINK takeover
	must nicsw adapter del "$ADAPTER"
}

must ip -n "$HOST" address add 10.8.0.1/24 dev $UPLINK
used "has an IP address" "IP address"
check_equal "the address is still there" 1 \
	"$(ip -n "$HOST" -4 -o address show dev $UPLINK | grep -c 10.8.0.1)"
must ip -n "$HOST" address flush dev $UPLINK
must ip -n "$HOST" route add default dev $UPLINK
used "has the default route" "default route"
must ip -n "$HOST" route del default
must ip -n "$HOST" link add br0 type bridge
must ip -n "$HOST" link set $UPLINK master br0
refused "an uplink that has a master is refused" 1 "master.*takeover" \
	nicsw adapter add "$ADAPTER" uplink $UPLINK
must ip -n "$HOST" link set $UPLINK nomaster
check "without all that it is taken" nicsw adapter add "$ADAPTER" uplink $UPLINK
