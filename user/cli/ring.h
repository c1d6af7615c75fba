/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's end of a BPF ring buffer that was handed over as a descriptor.
 *
 * Without libbpf, because its reader asks the kernel about the map first, which only root may do;
 * reading the memory needs no more than the descriptor. One reader.
 *
 * Ownership: nicsw_ring_close(); the descriptor stays the caller's, and can be polled for reading.
 * Errors: a negative errno of mmap(2); -EPROTO: the memory is not a ring.
 */
#ifndef NICSW_CLI_RING_H
#define NICSW_CLI_RING_H

#include <linux/types.h>

#include "core/util.h"

struct nicsw_ring {
	__u64 *consumer;       /* how far we are; ours to write */
	const __u64 *producer; /* how far the kernel is */
	const char *data;      /* size bytes, and the same once more behind them */
	size_t size;           /* a power of two */
	size_t page;
};

int nicsw_ring_open(int fd, size_t size, struct nicsw_ring *ret_ring);
void nicsw_ring_close(struct nicsw_ring *ring);

/* How far the kernel is now: nicsw_ring_next() stops there. */
__u64 nicsw_ring_end(const struct nicsw_ring *ring);

/*
 * The next record before `end`, in *ret_record, which is valid until nicsw_ring_release().
 * 1: there is one; 0: there is none; -EPROTO.
 */
int nicsw_ring_next(struct nicsw_ring *ring, __u64 end, const void **ret_record,
		    size_t *ret_length);
void nicsw_ring_release(struct nicsw_ring *ring, size_t length);

#endif
