#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# MATCH-14 where unicast and group frames leave the switch in one bulk: the kernel runs the program of the
# first frame on all of them, so an access port must get neither a broadcast with its tag nor a unicast
# frame without its payload's.
. "$(dirname "$0")/lib.sh"

BULKS=20
BULK=16 # frames: many bulks, and never as many as the ring of a veth holds
FRAMES=$((BULKS * BULK))

# listen FILTER FILE: what arrives at vf0, in the background, and is seen to begin.
listen() {
	within "$(vm 0)" tcpdump -nn -e -i eth0 -U -w "$DIR/$2" "$1" 2>"$DIR/$2.log" &
	LISTENER=$!
	wait_until 5 grep -q 'listening on' "$DIR/$2.log" || fail "tcpdump listens"
}

# arrived FILE [FILTER]: frames in it; of one that it does not know tcpdump prints the bytes, too.
arrived() { tcpdump -nn -e -r "$DIR/$1" ${2:+"$2"} 2>/dev/null | grep -c '^[0-9][0-9]:'; }
all_arrived() { [ "$(arrived "$1")" -ge "$2" ]; }

# mixed VID: sends from the wire; all of it arrives at vf0.
mixed() {
	local file=vlan$1.pcap before
	before=$(counter vf0 rx_packets)
	listen "ether src $WIRE_MAC" "$file"
	for _ in $(seq $BULKS); do
		must "$TOOLS/mix" "$WIRE:eth0" "$(vf_mac 0)" $WIRE_MAC "$1" $BULK
	done
	wait_until 5 all_arrived "$file" $FRAMES
	kill $LISTENER
	wait $LISTENER
	check_equal "VLAN $1: every frame arrives" "$FRAMES" "$(arrived "$file")"
	check_equal "VLAN $1: and is counted" "$FRAMES" "$(($(counter vf0 rx_packets) - before))"
	check_number "VLAN $1: both kinds were there" \
		"$(arrived "$file" "ether broadcast")" -gt 50
	check_equal "VLAN $1: none has a tag" "0" "$(arrived "$file" vlan)"
}

make_world 1
must nicsw vf set 0 vlan 10
mixed 10
must nicsw vf set 0 vlan 0
must nicsw filter clear "$(filter_of "$(vf_mac 0)")"
must nicsw filter set vport 1 mac "$(vf_mac 0)" vlan 20
mixed 20
finish
