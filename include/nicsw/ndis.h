/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The NDIS SR-IOV interface: OIDs, status values, constants; with it come the structures of the
 * information buffers (ndis_structures.h). Constants, enumerators and members have the names of the
 * Windows headers, members in our spelling.
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

#define VPCI_MAX_READ_WRITE_BLOCK_SIZE 128u    /* BLK-8 */
#define SRIOV_INVALIDATE_BLOCK_ALL_VFS 0xffffu /* INVAL-11 */

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

/* D-states, one higher than PMCSR has them (PCI-106). */
enum ndis_device_power_state {
	NdisDeviceStateUnspecified = 0,
	NdisDeviceStateD0 = 1,
	NdisDeviceStateD1 = 2,
	NdisDeviceStateD2 = 3,
	NdisDeviceStateD3 = 4,
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

/* SriovCapabilities of NDIS_SRIOV_CAPABILITIES. */
#define NDIS_SRIOV_CAPS_SRIOV_SUPPORTED 0x00000001u
#define NDIS_SRIOV_CAPS_PF_MINIPORT     0x00000002u
#define NDIS_SRIOV_CAPS_VF_MINIPORT     0x00000004u

/* Of NDIS_RECEIVE_FILTER_CAPABILITIES: EnabledFilterTypes, SupportedQueueProperties. */
#define NDIS_RECEIVE_FILTER_VMQ_FILTERS_ENABLED                         0x00000001u
#define NDIS_RECEIVE_QUEUE_PARAMETERS_MSI_X_SUPPORTED                   0x00000001u
#define NDIS_RECEIVE_QUEUE_PARAMETERS_VM_QUEUE_SUPPORTED                0x00000002u
#define NDIS_RECEIVE_QUEUE_PARAMETERS_LOOKAHEAD_SPLIT_SUPPORTED         0x00000004u
#define NDIS_RECEIVE_QUEUE_PARAMETERS_DYNAMIC_PROCESSOR_AFFINITY_CHANGE 0x00000008u
#define NDIS_RECEIVE_QUEUE_PARAMETERS_INTERRUPT_VECTOR_COALESCING       0x00000010u

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

#include <nicsw/ndis_structures.h>

#endif
