#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The VF path (packet-flow 6): what goes from VF to VF, or to the wire, is between guest, VF and
# switch alone. Host and daemon see nothing of it and do nothing for it, and each VF has its own
# queues.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_tcp.sh"
. "$(dirname "$0")/lib_numbered.sh"

make_world 3
# No question for an address, now or later: the host would get it.
knows() { must ip -n "$1" neighbour add "$2" lladdr "$3" dev "$4" nud permanent; } # NS IP MAC DEV
knows "$(vm 0)" "$(vf_ip 1)" "$(vf_mac 1)" eth0
knows "$(vm 1)" "$(vf_ip 0)" "$(vf_mac 0)" eth0
knows "$(vm 2)" $PF_IP $UPLINK_MAC eth0
knows "$HOST" "$(vf_ip 2)" "$(vf_mac 2)" "$ADAPTER"

# What a namespace's stack has had to do, by protocol and netdev.
stack_of() {
	within "$1" cat /proc/net/snmp /proc/net/netstat
	ip -n "$1" -j -s link show | jq -c '.[] | [.ifname, .stats64]'
}

# The host, and the namespace of the switch ends, which has a stack as well.
host_work() {
	stack_of "$HOST"
	within "nicsw-$ADAPTER" cat /proc/net/snmp /proc/net/netstat
}

host_is_still() { # TEXT
	check "$1: netdevs, IP, TCP and UDP of the host stand still" \
		diff <(echo "$before") <(host_work)
}

before=$(host_work)
must within "$HOST" ping -q -c 1 "$(vf_ip 2)"
check_not "the counters would show a frame of the host" diff <(echo "$before") <(host_work)

before=$(host_work)
remembered=$(counter vf1 rx_packets)
run_numbered --seconds 1 --receiver "$(vm 1):eth0" --receiver "$HOST:$ADAPTER" \
	--receiver "$HOST:$UPLINK" --receiver "$WIRE:eth0" \
	--flow "direct,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=20000,allow=0"
check_numbers "PATH-1 VF to VF"
check_equal "PATH-1 all frames went from VF to VF" "$(result .flows[0].sent)" \
	"$(($(counter vf1 rx_packets) - remembered))"
host_is_still "FLOW-6 PATH-1 frames from VF to VF"
check_tcp "PATH-1 TCP VF to VF" "$(vm 0)" "$(vm 1)" "$(vf_ip 1)"
host_is_still "FLOW-6 PATH-1 TCP from VF to VF"

# Stopped, not ended: whatever the daemon had to do for a frame would not be done.
must kill -STOP "$DAEMON"
run_numbered --seconds 1 --receiver "$(vm 1):eth0" --receiver "$WIRE:eth0" \
	--receiver "$(vm 0):eth0" \
	--flow "direct,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=20000,allow=0" \
	--flow "out,from=$(vm 1):eth0,to=$WIRE_MAC,src=$(vf_mac 1),rate=20000,allow=1" \
	--flow "in,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=20000,allow=2"
must kill -CONT "$DAEMON"
check_numbers "FLOW-6 PATH-2 with a daemon that stands still"

# ---- queues --------------------------------------------------------------------------------------

# Frames that the receive queues of a netdev have had.
queued() { # NS DEV
	within "$1" ethtool -S "$2" |
		awk '/ rx_queue_[0-9]+_xdp_packets:/ { sum += $2 } END { print sum + 0 }'
}

queues_of() { # NS DEV KIND
	ip -n "$1" -j -d link show "$2" | jq ".[].num_$3_queues"
}

for vf in 0 1 2; do
	for kind in rx tx; do
		check_equal "FLOW-4 VF $vf has its own $kind queues" "$(nproc)" \
			"$(queues_of "$(vm $vf)" eth0 $kind)"
	done
done
sender=$(queued "nicsw-$ADAPTER" vf0) receiver=$(queued "$(vm 1)" eth0)
others=$(queued "nicsw-$ADAPTER" vf1),$(queued "$(vm 2)" eth0),$(queued "nicsw-$ADAPTER" vf2)
run_numbered --seconds 1 --receiver "$(vm 1):eth0" \
	--flow "queued,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=20000"
sent=$(result .flows[0].sent)
check_equal "FLOW-4 what VF 0 sends is in its own queues" "$sent" \
	$(($(queued "nicsw-$ADAPTER" vf0) - sender))
check_equal "FLOW-4 what VF 1 receives is in its own queues" "$sent" \
	$(($(queued "$(vm 1)" eth0) - receiver))
check_equal "FLOW-4 and in no other" "$others" \
	"$(queued "nicsw-$ADAPTER" vf1),$(queued "$(vm 2)" eth0),$(queued "nicsw-$ADAPTER" vf2)"
