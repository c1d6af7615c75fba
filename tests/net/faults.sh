#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each fault knob that `nicsw fault list` names: the command fails by it and changes nothing (GEN-17), and
# succeeds once the knob is off. A knob without an operation here fails. A restart of nicswd keeps
# what is on, as hardware keeps its faults.
. "$(dirname "$0")/lib.sh"

make_host
start_daemon
add_adapter
make_netns "$(vm 0)"

# ---- one operation for each knob; undo_KNOB where it must not stay ---------------------------------

op_fail_enable_virtualization() { nicsw switch create num-vfs 4; }
undo_fail_enable_virtualization() { nicsw switch delete; }
op_fail_switch_create() { nicsw switch create num-vfs 4; }
undo_fail_switch_create() { nicsw switch delete; }
op_fail_flood() { nicsw switch create num-vfs 4; } # and the switch stays
op_fail_switch_set() { nicsw switch set name other; }
op_fail_vf_allocate() { nicsw vf allocate mac "$(vf_mac 1)"; } # VF 1: VF 0 is there
op_fail_flr() { nicsw vf reset 0; }
op_slow_reset() { nicsw vf reset 0; }
op_fail_vport_alloc() { nicsw vport create vf 1; }
undo_fail_vport_alloc() { nicsw vport delete "$(vport_of 1)"; }
op_fail_vport_set() { nicsw vport set "$(vport_of 0)" name other; }
op_fail_vport_delete() { nicsw vport delete "$(vport_of 1)"; }
op_fail_filter_set() { nicsw filter set vport "$(vport_of 0)" mac "$(vf_mac 9)"; }
undo_fail_filter_set() { nicsw filter clear "$(filter_of "$(vf_mac 9)")"; }
op_fail_table_full() { op_fail_filter_set; }
undo_fail_table_full() { undo_fail_filter_set; }
op_fail_filter_move() { nicsw filter move "$(filter_of "$(vf_mac 0)")" vport "$(vport_of 0)"; }
op_fail_config_read() { nicsw pci read vf 0 offset 0 length 4; }
op_fail_config_write() { nicsw pci write vf 0 offset 4 0000; }
op_fail_block_read() { nicsw pci block read vf 0 id 0; }
op_fail_block_write() { nicsw pci block write vf 0 id 2 0102; }
op_fail_power() { nicsw vf power 0 d3; }
undo_fail_power() { nicsw vf power 0 d0; }
op_fail_bars() { nicsw pci bars vf 0; }
op_fail_iommu_map() { nicsw pci iommu map vf 0 iova 0 length 0x1000 to 0; }
op_fail_netdev_create() { nicsw vf attach 0 netns "$(vm 0)" dev eth0; }

# ---- failing, and not failing any more -------------------------------------------------------------

fail_and_succeed() { # KNOB
	must nicsw fault set "$1" on
	refused "$1: fails" 1 "NDIS_STATUS_FAILURE" "op_$1"
	must nicsw fault set "$1" off
	check "$1: succeeds once it is off" "op_$1"
	! declare -F "undo_$1" >/dev/null || must "undo_$1"
}

elapsed() { # milliseconds of COMMAND...
	local begin
	begin=$(milliseconds)
	must "$@"
	echo $(($(milliseconds) - begin))
}

mapfile -t knobs < <(json '.[].knob' fault list)
check_number "knobs" "${#knobs[@]}" -gt 0
for knob in "${knobs[@]}"; do
	check "$knob has an operation in this scenario" declare -F "op_$knob"
done
check_equal "all are off" false "$(json 'any(.on or (.vfs | length) > 0)' fault list)"

for knob in fail_enable_virtualization fail_switch_create fail_flood; do
	fail_and_succeed "$knob"
done
must nicsw vf allocate mac "$(vf_mac 0)"
must nicsw vport create vf 0
must nicsw filter set vport 0 mac "$(vf_mac 0)"
for knob in "${knobs[@]}"; do
	case $knob in
	fail_enable_virtualization | fail_switch_create | fail_flood | slow_reset) ;;
	fail_vport_delete)
		must nicsw vport create vf 1
		fail_and_succeed "$knob"
		;;
	*) fail_and_succeed "$knob" ;;
	esac
done

# RESET-VF-11: it takes its time, and succeeds.
must nicsw fault set slow_reset on vf 0
check_number "a slow reset takes this many ms" "$(elapsed op_slow_reset)" -ge 100
must nicsw fault set slow_reset off

# For one VF only, over a restart of the daemon, and what cannot be set.
must nicsw fault set fail_flr on vf 1
check "another VF is not concerned" nicsw vf reset 0
stop_daemon KILL
start_daemon
check_equal "the knob is still on after a restart" '[{"vf_id":1}]' \
	"$(json '.[] | select(.knob == "fail_flr").vfs | tojson' fault list)"
refused "and still works" 1 "RESET-VF-11" nicsw vf reset 1
refused "a knob of the adapter has no VF" 1 "not of a VF" nicsw fault set fail_table_full on vf 0
refused "a VF that the device does not have" 1 "PCI-11" nicsw fault set fail_flr on vf 64
must nicsw fault set fail_flr off
check "off for all is off for VF 1" nicsw vf reset 1
