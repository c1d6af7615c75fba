#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A VF reset keeps netdev, ifindex and counters, gives back MAC and offloads that the guest has changed,
# disturbs no other VF, and steers nothing of the VF elsewhere meanwhile (DESIGN 6, FWD-14).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

make_world 3
guest=$(vm 0)
link() { ip -n "$guest" -j link show eth0 | jq -r ".[].$1"; }
bus_master() { nicsw pci read vf 0 offset 4 length 1; }

must ping_ok "$guest" "$(vf_ip 1)"
ifindex=$(link ifindex)
packets=$(counter vf0 rx_packets)
command=$(bus_master)
must ip -n "$guest" link set eth0 address 02:00:00:00:0f:0f
must within "$guest" ethtool -K eth0 tx on
check_equal "before: the guest has its own MAC" 02:00:00:00:0f:0f "$(link address)"
check "vf reset" nicsw vf reset 0
check_equal "the ifindex stays" "$ifindex" "$(link ifindex)"
check_equal "the MAC is CurrentMacAddress again" "$(vf_mac 0)" "$(link address)"
check_equal "checksum offload is off again" off "$(feature "$guest" eth0 tx-checksumming)"
check_number "counters stay" "$(counter vf0 rx_packets)" -ge "$packets"
check_equal "the driver part has enabled the function again (command register)" "$command" \
	"$(bus_master)"
check "ping after the reset" ping_ok "$guest" "$(vf_ip 1)"
check "ping to it after the reset" ping_ok "$WIRE" "$(vf_ip 0)"

# Resets under load. The flow between VF 1 and 2 must not notice; of the flow to VF 0 frames are lost,
# but none comes twice or to the host.
resets=10
start_numbered --receiver "$(vm 0):eth0" --receiver "$(vm 2):eth0" --receiver "$HOST:$ADAPTER" \
	--receiver "$(vm 1):eth0" \
	--flow "others,from=$(vm 1):eth0,to=$(vf_mac 2),src=$(vf_mac 1),rate=10000,allow=1" \
	--flow "reset,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=10000,allow=0"
begin=$(milliseconds)
for ((i = 0; i < resets; i++)); do
	must nicsw vf reset 0
done
note "$resets resets in $(($(milliseconds) - begin)) ms"
stop_numbered
check_equal "another VF's flow: lost" 0 "$(result '.flows[0].lost')"
check_equal "another VF's flow: doubled" 0 "$(result '.flows[0].doubled')"
check_equal "frames of the VF that is reset: doubled" 0 "$(result '.flows[1].doubled')"
check_equal "frames of the VF that is reset: at anybody else (FWD-14)" 0 \
	"$(result '.flows[1].foreign')"
check_number "frames of the VF that is reset: dropped meanwhile" "$(result '.flows[1].lost')" -gt 0
check_number "and they come again in between" "$(result '.flows[1].received')" -gt 0
# shellcheck disable=SC2016
note "$(result '.flows[] | "\(.name): \(.sent) sent, \(.lost) lost"' | paste -sd, -)"
check_number "counted as vf_not_ready" "$(counter vf0 drops.vf_not_ready)" -gt 0
check "ping after it all" ping_ok "$guest" "$(vf_ip 1)"
