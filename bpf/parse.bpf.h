/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 1, parse: what the later stages need to know of a frame, so that none of them reads the
 * packet.
 *
 * Ethernet and at most one 802.1Q tag; an 802.1ad tag is payload (MATCH-7). The header must be in
 * the linear part.
 */
#ifndef NICSW_PARSE_BPF_H
#define NICSW_PARSE_BPF_H

#include <linux/if_ether.h>

#include <bpf/bpf_endian.h>

#include "bpf/maps.bpf.h"

#define NICSW_TAG_SIZE    4
#define NICSW_TYPE_OFFSET 12
#define NICSW_TCI_OFFSET  ETH_HLEN
#define NICSW_TCI_VID     0x0fff

#define NICSW_BROADCAST_KEY (~0ull << 16 | NICSW_KEY_VALID)

/* Whole words: narrower members cost a mask at each use. */
struct nicsw_frame {
	__u64 destination; /* nicsw_key() of the addresses, VLAN 0; a VID is or-ed in */
	__u64 source;
	__u32 length;     /* bytes as it came in */
	__u32 out_length; /* bytes as it leaves */
	__u32 target;     /* slot; of a group frame the ingress slot */
	__u32 tag_length; /* NICSW_TAG_SIZE or 0 */
	__u32 tci;        /* of the tag, host order; 0 without */
	__u32 vid;        /* effective: 0 = untagged or priority-tagged */
	__u32 group;      /* nonzero: multicast or broadcast */
	__u32 matched;    /* a filter or station address chose the target */
};

/* nicsw_key() with natural loads: byte loads cost, and the packet's alignment is no matter to the
 * machine. */
static __always_inline __u64 nicsw_mac_key(const void *mac)
{
	__u64 head = *(const __u32 *)mac;
	__u64 tail = *(const __u16 *)(mac + sizeof(__u32));

	return tail << 48 | head << 16 | NICSW_KEY_VALID;
}

/* A header that cannot be read counts as unicast. */
static __always_inline enum nicsw_cast nicsw_cast_of(const struct nicsw_frame *frame)
{
	if (!frame->group)
		return NICSW_UNICAST;
	return frame->destination == NICSW_BROADCAST_KEY ? NICSW_BROADCAST : NICSW_MULTICAST;
}

/* A header that is cut short, a tag's included, makes a runt; what is unknown of it stays zero. */
static __always_inline enum nicsw_reason nicsw_parse(struct xdp_md *ctx, struct nicsw_frame *frame)
{
	const void *data = (const void *)(long)ctx->data;
	const void *data_end = (const void *)(long)ctx->data_end;
	const struct ethhdr *ethernet = data;

	frame->length = bpf_xdp_get_buff_len(ctx);
	frame->target = nicsw_slot;
	if (unlikely(data + ETH_HLEN > data_end))
		return NICSW_REASON_RUNT;
	frame->destination = nicsw_mac_key(ethernet->h_dest);
	frame->source = nicsw_mac_key(ethernet->h_source);
	frame->group = ethernet->h_dest[0] & 1;
	if (likely(*(const __be16 *)(data + NICSW_TYPE_OFFSET) != bpf_htons(ETH_P_8021Q)))
		return NICSW_FORWARDED;
	if (unlikely(data + ETH_HLEN + NICSW_TAG_SIZE > data_end))
		return NICSW_REASON_RUNT;
	frame->tag_length = NICSW_TAG_SIZE;
	frame->tci = bpf_ntohs(*(const __be16 *)(data + NICSW_TCI_OFFSET));
	frame->vid = frame->tci & NICSW_TCI_VID;
	return NICSW_FORWARDED;
}

#endif
