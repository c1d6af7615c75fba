/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The uplink: the netdev of the host that is the wire of the NIC switch.
 *
 * While an adapter has it, it is promiscuous and up, receive VLAN offload and receive aggregation
 * are off, and nothing that comes in reaches the host's stack. What was changed is remembered in
 * meta and put back.
 */
#ifndef NICSW_DATAPLANE_UPLINK_H
#define NICSW_DATAPLANE_UPLINK_H

#include "dataplane/port.h"

/*
 * May the netdev be an uplink, and what is it? Refuses what is in use by the host unless takeover.
 * Fills name, ifindex, MAC, MTU in meta; changes nothing.
 */
int nicsw_uplink_check(const char *ifname, bool takeover, struct nicsw_meta *meta,
		       struct nicsw_error *error);

/* Notes in meta what will have to be put back. Nothing is changed yet. */
void nicsw_uplink_remember(struct nicsw_meta *meta);

/* warning: text for the user, "" if there is none. */
int nicsw_uplink_attach(const struct nicsw_ports *ports, struct nicsw_mapset *maps, char *warning,
			size_t size, struct nicsw_error *error);

/* What is not as it should be. Of a far end only on a veth. */
struct nicsw_uplink_health {
	bool present;
	bool up; /* and has a carrier */
	bool promisc;
	bool has_far;  /* it is a veth */
	bool far_seen; /* and its other end in a namespace that is known */
	__u32 on;      /* NICSW_RESTORE_*: features that should be off */
	__u32 far;     /* NICSW_NETDEV_*: what is wrong at the far end */
	char far_name[NICSW_IFNAME_SIZE];
};

void nicsw_uplink_examine(const struct nicsw_meta *meta, struct nicsw_uplink_health *ret);

/* Works also when the netdev is gone. */
void nicsw_uplink_detach(const struct nicsw_ports *ports, const struct nicsw_meta *meta);

#endif
