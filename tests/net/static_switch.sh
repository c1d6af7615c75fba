#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Static creation of the switch: built when the adapter starts, used after CREATE_SWITCH, gone at the halt.
# A daemon that dies changes nothing of it.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

CONFIG=$DIR/config
FILE=$CONFIG/$ADAPTER.conf
mkdir "$CONFIG"

functions() { nicsw pci dump | grep -c '^[0-9a-f:]*\.[0-7] '; }
registers() { nicsw pci dump | sha256sum | cut -c1-16; }
num_vfs() { json '.[].num_vfs' adapter show; }
restart() { # SIGNAL
	stop_daemon "$1"
	start_daemon -f "$CONFIG"
}

# ---- built -----------------------------------------------------------------------------------------

printf '[NicSwitches\\0]\nSwitchCreation = 1\n*NumVFs = 4\n*SwitchName = first\n' >"$FILE"
make_host
start_daemon -f "$CONFIG"
add_adapter
check_equal "LC-INIT-7: VFs are enabled" 4 "$(num_vfs)"
check_equal "LC-INIT-7: and are functions on PCIe, with the PF" 5 "$(functions)"
check_equal "but there is no switch" false "$(json '.[].switch_exists' adapter show)"
refused "CREATE-SW-16: no VF can be allocated" 1 "INVALID_PARAMETER, rule ALLOC-VF-3" \
	nicsw vf allocate mac "$(vf_mac 0)"
refused "CREATE-SW-16: there is nothing to delete" 1 "rule DELETE-SW-3" nicsw switch delete
refused "CREATE-SW-6: other parameters" 1 "rule CREATE-SW-6" nicsw switch create num-vfs 3
refused "CREATE-SW-6: another name" 1 "rule CREATE-SW-6" nicsw switch create name second
before=$(registers)
restart KILL
check_equal "a new daemon finds it built" "$before" "$(registers)"
check_equal "and as useless as before" false "$(json '.[].switch_exists' adapter show)"

# ---- in use ----------------------------------------------------------------------------------------

check "LC-UP-1: created from the keywords" nicsw switch create
check_equal "CREATE-SW-11: no register has changed" "$before" "$(registers)"
must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0
add_vf 0
check "traffic" ping_ok "$(vm 0)" "$WIRE_IP"
restart KILL
check "traffic with a new daemon" ping_ok "$(vm 0)" "$WIRE_IP"

output=$(nicsw switch set name second 2>&1)
check_equal "PARAM-SW-9: exit code" 1 $?
check "PARAM-SW-9: a new name needs a restart" grep -q "REINIT_REQUIRED, rule PARAM-SW-9" <<<"$output"
check_equal "PARAM-SW-11: the old name holds" first "$(json '.[].name' switch show)"
check_equal "nothing else has changed: traffic" 4 "$(num_vfs)"

# ---- back to built, and gone -----------------------------------------------------------------------

must nicsw filter clear "$(filter_of "$(vf_mac 0)")"
must nicsw vport delete "$(vport_of 0)"
must nicsw vf free 0
check "switch delete" nicsw switch delete
check_equal "DELETE-SW-7, DELETE-SW-10: the hardware is as at the start" "$before" "$(registers)"
check "DELETE-SW-14: created again, with the parameters of the start" nicsw switch create name first
must nicsw switch delete
check "SR-IOV off" nicsw adapter set "$ADAPTER" sriov off
check_equal "LC-HALT-6: the VFs are gone" 1 "$(functions)"
check "SR-IOV on" nicsw adapter set "$ADAPTER" sriov on
check_equal "LC-INIT-7: they are there again" 5 "$(functions)"
refused "the old name is another parameter now" 1 "rule CREATE-SW-6" nicsw switch create name first
check "PARAM-SW-10: the stored name is that of the switch" nicsw switch create
check_equal "PARAM-SW-10: its name" second "$(json '.[].name' switch show)"
must nicsw switch delete

# ---- a start that fails ----------------------------------------------------------------------------

must nicsw fault set fail_enable_virtualization on
printf '[NicSwitches\\0]\nSwitchCreation = 1\n*NumVFs = 2\n' >"$FILE"
restart TERM
check_equal "LC-INIT-10: the adapter is there, without SR-IOV" false "$(json '.[].sriov' adapter show)"
check "LC-INIT-10: the log says why" grep -q "without SR-IOV: .*fail_enable_virtualization" "$LOG"
refused "LC-INIT-10: its current capabilities are absent" 1 "NOT_SUPPORTED, rule GEN-1" \
	nicsw switch create
must nicsw fault set fail_enable_virtualization off
restart TERM
check_equal "the next start succeeds" 3 "$(functions)"
check "and takes the new keywords" nicsw switch create num-vfs 2
