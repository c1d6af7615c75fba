/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A change of the records: all of it happens, or nothing.
 *
 *   struct nicsw_change change;
 *   nicsw_change_begin(&change, dataplane, "filter move");
 *   struct nicsw_filter_record *filter = nicsw_change_filter(&change, id);
 *   filter->vport_id = destination;
 *   return nicsw_change_commit(&change, error);
 *
 * nicsw_change_X() gives a copy of the record to edit; asking twice gives the same copy. Nothing is
 * visible before commit. Commit derives what the tables need (plan.h: pure), writes the journal,
 * then records and tables in the order of the plan: add new before removing old, unreachable before
 * freed (apply.h). A daemon that dies in between finds the journal at its next start. A change that
 * is not committed needs no clean-up. At most NICSW_JOURNAL_WRITES records and NICSW_JOURNAL_BYTES
 * bytes: more is a programming error (assert).
 */
#ifndef NICSW_DATAPLANE_CHANGE_H
#define NICSW_DATAPLANE_CHANGE_H

#include "dataplane/mapset.h"

struct nicsw_dataplane;

struct nicsw_change {
	struct nicsw_dataplane *dataplane;
	struct nicsw_journal entry; /* what the journal will hold */
	__u32 used;                 /* bytes of entry.data */
};

void nicsw_change_begin(struct nicsw_change *change, struct nicsw_dataplane *dataplane,
			const char *operation);

struct nicsw_meta *nicsw_change_meta(struct nicsw_change *change);
struct nicsw_vf_record *nicsw_change_vf(struct nicsw_change *change, __u32 vf);
struct nicsw_vport_record *nicsw_change_vport(struct nicsw_change *change, __u32 vport);
struct nicsw_filter_record *nicsw_change_filter(struct nicsw_change *change, __u32 filter);
struct nicsw_block_record *nicsw_change_blocks(struct nicsw_change *change, __u32 vf);
/* function: VFId or NICSW_FUNCTION_PF; the 4096 bytes of its configuration space. */
__u8 *nicsw_change_config(struct nicsw_change *change, __u32 function);

int nicsw_change_commit(struct nicsw_change *change, struct nicsw_error *error);

/* The record as it will be after the change: the edited copy if there is one, else the map. */
const void *nicsw_change_view(const struct nicsw_change *change, enum nicsw_record_map map,
			      __u32 index);

#endif
