#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Cases of rhel-sriov-test (sriov/tests): SR_IOV_Permutation, SR_IOV_InterVF (with its multicast
# form), SR_IOV_Spoof_Mac, SR_IOV_QinQ, SR_IOV_MTU, SR_IOV_macAddress, SR_IOV_macAddressDuplicate. The
# traffic generator is the wire; what a ping asks there is a frame each way here.
#
# Left out: SR_IOV_TrustMode (the guest's own choice of an address), bonding, OVS, DPDK in the guest.
# QoS is set with a VLAN only, as in the procedure.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_suite.sh"

make_world 2 9000
a=$(vf_mac 0) b=$(vf_mac 1)
spoofed=02:00:00:00:77:01
find_places

# set_permutation VF SPOOF TRUST QOS VLAN RATE
set_permutation() {
	local words=(spoofchk "$2" trust "$3")
	if [ "$5" = vlan ]; then
		words+=(vlan 10)
		[ "$4" = qos ] && words+=(qos 5) || words+=(qos 0)
	else
		words+=(vlan 0)
	fi
	[ "$6" = rate ] && words+=(max_tx_rate 100) || words+=(max_tx_rate 0)
	must nicsw vf set "$1" "${words[@]}"
}

for spoof in on off; do for trust in on off; do for qos in qos -; do for vlan in vlan -; do
	for rate in rate -; do
		permutation="spoofchk $spoof trust $trust qos $qos vlan $vlan max_tx_rate $rate"
		set_permutation 0 $spoof $trust $qos $vlan $rate
		set_permutation 1 $spoof $trust $qos $vlan $rate
		in= out=untagged
		[ $vlan = - ] || { in=8100000a out="tag 8100000a"; }
		[ "$vlan$qos" != vlanqos ] || out="tag 8100a00a"
		case_of "SR_IOV_Permutation $permutation"
		expects "the generator reaches the VF" wire "$a" $WIRE_MAC "$in" "vf0 untagged"
		expects "the VF reaches the generator" vf0 $WIRE_MAC "$a" "" "wire $out"
		case_of "SR_IOV_InterVF $permutation"
		expects "there" vf0 "$b" "$a" "" "vf1 untagged"
		expects "and back" vf1 "$a" "$b" "" "vf0 untagged"
		case_of "SR_IOV_InterVF_Multicast_IPv6 $permutation"
		expects "multicast reaches the other VF" vf0 33:33:00:00:00:01 "$a" "" \
			"vf1 untagged" "wire $out" "host $out"
	done
done; done; done; done
for vf in 0 1; do
	set_permutation $vf on off - - -
done

for spoof in off on; do
	case_of "SR_IOV_Spoof_Mac spoofchk $spoof"
	must nicsw vf set 0 spoofchk $spoof
	if [ $spoof = off ]; then
		expects "the generator sees the spoofed source" vf0 $WIRE_MAC $spoofed "" "wire untagged"
	else
		expects "the generator does not" vf0 $WIRE_MAC $spoofed ""
	fi
done

case_of "SR_IOV_QinQ"
must nicsw vf set 0 vlan 100 proto 802.1ad
expects "outside and inside tag arrive" vf0 $WIRE_MAC "$a" 810000c8 "wire tag 88a80064"
grep -q 88a80064810000c8 "$DIR/seen" && inside=yes || inside=no
holds "the inside tag is behind it" yes "$inside"
must nicsw vf set 0 vlan 0

for mtu in 1500 9000; do
	case_of "SR_IOV_MTU $mtu"
	must nicsw vf set 0 mtu $mtu
	holds "the VF has it" $mtu "$(ip -n "$(vm 0)" -j link show eth0 | jq '.[0].mtu')"
	holds "a packet of that size arrives" "vf0 untagged" \
		"$(see vf1 "$(printf '%s%s%s%0*d' "$(mac_hex "$a")" "$(mac_hex "$b")" $EXPERIMENT \
			$((2 * mtu)) 0)" 1)"
done

address_of() { ip -n "$(vm "$1")" -j link show eth0 | jq -r '.[0].address'; }
for vf in 0 1; do
	must nicsw filter clear "$(filter_of "$(vf_mac $vf)")"
done
case_of "SR_IOV_macAddress"
must nicsw vf set 0 mac 02:00:00:00:88:01
holds "the VF has the address" 02:00:00:00:88:01 "$(address_of 0)"
holds "the PF shows it" 02:00:00:00:88:01 "$(json '.[0].admin_mac_address' vf show 0)"
case_of "SR_IOV_macAddressDuplicate"
must nicsw vf set 1 mac 02:00:00:00:88:02
holds "each its own" "02:00:00:00:88:01 02:00:00:00:88:02" "$(address_of 0) $(address_of 1)"
must nicsw vf set 0 mac 02:00:00:00:88:02
must nicsw vf set 1 mac 02:00:00:00:88:01
holds "swapped" "02:00:00:00:88:02 02:00:00:00:88:01" "$(address_of 0) $(address_of 1)"
finish_suite "rhel-sriov-test"
