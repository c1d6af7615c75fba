#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where every frame went: each reason is made to happen and is counted once, at the right port, and
# the sums hold to the frame; over a million mixed frames, in full rings, and while no daemon is
# there. The netdevs' own counters are the second opinion.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_numbered.sh"
need burst

NUM_VFS=6 make_world 5
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
unknown=02:00:00:00:0f:0f
SWITCH_NS=nicsw-$ADAPTER

# What the netdev of a port took, as it says itself: pf-sw, vfN in the adapter's namespace.
took() {
	within "$SWITCH_NS" ethtool -S "$1" |
		awk '/tx_queue_[0-9]*_xdp_xmit:/ { sum += $2 } END { print sum + 0 }'
}

uplink_took() {
	within "$HOST" ethtool -S "$UPLINK" |
		awk '/tx_queue_[0-9]*_xdp_xmit:/ { sum += $2 } END { print sum + 0 }'
}

# check_taken TEXT: the frames that we say were delivered, and the netdevs.
check_taken() {
	local vf ours="" theirs=""
	for vf in 0 1 2 3 4; do
		ours+=" $(counter "vf$vf" rx_packets)"
		theirs+=" $(took "vf$vf")"
	done
	check_equal "$1: delivered, as the netdevs say" \
		"$(uplink_took) $(took pf-sw)$theirs" \
		"$(counter uplink rx_packets) $(counter pf rx_packets)$ours"
}

sums() { check "$1: the sums hold" nicsw stats show --check; }

# drops TEXT PORT REASON NUMBER COMMAND...: the command makes that many drops, none at other places.
all_drops() { json '[.[].drops | add] | add' stats show; }
drops() {
	local text=$1 port=$2 reason=$3 number=$4 before
	shift 4
	before=$(all_drops)
	remember
	"$@"
	wait_until 5 grown "$port" "drops.$reason" "$number"
	counted "$text" "$port" "drops.$reason" "$number"
	check_equal "$text: and no other drop" "$number" "$(($(all_drops) - before))"
}
grown() {
	local before
	before=$(jq -r ".[] | select(.port == \"$1\").$2" "$DIR/stats")
	[ $(($(counter "$1" "$2") - before)) -ge "$3" ]
}

# emit FROM DESTINATION SOURCE [TAG] [BYTES]: a frame, to wherever it goes.
emit() {
	local hex
	hex=$(frame_hex "$2" "$3" "${4:-}")
	[ $# -lt 5 ] || hex+=$(printf '%0*d' $((($5 - ${#hex} / 2) * 2)) 0)
	"$TOOLS/frame" --send "$(place_of "$1")" "$hex" --expect 0 2>"$DIR/frame.error" >"$DIR/seen" ||
		fail "frame: $(cat "$DIR/frame.error")"
}

# ---- every reason -----------------------------------------------------------------------------------
check_equal "nothing was dropped yet" 0 "$(all_drops)"
drops "foreign source" vf0 source_spoofed 1 emit vf0 "$b" $unknown
drops "foreign VLAN" vf0 vlan_violation 1 emit vf0 "$b" "$a" 81000009
drops "to itself" vf0 self_addressed 1 emit vf0 "$a" "$a"
drops "reflected broadcast" uplink reflected_source 1 emit wire $BROADCAST "$a"

must nicsw vf set 1 mtu 1000
drops "longer than the receiver's MTU" vf1 too_long 1 emit vf0 "$b" "$a" "" 1100
drops "a copy of a broadcast, likewise" vf1 too_long 1 emit vf0 $BROADCAST "$a" "" 1100
sums "too long"
must nicsw vf set 1 mtu 0

must nicsw vf power 1 d3
drops "receiver in D3" vf1 vf_not_ready 1 emit vf0 "$b" "$a"
drops "sender in D3" vf1 sender_not_ready 1 emit vf1 "$a" "$b"
must nicsw vf power 1 d0
must nicsw vf set 1 state disable
drops "receiver's link disabled" vf1 link_off 1 emit vf0 "$b" "$a"
must nicsw vf set 1 state auto

must nicsw vf set 0 isolated on
drops "from an isolated VF to another" vf0 isolated 1 emit vf0 "$b" "$a"
must nicsw vf set 0 isolated off
must nicsw vf set 0 storm 1
emit vf0 $BROADCAST "$a"
drops "more broadcasts than one a second" vf0 storm 1 emit vf0 $BROADCAST "$a"
must nicsw vf set 0 storm 0

must nicsw filter clear "$(filter_of "$b")"
drops "a VPort without filter sends" vf1 vport_inactive 1 emit vf1 "$a" "$b"
must nicsw filter set vport "$(vport_of 1)" mac "$b"

# The guest's own doing: it harms itself only, and the loss has a name.
must within "$(vm 1)" ethtool -K eth0 gro off
drops "receiver without NAPI" vf1 transmit_failed 1 emit vf0 "$b" "$a"
drops "and its copy of a broadcast" vf1 transmit_failed 1 emit vf0 $BROADCAST "$a"
must within "$(vm 1)" ethtool -K eth0 gro on
must ip -n "$(vm 1)" link set eth0 mtu 900
drops "receiver with an MTU of its own" vf1 ring_full 1 emit vf0 "$b" "$a" "" 1100
must ip -n "$(vm 1)" link set eth0 mtu 1500
sums "single frames"
check_taken "single frames"

# ---- full rings ------------------------------------------------------------------------------------
# Three VFs send to a fourth what a fifth broadcasts: it gets the turn for one frame in three.
burst() {
	check "$1 can be made" "$TOOLS/burst" --from "$(vm 0):eth0,$BROADCAST,$a" \
		--reflect "$(vm 2):eth0,$b,$c" --reflect "$(vm 3):eth0,$b,$(vf_mac 3)" \
		--reflect "$(vm 4):eth0,$b,$(vf_mac 4)" --batches 20
}
remember
burst "a burst"
sums "full ring"
check_number "full ring: lost" "$(counter vf1 drops.ring_full)" -gt 1000
check_taken "full ring"
check_equal "others lose nothing by it" "0 0 0" \
	"$(counter vf0 drops.ring_full) $(counter uplink drops.ring_full) $(counter pf drops.ring_full)"

before=$(counter vf1 drops.ring_full)
stop_daemon KILL
burst "a burst without a daemon"
start_daemon
check_number "without a daemon: lost, more" "$(counter vf1 drops.ring_full)" -gt $((before + 1000))
sums "without a daemon"
check_taken "without a daemon"
check_equal "without a daemon: deliveries stay verified" true "$(counter vf1 verified)"

# ---- a million frames ------------------------------------------------------------------------------
flow() { echo "name=$1,from=$2,to=$3,src=$4,rate=$5,size=$6"; }
sent_before=$(json '[.[].tx_packets] | add' stats show)
end=$((SECONDS + 60))
million=0
while [ $million -lt 1000000 ] && [ $SECONDS -lt $end ]; do
	run_numbered --seconds 3 \
		--flow "$(flow vf-vf "$(vm 0):eth0" "$b" "$a" 60000 60)" \
		--flow "$(flow vf-wire "$(vm 1):eth0" $unknown "$b" 60000 200)" \
		--flow "$(flow wire-vf "$WIRE:eth0" "$a" $WIRE_MAC 60000 1000)" \
		--flow "$(flow wire-host "$WIRE:eth0" $unknown $WIRE_MAC 20000 60)" \
		--flow "$(flow broadcast "$(vm 2):eth0" $BROADCAST "$c" 10000 60)" \
		--flow "$(flow multicast "$WIRE:eth0" 01:00:5e:00:00:05 $WIRE_MAC 10000 300)" \
		--flow "$(flow spoofed "$(vm 2):eth0" "$a" $unknown 20000 60)" \
		--flow "$(flow itself "$(vm 3):eth0" "$(vf_mac 3)" "$(vf_mac 3)" 20000 60)" \
		--receiver "$(vm 0):eth0"
	million=$(($(json '[.[].tx_packets] | add' stats show) - sent_before))
done
check_number "mixed frames" "$million" -ge 1000000
sums "mixed frames"
check_taken "mixed frames"
check_number "of them spoofed" "$(counter vf2 drops.source_spoofed)" -gt 10000
nicsw stats show --check | notes
figure "$million mixed frames, every one accounted for; in full rings" \
	"$(json '[.[].drops.ring_full] | add' stats show) lost and counted"

# ---- by kind of address ----------------------------------------------------------------------------
kinds='.[] | select(.port == "vf2") |
	[.tx_unicast + .tx_multicast + .tx_broadcast == .tx_packets,
	 .tx_unicast_bytes + .tx_multicast_bytes + .tx_broadcast_bytes == .tx_bytes,
	 .rx_unicast_bytes + .rx_multicast_bytes + .rx_broadcast_bytes == .rx_bytes,
	 .tx_broadcast > 0, .rx_multicast > 0] | all'
check_equal "kinds of address are parts of the whole" true "$(json "$kinds" stats show)"

# ---- a netdev that is gone, before the daemon has noticed ----------------------------------------
remember
stop_daemon KILL
must ip -n "$SWITCH_NS" link del vf4
emit vf0 "$(vf_mac 4)" "$a"
emit vf0 $BROADCAST "$a"
start_daemon
counted "no netdev: a frame, and a copy" vf4 drops.port_absent 2
counted "no netdev: the copy is one" vf4 copy_drops 1
sums "no netdev"

# ---- nothing is forgotten ---------------------------------------------------------------------------
must nicsw vf detach 4
must nicsw filter clear "$(filter_of "$(vf_mac 4)")"
must nicsw vport delete "$(vport_of 4)"
must nicsw vf free 4
check_number "a freed VF's frames stay in the sum" "$(counter freed tx_packets)" -gt 0
sums "after a VF was freed"

# ---- a watch that was interrupted -------------------------------------------------------------------
rm "$PINS/$ADAPTER/links/transmitted"
check_equal "without the watch: not verified" false "$(counter vf0 verified)"
check "and said so" grep -q "not verified" <(nicsw stats show 2>&1)
stop_daemon
start_daemon
check "a new daemon watches again" test -e "$PINS/$ADAPTER/links/transmitted"
check_equal "but what was missed stays unknown" false "$(counter vf0 verified)"
sums "watched again"
must nicsw adapter del "$ADAPTER"
check_not "adapter del: the watch is gone" test -e "$PINS/$ADAPTER/links"
