#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `vf set N trust on`: the address that the guest gives its netdev becomes the VF's, with the source
# check and its filters, in one change; unless it is somebody else's. It stays the guest's when the
# trust ends, and what the VF was allocated with stays as it was (ALLOC-VF-22).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 3
a=$(vf_mac 0) b=$(vf_mac 1)
unknown=02:00:00:00:0f:0f
chosen=02:00:00:00:0c:01
must nicsw filter set vport "$(vport_of 0)" mac "$a" vlan 7
filter=$(filter_of "$a")
mac_of() { json ".[] | select(.vf_id == 0).admin_mac_address" vf show; }
netdev_of() { json ".[] | select(.vf_id == 0).netdev" vf show; }
has_mac() { [ "$(mac_of)" = "$1" ] && [ "$(netdev_of)" = null ]; }
is_refused() { [ "$(netdev_of)" = mac ]; }
guest_mac() { must ip -n "$(vm 0)" link set eth0 address "$1"; }

must nicsw vf set 0 trust on
guest_mac $chosen
check "the guest's choice is the VF's address" wait_until 10 has_mac $chosen
check_equal "its filter goes on under the new address" "$filter" "$(filter_of $chosen)"
check_equal "that of the VLAN, too" 2 \
	"$(json "[.[] | select(.mac == \"$chosen\")] | length" filter show)"
check_equal "as allocated" "$a" "$(json '.[0].current_mac_address' vf show)"
delivers "it may send from there" vf0 $unknown $chosen "" "wire untagged"
delivers "in its VLAN, too" vf0 $unknown $chosen 81000007 "wire tag 81000007"
delivers "and is reached there" wire $chosen $WIRE_MAC "" "vf0 untagged"
delivers "the old address is nobody's" wire "$a" $WIRE_MAC "" "host untagged"
remember
delivers "nor may it send from there any more" vf0 $unknown "$a" ""
counted "old address" vf0 drops.source_spoofed 1

# refuse HOW MAC: of somebody else.
refuse() {
	guest_mac "$2"
	check "$1: refused" wait_until 10 is_refused
	check_equal "$1: the VF's address stays" $chosen "$(mac_of)"
	check_equal "$1: its filter stays" "$filter" "$(filter_of $chosen)"
	check "$1: the daemon says why" grep -q "VF 0: $2 is $3" "$LOG"
	remember
	delivers "$1: what it sends from there is dropped" vf0 $unknown "$2" ""
	counted "$1" vf0 drops.source_spoofed 1
	guest_mac $chosen
	check "$1: undone" wait_until 10 has_mac $chosen
}

refuse "another VF's address" "$b" "another VPort's"
delivers "its frames still reach it" wire "$b" $WIRE_MAC "" "vf1 untagged"
must nicsw filter set vport "$(vport_of 2)" mac 02:00:00:00:0c:02 vlan 9
refuse "an address of another VPort's filter, in whatever VLAN" 02:00:00:00:0c:02 "another VPort's"
refuse "the adapter's own" $UPLINK_MAC "the adapter's own"

must nicsw vf reset 0
check_equal "a reset leaves it" $chosen \
	"$(ip -n "$(vm 0)" -j link show eth0 | jq -r '.[0].address')"
must nicsw vf set 0 trust off
guest_mac 02:00:00:00:0c:03
check "not trusted any more: the next one is not taken" wait_until 10 is_refused
check_equal "the last one stays" $chosen "$(mac_of)"
delivers "and works" wire $chosen $WIRE_MAC "" "vf0 untagged"
