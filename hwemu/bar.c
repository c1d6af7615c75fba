// SPDX-License-Identifier: GPL-2.0-only
/* BARs of the PF and VF BARs: shares, probing, addresses. */
#include <errno.h>
#include <linux/pci_regs.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"
#include "hwemu/sriov.h"

/*
 * Where firmware puts memory. The PF's BARs are below 4 GiB: lspci -F takes a nonzero upper half
 * for one more BAR. VF regions can be large and have the 64-bit window; its grain is that of a
 * bridge.
 */
#define PF_WINDOW    0xfe000000ull
#define VF_WINDOW    0x380000000000ull
#define WINDOW_GRAIN 0x100000ull

#define TYPE_BITS 0xfull

static const struct {
	__u32 bar;
	__u32 size;
} bars[] = {
	{NICSW_BAR_VIRTIO, NICSW_BAR_VIRTIO_SIZE},
	{NICSW_BAR_MSIX, NICSW_BAR_MSIX_SIZE},
};

#define NUM_BARS (sizeof(bars) / sizeof(bars[0]))

static __u32 page_size(const __u8 *pf_space)
{
	return nicsw_load32(pf_space, NICSW_AT_SRIOV + PCI_SRIOV_SYS_PGSIZE) << 12;
}

__u32 nicsw_vf_bar_share(const __u8 *pf_space, __u32 bar)
{
	for (__u32 i = 0; i < NUM_BARS; i++)
		if (bars[i].bar == bar)
			return bars[i].size > page_size(pf_space) ? bars[i].size
								  : page_size(pf_space);
	return 0;
}

__u32 nicsw_vf_bar_offset(__u32 bar)
{
	return NICSW_AT_SRIOV + PCI_SRIOV_BAR + 4 * bar;
}

static __u64 vf_bar(const __u8 *pf_space, __u32 bar)
{
	return nicsw_load(pf_space, nicsw_vf_bar_offset(bar), 8);
}

void nicsw_vf_probed_bars(const __u8 *pf_space, __u32 ret_bars[NICSW_PCI_BARS])
{
	for (__u32 i = 0; i < NICSW_PCI_BARS; i++)
		ret_bars[i] = 0;
	for (__u32 i = 0; i < NUM_BARS; i++) {
		__u32 bar = bars[i].bar;
		__u64 mask = ~(nicsw_vf_bar_share(pf_space, bar) - 1ull);

		mask |= vf_bar(pf_space, bar) & TYPE_BITS;
		ret_bars[bar] = (__u32)mask;
		ret_bars[bar + 1] = (__u32)(mask >> 32);
	}
}

int nicsw_vf_bar_resource(const __u8 *pf_space, __u32 vf, __u32 bar, struct nicsw_bar_resource *ret)
{
	__u32 share = nicsw_vf_bar_share(pf_space, bar);
	__u64 base;

	if (!share || vf >= nicsw_sriov_num_vfs(pf_space))
		return -EINVAL;
	base = vf_bar(pf_space, bar);
	*ret = (struct nicsw_bar_resource){
		.start = (base & ~TYPE_BITS) + (__u64)vf * share,
		.length = share,
		.prefetchable = base & PCI_BASE_ADDRESS_MEM_PREFETCH,
	};
	return 0;
}

bool nicsw_vf_memory_decoded(const struct nicsw_device *device, const __u8 *pf_space, __u32 vf,
			     const __u8 *space)
{
	__u16 control = nicsw_load16(pf_space, NICSW_AT_SRIOV + PCI_SRIOV_CTRL);

	return vf != NICSW_FUNCTION_PF && nicsw_function_visible(device, pf_space, vf) &&
	       (control & PCI_SRIOV_CTRL_MSE) &&
	       nicsw_function_effective_power(pf_space, space) == NICSW_D0;
}

/* ---- what firmware does ---- */

/*
 * Puts a region at the next address that is a multiple of alignment; returns the address behind
 * it.
 */
static __u64 place(const struct nicsw_device *device, __u8 *pf_space, __u32 offset, __u64 next,
		   __u64 alignment, __u64 length)
{
	__u64 address = (next + alignment - 1) & ~(alignment - 1);

	nicsw_config_store(device, NICSW_FUNCTION_PF, pf_space, offset, 8, address);
	return address + length;
}

static void place_all(const struct nicsw_device *device, __u8 *pf_space)
{
	__u64 next = PF_WINDOW;

	for (__u32 i = 0; i < NUM_BARS; i++)
		next = place(device, pf_space, PCI_BASE_ADDRESS_0 + 4 * bars[i].bar, next,
			     bars[i].size, bars[i].size);
	next = VF_WINDOW;
	for (__u32 i = 0; i < NUM_BARS; i++) {
		__u32 share = nicsw_vf_bar_share(pf_space, bars[i].bar);

		next = place(device, pf_space, nicsw_vf_bar_offset(bars[i].bar), next,
			     share > WINDOW_GRAIN ? share : WINDOW_GRAIN,
			     (__u64)share * device->geometry.total_vfs);
	}
}

int nicsw_function_assign(const struct nicsw_device *device, __u8 *pf_space)
{
	__u32 control = NICSW_AT_SRIOV + PCI_SRIOV_CTRL;
	__u16 ari = device->geometry.ari_forwarding ? PCI_SRIOV_CTRL_ARI : 0;

	if (nicsw_sriov_enabled(pf_space))
		return -EBUSY;
	place_all(device, pf_space);
	nicsw_config_store(device, NICSW_FUNCTION_PF, pf_space, control, 2,
			   (nicsw_load16(pf_space, control) & ~PCI_SRIOV_CTRL_ARI) | ari);
	nicsw_config_store(device, NICSW_FUNCTION_PF, pf_space, PCI_COMMAND, 2,
			   nicsw_load16(pf_space, PCI_COMMAND) | PCI_COMMAND_MEMORY);
	return 0;
}
