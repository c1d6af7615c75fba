# SPDX-License-Identifier: GPL-2.0-only
# Single frames for the FT cases of packet-flow 5: send one, see who got it and in which form.
# Sourced after lib.sh.
#
# Places: wire, host (the PF's netdev), stack (the uplink as the host's stack sees it: nothing ever),
# vf0, vf1, ..., vport5 (the netdev of a nondefault VPort of the PF), ... A form is `untagged`, or `tag TCI...` as on the wire, priority included.

need frame
EXPERIMENT=88b5 # ethertype of the frames; a scenario may say another
BROADCAST=ff:ff:ff:ff:ff:ff
PAYLOADS=0

# Where a place is: NS:DEV.
place_of() {
	case $1 in
	wire) echo "$WIRE:eth0" ;;
	host) echo "$HOST:$ADAPTER" ;;
	stack) echo "$HOST:$UPLINK" ;;
	vport*) vport_place "${1#vport}" ;;
	vf*) echo "$(vm "${1#vf}"):eth0" ;;
	esac
}

# NS:DEV -> place, for every place there is.
declare -A PLACES=()

find_places() {
	local place
	PLACES=()
	for place in wire host stack $(json '.[] | select(.state == "attached") | "vf\(.vf_id)"' \
		vf show) $(json '.[] | select(.function_id == "pf" and .vport_id != 0 and
			.state == "activated") | "vport\(.vport_id)"' vport show); do
		PLACES[$(place_of "$place")]=$place
	done
}

mac_hex() { tr -d : <<<"$1"; }

# frame_hex DESTINATION SOURCE [TAG]: 60 bytes; TAG is the tag in hex, TPID included: 81000007.
frame_hex() {
	printf '%s%s%s%s%08x%084d' "$(mac_hex "$1")" "$(mac_hex "$2")" "${3:-}" $EXPERIMENT \
		"$PAYLOADS" 0
}

# form_of FRAMEHEX SENTHEX: all but the tag must be as it was sent.
form_of() {
	local tag=
	case ${1:24:4} in
	8100 | 88a8) tag=${1:24:8} ;;
	esac
	if [ "${1:0:24}" != "${2:0:24}" ] || [ "${1#*$EXPERIMENT}" != "${2#*$EXPERIMENT}" ]; then
		echo damaged
	else
		[ -z "$tag" ] && echo untagged || echo "tag $tag"
	fi
}

# see PLACE FRAMEHEX COUNT: sends it, with mark and priority $MARK; one line for each arrival,
# `PLACE FORM`. COUNT are waited for.
see() {
	local options=(--type "$EXPERIMENT") where hex
	for where in "${!PLACES[@]}"; do
		options+=(--watch "$where")
	done
	if ! "$TOOLS/frame" --send "$(place_of "$1")" "$2" --expect "$3" \
		--mark "${MARK:-0}" "${options[@]}" \
		>"$DIR/seen" 2>"$DIR/frame.error"; then
		cat "$DIR/frame.error"
		return
	fi
	while read -r where hex; do
		echo "${PLACES[$where]} $(form_of "$hex" "$2")"
	done <"$DIR/seen" | sort
}

# join LINES: one line.
join() { paste -sd, - | sed 's/,/, /g'; }

# delivers TEXT FROM DESTINATION SOURCE TAG ARRIVAL...: exactly these arrivals (`vf1 untagged`).
delivers() {
	local text=$1 from=$2 destination=$3 source=$4 tag=$5 wanted
	shift 5
	PAYLOADS=$((PAYLOADS + 1))
	[ ${#PLACES[@]} -gt 0 ] || find_places
	wanted=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort | join)
	check_equal "$text" "$wanted" \
		"$(see "$from" "$(frame_hex "$destination" "$source" "$tag")" $# | join)"
}

# remember: what counts were; counted TEXT PORT FIELD MORE: by how much one has grown since.
remember() { nicsw -j stats show >"$DIR/stats"; }

counted() {
	local before
	before=$(jq -r ".[] | select(.port == \"$2\").$3" "$DIR/stats")
	check_equal "$1: $2 $3 grew by" "$4" "$(($(counter "$2" "$3") - before))"
}
