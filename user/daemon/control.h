/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request in, one reply out: OIDs to NDIS, control verbs to their handlers, after the question
 * who may ask.
 */
#ifndef NICSW_DAEMON_CONTROL_H
#define NICSW_DAEMON_CONTROL_H

#include <sys/types.h>

#include "daemon/registry.h"
#include "wire/wire.h"

/* Who is at the other end of the connection (SO_PEERCRED, SO_PEERGROUPS). */
struct nicsw_peer {
	uid_t uid;
	pid_t pid;
	char owner[NICSW_OWNER_SIZE]; /* after BIND_OBJECTS, else "" */
	bool may_write;               /* root, the daemon's user, or in the group nicsw */
	/* Whose frames it gets; only to compare. NULL = it captures nothing. */
	const struct nicsw_capture *capture;
};

/* payload: reply.length bytes, NULL when there are none; the caller frees it, and closes fds. */
struct nicsw_response {
	struct nicsw_wire_reply reply;
	void *payload;
	int fds[NICSW_WIRE_FDS_MAX]; /* go with the first packet */
	size_t num_fds;
	__u64 pending; /* the answer comes when the reset of the adapter with this LUID is done */
};

/* What the wire looks like from here. */
enum nicsw_uplink_state nicsw_uplink_state(const struct nicsw_meta *meta);

/* request is checked (nicsw_wire_check_request). Always leaves a reply. */
void nicsw_control_handle(struct nicsw_registry *registry, const struct nicsw_peer *peer,
			  const struct nicsw_wire_request *request,
			  struct nicsw_response *ret_response);

#endif
