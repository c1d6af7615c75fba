// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/oid_table.h"

#define QUERY  NdisRequestQueryInformation
#define SET    NdisRequestSetInformation
#define METHOD NdisRequestMethod

#define PF        NICSW_OID_PF
#define VF        NICSW_OID_VF
#define NDIS_ONLY NICSW_OID_NDIS_ONLY
#define READS     NICSW_OID_READS
#define HARDWARE  NICSW_OID_HARDWARE

/* What lies behind the structure. */
#define BARS       (NDIS_PCI_TYPE0_ADDRESSES * sizeof(__u32))
#define DESCRIPTOR sizeof(struct ndis_cm_partial_resource_descriptor)

#define ONE(structure)                                                                             \
	{                                                                                          \
		NDIS_SIZEOF_##structure##_REVISION_1                                               \
	}
#define TWO(structure)                                                                             \
	{                                                                                          \
		NDIS_SIZEOF_##structure##_REVISION_1, NDIS_SIZEOF_##structure##_REVISION_2         \
	}

#define THREE(structure)                                                                           \
	{                                                                                          \
		NDIS_SIZEOF_##structure##_REVISION_1, NDIS_SIZEOF_##structure##_REVISION_2,        \
			NDIS_SIZEOF_##structure##_REVISION_3                                       \
	}

/* In the order of their values. */
/* clang-format off */
const struct nicsw_oid_row nicsw_oid_rows[] = {
	{OID_RECEIVE_FILTER_HARDWARE_CAPABILITIES, QUERY, PF | READS | HARDWARE,
		TWO(RECEIVE_FILTER_CAPABILITIES), 0, nicsw_oid_filter_capabilities},
	{OID_RECEIVE_FILTER_GLOBAL_PARAMETERS, QUERY, PF | READS,
		ONE(RECEIVE_FILTER_GLOBAL_PARAMETERS), 0, nicsw_oid_filter_global_parameters},
	{OID_RECEIVE_FILTER_ALLOCATE_QUEUE, METHOD, .refused = "VMQ-1"},
	{OID_RECEIVE_FILTER_FREE_QUEUE, SET, .refused = "VMQ-1"},
	{OID_RECEIVE_FILTER_ENUM_QUEUES, QUERY, PF | READS,
		ONE(RECEIVE_QUEUE_INFO_ARRAY), 0, nicsw_oid_enum_queues},
	{OID_RECEIVE_FILTER_QUEUE_PARAMETERS, METHOD, .refused = "VMQ-1"},
	{OID_RECEIVE_FILTER_QUEUE_PARAMETERS, SET, .refused = "VMQ-1"},
	{OID_RECEIVE_FILTER_SET_FILTER, METHOD, PF,
		TWO(RECEIVE_FILTER_PARAMETERS), 0, nicsw_oid_set_filter},
	{OID_RECEIVE_FILTER_CLEAR_FILTER, SET, PF,
		ONE(RECEIVE_FILTER_CLEAR_PARAMETERS), 0, nicsw_oid_clear_filter},
	{OID_RECEIVE_FILTER_ENUM_FILTERS, METHOD, PF | READS,
		TWO(RECEIVE_FILTER_INFO_ARRAY), 0, nicsw_oid_enum_filters},
	{OID_RECEIVE_FILTER_PARAMETERS, METHOD, PF | READS,
		TWO(RECEIVE_FILTER_PARAMETERS), 0, nicsw_oid_get_filter_parameters},
	{OID_RECEIVE_FILTER_QUEUE_ALLOCATION_COMPLETE, METHOD, .refused = "VMQ-1"},
	{OID_RECEIVE_FILTER_CURRENT_CAPABILITIES, QUERY, PF | READS,
		TWO(RECEIVE_FILTER_CAPABILITIES), 0, nicsw_oid_filter_capabilities},
	{OID_NIC_SWITCH_HARDWARE_CAPABILITIES, QUERY, PF | READS | HARDWARE,
		THREE(NIC_SWITCH_CAPABILITIES), 0, nicsw_oid_switch_capabilities},
	{OID_NIC_SWITCH_CURRENT_CAPABILITIES, QUERY, PF | READS,
		THREE(NIC_SWITCH_CAPABILITIES), 0, nicsw_oid_switch_capabilities},
	{OID_RECEIVE_FILTER_MOVE_FILTER, SET, PF,
		ONE(RECEIVE_FILTER_MOVE_FILTER_PARAMETERS), 0, nicsw_oid_move_filter},
	{OID_NIC_SWITCH_CREATE_SWITCH, METHOD, PF | NDIS_ONLY,
		TWO(NIC_SWITCH_PARAMETERS), 0, nicsw_oid_create_switch},
	{OID_NIC_SWITCH_PARAMETERS, METHOD, PF | READS,
		TWO(NIC_SWITCH_PARAMETERS), 0, nicsw_oid_get_switch_parameters},
	{OID_NIC_SWITCH_PARAMETERS, SET, PF,
		TWO(NIC_SWITCH_PARAMETERS), 0, nicsw_oid_set_switch_parameters},
	{OID_NIC_SWITCH_DELETE_SWITCH, SET, PF | NDIS_ONLY,
		ONE(NIC_SWITCH_DELETE_SWITCH_PARAMETERS), 0, nicsw_oid_delete_switch},
	{OID_NIC_SWITCH_ENUM_SWITCHES, QUERY, PF | READS,
		ONE(NIC_SWITCH_INFO_ARRAY), 0, nicsw_oid_enum_switches},
	{OID_NIC_SWITCH_CREATE_VPORT, METHOD, PF,
		ONE(NIC_SWITCH_VPORT_PARAMETERS), 0, nicsw_oid_create_vport},
	{OID_NIC_SWITCH_VPORT_PARAMETERS, METHOD, PF | READS,
		ONE(NIC_SWITCH_VPORT_PARAMETERS), 0, nicsw_oid_get_vport_parameters},
	{OID_NIC_SWITCH_VPORT_PARAMETERS, SET, PF,
		ONE(NIC_SWITCH_VPORT_PARAMETERS), 0, nicsw_oid_set_vport_parameters},
	{OID_NIC_SWITCH_ENUM_VPORTS, METHOD, PF | READS,
		ONE(NIC_SWITCH_VPORT_INFO_ARRAY), 0, nicsw_oid_enum_vports},
	{OID_NIC_SWITCH_DELETE_VPORT, SET, PF,
		ONE(NIC_SWITCH_DELETE_VPORT_PARAMETERS), 0, nicsw_oid_delete_vport},
	{OID_NIC_SWITCH_ALLOCATE_VF, METHOD, PF,
		ONE(NIC_SWITCH_VF_PARAMETERS), 0, nicsw_oid_allocate_vf},
	{OID_NIC_SWITCH_FREE_VF, SET, PF,
		ONE(NIC_SWITCH_FREE_VF_PARAMETERS), 0, nicsw_oid_free_vf},
	{OID_NIC_SWITCH_VF_PARAMETERS, METHOD, PF | READS,
		ONE(NIC_SWITCH_VF_PARAMETERS), 0, nicsw_oid_get_vf_parameters},
	{OID_NIC_SWITCH_ENUM_VFS, METHOD, PF | READS,
		ONE(NIC_SWITCH_VF_INFO_ARRAY), 0, nicsw_oid_enum_vfs},
	{OID_SRIOV_HARDWARE_CAPABILITIES, QUERY, PF | VF | READS | HARDWARE,
		ONE(SRIOV_CAPABILITIES), 0, nicsw_oid_sriov_capabilities},
	{OID_SRIOV_CURRENT_CAPABILITIES, QUERY, PF | VF | READS,
		ONE(SRIOV_CAPABILITIES), 0, nicsw_oid_sriov_capabilities},
	{OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD, PF | READS,
		ONE(SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS), 0, nicsw_oid_read_vf_config_space},
	{OID_SRIOV_WRITE_VF_CONFIG_SPACE, SET, PF,
		ONE(SRIOV_WRITE_VF_CONFIG_SPACE_PARAMETERS), 0, nicsw_oid_write_vf_config_space},
	{OID_SRIOV_READ_VF_CONFIG_BLOCK, METHOD, PF | READS,
		ONE(SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS), 0, nicsw_oid_read_vf_config_block},
	{OID_SRIOV_WRITE_VF_CONFIG_BLOCK, SET, PF,
		ONE(SRIOV_WRITE_VF_CONFIG_BLOCK_PARAMETERS), 0, nicsw_oid_write_vf_config_block},
	{OID_SRIOV_RESET_VF, SET, PF,
		ONE(SRIOV_RESET_VF_PARAMETERS), 0, nicsw_oid_reset_vf},
	{OID_SRIOV_SET_VF_POWER_STATE, SET, PF,
		ONE(SRIOV_SET_VF_POWER_STATE_PARAMETERS), 0, nicsw_oid_set_vf_power_state},
	{OID_SRIOV_VF_VENDOR_DEVICE_ID, METHOD, PF | READS,
		ONE(SRIOV_VF_VENDOR_DEVICE_ID_INFO), 0, nicsw_oid_vf_vendor_device_id},
	{OID_SRIOV_PROBED_BARS, QUERY, PF | READS | NDIS_ONLY,
		ONE(SRIOV_PROBED_BARS_INFO), BARS, nicsw_oid_probed_bars},
	{OID_SRIOV_BAR_RESOURCES, METHOD, PF | READS | NDIS_ONLY,
		ONE(SRIOV_BAR_RESOURCES_INFO), DESCRIPTOR, nicsw_oid_bar_resources},
	{OID_SRIOV_PF_LUID, QUERY, PF | READS,
		ONE(SRIOV_PF_LUID_INFO), 0, nicsw_oid_pf_luid},
	{OID_SRIOV_CONFIG_STATE, SET, .refused = "CFGSTATE-1"},
	{OID_SRIOV_VF_SERIAL_NUMBER, QUERY, VF | READS,
		ONE(SRIOV_VF_SERIAL_NUMBER_INFO), 0, nicsw_oid_vf_serial_number},
	{OID_SRIOV_OVERLYING_ADAPTER_INFO, SET, VF,
		ONE(SRIOV_OVERLYING_ADAPTER_INFO), 0, nicsw_oid_overlying_adapter_info},
	{OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, METHOD, VF,
		ONE(SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO), 0, nicsw_oid_vf_invalidate_config_block},
};
/* clang-format on */

const size_t nicsw_num_oid_rows = ARRAY_SIZE(nicsw_oid_rows);

const struct nicsw_oid_row *nicsw_oid_row(__u32 oid, __u32 type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nicsw_oid_rows); i++)
		if (nicsw_oid_rows[i].oid == oid && nicsw_oid_rows[i].type == type)
			return &nicsw_oid_rows[i];
	return NULL;
}

__u32 nicsw_oid_kinds(__u32 oid)
{
	switch (oid) {
#define X(value, NAME, kinds)                                                                      \
	case value:                                                                                \
		return kinds;
		NDIS_OIDS(X)
#undef X
	}
	return 0;
}

bool nicsw_oid_reads(__u32 oid, __u32 type)
{
	const struct nicsw_oid_row *row = nicsw_oid_row(oid, type);

	return row && (row->refused || row->flags & NICSW_OID_READS);
}

size_t nicsw_oid_list(bool vf_adapter, __u32 *ret_oids, size_t room)
{
	__u32 side = vf_adapter ? NICSW_OID_VF : NICSW_OID_PF;
	size_t i, count = 0;
	__u32 last = 0;

	for (i = 0; i < ARRAY_SIZE(nicsw_oid_rows); i++) {
		if (!(nicsw_oid_rows[i].flags & side) || nicsw_oid_rows[i].oid == last)
			continue;
		last = nicsw_oid_rows[i].oid;
		if (count < room)
			ret_oids[count] = last;
		count++;
	}
	return count;
}
