// SPDX-License-Identifier: GPL-2.0-only
/* Records as packets of a file: whose interface, which direction, in which words. */
#include "cli/capture_file.h"

#include <criterion/criterion.h>

static const struct nicsw_port_stats stats[] = {
	{.slot = 0, .vport_id = NICSW_NONE, .function = NICSW_NONE},
	{.slot = 1, .vport_id = 0, .function = NICSW_FUNCTION_PF},
	{.slot = 2, .vport_id = 7, .function = 0},
	{.slot = 3, .vport_id = NICSW_NONE, .function = 1},
};

static char *text;
static size_t size;

static struct nicsw_capture_file begin(__u32 slot)
{
	struct nicsw_capture_file file = {
		.stream = open_memstream(&text, &size), .slot = slot, .snap = 64, .clock = 1000};

	cr_assert_eq(nicsw_capture_file_ports(&file, stats, ARRAY_SIZE(stats)), 0);
	cr_assert_eq(nicsw_capture_file_begin(&file), 0);
	fflush(file.stream);
	return file;
}

static void end(struct nicsw_capture_file *file)
{
	fclose(file->stream);
	nicsw_capture_file_clear(file);
	free(text);
	text = NULL;
}

/* A frame of 24 bytes behind its header. */
struct example {
	struct nicsw_capture_record record;
	char bytes[24];
};

static struct example make(__u32 ingress, __u32 target, __u16 reason)
{
	return (struct example){.record = {.time = 5,
					   .length = 60,
					   .captured = 24,
					   .ingress = ingress,
					   .target = target,
					   .reason = reason}};
}

/* The last block: a packet of interface N with these flags; its comment is to be found in it. */
static void expect_packet(struct nicsw_capture_file *file, const struct example *example,
			  __u32 interface, __u32 flags, const char *comment)
{
	const struct nicsw_capture_record *record;
	__u32 length, seen;
	const char *block;

	cr_assert_eq(nicsw_capture_file_check(example, sizeof(*example), &record), 0);
	cr_assert_eq(nicsw_capture_file_add(file, record), 0, "%s", comment);
	fflush(file->stream);
	memcpy(&length, text + size - sizeof(length), sizeof(length));
	cr_assert_leq(length, size, "%s", comment);
	block = text + size - length;
	memcpy(&seen, block, sizeof(seen));
	cr_expect_eq(seen, 6, "%s: block %u", comment, seen);
	memcpy(&seen, block + 8, sizeof(seen));
	cr_expect_eq(seen, interface, "%s: interface %u", comment, seen);
	memcpy(&seen, block + 56, sizeof(seen)); /* behind 28 of header, 24 of frame, 4 of option */
	cr_expect_eq(seen, flags, "%s: flags %x", comment, seen);
	cr_expect_not_null(memmem(block, length, comment, strlen(comment)), "%s", comment);
}

#define IN_UNICAST  (1u | 1u << 2)
#define OUT_UNICAST (2u | 1u << 2)

Test(capture_file, words_of_a_verdict)
{
	struct nicsw_capture_file file = begin(NICSW_NONE);
	struct example example = make(2, 0, 0);

	expect_packet(&file, &example, 1, IN_UNICAST, "vport 7 -> uplink: forwarded");
	example.record.vlan = 10;
	expect_packet(&file, &example, 1, IN_UNICAST, "vport 7 -> uplink: forwarded, VLAN 10");
	example.record.vlan = 10 | NICSW_VLAN_SERVICE;
	expect_packet(&file, &example, 1, IN_UNICAST, "forwarded, VLAN 10 of 802.1ad");
	example = make(0, 3, NICSW_REASON_TOO_LONG);
	expect_packet(&file, &example, 0, IN_UNICAST,
		      "uplink -> vf 1: dropped, too_long: longer than the receiver's MTU (PATH-3)");
	example = make(2, NICSW_NONE, NICSW_REASON_SOURCE_SPOOFED);
	expect_packet(&file, &example, 1, IN_UNICAST, "vport 7: dropped, source_spoofed: ");
	example = make(1, 99, 200);
	expect_packet(&file, &example, 2, IN_UNICAST, "vport 0 -> port 99: dropped, reason 200");
	example = make(99, 1, 0);
	expect_packet(&file, &example, 3, IN_UNICAST, "port 99 -> vport 0: forwarded");
	cr_expect_eq(file.captured, 7);
	end(&file);
}

Test(capture_file, every_reason_has_its_words)
{
	struct nicsw_capture_file file = begin(NICSW_NONE);
	struct example example;

#define X(number, NAME, name, side, rule, words)                                                   \
	example = make(0, 1, number);                                                              \
	expect_packet(&file, &example, 0, IN_UNICAST, #name ": " words " (" rule ")");
	NICSW_REASONS(X)
#undef X
	end(&file);
}

Test(capture_file, casts)
{
	struct nicsw_capture_file file = begin(NICSW_NONE);
	struct example example = make(0, NICSW_CAPTURE_GROUP, 0);

	example.record.cast = NICSW_MULTICAST;
	expect_packet(&file, &example, 0, 1u | 2u << 2, "uplink -> group: forwarded");
	example.record.cast = NICSW_BROADCAST;
	expect_packet(&file, &example, 0, 1u | 3u << 2, "uplink -> group: forwarded");
	end(&file);
}

/* All of its frames are of the one port that is captured, in or out. */
Test(capture_file, one_port)
{
	struct nicsw_capture_file file = begin(2);
	struct example in = make(2, 0, 0), out = make(0, 2, 0);

	expect_packet(&file, &in, 0, IN_UNICAST, "vport 7 -> uplink");
	expect_packet(&file, &out, 0, OUT_UNICAST, "uplink -> vport 7");
	cr_expect_eq(file.num_interfaces, 1);
	cr_expect_not_null(memmem(text, size, "VPort 7 on VF 0", 15));
	end(&file);
}

/* What was lost is told once, by the next frame, and never taken back. */
Test(capture_file, losses)
{
	struct nicsw_capture_file file = begin(0);
	struct example example = make(0, 1, 0);
	size_t without, with;

	expect_packet(&file, &example, 0, IN_UNICAST, "forwarded");
	without = size;
	example.record.lost = 5;
	expect_packet(&file, &example, 0, IN_UNICAST, "forwarded");
	with = size - without;
	without = size;
	example.record.lost = 3; /* of another CPU, from before */
	expect_packet(&file, &example, 0, IN_UNICAST, "forwarded");
	cr_expect_eq(with - (size - without), 12, "an option of 12 bytes");
	cr_expect_eq(nicsw_capture_file_end(&file, 9, 6), 0);
	cr_expect_eq(file.lost, 6);
	end(&file);
}

Test(capture_file, ports_that_become_known)
{
	struct nicsw_capture_file file = begin(NICSW_NONE);
	const struct nicsw_port_stats more = {.slot = 600, .vport_id = 9, .function = 598};
	const struct nicsw_port_stats mad = {.slot = NICSW_NONE};
	struct example example = make(600, 0, 0);

	cr_expect_not(nicsw_capture_file_knows(&file, 600));
	cr_expect_eq(nicsw_capture_file_ports(&file, &more, 1), 0);
	cr_expect(nicsw_capture_file_knows(&file, 600));
	expect_packet(&file, &example, 1, IN_UNICAST, "vport 9 -> uplink");
	cr_expect_eq(nicsw_capture_file_ports(&file, &mad, 1), -EPROTO);
	example = make(NICSW_NONE, 0, 0);
	cr_expect_eq(nicsw_capture_file_add(&file, &example.record), -EPROTO);
	end(&file);
}

Test(capture_file, what_is_no_record)
{
	struct example example = make(0, 1, 0);
	const struct nicsw_capture_record *record = NULL;

	cr_expect_eq(nicsw_capture_file_check(&example, sizeof(example) - 1, &record), -EPROTO);
	cr_expect_eq(nicsw_capture_file_check(&example, sizeof(example.record) - 1, &record),
		     -EPROTO);
	example.record.captured = 25;
	cr_expect_eq(nicsw_capture_file_check(&example, sizeof(example), &record), -EPROTO);
	example.record.captured = NICSW_CAPTURE_SNAP_MAX + 1;
	cr_expect_eq(nicsw_capture_file_check(&example,
					      sizeof(example.record) + NICSW_CAPTURE_SNAP_MAX + 1,
					      &record),
		     -EPROTO);
	cr_expect_null(record);
}
