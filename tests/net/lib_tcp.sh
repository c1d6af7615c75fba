# SPDX-License-Identifier: GPL-2.0-only
# iperf3 between namespaces. Sourced after lib.sh.

need iperf3 ss

listens() { within "$1" ss -Hltn | grep -q ':5201 '; }

# check_tcp TEXT FROM-NS TO-NS TO-IP: a TCP run of TCP_SECONDS (2); what arrived is in megabytes.
# A path that loses its checksums or has no NAPI carries some kilobytes before it hangs.
check_tcp() {
	local server megabytes
	start within "$3" iperf3 -s -1 >/dev/null 2>&1
	server=$STARTED
	wait_until 5 listens "$3" || fail "$1: iperf3 listens"
	within "$2" timeout 20 iperf3 -c "$4" -t "${TCP_SECONDS:-2}" -J >"$DIR/iperf3.json" 2>&1
	megabytes=$(jq -r '(.end.sum_received.bytes // 0) / 1e6 | round' "$DIR/iperf3.json" 2>/dev/null)
	check_number "$1: megabytes arrived" "${megabytes:-0}" -ge 20
	figure "$1: $(jq -r '"\(.end.sum_received.bits_per_second / 1e8 | round / 10) Gbit/s, " +
		"\(.end.sum_sent.retransmits) retransmits"' "$DIR/iperf3.json" 2>/dev/null)"
	stop "$server"
}

# check_flood TEXT NS IP COUNT [PING-OPTION...]
check_flood() {
	local text=$1 ns=$2 ip=$3 count=$4
	shift 4
	check_equal "$text" "$count received" "$(within "$ns" timeout 30 ping -f -q -c "$count" "$@" \
		"$ip" 2>&1 | sed -n 's/.* \([0-9]* received\).*/\1/p')"
}
