// SPDX-License-Identifier: GPL-2.0-only
/* The capturing programs, for ports whose plain program is bound to its device (FWD-35). */
#define NICSW_DEVICE_BOUND
#define NICSW_CAPTURE 1
#include "bpf/switch.bpf.c"
