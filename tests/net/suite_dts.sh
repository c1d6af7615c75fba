#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Cases of DPDK's DTS: test plans vf_vlan, vf_macfilter and vf_daemon. The tester's port is the wire
# here, `testpmd` on the VF is a frame sent or watched at its netdev.
#
# Left out: VID 4095, which is none here (SET-RF-18); vf_macfilter 3 and 4, which are 2 and 1 with
# another PF driver; of vf_daemon 7 and 8 (queue drop bits), clearing of statistics in 9, 12 to 14
# (broadcast, multicast and promiscuous mode set by the host).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_suite.sh"

make_world 2 3000
a=$(vf_mac 0) b=$(vf_mac 1)
random=02:00:00:00:77:01
fake=02:00:00:00:77:02
unknown=02:00:00:00:0f:0f
find_places

set_vf() { must nicsw vf set 0 "$@"; }
# add_filter MAC [VLAN] / drop_filter MAC [VLAN], on the VPort of VF 0
add_filter() { must nicsw filter set vport "$(vport_of 0)" mac "$1" ${2:+vlan "$2"}; }
drop_filter() { must nicsw filter clear "$(filter_of "$@")"; }
tag() { printf '8100%04x' "$1"; }

# ---- vf_vlan -------------------------------------------------------------------------------------

case_of "vf_vlan 1 Add port based vlan on VF"
set_vf vlan 2
expects "same VLAN id is received" wire "$a" $WIRE_MAC "$(tag 2)" "vf0 untagged"
expects "without VLAN is not" wire "$a" $WIRE_MAC "" "host untagged"
expects "a wrong one is not" wire "$a" $WIRE_MAC "$(tag 1)" "host tag $(tag 1)"
holds "the PF shows it" 2 "$(json '.[0].vlan' vf show 0)"

case_of "vf_vlan 2 Remove port based vlan on VF"
set_vf vlan 0
expects "without VLAN is received" wire "$a" $WIRE_MAC "" "vf0 untagged"
expects "VLAN id 0 is received" wire "$a" $WIRE_MAC "$(tag 0)" "vf0 untagged"
for vid in 1 1000 4094; do
	expects "VLAN id $vid is not" wire "$a" $WIRE_MAC "$(tag $vid)" "host tag $(tag $vid)"
done

case_of "vf_vlan 3 VF port based vlan tx"
set_vf vlan 2
expects "leaves with it" vf0 $unknown "$a" "" "wire tag $(tag 2)"
set_vf vlan 0

for vid in 1 1234 4094; do
	case_of "vf_vlan 3 VF tagged vlan tx, $vid"
	set_vf trunk "0,$vid"
	expects "leaves with the VF's tag" vf0 $unknown "$a" "$(tag $vid)" "wire tag $(tag $vid)"
	set_vf trunk none
done

for vid in 1 1234 4094; do
	case_of "vf_vlan 4 VF tagged vlan rx, $vid"
	expects "without VLAN" wire "$a" $WIRE_MAC "" "vf0 untagged"
	expects "VLAN id 0" wire "$a" $WIRE_MAC "$(tag 0)" "vf0 untagged"
	add_filter "$a" $vid
	expects "added: is received" wire "$a" $WIRE_MAC "$(tag $vid)" "vf0 tag $(tag $vid)"
	expects "added: VLAN id 0 too" wire "$a" $WIRE_MAC "$(tag 0)" "vf0 untagged"
	drop_filter "$a" $vid
	expects "removed: VLAN id 0" wire "$a" $WIRE_MAC "$(tag 0)" "vf0 untagged"
	expects "removed: without VLAN" wire "$a" $WIRE_MAC "" "vf0 untagged"
	expects "removed: is not received" wire "$a" $WIRE_MAC "$(tag $vid)" "host tag $(tag $vid)"
done

for vid in 1 1234 4094; do
	case_of "vf_vlan 5 VF Vlan strip test, $vid"
	add_filter "$a" $vid
	expects "strip off: with the tag" wire "$a" $WIRE_MAC "$(tag $vid)" "vf0 tag $(tag $vid)"
	drop_filter "$a"
	expects "strip on: without" wire "$a" $WIRE_MAC "$(tag $vid)" "vf0 untagged"
	add_filter "$a"
	drop_filter "$a" $vid
	expects "VLAN id 0: without" wire "$a" $WIRE_MAC "$(tag 0)" "vf0 untagged"
done

# ---- vf_macfilter --------------------------------------------------------------------------------

case_of "vf_macfilter 1 kernel_2pf_2vf_1vm_iplink_macfilter"
drop_filter "$a"
set_vf mac $random
add_filter $random
expects "the address that the PF set is received" wire $random $WIRE_MAC "" "vf0 untagged"
expects "and goes on to the other VF" vf0 "$b" $random "" "vf1 untagged"
expects "a wrong one is not" wire $fake $WIRE_MAC "" "host untagged"
drop_filter $random
set_vf mac 00:00:00:00:00:00
add_filter "$a"

case_of "vf_macfilter 2 kernel_2pf_2vf_1vm_mac_add_filter"
add_filter $random
expects "the current address" wire "$a" $WIRE_MAC "" "vf0 untagged"
expects "the added address" wire $random $WIRE_MAC "" "vf0 untagged"
drop_filter $random
expects "the removed address is not received" wire $random $WIRE_MAC "" "host untagged"
expects "a wrong one is not" wire $fake $WIRE_MAC "" "host untagged"

# ---- vf_daemon -----------------------------------------------------------------------------------

for vid in 1 2345 4094; do
	case_of "vf_daemon 1 Set VLAN insert for VF from PF, $vid"
	expects "off: without VLAN id" vf0 $unknown "$a" "" "wire untagged"
	set_vf vlan $vid
	expects "on: with the configured one" vf0 $unknown "$a" "" "wire tag $(tag $vid)"
	set_vf vlan 0

	case_of "vf_daemon 2 Set VLAN strip for VF from PF, $vid"
	add_filter "$a" $vid
	expects "off: with the tag" wire "$a" $WIRE_MAC "$(tag $vid)" "vf0 tag $(tag $vid)"
	drop_filter "$a" $vid
	set_vf vlan $vid
	expects "on: without" wire "$a" $WIRE_MAC "$(tag $vid)" "vf0 untagged"
	set_vf vlan 0
done

case_of "vf_daemon 3 Set VLAN antispoof for VF from PF"
add_filter "$a" 5
add_filter "$a" 6
drop_filter "$a"
set_vf spoofchk off
for form in "" "$(tag 5)" "$(tag 7)"; do
	expects "off: tag '$form' is transmitted" vf0 $unknown "$a" "$form" "wire ${form:+tag }${form:-untagged}"
done
set_vf spoofchk on
expects "on: the matching one is transmitted" vf0 $unknown "$a" "$(tag 5)" "wire tag $(tag 5)"
expects "on: another is not" vf0 $unknown "$a" "$(tag 7)"
expects "on: none is not" vf0 $unknown "$a" ""
expects "on: it is received all the same" wire "$a" $WIRE_MAC "$(tag 5)" "vf0 tag $(tag 5)"
add_filter "$a"
drop_filter "$a" 5
drop_filter "$a" 6

case_of "vf_daemon 4 Set mac antispoof for VF from PF"
set_vf spoofchk off
expects "off: a fake source is transmitted" vf0 $unknown $fake "" "wire untagged"
set_vf spoofchk on
expects "on: it is not" vf0 $unknown $fake ""
expects "on: it is received all the same" wire "$a" $WIRE_MAC "" "vf0 untagged"

case_of "vf_daemon 5 Set the MAC address for VF from PF"
drop_filter "$a"
set_vf mac a2:22:33:44:55:66
holds "the VF has it" a2:22:33:44:55:66 \
	"$(ip -n "$(vm 0)" -j link show eth0 | jq -r '.[0].address')"
add_filter a2:22:33:44:55:66
expects "it is received" wire a2:22:33:44:55:66 $WIRE_MAC "" "vf0 untagged"
drop_filter a2:22:33:44:55:66
set_vf mac 00:00:00:00:00:00
add_filter "$a"

case_of "vf_daemon 6 Enable/disable tx loopback"
must nicsw adapter set "$ADAPTER" vepa on
expects "off: the tester gets it, the VF does not" vf1 "$a" "$b" "" "wire untagged"
must nicsw adapter set "$ADAPTER" vepa off
expects "on: the VF gets it, the tester does not" vf1 "$a" "$b" "" "vf0 untagged"

case_of "vf_daemon 9 Show stats for VF from PF"
remember
for _ in 1 2 3 4 5 6 7 8 9 10; do
	expects "a packet" wire "$a" $WIRE_MAC "" "vf0 untagged"
done
counted "$CASE" vf0 rx_packets 10

# long_frame LENGTH: from the wire to VF 0, who got it.
long_frame() {
	see wire "$(printf '%s%s%s%0*d' "$(mac_hex "$a")" "$(mac_hex $WIRE_MAC)" $EXPERIMENT \
		$((2 * ($1 - 14))) 0)" "$2"
}
for case in "10 enhancement to identify VF MTU change" "15 Ixgbe vf jumbo frame test"; do
	case_of "vf_daemon $case"
	set_vf mtu 1500
	holds "MTU 1500: 2000 bytes are not received" "" "$(long_frame 2000 0)"
	set_vf mtu 3000
	holds "MTU 3000: 2000 bytes are received" "vf0 untagged" "$(long_frame 2000 1)"
	must nicsw vf reset 0
	holds "restarted: 2000 bytes are received" "vf0 untagged" "$(long_frame 2000 1)"
done

for vid in 1 3456; do
	case_of "vf_daemon 11 Enable/disable vlan tag forwarding to VSIs, $vid"
	expects "off: not received" wire "$a" $WIRE_MAC "$(tag $vid)" "host tag $(tag $vid)"
	set_vf trunk 0,$vid
	expects "on: received, with the tag" wire "$a" $WIRE_MAC "$(tag $vid)" "vf0 tag $(tag $vid)"
	set_vf trunk none
done

case_of "vf_daemon 14 Set Vlan filter for VF from PF"
set_vf trunk 77
expects "a wrong id is not received" wire "$a" $WIRE_MAC "$(tag 78)" "host tag $(tag 78)"
expects "the configured one is" wire "$a" $WIRE_MAC "$(tag 77)" "vf0 tag $(tag 77)"
set_vf trunk none
expects "removed: without VLAN is received" wire "$a" $WIRE_MAC "" "vf0 untagged"
finish_suite "DTS vf_vlan, vf_macfilter, vf_daemon"
