#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# TCP works out of the box on every path: no offload of a guest, of the host or of a veth wire is left
# that XDP would lose (DESIGN 5, uplink care).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_tcp.sh"

make_world 2
check_tcp "TCP VF -> VF" "$(vm 0)" "$(vm 1)" "$(vf_ip 1)"
check_tcp "TCP VF -> wire" "$(vm 0)" "$WIRE" $WIRE_IP
check_tcp "TCP wire -> VF" "$WIRE" "$(vm 1)" "$(vf_ip 1)"
check_tcp "TCP host -> VF" "$HOST" "$(vm 1)" "$(vf_ip 1)"
check_tcp "TCP VF -> host" "$(vm 0)" "$HOST" $PF_IP
check_tcp "TCP host -> wire" "$HOST" "$WIRE" $WIRE_IP
check_flood "ping flood VF -> VF" "$(vm 0)" "$(vf_ip 1)" 2000
check_flood "ping flood VF -> wire" "$(vm 0)" $WIRE_IP 2000
check_flood "ping flood wire -> VF" "$WIRE" "$(vf_ip 0)" 2000
check_flood "ping flood host -> VF" "$HOST" "$(vf_ip 0)" 2000
