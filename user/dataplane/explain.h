/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a frame goes where it goes: the programs and the naive model judge it on the same state.
 *
 * The programs are the real ones (nicsw_loader_explain()); what they say is their record and the
 * counters that the frame raised. Of a group frame the copies are those that its flood group makes.
 * The model judges on a world of the same moment (dataplane/world.h). Steps and the filter that
 * matched are told from the programs' record.
 *
 * Limits are taken to have room: neither the live meters are read, nor does the model judge them.
 *
 * Ownership: nothing is kept. Errors: a negative errno; ret_answer is undefined then.
 */
#ifndef NICSW_DATAPLANE_EXPLAIN_H
#define NICSW_DATAPLANE_EXPLAIN_H

#include <nicsw/wire.h>

#include "dataplane/loader.h"
#include "dataplane/world.h"

/* The whole of it. pin_dir: of the dataplane's maps. */
int nicsw_explain(struct nicsw_dataplane *dataplane, const char *pin_dir, __u32 slot,
		  const struct nicsw_why *why, struct nicsw_why_answer *ret_answer,
		  struct nicsw_error *error);

/* From here on without BPF: what the programs said of the frame, held against the model. */
int nicsw_explain_judge(const struct nicsw_dataplane *dataplane, const struct nicsw_world *world,
			__u32 slot, const struct nicsw_why *why,
			const struct nicsw_explained *explained,
			struct nicsw_why_answer *ret_answer);

/* What holds for a frame, as a set of enum nicsw_why_step. */
__u64 nicsw_explain_steps(const struct nicsw_world *world, __u32 slot, const __u8 *frame,
			  const struct nicsw_verdict *verdict);

#endif
