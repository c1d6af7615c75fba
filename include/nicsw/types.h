/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Basic facts that the switch programs, the modelled device and user space share.
 *
 * Units: lengths in bytes, VLAN ids 0..4094, MAC addresses as six bytes in wire order.
 * A *slot* is the index of a switch port in every per-port map: the uplink, the PF (its default
 * VPort), the VFs, then the nondefault VPorts of the PF. A VF keeps its slot for as long as the
 * adapter exists, so that a slot can be a constant of a program.
 */
#ifndef NICSW_TYPES_H
#define NICSW_TYPES_H

#include <linux/types.h>

#define NICSW_VERSION "0.1.0"

#define NICSW_NAME_SIZE   9 /* adapter name, at most 8 characters (it names a netdev and a netns) */
#define NICSW_IFNAME_SIZE 16 /* IFNAMSIZ */
#define NICSW_OWNER_SIZE  32 /* owner of an object (GEN-28), with the terminating NUL */
#define NICSW_NETNS_SIZE  128
#define NICSW_TEXT_UNITS  257 /* UTF-16 units of an NDIS counted string, with terminator */
#define NICSW_MAC_SIZE    6
#define NICSW_CONFIG_SIZE 4096 /* PCIe configuration space of one function */

#define NICSW_MAX_VFS     1024
#define NICSW_MAX_FILTERS 65536
#define NICSW_VIDS        4096
#define NICSW_VID_MAX     4094 /* SET-RF-18 */

#define NICSW_SLOT_UPLINK 0u
#define NICSW_SLOT_PF     1u
#define NICSW_SLOT_VF(vf) ((__u32)(vf) + 2u)

/* Nondefault VPorts that the PF can have (CAP-SW-17), each with a slot; k: which of them. */
#define NICSW_PF_VPORTS             8u
#define NICSW_SLOT_PF_VPORT(vfs, k) (NICSW_SLOT_VF(vfs) + (__u32)(k))
#define NICSW_SLOTS(vfs)            NICSW_SLOT_PF_VPORT(vfs, NICSW_PF_VPORTS)
#define NICSW_MAX_SLOTS             NICSW_SLOTS(NICSW_MAX_VFS)
/* The default VPort, one for each VF, and those of the PF (CAP-SW-7). */
#define NICSW_VPORTS(vfs) ((__u32)(vfs) + 1u + NICSW_PF_VPORTS)

#define NICSW_NONE 0xffffffffu /* no VPort, no function */

/* Group membership is kept as words of 64 slots. */
#define NICSW_SLOT_WORDS(slots) (((slots) + 63u) / 64u)
#define NICSW_MAX_SLOT_WORDS    NICSW_SLOT_WORDS(NICSW_MAX_SLOTS)

/* An NDIS counted string: length in bytes, at most 512 (structs.md 1, GEN-31). 516 bytes. */
struct nicsw_text {
	__u16 length;
	__u16 units[NICSW_TEXT_UNITS];
};

#endif
