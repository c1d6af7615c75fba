// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_allocate_vf(3);
}

TestSuite(ndis_vport, .init = open_vfs, .fini = fixture_close);

#define CREATE OID_NIC_SWITCH_CREATE_VPORT
#define DELETE OID_NIC_SWITCH_DELETE_VPORT
#define ENUM   OID_NIC_SWITCH_ENUM_VPORTS

static const struct nicsw_vport_record *vports(void)
{
	return adapter.dataplane.maps.vports;
}

/* Another switch, whose PF has a share of one nondefault VPort (CAP-SW-17). */
static void share_with_pf(void)
{
	const struct nicsw_switch_settings settings = {
		.num_vfs = 3, .num_vports = 5, .default_queue_pairs = 1};

	fixture_close();
	fixture_open();
	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	oid_allocate_vf(1);
}

/* CREATE-VP-5, -18, -25, -28; GEN-6, GEN-18; 572 bytes are enough (contradiction 19). */
Test(ndis_vport, CREATE_VP_5_id_comes_back)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(1), sent;
	struct reply reply;

	parameters.flags = NDIS_NIC_SWITCH_VPORT_PARAMS_NUM_QUEUE_PAIRS_CHANGED |
			   NDIS_NIC_SWITCH_VPORT_PARAMS_LOOKAHEAD_SPLIT_ENABLED; /* CREATE-VP-24 */
	parameters.processor_affinity.mask = 4;                                  /* CREATE-VP-20 */
	parameters.num_queue_pairs = 3;                                          /* CREATE-VP-14 */
	sent = parameters;
	reply = ask(CREATE, METHOD, &parameters, 572, 572);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 572);
	cr_expect_eq(reply.written, 572);
	cr_expect_eq(parameters.vport_id, 1);
	sent.vport_id = 1;
	cr_expect_arr_eq(&parameters, &sent, sizeof(sent));
	cr_expect_eq(vports()[1].state, NICSW_USED);
	cr_expect_eq(vports()[1].vport_state, NdisNicSwitchVPortStateActivated);
	cr_expect_eq(vports()[1].function, 1);
	cr_expect_eq(vports()[1].queue_pairs, 3);
	cr_expect_eq(vports()[1].affinity_mask, 0);
	cr_expect_eq(vports()[1].flags, 0);
	cr_expect_str_eq(vports()[1].owner, "vs");
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 1), 1);
}

/* CREATE-VP-6, DELETE-VP-11: lowest free id, reused. */
Test(ndis_vport, CREATE_VP_6_lowest_free)
{
	cr_expect_eq(oid_create_vport(2), 1);
	cr_expect_eq(oid_create_vport(0), 2);
	oid_delete_vport(1);
	cr_expect_eq(oid_create_vport(1), 1);
}

/* CREATE-VP-16: Undefined is accepted as "default". */
Test(ndis_vport, CREATE_VP_16_undefined_state)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(0);

	parameters.vport_state = NdisNicSwitchVPortStateUndefined;
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	cr_expect_eq(vports()[1].vport_state, NdisNicSwitchVPortStateActivated);
}

Test(ndis_vport, CREATE_VP_bad_members)
{
#define BAD_VPORT(rule, member, bad)                                                               \
	BAD(rule, INVALID_PARAMETER, ndis_nic_switch_vport_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_VPORT("CREATE-VP-3", switch_id, 1),
		BAD_VPORT("CREATE-VP-4", vport_id, 1),
		BAD_VPORT("CREATE-VP-7", attached_function_id, 3),      /* not allocated */
		BAD_VPORT("CREATE-VP-7", attached_function_id, 4),      /* not enabled */
		BAD_VPORT("CREATE-VP-7", attached_function_id, 0xfffe), /* no function */
		BAD_VPORT("CREATE-VP-11", num_queue_pairs, 0),
		BAD_VPORT("CREATE-VP-11", num_queue_pairs, 5),
		BAD_VPORT("CREATE-VP-11", num_queue_pairs, ~0u),
		BAD_VPORT("CREATE-VP-16", vport_state, NdisNicSwitchVPortStateDeactivated),
		BAD_VPORT("CREATE-VP-16", vport_state, 3),
		BAD_VPORT("CREATE-VP-21", interrupt_moderation, 3),
		BAD_VPORT("CREATE-VP-21", interrupt_moderation, 400),
		BAD_VPORT("CREATE-VP-23", lookahead_size, 1),
		BAD_VPORT("GEN-31", vport_name.length, 513),
	};
	struct ndis_nic_switch_vport_parameters good = fixture_vport(0);

	refuse_each(CREATE, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* CREATE-VP-3, LC-SW-1. */
Test(ndis_vport, CREATE_VP_3_before_the_switch)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(NDIS_PF_FUNCTION_ID);

	fixture_close();
	fixture_open();
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_INVALID_PARAMETER, "CREATE-VP-3");
}

/* CREATE-VP-8, LC-VP-3. */
Test(ndis_vport, CREATE_VP_8_second_vport)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(0);

	oid_create_vport(0);
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_INVALID_PARAMETER, "CREATE-VP-8");
}

/* CREATE-VP-9, -10, CAP-SW-17: the PF's share, and after that only what the VFs have reserved. */
Test(ndis_vport, CREATE_VP_10_share_of_the_pf)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(NDIS_PF_FUNCTION_ID);
	__u32 i;

	for (i = 0; i < NICSW_PF_VPORTS; i++)
		cr_expect_eq(oid_create_vport(NDIS_PF_FUNCTION_ID), i + 1);
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_FAILURE, "CREATE-VP-10");
	for (i = 0; i < 3; i++)
		cr_expect_eq(oid_create_vport(i), NICSW_PF_VPORTS + 1 + i);
	oid_delete_vport(3);
	cr_expect_eq(oid_create_vport(NDIS_PF_FUNCTION_ID), 3);
	parameters = fixture_vport(NDIS_PF_FUNCTION_ID);
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_FAILURE, "CREATE-VP-10");
}

/* CREATE-VP-9, -10, -18, -19: a VPort of the PF starts Deactivated; the PF's share ends, that of
 * the VFs does not. */
Test(ndis_vport, CREATE_VP_9_on_the_pf)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(NDIS_PF_FUNCTION_ID);

	share_with_pf();
	parameters.processor_affinity = (struct ndis_group_affinity){.mask = 2, .group = 1};
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	cr_expect_eq(parameters.vport_id, 1);
	cr_expect_eq(vports()[1].vport_state, NdisNicSwitchVPortStateDeactivated);
	cr_expect_eq(vports()[1].function, NICSW_FUNCTION_PF);
	cr_expect_eq(vports()[1].affinity_mask, 2);
	cr_expect_eq(vports()[1].affinity_group, 1);
	parameters = fixture_vport(NDIS_PF_FUNCTION_ID);
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_FAILURE, "CREATE-VP-10");
	cr_expect_eq(oid_create_vport(0), 2);
}

/* CREATE-VP-17, -19. */
Test(ndis_vport, CREATE_VP_17_19_bad_members_on_the_pf)
{
	static const struct refusal refusals[] = {
		BAD_VPORT("CREATE-VP-17", vport_state, NdisNicSwitchVPortStateActivated),
		BAD_VPORT("CREATE-VP-17", vport_state, 3),
		BAD_VPORT("CREATE-VP-19", processor_affinity.mask, 0),
	};
	struct ndis_nic_switch_vport_parameters good = fixture_vport(NDIS_PF_FUNCTION_ID);

	share_with_pf();
	refuse_each(CREATE, METHOD, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* CREATE-VP-12, CAP-SW-15, RXQ-16: the first VPort fixes the number, until it is the last that
 * goes. */
Test(ndis_vport, CREATE_VP_12_symmetric)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(0);

	parameters.num_queue_pairs = 2;
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	parameters = fixture_vport(1);
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_INVALID_PARAMETER,
	       "CREATE-VP-12");
	oid_delete_vport(1);
	oid_create_vport(1);
}

/* CREATE-VP-13: the pool of 4 + 2 * (8 + 8) pairs is enough for the default VPort and eight more
 * with 4 pairs each, on VFs and on the PF. */
Test(ndis_vport, CREATE_VP_13_queue_pairs_exhausted)
{
	const struct nicsw_switch_settings settings = {.num_vfs = FIXTURE_VFS,
						       .default_queue_pairs = 4};
	struct ndis_nic_switch_vport_parameters parameters;
	__u16 vf;

	fixture_close();
	fixture_open();
	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	for (vf = 0; vf < FIXTURE_VFS; vf++)
		oid_allocate_vf(vf + 1);
	for (vf = 0; vf < 8; vf++) {
		parameters = fixture_vport(vf < 7 ? vf : NDIS_PF_FUNCTION_ID);
		parameters.num_queue_pairs = 4;
		ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	}
	parameters = fixture_vport(NDIS_PF_FUNCTION_ID);
	parameters.num_queue_pairs = 4;
	refuse(CREATE, METHOD, &parameters, 572, 572, NDIS_STATUS_FAILURE, "CREATE-VP-13");
	oid_delete_vport(1); /* DELETE-VP-6: they return to the pool */
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
}

/* CREATE-VP-22, RXQ-11: a level that cannot be set per VPort is ignored. */
Test(ndis_vport, CREATE_VP_22_moderation)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(0);

	parameters.interrupt_moderation = NdisNicSwitchVPortInterruptModerationHigh;
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	cr_expect_eq(parameters.interrupt_moderation, NdisNicSwitchVPortInterruptModerationHigh);
	cr_expect_eq(vports()[1].interrupt_moderation,
		     NdisNicSwitchVPortInterruptModerationUndefined);
	parameters = fixture_vport(1);
	parameters.interrupt_moderation = NdisNicSwitchVPortInterruptModerationAdaptive;
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	cr_expect_eq(vports()[2].interrupt_moderation,
		     NdisNicSwitchVPortInterruptModerationAdaptive);
}

/* CREATE-VP-26, FLOW-7, SET-RF-31: before the first filter nothing passes. */
Test(ndis_vport, CREATE_VP_26_closed_without_filter)
{
	const struct nicsw_port *port = &adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)];

	oid_create_vport(0);
	cr_expect_eq(port->flags & NICSW_PORT_OPEN, 0);
	oid_set_filter(1, 2, 1, -1);
	cr_expect(port->flags & NICSW_PORT_OPEN);
}

/* DELETE-VP-6, -7; LC-VF-7: the VF stays allocated. */
Test(ndis_vport, DELETE_VP_7_detaches)
{
	struct snapshot before = snapshot_take(), after;
	__u64 announced = 0;

	oid_create_vport(0);
	oid_delete_vport(1);
	/* The VF hears of it (INVAL-1): that is all that is left. */
	cr_assert_eq(nicsw_pf_blocks_take(&adapter, 0, &announced, NULL), 0);
	cr_expect_neq(announced, 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), NICSW_NONE);
	cr_expect_eq(adapter.dataplane.maps.vfs[0].state, NICSW_USED);
	free(before.bytes);
	free(after.bytes);
}

/* DELETE-VP-3, -4; LC-VP-2. */
Test(ndis_vport, DELETE_VP_3_4_unknown)
{
	static const struct refusal refusals[] = {
		BAD("DELETE-VP-3", INVALID_PARAMETER, ndis_nic_switch_delete_vport_parameters,
		    vport_id, 0),
		BAD("DELETE-VP-4", INVALID_PARAMETER, ndis_nic_switch_delete_vport_parameters,
		    vport_id, 2),
		BAD("DELETE-VP-4", INVALID_PARAMETER, ndis_nic_switch_delete_vport_parameters,
		    vport_id, ~0u),
	};
	struct ndis_nic_switch_delete_vport_parameters good = fixture_delete_vport(1);

	oid_create_vport(0);
	refuse_each(DELETE, SET, &good, sizeof(good), refusals, ARRAY_SIZE(refusals));
}

/* DELETE-VP-5, LC-VP-8: clear or move them first. */
Test(ndis_vport, DELETE_VP_5_with_filters)
{
	struct ndis_nic_switch_delete_vport_parameters parameters = fixture_delete_vport(1);
	__u32 filter;

	oid_create_vport(0);
	filter = oid_set_filter(1, 2, 1, -1);
	refuse(DELETE, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER, "DELETE-VP-5");
	oid_move_filter(filter, 1, 0);
	oid_delete_vport(1);
}

struct vport_array {
	struct ndis_nic_switch_vport_info_array array;
	char infos[5 * sizeof(struct ndis_nic_switch_vport_info)];
};

_Static_assert(offsetof(struct vport_array, infos) == 28, "elements follow the header");

static struct reply enumerate(struct vport_array *all, __u32 flags, __u16 function)
{
	*all = (struct vport_array){.array = {.header = HEADER(1, 28),
					      .flags = flags,
					      .attached_function_id = function}};
	return ask(ENUM, METHOD, all, 28, sizeof(*all));
}

static struct ndis_nic_switch_vport_info info(const struct vport_array *all, __u32 i)
{
	struct ndis_nic_switch_vport_info element;

	memcpy(&element,
	       (const char *)all + all->array.elements.first_element_offset +
		       i * all->array.elements.element_size,
	       sizeof(element));
	return element;
}

/* ENUM-VP-8. */
Test(ndis_vport, ENUM_VP_8_before_the_switch)
{
	struct vport_array all;
	struct reply reply;

	fixture_close();
	fixture_open();
	reply = enumerate(&all, 0, 0);
	ACCEPT(reply);
	cr_expect_eq(reply.written, 28);
	cr_expect_eq(all.array.elements.num_elements, 0);
}

/* ENUM-VP-3, -9, -10: without a flag the other members are ignored. */
Test(ndis_vport, ENUM_VP_3_all)
{
	struct vport_array all = {
		.array = {.header = HEADER(1, 28), .switch_id = 9, .attached_function_id = 0x1234}};
	struct ndis_nic_switch_vport_info vport;
	struct reply reply;

	oid_create_vport(2);
	oid_create_vport(0);
	oid_set_filter(0, 2, 1, -1);
	oid_move_filter(oid_set_filter(0, 2, 2, -1), 0, 2);
	oid_set_filter(2, 2, 3, 7);
	reply = ask(ENUM, METHOD, &all, 28, 28 + 3 * 576);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 28);
	cr_expect_eq(reply.written, 28 + 3 * 576);
	cr_expect_eq(all.array.elements.num_elements, 3);
	cr_expect_eq(all.array.elements.first_element_offset, 28);
	cr_expect_eq(all.array.elements.element_size, 576);
	vport = info(&all, 0);
	cr_expect_eq(vport.vport_id, 0);
	cr_expect_eq(vport.attached_function_id, NDIS_PF_FUNCTION_ID);
	cr_expect_eq(vport.vport_state, NdisNicSwitchVPortStateActivated);
	cr_expect_eq(vport.num_filters, 1);
	vport = info(&all, 2);
	cr_expect_eq(vport.header.size, 576);
	cr_expect_eq(vport.vport_id, 2);
	cr_expect_eq(vport.attached_function_id, 0);
	cr_expect_eq(vport.num_queue_pairs, 1);
	cr_expect_eq(vport.vport_name.length, 10);
	cr_expect_eq(vport.lookahead_size, 0);
	cr_expect_eq(vport.num_filters, 2);
	cr_expect_eq(info(&all, 1).num_filters, 0);
}

/* ENUM-VP-3: each as it is, also where it differs from a VPort of a VF. */
Test(ndis_vport, ENUM_VP_3_members)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(NDIS_PF_FUNCTION_ID);
	struct ndis_nic_switch_vport_info vport;
	struct vport_array all;

	share_with_pf();
	parameters.processor_affinity = (struct ndis_group_affinity){.mask = 2, .group = 1};
	parameters.interrupt_moderation = NdisNicSwitchVPortInterruptModerationAdaptive;
	parameters.num_queue_pairs = 3;
	ACCEPT(ask(CREATE, METHOD, &parameters, 572, 572));
	ACCEPT(enumerate(&all, 0, 0));
	cr_assert_eq(all.array.elements.num_elements, 2);
	vport = info(&all, 1);
	cr_expect_eq(vport.num_queue_pairs, 3);
	cr_expect_eq(vport.vport_state, NdisNicSwitchVPortStateDeactivated);
	cr_expect_eq(vport.processor_affinity.mask, 2);
	cr_expect_eq(vport.processor_affinity.group, 1);
	cr_expect_eq(vport.interrupt_moderation, NdisNicSwitchVPortInterruptModerationAdaptive);
}

/* ENUM-VP-2. */
Test(ndis_vport, ENUM_VP_2_room)
{
	struct vport_array all = {.array.header = HEADER(1, 28)};
	struct reply reply;

	oid_create_vport(2);
	reply = refuse(ENUM, METHOD, &all, 28, 28 + 2 * 576 - 1, NDIS_STATUS_INVALID_LENGTH,
		       "ENUM-VP-2");
	cr_expect_eq(reply.needed, 28 + 2 * 576);
}

/* ENUM-VP-4, -5. */
Test(ndis_vport, ENUM_VP_5_of_one_function)
{
	const __u32 flag = NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION;
	struct vport_array all;

	oid_create_vport(2);
	ACCEPT(enumerate(&all, flag, 2));
	cr_expect_eq(all.array.elements.num_elements, 1);
	cr_expect_eq(info(&all, 0).vport_id, 1);
	ACCEPT(enumerate(&all, flag, 1));
	cr_expect_eq(all.array.elements.num_elements, 0);
	ACCEPT(enumerate(&all, flag, NDIS_PF_FUNCTION_ID));
	cr_expect_eq(all.array.elements.num_elements, 1);
	cr_expect_eq(info(&all, 0).vport_id, 0);
	ACCEPT(enumerate(&all, NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH, 0));
	cr_expect_eq(all.array.elements.num_elements, 2);
	oid_create_vport(NDIS_PF_FUNCTION_ID);
	ACCEPT(enumerate(&all, flag, NDIS_PF_FUNCTION_ID));
	cr_expect_eq(all.array.elements.num_elements, 2);
	cr_expect_eq(info(&all, 1).vport_id, 2);
	cr_expect_eq(info(&all, 1).vport_state, NdisNicSwitchVPortStateDeactivated);
}

/* ENUM-VP-4, -6, -7. */
Test(ndis_vport, ENUM_VP_6_bad_members)
{
	struct vport_array all = {.array = {.header = HEADER(1, 28), .flags = 3}};

	refuse(ENUM, METHOD, &all, 28, sizeof(all), NDIS_STATUS_INVALID_PARAMETER, "ENUM-VP-6");
	all.array.flags = NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH;
	all.array.switch_id = 1;
	refuse(ENUM, METHOD, &all, 28, sizeof(all), NDIS_STATUS_INVALID_PARAMETER, "ENUM-VP-4");
	all.array.flags = NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION;
	all.array.attached_function_id = 3;
	refuse(ENUM, METHOD, &all, 28, sizeof(all), NDIS_STATUS_INVALID_PARAMETER, "ENUM-VP-7");
}
