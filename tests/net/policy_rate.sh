#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Rates of VFs: what passes max_tx_rate is that rate, in bits of layer 2, and a TCP stream uses it;
# min_tx_rate is a share of the wire that others cannot take.
#
#   SECONDS_OF_UDP=10
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"
. "$(dirname "$0")/lib_tcp.sh"

seconds=${SECONDS_OF_UDP:-10}
make_world 3
size=1514
unknown=02:00:00:00:0f:0f

# frames_for MBIT: frames of `size` bytes in a second.
frames_for() { echo $(($1 * 1000000 / 8 / size)); }

# remember: what counts were; grown PORT FIELD: by how much one has since.
remember() { nicsw -j stats show >"$DIR/stats"; }
grown() {
	echo $(($(counter "$1" "$2") - $(jq -r ".[] | select(.port == \"$1\").$2" "$DIR/stats")))
}

# One flow of numbered: VF N to the wire, MBIT Mbit/s.
flow_of() { echo "f$1,from=$(vm "$1"):eth0,to=$unknown,src=$(vf_mac "$1"),rate=$(frames_for "$2"),size=$size"; }

# sent_of N / arrived_of N: kbit/s of flow N over the time it was sent.
rate_of() { result ".seconds as \$s | .flows[] | select(.name == \"f$1\") | .$2 * $size * 8 / \$s / 1000 | round"; }
sent_of() { rate_of "$1" sent; }
arrived_of() { rate_of "$1" received; }

# within_percent TEXT OBSERVED WANTED PERCENT
within_percent() {
	local lowest=$(($3 * (100 - $4) / 100)) highest=$(($3 * (100 + $4) / 100))
	if [[ $2 =~ ^[0-9]+$ ]] && [ "$2" -ge $lowest ] && [ "$2" -le $highest ]; then
		pass "$1 ($2 kbit/s)"
	else
		fail "$1 (wanted: $lowest..$highest kbit/s; observed: ${2:-nothing})"
	fi
}

# tcp_rate FROM TO-NS TO-IP MBIT: at least 90 % of it, and not more. What iperf3 counts is the payload:
# of 1514 bytes 1448 are, and half as many acknowledgements go the other way.
tcp_rate() {
	local server kbit
	start within "$2" iperf3 -s -1 >/dev/null 2>&1
	server=$STARTED
	wait_until 5 listens "$2" || fail "iperf3 listens"
	within "$(vm "$1")" timeout 30 iperf3 -c "$3" -t 5 -O 1 -J >"$DIR/iperf3.json" 2>&1
	kbit=$(jq -r '(.end.sum_received.bits_per_second // 0) / 1000 * 1514 / 1448 | round' \
		"$DIR/iperf3.json")
	stop "$server"
	check_number "TCP at $4 Mbit/s: kbit/s of layer 2, at least 90 %" "$kbit" -ge $(($4 * 900))
	check_number "TCP at $4 Mbit/s: not above" "$kbit" -le $(($4 * 1050))
	figure "TCP at $4 Mbit/s: $((kbit / 1000)).$((kbit % 1000 / 100)) Mbit/s"
}

for rate in 10 100 1000; do
	must nicsw vf set 0 max_tx_rate $rate
	check_equal "show says so" $rate "$(json '.[0].max_tx_rate' vf show 0)"
	remember
	run_numbered --flow "$(flow_of 0 $((2 * rate)))" --receiver "$WIRE:eth0" --seconds "$seconds"
	offered=$(sent_of 0) arrived=$(arrived_of 0)
	check_number "$rate Mbit/s: offered nearly twice that, kbit/s" "$offered" -ge $((rate * 1500))
	within_percent "$rate Mbit/s: offered $offered kbit/s, arrived" "$arrived" $((rate * 1000)) 5
	check_equal "$rate Mbit/s: what did not pass is counted" \
		$(($(grown vf0 tx_packets) - $(grown uplink rx_packets))) \
		"$(grown vf0 drops.rate_limited)"
	figure "max_tx_rate $rate: arrived $arrived kbit/s of $offered"
	tcp_rate 0 "$WIRE" $WIRE_IP $rate
done
must nicsw vf set 0 max_tx_rate 10
run_numbered --flow "f0,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=$(frames_for 20),size=$size" \
	--receiver "$(vm 1):eth0" --seconds "$seconds"
within_percent "VF to VF is limited, too" "$(arrived_of 0)" 10000 5
must nicsw vf set 0 max_tx_rate 0
run_numbered --flow "$(flow_of 0 20)" --receiver "$WIRE:eth0" --seconds 1
check_equal "no limit again: nothing is lost" 0 "$(result .lost)"

# ---- shares of the wire
refused "min_tx_rate without a rate of the adapter" 1 "adapter set $ADAPTER rate" \
	nicsw vf set 0 min_tx_rate 10
must nicsw adapter set "$ADAPTER" rate 100
check_equal "adapter show says so" 100 "$(json '.[].rate' adapter show)"
must nicsw vf set 0 min_tx_rate 60
must nicsw vf set 1 min_tx_rate 20
refused "more than there is" 1 "guaranteed" nicsw vf set 2 min_tx_rate 30
refused "an adapter rate below what is guaranteed" 1 "guaranteed" \
	nicsw adapter set "$ADAPTER" rate 70
refused "min above max" 1 "max_tx_rate" nicsw vf set 0 max_tx_rate 50
run_numbered --flow "$(flow_of 0 90)" --flow "$(flow_of 1 90)" --receiver "$WIRE:eth0" --seconds "$seconds"
check_number "VF 0: at least its 60 Mbit/s, less 5 %" "$(arrived_of 0)" -ge 57000
check_number "VF 1: at least its 20 Mbit/s, less 5 %" "$(arrived_of 1)" -ge 19000
within_percent "both together: the wire's rate" $(($(arrived_of 0) + $(arrived_of 1))) 100000 5
figure "shares of 60 and 20 of 100 Mbit/s, both offering 90:" \
	"$(arrived_of 0) and $(arrived_of 1) kbit/s"
run_numbered --flow "$(flow_of 0 60)" --flow "$(flow_of 2 90)" --receiver "$WIRE:eth0" --seconds 5
check_number "a VF without a share leaves VF 0 its own" "$(arrived_of 0)" -ge 57000
check_number "and takes what is left" "$(arrived_of 2)" -ge 10000
run_numbered --flow "f0,from=$(vm 2):eth0,to=$(vf_mac 1),src=$(vf_mac 2),rate=$(frames_for 200),size=$size" \
	--receiver "$(vm 1):eth0" --seconds 2
check_equal "PATH-12: VF to VF is not of the wire" 0 "$(result .lost)"
stop_daemon KILL
start_daemon
run_numbered --flow "$(flow_of 2 90)" --receiver "$WIRE:eth0" --seconds "$seconds"
within_percent "after a restart: what is left for VF 2" "$(arrived_of 2)" 20000 5
must nicsw vf set 0 min_tx_rate 0
must nicsw vf set 1 min_tx_rate 0
must nicsw adapter set "$ADAPTER" rate 0
run_numbered --flow "$(flow_of 2 90)" --receiver "$WIRE:eth0" --seconds 1
check_equal "no rate any more: nothing is lost" 0 "$(result .lost)"
finish
