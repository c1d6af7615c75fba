/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checks of `nicsw doctor` (include/nicsw/checks.h), carried out.
 *
 * Each check judges every object that it is about: one finding for each that is wrong, up to
 * NICSW_FINDINGS_MOST of a check, and one that says of how many it is right. Looking changes
 * nothing.
 *
 * Ownership: free(findings.list). Errors: -ENOMEM, or that of what could not be read.
 */
#ifndef NICSW_PF_DOCTOR_H
#define NICSW_PF_DOCTOR_H

#include <nicsw/checks.h>
#include <nicsw/wire.h>

#include "pf/adapter.h"

#define NICSW_FINDINGS_MOST 16u

struct nicsw_findings {
	struct nicsw_finding *list;
	size_t count;
	bool failed; /* there was no memory for one */
};

/* The host without an adapter. */
int nicsw_pf_examine_host(struct nicsw_findings *findings);

/* Kernel, uplink, netdevs, switch ends and pins of an adapter. */
int nicsw_pf_examine(struct nicsw_adapter *adapter, struct nicsw_findings *findings);

/* The pinned state: what repair would find. */
int nicsw_pf_examine_state(struct nicsw_adapter *adapter, struct nicsw_findings *findings);

#endif
