// SPDX-License-Identifier: GPL-2.0-only
/* The bytes of a pcapng file, block by block, as the draft has them. */
#include "cli/pcapng.h"

#include <criterion/criterion.h>
#include <nicsw/capture.h>

#include "core/text.h"

static char *text;
static size_t size;

static FILE *open_file(void)
{
	return open_memstream(&text, &size);
}

/* What was written, as hex digits without blanks. */
static void expect_bytes(FILE *stream, const char *expected)
{
	_cleanup_free_ char *hex = NULL;
	_cleanup_free_ char *compact = calloc(1, strlen(expected) + 1);

	fclose(stream);
	hex = malloc(2 * size + 1);
	nicsw_format_hex(text, size, hex);
	for (const char *from = expected, *c; *(c = from++);)
		if (*c != ' ')
			strncat(compact, c, 1);
	cr_expect_str_eq(hex, compact);
	free(text);
	text = NULL;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

Test(pcapng, header)
{
	FILE *stream = open_file();

	cr_expect_eq(nicsw_pcapng_header(stream, "nicsw"), 0);
	expect_bytes(stream, "0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff "
			     "0400 0500 6e69637377 000000 0000 0000 2c000000");
}

Test(pcapng, interface)
{
	FILE *stream = open_file();

	cr_expect_eq(nicsw_pcapng_interface(stream, "vport 1", "VPort 1 on VF 0", 256), 0);
	expect_bytes(stream, "01000000 40000000 0100 0000 00010000 "
			     "0200 0700 76706f72742031 00 "
			     "0300 0f00 56506f72742031206f6e2056462030 00 "
			     "0900 0100 09 000000 0000 0000 40000000");
}

static const struct nicsw_pcapng_packet packet = {
	.interface = 3,
	.time = 0x1122334455667788ull,
	.length = 1500,
	.captured = 5,
	.bytes = "\xde\xad\xbe\xef\x01",
	.direction = NICSW_PCAPNG_OUTBOUND,
	.reception = NICSW_PCAPNG_BROADCAST,
	.verdict = 1,
	.comment = "why",
};

Test(pcapng, packet)
{
	FILE *stream = open_file();

	cr_expect_eq(nicsw_pcapng_packet(stream, &packet), 0);
	expect_bytes(stream, "06000000 4c000000 03000000 44332211 88776655 05000000 dc050000 "
			     "deadbeef01 000000 "
			     "0200 0400 0e000000 "
			     "0700 0900 02 0100000000000000 000000 "
			     "0100 0300 776879 00 0000 0000 4c000000");
}

/* How many got lost before it is an option only if there were any. */
Test(pcapng, packet_after_a_loss)
{
	struct nicsw_pcapng_packet after = packet;
	FILE *stream = open_file();

	after.lost = 0x102;
	after.comment = "";
	cr_expect_eq(nicsw_pcapng_packet(stream, &after), 0);
	expect_bytes(stream, "06000000 54000000 03000000 44332211 88776655 05000000 dc050000 "
			     "deadbeef01 000000 "
			     "0200 0400 0e000000 "
			     "0400 0800 0201000000000000 "
			     "0700 0900 02 0100000000000000 000000 "
			     "0100 0000 0000 0000 54000000");
}

Test(pcapng, statistics)
{
	FILE *stream = open_file();

	cr_expect_eq(nicsw_pcapng_statistics(stream, 0x1122334455667788ull, 7, 2), 0);
	expect_bytes(stream, "05000000 34000000 00000000 44332211 88776655 "
			     "0700 0800 0200000000000000 0800 0800 0700000000000000 "
			     "0000 0000 34000000");
}

#endif

Test(pcapng, the_longest_packet_and_one_that_is_longer)
{
	static const char bytes[2 * NICSW_CAPTURE_SNAP_MAX];
	struct nicsw_pcapng_packet longest = packet;
	FILE *stream = open_file();

	longest.bytes = bytes;
	longest.captured = NICSW_CAPTURE_SNAP_MAX;
	cr_expect_eq(nicsw_pcapng_packet(stream, &longest), 0);
	longest.captured = 2 * NICSW_CAPTURE_SNAP_MAX;
	fflush(stream);
	cr_expect_gt(size, NICSW_CAPTURE_SNAP_MAX);
	cr_expect_eq(nicsw_pcapng_packet(stream, &longest), -EMSGSIZE);
	fclose(stream);
	free(text);
}

Test(pcapng, a_full_disk)
{
	FILE *stream = fopen("/dev/full", "w");

	cr_assert_not_null(stream);
	setvbuf(stream, NULL, _IONBF, 0);
	cr_expect_eq(nicsw_pcapng_header(stream, "nicsw"), -EIO);
	cr_expect_eq(nicsw_pcapng_packet(stream, &packet), -EIO);
	fclose(stream);
}
