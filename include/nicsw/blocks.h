/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The config blocks of a VF: the channel between the PF driver and the VF's driver (BLK-*,
 * LC-BC-*).
 *
 * Each VF has its own (BLK-13). `length` in bytes, at most NICSW_BLOCK_SIZE. access: read = the PF
 * keeps it, and announces when it changed; write = the VF's driver may write it, and nobody acts on
 * what it says (BLK-17). Integers are little-endian. Numbers are never reused.
 */
#ifndef NICSW_BLOCKS_H
#define NICSW_BLOCKS_H

#include <nicsw/maps.h>

/* X(id, NAME, name, length, access) */
#define NICSW_CONFIG_BLOCKS(X)                                                                     \
	X(0, MAC_ADDRESS, mac_address, NICSW_MAC_SIZE, read)                                       \
	X(1, VPORT_CONFIGURATION, vport_configuration, 16, read)                                   \
	X(2, MAILBOX, mailbox, NICSW_BLOCK_SIZE, write)

enum nicsw_config_block {
#define X(id, NAME, name, length, access) NICSW_CONFIG_BLOCK_##NAME = id,
	NICSW_CONFIG_BLOCKS(X)
#undef X
};

/* Only ids below 64 have a bit in the mask of an announcement (BLK-16, INVAL-5). */
#define X(id, NAME, name, length, access)                                                          \
	_Static_assert((id) < NICSW_BLOCKS && NICSW_BLOCKS <= 64 && (length) <= NICSW_BLOCK_SIZE,  \
		       #name);
NICSW_CONFIG_BLOCKS(X)
#undef X

/* One bit for each block there is. */
#define NICSW_CONFIG_BLOCK_BIT(id, NAME, name, length, access) (1ull << (id)) |

#define NICSW_CONFIG_BLOCK_MASK (NICSW_CONFIG_BLOCKS(NICSW_CONFIG_BLOCK_BIT) 0ull)

/* Block 1: the VPort of the VF. Without one vport_id is NICSW_NONE and the rest 0. */
struct nicsw_block_vport_configuration {
	__u32 vport_id;
	__u32 vport_state; /* enum ndis_vport_state */
	__u32 num_queue_pairs;
	__u32 reserved;
};
_Static_assert(sizeof(struct nicsw_block_vport_configuration) == 16, "block 1");

#endif
