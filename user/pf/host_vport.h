/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nondefault VPorts on the PF (FLOW-3): each is a way of its own from the switch to the host, and
 * has a netdev there, ADAPTERvN, from its activation to its deletion.
 *
 * The netdev says what NDIS says with a VPort id beside a frame: what comes in there was received
 * on that VPort (FLOW-10), what goes out there is sent by it (FLOW-11). Without netdev nothing can
 * name the VPort, and the host's frames go by the PF's own netdev: before the activation (FLOW-16)
 * as after the deletion (FLOW-12, DELETE-VP-10).
 *
 * A VPort keeps one of the slots behind the VFs (record pf_vport) all its life. Without netdevs
 * (adapter->ports == NULL) only the records change. Errors: negative errno, with text in error; a
 * failed operation changes nothing (GEN-17).
 */
#ifndef NICSW_PF_HOST_VPORT_H
#define NICSW_PF_HOST_VPORT_H

#include "dataplane/change.h"
#include "pf/adapter.h"

/* The slot of a VPort that is about to be made; there is a free one (CREATE-VP-10). Its counters
 * start at 0. */
int nicsw_pf_host_vport_assign(struct nicsw_adapter *adapter, struct nicsw_vport_record *record,
			       struct nicsw_error *error);

/*
 * Commits a change that activates the VPort, with its netdev. The address of the netdev is that of
 * the VPort's lowest filter for a unicast address; without one it is a local address made from the
 * uplink's. The host may give it another.
 */
int nicsw_pf_host_vport_activate(struct nicsw_adapter *adapter, __u32 vport,
				 struct nicsw_change *change, struct nicsw_error *error);

/* Commits a change that frees the VPort: it stops, then drains, then its netdev goes (DELETE-VP-8).
 */
int nicsw_pf_host_vport_stop(struct nicsw_adapter *adapter, __u32 vport,
			     struct nicsw_change *change, struct nicsw_error *error);

/*
 * The netdev of a VPort of the PF, the default one too, follows its ProcessorAffinity: the lowest
 * processor works for what is received there (RXQ-8, RXQ-13). A kernel that cannot is a warning.
 */
void nicsw_pf_host_vport_steer(struct nicsw_adapter *adapter, __u32 vport);

/* Netdevs that are missing are made again, those that no record knows go. */
void nicsw_pf_host_vports_adopt(struct nicsw_adapter *adapter);

/* A link of the host changed: follows the address if it is a VPort's. False: it is none. */
bool nicsw_pf_host_vport_link(struct nicsw_adapter *adapter, const struct nicsw_link *link);

#endif
