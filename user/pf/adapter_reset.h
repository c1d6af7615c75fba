/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reset of the whole adapter (LC-RST-3), in two steps, so that others can ask in between and be
 * refused (GEN-15): from begin to finish no port is open and no function has its registers.
 *
 * finish restores switch, VFs, VPorts and filters from our own tables. Netdevs keep their ifindex;
 * those of VFs lose their carrier and get it again, as in a reset of the VF. A daemon that dies in
 * between finishes it at its next start.
 */
#ifndef NICSW_PF_ADAPTER_RESET_H
#define NICSW_PF_ADAPTER_RESET_H

#include "pf/adapter.h"

/* -EAGAIN: a reset, or a halt, is under way. */
int nicsw_pf_adapter_reset_begin(struct nicsw_adapter *adapter, struct nicsw_error *error);
/*
 * Ends the reset in any case; an error is of a VF whose netdev did not come up again, or of a port
 * that did not open at once.
 */
int nicsw_pf_adapter_reset_finish(struct nicsw_adapter *adapter, struct nicsw_error *error);

/* What it takes, in microseconds (fault knob slow_reset). */
__u64 nicsw_pf_adapter_reset_time(const struct nicsw_adapter *adapter);

/* Does the adapter take requests? -EAGAIN, with the reason, if not. */
int nicsw_pf_check_running(const struct nicsw_adapter *adapter, struct nicsw_error *error);

#endif
