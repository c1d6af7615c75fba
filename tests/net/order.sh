#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FWD-36: the frames of one flow keep their order on each path, also while the filter that steers it
# moves to and fro: what one egress gets is in the order in which it was sent.
#
# A flow has one ingress queue. A veth pair has one for each CPU: so the senders stay on one.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"
need taskset

rate=${RATE:-20000}
make_world 3
must taskset -pc 0 $$

reordered() { result '[.flows[].reordered] | add'; }

# in_order TEXT: of the last result nothing arrived behind a later number. What a full ring of a
# busy machine drops is no matter here.
in_order() {
	check_number "$1: frames of a flow that arrived" "$(result '[.flows[].received] | min')" -gt 1000
	check_equal "$1: arrived behind a later frame" 0 "$(reordered)"
	check_equal "$1: doubled" 0 "$(result .doubled)"
}

run_numbered --seconds 2 --receiver "$(vm 0):eth0" --receiver "$(vm 1):eth0" \
	--receiver "$WIRE:eth0" --receiver "$HOST:$ADAPTER" \
	--flow "vf-vf,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=$rate,allow=1" \
	--flow "vf-wire,from=$(vm 1):eth0,to=$WIRE_MAC,src=$(vf_mac 1),rate=$rate,allow=2" \
	--flow "wire-vf,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=$rate,allow=0" \
	--flow "vf-host,from=$(vm 2):eth0,to=$UPLINK_MAC,src=$(vf_mac 2),rate=$rate,allow=3"
in_order "FWD-36 VF to VF, to the wire, to the host, and from the wire"

filter=$(filter_of "$(vf_mac 1)")
there=$(vport_of 2) back=$(vport_of 1)
for ((i = 0; i < 100; i++)); do
	echo "filter move $filter vport $there"
	echo "filter move $filter vport $back"
done >"$DIR/moves"
moves=0
start_numbered --seconds 2 --receiver "$(vm 1):eth0" --receiver "$(vm 2):eth0" \
	--flow "moved,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=$rate,allow=0+1"
while numbered_goes_on; do
	must nicsw -b "$DIR/moves"
	moves=$((moves + 200))
done
stop_numbered
note "$moves moves"
in_order "FWD-36 across moves of the filter"
check_number "both VPorts have had their turn: the fewest frames at one" \
	"$(result '.flows[0].arrivals | min')" -gt 0
