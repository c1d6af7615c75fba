// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "pf/driver.h"

/* VF 0 runs: netdev, VPort, filter, driver. VF 1 is only allocated. */
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
	nicsw_pf_vf_driver_start(&adapter, &change, 0);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

TestSuite(ndis_power, .init = open_vfs, .fini = fixture_close);

#define POWER OID_SRIOV_SET_VF_POWER_STATE

static struct ndis_sriov_set_vf_power_state_parameters fixture_power(__u16 vf, __u32 state,
								     __u8 wake)
{
	return (struct ndis_sriov_set_vf_power_state_parameters){
		.header = HEADER(1, 13), .vf_id = vf, .power_state = state, .wake_enable = wake};
}

static void set_power(__u16 vf, __u32 state, __u8 wake)
{
	struct ndis_sriov_set_vf_power_state_parameters parameters = fixture_power(vf, state, wake);

	ACCEPT_SET(POWER, parameters, 13u);
}

/* PMCSR of VF 0, found by its capability id. */
static __u16 pmcsr(void)
{
	const __u8 *space = adapter.dataplane.maps.config_space[1];
	__u8 at = space[0x34];

	while (at && space[at] != 0x01)
		at = space[at + 1];
	cr_assert(at);
	return space[at + 4] | space[at + 5] << 8;
}

static bool ready(void)
{
	return adapter.dataplane.maps.ports[NICSW_SLOT_VF(0)].flags & NICSW_PORT_READY;
}

/* POWER-VF-3, -4, -5, -9, -11; LC-VF-1, LC-PWR-2. */
Test(ndis_power, POWER_VF_bad_members)
{
#define BAD_POWER(rule, member, bad)                                                               \
	BAD(rule, INVALID_PARAMETER, ndis_sriov_set_vf_power_state_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_POWER("POWER-VF-3", vf_id, 2),
		BAD_POWER("POWER-VF-3", vf_id, 4),
		BAD_POWER("POWER-VF-3", vf_id, 0xffff),
		BAD_POWER("POWER-VF-4", power_state, 0),
		BAD_POWER("POWER-VF-4", power_state, 5),
		BAD_POWER("POWER-VF-4", power_state, ~0u),
		BAD_POWER("POWER-VF-5", power_state, NdisDeviceStateD0),
		BAD_POWER("POWER-VF-9", power_state, NdisDeviceStateD1),
		BAD_POWER("POWER-VF-9", power_state, NdisDeviceStateD2),
	};
	struct ndis_sriov_set_vf_power_state_parameters good =
		fixture_power(0, NdisDeviceStateD3, 1);

	refuse_each(POWER, SET, &good, 13, refusals, ARRAY_SIZE(refusals));
}

/* POWER-VF-10, LC-PWR-1, -3, -4; PCI-102, -103, -106: down and up, and the VF goes on by itself. */
Test(ndis_power, POWER_VF_10_down_and_up)
{
	cr_assert(ready());
	set_power(0, NdisDeviceStateD3, 0);
	cr_expect_eq(pmcsr() & 3, 3);
	cr_expect_eq(pmcsr() & 0x100, 0);
	cr_expect_not(ready());
	cr_expect_eq(steered_to(2, 1, 0), NICSW_SLOT_VF(0));
	set_power(0, NdisDeviceStateD0, 0);
	cr_expect_eq(pmcsr() & 3, 0);
	cr_expect(ready());
	cr_expect(nicsw_function_bus_master(adapter.dataplane.maps.config_space[1]));
}

/* POWER-VF-6, -12; PCI-105: PME is armed for the time in D3, by any nonzero value. */
Test(ndis_power, POWER_VF_6_wake)
{
	set_power(0, NdisDeviceStateD3, 2);
	cr_expect_eq(pmcsr() & 0x103, 0x103);
	set_power(0, NdisDeviceStateD0, 0);
	cr_expect_eq(pmcsr() & 0x103, 0);
}

/* POWER-VF-8: once more changes nothing, not even what the guest has set. */
Test(ndis_power, POWER_VF_8_same_state)
{
	struct snapshot before, after;
	const __u8 pme_enable = 1;
	__u8 at = 0x34;

	for (at = adapter.dataplane.maps.config_space[1][0x34];
	     adapter.dataplane.maps.config_space[1][at] != 1;)
		at = adapter.dataplane.maps.config_space[1][at + 1];
	cr_assert_eq(nicsw_pf_config_write(&adapter, 0, at + 5, 1, &pme_enable, NULL), 0);
	before = snapshot_take();
	set_power(0, NdisDeviceStateD0, 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	set_power(0, NdisDeviceStateD3, 1);
	free(before.bytes);
	free(after.bytes);
	before = snapshot_take();
	set_power(0, NdisDeviceStateD3, 1);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* POWER-VF-7, GEN-22: VF 0 does not notice. */
Test(ndis_power, POWER_VF_7_only_this_one)
{
	__u8(*spaces)[NICSW_CONFIG_SIZE] = adapter.dataplane.maps.config_space;
	__u8 before[2][NICSW_CONFIG_SIZE];

	memcpy(before, spaces, sizeof(before));
	set_power(1, NdisDeviceStateD3, 0);
	cr_expect_arr_eq(before, spaces, sizeof(before));
	cr_expect_eq(nicsw_function_power(spaces[2]), NICSW_D3);
	cr_expect(ready());
}
