/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Captures: one at a time for each adapter, each for as long as the connection that asked for it is
 * open, and its adapter there.
 */
#ifndef NICSW_DAEMON_CAPTURE_H
#define NICSW_DAEMON_CAPTURE_H

#include "daemon/control.h"

/* -EBUSY: the adapter's frames go to somebody else; -EALREADY: the peer has a capture. */
int nicsw_captures_begin(struct nicsw_adapter *adapter, const struct nicsw_peer *peer,
			 const struct nicsw_capture_settings *settings,
			 struct nicsw_response *ret_response, struct nicsw_error *error);

/* Of the adapter of that name, as in a request; NULL = none. */
const struct nicsw_capture *nicsw_captures_of(struct nicsw_registry *registry, const char *name);

bool nicsw_captures_run(struct nicsw_registry *registry, const struct nicsw_capture *capture);

/* NULL is allowed. */
void nicsw_captures_end(struct nicsw_registry *registry, const struct nicsw_capture *capture);

/* Netdevs may have been made: their frames are captured, too. */
void nicsw_captures_follow(struct nicsw_registry *registry);

#endif
