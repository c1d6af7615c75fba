// SPDX-License-Identifier: GPL-2.0-only
#include "hwemu/sriov.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"

/* Without ARI the VFs have the next bus for themselves (PCI-64). */
#define FIRST_VF_OFFSET_NEXT_BUS 0x0100
#define VF_STRIDE_NEXT_BUS       1

static __u32 at(__u32 reg)
{
	return NICSW_AT_SRIOV + reg;
}

static __u16 control(const __u8 *pf_space)
{
	return nicsw_load16(pf_space, at(PCI_SRIOV_CTRL));
}

/* ---- registers ---- */

/* PCI-53: they follow ARI Capable Hierarchy. */
static void update_routing(const struct nicsw_device *device, __u8 *pf_space)
{
	bool ari = control(pf_space) & PCI_SRIOV_CTRL_ARI;

	nicsw_store(pf_space, at(PCI_SRIOV_VF_OFFSET), 2,
		    ari ? device->geometry.first_vf_offset : FIRST_VF_OFFSET_NEXT_BUS);
	nicsw_store(pf_space, at(PCI_SRIOV_VF_STRIDE), 2,
		    ari ? device->geometry.vf_stride : VF_STRIDE_NEXT_BUS);
}

void nicsw_sriov_reset(const struct nicsw_device *device, __u8 *pf_space)
{
	nicsw_store(pf_space, at(PCI_SRIOV_INITIAL_VF), 2, device->geometry.total_vfs);
	nicsw_store(pf_space, at(PCI_SRIOV_TOTAL_VF), 2, device->geometry.total_vfs);
	pf_space[at(PCI_SRIOV_FUNC_LINK)] = (__u8)device->geometry.pf_rid;
	update_routing(device, pf_space);
}

static void restore(struct nicsw_config_access *access, __u32 reg, __u32 width)
{
	memcpy(access->space + at(reg), access->before + at(reg), width);
}

/* PCI-41, PCI-46: settings that VFs depend on stay while there are VFs. */
static void keep_settings(struct nicsw_config_access *access)
{
	__u16 ari = control(access->before) & PCI_SRIOV_CTRL_ARI;

	restore(access, PCI_SRIOV_NUM_VF, 2);
	restore(access, PCI_SRIOV_SYS_PGSIZE, 4);
	restore(access, PCI_SRIOV_BAR, 4 * PCI_SRIOV_NUM_BARS);
	nicsw_store(access->space, at(PCI_SRIOV_CTRL), 2,
		    (control(access->space) & ~PCI_SRIOV_CTRL_ARI) | ari);
}

/* PCI-42, PCI-47 */
static void check_settings(struct nicsw_config_access *access)
{
	const __u8 *space = access->space;
	__u32 page_size = nicsw_load32(space, at(PCI_SRIOV_SYS_PGSIZE));
	__u32 supported = nicsw_load32(space, at(PCI_SRIOV_SUP_PGSIZE));

	if (nicsw_load16(space, at(PCI_SRIOV_NUM_VF)) > access->device->geometry.total_vfs)
		restore(access, PCI_SRIOV_NUM_VF, 2);
	if (__builtin_popcount(page_size) != 1 || !(page_size & supported))
		restore(access, PCI_SRIOV_SYS_PGSIZE, 4);
}

/* PCI-48, PCI-50: address bits below the share are not there. */
static void align_bars(__u8 *pf_space)
{
	for (__u32 bar = 0; bar < NICSW_PCI_BARS; bar++) {
		__u32 share = nicsw_vf_bar_share(pf_space, bar);
		__u32 offset = nicsw_vf_bar_offset(bar);
		__u32 low = nicsw_load32(pf_space, offset);

		if (share)
			nicsw_store(pf_space, offset, 4, low & (~(share - 1) | 0xf));
	}
}

void nicsw_sriov_written(struct nicsw_config_access *access)
{
	if (nicsw_sriov_enabled(access->before))
		keep_settings(access);
	check_settings(access);
	align_bars(access->space);
	update_routing(access->device, access->space);
}

bool nicsw_sriov_enabled(const __u8 *pf_space)
{
	return control(pf_space) & PCI_SRIOV_CTRL_VFE;
}

__u32 nicsw_sriov_num_vfs(const __u8 *pf_space)
{
	return nicsw_sriov_enabled(pf_space) ? nicsw_load16(pf_space, at(PCI_SRIOV_NUM_VF)) : 0;
}

void nicsw_vf_ids(const __u8 *pf_space, __u16 *ret_vendor, __u16 *ret_device)
{
	*ret_vendor = nicsw_load16(pf_space, PCI_VENDOR_ID);
	*ret_device = nicsw_load16(pf_space, at(PCI_SRIOV_VF_DID));
}

/* ---- enabling ---- */

static void write_control(const struct nicsw_device *device, __u8 *pf_space, __u16 value)
{
	nicsw_config_store(device, NICSW_FUNCTION_PF, pf_space, at(PCI_SRIOV_CTRL), 2, value);
}

static void write_num_vfs(const struct nicsw_device *device, __u8 *pf_space, __u32 num_vfs)
{
	nicsw_config_store(device, NICSW_FUNCTION_PF, pf_space, at(PCI_SRIOV_NUM_VF), 2, num_vfs);
}

static bool all_routed(const struct nicsw_device *device, const __u8 *pf_space, __u32 num_vfs)
{
	for (__u32 vf = 0; vf < num_vfs; vf++)
		if (!nicsw_vf_routed(device, pf_space, vf))
			return false;
	return true;
}

int nicsw_sriov_enable(const struct nicsw_device *device, __u8 *pf_space, __u32 num_vfs)
{
	if (num_vfs == 0 || num_vfs > device->geometry.total_vfs)
		return -EINVAL;
	if (nicsw_sriov_enabled(pf_space))
		return -EBUSY;
	if (!all_routed(device, pf_space, num_vfs))
		return -ENOSPC;
	write_num_vfs(device, pf_space, num_vfs);
	write_control(device, pf_space,
		      control(pf_space) | PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE);
	return 0;
}

int nicsw_sriov_disable(const struct nicsw_device *device, __u8 *pf_space, __u32 num_vfs)
{
	if (num_vfs != 0)
		return -EINVAL;
	if (!nicsw_sriov_enabled(pf_space))
		return -EALREADY;
	/* In this order: NumVFs cannot be written while VF Enable is 1 (PCI-41). */
	write_control(device, pf_space,
		      control(pf_space) & ~(PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE));
	write_num_vfs(device, pf_space, 0);
	return 0;
}
