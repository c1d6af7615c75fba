#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Nondefault VPorts on the PF: each a netdev of its own on the host, from its activation to its
# deletion, and before and after that the host's frames go by the PF's netdev.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_numbered.sh"

make_world 2
a=$(vf_mac 0)
mac_p=02:00:00:00:05:01 mac_q=02:00:00:00:05:02 unknown=02:00:00:00:0f:0f
group=01:00:5e:00:00:01
# Each netdev answers for its own address only.
within "$HOST" sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
	echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce'

# ---- before the activation -----------------------------------------------------------------------

p=$(create_pf_vport queue-pairs 1 name fast)
dev_p=$(vport_dev "$p")
check_equal "FLOW-3: it is the PF's, and starts deactivated" "pf deactivated fast" \
	"$(json ".[] | select(.vport_id == $p) | \"\(.function_id) \(.state) \(.name)\"" vport show)"
must nicsw filter set vport "$p" mac $mac_p
check_not "CREATE-VP-27 FLOW-16: no netdev before the activation" has_vport_netdev "$p"
check_not "FLOW-13: nor has a VF's VPort one on the host" has_vport_netdev "$(vport_of 0)"
delivers "FWD-13: no match on a VPort that is not activated, wire -> default VPort" \
	wire $mac_p $WIRE_MAC "" "host untagged"
delivers "FWD-13: VF -> the wire" vf0 $mac_p "$a" "" "wire untagged"
refused "MOVE-RF-12: no filter moves to it" 1 "MOVE-RF-12" \
	nicsw filter move "$(filter_of "$a")" vport "$p"

# ---- activated -----------------------------------------------------------------------------------

must nicsw vport set "$p" state activated
q=$(create_pf_vport)
must ip -n "$HOST" link add "$(vport_dev "$q")" type bridge
refused "GEN-17: the name of its netdev is taken" 1 "is there already.*STATUS_FAILURE" \
	nicsw vport set "$q" state activated
must ip -n "$HOST" link del "$(vport_dev "$q")"
must nicsw vport set "$q" state activated
dev_q=$(vport_dev "$q")
check "PARAM-VP-10: the activation brings its netdev" has_vport_netdev "$p"
check_equal "its address is that of its filter" $mac_p \
	"$(ip -n "$HOST" -j link show "$dev_p" | jq -r '.[0].address')"
check_equal "FLOW-4: a queue for each queue pair" 1 \
	"$(ip -n "$HOST" -d -j link show "$dev_p" | jq -r '.[0].num_rx_queues')"
# Of the host's own sysfs: another one shows other devices.
steering() { ip netns exec "$HOST" cat "/sys/class/net/$1/queues/rx-0/rps_cpus"; }
check_equal "RXQ-8: its processor works for it" 1 "$((0x$(steering "$dev_p")))"
if [ "$(nproc)" -gt 1 ]; then
	must nicsw vport set "$p" cpu 1
	check_equal "RXQ-13: another processor, at run time" 2 "$((0x$(steering "$dev_p")))"
	must nicsw vport set 0 cpu 1
	check_equal "RXQ-13: of the default VPort, too" 2 "$((0x$(steering "$ADAPTER")))"
fi
check_equal "what it sends has its checksum" off "$(feature "$HOST" "$dev_p" tx-checksumming)"
refused "PARAM-VP-11: it does not go back" 1 "PARAM-VP-11" nicsw vport set "$p" state deactivated
find_places

remember
delivers "FT-3 FLOW-10: wire -> VPort of the PF, at its netdev only" \
	wire $mac_p $WIRE_MAC "" "vport$p untagged"
counted "FT-3" "vport$p" rx_packets 1
counted "FT-3" pf rx_packets 0
remember
delivers "FWD-5: VF -> VPort of the PF, not on the wire" \
	vf0 $mac_p "$a" "" "vport$p untagged"
delivers "FWD-9: host -> VPort of the PF" host $mac_p $UPLINK_MAC "" "vport$p untagged"
counted "FWD-5 FWD-9" uplink rx_packets 0
delivers "FWD-2: what matches nothing is the default VPort's still" \
	wire $unknown $WIRE_MAC "" "host untagged"

remember
delivers "FLOW-11 FWD-8: VPort of the PF -> VF" "vport$p" "$a" $mac_p "" "vf0 untagged"
delivers "FWD-10: VPort of the PF -> unknown unicast: the wire" \
	"vport$p" $unknown $mac_p "" "wire untagged"
delivers "FWD-9: VPort of the PF -> the PF's own address" \
	"vport$p" $UPLINK_MAC $mac_p "" "host untagged"
delivers "FWD-11: VPort of the PF -> itself: dropped" "vport$p" $mac_p $mac_p ""
delivers "FWD-32: the host may send any source" \
	"vport$p" $unknown 02:00:00:00:05:09 "" "wire untagged"
counted "FLOW-11" "vport$p" tx_packets 5
counted "FLOW-11" pf tx_packets 0

# VPort q has no filter yet.
remember
delivers "FLOW-7 LC-VP-7: without a filter it sends nothing" "vport$q" $unknown $mac_q ""
counted "FLOW-7" "vport$q" drops.vport_inactive 1
delivers "FWD-20 FWD-21: broadcast of the wire reaches those with a filter" \
	wire $BROADCAST $WIRE_MAC "" "host untagged" "vf0 untagged" "vf1 untagged" "vport$p untagged"
delivers "FWD-24 FWD-25 RXQ-24: broadcast of a VPort of the PF" \
	"vport$p" $BROADCAST $mac_p "" "wire untagged" "host untagged" "vf0 untagged" "vf1 untagged"
delivers "FWD-31: its own multicast comes back from the wire: dropped" wire $group $mac_p ""

must nicsw filter set vport "$q" mac $mac_q vlan 7
delivers "MATCH-11 MATCH-14: a VPort of the PF in VLAN 7 gets no tag" \
	wire $mac_q $WIRE_MAC 81000007 "vport$q untagged"
delivers "FWD-34: what it sends to the wire gets the tag" \
	"vport$q" $unknown $mac_q "" "wire tag 81000007"
delivers "FWD-23: broadcast of VLAN 7" wire $BROADCAST $WIRE_MAC 81000007 \
	"host tag 81000007" "vport$q untagged"
delivers "MATCH-5: its address outside the VLAN is nobody's" \
	wire $mac_q $WIRE_MAC "" "host untagged"

filter=$(nicsw filter set vport 0 mac 02:00:00:00:05:03 | awk '{ print $2 }')
must nicsw filter move "$filter" vport "$p"
delivers "MOVE-RF-10: a filter moves to it" wire 02:00:00:00:05:03 $WIRE_MAC "" "vport$p untagged"
must nicsw filter move "$filter" vport 0
delivers "MOVE-RF-10: and away" wire 02:00:00:00:05:03 $WIRE_MAC "" "host untagged"
refused "SET-RF-28: its address is taken" 1 "SET-RF-28" nicsw filter set vport 0 mac $mac_p

check_equal "PF's and VPorts' packets are told apart" "pf vport$p vport$q" \
	"$(json '[.[] | select(.port | test("^(pf|vport)")).port] | join(" ")' stats show)"

# ---- the host's stack ----------------------------------------------------------------------------

# The route by the VPort is the better one, while the VPort is there.
must ip -n "$HOST" address add 10.9.3.1/32 dev "$dev_p"
must ip -n "$HOST" route add $WIRE_IP/32 dev "$dev_p" src 10.9.3.1
remember
check "FLOW-11: the host pings by its VPort" ping_ok "$HOST" $WIRE_IP 5
check_number "FLOW-11: frames left by the VPort" \
	"$(($(counter "vport$p" tx_packets) - $(jq -r ".[] | select(.port == \"vport$p\").tx_packets" "$DIR/stats")))" -ge 5
check "FLOW-3: and is reached by it" ping_ok "$WIRE" 10.9.3.1 5

# ---- lost ----------------------------------------------------------------------------------------

must ip -n "$HOST" link del "$dev_q"
check "a netdev that somebody deletes is made again" wait_until 10 has_vport_netdev "$q"
vport_q_hears() {
	[ "$(see wire "$(frame_hex $mac_q $WIRE_MAC 81000007)" 1)" = "vport$q untagged" ]
}
check "and gets its frames" wait_until 10 vport_q_hears
must ip -n "$HOST" link set "$dev_q" address 02:00:00:00:05:07
delivers "with another address it goes on" wire $mac_q $WIRE_MAC 81000007 "vport$q untagged"

# ---- the end, under load -------------------------------------------------------------------------

refused "DELETE-VP-5: not while it has filters" 1 "DELETE-VP-5" nicsw vport delete "$p"
refused "DELETE-SW-5: nor goes the switch" 1 "DELETE-SW" nicsw switch delete
start_numbered --receiver "$HOST:$ADAPTER" --receiver "$(vm 0):eth0" --receiver "$(vm 1):eth0" \
	--receiver "$(vport_place "$q")" \
	--flow "to-p,from=$WIRE:eth0,to=$mac_p,src=$WIRE_MAC,rate=20000,allow=0" \
	--flow "past-p,from=$WIRE:eth0,to=$a,src=$WIRE_MAC,rate=10000,allow=1"
must nicsw filter clear "$(filter_of $mac_p)"
must nicsw vport delete "$p"
check_not "DELETE-VP-8 LC-VP-10: its netdev is gone" has_vport_netdev "$p"
frames_come() { [ "$(counter "vport$other" rx_packets)" -gt 100 ]; }
wrong=()
for ((i = 0; i < 8; i++)); do
	# The same id and the same port, now somebody else's: not one frame of the load is for it.
	other=$(create_pf_vport)
	must nicsw filter set vport "$other" mac 02:00:00:00:06:01
	must nicsw vport set "$other" state activated
	[ "$other" = "$p" ] || wrong+=("VPort $other")
	[ "$(counter "vport$other" rx_packets)" = 0 ] ||
		wrong+=("round $i: a stranger got $(counter "vport$other" rx_packets) frames")
	# Now they are for it, and then no more.
	filter=$(nicsw filter set vport "$other" mac $mac_p | awk '{ print $2 }')
	wait_until 5 frames_come || wrong+=("round $i: no frames come")
	must nicsw filter clear "$filter"
	must nicsw filter clear "$(filter_of 02:00:00:00:06:01)"
	must nicsw vport delete "$other"
done
check_equal "DELETE-VP-11 LC-VP-11: whoever has id and port next gets none of its frames" "" \
	"$(printf '%s; ' "${wrong[@]}" | sed 's/^; $//')"
stop_numbered
check_equal "LC-VP-9 LC-VP-11: frames at strangers" 0 "$(result .foreign)"
check_equal "DELETE-VP-8: frames for others are not lost" 0 \
	"$(result '.flows[] | select(.name == "past-p") | .lost + .doubled')"
remember
check "FT-10 FLOW-12 DELETE-VP-10: the host's frames go by the PF's netdev now" \
	ping_ok "$HOST" $WIRE_IP 5
check_number "FT-10: frames left by the default VPort" \
	"$(($(counter pf tx_packets) - $(jq -r '.[] | select(.port == "pf").tx_packets' "$DIR/stats")))" -ge 5

# ---- the pool ------------------------------------------------------------------------------------

more=()
for ((i = 0; i < 7; i++)); do
	more+=("$(create_pf_vport)")
done
refused "CREATE-VP-10 CAP-SW-17: eight and no more" 1 "CREATE-VP-10" nicsw vport create pf
refused "CREATE-VP-12: all have the same number of queue pairs" 1 "CREATE-VP-12" \
	nicsw vport create pf queue-pairs 2
must nicsw vport set "${more[0]}" state activated
check_equal "an address of its own, local" 2 \
	"$((0x$(ip -n "$HOST" -j link show "$(vport_dev "${more[0]}")" | jq -r '.[0].address[1:2]') & 2))"
check "adapter del" nicsw adapter del "$ADAPTER"
check_equal "no netdevs are left" "" \
	"$(ip -n "$HOST" -o link show | grep -v -e ' lo:' -e " $UPLINK@")"
check_equal "the adapter's namespace is gone" "" "$(ip netns list | grep "nicsw-$ADAPTER")"
