/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket: connections, requests in order, replies that never block the daemon.
 *
 * A connection has one request under way: while its reply does not fit into the socket, nothing
 * more is read from it. A peer that sends what is no request is closed.
 */
#ifndef NICSW_DAEMON_SERVER_H
#define NICSW_DAEMON_SERVER_H

#include "daemon/registry.h"

struct nicsw_server;

/*
 * Listens at path; a socket left by a dead daemon is replaced. -EADDRINUSE: a daemon answers there.
 * registry is borrowed.
 */
int nicsw_server_open(const char *path, sd_event *event, struct nicsw_registry *registry,
		      struct nicsw_server **ret, struct nicsw_error *error);
void nicsw_server_close(struct nicsw_server *server);

#endif
