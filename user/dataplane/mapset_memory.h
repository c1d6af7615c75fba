/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests may look at in a mapset of plain memory, beside its maps. */
#ifndef NICSW_DATAPLANE_MAPSET_MEMORY_H
#define NICSW_DATAPLANE_MAPSET_MEMORY_H

#include "dataplane/mapset.h"

/* The flood group of vid (NICSW_FLOOD_BASE too), NULL if there is none. */
const struct nicsw_slot_set *nicsw_mapset_memory_flood(const struct nicsw_mapset *maps, __u32 vid);
/* The first key from `key` on that has a group, or NICSW_NONE. */
__u32 nicsw_mapset_memory_next_flood(const struct nicsw_mapset *maps, __u32 key);

/* The counters of a slot, to be written: no program does it here. */
struct nicsw_counters *nicsw_mapset_memory_counters(const struct nicsw_mapset *maps, __u32 slot);

/* How many grace periods were waited for. */
unsigned int nicsw_mapset_memory_grace_periods(const struct nicsw_mapset *maps);

/* The next `count` calls of flood_set fail with -ENOMEM. */
void nicsw_mapset_memory_fail_flood(struct nicsw_mapset *maps, unsigned int count);

#endif
