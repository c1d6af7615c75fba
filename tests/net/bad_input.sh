#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Bad input: each case ends with its exit code (1 refused, 2 usage, 3 no daemon), a message that names
# what is wrong, and nothing changed (CLI, last part).
. "$(dirname "$0")/lib.sh"
need bpftool setpriv unshare

cp "$BUILD/nicsw" "$DIR/nicsw" # where nobody can read it, too
make_world 2
mac=$(vf_mac 0)

# ---- words and numbers ---------------------------------------------------------------------------

# cases: from lines CODE ; PATTERN of the message ; words of the command
cases() {
	local code pattern words
	while IFS=';' read -r code pattern words; do
		pattern=$(sed 's/^ *//; s/ *$//' <<<"$pattern")
		words=${words# }
		# shellcheck disable=SC2086
		refused "nicsw $words" "$code" "$pattern" nicsw $words
	done
}

cases <<EOT
2; unknown object "filtr".*"filter"           ; filtr show
2; unknown vf command "atach".*"attach"       ; vf atach 0 netns x
2; unknown option "--sockt".*"--socket"       ; --sockt x vf show
2; unknown.*"uplnk".*"uplink"                 ; adapter add x uplnk up0
2; needs a command                            ; vf
2; vlan "seven".*0\.\.4094                    ; filter set vport 1 mac $mac vlan seven
2; vlan 4095.*0\.\.4094                       ; filter set vport 1 mac $mac vlan 4095
2; vlan .*0\.\.4094                           ; filter set vport 1 mac $mac vlan 99999999999999999999
2; vlan .*0\.\.4094                           ; filter set vport 1 mac $mac vlan -1
2; mac .*six bytes                            ; filter set vport 1 mac 02:00:00:00:00
2; mac .*six bytes                            ; filter set vport 1 mac 02:00:00:00:00:0g
2; mac .*six bytes                            ; filter set vport 1 mac 02:00:00:00:00:01:02
2; mac MAC is missing                         ; filter set vport 1
2; vport "one" is not a number                ; filter set vport one mac $mac
2; vf 65535 .*65534                           ; vf free 65535
2; "0x" is not a number                       ; vf free 0x
2; offset "zero".*4095                        ; pci read vf 0 offset zero length 4
2; name "muchtoolong".*1\.\.8                 ; adapter add muchtoolong uplink up1
2; name "a/b"                                 ; adapter add a/b uplink up1
2; total-vfs 1025.*1024                       ; adapter add x$$ uplink up1 total-vfs 1025
2; total-vfs "many"                           ; adapter add x$$ uplink up1 total-vfs many
2; netns .*127                                ; vf attach 1 netns $(printf 'x%.0s' {1..200})
2; dev .*15                                   ; vf attach 1 netns $(vm 1) dev muchtoolong12345
1; VF 7 is not allocated                      ; vf show 7
1; FREE-VF-3                                  ; vf free 7
1; FREE-VF-5                                  ; vf free 0
1; RESET-VF-3                                 ; vf reset 7
1; VF 7 is not allocated                      ; vf attach 7 netns $(vm 0)
1; VF 7 is not allocated                      ; vf detach 7
1; VF 0 has its netdev                        ; vf attach 0 netns $(vm 0) dev eth7
1; CREATE-VP-7                                ; vport create vf 7
1; CREATE-VP-8                                ; vport create vf 0
1; DELETE-VP-4                                ; vport delete 99
1; DELETE-VP-3                                ; vport delete 0
1; DELETE-VP-5                                ; vport delete 1
1; SET-RF-5                                   ; filter set vport 99 mac 02:00:00:00:0e:0e
1; SET-RF-28                                  ; filter set vport 2 mac $mac
1; MOVE-RF-4                                  ; filter move 999 vport 0
1; MOVE-RF-7                                  ; filter move 1 vport 99
1; CLEAR-RF-2                                 ; filter clear 999
1; CREATE-SW-13                               ; switch create num-vfs 2
1; DELETE-SW-4                                ; switch delete
1; RD-CFG-14                                  ; pci read vf 7 offset 0 length 4
1; no-such: No such                           ; adapter add x$$ uplink no-such
1; lo is the loopback                         ; adapter add x$$ uplink lo
1; $ADAPTER is there already                  ; adapter add $ADAPTER uplink up1
1; lo is there already                        ; adapter add lo uplink up1
1; no adapter x                               ; adapter del x$$
EOT
refused "nicsw pci read beyond the end" 2 "offset 4096.*4095" nicsw pci read vf 0 offset 4096 length 4
refused "nicsw pci read across the end" 1 "RD-CFG" nicsw pci read vf 0 offset 4092 length 8

must nicsw vf detach 1
refused "attach to a namespace that does not exist" 1 "$PREFIX-none: No such file" \
	nicsw vf attach 1 netns "$PREFIX-none"
refused "attach to a process that does not exist" 1 "pid:999999999: No such" \
	nicsw vf attach 1 netns pid:999999999
refused "attach where the name is taken" 1 "lo is there already|exists" \
	nicsw vf attach 1 netns "$(vm 1)" dev lo
refused "attach to a file that is no namespace" 1 "not a network namespace" \
	nicsw vf attach 1 netns /etc/passwd
make_netns "$PREFIX-gone"
must ip netns del "$PREFIX-gone"
refused "attach to a namespace that has vanished" 1 "$PREFIX-gone" \
	nicsw vf attach 1 netns "$PREFIX-gone"
check "the same VF can be attached after all that" nicsw vf attach 1 netns "$(vm 1)"

# ---- batch ---------------------------------------------------------------------------------------

printf 'vf show\nfilter set vport 1 mac 02:00:00:00:0a:01\nvf free 9\nvf free 0\n' >"$DIR/batch"
output=$(nicsw -b "$DIR/batch" 2>&1 >/dev/null)
check_equal "a batch stops at the line that is refused, with its code" 1 $?
check "and names the line" grep -q "batch:3" <<<"$output"
check_equal "what came before it is done" 1 \
	"$(json '[.[] | select(.mac == "02:00:00:00:0a:01")] | length' filter show)"
printf 'switch create name "never closed\n' >"$DIR/batch"
refused "a batch with an open quote" 2 "quote" nicsw -b "$DIR/batch"
refused "a batch file that does not exist" 1 "no-such-file" nicsw -b "$DIR/no-such-file"

# ---- who -----------------------------------------------------------------------------------------

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
check "nobody may read" as_nobody "$DIR/nicsw" vf show
refused "nobody may not allocate" 1 "root|group|permission|not allowed" \
	as_nobody "$DIR/nicsw" vf allocate
refused "nobody may not delete the adapter" 1 "root|group|permission|not allowed" \
	as_nobody "$DIR/nicsw" adapter del "$ADAPTER"
refused "nobody may not force" 1 "root|group|permission|not allowed" \
	as_nobody "$DIR/nicsw" --force vf free 0
refused "another owner's filter" 1 "belongs to .cli:0., not to .somebody." \
	nicsw --owner somebody filter clear 1
cp "$BUILD/nicswd" "$DIR/nicswd"
refused "nicswd without root" 1 "root" as_nobody "$DIR/nicswd" --socket "$DIR/other.sock"

# ---- daemon --------------------------------------------------------------------------------------

# daemon TEXT CODE PATTERN OPTION...: one that must not come up; the first goes on.
daemon_refused() {
	local text=$1 code=$2 pattern=$3
	shift 3
	refused "$text" "$code" "$pattern" timeout 10 nsenter --net="/run/netns/$HOST" \
		"$BUILD/nicswd" "$@"
}

PIN_DIRS+=("$PINS-2")
daemon_refused "a second daemon at the same socket" 1 "answers at .*already" \
	--socket "$SOCKET" --pin-dir "$PINS-2"
daemon_refused "a second daemon for the same pins" 1 "another nicswd" \
	--socket "$DIR/other.sock" --pin-dir "$PINS"
daemon_refused "an option that does not exist" 2 "unrecognized|unknown" --sokcet x
daemon_refused "a word too many" 2 "unknown argument 'x'" x
daemon_refused "a pin directory that is not absolute" 1 "absolute" \
	--socket "$DIR/other.sock" --pin-dir pins
daemon_refused "a socket path that is too long" 1 "at most" \
	--socket "$DIR/$(printf 'x%.0s' {1..120})" --pin-dir "$PINS-2"
refused "no daemon at a socket" 3 "$DIR/none.sock" nicsw --socket "$DIR/none.sock" vf show
touch "$DIR/file.sock"
refused "a socket that is a file" 3 "$DIR/file.sock" nicsw --socket "$DIR/file.sock" vf show

# ---- pins ----------------------------------------------------------------------------------------

before=$(state)
stop_daemon KILL
check "the socket file of a dead daemon is still there" test -S "$SOCKET"
check_equal "a dead daemon: exit code" 3 "$(nicsw vf show >/dev/null 2>&1; echo $?)"
start_daemon
check "stale socket and pins of a dead daemon are adopted" diff <(echo "$before") <(state)
stop_daemon TERM
check "after SIGTERM the switch goes on" ping_ok "$(vm 0)" $WIRE_IP

# meta_version NUMBER: writes it where the layout says, the second word of the meta map.
meta_version() {
	local bytes
	bytes=$(bpftool -j map lookup pinned "$PINS/$ADAPTER/meta" key 0 0 0 0 |
		jq -r '.value | map(ltrimstr("0x")) | join(" ")')
	# shellcheck disable=SC2046,SC2086
	set -- $1 $bytes
	# shellcheck disable=SC2086
	bpftool map update pinned "$PINS/$ADAPTER/meta" key hex 0 0 0 0 \
		value hex ${*:2:4} "$(printf %02x "$1")" 0 0 0 ${*:10}
}

pins_now() {
	ls "$PINS" "$PINS/$ADAPTER" "$PINS/$ADAPTER/links"
	bpftool map dump pinned "$PINS/$ADAPTER/meta"
	bpftool map dump pinned "$PINS/$ADAPTER/vfs"
}

known=$(bpftool -j map lookup pinned "$PINS/$ADAPTER/meta" key 0 0 0 0 | jq -r '.value[4]')
must meta_version 99
before_pins=$(pins_now)
: >"$LOG"
start_daemon
check "pins of another layout: the daemon says so" grep -q -E "layout 99.*left as it is" "$LOG"
check_equal "pins of another layout: no adapter" 0 "$(json length adapter show)"
check "pins of another layout: nothing is touched" diff <(echo "$before_pins") <(pins_now)
check "pins of another layout: the switch goes on" ping_ok "$(vm 0)" $WIRE_IP
refused "pins of another layout: an adapter of that name cannot be added" 1 "already" \
	nicsw adapter add "$ADAPTER" uplink $UPLINK
stop_daemon
must meta_version "$known"
start_daemon
check "with the layout it knows the daemon adopts it" diff <(echo "$before") <(state)

# An add that was cut off: a directory without a whole adapter in it.
stop_daemon
must mkdir -p "$PINS/cut1/nicsw_adapter" "$PINS/cut1/links" "$PINS/cut2/nicsw_adapter" "$PINS/foreign"
must bpftool map create "$PINS/foreign/meta" type array key 4 value 8 entries 1 name meta
must bpftool map create "$PINS/cut2/meta" type array key 4 value 8 entries 1 name meta
must ip netns add nicsw-cut2
: >"$LOG"
start_daemon
check_equal "what is left of a cut-off add is removed, pins of others are not" "$ADAPTER foreign" \
	"$(ls "$PINS" | sort | xargs)"
rm -r "$PINS/foreign"
check_not "with its namespace" test -e /run/netns/nicsw-cut2
check_equal "the daemon says so" 2 "$(grep -c 'not finished and has been removed' "$LOG")"
ip netns del nicsw-cut2 2>/dev/null
check "the whole adapter beside it stays" diff <(echo "$before") <(state)

# The same for real: killed at some moment of an add, then of a del.
make_netns "$PREFIX-wire2"
make_wire 1500 "$PREFIX-wire2" up1
ADAPTERS+=("c$$")
half=()
finished=0
uplink_is_free() { [ "$(ip -n "$HOST" -j -d link show up1 |
	jq -c '.[] | [.xdp, .promiscuity]')" = '[null,0]' ]; }
for ((round = 0; round < 12; round++)); do
	word="add c$$ uplink up1"
	[ -z "$(json '.[] | select(.name == "c'$$'").name' adapter show)" ] || word="del c$$"
	# shellcheck disable=SC2086
	start nicsw adapter $word >/dev/null 2>&1
	request=$STARTED
	read -r -t "0.$((RANDOM % 3))$((RANDOM % 10))" _ <>"$DIR/never"
	stop_daemon KILL
	wait "$request" 2>/dev/null
	start_daemon
	if [ -n "$(json '.[] | select(.name == "c'$$'").name' adapter show)" ]; then
		finished=$((finished + 1))
		[ -d "$PINS/c$$" ] && ip -n "$HOST" link show "c$$" >/dev/null 2>&1 ||
			half+=("round $round, $word: an adapter without pins or netdev")
	else
		[ ! -e "$PINS/c$$" ] && [ ! -e "/run/netns/nicsw-c$$" ] && uplink_is_free &&
			! ip -n "$HOST" link show "c$$" >/dev/null 2>&1 ||
			half+=("round $round, $word: remains of an adapter")
	fi
done
note "after $finished of $round kills the adapter was there"
check_equal "kill -9 in the middle of adapter add and del: whole or not at all" "" \
	"$(printf '%s; ' "${half[@]}" | sed 's/^; $//')"
nicsw adapter del "c$$" >/dev/null 2>&1
check "the adapter beside them is as it was" diff <(echo "$before") <(state)

# ---- no BPF --------------------------------------------------------------------------------------

# Root without the rights to BPF and namespaces: as in a container.
stop_daemon
nsenter --net="/run/netns/$HOST" setpriv --bounding-set=-sys_admin,-bpf \
	--inh-caps=-sys_admin,-bpf "$BUILD/nicswd" --socket "$SOCKET" --pin-dir "$PINS-2" \
	>>"$LOG" 2>&1 &
DAEMON=$!
wait_until 5 daemon_answers
refused "an add without the right to BPF" 1 "not permitted|permission" \
	nicsw adapter add "c$$" uplink up1
check_equal "it leaves nothing behind" "" "$(ls "$PINS-2"; ls /run/netns | grep "nicsw-c$$";
	ip -n "$HOST" -o link show | grep "c$$")"
check "the uplink is as it was" uplink_is_free
stop_daemon
start_daemon

# ---- bpffs ---------------------------------------------------------------------------------------

# In a mount namespace of its own, so that nobody else's bpffs goes.
cat >"$DIR/no_bpffs" <<'EOT'
umount -l /sys/fs/bpf
[ "$(stat -f -c %T /sys/fs/bpf)" != bpf_fs ] || { echo "still mounted"; exit 1; }
"$1/nicswd" --socket "$2/bare.sock" --pin-dir /sys/fs/bpf/nicsw-bare &
daemon=$!
for i in $(seq 500); do
	"$1/nicsw" --socket "$2/bare.sock" adapter show >/dev/null 2>&1 && break
	read -r -t 0.02 _ <>"$2/never"
done
"$1/nicsw" --socket "$2/bare.sock" -j adapter show || exit 1
stat -f -c %T /sys/fs/bpf
kill $daemon
wait $daemon
EOT
output=$(unshare -m nsenter --net="/run/netns/$HOST" bash "$DIR/no_bpffs" "$BUILD" "$DIR" 2>/dev/null)
check_equal "bpffs not mounted: the daemon mounts it" "[] bpf_fs" \
	"$(tr '\n' ' ' <<<"$output" | sed 's/ *$//')"
