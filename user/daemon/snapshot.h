/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an adapter was like when one last looked, to tell what has happened since.
 *
 * Comparing catches a change wherever it came from: an OID, a write to configuration space, a
 * netdev that vanished. What leaves no trace in the records, a reset, is told by
 * nicsw_events_request().
 *
 * Ownership: nicsw_snapshot_free(). Errors: -ENOMEM.
 */
#ifndef NICSW_DAEMON_SNAPSHOT_H
#define NICSW_DAEMON_SNAPSHOT_H

#include <nicsw/ndis.h>
#include <nicsw/wire.h>

#include "pf/adapter.h"

struct nicsw_snapshot;

/* Takes one event; time, magic and version are not set yet. */
struct nicsw_event_sink {
	void (*raise)(void *context, struct nicsw_wire_event *event);
	void *context;
};

int nicsw_snapshot_new(const struct nicsw_adapter *adapter, struct nicsw_snapshot **ret);
/* NULL is allowed. */
void nicsw_snapshot_free(struct nicsw_snapshot *snapshot);

/* Raises what is different, and looks like the adapter then. Additions come from the outside in
 * (switch, VF, VPort, filter), removals the other way round. */
void nicsw_snapshot_update(struct nicsw_snapshot *snapshot, const struct nicsw_adapter *adapter,
			   const struct nicsw_event_sink *sink);

/* The same, of the uplink only. */
void nicsw_snapshot_update_link(struct nicsw_snapshot *snapshot,
				const struct nicsw_adapter *adapter,
				const struct nicsw_event_sink *sink);

/* Blocks are announced once more: those that are invalid still are raised again, too (INVAL-2). */
void nicsw_snapshot_announce(struct nicsw_snapshot *snapshot, __u32 vf, __u64 mask);

/* An event of that kind with no ids. */
void nicsw_event_begin(struct nicsw_wire_event *ret_event, enum nicsw_event kind,
		       const char *adapter);

#endif
