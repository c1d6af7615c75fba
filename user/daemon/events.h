/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens to the adapters, for those who listen.
 *
 * The one place where events are raised: after each request, and when a link changed. While nobody
 * listens nothing is looked at.
 *
 * Ownership: nicsw_events_free(); the registry is borrowed. Errors: -ENOMEM.
 */
#ifndef NICSW_DAEMON_EVENTS_H
#define NICSW_DAEMON_EVENTS_H

#include "daemon/registry.h"
#include "wire/wire.h"

struct nicsw_events;

/* deliver gets complete packets; it must not call back. */
typedef void nicsw_event_deliver(void *context, const struct nicsw_wire_event *event);

int nicsw_events_new(struct nicsw_registry *registry, nicsw_event_deliver *deliver, void *context,
		     struct nicsw_events **ret);
/* NULL is allowed. */
void nicsw_events_free(struct nicsw_events *events);

/* Somebody listens, or one less does. The first one hears of what happens from now on. */
void nicsw_events_listen(struct nicsw_events *events, bool more);

/* A request was answered with success. */
void nicsw_events_request(struct nicsw_events *events, const struct nicsw_wire_request *request);

/* Looks at all adapters and raises what has changed. */
void nicsw_events_check(struct nicsw_events *events);
/* The same after a link changed: looks at the uplinks, too. */
void nicsw_events_check_links(struct nicsw_events *events);

/* Completes an event and hands it out. */
void nicsw_events_stamp(struct nicsw_wire_event *event);

#endif
