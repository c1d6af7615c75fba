// SPDX-License-Identifier: GPL-2.0-only
/* Identity, header and capability lists of PF and VF: pci.md 2, 3, 5, 8. */
#include "hwemu/caps.h"

#include <linux/virtio_pci.h>

#include "tests/unit/hwemu_fixture.h"

static void expect_list(__u32 function, const __u8 *ids)
{
	__u32 at = get(function, PCI_CAPABILITY_LIST, 1);

	for (; *ids; ids++) {
		cr_assert_geq(at, PCI_STD_HEADER_SIZEOF);
		cr_expect_eq(at % 4, 0);
		cr_expect_eq(get(function, at, 1), *ids, "at %x", at);
		at = get(function, at + 1, 1);
	}
	cr_expect_eq(at, 0, "list is longer");
}

/* Checklist 8, PCI-30, PCI-35: MSI-X in both, no MSI. */
Test(hwemu_caps, lists)
{
	static const __u8 ids[] = {
		PCI_CAP_ID_EXP,  PCI_CAP_ID_PM,   PCI_CAP_ID_MSIX, PCI_CAP_ID_VNDR,
		PCI_CAP_ID_VNDR, PCI_CAP_ID_VNDR, PCI_CAP_ID_VNDR, 0};

	start(1);
	expect_list(PF, ids);
	expect_list(0, ids);
}

/* Checklist 9: ARI first; SR-IOV and serial number in the PF only. */
Test(hwemu_caps, extended_lists)
{
	start(1);
	cr_expect_eq(get(PF, 0x100, 4) & 0xfffff, 0x1000e);
	cr_expect_eq(get(0, 0x100, 4), 0x1000e, "in a VF ARI is the only one");
	cr_expect_eq(get(0, 0x104, 4), 0, "no Next Function, no groups");
	cr_expect_eq(get(PF, sriov(0), 4), 0x10010, "version 1, last");
	cr_expect_neq(find_extended(PF, PCI_EXT_CAP_ID_DSN), 0);
	cr_expect_eq(find_extended(0, PCI_EXT_CAP_ID_SRIOV), 0);
	cr_expect_eq(find_extended(0, PCI_EXT_CAP_ID_DSN), 0);
}

static void expect_no_overlap(const nicsw_capability_list list)
{
	__u8 owner[NICSW_CONFIG_SIZE] = {0};

	for (__u32 i = 0; list[i]; i++)
		for (__u32 byte = 0; byte < list[i]->length; byte++) {
			cr_expect_eq(owner[list[i]->offset + byte], 0, "%s at %x", list[i]->name,
				     byte);
			owner[list[i]->offset + byte] = 1;
		}
}

Test(hwemu_caps, no_overlap)
{
	expect_no_overlap(nicsw_pf_capabilities);
	expect_no_overlap(nicsw_vf_capabilities);
}

/* EUI-64 of the MAC address. */
Test(hwemu_caps, serial_number)
{
	__u32 at;

	start(1);
	at = find_extended(PF, PCI_EXT_CAP_ID_DSN);
	cr_expect_eq(get(PF, at + 8, 4), 0x020000ff);
	cr_expect_eq(get(PF, at + 4, 4), 0xfe123456);
}

Test(hwemu_caps, pf_header)
{
	start(1);
	cr_expect_eq(get(PF, PCI_VENDOR_ID, 4), 0x10411af4);
	cr_expect_eq(get(PF, PCI_CLASS_REVISION, 4), 0x02000001);
	cr_expect_eq(get(PF, PCI_HEADER_TYPE, 1), 0);
	cr_expect_eq(get(PF, PCI_SUBSYSTEM_VENDOR_ID, 2), 0x1af4);
	cr_expect_geq(get(PF, PCI_SUBSYSTEM_ID, 2), 0x40);
	cr_expect_eq(get(PF, PCI_INTERRUPT_PIN, 1), 0);
	put(PF, PCI_COMMAND, 2, 0xffff);
	cr_expect_eq(get(PF, PCI_COMMAND, 2), 0x0547);
	put(PF, PCI_CACHE_LINE_SIZE, 4, 0xffffffff);
	cr_expect_eq(get(PF, PCI_CACHE_LINE_SIZE, 4), 0x000000ff, "Latency Timer, BIST are 0");
	put(PF, PCI_INTERRUPT_LINE, 4, 0xffffffff);
	cr_expect_eq(get(PF, PCI_INTERRUPT_LINE, 4), 0x000000ff);
}

/*
 * Checklist 1..7 and pci.md 2, column VF: before and after all ones were written (PCI-5, PCI-7,
 * PCI-20, PCI-21).
 */
Test(hwemu_caps, vf_header)
{
	__u8 ones[PCI_STD_HEADER_SIZEOF];

	start(1);
	memset(ones, 0xff, sizeof(ones));
	for (__u32 round = 0; round < 2; round++) {
		cr_expect_eq(get(0, PCI_VENDOR_ID, 4), 0xffffffff);
		cr_expect_eq(get(0, PCI_COMMAND, 2), round ? 0x0004 : 0);
		cr_expect_eq(get(0, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
		cr_expect_eq(get(0, PCI_CLASS_REVISION, 4), 0x02000001);
		cr_expect_eq(get(0, PCI_CACHE_LINE_SIZE, 4), 0);
		for (__u32 bar = 0; bar < 6; bar++)
			cr_expect_eq(get(0, PCI_BASE_ADDRESS_0 + 4 * bar, 4), 0);
		cr_expect_eq(get(0, PCI_CARDBUS_CIS, 4), 0);
		cr_expect_eq(get(0, PCI_SUBSYSTEM_VENDOR_ID, 4),
			     get(PF, PCI_SUBSYSTEM_VENDOR_ID, 4));
		cr_expect_eq(get(0, PCI_ROM_ADDRESS, 4), 0);
		cr_expect_eq(get(0, PCI_INTERRUPT_LINE, 4), 0);
		nicsw_config_write(&device, 0, space_of(0), 0, sizeof(ones), ones, NULL);
	}
	put(0, PCI_COMMAND, 2, 0x0006);
	cr_expect_eq(get(0, PCI_COMMAND, 2), 0x0004, "checklist 2");
}

/* pci.md 3.1 */
Test(hwemu_caps, pcie)
{
	static const __u32 functions[] = {PF, 0};
	__u32 at;

	start(1);
	for (__u32 i = 0; i < 2; i++) {
		at = find(functions[i], PCI_CAP_ID_EXP);
		cr_expect_eq(get(functions[i], at + PCI_EXP_FLAGS, 2), 2, "v2 endpoint");
		cr_expect(get(functions[i], at + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLR);
	}
	cr_expect_eq(get(0, at + PCI_EXP_LNKCAP, 4),
		     get(PF, find(PF, PCI_CAP_ID_EXP) + PCI_EXP_LNKCAP, 4));
	cr_expect_eq(get(0, at + PCI_EXP_LNKCTL, 4), 0);
	put(0, at + PCI_EXP_LNKCTL, 2, 0xffff);
	put(0, at + PCI_EXP_DEVCTL, 2, 0x7fff);
	put(0, at + PCI_EXP_DEVCTL2, 2, 0xffff);
	put(0, at + PCI_EXP_LNKCTL2, 2, 0xffff);
	cr_expect_eq(get(0, at + PCI_EXP_LNKCTL, 4), 0, "reserved in a VF");
	cr_expect_eq(get(0, at + PCI_EXP_DEVCTL, 4), 0);
	cr_expect_eq(get(0, at + PCI_EXP_DEVCTL2, 4), 0);
	cr_expect_eq(get(0, at + PCI_EXP_LNKCAP2, 4), 0);
	cr_expect_eq(get(0, at + PCI_EXP_LNKCTL2, 4), 0);
}

/* pci.md 3.3 */
Test(hwemu_caps, power_management)
{
	start(1);
	for (__u32 i = 0; i < 2; i++) {
		__u32 function = i ? PF : 0;
		__u32 at = find(function, PCI_CAP_ID_PM);

		cr_expect_eq(get(function, at + PCI_PM_PMC, 2), 0x4003);
		cr_expect_eq(get(function, at + PCI_PM_CTRL, 2), PCI_PM_CTRL_NO_SOFT_RESET);
	}
}

/* virtio 1.x, 4.1.4: where a driver finds its structures. */
Test(hwemu_caps, virtio)
{
	static const struct {
		__u8 type, length;
		__u32 offset;
	} rows[] = {
		{VIRTIO_PCI_CAP_COMMON_CFG, 16, 0x0000},
		{VIRTIO_PCI_CAP_ISR_CFG, 16, 0x1000},
		{VIRTIO_PCI_CAP_DEVICE_CFG, 16, 0x2000},
		{VIRTIO_PCI_CAP_NOTIFY_CFG, 20, 0x3000},
	};

	start(1);
	for (__u32 i = 0; i < 8; i++) {
		__u32 function = i & 4 ? PF : 0;
		__u32 at = find_nth(function, PCI_CAP_ID_VNDR, i & 3);

		cr_assert_neq(at, 0);
		cr_expect_eq(get(function, at + 2, 1), rows[i & 3].length);
		cr_expect_eq(get(function, at + 3, 1), rows[i & 3].type);
		cr_expect_eq(get(function, at + 4, 4), 0, "BAR 0");
		cr_expect_eq(get(function, at + 8, 4), rows[i & 3].offset);
		cr_expect_eq(get(function, at + 12, 4), 0x1000);
		if (rows[i & 3].length == 20)
			cr_expect_eq(get(function, at + 16, 4), 4, "multiplier");
	}
}
