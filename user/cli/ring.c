// SPDX-License-Identifier: GPL-2.0-only
#include "cli/ring.h"

#include <linux/bpf.h>
#include <sys/mman.h>

/* Before each record; BPF_RINGBUF_HDR_SZ bytes, and the length comes first. */
struct record_header {
	__u32 length; /* with BPF_RINGBUF_BUSY_BIT and BPF_RINGBUF_DISCARD_BIT */
	__u32 page;
};

static size_t space_of(size_t length)
{
	return (length + sizeof(struct record_header) + 7) & ~(size_t)7;
}

int nicsw_ring_open(int fd, size_t size, struct nicsw_ring *ret_ring)
{
	struct nicsw_ring ring = {.size = size, .page = (size_t)sysconf(_SC_PAGESIZE)};
	char *memory;

	if (size < ring.page || size & (size - 1) || size > UINT32_MAX / 2)
		return -EPROTO;
	memory = mmap(NULL, ring.page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	ring.consumer = (__u64 *)memory;
	memory = mmap(NULL, ring.page + 2 * size, PROT_READ, MAP_SHARED, fd, (off_t)ring.page);
	if (memory == MAP_FAILED) {
		int code = -errno;

		munmap(ring.consumer, ring.page);
		return code;
	}
	ring.producer = (const __u64 *)memory;
	ring.data = memory + ring.page;
	*ret_ring = ring;
	return 0;
}

void nicsw_ring_close(struct nicsw_ring *ring)
{
	if (!ring->consumer)
		return;
	munmap(ring->consumer, ring->page);
	munmap((void *)ring->producer, ring->page + 2 * ring->size);
	*ring = (struct nicsw_ring){0};
}

__u64 nicsw_ring_end(const struct nicsw_ring *ring)
{
	return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);
}

void nicsw_ring_release(struct nicsw_ring *ring, size_t length)
{
	/* The kernel gives the room away again as soon as it sees this. */
	__atomic_store_n(ring->consumer, *ring->consumer + space_of(length), __ATOMIC_RELEASE);
}

int nicsw_ring_next(struct nicsw_ring *ring, __u64 end, const void **ret_record, size_t *ret_length)
{
	while (*ring->consumer < end) {
		const struct record_header *header =
			(const void *)(ring->data + (*ring->consumer & (ring->size - 1)));
		__u32 length = __atomic_load_n(&header->length, __ATOMIC_ACQUIRE);
		size_t room = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

		if (length & BPF_RINGBUF_BUSY_BIT)
			return 0;
		if (space_of(room) > ring->size)
			return -EPROTO;
		if (!(length & BPF_RINGBUF_DISCARD_BIT)) {
			*ret_record = header + 1;
			*ret_length = room;
			return 1;
		}
		nicsw_ring_release(ring, room);
	}
	return 0;
}
