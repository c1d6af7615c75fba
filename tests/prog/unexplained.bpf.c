// SPDX-License-Identifier: GPL-2.0-only
/* The switch programs as if there were no `why`: what is attached must be these, to the
 * instruction. */
#define NICSW_EXPLAIN_BPF_H
#define nicsw_explain(ctx, frame, reason) ((void)(ctx))

#include "bpf/switch.bpf.c"
