/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flood groups: for each VLAN, and class of frames, a DEVMAP of its receivers.
 *
 * The kernel walks a group slot by slot, so a group is as tight as it can be: the next power of two
 * of its members. One that still fits is changed in place; one that grows or shrinks is replaced
 * with an update of the outer map, which waits for a grace period: many at once, in one flush. What
 * the groups hold is remembered here only to write differences; a new daemon writes them afresh.
 */
#ifndef NICSW_DATAPLANE_FLOOD_H
#define NICSW_DATAPLANE_FLOOD_H

#include "dataplane/mapset.h"

#define NICSW_FLOOD_GROUPS (NICSW_FLOOD_BASE + 1)

/* Each holds a descriptor until the flush: well below the usual limit of a process. */
#define NICSW_FLOOD_PENDING 256u

struct nicsw_flood_group;

struct nicsw_flood {
	int outer;
	int strip;        /* program that removes the tag for access ports */
	int vepa;         /* program that keeps reflections from their sender */
	int spare;        /* an empty group, whose update waits for a grace period */
	int switch_netns; /* borrowed */
	__u32 num_pending;
	__u32 pending_keys[NICSW_FLOOD_PENDING]; /* to go into outer with the next flush */
	int pending_maps[NICSW_FLOOD_PENDING];
	bool pending_optional[NICSW_FLOOD_PENDING]; /* the old one would do as well */
	struct nicsw_flood_group *groups[NICSW_FLOOD_GROUPS];
};

#define NICSW_FLOOD_CLOSED                                                                         \
	((struct nicsw_flood){                                                                     \
		.outer = -1, .strip = -1, .vepa = -1, .spare = -1, .switch_netns = -1})

int nicsw_flood_open(struct nicsw_flood *flood, const char *pin_dir, int switch_netns,
		     struct nicsw_error *error);
void nicsw_flood_close(struct nicsw_flood *flood);

/* As struct nicsw_mapset_ops flood_set. */
int nicsw_flood_set(struct nicsw_flood *flood, const struct nicsw_mapset *maps, __u32 key,
		    const struct nicsw_slot_set *members);
/* As struct nicsw_mapset_ops flood_get: read from the kernel, not remembered. */
int nicsw_flood_get(const struct nicsw_flood *flood, const struct nicsw_mapset *maps, __u32 key,
		    struct nicsw_slot_set *ret);
int nicsw_flood_flush(struct nicsw_flood *flood);
/* The program of the slot's copies, borrowed; -1: none. */
int nicsw_flood_program(const struct nicsw_flood *flood, const struct nicsw_mapset *maps,
			__u32 slot);
int nicsw_flood_prune(struct nicsw_flood *flood, const struct nicsw_mapset *maps,
		      bool (*wanted)(const struct nicsw_mapset *maps, __u32 key));
/* The next set of each group writes it afresh: a device in them was made again. */
void nicsw_flood_forget(struct nicsw_flood *flood);
int nicsw_flood_grace_period(struct nicsw_flood *flood);

#endif
