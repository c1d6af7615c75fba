/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters of an adapter as its users see them: one row for the uplink, the PF and each VF that
 * is allocated, and one for all VFs that were, if they have counted anything.
 *
 * Reads twice, a moment apart: a port that counted nothing in between stood still, and only of such
 * a port it is known how many copies the kernel passed over (include/nicsw/maps.h). They are added
 * to transmit_failed; of a port that is busy the number of its last still moment is.
 */
#ifndef NICSW_PF_STATS_H
#define NICSW_PF_STATS_H

#include <nicsw/wire.h>

#include "pf/adapter.h"

/* Rows that nicsw_pf_stats() fills at most. */
__u32 nicsw_pf_stats_most(const struct nicsw_adapter *adapter);

/* Returns the number of rows, or a negative errno. */
int nicsw_pf_stats(struct nicsw_adapter *adapter, struct nicsw_port_stats *ret_rows);

#endif
