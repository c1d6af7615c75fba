/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VF's netdev: given to a namespace, taken back, lost, reset. For a VF in a namespace the
 * controller plays the VF driver: it enables bus mastering and sets the packet filter, so that
 * traffic comes by itself. nicsw_pf_vf_attach() and nicsw_pf_vf_detach() are in pf/pf.h.
 */
#ifndef NICSW_PF_ATTACH_H
#define NICSW_PF_ATTACH_H

#include "pf/adapter.h"

/* The netdev's part of a VF reset. 0 when the VF has none; -ENODEV when it is gone. */
int nicsw_pf_netdev_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error);

/* The netdev vanished: the VF goes to reset state, its frames are dropped (FWD-14), until the next
 * attach. */
int nicsw_pf_netdev_lost(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error);

/* After a restart: netdevs that vanished meanwhile, and such that no record knows. */
void nicsw_pf_netdevs_adopt(struct nicsw_adapter *adapter);

#endif
