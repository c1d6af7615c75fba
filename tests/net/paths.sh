#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Synthetic path and VF path (packet-flow 6). The host's bridge on the PF's netdev is the
# extensible switch: guests without a VF are behind it. A guest that has both paths changes from one
# to the other and back, by moves of its filter alone, with a TCP connection under way.
#
#   vm0   a VF
#   vm1   no VF: behind the bridge
#   both  a VF and a port of the bridge below one netdev with one address, as NetVSC has them
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_tcp.sh"
need bridge

NUM_VFS=2 make_world 1
BRIDGE=br0
VM1_IP=10.9.0.101 VM1_MAC=02:00:00:00:02:01
BOTH=$PREFIX-both BOTH_IP=10.9.0.102 BOTH_MAC=02:00:00:00:02:02

# synthetic NS DEV PORT: a port of the bridge, its other end DEV in the guest.
synthetic() {
	must ip -n "$HOST" link add "$3" type veth peer name "$2" netns "$1"
	must ip -n "$HOST" link set "$3" master $BRIDGE up
	must ip -n "$1" link set "$2" up
}

# knows NS IP MAC DEV: no questions, so that the only frames are those of the check.
knows() { must ip -n "$1" neighbour add "$2" lladdr "$3" dev "$4" nud permanent; }

must ip -n "$HOST" address flush dev "$ADAPTER"
must ip -n "$HOST" link add $BRIDGE type bridge forward_delay 0 mcast_snooping 0
must ip -n "$HOST" link set "$ADAPTER" master $BRIDGE
must ip -n "$HOST" link set $BRIDGE up

# ---- a guest without VF --------------------------------------------------------------------------

make_netns "$(vm 1)"
synthetic "$(vm 1)" eth0 syn1
must ip -n "$(vm 1)" link set eth0 address $VM1_MAC
must ip -n "$(vm 1)" address add $VM1_IP/16 dev eth0
must nicsw filter set vport 0 mac $VM1_MAC

# Frames that the bridge's port to the PF's netdev has had, in both directions.
bridged() { ip -n "$HOST" -j -s link show "$1" | jq '.[].stats64 | .rx.packets + .tx.packets'; }

before=$(bridged syn1)
check "PATH-4 VM without VF -> wire, and back" ping_ok "$(vm 1)" $WIRE_IP
check "PATH-4 wire -> VM without VF" ping_ok "$WIRE" $VM1_IP
check "PATH-4 VM with VF -> VM without" ping_ok "$(vm 0)" $VM1_IP
check "PATH-4 VM without VF -> VM with" ping_ok "$(vm 1)" "$(vf_ip 0)"
check_number "PATH-4 all of it through the bridge: frames at its port" \
	$(($(bridged syn1) - before)) -ge 24
check_tcp "PATH-4 TCP VM without VF -> VM with" "$(vm 1)" "$(vm 0)" "$(vf_ip 0)"
check_tcp "PATH-4 TCP wire -> VM without VF" "$WIRE" "$(vm 1)" $VM1_IP

# ---- policies of the bridge ----------------------------------------------------------------------

isolate_ports() { # on|off
	ip -n "$HOST" link set "$ADAPTER" type bridge_slave isolated "$1" &&
		ip -n "$HOST" link set syn1 type bridge_slave isolated "$1"
}

bridge_off() { # on|off
	ip -n "$HOST" link set $BRIDGE "$([ "$1" = on ] && echo down || echo up)"
}

# policy TEXT COMMAND: COMMAND on|off.
policy() {
	must "$2" on
	check_not "$1: the guest behind the bridge is stopped" ping_ok "$(vm 1)" $WIRE_IP 1
	check "PATH-11 $1: not VF -> wire" ping_ok "$(vm 0)" $WIRE_IP
	check "PATH-11 $1: not wire -> VF" ping_ok "$WIRE" "$(vf_ip 0)"
	must "$2" off
	check "$1, taken back: the guest behind the bridge goes on" \
		wait_until 5 ping_ok "$(vm 1)" $WIRE_IP 1
}

policy "ports of the bridge are isolated" isolate_ports
policy "the bridge is down" bridge_off

# ---- a guest with both paths ---------------------------------------------------------------------

make_netns "$BOTH"
synthetic "$BOTH" synthetic syn2
must nicsw vf allocate name both mac $BOTH_MAC
vf=$(json '.[] | select(.vm_friendly_name == "both").vf_id' vf show)
must nicsw vport create vf "$vf"
vport=$(vport_of "$vf")
must nicsw filter set vport 0 mac $BOTH_MAC
filter=$(filter_of $BOTH_MAC)
# One more, so that the VF's VPort is never without a filter and may send (FLOW-7).
must nicsw filter set vport "$vport" mac 02:00:00:00:02:03
must nicsw vf attach "$vf" netns "$BOTH" dev direct
# Two ports that do not forward to each other; where a peer was heard last is where it is sent to.
must ip -n "$BOTH" link add eth0 address $BOTH_MAC type bridge forward_delay 0 mcast_snooping 0
for dev in direct synthetic; do
	must ip -n "$BOTH" link set $dev master eth0
	must ip -n "$BOTH" link set $dev type bridge_slave isolated on
done
must ip -n "$BOTH" link set eth0 up
must ip -n "$BOTH" address add $BOTH_IP/16 dev eth0
knows "$BOTH" $WIRE_IP $WIRE_MAC eth0
knows "$WIRE" $BOTH_IP $BOTH_MAC eth0
# Whatever comes from the VF by way of the switch: the bridge does not look for the guest there.
must bridge -n "$HOST" fdb replace $BOTH_MAC dev syn2 master static sticky

received() { ip -n "$BOTH" -j -s link show "$1" | jq .[].stats64.rx.packets; }
path_is() { # direct|synthetic
	local before
	before=$(received "$1")
	ping_ok "$WIRE" $BOTH_IP 3 && [ $(($(received "$1") - before)) -ge 3 ]
}

check "PATH-5 it begins on the synthetic path" path_is synthetic
must nicsw filter move "$filter" vport "$vport"
check "PATH-9 VF path" path_is direct
must nicsw filter move "$filter" vport 0
check "PATH-7 and the synthetic path again" path_is synthetic

# Moves as long as the process runs, each when frames come by the path of the last.
declare -A last=([direct]=0 [synthetic]=0)
change_paths() { # PID
	while kill -0 "$1" 2>/dev/null; do
		must nicsw filter move "$filter" vport "$vport"
		wait_until 10 comes_by direct
		must nicsw filter move "$filter" vport 0
		wait_until 10 comes_by synthetic
		moves=$((moves + 2))
	done
}

# A hundred frames have come to the guest by this path since it was last asked, or the run is over.
comes_by() { # direct|synthetic
	[ $(($(received "$1") - ${last[$1]})) -ge 100 ] || ! kill -0 "$STARTED" 2>/dev/null || return 1
	last[direct]=$(received direct)
	last[synthetic]=$(received synthetic)
}

# tcp_through TEXT FROM-NS TO-NS TO-IP
tcp_through() {
	local server
	start within "$3" iperf3 -s -1 >/dev/null 2>&1
	server=$STARTED
	must wait_until 5 listens "$3"
	moves=0
	start within "$2" timeout 30 iperf3 -c "$4" -t 4 -J >"$DIR/iperf3.json" 2>&1
	change_paths "$STARTED"
	check_equal "$1: the connection ends as it should" null "$(jq -r .error "$DIR/iperf3.json")"
	check_number "$1: megabytes arrived" \
		"$(jq '(.end.sum_received.bytes // 0) / 1e6 | round' "$DIR/iperf3.json")" -ge 20
	check_number "$1: moves meanwhile" $moves -ge 4
	note "$moves moves, $(jq .end.sum_sent.retransmits "$DIR/iperf3.json") retransmits"
	stop "$server"
}
tcp_through "PATH-9 TCP wire -> guest on changing paths" "$WIRE" "$BOTH" $BOTH_IP
tcp_through "PATH-9 TCP guest on changing paths -> wire" "$BOTH" "$WIRE" $WIRE_IP
