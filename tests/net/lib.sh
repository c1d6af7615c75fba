# SPDX-License-Identifier: GPL-2.0-only
# What the netns scenarios share; sourced by each tests/net/NAME.sh.
#
# A scenario builds its own small world of namespaces: a wire, a host (where nicswd, the uplink and
# the PF's netdev are) and guests vm0, vm1, ... All names hold the pid, so that scenarios run side by
# side. It prints `ok - text` or `not ok - text` for each check, `# text` for people, and ends with 0
# only if every check held. Whatever happens, also Ctrl-C, the world is gone afterwards.
#
#   PAUSE=1   stop at a failure, with the world still there to look into
#   KEEP_LOG=1  show the daemon's log also when all is well
#   O=DIR     where the programs are (default: build)
#
# No scenario sleeps for something to be ready: wait_until asks for it, with a limit.

set -u
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$(realpath "${O:-$ROOT/build}")
TOOLS=$BUILD/tests/net/tools
SCENARIO=$(basename "$0" .sh)

ADAPTER=a$$
PINS=/sys/fs/bpf/nicsw-t$$
PREFIX=nt$$
WIRE=$PREFIX-wire
HOST=$PREFIX-host
UPLINK=up0
UPLINK_MAC=02:00:00:00:00:fe
WIRE_MAC=02:00:00:00:00:ee
PF_IP=10.9.1.1
WIRE_IP=10.9.2.1

DIR=$(mktemp -d /tmp/nicsw-net.XXXXXX)
chmod 755 "$DIR"
LOG=$DIR/nicswd.log
SOCKET=$DIR/nicswd.sock
export NICSW_SOCKET=$SOCKET
unset NICSW_ADAPTER

CHECKS=0
FAILURES=0
DAEMON=
NAMESPACES=()
ADAPTERS=()
BACKGROUND=()
PIN_DIRS=()

# ---- results -------------------------------------------------------------------------------------

note() { echo "# $*"; }

# A figure that people want to read also when all is well.
figure() { echo "# FIGURE $SCENARIO: $*"; }

# Lines of standard input as notes.
notes() { sed 's/^/# /'; }

pass() {
	CHECKS=$((CHECKS + 1))
	echo "ok - $*"
}

fail() {
	CHECKS=$((CHECKS + 1))
	FAILURES=$((FAILURES + 1))
	echo "not ok - $*"
	[ -n "${PAUSE:-}" ] || return 0
	echo "# paused: NICSW_SOCKET=$SOCKET $BUILD/nicsw ...; namespaces: ${NAMESPACES[*]}"
	read -r -p "# Enter goes on: " _ </dev/tty
}

# check TEXT COMMAND...: the command succeeds; what it printed is shown if not.
check() {
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		pass "$text"
	else
		fail "$text (failed: $*)"
		[ -z "$output" ] || notes <<<"$output"
	fi
}

# check_not TEXT COMMAND...: it fails.
check_not() {
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		fail "$text (did not fail: $*)"
		[ -z "$output" ] || notes <<<"$output"
	else
		pass "$text"
	fi
}

# check_equal TEXT WANTED OBSERVED
check_equal() {
	if [ "$2" = "$3" ]; then
		pass "$1 (${3:-nothing})"
	else
		fail "$1 (wanted: ${2:-nothing}; observed: ${3:-nothing})"
	fi
}

# check_number TEXT LEFT -eq|-ge|-gt|-le|-lt RIGHT: LEFT is what was observed.
check_number() {
	if [[ $2 =~ ^-?[0-9]+$ ]] && [ "$2" "$3" "$4" ]; then
		pass "$1 ($2)"
	else
		fail "$1 (wanted: $3 $4; observed: ${2:-nothing})"
	fi
}

skip() { # the whole scenario
	CHECKS=$((CHECKS + 1))
	echo "ok - $SCENARIO # SKIP $*"
	exit 0
}

# Set-up that has to work: without it the scenario has nothing to say.
must() {
	local output
	if output=$("$@" 2>&1); then
		return 0
	fi
	fail "set-up: $*"
	notes <<<"$output"
	exit 1
}

# refused TEXT CODE PATTERN COMMAND...: it ends with this exit code, its message matches the extended
# regular expression, and nothing has changed.
refused() {
	local text=$1 code=$2 pattern=$3 before output observed
	shift 3
	before=$(state 2>&1)
	output=$("$@" 2>&1)
	observed=$?
	if [ $observed -ne "$code" ]; then
		fail "$text (wanted: exit $code; observed: exit $observed: $output)"
	elif ! grep -q -i -E -e "$pattern" <<<"$output"; then
		fail "$text (wanted: /$pattern/; observed: $output)"
	elif [ "$(state 2>&1)" != "$before" ]; then
		fail "$text (nothing changes)"
		diff <(echo "$before") <(state 2>&1) | notes
	else
		pass "$text (exit $code: $(head -n 1 <<<"$output"))"
	fi
}

# wait_until SECONDS COMMAND...
wait_until() {
	local end=$(($(date +%s%N) + $1 * 1000000000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s%N)" -lt "$end" ] || return 1
		read -r -t 0.02 _ <>"$DIR/never"
	done
	return 0
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# ---- programs ------------------------------------------------------------------------------------

nicsw() { "$BUILD/nicsw" "$@"; }

# need PROGRAM...: installed, or one of our tools, built.
need() {
	local program
	for program; do
		command -v "$program" "$TOOLS/$program" >/dev/null && continue
		fail "$program is there (make tests, scripts/install-deps)"
		exit 1
	done
}

# within NS COMMAND...: not `ip netns exec`, which hides bpffs.
within() {
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@"
}

vm() { echo "$PREFIX-vm$1"; }

# Runs in the background until the end of the scenario, or stop PID. Sets STARTED: the pid of the
# program itself, not of a shell around it. So `within NS` is taken apart here.
start() {
	if [ "$1" = within ]; then
		nsenter --net="/run/netns/$2" "${@:3}" &
	else
		"$@" &
	fi
	STARTED=$!
	BACKGROUND+=("$STARTED")
}

stop() { # PID [SIGNAL]
	kill "-${2:-TERM}" "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

daemon_answers() { nicsw adapter show; }

# start_daemon [OPTION...]: waits until the socket answers.
start_daemon() {
	nsenter --net="/run/netns/$HOST" "$BUILD/nicswd" --socket "$SOCKET" --pin-dir "$PINS" "$@" \
		>>"$LOG" 2>&1 </dev/null &
	DAEMON=$!
	if ! wait_until 20 daemon_answers; then
		fail "nicswd answers within 20 s"
		exit 1
	fi
}

stop_daemon() { # [SIGNAL]
	[ -z "$DAEMON" ] || stop "$DAEMON" "${1:-TERM}"
	DAEMON=
}

# ---- the world -----------------------------------------------------------------------------------

# No frame that the scenario did not send.
silence() {
	within "$1" sh -c 'for f in all default; do
		echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done' 2>/dev/null
}

make_netns() {
	must ip netns add "$1"
	NAMESPACES+=("$1")
	silence "$1"
	must ip -n "$1" link set lo up
}

# make_wire [MTU] [NS] [UPLINK] [IFINDEX]: a veth pair, uplink in the host's namespace, eth0 in the
# wire's.
make_wire() {
	local mtu=${1:-1500} wire=${2:-$WIRE} uplink=${3:-$UPLINK}
	# shellcheck disable=SC2086
	must ip -n "$HOST" link add "$uplink" ${4:+index $4} mtu "$mtu" numrxqueues 2 numtxqueues 2 \
		type veth peer name eth0 mtu "$mtu" numrxqueues 2 numtxqueues 2 netns "$wire"
	[ "$uplink" != "$UPLINK" ] || must ip -n "$HOST" link set "$uplink" address $UPLINK_MAC
	[ "$wire" != "$WIRE" ] || must ip -n "$wire" link set eth0 address $WIRE_MAC
	must ip -n "$wire" link set eth0 up
	must ip -n "$HOST" link set "$uplink" up
}

make_host() {
	make_netns "$HOST"
	make_netns "$WIRE"
	make_wire "${1:-1500}"
	PIN_DIRS+=("$PINS")
}

# add_adapter [NAME] [UPLINK] [WORD...]
add_adapter() {
	local name=${1:-$ADAPTER} uplink=${2:-$UPLINK}
	ADAPTERS+=("$name")
	shift $(($# < 2 ? $# : 2))
	must nicsw adapter add "$name" uplink "$uplink" "$@"
}

vf_mac() { printf '02:00:00:00:01:%02x' "$1"; }
vf_ip() { echo "10.9.0.$(($1 + 1))"; }

# json QUERY COMMAND...: one value of what the CLI says.
json() {
	local query=$1
	shift
	nicsw -j "$@" | jq -r "$query"
}

vport_of() { json ".[] | select(.vf_id == $1).vport_id" vf show; }
filter_of() { json ".[] | select(.mac == \"$1\" and .vlan == ${2:-null}).filter_id" filter show; }

# attach_vf N [NS]: its netdev, with an address.
attach_vf() {
	local ns=${2:-$(vm "$1")}
	must nicsw vf attach "$1" netns "$ns" dev eth0
	must ip -n "$ns" address add "$(vf_ip "$1")/16" dev eth0
}

# add_vf N: VF N with VPort, filter and netdev eth0 in namespace vmN.
add_vf() {
	make_netns "$(vm "$1")"
	must nicsw vf allocate name "vm$1" mac "$(vf_mac "$1")"
	must nicsw vport create vf "$1"
	must nicsw filter set vport "$(vport_of "$1")" mac "$(vf_mac "$1")"
	attach_vf "$1"
}

# make_world VFS [MTU]: all of it, with addresses.
make_world() {
	local i
	make_host "${2:-1500}"
	start_daemon
	add_adapter
	must nicsw switch create num-vfs "${NUM_VFS:-$1}"
	must ip -n "$WIRE" address add $WIRE_IP/16 dev eth0
	must ip -n "$HOST" address add $PF_IP/16 dev "$ADAPTER"
	for ((i = 0; i < $1; i++)); do
		add_vf "$i"
	done
}

# ping_ok NS IP [COUNT]: not one is lost.
ping_ok() { within "$1" ping -q -c "${3:-3}" -i 0.01 -W 2 "$2" | grep -q ' 0% packet loss'; }

# counter PORT FIELD: of stats show; PORT = uplink, pf, vfN; FIELD such as rx_packets or
# drops.source_spoofed.
counter() { json ".[] | select(.port == \"$1\").$2" stats show; }

# Everything that requests can change, as one text to compare.
state() {
	local what
	for what in adapter switch vf vport filter; do
		nicsw -j "$what" show
	done
}

# Nondefault VPorts of the PF: the netdev of VPort N, and where it is.
vport_dev() { echo "${ADAPTER}v$1"; }
vport_place() { echo "$HOST:$(vport_dev "$1")"; }
has_vport_netdev() { ip -n "$HOST" link show "$(vport_dev "$1")"; }

# create_pf_vport [WORD...]: prints its id.
create_pf_vport() { nicsw vport create pf "$@" | awk '{ print $2 }'; }

feature() { # NS DEV FEATURE
	within "$1" ethtool -k "$2" 2>/dev/null | sed -n "s/^[[:space:]]*$3: \([a-z]*\).*/\1/p"
}

# ---- end -----------------------------------------------------------------------------------------

# However a scenario ends, what the switch counted must add up: frames in = frames out + drops, and
# what was handed over = what the netdevs took + what they lost.
check_sums() {
	local item
	for item in $(json '.[].name' adapter show 2>/dev/null); do
		check "the counters of $item add up" nicsw -a "$item" stats show --check
	done
}

stop_background() {
	local item
	for item in "${BACKGROUND[@]}"; do
		stop "$item"
	done
	BACKGROUND=()
}

remove_world() {
	local item
	if [ -n "$DAEMON" ]; then
		for item in "${ADAPTERS[@]}"; do
			timeout 20 "$BUILD/nicsw" adapter del "$item" >/dev/null 2>&1
		done
		stop_daemon
	fi
	# What a daemon that failed may have left.
	for item in "${PIN_DIRS[@]}"; do
		rm -rf "$item" 2>/dev/null
	done
	for item in "${ADAPTERS[@]}"; do
		[ ! -e "/run/netns/nicsw-$item" ] || ip netns del "nicsw-$item" 2>/dev/null
	done
	for item in "${NAMESPACES[@]}"; do
		[ ! -e "/run/netns/$item" ] || ip netns del "$item" 2>/dev/null
	done
	rm -rf "$DIR"
}

finish() {
	local status=$?
	trap '' INT TERM HUP
	trap - EXIT
	stop_background
	[ $status -ne 0 ] || check_sums
	if [ $status -ne 0 ] && [ $FAILURES -eq 0 ]; then
		fail "$SCENARIO ran to its end (status $status)"
	elif [ $CHECKS -eq 0 ]; then
		fail "$SCENARIO checked something"
	fi
	if { [ $FAILURES -gt 0 ] || [ -n "${KEEP_LOG:-}" ]; } && [ -s "$LOG" ]; then
		note "log of nicswd:"
		tail -n 60 "$LOG" | notes
	fi
	remove_world
	exit $((FAILURES > 0))
}

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkfifo "$DIR/never"
[ "$(id -u)" -eq 0 ] || skip "needs root"
need "$BUILD/nicsw" "$BUILD/nicswd" ip nsenter jq ethtool ping
