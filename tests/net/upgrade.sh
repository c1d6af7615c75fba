#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Another build takes over: every program of the switch is replaced by its own, those of the ports, the
# tc programs beneath them, and the devmap programs that flood groups hold, while numbered frames cross
# the switch and none is lost. And a meta map that was written over is not believed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

need bpftool tc
pins=$PINS/$ADAPTER

# ---- which programs there are --------------------------------------------------------------------

pinned_program() { bpftool -j prog show pinned "$pins/$1" | jq .id; }
link_program() { bpftool -j link show pinned "$pins/links/$1" | jq .prog_id; }
tc_program() { # NS DEV
	tc -n "$1" -j filter show dev "$2" ingress | jq '.[].options.prog.id // empty'
}

# Little-endian bytes, as bpftool writes them, one number a line.
numbers() {
	jq -r 'reverse | map(ltrimstr("0x")) | join("")' | while read -r hex; do echo $((16#$hex)); done
}

# Programs in the flood groups: bytes 4 to 7 of struct bpf_devmap_val.
flood_programs() {
	local map
	bpftool -j map dump pinned "$pins/flood_groups" | jq -c '.[].value' | numbers |
		while read -r map; do
			bpftool -j map dump id "$map" | jq -c '.[].value | arrays | .[4:8]' | numbers
		done | sort -u | grep -vx 0
}

programs() {
	local pin port
	for pin in egress_strip egress_vepa tc_drop; do
		echo "pin $pin $(pinned_program $pin)"
	done
	for port in uplink pf-sw vf0 vf1 vf2; do
		echo "link $port $(link_program $port)"
	done
	for port in pf-sw vf0 vf1 vf2; do
		echo "tc $port $(tc_program "nicsw-$ADAPTER" $port)"
	done
	echo "tc uplink $(tc_program "$HOST" $UPLINK)"
	echo "flood group $(flood_programs | tr '\n' ' ' | sed 's/ $//')"
}

program_of() { awk -v kind="$2" -v name="$3" '$1 == kind && $2 == name { print $3 }' <<<"$1"; }

# ---- a field of meta, written over ---------------------------------------------------------------

field_offset() {
	bpftool -j btf dump map pinned "$pins/meta" value | jq --arg field "$1" \
		'[.types[] | select(.name == "nicsw_meta" and .kind == "STRUCT").members[] |
			select(.name == $field).bits_offset / 8][0]'
}

meta_bytes() {
	bpftool -j map lookup pinned "$pins/meta" key 0 0 0 0 | jq -r '.value | join(" ")'
}

# write_meta FIELD BYTE...
write_meta() {
	local at bytes
	at=$(field_offset "$1")
	read -r -a bytes <<<"$(meta_bytes)"
	shift
	for byte; do
		bytes[at]=$byte
		at=$((at + 1))
	done
	must bpftool map update pinned "$pins/meta" key 0 0 0 0 value "${bytes[@]}"
}

# ---- upgrade -------------------------------------------------------------------------------------

make_world 3
must nicsw vf set 2 vlan 20
must nicsw filter clear "$(filter_of "$(vf_mac 2)")"
must nicsw filter set vport "$(vport_of 2)" mac "$(vf_mac 2)" vlan 20
before=$(programs)
check_equal "the group of an access port has the pinned program in it" \
	"$(program_of "$before" pin egress_strip)" "$(program_of "$before" flood group)"
start_numbered --receiver "$(vm 0):eth0" --receiver "$(vm 1):eth0" \
	--flow "wire,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=10000,allow=0" \
	--flow "vf,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=10000,allow=1"
stop_daemon KILL
start_daemon
check "the same build replaces nothing" diff <(echo "$before") <(programs)
stop_daemon KILL
write_meta program_tag 0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08
start_daemon
stop_numbered
check_numbers "another build takes over under load"
after=$(programs)
check_equal "every program has been replaced" "" \
	"$(join -j 3 <(sort -k3 <<<"$before") <(sort -k3 <<<"$after"))"
check_equal "the tc programs are the new pinned one" "$(program_of "$after" pin tc_drop)" \
	"$(awk '$1 == "tc" { print $3 }' <<<"$after" | sort -u)"
check_equal "the flood groups have the new pinned one" "$(program_of "$after" pin egress_strip)" \
	"$(program_of "$after" flood group)"
check_equal "no pin is left over" "" "$(ls "$pins" | grep _new)"

gone() { # the kernel keeps a program as long as somebody uses it
	local id
	for id in $(awk '{ print $3 }' <<<"$before" | sort -u); do
		! bpftool prog show id "$id" >/dev/null 2>&1 || return 1
	done
}
check "nobody uses an old program any more" wait_until 5 gone
check_equal "the tag is that of this build" 0 \
	"$(meta_bytes | grep -c '0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08')"
check "ping VF -> VF" ping_ok "$(vm 0)" "$(vf_ip 1)"
check "ping wire -> VF" ping_ok "$WIRE" "$(vf_ip 1)"

# ---- meta that was written over ------------------------------------------------------------------

log_has() { tail -n +"$1" "$LOG" | grep -q "$2"; }
good=$(meta_bytes)

# damaged WHAT PATTERN FIELD BYTE...: the next daemon says so and touches nothing.
damaged() {
	local text=$1 pattern=$2 line bytes
	shift 2
	stop_daemon
	write_meta "$@"
	bytes=$(meta_bytes)
	line=$(($(wc -l <"$LOG") + 1))
	start_daemon
	check "$text: refused with a message" log_has $line "$pattern"
	check_equal "$text: the adapter is not adopted" "" "$(json '.[].name' adapter show)"
	check "$text: meta is left as it is" diff <(echo "$bytes") <(meta_bytes)
	check "$text: the switch goes on" ping_ok "$(vm 0)" "$(vf_ip 1)"
	# shellcheck disable=SC2086
	must bpftool map update pinned "$pins/meta" key 0 0 0 0 value $good
}

damaged "more VFs than there can be" "meta is damaged" total_vfs 0xff 0xff 0xff 0xff
damaged "slots that do not fit the VFs" "meta is damaged" slots 0xff 0x00 0x00 0x00
damaged "more buckets than there are" "meta is damaged" bucket_bits 0x18 0x00 0x00 0x00
# 8 VFs, 18 slots, 1 word: in itself all right.
damaged "sizes of another adapter" "map .* has .* elements and map meta says" \
	total_vfs 0x08 0x00 0x00 0x00 0x12 0x00 0x00 0x00 0x01 0x00 0x00 0x00
stop_daemon
start_daemon
check_equal "with meta as it was the adapter is adopted" "$ADAPTER" "$(json '.[].name' adapter show)"
