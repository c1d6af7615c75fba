/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault knobs as the PF driver meets them (include/nicsw/faults.h).
 *
 * Each operation asks in one place: behind its checks, before its first change, so that one that
 * fails has changed nothing (GEN-17). Units: function is a VFId or NICSW_FUNCTION_PF. Errors: -EIO
 * ("other reasons"), with text and rule of the knob's row in error.
 */
#ifndef NICSW_PF_FAULT_H
#define NICSW_PF_FAULT_H

#include <nicsw/faults.h>

#include "pf/adapter.h"

/* 0, or -EIO: the knob is on for the function. */
int nicsw_pf_fault(const struct nicsw_adapter *adapter, enum nicsw_fault_knob knob, __u32 function,
		   struct nicsw_error *error);

/* What a reset may take. */
#define NICSW_RESET_BUDGET_NS 100000000L

/* slow_reset: returns when a reset has taken all the time that it may take (RESET-VF-11). */
void nicsw_pf_fault_slow_reset(const struct nicsw_adapter *adapter, __u32 vf);

/* vf: NICSW_NONE = all functions. Refused as nicsw_fault_set() says, with a text. */
int nicsw_pf_fault_set(struct nicsw_adapter *adapter, __u32 knob, __u32 vf, bool on,
		       struct nicsw_error *error);

#endif
