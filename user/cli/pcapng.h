/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes pcapng (draft-ietf-opsawg-pcapng): one section, Ethernet interfaces, packets with options.
 *
 * Our own, because libpcap writes no options. A file is a header, then interfaces and packets in
 * any order, an interface before the first packet that names it; interfaces have numbers from 0 in
 * the order in which they are written.
 *
 * Units: nanoseconds since 1970, bytes. Integers go out in host byte order, as the format allows.
 * Ownership: the stream is the caller's. Errors: -EIO when the stream took less, -EMSGSIZE when a
 * block would be too long.
 */
#ifndef NICSW_CLI_PCAPNG_H
#define NICSW_CLI_PCAPNG_H

#include <linux/types.h>

#include "core/util.h"

/* As in the flags of a packet. */
enum nicsw_pcapng_direction {
	NICSW_PCAPNG_INBOUND = 1,
	NICSW_PCAPNG_OUTBOUND = 2,
};

enum nicsw_pcapng_reception {
	NICSW_PCAPNG_UNICAST = 1,
	NICSW_PCAPNG_MULTICAST = 2,
	NICSW_PCAPNG_BROADCAST = 3,
};

struct nicsw_pcapng_packet {
	__u32 interface;
	__u64 time;
	__u32 length; /* as it was */
	__u32 captured;
	const void *bytes; /* captured */
	enum nicsw_pcapng_direction direction;
	enum nicsw_pcapng_reception reception;
	__u64 lost;    /* packets lost before this one */
	__u64 verdict; /* what the XDP program returned */
	const char *comment;
};

int nicsw_pcapng_header(FILE *stream, const char *application);
int nicsw_pcapng_interface(FILE *stream, const char *name, const char *description, __u32 snap);
int nicsw_pcapng_packet(FILE *stream, const struct nicsw_pcapng_packet *packet);

/* The last block: how many packets there were, and how many got lost. */
int nicsw_pcapng_statistics(FILE *stream, __u64 time, __u64 captured, __u64 lost);

#endif
