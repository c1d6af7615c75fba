/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What guests do to their netdevs, and what follows from it.
 *
 * Whatever the guest changes harms the guest only. It is looked at when the netdev is handed over
 * and at every link event, and noted in the VF's record (NICSW_NETDEV_*, for `vf show`). Two things
 * follow: the address of a VF that the host trusts becomes the VF's address; and where the programs
 * cannot see a tag in metadata, a VF whose tx VLAN offload is on, or cannot be seen, is quarantined
 * until it is off again (FWD-35).
 *
 * Errors: negative errno, with text in error; the record then says what was seen all the same.
 */
#ifndef NICSW_PF_NETDEV_H
#define NICSW_PF_NETDEV_H

#include "dataplane/guest_end.h"
#include "pf/adapter.h"

/* What lasts as long as the netdev: flags of a VF record. */
#define NICSW_PF_NETDEV_FLAGS (NICSW_VF_QUARANTINED | NICSW_NETDEV_ALL)

/* Looks at the netdev of a VF that is attached; does nothing for others. */
void nicsw_pf_netdev_look(struct nicsw_adapter *adapter, __u32 vf);
void nicsw_pf_netdevs_look(struct nicsw_adapter *adapter);

/* The netdev of an attached VF has been seen like this. -EINVAL: an address that the VF cannot
 * have.
 */
int nicsw_pf_netdev_seen(struct nicsw_adapter *adapter, __u32 vf,
			 const struct nicsw_guest_end *seen, struct nicsw_error *error);

#endif
