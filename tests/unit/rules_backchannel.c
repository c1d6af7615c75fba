// SPDX-License-Identifier: GPL-2.0-only
/* The channel between the VF's driver and the PF: config blocks, and the news that they changed. */
#include "ndis_fixture.h"

#include <nicsw/blocks.h>

static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
}

TestSuite(rules_backchannel, .init = open_vfs, .fini = fixture_close);

#define MAC     NICSW_CONFIG_BLOCK_MAC_ADDRESS
#define VPORT   NICSW_CONFIG_BLOCK_VPORT_CONFIGURATION
#define MAILBOX NICSW_CONFIG_BLOCK_MAILBOX
#define BIT(id) (1ull << (id))

static const struct {
	__u32 id;
	__u32 length;
	bool writable;
} blocks[] = {
#define ACCESS_read                       false
#define ACCESS_write                      true
#define X(id, NAME, name, length, access) {id, length, ACCESS_##access},
	NICSW_CONFIG_BLOCKS(X)
#undef X
};

struct transfer {
	struct ndis_sriov_vf_config_block_parameters parameters;
	__u8 data[NICSW_BLOCK_SIZE];
};

static struct transfer fixture_transfer(__u16 vf, __u32 id, __u32 length)
{
	return (struct transfer){.parameters = {.header = HEADER(1, 20),
						.vf_id = vf,
						.block_id = id,
						.length = length,
						.buffer_offset = 20}};
}

static __u32 read_status(__u16 vf, __u32 id, __u32 length, __u8 *ret_data)
{
	struct transfer transfer = fixture_transfer(vf, id, length);
	struct reply reply = ask(OID_SRIOV_READ_VF_CONFIG_BLOCK, METHOD, &transfer,
				 sizeof(transfer), sizeof(transfer));

	memcpy(ret_data, transfer.data, NICSW_BLOCK_SIZE);
	return reply.status;
}

static __u32 write_status(__u16 vf, __u32 id, __u32 length, const __u8 *data)
{
	struct transfer transfer = fixture_transfer(vf, id, length);

	memcpy(transfer.data, data, length);
	return ask(OID_SRIOV_WRITE_VF_CONFIG_BLOCK, SET, &transfer, sizeof(transfer), 0).status;
}

/* The guest's NDIS takes the mask that has accumulated. */
static __u64 fetch(__u32 vf)
{
	struct ndis_sriov_vf_invalidate_config_block_info info = {.header = HEADER(1, 16)};
	struct reply reply;

	target_vf = vf;
	reply = ask(OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, METHOD, &info, 16, 16);
	target_vf = NICSW_NONE;
	ACCEPT(reply);
	cr_expect_eq(reply.written, 16);
	return info.block_mask;
}

static void announce(__u32 vf, __u64 mask)
{
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, vf, mask, NULL), 0);
}

/* LC-BC-1: each block has its id, its length, its format, for each VF. */
Test(rules_backchannel, LC_BC_1_blocks)
{
	__u8 data[NICSW_BLOCK_SIZE], mine[NICSW_BLOCK_SIZE];
	size_t i;

	memset(mine, 0xa5, sizeof(mine));
	for (i = 0; i < ARRAY_SIZE(blocks); i++) {
		cr_expect_eq(read_status(0, blocks[i].id, blocks[i].length, data),
			     NDIS_STATUS_SUCCESS);
		cr_expect_eq(read_status(0, blocks[i].id, blocks[i].length + 1, data),
			     NDIS_STATUS_INVALID_PARAMETER, "block %u", blocks[i].id);
	}
	cr_expect_eq(read_status(0, MAC, NICSW_MAC_SIZE, data), NDIS_STATUS_SUCCESS);
	cr_expect_arr_eq(data, "\x02\0\0\0\0\x01", NICSW_MAC_SIZE);
	cr_expect_eq(read_status(1, MAC, NICSW_MAC_SIZE, data), NDIS_STATUS_SUCCESS);
	cr_expect_arr_eq(data, "\x02\0\0\0\0\x02", NICSW_MAC_SIZE);
	cr_expect_eq(write_status(0, MAILBOX, NICSW_BLOCK_SIZE, mine), NDIS_STATUS_SUCCESS);
	cr_expect_eq(read_status(1, MAILBOX, NICSW_BLOCK_SIZE, data), NDIS_STATUS_SUCCESS);
	for (i = 0; i < NICSW_BLOCK_SIZE; i++)
		cr_expect_eq(data[i], 0);
}

/* LC-BC-2, BLK-15: one block, and when the request is back, it is done. */
Test(rules_backchannel, LC_BC_2_synchronous)
{
	const struct nicsw_block_record *record = adapter.dataplane.maps.blocks;
	struct nicsw_block_record before = record[0];
	__u8 data[NICSW_BLOCK_SIZE];
	__u32 id;

	cr_expect_eq(write_status(0, MAILBOX, 5, (const __u8 *)"hello"), NDIS_STATUS_SUCCESS);
	cr_expect_arr_eq(record[0].data[MAILBOX], "hello", 5);
	cr_expect_eq(read_status(0, MAILBOX, 5, data), NDIS_STATUS_SUCCESS);
	cr_expect_arr_eq(data, "hello", 5);
	for (id = 0; id < NICSW_BLOCKS; id++)
		if (id != MAILBOX)
			cr_expect_arr_eq(record[0].data[id], before.data[id], NICSW_BLOCK_SIZE);
}

/* LC-BC-3: the PF says which, and no more: the blocks stay, and the answer has room for the mask
 * only. */
Test(rules_backchannel, LC_BC_3_only_the_mask)
{
	const struct nicsw_block_record *record = adapter.dataplane.maps.blocks;
	struct nicsw_block_record before = record[0];

	announce(0, BIT(MAC) | BIT(MAILBOX));
	cr_expect_arr_eq(record[0].data, before.data, sizeof(before.data));
	cr_expect_eq(fetch(0), BIT(MAC) | BIT(MAILBOX));
	cr_expect_arr_eq(record[0].data, before.data, sizeof(before.data));
}

/*
 * LC-BC-4: announcements add up until the guest asks; it is told once, reads, and what changes
 * meanwhile is told by the next request.
 */
Test(rules_backchannel, LC_BC_4_sequence)
{
	__u8 data[NICSW_BLOCK_SIZE];

	announce(0, BIT(MAC));
	announce(0, BIT(MAILBOX));
	cr_expect_eq(fetch(0), BIT(MAC) | BIT(MAILBOX));
	oid_create_vport(0); /* while the guest reads */
	cr_expect_eq(read_status(0, MAC, NICSW_MAC_SIZE, data), NDIS_STATUS_SUCCESS);
	cr_expect_eq(fetch(0), BIT(VPORT));
	cr_expect_eq(read_status(0, VPORT, 4, data), NDIS_STATUS_SUCCESS);
	cr_expect_arr_eq(data, "\x01\0\0\0", 4);
	cr_expect_eq(fetch(0), 0);
	cr_expect_eq(fetch(1), 0);
}

static void expect_channel(__u8 value, const char *when)
{
	__u8 data[NICSW_BLOCK_SIZE];

	cr_expect_eq(write_status(0, MAILBOX, 1, &value), NDIS_STATUS_SUCCESS, "%s", when);
	cr_expect_eq(read_status(0, MAILBOX, 1, data), NDIS_STATUS_SUCCESS, "%s", when);
	cr_expect_eq(data[0], value, "%s", when);
	announce(0, BIT(MAILBOX));
	cr_expect_eq(fetch(0) & BIT(MAILBOX), BIT(MAILBOX), "%s", when);
}

/* LC-BC-7: from the allocation on, with and without VPort, awake and asleep; and not before. */
Test(rules_backchannel, LC_BC_7_from_allocation_on)
{
	struct transfer early = fixture_transfer(2, MAILBOX, 1);
	__u32 vport;

	refuse(OID_SRIOV_READ_VF_CONFIG_BLOCK, METHOD, &early, sizeof(early), sizeof(early),
	       NDIS_STATUS_INVALID_PARAMETER, "BLK-3");
	expect_channel(1, "allocated");
	vport = oid_create_vport(0);
	expect_channel(2, "with a VPort");
	cr_assert_eq(nicsw_pf_vf_set_power(&adapter, 0, NdisDeviceStateD3, false, NULL), 0);
	expect_channel(3, "in D3");
	oid_delete_vport(vport);
	expect_channel(4, "in D3 without a VPort");
}
