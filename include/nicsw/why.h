/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a frame went where it went: what the programs say of one frame, and the steps of its way.
 *
 * The programs that explain are the same source, built once more with one exit that writes struct
 * nicsw_verdict (bpf/explain.bpf.c); those that are attached know nothing of it. Which rules belong
 * to a verdict is in two tables: reasons.h for what drops a frame, NICSW_WHY_STEPS here for what
 * led it on.
 *
 * Units: lengths in bytes, slots and VLANs as in maps.h.
 */
#ifndef NICSW_WHY_H
#define NICSW_WHY_H

#include <nicsw/types.h>

#define NICSW_WHY_FRAME_MIN 14u   /* an Ethernet header: what the kernel runs a program with */
#define NICSW_WHY_FRAME_MAX 9216u /* a jumbo frame */

/* X(number, NAME, name): in their order; the stage that a frame came to. */
#define NICSW_STAGES(X)                                                                            \
	X(0, PARSE, parse)                                                                         \
	X(1, ADMIT, admit)                                                                         \
	X(2, LOOKUP, lookup)                                                                       \
	X(3, ACT, act)

enum nicsw_stage {
#define X(number, NAME, name) NICSW_STAGE_##NAME = number,
	NICSW_STAGES(X)
#undef X
};

/* What the one exit of the programs knows of a frame. */
struct nicsw_verdict {
	__u32 valid;      /* 1: a frame came to the exit */
	__u32 reason;     /* enum nicsw_reason */
	__u32 stage;      /* enum nicsw_stage: the last one that it came to */
	__u32 cast;       /* enum nicsw_cast */
	__u32 vid;        /* effective VLAN */
	__u32 target;     /* slot, from lookup on; of a group frame the ingress slot */
	__u32 matched;    /* 1: a filter or station address chose the receiver */
	__u32 flooded;    /* flood group of a group frame: VLAN and class */
	__u32 counted_at; /* slot that counts the reason; of a frame that went on the target */
	__u32 tag_length; /* of the tag that it came with; of a service VLAN's port 0 */
	__u32 length;     /* as it came in */
	__u32 out_length; /* as it leaves; 0 before act */
	__u32 nonlinear;  /* bytes that are not in its first piece */
	__u32 reserved;
};

/*
 * X(number, NAME, stage, rule, text): what holds for a frame, in the order in which it is told.
 * rule "": no rule asks for it, the host's policy does.
 */
#define NICSW_WHY_STEPS(X)                                                                         \
	X(0, UNTAGGED, PARSE, "MATCH-10", "no tag")                                                \
	X(1, PRIORITY, PARSE, "MATCH-10", "a priority tag counts as none")                         \
	X(2, TAGGED, PARSE, "MATCH-11", "a tag of its VLAN")                                       \
	X(3, PAYLOAD, PARSE, "MATCH-7", "an 802.1ad tag is payload here")                          \
	X(4, MAY_SEND, ADMIT, "FLOW-7", "the port may send")                                       \
	X(5, VLAN_GIVEN, ADMIT, "FWD-34", "takes the VLAN of its port")                            \
	X(6, SOURCE_OWN, ADMIT, "FWD-32", "source address is the port's own")                      \
	X(7, SOURCE_FREE, ADMIT, "FWD-32", "source address is not checked")                        \
	X(8, VLAN_OWN, ADMIT, "FWD-33", "VLAN is one of the port's")                               \
	X(9, VLAN_FREE, ADMIT, "FWD-33", "VLAN is not checked")                                    \
	X(10, LIMITS, ADMIT, "PATH-12", "limits are taken to have room")                           \
	X(11, MATCHED, LOOKUP, "MATCH-6", "a filter has its address and VLAN")                     \
	X(12, MATCHED_ANY, LOOKUP, "MATCH-12", "a filter has its address in any VLAN")             \
	X(13, STATION, LOOKUP, "RXQ-22", "the PF's own address")                                   \
	X(14, WIRE_TO_VPORT, LOOKUP, "FWD-1", "from the wire to that VPort only")                  \
	X(15, WIRE_TO_DEFAULT, LOOKUP, "FWD-2", "no match: from the wire to the default VPort")    \
	X(16, VF_TO_VF, LOOKUP, "FWD-4", "from VF to VF inside the switch")                        \
	X(17, VF_TO_PF, LOOKUP, "FWD-5", "from a VF to the PF inside the switch")                  \
	X(18, VF_TO_WIRE, LOOKUP, "FWD-6", "no match: from a VF to the wire")                      \
	X(19, PF_TO_VF, LOOKUP, "FWD-8", "from the PF to a VF inside the switch")                  \
	X(20, PF_TO_PF, LOOKUP, "FWD-9", "from one VPort of the PF to another")                    \
	X(21, PF_TO_WIRE, LOOKUP, "FWD-10", "no match: from the PF to the wire")                   \
	X(22, VEPA, LOOKUP, "", "VEPA: by the wire")                                               \
	X(23, GROUP, LOOKUP, "FWD-20", "a group frame: a copy to each receiver")                   \
	X(24, BROADCAST, LOOKUP, "FWD-21", "VPorts of its VLAN that take broadcast")               \
	X(25, MULTICAST, LOOKUP, "FWD-22", "VPorts of its VLAN that take multicast")               \
	X(26, GROUP_TO_WIRE, LOOKUP, "FWD-24", "from a VPort: to the wire, too")                   \
	X(27, NOT_BACK, LOOKUP, "FWD-25", "never back to where it came from")                      \
	X(28, WIRE_ONLY, LOOKUP, "GEN-22", "isolated or VEPA: to the wire only")                   \
	X(29, TAG_AS_SENT, ACT, "MATCH-14", "goes on as it was sent")                              \
	X(30, TAG_REMOVED, ACT, "MATCH-14", "its tag is taken off")                                \
	X(31, TAG_INSERTED, ACT, "MATCH-14", "the tag of its VLAN is put in")

#define NICSW_WHY_STEP_MAX 64 /* a set of steps is a word */

enum nicsw_why_step {
#define X(number, NAME, stage, rule, text) NICSW_WHY_STEP_##NAME = number,
	NICSW_WHY_STEPS(X)
#undef X
};

/* NULL: no such stage. */
static inline const char *nicsw_stage_name(__u32 stage)
{
	switch (stage) {
#define X(number, NAME, name)                                                                      \
	case number:                                                                               \
		return #name;
		NICSW_STAGES(X)
#undef X
	}
	return (const char *)0;
}

#endif
