// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch silicon once more, to be loaded for one device: its programs see a VLAN tag that the
 * kernel keeps beside the frame (FWD-35). Such programs cannot be test-run, nor attached in generic
 * mode, and older kernels refuse them: hence both.
 */
#define NICSW_DEVICE_BOUND
#include "bpf/switch.bpf.c"
