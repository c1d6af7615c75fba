// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sequences of a virtual machine's VF: up, down, failover, change of hands. Who asks plays the
 * virtualization stack: requests only, but for the driver of the guest.
 */
#include "ndis_fixture.h"

#include "pf/driver.h"

#define VM          1 /* last byte of the MAC of the machine under test */
#define OTHER_VM    2
#define NUM_VFS     4u
#define PF_RID      0x0100u
#define NUM_STEPS   4
#define UP_COMPLETE NUM_STEPS

static void open_switch(void)
{
	fixture_open();
	oid_create_switch(NUM_VFS);
}

TestSuite(rules_lifecycle, .init = open_switch, .fini = fixture_close);

/* A machine on its way: what each step gave it. */
struct vm {
	__u8 mac;
	__u32 filter;
	__u32 vf;
	__u32 vport;
};

static const struct nicsw_port *port_of(__u32 vf)
{
	return &adapter.dataplane.maps.ports[NICSW_SLOT_VF(vf)];
}

static bool is_open(__u32 vf)
{
	return port_of(vf)->flags & NICSW_PORT_OPEN;
}

static bool is_ready(__u32 vf)
{
	return port_of(vf)->flags & NICSW_PORT_READY;
}

static bool is_in_flood_group(__u32 vf)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	__u32 slot = NICSW_SLOT_VF(vf), vid;

	for (vid = 0; vid < NICSW_VLANS; vid++)
		if (maps->vlan_members[vid * maps->meta->slot_words + slot / 64] >> slot % 64 & 1)
			return true;
	return false;
}

static int steered(const struct vm *vm)
{
	return steered_to(2, vm->mac, 0);
}

static void run_driver(__u32 vf)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, vf)->flags |= NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(&adapter, &change, vf);
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

/* Registers and packet filter stay as the driver left them. */
static void remove_driver(__u32 vf)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter.dataplane, "test");
	nicsw_change_vf(&change, vf)->flags &= ~(__u32)NICSW_VF_ATTACHED;
	cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
}

/* ---- the steps, in order, and how each is undone ---- */

static void set_default_filter(struct vm *vm)
{
	vm->filter = oid_set_filter(0, 2, vm->mac, -1);
}

static void clear_filter(struct vm *vm)
{
	oid_clear_filter(vm->filter);
}

static void allocate(struct vm *vm)
{
	vm->vf = oid_allocate_vf(vm->mac);
}

static void free_vf(struct vm *vm)
{
	oid_reset_vf(vm->vf);
	oid_free_vf(vm->vf);
}

static void create_vport(struct vm *vm)
{
	vm->vport = oid_create_vport(vm->vf);
}

static void delete_vport(struct vm *vm)
{
	oid_delete_vport(vm->vport);
}

static void move_up(struct vm *vm)
{
	oid_move_filter(vm->filter, 0, vm->vport);
}

static void move_down(struct vm *vm)
{
	oid_move_filter(vm->filter, vm->vport, 0);
}

static const struct step {
	void (*run)(struct vm *);
	void (*undo)(struct vm *);
} steps[NUM_STEPS] = {
	{set_default_filter, clear_filter},
	{allocate, free_vf},
	{create_vport, delete_vport},
	{move_up, move_down},
};

static void go_up(struct vm *vm, int from, int to)
{
	while (from < to)
		steps[from++].run(vm);
}

static void go_down(struct vm *vm, int from, int to)
{
	while (from > to)
		steps[--from].undo(vm);
}

static void expect_same(struct snapshot *before, const char *rule)
{
	struct snapshot after = snapshot_take();

	cr_expect(snapshot_same(before, &after), "%s: something is left", rule);
	free(before->bytes);
	free(after.bytes);
}

/* ---- up ---- */

/* LC-UP-2, PATH-5: before there is a VF, the default VPort has the machine's traffic. */
Test(rules_lifecycle, LC_UP_2_starts_on_the_default_vport)
{
	struct vm vm = {VM};

	go_up(&vm, 0, 1);
	cr_expect_eq(steered(&vm), NICSW_SLOT_PF);
}

/* LC-UP-3, LC-UP-4, PATH-6: a VF with its location on the bus, and still no traffic of its own. */
Test(rules_lifecycle, LC_UP_4_location)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(VM);
	struct vm vm = {VM};

	go_up(&vm, 0, 1);
	ACCEPT(ask(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &parameters, 1632, 1632));
	cr_expect_eq(parameters.requestor_id, PF_RID + 1 + parameters.vf_id);
	cr_expect_eq(parameters.requestor_id, nicsw_device_rid(&adapter.device, parameters.vf_id));
	cr_expect_eq(steered(&vm), NICSW_SLOT_PF);
	cr_expect_not(is_open(parameters.vf_id));
}

/* LC-UP-6: active at once, but no filter, no packet (LC-VP-7). */
Test(rules_lifecycle, LC_UP_6_vport_is_active)
{
	struct vm vm = {VM};

	go_up(&vm, 0, 3);
	cr_expect_eq(adapter.dataplane.maps.vports[vm.vport].vport_state,
		     NdisNicSwitchVPortStateActivated);
	cr_expect_eq(adapter.dataplane.maps.vports[vm.vport].function, vm.vf);
	cr_expect_not(is_open(vm.vf));
	cr_expect_not(is_in_flood_group(vm.vf));
	cr_expect_eq(steered(&vm), NICSW_SLOT_PF);
}

/* LC-UP-7, LC-UP-11, LC-UP-12, PATH-6: all steps, the driver, and the path works. */
Test(rules_lifecycle, LC_UP_7_and_the_path_works)
{
	struct vm vm = {VM};

	go_up(&vm, 0, UP_COMPLETE);
	cr_expect_eq(steered(&vm), (int)NICSW_SLOT_VF(vm.vf));
	cr_expect(is_open(vm.vf));
	cr_expect_not(is_ready(vm.vf));
	run_driver(vm.vf);
	cr_expect(is_ready(vm.vf));
	cr_expect(is_open(vm.vf));
	cr_expect(is_in_flood_group(vm.vf));
}

/* LC-UP-13, FWD-14: filter before driver: its frames are the VF's, and dropped, until it is there.
 */
Test(rules_lifecycle, LC_UP_13_filter_first)
{
	struct vm vm = {VM};

	go_up(&vm, 0, UP_COMPLETE);
	cr_expect_eq(steered(&vm), (int)NICSW_SLOT_VF(vm.vf));
	cr_expect_not(is_ready(vm.vf));
	run_driver(vm.vf);
	cr_expect(is_ready(vm.vf));
}

/* LC-UP-13: the other order, without the gap. */
Test(rules_lifecycle, LC_UP_13_driver_first)
{
	struct vm vm = {VM};

	go_up(&vm, 0, 3);
	run_driver(vm.vf);
	cr_expect(is_ready(vm.vf));
	cr_expect_eq(steered(&vm), NICSW_SLOT_PF);
	go_up(&vm, 3, UP_COMPLETE);
	cr_expect(is_ready(vm.vf));
	cr_expect_eq(steered(&vm), (int)NICSW_SLOT_VF(vm.vf));
}

/* LC-UP-14, PATH-7: wherever it stops, the steps are undone in reverse and nothing is left. */
Test(rules_lifecycle, LC_UP_14_undone_in_reverse)
{
	int reached;

	for (reached = 1; reached <= UP_COMPLETE; reached++) {
		struct snapshot before = snapshot_take();
		struct vm vm = {VM};

		go_up(&vm, 0, reached);
		go_down(&vm, reached, 1);
		cr_expect_eq(steered(&vm), NICSW_SLOT_PF, "after step %d", reached);
		go_down(&vm, 1, 0);
		expect_same(&before, "LC-UP-14");
	}
}

/* LC-UP-15, PATH-7: the machine that gets no VF keeps its path, and the others theirs. */
Test(rules_lifecycle, LC_UP_15_short_of_vfs)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(9);
	struct vm vms[NUM_VFS], late = {9};
	__u32 i;

	for (i = 0; i < NUM_VFS; i++) {
		vms[i] = (struct vm){VM + i};
		go_up(&vms[i], 0, UP_COMPLETE);
	}
	go_up(&late, 0, 1);
	refuse(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &parameters, 1632, 1632, NDIS_STATUS_FAILURE,
	       "ALLOC-VF-19");
	cr_expect_eq(steered(&late), NICSW_SLOT_PF);
	for (i = 0; i < NUM_VFS; i++)
		cr_expect_eq(steered(&vms[i]), (int)NICSW_SLOT_VF(vms[i].vf));
}

/* ---- down ---- */

/* LC-DOWN-2, LC-DOWN-6, LC-FO-1, LC-FO-7: the move alone gives the default VPort all traffic. */
Test(rules_lifecycle, LC_DOWN_2_move_first)
{
	struct vm vm = {VM};

	go_up(&vm, 0, UP_COMPLETE);
	run_driver(vm.vf);
	go_down(&vm, UP_COMPLETE, 3);
	cr_expect_eq(steered(&vm), NICSW_SLOT_PF);
	cr_expect(is_ready(vm.vf), "LC-DOWN-6: the move stops nothing else");
	cr_expect_not(is_open(vm.vf), "LC-VP-9: but its last filter is gone");
	cr_expect_not(is_in_flood_group(vm.vf));
}

/* LC-DOWN-6: what stops the VPort is refused as long as the filter is on it. */
Test(rules_lifecycle, LC_DOWN_6_nothing_stops_before_the_move)
{
	struct ndis_nic_switch_delete_vport_parameters deletion;
	struct ndis_nic_switch_free_vf_parameters release;
	struct vm vm = {VM};

	go_up(&vm, 0, UP_COMPLETE);
	deletion = fixture_delete_vport(vm.vport);
	refuse(OID_NIC_SWITCH_DELETE_VPORT, SET, &deletion, 12, 0, NDIS_STATUS_INVALID_PARAMETER,
	       "DELETE-VP-5");
	release = fixture_free_vf(vm.vf);
	refuse(OID_NIC_SWITCH_FREE_VF, SET, &release, 10, 0, NDIS_STATUS_INVALID_PARAMETER,
	       "FREE-VF-5");
	cr_expect_eq(steered(&vm), (int)NICSW_SLOT_VF(vm.vf));
}

/*
 * LC-DOWN-3, LC-DOWN-7, LC-DOWN-8, LC-VP-10, LC-VF-7: with the driver still running, as after a
 * surprise removal, the deletion closes the port by itself; id and RID stay.
 */
Test(rules_lifecycle, LC_DOWN_8_deletion_stops_the_vf)
{
	struct vm vm = {VM};
	__u32 rid;

	go_up(&vm, 0, UP_COMPLETE);
	run_driver(vm.vf);
	rid = nicsw_pf_rid(&adapter, vm.vf);
	go_down(&vm, UP_COMPLETE, 2);
	cr_expect_eq(port_of(vm.vf)->flags, 0);
	cr_expect_not(is_in_flood_group(vm.vf));
	cr_expect_eq(adapter.dataplane.maps.vfs[vm.vf].state, NICSW_USED);
	cr_expect_eq(nicsw_pf_rid(&adapter, vm.vf), rid);
	cr_expect_eq(nicsw_pf_vf_vport(&adapter, vm.vf), NICSW_NONE);
}

/* LC-DOWN-4: quiescent, registers as after a reset. */
Test(rules_lifecycle, LC_DOWN_4_reset)
{
	struct vm vm = {VM};

	go_up(&vm, 0, UP_COMPLETE);
	run_driver(vm.vf);
	go_down(&vm, UP_COMPLETE, 2);
	remove_driver(vm.vf);
	cr_assert(nicsw_function_bus_master(nicsw_device_space(&adapter.device, vm.vf)));
	oid_reset_vf(vm.vf);
	cr_expect_not(nicsw_function_bus_master(nicsw_device_space(&adapter.device, vm.vf)));
	cr_expect_eq(adapter.dataplane.maps.vfs[vm.vf].packet_filter, 0);
	cr_expect_not(is_ready(vm.vf));
}

/* LC-DOWN-5, LC-HALT-2..5, LC-HALT-7: in reverse order down to the switch, and nothing is left. */
Test(rules_lifecycle, LC_HALT_7_nothing_left)
{
	struct snapshot before;
	struct vm vms[] = {{VM}, {OTHER_VM}};
	int i, step;

	fixture_close();
	fixture_open();
	/* The first switch leaves registers of VFs in reset state, where there was none before. */
	oid_create_switch(NUM_VFS);
	oid_delete_switch();
	before = snapshot_take();
	oid_create_switch(NUM_VFS);
	for (i = 0; i < 2; i++)
		go_up(&vms[i], 0, UP_COMPLETE);
	for (i = 0; i < 2; i++)
		oid_clear_filter(vms[i].filter);
	for (step = 3; step > 1; step--)
		for (i = 0; i < 2; i++)
			go_down(&vms[i], step, step - 1);
	oid_delete_switch();
	cr_expect_eq(nicsw_sriov_num_vfs(adapter.device.config_space[0]), 0);
	expect_same(&before, "LC-HALT-7");
}

/* ---- failover, change of hands ---- */

/* LC-FO-2: down and up again, any number of times, each with the same end. */
Test(rules_lifecycle, LC_FO_2_there_and_back)
{
	struct vm vm = {VM};
	struct snapshot up;
	__u32 serial;
	int round;

	go_up(&vm, 0, UP_COMPLETE);
	up = snapshot_take();
	serial = adapter.dataplane.maps.vfs[vm.vf].serial_number;
	for (round = 0; round < 3; round++) {
		go_down(&vm, UP_COMPLETE, 1);
		cr_expect_eq(steered(&vm), NICSW_SLOT_PF, "round %d", round);
		go_up(&vm, 1, UP_COMPLETE);
		cr_expect_eq(steered(&vm), (int)NICSW_SLOT_VF(vm.vf), "round %d", round);
	}
	/* SERIAL-3: each allocation has a new one. */
	cr_expect_neq(adapter.dataplane.maps.vfs[vm.vf].serial_number, serial);
	adapter.dataplane.maps.vfs[vm.vf].serial_number = serial;
	expect_same(&up, "LC-FO-2");
}

/* LC-FO-6: by free and allocate only: a VF in use takes no second VPort and no second owner. */
Test(rules_lifecycle, LC_FO_6_vf_changes_hands)
{
	struct ndis_nic_switch_vport_parameters second;
	struct vm vm = {VM}, other = {OTHER_VM};

	go_up(&vm, 0, UP_COMPLETE);
	second = fixture_vport(vm.vf);
	refuse(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &second, 572, 572,
	       NDIS_STATUS_INVALID_PARAMETER, "CREATE-VP-8");
	go_down(&vm, UP_COMPLETE, 1);
	go_up(&other, 0, UP_COMPLETE);
	cr_expect_eq(other.vf, vm.vf);
	cr_expect_eq(steered(&other), (int)NICSW_SLOT_VF(vm.vf));
	cr_expect_eq(steered(&vm), NICSW_SLOT_PF);
}

/* LC-VP-11: the VPort and the VF go to another machine: no frame of the first one goes there. */
Test(rules_lifecycle, LC_VP_11_no_frame_for_the_next_owner)
{
	struct vm vm = {VM}, other = {OTHER_VM};

	go_up(&vm, 0, UP_COMPLETE);
	oid_clear_filter(vm.filter);
	cr_expect_lt(steered(&vm), 0);
	go_down(&vm, 3, 1);
	go_up(&other, 0, UP_COMPLETE);
	cr_expect_eq(other.vport, vm.vport);
	cr_expect_lt(steered(&vm), 0);
	cr_expect_eq(steered(&other), (int)NICSW_SLOT_VF(other.vf));
}

/* ---- what never changes ---- */

/* LC-SW-2, LC-VF-6, LC-VP-5, LC-VP-6: parameters, over all that may happen to their owner. */
Test(rules_lifecycle, LC_VF_6_parameters_are_constant)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	struct nicsw_switch_record nic_switch = maps->meta->nic_switch;
	struct nicsw_vport_record vport;
	struct nicsw_vf_record vf;
	struct vm vm = {VM};

	go_up(&vm, 0, 3);
	vf = maps->vfs[vm.vf];
	vport = maps->vports[vm.vport];
	go_up(&vm, 3, UP_COMPLETE);
	oid_reset_vf(vm.vf);
	oid_allocate_vf(OTHER_VM);
	go_down(&vm, UP_COMPLETE, 3);
	cr_expect_arr_eq(&maps->vfs[vm.vf], &vf, sizeof(vf), "LC-VF-6");
	cr_expect_eq(maps->vports[vm.vport].function, vport.function, "LC-VP-5");
	cr_expect_eq(maps->vports[vm.vport].queue_pairs, vport.queue_pairs, "LC-VP-6");
	cr_expect_arr_eq(&maps->meta->nic_switch, &nic_switch, sizeof(nic_switch), "LC-SW-2");
}

/* LC-VP-4: a VPort on a VF that nobody has allocated. */
Test(rules_lifecycle, LC_VP_4_unallocated_vf)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(1);

	refuse(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &parameters, 572, 572,
	       NDIS_STATUS_INVALID_PARAMETER, "CREATE-VP-7");
}

/* LC-VP-7: active, and a filter: one alone is not enough. */
Test(rules_lifecycle, LC_VP_7_active_and_a_filter)
{
	struct vm vm = {VM};

	go_up(&vm, 0, 3);
	cr_expect_not(is_open(vm.vf), "active without filter");
	go_up(&vm, 3, UP_COMPLETE);
	cr_expect(is_open(vm.vf));
	go_down(&vm, UP_COMPLETE, 3);
	cr_expect_not(is_open(vm.vf));
}

/* LC-VP-9: after the last filter was cleared, after the deletion: closed, and in no group. */
Test(rules_lifecycle, LC_VP_9_silence)
{
	struct vm vm = {VM};

	go_up(&vm, 0, UP_COMPLETE);
	run_driver(vm.vf);
	cr_expect(is_in_flood_group(vm.vf));
	oid_clear_filter(vm.filter);
	cr_expect_not(is_open(vm.vf));
	cr_expect_not(is_in_flood_group(vm.vf));
	go_down(&vm, 3, 2);
	cr_expect_eq(port_of(vm.vf)->flags, 0);
}
