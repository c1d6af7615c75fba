/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resets that a daemon did not live to finish: a VF record that says "reset under way" at a start.
 */
#ifndef NICSW_PF_RESET_H
#define NICSW_PF_RESET_H

#include "pf/adapter.h"

/* One that nicsw_pf_resume_resets() finishes. */
int nicsw_pf_begin_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error);

/* Finishes them, all of them even if one fails. The first negative errno, or 0. */
int nicsw_pf_resume_resets(struct nicsw_adapter *adapter);

#endif
