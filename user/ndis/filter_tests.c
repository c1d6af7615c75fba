// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/filter_tests.h"

#define FIELDS           (NdisMacHeaderFieldPacketType + 1)
#define HAS(seen, FIELD) ((seen)->fields & (1u << NdisMacHeaderField##FIELD))

/* What the tests looked at so far have asked for. */
struct seen {
	__u32 fields;  /* one bit per field */
	bool untagged; /* flag UNTAGGED_OR_ZERO */
	__u8 mac[NICSW_MAC_SIZE];
	__u16 vlan;
};

/* The bit of SupportedMacHeaderFields that a field needs; 0: no such field. */
static const __u32 field_bits[FIELDS] = {
	[NdisMacHeaderFieldDestinationAddress] = NDIS_RECEIVE_FILTER_MAC_HEADER_DEST_ADDR_SUPPORTED,
	[NdisMacHeaderFieldSourceAddress] = NDIS_RECEIVE_FILTER_MAC_HEADER_SOURCE_ADDR_SUPPORTED,
	[NdisMacHeaderFieldProtocol] = NDIS_RECEIVE_FILTER_MAC_HEADER_PROTOCOL_SUPPORTED,
	[NdisMacHeaderFieldVlanId] = NDIS_RECEIVE_FILTER_MAC_HEADER_VLAN_ID_SUPPORTED,
	[NdisMacHeaderFieldPriority] = NDIS_RECEIVE_FILTER_MAC_HEADER_PRIORITY_SUPPORTED,
	[NdisMacHeaderFieldPacketType] = NDIS_RECEIVE_FILTER_MAC_HEADER_PACKET_TYPE_SUPPORTED,
};

static int check_header(const struct ndis_object_header *header, struct nicsw_error *error)
{
	if (header->type != NDIS_OBJECT_TYPE_DEFAULT)
		return nicsw_fail(error, -EINVAL, "GEN-8", "field test with header type 0x%02x",
				  header->type);
	if (!header->revision ||
	    header->size < NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1)
		return nicsw_fail(error, -EINVAL, "GEN-9",
				  "field test with header revision %u and size %u",
				  header->revision, header->size);
	return 0;
}

static int check_field(const struct nicsw_capability *capability, const struct seen *seen,
		       __u32 field, struct nicsw_error *error)
{
	if (field >= FIELDS || !(field_bits[field] & capability->supported_mac_header_fields))
		return nicsw_fail(error, -EINVAL,
				  field == NdisMacHeaderFieldVlanId ? "SET-RF-17" : "SET-RF-14",
				  "MAC header field %u is not supported", field);
	if (seen->fields & (1u << field))
		return nicsw_fail(error, -EINVAL, "SET-RF-16", "MAC header field %u tested twice",
				  field);
	return 0;
}

static int check_test(const struct nicsw_capability *capability, const struct seen *seen,
		      const struct ndis_receive_filter_field_parameters *test,
		      struct nicsw_error *error)
{
	int result;

	result = check_header(&test->header, error);
	if (result)
		return result;
	if (test->frame_header != NdisFrameHeaderMac)
		return nicsw_fail(error, -EINVAL, "SET-RF-12",
				  "FrameHeader %u: only the MAC header (1) is tested",
				  test->frame_header);
	/* SupportedFilterTests has bit n - 1 for test n; that equal is there is a fact of CAP-RF-7.
	 */
	if (test->receive_filter_test != NdisReceiveFilterTestEqual)
		return nicsw_fail(error, -EINVAL, "SET-RF-13",
				  "ReceiveFilterTest %u: only equal (1) is supported",
				  test->receive_filter_test);
	return check_field(capability, seen, test->header_field, error);
}

static int note_test(struct seen *seen, const struct ndis_receive_filter_field_parameters *test,
		     struct nicsw_error *error)
{
	const __u8 *value = test->field_value.field_byte_array_value;

	seen->fields |= 1u << test->header_field;
	if (test->flags & NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO)
		seen->untagged = true;
	if (test->header_field == NdisMacHeaderFieldDestinationAddress) {
		memcpy(seen->mac, value, sizeof(seen->mac));
		return 0;
	}
	seen->vlan = value[0] << 8 | value[1];
	if (seen->vlan > NICSW_VID_MAX)
		return nicsw_fail(error, -EINVAL, "SET-RF-18", "VLAN id %u is above %u", seen->vlan,
				  NICSW_VID_MAX);
	return 0;
}

/* The kinds of filter that packet-flow.md 3 has: MATCH-10, MATCH-11, MATCH-13; MATCH-12 is refused.
 */
static int check_kind(const struct seen *seen, struct nicsw_error *error)
{
	if (!HAS(seen, DestinationAddress))
		return nicsw_fail(error, -EINVAL, "SET-RF-15", "no test of the destination MAC");
	if (HAS(seen, VlanId) && seen->untagged)
		return nicsw_fail(error, -EINVAL, "SET-RF-21",
				  "a VLAN test and the flag UNTAGGED_OR_ZERO exclude each other");
	if (!HAS(seen, VlanId) && !seen->untagged)
		return nicsw_fail(error, -EINVAL, "SET-RF-22",
				  "a MAC needs a VLAN test or the flag UNTAGGED_OR_ZERO");
	return 0;
}

static void describe_filter(const struct seen *seen, struct nicsw_filter_record *ret)
{
	memcpy(ret->mac, seen->mac, sizeof(ret->mac));
	ret->vlan = seen->vlan;
	ret->flags = HAS(seen, VlanId) ? NICSW_FILTER_VLAN : 0;
	if (!seen->vlan) /* the flag, or VLAN 0, which is the same (SET-RF-24) */
		ret->flags |= NICSW_FILTER_UNTAGGED;
}

int nicsw_filter_tests_parse(const struct nicsw_capability *capability, const void *tests,
			     __u32 num_tests, __u32 element_size, struct nicsw_filter_record *ret,
			     struct nicsw_error *error)
{
	struct ndis_receive_filter_field_parameters test;
	struct seen seen = {};
	__u32 i;
	int result;

	for (i = 0; i < num_tests; i++) {
		memcpy(&test, (const char *)tests + (size_t)i * element_size, sizeof(test));
		result = check_test(capability, &seen, &test, error);
		if (!result)
			result = note_test(&seen, &test, error);
		if (result)
			return result;
	}
	result = check_kind(&seen, error);
	if (result)
		return result;
	describe_filter(&seen, ret);
	return 0;
}

static struct ndis_receive_filter_field_parameters make_test(__u32 field)
{
	return (struct ndis_receive_filter_field_parameters){
		.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
			   NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1},
		.frame_header = NdisFrameHeaderMac,
		.receive_filter_test = NdisReceiveFilterTestEqual,
		.header_field = field,
	};
}

__u32 nicsw_filter_tests_build(
	const struct nicsw_filter_record *record,
	struct ndis_receive_filter_field_parameters ret_tests[NICSW_FILTER_TESTS_MAX])
{
	struct ndis_receive_filter_field_parameters *mac = &ret_tests[0], *vlan = &ret_tests[1];

	*mac = make_test(NdisMacHeaderFieldDestinationAddress);
	memcpy(mac->field_value.field_byte_array_value, record->mac, sizeof(record->mac));
	if (!(record->flags & NICSW_FILTER_VLAN)) {
		mac->flags = NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO;
		return 1;
	}
	*vlan = make_test(NdisMacHeaderFieldVlanId);
	vlan->field_value.field_byte_array_value[0] = record->vlan >> 8; /* SET-RF-19 */
	vlan->field_value.field_byte_array_value[1] = record->vlan & 0xff;
	return 2;
}
