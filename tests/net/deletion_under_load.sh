#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# DELETE-VP-9: a VPort is deleted while its VF sends and is sent to. When the request is back, no frame
# of the VF gets on, and none reaches it, though its driver and its neighbour go on sending.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

make_world 1
guest=$(vm 0)
vport=$(vport_of 0)
packets() { ip -n "$1" -j -s link show eth0 | jq '.[].stats64.rx.packets'; } # of the netdev itself
delivered() { echo "$(packets "$guest") $(packets "$WIRE") $(counter vf0 rx_packets)"; }
frames_go_both_ways() { [ "$(packets "$guest")" -gt 500 ] && [ "$(packets "$WIRE")" -gt 500 ]; }
vf_sends_more() { [ "$(counter vf0 drops.vport_inactive)" -gt $((dropped + 500)) ]; }
wire_sends_more() { [ "$(counter uplink tx_packets)" -gt $((arrived + 500)) ]; }

start_numbered --receiver "$guest:eth0" --receiver "$WIRE:eth0" \
	--flow "up,from=$guest:eth0,to=$WIRE_MAC,src=$(vf_mac 0),rate=5000,allow=1" \
	--flow "down,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=5000,allow=0"
check "frames go both ways" wait_until 10 frames_go_both_ways

must nicsw filter clear "$(filter_of "$(vf_mac 0)")"
check "the VPort is deleted under load" nicsw vport delete "$vport"
at_deletion=$(delivered)
dropped=$(counter vf0 drops.vport_inactive)
arrived=$(counter uplink tx_packets)
check "the VF goes on sending: 500 frames more are dropped" wait_until 10 vf_sends_more
check "the wire goes on sending: 500 frames more come in" wait_until 10 wire_sends_more
check_equal "DELETE-VP-9: of all these none was delivered (at VF and wire, by the VPort)" \
	"$at_deletion" "$(delivered)"
stop_numbered
check_equal "none was at anybody whom it is not for" 0 "$(result .foreign)"

# The VF goes on with another VPort.
must nicsw vport create vf 0
must nicsw filter set vport "$(vport_of 0)" mac "$(vf_mac 0)"
check "frames pass again" ping_ok "$guest" $WIRE_IP
