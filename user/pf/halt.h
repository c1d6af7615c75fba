/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The halt of a PF: everything goes, in the reverse order of its dependencies (LC-HALT-2..6), with
 * or without the help of those who made it (LC-HALT-9). What stands in the way of one object does
 * not keep the others; the first failure is returned.
 */
#ifndef NICSW_PF_HALT_H
#define NICSW_PF_HALT_H

#include "pf/adapter.h"

/* X(NAME): the steps, in order. */
#define NICSW_HALT_STEPS(X)                                                                        \
	X(clear_filters)                                                                           \
	X(delete_vports)                                                                           \
	X(free_vfs)                                                                                \
	X(delete_switch)                                                                           \
	X(disable_virtualization)

enum nicsw_halt_step {
#define X(name) NICSW_HALT_##name,
	NICSW_HALT_STEPS(X)
#undef X
		NICSW_HALT_NUM_STEPS,
};

/* Is told after each step; may be NULL. It must not change the adapter. */
typedef void nicsw_halt_observer(void *context, enum nicsw_halt_step step);

int nicsw_pf_halt(struct nicsw_adapter *adapter, nicsw_halt_observer *observer, void *context,
		  struct nicsw_error *error);

/* `adapter del`: the halt, then netdevs, uplink and pins (LC-HALT-7); closes the adapter. */
void nicsw_adapter_del(const char *pin_root, struct nicsw_adapter *adapter,
		       nicsw_halt_observer *observer, void *context);

#endif
