#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The host's VLAN policy of a VF: `vf set N vlan V [qos Q] [proto P]` and `trunk LIST`, stronger than
# what its filters say (FWD-33, FWD-34, MATCH-14).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 3
a=$(vf_mac 0) b=$(vf_mac 1) c=$(vf_mac 2)
unknown=02:00:00:00:0f:0f

# ---- access: the filter has no VLAN, the host gives it one
must nicsw vf set 0 vlan 10 qos 3
delivers "untagged -> wire: tag with VLAN and priority of the host" \
	vf0 $unknown "$a" "" "wire tag 8100600a"
delivers "the guest's priority tag -> wire: the priority is the host's" \
	vf0 $unknown "$a" 8100a000 "wire tag 8100600a"
remember
delivers "a tag of its own VLAN: dropped, the host gives it" vf0 $unknown "$a" 8100000a
delivers "a tag of another VLAN: dropped" vf0 $unknown "$a" 8100000b
counted "tagged frames of an access port" vf0 drops.vlan_violation 2
delivers "wire VID 10 -> no tag at the VF" wire "$a" $WIRE_MAC 8100000a "vf0 untagged"
delivers "wire untagged: not its VLAN" wire "$a" $WIRE_MAC "" "host untagged"
delivers "another VF, untagged: not its VLAN, so the wire" vf1 "$a" "$b" "" "wire untagged"
delivers "broadcast: in its VLAN only" \
	vf0 ff:ff:ff:ff:ff:ff "$a" "" "host tag 8100600a" "wire tag 8100600a"
must nicsw vf set 1 vlan 10
delivers "two VFs of the VLAN: no tag at either" vf0 "$b" "$a" "" "vf1 untagged"

# ---- 802.1ad: what the guest sends is payload, tags and all
must nicsw vf set 0 vlan 10 proto 802.1ad
must nicsw vf set 1 vlan 10 proto 802.1ad
delivers "untagged -> wire: service tag" vf0 $unknown "$a" "" "wire tag 88a8000a"
delivers "the guest's own tag is payload behind the service tag" \
	vf0 $unknown "$a" 81000005 "wire tag 88a8000a"
delivers "wire service tag -> no tag at the VF" wire "$a" $WIRE_MAC 88a8000a "vf0 untagged"
delivers "wire VID 10 without service tag is another VLAN" \
	wire "$a" $WIRE_MAC 8100000a "host tag 8100000a"
delivers "VF to VF: the guest's tag arrives" vf0 "$b" "$a" 81000005 "vf1 tag 81000005"
remember
delivers "a VF outside cannot tag itself into it: dropped" vf2 $unknown "$c" 88a8000a
counted "service tag of a VF that is in no service VLAN" vf2 drops.vlan_violation 1
must nicsw vf set 1 vlan 10
delivers "VLAN 10 and service VLAN 10 are two VLANs" vf0 "$b" "$a" "" "wire tag 88a8000a"

# ---- trunk
must nicsw vf set 0 trunk 20,30-39
must nicsw vf set 1 trunk 0,30
delivers "a VLAN of the list -> wire, tag as sent" vf0 $unknown "$a" 8100a014 "wire tag 8100a014"
remember
delivers "a VLAN outside the list: dropped" vf0 $unknown "$a" 81000028
delivers "untagged is not in the list: dropped" vf0 $unknown "$a" ""
counted "trunk" vf0 drops.vlan_violation 2
delivers "wire VLAN of the list -> the VF, tag left" wire "$a" $WIRE_MAC 81000023 "vf0 tag 81000023"
delivers "wire VLAN outside the list -> default VPort" \
	wire "$a" $WIRE_MAC 81000028 "host tag 81000028"
delivers "trunk to trunk in a common VLAN" vf0 "$b" "$a" 8100001e "vf1 tag 8100001e"
delivers "trunk to trunk in a VLAN of one: the wire" vf0 "$b" "$a" 8100001f "wire tag 8100001f"
delivers "0 in the list: untagged too" wire "$b" $WIRE_MAC "" "vf1 untagged"
must nicsw vf set 0 spoofchk off
remember
delivers "the list holds without the source check" vf0 $unknown 02:00:00:00:0d:0d 81000028
counted "trunk without source check" vf0 drops.vlan_violation 1
delivers "any source without the source check" \
	vf0 $unknown 02:00:00:00:0d:0d 81000014 "wire tag 81000014"

# ---- back, and what is refused
must nicsw vf set 0 trunk none spoofchk on
must nicsw vf set 1 trunk none vlan 0
delivers "as the filters say again" vf0 "$b" "$a" "" "vf1 untagged"
check_equal "show has no trunk any more" "null" "$(json '.[0].trunk' vf show 0)"
must nicsw vf set 0 vlan 40
refused "a filter of a VLAN that the policy excludes" 1 "FWD-33" \
	nicsw filter set vport "$(vport_of 0)" mac 02:00:00:00:0c:01 vlan 7
must nicsw vf set 0 vlan 0
must nicsw filter set vport "$(vport_of 2)" mac "$c" vlan 7
refused "a policy that excludes a filter's VLAN" 1 "FWD-33" nicsw vf set 2 vlan 10
must nicsw filter set vport 0 mac "$a" vlan 40
refused "a policy that would give a VF another VPort's address" 1 "SET-RF-28" \
	nicsw vf set 0 vlan 40
delivers "and nothing has changed" vf2 "$a" "$c" "" "vf0 untagged"
must nicsw vf set 1 vlan 40
refused "a filter that would be the same as another of the VPort" 1 "SET-RF-28" \
	nicsw filter set vport "$(vport_of 1)" mac "$b" vlan 40
must nicsw vf set 1 vlan 0
refused "qos without a VLAN" 2 "qos" nicsw vf set 0 qos 3
refused "a VLAN that there is not" 2 "SET-RF-18" nicsw vf set 0 vlan 4095
refused "a list that is none" 2 "10,20-29" nicsw vf set 0 trunk 10,,20
finish
