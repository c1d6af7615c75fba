#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FT-1, 2, 4 ... 9 of packet-flow 5: unicast reaches the one VPort, or the wire, that it is for.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 2
a=$(vf_mac 0) b=$(vf_mac 1)
vm_without_vf=02:00:00:00:02:01
unknown=02:00:00:00:0f:0f
must nicsw filter set vport 0 mac $vm_without_vf

remember
delivers "FT-1 wire -> VM with VF: that VF only, host sees nothing" \
	wire "$a" $WIRE_MAC "" "vf0 untagged"
counted "FT-1" uplink tx_packets 1
counted "FT-1" vf0 rx_packets 1
counted "FT-1" pf rx_packets 0

remember
delivers "FT-2 wire -> VM without VF: default VPort" \
	wire $vm_without_vf $WIRE_MAC "" "host untagged"
counted "FT-2" pf rx_packets 1

remember
delivers "FT-4 wire -> unknown unicast: default VPort" \
	wire $unknown $WIRE_MAC "" "host untagged"
counted "FT-4" pf rx_packets 1

remember
delivers "FT-5 VF a -> VF b: VF b, not on the wire, not at the host" \
	vf0 "$b" "$a" "" "vf1 untagged"
counted "FT-5" vf0 tx_packets 1
counted "FT-5" vf1 rx_packets 1
counted "FT-5" uplink rx_packets 0

remember
delivers "FT-6 VF a -> VM without VF: default VPort, not on the wire" \
	vf0 $vm_without_vf "$a" "" "host untagged"
counted "FT-6" uplink rx_packets 0

remember
delivers "FT-7 VF a -> unknown unicast: the wire only (FWD-6, FWD-7)" \
	vf0 $unknown "$a" "" "wire untagged"
counted "FT-7" uplink rx_packets 1
counted "FT-7" pf rx_packets 0

remember
delivers "FT-8 VF a -> its own MAC: dropped (FWD-11)" vf0 "$a" "$a" ""
counted "FT-8" vf0 drops.self_addressed 1
counted "FT-8" uplink rx_packets 0

remember
delivers "FT-9 host -> VF b: VF b" host "$b" $UPLINK_MAC "" "vf1 untagged"
counted "FT-9" pf tx_packets 1
counted "FT-9" vf1 rx_packets 1

delivers "FWD-10 host -> unknown unicast: the wire" host $unknown $UPLINK_MAC "" "wire untagged"
delivers "FWD-5 VF a -> the PF's own MAC: default VPort" \
	vf0 $UPLINK_MAC "$a" "" "host untagged"
