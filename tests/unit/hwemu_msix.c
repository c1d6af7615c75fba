// SPDX-License-Identifier: GPL-2.0-only
/* MSI-X registers: pci.md 3.2. */
#include "tests/unit/hwemu_fixture.h"

static __u32 control(__u32 function)
{
	return find(function, PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS;
}

/* RXQ-14, PCI-31, PCI-32, PCI-35: table and PBA on pages of their own, inside the BAR. */
Test(hwemu_msix, where_it_is)
{
	start(1);
	for (__u32 i = 0; i < 2; i++) {
		struct nicsw_msix msix;

		nicsw_function_msix(space_of(i ? PF : 0), &msix);
		cr_expect_eq(msix.vectors, i ? NICSW_MSIX_PF_VECTORS : NICSW_MSIX_VF_VECTORS);
		cr_expect_eq(msix.table_bar, 4);
		cr_expect_eq(msix.pba_bar, 4);
		cr_expect_eq(msix.table_offset, 0);
		cr_expect_eq(msix.pba_offset, 0x1000);
		cr_expect_leq(msix.table_offset + 16 * msix.vectors, msix.pba_offset);
		cr_expect_leq(msix.pba_offset + msix.vectors / 8, NICSW_BAR_MSIX_SIZE);
		cr_expect_not(msix.enabled);
		cr_expect_not(msix.masked);
	}
}

/* pci.md 3.2: 14 and 15 are writable, the table size and the offsets are not. */
Test(hwemu_msix, writable_bits)
{
	struct nicsw_msix msix;

	start(1);
	put(0, control(0), 2, 0xffff);
	cr_expect_eq(get(0, control(0), 2), 0xc000 | (NICSW_MSIX_VF_VECTORS - 1));
	nicsw_function_msix(space_of(0), &msix);
	cr_expect(msix.enabled);
	cr_expect(msix.masked);
	put(0, control(0) + 2, 4, 0xffffffff);
	put(0, control(0) + 6, 4, 0xffffffff);
	cr_expect_eq(get(0, control(0) + 2, 4), 4);
	cr_expect_eq(get(0, control(0) + 6, 4), 0x1004);
}

/* PCI-33, PCI-34, PCI-102, LC-PWR-3: each condition alone holds a message back. */
Test(hwemu_msix, can_signal)
{
	__u8 *vf;

	start(1);
	enable(1);
	vf = space_of(0);
	nicsw_function_set_bus_master(&device, 0, vf, true);
	cr_expect_not(nicsw_function_can_signal(&device, spaces[0], 0, vf), "not enabled");
	put(0, control(0), 2, PCI_MSIX_FLAGS_ENABLE);
	cr_expect(nicsw_function_can_signal(&device, spaces[0], 0, vf));
	put(0, control(0), 2, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	cr_expect_not(nicsw_function_can_signal(&device, spaces[0], 0, vf), "masked");
	put(0, control(0), 2, PCI_MSIX_FLAGS_ENABLE);
	nicsw_function_set_bus_master(&device, 0, vf, false);
	cr_expect_not(nicsw_function_can_signal(&device, spaces[0], 0, vf), "no Bus Master");
	nicsw_function_set_bus_master(&device, 0, vf, true);
	nicsw_function_set_power(&device, 0, vf, NICSW_D3, false);
	cr_expect_not(nicsw_function_can_signal(&device, spaces[0], 0, vf), "D3");
}
