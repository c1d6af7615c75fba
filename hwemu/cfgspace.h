/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration space as byte arrays with masks, one set per kind of function.
 *
 * A capability is data (its registers), plus where needed one function that is called after the
 * masked write, on a copy of the space: what it refuses never becomes visible.
 */
#ifndef NICSW_HWEMU_CFGSPACE_H
#define NICSW_HWEMU_CFGSPACE_H

#include <nicsw/hwemu.h>

struct nicsw_register {
	__u16 offset; /* in the capability */
	__u16 width;  /* 1..8 bytes */
	__u64 reset;
	__u64 writable;
	__u64 clear;  /* write-one-to-clear; shares no bit with writable */
	__u64 sticky; /* survives FLR (PCI-85) */
};

struct nicsw_config_access {
	const struct nicsw_device *device;
	__u32 function;
	const __u8 *before;
	__u8 *space; /* the new content; to be corrected here */
	bool flr;    /* out: reset the function as if by FLR */
};

struct nicsw_capability {
	const char *name;
	__u16 id;     /* 0: the type 0 header, which is no member of a list */
	__u8 version; /* of an extended capability */
	__u16 offset; /* in the configuration space */
	__u16 length;
	const struct nicsw_register *registers;
	__u32 num_registers;
	void (*written)(struct nicsw_config_access *access);
};

/* The header first, then in the order of the lists; ends with NULL. */
typedef const struct nicsw_capability *nicsw_capability_list[];

struct nicsw_config_masks {
	__u8 reset[NICSW_CONFIG_SIZE];
	__u8 writable[NICSW_CONFIG_SIZE];
	__u8 clear[NICSW_CONFIG_SIZE];
	__u8 sticky[NICSW_CONFIG_SIZE];
};

/* Masks of the kind of function: the PF, or any VF. */
const struct nicsw_config_masks *nicsw_config_masks(__u32 function);

/* As nicsw_config_write() of a register of `width` bytes, for writers that cannot be wrong. */
void nicsw_config_store(const struct nicsw_device *device, __u32 function, __u8 *space,
			__u32 offset, __u32 width, __u64 value);

/* PF or VF index below total_vfs. */
bool nicsw_function_valid(const struct nicsw_device *device, __u32 function);

#endif
