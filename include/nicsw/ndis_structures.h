/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The structures of the information buffers. Include <nicsw/ndis.h>, which brings them.
 *
 * Layouts are those of 64-bit Windows (natural alignment, little-endian), so that captured buffers
 * can be replayed; the assertions below each structure hold them there.
 *
 * Units: lengths and offsets in bytes; offsets count from the start of the structure. A counted
 * string (struct nicsw_text) has its length in bytes. Values of receive-filter tests are in network
 * byte order (SET-RF-19).
 *
 * The shortest structure a request may carry is NDIS_SIZEOF_X_REVISION_N, which can be less than
 * sizeof (no tail padding). Inside an information buffer structures may lie unaligned: copy them
 * out, do not cast.
 */
#ifndef NICSW_NDIS_STRUCTURES_H
#define NICSW_NDIS_STRUCTURES_H

#include <stddef.h>

#include <nicsw/ndis.h>

/* Assert where a member lies, and how long the structure is. */
#define NDIS_ASSERT_OFFSET(type, member, offset)                                                   \
	_Static_assert(offsetof(struct type, member) == (offset), #type "." #member)
#define NDIS_ASSERT_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), #type)

/* ---- common parts ---- */

/* type: NDIS_OBJECT_TYPE_DEFAULT everywhere; size: NDIS_SIZEOF of the revision, or more (GEN-9). */
struct ndis_object_header {
	__u8 type;
	__u8 revision;
	__u16 size;
};
NDIS_ASSERT_SIZE(ndis_object_header, 4);

struct ndis_group_affinity {
	__u64 mask;
	__u16 group;
	__u16 reserved[3];
};
NDIS_ASSERT_SIZE(ndis_group_affinity, 16);

/* Of an information array: element i is at first_element_offset + i * element_size. */
struct ndis_elements {
	__u32 first_element_offset;
	__u32 num_elements;
	__u32 element_size;
};
NDIS_ASSERT_SIZE(ndis_elements, 12);

/* A LUID of Windows. */
struct ndis_luid {
	__u32 low_part;
	__s32 high_part;
};
NDIS_ASSERT_SIZE(ndis_luid, 8);

/* ---- capabilities ---- */

/* NIC_SWITCH_HARDWARE_CAPABILITIES, NIC_SWITCH_CURRENT_CAPABILITIES */
struct ndis_nic_switch_capabilities {
	struct ndis_object_header header;
	__u32 flags;
	__u32 reserved1;
	__u32 num_total_mac_addresses;    /* 0 from revision 2 on (CAP-SW-12) */
	__u32 num_mac_addresses_per_port; /* the same */
	__u32 num_vlans_per_port;         /* the same */
	__u32 reserved2[2];
	__u32 nic_switch_capabilities; /* revision 2: NDIS_NIC_SWITCH_CAPS_* */
	__u32 max_num_switches;
	__u32 max_num_vports;
	__u32 reserved4;
	__u32 max_num_vfs;
	__u32 max_num_queue_pairs;
	__u32 reserved5[3];
	__u32 max_num_queue_pairs_per_nondefault_vport;
	__u32 reserved8[5];
	__u32 max_num_mac_addresses;
	__u32 reserved13[5];
	__u32 max_num_rss_capable_nondefault_pf_vports; /* revision 3 */
	__u32 number_of_indirection_table_entries_for_default_vport;
	__u32 number_of_indirection_table_entries_per_nondefault_pf_vport;
	__u32 max_num_queue_pairs_for_default_vport;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_capabilities, nic_switch_capabilities, 32);
NDIS_ASSERT_OFFSET(ndis_nic_switch_capabilities, max_num_vfs, 48);
NDIS_ASSERT_OFFSET(ndis_nic_switch_capabilities, max_num_queue_pairs_per_nondefault_vport, 68);
NDIS_ASSERT_OFFSET(ndis_nic_switch_capabilities, max_num_mac_addresses, 92);
NDIS_ASSERT_OFFSET(ndis_nic_switch_capabilities, max_num_rss_capable_nondefault_pf_vports, 116);
NDIS_ASSERT_SIZE(ndis_nic_switch_capabilities, 132);

#define NDIS_SIZEOF_NIC_SWITCH_CAPABILITIES_REVISION_1 32u
#define NDIS_SIZEOF_NIC_SWITCH_CAPABILITIES_REVISION_2 116u
#define NDIS_SIZEOF_NIC_SWITCH_CAPABILITIES_REVISION_3 132u

/* SRIOV_HARDWARE_CAPABILITIES, SRIOV_CURRENT_CAPABILITIES */
struct ndis_sriov_capabilities {
	struct ndis_object_header header;
	__u32 flags;
	__u32 sriov_capabilities; /* NDIS_SRIOV_CAPS_* */
};
NDIS_ASSERT_OFFSET(ndis_sriov_capabilities, sriov_capabilities, 8);
NDIS_ASSERT_SIZE(ndis_sriov_capabilities, 12);

#define NDIS_SIZEOF_SRIOV_CAPABILITIES_REVISION_1 12u

/* RECEIVE_FILTER_HARDWARE_CAPABILITIES, RECEIVE_FILTER_CURRENT_CAPABILITIES */
struct ndis_receive_filter_capabilities {
	struct ndis_object_header header;
	__u32 flags;
	__u32 enabled_filter_types;
	__u32 enabled_queue_types;
	__u32 num_queues;
	__u32 supported_queue_properties;
	__u32 supported_filter_tests;
	__u32 supported_headers;
	__u32 supported_mac_header_fields;
	__u32 max_mac_header_filters;
	__u32 max_queue_groups;
	__u32 max_queues_per_queue_group;
	__u32 min_lookahead_split_size;
	__u32 max_lookahead_split_size;
	__u32 supported_arp_header_fields; /* revision 2 */
	__u32 supported_ipv4_header_fields;
	__u32 supported_ipv6_header_fields;
	__u32 supported_udp_header_fields;
	__u32 max_field_tests_per_packet_coalescing_filter;
	__u32 max_packet_coalescing_filters;
	__u32 reserved;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_capabilities, supported_queue_properties, 20);
NDIS_ASSERT_OFFSET(ndis_receive_filter_capabilities, max_mac_header_filters, 36);
NDIS_ASSERT_OFFSET(ndis_receive_filter_capabilities, supported_arp_header_fields, 56);
NDIS_ASSERT_SIZE(ndis_receive_filter_capabilities, 84);

#define NDIS_SIZEOF_RECEIVE_FILTER_CAPABILITIES_REVISION_1 56u
#define NDIS_SIZEOF_RECEIVE_FILTER_CAPABILITIES_REVISION_2 84u

/* RECEIVE_FILTER_GLOBAL_PARAMETERS */
struct ndis_receive_filter_global_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 enabled_filter_types;
	__u32 enabled_queue_types;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_global_parameters, enabled_filter_types, 8);
NDIS_ASSERT_SIZE(ndis_receive_filter_global_parameters, 16);

#define NDIS_SIZEOF_RECEIVE_FILTER_GLOBAL_PARAMETERS_REVISION_1 16u

/* ---- NIC switch ---- */

#define NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED 0x00010000u
#define NDIS_NIC_SWITCH_PARAMETERS_CHANGE_MASK         0xffff0000u

/* CREATE_SWITCH, PARAMETERS */
struct ndis_nic_switch_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_type;
	__u32 switch_id;
	struct nicsw_text switch_friendly_name;
	__u32 num_vfs;
	__u32 reserved[3];
	__u32 num_queue_pairs_for_default_vport; /* revision 2 */
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_parameters, switch_type, 8);
NDIS_ASSERT_OFFSET(ndis_nic_switch_parameters, switch_id, 12);
NDIS_ASSERT_OFFSET(ndis_nic_switch_parameters, switch_friendly_name, 16);
NDIS_ASSERT_OFFSET(ndis_nic_switch_parameters, num_vfs, 532);
NDIS_ASSERT_OFFSET(ndis_nic_switch_parameters, num_queue_pairs_for_default_vport, 548);
NDIS_ASSERT_SIZE(ndis_nic_switch_parameters, 552);

#define NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_1 548u
#define NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2 552u

struct ndis_nic_switch_delete_switch_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_id;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_delete_switch_parameters, switch_id, 8);
NDIS_ASSERT_SIZE(ndis_nic_switch_delete_switch_parameters, 12);

#define NDIS_SIZEOF_NIC_SWITCH_DELETE_SWITCH_PARAMETERS_REVISION_1 12u

struct ndis_nic_switch_info_array {
	struct ndis_object_header header;
	struct ndis_elements elements;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_info_array, elements, 4);
NDIS_ASSERT_SIZE(ndis_nic_switch_info_array, 16);

#define NDIS_SIZEOF_NIC_SWITCH_INFO_ARRAY_REVISION_1 16u

struct ndis_nic_switch_info {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_type;
	__u32 switch_id;
	struct nicsw_text switch_friendly_name;
	__u32 num_vfs;
	__u32 num_allocated_vfs;
	__u32 num_vports;
	__u32 num_active_vports;
	__u32 num_queue_pairs_for_default_vport;
	__u32 num_queue_pairs_for_nondefault_vports;
	__u32 num_active_default_vport_mac_addresses;
	__u32 num_active_nondefault_vport_mac_addresses;
	__u32 num_active_default_vport_vlan_ids;
	__u32 num_active_nondefault_vport_vlan_ids;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_info, switch_friendly_name, 16);
NDIS_ASSERT_OFFSET(ndis_nic_switch_info, num_vfs, 532);
NDIS_ASSERT_OFFSET(ndis_nic_switch_info, num_active_vports, 544);
NDIS_ASSERT_OFFSET(ndis_nic_switch_info, num_active_default_vport_mac_addresses, 556);
NDIS_ASSERT_OFFSET(ndis_nic_switch_info, num_active_nondefault_vport_vlan_ids, 568);
NDIS_ASSERT_SIZE(ndis_nic_switch_info, 572);

/* ---- VPorts ---- */

#define NDIS_NIC_SWITCH_VPORT_PARAMS_LOOKAHEAD_SPLIT_ENABLED    0x00000001u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_FLAGS_CHANGED              0x00010000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_NAME_CHANGED               0x00020000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_INT_MOD_CHANGED            0x00040000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED              0x00080000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_PROCESSOR_AFFINITY_CHANGED 0x00100000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_NDK_PARAMS_CHANGED         0x00200000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_QOS_SQ_ID_CHANGED          0x00400000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_NUM_QUEUE_PAIRS_CHANGED    0x00800000u
#define NDIS_NIC_SWITCH_VPORT_PARAMS_CHANGE_MASK                0xffff0000u

/* CREATE_VPORT, VPORT_PARAMETERS */
struct ndis_nic_switch_vport_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_id;
	__u32 vport_id; /* CREATE_VPORT: 0 in, the assigned id out */
	struct nicsw_text vport_name;
	__u16 attached_function_id; /* VFId or NDIS_PF_FUNCTION_ID */
	__u32 num_queue_pairs;
	__u32 interrupt_moderation;
	__u32 vport_state;
	struct ndis_group_affinity processor_affinity; /* VPorts of the PF only */
	__u32 lookahead_size;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, vport_id, 12);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, vport_name, 16);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, attached_function_id, 532);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, num_queue_pairs, 536);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, vport_state, 544);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, processor_affinity, 552);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_parameters, lookahead_size, 568);
NDIS_ASSERT_SIZE(ndis_nic_switch_vport_parameters, 576);

#define NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1 572u

struct ndis_nic_switch_delete_vport_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 vport_id;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_delete_vport_parameters, vport_id, 8);
NDIS_ASSERT_SIZE(ndis_nic_switch_delete_vport_parameters, 12);

#define NDIS_SIZEOF_NIC_SWITCH_DELETE_VPORT_PARAMETERS_REVISION_1 12u

#define NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION 0x00000001u
#define NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH   0x00000002u

struct ndis_nic_switch_vport_info_array {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_id;
	__u16 attached_function_id;
	struct ndis_elements elements;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info_array, attached_function_id, 12);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info_array, elements, 16);
NDIS_ASSERT_SIZE(ndis_nic_switch_vport_info_array, 28);

#define NDIS_SIZEOF_NIC_SWITCH_VPORT_INFO_ARRAY_REVISION_1 28u

struct ndis_nic_switch_vport_info {
	struct ndis_object_header header;
	__u32 vport_id;
	__u32 flags;
	__u32 switch_id;
	struct nicsw_text vport_name;
	__u16 attached_function_id;
	__u32 num_queue_pairs;
	__u32 interrupt_moderation;
	__u32 vport_state;
	struct ndis_group_affinity processor_affinity;
	__u32 lookahead_size;
	__u32 num_filters; /* of this VPort (ENUM-VP-10) */
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info, vport_id, 4);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info, vport_name, 16);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info, attached_function_id, 532);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info, processor_affinity, 552);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vport_info, num_filters, 572);
NDIS_ASSERT_SIZE(ndis_nic_switch_vport_info, 576);

/* ---- VFs ---- */

/* ALLOCATE_VF, VF_PARAMETERS, and the element of ENUM_VFS (NDIS_NIC_SWITCH_VF_INFO has the same
 * layout). */
struct ndis_nic_switch_vf_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_id;
	struct nicsw_text vm_name;
	struct nicsw_text vm_friendly_name;
	struct nicsw_text nic_name;
	__u16 mac_address_length;
	__u8 permanent_mac_address[NDIS_MAX_PHYS_ADDRESS_LENGTH];
	__u8 current_mac_address[NDIS_MAX_PHYS_ADDRESS_LENGTH];
	__u16 vf_id;        /* ALLOCATE_VF: NDIS_INVALID_VF_FUNCTION_ID in, the VF out */
	__u32 requestor_id; /* ALLOCATE_VF: NDIS_INVALID_RID in, the VF's RID out */
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, vm_name, 12);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, vm_friendly_name, 528);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, nic_name, 1044);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, mac_address_length, 1560);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, permanent_mac_address, 1562);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, current_mac_address, 1594);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, vf_id, 1626);
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_parameters, requestor_id, 1628);
NDIS_ASSERT_SIZE(ndis_nic_switch_vf_parameters, 1632);

#define NDIS_SIZEOF_NIC_SWITCH_VF_PARAMETERS_REVISION_1 1632u

struct ndis_nic_switch_free_vf_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u16 vf_id;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_free_vf_parameters, vf_id, 8);
NDIS_ASSERT_SIZE(ndis_nic_switch_free_vf_parameters, 12);

#define NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1 10u

#define NDIS_NIC_SWITCH_VF_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH 0x00000001u

struct ndis_nic_switch_vf_info_array {
	struct ndis_object_header header;
	__u32 flags;
	__u32 switch_id;
	struct ndis_elements elements;
};
NDIS_ASSERT_OFFSET(ndis_nic_switch_vf_info_array, elements, 12);
NDIS_ASSERT_SIZE(ndis_nic_switch_vf_info_array, 24);

#define NDIS_SIZEOF_NIC_SWITCH_VF_INFO_ARRAY_REVISION_1 24u

/* ---- SR-IOV ---- */

/* READ_VF_CONFIG_SPACE, WRITE_VF_CONFIG_SPACE */
struct ndis_sriov_vf_config_space_parameters {
	struct ndis_object_header header;
	__u16 vf_id;
	__u32 offset; /* in the configuration space */
	__u32 length;
	__u32 buffer_offset; /* of the data, from the start of this structure */
};
NDIS_ASSERT_OFFSET(ndis_sriov_vf_config_space_parameters, vf_id, 4);
NDIS_ASSERT_OFFSET(ndis_sriov_vf_config_space_parameters, offset, 8);
NDIS_ASSERT_OFFSET(ndis_sriov_vf_config_space_parameters, buffer_offset, 16);
NDIS_ASSERT_SIZE(ndis_sriov_vf_config_space_parameters, 20);

#define NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS_REVISION_1 20u

#define NDIS_SIZEOF_SRIOV_WRITE_VF_CONFIG_SPACE_PARAMETERS_REVISION_1 20u

/* READ_VF_CONFIG_BLOCK, WRITE_VF_CONFIG_BLOCK */
struct ndis_sriov_vf_config_block_parameters {
	struct ndis_object_header header;
	__u16 vf_id;
	__u32 block_id;
	__u32 length;
	__u32 buffer_offset; /* of the data, from the start of this structure */
};
NDIS_ASSERT_OFFSET(ndis_sriov_vf_config_block_parameters, block_id, 8);
NDIS_ASSERT_OFFSET(ndis_sriov_vf_config_block_parameters, buffer_offset, 16);
NDIS_ASSERT_SIZE(ndis_sriov_vf_config_block_parameters, 20);

#define NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS_REVISION_1  20u
#define NDIS_SIZEOF_SRIOV_WRITE_VF_CONFIG_BLOCK_PARAMETERS_REVISION_1 20u

struct ndis_sriov_set_vf_power_state_parameters {
	struct ndis_object_header header;
	__u16 vf_id;
	__u32 power_state; /* enum ndis_device_power_state */
	__u8 wake_enable;
};
NDIS_ASSERT_OFFSET(ndis_sriov_set_vf_power_state_parameters, power_state, 8);
NDIS_ASSERT_OFFSET(ndis_sriov_set_vf_power_state_parameters, wake_enable, 12);
NDIS_ASSERT_SIZE(ndis_sriov_set_vf_power_state_parameters, 16);

#define NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1 13u

struct ndis_sriov_vf_vendor_device_id_info {
	struct ndis_object_header header;
	__u16 vf_id;
	__u16 vendor_id;
	__u16 device_id;
};
NDIS_ASSERT_OFFSET(ndis_sriov_vf_vendor_device_id_info, vendor_id, 6);
NDIS_ASSERT_SIZE(ndis_sriov_vf_vendor_device_id_info, 10);

#define NDIS_SIZEOF_SRIOV_VF_VENDOR_DEVICE_ID_INFO_REVISION_1 10u

#define NDIS_PCI_TYPE0_ADDRESSES 6u

/* The values, NDIS_PCI_TYPE0_ADDRESSES of 4 bytes, follow at base_register_values_offset. */
struct ndis_sriov_probed_bars_info {
	struct ndis_object_header header;
	__u32 base_register_values_offset;
};
NDIS_ASSERT_OFFSET(ndis_sriov_probed_bars_info, base_register_values_offset, 4);
NDIS_ASSERT_SIZE(ndis_sriov_probed_bars_info, 8);

#define NDIS_SIZEOF_SRIOV_PROBED_BARS_INFO_REVISION_1 8u

/* The descriptor follows at bar_resources_offset. */
struct ndis_sriov_bar_resources_info {
	struct ndis_object_header header;
	__u16 vf_id;
	__u16 bar_index;
	__u32 bar_resources_offset;
};
NDIS_ASSERT_OFFSET(ndis_sriov_bar_resources_info, bar_index, 6);
NDIS_ASSERT_OFFSET(ndis_sriov_bar_resources_info, bar_resources_offset, 8);
NDIS_ASSERT_SIZE(ndis_sriov_bar_resources_info, 12);

#define NDIS_SIZEOF_SRIOV_BAR_RESOURCES_INFO_REVISION_1 12u

/* CM_PARTIAL_RESOURCE_DESCRIPTOR of memory: type 3, owned by one device. */
#define NDIS_CM_RESOURCE_TYPE_MEMORY         3u
#define NDIS_CM_RESOURCE_SHARE_DEVICE        1u
#define NDIS_CM_RESOURCE_MEMORY_PREFETCHABLE 0x0004u
#define NDIS_CM_RESOURCE_MEMORY_BAR          0x0080u

struct ndis_cm_partial_resource_descriptor {
	__u8 type;
	__u8 share_disposition;
	__u16 flags;
	__u64 start; /* system physical address */
	__u32 length;
	__u32 unused;
} __attribute__((packed, aligned(4)));
NDIS_ASSERT_OFFSET(ndis_cm_partial_resource_descriptor, start, 4);
NDIS_ASSERT_OFFSET(ndis_cm_partial_resource_descriptor, length, 12);
NDIS_ASSERT_SIZE(ndis_cm_partial_resource_descriptor, 20);

struct ndis_sriov_pf_luid_info {
	struct ndis_object_header header;
	struct ndis_luid luid;
};
NDIS_ASSERT_OFFSET(ndis_sriov_pf_luid_info, luid, 4);
NDIS_ASSERT_SIZE(ndis_sriov_pf_luid_info, 12);

#define NDIS_SIZEOF_SRIOV_PF_LUID_INFO_REVISION_1 12u

struct ndis_sriov_vf_serial_number_info {
	struct ndis_object_header header;
	__u32 serial_number;
};
NDIS_ASSERT_SIZE(ndis_sriov_vf_serial_number_info, 8);

#define NDIS_SIZEOF_SRIOV_VF_SERIAL_NUMBER_INFO_REVISION_1 8u

struct ndis_sriov_vf_invalidate_config_block_info {
	struct ndis_object_header header;
	__u64 block_mask __attribute__((aligned(8))); /* bit n = block n */
};
NDIS_ASSERT_OFFSET(ndis_sriov_vf_invalidate_config_block_info, block_mask, 8);
NDIS_ASSERT_SIZE(ndis_sriov_vf_invalidate_config_block_info, 16);

#define NDIS_SIZEOF_SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO_REVISION_1 16u

struct ndis_sriov_overlying_adapter_info {
	struct ndis_object_header header;
	__u32 flags;
	__u32 if_index;
	__u32 reserved[2];
};
NDIS_ASSERT_OFFSET(ndis_sriov_overlying_adapter_info, if_index, 8);
NDIS_ASSERT_SIZE(ndis_sriov_overlying_adapter_info, 20);

#define NDIS_SIZEOF_SRIOV_OVERLYING_ADAPTER_INFO_REVISION_1 20u

struct ndis_sriov_reset_vf_parameters {
	struct ndis_object_header header;
	__u16 vf_id;
};
NDIS_ASSERT_OFFSET(ndis_sriov_reset_vf_parameters, vf_id, 4);
NDIS_ASSERT_SIZE(ndis_sriov_reset_vf_parameters, 6);

#define NDIS_SIZEOF_SRIOV_RESET_VF_PARAMETERS_REVISION_1 6u

/* ---- receive filters ---- */

#define NDIS_RECEIVE_FILTER_PACKET_ENCAPSULATION 0x00000002u

/* SET_FILTER, PARAMETERS; the field tests follow at field_parameters_array_offset. */
struct ndis_receive_filter_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 filter_type;
	__u32 queue_id;
	__u32 filter_id; /* SET_FILTER: 0 in, the assigned id out */
	__u32 field_parameters_array_offset;
	__u32 field_parameters_array_num_elements;
	__u32 field_parameters_array_element_size;
	__u32 requested_filter_id_bit_count;
	__u32 max_coalescing_delay; /* revision 2 */
	__u32 vport_id;             /* revision 2 */
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_parameters, filter_id, 16);
NDIS_ASSERT_OFFSET(ndis_receive_filter_parameters, field_parameters_array_offset, 20);
NDIS_ASSERT_OFFSET(ndis_receive_filter_parameters, requested_filter_id_bit_count, 32);
NDIS_ASSERT_OFFSET(ndis_receive_filter_parameters, vport_id, 40);
NDIS_ASSERT_SIZE(ndis_receive_filter_parameters, 44);

#define NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_1 36u
#define NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_2 44u

#define NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO 0x00000001u

union ndis_receive_filter_value {
	__u8 field_byte_value;
	__u16 field_short_value;
	__u32 field_long_value;
	__u64 field_long64_value;
	__u8 field_byte_array_value[16];
};

struct ndis_receive_filter_field_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 frame_header;
	__u32 receive_filter_test;
	__u32 header_field;
	union ndis_receive_filter_value field_value;
	union ndis_receive_filter_value result_value;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_field_parameters, frame_header, 8);
NDIS_ASSERT_OFFSET(ndis_receive_filter_field_parameters, header_field, 16);
NDIS_ASSERT_OFFSET(ndis_receive_filter_field_parameters, field_value, 24);
NDIS_ASSERT_OFFSET(ndis_receive_filter_field_parameters, result_value, 40);
NDIS_ASSERT_SIZE(ndis_receive_filter_field_parameters, 56);

#define NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1 56u
#define NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_2 56u

struct ndis_receive_filter_clear_parameters {
	struct ndis_object_header header;
	__u32 flags;
	__u32 queue_id;
	__u32 filter_id;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_clear_parameters, filter_id, 12);
NDIS_ASSERT_SIZE(ndis_receive_filter_clear_parameters, 16);

#define NDIS_SIZEOF_RECEIVE_FILTER_CLEAR_PARAMETERS_REVISION_1 16u

struct ndis_receive_filter_move_filter_parameters {
	struct ndis_object_header header;
	__u32 filter_id;
	__u32 source_queue_id;
	__u32 source_vport_id;
	__u32 dest_queue_id;
	__u32 dest_vport_id;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_move_filter_parameters, filter_id, 4);
NDIS_ASSERT_OFFSET(ndis_receive_filter_move_filter_parameters, source_vport_id, 12);
NDIS_ASSERT_OFFSET(ndis_receive_filter_move_filter_parameters, dest_vport_id, 20);
NDIS_ASSERT_SIZE(ndis_receive_filter_move_filter_parameters, 24);

#define NDIS_SIZEOF_RECEIVE_FILTER_MOVE_FILTER_PARAMETERS_REVISION_1 24u

#define NDIS_RECEIVE_FILTER_INFO_ARRAY_VPORT_ID_SPECIFIED 0x00000001u

struct ndis_receive_filter_info_array {
	struct ndis_object_header header;
	__u32 queue_id;
	struct ndis_elements elements;
	__u32 flags;    /* revision 2 */
	__u32 vport_id; /* revision 2 */
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_info_array, elements, 8);
NDIS_ASSERT_OFFSET(ndis_receive_filter_info_array, flags, 20);
NDIS_ASSERT_OFFSET(ndis_receive_filter_info_array, vport_id, 24);
NDIS_ASSERT_SIZE(ndis_receive_filter_info_array, 28);

#define NDIS_SIZEOF_RECEIVE_FILTER_INFO_ARRAY_REVISION_1 20u
#define NDIS_SIZEOF_RECEIVE_FILTER_INFO_ARRAY_REVISION_2 28u

/* ENUM_QUEUES; no element ever follows (VMQ-2). */
struct ndis_receive_queue_info_array {
	struct ndis_object_header header;
	struct ndis_elements elements;
};
NDIS_ASSERT_SIZE(ndis_receive_queue_info_array, 16);

#define NDIS_SIZEOF_RECEIVE_QUEUE_INFO_ARRAY_REVISION_1 16u

struct ndis_receive_filter_info {
	struct ndis_object_header header;
	__u32 flags;
	__u32 filter_type;
	__u32 filter_id;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_info, filter_id, 12);
NDIS_ASSERT_SIZE(ndis_receive_filter_info, 16);

#endif
