// SPDX-License-Identifier: GPL-2.0-only
/* The parser of field tests, with capabilities that an adapter of today does not have. */
#include "ndis_fixture.h"

#include "ndis/filter_tests.h"

TestSuite(ndis_filter_tests, .init = fixture_open, .fini = fixture_close);

static int parse(const struct nicsw_capability *capability,
		 const struct ndis_receive_filter_field_parameters *tests, __u32 count,
		 struct nicsw_filter_record *ret, struct nicsw_error *error)
{
	return nicsw_filter_tests_parse(capability, tests, count, 56, ret, error);
}

static int parse_filter(int vlan, __u32 mac_flags, struct nicsw_filter_record *ret,
			struct nicsw_error *error)
{
	struct nicsw_capability capability = nicsw_pf_capability(&adapter);
	struct fixture_filter filter = fixture_filter(0, 2, 5, vlan);

	filter.mac.flags = mac_flags;
	*ret = (struct nicsw_filter_record){};
	return parse(&capability, &filter.mac, vlan < 0 ? 1 : 2, ret, error);
}

/* The truth table's kinds: MATCH-10, MATCH-11, MATCH-12 (refused), MATCH-13; SET-RF-20..24. */
Test(ndis_filter_tests, SET_RF_20_to_24_kinds)
{
	struct nicsw_filter_record record;
	struct nicsw_error error = {};

	cr_expect_eq(parse_filter(-1, 1, &record, &error), 0);
	cr_expect_eq(record.flags, NICSW_FILTER_UNTAGGED);
	cr_expect_eq(record.vlan, 0);
	cr_expect_eq(parse_filter(5, 0, &record, &error), 0);
	cr_expect_eq(record.flags, NICSW_FILTER_VLAN);
	cr_expect_eq(record.vlan, 5);
	cr_expect_eq(parse_filter(0, 0, &record, &error), 0);
	cr_expect_eq(record.flags, NICSW_FILTER_VLAN | NICSW_FILTER_UNTAGGED);
	cr_expect_eq(parse_filter(-1, 0, &record, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "SET-RF-22");
	cr_expect_eq(parse_filter(5, 1, &record, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "SET-RF-21");
}

/* SET-RF-18, -19: 16 bits in network order, 4094 is the last one. */
Test(ndis_filter_tests, SET_RF_18_vlan_range)
{
	struct nicsw_filter_record record;
	struct nicsw_error error = {};

	cr_expect_eq(parse_filter(4094, 0, &record, &error), 0);
	cr_expect_eq(record.vlan, 4094);
	cr_expect_eq(parse_filter(4095, 0, &record, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "SET-RF-18");
	cr_expect_eq(parse_filter(0xffff, 0, &record, &error), -EINVAL);
}

/* SET-RF-17: without the capability there is no VLAN test. */
Test(ndis_filter_tests, SET_RF_17_vlan_not_advertised)
{
	struct nicsw_capability capability = nicsw_pf_capability(&adapter);
	struct fixture_filter filter = fixture_filter(0, 2, 5, 7);
	struct nicsw_filter_record record = {};
	struct nicsw_error error = {};

	capability.supported_mac_header_fields = NDIS_RECEIVE_FILTER_MAC_HEADER_DEST_ADDR_SUPPORTED;
	cr_expect_eq(parse(&capability, &filter.mac, 2, &record, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "SET-RF-17");
}

/* SET-RF-14: every field number, known ones and others; only two pass. */
Test(ndis_filter_tests, SET_RF_14_fields)
{
	struct nicsw_capability capability = nicsw_pf_capability(&adapter);
	static const __u32 bad[] = {0, 2, 3, 5, 6, 7, 8, 31, 32, 33, 36, ~0u};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ndis_receive_filter_field_parameters test = fixture_test(bad[i]);
		struct nicsw_filter_record record = {};
		struct nicsw_error error = {};

		cr_expect_eq(parse(&capability, &test, 1, &record, &error), -EINVAL);
		cr_expect_str_eq(error.rule, "SET-RF-14", "field %u: %s", bad[i], error.rule);
	}
}

/* SET-RF-12, -13, GEN-8, GEN-9 in an element; an output is untouched on failure. */
Test(ndis_filter_tests, SET_RF_12_13_bad_test)
{
	static const struct refusal refusals[] = {
		BAD("SET-RF-12", INVALID_PARAMETER, ndis_receive_filter_field_parameters,
		    frame_header, NdisFrameHeaderIPv4),
		BAD("SET-RF-13", INVALID_PARAMETER, ndis_receive_filter_field_parameters,
		    receive_filter_test, NdisReceiveFilterTestNotEqual),
		BAD("SET-RF-13", INVALID_PARAMETER, ndis_receive_filter_field_parameters,
		    receive_filter_test, 0),
		BAD("GEN-8", INVALID_PARAMETER, ndis_receive_filter_field_parameters, header.type,
		    0),
		BAD("GEN-9", INVALID_PARAMETER, ndis_receive_filter_field_parameters,
		    header.revision, 0),
		BAD("GEN-9", INVALID_PARAMETER, ndis_receive_filter_field_parameters, header.size,
		    55),
	};
	struct nicsw_capability capability = nicsw_pf_capability(&adapter);
	const struct nicsw_filter_record untouched = {.vlan = 99};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct fixture_filter filter = fixture_filter(0, 2, 5, 7);
		struct nicsw_filter_record record = untouched;
		struct nicsw_error error = {};

		memcpy((char *)&filter.vlan + refusals[i].offset, &refusals[i].value,
		       refusals[i].width);
		cr_expect_eq(parse(&capability, &filter.mac, 2, &record, &error), -EINVAL);
		cr_expect_str_eq(error.rule, refusals[i].rule);
		cr_expect_arr_eq(&record, &untouched, sizeof(record));
	}
}

/* SET-RF-25: the tests of one filter belong together, in any order. */
Test(ndis_filter_tests, SET_RF_25_any_order)
{
	struct nicsw_capability capability = nicsw_pf_capability(&adapter);
	struct fixture_filter filter = fixture_filter(0, 2, 5, 7);
	struct ndis_receive_filter_field_parameters tests[] = {filter.vlan, filter.mac};
	struct nicsw_filter_record record = {};

	cr_expect_eq(parse(&capability, tests, 2, &record, NULL), 0);
	cr_expect_eq(record.vlan, 7);
	cr_expect_eq(record.mac[5], 5);
}
