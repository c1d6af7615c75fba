// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(ndis_config_space, .init = open_vf, .fini = fixture_close);

#define READ OID_SRIOV_READ_VF_CONFIG_SPACE

#define DATA_SIZE NICSW_CONFIG_SIZE

struct config_read {
	struct ndis_sriov_vf_config_space_parameters parameters;
	__u8 data[DATA_SIZE + 16];
};

static struct config_read fixture_read(__u32 offset, __u32 length)
{
	return (struct config_read){
		.parameters = {.header = HEADER(1, 20),
			       .vf_id = 0,
			       .offset = offset,
			       .length = length,
			       .buffer_offset = 20},
	};
}

/* RD-CFG-6, -7, -13, -16; pci.md 8, rows 1, 3, 6, 14: byte-exact slices at any offset and length.
 */
Test(ndis_config_space, RD_CFG_7_slices)
{
	static const struct {
		__u32 offset;
		__u32 length;
	} slices[] = {{0, 4},    {5, 3},     {8, 4},    {0x2c, 2},
		      {0x34, 1}, {0x100, 7}, {4095, 1}, {0, 4096}};
	const __u8 *space = adapter.dataplane.maps.config_space[1];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(slices); i++) {
		struct config_read read = fixture_read(slices[i].offset, slices[i].length);
		struct config_read sent = read;
		struct reply reply = ask(READ, METHOD, &read, 20, 20 + slices[i].length);

		ACCEPT(reply);
		cr_expect_eq(reply.read, 20);
		cr_expect_eq(reply.written, 20 + slices[i].length);
		cr_expect_arr_eq(&read.parameters, &sent.parameters, 20);
		cr_expect_arr_eq(read.data, space + slices[i].offset, slices[i].length);
		cr_expect_eq(read.data[slices[i].length], 0);
	}
}

/* RD-CFG-21, PCI-20: the ids read FFFFh. */
Test(ndis_config_space, RD_CFG_21_ids)
{
	struct config_read read = fixture_read(0, 12);

	ACCEPT(ask(READ, METHOD, &read, 20, 32));
	cr_expect_arr_eq(read.data, "\xff\xff\xff\xff", 4);
	cr_expect_arr_eq(read.data + 9, "\x00\x00\x02", 3);
}

/* RD-CFG-17: bytes between the structure and the data stay. */
Test(ndis_config_space, RD_CFG_17_gap)
{
	struct config_read read = fixture_read(0, 4);

	read.parameters.buffer_offset = 30;
	memset(read.data, 0x5a, 14);
	ACCEPT(ask(READ, METHOD, &read, 20, 34));
	cr_expect_arr_eq(read.data, "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\xff\xff\xff\xff\0",
			 15);
}

/* RD-CFG-12. */
Test(ndis_config_space, RD_CFG_12_nothing)
{
	struct config_read read = fixture_read(4096, 0);
	struct reply reply = ask(READ, METHOD, &read, 20, 20);

	ACCEPT(reply);
	cr_expect_eq(reply.written, 20);
}

/* RD-CFG-4, -5; pci.md 8, row 11. */
Test(ndis_config_space, RD_CFG_4_room)
{
	struct config_read read = fixture_read(0, 64);
	struct reply reply;

	reply = refuse(READ, METHOD, &read, 20, 83, NDIS_STATUS_INVALID_LENGTH, "RD-CFG-4");
	cr_expect_eq(reply.needed, 84);
	read.parameters.buffer_offset = 100;
	reply = refuse(READ, METHOD, &read, 200, 84, NDIS_STATUS_INVALID_LENGTH, "RD-CFG-4");
	cr_expect_eq(reply.needed, 164);
	read.parameters.buffer_offset = UINT32_MAX - 64; /* the largest sum (GEN-30) */
	reply = refuse(READ, METHOD, &read, 200, 84, NDIS_STATUS_INVALID_LENGTH, "RD-CFG-4");
	cr_expect_eq(reply.needed, UINT32_MAX);
}

/* RD-CFG-3, -10, -11, -14; GEN-30; pci.md 8, rows 10, 12. */
Test(ndis_config_space, RD_CFG_bad_members)
{
#define BAD_READ(rule, member, bad)                                                                \
	BAD(rule, INVALID_PARAMETER, ndis_sriov_vf_config_space_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_READ("RD-CFG-3", vf_id, 1), /* LC-VF-1 */
		BAD_READ("RD-CFG-14", vf_id, 4),
		BAD_READ("RD-CFG-14", vf_id, 0xffff),
		BAD_READ("RD-CFG-10", buffer_offset, 19),
		BAD_READ("RD-CFG-10", buffer_offset, 0),
		BAD_READ("RD-CFG-11", offset, 4093),
		BAD_READ("RD-CFG-11", offset, 4097),
		BAD_READ("RD-CFG-11", offset, 0xfffffffc),
		BAD_READ("RD-CFG-11", length, 4097),
		BAD_READ("RD-CFG-11", length, 0xffffffff),
		BAD_READ("GEN-30", buffer_offset, 0xfffffffc),
	};
	struct config_read good = fixture_read(0, 4);

	refuse_each(READ, METHOD, &good, 64, refusals, ARRAY_SIZE(refusals));
}

/* RD-CFG-20: the VF first, then the buffer. */
Test(ndis_config_space, RD_CFG_20_order)
{
	struct config_read read = fixture_read(0, 64);

	read.parameters.vf_id = 2;
	refuse(READ, METHOD, &read, 20, 20, NDIS_STATUS_INVALID_PARAMETER, "RD-CFG-3");
}

/* RD-CFG-9: no byte came, for the VF does not answer (PCI-22). */
Test(ndis_config_space, RD_CFG_9_no_answer)
{
	struct config_read read = fixture_read(0, 4);

	cr_assert_eq(
		nicsw_sriov_disable(&adapter.device, adapter.dataplane.maps.config_space[0], 0), 0);
	refuse(READ, METHOD, &read, 20, 24, NDIS_STATUS_FAILURE, "RD-CFG-9");
}

/* RD-CFG-8, -15, -19: what the registers hold now, in D3 too, and reading changes nothing. */
Test(ndis_config_space, RD_CFG_8_live)
{
	struct config_read read = fixture_read(4, 2);
	__u8 *space = adapter.dataplane.maps.config_space[1];
	struct snapshot before, after;

	nicsw_function_set_bus_master(&adapter.device, 0, space, true);
	nicsw_function_set_power(&adapter.device, 0, space, NICSW_D3, false);
	before = snapshot_take();
	ACCEPT(ask(READ, METHOD, &read, 20, 22));
	after = snapshot_take();
	cr_expect_arr_eq(read.data, "\x04\x00", 2); /* pci.md 8, row 2 */
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

#define WRITE OID_SRIOV_WRITE_VF_CONFIG_SPACE

/* One write that succeeds; the buffer is only read (WR-CFG-11). */
static void write_space(__u32 offset, const void *data, __u32 length)
{
	struct config_read write = fixture_read(offset, length), sent;
	struct reply reply;

	memcpy(write.data, data, length);
	sent = write;
	reply = ask(WRITE, SET, &write, 20 + length, 0);
	ACCEPT(reply);
	cr_expect_eq(reply.read, 20 + length);
	cr_expect_eq(reply.written, 0);
	cr_expect_arr_eq(&write, &sent, sizeof(sent));
}

static __u8 *space(void)
{
	return adapter.dataplane.maps.config_space[1];
}

static __u8 find_capability(__u8 id)
{
	__u8 at = space()[0x34];

	while (at && space()[at] != id)
		at = space()[at + 1];
	cr_assert(at);
	return at;
}

/* A VF that runs: netdev, VPort, filter, driver. */
static void run_vf(void)
{
	struct nicsw_change change;

	oid_create_vport(0);
	oid_set_filter(1, 2, 1, -1);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	nicsw_change_vf(&change, 0)->packet_filter = 0xd;
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

static bool ready(void)
{
	return adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)].flags & NICSW_PORT_READY;
}

/* WR-CFG-5, -7, -9, -10, PCI-21, PCI-25; pci.md 8, row 2: Bus Master decides what the port does. */
Test(ndis_config_space, WR_CFG_5_bus_master)
{
	run_vf();
	cr_expect_not(ready());
	write_space(4, "\x06\x00", 2);
	cr_expect_arr_eq(space() + 4, "\x04\x00", 2);
	cr_expect(ready());
	write_space(4, "\x00", 0);
	cr_expect(ready());
	write_space(4, "\x00\x00", 2);
	cr_expect_not(ready());
}

/* WR-CFG-5 in the middle of a register: PME_En of PMCSR, and nothing beside it. */
Test(ndis_config_space, WR_CFG_5_odd_offset)
{
	__u8 at = find_capability(0x01) + 4;

	write_space(at + 1, "\x01", 1);
	cr_expect_arr_eq(space() + at, "\x08\x01", 2);
}

/* WR-CFG-7, -14, PCI-7, PCI-21: all ones everywhere reach neither ids, BARs, nor other functions.
 */
Test(ndis_config_space, WR_CFG_14_only_this_vf)
{
	__u8(*spaces)[NICSW_CONFIG_SIZE] = adapter.dataplane.maps.config_space;
	__u8 ones[36], before[2][NICSW_CONFIG_SIZE], bars[24] = {};

	oid_allocate_vf(2);
	memcpy(before[0], spaces[0], NICSW_CONFIG_SIZE);
	memcpy(before[1], spaces[2], NICSW_CONFIG_SIZE);
	memset(ones, 0xff, sizeof(ones));
	write_space(0, ones, 36);
	cr_expect_arr_eq(spaces[1] + 0x10, bars, 20);
	cr_expect_arr_eq(spaces[1] + 4, "\x04\x00", 2);
	cr_expect_arr_eq(spaces[0], before[0], NICSW_CONFIG_SIZE);
	cr_expect_arr_eq(spaces[2], before[1], NICSW_CONFIG_SIZE);
}

/* WR-CFG-12, PCI-80, LC-RST-1: Initiate FLR is RESET_VF, config blocks and driver included. */
Test(ndis_config_space, WR_CFG_12_flr)
{
	__u8 at = find_capability(0x10) + 8;

	run_vf();
	cr_assert_eq(nicsw_pf_block_write(&adapter, 0, 2, 5, "hello", NULL), 0);
	write_space(0x04, "\x04", 1);
	write_space(at, "\x00\x80", 2);
	cr_expect_arr_eq(space() + at, "\x00\x00", 2);
	cr_expect_eq(adapter.dataplane.maps.blocks[0].data[2][0], 0);
	cr_expect(ready()); /* the VF's driver, played for a namespace, starts again */
	cr_expect_eq(steered_to(2, 1, 0), NICSW_SLOT_VF(0));
}

/* WR-CFG-12 of a VF without netdev: nobody starts it again. */
Test(ndis_config_space, WR_CFG_12_flr_without_driver)
{
	write_space(0x04, "\x04", 1);
	cr_expect_arr_eq(space() + 4, "\x04", 1);
	write_space(find_capability(0x10) + 8, "\x00\x80", 2);
	cr_expect_arr_eq(space() + 4, "\x00", 1);
}

/* WR-CFG-13, LC-PWR-5: PMCSR is SET_VF_POWER_STATE. */
Test(ndis_config_space, WR_CFG_13_power)
{
	__u8 at = find_capability(0x01) + 4;

	run_vf();
	write_space(4, "\x04", 1);
	write_space(at, "\x03", 1);
	cr_expect_not(ready());
	cr_expect_eq(nicsw_function_power(space()), NICSW_D3);
	write_space(at, "\x00", 1);
	cr_expect(ready());
}

/* WR-CFG-3, -8, GEN-30; LC-VF-1. */
Test(ndis_config_space, WR_CFG_bad_members)
{
	static const struct refusal refusals[] = {
		BAD_READ("WR-CFG-3", vf_id, 1),
		BAD_READ("WR-CFG-3", vf_id, 4),
		BAD_READ("WR-CFG-3", vf_id, 0xffff),
		BAD_READ("WR-CFG-8", buffer_offset, 19),
		BAD_READ("WR-CFG-8", offset, 4093),
		BAD_READ("WR-CFG-8", offset, 0xfffffffc),
		BAD_READ("WR-CFG-8", length, 0xffffffff),
		BAD_READ("GEN-30", buffer_offset, 0xfffffffc),
	};
	struct config_read good = fixture_read(4, 4);

	good.data[0] = 4;
	refuse_each(WRITE, SET, &good, 64, refusals, ARRAY_SIZE(refusals));
}

/* WR-CFG-4: by one byte. */
Test(ndis_config_space, WR_CFG_4_room)
{
	struct config_read write = fixture_read(4, 64);
	struct reply reply;

	write.data[0] = 4;
	reply = refuse(WRITE, SET, &write, 83, 0, NDIS_STATUS_INVALID_LENGTH, "WR-CFG-4");
	cr_expect_eq(reply.needed, 84);
}

/* WR-CFG-6, -15: no byte was taken. */
Test(ndis_config_space, WR_CFG_6_no_answer)
{
	struct config_read write = fixture_read(4, 4);

	cr_assert_eq(
		nicsw_sriov_disable(&adapter.device, adapter.dataplane.maps.config_space[0], 0), 0);
	refuse(WRITE, SET, &write, 24, 0, NDIS_STATUS_FAILURE, "WR-CFG-6");
}
