/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `nicsw doctor` checks. One table: the daemon looks by number, the CLI prints name, text and
 * cure, the tests see that each can fail.
 *
 * A number never changes its meaning and is never given to another check. The cure is a command to
 * type, or says what to do; {adapter}, {dev}, {vf}, {where} and {wanted} stand for what the finding
 * says.
 *
 * X(number, NAME, name, scope, rule, text, cure)
 * scope: host, uplink, netdev (of the PF or a VF), port (their switch ends), adapter; state: of
 * `doctor --state` only.
 */
#ifndef NICSW_CHECKS_H
#define NICSW_CHECKS_H

#define NICSW_CHECKS(X)                                                                            \
	X(1, KERNEL_FRAGS, kernel_frags, host, "PATH-3", "XDP takes frames above 3.5 kB",          \
	  "run Linux 5.18 or newer")                                                               \
	X(2, KERNEL_BATCH, kernel_batch, host, "FWD-20", "flood groups are replaced many at once", \
	  "run Linux 5.17 or newer")                                                               \
	X(3, METADATA, metadata, adapter, "FWD-35", "programs see VLAN tags in metadata",          \
	  "run Linux 6.8 or newer, with CONFIG_DEBUG_INFO_BTF; then add the adapter again")        \
	X(4, PINS, pins, adapter, "", "maps and programs are pinned",                              \
	  "nicsw adapter del {adapter}, and add it again")                                         \
	X(5, UPLINK_PRESENT, uplink_present, uplink, "", "the uplink is there",                    \
	  "give its netdev the name {dev} again")                                                  \
	X(6, UPLINK_UP, uplink_up, uplink, "", "the uplink is up and has a carrier",               \
	  "ip link set {dev} up; see to its cable or its far end")                                 \
	X(7, UPLINK_PROMISC, uplink_promisc, uplink, "FWD-2",                                      \
	  "the uplink takes frames of all addresses", "ip link set {dev} promisc on")              \
	X(8, UPLINK_RXVLAN, uplink_rxvlan, uplink, "FWD-35",                                       \
	  "receive VLAN offload of the uplink is off",                                             \
	  "ethtool -K {dev} rxvlan off rx-vlan-stag-hw-parse off")                                 \
	X(9, UPLINK_LRO, uplink_lro, uplink, "PATH-3",                                             \
	  "large receive offload of the uplink is off", "ethtool -K {dev} lro off")                \
	X(10, UPLINK_GRO_HW, uplink_gro_hw, uplink, "PATH-3", "hardware GRO of the uplink is off", \
	  "ethtool -K {dev} rx-gro-hw off")                                                        \
	X(11, UPLINK_TX, uplink_tx, uplink, "",                                                    \
	  "tx checksum offload of a veth or tap uplink is off", "ethtool -K {dev} tx off")         \
	X(12, FAR_SEEN, far_seen, uplink, "", "the far end of a veth can be seen",                 \
	  "give its namespace a name: ip netns attach NAME PID")                                   \
	X(13, FAR_GRO, far_gro, uplink, "", "the far end of a veth takes frames of XDP",           \
	  "at its far end: ethtool -K {dev} gro on")                                               \
	X(14, FAR_TX, far_tx, uplink, "", "the far end of a veth sends whole checksums",           \
	  "at its far end: ethtool -K {dev} tx off")                                               \
	X(15, FAR_TXVLAN, far_txvlan, uplink, "FWD-35", "the far end of a veth hides no tags",     \
	  "at its far end: ethtool -K {dev} txvlan off tx-vlan-stag-hw-insert off")                \
	X(16, NETDEV_SEEN, netdev_seen, netdev, "", "the namespace of the netdev is known",        \
	  "give its namespace a name: ip netns attach NAME PID")                                   \
	X(17, NETDEV_UP, netdev_up, netdev, "", "the netdev is up",                                \
	  "nsenter --net={where} ip link set {dev} up")                                            \
	X(18, NETDEV_MAC, netdev_mac, netdev, "FWD-32", "the netdev has the address of the VF",    \
	  "nsenter --net={where} ip link set {dev} address {wanted}")                              \
	X(19, NETDEV_MTU, netdev_mtu, netdev, "PATH-3", "the netdev has the MTU of the VF",        \
	  "nsenter --net={where} ip link set {dev} mtu {wanted}")                                  \
	X(20, NETDEV_GRO, netdev_gro, netdev, "", "GRO of the netdev is on: frames can reach it",  \
	  "nsenter --net={where} ethtool -K {dev} gro on")                                         \
	X(21, NETDEV_TX, netdev_tx, netdev, "", "tx checksum offload of the netdev is off",        \
	  "nsenter --net={where} ethtool -K {dev} tx off")                                         \
	X(22, NETDEV_TXVLAN, netdev_txvlan, netdev, "FWD-35",                                      \
	  "tx VLAN offload of the netdev is off",                                                  \
	  "nsenter --net={where} ethtool -K {dev} txvlan off tx-vlan-stag-hw-insert off")          \
	X(23, NETDEV_QUEUES, netdev_queues, netdev, "",                                            \
	  "the netdev has a receive queue for each CPU",                                           \
	  "nsenter --net={where} ethtool -L {dev} rx {wanted}")                                    \
	X(24, PORT_PROGRAM, port_program, port, "", "the port has its switch program",             \
	  "nicsw vf detach {vf}, and attach it again; of the PF: restart nicswd")                  \
	X(25, PORT_METADATA, port_metadata, port, "FWD-35",                                        \
	  "the port's program sees tags in metadata",                                              \
	  "nicsw vf detach {vf}, and attach it again; of the PF: add the adapter again")           \
	X(26, PORT_DROP, port_drop, port, "", "beneath XDP a tc program drops all",                \
	  "nsenter --net={wanted} sh -c 'tc qdisc replace dev {dev} clsact; tc filter replace "    \
	  "dev {dev} ingress pref 1 handle 1 bpf da pinned {where}/tc_drop'")                      \
	X(27, PORT_IPV6, port_ipv6, port, "", "the switch end speaks no IPv6 by itself",           \
	  "nsenter --net={wanted} sysctl net.ipv6.conf.{dev}.disable_ipv6=1")                      \
	X(40, STATE_JOURNAL, state_journal, state, "GEN-17", "no operation is half done",          \
	  "restart nicswd")                                                                        \
	X(41, STATE_VPORTS, state_vports, state, "LC-VF-3", "VPorts are of VFs that there are",    \
	  "nicsw vport delete")                                                                    \
	X(42, STATE_FILTERS, state_filters, state, "LC-VP-1",                                      \
	  "filters are on VPorts that there "                                                      \
	  "are",                                                                                   \
	  "nicsw filter clear")                                                                    \
	X(43, STATE_PORTS, state_ports, state, "FWD-14", "port records are as the records say",    \
	  "restart nicswd")                                                                        \
	X(44, STATE_MEMBERS, state_members, state, "FWD-23",                                       \
	  "members of VLANs are as the records say", "restart nicswd")                             \
	X(45, STATE_ENTRIES, state_entries, state, "FWD-1", "every filter is found in the table",  \
	  "restart nicswd")                                                                        \
	X(46, STATE_FOREIGN, state_foreign, state, "FWD-13", "nothing else is found there",        \
	  "restart nicswd")                                                                        \
	X(47, STATE_FLOODS, state_floods, state, "FWD-20", "flood groups have their members",      \
	  "restart nicswd")                                                                        \
	X(48, STATE_DEVICES, state_devices, state, "FWD-14", "there is a netdev behind each port", \
	  "detach its VF and attach it again; of uplink and PF: add the adapter again")

enum nicsw_check {
#define X(number, NAME, name, scope, rule, text, cure) NICSW_CHECK_##NAME = number,
	NICSW_CHECKS(X)
#undef X
		NICSW_CHECKS_END,
};

#endif
