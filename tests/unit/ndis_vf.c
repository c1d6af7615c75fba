// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_switch(void)
{
	fixture_open();
	oid_create_switch(4);
}

TestSuite(ndis_vf, .init = open_switch, .fini = fixture_close);

#define ALLOCATE OID_NIC_SWITCH_ALLOCATE_VF
#define FREE     OID_NIC_SWITCH_FREE_VF
#define ENUM     OID_NIC_SWITCH_ENUM_VFS

static const struct nicsw_vf_record *vfs(void)
{
	return adapter.dataplane.maps.vfs;
}

/* ALLOC-VF-8, -13, -14, -15, -16, -24, -25; GEN-6, GEN-21. */
Test(ndis_vf, ALLOC_VF_14_ids_come_back)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(1), sent;
	struct reply reply;

	parameters.flags = 0x80;
	sent = parameters;
	reply = ask(ALLOCATE, METHOD, &parameters, 1632, 1632);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 1632);
	cr_expect_eq(reply.written, 1632);
	cr_expect_eq(reply.revision, 1);
	cr_expect_eq(parameters.vf_id, 0);
	cr_expect_eq(parameters.requestor_id, 0x0101); /* PCI-63, PCI-69 */
	sent.vf_id = parameters.vf_id;
	sent.requestor_id = parameters.requestor_id;
	cr_expect_arr_eq(&parameters, &sent, sizeof(sent));
	cr_expect_eq(vfs()[0].state, NICSW_USED);
	cr_expect_str_eq(vfs()[0].owner, "vs");
	cr_expect_arr_eq(vfs()[0].current_mac, sent.current_mac_address, 6);
	cr_expect_arr_eq(vfs()[0].permanent_mac, sent.permanent_mac_address, 6);
	cr_expect_arr_eq(&vfs()[0].vm_name, &sent.vm_name, sizeof(sent.vm_name));
	cr_expect_arr_eq(&vfs()[0].nic_name, &sent.nic_name, sizeof(sent.nic_name));
}

/* ALLOC-VF-11, -21, LC-VF-3: a VF alone carries nothing. */
Test(ndis_vf, ALLOC_VF_21_no_traffic)
{
	oid_allocate_vf(1);
	cr_expect_eq(adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)].flags & NICSW_PORT_OPEN, 0);
	cr_expect_lt(steered_to(2, 1, 0), 0);
	cr_expect_eq(vfs()[0].packet_filter, 0);
}

/* ALLOC-VF-15: the lowest free one; ALLOC-VF-17: RIDs differ; ALLOC-VF-30. */
Test(ndis_vf, ALLOC_VF_15_lowest_free)
{
	cr_expect_eq(oid_allocate_vf(1), 0);
	cr_expect_eq(oid_allocate_vf(2), 1);
	cr_expect_eq(oid_allocate_vf(3), 2);
	oid_free_vf(1);
	cr_expect_eq(oid_allocate_vf(4), 1);
	cr_expect_neq(nicsw_pf_rid(&adapter, 0), nicsw_pf_rid(&adapter, 1));
	cr_expect_neq(nicsw_pf_rid(&adapter, 0), nicsw_pf_rid(&adapter, NICSW_FUNCTION_PF));
}

/* ALLOC-VF-30, LC-VF-8: the next owner finds a VF in reset state. */
Test(ndis_vf, ALLOC_VF_30_starts_from_reset)
{
	__u8 *space = adapter.dataplane.maps.config_space[1];
	__u8 initial[NICSW_CONFIG_SIZE];

	oid_allocate_vf(1);
	memcpy(initial, space, sizeof(initial));
	nicsw_function_set_bus_master(&adapter.device, 0, space, true);
	cr_assert(memcmp(initial, space, sizeof(initial)));
	oid_free_vf(0);
	cr_expect_arr_eq(space, initial, sizeof(initial));
	nicsw_function_set_bus_master(&adapter.device, 0, space, true);
	oid_allocate_vf(2);
	cr_expect_arr_eq(space, initial, sizeof(initial));
}

Test(ndis_vf, ALLOC_VF_bad_members)
{
	static const struct refusal refusals[] = {
		BAD("ALLOC-VF-3", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, switch_id, 1),
		BAD("ALLOC-VF-4", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, vf_id, 0),
		BAD("ALLOC-VF-4", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, vf_id, 3),
		BAD("ALLOC-VF-5", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, requestor_id,
		    0x101),
		BAD("ALLOC-VF-9", INVALID_PARAMETER, ndis_nic_switch_vf_parameters,
		    mac_address_length, 5),
		BAD("ALLOC-VF-9", INVALID_PARAMETER, ndis_nic_switch_vf_parameters,
		    mac_address_length, 32),
		BAD("ALLOC-VF-10", INVALID_PARAMETER, ndis_nic_switch_vf_parameters,
		    current_mac_address[0], 3),
		BAD("ALLOC-VF-10", INVALID_PARAMETER, ndis_nic_switch_vf_parameters,
		    permanent_mac_address[0], 1),
		BAD("GEN-31", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, vm_name.length, 3),
		BAD("GEN-31", INVALID_PARAMETER, ndis_nic_switch_vf_parameters,
		    vm_friendly_name.length, 514),
		BAD("GEN-31", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, nic_name.length,
		    0xffff),
	};
	struct ndis_nic_switch_vf_parameters good = fixture_vf(1);

	refuse_each(ALLOCATE, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
	memset(good.current_mac_address, 0, 6);
	refuse(ALLOCATE, METHOD, &good, 1632, 1632, NDIS_STATUS_INVALID_PARAMETER, "ALLOC-VF-10");
}

/* ALLOC-VF-3, LC-SW-1. */
Test(ndis_vf, ALLOC_VF_3_before_the_switch)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(1);

	oid_delete_switch();
	refuse(ALLOCATE, METHOD, &parameters, 1632, 1632, NDIS_STATUS_INVALID_PARAMETER,
	       "ALLOC-VF-3");
}

/* ALLOC-VF-19, -27; GEN-23: no VF left, ids keep their invalid values. */
Test(ndis_vf, ALLOC_VF_19_exhausted)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(9);
	__u8 mac;

	for (mac = 1; mac <= 4; mac++)
		oid_allocate_vf(mac);
	refuse(ALLOCATE, METHOD, &parameters, 1632, 1632, NDIS_STATUS_FAILURE, "ALLOC-VF-19");
	/* Bad members come first (oids.md 0.1, step 6 before 8). */
	parameters.mac_address_length = 0;
	refuse(ALLOCATE, METHOD, &parameters, 1632, 1632, NDIS_STATUS_INVALID_PARAMETER,
	       "ALLOC-VF-9");
}

/* ALLOC-VF-26. */
Test(ndis_vf, ALLOC_VF_26_same_mac_twice)
{
	oid_allocate_vf(1);
	cr_expect_eq(oid_allocate_vf(1), 1);
}

/* ALLOC-VF-7 with GEN-31: what lies behind the length of a name is not kept. */
Test(ndis_vf, GEN_31_nothing_behind_a_name)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(1);

	parameters.vm_name.units[200] = 0x41;
	ACCEPT(ask(ALLOCATE, METHOD, &parameters, 1632, 1632));
	cr_expect_eq(vfs()[0].vm_name.units[200], 0);
	cr_expect_eq(vfs()[0].vm_name.units[1], 'm');
}

/* FREE-VF-6, -7, -8, LC-VF-8; the short form of 10 bytes and sizeof (contradiction 19). */
Test(ndis_vf, FREE_VF_6_leaves_nothing)
{
	struct ndis_nic_switch_free_vf_parameters parameters = fixture_free_vf(0);
	struct snapshot before = snapshot_take(), after;
	struct reply reply;

	oid_allocate_vf(1);
	oid_free_vf(0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	oid_allocate_vf(1);
	parameters.header.size = 12;
	reply = ask(FREE, SET, &parameters, 12, 0);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 10);
	cr_expect(nicsw_function_visible(&adapter.device, adapter.dataplane.maps.config_space[0],
					 0)); /* FREE-VF-8 */
	free(before.bytes);
	free(after.bytes);
}

/* FREE-VF-3 (range, 0xFFFF), FREE-VF-4, LC-VF-5; GEN-29: the code of the PF, not that of NDIS. */
Test(ndis_vf, FREE_VF_3_4_unknown)
{
	struct ndis_nic_switch_free_vf_parameters parameters = fixture_free_vf(4);

	refuse(FREE, SET, &parameters, 10, 0, NDIS_STATUS_INVALID_PARAMETER, "FREE-VF-3");
	parameters.vf_id = NDIS_INVALID_VF_FUNCTION_ID;
	refuse(FREE, SET, &parameters, 10, 0, NDIS_STATUS_INVALID_PARAMETER, "FREE-VF-3");
	parameters.vf_id = 0;
	refuse(FREE, SET, &parameters, 10, 0, NDIS_STATUS_INVALID_PARAMETER, "FREE-VF-4");
	oid_allocate_vf(1);
	oid_free_vf(0);
	refuse(FREE, SET, &parameters, 10, 0, NDIS_STATUS_INVALID_PARAMETER, "FREE-VF-4");
}

/* FREE-VF-5, LC-VF-4, GEN-29. */
Test(ndis_vf, FREE_VF_5_with_vport)
{
	struct ndis_nic_switch_free_vf_parameters parameters = fixture_free_vf(0);
	__u32 vport;

	oid_allocate_vf(1);
	vport = oid_create_vport(0);
	refuse(FREE, SET, &parameters, 10, 0, NDIS_STATUS_INVALID_PARAMETER, "FREE-VF-5");
	oid_delete_vport(vport);
	oid_free_vf(0);
}

/* FREE-VF-14, ALLOC-VF-20, LC-VF-1: an enabled VF that is not allocated answers to none of the
 * other VF OIDs. */
Test(ndis_vf, FREE_VF_14_every_other_oid)
{
	struct ndis_sriov_vf_config_space_parameters read = {
		.header = HEADER(1, 20), .vf_id = 0, .buffer_offset = 20};
	struct ndis_sriov_reset_vf_parameters reset = fixture_reset_vf(0);
	struct ndis_nic_switch_vport_parameters vport = fixture_vport(0);
	struct ndis_nic_switch_vport_info_array array = {
		.header = HEADER(1, 28),
		.flags = NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION};

	oid_allocate_vf(1);
	oid_free_vf(0);
	refuse(OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD, &read, 20, 20, NDIS_STATUS_INVALID_PARAMETER,
	       "RD-CFG-3");
	refuse(OID_SRIOV_RESET_VF, SET, &reset, 6, 0, NDIS_STATUS_INVALID_PARAMETER, "RESET-VF-3");
	refuse(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &vport, 572, 572, NDIS_STATUS_INVALID_PARAMETER,
	       "CREATE-VP-7");
	refuse(OID_NIC_SWITCH_ENUM_VPORTS, METHOD, &array, 28, 28, NDIS_STATUS_INVALID_PARAMETER,
	       "ENUM-VP-7");
}

struct vf_array {
	struct ndis_nic_switch_vf_info_array array;
	struct ndis_nic_switch_vf_parameters infos[4];
};

/* ENUM-VF-5. */
Test(ndis_vf, ENUM_VF_5_none)
{
	struct vf_array all = {.array.header = HEADER(1, 24)};
	struct reply reply = ask(ENUM, METHOD, &all, 24, 24);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 24);
	cr_expect_eq(reply.written, 24);
	cr_expect_eq(all.array.elements.num_elements, 0);
}

/* ENUM-VF-3, -4, -6, -7; everything of ALLOCATE_VF comes back. */
Test(ndis_vf, ENUM_VF_3_allocated_ones)
{
	struct vf_array all = {.array.header = HEADER(1, 24)};
	struct ndis_nic_switch_vf_parameters sent = fixture_vf(3);
	struct reply reply;

	oid_allocate_vf(1);
	oid_allocate_vf(2);
	ACCEPT(ask(ALLOCATE, METHOD, &sent, 1632, 1632));
	oid_free_vf(1);
	all.array.flags = NDIS_NIC_SWITCH_VF_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH;
	reply = ask(ENUM, METHOD, &all, 24, 24 + 2 * 1632);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 24);
	cr_expect_eq(reply.written, 24 + 2 * 1632);
	cr_expect_eq(all.array.elements.num_elements, 2);
	cr_expect_eq(all.array.elements.first_element_offset, 24);
	cr_expect_eq(all.array.elements.element_size, 1632);
	cr_expect_eq(all.infos[0].vf_id, 0);
	cr_expect_arr_eq(&all.infos[1], &sent, sizeof(sent));
}

/* ENUM-VF-2. */
Test(ndis_vf, ENUM_VF_2_room)
{
	struct vf_array all = {.array.header = HEADER(1, 24)};
	struct reply reply;

	oid_allocate_vf(1);
	oid_allocate_vf(2);
	reply = refuse(ENUM, METHOD, &all, 24, 24 + 2 * 1632 - 1, NDIS_STATUS_INVALID_LENGTH,
		       "ENUM-VF-2");
	cr_expect_eq(reply.needed, 24 + 2 * 1632);
}

/* ENUM-VF-3 (with and without the flag), ENUM-VF-8. */
Test(ndis_vf, ENUM_VF_8_bad_members)
{
	static const struct refusal refusals[] = {
		BAD("ENUM-VF-3", INVALID_PARAMETER, ndis_nic_switch_vf_info_array, switch_id, 1),
		BAD("ENUM-VF-8", INVALID_PARAMETER, ndis_nic_switch_vf_info_array, flags, 2),
		BAD("ENUM-VF-8", INVALID_PARAMETER, ndis_nic_switch_vf_info_array, flags,
		    0x80000001),
	};
	struct ndis_nic_switch_vf_info_array good = {.header = HEADER(1, 24)};

	refuse_each(ENUM, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
	good.flags = NDIS_NIC_SWITCH_VF_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH;
	good.switch_id = 1;
	refuse(ENUM, METHOD, &good, 24, 24, NDIS_STATUS_INVALID_PARAMETER, "ENUM-VF-3");
}

/* PARAM-VF-4: what ALLOCATE_VF was given, and its RID; GEN-18. */
Test(ndis_vf, PARAM_VF_4_cached)
{
	struct ndis_nic_switch_vf_parameters expected = fixture_vf(1);
	struct ndis_nic_switch_vf_parameters parameters = {.header = HEADER(2, 1700), .flags = 7};
	struct reply reply;

	expected.header = parameters.header;
	expected.vf_id = oid_allocate_vf(1);
	expected.requestor_id = nicsw_pf_rid(&adapter, expected.vf_id);
	expected.flags = 7;
	parameters.vf_id = expected.vf_id;
	reply = ask(OID_NIC_SWITCH_VF_PARAMETERS, METHOD, &parameters, 1632, 1632);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 1632);
	cr_expect_eq(reply.written, 1632);
	cr_expect_arr_eq(&parameters, &expected, sizeof(expected));
}

/* PARAM-VF-3. */
Test(ndis_vf, PARAM_VF_3_not_allocated)
{
#define BAD_PARAMETERS(bad)                                                                        \
	BAD("PARAM-VF-3", INVALID_PARAMETER, ndis_nic_switch_vf_parameters, vf_id, bad)
	static const struct refusal refusals[] = {BAD_PARAMETERS(3), BAD_PARAMETERS(4),
						  BAD_PARAMETERS(0xffff)};
	struct ndis_nic_switch_vf_parameters good = {.header = HEADER(1, 1632)};

	refuse_each(OID_NIC_SWITCH_VF_PARAMETERS, METHOD, &good, 1632, refusals,
		    ARRAY_SIZE(refusals));
}
