#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `vf set N storm PPS`: so many broadcast and multicast frames of a VF pass in a second, and no more;
# unicast frames are not concerned, nor are other VFs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

make_world 2
unknown=02:00:00:00:0f:0f
broadcast=ff:ff:ff:ff:ff:ff
multicast=01:00:5e:01:02:03

# flow NAME VF TO RATE: an option of numbered.
flow() { echo "$1,from=$(vm "$2"):eth0,to=$3,src=$(vf_mac "$2"),rate=$4"; }
arrived_of() { result ".flows[] | select(.name == \"$1\") | .received"; }

# storm_of TEXT LIMIT OPTION...: frames of all named flows that passed in 5 s, of LIMIT in a second. The
# burst is a tenth of a second, or one frame.
storm_of() {
	local text=$1 limit=$2 passed
	shift 2
	run_numbered "$@" --receiver "$WIRE:eth0" --seconds 5
	passed=$(result '[.flows[] | select(.name | startswith("storm")) | .received] | add')
	check_number "$text: at least the limit" "$passed" -ge $((limit * 5 * 95 / 100))
	check_number "$text: at most the limit and its burst" "$passed" \
		-le $((limit * 5 * 101 / 100 + limit / 10 + 1))
}

must nicsw vf set 0 storm 100
check_equal "show says so" 100 "$(json '.[0].storm' vf show 0)"
before=$(counter vf0 drops.storm)
storm_of "100 broadcasts/s of 2,000" 100 --flow "$(flow storm 0 $broadcast 2000)" \
	--flow "$(flow unicast 0 $unknown 2000)" --flow "$(flow other 1 $broadcast 2000)"
check_equal "unicast of the VF is not concerned" 0 \
	"$(result '.flows[] | select(.name == "unicast").lost')"
check_equal "another VF is not concerned" 0 "$(result '.flows[] | select(.name == "other").lost')"
check_equal "what did not pass is counted" "$(result '.flows[0].lost')" \
	"$(($(counter vf0 drops.storm) - before))"
storm_of "broadcast and multicast together" 100 --flow "$(flow storm_b 0 $broadcast 500)" \
	--flow "$(flow storm_m 0 $multicast 500)"
must nicsw vf set 0 storm 1000
storm_of "1,000/s of 3,000" 1000 --flow "$(flow storm 0 $multicast 3000)"
must nicsw vf set 0 storm 1
storm_of "1/s" 1 --flow "$(flow storm 0 $broadcast 100)"
must nicsw vf set 0 storm 300 max_tx_rate 1
run_numbered --flow "$(flow storm 0 $broadcast 1000)" --receiver "$WIRE:eth0" --seconds 2
check_equal "what the storm limit refuses costs nothing of max_tx_rate" 0 \
	"$(counter vf0 drops.rate_limited)"
must nicsw vf set 0 max_tx_rate 0
stop_daemon KILL
start_daemon
storm_of "after a restart: 300/s" 300 --flow "$(flow storm 0 $broadcast 1000)"
must nicsw vf set 0 storm 0
run_numbered --flow "$(flow storm 0 $broadcast 1000)" --receiver "$WIRE:eth0" --seconds 1
check_equal "no limit again: nothing is lost" 0 "$(result .lost)"
finish
