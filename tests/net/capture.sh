#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `nicsw capture`: frames as pcapng, as they came in, with ports, verdict and drop reason. tcpdump
# reads it; the plain programs come back whatever ends the capture, and no frame is lost by it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_frame.sh"
. "$(dirname "$0")/lib_numbered.sh"

need tcpdump bpftool setpriv
FILE=$DIR/frames.pcapng

# Where a program is, and what it is: id and tag, of each pinned link.
programs() { # id|tag
	local link id
	for link in "$PINS/$ADAPTER/links"/*; do
		id=$(bpftool -j link show pinned "$link" | jq .prog_id)
		echo "$(basename "$link") $(bpftool -j prog show id "$id" | jq -r ".$1")"
	done | join
}

# begin_capture WORD...: returns when it runs. end_capture: interrupts it, waits.
begin_capture() {
	rm -f "$FILE"
	start "$BUILD/nicsw" capture "$@" -w "$FILE" 2>"$DIR/capture.error"
	CAPTURE=$STARTED
	wait_until 20 test -s "$FILE" && return
	fail "capture $* begins: $(cat "$DIR/capture.error")"
	exit 1
}

end_capture() { # [SIGNAL]
	stop "$CAPTURE" "${1:-INT}"
}

# frames [FILTER]: how many of them tcpdump reads.
frames() { tcpdump --count -r "$FILE" "$@" 2>/dev/null | sed -n 's/^\([0-9]*\) packets\?$/\1/p'; }
comments() { grep -a -c -F -e "$1" "$FILE"; }

# has TEXT COUNT COMMENT
has() { check_equal "$1" "$2" "$(comments "$3")"; }

# How often the program of a port asks for a tag in metadata: one that is bound to its device does.
asks_metadata() { # LINK
	bpftool prog dump xlated id \
		"$(bpftool -j link show pinned "$PINS/$ADAPTER/links/$1" | jq .prog_id)" |
		grep -c 'rx_vlan_tag'
}

plain_again() { [ "$(programs id)" = "$before" ]; }

make_world 2
a=$(vf_mac 0) b=$(vf_mac 1)
foreign=02:00:00:00:0f:0f
before=$(programs id)
tags=$(programs tag)
asked=$(asks_metadata vf0)

# ---- all -----------------------------------------------------------------------------------------

begin_capture all
check_not "capturing programs have taken the place of the plain ones" plain_again
check_equal "bound to their devices as those are (FWD-35)" "$asked" "$(asks_metadata vf0)"
delivers "VF to VF arrives" vf0 "$b" "$a" "" "vf1 untagged"
delivers "a spoofed source is dropped" vf0 "$b" $foreign ""
delivers "wire to VF arrives" wire "$a" $WIRE_MAC "" "vf0 untagged"
delivers "broadcast arrives" vf1 $BROADCAST "$b" "" "vf0 untagged" "host untagged" "wire untagged"
must nicsw vf set 0 vlan 10 qos 3
delivers "tag added on the way" vf0 $foreign "$a" "" "wire tag 8100600a"
delivers "tag removed on the way" wire "$a" $WIRE_MAC 8100000a "vf0 untagged"
must nicsw vf set 0 vlan 0
end_capture
check_equal "each frame once, as tcpdump reads it" 6 "$(frames)"
check "the end is said" grep -q "^6 frames captured, 0 lost" "$DIR/capture.error"
has "VF to VF" 1 "vport 1 -> vport 2: forwarded"
has "dropped, with reason and rule" 1 "vport 1: dropped, source_spoofed: source MAC is not one"
has "wire to VF, and with a VLAN" 2 "uplink -> vport 1: forwarded"
has "broadcast" 1 "vport 2 -> group: forwarded"
has "tag added" 1 "vport 1 -> uplink: forwarded, VLAN 10"
has "tag removed" 1 "uplink -> vport 1: forwarded, VLAN 10"
# The sender's forms, not the receivers'.
check_equal "bytes as they came in: without the tag that was added" 1 \
	"$(frames "ether dst $foreign and ether proto 0x$EXPERIMENT")"
check_equal "bytes as they came in: with the tag that was removed" 1 \
	"$(frames "ether dst $a and vlan 10")"
check_equal "interfaces are the ports" 1 "$(comments "VPort 2 on VF 1")"
check_equal "the plain programs are back, the very same" "$before" "$(programs id)"

# ---- one VPort, the wire, drops ------------------------------------------------------------------

begin_capture vport 2
delivers "to it" vf0 "$b" "$a" "" "vf1 untagged"
delivers "from it" vf1 "$a" "$b" "" "vf0 untagged"
delivers "to it with others" wire $BROADCAST $WIRE_MAC "" "vf0 untagged" "vf1 untagged" "host untagged"
delivers "not to it" wire "$a" $WIRE_MAC "" "vf0 untagged"
end_capture
check_equal "a VPort: what it sends and what it gets" 3 "$(frames)"
has "sent by it" 1 "vport 2 -> vport 1: forwarded"
has "delivered to it" 1 "vport 1 -> vport 2: forwarded"
has "its copy for a group" 1 "uplink -> vport 2: forwarded"

begin_capture uplink --snaplen 20
delivers "VF to VF is not on the wire" vf0 "$b" "$a" "" "vf1 untagged"
delivers "VF to wire" vf0 $foreign "$a" "" "wire untagged"
delivers "wire to VF" wire "$b" $WIRE_MAC "" "vf1 untagged"
end_capture
check_equal "the wire: both directions" 2 "$(frames)"
check_equal "no more than --snaplen bytes of each" 2 \
	"$(tcpdump -n -xx -r "$FILE" 2>/dev/null | grep -c '0x0010:  .... ....$')"

begin_capture vport 1 --drops
delivers "forwarded" vf0 "$b" "$a" "" "vf1 untagged"
delivers "dropped" vf0 "$b" $foreign ""
delivers "dropped elsewhere" vf1 "$a" $foreign ""
end_capture
check_equal "--drops: only those, and only of the port" 1 "$(frames)"

# ---- standard output -----------------------------------------------------------------------------

"$BUILD/nicsw" capture all --count 3 2>"$DIR/capture.error" | tcpdump -n -r - >"$DIR/text" 2>&1 &
pipe=$!
captures() { ! plain_again; }
wait_until 20 captures
for _ in 1 2 3; do
	delivers "a frame for the pipe" vf0 "$b" "$a" "" "vf1 untagged"
done
wait $pipe
check_equal "| tcpdump -r -, and --count ends it" 3 "$(grep -c " > \|ethertype" "$DIR/text")"
check "and the plain programs are back" wait_until 5 plain_again

# ---- who may, and how many -----------------------------------------------------------------------

refused "no such VPort" 1 "no VPort 99" nicsw capture vport 99 -w "$DIR/other"
refused "what, is not said" 2 "vport N, uplink or all" nicsw capture -w "$DIR/other"
begin_capture all
refused "a second capture" 1 "running already" nicsw capture uplink -w "$DIR/other"
check_not "its file is not made" test -e "$DIR/other"
refused "a user who may only read" 1 "not permitted" \
	setpriv --reuid 65534 --regid 65534 --clear-groups "$BUILD/nicsw" capture all -w "$DIR/other"

# ---- a netdev that comes meanwhile ---------------------------------------------------------------

must nicsw vf detach 1
attach_vf 1
delivers "a port that is made during the capture" vf1 "$a" "$b" "" "vf0 untagged"
end_capture
has "takes part" 1 "vport 2 -> vport 1: forwarded"
before=$(programs id)

# ---- kill -9 -------------------------------------------------------------------------------------

begin_capture vport 1
check_not "capturing" plain_again
end_capture KILL
check "kill -9 of the CLI: the very same plain programs come back" wait_until 5 plain_again

begin_capture all
stop_daemon TERM
wait $CAPTURE
check_equal "the end of the daemon ends the capture" 3 $?
check_equal "and leaves the very same plain programs" "$before" "$(programs id)"
start_daemon

begin_capture all
stop_daemon KILL
wait $CAPTURE
check_equal "kill -9 of the daemon ends the capture" 3 $?
check "the daemon's end is said" grep -q "nicswd closed the connection" "$DIR/capture.error"
delivers "the switch goes on" vf0 "$b" "$a" "" "vf1 untagged"
start_daemon
check_equal "the next daemon brings the plain programs back" "$tags" "$(programs tag)"
before=$(programs id)

# ---- under load ----------------------------------------------------------------------------------

swap_under_load() {
	local done=0
	start_numbered --receiver "$(vm 0):eth0" --receiver "$(vm 1):eth0" \
		--flow "A,from=$WIRE:eth0,to=$a,src=$WIRE_MAC,rate=8000,allow=0" \
		--flow "B,from=$(vm 0):eth0,to=$b,src=$a,rate=8000,allow=1" --seconds 4
	while numbered_goes_on; do
		timeout -s INT 2 "$BUILD/nicsw" capture all --count 200 >"$FILE" \
			2>"$DIR/capture.error"
		done=$((done + 1))
	done
	stop_numbered
	figure "captures begun and ended under load: $done, frames $(result '[.flows[].sent] | add')"
	check_number "programs were exchanged under load, there and back" $done -ge 3
}
swap_under_load
check_numbers "exchange under load"
check "and the plain programs are back" wait_until 5 plain_again

# Captured and lost are all there were.
remember
begin_capture all
run_numbered --receiver "$(vm 1):eth0" \
	--flow "A,from=$(vm 0):eth0,to=$b,src=$a,rate=400000,allow=0" --seconds 1
sent=$(($(counter vf0 tx_packets) - $(jq -r '.[] | select(.port == "vf0").tx_packets' "$DIR/stats")))
end_capture
read -r captured _ _ lost _ <"$DIR/capture.error"
figure "at full speed: $sent frames, $captured captured, $lost lost to the ring"
check_equal "captured + lost = sent" "$sent" "$((captured + lost))"
check_equal "what tcpdump reads" "$captured" "$(frames)"

# ---- the adapter goes ----------------------------------------------------------------------------

begin_capture all
must nicsw adapter del "$ADAPTER"
wait $CAPTURE
check_equal "adapter del ends it" 3 $?
finish
