// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vfs(void)
{
	fixture_open();
	as_ndis = true;
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
}

TestSuite(ndis_bar, .init = open_vfs, .fini = fixture_close);

#define PROBED    OID_SRIOV_PROBED_BARS
#define RESOURCES OID_SRIOV_BAR_RESOURCES

struct probed {
	struct ndis_sriov_probed_bars_info info;
	__u32 gap;
	__u32 bars[8];
};

/* PBARS-4..-9; PCI-7, PCI-8, PCI-50: BAR 0 of 16 KiB, BAR 4 of 8 KiB, 64 bit, prefetchable. */
Test(ndis_bar, PBARS_5_values)
{
	static const __u32 expected[] = {0xffffc00c, 0xffffffff, 0, 0, 0xffffe00c, 0xffffffff};
	struct probed probed = {.info = {.header = HEADER(1, 8), .base_register_values_offset = 12},
				.gap = 0x5a5a5a5a,
				.bars = {[6] = 0x11111111}};
	struct snapshot before = snapshot_take(), after;
	struct reply reply = ask(PROBED, QUERY, &probed, 8, 36);

	ACCEPT(reply);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after)); /* PBARS-8 */
	cr_expect_eq(reply.read, 8);
	cr_expect_eq(reply.written, 36);
	cr_expect_arr_eq(probed.bars, expected, sizeof(expected));
	cr_expect_eq(probed.gap, 0x5a5a5a5a);
	cr_expect_eq(probed.bars[6], 0x11111111);
	cr_expect_eq(probed.info.base_register_values_offset, 12);
	free(before.bytes);
	free(after.bytes);
}

/* PBARS-2, -3, -11; GEN-4, GEN-30. */
Test(ndis_bar, PBARS_2_room)
{
	struct probed probed = {.info = {.header = HEADER(1, 8), .base_register_values_offset = 8}};
	struct reply reply;

	reply = refuse(PROBED, QUERY, &probed, 8, 31, NDIS_STATUS_INVALID_LENGTH, "GEN-3");
	cr_expect_eq(reply.needed, 32);
	ACCEPT(ask(PROBED, QUERY, &probed, 8, 32));
	probed.info.base_register_values_offset = 12;
	reply = refuse(PROBED, QUERY, &probed, 8, 35, NDIS_STATUS_INVALID_LENGTH, "PBARS-2");
	cr_expect_eq(reply.needed, 36);
	reply = refuse(PROBED, QUERY, &probed, 0, 36, NDIS_STATUS_INVALID_LENGTH, "PBARS-11");
	cr_expect_eq(reply.needed, 8);
	probed.info.base_register_values_offset = 7;
	refuse(PROBED, QUERY, &probed, 8, 36, NDIS_STATUS_INVALID_PARAMETER, "PBARS-3");
	probed.info.base_register_values_offset = 0xfffffff0;
	refuse(PROBED, QUERY, &probed, 8, 36, NDIS_STATUS_INVALID_PARAMETER, "GEN-30");
}

struct resources {
	struct ndis_sriov_bar_resources_info info;
	struct ndis_cm_partial_resource_descriptor descriptor;
	__u8 behind[16];
};

static struct resources fixture_resources(__u16 vf, __u16 bar)
{
	return (struct resources){
		.info = {.header = HEADER(1, 12),
			 .vf_id = vf,
			 .bar_index = bar,
			 .bar_resources_offset = offsetof(struct resources, descriptor)},
		.descriptor = {.unused = 0x5a5a5a5a},
	};
}

static struct ndis_cm_partial_resource_descriptor ask_resources(__u16 vf, __u16 bar)
{
	struct resources resources = fixture_resources(vf, bar), sent = resources;
	struct reply reply = ask(RESOURCES, METHOD, &resources, 12, 32);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 12);
	cr_expect_eq(reply.written, 32);
	cr_expect_arr_eq(&resources.info, &sent.info, 12);
	cr_expect_arr_eq(resources.behind, sent.behind, 16);
	return resources.descriptor;
}

/* BARRES-6, -7; PCI-9, PCI-48: shares lie side by side from the VF BAR's base. */
Test(ndis_bar, BARRES_7_shares)
{
	static const struct {
		__u16 bar;
		__u32 length;
	} bars[] = {{0, 0x4000}, {4, 0x2000}};
	const __u8 *pf_space = adapter.dataplane.maps.config_space[0];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bars); i++) {
		struct ndis_cm_partial_resource_descriptor first = ask_resources(0, bars[i].bar);
		struct ndis_cm_partial_resource_descriptor second = ask_resources(1, bars[i].bar);
		struct nicsw_bar_resource expected;

		cr_assert_eq(nicsw_vf_bar_resource(pf_space, 0, bars[i].bar, &expected), 0);
		cr_expect_eq(first.type, 3);
		cr_expect_eq(first.share_disposition, 1);
		cr_expect_eq(first.flags, 0x84);
		cr_expect_eq(first.start, expected.start);
		cr_expect_neq(first.start, 0);
		cr_expect_eq(first.length, bars[i].length);
		cr_expect_eq(second.start, first.start + bars[i].length);
	}
}

/* BARRES-3, -4, -5, -8; LC-VF-1, GEN-30. */
Test(ndis_bar, BARRES_bad_members)
{
#define BAD_RESOURCES(rule, member, bad)                                                           \
	BAD(rule, INVALID_PARAMETER, ndis_sriov_bar_resources_info, member, bad)
	static const struct refusal refusals[] = {
		BAD_RESOURCES("BARRES-3", vf_id, 2),
		BAD_RESOURCES("BARRES-3", vf_id, 0xffff),
		BAD_RESOURCES("BARRES-4", bar_index, 6),
		BAD_RESOURCES("BARRES-4", bar_index, 0xffff),
		BAD_RESOURCES("BARRES-5", bar_index, 1),
		BAD_RESOURCES("BARRES-5", bar_index, 2),
		BAD_RESOURCES("BARRES-5", bar_index, 5),
		BAD_RESOURCES("BARRES-8", bar_resources_offset, 11),
		BAD_RESOURCES("BARRES-8", bar_resources_offset, 0),
		BAD_RESOURCES("GEN-30", bar_resources_offset, 0xfffffff0),
	};
	struct resources good = fixture_resources(0, 0);

	refuse_each(RESOURCES, METHOD, &good, 32, refusals, ARRAY_SIZE(refusals));
}

/* BARRES-2. */
Test(ndis_bar, BARRES_2_room)
{
	struct resources resources = fixture_resources(0, 0);
	struct reply reply;

	reply = refuse(RESOURCES, METHOD, &resources, 12, 31, NDIS_STATUS_INVALID_LENGTH, "GEN-3");
	cr_expect_eq(reply.needed, 32);
	resources.info.bar_resources_offset = 16;
	reply = refuse(RESOURCES, METHOD, &resources, 12, 35, NDIS_STATUS_INVALID_LENGTH,
		       "BARRES-2");
	cr_expect_eq(reply.needed, 36);
}
