/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPU works for what a netdev receives (receive packet steering), in the current network
 * namespace. All of its receive queues at once.
 */
#ifndef NICSW_CORE_STEERING_H
#define NICSW_CORE_STEERING_H

#include <linux/types.h>

#define NICSW_CPU_ANY (~0u) /* that on which it arrives; also for a CPU that the machine lacks */

/* Negative errno: -ENOENT: no such netdev, or a kernel without this. */
int nicsw_steering_set(const char *ifname, __u32 cpu);

#endif
