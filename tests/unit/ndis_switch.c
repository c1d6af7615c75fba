// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

TestSuite(ndis_switch, .init = fixture_open, .fini = fixture_close);

#define CREATE OID_NIC_SWITCH_CREATE_SWITCH
#define DELETE OID_NIC_SWITCH_DELETE_SWITCH
#define ENUM   OID_NIC_SWITCH_ENUM_SWITCHES

static const struct nicsw_switch_record *record(void)
{
	return &adapter.dataplane.maps.meta->nic_switch;
}

/* CREATE-SW-7, CREATE-SW-8 (revision 1: one queue pair), CREATE-SW-10, -14; GEN-6, GEN-18. */
Test(ndis_switch, CREATE_SW_7_revision_1)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(5), sent;
	struct reply reply;

	parameters.flags = 0xffff0001;
	parameters.reserved[1] = 77;
	sent = parameters;
	reply = ask(CREATE, METHOD, &parameters, 548, 548);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 548);
	cr_expect_eq(reply.written, 548);
	cr_expect_eq(reply.needed, 0);
	cr_expect_eq(reply.revision, 1);
	cr_expect_arr_eq(&parameters, &sent, sizeof(sent));
	cr_expect_eq(record()->state, NICSW_USED);
	cr_expect_eq(record()->num_vfs, 5);
	cr_expect_eq(record()->num_vports, 6 + NICSW_PF_VPORTS);
	cr_expect_eq(record()->default_queue_pairs, 1);
	cr_expect_arr_eq(&record()->name, &sent.switch_friendly_name, sizeof(record()->name));
	cr_expect_eq(nicsw_sriov_num_vfs(adapter.dataplane.maps.config_space[0]), 5);
}

/* CREATE-SW-8: revision 2 says how many queue pairs. */
Test(ndis_switch, CREATE_SW_8_revision_2)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(2);
	struct reply reply;

	parameters.header = (struct ndis_object_header)HEADER(2, 552);
	parameters.num_queue_pairs_for_default_vport = 4;
	reply = ask(CREATE, METHOD, &parameters, 552, 552);
	ACCEPT(reply);
	cr_expect_eq(reply.written, 552);
	cr_expect_eq(reply.revision, 2);
	cr_expect_eq(adapter.dataplane.maps.vports[0].queue_pairs, 4);
}

/* CREATE-SW-2: revision 2 must be there whole. */
Test(ndis_switch, CREATE_SW_2_revision_2_length)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(2);

	parameters.header = (struct ndis_object_header)HEADER(2, 552);
	cr_expect_eq(
		refuse(CREATE, METHOD, &parameters, 548, 552, NDIS_STATUS_INVALID_LENGTH, "GEN-3")
			.needed,
		552);
	parameters.header.size = 548;
	refuse(CREATE, METHOD, &parameters, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "GEN-9");
}

Test(ndis_switch, CREATE_SW_bad_members)
{
	static const struct refusal refusals[] = {
		BAD("CREATE-SW-3", INVALID_PARAMETER, ndis_nic_switch_parameters, switch_type, 0),
		BAD("CREATE-SW-3", INVALID_PARAMETER, ndis_nic_switch_parameters, switch_type, 2),
		BAD("CREATE-SW-4", INVALID_PARAMETER, ndis_nic_switch_parameters, switch_id, 1),
		BAD("CREATE-SW-4", INVALID_PARAMETER, ndis_nic_switch_parameters, switch_id, ~0u),
		BAD("CREATE-SW-5", INVALID_PARAMETER, ndis_nic_switch_parameters, num_vfs,
		    FIXTURE_VFS + 1),
		BAD("CREATE-SW-5", INVALID_PARAMETER, ndis_nic_switch_parameters, num_vfs, ~0u),
		BAD("GEN-31", INVALID_PARAMETER, ndis_nic_switch_parameters,
		    switch_friendly_name.length, 514),
		BAD("GEN-31", INVALID_PARAMETER, ndis_nic_switch_parameters,
		    switch_friendly_name.length, 7),
		BAD("CREATE-SW-9", INVALID_PARAMETER, ndis_nic_switch_parameters,
		    num_queue_pairs_for_default_vport, 0),
		BAD("CREATE-SW-9", INVALID_PARAMETER, ndis_nic_switch_parameters,
		    num_queue_pairs_for_default_vport, 5),
	};
	struct ndis_nic_switch_parameters good = fixture_switch(4);

	good.header = (struct ndis_object_header)HEADER(2, 552);
	good.num_queue_pairs_for_default_vport = 1;
	refuse_each(CREATE, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* GEN-31: the longest name is 512 bytes. */
Test(ndis_switch, GEN_31_longest_name)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(1);

	parameters.switch_friendly_name.length = 512;
	ACCEPT(ask(CREATE, METHOD, &parameters, 548, 548));
	cr_expect_eq(record()->name.length, 512);
}

/* CREATE-SW-13, LC-SW-4. */
Test(ndis_switch, CREATE_SW_13_second_switch)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(4);

	oid_create_switch(4);
	refuse(CREATE, METHOD, &parameters, 548, 548, NDIS_STATUS_INVALID_PARAMETER,
	       "CREATE-SW-13");
}

/* CREATE-SW-12, LC-SW-5: the bus refuses to enable what is enabled. */
Test(ndis_switch, CREATE_SW_12_virtualization_fails)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(4);
	__u8 *pf = adapter.dataplane.maps.config_space[0];

	cr_assert_eq(nicsw_sriov_enable(&adapter.device, pf, 1), 0);
	refuse(CREATE, METHOD, &parameters, 548, 548, NDIS_STATUS_FAILURE, "CREATE-SW-12");
}

/* CREATE-SW-15. */
Test(ndis_switch, CREATE_SW_15_no_vfs)
{
	oid_create_switch(0);
	cr_expect_eq(record()->state, NICSW_USED);
	cr_expect_eq(nicsw_sriov_num_vfs(adapter.dataplane.maps.config_space[0]), 0);
	oid_delete_switch();
	cr_expect_eq(record()->state, NICSW_FREE);
}

/* DELETE-SW-8, -9, -11, -13; LC-VF-9. */
Test(ndis_switch, DELETE_SW_8_leaves_nothing)
{
	struct snapshot before = snapshot_take(), after;

	oid_create_switch(4);
	oid_delete_switch();
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	oid_create_switch(FIXTURE_VFS);
	cr_expect_eq(record()->num_vfs, FIXTURE_VFS);
	free(before.bytes);
	free(after.bytes);
}

/* DELETE-SW-3: another switch, or none. */
Test(ndis_switch, DELETE_SW_3_unknown)
{
	struct ndis_nic_switch_delete_switch_parameters parameters = fixture_delete_switch();

	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_FILE_NOT_FOUND, "DELETE-SW-3");
	oid_create_switch(4);
	parameters.switch_id = 1;
	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_FILE_NOT_FOUND, "DELETE-SW-3");
}

/* DELETE-SW-4, -5, -6; LC-SW-3, FREE-VF-12: in the order in which they have to go. */
Test(ndis_switch, DELETE_SW_4_5_6_busy)
{
	struct ndis_nic_switch_delete_switch_parameters parameters = fixture_delete_switch();
	__u32 filter, vport;

	oid_create_switch(4);
	oid_allocate_vf(1);
	vport = oid_create_vport(0);
	filter = oid_set_filter(0, 2, 1, -1);
	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER, "DELETE-SW-4");
	oid_move_filter(filter, 0, vport);
	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER, "DELETE-SW-4");
	oid_clear_filter(filter);
	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER, "DELETE-SW-5");
	oid_delete_vport(vport);
	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER, "DELETE-SW-6");
	oid_free_vf(0);
	oid_delete_switch();
}

struct switches {
	struct ndis_nic_switch_info_array array;
	struct ndis_nic_switch_info info;
};

/* ENUM-SW-3: no switch, no element; a query may come without input. */
Test(ndis_switch, ENUM_SW_3_none)
{
	struct switches switches = {};
	struct reply reply = ask(ENUM, QUERY, &switches, 0, 16);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 0);
	cr_expect_eq(reply.written, 16);
	cr_expect_eq(switches.array.elements.num_elements, 0);
	cr_expect_eq(switches.array.header.type, NDIS_OBJECT_TYPE_DEFAULT);
	cr_expect_eq(switches.info.header.type, 0);
}

/* ENUM-SW-2: the elements count, too. */
Test(ndis_switch, ENUM_SW_2_room_for_the_element)
{
	struct switches switches = {.array.header = HEADER(1, 16)};
	struct reply reply;

	oid_create_switch(4);
	reply = refuse(ENUM, QUERY, &switches, 16, sizeof(switches) - 1, NDIS_STATUS_INVALID_LENGTH,
		       "ENUM-SW-2");
	cr_expect_eq(reply.needed, 16 + 572);
}

/* ENUM-SW-9. */
Test(ndis_switch, ENUM_SW_9_bad_header)
{
	struct switches switches = {.array.header = HEADER(0, 16)};

	refuse(ENUM, QUERY, &switches, 16, sizeof(switches), NDIS_STATUS_INVALID_PARAMETER,
	       "GEN-9");
}

/* ENUM-SW-4, -5, -6, -7, -8. */
Test(ndis_switch, ENUM_SW_4_counts)
{
	struct switches switches = {.array.header = HEADER(1, 16)};
	struct reply reply;
	__u32 i;

	oid_create_switch(5);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(1);
	oid_set_filter(0, 2, 1, -1);
	oid_set_filter(0, 2, 2, 7);
	oid_set_filter(0, 3, 3, -1); /* a group address is no unicast MAC */
	oid_set_filter(1, 2, 4, 9);
	oid_set_filter(1, 2, 5, 0); /* a VLAN test, though of VLAN 0 */
	oid_set_filter(1, 2, 6, -1);
	for (i = 7; i <= FIXTURE_FILTERS; i++)
		oid_set_filter(0, 2, i, i == FIXTURE_FILTERS ? 5 : -1);
	for (i = 8; i < FIXTURE_FILTERS; i++)
		oid_clear_filter(i);
	reply = ask(ENUM, QUERY, &switches, 16, sizeof(switches));
	ACCEPT(reply);
	cr_expect_eq(reply.written, sizeof(switches));
	cr_expect_eq(switches.array.elements.num_elements, 1);
	cr_expect_eq(switches.array.elements.first_element_offset, 16);
	cr_expect_eq(switches.array.elements.element_size, 572);
	cr_expect_eq(switches.info.header.size, 572);
	cr_expect_eq(switches.info.flags, 0);
	cr_expect_eq(switches.info.switch_type, NdisNicSwitchTypeExternal);
	cr_expect_eq(switches.info.switch_id, 0);
	cr_expect_eq(switches.info.switch_friendly_name.length, 28);
	cr_expect_eq(switches.info.num_vfs, 5);
	cr_expect_eq(switches.info.num_allocated_vfs, 2);
	cr_expect_eq(switches.info.num_vports, 6 + NICSW_PF_VPORTS);
	cr_expect_eq(switches.info.num_active_vports, 2);
	cr_expect_eq(switches.info.num_queue_pairs_for_default_vport, 1);
	cr_expect_eq(switches.info.num_queue_pairs_for_nondefault_vports, 1);
	cr_expect_eq(switches.info.num_active_default_vport_mac_addresses, 4);
	cr_expect_eq(switches.info.num_active_nondefault_vport_mac_addresses, 3);
	cr_expect_eq(switches.info.num_active_default_vport_vlan_ids, 2);
	cr_expect_eq(switches.info.num_active_nondefault_vport_vlan_ids, 2);
}

#define PARAMETERS OID_NIC_SWITCH_PARAMETERS

static struct ndis_nic_switch_parameters ask_parameters(void)
{
	struct ndis_nic_switch_parameters parameters = {
		.header = HEADER(2, 552), .flags = 0x5a, .reserved = {1, 2, 3}};
	struct reply reply = ask(PARAMETERS, METHOD, &parameters, 552, 552);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 552);
	cr_expect_eq(reply.written, 552);
	cr_expect_eq(parameters.flags, 0x5a); /* GEN-18 */
	cr_expect_arr_eq(parameters.reserved, ((__u32[]){1, 2, 3}), 12);
	return parameters;
}

/* PARAM-SW-4: what CREATE_SWITCH was given. */
Test(ndis_switch, PARAM_SW_4_method)
{
	const struct nicsw_text name = fixture_text("Default Switch");
	struct ndis_nic_switch_parameters parameters;

	oid_create_switch(4);
	parameters = ask_parameters();
	cr_expect_eq(parameters.switch_type, NdisNicSwitchTypeExternal);
	cr_expect_eq(parameters.switch_id, 0);
	cr_expect_eq(parameters.num_vfs, 4);
	cr_expect_eq(parameters.num_queue_pairs_for_default_vport, 1);
	cr_expect_arr_eq(&parameters.switch_friendly_name, &name, sizeof(name));
}

/* PARAM-SW-5, -6, -8, LC-SW-2: the name, at once, and nothing else. */
Test(ndis_switch, PARAM_SW_6_only_the_name)
{
	const struct nicsw_text name = fixture_text("other");
	struct ndis_nic_switch_parameters parameters = fixture_switch(7), answer;

	oid_create_switch(4);
	parameters.switch_type = 99;
	parameters.switch_friendly_name = name;
	parameters.flags = 0x00010001;
	ACCEPT_SET(PARAMETERS, parameters, 548u);
	answer = ask_parameters();
	cr_expect_arr_eq(&answer.switch_friendly_name, &name, sizeof(name));
	cr_expect_eq(answer.num_vfs, 4);
	cr_expect_eq(answer.switch_type, NdisNicSwitchTypeExternal);
}

/* PARAM-SW-6, -12: without the flag nothing happens, whatever the members hold. */
Test(ndis_switch, PARAM_SW_12_no_change)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(7);
	struct snapshot before, after;

	oid_create_switch(4);
	before = snapshot_take();
	parameters.switch_friendly_name.length = 3;
	ACCEPT_SET(PARAMETERS, parameters, 548u);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* PARAM-SW-3, -7, GEN-19, GEN-31. */
Test(ndis_switch, PARAM_SW_3_bad_members)
{
#define BAD_SWITCH(rule, member, bad)                                                              \
	BAD(rule, INVALID_PARAMETER, ndis_nic_switch_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_SWITCH("PARAM-SW-3", switch_id, 1),
		BAD_SWITCH("PARAM-SW-7", flags, 0x00020000),
		BAD_SWITCH("PARAM-SW-7", flags, 0x80010000),
		BAD_SWITCH("GEN-31", switch_friendly_name.length, 3),
		BAD_SWITCH("GEN-31", switch_friendly_name.length, 514),
	};
	struct ndis_nic_switch_parameters good = fixture_switch(4);

	good.flags = NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED;
	refuse(PARAMETERS, METHOD, &good, 548, 548, NDIS_STATUS_INVALID_PARAMETER, "PARAM-SW-3");
	refuse(PARAMETERS, SET, &good, 548, 0, NDIS_STATUS_INVALID_PARAMETER, "PARAM-SW-3");
	oid_create_switch(4);
	refuse_each(PARAMETERS, SET, &good, 548, refusals, ARRAY_SIZE(refusals));
	refuse_each(PARAMETERS, METHOD, &good, 548, refusals, 1);
}
