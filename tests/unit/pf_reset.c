// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"
#include "dataplane/port.h"
#include "pf/driver.h"
#include "pf/reset.h"

static void edit_vf(__u32 vf, __u32 flags, bool driver)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, vf)->flags = flags;
	if (driver)
		nicsw_pf_vf_driver_start(&adapter, &change, vf);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

/* VF 0 has a netdev and a running driver, VF 1 nothing. */
static void open_vfs(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(0);
	oid_set_filter(1, 2, 1, -1);
	edit_vf(0, NICSW_VF_ATTACHED, true);
}

TestSuite(pf_reset, .init = open_vfs, .fini = fixture_close);

static const struct nicsw_vf_record *vfs(void)
{
	return adapter.dataplane.maps.vfs;
}

static const struct nicsw_port *port(void)
{
	return &adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)];
}

/* LC-RST-2, lifecycle.md 11: an attached VF runs again after the reset, a bare one waits for its
 * driver. */
Test(pf_reset, LC_RST_2_driver_again)
{
	__u8(*spaces)[NICSW_CONFIG_SIZE] = adapter.dataplane.maps.config_space;
	const __u8 wake[] = {0, 1};
	struct nicsw_vf_record before = vfs()[0];

	cr_assert_eq(nicsw_config_write(&adapter.device, 0, spaces[1], 0x05, 0, wake, NULL), 0);
	cr_assert_eq(nicsw_pf_vf_reset(&adapter, 0, NULL), 0);
	cr_expect_arr_eq(&vfs()[0], &before, sizeof(before));
	cr_expect(nicsw_function_bus_master(spaces[1]));
	cr_expect(port()->flags & NICSW_PORT_READY);
	nicsw_function_set_bus_master(&adapter.device, 1, spaces[2], true);
	cr_assert_eq(nicsw_pf_vf_reset(&adapter, 1, NULL), 0);
	cr_expect_not(nicsw_function_bus_master(spaces[2]));
	cr_expect_eq(vfs()[1].packet_filter, 0);
	cr_expect_eq(vfs()[1].flags, 0);
}

/* PCI-84, GEN-22: every vector of this VF masked and none pending; another VF keeps its own. */
Test(pf_reset, PCI_84_vectors)
{
	static const struct nicsw_msix_entry zero;
	struct nicsw_iommu_record *records = adapter.dataplane.maps.iommu;
	__u32 vf;

	for (vf = 0; vf < 2; vf++) {
		records[vf].pending = 2;
		records[vf].msix[1].address = 0xfee00000;
		records[vf].msix[1].unmasked = 1;
	}
	cr_assert_eq(nicsw_pf_vf_reset(&adapter, 0, NULL), 0);
	cr_expect_eq(records[0].pending, 0);
	cr_expect_arr_eq(&records[0].msix[1], &zero, sizeof(zero));
	cr_expect_eq(records[1].pending, 2);
	cr_expect_eq(records[1].msix[1].unmasked, 1);
}

/* A VF that lost its netdev has no driver to play. */
Test(pf_reset, lost_netdev_stays_quiet)
{
	edit_vf(0, NICSW_VF_LOST, false);
	cr_assert_eq(nicsw_pf_vf_reset(&adapter, 0, NULL), 0);
	cr_expect_eq(vfs()[0].packet_filter, 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_LOST);
	cr_expect_eq(port()->flags & NICSW_PORT_READY, 0);
}

/* RESET-VF-5, -11: a reset that a daemon did not finish is quiet until the next start finishes it.
 */
Test(pf_reset, RESET_VF_11_resume)
{
	edit_vf(0, NICSW_VF_ATTACHED | NICSW_VF_RESETTING, false);
	edit_vf(1, NICSW_VF_RESETTING, false);
	cr_expect_eq(port()->flags & NICSW_PORT_READY, 0);
	cr_assert_eq(nicsw_pf_resume_resets(&adapter), 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED);
	cr_expect_eq(vfs()[1].flags, 0);
	cr_expect(port()->flags & NICSW_PORT_READY);
}

/* Others are left alone by the resumption (GEN-22). */
Test(pf_reset, GEN_22_resume_touches_no_other)
{
	struct snapshot before, after;
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_pf_vf_driver_stop(&adapter, &change, 0); /* its own doing: nobody starts it again */
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	before = snapshot_take();
	cr_assert_eq(nicsw_pf_resume_resets(&adapter), 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* A netdev that cannot be brought up: FAILURE, and the VF is out of reset, but without driver. */
Test(pf_reset, RESET_VF_5_netdev_fails)
{
	struct nicsw_ports ports = {.switch_netns = -1};
	struct nicsw_error error = {};

	adapter.ports = &ports;
	cr_expect_eq(nicsw_pf_vf_reset(&adapter, 0, &error), -EIO);
	adapter.ports = NULL;
	cr_expect_eq(error.code, -EIO);
	cr_expect_neq(error.text[0], 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED);
	cr_expect_eq(vfs()[0].packet_filter, 0);
	cr_expect_eq(port()->flags & NICSW_PORT_READY, 0);
	cr_assert_eq(nicsw_pf_vf_reset(&adapter, 0, NULL), 0); /* the next one succeeds */
	cr_expect(port()->flags & NICSW_PORT_READY);
}

/* Every reset under way is tried, and the first failure told. */
Test(pf_reset, RESET_VF_11_resume_fails)
{
	struct nicsw_ports ports = {.switch_netns = -1};

	edit_vf(0, NICSW_VF_ATTACHED | NICSW_VF_RESETTING, false);
	edit_vf(1, NICSW_VF_RESETTING, false);
	adapter.ports = &ports;
	cr_expect_eq(nicsw_pf_resume_resets(&adapter), -EIO);
	adapter.ports = NULL;
	cr_expect_eq(vfs()[1].flags, 0);
}

/* GEN-17: a reset that cannot begin has not begun. */
Test(pf_reset, GEN_17_cannot_begin)
{
	struct snapshot before = snapshot_take(), after;

	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_vf_reset(&adapter, 0, NULL), -EIO);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* RESET-VF-11: one that cannot end stays under way, quiet, and can be resumed. */
Test(pf_reset, RESET_VF_11_cannot_end)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_pf_vf_driver_stop(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_vf_reset(&adapter, 0, NULL), -EIO);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED | NICSW_VF_RESETTING);
	cr_expect_eq(port()->flags & NICSW_PORT_READY, 0);
	cr_assert_eq(nicsw_pf_resume_resets(&adapter), 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_ATTACHED);
	cr_expect(port()->flags & NICSW_PORT_READY);
}
