/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VF driver's part, for a VF whose netdev is in a namespace: there is no driver in a guest that
 * would do it, so the controller plays it (DESIGN 6). Both edit a change and commit nothing.
 */
#ifndef NICSW_PF_DRIVER_H
#define NICSW_PF_DRIVER_H

#include "dataplane/change.h"
#include "pf/adapter.h"

/* Bus Master on, packet filter directed, broadcast and all multicast (RXQ-22): the VF may send and
 * receive. */
void nicsw_pf_vf_driver_start(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf);

/* Bus Master off (PCI-25), packet filter 0 (RXQ-20): nothing enters or leaves the VF. */
void nicsw_pf_vf_driver_stop(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf);

#endif
