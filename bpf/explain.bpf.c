// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch silicon once more, for the question why: the same source, whose one exit also says
 * what became of the frame. Never attached; run by BPF_PROG_TEST_RUN over the live tables, with
 * counters and meters of its own.
 */
#define NICSW_EXPLAIN

#include "bpf/switch.bpf.c"
