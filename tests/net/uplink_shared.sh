#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The uplink's XDP hook and other programs. Where libxdp's dispatcher cannot run there is one program:
# a foreign one is never pushed aside, ours cannot be, outlives the daemon, and goes with the adapter.
# Where it can run the uplink is shared: ours joins behind the others, survives kill -9 and an upgrade
# without loss, and leaves the others where they are.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

need bpftool
OTHER=$BUILD/tests/net/count_pass.bpf.o

xdp_mode_of() { ip -n "$HOST" -j link show $UPLINK | jq '.[].xdp.mode // 0'; }
program_at() { ip -n "$HOST" -j link show $UPLINK | jq '.[].xdp.prog.id // empty'; }
attach_other() { ip -n "$HOST" link set dev $UPLINK xdp obj "$OTHER" sec xdp.frags; }

populate() {
	must nicsw switch create num-vfs 1
	must nicsw vf allocate mac "$(vf_mac 0)"
	must nicsw vport create vf 0
	must nicsw filter set vport 1 mac "$(vf_mac 0)"
	attach_vf 0
}

make_host
make_netns "$(vm 0)"
must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0

# ---- one program ---------------------------------------------------------------------------------

# libxdp's own switch: also where a dispatcher could run.
export LIBXDP_SKIP_DISPATCHER=1
start_daemon
must attach_other
before=$(program_at)
refused "a foreign program without a dispatcher is not pushed aside" 1 \
	"uplink $UPLINK has an XDP program already: somebody else uses it.*dispatcher.*EXT" \
	nicsw adapter add "$ADAPTER" uplink $UPLINK
check_equal "it is still there" "$before" "$(program_at)"
check_not "nothing is left of the attempt" test -e "$PINS/$ADAPTER"
must ip -n "$HOST" link set dev $UPLINK xdp off
add_adapter
populate
ours=$(program_at)
check "alone: ping wire -> VF" ping_ok "$WIRE" "$(vf_ip 0)"
check_equal "alone: it is a pinned link" "$ours" \
	"$(bpftool -j link show pinned "$PINS/$ADAPTER/links/uplink" | jq .prog_id)"
refused "another adapter does not get the same uplink" 1 "uplink of another adapter" \
	nicsw adapter add b$$ uplink $UPLINK
check_not "nobody pushes it aside" attach_other
check_not "nobody turns it off" ip -n "$HOST" link set dev $UPLINK xdp off
stop_daemon KILL
check_equal "alone: it outlives the daemon" "$ours" "$(program_at)"
check "alone: ping without a daemon" ping_ok "$WIRE" "$(vf_ip 0)"
start_daemon
check_equal "alone: the next daemon leaves it where it is" "$ours" "$(program_at)"
stop_daemon
must bpftool link detach pinned "$PINS/$ADAPTER/links/uplink"
check_equal "detached by hand while no daemon runs" "" "$(program_at)"
start_daemon
check_not "the next daemon attaches it again" test -z "$(program_at)"
check "attached again: ping wire -> VF" ping_ok "$WIRE" "$(vf_ip 0)"
stop_daemon
must bpftool link detach pinned "$PINS/$ADAPTER/links/uplink"
must attach_other
other=$(program_at)
start_daemon
check_equal "a foreign program that came in between is not pushed aside" "$other" "$(program_at)"
check "and the log says so" grep -q "program was gone.*XDP program of somebody else" "$LOG"
must ip -n "$HOST" link set dev $UPLINK xdp off
stop_daemon
start_daemon
check "without it ours is attached again" ping_ok "$WIRE" "$(vf_ip 0)"
must nicsw adapter del "$ADAPTER"
check_equal "alone: del takes it away" "" "$(program_at)"
check "after del the hook is free" attach_other
must ip -n "$HOST" link set dev $UPLINK xdp off
stop_daemon
unset LIBXDP_SKIP_DISPATCHER

# ---- shared --------------------------------------------------------------------------------------

missing() { # WHAT
	CHECKS=$((CHECKS + 1))
	echo "ok - the uplink is shared with other programs # SKIP missing: $1"
	exit 0
}

[ "$(bpftool -j feature probe kernel | jq .program_types.have_ext_prog_type)" = true ] ||
	missing "BPF program type EXT"
command -v xdp-loader >/dev/null || missing "xdp-loader"

loader() { within "$HOST" xdp-loader "$@"; }
# Names behind the dispatcher in the order in which they run.
behind() { loader status $UPLINK | awk '$1 == "=>" { printf "%s%s", separator, $3; separator = " " }'; }
id_of() { loader status $UPLINK | awk -v name="$1" '$1 == "=>" && $3 == name { print $4 }'; }
passed() { bpftool -j map dump name frames_passed | jq '.[0].formatted.value'; }

must loader load -m native $UPLINK "$OTHER"
other=$(id_of count_pass)
start_daemon
add_adapter
populate
check_equal "ours runs behind the other" "count_pass nicsw_port" "$(behind)"
check "shared: ping wire -> VF" ping_ok "$WIRE" "$(vf_ip 0)"
check_number "shared: the other has seen the frames" "$(passed)" -ge 3
refused "shared: another adapter does not get the same uplink" 1 "uplink of another adapter" \
	nicsw adapter add b$$ uplink $UPLINK
refused "shared: no capture that would miss what comes in from the wire" 1 \
	"behind libxdp's dispatcher and cannot be exchanged" nicsw capture all -w "$DIR/frames.pcapng"
stop_daemon KILL
check_equal "shared: both outlive the daemon" "count_pass nicsw_port" "$(behind)"
check "shared: ping without a daemon" ping_ok "$WIRE" "$(vf_ip 0)"

ours=$(id_of nicsw_port)
offset=$(bpftool -j btf dump map pinned "$PINS/$ADAPTER/meta" value |
	jq '[.types[] | select(.name == "nicsw_meta" and .kind == "STRUCT").members[] |
		select(.name == "program_tag").bits_offset / 8][0]')
read -r -a meta <<<"$(bpftool -j map lookup pinned "$PINS/$ADAPTER/meta" key 0 0 0 0 |
	jq -r '.value | join(" ")')"
meta[offset]=0x00 meta[offset + 1]=0x00 meta[offset + 2]=0x01
must bpftool map update pinned "$PINS/$ADAPTER/meta" key 0 0 0 0 value "${meta[@]}"
start_numbered --receiver "$(vm 0):eth0" \
	--flow "wire,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=10000,allow=0"
start_daemon
stop_numbered
check_numbers "shared: another build takes over under load"
check_equal "shared: one of ours after the upgrade" "count_pass nicsw_port" "$(behind)"
check_not "shared: it is another one" test "$(id_of nicsw_port)" = "$ours"

must loader unload $UPLINK --id "$(id_of count_pass)"
check_equal "the other one leaves" "nicsw_port" "$(behind)"
check "ours goes on" ping_ok "$WIRE" "$(vf_ip 0)"
must loader load -m native $UPLINK "$OTHER"
check_equal "it comes back, ahead of ours" "count_pass nicsw_port" "$(behind)"
must nicsw adapter del "$ADAPTER"
check_equal "del leaves the other where it is" "count_pass" "$(behind)"
must loader unload $UPLINK --all
