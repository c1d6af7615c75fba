/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a capturing switch program writes into its ring for each frame.
 *
 * A record is this header and `captured` bytes of the frame, as it came in: before a tag was added
 * or removed. Whoever asked for the capture reads it from the BPF ring buffer; a frame that finds
 * the ring full is not recorded but counted as lost, and is switched like any other.
 *
 * Units: bytes, nanoseconds, slots (nicsw/types.h). Integers are in host byte order.
 */
#ifndef NICSW_CAPTURE_H
#define NICSW_CAPTURE_H

#include <nicsw/types.h>

#define NICSW_CAPTURE_SNAP      256u  /* bytes of a frame that are kept, if nothing is said */
#define NICSW_CAPTURE_SNAP_MIN  18u   /* Ethernet header and tag: what the switch itself may edit */
#define NICSW_CAPTURE_SNAP_MAX  9216u /* a jumbo frame */
#define NICSW_CAPTURE_RING_SIZE (4u * 1024 * 1024)

#define NICSW_CAPTURE_GROUP 0xfffffffeu /* as a target: the members of a flood group */

struct nicsw_capture_record {
	__u64 time;     /* CLOCK_MONOTONIC, when it left the switch */
	__u64 lost;     /* frames that found the ring full, so far */
	__u32 length;   /* of the frame as it came in */
	__u32 captured; /* bytes that follow */
	__u32 ingress;  /* slot that it came in at */
	__u32 target;   /* slot, NICSW_CAPTURE_GROUP; NICSW_NONE: dropped before that was known */
	__u16 reason;   /* enum nicsw_reason; 0 = forwarded */
	__u16 vlan;     /* as the switch took it, with NICSW_VLAN_SERVICE; 0 = untagged */
	__u32 cast;     /* enum nicsw_cast */
};

/* Beside the ring, for whoever reads it. */
struct nicsw_capture_state {
	__u64 lost; /* frames that found the ring full */
};

#endif
