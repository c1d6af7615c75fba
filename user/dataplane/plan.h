/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ordered writes to the tables that a change of the records asks for: old state and change in,
 * steps out. Pure: nothing is written, so it is tested without root.
 *
 * The order is always: add new before removing old, unreachable before freed.
 *   1. widen    ports that open, VLAN sets that grow, flood groups joined
 *   2. steer    filter table: set and move (one store), then clear
 *   3. narrow   ports that close, VLAN sets that shrink, flood groups left
 */
#ifndef NICSW_DATAPLANE_PLAN_H
#define NICSW_DATAPLANE_PLAN_H

#include "dataplane/change.h"

enum nicsw_step_kind {
	NICSW_STEP_PORT,        /* slot, port */
	NICSW_STEP_VLAN_JOIN,   /* slot, vid */
	NICSW_STEP_VLAN_LEAVE,  /* slot, vid */
	NICSW_STEP_FLOOD,       /* vid, widens: make the group what ports and VLAN members say */
	NICSW_STEP_TABLE_SET,   /* key, slot */
	NICSW_STEP_TABLE_CLEAR, /* key */
};

struct nicsw_step {
	enum nicsw_step_kind kind;
	__u32 slot;
	__u32 vid;
	__u64 key;
	bool widens; /* a member is added, or gets its frames in another form */
	struct nicsw_port port;
};

struct nicsw_plan {
	struct nicsw_step *steps;
	size_t num_steps;
	size_t room;
	int failed; /* -ENOMEM once a step found no memory */
};

int nicsw_plan_build(struct nicsw_plan *plan, const struct nicsw_change *change);
void nicsw_plan_free(struct nicsw_plan *plan);

#endif
