/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The netdevs behind the slots.
 *
 * The switch ends of the PF and of the VFs live in a network namespace of their own, nicsw-ADAPTER,
 * where nothing of the host touches them. There the ifindex of slot s is ifindex_base + s: a
 * broadcast excludes its ingress by ifindex alone, whatever the namespace, so no switch end may
 * have the number of the uplink.
 *
 * Each switch end carries, from below: a tc program that drops all, the XDP program of its slot as
 * a pinned link. They are attached in this order, before the link goes up, so that nothing ever
 * enters a host stack here. The guest ends are made in their namespace, with their MAC and MTU, GRO
 * on (ndo_xdp_xmit needs NAPI there), and transmit checksum and VLAN offload off (XDP redirect
 * would lose what they leave in metadata).
 *
 * Ownership: nothing is held in a guest's namespace. Everything outlives the daemon.
 */
#ifndef NICSW_DATAPLANE_PORT_H
#define NICSW_DATAPLANE_PORT_H

#include "core/link.h"
#include "dataplane/loader.h"
#include "dataplane/mapset.h"

#define NICSW_IFINDEX_BASE 1000000u

struct nicsw_ports {
	char adapter[NICSW_NAME_SIZE];
	char pin_dir[NICSW_PIN_SIZE];
	int switch_netns;
};

/* Opens (create: makes) the namespace nicsw-ADAPTER. */
int nicsw_ports_open(const char *adapter, const char *pin_dir, bool create,
		     struct nicsw_ports **ret, struct nicsw_error *error);
void nicsw_ports_close(struct nicsw_ports *ports);

/* Removes the namespace and with it all switch ends and their peers. */
int nicsw_ports_delete(const char *adapter);

/* The PF's netdev: ADAPTER in the daemon's namespace, with the MAC of the uplink. */
int nicsw_port_create_pf(struct nicsw_ports *ports, struct nicsw_mapset *maps,
			 struct nicsw_error *error);

/*
 * The netdev of a nondefault VPort of the PF: ADAPTERvN in the daemon's namespace, with as many
 * queues as the VPort has queue pairs (FLOW-4).
 */
void nicsw_port_vport_dev(const char *adapter, __u32 vport, char dev[NICSW_IFNAME_SIZE]);
int nicsw_port_create_vport(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vport,
			    const __u8 mac[NICSW_MAC_SIZE], struct nicsw_error *error);
int nicsw_port_delete_slot(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 slot);

/* A VF's netdev `dev` in the namespace at netns (path or pid:N), which must not have that name yet.
 */
int nicsw_port_create_vf(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf,
			 const char *netns, const char *dev, struct nicsw_error *error);
int nicsw_port_delete_vf(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf);

/* The PF's netdev, whatever its name is now; 0: it is not in the current namespace. */
__u32 nicsw_port_pf_ifindex(const struct nicsw_ports *ports, const struct nicsw_mapset *maps);

/* Is the switch end there? */
bool nicsw_port_has_slot(const struct nicsw_ports *ports, const struct nicsw_mapset *maps,
			 __u32 slot);
/* Of a switch end that is there: what may be missing of it is done once more. -ENOENT: so much is
 * missing that it has to be made again. */
int nicsw_port_adopt_slot(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 slot);
bool nicsw_port_has_pf(const struct nicsw_ports *ports, const struct nicsw_mapset *maps);
bool nicsw_port_has_vf(const struct nicsw_ports *ports, const struct nicsw_mapset *maps, __u32 vf);

/* Carrier down, MAC and offloads as at attach, carrier up again. -ENODEV: the netdev is gone. */
int nicsw_port_reset_vf(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf,
			struct nicsw_error *error);

/* The carrier alone: what the guest did with the rest of its netdev stays. -ENODEV: it is gone. */
int nicsw_port_follow_link(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf);

/* Address, MTU and carrier as the host's policy says now. */
int nicsw_port_follow_policy(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf,
			     struct nicsw_error *error);

/* Of the switch end, and of the pinned link of its program. */
void nicsw_port_name(const struct nicsw_meta *meta, __u32 slot, char name[NICSW_IFNAME_SIZE]);

struct nicsw_attached {
	bool generic; /* generic mode: no other was possible, or the uplink has it */
	bool clsact;  /* the qdisc of the tc program was not there before */
	bool bound;   /* the program sees VLAN tags in metadata (FWD-35) */
};

/*
 * tc drop-all, then XDP, on an interface of the current namespace. The XDP link is pinned as
 * links/NAME. For the uplink, too. ret is set on failure, too: what has been made has to go again.
 */
int nicsw_port_attach_programs(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			       __u32 slot, __u32 ifindex, const char *name,
			       struct nicsw_attached *ret, struct nicsw_error *error);
/* Takes both away again, and the qdisc if clsact; what is not there is passed over. */
void nicsw_port_detach_programs(const struct nicsw_ports *ports, __u32 ifindex, const char *name,
				bool clsact);

/* Is the uplink's program where it was put: at its link, or behind the dispatcher? */
bool nicsw_port_uplink_attached(const struct nicsw_ports *ports, const struct nicsw_meta *meta);

/* Puts the XDP program of this build in place of the attached one, without losing a frame, and the
 * pinned tc program in place of an older one. -ENOENT: no such port. */
int nicsw_port_upgrade(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, bool *ret_bound, struct nicsw_error *error);

/* What stands between a switch end and the host. */
struct nicsw_port_health {
	bool attached; /* the pinned link is on the device */
	bool bound;    /* its program sees VLAN tags in metadata */
	bool drop;     /* tc drops all beneath */
	bool silent;   /* it speaks no IPv6 by itself; of the uplink always true */
};

int nicsw_port_examine(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       struct nicsw_port_health *ret);

/* Is a program loaded for one device, so that it sees VLAN tags in metadata? */
bool nicsw_program_is_bound(int program);

/* A descriptor of the program on a pinned link, and the program's id. -ENOENT: no such link. */
int nicsw_port_program(const struct nicsw_ports *ports, const char *name, __u32 *ret_id);

/* Puts a program on a pinned link in place of the one that is there, without losing a frame. */
int nicsw_port_exchange(const struct nicsw_ports *ports, const char *name, int program);

/*
 * The XDP program of a switch end once more, in the mode that the uplink has now. In between its
 * frames are dropped. -ENOENT: no such port.
 */
int nicsw_port_change_mode(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			   __u32 slot, const char *name, bool *ret_bound,
			   struct nicsw_error *error);
/* Of all switch ends: an uplink of another kind came back. */
void nicsw_ports_follow_mode(const struct nicsw_ports *ports, struct nicsw_mapset *maps);

#endif
