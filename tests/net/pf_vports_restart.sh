#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# nicswd is killed with -9 again and again, also in the middle of requests, while numbered frames
# cross a nondefault VPort of the PF and a client takes another one through its life: no frame is
# lost, and after each start every VPort that is activated has its netdev, and no other has one.
#
#   RESTARTS=N   how often (default 10)
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"
. "$(dirname "$0")/lib_frame.sh"

restarts=${RESTARTS:-10}
make_world 1
mac_p=02:00:00:00:05:01 mac_other=02:00:00:00:05:02
p=$(create_pf_vport)
must nicsw filter set vport "$p" mac $mac_p
must nicsw vport set "$p" state activated

# ---- the client: one request, by the state that the other VPort is in ----------------------------

other_shown() {
	nicsw -j vport show | jq -r ".[] | select(.function_id == \"pf\" and .vport_id > $p) |
		\"\(.vport_id) \(.state) \(.num_filters)\""
}

client_step() {
	local shown vport filter
	shown=$(other_shown) || return
	vport=${shown%% *}
	filter=$(filter_of $mac_other)
	case $going_up,${shown#* } in
	1,) nicsw vport create pf ;;
	1,deactivated\ 0) nicsw filter set vport "$vport" mac $mac_other ;;
	1,deactivated\ 1) nicsw vport set "$vport" state activated ;;
	1,activated*) going_up=0 ;;
	0,) going_up=1 ;;
	0,*\ 1) [ -n "$filter" ] && nicsw filter clear "$filter" ;;
	0,*) nicsw vport delete "$vport" ;;
	esac
}

client() {
	local going_up=1
	while client_step >/dev/null 2>"$DIR/step.error"; do
		echo step >>"$DIR/steps"
	done
	# Cut off, or not reached: else a refusal of ours.
	grep -v -e 'nicswd' -e 'connection' "$DIR/step.error" >>"$DIR/refusals"
}

# ---- records, netdevs and switch agree -----------------------------------------------------------

wanted_netdevs() {
	json '.[] | select(.function_id == "pf" and .vport_id != 0 and .state == "activated").vport_id' \
		vport show | while read -r vport; do vport_dev "$vport"; done | sort
}

netdevs_now() {
	ip -n "$HOST" -j link show | jq -r ".[].ifname | select(startswith(\"${ADAPTER}v\"))" | sort
}

check_other() {
	local shown place
	[ "$(wanted_netdevs)" = "$(netdevs_now)" ] ||
		wrong+=("round $round: wanted $(wanted_netdevs | join); there: $(netdevs_now | join)")
	shown=$(other_shown)
	place=host
	[[ $shown == *" activated 1" ]] && place="vport${shown%% *}"
	find_places
	PAYLOADS=$((PAYLOADS + 1))
	[ "$(see wire "$(frame_hex $mac_other $WIRE_MAC)" 1)" = "$place untagged" ] ||
		wrong+=("round $round: $shown, but not at $place")
}

# ---- rounds --------------------------------------------------------------------------------------

steps_reach() { [ "$(wc -l <"$DIR/steps")" -ge "$1" ]; }

: >"$DIR/steps"
: >"$DIR/refusals"
wrong=()
start_numbered --receiver "$(vport_place "$p")" --receiver "$WIRE:eth0" --receiver "$(vm 0):eth0" \
	--flow "wire-to-vport,from=$WIRE:eth0,to=$mac_p,src=$WIRE_MAC,rate=10000,allow=0" \
	--flow "vf-to-vport,from=$(vm 0):eth0,to=$mac_p,src=$(vf_mac 0),rate=5000,allow=0" \
	--flow "vport-to-wire,from=$(vport_place "$p"),to=$WIRE_MAC,src=$mac_p,rate=5000,allow=1" \
	--flow "vport-to-vf,from=$(vport_place "$p"),to=$(vf_mac 0),src=$mac_p,rate=5000,allow=2"
begin=$(milliseconds)
for ((round = 1; round <= restarts; round++)); do
	start client
	# Some requests, then a moment that differs from round to round: most hit one under way.
	wait_until 10 steps_reach $(($(wc -l <"$DIR/steps") + 2 + RANDOM % 6)) ||
		wrong+=("round $round: the client stands still: $(cat "$DIR/step.error")")
	kill -0 "$DAEMON" 2>/dev/null || wrong+=("round $round: the daemon had ended by itself")
	stop_daemon KILL
	wait "$STARTED" 2>/dev/null
	start_daemon
	check_other
done
figure "$restarts times killed and started again in $(($(milliseconds) - begin)) ms," \
	"$(wc -l <"$DIR/steps") requests"
stop_numbered
check_numbers "kill -9 with VPorts of the PF"
check_equal "records, netdevs and switch agree" "" "$(printf '%s; ' "${wrong[@]}" | sed 's/^; $//')"
check_equal "no request was refused" "" "$(sort -u "$DIR/refusals")"

# An activation cut off between netdev and record leaves a netdev that no record knows.
switch_ns=nicsw-$ADAPTER
pf_switch_end=$(ip -n "$switch_ns" -j link show pf-sw | jq '.[0].ifindex')
total_vfs=$(json '.[0].total_vfs' adapter show)
stop_daemon KILL
must ip -n "$switch_ns" link add pf-sw7 index $((pf_switch_end + 1 + total_vfs + 7)) type veth \
	peer name "$(vport_dev 99)" netns "$HOST"
start_daemon
check_not "the remains of an activation that was cut off go" has_vport_netdev 99

# So does one that is cut off while a netdev is made again: without program, or not yet up.
stop_daemon KILL
must rm "$PINS/$ADAPTER/links/pf-sw0"
start_daemon
find_places
delivers "a netdev without its program is made again" \
	"vport$p" $WIRE_MAC $mac_p "" "wire untagged"
stop_daemon KILL
must ip -n "$switch_ns" link set pf-sw0 down
start_daemon
delivers "one that is not up is brought up" wire $mac_p $WIRE_MAC "" "vport$p untagged"

# A netdev that goes while no daemon is there comes back with the next one, with its address.
stop_daemon KILL
must ip -n "$HOST" link del "$(vport_dev "$p")"
start_daemon
check "a netdev deleted while no daemon ran is made again" has_vport_netdev "$p"
check_equal "with its address" $mac_p \
	"$(ip -n "$HOST" -j link show "$(vport_dev "$p")" | jq -r '.[0].address')"
find_places
delivers "and gets its frames" wire $mac_p $WIRE_MAC "" "vport$p untagged"
