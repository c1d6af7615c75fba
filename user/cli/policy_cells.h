/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy of a VF as cells of its row: one for each part in JSON, and for people one text of
 * what differs from the defaults.
 */
#ifndef NICSW_CLI_POLICY_CELLS_H
#define NICSW_CLI_POLICY_CELLS_H

#include <nicsw/maps.h>

#include "core/out.h"

/* Columns that nicsw_policy_cells() fills, in this order. */
#define NICSW_POLICY_COLUMNS                                                                       \
	{NULL, "POLICY", NICSW_OUT_TEXT}, {"vlan", NULL, NICSW_OUT_NUMBER},                        \
		{"qos", NULL, NICSW_OUT_NUMBER}, {"vlan_protocol", NULL, NICSW_OUT_TEXT},          \
		{"trunk", NULL, NICSW_OUT_TEXT}, {"min_tx_rate", NULL, NICSW_OUT_NUMBER},          \
		{"max_tx_rate", NULL, NICSW_OUT_NUMBER}, {"spoofchk", NULL, NICSW_OUT_BOOL},       \
		{"trust", NULL, NICSW_OUT_BOOL}, {"link_state", NULL, NICSW_OUT_TEXT},             \
		{"isolated", NULL, NICSW_OUT_BOOL}, {"storm", NULL, NICSW_OUT_NUMBER},             \
		{"mtu", NULL, NICSW_OUT_NUMBER},                                                   \
	{                                                                                          \
		"admin_mac_address", NULL, NICSW_OUT_TEXT                                          \
	}

void nicsw_policy_cells(struct nicsw_out *out, const struct nicsw_policy *policy);

#endif
