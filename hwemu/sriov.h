/* SPDX-License-Identifier: GPL-2.0-only */
/* The SR-IOV capability of the PF, for the rest of the device. */
#ifndef NICSW_HWEMU_SRIOV_H
#define NICSW_HWEMU_SRIOV_H

#include "hwemu/cfgspace.h"

/* Registers that depend on the geometry, to their initial values. */
void nicsw_sriov_reset(const struct nicsw_device *device, __u8 *pf_space);

bool nicsw_sriov_enabled(const __u8 *pf_space);

/*
 * Bytes of one VF's share of a VF BAR, 0 if the BAR is not implemented or an upper half
 * (PCI-48).
 */
__u32 nicsw_vf_bar_share(const __u8 *pf_space, __u32 bar);

/* Offset of a VF BAR in the PF's space. */
__u32 nicsw_vf_bar_offset(__u32 bar);

/* Is the RID of the VF on a bus and device number that the bridge above sends to the device? */
bool nicsw_vf_routed(const struct nicsw_device *device, const __u8 *pf_space, __u32 vf);

#endif
