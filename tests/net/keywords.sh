#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Configuration keywords: nicswd -f DIR, a file for each adapter, read at `adapter add` and at a start.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

CONFIG=$DIR/config
FILE=$CONFIG/$ADAPTER.conf
mkdir "$CONFIG"

make_host
start_daemon -f "$CONFIG"
add() { nicsw adapter add "$ADAPTER" uplink "$UPLINK"; }
ADAPTERS+=("$ADAPTER")

# ---- a wrong file --------------------------------------------------------------------------------

printf '# SR-IOV\n*SRIOV = maybe\n' >"$FILE"
refused "a wrong value: the adapter is not added" 1 "$ADAPTER.conf:2: .SRIOV \"maybe\"" add
check_not "nothing is pinned" test -e "$PINS/$ADAPTER"

# ---- SR-IOV off, and on again after a restart ------------------------------------------------------

printf '*SRIOV = 0\n' >"$FILE"
check "SR-IOV off: the adapter is there" add
refused "but answers no NIC switch request" 1 "NDIS_STATUS_NOT_SUPPORTED, rule GEN-1" \
	nicsw switch create num-vfs 2
printf '*SRIOV = 1\n[NicSwitches\\0]\n*NumVFs = 2\n' >"$FILE"
refused "not read before a restart" 1 "GEN-1" nicsw switch create num-vfs 2
stop_daemon
start_daemon -f "$CONFIG"
refused "3 VFs of *NumVFs = 2" 1 "CREATE-SW-5" nicsw switch create num-vfs 3
check "2 VFs" nicsw switch create num-vfs 2

# ---- a wrong file at a start -----------------------------------------------------------------------

add_vf 0
must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0
must ping_ok "$(vm 0)" "$WIRE_IP"
stop_daemon
printf '[NicSwitches\\0]\n*NumVFs = -1\n' >"$FILE"
start_daemon -f "$CONFIG"
check_equal "nicswd leaves the adapter alone" 0 "$(json length adapter show)"
check "and says why" grep -q "$ADAPTER.conf:2: .NumVFs" "$LOG"
check "but it goes on switching" ping_ok "$(vm 0)" "$WIRE_IP"
stop_daemon

# One file for all adapters.
printf '*VMQVlanFiltering = 1\n' >"$FILE"
start_daemon -f "$FILE"
check_equal "the file is right again: adopted" 2 "$(json '.[].num_vfs' adapter show)"
