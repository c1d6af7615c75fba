#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Objects of a connection (nicsw --release-on-exit) go with it: when the client ends, when it is killed,
# and, if the daemon was killed first, when the next daemon starts. Nobody else's objects do (GEN-28).
. "$(dirname "$0")/lib.sh"

COMMANDS=$DIR/commands
NUM_VFS=2 make_world 1
make_netns "$(vm 1)"
mkfifo "$COMMANDS"

# A client that is bound and waits for more commands; descriptor 8 keeps it waiting.
start_client() {
	start "$BUILD/nicsw" --release-on-exit -b "$COMMANDS" >"$DIR/made"
	client=$STARTED
	exec 8>"$COMMANDS"
	cat >&8 <<-END
		vf allocate name bound mac $(vf_mac 1)
		vport create vf 1
		filter set vport 2 mac $(vf_mac 1)
		filter set vport 0 mac $(vf_mac 9)
		vf attach 1 netns $(vm 1) dev eth0
	END
	check "a client has a VF, a VPort, two filters and a netdev" wait_until 10 has_all
}

end_client() { # [SIGNAL]
	[ $# -eq 0 ] || kill "-$1" "$client"
	exec 8>&-
	wait "$client" 2>/dev/null
}

has_netdev() { ip -n "$(vm 1)" link show eth0; }
has_all() { [ "$(json length filter show)" -eq 3 ] && has_netdev; }
kept=$(state)
as_before() { [ "$(state)" = "$kept" ]; }
all_gone() { as_before && ! has_netdev; }

# ---- the client ends -----------------------------------------------------------------------------

start_client
refused "another owner cannot free them" 1 "belongs to .conn:$client:1.*CLEAR-RF-6" nicsw filter clear 2
check_equal "the owner is the connection" "conn:$client:1" \
	"$(json '.[] | select(.vm_friendly_name == "bound").owner' vf show)"
end_client
check "the client ends: all of it is gone, and nothing else" wait_until 10 all_gone

for signal in KILL TERM; do
	start_client
	end_client $signal
	check "the client is ended by $signal: all of it is gone, and nothing else" wait_until 10 all_gone
done
check "VF 0 goes on" ping_ok "$(vm 0)" "$WIRE_IP"

# Killed at a request that is not its last: what was made meanwhile goes, too.
awk 'BEGIN { for (i = 0; i < 60000; i++)
	printf "filter set vport 0 mac 02:bb:00:00:%02x:%02x\n", i / 256, i % 256 }' >"$DIR/many"
start "$BUILD/nicsw" --release-on-exit -b "$DIR/many" >"$DIR/set"
client=$STARTED
check "a client begins to set 60000 filters" wait_until 10 test -s "$DIR/set"
check "it is killed on the way" kill -KILL "$client"
wait "$client" 2>/dev/null
check_number "filters it has set" "$(wc -l <"$DIR/set")" -lt 60000
check "none of them stays" wait_until 10 as_before

# ---- the daemon is killed ------------------------------------------------------------------------

start_client
stop_daemon KILL
check "the daemon is killed: the netdev of the client's VF is still there" has_netdev
end_client KILL
start_daemon
check "a new daemon releases what no connection has any more" all_gone
check "VF 0 goes on under it" ping_ok "$(vm 0)" "$WIRE_IP"
check "and its owner may still free it" nicsw filter clear "$(filter_of "$(vf_mac 0)")"
must nicsw filter set vport 1 mac "$(vf_mac 0)"

# SIGTERM leaves the switch running, but connections end with the daemon.
start_client
stop_daemon TERM
end_client KILL
start_daemon
check "the same after SIGTERM" all_gone

refused "objects of a connection have no other owner" 2 "exclude each other" \
	nicsw --release-on-exit --owner somebody vf allocate
