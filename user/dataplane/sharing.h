/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The uplink's XDP hook, shared with other programs where that is possible.
 *
 * libxdp's dispatcher runs several programs one after the other; it needs BPF programs of type EXT,
 * which not every machine allows. Where it is possible, the uplink's program goes behind the
 * dispatcher, after the programs of others; where it is not, it has the hook for itself, as a
 * pinned link (attachment.c). Here is only what is decided and in which order; the dispatcher
 * itself is behind nicsw_dispatcher_ops (dispatcher.c).
 *
 * Ours are those programs behind a dispatcher that use the `ports` map of the adapter: nothing has
 * to be remembered, and a daemon that was killed anywhere finds them again.
 *
 * Errors: negative errno and a text. -ENOSYS of attach: no dispatcher here, nothing was changed.
 */
#ifndef NICSW_DATAPLANE_SHARING_H
#define NICSW_DATAPLANE_SHARING_H

#include "dataplane/port.h"

/* Others default to 50, and one that runs after ours would never see a frame: ours passes none. */
#define NICSW_DISPATCHER_PRIORITY 100u

#define NICSW_DISPATCHER_PROGRAMS 10u /* as many as libxdp's dispatcher has room for */

/* Who has the XDP hook of an interface. */
enum nicsw_occupant {
	NICSW_OCCUPANT_NONE,
	NICSW_OCCUPANT_DISPATCHER,
	NICSW_OCCUPANT_SINGLE, /* a program without a dispatcher */
	NICSW_OCCUPANT_SWITCH, /* the uplink's program of an adapter */
};

struct nicsw_hook {
	enum nicsw_occupant occupant;
	bool generic; /* the mode of the occupant */
};

/* Ports, sizes and interface of the adapter that is meant. Borrowed. */
struct nicsw_sharer {
	const struct nicsw_ports *ports;
	const struct nicsw_meta *meta;
	__u32 ifindex;
};

struct nicsw_dispatcher_ops {
	/* Can programs of type EXT be loaded here? */
	bool (*possible)(void);
	int (*look)(__u32 ifindex, struct nicsw_hook *ret);
	/* Ids of our programs behind the dispatcher: how many, or a negative errno. */
	int (*find)(const struct nicsw_sharer *sharer, __u32 ids[NICSW_DISPATCHER_PROGRAMS]);
	/* Loads the uplink's program and puts it behind the dispatcher, which is made if needed. */
	int (*attach)(const struct nicsw_sharer *sharer, bool generic, struct nicsw_error *error);
	/* Takes this program away and leaves the others; the dispatcher goes with the last one. */
	int (*detach)(__u32 ifindex, __u32 id);
};

extern const struct nicsw_dispatcher_ops nicsw_dispatcher; /* libxdp's */

/* May an adapter have the hook? -EBUSY: no, and why. Changes nothing. */
int nicsw_sharing_check(const struct nicsw_dispatcher_ops *ops, const char *name, __u32 ifindex,
			struct nicsw_error *error);

int nicsw_sharing_attach(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer,
			 bool *ret_generic, struct nicsw_error *error);

/* The program of this build in place of ours, without a frame lost. -ENOENT: none of ours there. */
int nicsw_sharing_upgrade(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer,
			  struct nicsw_error *error);

/* All of ours; others stay. */
void nicsw_sharing_detach(const struct nicsw_dispatcher_ops *ops,
			  const struct nicsw_sharer *sharer);

#endif
