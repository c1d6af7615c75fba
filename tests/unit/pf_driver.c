// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "pf/driver.h"

/* An attached VF with VPort and filter, so that only the driver is missing. */
static void open_attached(void)
{
	struct nicsw_change change;

	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_create_vport(0);
	oid_set_filter(1, 2, 1, -1);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags = NICSW_VF_ATTACHED;
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

TestSuite(pf_driver, .init = open_attached, .fini = fixture_close);

static void drive(void (*step)(struct nicsw_adapter *, struct nicsw_change *, __u32))
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	step(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

/* RXQ-20, RXQ-22, PCI-25: the VF may send and receive after start, and not before, and not after
 * stop. */
Test(pf_driver, RXQ_22_start_and_stop)
{
	const __u32 ready = NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_GROUP;
	const struct nicsw_port *port = &adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)];
	const __u8 *space = adapter.dataplane.maps.config_space[1];

	cr_expect_eq(port->flags & ready, 0);
	drive(nicsw_pf_vf_driver_start);
	cr_expect_eq(port->flags & ready, ready);
	cr_expect(nicsw_function_bus_master(space));
	cr_expect_eq(adapter.dataplane.maps.vfs[0].packet_filter, 0xd);
	drive(nicsw_pf_vf_driver_stop);
	cr_expect_eq(port->flags & ready, 0);
	cr_expect_not(nicsw_function_bus_master(space));
	cr_expect_eq(adapter.dataplane.maps.vfs[0].packet_filter, 0);
}
