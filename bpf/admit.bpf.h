/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 2, admit: may this port send this frame, and in which VLAN is it.
 *
 * Source before VLAN (FWD-32, FWD-33), and what is refused costs nothing of a limit. An access port
 * and a trunk are checked for their VLAN even with the spoof check off: that is isolation, not
 * policy (MATCH-14).
 */
#ifndef NICSW_ADMIT_BPF_H
#define NICSW_ADMIT_BPF_H

#include "bpf/lookup.bpf.h"
#include "bpf/meter.bpf.h"

/* The station address is free of a lookup; other sources need a filter that leads back here. */
static __always_inline int nicsw_source_known(const struct nicsw_port *port, __u32 flags,
					      const struct nicsw_frame *frame)
{
	if (likely(frame->source == nicsw_load(port->station)) ||
	    nicsw_find_slot(frame->source | frame->vid) == nicsw_slot)
		return 1;
	return frame->vid && flags & NICSW_PORT_ANY_VLAN &&
	       nicsw_find_slot(frame->source | NICSW_VLAN_ANY) == nicsw_slot;
}

/* The common VLAN costs no look-up: the port record says it. */
static __always_inline int nicsw_vlan_member(__u32 flags, __u32 vid)
{
	if (!vid)
		return flags & NICSW_PORT_UNTAGGED;
	return nicsw_is_member(vid, nicsw_slot);
}

/* An access port that the filters made may tag its own VLAN; one of the host's policy sends no tag.
 */
static __always_inline int nicsw_access_member(const struct nicsw_frame *frame, __u32 flags,
					       __u32 access_vid)
{
	if (flags & NICSW_PORT_ACCESS && frame->tci & NICSW_TCI_VID)
		return 0;
	return frame->vid == access_vid;
}

/* flags: of the port, read once. */
static __always_inline enum nicsw_reason nicsw_admit_vlan(const struct nicsw_frame *frame,
							  __u32 flags, __u32 access_vid)
{
	const __u32 checked = NICSW_PORT_SPOOF_CHECK | NICSW_PORT_TRUNK;

	if (access_vid)
		return nicsw_access_member(frame, flags, access_vid) ? NICSW_FORWARDED
								     : NICSW_REASON_VLAN_VIOLATION;
	if (flags & checked && unlikely(!nicsw_vlan_member(flags, frame->vid)))
		return NICSW_REASON_VLAN_VIOLATION;
	return NICSW_FORWARDED;
}

/* FWD-34. In a service VLAN all that the port sends is payload, tags of its own included. */
static __always_inline void nicsw_enter_vlan(struct nicsw_frame *frame, __u32 access_vid)
{
	if (access_vid & NICSW_VLAN_SERVICE) {
		frame->tag_length = 0;
		frame->tci = 0;
		frame->vid = access_vid;
	} else if (!frame->vid) {
		frame->vid = access_vid;
	}
}

static __always_inline enum nicsw_reason
nicsw_admit_limits(const struct nicsw_frame *frame, const struct nicsw_port *port, __u32 flags)
{
	if (flags & NICSW_PORT_STORM && nicsw_is_group(frame) && !nicsw_meter_storm(port))
		return NICSW_REASON_STORM;
	if (flags & NICSW_PORT_RATE && !nicsw_meter_rate(port, frame->length))
		return NICSW_REASON_RATE_LIMITED;
	return NICSW_FORWARDED;
}

/* FLOW-7, PCI-25: a port that may not send at all. */
static __always_inline enum nicsw_reason nicsw_admit_state(__u32 flags)
{
	if (unlikely(flags & NICSW_PORT_LINK_OFF))
		return NICSW_REASON_SENDER_LINK_OFF;
	if (unlikely(!(flags & NICSW_PORT_OPEN)))
		return NICSW_REASON_VPORT_INACTIVE;
	if (unlikely(!(flags & NICSW_PORT_READY)))
		return NICSW_REASON_SENDER_NOT_READY;
	return NICSW_FORWARDED;
}

static __always_inline enum nicsw_reason nicsw_admit(struct nicsw_frame *frame)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_slot);
	enum nicsw_reason reason;
	__u32 access_vid;

	if (unlikely(!port))
		return NICSW_REASON_VPORT_INACTIVE;
	frame->ingress = nicsw_load(port->flags);
	reason = nicsw_admit_state(frame->ingress);
	if (unlikely(reason))
		return reason;
	access_vid = nicsw_load(port->access_vid);
	nicsw_enter_vlan(frame, access_vid);
	if (frame->ingress & NICSW_PORT_SPOOF_CHECK &&
	    unlikely(!nicsw_source_known(port, frame->ingress, frame)))
		return NICSW_REASON_SOURCE_SPOOFED;
	reason = nicsw_admit_vlan(frame, frame->ingress, access_vid);
	if (unlikely(reason))
		return reason;
	if (access_vid && frame->ingress & NICSW_PORT_ACCESS)
		frame->tci = nicsw_load(port->priority);
	return nicsw_admit_limits(frame, port, frame->ingress);
}

/* Has the port no policy that asks about untagged unicast frames, and may it send? */
static __always_inline int nicsw_is_plain(const struct nicsw_port *port)
{
	const __u32 needed = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_PLAIN;

	return (nicsw_load(port->flags) & needed) == needed;
}

/* Of a plain port an untagged unicast frame: the same, with all else folded away. */
static __always_inline enum nicsw_reason nicsw_admit_plain(const struct nicsw_port *port,
							   const struct nicsw_frame *frame)
{
	__u32 flags = nicsw_load(port->flags);

	if (!(flags & NICSW_PORT_SPOOF_CHECK))
		return NICSW_FORWARDED;
	if (unlikely(frame->source != nicsw_load(port->station)) &&
	    nicsw_find_slot(frame->source) != nicsw_slot)
		return NICSW_REASON_SOURCE_SPOOFED;
	return likely(flags & NICSW_PORT_UNTAGGED) ? NICSW_FORWARDED : NICSW_REASON_VLAN_VIOLATION;
}

#endif
