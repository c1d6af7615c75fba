/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netdevs through rtnetlink (libmnl), in the current network namespace.
 *
 * A link in another namespace that is the peer of one of ours is reached by its namespace id
 * (netnsid), as the kernel tells it; -1 means the current namespace.
 */
#ifndef NICSW_CORE_LINK_H
#define NICSW_CORE_LINK_H

#include <nicsw/types.h>

#include "core/error.h"

struct nicsw_link {
	__u32 ifindex;
	__u32 flags; /* IFF_* */
	__u32 mtu;
	__u32 master;       /* ifindex, 0 = none */
	__u32 peer_ifindex; /* of a veth, 0 = not told */
	int peer_netnsid;   /* -1: the same namespace */
	int netnsid;        /* where it is; -1: the current namespace */
	bool carrier;       /* operational: both ends up */
	__u8 mac[NICSW_MAC_SIZE];
	char name[NICSW_IFNAME_SIZE];
	char kind[16]; /* "veth", "tun", "" for hardware */
};

/* By name, or by ifindex when name is NULL. -ENODEV. */
int nicsw_link_get(const char *name, __u32 ifindex, struct nicsw_link *ret);

/* One in the namespace that has this id here. -ENODEV. */
int nicsw_link_get_in(int netnsid, __u32 ifindex, struct nicsw_link *ret);

/* A veth pair: `name` here, `peer_name` in the namespace of peer_netns. */
struct nicsw_veth {
	const char *name;
	__u32 ifindex; /* 0 = the kernel chooses */
	const char *peer_name;
	int peer_netns;  /* descriptor, -1 = here */
	const __u8 *mac; /* NULL: random */
	const __u8 *peer_mac;
	__u32 mtu;
	__u32 queues; /* rx and tx queues of either end */
	__u32 group;  /* of the end that is here */
};

/* -EEXIST: a name is taken. */
int nicsw_link_create_veth(const struct nicsw_veth *veth);
int nicsw_link_delete(__u32 ifindex);
/* All links of a group at once: the kernel waits once for all, not 25 ms for each. */
int nicsw_link_delete_group(__u32 group);

/* Sets and clears IFF_* bits. */
int nicsw_link_set_flags(__u32 ifindex, __u32 set, __u32 clear);
int nicsw_link_set_mac(__u32 ifindex, const __u8 mac[NICSW_MAC_SIZE]);
int nicsw_link_set_mtu(__u32 ifindex, __u32 mtu);

/* Does anybody use the link as an interface of the host? An address (other than IPv6 link-local) or
 * a default route. */
int nicsw_link_has_address(__u32 ifindex);
int nicsw_link_has_default_route(__u32 ifindex);
/* Does another link stand on it (VLAN, macvlan, ...)? */
int nicsw_link_has_upper(__u32 ifindex);

/*
 * The namespace of a link's peer: tries `hint` (a path or pid:N, may be NULL), then every name
 * under /run/netns. Returns a descriptor, or -ENOENT: it has no name that we know.
 */
int nicsw_link_open_peer_netns(const struct nicsw_link *link, const char *hint);

/*
 * Events of the current namespace: a descriptor that becomes readable; read_events calls back for
 * each link. all_namespaces: also of every namespace that has an id here, as that of a veth's peer
 * has, without a descriptor of it that would keep it alive. What is told of a link elsewhere is its
 * owner's word: he can make links with any number.
 */
struct nicsw_link_monitor;

int nicsw_link_monitor_open(bool all_namespaces, struct nicsw_link_monitor **ret);
void nicsw_link_monitor_close(struct nicsw_link_monitor *monitor);
int nicsw_link_monitor_fd(const struct nicsw_link_monitor *monitor);
/* gone: RTM_DELLINK. -EAGAIN: there is none at the moment; -ENOBUFS: events were lost, look at all
 * links again. */
int nicsw_link_monitor_read(struct nicsw_link_monitor *monitor,
			    void (*seen)(const struct nicsw_link *link, bool gone, void *context),
			    void *context);

#endif
