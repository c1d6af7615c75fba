/* SPDX-License-Identifier: GPL-2.0-only */
/* Little-endian values at any byte of a configuration space, whatever the order of the host. */
#ifndef NICSW_HWEMU_BYTES_H
#define NICSW_HWEMU_BYTES_H

#include <linux/types.h>

/* width: 1..8 bytes. */
static inline __u64 nicsw_load(const __u8 *space, __u32 offset, __u32 width)
{
	__u64 value = 0;

	for (__u32 i = 0; i < width; i++)
		value |= (__u64)space[offset + i] << (8 * i);
	return value;
}

static inline void nicsw_store(__u8 *space, __u32 offset, __u32 width, __u64 value)
{
	for (__u32 i = 0; i < width; i++)
		space[offset + i] = (__u8)(value >> (8 * i));
}

static inline __u16 nicsw_load16(const __u8 *space, __u32 offset)
{
	return (__u16)nicsw_load(space, offset, 2);
}

static inline __u32 nicsw_load32(const __u8 *space, __u32 offset)
{
	return (__u32)nicsw_load(space, offset, 4);
}

#endif
