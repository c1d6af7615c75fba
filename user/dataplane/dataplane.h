/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path of one adapter: its maps, and what the daemon remembers only to be quick.
 *
 * The index (which filters a VPort has, which filter ids are free) and the table's quarantine can
 * be rebuilt from the maps at any time; nicsw_dataplane_open() does so. One writer: the daemon's
 * only thread.
 */
#ifndef NICSW_DATAPLANE_DATAPLANE_H
#define NICSW_DATAPLANE_DATAPLANE_H

#include "dataplane/filter_index.h"
#include "dataplane/mapset.h"
#include "dataplane/table.h"

struct nicsw_dataplane {
	struct nicsw_mapset maps;
	struct nicsw_filter_index index;
	struct nicsw_table table;
	/* By slot, from NICSW_SLOT_VF(0) on: the VPort of the VF, or the nondefault one of the PF;
	 * NICSW_NONE if there is none. */
	__u32 *vf_vports;
};

/* Takes over maps (and closes them with the dataplane), finishes the operation in the journal,
 * rebuilds index and table state. */
int nicsw_dataplane_open(struct nicsw_mapset *maps, struct nicsw_dataplane *ret);
void nicsw_dataplane_close(struct nicsw_dataplane *dataplane);

/* A VPort record has changed (add), or is about to: vf_vports follows. */
void nicsw_dataplane_index_vport(struct nicsw_dataplane *dataplane, __u32 vport, bool add);

/*
 * Makes tables equal to what the records say: derives every table and writes what differs, in the
 * order of plan.h. Returns the number of repaired places (0 = they were equal; flood groups are
 * written without being counted), or a negative errno, after having repaired all it could.
 */
int nicsw_dataplane_repair(struct nicsw_dataplane *dataplane);

#endif
