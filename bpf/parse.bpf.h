/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 1, parse: what the later stages need to know of a frame, so that none of them reads the
 * packet.
 *
 * Ethernet and at most one tag. 802.1Q is one everywhere; 802.1ad where the port says so, else it
 * is payload (MATCH-7). The header must be in the linear part.
 */
#ifndef NICSW_PARSE_BPF_H
#define NICSW_PARSE_BPF_H

#include <linux/if_ether.h>

#include <bpf/bpf_endian.h>
#include <nicsw/why.h>

#include "bpf/maps.bpf.h"

#define NICSW_TAG_SIZE     4
#define NICSW_TYPE_OFFSET  12
#define NICSW_TCI_OFFSET   ETH_HLEN
#define NICSW_INNER_OFFSET (ETH_HLEN + 2) /* type field behind the tag */
#define NICSW_TCI_VID      0x0fff

#define NICSW_BROADCAST_KEY (~0ull << 16 | NICSW_KEY_VALID)

/* The group bit of the destination, as nicsw_key() lays it. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NICSW_KEY_GROUP (1ull << 16)
#else
#define NICSW_KEY_GROUP (1ull << 40)
#endif

/* Whole words: narrower members cost a mask at each use. */
struct nicsw_frame {
	__u64 destination; /* nicsw_key() of the addresses, VLAN 0; a VID is or-ed in */
	__u64 source;
	__u64 length;     /* bytes as it came in */
	__u64 out_length; /* bytes as it leaves */
	__u32 tag_length; /* NICSW_TAG_SIZE or 0 */
	__u32 tci;        /* of the tag, host order; 0 without */
	__u32 vid;        /* effective, with NICSW_VLAN_SERVICE: 0 = untagged or priority-tagged */
	__u32 target;     /* slot, from lookup on; of a group frame the ingress slot */
	__u32 accepted;   /* NICSW_PORT_*: the receiver's packet filter must have one of them */
	__u32 ingress;    /* NICSW_PORT_* of the port it came in at; 0 for a plain one */
	__u32 flooded;    /* flood group of a group frame: VLAN and class */
#ifdef NICSW_EXPLAIN
	__u32 stage; /* enum nicsw_stage */
#endif
};

/* The frame comes to a stage: of interest only where it is explained (bpf/explain.bpf.h). */
#ifdef NICSW_EXPLAIN
#define nicsw_reach(frame, NAME) ((frame)->stage = NICSW_STAGE_##NAME)
#else
#define nicsw_reach(frame, NAME) ((void)0)
#endif

/*
 * nicsw_key() with natural loads: byte loads cost, and the packet's alignment is no matter to the
 * machine.
 */
static __always_inline __u64 nicsw_mac_key(const void *mac)
{
	__u64 head = *(const __u32 *)mac;
	__u64 tail = *(const __u16 *)(mac + sizeof(__u32));

	return tail << 48 | head << 16 | NICSW_KEY_VALID;
}

static __always_inline int nicsw_is_group(const struct nicsw_frame *frame)
{
	return !!(frame->destination & NICSW_KEY_GROUP);
}

/* A header that cannot be read counts as unicast. */
static __always_inline enum nicsw_cast nicsw_cast_of(const struct nicsw_frame *frame)
{
	if (!nicsw_is_group(frame))
		return NICSW_UNICAST;
	return frame->destination == NICSW_BROADCAST_KEY ? NICSW_BROADCAST : NICSW_MULTICAST;
}

/*
 * FWD-35. Has the kernel kept a tag beside the frame, where a redirect would lose it? Only a
 * program that is loaded for one device may ask (switch_bound.bpf.c). A global function that the
 * compiler knows nothing about: both objects are the same but for its body.
 */
#ifdef NICSW_DEVICE_BOUND
/* Stands for bpf_xdp_metadata_rx_vlan_tag(), until the loader puts it in its place. */
static int (*const nicsw_rx_vlan_tag)(const struct xdp_md *ctx, __be16 *protocol,
				      __u16 *tci) = (void *)NICSW_METADATA_CALL;

__noinline int nicsw_tag_in_metadata(struct xdp_md *ctx)
{
	__be16 protocol;
	__u16 tci;

	return !nicsw_rx_vlan_tag(ctx, &protocol, &tci);
}
#else
__noinline int nicsw_tag_in_metadata(struct xdp_md *ctx)
{
	int tagged = 0;

	asm volatile("" : "+r"(tagged) : "r"(ctx) : "memory");
	return tagged;
}
#endif

/* The addresses. ret_type: the type field, in network order. */
static __always_inline enum nicsw_reason
nicsw_parse_header(struct xdp_md *ctx, struct nicsw_frame *frame, __be16 *ret_type)
{
	const void *data = (const void *)(long)ctx->data;
	const void *data_end = (const void *)(long)ctx->data_end;

	frame->length = bpf_xdp_get_buff_len(ctx);
	if (unlikely(data + ETH_HLEN > data_end))
		return NICSW_REASON_RUNT;
	frame->destination = nicsw_mac_key(data);
	frame->source = nicsw_mac_key(data + ETH_ALEN);
	*ret_type = *(const __be16 *)(data + NICSW_TYPE_OFFSET);
	return NICSW_FORWARDED;
}

/*
 * A priority tag in front of a tag is refused: it would count as untagged, and the tag behind it
 * come to light where the priority tag is removed, here or in the next switch (FWD-33, MATCH-14).
 */
static __always_inline enum nicsw_reason nicsw_parse_tag(struct xdp_md *ctx,
							 struct nicsw_frame *frame)
{
	const void *data = (const void *)(long)ctx->data;
	const void *data_end = (const void *)(long)ctx->data_end;

	if (data + ETH_HLEN + NICSW_TAG_SIZE > data_end)
		return NICSW_REASON_RUNT;
	frame->tag_length = NICSW_TAG_SIZE;
	frame->tci = bpf_ntohs(*(const __be16 *)(data + NICSW_TCI_OFFSET));
	frame->vid = frame->tci & NICSW_TCI_VID;
	if (unlikely(!frame->vid &&
		     *(const __be16 *)(data + NICSW_INNER_OFFSET) == bpf_htons(ETH_P_8021Q)))
		return NICSW_REASON_VLAN_VIOLATION;
	return NICSW_FORWARDED;
}

/* 802.1ad: VID 0 says nothing that a VLAN could be chosen by, and is payload. */
static __always_inline enum nicsw_reason nicsw_parse_service_tag(struct xdp_md *ctx,
								 struct nicsw_frame *frame)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_slot);
	const void *data = (const void *)(long)ctx->data;
	const void *data_end = (const void *)(long)ctx->data_end;
	__u32 tci;

	if (!port || !(nicsw_load(port->flags) & NICSW_PORT_SERVICE))
		return NICSW_FORWARDED;
	if (data + ETH_HLEN + NICSW_TAG_SIZE > data_end)
		return NICSW_REASON_RUNT;
	tci = bpf_ntohs(*(const __be16 *)(data + NICSW_TCI_OFFSET));
	if (!(tci & NICSW_TCI_VID))
		return NICSW_FORWARDED;
	frame->tag_length = NICSW_TAG_SIZE;
	frame->tci = tci;
	frame->vid = (tci & NICSW_TCI_VID) | NICSW_VLAN_SERVICE;
	return NICSW_FORWARDED;
}

/* A header that is cut short, a tag's included, makes a runt; what is unknown of it stays zero. */
static __always_inline enum nicsw_reason nicsw_parse(struct xdp_md *ctx, struct nicsw_frame *frame)
{
	enum nicsw_reason reason;
	__be16 type = 0;

	reason = nicsw_parse_header(ctx, frame, &type);
	if (!reason && type == bpf_htons(ETH_P_8021Q))
		reason = nicsw_parse_tag(ctx, frame);
	else if (!reason && type == bpf_htons(ETH_P_8021AD))
		reason = nicsw_parse_service_tag(ctx, frame);
	return reason;
}

/*
 * The common frame: unicast, without a tag. False: some other one, of which nicsw_parse() knows
 * more.
 */
static __always_inline int nicsw_parse_plain(struct xdp_md *ctx, struct nicsw_frame *frame)
{
	__be16 type;

	if (nicsw_parse_header(ctx, frame, &type))
		return 0;
	return type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD) &&
	       !nicsw_is_group(frame);
}

#endif
