// SPDX-License-Identifier: GPL-2.0-only
/* The half of attach, detach and loss that needs no netdev; the other is in tests/net. */
#include "ndis_fixture.h"

#include "pf/attach.h"
#include "pf/driver.h"

/* VF 0 has a netdev, a VPort with a filter and a running driver; VF 1 is only allocated. */
static void open_vfs(void)
{
	struct nicsw_change change;

	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(0);
	oid_set_filter(1, 2, 1, -1);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	strcpy(nicsw_change_vf(&change, 0)->dev, "eth0");
	strcpy(nicsw_change_vf(&change, 0)->netns, "/run/netns/x");
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

TestSuite(pf_attach, .init = open_vfs, .fini = fixture_close);

static const struct nicsw_vf_record *vfs(void)
{
	return adapter.dataplane.maps.vfs;
}

static __u32 port_flags(void)
{
	return adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)].flags;
}

typedef int (*operation)(__u32 vf, struct nicsw_error *error);

static int attach(__u32 vf, struct nicsw_error *error)
{
	return nicsw_pf_vf_attach(&adapter, vf, "/run/netns/x", "eth0", error);
}

static int detach(__u32 vf, struct nicsw_error *error)
{
	return nicsw_pf_vf_detach(&adapter, vf, error);
}

/* Fails with this code and rule, and changes nothing (GEN-17). */
static void fail(operation run, __u32 vf, int code, const char *rule)
{
	struct snapshot before = snapshot_take(), after;
	struct nicsw_error error = {};

	cr_expect_eq(run(vf, &error), code, "VF %u: %d", vf, error.code);
	cr_expect_str_eq(error.rule, rule);
	cr_expect_neq(error.text[0], 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* LC-VF-1: neither one that is only enabled, nor one that is not there. */
Test(pf_attach, LC_VF_1_not_allocated)
{
	static const __u32 unallocated[] = {2, 4, FIXTURE_VFS, NICSW_FUNCTION_PF};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unallocated); i++) {
		fail(attach, unallocated[i], -EINVAL, "LC-VF-1");
		fail(detach, unallocated[i], -EINVAL, "LC-VF-1");
	}
}

/* An adapter in memory has no netdevs to give. */
Test(pf_attach, without_netdevs)
{
	fail(attach, 1, -ENODEV, "");
	fail(detach, 1, -EINVAL, "");
}

/* RXQ-20: without netdev no driver: no bus mastering, a packet filter of 0. Identity stays. */
Test(pf_attach, RXQ_20_detach)
{
	struct nicsw_vf_record expected = vfs()[0];

	cr_assert(port_flags() & NICSW_PORT_READY);
	expected.flags = 0;
	expected.packet_filter = 0;
	memset(expected.dev, 0, sizeof(expected.dev));
	memset(expected.netns, 0, sizeof(expected.netns));
	cr_assert_eq(nicsw_pf_vf_detach(&adapter, 0, NULL), 0);
	cr_expect_arr_eq(&vfs()[0], &expected, sizeof(expected));
	cr_expect_not(nicsw_function_bus_master(adapter.dataplane.maps.config_space[1]));
	cr_expect_eq(port_flags() & NICSW_PORT_READY, 0);
	cr_expect_eq(steered_to(2, 1, 0), NICSW_SLOT_VF(0));
	fail(detach, 0, -EINVAL, "");
}

/*
 * LC-DOWN-7, PCI-84: a netdev that vanished is a reset without a guest: registers, vectors, blocks
 * and packet filter as after one; VPort and filters stay (RESET-VF-7), and frames are dropped until
 * the next attach (FWD-14).
 */
Test(pf_attach, LC_DOWN_7_lost)
{
	struct nicsw_iommu_record *record = &adapter.dataplane.maps.iommu[0];
	__u8 mailbox[5];

	record->pending = 2;
	record->msix[1].unmasked = 1;
	cr_assert_eq(nicsw_pf_block_write(&adapter, 0, 2, 5, "hello", NULL), 0);
	cr_assert_eq(nicsw_pf_netdev_lost(&adapter, 0, NULL), 0);
	cr_expect_eq(vfs()[0].flags, NICSW_VF_LOST);
	cr_expect_eq(vfs()[0].packet_filter, 0);
	cr_expect_not(nicsw_function_bus_master(adapter.dataplane.maps.config_space[1]));
	cr_expect_eq(record->pending, 0);
	cr_expect_eq(record->msix[1].unmasked, 0);
	cr_assert_eq(nicsw_pf_block_read(&adapter, 0, 2, 5, mailbox, NULL), 0);
	cr_expect_arr_eq(mailbox, "\0\0\0\0\0", 5);
	cr_expect_eq(port_flags() & NICSW_PORT_READY, 0);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, 0), 1);
	cr_expect_eq(steered_to(2, 1, 0), NICSW_SLOT_VF(0));
	cr_assert_eq(nicsw_pf_vf_detach(&adapter, 0, NULL), 0); /* the loss is told */
	cr_expect_eq(vfs()[0].flags, 0);
}

/* GEN-22: VF 1 does not notice. */
Test(pf_attach, GEN_22_lost_touches_no_other)
{
	struct nicsw_vf_record before = vfs()[1];
	__u8 space[NICSW_CONFIG_SIZE];

	memcpy(space, adapter.dataplane.maps.config_space[2], sizeof(space));
	adapter.dataplane.maps.iommu[1].pending = 2;
	cr_assert_eq(nicsw_pf_netdev_lost(&adapter, 0, NULL), 0);
	cr_expect_arr_eq(&vfs()[1], &before, sizeof(before));
	cr_expect_arr_eq(adapter.dataplane.maps.config_space[2], space, sizeof(space));
	cr_expect_eq(adapter.dataplane.maps.iommu[1].pending, 2);
}

/* A VF without netdev has none to reset. */
Test(pf_attach, no_netdev_to_reset)
{
	cr_expect_eq(nicsw_pf_netdev_reset(&adapter, 0, NULL), 0);
	cr_expect_eq(nicsw_pf_netdev_reset(&adapter, 1, NULL), 0);
}
