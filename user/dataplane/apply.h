/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries out a change: journal, records, tables. Either all of it, or, when a step fails,
 * everything is put back and the change has not happened.
 */
#ifndef NICSW_DATAPLANE_APPLY_H
#define NICSW_DATAPLANE_APPLY_H

#include "dataplane/plan.h"

int nicsw_apply(struct nicsw_change *change, const struct nicsw_plan *plan);

/* One step, by itself; used by repair, too. */
int nicsw_apply_step(struct nicsw_dataplane *dataplane, const struct nicsw_step *step);

/* Finishes what the journal says is under way. Returns 1 if there was something, else 0. */
int nicsw_apply_journal(struct nicsw_mapset *maps);

#endif
