/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SR-IOV of an adapter as a whole: started with the adapter, turned on and off while it runs.
 *
 * What somebody turned off stays off over a restart of the daemon. Errors: negative errno with text
 * and rule in error.
 */
#ifndef NICSW_PF_SRIOV_H
#define NICSW_PF_SRIOV_H

#include "pf/adapter.h"

/*
 * Brings the hardware to what adapter->interface says, unless a switch is in use: a static switch
 * is built, or built again, and one that is not wanted any more goes (LC-INIT-7). On failure the
 * adapter is without SR-IOV (LC-INIT-10), and works.
 */
int nicsw_pf_sriov_start(struct nicsw_adapter *adapter, struct nicsw_error *error);

/* As start, for one that was turned off; a failure leaves it off. */
int nicsw_pf_sriov_on(struct nicsw_adapter *adapter, struct nicsw_error *error);

/* Refused while there is a switch; force halts it first (LC-HALT-9). */
int nicsw_pf_sriov_off(struct nicsw_adapter *adapter, bool force, struct nicsw_error *error);

#endif
