// SPDX-License-Identifier: GPL-2.0-only
/* Good structures of OID requests, and answers that are arrays. */
#include "tests/fuzz/lib_oid.h"

#include "ndis/oid_table.h"

/* Bytes of a buffer that nobody has written. */
#define FILLER 0xa5

/* The members of a good structure that are not 0. The header comes from the table of the OIDs. */
struct member {
	__u32 oid;
	__u32 offset;
	__u32 width;
	__u64 value;
};

#define MEMBER_AT(OID, base, type, member, good)                                                   \
	{                                                                                          \
		OID_##OID, (base) + offsetof(struct type, member),                                 \
			sizeof(((struct type *)0)->member), good                                   \
	}
#define MEMBER(OID, type, member, good) MEMBER_AT(OID, 0, type, member, good)

#define SWITCH(member, good)                                                                       \
	MEMBER(NIC_SWITCH_CREATE_SWITCH, ndis_nic_switch_parameters, member, good)
#define VF(member, good) MEMBER(NIC_SWITCH_ALLOCATE_VF, ndis_nic_switch_vf_parameters, member, good)
#define VPORT(member, good)                                                                        \
	MEMBER(NIC_SWITCH_CREATE_VPORT, ndis_nic_switch_vport_parameters, member, good)
#define FILTER(member, good)                                                                       \
	MEMBER(RECEIVE_FILTER_SET_FILTER, ndis_receive_filter_parameters, member, good)
#define TESTS 48u
#define TEST(i, member, good)                                                                      \
	MEMBER_AT(RECEIVE_FILTER_SET_FILTER, TESTS + (i)*56u,                                      \
		  ndis_receive_filter_field_parameters, member, good)
#define READ(member, good)                                                                         \
	MEMBER(SRIOV_READ_VF_CONFIG_SPACE, ndis_sriov_vf_config_space_parameters, member, good)
#define WRITE(member, good)                                                                        \
	MEMBER(SRIOV_WRITE_VF_CONFIG_SPACE, ndis_sriov_vf_config_space_parameters, member, good)

/*
 * A switch of all VFs, a VPort for VF 0, and a filter of two tests of which one counts: 02:00:.. on
 * VPort 0; a patch of the number of elements adds VLAN 0.
 */
static const struct member members[] = {
	SWITCH(switch_type, NdisNicSwitchTypeExternal),
	SWITCH(num_vfs, FUZZ_OID_VFS),
	SWITCH(num_queue_pairs_for_default_vport, 1),
	VF(mac_address_length, NICSW_MAC_SIZE),
	VF(permanent_mac_address[0], 2),
	VF(current_mac_address[0], 2),
	VF(vf_id, NDIS_INVALID_VF_FUNCTION_ID),
	VF(requestor_id, NDIS_INVALID_RID),
	VPORT(num_queue_pairs, 1),
	VPORT(vport_state, NdisNicSwitchVPortStateUndefined),
	VPORT(processor_affinity.mask, 1),
	VPORT(lookahead_size, 0),
	FILTER(filter_type, NdisReceiveFilterTypeVMQueue),
	FILTER(field_parameters_array_offset, TESTS),
	FILTER(field_parameters_array_num_elements, 1),
	FILTER(field_parameters_array_element_size, 56),
	TEST(0, header.type, NDIS_OBJECT_TYPE_DEFAULT),
	TEST(0, header.revision, 1),
	TEST(0, header.size, 56),
	TEST(0, flags, NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO),
	TEST(0, frame_header, NdisFrameHeaderMac),
	TEST(0, receive_filter_test, NdisReceiveFilterTestEqual),
	TEST(0, header_field, NdisMacHeaderFieldDestinationAddress),
	TEST(0, field_value.field_byte_value, 2),
	TEST(1, header.type, NDIS_OBJECT_TYPE_DEFAULT),
	TEST(1, header.revision, 1),
	TEST(1, header.size, 56),
	TEST(1, frame_header, NdisFrameHeaderMac),
	TEST(1, receive_filter_test, NdisReceiveFilterTestEqual),
	TEST(1, header_field, NdisMacHeaderFieldVlanId),
	TEST(1, result_value.field_byte_array_value[15], 0), /* the end */
	READ(length, 4),
	READ(buffer_offset, 20),
	WRITE(length, 4),
	WRITE(buffer_offset, 20),
	MEMBER_AT(SRIOV_WRITE_VF_CONFIG_SPACE, 20, nicsw_text, length, 0), /* data */
	MEMBER_AT(SRIOV_WRITE_VF_CONFIG_SPACE, 22, nicsw_text, length, 0),
};

static __u32 find_revision(const struct nicsw_oid_row *row, bool revision_1)
{
	__u32 revision = 1;

	while (!revision_1 && revision < ARRAY_SIZE(row->lengths) && row->lengths[revision])
		revision++;
	return revision;
}

__u32 fuzz_oid_good_length(const struct nicsw_oid_request *request, bool revision_1)
{
	const struct nicsw_oid_row *row = nicsw_oid_row(request->oid, request->type);
	__u32 length = row ? row->lengths[find_revision(row, revision_1) - 1] : 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i].oid == request->oid)
			length = MAX(length, members[i].offset + members[i].width);
	return length;
}

static void fill_header(const struct nicsw_oid_row *row, bool revision_1, __u8 *buffer, __u32 room)
{
	__u32 revision = find_revision(row, revision_1);
	struct ndis_object_header header = {NDIS_OBJECT_TYPE_DEFAULT, revision,
					    row->lengths[revision - 1]};

	memcpy(buffer, &header, MIN(sizeof(header), room));
}

void fuzz_oid_fill(const struct nicsw_oid_request *request, bool revision_1, __u8 *buffer,
		   __u32 room)
{
	const struct nicsw_oid_row *row = nicsw_oid_row(request->oid, request->type);
	__u32 good = MIN(fuzz_oid_good_length(request, revision_1), room);
	size_t i;

	memset(buffer, FILLER, room);
	memset(buffer, 0, good);
	if (row)
		fill_header(row, revision_1, buffer, room);
	for (i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i].oid == request->oid && members[i].offset < room)
			memcpy(buffer + members[i].offset, &members[i].value,
			       MIN(members[i].width, room - members[i].offset));
}

/* ---- answers ---- */

/* Where an information array has its elements member, and an element its id. */
static const struct {
	__u32 oid;
	__u32 elements;
	__u32 id;
	__u32 width;
} arrays[] = {
#define ARRAY(OID, array, element, member)                                                         \
	{                                                                                          \
		OID_##OID, offsetof(struct array, elements), offsetof(struct element, member),     \
			sizeof(((struct element *)0)->member)                                      \
	}
	ARRAY(NIC_SWITCH_ENUM_SWITCHES, ndis_nic_switch_info_array, ndis_nic_switch_info,
	      switch_id),
	ARRAY(NIC_SWITCH_ENUM_VFS, ndis_nic_switch_vf_info_array, ndis_nic_switch_vf_parameters,
	      vf_id),
	ARRAY(NIC_SWITCH_ENUM_VPORTS, ndis_nic_switch_vport_info_array, ndis_nic_switch_vport_info,
	      vport_id),
	ARRAY(RECEIVE_FILTER_ENUM_FILTERS, ndis_receive_filter_info_array, ndis_receive_filter_info,
	      filter_id),
#undef ARRAY
};

static __u32 id_of(const __u8 *element, size_t array)
{
	__u32 id = 0;

	memcpy(&id, element + arrays[array].id, arrays[array].width);
	return id;
}

static void check_elements(const struct nicsw_oid_request *request, size_t array)
{
	const __u8 *buffer = request->buffer;
	struct ndis_elements elements;
	__u64 end;
	__u32 i, j;

	memcpy(&elements, buffer + arrays[array].elements, sizeof(elements));
	end = elements.first_element_offset + (__u64)elements.num_elements * elements.element_size;
	CHECK(end == request->bytes_written, "elements end at %llu, %u bytes written", end,
	      request->bytes_written);
	CHECK(!elements.num_elements ||
		      elements.element_size >= arrays[array].id + arrays[array].width,
	      "elements of %u bytes", elements.element_size);
	buffer += elements.first_element_offset;
	for (i = 0; i < elements.num_elements; i++)
		for (j = 0; j < i; j++)
			CHECK(id_of(buffer + i * elements.element_size, array) !=
				      id_of(buffer + j * elements.element_size, array),
			      "OID 0x%08x: elements %u and %u are the same", request->oid, j, i);
}

void fuzz_oid_check_array(const struct nicsw_oid_request *request)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arrays); i++)
		if (arrays[i].oid == request->oid)
			check_elements(request, i);
}
