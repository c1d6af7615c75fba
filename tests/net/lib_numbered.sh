# SPDX-License-Identifier: GPL-2.0-only
# Numbered frames as load: see tools/numbered.c. Sourced after lib.sh.

need numbered
RESULT=$DIR/numbered.json

# run_numbered OPTION...: in the foreground; the result is in $RESULT.
run_numbered() {
	if ! "$TOOLS/numbered" "$@" >"$RESULT" 2>"$DIR/numbered.error"; then
		fail "numbered runs: $(tail -n 1 "$DIR/numbered.error")"
		exit 1
	fi
}

numbered_runs() { grep -q running "$DIR/numbered.error" || ! kill -0 "$NUMBERED"; }

# start_numbered OPTION...: in the background, until stop_numbered or for --seconds.
start_numbered() {
	: >"$DIR/numbered.error"
	start "$TOOLS/numbered" "$@" >"$RESULT" 2>"$DIR/numbered.error"
	NUMBERED=$STARTED
	wait_until 5 numbered_runs
	kill -0 "$NUMBERED" 2>/dev/null && return
	fail "numbered runs: $(cat "$DIR/numbered.error")"
	exit 1
}

numbered_goes_on() { kill -0 "$NUMBERED" 2>/dev/null; }

# Waits for the result, too.
stop_numbered() {
	kill -TERM "$NUMBERED" 2>/dev/null
	wait "$NUMBERED" 2>/dev/null
}

result() { jq -r "$1" "$RESULT"; }

# Frames that a full ring of a VF dropped: behind the switch's decision, and of no filter's making
# (FACTS of XDP on veth, 4).
ring_full() {
	local vf
	for vf in $(json '.[].vf_id' vf show); do
		within "nicsw-$ADAPTER" ethtool -S "vf$vf" 2>/dev/null
	done | awk '/xdp_xmit_errors|drops/ { sum += $2 } END { print sum + 0 }'
}

# check_numbers TEXT: nothing of the last result was lost, doubled or foreign.
check_numbers() {
	check_equal "$1: lost" 0 "$(result .lost)"
	check_equal "$1: doubled" 0 "$(result .doubled)"
	check_equal "$1: at a VF or host that they are not for" 0 "$(result .foreign)"
	[ "$(result .ring_drops)" = 0 ] || note "this test's own socket dropped: $(result .ring_drops)"
	[ "$(result '.lost + .doubled + .foreign')" = 0 ] || notes <"$RESULT"
	result '.flows[] | "\(.name): \(.sent) sent, \(.received) received, " +
		"at each receiver \(.arrivals | map(tostring) | join(" "))"' | notes
}
