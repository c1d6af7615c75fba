/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The filter table as the daemon writes it (layout and rules: include/nicsw/maps.h).
 *
 * One writer; readers are the programs, at any moment. Every step leaves a table in which each key
 * that is set has exactly one place a reader looks at first. An entry whose key was cleared stays
 * in quarantine until a grace period has passed: a reader that saw the old key must not find a
 * stranger's target behind it.
 */
#ifndef NICSW_DATAPLANE_TABLE_H
#define NICSW_DATAPLANE_TABLE_H

#include "dataplane/mapset.h"

struct nicsw_table {
	struct nicsw_mapset *maps;
	__u64 *quarantined; /* one bit per entry */
	__u32 num_quarantined;
};

int nicsw_table_open(struct nicsw_table *table, struct nicsw_mapset *maps);
void nicsw_table_close(struct nicsw_table *table);

/* The slot that key is steered to, or -ENOENT. */
int nicsw_table_find(const struct nicsw_table *table, __u64 key);

/* Sets key -> slot; a key that is there is moved, with one store. -ENOSPC: no place (nothing
 * changed). */
int nicsw_table_set(struct nicsw_table *table, __u64 key, __u32 slot);

/* -ENOENT if it is not there. */
int nicsw_table_clear(struct nicsw_table *table, __u64 key);

/* Calls visit for each key; it may clear the key it is given. Stops at the first nonzero result and
 * returns it. */
int nicsw_table_each(struct nicsw_table *table,
		     int (*visit)(struct nicsw_table *table, __u64 key, __u32 slot, void *context),
		     void *context);

#endif
