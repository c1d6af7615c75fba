// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
}

TestSuite(ndis_identity, .init = open_vfs, .fini = fixture_close);

/* VENDEV-4, -5, -7, -8: what plug and play of a guest needs; inputs of the ids are ignored. */
Test(ndis_identity, VENDEV_4_ids)
{
	struct ndis_sriov_vf_vendor_device_id_info info = {
		.header = HEADER(1, 10), .vf_id = 1, .vendor_id = 0x1111, .device_id = 0x2222};
	struct reply reply = ask(OID_SRIOV_VF_VENDOR_DEVICE_ID, METHOD, &info, 10, 10);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 10);
	cr_expect_eq(reply.written, 10);
	cr_expect_eq(info.vf_id, 1);
	cr_expect_eq(info.vendor_id, 0x1af4);
	cr_expect_eq(info.device_id, 0x1041);
}

/* VENDEV-3, LC-VF-1. */
Test(ndis_identity, VENDEV_3_not_allocated)
{
#define BAD_VF(bad)                                                                                \
	BAD("VENDEV-3", INVALID_PARAMETER, ndis_sriov_vf_vendor_device_id_info, vf_id, bad)
	static const struct refusal refusals[] = {BAD_VF(2), BAD_VF(4), BAD_VF(0xffff)};
	struct ndis_sriov_vf_vendor_device_id_info good = {.header = HEADER(1, 10)};

	refuse_each(OID_SRIOV_VF_VENDOR_DEVICE_ID, METHOD, &good, 10, refusals,
		    ARRAY_SIZE(refusals));
}

static struct ndis_sriov_pf_luid_info ask_luid(void)
{
	struct ndis_sriov_pf_luid_info info;
	struct reply reply;

	memset(&info, 0x5a, sizeof(info));
	reply = ask(OID_SRIOV_PF_LUID, QUERY, &info, 0, 12);
	ACCEPT(reply);
	cr_expect_eq(reply.written, 12);
	return info;
}

/*
 * LUID-2, PCI-16, LC-INIT-2: the same as long as the adapter runs, another one after a start; so it
 * is not the NetLuid, which an interface keeps (LUID-3).
 */
Test(ndis_identity, LUID_2_new_at_each_start)
{
	struct ndis_sriov_pf_luid_info first = ask_luid(), second = ask_luid();

	cr_expect_arr_eq(&first.header, "\x80\x01\x0c\x00", 4);
	cr_expect_arr_eq(&first, &second, sizeof(first));
	cr_expect(first.luid.low_part || first.luid.high_part);
	adapter.dataplane.maps.meta->luid = 0x1122334455667788;
	second = ask_luid();
	cr_expect_eq(second.luid.low_part, 0x55667788);
	cr_expect_eq(second.luid.high_part, 0x11223344);
	fixture_close();
	fixture_open();
	second = ask_luid();
	cr_expect_arr_neq(&first, &second, sizeof(first));
}

static __u32 ask_serial_number(__u32 vf)
{
	struct ndis_sriov_vf_serial_number_info info;
	struct reply reply;

	memset(&info, 0x5a, sizeof(info));
	target_vf = vf;
	reply = ask(OID_SRIOV_VF_SERIAL_NUMBER, QUERY, &info, 0, 8);
	target_vf = NICSW_NONE;
	ACCEPT(reply);
	cr_expect_eq(reply.written, 8);
	cr_expect_arr_eq(&info.header, "\x80\x01\x08\x00", 4);
	return info.serial_number;
}

/* SERIAL-2, SERIAL-3, ALLOC-VF-29, PCI-13: there as soon as the VF is, and each VF has its own. */
Test(ndis_identity, SERIAL_3_unique)
{
	cr_expect_neq(ask_serial_number(0), 0);
	cr_expect_neq(ask_serial_number(1), 0);
	cr_expect_neq(ask_serial_number(0), ask_serial_number(1));
	cr_expect_eq(ask_serial_number(0), adapter.dataplane.maps.vfs[0].serial_number);
}

/* SERIAL-3, GEN-21: the virtualization stack's choice is kept. */
Test(ndis_identity, SERIAL_3_chosen)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(3);
	struct nicsw_oid_request request = {.oid = OID_NIC_SWITCH_ALLOCATE_VF,
					    .type = METHOD,
					    .vf = NICSW_NONE,
					    .owner = owner,
					    .serial_number = 0x12345678,
					    .buffer = &parameters,
					    .in_length = 1632,
					    .out_length = 1632};

	cr_assert_eq(nicsw_ndis_request(&adapter, &request, NULL), NDIS_STATUS_SUCCESS);
	cr_expect_eq(ask_serial_number(2), 0x12345678);
	oid_reset_vf(2); /* identity survives (RESET-VF-6) */
	cr_expect_eq(ask_serial_number(2), 0x12345678);
	parameters = fixture_vf(4); /* for another partition it may choose the same */
	cr_assert_eq(nicsw_ndis_request(&adapter, &request, NULL), NDIS_STATUS_SUCCESS);
	cr_expect_eq(ask_serial_number(3), 0x12345678);
}

/* OVLY-1: accepted and stored in a VF; LC-VF-8: the next owner does not see it. */
Test(ndis_identity, OVLY_1_stored)
{
	struct ndis_sriov_overlying_adapter_info info = {.header = HEADER(1, 20), .if_index = 17};

	target_vf = 1;
	ACCEPT_SET(OID_SRIOV_OVERLYING_ADAPTER_INFO, info, 20u);
	target_vf = NICSW_NONE;
	cr_expect_eq(adapter.dataplane.maps.vfs[1].overlying_ifindex, 17);
	cr_expect_eq(adapter.dataplane.maps.vfs[0].overlying_ifindex, 0);
	oid_free_vf(1);
	cr_expect_eq(oid_allocate_vf(4), 1);
	cr_expect_eq(adapter.dataplane.maps.vfs[1].overlying_ifindex, 0);
}
