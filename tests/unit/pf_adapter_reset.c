// SPDX-License-Identifier: GPL-2.0-only
/* The reset of the whole adapter (LC-RST-3). */
#include "ndis_fixture.h"

#include "pf/adapter_reset.h"
#include "pf/driver.h"
#include "pf/fault.h"
#include "pf/sriov.h"

static const struct nicsw_mapset *maps;

/* VF 0 has a driver, VF 1 none; a filter on each VPort. */
static void open_vfs(void)
{
	struct nicsw_change change;
	__u64 mask;

	fixture_open();
	maps = &adapter.dataplane.maps;
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_allocate_vf(2);
	oid_create_vport(0);
	oid_set_filter(0, 2, 1, -1);
	oid_set_filter(1, 2, 2, 5);
	/* RESET-VF-13: what was not yet announced is forgotten. */
	cr_assert_eq(nicsw_pf_blocks_take(&adapter, 0, &mask, NULL), 0);
	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, 0)->flags |= NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

TestSuite(pf_adapter_reset, .init = open_vfs, .fini = fixture_close);

static void begin(void)
{
	struct nicsw_error error = {};

	cr_assert_eq(nicsw_pf_adapter_reset_begin(&adapter, &error), 0, "%s", error.text);
}

static void finish(void)
{
	struct nicsw_error error = {};

	cr_assert_eq(nicsw_pf_adapter_reset_finish(&adapter, &error), 0, "%s", error.text);
}

static __u32 open_ports(void)
{
	__u32 slot, count = 0;

	for (slot = 0; slot < maps->meta->slots; slot++)
		count += !!maps->ports[slot].flags;
	return count;
}

/* LC-RST-3: switch, VFs, VPorts, filters and the VF's driver are back, as they were. */
Test(pf_adapter_reset, LC_RST_3_restored)
{
	struct snapshot before = snapshot_take(), after;

	begin();
	finish();
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after), "the adapter is another one");
	cr_expect(maps->ports[NICSW_SLOT_VF(0)].flags & NICSW_PORT_READY);
	oid_create_vport(1);
	free(before.bytes);
	free(after.bytes);
}

/* LC-RST-3: in between no port is open, no function has its registers. */
Test(pf_adapter_reset, LC_RST_3_meanwhile)
{
	cr_expect_geq(open_ports(), 3);
	begin();
	cr_expect_eq(open_ports(), 0);
	cr_expect_eq(nicsw_sriov_num_vfs(maps->config_space[0]), 0);
	cr_expect_not(nicsw_function_visible(&adapter.device, maps->config_space[0], 0));
	cr_expect_not(nicsw_function_bus_master(maps->config_space[1]));
	finish();
	cr_expect_geq(open_ports(), 3);
	cr_expect_eq(nicsw_sriov_num_vfs(maps->config_space[0]), 4);
}

/* GEN-15: each request, and a second reset. */
Test(pf_adapter_reset, GEN_15_refused_meanwhile)
{
	struct ndis_nic_switch_vf_parameters vf = fixture_vf(3);
	struct ndis_nic_switch_info_array array = {.header = HEADER(1, 16)};
	struct nicsw_error error = {};

	begin();
	refuse(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &vf, sizeof(vf), sizeof(vf),
	       NDIS_STATUS_NOT_ACCEPTED, "GEN-15");
	refuse(OID_NIC_SWITCH_ENUM_SWITCHES, QUERY, &array, 16, 16, NDIS_STATUS_NOT_ACCEPTED,
	       "GEN-15");
	cr_expect_eq(nicsw_pf_adapter_reset_begin(&adapter, &error), -EAGAIN);
	cr_expect_str_eq(error.rule, "GEN-15");
	finish();
	cr_expect_eq(oid_allocate_vf(3), 2);
}

/* lifecycle.md 11: what a guest did to its registers is gone; LC-RST-3. */
Test(pf_adapter_reset, LC_RST_3_registers)
{
	__u8 initial[NICSW_CONFIG_SIZE];
	const __u8 byte = 0x5a;

	memcpy(initial, maps->config_space[2], sizeof(initial));
	nicsw_function_set_bus_master(&adapter.device, 1, maps->config_space[2], true);
	/* Interrupt Line of the PF: a register that anybody may write. */
	cr_assert_eq(nicsw_device_write(&adapter.device, NICSW_FUNCTION_PF, 0x3c, 1, &byte, NULL),
		     0);
	cr_assert_eq(nicsw_pf_vf_set_power(&adapter, 0, NdisDeviceStateD3, false, NULL), 0);
	begin();
	finish();
	cr_expect_arr_eq(maps->config_space[2], initial, sizeof(initial));
	cr_expect_eq(maps->config_space[0][0x3c], 0);
	cr_expect_eq(nicsw_function_power(maps->config_space[1]), NICSW_D0);
	cr_expect(nicsw_function_bus_master(maps->config_space[1]), "its driver runs again");
}

/* Wherever a daemon died: the next one does it again, from the records. */
Test(pf_adapter_reset, LC_RST_3_cut_off)
{
	struct snapshot before = snapshot_take(), after;

	begin();
	adapter.dataplane.maps.vfs[0].flags |= NICSW_VF_RESETTING;
	nicsw_sriov_enable(&adapter.device, maps->config_space[0], 2);
	finish();
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* LC-RST-3, DELETE-SW-10: a static switch that nobody uses has its VFs again, too. */
Test(pf_adapter_reset, LC_RST_3_static)
{
	fixture_close();
	fixture_open();
	adapter.interface = (struct nicsw_interface){.static_switch = true, .max_vfs = 3};
	cr_assert_eq(nicsw_pf_sriov_start(&adapter, NULL), 0);
	begin();
	finish();
	cr_expect_eq(nicsw_sriov_num_vfs(maps->config_space[0]), 3);
	cr_expect_eq(maps->meta->nic_switch.state, NICSW_BUILT);
	cr_expect_eq(open_ports(), 0);
}

/* No switch, no VFs: nothing is made up. */
Test(pf_adapter_reset, LC_RST_3_without_switch)
{
	struct snapshot before, after;

	fixture_close();
	fixture_open();
	before = snapshot_take();
	begin();
	finish();
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* GEN-15: the reset is over also if the hardware takes something back only with trouble. */
Test(pf_adapter_reset, ends_in_any_case)
{
	struct nicsw_error error = {};

	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_FLOOD, NICSW_NONE, true, NULL),
		     0);
	begin();
	cr_expect_eq(nicsw_pf_adapter_reset_finish(&adapter, &error), -EIO);
	cr_expect(error.text[0]);
	cr_expect_eq(nicsw_pf_check_running(&adapter, NULL), 0);
	cr_expect_geq(open_ports(), 3);
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_FLOOD, NICSW_NONE, false, NULL),
		     0);
	begin();
	finish();
	cr_expect_geq(open_ports(), 3);
}

/* The knob that says how long a reset takes. */
Test(pf_adapter_reset, time)
{
	cr_expect_eq(nicsw_pf_adapter_reset_time(&adapter), 0);
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_SLOW_RESET, NICSW_NONE, true, NULL),
		     0);
	cr_expect_eq(nicsw_pf_adapter_reset_time(&adapter), 100000);
}
