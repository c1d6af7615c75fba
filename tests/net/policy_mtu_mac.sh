#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `vf set N mtu M` and `vf set N mac MAC`: the netdev gets them, the switch goes by them, a guest that
# changes them itself harms only itself, and a reset puts them back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"

make_world 2
a=$(vf_mac 0) b=$(vf_mac 1)
other=02:00:00:00:0a:0a
unknown=02:00:00:00:0f:0f

link_of() { ip -n "$(vm "$1")" -j link show eth0 | jq -r ".[0].$2"; }

# long_hex DESTINATION SOURCE LENGTH: a frame of this length.
long_hex() { printf '%s%s%s%0*d' "$(mac_hex "$1")" "$(mac_hex "$2")" $EXPERIMENT $((2 * ($3 - 14))) 0; }

# longest TEXT FROM DESTINATION SOURCE LENGTH PLACE: the one arrives, one byte more does not.
longest() {
	local arrivals
	arrivals=$(see "$2" "$(long_hex "$3" "$4" "$5")" 1)
	check_equal "$1: $5 bytes arrive" "$6 untagged" "$arrivals"
	arrivals=$(see "$2" "$(long_hex "$3" "$4" $(($5 + 1)))" 0)
	check_equal "$1: $(($5 + 1)) bytes do not" "" "$arrivals"
}

# ---- mtu: 18 bytes of header and tag come to it
find_places
check_equal "MTU from the uplink" 1500 "$(link_of 0 mtu)"
must nicsw vf set 0 mtu 1000
check_equal "the guest's netdev has it" 1000 "$(link_of 0 mtu)"
check_equal "show says so" 1000 "$(json '.[0].mtu' vf show 0)"
remember
longest "to a VF of MTU 1000" vf1 "$a" "$b" 1018 vf0
counted "PATH-3" vf0 drops.too_long 1
must ip -n "$(vm 0)" link set eth0 mtu 1400
delivers "the guest raises it by itself: short frames arrive" vf1 "$a" "$b" "" "vf0 untagged"
remember
check_equal "PATH-3: the host's limit holds" "" "$(see vf1 "$(long_hex "$a" "$b" 1019)" 0)"
counted "PATH-3" vf0 drops.too_long 1
must nicsw vf reset 0
check_equal "a reset puts it back" 1000 "$(link_of 0 mtu)"
must nicsw vf detach 0
must nicsw vf attach 0 netns "$(vm 0)" dev eth0
check_equal "an attach gives it" 1000 "$(link_of 0 mtu)"
refused "more than the adapter's MTU" 1 "PATH-3" nicsw vf set 0 mtu 1501
refused "less than IP needs" 1 "PATH-3" nicsw vf set 0 mtu 67
check "the least" nicsw vf set 0 mtu 68
must nicsw vf set 0 mtu 0
check_equal "0: the adapter's again" 1500 "$(link_of 0 mtu)"

# ---- mac
refused "a new address while a filter has the old one" 1 "filter 1 still has" \
	nicsw vf set 0 mac $other
refused "a group address" 1 "ALLOC-VF-8" nicsw vf set 0 mac 01:00:5e:00:00:01
must nicsw filter clear "$(filter_of "$a")"
check "without it" nicsw vf set 0 mac $other
check_equal "the guest's netdev has it" $other "$(link_of 0 address)"
check_equal "show says so" $other "$(json '.[0].admin_mac_address' vf show 0)"
check_equal "ALLOC-VF-22 what was allocated stays" "$a" "$(json '.[0].current_mac_address' vf show 0)"
must nicsw filter set vport "$(vport_of 0)" mac $other
delivers "frames for the new address" wire $other $WIRE_MAC "" "vf0 untagged"
delivers "frames with the new source" vf0 $unknown $other "" "wire untagged"
remember
delivers "the old source is spoofed" vf0 $unknown "$a" ""
counted "FWD-32" vf0 drops.source_spoofed 1
must ip -n "$(vm 0)" link set eth0 address $unknown
remember
delivers "the guest takes another: its frames are dropped" vf0 "$b" $unknown ""
counted "FWD-32" vf0 drops.source_spoofed 1
must nicsw vf reset 0
check_equal "a reset puts it back" $other "$(link_of 0 address)"
stop_daemon KILL
start_daemon
delivers "after a restart: the new source" vf0 $unknown $other "" "wire untagged"
must nicsw vf detach 0
must nicsw vf attach 0 netns "$(vm 0)" dev eth0
check_equal "an attach gives it" $other "$(link_of 0 address)"
must nicsw filter clear "$(filter_of $other)"
must nicsw vf set 0 mac 00:00:00:00:00:00
check_equal "all zero: as allocated" "$a" "$(link_of 0 address)"
check_equal "show has none" null "$(json '.[0].admin_mac_address' vf show 0)"
finish
