// SPDX-License-Identifier: GPL-2.0-only
/* The switch programs once more, with the copying of frames built in: see bpf/capture.bpf.h. Also
 * for ports that are not bound to their device: the loader takes the look into metadata out of
 * theirs. */
#define NICSW_CAPTURE 1
#define NICSW_DEVICE_BOUND
#include "bpf/switch.bpf.c"
