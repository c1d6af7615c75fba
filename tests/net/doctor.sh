#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `nicsw doctor`: each check is made to fail once; the one that fails is told, with a command that
# cures it. Left out is what this machine cannot be made to lack: kernel_frags, kernel_batch, and LRO
# and hardware GRO of a veth.
. "$(dirname "$0")/lib.sh"
need tc bpftool unshare sysctl

make_world 2
export PATH=$BUILD:$PATH
findings() { nicsw -j doctor "$@"; }
wrong_checks() { findings "$@" | jq -r '[.[] | select(.state == "wrong").check] | join(" ")'; }
# one CHECK FIELD [OPTION]: of the finding that is wrong.
one() { findings ${3:-} | jq -r ".[] | select(.check == \"$1\" and .state == \"wrong\").$2"; }
is_well() { nicsw doctor "$@"; }
is_wrong() { [ "$(wrong_checks)" = "$1" ]; }

# told CHECK COMMAND...: the command harms this, and nothing else that is checked.
told() {
	local name=$1
	shift
	must "$@"
	check "$name: is told" wait_until 5 is_wrong "$name"
	check_not "$name: exit code says so" nicsw doctor
}

# cured CHECK: what it says to type helps.
cured() {
	local cure
	cure=$(one "$1" cure)
	check "$1: $cure" nsenter --net="/run/netns/$HOST" sh -c "$cure"
	check "$1: all is well" wait_until 5 is_well
}

# undone CHECK COMMAND...: the cure is not one command.
undone() {
	local name=$1
	shift
	must "$@"
	check "$name undone: all is well" wait_until 10 is_well
}

check "nothing is wrong" is_well
check "nor in the pinned state" is_well --state
check_equal "of each netdev: PF and two VFs" 3 \
	"$(findings | jq '.[] | select(.check == "netdev_gro").objects')"

# ---- uplink --------------------------------------------------------------------------------------

in_host() { within "$HOST" "$@"; }
told uplink_promisc in_host ip link set $UPLINK promisc off
cured uplink_promisc
told uplink_rxvlan in_host ethtool -K $UPLINK rxvlan on
cured uplink_rxvlan
told uplink_tx in_host ethtool -K $UPLINK tx on
cured uplink_tx
told uplink_up in_host ip link set $UPLINK down
undone uplink_up in_host ip link set $UPLINK up

in_wire() { within "$WIRE" "$@"; }
told far_gro in_wire ethtool -K eth0 gro off
undone far_gro in_wire ethtool -K eth0 gro on
told far_tx in_wire ethtool -K eth0 tx on
undone far_tx in_wire ethtool -K eth0 tx off
told far_txvlan in_wire ethtool -K eth0 txvlan on
undone far_txvlan in_wire ethtool -K eth0 txvlan off

# A namespace without a name.
start unshare --net sleep 600
hidden=$STARTED
wait_until 5 sh -c "[ \$(readlink /proc/$hidden/ns/net) != \$(readlink /proc/self/ns/net) ]"
from_hidden() { nsenter --net="/proc/$hidden/ns/net" ip link set eth0 netns "/run/netns/$1"; }
hide_far() {
	ip -n "$WIRE" link set eth0 netns "$hidden" &&
		nsenter --net="/proc/$hidden/ns/net" ip link set eth0 up
}
show_far() { from_hidden "$WIRE" && ip -n "$WIRE" link set eth0 up; }
told far_seen hide_far
undone far_seen show_far

# ---- netdevs -------------------------------------------------------------------------------------

in_vm() { within "$(vm 1)" "$@"; }
told netdev_up in_vm ip link set eth0 down
cured netdev_up
told netdev_mac in_vm ip link set eth0 address 02:00:00:00:0a:0a
check_equal "netdev_mac: which VF, which netdev" "1 eth0 it has 02:00:00:00:0a:0a" \
	"$(one netdev_mac function_id) $(one netdev_mac dev) $(one netdev_mac found)"
in_vm ip link set eth0 up
cured netdev_mac
told netdev_mtu in_vm ip link set eth0 mtu 1400
cured netdev_mtu
told netdev_gro in_vm ethtool -K eth0 gro off
cured netdev_gro
told netdev_tx in_vm ethtool -K eth0 tx on
cured netdev_tx
told netdev_txvlan in_vm ethtool -K eth0 txvlan on
cured netdev_txvlan
if [ "$(nproc)" -gt 1 ]; then
	told netdev_queues in_vm ethtool -L eth0 rx 1
	cured netdev_queues
fi
told netdev_gro in_host ethtool -K "$ADAPTER" gro off
check_equal "of the PF's netdev, too" pf "$(one netdev_gro function_id)"
cured netdev_gro
hide_netdev() {
	ip -n "$(vm 1)" link set eth0 netns "$hidden" &&
		nsenter --net="/proc/$hidden/ns/net" ip link set eth0 up
}
show_netdev() { from_hidden "$(vm 1)" && ip -n "$(vm 1)" link set eth0 up; }
told netdev_seen hide_netdev
undone netdev_seen show_netdev

# ---- switch ends and pins ------------------------------------------------------------------------

inside() { within "nicsw-$ADAPTER" "$@"; }
told port_ipv6 inside sysctl -q net.ipv6.conf.vf1.disable_ipv6=0
cured port_ipv6
told port_drop inside tc qdisc del dev vf1 clsact
cured port_drop
told port_drop in_host tc filter del dev $UPLINK ingress pref 1
cured port_drop
told port_program bpftool link detach pinned "$PINS/$ADAPTER/links/vf1"
must nicsw vf detach 1
undone port_program nicsw vf attach 1 netns "$(vm 1)" dev eth0

# zero MEMBER BYTES: of the record of the adapter.
zero() {
	local meta=$PINS/$ADAPTER/meta at value
	at=$(($(bpftool btf dump map pinned "$meta" value |
		sed -n "s/.*'$1'.*bits_offset=\([0-9]*\).*/\1/p") / 8))
	value=$(bpftool -j map lookup pinned "$meta" key 0 0 0 0 | jq -r --argjson at $at \
		--argjson last $((at + $2)) '.value | to_entries[] |
			if .key >= $at and .key < $last then "0" else .value end')
	# shellcheck disable=SC2086
	bpftool map update pinned "$meta" key 0 0 0 0 value $value
}

# A daemon that cannot load programs that see tags: programs of another build are replaced by blind
# ones.
start_blind() {
	nsenter --net="/run/netns/$HOST" unshare --mount --propagation unchanged sh -c '
		mount --make-rprivate /sys && mount --bind /dev/null /sys/kernel/btf/vmlinux &&
			exec "$@"' sh "$BUILD/nicswd" --socket "$SOCKET" --pin-dir "$PINS" \
		>>"$LOG" 2>&1 </dev/null &
	DAEMON=$!
	wait_until 20 daemon_answers
}
stop_daemon
must zero program_tag 8
start_blind || fail "a blind nicswd answers"
told metadata true
told "port_metadata port_metadata port_metadata" zero features 4
stop_daemon
must zero program_tag 8
start_daemon
undone port_metadata true

# ---- pinned state --------------------------------------------------------------------------------

pinned() { bpftool map "$1" pinned "$PINS/$ADAPTER/$2" key "${@:3}"; }
told_state() {
	local name=$1
	shift
	must "$@"
	check_equal "$name: is told" "$name" "$(wrong_checks --state | tr ' ' '\n' | sort -u | join)"
	check_not "$name: exit code says so" nicsw doctor --state
}
join() { paste -sd ' ' -; }
healed() {
	stop_daemon
	start_daemon
	check "$1: a new daemon repairs it" is_well --state
}
zeros() { for ((i = 0; i < $1; i++)); do printf '0 '; done; }
# shellcheck disable=SC2046
told_state "state_floods state_ports" pinned update ports 2 0 0 0 value $(zeros 64)
healed state_ports
told_state "state_floods state_members" pinned update vlan_members 14 0 0 0 value 4 0 0 0 0 0 0 0
healed state_members
# shellcheck disable=SC2046
told_state state_foreign pinned update filter_table 9 0 0 0 value 0 128 1 2 3 4 5 6 2 $(zeros 55)
check_equal "which address and VLAN" "01:02:03:04:05:06 VLAN 0" \
	"$(one state_foreign found --state)"
healed state_foreign
told_state state_floods pinned delete flood_groups 0 128 0 0
healed state_floods
told_state state_devices pinned delete tx_ports 3 0 0 0
must nicsw vf detach 1
must nicsw vf attach 1 netns "$(vm 1)" dev eth0
check "state_devices: attached again, all is well" is_well --state

# ---- the end -------------------------------------------------------------------------------------

told pins rm "$PINS/$ADAPTER/iommu"
check_equal "pins: which one" "iommu is missing" "$(one pins found)"
must ip -n "$HOST" link del $UPLINK
check "uplink_present: is told" grep -qw uplink_present <<<"$(wrong_checks)"
refused "an adapter that there is not" 1 "no adapter" nicsw -a nobody doctor
