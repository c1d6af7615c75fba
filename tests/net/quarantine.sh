#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A kernel whose programs do not see tags in metadata (FWD-35): a VF whose guest turns tx VLAN offload
# on is closed until it is off again, and so is one whose netdev has gone out of sight. Made here by
# hiding the kernel's BTF from the daemon: it cannot load such programs then.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
need unshare

start_daemon() {
	nsenter --net="/run/netns/$HOST" unshare --mount --propagation unchanged sh -c '
		mount --make-rprivate /sys && mount --bind /dev/null /sys/kernel/btf/vmlinux &&
			exec "$@"' sh "$BUILD/nicswd" --socket "$SOCKET" --pin-dir "$PINS" \
		>>"$LOG" 2>&1 </dev/null &
	DAEMON=$!
	if ! wait_until 20 daemon_answers; then
		fail "nicswd answers within 20 s"
		exit 1
	fi
}

[ -e /sys/kernel/btf/vmlinux ] || skip "the kernel has no BTF to hide"
make_world 2
a=$(vf_mac 0) b=$(vf_mac 1)
unknown=02:00:00:00:0f:0f
state_of() { json ".[] | select(.vf_id == $1).state" vf show; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }

check "the daemon says what is missing" grep -q "no program that sees VLAN tags" "$LOG"
delivers "frames are switched" vf0 "$b" "$a" "" "vf1 untagged"

# closed HOW
closed() {
	check "$1: quarantined" wait_until 10 is_state 0 quarantined
	remember
	delivers "FWD-35 $1: nothing leaves it" vf0 $unknown "$a" ""
	counted "$1" vf0 drops.sender_not_ready 1
	delivers "FWD-35 $1: nothing enters it" vf1 "$a" "$b" ""
	counted "$1" vf0 drops.vf_not_ready 1
	check "$1: others go on" ping_ok "$(vm 1)" $WIRE_IP
}

# The places are those of VFs that were attached at the start.
must within "$(vm 0)" ethtool -K eth0 txvlan on
closed "tx VLAN offload on"
must within "$(vm 0)" ethtool -K eth0 txvlan off
check "off again: open" wait_until 10 is_state 0 attached
delivers "off again: it sends" vf0 "$b" "$a" "" "vf1 untagged"
must within "$(vm 0)" ethtool -K eth0 tx-vlan-stag-hw-insert on
closed "tx service VLAN offload on"
must nicsw vf reset 0
check "a reset turns it off" is_state 0 attached
stop_daemon KILL
must within "$(vm 0)" ethtool -K eth0 txvlan on
start_daemon
closed "on while no daemon ran"
must within "$(vm 0)" ethtool -K eth0 txvlan off
check "off: open" wait_until 10 is_state 0 attached

# A namespace without a name: a process of its own holds it.
start unshare --net sleep 600
hidden=$STARTED
wait_until 5 sh -c "[ \$(readlink /proc/$hidden/ns/net) != \$(readlink /proc/self/ns/net) ]"
must ip -n "$(vm 0)" link set eth0 netns "$hidden"
check "out of sight: quarantined" wait_until 10 is_state 0 quarantined
must nsenter --net="/proc/$hidden/ns/net" ip link set eth0 netns "/run/netns/$(vm 0)"
must ip -n "$(vm 0)" link set eth0 up
check "back in sight: open" wait_until 10 is_state 0 attached
delivers "back in sight: it sends" vf0 "$b" "$a" "" "vf1 untagged"
