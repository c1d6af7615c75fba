// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/oid_table.h"
#include "pf/capability.h"

/* The copy that the OID is about (CAP-SW-1, CAP-SW-2, CAP-IOV-3). */
static struct nicsw_capability registered(const struct nicsw_ndis_call *call)
{
	return call->row->flags & NICSW_OID_HARDWARE ? nicsw_pf_hardware_capability(call->adapter)
						     : nicsw_pf_capability(call->adapter);
}

/* No VMMQ: the members of revision 3 about RSS on VPorts of the PF are 0 (CAP-SW-19, CAP-SW-20). */
int nicsw_oid_switch_capabilities(struct nicsw_ndis_call *call)
{
	struct nicsw_capability capability = registered(call);
	struct ndis_nic_switch_capabilities answer = {
		.nic_switch_capabilities = capability.nic_switch_capabilities,
		.max_num_switches = 1, /* CAP-SW-6 */
		.max_num_vports = capability.max_num_vports,
		.max_num_vfs = capability.max_num_vfs,
		.max_num_queue_pairs = capability.max_num_queue_pairs,
		.max_num_queue_pairs_per_nondefault_vport =
			capability.max_num_queue_pairs_per_nondefault_vport,
		.max_num_mac_addresses = capability.max_num_mac_addresses,
		.max_num_queue_pairs_for_default_vport =
			capability.max_num_queue_pairs_for_default_vport,
	};

	nicsw_call_answer(call, &answer);
	return 0;
}

/* CAP-IOV-1, CAP-IOV-2: which of the two adapters it is. */
int nicsw_oid_sriov_capabilities(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_capabilities answer = {
		.sriov_capabilities =
			NDIS_SRIOV_CAPS_SRIOV_SUPPORTED |
			(call->request->vf == NICSW_NONE ? NDIS_SRIOV_CAPS_PF_MINIPORT
							 : NDIS_SRIOV_CAPS_VF_MINIPORT),
	};

	nicsw_call_answer(call, &answer);
	return 0;
}

/* No VM queues (CAP-RF-3, CAP-RF-4), no lookahead (CAP-RF-6), no coalescing (CAP-RF-10): 0. */
int nicsw_oid_filter_capabilities(struct nicsw_ndis_call *call)
{
	struct nicsw_capability capability = registered(call);
	struct ndis_receive_filter_capabilities answer = {
		.enabled_filter_types = capability.enabled_filter_types,
		.supported_queue_properties = capability.supported_queue_properties,
		.supported_filter_tests = capability.supported_filter_tests,
		.supported_headers = capability.supported_headers,
		.supported_mac_header_fields = capability.supported_mac_header_fields,
		.max_mac_header_filters = capability.max_num_mac_addresses, /* CAP-RF-15 */
	};

	nicsw_call_answer(call, &answer);
	return 0;
}

int nicsw_oid_filter_global_parameters(struct nicsw_ndis_call *call)
{
	struct ndis_receive_filter_global_parameters answer = {
		.enabled_filter_types = registered(call).enabled_filter_types, /* CAP-RF-13 */
	};

	nicsw_call_answer(call, &answer);
	return 0;
}
