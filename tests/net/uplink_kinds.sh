#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Kinds of uplink: a tap, a netdev without native XDP (macvlan: generic mode, with a warning), one that
# comes back as another kind; and what may change while it is one: MTU and name, its own and that of
# the PF's netdev.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_tcp.sh"
. "$(dirname "$0")/lib_frame.sh"

need tap_wire
LOWER=low0
export TCP_SECONDS=1

uplink_is() { [ "$(json '.[].uplink_state' adapter show)" = "$1" ]; }
adapter_says() { json ".[].$1" adapter show; }
# In which mode the XDP program of a link is, as the kernel numbers them.
NATIVE=1 GENERIC=2
mode_of() { ip -n "$1" -j link show "$2" | jq '.[].xdp.mode // empty'; }
mode_is() { [ "$(mode_of "$1" "$2")" = "$3" ]; }
wire_address() { must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0; }

# connects WHAT: all ways, and nothing of the wire reaches the host's stack at the uplink.
connects() {
	check "$1: ping VF -> VF" ping_ok "$(vm 0)" "$(vf_ip 1)"
	check "$1: ping VF -> wire" ping_ok "$(vm 0)" $WIRE_IP
	check "$1: ping wire -> VF" ping_ok "$WIRE" "$(vf_ip 1)"
	check "$1: ping host -> wire" ping_ok "$HOST" $WIRE_IP
	check "$1: ping wire -> host" ping_ok "$WIRE" $PF_IP
	find_places
	delivers "$1: broadcast from the wire" wire $BROADCAST $WIRE_MAC "" \
		"host untagged" "vf0 untagged" "vf1 untagged"
	delivers "$1: broadcast from a VF" vf0 $BROADCAST "$(vf_mac 0)" "" \
		"host untagged" "vf1 untagged" "wire untagged"
}

# populate: two VFs on an adapter that is there.
populate() {
	must nicsw switch create num-vfs 2
	must ip -n "$HOST" address add $PF_IP/16 dev "$ADAPTER"
	for vf in 0 1; do
		[ -e "/run/netns/$(vm $vf)" ] || make_netns "$(vm $vf)"
		must nicsw vf allocate mac "$(vf_mac $vf)"
		must nicsw vf set $vf state enable # to talk without an uplink
		must nicsw vport create vf $vf
		must nicsw filter set vport "$(vport_of $vf)" mac "$(vf_mac $vf)"
		attach_vf $vf
	done
}

# Programs of generic mode do not see tags in metadata: a guest that may hide one is closed (FWD-35).
is_state() { [ "$(json ".[] | select(.vf_id == $1).state" vf show)" = "$2" ]; }
guards() {
	must within "$(vm 0)" ethtool -K eth0 txvlan on
	check "FWD-35 $1: a VF with tx VLAN offload is quarantined" \
		wait_until 10 is_state 0 quarantined
	must within "$(vm 0)" ethtool -K eth0 txvlan off
	check "$1: off again: open" wait_until 10 is_state 0 attached
}

make_netns "$HOST"
make_netns "$WIRE"
PIN_DIRS+=("$PINS")
start_daemon

# ---- tap -----------------------------------------------------------------------------------------

plug_tap() {
	start "$TOOLS/tap_wire" "/run/netns/$HOST" $UPLINK "/run/netns/$WIRE" eth0 >"$DIR/tap" 2>&1
	TAP=$STARTED
	wait_until 5 grep -q running "$DIR/tap" || fail "tap_wire runs: $(cat "$DIR/tap")"
	must ip -n "$HOST" link set $UPLINK address $UPLINK_MAC up
	must ip -n "$WIRE" link set eth0 address $WIRE_MAC up
	wire_address
}

plug_tap
add_adapter
check_equal "tap: XDP is native" native "$(adapter_says xdp_mode)"
populate
connects "tap"
check_tcp "tap: TCP VF -> wire" "$(vm 0)" "$WIRE" $WIRE_IP
check_tcp "tap: TCP wire -> VF" "$WIRE" "$(vm 1)" "$(vf_ip 1)"
stop "$TAP"
check "tap closed: adapter show says missing" wait_until 5 uplink_is missing
check "tap closed: VF -> VF goes on" ping_ok "$(vm 0)" "$(vf_ip 1)"
plug_tap
check "tap opened again: adapter show says up" wait_until 5 uplink_is up
check "tap opened again: ping wire -> VF" wait_until 5 ping_ok "$WIRE" "$(vf_ip 1)"
must nicsw adapter del "$ADAPTER"
check_equal "del: no program is left at the tap" "" "$(mode_of "$HOST" $UPLINK)"
stop "$TAP"

# ---- generic -------------------------------------------------------------------------------------

# A macvlan has no native XDP. Its lower netdev has the veth wire behind it.
make_lower() {
	make_wire 1500 "$WIRE" $LOWER
	must ip -n "$HOST" link set $LOWER arp off # it is not the host's address there
	must ip -n "$WIRE" link set eth0 address $WIRE_MAC
	# Nobody can do it for us: the uplink is not the other end.
	must within "$WIRE" ethtool -K eth0 tx off
	wire_address
}

make_macvlan() {
	must ip -n "$HOST" link add link $LOWER name $UPLINK type macvlan mode passthru
	must ip -n "$HOST" link set $UPLINK up
}

# The number of switch ends whose mode is not this one.
not_in_mode() {
	local port
	for port in pf-sw vf0 vf1; do
		mode_is "nicsw-$ADAPTER" $port "$1" || echo $port
	done
}
all_in_mode() { [ -z "$(not_in_mode "$1")" ]; }

make_lower
make_macvlan
ADAPTERS+=("$ADAPTER")
output=$(nicsw adapter add "$ADAPTER" uplink $UPLINK 2>&1)
check "generic: add warns" grep -q "no native XDP: generic mode, which is slow" <<<"$output"
check_equal "generic: adapter show says so" generic "$(adapter_says xdp_mode)"
check "generic: the uplink's program is of generic mode" mode_is "$HOST" $UPLINK $GENERIC
populate
check_equal "generic: switch ends of another mode" "" "$(not_in_mode $GENERIC)"
connects "generic"
guards "generic"
check_tcp "generic: TCP VF -> wire" "$(vm 0)" "$WIRE" $WIRE_IP
check_tcp "generic: TCP wire -> VF" "$WIRE" "$(vm 1)" "$(vf_ip 1)"
stop_daemon KILL
check "generic: goes on without a daemon" ping_ok "$(vm 0)" $WIRE_IP
start_daemon
check_equal "generic: the next daemon knows" generic "$(adapter_says xdp_mode)"
check "generic: and goes on" ping_ok "$WIRE" "$(vf_ip 1)"

# ---- another kind comes back ---------------------------------------------------------------------

must ip -n "$HOST" link del $UPLINK
must ip -n "$HOST" link del $LOWER
check "generic, removed: adapter show says missing" wait_until 5 uplink_is missing
check "generic, removed: VF -> VF goes on" ping_ok "$(vm 0)" "$(vf_ip 1)"
make_wire
wire_address
check "back as a veth: native" wait_until 5 mode_is "$HOST" $UPLINK $NATIVE
check "back as a veth: so are the switch ends" wait_until 5 all_in_mode $NATIVE
connects "back as a veth"
must ip -n "$HOST" link del $UPLINK
check "veth removed" wait_until 5 uplink_is missing
make_lower
make_macvlan
check "back as a macvlan: generic" wait_until 5 mode_is "$HOST" $UPLINK $GENERIC
check "back as a macvlan: so are the switch ends" wait_until 5 all_in_mode $GENERIC
connects "back as a macvlan"
guards "back as a macvlan"
must nicsw adapter del "$ADAPTER"
must ip -n "$HOST" link del $UPLINK
must ip -n "$HOST" link del $LOWER

# ---- MTU -----------------------------------------------------------------------------------------

make_wire
wire_address
add_adapter
populate
connects "veth"
mtu_is() { [ "$(bpftool -j map dump pinned "$PINS/$ADAPTER/meta" | jq '.[0].formatted.value.uplink_mtu')" = "$1" ]; }
big() { within "$1" ping -q -c 3 -i 0.01 -W 1 -M "do" -s 1472 "$2" | grep -q " $3 received"; }
check "MTU 1500: 1500 bytes VF -> wire" big "$(vm 0)" $WIRE_IP 3
must ip -n "$HOST" link set $UPLINK mtu 1400
check "MTU of the uplink 1400: followed" wait_until 5 mtu_is 1400
remember
check "MTU of the uplink 1400: 1500 bytes VF -> wire are dropped" big "$(vm 0)" $WIRE_IP 0
counted "MTU of the uplink 1400" uplink drops.too_long 3
check "MTU of the uplink 1400: VF -> VF keeps its own" big "$(vm 0)" "$(vf_ip 1)" 3
check "MTU of the uplink 1400: short frames pass" ping_ok "$(vm 0)" $WIRE_IP
must ip -n "$HOST" link set $UPLINK mtu 1500
check "MTU 1500 again: followed" wait_until 5 mtu_is 1500
check "MTU 1500 again: 1500 bytes VF -> wire" big "$(vm 0)" $WIRE_IP 3

# ---- names ---------------------------------------------------------------------------------------

uplink_named() { [ "$(adapter_says uplink)" = "$1" ]; }
before=$(ip -n "$HOST" -d -j link show $UPLINK | jq -c '.[] | [.ifindex, .promiscuity]')
must ip -n "$HOST" link set $UPLINK name wan0
check "uplink renamed: adapter show follows" wait_until 5 uplink_named wan0
check "uplink renamed: ping VF -> wire" ping_ok "$(vm 0)" $WIRE_IP
stop_daemon KILL
must ip -n "$HOST" link set wan0 name wan1
start_daemon
check "renamed while no daemon ran: adapter show follows" uplink_named wan1
check_equal "renamed: it is the same netdev, with the same settings" "$before" \
	"$(ip -n "$HOST" -d -j link show wan1 | jq -c '.[] | [.ifindex, .promiscuity]')"
must ip -n "$HOST" link del wan1
check "renamed and removed: missing" wait_until 5 uplink_is missing
make_wire 1500 "$WIRE" wan1
must ip -n "$WIRE" link set eth0 address $WIRE_MAC
wire_address
check "made again under the new name: taken" wait_until 5 uplink_is up
check "made again under the new name: ping" wait_until 5 ping_ok "$(vm 0)" $WIRE_IP

# The PF's netdev is followed by number: its address is the station of the default VPort.
STATION=02:00:00:00:07:01
station_is() { [ "$(adapter_says mac)" = "$1" ]; }
must ip -n "$HOST" link set "$ADAPTER" name mgmt0
must ip -n "$HOST" link set mgmt0 address $STATION
check "PF netdev renamed: its address is followed" wait_until 5 station_is $STATION
must ip -n "$HOST" link add "$ADAPTER" address 02:00:00:00:07:02 type veth peer name other0
must ip -n "$HOST" link set "$ADAPTER" up
must ip -n "$HOST" link set mgmt0 address $UPLINK_MAC
check "PF netdev renamed: and again" wait_until 5 station_is $UPLINK_MAC
check "PF netdev renamed: ping wire -> host" ping_ok "$WIRE" $PF_IP
must ip -n "$HOST" link set "$ADAPTER" address 02:00:00:00:07:03
must ip -n "$HOST" link set wan1 mtu 1490
check "a later event has been seen" wait_until 5 mtu_is 1490
check "a stranger that takes the old name is not taken for it" station_is $UPLINK_MAC
stop_daemon KILL
must ip -n "$HOST" link set mgmt0 address $STATION
start_daemon
check "PF netdev renamed: the next daemon finds it" station_is $STATION
must ip -n "$WIRE" neigh flush dev eth0
check "PF netdev renamed: ping wire -> host" ping_ok "$WIRE" $PF_IP
must nicsw adapter del "$ADAPTER"
check_not "del removes the PF's netdev under its new name" ip -n "$HOST" link show mgmt0
check "and leaves the stranger that has its old one" ip -n "$HOST" link show "$ADAPTER"
check_equal "del: promiscuity of the renamed uplink is restored" 0 \
	"$(ip -n "$HOST" -d -j link show wan1 | jq '.[].promiscuity')"
