/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the capabilities are, and their lists. PF and VF have the common ones at the same offsets.
 */
#ifndef NICSW_HWEMU_CAPS_H
#define NICSW_HWEMU_CAPS_H

#include "hwemu/cfgspace.h"

#define NICSW_AT_PCIE          0x040
#define NICSW_AT_PM            0x080
#define NICSW_AT_MSIX          0x090
#define NICSW_AT_VIRTIO_COMMON 0x0a0
#define NICSW_AT_VIRTIO_ISR    0x0b0
#define NICSW_AT_VIRTIO_DEVICE 0x0c0
#define NICSW_AT_VIRTIO_NOTIFY 0x0d0
#define NICSW_AT_ARI           0x100
#define NICSW_AT_DSN           0x110 /* PF only */
#define NICSW_AT_SRIOV         0x120 /* PF only */

extern const nicsw_capability_list nicsw_pf_capabilities;
extern const nicsw_capability_list nicsw_vf_capabilities;

/* Side effects: PCI Express (Initiate FLR), Power Management, SR-IOV. */
void nicsw_pcie_written(struct nicsw_config_access *access);
void nicsw_pm_written(struct nicsw_config_access *access);
void nicsw_sriov_written(struct nicsw_config_access *access);

#endif
