/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `why`: what would become of a frame that entered at the uplink, a VF or a VPort. Nothing is sent,
 * nothing changes, no counter of the adapter moves; a VF need not be attached.
 *
 * Errors: -EINVAL with text and rule: no such port, or not a frame; -ENODEV: the adapter has no
 * netdevs.
 */
#ifndef NICSW_PF_WHY_H
#define NICSW_PF_WHY_H

#include <nicsw/wire.h>

#include "pf/adapter.h"

int nicsw_pf_why(struct nicsw_adapter *adapter, const struct nicsw_why *why,
		 struct nicsw_why_answer *ret_answer, struct nicsw_error *error);

/* The slot that the frame enters at. */
int nicsw_pf_why_slot(struct nicsw_adapter *adapter, const struct nicsw_why *why, __u32 *ret_slot,
		      struct nicsw_error *error);

#endif
