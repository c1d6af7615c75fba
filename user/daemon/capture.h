/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Captures: one at a time for each adapter, each for as long as the connection that asked for it is
 * open.
 *
 * An adapter is known by its LUID here: one that was deleted and added again is another one
 * (LUID-2).
 */
#ifndef NICSW_DAEMON_CAPTURE_H
#define NICSW_DAEMON_CAPTURE_H

#include "daemon/control.h"

/* -EBUSY: the adapter's frames go to somebody else; -EALREADY: the peer has a capture. */
int nicsw_captures_begin(struct nicsw_adapter *adapter, const struct nicsw_peer *peer,
			 const struct nicsw_capture_settings *settings,
			 struct nicsw_response *ret_response, struct nicsw_error *error);

/* By name as in a request; 0 = there is no such adapter. */
__u64 nicsw_captures_luid(struct nicsw_registry *registry, const char *name);

bool nicsw_captures_run(struct nicsw_registry *registry, __u64 luid);

/* Of that adapter; 0 = none. */
void nicsw_captures_end(struct nicsw_registry *registry, __u64 luid);

/* Netdevs may have been made: their frames are captured, too. */
void nicsw_captures_follow(struct nicsw_registry *registry);

#endif
