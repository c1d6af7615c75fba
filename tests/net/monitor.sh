#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each event of include/nicsw/wire.h is told by `nicsw monitor`, as text and as JSON, after what causes it.
# A subscriber that does not read blocks nobody and is told how much it missed; one that is killed leaves
# nothing. An event without a line here fails.
# shellcheck disable=SC2016,SC2317
. "$(dirname "$0")/lib.sh"

SECOND=b$$
WIRE2=$PREFIX-wire2
TEXT=$DIR/monitor.text
JSON=$DIR/monitor.json
EVENTS=$(sed -n '/define NICSW_EVENTS(/,/^$/s/^\tX([0-9]*, [A-Z_]*, \([a-z_]*\)).*/\1/p' \
	"$ROOT/include/nicsw/wire.h")
declare -A raised

# A line of JSON as the line of text that goes with it.
as_text() {
	jq -r --unbuffered '[.time, .adapter, .event, (.filter_id | select(. != null) | "filter \(.)"),
		(.vport_id | select(. != null) | "vport \(.)"), (.vf_id | select(. != null) | "vf \(.)"),
		.state, (.blocks | select(. != null) | "blocks 0x000\(.)"), .count]
		| map(select(. != null)) | join(" ")' "$@"
}

lines() { wc -l <"$1"; }
new_lines() { tail -n +$(($2 + 1)) "$1"; } # FILE COUNT: but for the first COUNT
told() { new_lines "$1" "$2" | grep -E -x -e "[^ ]*Z $3"; }
told_json() { new_lines "$1" "$2" | as_text | grep -E -x -e "[^ ]*Z $3"; }

# raises EVENT LINE COMMAND...: the line of text that follows the time.
raises() {
	local text json
	text=$(lines "$TEXT")
	json=$(lines "$JSON")
	must "${@:3}"
	check "$1 as text: $2" wait_until 5 told "$TEXT" "$text" "$2"
	check "$1 as JSON" wait_until 5 told_json "$JSON" "$json" "$2"
	[[ " $2 " != *" $1 "* ]] || ! told "$TEXT" "$text" "$2" >/dev/null || raised[$1]=yes
}

# Of the daemon; each request of the CLI is one for a moment, too.
has_connections() { [ "$(ss -xH state established src "$SOCKET" | wc -l)" -eq "$1" ]; }

# ---- streams begin -------------------------------------------------------------------------------

need ss
make_host
make_netns "$WIRE2"
make_wire 1500 "$WIRE2" up1
make_netns "$(vm 0)"
start_daemon
add_adapter
must nicsw switch create num-vfs 4
must nicsw vf allocate mac "$(vf_mac 0)"
start "$BUILD/nicsw" monitor >"$TEXT"
text_monitor=$STARTED
start "$BUILD/nicsw" -j monitor >"$JSON"
json_monitor=$STARTED
are_heard() {
	must nicsw vf reset 0
	[ -s "$TEXT" ] && [ -s "$JSON" ]
}
check "both streams begin" wait_until 10 are_heard
check "each is a connection" wait_until 5 has_connections 2

# ---- each event ----------------------------------------------------------------------------------

raises vf_reset "$ADAPTER vf_reset vf 0" nicsw vf reset 0
raises vf_power "$ADAPTER vf_power vf 0 d3" nicsw vf power 0 d3
raises vf_power "$ADAPTER vf_power vf 0 d0" nicsw vf power 0 d0
raises vf_allocate "$ADAPTER vf_allocate vf 1" nicsw vf allocate mac "$(vf_mac 1)"
raises vf_free "$ADAPTER vf_free vf 1" nicsw vf free 1
raises vport_create "$ADAPTER vport_create vport 1 vf 0 activated" nicsw vport create vf 0
raises vport_change "$ADAPTER vport_change vport 1 vf 0 activated" nicsw vport set 1 name other
raises filter_set "$ADAPTER filter_set filter 1 vport 1" nicsw filter set vport 1 mac "$(vf_mac 0)"
raises filter_move "$ADAPTER filter_move filter 1 vport 0" nicsw filter move 1 vport 0
raises filter_clear "$ADAPTER filter_clear filter 1 vport 0" nicsw filter clear 1
raises vf_netdev "$ADAPTER vf_netdev vf 0 attached" nicsw vf attach 0 netns "$(vm 0)"
raises vf_netdev "$ADAPTER vf_netdev vf 0 lost" ip -n "$(vm 0)" link del eth0
raises vf_netdev "$ADAPTER vf_netdev vf 0 attached" nicsw vf attach 0 netns "$(vm 0)"
raises vf_netdev "$ADAPTER vf_netdev vf 0 detached" nicsw vf detach 0
raises vport_delete "$ADAPTER vport_delete vport 1 vf 0" nicsw vport delete 1
raises block_invalidate "$ADAPTER block_invalidate vf 0 blocks 0x0002" \
	nicsw pci block invalidate vf 0 id 1

ADAPTERS+=("$SECOND")
raises adapter_add "$SECOND adapter_add" nicsw adapter add "$SECOND" uplink up1 total-vfs 8
raises capability "$SECOND capability off.*" nicsw adapter set "$SECOND" sriov off
raises capability "$SECOND capability on.*" nicsw adapter set "$SECOND" sriov on
raises adapter_reset "$SECOND adapter_reset begun" nicsw adapter reset "$SECOND"
raises adapter_reset "$SECOND adapter_reset done" nicsw -a "$SECOND" adapter reset
raises switch_create "$SECOND switch_create" nicsw -a "$SECOND" switch create num-vfs 2
raises switch_change "$SECOND switch_change" nicsw -a "$SECOND" switch set name other
raises switch_delete "$SECOND switch_delete" nicsw -a "$SECOND" switch delete
raises link "$SECOND link down" ip -n "$WIRE2" link set eth0 down
raises link "$SECOND link up" ip -n "$WIRE2" link set eth0 up
raises link "$SECOND link missing" ip -n "$WIRE2" link del eth0
raises adapter_del "$SECOND adapter_del" nicsw adapter del "$SECOND"

# ---- who does not read ---------------------------------------------------------------------------

rounds=600
for ((i = 0; i < rounds; i++)); do
	printf 'filter set vport 0 mac 02:aa:00:00:%02x:%02x\nfilter clear 1\n' $((i / 256)) $((i % 256))
done >"$DIR/rounds"

# Told and lost since line COUNT of FILE, together.
told_and_lost() {
	new_lines "$1" "$2" | awk '$2 == "lost" { sum += $3; next } { sum++ } END { print sum + 0 }'
}
accounted() { [ "$(told_and_lost "$1" "$2")" -eq $((2 * rounds)) ]; }
json_as_text() { as_text "$JSON" >"$JSON.text" && accounted "$JSON.text" "$1"; }

text=$(lines "$TEXT")
json=$(lines "$JSON")
kill -STOP "$text_monitor"
check "the daemon answers while a subscriber is stopped" timeout 20 "$BUILD/nicsw" -b "$DIR/rounds"
check "who reads hears all that happens, or how much it missed" wait_until 10 json_as_text "$json"
check_equal "who is stopped hears nothing yet" "$text" "$(lines "$TEXT")"
kill -CONT "$text_monitor"
check "then it is told how much it missed: told and lost are $((2 * rounds))" \
	wait_until 10 accounted "$TEXT" "$text"
check_number "lost" "$(told_and_lost <(grep ' lost ' "$TEXT") 0)" -gt 0
raised[lost]=yes
raises vf_reset "$ADAPTER vf_reset vf 0" nicsw vf reset 0

# ---- who is killed -------------------------------------------------------------------------------

stop "$text_monitor" KILL
json=$(lines "$JSON")
must nicsw vf reset 0
check "one subscriber is killed, the other goes on" \
	wait_until 5 told_json "$JSON" "$json" "$ADAPTER vf_reset vf 0"
stop "$json_monitor" KILL
check "the daemon keeps no connection" wait_until 5 has_connections 0

for event in $EVENTS; do
	check_equal "$event has a line in this scenario" yes "${raised[$event]:-no}"
done
check_number "events" "${#raised[@]}" -ge 20

# ---- the daemon ends -----------------------------------------------------------------------------

"$BUILD/nicsw" monitor >"$TEXT" 2>"$DIR/monitor.error" &
text_monitor=$!
BACKGROUND+=("$text_monitor")
is_heard() {
	must nicsw vf reset 0
	[ -s "$TEXT" ]
}
must wait_until 10 is_heard
stop_daemon
wait "$text_monitor"
check_equal "the exit code says that nicswd is away" 3 $?
check "and so does the text" grep -q "nicswd closed the connection" "$DIR/monitor.error"
start_daemon
