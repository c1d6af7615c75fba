#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# nicswd is killed with -9 again and again, also in the middle of requests, while numbered frames
# cross the switch: none of them is lost, and each new daemon finds every finished request done, the
# one under way done whole or not at all, and the switch as its records say.
#
#   RESTARTS=N   how often (default 20)
#
# VF 0 and 1 carry the load and are left alone. Three clients send requests without a pause: one sets,
# moves and clears filters on VF 2 and 3, and writes down what it is about to do and what it has been
# told is done; one takes VF 4 through its whole life; one moves a filter to and fro in a batch, so that
# the daemon is hardly ever idle when it is killed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"
. "$(dirname "$0")/lib_frame.sh"

restarts=${RESTARTS:-20}
NUM_VFS=5 make_world 4
make_netns "$(vm 4)"
vport_2=$(vport_of 2) vport_3=$(vport_of 3)
macs=6 # of the first client; the number behind them is the filter of the batch

moving_mac() { printf '02:00:00:00:03:%02x' "$1"; }

# ---- the client of the filters: a log of lines `MAC-NUMBER VPORT|none`, the last may be `? ...` ----

# One request: none -> VPort of VF 2 -> VPort of VF 3 -> none.
filter_step() { # NUMBER FROM TO
	echo "? $1 $2 $3" >>"$DIR/filters.log"
	case $2 in
	none) ids[$1]=$(nicsw filter set vport "$3" mac "$(moving_mac "$1")" | awk '{ print $2 }')
		[ -n "${ids[$1]}" ] || return 1 ;;
	"$vport_2") nicsw filter move "${ids[$1]}" vport "$3" || return 1 ;;
	*) nicsw filter clear "${ids[$1]}" || return 1 ;;
	esac
	echo "$1 $3" >>"$DIR/filters.log"
}

filter_client() {
	local ids=() places=() i step=0
	for ((i = 0; i < macs; i++)); do
		ids[i]=$(filter_of "$(moving_mac $i)")
		places[i]=$(json ".[] | select(.mac == \"$(moving_mac $i)\").vport_id" filter show)
		places[i]=${places[i]:-none}
	done
	for (( ; ; step++)); do
		i=$((step % macs))
		case ${places[i]} in
		none) filter_step $i none "$vport_2" && places[i]=$vport_2 ;;
		"$vport_2") filter_step $i "$vport_2" "$vport_3" && places[i]=$vport_3 ;;
		*) filter_step $i "${places[i]}" none && places[i]=none ;;
		esac || return
	done
}

# What the log lets be: one line for each MAC, `NUMBER PLACE[|PLACE]`.
possible_places() {
	awk -v macs=$macs '
		BEGIN { for (i = 0; i < macs; i++) place[i] = "none" }
		$1 == "?" { doubt = $2; other = $4; next }
		{ place[$1] = $2; if (doubt == $1) doubt = "" }
		END { for (i = 0; i < macs; i++)
			print i, place[i] (doubt != "" && doubt == i && other != place[i] ? "|" other : "") }
	' "$DIR/filters.log"
	echo "$macs $vport_2|$vport_3"
}

places_now() {
	local i shown
	shown=$(json '.[] | "\(.mac) \(.vport_id)"' filter show)
	for ((i = 0; i <= macs; i++)); do
		echo "$i $(awk -v mac="$(moving_mac $i)" '$1 == mac { print $2; found = 1 }
			END { if (!found) print "none" }' <<<"$shown")"
	done
}

# Lines of places_now that possible_places does not allow.
impossible_places() {
	join -j 1 <(possible_places) <(places_now) |
		awk '{ split($2, can, "|"); if ($3 != can[1] && $3 != can[2]) print }'
}

# ---- the client of VF 4 --------------------------------------------------------------------------

# The next request in the life of a VF, by the state that it is in.
vf_step() {
	local shown vport filter
	shown=$(nicsw -j vf show) || return
	shown=$(jq -r '.[] | select(.vf_id == 4) | "\(.state) \(.vport_id)"' <<<"$shown")
	vport=${shown#* }
	filter=$(filter_of "$(vf_mac 4)")
	if [ -z "$shown" ]; then
		going_up=1
		nicsw vf allocate name vm4 mac "$(vf_mac 4)"
	elif [ $going_up -eq 1 ]; then
		case $vport,$filter,${shown% *} in
		null,*) nicsw vport create vf 4 ;;
		*,,*) nicsw filter set vport "$vport" mac "$(vf_mac 4)" ;;
		*,*,attached) going_up=0 && nicsw vf reset 4 ;;
		*) nicsw vf attach 4 netns "$(vm 4)" ;;
		esac
	else
		case $vport,$filter,${shown% *} in
		*,*,attached) nicsw vf detach 4 ;;
		*,,*) if [ "$vport" = null ]; then nicsw vf free 4; else nicsw vport delete "$vport"; fi ;;
		*) nicsw filter clear "$filter" ;;
		esac
	fi
}

vf_client() {
	local going_up=1
	while vf_step >/dev/null 2>"$DIR/vf_step.error"; do
		echo step >>"$DIR/vf.log"
	done
	# Cut off (3), or waited for an answer when the daemon went (1): else a refusal of ours.
	grep -v -e 'nicswd' -e 'connection' "$DIR/vf_step.error" >>"$DIR/vf.errors"
}

vf4_has_netdev() { ip -n "$(vm 4)" link show eth0; }

# Record and netdev agree.
check_vf4() {
	local attached=no netdev=no
	[ "$(json '.[] | select(.vf_id == 4).state' vf show)" = attached ] && attached=yes
	vf4_has_netdev >/dev/null 2>&1 && netdev=yes
	[ $attached = $netdev ] || wrong+=("round $round: VF 4 attached: $attached, netdev: $netdev")
}

# ---- the client of the batch ---------------------------------------------------------------------

batch_client() {
	while nicsw -b "$DIR/moves" >/dev/null 2>&1; do
		echo batch >>"$DIR/batch.log"
	done
}

write_moves() {
	local i filter
	must nicsw filter set vport "$vport_2" mac "$(moving_mac $macs)"
	filter=$(filter_of "$(moving_mac $macs)")
	for ((i = 0; i < 50; i++)); do
		echo "filter move $filter vport $vport_3"
		echo "filter move $filter vport $vport_2"
	done >"$DIR/moves"
}

# ---- the switch does as its records say ----------------------------------------------------------

# Where frames from the wire for each moving MAC arrive, as `NUMBER PLACE`.
arrivals_now() {
	local i options=()
	for ((i = 0; i <= macs; i++)); do
		options+=(--send "$(place_of wire)" "$(frame_hex "$(moving_mac $i)" $WIRE_MAC)")
	done
	"$TOOLS/frame" "${options[@]}" --watch "$(place_of vf2)" --watch "$(place_of vf3)" \
		--watch "$(place_of host)" --expect $((macs + 1)) | while read -r where hex; do
		echo "$((0x${hex:10:2})) $where"
	done | sort
}

arrivals_by_records() {
	places_now | while read -r i vport; do
		case $vport in
		"$vport_2") echo "$i $(place_of vf2)" ;;
		"$vport_3") echo "$i $(place_of vf3)" ;;
		*) echo "$i $(place_of host)" ;;
		esac
	done
}

check_switch() {
	local records arrivals
	records=$(arrivals_by_records)
	arrivals=$(arrivals_now)
	[ "$records" = "$arrivals" ] ||
		wrong+=("round $round: records: ${records//$'\n'/, }; frames: ${arrivals//$'\n'/, }")
}

# ---- rounds --------------------------------------------------------------------------------------

requests() { cat "$DIR/filters.log" "$DIR/vf.log" | wc -l; }
requests_reach() { [ "$(requests)" -ge "$1" ]; }
stable_lists() {
	nicsw -j vf show | jq -c '[.[] | select(.vf_id < 4)]'
	nicsw -j filter show | jq -c --arg mac "$(vf_mac 4)" \
		'[.[] | select(.mac < "02:00:00:00:03" and .mac != $mac)]'
	nicsw -j switch show | jq -c 'map({num_vfs, switch_name})' 2>/dev/null
}

: >"$DIR/filters.log"
: >"$DIR/vf.log"
: >"$DIR/vf.errors"
: >"$DIR/batch.log"
write_moves
wrong=()
stable=$(stable_lists)
start_numbered --receiver "$(vm 0):eth0" --receiver "$(vm 1):eth0" --receiver "$WIRE:eth0" \
	--flow "vf-to-vf,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=10000,allow=1" \
	--flow "wire-to-vf,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=10000,allow=0" \
	--flow "vf-to-wire,from=$(vm 1):eth0,to=$WIRE_MAC,src=$(vf_mac 1),rate=5000,allow=2"
begin=$(milliseconds)
for ((round = 1; round <= restarts; round++)); do
	start filter_client 2>>"$DIR/filters.errors"
	filters=$STARTED
	start vf_client
	vf=$STARTED
	start batch_client
	batch=$STARTED
	# Some requests, then a moment that differs from round to round: most hit one under way.
	wait_until 10 requests_reach $(($(requests) + 3 + RANDOM % 8)) ||
		wrong+=("round $round: the clients stand still: $(cat "$DIR"/*.error*)")
	kill -0 "$DAEMON" 2>/dev/null || wrong+=("round $round: the daemon had ended by itself")
	stop_daemon KILL
	wait "$filters" "$vf" "$batch" 2>/dev/null
	start_daemon
	impossible=$(impossible_places)
	[ -z "$impossible" ] || wrong+=("round $round: filters: $impossible")
	[ "$(stable_lists)" = "$stable" ] || wrong+=("round $round: other lists: $(stable_lists)")
	check_vf4
	check_switch
	# The log begins again with what is there.
	places_now >"$DIR/filters.log.new"
	mv "$DIR/filters.log.new" "$DIR/filters.log"
done
figure "$restarts times killed and started again in $(($(milliseconds) - begin)) ms," \
	"at least $(($(wc -l <"$DIR/batch.log") * 100)) moves besides"
stop_numbered
check_numbers "kill -9 under load"
check_equal "finished requests are done, cut-off ones whole or not at all, netdevs and switch agree" \
	"" "$(printf '%s; ' "${wrong[@]}" | sed 's/^; $//')"
check_equal "no request was refused" "" "$(sort -u "$DIR/vf.errors")"
check "ping VF to VF after it all" ping_ok "$(vm 0)" "$(vf_ip 1)"
check "ping wire to VF after it all" ping_ok "$WIRE" "$(vf_ip 2)"

check_sums # 20 daemons later
check "adapter del" nicsw adapter del "$ADAPTER"
check_equal "no pins are left" "" "$(ls "$PINS")"
check_equal "the adapter's namespace is gone" "" "$(ip netns list | grep "nicsw-$ADAPTER")"
check_equal "no netdevs are left in host and guests" "" "$(for ns in "$HOST" "$(vm 0)" "$(vm 4)"; do
	ip -n "$ns" -o link show | grep -v -e ' lo:' -e " $UPLINK@"
done)"
