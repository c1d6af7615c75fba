// SPDX-License-Identifier: GPL-2.0-only
/* The reader's end of a ring, over memory that is laid out as the kernel lays it out. */
#include "cli/ring.h"

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <sys/mman.h>

enum { SIZE = 4096 };

static _Alignas(8) char memory[2 * SIZE];
static __u64 consumer, producer;

static struct nicsw_ring make_ring(void)
{
	memset(memory, 0, sizeof(memory));
	consumer = producer = 0;
	return (struct nicsw_ring){
		.consumer = &consumer, .producer = &producer, .data = memory, .size = SIZE};
}

/* As the kernel does it: also across the end, since the memory is there twice. */
static void produce(const char *text, __u32 bits)
{
	__u32 length = (__u32)strlen(text), header = length | bits;
	size_t at = producer % SIZE;

	memcpy(memory + at, &header, sizeof(header));
	memcpy(memory + at + 8, text, length);
	producer += (length + 8 + 7) & ~7u;
}

static void expect_record(struct nicsw_ring *ring, const char *text)
{
	const void *record;
	size_t length = 0;

	cr_assert_eq(nicsw_ring_next(ring, nicsw_ring_end(ring), &record, &length), 1, "%s", text);
	cr_expect_eq(length, strlen(text), "%s: %zu", text, length);
	cr_expect_eq(memcmp(record, text, length), 0, "%s", text);
	nicsw_ring_release(ring, length);
}

static void expect_none(struct nicsw_ring *ring)
{
	const void *record;
	size_t length;

	cr_expect_eq(nicsw_ring_next(ring, nicsw_ring_end(ring), &record, &length), 0);
}

Test(ring, records_in_order_then_none)
{
	struct nicsw_ring ring = make_ring();

	expect_none(&ring);
	produce("one", 0);
	produce("the second", 0);
	produce("12345678", 0);
	expect_record(&ring, "one");
	expect_record(&ring, "the second");
	expect_record(&ring, "12345678");
	expect_none(&ring);
	cr_expect_eq(consumer, producer);
}

Test(ring, around_the_end)
{
	struct nicsw_ring ring = make_ring();

	for (int i = 0; i < 1000; i++) {
		produce("as long as that", 0);
		expect_record(&ring, "as long as that");
	}
	cr_expect_gt(consumer, 2 * SIZE);
}

Test(ring, one_that_is_being_written_is_waited_for)
{
	struct nicsw_ring ring = make_ring();

	produce("busy", BPF_RINGBUF_BUSY_BIT);
	produce("behind", 0);
	expect_none(&ring);
	cr_expect_eq(consumer, 0);
}

Test(ring, one_that_was_given_up_is_passed_over)
{
	struct nicsw_ring ring = make_ring();

	produce("no", BPF_RINGBUF_DISCARD_BIT);
	produce("yes", 0);
	expect_record(&ring, "yes");
	produce("no more", BPF_RINGBUF_DISCARD_BIT);
	expect_none(&ring);
	cr_expect_eq(consumer, producer);
}

/* What comes after the look at the end is for the next time. */
Test(ring, no_further_than_the_end)
{
	struct nicsw_ring ring = make_ring();
	__u64 end = nicsw_ring_end(&ring);
	const void *record;
	size_t length;

	produce("later", 0);
	cr_expect_eq(nicsw_ring_next(&ring, end, &record, &length), 0);
	expect_record(&ring, "later");
}

Test(ring, a_length_beyond_the_ring)
{
	struct nicsw_ring ring = make_ring();
	__u32 header = SIZE;
	const void *record;
	size_t length;

	memcpy(memory, &header, sizeof(header));
	producer = 64;
	cr_expect_eq(nicsw_ring_next(&ring, producer, &record, &length), -EPROTO);
}

Test(ring, sizes_that_are_none)
{
	static const size_t sizes[] = {0, 1, SIZE / 2, SIZE + 1, 3 * SIZE, 1ull << 31, SIZE_MAX};
	int fd = memfd_create("ring", 0);
	struct nicsw_ring ring;

	cr_assert_geq(fd, 0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		cr_expect_eq(nicsw_ring_open(fd, sizes[i], &ring), -EPROTO, "%zx", sizes[i]);
	close(fd);
	cr_expect_eq(nicsw_ring_open(-1, sysconf(_SC_PAGESIZE), &ring), -EBADF);
}

Test(ring, opened_and_closed)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("ring", 0);
	struct nicsw_ring ring;
	__u64 position = 40;

	cr_assert_eq(ftruncate(fd, 4 * page), 0);
	cr_assert_eq(pwrite(fd, &position, sizeof(position), page), sizeof(position));
	cr_assert_eq(nicsw_ring_open(fd, page, &ring), 0);
	cr_expect_eq(nicsw_ring_end(&ring), 40);
	*ring.consumer = 8;
	nicsw_ring_close(&ring);
	cr_expect_null(ring.consumer);
	cr_expect_eq(pread(fd, &position, sizeof(position), 0), sizeof(position));
	cr_expect_eq(position, 8, "where we are is told to the kernel");
	nicsw_ring_close(&ring);
	close(fd);
}
