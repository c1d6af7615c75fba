/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's end of a pair: the netdev of a VF, or of the PF, whose owner may do with it what he
 * likes.
 *
 * It is made as it should be and looked at whenever something was told about it. Nothing is held in
 * its namespace: entered, looked at, left. Where that namespace has no name any more, address, MTU
 * and flags can be seen all the same, through its id; offloads and queues cannot.
 */
#ifndef NICSW_DATAPLANE_GUEST_END_H
#define NICSW_DATAPLANE_GUEST_END_H

#include "dataplane/port.h"

struct nicsw_guest_end {
	__u32 found; /* NICSW_NETDEV_*: what is not as it should be */
	__u32 mtu;
	__u32 ifindex; /* in its namespace */
	int rx_queues; /* 0 = not seen */
	__u8 mac[NICSW_MAC_SIZE];
	char name[NICSW_IFNAME_SIZE]; /* as it is called now */
};

/* The offloads that a guest end needs, of a netdev of the current namespace. */
int nicsw_guest_end_prepare(const char *dev);

/* -ENODEV: there is no pair behind the slot. */
int nicsw_guest_end_look(const struct nicsw_ports *ports, const struct nicsw_mapset *maps,
			 __u32 slot, struct nicsw_guest_end *ret);

#endif
