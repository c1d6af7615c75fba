/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the adapter can do, as the PF registers it (NDIS_NIC_SWITCH_CAPABILITIES,
 * NDIS_SRIOV_CAPABILITIES, NDIS_RECEIVE_FILTER_CAPABILITIES).
 *
 * Two copies: hardware is everything the device can do, current what the configuration has left of
 * it. Values computed from the sizes of the adapter, so that they cannot go stale; limits of
 * requests are checked against the current copy and nowhere else. Counts are numbers of objects.
 */
#ifndef NICSW_PF_CAPABILITY_H
#define NICSW_PF_CAPABILITY_H

#include "pf/adapter.h"

struct nicsw_capability {
	bool sriov_supported;                           /* there are VFs, and they are on (GEN-1) */
	__u32 nic_switch_capabilities;                  /* NDIS_NIC_SWITCH_CAPS_* */
	__u32 max_num_vfs;                              /* CAP-SW-10 */
	__u32 max_num_vports;                           /* with the default VPort (CAP-SW-7) */
	__u32 max_num_queue_pairs;                      /* of all VPorts (CAP-SW-8) */
	__u32 max_num_queue_pairs_per_nondefault_vport; /* power of two (CAP-SW-11) */
	__u32 max_num_queue_pairs_for_default_vport;    /* power of two (CAP-SW-11) */
	__u32 max_num_mac_addresses;                    /* CAP-SW-9 */
	__u32 enabled_filter_types;                     /* CAP-RF-2 */
	__u32 supported_queue_properties;               /* CAP-RF-5, CAP-RF-6 */
	__u32 supported_filter_tests;                   /* CAP-RF-7 */
	__u32 supported_headers;                        /* CAP-RF-8 */
	__u32 supported_mac_header_fields;              /* CAP-RF-8 */
};

struct nicsw_capability nicsw_pf_hardware_capability(const struct nicsw_adapter *adapter);

/* The current copy. */
struct nicsw_capability nicsw_pf_capability(const struct nicsw_adapter *adapter);

#endif
