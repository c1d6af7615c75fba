#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One round trip of an OID to a nicswd of its own: first while nobody listens to events, then beside a
# `nicsw monitor`. Arguments go to oid_latency (--count N). It needs what `make all tests` builds.
. "$(dirname "$0")/../net/lib.sh"

bench=$BUILD/tests/bench/oid_latency
need "$bench"
make_host
start_daemon
add_adapter
must nicsw switch create num-vfs 8
# Not within a pipe or $(): the table is for people, as it comes.
measure() {
	note "$1"
	if ! "$bench" "${@:2}"; then
		fail "oid_latency, $1"
		exit 1
	fi
	pass "measured $1"
}
measure "without a listener" "$@"
start "$BUILD/nicsw" monitor >"$DIR/monitor"
# A filter that comes and goes until the stream has begun.
is_listened_to() {
	must nicsw filter set vport 0 mac 02:00:00:00:be:ee
	must nicsw filter clear "$(filter_of 02:00:00:00:be:ee)"
	[ -s "$DIR/monitor" ]
}
must wait_until 10 is_listened_to
measure "beside a nicsw monitor" "$@"
