/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The NDIS SR-IOV interface: OIDs, status values, constants, and the structures of the information
 * buffers.
 *
 * Layouts are those of 64-bit Windows (natural alignment, little-endian), so that captured buffers
 * can be replayed; the assertions below each structure hold them there. Constants, enumerators and
 * members have the names of the Windows headers, members in our spelling.
 *
 * Units: lengths and offsets in bytes; offsets count from the start of the structure. A counted
 * string (struct nicsw_text) has its length in bytes. Values of receive-filter tests are in network
 * byte order (SET-RF-19).
 *
 * The shortest structure a request may carry is NDIS_SIZEOF_X_REVISION_N, which can be less than
 * sizeof (no tail padding). Inside an information buffer structures may lie unaligned: copy them
 * out, do not cast.
 */
#ifndef NICSW_NDIS_H
#define NICSW_NDIS_H

#include <stddef.h>

#include <nicsw/types.h>

/* ---- OIDs ---- */

/* NDIS_REQUEST_TYPE, and the same as a set: which of them an OID offers. */
enum ndis_request_type {
	NdisRequestQueryInformation = 0,
	NdisRequestSetInformation = 1,
	NdisRequestQueryStatistics = 2,
	NdisRequestMethod = 12,
};

#define NDIS_KIND_QUERY  (1u << NdisRequestQueryInformation)
#define NDIS_KIND_SET    (1u << NdisRequestSetInformation)
#define NDIS_KIND_METHOD (1u << NdisRequestMethod)

/*
 * X(value, NAME, kinds); the name as printed is "OID_" NAME. The values look decimal: after
 * 0x00010239 comes 0x00010240.
 */
#define NDIS_OIDS(X)                                                                               \
	X(0x00010221, RECEIVE_FILTER_HARDWARE_CAPABILITIES, NDIS_KIND_QUERY)                       \
	X(0x00010222, RECEIVE_FILTER_GLOBAL_PARAMETERS, NDIS_KIND_QUERY)                           \
	X(0x00010223, RECEIVE_FILTER_ALLOCATE_QUEUE, NDIS_KIND_METHOD)                             \
	X(0x00010224, RECEIVE_FILTER_FREE_QUEUE, NDIS_KIND_SET)                                    \
	X(0x00010225, RECEIVE_FILTER_ENUM_QUEUES, NDIS_KIND_QUERY)                                 \
	X(0x00010226, RECEIVE_FILTER_QUEUE_PARAMETERS, NDIS_KIND_METHOD | NDIS_KIND_SET)           \
	X(0x00010227, RECEIVE_FILTER_SET_FILTER, NDIS_KIND_METHOD)                                 \
	X(0x00010228, RECEIVE_FILTER_CLEAR_FILTER, NDIS_KIND_SET)                                  \
	X(0x00010229, RECEIVE_FILTER_ENUM_FILTERS, NDIS_KIND_METHOD)                               \
	X(0x0001022A, RECEIVE_FILTER_PARAMETERS, NDIS_KIND_METHOD)                                 \
	X(0x0001022B, RECEIVE_FILTER_QUEUE_ALLOCATION_COMPLETE, NDIS_KIND_METHOD)                  \
	X(0x0001022D, RECEIVE_FILTER_CURRENT_CAPABILITIES, NDIS_KIND_QUERY)                        \
	X(0x0001022E, NIC_SWITCH_HARDWARE_CAPABILITIES, NDIS_KIND_QUERY)                           \
	X(0x0001022F, NIC_SWITCH_CURRENT_CAPABILITIES, NDIS_KIND_QUERY)                            \
	X(0x00010230, RECEIVE_FILTER_MOVE_FILTER, NDIS_KIND_SET)                                   \
	X(0x00010237, NIC_SWITCH_CREATE_SWITCH, NDIS_KIND_METHOD)                                  \
	X(0x00010238, NIC_SWITCH_PARAMETERS, NDIS_KIND_METHOD | NDIS_KIND_SET)                     \
	X(0x00010239, NIC_SWITCH_DELETE_SWITCH, NDIS_KIND_SET)                                     \
	X(0x00010240, NIC_SWITCH_ENUM_SWITCHES, NDIS_KIND_QUERY)                                   \
	X(0x00010241, NIC_SWITCH_CREATE_VPORT, NDIS_KIND_METHOD)                                   \
	X(0x00010242, NIC_SWITCH_VPORT_PARAMETERS, NDIS_KIND_METHOD | NDIS_KIND_SET)               \
	X(0x00010243, NIC_SWITCH_ENUM_VPORTS, NDIS_KIND_METHOD)                                    \
	X(0x00010244, NIC_SWITCH_DELETE_VPORT, NDIS_KIND_SET)                                      \
	X(0x00010245, NIC_SWITCH_ALLOCATE_VF, NDIS_KIND_METHOD)                                    \
	X(0x00010246, NIC_SWITCH_FREE_VF, NDIS_KIND_SET)                                           \
	X(0x00010247, NIC_SWITCH_VF_PARAMETERS, NDIS_KIND_METHOD)                                  \
	X(0x00010248, NIC_SWITCH_ENUM_VFS, NDIS_KIND_METHOD)                                       \
	X(0x00010249, SRIOV_HARDWARE_CAPABILITIES, NDIS_KIND_QUERY)                                \
	X(0x00010250, SRIOV_CURRENT_CAPABILITIES, NDIS_KIND_QUERY)                                 \
	X(0x00010251, SRIOV_READ_VF_CONFIG_SPACE, NDIS_KIND_METHOD)                                \
	X(0x00010252, SRIOV_WRITE_VF_CONFIG_SPACE, NDIS_KIND_SET)                                  \
	X(0x00010253, SRIOV_READ_VF_CONFIG_BLOCK, NDIS_KIND_METHOD)                                \
	X(0x00010254, SRIOV_WRITE_VF_CONFIG_BLOCK, NDIS_KIND_SET)                                  \
	X(0x00010255, SRIOV_RESET_VF, NDIS_KIND_SET)                                               \
	X(0x00010256, SRIOV_SET_VF_POWER_STATE, NDIS_KIND_SET)                                     \
	X(0x00010257, SRIOV_VF_VENDOR_DEVICE_ID, NDIS_KIND_METHOD)                                 \
	X(0x00010258, SRIOV_PROBED_BARS, NDIS_KIND_QUERY)                                          \
	X(0x00010259, SRIOV_BAR_RESOURCES, NDIS_KIND_METHOD)                                       \
	X(0x00010260, SRIOV_PF_LUID, NDIS_KIND_QUERY)                                              \
	X(0x00010261, SRIOV_CONFIG_STATE, NDIS_KIND_SET)                                           \
	X(0x00010262, SRIOV_VF_SERIAL_NUMBER, NDIS_KIND_QUERY)                                     \
	X(0x00010268, SRIOV_OVERLYING_ADAPTER_INFO, NDIS_KIND_SET)                                 \
	X(0x00010269, SRIOV_VF_INVALIDATE_CONFIG_BLOCK, NDIS_KIND_METHOD)

enum ndis_oid {
#define X(value, NAME, kinds) OID_##NAME = value,
	NDIS_OIDS(X)
#undef X
};

/* "OID_..." of a value of this interface, else NULL. */
static inline const char *nicsw_oid_name(__u32 oid)
{
	switch (oid) {
#define X(value, NAME, kinds)                                                                      \
	case value:                                                                                \
		return "OID_" #NAME;
		NDIS_OIDS(X)
#undef X
	}
	return NULL;
}

/* ---- status values ---- */

/* X(value, NAME); the name as printed is "NDIS_STATUS_" NAME. */
#define NDIS_STATUSES(X)                                                                           \
	X(0x00000000u, SUCCESS)                                                                    \
	X(0x00000103u, PENDING)                                                                    \
	X(0x00010003u, NOT_ACCEPTED)                                                               \
	X(0xC0000001u, FAILURE)                                                                    \
	X(0xC000000Du, INVALID_PARAMETER)                                                          \
	X(0xC000009Au, RESOURCES)                                                                  \
	X(0xC00000BBu, NOT_SUPPORTED)                                                              \
	X(0xC0000184u, INVALID_STATE)                                                              \
	X(0xC001000Cu, REQUEST_ABORTED)                                                            \
	X(0xC0010014u, INVALID_LENGTH)                                                             \
	X(0xC0010016u, BUFFER_TOO_SHORT)                                                           \
	X(0xC0010017u, INVALID_OID)                                                                \
	X(0xC001001Bu, FILE_NOT_FOUND)                                                             \
	X(0xC023002Au, PAUSED)                                                                     \
	X(0xC023002Du, INVALID_PORT)                                                               \
	X(0xC023002Eu, INVALID_PORT_STATE)                                                         \
	X(0xC023002Fu, LOW_POWER_STATE)                                                            \
	X(0xC0230030u, REINIT_REQUIRED)                                                            \
	X(0xC0230031u, NO_QUEUES)

enum ndis_status {
#define X(value, NAME) NDIS_STATUS_##NAME = value,
	NDIS_STATUSES(X)
#undef X
};

/* "NDIS_STATUS_..."; a value outside the table is "NDIS_STATUS_UNKNOWN". */
static inline const char *nicsw_status_name(__u32 status)
{
	switch (status) {
#define X(value, NAME)                                                                             \
	case value:                                                                                \
		return "NDIS_STATUS_" #NAME;
		NDIS_STATUSES(X)
#undef X
	}
	return "NDIS_STATUS_UNKNOWN";
}

/* ---- constants and enumerations ---- */

#define NDIS_OBJECT_TYPE_DEFAULT       0x80u
#define NDIS_DEFAULT_SWITCH_ID         0u
#define NDIS_INVALID_SWITCH_ID         0xffffffffu
#define NDIS_DEFAULT_VPORT_ID          0u
#define NDIS_INVALID_VPORT_ID          0xffffffffu
#define NDIS_PF_FUNCTION_ID            0xffffu
#define NDIS_INVALID_VF_FUNCTION_ID    0xffffu /* the same bits as the PF's id (GEN-20) */
#define NDIS_INVALID_RID               0xffffffffu
#define NDIS_DEFAULT_RECEIVE_QUEUE_ID  0u
#define NDIS_DEFAULT_RECEIVE_FILTER_ID 0u /* never a filter */
#define NDIS_MAX_PHYS_ADDRESS_LENGTH   32
#define NDIS_TEXT_LENGTH_MAX           512u /* bytes of a counted string (GEN-31) */

#define NDIS_NIC_SWITCH_PARAMETERS_DEFAULT_NUMBER_OF_QUEUE_PAIRS_FOR_DEFAULT_VPORT 1u

enum ndis_nic_switch_type {
	NdisNicSwitchTypeUnspecified = 0,
	NdisNicSwitchTypeExternal = 1,
};

enum ndis_vport_state {
	NdisNicSwitchVPortStateUndefined = 0,
	NdisNicSwitchVPortStateActivated = 1,
	NdisNicSwitchVPortStateDeactivated = 2,
};

enum ndis_interrupt_moderation {
	NdisNicSwitchVPortInterruptModerationUndefined = 0,
	NdisNicSwitchVPortInterruptModerationAdaptive = 1,
	NdisNicSwitchVPortInterruptModerationOff = 2,
	NdisNicSwitchVPortInterruptModerationLow = 100,
	NdisNicSwitchVPortInterruptModerationMedium = 200,
	NdisNicSwitchVPortInterruptModerationHigh = 300,
};

enum ndis_receive_filter_type {
	NdisReceiveFilterTypeUndefined = 0,
	NdisReceiveFilterTypeVMQueue = 1,
	NdisReceiveFilterTypePacketCoalescing = 2,
};

enum ndis_frame_header {
	NdisFrameHeaderUndefined = 0,
	NdisFrameHeaderMac = 1,
	NdisFrameHeaderArp = 2,
	NdisFrameHeaderIPv4 = 3,
	NdisFrameHeaderIPv6 = 4,
	NdisFrameHeaderUdp = 5,
};

enum ndis_receive_filter_test {
	NdisReceiveFilterTestUndefined = 0,
	NdisReceiveFilterTestEqual = 1,
	NdisReceiveFilterTestMaskEqual = 2,
	NdisReceiveFilterTestNotEqual = 3,
};

enum ndis_mac_header_field {
	NdisMacHeaderFieldUndefined = 0,
	NdisMacHeaderFieldDestinationAddress = 1,
	NdisMacHeaderFieldSourceAddress = 2,
	NdisMacHeaderFieldProtocol = 3,
	NdisMacHeaderFieldVlanId = 4,
	NdisMacHeaderFieldPriority = 5,
	NdisMacHeaderFieldPacketType = 6,
};

/* NicSwitchCapabilities of NDIS_NIC_SWITCH_CAPABILITIES. */
#define NDIS_NIC_SWITCH_CAPS_VLAN_SUPPORTED                                        0x00000001u
#define NDIS_NIC_SWITCH_CAPS_PER_VPORT_INTERRUPT_MODERATION_SUPPORTED              0x00000002u
#define NDIS_NIC_SWITCH_CAPS_ASYMMETRIC_QUEUE_PAIRS_FOR_NONDEFAULT_VPORT_SUPPORTED 0x00000004u
#define NDIS_NIC_SWITCH_CAPS_VF_RSS_SUPPORTED                                      0x00000008u
#define NDIS_NIC_SWITCH_CAPS_SINGLE_VPORT_POOL                                     0x00000010u

/* Of NDIS_RECEIVE_FILTER_CAPABILITIES: SupportedFilterTests, SupportedHeaders,
 * SupportedMacHeaderFields. */
#define NDIS_RECEIVE_FILTER_TEST_HEADER_FIELD_EQUAL_SUPPORTED 0x00000001u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_SUPPORTED              0x00000001u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_DEST_ADDR_SUPPORTED    0x00000001u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_SOURCE_ADDR_SUPPORTED  0x00000002u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_PROTOCOL_SUPPORTED     0x00000004u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_VLAN_ID_SUPPORTED      0x00000008u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_PRIORITY_SUPPORTED     0x00000010u
#define NDIS_RECEIVE_FILTER_MAC_HEADER_PACKET_TYPE_SUPPORTED  0x00000020u

/* Packet filter (OID_GEN_CURRENT_PACKET_FILTER), as far as a switch port knows it. */
#define NDIS_PACKET_TYPE_DIRECTED      0x00000001u
#define NDIS_PACKET_TYPE_MULTICAST     0x00000002u
#define NDIS_PACKET_TYPE_ALL_MULTICAST 0x00000004u
#define NDIS_PACKET_TYPE_BROADCAST     0x00000008u
#define NDIS_PACKET_TYPE_PROMISCUOUS   0x00000020u

/* Segment, bus and 8-bit (ARI) function of a routing id (PCI-69). */
#define NDIS_MAKE_RID(segment, bus, function)                                                      \
	(((__u32)(segment) << 16) | ((__u32)(bus) << 8) | (__u32)(function))

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

/* ---- NIC switch ---- */

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

struct ndis_receive_filter_info {
	struct ndis_object_header header;
	__u32 flags;
	__u32 filter_type;
	__u32 filter_id;
};
NDIS_ASSERT_OFFSET(ndis_receive_filter_info, filter_id, 12);
NDIS_ASSERT_SIZE(ndis_receive_filter_info, 16);

#endif
