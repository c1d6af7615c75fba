// SPDX-License-Identifier: GPL-2.0-only
/* SR-IOV on and off, and the static creation of the switch (lifecycle.md 2, 3). */
#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"
#include "pf/capability.h"
#include "pf/fault.h"
#include "pf/sriov.h"

#define CREATE  OID_NIC_SWITCH_CREATE_SWITCH
#define NUM_VFS 4u

static struct nicsw_meta *meta;
static __u8 *pf_space;

/* What the file says: static, four VFs, two queue pairs. */
static void open_static(void)
{
	fixture_open();
	meta = adapter.dataplane.maps.meta;
	pf_space = adapter.dataplane.maps.config_space[0];
	adapter.interface = (struct nicsw_interface){.max_vfs = NUM_VFS,
						     .static_switch = true,
						     .default_queue_pairs = 2,
						     .switch_name = fixture_text("stored")};
}

TestSuite(pf_sriov, .init = open_static, .fini = fixture_close);

static void start(void)
{
	struct nicsw_error error = {};

	cr_assert_eq(nicsw_pf_sriov_start(&adapter, &error), 0, "%s", error.text);
}

/* Those that the switch was built with. */
static struct ndis_nic_switch_parameters same(void)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(NUM_VFS);

	parameters.header = (struct ndis_object_header)HEADER(2, 552);
	parameters.num_queue_pairs_for_default_vport = 2;
	parameters.switch_friendly_name = fixture_text("stored");
	return parameters;
}

static void create(void)
{
	struct ndis_nic_switch_parameters parameters = same();
	struct reply reply = ask(CREATE, METHOD, &parameters, 552, 552);

	cr_assert_eq(reply.status, NDIS_STATUS_SUCCESS, "%s", reply.error.text);
}

static __u32 enabled(void)
{
	return nicsw_sriov_num_vfs(pf_space);
}

static void set_knob(enum nicsw_fault_knob knob, bool on)
{
	cr_assert_eq(nicsw_pf_fault_set(&adapter, knob, NICSW_NONE, on, NULL), 0);
}

/* LC-INIT-7, LC-SW: BUILT, with the VFs on PCIe; once more, and nothing changes. */
Test(pf_sriov, LC_INIT_7_built_at_the_start)
{
	struct snapshot before, after;

	start();
	cr_expect_eq(meta->nic_switch.state, NICSW_BUILT);
	cr_expect_eq(meta->nic_switch.num_vfs, NUM_VFS);
	cr_expect_eq(meta->nic_switch.default_queue_pairs, 2);
	cr_expect_eq(enabled(), NUM_VFS);
	cr_expect(nicsw_function_visible(&adapter.device, pf_space, NUM_VFS - 1));
	cr_expect_not(nicsw_function_visible(&adapter.device, pf_space, NUM_VFS));
	cr_expect_eq(adapter.dataplane.maps.vports[0].state, NICSW_FREE, "CREATE-SW-17");
	cr_expect_eq(adapter.dataplane.maps.ports[NICSW_SLOT_PF].flags, 0, "no frame passes");
	before = snapshot_take();
	start();
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* LC-INIT-7: the parameters are checked; never more VFs than the device has. */
Test(pf_sriov, LC_INIT_7_parameters_are_checked)
{
	adapter.interface.default_queue_pairs = 5;
	cr_expect_eq(nicsw_pf_sriov_start(&adapter, NULL), -EINVAL);
	cr_expect_eq(enabled(), 0);
	adapter.interface.default_queue_pairs = 0;
	adapter.interface.max_vfs = NICSW_MAX_VFS;
	start();
	cr_expect_eq(enabled(), FIXTURE_VFS);
	cr_expect_eq(meta->nic_switch.default_queue_pairs, 1);
}

/* Dynamic: nothing before CREATE_SWITCH; and one that was static before is taken down. */
Test(pf_sriov, dynamic_builds_nothing)
{
	start();
	adapter.interface.static_switch = false;
	start();
	cr_expect_eq(meta->nic_switch.state, NICSW_FREE);
	cr_expect_eq(enabled(), 0);
	start();
	cr_expect_eq(enabled(), 0);
}

/* Other keywords: built again with them, unless it is in use. */
Test(pf_sriov, other_keywords)
{
	start();
	create();
	adapter.interface.max_vfs = 2;
	start();
	cr_expect_eq(enabled(), NUM_VFS, "in use");
	oid_delete_switch();
	start();
	cr_expect_eq(enabled(), 2);
	cr_expect_eq(meta->nic_switch.num_vfs, 2);
}

/* CREATE-SW-16, LC-SW-1: nobody uses it before CREATE_SWITCH. */
Test(pf_sriov, CREATE_SW_16_useless_before)
{
	struct ndis_nic_switch_vf_parameters vf = fixture_vf(1);
	struct ndis_nic_switch_vport_parameters vport = fixture_vport(0);
	struct fixture_filter filter = fixture_filter(0, 2, 1, -1);
	struct ndis_nic_switch_delete_switch_parameters delete = fixture_delete_switch();
	struct ndis_sriov_reset_vf_parameters reset = fixture_reset_vf(0);

	start();
	refuse(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &vf, sizeof(vf), sizeof(vf),
	       NDIS_STATUS_INVALID_PARAMETER, "ALLOC-VF-3");
	refuse(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &vport, sizeof(vport), sizeof(vport),
	       NDIS_STATUS_INVALID_PARAMETER, "CREATE-VP-3");
	refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, sizeof(filter), sizeof(filter),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-5");
	refuse(OID_SRIOV_RESET_VF, SET, &reset, 6, 0, NDIS_STATUS_INVALID_PARAMETER, "RESET-VF-3");
	refuse(OID_NIC_SWITCH_DELETE_SWITCH, SET, &delete, 12, 0, NDIS_STATUS_FILE_NOT_FOUND,
	       "DELETE-SW-3");
}

/* CREATE-SW-6: each parameter must be that of the start. */
Test(pf_sriov, CREATE_SW_6_other_parameters)
{
	struct ndis_nic_switch_parameters wrong;

	start();
	wrong = same();
	wrong.num_vfs--;
	refuse(CREATE, METHOD, &wrong, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-6");
	wrong = same();
	wrong.num_queue_pairs_for_default_vport = 1;
	refuse(CREATE, METHOD, &wrong, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-6");
	wrong = same();
	wrong.switch_friendly_name.units[0] = 'S';
	refuse(CREATE, METHOD, &wrong, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-6");
	wrong = same();
	wrong.switch_friendly_name = fixture_text("stored too");
	refuse(CREATE, METHOD, &wrong, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-6");
	wrong = same();
	wrong.switch_friendly_name.length -= 2;
	refuse(CREATE, METHOD, &wrong, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-6");
	create();
}

/* CREATE-SW-6: those that no OID names, but the command does. */
Test(pf_sriov, CREATE_SW_6_other_num_vports)
{
	struct nicsw_switch_settings settings = nicsw_pf_switch_stored(&adapter);
	struct nicsw_error error = {};

	start();
	settings.num_vports = NICSW_VPORTS(NUM_VFS) - 1;
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &settings, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "CREATE-SW-6");
	settings.num_vports = NICSW_VPORTS(NUM_VFS);
	settings.num_vfs--;
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &settings, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "CREATE-SW-6");
	settings.num_vfs++;
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &settings, &error), 0);
}

/* CREATE-SW-11, LC-SW-5: not one register is written, and the bus is not asked again. */
Test(pf_sriov, CREATE_SW_11_registers_stay)
{
	static __u8 before[FIXTURE_VFS + 1][NICSW_CONFIG_SIZE];

	start();
	memcpy(before, pf_space, sizeof(before));
	set_knob(NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION, true);
	create();
	cr_expect_eq(meta->nic_switch.state, NICSW_USED);
	cr_expect_arr_eq(pf_space, before, sizeof(before));
	cr_expect_eq(adapter.dataplane.maps.vports[0].queue_pairs, 2);
	oid_allocate_vf(1);
}

/* CREATE-SW-13: enabled by an earlier request. */
Test(pf_sriov, CREATE_SW_13_twice)
{
	struct ndis_nic_switch_parameters parameters = same();

	start();
	create();
	refuse(CREATE, METHOD, &parameters, 552, 552, NDIS_STATUS_INVALID_PARAMETER,
	       "CREATE-SW-13");
}

/* DELETE-SW-7, DELETE-SW-10: the hardware stays as it was at the start; LC-SW-3. */
Test(pf_sriov, DELETE_SW_7_10_back_to_built)
{
	struct snapshot before, after;

	start();
	before = snapshot_take();
	create();
	oid_delete_switch();
	after = snapshot_take();
	cr_expect_eq(meta->nic_switch.state, NICSW_BUILT);
	cr_expect_eq(enabled(), NUM_VFS);
	cr_expect(snapshot_same(&before, &after));
	free(before.bytes);
	free(after.bytes);
}

/* DELETE-SW-14 */
Test(pf_sriov, DELETE_SW_14_enabled_again)
{
	start();
	create();
	oid_delete_switch();
	create();
	cr_expect_eq(meta->nic_switch.state, NICSW_USED);
	cr_expect_eq(oid_allocate_vf(1), 0);
}

/* LC-INIT-10: up without SR-IOV, whatever the reason; and with it once the reason is gone. */
Test(pf_sriov, LC_INIT_10_enable_fails)
{
	struct ndis_nic_switch_parameters parameters = same();
	struct nicsw_error error = {};

	set_knob(NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION, true);
	cr_expect_eq(nicsw_pf_sriov_start(&adapter, &error), -EIO);
	cr_expect_str_eq(error.rule, "CREATE-SW-12");
	cr_expect_eq(meta->nic_switch.state, NICSW_FREE);
	cr_expect_eq(enabled(), 0);
	cr_expect_not(nicsw_pf_capability(&adapter).sriov_supported);
	cr_expect(nicsw_pf_hardware_capability(&adapter).sriov_supported);
	refuse(CREATE, METHOD, &parameters, 552, 552, NDIS_STATUS_NOT_SUPPORTED, "GEN-1");
	set_knob(NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION, false);
	start();
	cr_expect(nicsw_pf_capability(&adapter).sriov_supported);
	create();
}

/* ---- changing the parameters --------------------------------------------------------------------
 */

#define PARAMETERS OID_NIC_SWITCH_PARAMETERS

static struct reply rename_switch(const char *name)
{
	struct ndis_nic_switch_parameters parameters = {
		.header = HEADER(2, 552),
		.flags = NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED,
		.switch_friendly_name = fixture_text(name),
	};

	return ask(PARAMETERS, SET, &parameters, 552, 0);
}

static void expect_name(const struct nicsw_text *text, const char *name)
{
	struct nicsw_text wanted = fixture_text(name);

	cr_expect_arr_eq(text, &wanted, sizeof(wanted), "%s", name);
}

static void expect_current_name(const char *name)
{
	struct ndis_nic_switch_parameters parameters = {.header = HEADER(2, 552)};

	cr_assert_eq(ask(PARAMETERS, METHOD, &parameters, 552, 552).status, NDIS_STATUS_SUCCESS);
	expect_name(&parameters.switch_friendly_name, name);
}

/* PARAM-SW-9, PARAM-SW-10, PARAM-SW-11: stored, and the old name until it is built again. */
Test(pf_sriov, PARAM_SW_9_static_needs_a_restart)
{
	struct ndis_nic_switch_parameters parameters = same();
	struct reply reply;

	start();
	create();
	reply = rename_switch("other");
	cr_expect_eq(reply.status, NDIS_STATUS_REINIT_REQUIRED);
	cr_expect_str_eq(reply.error.rule, "PARAM-SW-9");
	expect_current_name("stored");
	expect_name(&(struct nicsw_text){nicsw_pf_switch_stored(&adapter).name.length,
					 {'o', 't', 'h', 'e', 'r'}},
		    "other");
	oid_delete_switch();
	create(); /* the old parameters are those it was built with */
	oid_delete_switch();
	start();
	refuse(CREATE, METHOD, &parameters, 552, 552, NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-6");
	parameters.switch_friendly_name = fixture_text("other");
	cr_expect_eq(ask(CREATE, METHOD, &parameters, 552, 552).status, NDIS_STATUS_SUCCESS);
	expect_current_name("other");
}

/* PARAM-SW-8, -10: at once where nothing has to be built; stored all the same. */
Test(pf_sriov, PARAM_SW_10_success_is_stored)
{
	struct nicsw_switch_settings stored;

	start();
	create();
	cr_expect_eq(rename_switch("stored").status, NDIS_STATUS_SUCCESS, "it has that name");
	adapter.interface.static_switch = false;
	oid_delete_switch();
	start();
	create();
	cr_expect_eq(rename_switch("other").status, NDIS_STATUS_SUCCESS, "dynamic");
	expect_current_name("other");
	stored = nicsw_pf_switch_stored(&adapter);
	expect_name(&stored.name, "other");
}

/* PARAM-SW-10: a failure stores nothing. */
Test(pf_sriov, PARAM_SW_10_failure_stores_nothing)
{
	struct nicsw_switch_settings stored;

	start();
	create();
	set_knob(NICSW_FAULT_FAIL_SWITCH_SET, true);
	cr_expect_eq(rename_switch("other").status, NDIS_STATUS_FAILURE);
	stored = nicsw_pf_switch_stored(&adapter);
	expect_name(&stored.name, "stored");
}

/* LC-UP-1: the stored configuration makes a switch, static or dynamic. */
Test(pf_sriov, LC_UP_1_stored_configuration)
{
	struct nicsw_switch_settings stored = nicsw_pf_switch_stored(&adapter);

	cr_expect_eq(stored.num_vfs, NUM_VFS);
	cr_expect_eq(stored.default_queue_pairs, 2);
	expect_name(&stored.name, "stored");
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &stored, NULL), 0);
	cr_expect_eq(meta->nic_switch.num_vfs, NUM_VFS);
	oid_delete_switch();
	start();
	stored = nicsw_pf_switch_stored(&adapter);
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &stored, NULL), 0);
}

/* ---- on and off ---------------------------------------------------------------------------------
 */

/* LC-HALT-6: a static switch goes when SR-IOV is turned off; GEN-1 then; LC-INIT-7 when it is on.
 */
Test(pf_sriov, LC_HALT_6_off_and_on)
{
	struct ndis_nic_switch_parameters parameters = same();

	start();
	cr_assert_eq(nicsw_pf_sriov_off(&adapter, false, NULL), 0);
	cr_expect_eq(meta->nic_switch.state, NICSW_FREE);
	cr_expect_eq(enabled(), 0);
	refuse(CREATE, METHOD, &parameters, 552, 552, NDIS_STATUS_NOT_SUPPORTED, "GEN-1");
	start();
	cr_expect_eq(enabled(), 0, "a restart does not turn it on");
	cr_assert_eq(nicsw_pf_sriov_on(&adapter, NULL), 0);
	cr_expect_eq(enabled(), NUM_VFS);
	create();
}

/* GEN-17: what cannot be turned on stays off. */
Test(pf_sriov, GEN_17_on_fails)
{
	cr_assert_eq(nicsw_pf_sriov_off(&adapter, false, NULL), 0);
	set_knob(NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION, true);
	cr_expect_eq(nicsw_pf_sriov_on(&adapter, NULL), -EIO);
	cr_expect(meta->flags & NICSW_META_SRIOV_OFF);
	cr_expect_not(nicsw_pf_capability(&adapter).sriov_supported);
	cr_expect_eq(enabled(), 0);
}

/* LC-INIT-9, LC-SW-3: not while VFs are there; LC-HALT-9: by force all of it goes. */
Test(pf_sriov, LC_HALT_9_off_by_force)
{
	struct nicsw_error error = {};
	struct snapshot before, after;

	start();
	cr_assert_eq(nicsw_pf_sriov_off(&adapter, false, NULL), 0);
	before = snapshot_take();
	cr_assert_eq(nicsw_pf_sriov_on(&adapter, NULL), 0);
	create();
	oid_allocate_vf(1);
	oid_set_filter(oid_create_vport(0), 2, 1, -1);
	cr_expect_eq(nicsw_pf_sriov_off(&adapter, false, &error), -EINVAL);
	cr_expect_str_eq(error.rule, "LC-HALT-5");
	cr_expect_eq(enabled(), NUM_VFS);
	set_knob(NICSW_FAULT_FAIL_VPORT_DELETE, true);
	cr_expect_eq(nicsw_pf_sriov_off(&adapter, true, &error), 0, "%s", error.text);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after), "something is left");
	free(before.bytes);
	free(after.bytes);
}

/* LC-INIT-9: no VF before the adapter is up. */
Test(pf_sriov, LC_INIT_9_not_up)
{
	struct ndis_nic_switch_vf_parameters vf = fixture_vf(1);

	start();
	create();
	meta->state = NICSW_ADAPTER_STARTING;
	refuse(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &vf, sizeof(vf), sizeof(vf),
	       NDIS_STATUS_NOT_ACCEPTED, "GEN-15");
}
