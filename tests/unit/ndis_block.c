// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include <nicsw/blocks.h>

static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
}

TestSuite(ndis_block, .init = open_vfs, .fini = fixture_close);

#define READ       OID_SRIOV_READ_VF_CONFIG_BLOCK
#define WRITE      OID_SRIOV_WRITE_VF_CONFIG_BLOCK
#define INVALIDATE OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK
#define MAC        NICSW_CONFIG_BLOCK_MAC_ADDRESS
#define VPORT      NICSW_CONFIG_BLOCK_VPORT_CONFIGURATION
#define MAILBOX    NICSW_CONFIG_BLOCK_MAILBOX

struct transfer {
	struct ndis_sriov_vf_config_block_parameters parameters;
	__u8 data[256];
};

static struct transfer fixture_transfer(__u16 vf, __u32 id, __u32 length)
{
	return (struct transfer){.parameters = {.header = HEADER(1, 20),
						.vf_id = vf,
						.block_id = id,
						.length = length,
						.buffer_offset = 20}};
}

static void read_block(__u16 vf, __u32 id, __u32 length, void *ret_data)
{
	struct transfer transfer = fixture_transfer(vf, id, length), sent = transfer;
	struct reply reply = ask(READ, METHOD, &transfer, 20, 20 + length);

	ACCEPT(reply);
	cr_expect_eq(reply.read, 20);
	cr_expect_eq(reply.written, 20 + length);
	cr_expect_arr_eq(&transfer.parameters, &sent.parameters, 20);
	cr_expect_eq(transfer.data[length], 0);
	memcpy(ret_data, transfer.data, length);
}

static void write_block(__u16 vf, __u32 id, const void *data, __u32 length)
{
	struct transfer transfer = fixture_transfer(vf, id, length), sent;
	struct reply reply;

	memcpy(transfer.data, data, length);
	sent = transfer;
	reply = ask(WRITE, SET, &transfer, 20 + length, 0);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 20 + length);
	cr_expect_eq(reply.written, 0);
	cr_expect_arr_eq(&transfer, &sent, sizeof(sent));
}

static __u64 fetch(__u32 vf)
{
	struct ndis_sriov_vf_invalidate_config_block_info info = {.header = HEADER(1, 16),
								  .block_mask = ~0ull};
	struct reply reply;

	target_vf = vf;
	reply = ask(INVALIDATE, METHOD, &info, 16, 16);
	target_vf = NICSW_NONE;
	ACCEPT(reply);
	cr_expect_eq(reply.read, 16);
	cr_expect_eq(reply.written, 16);
	return info.block_mask;
}

/* BLK-6, -7, -8, -10, -13: 128 bytes, a shorter transfer, and nobody else's. */
Test(ndis_block, BLK_7_mailbox)
{
	__u8 wanted[128], read[128];

	memset(wanted, 0xa5, sizeof(wanted));
	wanted[127] = 1;
	write_block(0, MAILBOX, wanted, 128);
	read_block(0, MAILBOX, 128, read);
	cr_expect_arr_eq(read, wanted, 128);
	write_block(0, MAILBOX, "xyz", 3);
	read_block(0, MAILBOX, 5, read);
	cr_expect_arr_eq(read, "xyz\xa5\xa5", 5);
	read_block(1, MAILBOX, 128, read);
	cr_expect_eq(read[0] | read[127], 0);
	write_block(0, MAILBOX, "", 0);
	cr_expect_eq(fetch(0), 0); /* the VF knows what it wrote itself */
}

/* BLK-6 at another place: bytes before the data stay. */
Test(ndis_block, BLK_6_gap)
{
	struct transfer transfer = fixture_transfer(0, MAC, 6);

	transfer.parameters.buffer_offset = 30;
	memset(transfer.data, 0x5a, 17);
	ACCEPT(ask(READ, METHOD, &transfer, 20, 36));
	cr_expect_arr_eq(transfer.data + 8, "\x5a\x5a\x02\x00\x00\x00\x00\x01\x5a", 9);
}

/* BLK-3, -4, -8, -9, -12; LC-VF-1, GEN-30: in both directions. */
Test(ndis_block, BLK_bad_members)
{
#define BAD_BLOCK(rule, member, bad)                                                               \
	BAD(rule, INVALID_PARAMETER, ndis_sriov_vf_config_block_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_BLOCK("BLK-3", vf_id, 2),
		BAD_BLOCK("BLK-3", vf_id, 4),
		BAD_BLOCK("BLK-3", vf_id, 0xffff),
		BAD_BLOCK("BLK-4", block_id, 3),
		BAD_BLOCK("BLK-4", block_id, 8),
		BAD_BLOCK("BLK-4", block_id, ~0u),
		BAD_BLOCK("BLK-8", length, 129),
		BAD_BLOCK("BLK-8", length, ~0u),
		BAD_BLOCK("BLK-12", buffer_offset, 19),
		BAD_BLOCK("BLK-12", buffer_offset, 0),
		BAD_BLOCK("GEN-30", buffer_offset, 0xffffff90),
	};
	struct transfer good = fixture_transfer(0, MAILBOX, 128);
	struct transfer mac = fixture_transfer(0, MAC, 7);

	refuse_each(READ, METHOD, &good, 160, refusals, ARRAY_SIZE(refusals));
	refuse_each(WRITE, SET, &good, 160, refusals, ARRAY_SIZE(refusals));
	refuse(READ, METHOD, &mac, 20, 160, NDIS_STATUS_INVALID_PARAMETER, "BLK-9");
	mac.parameters.block_id = VPORT;
	mac.parameters.length = 17;
	refuse(READ, METHOD, &mac, 20, 160, NDIS_STATUS_INVALID_PARAMETER, "BLK-9");
}

/* BLK-5, LC-BC-5: by one byte, in the direction of the data. */
Test(ndis_block, BLK_5_room)
{
	struct transfer transfer = fixture_transfer(0, MAILBOX, 128);
	struct reply reply;

	reply = refuse(READ, METHOD, &transfer, 160, 147, NDIS_STATUS_INVALID_LENGTH, "BLK-5");
	cr_expect_eq(reply.needed, 148);
	reply = refuse(WRITE, SET, &transfer, 147, 0, NDIS_STATUS_INVALID_LENGTH, "BLK-5");
	cr_expect_eq(reply.needed, 148);
}

/* BLK-11, BLK-17, BLK-14: what the PF keeps, the VF does not write. */
Test(ndis_block, BLK_11_read_only)
{
	struct transfer transfer = fixture_transfer(0, MAC, 6);

	refuse(WRITE, SET, &transfer, 26, 0, NDIS_STATUS_FAILURE, "BLK-11");
	transfer.parameters.block_id = VPORT;
	refuse(WRITE, SET, &transfer, 26, 0, NDIS_STATUS_FAILURE, "BLK-11");
}

static void expect_vport(__u32 vport, __u32 state, __u32 queue_pairs)
{
	const struct nicsw_block_vport_configuration expected = {vport, state, queue_pairs, 0};
	struct nicsw_block_vport_configuration read;

	read_block(0, VPORT, 16, &read);
	cr_expect_arr_eq(&read, &expected, 16);
}

/* LC-BC-6, INVAL-1, -3, -4: blocks follow what they tell of, and the VF hears that they changed. */
Test(ndis_block, LC_BC_6_vport_configuration)
{
	cr_expect_eq(fetch(0), 0);
	expect_vport(NICSW_NONE, 0, 0);
	oid_create_vport(0);
	expect_vport(1, NdisNicSwitchVPortStateActivated, 1);
	cr_expect_eq(fetch(0), 1u << VPORT);
	cr_expect_eq(fetch(0), 0);
	cr_expect_eq(fetch(1), 0);
	oid_delete_vport(1);
	expect_vport(NICSW_NONE, 0, 0);
	cr_expect_eq(fetch(0), 1u << VPORT);
}

/* INVAL-2, -5, -8, -9, -10, -11, -12. */
Test(ndis_block, INVAL_2_masks_add_up)
{
	struct snapshot before, after;

	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, 1u << MAC, NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, 1u << MAILBOX, NULL), 0);
	cr_expect_eq(fetch(0), 1u << MAC | 1u << MAILBOX);
	cr_expect_eq(fetch(0), 0);
	before = snapshot_take();
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, 0, NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, ~7ull, NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 2, 7, NULL), 0);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, FIXTURE_VFS, 7, NULL), 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0xffff, ~0ull, NULL), 0);
	cr_expect_eq(adapter.dataplane.maps.blocks[2].invalidated, 0);
	cr_expect_eq(fetch(0), 7);
	cr_expect_eq(fetch(1), 7);
}

/* RESET-VF-10, -13, LC-BC-8: a reset brings back the initial content of this VF's blocks. */
Test(ndis_block, RESET_VF_13_initial_content)
{
	__u8 read[128];

	oid_create_vport(0);
	write_block(0, MAILBOX, "hello", 5);
	write_block(1, MAILBOX, "other", 5);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, 7, NULL), 0);
	oid_reset_vf(0);
	read_block(0, MAILBOX, 5, read);
	cr_expect_arr_eq(read, "\0\0\0\0\0", 5);
	read_block(0, MAC, 6, read);
	cr_expect_arr_eq(read, "\x02\0\0\0\0\x01", 6);
	expect_vport(1, NdisNicSwitchVPortStateActivated, 1);
	cr_expect_eq(fetch(0), 0);
	read_block(1, MAILBOX, 5, read);
	cr_expect_arr_eq(read, "other", 5);
}

/* LC-VF-8, LC-BC-8: nothing is left to the next owner. */
Test(ndis_block, LC_VF_8_next_owner)
{
	static const struct nicsw_block_record zero;
	__u8 read[128];

	write_block(0, MAILBOX, "secret", 6);
	cr_assert_eq(nicsw_pf_blocks_invalidate(&adapter, 0, 7, NULL), 0);
	oid_free_vf(0);
	cr_expect_arr_eq(&adapter.dataplane.maps.blocks[0], &zero, sizeof(zero));
	cr_expect_eq(oid_allocate_vf(9), 0);
	read_block(0, MAILBOX, 6, read);
	cr_expect_arr_eq(read, "\0\0\0\0\0\0", 6);
	read_block(0, MAC, 6, read);
	cr_expect_eq(read[5], 9);
	cr_expect_eq(fetch(0), 0);
}
