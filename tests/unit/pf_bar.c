// SPDX-License-Identifier: GPL-2.0-only
/* The BARs of the VFs as the PF tells of them: user/pf/bar.c. */
#include "ndis_fixture.h"

#include "pf/fault.h"

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(pf_bar, .init = open_vf, .fini = fixture_close);

/* PBARS-4, PBARS-8: the masks of one VF's share, and no register is touched. */
Test(pf_bar, PBARS_8_nothing_is_written)
{
	struct snapshot before = snapshot_take(), after;
	__u32 bars[NICSW_PCI_BARS];

	nicsw_pf_probed_bars(&adapter, bars);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	cr_expect_eq(bars[NICSW_BAR_VIRTIO] & 0xf, 0xc); /* memory, 64 bit, prefetchable */
	cr_expect_eq(bars[NICSW_BAR_VIRTIO + 1], ~0u);
	free(before.bytes);
	free(after.bytes);
}

/* BARRES-7: the shares of all VFs lie side by side, each as long as the masks say. */
Test(pf_bar, BARRES_7_shares)
{
	struct nicsw_bar_resource first, share;
	__u32 bars[NICSW_PCI_BARS], vf;

	nicsw_pf_probed_bars(&adapter, bars);
	cr_assert_eq(nicsw_pf_bar_resource(&adapter, 0, NICSW_BAR_VIRTIO, &first, NULL), 0);
	cr_expect_eq(first.length, (__u32) - (bars[NICSW_BAR_VIRTIO] & ~0xfu));
	cr_expect(first.prefetchable);
	for (vf = 0; vf < 4; vf++) {
		cr_assert_eq(nicsw_pf_bar_resource(&adapter, vf, NICSW_BAR_VIRTIO, &share, NULL),
			     0);
		cr_expect_eq(share.start, first.start + vf * first.length);
		cr_expect_eq(share.length, first.length);
	}
}

/* BARRES-4, BARRES-5: what is no BAR, and what is none of its own; the output stays. */
Test(pf_bar, BARRES_4_no_such_bar)
{
	static const struct {
		__u32 bar;
		const char *rule;
	} bad[] = {{NICSW_PCI_BARS, "BARRES-4"},
		   {~0u, "BARRES-4"},
		   {NICSW_BAR_VIRTIO + 1, "BARRES-5"},
		   {2, "BARRES-5"}};
	struct nicsw_bar_resource resource = {.start = 0x5a, .length = 0x5a};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct nicsw_error error = {};

		cr_expect_eq(nicsw_pf_bar_resource(&adapter, 0, bad[i].bar, &resource, &error),
			     -EINVAL);
		cr_expect_str_eq(error.rule, bad[i].rule, "BAR %u", bad[i].bar);
	}
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_BARS, 0, true, NULL), 0);
	cr_expect_eq(nicsw_pf_bar_resource(&adapter, 0, NICSW_BAR_VIRTIO, &resource, NULL), -EIO);
	cr_expect_eq(resource.start, 0x5a);
	cr_expect_eq(resource.length, 0x5a);
}
