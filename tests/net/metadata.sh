#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a frame carries beside its data: a tag out of band belongs to the frame before anything is
# decided about it (FWD-35); a mark is nothing that could name a VPort (packet-flow 2).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
need tc

# vf0: untagged and VLAN 8; vf1: untagged; vf2: access port of VLAN 8.
make_world 3
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
unknown=02:00:00:00:0f:0f
must nicsw filter set vport "$(vport_of 0)" mac "$a" vlan 8
must nicsw filter clear "$(filter_of "$c")"
must nicsw filter set vport "$(vport_of 2)" mac "$c" vlan 8

# ---- a tag out of band ---------------------------------------------------------------------------

# push_tag NS DEV: what leaves the netdev has the tag 81006008 in its metadata.
push_tag() {
	must tc -n "$1" qdisc add dev "$2" clsact
	must tc -n "$1" filter add dev "$2" egress bpf da obj "$BUILD/tests/net/push_vlan.bpf.o" \
		sec tc
}

push_tag "$(vm 0)" eth0
push_tag "$(vm 1)" eth0
push_tag "$HOST" "$ADAPTER"
delivers "FWD-35 VF -> wire: the tag is in the frame" vf0 $unknown "$a" "" "wire tag 81006008"
delivers "FWD-35 VF -> an access VF of that VLAN" vf0 "$c" "$a" "" "vf2 untagged"
delivers "FWD-35 VF -> a VF of another VLAN: the wire" vf0 "$b" "$a" "" "wire tag 81006008"
delivers "FWD-35 VF, broadcast in that VLAN" vf0 $BROADCAST "$a" "" "wire tag 81006008" \
	"host tag 81006008" "vf2 untagged"
remember
delivers "FWD-35 a VF that is not in that VLAN: dropped" vf1 $unknown "$b" ""
counted "FWD-35" vf1 drops.vlan_violation 1
delivers "FWD-35 host -> VF of that VLAN" host "$c" $UPLINK_MAC "" "vf2 untagged"
delivers "FWD-35 host -> VF of another VLAN: the wire" host "$b" $UPLINK_MAC "" "wire tag 81006008"
for place in "$(vm 0):eth0" "$(vm 1):eth0" "$HOST:$ADAPTER"; do
	must tc -n "${place%:*}" qdisc del dev "${place#*:}" clsact
done

# ---- a mark --------------------------------------------------------------------------------------

# As the host, or a guest, might name a VPort: the default one, one of a VF, one that is not there.
drops() { json '[.[].drops | add] | add' stats show; }

# from_default TEXT VPORT: a frame of the host that names the VPort goes, and counts, as one of the
# default VPort.
from_default() {
	local dropped
	dropped=$(drops)
	remember
	MARK=$2 delivers "$1: host -> VF" host "$b" $UPLINK_MAC "" "vf1 untagged"
	MARK=$2 delivers "$1: host -> wire" host $unknown $UPLINK_MAC "" "wire untagged"
	MARK=$2 delivers "$1: with the source of that VF, too" host "$b" "$a" "" "vf1 untagged"
	counted "$1" pf tx_packets 3
	counted "$1" vf0 tx_packets 0
	check_equal "$1: dropped" 0 $(($(drops) - dropped))
}

from_default "FLOW-11 host names VPort 0" 0
from_default "FLOW-12 host names a VPort that is not there" 99
from_default "FLOW-13 host names the VPort of a VF" "$(vport_of 0)"

for vport in 0 "$(vport_of 1)" 99; do
	remember
	MARK=$vport delivers "FLOW-15 a VF names VPort $vport" vf0 "$b" "$a" "" "vf1 untagged"
	counted "FLOW-15" vf0 tx_packets 1
	counted "FLOW-15" vf1 tx_packets 0
done
