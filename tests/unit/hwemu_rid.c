// SPDX-License-Identifier: GPL-2.0-only
/* Routing ids and visibility: pci.md 5, PCI-10..PCI-12, PCI-22, PCI-23. */
#include "tests/unit/hwemu_fixture.h"

static struct nicsw_geometry geometry;

static void geometry_start(__u16 total_vfs)
{
	geometry = nicsw_geometry_default(total_vfs, mac);
}

static int init(void)
{
	struct nicsw_device other;

	return nicsw_device_init(&other, &geometry, spaces);
}

/* PCI-61, PCI-63: the example with ARI, with its carry. */
Test(hwemu_rid, ari_carries_into_the_bus)
{
	start(1024);
	cr_expect_eq(nicsw_device_rid(&device, PF), 0x0100);
	cr_expect_eq(nicsw_device_rid(&device, 0), 0x0101);
	cr_expect_eq(nicsw_device_rid(&device, 254), 0x01ff);
	cr_expect_eq(nicsw_device_rid(&device, 255), 0x0200);
	cr_expect_eq(nicsw_device_rid(&device, 1023), 0x0500);
}

/* PCI-10, PCI-69 */
Test(hwemu_rid, segment)
{
	geometry_start(4);
	geometry.segment = 0xabcd;
	start_with(&geometry);
	cr_expect_eq(nicsw_device_rid(&device, PF), 0xabcd0100);
	cr_expect_eq(nicsw_device_rid(&device, 3), 0xabcd0104);
}

/* PCI-11 */
Test(hwemu_rid, index_is_below_total)
{
	start(4);
	cr_expect_neq(nicsw_device_rid(&device, 3), NICSW_NONE);
	cr_expect_eq(nicsw_device_rid(&device, 4), NICSW_NONE);
	cr_expect_eq(nicsw_device_rid(&device, 0xffffffff), NICSW_NONE);
}

/* PCI-64: the example without ARI; PCI-12, PCI-53: the same VF moved. */
Test(hwemu_rid, without_ari_on_the_next_bus)
{
	start(1024);
	put(PF, sriov(PCI_SRIOV_CTRL), 2, 0);
	cr_expect_eq(nicsw_device_rid(&device, 0), 0x0200);
	cr_expect_eq(nicsw_device_rid(&device, 1023), 0x05ff);
	enable(1024);
	cr_expect(nicsw_function_visible(&device, spaces[0], 1023));
}

/* PCI-64: there they stand one behind the other, whatever the stride with ARI is. */
Test(hwemu_rid, stride_on_the_next_bus)
{
	geometry_start(4);
	geometry.vf_stride = 2;
	start_with(&geometry);
	cr_expect_eq(nicsw_device_rid(&device, 1), 0x0103);
	put(PF, sriov(PCI_SRIOV_CTRL), 2, 0);
	cr_expect_eq(nicsw_device_rid(&device, 0), 0x0200);
	cr_expect_eq(nicsw_device_rid(&device, 1), 0x0201);
}

/* PCI-62: behind the last bus there is no RID, and none at the other end of the numbers. */
Test(hwemu_rid, no_bus_behind_the_last)
{
	geometry_start(4);
	geometry.pf_rid = 0xff00;
	geometry.last_bus = 0xff;
	geometry.ari_forwarding = false;
	start_with(&geometry);
	cr_expect_eq(nicsw_device_rid(&device, 0), NICSW_NONE);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 1), -ENOSPC);
}

/* PCI-60, PCI-61: any offset and stride. */
Test(hwemu_rid, offset_and_stride)
{
	geometry_start(4);
	geometry.pf_rid = 0x2310;
	geometry.first_vf_offset = 0x80;
	geometry.vf_stride = 0x40;
	geometry.last_bus = 0x24;
	start_with(&geometry);
	cr_expect_eq(nicsw_device_rid(&device, 0), 0x2390);
	cr_expect_eq(nicsw_device_rid(&device, 1), 0x23d0);
	cr_expect_eq(nicsw_device_rid(&device, 2), 0x2410);
	cr_expect_eq(get(PF, sriov(PCI_SRIOV_FUNC_LINK), 1), 0x10);
}

/* PCI-62, PCI-65, PCI-66: no device can have this geometry. */
Test(hwemu_rid, bad_geometry)
{
	geometry_start(4);
	cr_expect_eq(init(), 0);
	geometry.first_vf_offset = 0;
	cr_expect_eq(init(), -EINVAL);
	geometry_start(4);
	geometry.vf_stride = 0;
	cr_expect_eq(init(), -EINVAL);
	geometry.total_vfs = 1;
	cr_expect_eq(init(), 0, "meaningless for one VF (PCI-65)");
	geometry_start(4);
	geometry.pf_rid = 0xfffb;
	geometry.last_bus = 0xff;
	cr_expect_eq(init(), 0);
	geometry.pf_rid = 0xfffc;
	cr_expect_eq(init(), -EINVAL, "wraps around (PCI-62)");
	geometry_start(0);
	cr_expect_eq(init(), -EINVAL);
	geometry_start(1025);
	cr_expect_eq(init(), -EINVAL);
	geometry_start(4);
	geometry.last_bus = 0;
	cr_expect_eq(init(), -EINVAL, "the PF itself is not below the bridge");
}

/* PCI-66: all RIDs of the largest device differ, with and without ARI. */
Test(hwemu_rid, no_collision)
{
	static __u8 used[65536];

	for (__u32 ari = 0; ari < 2; ari++) {
		start(1024);
		memset(used, 0, sizeof(used));
		put(PF, sriov(PCI_SRIOV_CTRL), 2, ari ? PCI_SRIOV_CTRL_ARI : 0);
		used[nicsw_device_rid(&device, PF)] = 1;
		for (__u32 vf = 0; vf < 1024; vf++) {
			__u32 rid = nicsw_device_rid(&device, vf);

			cr_assert_leq(rid, 0xffff);
			cr_expect_eq(used[rid]++, 0, "VF %u", vf);
		}
	}
}

/* PCI-19, PCI-70: buses that are not assigned make enabling fail, and nothing changes. */
Test(hwemu_rid, buses_that_are_not_assigned)
{
	__u8 before[NICSW_CONFIG_SIZE];

	geometry_start(300);
	geometry.last_bus = 1;
	start_with(&geometry);
	memcpy(before, spaces[0], sizeof(before));
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 256), -ENOSPC);
	cr_expect_arr_eq(spaces[0], before, sizeof(before));
	enable(255);
	cr_expect(nicsw_function_visible(&device, spaces[0], 254));
}

/* PCI-70 by register: a VF whose RID nobody routes does not answer. */
Test(hwemu_rid, vf_that_is_not_routed_is_not_visible)
{
	geometry_start(300);
	geometry.last_bus = 1;
	start_with(&geometry);
	put(PF, sriov(PCI_SRIOV_NUM_VF), 2, 300);
	put(PF, sriov(PCI_SRIOV_CTRL), 2, PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_ARI);
	cr_expect(nicsw_function_visible(&device, spaces[0], 254));
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 255));
}

/*
 * PCI-67: without forwarding the firmware leaves ARI off, and with ARI on only functions 1..7
 * are reached.
 */
Test(hwemu_rid, ari_needs_forwarding)
{
	geometry_start(16);
	geometry.ari_forwarding = false;
	start_with(&geometry);
	cr_expect_eq(get(PF, sriov(PCI_SRIOV_CTRL), 2), 0);
	cr_expect_eq(nicsw_device_rid(&device, 0), 0x0200);
	put(PF, sriov(PCI_SRIOV_CTRL), 2, PCI_SRIOV_CTRL_ARI);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 8), -ENOSPC);
	cr_expect_eq(nicsw_sriov_enable(&device, spaces[0], 7), 0);
}

/* PCI-22, PCI-23 */
Test(hwemu_rid, visible_below_num_vfs)
{
	start(8);
	cr_expect(nicsw_function_visible(&device, spaces[0], PF));
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 0));
	enable(3);
	cr_expect(nicsw_function_visible(&device, spaces[0], 2));
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 3));
	cr_expect_eq(nicsw_sriov_disable(&device, spaces[0], 0), 0);
	cr_expect_not(nicsw_function_visible(&device, spaces[0], 0));
}
