#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One daemon, two adapters: each has its own wire, VFs and filters; a command says which one it means;
# making and deleting one does not disturb the other.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_numbered.sh"

second=b$$
wire2=$PREFIX-wire2
make_world 2
make_netns "$wire2"
make_wire 1500 "$wire2" up1
must ip -n "$wire2" address add 10.9.2.2/16 dev eth0

start_numbered --receiver "$(vm 1):eth0" --receiver "$(vm 0):eth0" \
	--flow "first,from=$(vm 0):eth0,to=$(vf_mac 1),src=$(vf_mac 0),rate=10000,allow=0" \
	--flow "first-wire,from=$WIRE:eth0,to=$(vf_mac 0),src=$WIRE_MAC,rate=10000,allow=1"
add_adapter $second up1 total-vfs 8
check_equal "both are listed" "$ADAPTER $second" "$(json '[.[].name] | sort | join(" ")' adapter show)"
check_equal "-a with adapter show" $second "$(json '.[].name' -a $second adapter show)"
refused "which adapter is not guessed" 1 "2 adapters" nicsw switch show
refused "not for a change either" 1 "2 adapters" nicsw vf allocate
refused "an adapter that does not exist" 1 "no adapter nobody" nicsw -a nobody vf show

# The same MACs on both: they are two switches.
must nicsw -a $second switch create num-vfs 2
for vf in 0 1; do
	make_netns "$PREFIX-b$vf"
	must nicsw -a $second vf allocate name "b$vf" mac "$(vf_mac $vf)"
	must nicsw -a $second vport create vf $vf
	must nicsw -a $second filter set vport $((vf + 1)) mac "$(vf_mac $vf)"
	must nicsw -a $second vf attach $vf netns "$PREFIX-b$vf"
	must ip -n "$PREFIX-b$vf" address add "$(vf_ip $vf)/16" dev eth0
done
check_equal "\$NICSW_ADAPTER names one" "b0 b1" \
	"$(NICSW_ADAPTER=$second json '[.[].vm_friendly_name] | join(" ")' vf show)"
check_equal "-a is stronger than \$NICSW_ADAPTER" "vm0 vm1" \
	"$(NICSW_ADAPTER=$second json '[.[].vm_friendly_name] | join(" ")' -a "$ADAPTER" vf show)"
check "first adapter: VF -> VF" ping_ok "$(vm 0)" "$(vf_ip 1)"
check "first adapter: VF -> its wire" ping_ok "$(vm 0)" $WIRE_IP
check "second adapter: VF -> VF" ping_ok "$PREFIX-b0" "$(vf_ip 1)"
check "second adapter: VF -> its wire" ping_ok "$PREFIX-b0" 10.9.2.2
check_not "second adapter: not to the first one's wire" ping_ok "$PREFIX-b0" $WIRE_IP 1
# A refused add must not take anything from the adapter that has the uplink.
uplink_settings() {
	ip -n "$HOST" -j link show up1 | jq -c '.[] | [.flags, .promiscuity, .xdp]'
	tc -n "$HOST" filter show dev up1 ingress | sed 's/ id .*//'
	within "$HOST" ethtool -k up1
}
before=$(uplink_settings)
refused "an uplink that another adapter has" 1 "up1" nicsw adapter add c$$ uplink up1
check "that refusal leaves the uplink as it was, with XDP and tc" \
	diff <(echo "$before") <(uplink_settings)
refused "a name that another adapter has" 1 "already" nicsw adapter add "$second" uplink $UPLINK

stop_daemon KILL
start_daemon
check_equal "a new daemon adopts both" "$ADAPTER $second" \
	"$(json '[.[].name] | sort | join(" ")' adapter show)"
check "second adapter goes on" ping_ok "$PREFIX-b0" "$(vf_ip 1)"

check "its counters add up: the netdevs of both have the same numbers" \
	nicsw -a $second stats show --check
check "adapter del of the second" nicsw adapter del $second
check_equal "it has left nothing in the host" "" "$(ip -n "$HOST" -o link show | grep " $second")"
check_equal "the other one needs no name now" "vm0 vm1" \
	"$(json '[.[].vm_friendly_name] | join(" ")' vf show)"
stop_numbered
check_numbers "frames on the first adapter all the while"
