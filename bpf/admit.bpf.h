/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 2, admit: may this port send this frame, and in which VLAN is it.
 *
 * Source before VLAN (FWD-32, FWD-33). An access port is checked for its VLAN even with the spoof
 * check off: that is isolation, not policy (MATCH-14).
 */
#ifndef NICSW_ADMIT_BPF_H
#define NICSW_ADMIT_BPF_H

#include "bpf/lookup.bpf.h"

/* The station address is free of a lookup; other sources need a filter that leads back here. */
static __always_inline int nicsw_source_known(const struct nicsw_port *port,
					      const struct nicsw_frame *frame)
{
	return likely(frame->source == nicsw_load(port->station)) ||
	       nicsw_find_source(frame->source | frame->vid) == nicsw_slot;
}

/* The common VLAN costs no look-up: the port record says it. */
static __always_inline int nicsw_vlan_member(__u32 flags, __u32 vid)
{
	if (!vid)
		return flags & NICSW_PORT_UNTAGGED;
	return nicsw_members_word(vid, nicsw_slot / 64) >> (nicsw_slot % 64) & 1;
}

/* flags: of the port, read once. */
static __always_inline enum nicsw_reason nicsw_admit_vlan(const struct nicsw_frame *frame,
							  __u32 flags, __u32 access_vid)
{
	if (access_vid)
		return frame->vid == access_vid ? NICSW_FORWARDED : NICSW_REASON_VLAN_VIOLATION;
	if (flags & NICSW_PORT_SPOOF_CHECK && unlikely(!nicsw_vlan_member(flags, frame->vid)))
		return NICSW_REASON_VLAN_VIOLATION;
	return NICSW_FORWARDED;
}

static __always_inline enum nicsw_reason nicsw_admit(struct nicsw_frame *frame)
{
	const struct nicsw_port *port = nicsw_port_at(nicsw_slot);
	__u32 flags, access_vid;

	if (unlikely(!port))
		return NICSW_REASON_VPORT_INACTIVE;
	flags = nicsw_load(port->flags);
	if (unlikely(!(flags & NICSW_PORT_OPEN)))
		return NICSW_REASON_VPORT_INACTIVE; /* FLOW-7 */
	if (unlikely(!(flags & NICSW_PORT_READY)))
		return NICSW_REASON_SENDER_NOT_READY; /* PCI-25 */
	access_vid = nicsw_load(port->access_vid);
	if (!frame->vid)
		frame->vid = access_vid; /* FWD-34 */
	if (flags & NICSW_PORT_SPOOF_CHECK && unlikely(!nicsw_source_known(port, frame)))
		return NICSW_REASON_SOURCE_SPOOFED;
	return nicsw_admit_vlan(frame, flags, access_vid);
}

#endif
