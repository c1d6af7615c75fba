// SPDX-License-Identifier: GPL-2.0-only
#include "cli/pcapng.h"

#include <nicsw/capture.h>

enum {
	SECTION_HEADER = 0x0a0d0d0a,
	INTERFACE_DESCRIPTION = 1,
	INTERFACE_STATISTICS = 5,
	ENHANCED_PACKET = 6,

	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	VERSION_MAJOR = 1,
	VERSION_MINOR = 0,
	LINKTYPE_ETHERNET = 1,
	NANOSECONDS = 9, /* 10^-9 of a second */
	VERDICT_XDP = 2,
};

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_SECTION_APPLICATION = 4,
	OPTION_INTERFACE_NAME = 2,
	OPTION_INTERFACE_DESCRIPTION = 3,
	OPTION_INTERFACE_RESOLUTION = 9,
	OPTION_PACKET_FLAGS = 2,
	OPTION_PACKET_DROPCOUNT = 4,
	OPTION_PACKET_VERDICT = 7,
	OPTION_STATISTICS_OSDROP = 7,
	OPTION_STATISTICS_DELIVERED = 8,
};

/* ---- blocks -------------------------------------------------------------------------------------
 */

/* The longest packet and a thousand bytes of options. */
struct block {
	char bytes[NICSW_CAPTURE_SNAP_MAX + 1024];
	size_t used;
	bool full;
};

static void put(struct block *block, const void *bytes, size_t length)
{
	if (block->full || length > sizeof(block->bytes) - block->used) {
		block->full = true;
		return;
	}
	memcpy(block->bytes + block->used, bytes, length);
	block->used += length;
}

static void put16(struct block *block, __u16 value)
{
	put(block, &value, sizeof(value));
}

static void put32(struct block *block, __u32 value)
{
	put(block, &value, sizeof(value));
}

/* Everything begins at a multiple of four. */
static void pad(struct block *block)
{
	static const char zeros[4];

	put(block, zeros, -block->used & 3);
}

static void put_time(struct block *block, __u64 time)
{
	put32(block, time >> 32);
	put32(block, (__u32)time);
}

static void put_option(struct block *block, enum option option, const void *value, size_t length)
{
	if (length > UINT16_MAX) {
		block->full = true;
		return;
	}
	put16(block, option);
	put16(block, (__u16)length);
	put(block, value, length);
	pad(block);
}

static void put_text(struct block *block, enum option option, const char *text)
{
	put_option(block, option, text, strlen(text));
}

static void begin(struct block *block, __u32 type)
{
	block->used = 0;
	block->full = false;
	put32(block, type);
	put32(block, 0); /* the length, at the end */
}

static int finish(struct block *block, FILE *stream)
{
	__u32 length = (__u32)(block->used + 2 * sizeof(__u32));

	put_option(block, OPTION_END, "", 0);
	put32(block, length);
	if (block->full)
		return -EMSGSIZE;
	memcpy(block->bytes + sizeof(__u32), &length, sizeof(length));
	return fwrite(block->bytes, 1, block->used, stream) == block->used ? 0 : -EIO;
}

/* ---- the four of them ---------------------------------------------------------------------------
 */

int nicsw_pcapng_header(FILE *stream, const char *application)
{
	static const __u64 unknown_length = UINT64_MAX;
	struct block block;

	begin(&block, SECTION_HEADER);
	put32(&block, BYTE_ORDER_MAGIC);
	put16(&block, VERSION_MAJOR);
	put16(&block, VERSION_MINOR);
	put(&block, &unknown_length, sizeof(unknown_length));
	put_text(&block, OPTION_SECTION_APPLICATION, application);
	return finish(&block, stream);
}

int nicsw_pcapng_interface(FILE *stream, const char *name, const char *description, __u32 snap)
{
	static const __u8 resolution = NANOSECONDS;
	struct block block;

	begin(&block, INTERFACE_DESCRIPTION);
	put16(&block, LINKTYPE_ETHERNET);
	put16(&block, 0);
	put32(&block, snap);
	put_text(&block, OPTION_INTERFACE_NAME, name);
	put_text(&block, OPTION_INTERFACE_DESCRIPTION, description);
	put_option(&block, OPTION_INTERFACE_RESOLUTION, &resolution, sizeof(resolution));
	return finish(&block, stream);
}

static void put_verdict(struct block *block, __u64 verdict)
{
	char value[1 + sizeof(verdict)] = {VERDICT_XDP};

	memcpy(value + 1, &verdict, sizeof(verdict));
	put_option(block, OPTION_PACKET_VERDICT, value, sizeof(value));
}

int nicsw_pcapng_packet(FILE *stream, const struct nicsw_pcapng_packet *packet)
{
	__u32 flags = packet->direction | packet->reception << 2;
	struct block block;

	begin(&block, ENHANCED_PACKET);
	put32(&block, packet->interface);
	put_time(&block, packet->time);
	put32(&block, packet->captured);
	put32(&block, packet->length);
	put(&block, packet->bytes, packet->captured);
	pad(&block);
	put_option(&block, OPTION_PACKET_FLAGS, &flags, sizeof(flags));
	if (packet->lost)
		put_option(&block, OPTION_PACKET_DROPCOUNT, &packet->lost, sizeof(packet->lost));
	put_verdict(&block, packet->verdict);
	put_text(&block, OPTION_COMMENT, packet->comment);
	return finish(&block, stream);
}

int nicsw_pcapng_statistics(FILE *stream, __u64 time, __u64 captured, __u64 lost)
{
	struct block block;

	begin(&block, INTERFACE_STATISTICS);
	put32(&block, 0);
	put_time(&block, time);
	put_option(&block, OPTION_STATISTICS_OSDROP, &lost, sizeof(lost));
	put_option(&block, OPTION_STATISTICS_DELIVERED, &captured, sizeof(captured));
	return finish(&block, stream);
}
