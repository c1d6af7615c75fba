#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What root in a guest does to the netdev of its VF harms that guest only, is seen without anything
# held in its namespace, and `vf show` says it. A reset puts it right.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_tcp.sh"
TCP_SECONDS=1

make_world 3
a=$(vf_mac 0) b=$(vf_mac 1)
unknown=02:00:00:00:0f:0f
netdev_of() { json ".[] | select(.vf_id == $1).netdev" vf show; }
is_seen() { [ "$(netdev_of 0)" = "$1" ]; }

# harmless WHAT: nobody else notices.
harmless() {
	check "$1: two other VFs talk" ping_ok "$(vm 1)" "$(vf_ip 2)"
	check "$1: they reach the wire" ping_ok "$(vm 1)" $WIRE_IP
	check "$1: and the host" ping_ok "$(vm 2)" $PF_IP
}

# change WHAT SEEN COMMAND...: in the guest.
change() {
	local what=$1 seen=$2
	shift 2
	must within "$(vm 0)" "$@"
	check "$what: is seen as $seen" wait_until 10 is_seen "$seen"
	harmless "$what"
}

# undo WHAT COMMAND...
undo() {
	local what=$1
	shift
	must within "$(vm 0)" "$@"
	check "$what undone: nothing is seen any more" wait_until 10 is_seen null
}

check_equal "handed over as it should be" null "$(netdev_of 0)"
change "txvlan on" txvlan ethtool -K eth0 txvlan on
delivers "its untagged frames go on" vf0 $unknown "$a" "" "wire untagged"
undo "txvlan on" ethtool -K eth0 txvlan off
change "tx on" tx ethtool -K eth0 tx on
check "tx on: ping goes on" ping_ok "$(vm 0)" "$(vf_ip 1)"
check_tcp "tx on: TCP between others" "$(vm 1)" "$(vm 2)" "$(vf_ip 2)"
undo "tx on" ethtool -K eth0 tx off
change "gro off" gro ethtool -K eth0 gro off
undo "gro off" ethtool -K eth0 gro on
change "a smaller MTU" mtu ip link set eth0 mtu 1000
undo "a smaller MTU" ip link set eth0 mtu 1500
change "a larger MTU" mtu ip link set eth0 mtu 9000
check_not "a larger MTU: a frame of that length is none of the others'" \
	within "$(vm 0)" ping -q -c 1 -W 1 -M "do" -s 4000 "$(vf_ip 1)"
check "a larger MTU: others go on meanwhile" ping_ok "$(vm 1)" "$(vf_ip 2)"
undo "a larger MTU" ip link set eth0 mtu 1500
change "down" down ip link set eth0 down
undo "down" ip link set eth0 up
change "fewer queues" queues ethtool -L eth0 rx 1
undo "fewer queues" ethtool -L eth0 rx "$(nproc)"

# ---- address, not trusted
other=02:00:00:00:0a:01
change "another address" mac ip link set eth0 address $other
remember
delivers "not trusted: what it sends from there is dropped" vf0 $unknown $other ""
counted "not trusted" vf0 drops.source_spoofed 1
delivers "and its own address is still its own" wire "$a" $WIRE_MAC "" "vf0 untagged"
change "the address of another VF" mac ip link set eth0 address "$b"
delivers "the other one's frames are not its" wire "$b" $WIRE_MAC "" "vf1 untagged"
must nicsw vf reset 0
check "a reset puts it right" wait_until 10 is_seen null
check_equal "its address is as allocated" "$a" \
	"$(ip -n "$(vm 0)" -j link show eth0 | jq -r '.[0].address')"

# ---- a stranger's link that has a number of ours
check "a link of the guest with the number of a switch end is no VF" \
	within "$(vm 0)" ip link add index 1000003 name x type veth peer name y index 1000004
must within "$(vm 0)" ip link set x mtu 1400
must within "$(vm 0)" ip link del x
must within "$(vm 0)" ip link set eth0 mtu 1300 # told after those: they have been seen
check "what came after it is seen" wait_until 10 is_seen mtu
check_equal "and no VF is lost" "attached attached attached" \
	"$(json '[.[].state] | join(" ")' vf show)"
undo "MTU" ip link set eth0 mtu 1500

# ---- without a daemon, and out of sight
stop_daemon KILL
must within "$(vm 0)" ethtool -K eth0 gro off
start_daemon
check "what changed while no daemon ran is seen" wait_until 10 is_seen gro
undo "gro off" ethtool -K eth0 gro on
must ip netns del "$(vm 2)"
check "a namespace that goes is no longer held" wait_until 10 \
	sh -c "! ip -n nicsw-$ADAPTER link show vf2"
