// SPDX-License-Identifier: GPL-2.0-only
/* BARs of the PF, VF BARs, probing: PCI-8, PCI-9, PCI-24, PCI-48..PCI-51. */
#include "tests/unit/hwemu_fixture.h"

static __u64 get64(__u32 offset)
{
	return get(PF, offset, 4) | (__u64)get(PF, offset + 4, 4) << 32;
}

static __u64 vf_bar(__u32 bar)
{
	return get64(sriov(PCI_SRIOV_BAR + 4 * bar));
}

/* What a driver sees that writes all ones, in a copy of the PF's space (PCI-50). */
static void probe(__u32 first, __u32 ret[NICSW_PCI_BARS])
{
	__u8 copy[NICSW_CONFIG_SIZE], ones[4 * NICSW_PCI_BARS];

	memcpy(copy, spaces[0], sizeof(copy));
	memset(ones, 0xff, sizeof(ones));
	nicsw_config_write(&device, PF, copy, first, sizeof(ones), ones, NULL);
	nicsw_config_read(&device, PF, copy, first, sizeof(ones), ret);
}

/* PCI-49: 64-bit, prefetchable memory. */
Test(hwemu_bar, pf_sizes)
{
	__u32 bars[NICSW_PCI_BARS];
	static const __u32 expected[] = {0xffffc00c, 0xffffffff, 0, 0, 0xffffe00c, 0xffffffff};

	start(4);
	probe(PCI_BASE_ADDRESS_0, bars);
	cr_expect_arr_eq(bars, expected, sizeof(expected));
}

/*
 * PCI-8, PCI-50, PBARS-5..PBARS-9: what probing gives, for each page size, without touching a
 * register.
 */
Test(hwemu_bar, probed_vf_bars)
{
	__u32 bars[NICSW_PCI_BARS], probed[NICSW_PCI_BARS];
	static const __u32 expected[] = {0xffffc00c, 0xffffffff, 0, 0, 0xffffe00c, 0xffffffff};
	__u8 before[NICSW_CONFIG_SIZE];

	start(4);
	nicsw_vf_probed_bars(spaces[0], bars);
	cr_expect_arr_eq(bars, expected, sizeof(expected));
	for (__u32 bit = 0; bit < 32; bit++)
		if (0x553u >> bit & 1) {
			put(PF, sriov(PCI_SRIOV_SYS_PGSIZE), 4, 1u << bit);
			memcpy(before, spaces[0], sizeof(before));
			nicsw_vf_probed_bars(spaces[0], bars);
			probe(sriov(PCI_SRIOV_BAR), probed);
			cr_expect_arr_eq(bars, probed, sizeof(bars), "page size bit %u", bit);
			cr_expect_arr_eq(spaces[0], before, sizeof(before));
		}
	cr_expect_eq(bars[0], 0xffc0000c, "4 MiB pages");
}

/* PBARS-8: the same while VFs run. */
Test(hwemu_bar, probed_while_enabled)
{
	__u32 before[NICSW_PCI_BARS], after[NICSW_PCI_BARS];

	start(4);
	nicsw_vf_probed_bars(spaces[0], before);
	enable(4);
	nicsw_vf_probed_bars(spaces[0], after);
	cr_expect_arr_eq(before, after, sizeof(before));
}

static void expect_apart(__u64 a, __u64 a_length, __u64 b, __u64 b_length)
{
	cr_expect(a + a_length <= b || b + b_length <= a, "%llx and %llx", a, b);
}

/*
 * PCI-48: aligned to the share, large enough for total_vfs, no two in one place; for each page
 * size.
 */
static void expect_assigned(__u32 total_vfs, __u64 page)
{
	__u64 share0 = page > 0x4000 ? page : 0x4000, share4 = page > 0x2000 ? page : 0x2000;
	__u64 regions[4][2] = {{get64(PCI_BASE_ADDRESS_0) & ~0xfull, 0x4000},
			       {get64(PCI_BASE_ADDRESS_4) & ~0xfull, 0x2000},
			       {vf_bar(0) & ~0xfull, share0 * total_vfs},
			       {vf_bar(4) & ~0xfull, share4 * total_vfs}};

	cr_expect_eq(regions[0][0] % 0x4000, 0);
	cr_expect_eq(regions[1][0] % 0x2000, 0);
	cr_expect_eq(regions[2][0] % share0, 0);
	cr_expect_eq(regions[3][0] % share4, 0);
	cr_expect_eq(regions[3][0] % 0x100000, 0, "a bridge cannot cut finer");
	for (__u32 i = 0; i < 4; i++) {
		cr_expect_neq(regions[i][0], 0);
		for (__u32 j = 0; j < i; j++)
			expect_apart(regions[i][0], regions[i][1], regions[j][0], regions[j][1]);
	}
}

Test(hwemu_bar, assigned_at_power_on)
{
	static const __u32 totals[] = {1, 64, 1024};

	for (__u32 i = 0; i < 3; i++) {
		start(totals[i]);
		expect_assigned(totals[i], 4096);
		cr_expect_eq(get(PF, PCI_COMMAND, 2), PCI_COMMAND_MEMORY);
		cr_expect_eq(get(PF, PCI_BASE_ADDRESS_2, 4) | get(PF, PCI_BASE_ADDRESS_3, 4), 0);
	}
	put(PF, sriov(PCI_SRIOV_SYS_PGSIZE), 4, 1 << 10);
	cr_expect_eq(nicsw_function_assign(&device, spaces[0]), 0);
	expect_assigned(1024, 4 << 20);
}

/* PCI-48: address bits below the share do not exist, also when the page grows later. */
Test(hwemu_bar, share_aligns_the_address)
{
	start(4);
	put(PF, sriov(PCI_SRIOV_BAR), 4, 0x1234567f);
	cr_expect_eq(get(PF, sriov(PCI_SRIOV_BAR), 4), 0x1234400c);
	put(PF, sriov(PCI_SRIOV_SYS_PGSIZE), 4, 1 << 4);
	cr_expect_eq(get(PF, sriov(PCI_SRIOV_BAR), 4), 0x1234000c);
}

/* PCI-9, BARRES-5..BARRES-7 */
Test(hwemu_bar, resource_of_a_vf)
{
	struct nicsw_bar_resource bar = {1, 2, false};

	start(8);
	cr_expect_eq(nicsw_vf_bar_resource(spaces[0], 0, 0, &bar), -EINVAL, "not enabled");
	enable(4);
	for (__u32 vf = 0; vf < 4; vf++) {
		cr_expect_eq(nicsw_vf_bar_resource(spaces[0], vf, 0, &bar), 0);
		cr_expect_eq(bar.start, (vf_bar(0) & ~0xfull) + vf * 0x4000);
		cr_expect_eq(bar.length, 0x4000);
		cr_expect(bar.prefetchable);
		cr_expect_eq(nicsw_vf_bar_resource(spaces[0], vf, 4, &bar), 0);
		cr_expect_eq(bar.start, (vf_bar(4) & ~0xfull) + vf * 0x2000);
		cr_expect_eq(bar.length, 0x2000);
	}
	bar.length = 7;
	for (__u32 i = 0; i < 6; i++)
		if (i != 0 && i != 4)
			cr_expect_eq(nicsw_vf_bar_resource(spaces[0], 0, i, &bar), -EINVAL);
	cr_expect_eq(nicsw_vf_bar_resource(spaces[0], 0, 6, &bar), -EINVAL);
	cr_expect_eq(nicsw_vf_bar_resource(spaces[0], 0, 0xffffffff, &bar), -EINVAL);
	cr_expect_eq(nicsw_vf_bar_resource(spaces[0], 4, 0, &bar), -EINVAL);
	cr_expect_eq(bar.length, 7);
}

/* PCI-9, PCI-48: 1,024 VFs with 4 MiB pages end above 4 GiB. */
Test(hwemu_bar, resource_of_the_last_vf)
{
	struct nicsw_bar_resource bar;

	start(1024);
	put(PF, sriov(PCI_SRIOV_SYS_PGSIZE), 4, 1 << 10);
	nicsw_function_assign(&device, spaces[0]);
	enable(1024);
	cr_expect_eq(nicsw_vf_bar_resource(spaces[0], 1023, 0, &bar), 0);
	cr_expect_eq(bar.start - (vf_bar(0) & ~0xfull), 1023ull << 22);
	cr_expect_eq(bar.length, 4 << 20);
}

/* PCI-24, PCI-51, PCI-102: each condition alone stops memory decode. */
Test(hwemu_bar, memory_decode)
{
	__u8 *vf;

	start(4);
	vf = space_of(0);
	cr_expect_not(nicsw_vf_memory_decoded(&device, spaces[0], 0, vf));
	enable(2);
	cr_expect(nicsw_vf_memory_decoded(&device, spaces[0], 0, vf));
	cr_expect_not(nicsw_vf_memory_decoded(&device, spaces[0], 2, vf));
	cr_expect_not(nicsw_vf_memory_decoded(&device, spaces[0], PF, vf));
	put(PF, sriov(PCI_SRIOV_CTRL), 2, PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_ARI);
	cr_expect_not(nicsw_vf_memory_decoded(&device, spaces[0], 0, vf), "VF MSE off");
	put(PF, sriov(PCI_SRIOV_CTRL), 2,
	    PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
	nicsw_function_set_power(&device, 0, vf, NICSW_D3, false);
	cr_expect_not(nicsw_vf_memory_decoded(&device, spaces[0], 0, vf), "D3");
	nicsw_function_set_power(&device, 0, vf, NICSW_D0, false);
	nicsw_function_set_power(&device, PF, spaces[0], NICSW_D3, false);
	cr_expect_not(nicsw_vf_memory_decoded(&device, spaces[0], 0, vf), "PF in D3 (PCI-101)");
}

/* PCI-46: addresses stay where they are while VFs decode them. */
Test(hwemu_bar, not_assigned_while_enabled)
{
	__u8 before[NICSW_CONFIG_SIZE];

	start(4);
	enable(1);
	memcpy(before, spaces[0], sizeof(before));
	cr_expect_eq(nicsw_function_assign(&device, spaces[0]), -EBUSY);
	cr_expect_arr_eq(spaces[0], before, sizeof(before));
}
