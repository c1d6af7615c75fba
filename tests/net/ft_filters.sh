#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FT-14, FT-16 of packet-flow 5: a VPort without a filter gets nothing and sends nothing.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 2
a=$(vf_mac 0) b=$(vf_mac 1)

# FT-16 first: clear the last filter of vf0; after it vf0 is FT-14's VPort.
delivers "before: wire -> VF a" wire "$a" $WIRE_MAC "" "vf0 untagged"
must nicsw filter clear "$(filter_of "$a")"
remember
delivers "FT-16 after the last filter is cleared, wire -> M: default VPort, not the VF" \
	wire "$a" $WIRE_MAC "" "host untagged"
delivers "FT-16 VF b -> M: the wire, not the VF" vf1 "$a" "$b" "" "wire untagged"
counted "FT-16" vf0 rx_packets 0

delivers "FT-14 broadcast from the wire: not to a VPort without filters" \
	wire $BROADCAST $WIRE_MAC "" "host untagged" "vf1 untagged"
delivers "FT-14 multicast from the wire: not to a VPort without filters" \
	wire 01:00:5e:00:00:05 $WIRE_MAC "" "host untagged" "vf1 untagged"
counted "FT-14" vf0 rx_packets 0

remember
delivers "FLOW-7 a VPort without filters does not send either" vf0 "$b" "$a" ""
counted "FLOW-7" vf0 drops.vport_inactive 1

must nicsw filter set vport "$(vport_of 0)" mac "$a"
delivers "with a filter again it gets frames" wire "$a" $WIRE_MAC "" "vf0 untagged"
delivers "and sends" vf0 "$b" "$a" "" "vf1 untagged"
