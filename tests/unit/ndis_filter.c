// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

/* VPort 1 on VF 0, VPort 2 on VF 1. */
static void open_vports(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(0);
	oid_create_vport(1);
}

TestSuite(ndis_filter, .init = open_vports, .fini = fixture_close);

#define SET_FILTER OID_RECEIVE_FILTER_SET_FILTER
#define MOVE       OID_RECEIVE_FILTER_MOVE_FILTER
#define CLEAR      OID_RECEIVE_FILTER_CLEAR_FILTER
#define ENUM       OID_RECEIVE_FILTER_ENUM_FILTERS

static const struct nicsw_filter_record *filters(void)
{
	return adapter.dataplane.maps.filters;
}

/* SET-RF-7, -19, -23, -33; GEN-6: parameters and tests count as read and written. */
Test(ndis_filter, SET_RF_7_id_comes_back)
{
	struct fixture_filter filter = fixture_filter(1, 2, 9, 0x123), sent;
	struct reply reply;

	filter.parameters.flags = 1;                  /* GEN-18: reserved */
	filter.parameters.max_coalescing_delay = 500; /* SET-RF-9: ignored */
	sent = filter;
	reply = ask(SET_FILTER, METHOD, &filter, sizeof(filter), sizeof(filter));
	ACCEPT(reply);
	cr_expect_eq(reply.read, 48 + 2 * 56);
	cr_expect_eq(reply.written, 48 + 2 * 56);
	cr_expect_eq(reply.revision, 2);
	cr_expect_eq(filter.parameters.filter_id, 1);
	sent.parameters.filter_id = 1;
	cr_expect_arr_eq(&filter, &sent, sizeof(sent));
	cr_expect_eq(filters()[1].state, NICSW_USED);
	cr_expect_eq(filters()[1].vport_id, 1);
	cr_expect_eq(filters()[1].vlan, 0x123);
	cr_expect_eq(filters()[1].flags, NICSW_FILTER_VLAN);
	cr_expect_arr_eq(filters()[1].mac, sent.mac.field_value.field_byte_array_value, 6);
	cr_expect_str_eq(filters()[1].owner, "vs");
	cr_expect_eq(adapter.dataplane.index.count[1], 1);
	cr_expect_eq(steered_to(2, 9, 0x123), NICSW_SLOT_VF(0));
	cr_expect_lt(steered_to(2, 9, 0), 0);
}

/* SET-RF-7 (unique on the adapter), SET-RF-8 (lowest free), SET-RF-26, CLEAR-RF-11. */
Test(ndis_filter, SET_RF_8_lowest_free)
{
	cr_expect_eq(oid_set_filter(1, 2, 1, -1), 1);
	cr_expect_eq(oid_set_filter(0, 2, 2, -1), 2);
	cr_expect_eq(oid_set_filter(1, 2, 3, 5), 3);
	oid_clear_filter(2);
	cr_expect_eq(oid_set_filter(2, 2, 4, -1), 2);
}

/* SET-RF-5 for revision 1, which has no VPortId: the default VPort. */
Test(ndis_filter, SET_RF_revision_1_default_vport)
{
	struct {
		char parameters[36];
		struct ndis_receive_filter_field_parameters mac;
	} filter = {};
	struct fixture_filter good = fixture_filter(0, 2, 1, -1);
	struct reply reply;

	good.parameters.header = (struct ndis_object_header)HEADER(1, 36);
	good.parameters.field_parameters_array_offset = 40;
	memcpy(filter.parameters, &good.parameters, 36);
	memcpy((char *)&filter + 40, &good.mac, 56);
	reply = ask(SET_FILTER, METHOD, &filter, 96, 96);
	ACCEPT(reply);
	cr_expect_eq(reply.revision, 1);
	cr_expect_eq(reply.written, 96);
	cr_expect_eq(filters()[1].vport_id, 0);
}

/* SET-RF-11: elements may be longer than what is known of them, and begin right behind the
 * parameters. */
Test(ndis_filter, SET_RF_11_longer_elements)
{
	struct fixture_filter good = fixture_filter(1, 2, 1, 7);
	char buffer[44 + 2 * 64] = {};
	__u32 i;

	good.parameters.field_parameters_array_element_size = 64;
	good.parameters.field_parameters_array_offset = 44;
	memcpy(buffer, &good.parameters, 44);
	for (i = 0; i < 2; i++)
		memcpy(buffer + 44 + 64 * i, i ? &good.vlan : &good.mac, 56);
	ACCEPT(ask(SET_FILTER, METHOD, buffer, sizeof(buffer), sizeof(buffer)));
	cr_expect_eq(filters()[1].vlan, 7);
}

Test(ndis_filter, SET_RF_bad_members)
{
#define BAD_FILTER(rule, member, bad) BAD(rule, INVALID_PARAMETER, fixture_filter, member, bad)
	static const struct refusal refusals[] = {
		BAD_FILTER("SET-RF-3", parameters.filter_type, 0),
		BAD_FILTER("SET-RF-3", parameters.filter_type, 2),
		BAD_FILTER("SET-RF-4", parameters.queue_id, 1),
		BAD_FILTER("SET-RF-5", parameters.vport_id, 3),
		BAD_FILTER("SET-RF-5", parameters.vport_id, ~0u),
		BAD_FILTER("SET-RF-6", parameters.filter_id, 1), /* SET-RF-35 */
		BAD_FILTER("SET-RF-9", parameters.requested_filter_id_bit_count, 1),
		BAD_FILTER("SET-RF-10", parameters.field_parameters_array_num_elements, 0),
		BAD_FILTER("SET-RF-11", parameters.field_parameters_array_element_size, 55),
		BAD_FILTER("SET-RF-11", parameters.field_parameters_array_element_size, 0),
		BAD_FILTER("SET-RF-11", parameters.field_parameters_array_offset, 43),
		BAD_FILTER("SET-RF-34", parameters.flags, 2),
		BAD_FILTER("SET-RF-12", mac.frame_header, 0),
		BAD_FILTER("SET-RF-13", mac.receive_filter_test, NdisReceiveFilterTestMaskEqual),
		BAD_FILTER("SET-RF-14", mac.header_field, NdisMacHeaderFieldSourceAddress),
		BAD_FILTER("SET-RF-16", vlan.header_field, NdisMacHeaderFieldDestinationAddress),
		BAD_FILTER("SET-RF-18", vlan.field_value.field_byte_array_value[0], 0x10),
		BAD_FILTER("SET-RF-21", mac.flags, 1),
		BAD_FILTER("SET-RF-21", vlan.flags, 1),
		/* GEN-30: a sum, or a product, that wraps around. */
		BAD_FILTER("GEN-30", parameters.field_parameters_array_offset, 0xffffffff),
		BAD_FILTER("GEN-30", parameters.field_parameters_array_num_elements, 0xffffffff),
		BAD_FILTER("GEN-30", parameters.field_parameters_array_num_elements, 0x04924925),
		BAD_FILTER("GEN-30", parameters.field_parameters_array_element_size, 0x80000000),
	};
	struct fixture_filter good = fixture_filter(1, 2, 9, 7);

	refuse_each(SET_FILTER, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* SET-RF-22: the MAC alone is refused. */
Test(ndis_filter, SET_RF_22_mac_alone)
{
	struct fixture_filter filter = fixture_filter(1, 2, 9, -1);

	filter.mac.flags = 0;
	refuse(SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-22");
}

/* SET-RF-15: the VLAN alone, too. */
Test(ndis_filter, SET_RF_15_vlan_alone)
{
	struct fixture_filter filter = fixture_filter(1, 2, 9, 7);

	filter.parameters.field_parameters_array_num_elements = 1;
	filter.mac = filter.vlan;
	refuse(SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-15");
}

/* SET-RF-5 without a switch (lifecycle.md 15). */
Test(ndis_filter, SET_RF_5_before_the_switch)
{
	struct fixture_filter filter = fixture_filter(0, 2, 9, 7);

	fixture_close();
	fixture_open();
	refuse(SET_FILTER, METHOD, &filter, sizeof(filter), sizeof(filter),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-5");
}

/* SET-RF-2, GEN-4, GEN-5: the variable part, in and out, and BytesNeeded. */
Test(ndis_filter, SET_RF_2_variable_part)
{
	struct fixture_filter filter = fixture_filter(1, 2, 9, 7);
	const __u32 length = sizeof(filter);

	cr_expect_eq(refuse(SET_FILTER, METHOD, &filter, length - 1, length,
			    NDIS_STATUS_INVALID_LENGTH, "SET-RF-2")
			     .needed,
		     length);
	cr_expect_eq(refuse(SET_FILTER, METHOD, &filter, length, length - 1,
			    NDIS_STATUS_INVALID_LENGTH, "SET-RF-2")
			     .needed,
		     length);
	filter.parameters.field_parameters_array_num_elements = 3;
	cr_expect_eq(refuse(SET_FILTER, METHOD, &filter, length, length, NDIS_STATUS_INVALID_LENGTH,
			    "SET-RF-2")
			     .needed,
		     length + 56);
	/* Members come before the variable part (oids.md 0.1, step 6 before 7). */
	filter.parameters.filter_type = 2;
	refuse(SET_FILTER, METHOD, &filter, length, length, NDIS_STATUS_INVALID_PARAMETER,
	       "SET-RF-3");
}

/* SET-RF-27, GEN-23. */
Test(ndis_filter, SET_RF_27_limit)
{
	struct fixture_filter filter = fixture_filter(1, 2, 200, -1);
	__u32 i;

	for (i = 1; i <= FIXTURE_FILTERS; i++)
		cr_expect_eq(oid_set_filter(i % 3, 2, i, -1), i);
	refuse(SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1), NDIS_STATUS_FAILURE,
	       "SET-RF-27");
	oid_clear_filter(7);
	cr_expect_eq(oid_set_filter(1, 2, 200, -1), 7);
}

/* The last id is an id like all others. */
Test(ndis_filter, CLEAR_RF_4_last_id)
{
	__u32 i;

	for (i = 1; i <= FIXTURE_FILTERS; i++)
		oid_set_filter(0, 2, i, -1);
	oid_move_filter(FIXTURE_FILTERS, 0, 1);
	oid_clear_filter(FIXTURE_FILTERS);
	cr_expect_eq(filters()[FIXTURE_FILTERS].state, NICSW_FREE);
}

/* SET-RF-2 at the edge of 32 bits: a sum that just does not wrap around is a length (GEN-30). */
Test(ndis_filter, SET_RF_2_largest_sum)
{
	struct fixture_filter filter = fixture_filter(1, 2, 9, 7);
	struct reply reply;

	filter.parameters.field_parameters_array_offset = UINT32_MAX - 2 * 56;
	reply = refuse(SET_FILTER, METHOD, &filter, sizeof(filter), sizeof(filter),
		       NDIS_STATUS_INVALID_LENGTH, "SET-RF-2");
	cr_expect_eq(reply.needed, UINT32_MAX);
}

static void refuse_same(__u32 vport, __u8 mac, int vlan)
{
	struct fixture_filter filter = fixture_filter(vport, 2, mac, vlan);
	__u32 length = FILTER_LENGTH(vlan < 0 ? 1 : 2);

	refuse(SET_FILTER, METHOD, &filter, length, length, NDIS_STATUS_INVALID_PARAMETER,
	       "SET-RF-28");
}

/* SET-RF-28: on any VPort, whoever set it; the flag and VLAN 0 are the same (SET-RF-24). */
Test(ndis_filter, SET_RF_28_identical_unicast)
{
	oid_set_filter(1, 2, 1, -1);
	oid_set_filter(1, 2, 1, 7); /* another VLAN, another filter (MATCH-5) */
	oid_set_filter(0, 2, 2, 9);
	refuse_same(1, 1, -1);
	refuse_same(2, 1, -1);
	refuse_same(0, 1, 0);
	refuse_same(2, 1, 7);
	refuse_same(1, 2, 9);
	oid_move_filter(1, 1, 2);
	refuse_same(1, 1, -1);
	oid_clear_filter(1);
	oid_set_filter(0, 2, 1, -1);
}

/* SET-RF-28 for what is not in the filter table: a filter of a Deactivated VPort (FWD-13,
 * SET-RF-30). */
Test(ndis_filter, SET_RF_28_on_a_deactivated_vport)
{
	const struct nicsw_switch_settings settings = {
		.num_vfs = 3, .num_vports = 5, .default_queue_pairs = 1};

	fixture_close();
	fixture_open();
	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	cr_assert_eq(oid_create_vport(NDIS_PF_FUNCTION_ID), 1);
	oid_set_filter(1, 2, 1, -1);
	cr_expect_lt(steered_to(2, 1, 0), 0);
	refuse_same(0, 1, -1);
	oid_set_filter(1, 3, 1, -1);
	oid_set_filter(0, 3, 1, -1); /* SET-RF-29 holds there, too */
}

/* SET-RF-28: the PF's own address is the default VPort's from the start. */
Test(ndis_filter, SET_RF_28_own_address)
{
	const __u8 *mac = adapter.dataplane.maps.meta->pf_mac;
	struct fixture_filter filter = fixture_filter(1, 2, 1, -1);

	memcpy(filter.mac.field_value.field_byte_array_value, mac, 6);
	refuse(SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-28");
}

/* SET-RF-29: a group address is replicated. */
Test(ndis_filter, SET_RF_29_group_address)
{
	cr_expect_eq(oid_set_filter(1, 3, 1, -1), 1);
	cr_expect_eq(oid_set_filter(2, 3, 1, -1), 2);
	cr_expect_lt(steered_to(3, 1, 0), 0);
}

/* MOVE-RF-8, -9, -10, -13. */
Test(ndis_filter, MOVE_RF_8_both_directions)
{
	const struct nicsw_port *port = &adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)];
	struct nicsw_filter_record before;

	oid_set_filter(0, 2, 1, 7);
	before = filters()[1];
	cr_expect_eq(steered_to(2, 1, 7), NICSW_SLOT_PF);
	oid_move_filter(1, 0, 1);
	cr_expect_eq(steered_to(2, 1, 7), NICSW_SLOT_VF(0));
	cr_expect(port->flags & NICSW_PORT_OPEN);
	before.vport_id = 1;
	cr_expect_arr_eq(&filters()[1], &before, sizeof(before));
	oid_move_filter(1, 1, 0);
	cr_expect_eq(steered_to(2, 1, 7), NICSW_SLOT_PF);
	cr_expect_eq(port->flags & NICSW_PORT_OPEN, 0); /* CLEAR-RF-5 */
}

/* MOVE-RF-11. */
Test(ndis_filter, MOVE_RF_11_same_vport)
{
	struct snapshot before, after;

	oid_set_filter(1, 2, 1, 7);
	before = snapshot_take();
	oid_move_filter(1, 1, 1);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* MOVE-RF-3..7. */
Test(ndis_filter, MOVE_RF_bad_members)
{
#define BAD_MOVE(rule, member, bad)                                                                \
	BAD(rule, INVALID_PARAMETER, ndis_receive_filter_move_filter_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_MOVE("MOVE-RF-4", filter_id, 0),
		BAD_MOVE("MOVE-RF-4", filter_id, 2),
		BAD_MOVE("MOVE-RF-4", filter_id, ~0u),
		BAD_MOVE("MOVE-RF-5", source_queue_id, 1),
		BAD_MOVE("MOVE-RF-5", dest_queue_id, 1),
		BAD_MOVE("MOVE-RF-6", source_vport_id, 0),
		BAD_MOVE("MOVE-RF-6", source_vport_id, 9),
		BAD_MOVE("MOVE-RF-7", dest_vport_id, 3),
		BAD_MOVE("MOVE-RF-7", dest_vport_id, ~0u),
	};
	struct ndis_receive_filter_move_filter_parameters good = fixture_move(1, 1, 2);

	oid_set_filter(1, 2, 1, 7);
	refuse_each(MOVE, SET, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* MOVE-RF-12: traffic would stop. */
Test(ndis_filter, MOVE_RF_12_deactivated)
{
	const struct nicsw_switch_settings settings = {
		.num_vfs = 3, .num_vports = 5, .default_queue_pairs = 1};
	struct ndis_receive_filter_move_filter_parameters move = fixture_move(1, 0, 1);

	fixture_close();
	fixture_open();
	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	oid_create_vport(NDIS_PF_FUNCTION_ID);
	oid_set_filter(0, 2, 1, -1);
	refuse(MOVE, SET, &move, 24, 0, NDIS_STATUS_INVALID_PARAMETER, "MOVE-RF-12");
	cr_assert_eq(oid_set_filter(1, 2, 2, -1), 2);
	oid_move_filter(2, 1, 1); /* MOVE-RF-11 */
}

/* CLEAR-RF-4, -5, -10, -12: wherever it is now, it goes. */
Test(ndis_filter, CLEAR_RF_10_after_a_move)
{
	struct snapshot before = snapshot_take(), after;

	oid_set_filter(0, 2, 1, 7);
	oid_move_filter(1, 0, 2);
	cr_expect_eq(adapter.dataplane.index.count[2], 1);
	oid_clear_filter(1);
	cr_expect_eq(adapter.dataplane.index.count[2], 0);
	cr_expect_lt(steered_to(2, 1, 7), 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* CLEAR-RF-2, -3. */
Test(ndis_filter, CLEAR_RF_bad_members)
{
	static const struct refusal refusals[] = {
		BAD("CLEAR-RF-2", FILE_NOT_FOUND, ndis_receive_filter_clear_parameters, filter_id,
		    0),
		BAD("CLEAR-RF-2", FILE_NOT_FOUND, ndis_receive_filter_clear_parameters, filter_id,
		    2),
		BAD("CLEAR-RF-2", FILE_NOT_FOUND, ndis_receive_filter_clear_parameters, filter_id,
		    FIXTURE_FILTERS + 1),
		BAD("CLEAR-RF-3", INVALID_PARAMETER, ndis_receive_filter_clear_parameters, queue_id,
		    1),
	};
	struct ndis_receive_filter_clear_parameters good = fixture_clear(1);

	oid_set_filter(1, 2, 1, 7);
	refuse_each(CLEAR, SET, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

struct filter_array {
	struct ndis_receive_filter_info_array array;
	struct ndis_receive_filter_info infos[FIXTURE_FILTERS];
};

/* ENUM-RF-6. */
Test(ndis_filter, ENUM_RF_6_none)
{
	struct filter_array all = {.array.header = HEADER(2, 28)};
	struct reply reply = ask(ENUM, METHOD, &all, 28, 28);

	ACCEPT(reply);
	cr_expect_eq(reply.written, 28);
	cr_expect_eq(all.array.elements.num_elements, 0);
}

/* ENUM-RF-2, -5. */
Test(ndis_filter, ENUM_RF_2_all_or_of_one_vport)
{
	struct filter_array all = {.array = {.header = HEADER(2, 28), .vport_id = 77}};
	struct reply reply;

	oid_set_filter(1, 2, 1, -1);
	oid_set_filter(2, 2, 2, -1);
	oid_set_filter(0, 2, 3, -1);
	oid_move_filter(3, 0, 1);
	reply = ask(ENUM, METHOD, &all, 28, sizeof(all));
	ACCEPT(reply);
	cr_expect_eq(reply.read, 28);
	cr_expect_eq(reply.written, 28 + 3 * 16);
	cr_expect_eq(all.array.elements.num_elements, 3);
	cr_expect_eq(all.array.elements.element_size, 16);
	cr_expect_eq(all.array.elements.first_element_offset, 28);
	cr_expect_eq(all.infos[0].header.size, 16);
	cr_expect_eq(all.infos[0].flags, 0);
	cr_expect_eq(all.infos[0].filter_type, NdisReceiveFilterTypeVMQueue);
	cr_expect_eq(all.infos[1].filter_id, 2);
	all.array.flags = NDIS_RECEIVE_FILTER_INFO_ARRAY_VPORT_ID_SPECIFIED;
	all.array.vport_id = 1;
	ACCEPT(ask(ENUM, METHOD, &all, 28, sizeof(all)));
	cr_expect_eq(all.array.elements.num_elements, 2);
	cr_expect_eq(all.infos[0].filter_id, 1);
	cr_expect_eq(all.infos[1].filter_id, 3);
}

/* ENUM-RF-2 to the last id, with a gap. */
Test(ndis_filter, ENUM_RF_2_last_id)
{
	struct filter_array all = {.array = {.header = HEADER(2, 28)}};
	__u32 i;

	for (i = 1; i <= FIXTURE_FILTERS; i++)
		oid_set_filter(i % 3, 2, i, -1);
	oid_clear_filter(1);
	ACCEPT(ask(ENUM, METHOD, &all, 28, sizeof(all)));
	cr_expect_eq(all.array.elements.num_elements, FIXTURE_FILTERS - 1);
	cr_expect_eq(all.infos[0].filter_id, 2);
	cr_expect_eq(all.infos[FIXTURE_FILTERS - 2].filter_id, FIXTURE_FILTERS);
}

/* ENUM-RF-7: revision 1 ends before Flags; what lies there are elements already. */
Test(ndis_filter, ENUM_RF_7_revision_1)
{
	struct {
		char array[20];
		struct ndis_receive_filter_info info;
	} all = {};
	struct ndis_receive_filter_info_array array = {
		.header = HEADER(1, 20), .flags = 1, .vport_id = 2};
	struct reply reply;

	memcpy(&all, &array, sizeof(array));
	oid_set_filter(1, 2, 1, -1);
	reply = ask(ENUM, METHOD, &all, 20, sizeof(all));
	ACCEPT(reply);
	cr_expect_eq(reply.written, 36);
	cr_expect_eq(reply.revision, 1);
	cr_expect_eq(all.info.filter_id, 1);
}

/* ENUM-RF-4. */
Test(ndis_filter, ENUM_RF_4_room)
{
	struct filter_array all = {.array.header = HEADER(2, 28)};

	oid_set_filter(1, 2, 1, -1);
	oid_set_filter(1, 2, 2, -1);
	cr_expect_eq(
		refuse(ENUM, METHOD, &all, 28, 28 + 31, NDIS_STATUS_INVALID_LENGTH, "ENUM-RF-4")
			.needed,
		28 + 32);
	all.array.header = (struct ndis_object_header)HEADER(1, 20);
	cr_expect_eq(
		refuse(ENUM, METHOD, &all, 28, 20 + 31, NDIS_STATUS_INVALID_LENGTH, "ENUM-RF-4")
			.needed,
		20 + 32);
}

/* ENUM-RF-1, -3. */
Test(ndis_filter, ENUM_RF_bad_members)
{
	static const struct refusal refusals[] = {
		BAD("ENUM-RF-1", INVALID_PARAMETER, ndis_receive_filter_info_array, queue_id, 1),
		BAD("ENUM-RF-3", INVALID_PARAMETER, ndis_receive_filter_info_array, vport_id, 3),
		BAD("ENUM-RF-3", INVALID_PARAMETER, ndis_receive_filter_info_array, vport_id, ~0u),
	};
	struct ndis_receive_filter_info_array good = {
		.header = HEADER(2, 28), .flags = 1, .vport_id = 1};

	refuse_each(ENUM, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

#define PARAMETERS OID_RECEIVE_FILTER_PARAMETERS

static struct fixture_filter ask_filter(__u32 filter, __u32 vport, __u32 num_tests)
{
	struct fixture_filter answer;
	struct reply reply;

	memset(&answer, 0, sizeof(answer));
	/* What is not asked by comes back as it was set, whatever it held. */
	answer.parameters = (struct ndis_receive_filter_parameters){
		.header = HEADER(2, 44),
		.flags = NDIS_RECEIVE_FILTER_PACKET_ENCAPSULATION,
		.filter_type = 77,
		.filter_id = filter,
		.requested_filter_id_bit_count = 9,
		.max_coalescing_delay = 500,
		.vport_id = vport};
	reply = ask(PARAMETERS, METHOD, &answer, 44, sizeof(answer));
	ACCEPT(reply);
	cr_expect_eq(reply.read, 44);
	cr_expect_eq(reply.written, FILTER_LENGTH(num_tests));
	return answer;
}

/* PARAM-RF-4: the parameters and tests that were set, each kind of filter. */
Test(ndis_filter, PARAM_RF_4_as_set)
{
	static const int vlans[] = {-1, 0, 7, 4094};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vlans); i++) {
		__u32 num_tests = vlans[i] < 0 ? 1 : 2;
		struct fixture_filter expected = fixture_filter(0, 2, 50 + i, vlans[i]), answer;

		expected.parameters.filter_id = oid_set_filter(0, 2, 50 + i, vlans[i]);
		answer = ask_filter(expected.parameters.filter_id, 0, num_tests);
		cr_expect_arr_eq(&answer, &expected, FILTER_LENGTH(num_tests));
	}
}

/* PARAM-RF-4, MOVE-RF-9: VPortId is where the filter is now; PARAM-RF-2 where it was. */
Test(ndis_filter, PARAM_RF_4_after_a_move)
{
	struct ndis_receive_filter_parameters parameters = {.header = HEADER(2, 44)};
	__u32 filter = oid_set_filter(0, 2, 60, 7);

	oid_move_filter(filter, 0, 1);
	cr_expect_eq(ask_filter(filter, 1, 2).parameters.vport_id, 1);
	parameters.filter_id = filter;
	refuse(PARAMETERS, METHOD, &parameters, 44, 44, NDIS_STATUS_INVALID_PARAMETER,
	       "PARAM-RF-2");
}

/* PARAM-RF-1, -2. */
Test(ndis_filter, PARAM_RF_1_bad_members)
{
#define BAD_GET(rule, member, bad)                                                                 \
	BAD(rule, INVALID_PARAMETER, ndis_receive_filter_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_GET("PARAM-RF-1", filter_id, 0),
		BAD_GET("PARAM-RF-1", filter_id, FIXTURE_FILTERS),
		BAD_GET("PARAM-RF-1", filter_id, ~0u),
		BAD_GET("PARAM-RF-2", queue_id, 1),
		BAD_GET("PARAM-RF-2", vport_id, 1),
	};
	struct fixture_filter good = {.parameters = {.header = HEADER(2, 44)}};

	good.parameters.filter_id = oid_set_filter(0, 2, 70, -1);
	refuse_each(PARAMETERS, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* PARAM-RF-3; a structure of revision 1 has no VPortId that could be wrong. */
Test(ndis_filter, PARAM_RF_3_room)
{
	struct fixture_filter filter = {.parameters = {.header = HEADER(2, 44)}};
	struct reply reply;

	filter.parameters.filter_id = oid_set_filter(1, 2, 80, 9);
	filter.parameters.vport_id = 1;
	reply = refuse(PARAMETERS, METHOD, &filter, 44, FILTER_LENGTH(2) - 1,
		       NDIS_STATUS_INVALID_LENGTH, "PARAM-RF-3");
	cr_expect_eq(reply.needed, FILTER_LENGTH(2));
	filter.parameters.header = (struct ndis_object_header)HEADER(1, 36);
	filter.parameters.vport_id = 0;
	reply = ask(PARAMETERS, METHOD, &filter, 36, sizeof(filter));
	ACCEPT(reply);
	cr_expect_eq(filter.parameters.field_parameters_array_offset, 40);
	cr_expect_eq(reply.written, 40 + 2 * 56);
}
