#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SR-IOV off and on, and the halt: forced ones take everything down in order (LC-HALT-2..7, LC-HALT-9). The
# stream of events is the witness.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

EVENTS=$DIR/events
make_world 2
listen() {
	start "$BUILD/nicsw" -j monitor >"$EVENTS"
	MONITOR=$STARTED
	# It listens once it has told of a change.
	wait_until 5 hears
}
hears() {
	nicsw vf power 1 d3 && nicsw vf power 1 d0 && grep -q vf_power "$EVENTS"
}
# What the stream says, in order, without what preceded and without repetitions.
order() { jq -r 'select(.event != "vf_power").event' "$EVENTS" | uniq | paste -sd' '; }
ends_with() { tail -n 1 "$EVENTS" | grep -q "\"$1\""; }
capability() { jq -c 'select(.event == "capability") | [.state, .max_num_vfs, .max_num_mac_addresses]' \
	"$EVENTS" | tail -n 1; }
has_eth0() { ip -n "$(vm "$1")" link show eth0; }

# ---- SR-IOV off ------------------------------------------------------------------------------------

listen
must ping_ok "$(vm 0)" "$(vf_ip 1)"
refused "GEN-1, LC-HALT-5: not while there is a switch" 1 "INVALID_PARAMETER, rule LC-HALT-5" \
	nicsw adapter set "$ADAPTER" sriov off
check "LC-HALT-9: by force" nicsw --force adapter set "$ADAPTER" sriov off
check "the last event is that of the capabilities" wait_until 5 grep -q capability "$EVENTS"
check_equal "CAP-SW-21, CAP-RF-14: the current capabilities are absent" '["off",0,0]' "$(capability)"
check_equal "all VFs, VPorts and filters are gone" "0 0" \
	"$(json length vf show) $(json length filter show)"
check_not "LC-HALT-9: the guest's netdev vanished" has_eth0 0
check "the PF's netdev stays" ip -n "$HOST" link show "$ADAPTER"
refused "GEN-1: no switch" 1 "NOT_SUPPORTED, rule GEN-1" nicsw switch create
stop "$MONITOR"
stop_daemon KILL
start_daemon
check_equal "it stays off over a restart" false "$(json '.[].sriov' adapter show)"

# ---- and on ----------------------------------------------------------------------------------------

start "$BUILD/nicsw" -j monitor >"$EVENTS"
MONITOR=$STARTED
toggled() {
	nicsw adapter set "$ADAPTER" sriov off && nicsw adapter set "$ADAPTER" sriov on &&
		[[ $(capability) == '["on",64,'* ]]
}
check "CAP-SW-21, CAP-RF-14: on, with the figures of the new structures" wait_until 5 toggled
stop "$MONITOR"
must nicsw switch create num-vfs 2
for i in 0 1; do
	must nicsw vf allocate name "vm$i" mac "$(vf_mac "$i")"
	must nicsw vport create vf "$i"
	must nicsw filter set vport "$(vport_of "$i")" mac "$(vf_mac "$i")"
	attach_vf "$i"
done
check "everything works again" ping_ok "$(vm 0)" "$(vf_ip 1)"

# ---- adapter del -----------------------------------------------------------------------------------

listen
begin=$(milliseconds)
check "LC-HALT-9: adapter del" nicsw adapter del "$ADAPTER"
note "it took $(($(milliseconds) - begin)) ms"
check "the stream ends with it" wait_until 5 ends_with adapter_del
check_equal "LC-HALT-2..7: in this order" \
	"filter_clear vport_delete vf_free switch_delete adapter_del" "$(order)"
refused "LC-HALT-8: no request after it" 1 "there is no adapter" nicsw vf allocate
check_not "LC-HALT-7: the guest's netdev" has_eth0 0
check_not "LC-HALT-7: the PF's netdev" ip -n "$HOST" link show "$ADAPTER"
check_not "LC-HALT-7: the pins" test -e "$PINS/$ADAPTER"
check_not "LC-HALT-7: the namespace" test -e "/run/netns/nicsw-$ADAPTER"
check_equal "LC-HALT-7: the uplink is as before" "off" "$(ip -n "$HOST" -d -j link show "$UPLINK" |
	jq -r 'if .[].promiscuity == 0 then "off" else "on" end')"
