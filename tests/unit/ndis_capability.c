// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "pf/capability.h"

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(ndis_capability, .init = open_vf, .fini = fixture_close);

#define SWITCH_HARDWARE OID_NIC_SWITCH_HARDWARE_CAPABILITIES
#define SWITCH_CURRENT  OID_NIC_SWITCH_CURRENT_CAPABILITIES
#define FILTER_HARDWARE OID_RECEIVE_FILTER_HARDWARE_CAPABILITIES
#define FILTER_CURRENT  OID_RECEIVE_FILTER_CURRENT_CAPABILITIES

static struct ndis_nic_switch_capabilities ask_switch(__u32 oid)
{
	struct ndis_nic_switch_capabilities answer;
	struct reply reply;

	memset(&answer, 0x5a, sizeof(answer));
	reply = ask(oid, QUERY, &answer, 0, sizeof(answer));
	ACCEPT(reply);
	cr_expect_eq(reply.written, 132); /* GEN-6 */
	cr_expect_eq(reply.read, 0);
	return answer;
}

/* CAP-SW-1, -2, -6, -12, -14, -15, -16, -18, -19, -20: all of revision 3, byte by byte. */
Test(ndis_capability, CAP_SW_1_hardware)
{
	const struct ndis_nic_switch_capabilities expected = {
		.header = HEADER(3, 132),
		.nic_switch_capabilities =
			NDIS_NIC_SWITCH_CAPS_VLAN_SUPPORTED | NDIS_NIC_SWITCH_CAPS_VF_RSS_SUPPORTED,
		.max_num_switches = 1,
		.max_num_vports = FIXTURE_VFS + 1 + NICSW_PF_VPORTS,
		.max_num_vfs = FIXTURE_VFS,
		.max_num_queue_pairs = 4 + 2 * (FIXTURE_VFS + NICSW_PF_VPORTS),
		.max_num_queue_pairs_per_nondefault_vport = 4,
		.max_num_mac_addresses = FIXTURE_FILTERS,
		.max_num_queue_pairs_for_default_vport = 4,
	};
	struct ndis_nic_switch_capabilities answer = ask_switch(SWITCH_HARDWARE);

	cr_expect_arr_eq(&answer, &expected, sizeof(expected));
	answer = ask_switch(SWITCH_CURRENT);
	cr_expect_arr_eq(&answer, &expected, sizeof(expected));
}

/* CAP-SW-1, -2, -10, -13: the configuration shapes the current copy only. */
Test(ndis_capability, CAP_SW_10_current)
{
	struct ndis_nic_switch_capabilities hardware = ask_switch(SWITCH_HARDWARE), answer;

	adapter.interface.max_vfs = 3;
	adapter.interface.vlan_filters_off = true;
	answer = ask_switch(SWITCH_HARDWARE);
	cr_expect_arr_eq(&answer, &hardware, sizeof(hardware));
	answer = ask_switch(SWITCH_CURRENT);
	cr_expect_eq(answer.max_num_vfs, 3);
	cr_expect_eq(answer.nic_switch_capabilities, NDIS_NIC_SWITCH_CAPS_VF_RSS_SUPPORTED);
	cr_expect_eq(answer.max_num_vports, hardware.max_num_vports);
	adapter.interface.max_vfs = 1000; /* never above TotalVFs */
	cr_expect_eq(ask_switch(SWITCH_CURRENT).max_num_vfs, FIXTURE_VFS);
}

/* CAP-SW-4, CAP-IOV-5, CAP-RF-12; GEN-10: a caller of an older revision names it. */
Test(ndis_capability, CAP_SW_4_revisions)
{
	static const __u16 lengths[] = {32, 116, 132};
	__u32 revision;

	for (revision = 1; revision <= 3; revision++) {
		struct ndis_nic_switch_capabilities answer;
		const struct ndis_object_header header = HEADER(revision, lengths[revision - 1]);
		struct reply reply;

		memset(&answer, 0x5a, sizeof(answer));
		memcpy(&answer, &header, sizeof(header));
		reply = refuse(SWITCH_CURRENT, QUERY, &answer, lengths[revision - 1],
			       lengths[revision - 1] - 1, NDIS_STATUS_INVALID_LENGTH, "GEN-3");
		cr_expect_eq(reply.needed, lengths[revision - 1]);
		reply = ask(SWITCH_CURRENT, QUERY, &answer, lengths[revision - 1], 132);
		ACCEPT(reply);
		cr_expect_eq(reply.written, lengths[revision - 1]);
		cr_expect_eq(reply.revision, revision);
		cr_expect_arr_eq(&answer, &header, sizeof(header));
		cr_expect_eq(answer.num_total_mac_addresses, 0);
		cr_expect_eq(answer.max_num_switches, revision == 1 ? 0x5a5a5a5a : 1);
		cr_expect_eq(answer.max_num_queue_pairs_for_default_vport,
			     revision < 3 ? 0x5a5a5a5a : 4);
	}
}

/* CAP-IOV-1, -2, -3, -6; LC-VFDRV-3: the PF is a PF, a VF a VF, in both copies. */
Test(ndis_capability, CAP_IOV_1_pf_and_vf)
{
	static const __u32 oids[] = {OID_SRIOV_HARDWARE_CAPABILITIES,
				     OID_SRIOV_CURRENT_CAPABILITIES};
	struct ndis_sriov_capabilities answer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(oids); i++) {
		const struct ndis_sriov_capabilities pf = {.header = HEADER(1, 12),
							   .sriov_capabilities = 0x3};
		const struct ndis_sriov_capabilities vf = {.header = HEADER(1, 12),
							   .sriov_capabilities = 0x5};

		target_vf = NICSW_NONE;
		memset(&answer, 0x5a, sizeof(answer));
		ACCEPT(ask(oids[i], QUERY, &answer, 0, 12));
		cr_expect_arr_eq(&answer, &pf, 12);
		target_vf = 0;
		ACCEPT(ask(oids[i], QUERY, &answer, 0, 12));
		cr_expect_arr_eq(&answer, &vf, 12);
	}
}

/* CAP-IOV-3: the keyword that turns it off takes nothing from what the hardware can do. */
Test(ndis_capability, CAP_IOV_3_keyword)
{
	struct ndis_sriov_capabilities answer;

	adapter.interface.sriov_off = true;
	ACCEPT(ask(OID_SRIOV_HARDWARE_CAPABILITIES, QUERY, &answer, 0, 12));
	cr_expect_eq(answer.sriov_capabilities, 0x3);
}

static struct ndis_receive_filter_capabilities ask_filters(__u32 oid)
{
	struct ndis_receive_filter_capabilities answer;
	struct reply reply;

	memset(&answer, 0x5a, sizeof(answer));
	reply = ask(oid, QUERY, &answer, 0, sizeof(answer));
	ACCEPT(reply);
	cr_expect_eq(reply.written, 84);
	return answer;
}

/* CAP-RF-2..8, -10, -15: all of revision 2, byte by byte. */
Test(ndis_capability, CAP_RF_2_to_10)
{
	const struct ndis_receive_filter_capabilities expected = {
		.header = HEADER(2, 84),
		.enabled_filter_types = 0x1,
		.supported_queue_properties = 0x1b,
		.supported_filter_tests = 0x1,
		.supported_headers = 0x1,
		.supported_mac_header_fields = 0x9,
		.max_mac_header_filters = FIXTURE_FILTERS,
	};
	struct ndis_receive_filter_capabilities answer = ask_filters(FILTER_HARDWARE);

	cr_expect_arr_eq(&answer, &expected, sizeof(expected));
	answer = ask_filters(FILTER_CURRENT);
	cr_expect_arr_eq(&answer, &expected, sizeof(expected));
}

/* CAP-RF-8, SET-RF-17: VLAN filtering switched off; the hardware still has it. */
Test(ndis_capability, CAP_RF_8_vlan_filters_off)
{
	struct fixture_filter filter = fixture_filter(0, 2, 1, 7);

	adapter.interface.vlan_filters_off = true;
	cr_expect_eq(ask_filters(FILTER_HARDWARE).supported_mac_header_fields, 0x9);
	cr_expect_eq(ask_filters(FILTER_CURRENT).supported_mac_header_fields, 0x1);
	refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, FILTER_LENGTH(2), FILTER_LENGTH(2),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-17");
	oid_set_filter(0, 2, 1, -1);
}

/* CAP-RF-13. */
Test(ndis_capability, CAP_RF_13_global_parameters)
{
	const struct ndis_receive_filter_global_parameters expected = {.header = HEADER(1, 16),
								       .enabled_filter_types = 1};
	struct ndis_receive_filter_global_parameters answer;
	struct reply reply;

	memset(&answer, 0x5a, sizeof(answer));
	reply = ask(OID_RECEIVE_FILTER_GLOBAL_PARAMETERS, QUERY, &answer, 0, 64);
	ACCEPT(reply);
	cr_expect_eq(reply.written, 16);
	cr_expect_arr_eq(&answer, &expected, 16);
}
