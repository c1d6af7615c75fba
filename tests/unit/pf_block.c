// SPDX-License-Identifier: GPL-2.0-only
/* The config blocks as the PF keeps them: user/pf/block.c. */
#include "ndis_fixture.h"

#include <nicsw/blocks.h>

#include "pf/block.h"

#define MAC     NICSW_CONFIG_BLOCK_MAC_ADDRESS
#define VPORT   NICSW_CONFIG_BLOCK_VPORT_CONFIGURATION
#define MAILBOX NICSW_CONFIG_BLOCK_MAILBOX
#define BIT(id) (1ull << (id))

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(pf_block, .init = open_vf, .fini = fixture_close);

static const struct nicsw_block_record *record(void)
{
	return adapter.dataplane.maps.blocks;
}

static __u64 take(void)
{
	__u64 mask = ~0ull;

	cr_assert_eq(nicsw_pf_blocks_take(&adapter, 0, &mask, NULL), 0);
	return mask;
}

/* BLK-4, -8, -9, -11: in the order in which they are looked at. */
Test(pf_block, BLK_4_check)
{
	static const struct {
		__u32 id;
		__u32 length;
		bool write;
		int code;
		const char *rule;
	} cases[] = {
		{MAC, NICSW_MAC_SIZE, false, 0, ""},
		{MAC, 0, false, 0, ""},
		{MAC, NICSW_MAC_SIZE + 1, false, -EINVAL, "BLK-9"},
		{MAC, NICSW_MAC_SIZE, true, -EACCES, "BLK-11"},
		{VPORT, 16, false, 0, ""},
		{VPORT, 17, true, -EINVAL, "BLK-9"},
		{MAILBOX, NICSW_BLOCK_SIZE, true, 0, ""},
		{MAILBOX, NICSW_BLOCK_SIZE + 1, true, -EINVAL, "BLK-8"},
		{MAILBOX, ~0u, false, -EINVAL, "BLK-8"},
		{MAILBOX + 1, 1, false, -EINVAL, "BLK-4"},
		{NICSW_BLOCKS, 1, false, -EINVAL, "BLK-4"},
		{~0u, ~0u, true, -EINVAL, "BLK-4"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct nicsw_error error = {};

		cr_expect_eq(
			nicsw_pf_block_check(cases[i].id, cases[i].length, cases[i].write, &error),
			cases[i].code, "case %zu", i);
		cr_expect_str_eq(error.rule, cases[i].rule, "case %zu", i);
	}
}

/* BLK-16, INVAL-5: whatever block there is, its id is below 64, and its change can be announced. */
Test(pf_block, BLK_16_every_block_can_be_announced)
{
	__u32 id, found = 0;

	for (id = 0; id < 256; id++) {
		if (nicsw_pf_block_check(id, 0, false, NULL))
			continue;
		found++;
		cr_assert_lt(id, 64);
		cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, BIT(id), NULL), 0);
		cr_expect_eq(take(), BIT(id), "block %u", id);
	}
	cr_expect_eq(found, 3);
}

/* INVAL-1: what changed is announced, and nothing else; LC-BC-6. */
Test(pf_block, INVAL_1_refresh)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->current_mac[5] = 9;
	nicsw_pf_blocks_refresh(&change, 0, NICSW_NONE);
	cr_expect_eq(record()[0].data[MAC][5], 1, "not before it is committed");
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_expect_eq(record()[0].data[MAC][5], 9);
	cr_expect_eq(take(), BIT(MAC));
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_pf_blocks_refresh(&change, 0, NICSW_NONE);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_expect_eq(take(), 0, "nothing has changed");
}

/* RESET-VF-13, LC-BC-8: initial content, and nothing is announced any more. */
Test(pf_block, RESET_VF_13_reset)
{
	struct nicsw_block_record initial = record()[0];
	struct nicsw_change change;

	cr_assert_eq(nicsw_pf_block_write(&adapter, 0, MAILBOX, 3, "abc", NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, BIT(MAILBOX), NULL), 0);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_pf_blocks_reset(&change, 0, NICSW_NONE);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	cr_expect_arr_eq(&record()[0], &initial, sizeof(initial));
}

/* BLK-6, -7, -10, -17: only the bytes asked for move. */
Test(pf_block, BLK_10_leading_bytes)
{
	__u8 data[4] = {1, 2, 3, 4};

	cr_assert_eq(nicsw_pf_block_write(&adapter, 0, MAILBOX, 3, "abc", NULL), 0);
	cr_assert_eq(nicsw_pf_block_write(&adapter, 0, MAILBOX, 1, "x", NULL), 0);
	cr_assert_eq(nicsw_pf_block_read(&adapter, 0, MAILBOX, 2, data, NULL), 0);
	cr_expect_arr_eq(data, "xb\x03\x04", 4);
	cr_expect_eq(nicsw_pf_block_write(&adapter, 0, MAC, 1, "x", NULL), -EACCES);
	cr_expect_eq(nicsw_pf_block_read(&adapter, 0, MAC, 7, data, NULL), -EINVAL);
	cr_expect_arr_eq(data, "xb\x03\x04", 4);
}

/* INVAL-8..11: a VF that is not there, a block that is not there, no block, all VFs. */
Test(pf_block, INVAL_8_passed_over)
{
	oid_allocate_vf(2);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 3, BIT(MAC), NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, FIXTURE_VFS, BIT(MAC), NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, ~7ull, NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, 0, NULL), 0);
	cr_expect_eq(record()[3].invalidated, 0);
	cr_expect_eq(take(), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, SRIOV_INVALIDATE_BLOCK_ALL_VFS, BIT(MAC),
						NULL),
		     0);
	cr_expect_eq(record()[1].invalidated, BIT(MAC));
	cr_expect_eq(record()[3].invalidated, 0);
	cr_expect_eq(take(), BIT(MAC));
}
