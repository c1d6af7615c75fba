// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

/* VPort 1 is VF 0's, VPort 2 the PF's, Deactivated. */
static void open_vports(void)
{
	const struct nicsw_switch_settings settings = {
		.num_vfs = 3, .num_vports = 5, .default_queue_pairs = 1};

	fixture_open();
	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	oid_allocate_vf(1);
	oid_create_vport(0);
	cr_assert_eq(oid_create_vport(NDIS_PF_FUNCTION_ID), 2);
}

TestSuite(ndis_vport_parameters, .init = open_vports, .fini = fixture_close);

#define PARAMETERS    OID_NIC_SWITCH_VPORT_PARAMETERS
#define CHANGED(NAME) NDIS_NIC_SWITCH_VPORT_PARAMS_##NAME##_CHANGED

/* Members that cannot change hold what nobody may look at (PARAM-VP-6, -8). */
static struct ndis_nic_switch_vport_parameters fixture_change(__u32 vport, __u32 flags)
{
	return (struct ndis_nic_switch_vport_parameters){
		.header = HEADER(1, 572),
		.flags = flags | NDIS_NIC_SWITCH_VPORT_PARAMS_LOOKAHEAD_SPLIT_ENABLED,
		.vport_id = vport,
		.vport_name = fixture_text("changed"),
		.attached_function_id = 77,
		.num_queue_pairs = 99,
		.interrupt_moderation = NdisNicSwitchVPortInterruptModerationLow,
		.vport_state = NdisNicSwitchVPortStateActivated,
		.processor_affinity = {.mask = 0x30, .group = 1},
		.lookahead_size = 5,
	};
}

static struct ndis_nic_switch_vport_parameters get(__u32 vport)
{
	struct ndis_nic_switch_vport_parameters parameters = {
		.header = HEADER(1, 572), .vport_id = vport, .lookahead_size = 9};
	struct reply reply = ask(PARAMETERS, METHOD, &parameters, 572, 572);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 572);
	cr_expect_eq(reply.written, 572);
	return parameters;
}

static void set(const struct ndis_nic_switch_vport_parameters *wanted)
{
	struct ndis_nic_switch_vport_parameters parameters = *wanted;

	ACCEPT_SET(PARAMETERS, parameters, 572u);
	cr_expect_arr_eq(&parameters, wanted, 572);
}

/* PARAM-VP-4, -5, -23: as CREATE_VPORT had it; the default VPort, too. */
Test(ndis_vport_parameters, PARAM_VP_5_method)
{
	struct ndis_nic_switch_vport_parameters expected = fixture_vport(0), answer = get(1);

	expected.vport_id = 1;
	cr_expect_arr_eq(&answer, &expected, 572);
	expected = fixture_vport(NDIS_PF_FUNCTION_ID);
	expected.vport_id = 2;
	answer = get(2);
	cr_expect_arr_eq(&answer, &expected, 572);
	answer = get(0);
	cr_expect_eq(answer.attached_function_id, NDIS_PF_FUNCTION_ID);
	cr_expect_eq(answer.vport_state, NdisNicSwitchVPortStateActivated);
}

/* PARAM-VP-5 for a member that no set changes: as CREATE_VPORT took it. */
Test(ndis_vport_parameters, PARAM_VP_5_moderation)
{
	struct ndis_nic_switch_vport_parameters wanted = fixture_vport(0);

	oid_delete_vport(1);
	wanted.interrupt_moderation = NdisNicSwitchVPortInterruptModerationAdaptive;
	ACCEPT(ask(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &wanted, 572, 572));
	cr_expect_eq(get(1).interrupt_moderation, NdisNicSwitchVPortInterruptModerationAdaptive);
}

/* PARAM-VP-6, -7, -8, -16, -22, -25, LC-VP-5, CREATE-VP-15: what is flagged changes, and only that.
 */
Test(ndis_vport_parameters, PARAM_VP_6_flagged)
{
	struct ndis_nic_switch_vport_parameters expected = get(2), answer;
	struct ndis_nic_switch_vport_parameters change = fixture_change(2, CHANGED(NAME));

	set(&change);
	expected.vport_name = change.vport_name;
	answer = get(2);
	cr_expect_arr_eq(&answer, &expected, 572);
	change.flags = CHANGED(PROCESSOR_AFFINITY) | CHANGED(FLAGS);
	change.vport_name = fixture_text("not this");
	set(&change);
	expected.processor_affinity = change.processor_affinity;
	answer = get(2);
	cr_expect_arr_eq(&answer, &expected, 572);
}

/* PARAM-VP-10, CREATE-VP-27: Activated, and its filters steer from then on (SET-RF-30). */
Test(ndis_vport_parameters, PARAM_VP_10_activate)
{
	struct ndis_nic_switch_vport_parameters change = fixture_change(2, CHANGED(STATE));

	oid_set_filter(2, 2, 5, -1);
	oid_set_filter(2, 2, 6, -1);
	cr_expect_lt(steered_to(2, 5, 0), 0);
	set(&change);
	cr_expect_eq(get(2).vport_state, NdisNicSwitchVPortStateActivated);
	cr_expect_eq(steered_to(2, 5, 0), NICSW_SLOT_PF_VPORT(FIXTURE_VFS, 0));
	cr_expect_eq(steered_to(2, 6, 0), NICSW_SLOT_PF_VPORT(FIXTURE_VFS, 0));
	set(&change); /* PARAM-VP-14 */
	change.vport_state = NdisNicSwitchVPortStateDeactivated;
	refuse(PARAMETERS, SET, &change, 572, 0, NDIS_STATUS_INVALID_PARAMETER, "PARAM-VP-11");
}

/* PARAM-VP-14, -24: nothing flagged, and the same again. */
Test(ndis_vport_parameters, PARAM_VP_24_no_change)
{
	struct ndis_nic_switch_vport_parameters change = fixture_change(1, 0);
	struct snapshot before = snapshot_take(), after;

	set(&change);
	change.flags = CHANGED(STATE);
	set(&change);
	change = fixture_change(2, CHANGED(STATE));
	change.vport_state = NdisNicSwitchVPortStateDeactivated;
	set(&change);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* PARAM-VP-3, -4, -9, -13, -16, -17, -18, -19, -21, LC-VP-6, GEN-31. */
Test(ndis_vport_parameters, PARAM_VP_bad_members)
{
#define BAD_VPORT(rule, member, bad)                                                               \
	BAD(rule, INVALID_PARAMETER, ndis_nic_switch_vport_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_VPORT("PARAM-VP-3", switch_id, 1),
		BAD_VPORT("PARAM-VP-4", vport_id, 3),
		BAD_VPORT("PARAM-VP-4", vport_id, 5),
		BAD_VPORT("PARAM-VP-4", vport_id, ~0u),
		BAD_VPORT("PARAM-VP-9", flags, 0x01000000),
		BAD_VPORT("PARAM-VP-9", flags, CHANGED(NDK_PARAMS)),
		BAD_VPORT("PARAM-VP-9", flags, CHANGED(QOS_SQ_ID)),
		BAD_VPORT("PARAM-VP-13", vport_state, 0),
		BAD_VPORT("PARAM-VP-13", vport_state, 3),
		BAD_VPORT("PARAM-VP-16", processor_affinity.mask, 0),
		BAD_VPORT("PARAM-VP-19", flags, CHANGED(NUM_QUEUE_PAIRS)),
		BAD_VPORT("GEN-31", vport_name.length, 3),
	};
	struct ndis_nic_switch_vport_parameters good =
		fixture_change(2, CHANGED(NAME) | CHANGED(STATE) | CHANGED(PROCESSOR_AFFINITY));

	refuse_each(PARAMETERS, SET, &good, 572, refusals, ARRAY_SIZE(refusals));
	refuse_each(PARAMETERS, METHOD, &good, 572, refusals, 4);
}

/* PARAM-VP-17, -18, CAP-SW-14, RXQ-11: a bad value is a bad value, a good one is not supported. */
Test(ndis_vport_parameters, PARAM_VP_18_moderation)
{
	struct ndis_nic_switch_vport_parameters change = fixture_change(2, CHANGED(INT_MOD));

	refuse(PARAMETERS, SET, &change, 572, 0, NDIS_STATUS_NOT_SUPPORTED, "PARAM-VP-18");
	change.interrupt_moderation = 3;
	refuse(PARAMETERS, SET, &change, 572, 0, NDIS_STATUS_INVALID_PARAMETER, "PARAM-VP-17");
}

/* PARAM-VP-12, -15, LC-VP-1, LC-VP-2: the default VPort and those of VFs. */
Test(ndis_vport_parameters, PARAM_VP_12_always_activated)
{
	__u32 vport;

	for (vport = 0; vport < 2; vport++) {
		struct ndis_nic_switch_vport_parameters change =
			fixture_change(vport, CHANGED(STATE) | CHANGED(NAME));

		change.vport_state = NdisNicSwitchVPortStateDeactivated;
		refuse(PARAMETERS, SET, &change, 572, 0, NDIS_STATUS_INVALID_PARAMETER,
		       "PARAM-VP-12");
		change.flags = CHANGED(PROCESSOR_AFFINITY) | CHANGED(NAME);
		if (vport)
			refuse(PARAMETERS, SET, &change, 572, 0, NDIS_STATUS_INVALID_PARAMETER,
			       "PARAM-VP-15");
		else
			set(&change); /* PARAM-VP-16 */
	}
	cr_expect_eq(get(0).processor_affinity.mask, 0x30);
}
