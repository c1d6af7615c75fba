// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/oid_table.h"

#define QUERY  NdisRequestQueryInformation
#define SET    NdisRequestSetInformation
#define METHOD NdisRequestMethod

#define FROM_ANYBODY false
#define FROM_NDIS    true

#define ONE(structure)                                                                             \
	{                                                                                          \
		NDIS_SIZEOF_##structure##_REVISION_1                                               \
	}
#define TWO(structure)                                                                             \
	{                                                                                          \
		NDIS_SIZEOF_##structure##_REVISION_1, NDIS_SIZEOF_##structure##_REVISION_2         \
	}

/* clang-format off */
const struct nicsw_oid_row nicsw_oid_rows[] = {
	{OID_NIC_SWITCH_CREATE_SWITCH, METHOD, FROM_NDIS,
		TWO(NIC_SWITCH_PARAMETERS), nicsw_oid_create_switch},
	{OID_NIC_SWITCH_DELETE_SWITCH, SET, FROM_NDIS,
		ONE(NIC_SWITCH_DELETE_SWITCH_PARAMETERS), nicsw_oid_delete_switch},
	{OID_NIC_SWITCH_ENUM_SWITCHES, QUERY, FROM_ANYBODY,
		ONE(NIC_SWITCH_INFO_ARRAY), nicsw_oid_enum_switches},
	{OID_NIC_SWITCH_ALLOCATE_VF, METHOD, FROM_ANYBODY,
		ONE(NIC_SWITCH_VF_PARAMETERS), nicsw_oid_allocate_vf},
	{OID_NIC_SWITCH_FREE_VF, SET, FROM_ANYBODY,
		ONE(NIC_SWITCH_FREE_VF_PARAMETERS), nicsw_oid_free_vf},
	{OID_NIC_SWITCH_ENUM_VFS, METHOD, FROM_ANYBODY,
		ONE(NIC_SWITCH_VF_INFO_ARRAY), nicsw_oid_enum_vfs},
	{OID_NIC_SWITCH_CREATE_VPORT, METHOD, FROM_ANYBODY,
		ONE(NIC_SWITCH_VPORT_PARAMETERS), nicsw_oid_create_vport},
	{OID_NIC_SWITCH_DELETE_VPORT, SET, FROM_ANYBODY,
		ONE(NIC_SWITCH_DELETE_VPORT_PARAMETERS), nicsw_oid_delete_vport},
	{OID_NIC_SWITCH_ENUM_VPORTS, METHOD, FROM_ANYBODY,
		ONE(NIC_SWITCH_VPORT_INFO_ARRAY), nicsw_oid_enum_vports},
	{OID_RECEIVE_FILTER_SET_FILTER, METHOD, FROM_ANYBODY,
		TWO(RECEIVE_FILTER_PARAMETERS), nicsw_oid_set_filter},
	{OID_RECEIVE_FILTER_MOVE_FILTER, SET, FROM_ANYBODY,
		ONE(RECEIVE_FILTER_MOVE_FILTER_PARAMETERS), nicsw_oid_move_filter},
	{OID_RECEIVE_FILTER_CLEAR_FILTER, SET, FROM_ANYBODY,
		ONE(RECEIVE_FILTER_CLEAR_PARAMETERS), nicsw_oid_clear_filter},
	{OID_RECEIVE_FILTER_ENUM_FILTERS, METHOD, FROM_ANYBODY,
		TWO(RECEIVE_FILTER_INFO_ARRAY), nicsw_oid_enum_filters},
	{OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD, FROM_ANYBODY,
		ONE(SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS), nicsw_oid_read_vf_config_space},
	{OID_SRIOV_RESET_VF, SET, FROM_ANYBODY,
		ONE(SRIOV_RESET_VF_PARAMETERS), nicsw_oid_reset_vf},
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
