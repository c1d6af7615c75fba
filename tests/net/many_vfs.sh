#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# 64 VFs: made by one batch, all of them reach one neighbour, a broadcast reaches each once, all taken
# away by one batch.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

vfs=64
NUM_VFS=$vfs make_world 0
for ((i = 0; i < vfs; i++)); do
	make_netns "$(vm $i)"
done

# timed TEXT COMMAND...: it works; says how long it took.
timed() {
	local text=$1 begin
	shift
	begin=$(milliseconds)
	check "$text" "$@"
	figure "$text: $(($(milliseconds) - begin)) ms"
}

for ((i = 0; i < vfs; i++)); do
	echo "vf allocate name vm$i mac $(vf_mac $i)"
	echo "vport create vf $i"
	echo "filter set vport $((i + 1)) mac $(vf_mac $i)"
	echo "vf attach $i netns $(vm $i)"
done >"$DIR/make"
timed "allocate, VPort, filter, attach of $vfs VFs" nicsw -b "$DIR/make"
check_equal "VFs attached" $vfs "$(json '[.[] | select(.state == "attached")] | length' vf show)"
check_equal "every VF has its own RID" $vfs "$(json '[.[].rid] | unique | length' vf show)"

for ((i = 0; i < vfs; i++)); do
	must ip -n "$(vm $i)" address add "$(vf_ip $i)/16" dev eth0
done

# All at once: their answers come back through one neighbour.
all_ping() { # IP FIRST
	local i pids=() lost=0
	for ((i = $2; i < vfs; i++)); do
		ping_ok "$(vm $i)" "$1" 2 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || lost=$((lost + 1))
	done
	[ $lost -eq 0 ] || { echo "$lost of $vfs lost frames"; return 1; }
}

timed "all ping the wire" all_ping $WIRE_IP 0
timed "all ping VF 0" all_ping "$(vf_ip 0)" 1

everybody=(host\ untagged)
for ((i = 0; i < vfs; i++)); do
	everybody+=("vf$i untagged")
done
find_places
see wire "$(frame_hex $BROADCAST $WIRE_MAC)" $((vfs + 1)) >"$DIR/got"
printf '%s\n' "${everybody[@]}" | sort >"$DIR/wanted"
check "a broadcast from the wire reaches each of $vfs VFs and the host once" \
	diff "$DIR/wanted" "$DIR/got"
everybody=("${everybody[@]:0:$vfs}" "wire untagged")
see vf$((vfs - 1)) "$(frame_hex $BROADCAST "$(vf_mac $((vfs - 1)))")" $((vfs + 1)) >"$DIR/got"
printf '%s\n' "${everybody[@]}" | sort >"$DIR/wanted"
check "a broadcast from VF $((vfs - 1)) reaches wire, host and the other VFs once" \
	diff "$DIR/wanted" "$DIR/got"

for ((i = 0; i < vfs; i++)); do
	echo "filter clear $((i + 1))"
	echo "vf detach $i"
	echo "vport delete $((i + 1))"
	echo "vf free $i"
done >"$DIR/remove"
timed "clear, detach, delete, free of $vfs VFs" nicsw -b "$DIR/remove"
check_equal "no VF, VPort, filter is left" "0 1 0" "$(json length vf show) $(json length vport show) \
$(json length filter show)"
check_equal "no netdev of a VF is left" "" \
	"$(ip -n "nicsw-$ADAPTER" -o link show | grep -o ' vf[0-9]*')"
check "switch delete" nicsw switch delete
