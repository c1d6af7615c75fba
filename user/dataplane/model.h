/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The naive model of the switch: who gets this frame, and why not.
 *
 * It answers from plain state, one rule after the other in the order of packet-flow 4.4, as slowly
 * as it likes. It shares no code with the programs in bpf/, because it judges them: the tests send
 * the same frames through both. It also answers a person's question about a frame that was never
 * sent.
 *
 * Limits (rate, share, storm) depend on the clock, and are not judged: a frame within them is
 * assumed.
 *
 * Units: lengths in bytes, slots and VIDs as in nicsw/types.h, bytes in wire order.
 * Ownership: the state is the caller's and is only read; a verdict holds all of its bytes itself
 * (it is large: keep it off the stack). Errors: -EINVAL if the frame or the ingress slot is out of
 * range; ret_verdict is untouched then.
 */
#ifndef NICSW_DATAPLANE_MODEL_H
#define NICSW_DATAPLANE_MODEL_H

#include <stdbool.h>

#include <nicsw/maps.h>

#define NICSW_MODEL_FRAME_MAX 65536u
#define NICSW_MODEL_TAG       4u

/*
 * A filter or a station address: (MAC, VID) belongs to slot. vid 0 = untagged or priority-tagged;
 * NICSW_VLAN_ANY = whatever tagged VLAN the port is a member of (MATCH-12).
 */
struct nicsw_model_filter {
	__u8 mac[NICSW_MAC_SIZE];
	__u16 vid;
	__u32 slot;
};

struct nicsw_model_port {
	struct nicsw_port port;           /* as in the map `ports` */
	bool absent;                      /* no netdev behind it */
	__u64 vlan_set[NICSW_VLANS / 64]; /* bit vid % 64 of word vid / 64 (FWD-23); nondefault */
};

struct nicsw_model {
	const struct nicsw_model_port *ports; /* [num_ports], by slot */
	__u32 num_ports;
	const struct nicsw_model_filter *filters; /* no pair of MAC and VID twice */
	__u32 num_filters;
	bool no_flood;  /* flood groups are missing: a broken adapter */
	bool no_egress; /* copies are not looked at on their way out: BPF_PROG_TEST_RUN */
};

/* A frame: length bytes, of which the first linear_length are in one piece. */
struct nicsw_model_frame {
	__u32 length;
	__u32 linear_length;
	__u8 bytes[NICSW_MODEL_FRAME_MAX + NICSW_MODEL_TAG];
};

/* One receiver, and the form in which it gets the frame. */
struct nicsw_model_copy {
	__u32 slot;
	bool tagged;
};

/* A receiver of a group frame that gets no copy of it, and why. */
struct nicsw_model_refusal {
	__u32 slot;
	enum nicsw_reason reason;
};

struct nicsw_model_verdict {
	enum nicsw_reason reason; /* NICSW_FORWARDED: see copies */
	__u32 counted_at;         /* slot that counts the reason */
	enum nicsw_cast cast;     /* a header that cannot be read counts as unicast */
	__u16 vid;                /* effective VLAN: 0 = untagged or priority-tagged */
	bool matched;             /* unicast: a filter or station address chose the receiver */
	bool switched_tagged;     /* form in which a group frame is handed to the replication */
	__u32 num_copies;
	__u32 num_refusals;
	struct nicsw_model_copy copies[NICSW_MAX_SLOTS];
	struct nicsw_model_refusal refusals[NICSW_MAX_SLOTS];
	struct nicsw_model_frame forms[2]; /* the frame without [0] and with [1] a tag */
};

/* The bytes that a receiver gets. */
static inline const struct nicsw_model_frame *
nicsw_model_output(const struct nicsw_model_verdict *verdict, bool tagged)
{
	return &verdict->forms[tagged];
}

int nicsw_model_decide(const struct nicsw_model *model, const struct nicsw_model_frame *frame,
		       __u32 ingress, struct nicsw_model_verdict *ret_verdict);

/* The slot that a filter or station address names for (mac, vid), or NICSW_NONE. */
__u32 nicsw_model_find(const struct nicsw_model *model, const __u8 *mac, __u16 vid);

#endif
