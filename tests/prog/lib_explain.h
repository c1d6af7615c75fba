/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs that explain, beside those of lib_silicon: over the same tables, with counters,
 * meters and a verdict of their own.
 *
 * Ownership: explain_open() opens everything, explain_close() closes it. Errors: a negative errno.
 */
#ifndef NICSW_TESTS_PROG_LIB_EXPLAIN_H
#define NICSW_TESTS_PROG_LIB_EXPLAIN_H

#include <nicsw/why.h>

#include "bpf/explain.skel.h"
#include "tests/prog/lib_silicon.h"

struct explain {
	struct explain_bpf *skeletons[SILICON_SLOTS]; /* by ingress slot */
	struct explain_bpf *maps;                     /* the one that owns what is their own */
};

int explain_open(struct explain *explain, const struct silicon *silicon);
void explain_close(struct explain *explain);

/* Runs a frame; what became of it is in run, as of silicon_send(), and in *ret_verdict. */
int explain_send(struct explain *explain, __u32 ingress, struct silicon_run *run,
		 struct nicsw_verdict *ret_verdict);

/* Their own counters of a slot, summed over CPUs. */
int explain_counters(const struct explain *explain, __u32 slot, struct nicsw_counters *ret);
int explain_counters_reset(struct explain *explain);

#endif
