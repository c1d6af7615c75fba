/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network namespaces: make, remove, work inside one for a while.
 *
 *   _cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
 *   result = nicsw_netns_enter(fd, &stay);
 *
 * The process has one thread: entering changes the namespace of everything it does until it leaves.
 * A held descriptor keeps a deleted namespace alive, so those of guests are opened, used and
 * closed.
 */
#ifndef NICSW_CORE_NETNS_H
#define NICSW_CORE_NETNS_H

#include "core/error.h"

struct nicsw_netns_stay {
	int home; /* the namespace to go back to, -1 = did not leave it */
};

#define NICSW_NETNS_HOME ((struct nicsw_netns_stay){.home = -1})

int nicsw_netns_enter(int fd, struct nicsw_netns_stay *stay);
void nicsw_netns_leave(struct nicsw_netns_stay *stay);

/* where: an absolute path or pid:N. Returns a descriptor, or -ENOENT, -EINVAL (not a network
 * namespace). */
int nicsw_netns_open(const char *where, struct nicsw_error *error);

/* Makes /run/netns/NAME as `ip netns add` does. -EEXIST. */
int nicsw_netns_create(const char *name, struct nicsw_error *error);

/* 0 also when there is none. */
int nicsw_netns_delete(const char *name);

#endif
