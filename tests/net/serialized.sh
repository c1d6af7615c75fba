#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Requests of one adapter, from one client that does not wait and from several at once: one after the
# other, each answered once.
. "$(dirname "$0")/lib.sh"

RESETS=5
RESET_MS=100 # RESET-VF-11: what the knob slow_reset makes of one

need pipeline
make_host
start_daemon
add_adapter
must nicsw switch create num-vfs 8
for ((i = 0; i < RESETS; i++)); do
	must nicsw vf allocate mac "$(vf_mac "$i")"
done

check "GEN-13: 100 requests ahead of their answers: each is answered once, in order" \
	"$TOOLS/pipeline" "$SOCKET" 100

# All at once, each in a process of its own; the output says which failed.
at_once() { # COMMAND of N, for each N
	local i pids=() failed=0
	for ((i = 0; i < RESETS; i++)); do
		nicsw "$@" "$i" >/dev/null &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || failed=1
	done
	return $failed
}

must nicsw fault set slow_reset on
begin=$(milliseconds)
check "$RESETS slow resets, asked for at once" at_once vf reset
check_number "GEN-12: they take their times one after the other (ms)" \
	$(($(milliseconds) - begin)) -ge $((RESETS * RESET_MS))
must nicsw fault set slow_reset off

# GEN-12: none of them sees half of another: ids are given once.
check "$RESETS VPorts, asked for at once" at_once vport create vf
check_equal "GEN-12: each VF has its VPort, each VPort its id" "$(seq 1 $RESETS | paste -sd ' ')" \
	"$(json '[.[].vport_id | select(. != null)] | sort | map(tostring) | join(" ")' vf show)"
