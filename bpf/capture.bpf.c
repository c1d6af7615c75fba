// SPDX-License-Identifier: GPL-2.0-only
/* The switch programs once more, with the copying of frames built in: see bpf/capture.bpf.h. */
#define NICSW_CAPTURE 1
#include "bpf/switch.bpf.c"
