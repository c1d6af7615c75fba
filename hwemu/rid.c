// SPDX-License-Identifier: GPL-2.0-only
/* Routing ids: PCI-60..PCI-70. */
#include <linux/pci_regs.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"
#include "hwemu/sriov.h"

#define DEVICE_NUMBER(rid) ((rid) >> 3 & 0x1f)
#define BUS(rid)           ((rid) >> 8 & 0xff)

/* Not truncated to 16 bits: what is above FFFFh must be refused, not wrapped (PCI-62). */
static __u32 vf_sum(const struct nicsw_device *device, const __u8 *pf_space, __u32 vf)
{
	__u32 offset = nicsw_load16(pf_space, NICSW_AT_SRIOV + PCI_SRIOV_VF_OFFSET);
	__u32 stride = nicsw_load16(pf_space, NICSW_AT_SRIOV + PCI_SRIOV_VF_STRIDE);

	return device->geometry.pf_rid + offset + vf * stride;
}

__u32 nicsw_function_rid(const struct nicsw_device *device, const __u8 *pf_space, __u32 function)
{
	__u32 sum;

	if (!nicsw_function_valid(device, function))
		return NICSW_NONE;
	sum = function == NICSW_FUNCTION_PF ? device->geometry.pf_rid
					    : vf_sum(device, pf_space, function);
	if (sum > 0xffff)
		return NICSW_NONE;
	return (__u32)device->geometry.segment << 16 | sum;
}

bool nicsw_vf_routed(const struct nicsw_device *device, const __u8 *pf_space, __u32 vf)
{
	const struct nicsw_geometry *geometry = &device->geometry;
	__u32 sum = vf_sum(device, pf_space, vf);
	bool ari = nicsw_load16(pf_space, NICSW_AT_SRIOV + PCI_SRIOV_CTRL) & PCI_SRIOV_CTRL_ARI;

	if (!nicsw_function_valid(device, vf) || sum > 0xffff || BUS(sum) > geometry->last_bus)
		return false;
	/*
	 * A captured bus is all ours (PCI-19); on the PF's own one only ARI reaches above
	 * function 7 (PCI-67).
	 */
	return BUS(sum) != BUS(geometry->pf_rid) || (ari && geometry->ari_forwarding) ||
	       DEVICE_NUMBER(sum) == DEVICE_NUMBER(geometry->pf_rid);
}

bool nicsw_function_visible(const struct nicsw_device *device, const __u8 *pf_space, __u32 function)
{
	if (function == NICSW_FUNCTION_PF)
		return true;
	return function < nicsw_sriov_num_vfs(pf_space) &&
	       nicsw_vf_routed(device, pf_space, function);
}
