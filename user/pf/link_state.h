/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The carrier of the wire, and what VFs make of it.
 *
 * A VF of link state auto has the carrier of the uplink: down when that is down, has no carrier, or
 * is gone. Its port passes nothing then (NICSW_PORT_LINK_OFF), and its guest sees it at the netdev.
 * Whether the wire is down is a feature of the adapter, NICSW_FEATURE_WIRE_DOWN, so that it is
 * known to all who derive, also after a restart.
 *
 * Errors: -EIO with text; the records have not changed then.
 */
#ifndef NICSW_PF_LINK_STATE_H
#define NICSW_PF_LINK_STATE_H

#include "pf/adapter.h"

/* The records, then the netdevs of the attached VFs of state auto. Nothing to do if it is so. */
int nicsw_pf_wire_set(struct nicsw_adapter *adapter, bool down, struct nicsw_error *error);

/* The uplink as it is now: after an event of it. */
void nicsw_pf_wire_follow(struct nicsw_adapter *adapter);

/* Also the carrier of VFs that should have it already: a daemon may have died in between. */
void nicsw_pf_wire_adopt(struct nicsw_adapter *adapter);

#endif
