/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host decides about a VF's traffic: VLAN, source check, isolation, limits, link state,
 * address, MTU. No request of NDIS knows of it; the words are those of `ip link set DEV vf N`.
 *
 * A policy holds for whatever VPort is attached to the VF, from allocation to FREE_VF, and never
 * changes what ALLOCATE_VF was given (ALLOC-VF-22). It is part of the VF's record; derive.c turns
 * it into port records and table entries.
 *
 * Units: rates in Mbit/s of layer 2, storm in frames per second. Errors: -EINVAL with text and,
 * where a rule refuses it, the rule; nothing has changed then.
 */
#ifndef NICSW_PF_POLICY_H
#define NICSW_PF_POLICY_H

#include "dataplane/change.h"
#include "pf/adapter.h"

/* wanted: the whole policy as it shall be. */
int nicsw_pf_policy_set(struct nicsw_adapter *adapter, __u32 vf, const struct nicsw_policy *wanted,
			struct nicsw_error *error);

/* Does the policy of the VPort's VF admit the filter's VLAN? Asked before a filter is set or moved
 * there. */
int nicsw_pf_policy_admits(const struct nicsw_adapter *adapter, __u32 vport, __u16 vlan,
			   struct nicsw_error *error);

/* The rate of the wire, which guaranteed rates are shares of; 0 = not said. */
int nicsw_pf_rate_set(struct nicsw_adapter *adapter, __u32 rate, struct nicsw_error *error);

/* VEPA: frames between VPorts go by the wire, and the bridge there sends them back. */
int nicsw_pf_vepa_set(struct nicsw_adapter *adapter, bool on, struct nicsw_error *error);

/* Makes meta.features of the change what its policies, packet filters and filters ask for. */
void nicsw_pf_features_follow(struct nicsw_change *change);

#endif
