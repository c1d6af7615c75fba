#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FT-15: filters of two tenants are moved back to back while numbered frames for both come from the
# wire. Each frame arrives exactly once, at a VF of its own tenant. Tenant A moves between VF 0 and
# 1, tenant B between VF 2 and 3: so a frame at the wrong tenant shows.
#
#   SECONDS_OF_MOVES=30   the long form (default 5)
#
# The rate is the highest at which a run without moves loses nothing: found by bisection, printed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

seconds=${SECONDS_OF_MOVES:-5}
lowest=10000 highest=1600000
make_world 4
a=$(vf_mac 0) b=$(vf_mac 2)
filter_a=$(filter_of "$a") filter_b=$(filter_of "$b")

# load RATE: options of numbered; RATE frames a second for each tenant.
load() {
	local vf
	echo --flow "A,from=$WIRE:eth0,to=$a,src=$WIRE_MAC,rate=$1,allow=0+1"
	echo --flow "B,from=$WIRE:eth0,to=$b,src=$WIRE_MAC,rate=$1,allow=2+3"
	for vf in 0 1 2 3; do
		echo --receiver "$(vm $vf):eth0"
	done
}

# Does the rate go through whole: was it reached, and nothing lost?
rate_holds() {
	# shellcheck disable=SC2046
	run_numbered $(load "$1") --seconds 0.5
	[ "$(result ".lost + .doubled + .ring_drops == 0 and
		([.flows[].sent] | min) > 0.95 * $1 * .seconds")" = true ]
}

find_rate() {
	local low=$lowest high=$highest middle
	if ! rate_holds $low; then
		fail "$low frames a second for each tenant go through without moves"
		exit 1
	fi
	while [ $((high - low)) -gt $((low / 10)) ]; do
		middle=$(((low + high) / 2))
		if rate_holds $middle; then low=$middle; else high=$middle; fi
	done
	rate=$low
}

# A batch that moves both filters there and back, back to back.
write_batch() {
	local i
	for ((i = 0; i < 250; i++)); do
		echo "filter move $filter_a vport $2"
		echo "filter move $filter_b vport $4"
		echo "filter move $filter_a vport $1"
		echo "filter move $filter_b vport $3"
	done >"$DIR/moves"
}

# move_during OPTION...: moves as long as numbered runs.
move_during() {
	moves=0
	start_numbered "$@"
	while numbered_goes_on; do
		must nicsw -b "$DIR/moves"
		moves=$((moves + $(wc -l <"$DIR/moves")))
	done
	stop_numbered
}

describe() {
	jq -r --argjson moves "$moves" '"\($moves) moves in \(.seconds) s, \($moves / .seconds | round)"
		+ " moves/s; " + ([.flows[] | "\(.name) \(.sent) frames"] | join(", "))' "$RESULT"
}

find_rate
figure "highest rate without moves and without loss: $rate frames/s for each of two tenants"

write_batch "$(vport_of 0)" "$(vport_of 1)" "$(vport_of 2)" "$(vport_of 3)"
# The moves need processor time, too. What a full ring of a guest drops is no frame of a move: a
# lower rate then, and once more. Any other loss counts.
for attempt in 1 2 3 4; do
	full=$(ring_full)
	# shellcheck disable=SC2046
	move_during $(load "$rate") --seconds "$seconds"
	full=$(($(ring_full) - full))
	lost=$(result .lost)
	if [ "$lost" -eq 0 ] || [ "$lost" -gt "$full" ] || [ $attempt -eq 4 ]; then
		break
	fi
	note "at $rate frames/s: $lost lost, all of them by full rings of guests ($full)"
	rate=$((rate * 3 / 4))
done
figure "with moves, at $rate frames/s for each tenant: $(describe)"
check_numbers "FT-15 moves of two tenants' filters between their VFs"
check_number "FT-15 moves were done" "$moves" -ge 1000
check_number "FT-15 every VF has had its turn: the fewest frames at one" \
	"$(result '[.flows[0].arrivals[0, 1], .flows[1].arrivals[2, 3]] | min')" -gt 0

# The same between the default VPort and a VF: how a VM comes to its VF and leaves it.
write_batch "$(vport_of 0)" 0 "$(vport_of 2)" 0
move_during --seconds 2 --receiver "$HOST:$ADAPTER" --receiver "$(vm 0):eth0" \
	--receiver "$(vm 2):eth0" \
	--flow "A,from=$WIRE:eth0,to=$a,src=$WIRE_MAC,rate=20000,allow=0+1" \
	--flow "B,from=$(vm 1):eth0,to=$b,src=$(vf_mac 1),rate=20000,allow=0+2"
figure "default VPort to VF and back: $(describe)"
check_numbers "FT-15 PATH-9 moves between default VPort and VF, from the wire and from a VF"
check_number "FT-15 both have had their turn: the fewest frames at one" \
	"$(result '[.flows[0].arrivals[0, 1], .flows[1].arrivals[0, 2]] | min')" -gt 0
check_equal "the filters are where the last moves put them" \
	"$filter_a:$(vport_of 0) $filter_b:$(vport_of 2)" \
	"$(json "[.[] | select(.filter_id == $filter_a or .filter_id == $filter_b) |
		\"\(.filter_id):\(.vport_id)\"] | join(\" \")" filter show)"
