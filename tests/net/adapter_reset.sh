#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The reset of a whole adapter (LC-RST-3): refused requests meanwhile, no frame astray, everything restored
# afterwards, also by the next daemon if this one dies in the middle.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

EVENTS=$DIR/events
make_world 2
link() { ip -n "$(vm "$1")" -j link show eth0 | jq -r '.[].ifindex'; }
carrier_changes() { ip netns exec "$(vm "$1")" cat /sys/class/net/eth0/carrier_changes; }
everything() { { state; nicsw pci dump; } | sha256sum | cut -c1-16; }
is_refused() { nicsw oid query SRIOV_CURRENT_CAPABILITIES 2>&1 | grep -q NOT_ACCEPTED; }

# Sets RESET to the pid of a reset that is under way: one request has been refused. It takes 100 ms, so that
# a busy machine may miss it: then once more.
catch_reset() {
	local try
	for ((try = 0; try < 20; try++)); do
		start "$BUILD/nicsw" adapter reset
		RESET=$STARTED
		while kill -0 "$RESET" 2>/dev/null; do
			! is_refused || return 0
		done
	done
	return 1
}

start "$BUILD/nicsw" -j monitor >"$EVENTS"
must wait_until 5 ping_ok "$(vm 0)" "$(vf_ip 1)"
before=$(everything)
ifindexes="$(link 0) $(link 1)"
carriers=$(carrier_changes 0)
must nicsw vf power 1 d3
check "LC-RST-3: adapter reset" nicsw adapter reset
check_equal "LC-RST-3: everything is as it was, VF 1 in D0" "$before" "$(everything)"
check_equal "the ifindexes stay" "$ifindexes" "$(link 0) $(link 1)"
check_number "carrier down and up" "$(carrier_changes 0)" -ge $((carriers + 2))
check "ping VF to VF" ping_ok "$(vm 0)" "$(vf_ip 1)"
check "ping VF to wire" ping_ok "$(vm 0)" "$WIRE_IP"
check "ping wire to VF" ping_ok "$WIRE" "$(vf_ip 1)"
seen() { jq -r 'select(.event == "adapter_reset").state' "$EVENTS" | paste -sd' '; }
both() { [ "$(seen)" = "begun done" ]; }
wait_until 5 both
check_equal "nicsw monitor" "begun done" "$(seen)"

# ---- meanwhile -------------------------------------------------------------------------------------

must nicsw fault set slow_reset on
catch_reset
check_equal "GEN-15: a request in the middle is refused" 0 $?
wait "$RESET"
check_equal "it ends well" 0 $?
start_numbered --receiver "$(vm 0):eth0" --receiver "$(vm 1):eth0" --receiver "$HOST:$ADAPTER" \
	--flow "reset,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=10000,allow=0"
catch_reset
check_equal "GEN-15: once more, under load" 0 $?
wait "$RESET"
check_equal "it ends well" 0 $?
stop_numbered
check_equal "LC-RST-3: frames at anybody else" 0 "$(result '.flows[0].foreign')"
check_equal "frames doubled" 0 "$(result '.flows[0].doubled')"
check_number "LC-RST-3: the switch passes none meanwhile" "$(result '.flows[0].lost')" -gt 100
check_equal "and everything is as it was" "$before" "$(everything)"

# ---- a daemon that dies in the middle --------------------------------------------------------------

catch_reset
check_equal "a reset is under way" 0 $?
stop_daemon KILL
wait "$RESET"
check_equal "LC-RST-3: who waits for it is told that the daemon is gone" 3 $?
start_daemon
check_equal "LC-RST-3: the new daemon finishes it" "$before" "$(everything)"
check "ping VF to VF" ping_ok "$(vm 0)" "$(vf_ip 1)"
check "ping wire to VF" ping_ok "$WIRE" "$(vf_ip 0)"
check "a request is taken again" nicsw vf reset 0
must nicsw fault set slow_reset off

# ---- a halt in the middle --------------------------------------------------------------------------

must nicsw fault set slow_reset on
refused "an adapter that is not there" 1 "there is no adapter nobody" nicsw adapter reset nobody
catch_reset
check_equal "a reset is under way" 0 $?
check "LC-HALT-9: adapter del" nicsw adapter del "$ADAPTER"
wait "$RESET"
# Aborted, or done just before: on a busy machine 100 ms are short.
check_number "who waits for the reset is answered" $? -le 1
