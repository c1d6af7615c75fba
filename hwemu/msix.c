// SPDX-License-Identifier: GPL-2.0-only
#include <linux/pci_regs.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"

void nicsw_function_msix(const __u8 *space, struct nicsw_msix *ret)
{
	__u16 control = nicsw_load16(space, NICSW_AT_MSIX + PCI_MSIX_FLAGS);
	__u32 table = nicsw_load32(space, NICSW_AT_MSIX + PCI_MSIX_TABLE);
	__u32 pba = nicsw_load32(space, NICSW_AT_MSIX + PCI_MSIX_PBA);

	*ret = (struct nicsw_msix){
		.vectors = (control & PCI_MSIX_FLAGS_QSIZE) + 1,
		.table_bar = table & PCI_MSIX_TABLE_BIR,
		.table_offset = table & PCI_MSIX_TABLE_OFFSET,
		.pba_bar = pba & PCI_MSIX_PBA_BIR,
		.pba_offset = pba & PCI_MSIX_PBA_OFFSET,
		.enabled = control & PCI_MSIX_FLAGS_ENABLE,
		.masked = control & PCI_MSIX_FLAGS_MASKALL,
	};
}

/* A message is a memory write of the function (PCI-34). */
bool nicsw_function_can_signal(const struct nicsw_device *device, const __u8 *pf_space,
			       __u32 function, const __u8 *space)
{
	struct nicsw_msix msix;

	nicsw_function_msix(space, &msix);
	return msix.enabled && !msix.masked &&
	       nicsw_function_can_dma(device, pf_space, function, space);
}
