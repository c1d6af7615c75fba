// SPDX-License-Identifier: GPL-2.0-only
#include "pf/capability.h"

#include <nicsw/ndis.h>

/*
 * Queue pairs are software: four for one VPort are enough to spread over the CPUs that serve it.
 * The pool holds two for each possible nondefault VPort beside the default VPort's, so that a
 * symmetric configuration with four pairs can exhaust it, as on a real NIC (CREATE-VP-13).
 */
#define QUEUE_PAIRS_PER_VPORT      4u
#define QUEUE_PAIRS_POOL_PER_VPORT 2u

/* All that the interface demands of an SR-IOV adapter (CAP-RF-5), and not LOOKAHEAD_SPLIT. */
#define QUEUE_PROPERTIES                                                                           \
	(NDIS_RECEIVE_QUEUE_PARAMETERS_MSI_X_SUPPORTED |                                           \
	 NDIS_RECEIVE_QUEUE_PARAMETERS_VM_QUEUE_SUPPORTED |                                        \
	 NDIS_RECEIVE_QUEUE_PARAMETERS_DYNAMIC_PROCESSOR_AFFINITY_CHANGE |                         \
	 NDIS_RECEIVE_QUEUE_PARAMETERS_INTERRUPT_VECTOR_COALESCING)

struct nicsw_capability nicsw_pf_hardware_capability(const struct nicsw_adapter *adapter)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;

	return (struct nicsw_capability){
		.sriov_supported = meta->total_vfs > 0,
		/* Symmetric, one VPort reserved for each VF (CAP-SW-15, CAP-SW-17). */
		.nic_switch_capabilities =
			NDIS_NIC_SWITCH_CAPS_VLAN_SUPPORTED | NDIS_NIC_SWITCH_CAPS_VF_RSS_SUPPORTED,
		.max_num_vfs = meta->total_vfs,
		.max_num_vports = NICSW_VPORTS(meta->total_vfs),
		.max_num_queue_pairs =
			QUEUE_PAIRS_PER_VPORT +
			QUEUE_PAIRS_POOL_PER_VPORT * (NICSW_VPORTS(meta->total_vfs) - 1),
		.max_num_queue_pairs_per_nondefault_vport = QUEUE_PAIRS_PER_VPORT,
		.max_num_queue_pairs_for_default_vport = QUEUE_PAIRS_PER_VPORT,
		.max_num_mac_addresses = meta->max_filters,
		.enabled_filter_types = NDIS_RECEIVE_FILTER_VMQ_FILTERS_ENABLED,
		.supported_queue_properties = QUEUE_PROPERTIES,
		.supported_filter_tests = NDIS_RECEIVE_FILTER_TEST_HEADER_FIELD_EQUAL_SUPPORTED,
		.supported_headers = NDIS_RECEIVE_FILTER_MAC_HEADER_SUPPORTED,
		.supported_mac_header_fields = NDIS_RECEIVE_FILTER_MAC_HEADER_DEST_ADDR_SUPPORTED |
					       NDIS_RECEIVE_FILTER_MAC_HEADER_VLAN_ID_SUPPORTED,
	};
}

struct nicsw_capability nicsw_pf_capability(const struct nicsw_adapter *adapter)
{
	struct nicsw_capability capability = nicsw_pf_hardware_capability(adapter);
	const struct nicsw_interface *interface = &adapter->interface;
	const __u32 off = NICSW_META_SRIOV_OFF | NICSW_META_ENABLE_FAILED; /* LC-INIT-10 */

	if (interface->sriov_off || adapter->dataplane.maps.meta->flags & off)
		capability.sriov_supported = false;
	if (interface->max_vfs) /* CAP-SW-10 */
		capability.max_num_vfs = MIN(capability.max_num_vfs, interface->max_vfs);
	if (interface->vfs_off)
		capability.max_num_vfs = 0;
	if (interface->vlan_filters_off) { /* CAP-SW-13, CAP-RF-8 */
		capability.nic_switch_capabilities &= ~NDIS_NIC_SWITCH_CAPS_VLAN_SUPPORTED;
		capability.supported_mac_header_fields &=
			~NDIS_RECEIVE_FILTER_MAC_HEADER_VLAN_ID_SUPPORTED;
	}
	return capability;
}
