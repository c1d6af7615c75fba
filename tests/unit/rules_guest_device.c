// SPDX-License-Identifier: GPL-2.0-only
/*
 * From ALLOCATE_VF to the PCI device that a guest sees: what the virtual bus driver asks for, and
 * that it is the PF who answers.
 */
#include "ndis_fixture.h"

#include <linux/pci_regs.h>

#include "pf/fault.h"

#define NUM_VFS    4u
#define PARAMETERS sizeof(struct ndis_sriov_vf_config_space_parameters)

static void open_switch(void)
{
	fixture_open();
	as_ndis = true;
	oid_create_switch(NUM_VFS);
}

TestSuite(rules_guest_device, .init = open_switch, .fini = fixture_close);

struct access {
	struct ndis_sriov_vf_config_space_parameters parameters;
	__u8 data[NICSW_CONFIG_SIZE];
};

static struct access access_to(__u16 vf, __u32 offset, __u32 length)
{
	return (struct access){.parameters = {.header = HEADER(1, PARAMETERS),
					      .vf_id = vf,
					      .offset = offset,
					      .length = length,
					      .buffer_offset = PARAMETERS}};
}

static __u32 read_space(struct access *access)
{
	return ask(OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD, access, PARAMETERS,
		   PARAMETERS + access->parameters.length)
		.status;
}

static __u32 ask_ids(__u16 vf, struct ndis_sriov_vf_vendor_device_id_info *ret)
{
	*ret = (struct ndis_sriov_vf_vendor_device_id_info){.header = HEADER(1, 10), .vf_id = vf};
	return ask(OID_SRIOV_VF_VENDOR_DEVICE_ID, METHOD, ret, 10, 10).status;
}

struct resources {
	struct ndis_sriov_bar_resources_info info;
	struct ndis_cm_partial_resource_descriptor descriptor;
};

static __u32 ask_bar(__u16 vf, __u16 bar, struct resources *ret)
{
	*ret = (struct resources){
		.info = {.header = HEADER(1, 12),
			 .vf_id = vf,
			 .bar_index = bar,
			 .bar_resources_offset = offsetof(struct resources, descriptor)}};
	return ask(OID_SRIOV_BAR_RESOURCES, METHOD, ret, 12, sizeof(*ret)).status;
}

static void ask_masks(__u32 ret_bars[NICSW_PCI_BARS])
{
	struct {
		struct ndis_sriov_probed_bars_info info;
		__u32 bars[NICSW_PCI_BARS];
	} probed = {.info = {.header = HEADER(1, 8), .base_register_values_offset = 8}};

	ACCEPT(ask(OID_SRIOV_PROBED_BARS, QUERY, &probed, 8, sizeof(probed)));
	memcpy(ret_bars, probed.bars, sizeof(probed.bars));
}

static bool has_capability(const __u8 *space, __u8 id)
{
	__u8 at = space[PCI_CAPABILITY_LIST];

	while (at && space[at] != id)
		at = space[at + 1];
	return at;
}

/*
 * ALLOC-VF-18, LC-UP-8: as soon as it is allocated, the VF tells all that makes a PCI device of it:
 * ids, class, capabilities, and for each BAR a size and an address. Not before.
 */
Test(rules_guest_device, LC_UP_8_all_of_a_pci_device)
{
	struct ndis_sriov_vf_vendor_device_id_info ids;
	struct access access = access_to(1, 0, NICSW_CONFIG_SIZE);
	__u32 masks[NICSW_PCI_BARS], bar, bars = 0;
	struct resources resources;

	oid_allocate_vf(1);
	cr_expect_eq(read_space(&access), NDIS_STATUS_INVALID_PARAMETER);
	cr_expect_eq(ask_ids(1, &ids), NDIS_STATUS_INVALID_PARAMETER);
	cr_expect_eq(ask_bar(1, 0, &resources), NDIS_STATUS_INVALID_PARAMETER);
	oid_allocate_vf(2);
	cr_expect_eq(read_space(&access), NDIS_STATUS_SUCCESS);
	cr_expect_eq(access.data[PCI_CLASS_DEVICE + 1], 2, "a network controller");
	cr_expect(has_capability(access.data, PCI_CAP_ID_EXP));
	cr_expect(has_capability(access.data, PCI_CAP_ID_MSIX));
	cr_expect_eq(ask_ids(1, &ids), NDIS_STATUS_SUCCESS);
	cr_expect(ids.vendor_id && ids.vendor_id != 0xffff);
	cr_expect(ids.device_id && ids.device_id != 0xffff);
	ask_masks(masks);
	for (bar = 0; bar < NICSW_PCI_BARS; bar += 2) {
		if (!masks[bar])
			continue;
		bars++;
		cr_expect_eq(ask_bar(1, bar, &resources), NDIS_STATUS_SUCCESS);
		cr_expect_eq(resources.descriptor.length, (__u32) - (masks[bar] & ~0xfu));
		cr_expect_eq(resources.descriptor.start % resources.descriptor.length, 0);
	}
	cr_expect_eq(bars, 2);
}

/* ALLOC-VF-18: and it takes requests: reset, power, registers. */
Test(rules_guest_device, ALLOC_VF_18_ready_for_use)
{
	struct access access = access_to(0, PCI_COMMAND, 2);

	oid_allocate_vf(1);
	cr_expect(
		nicsw_function_visible(&adapter.device, adapter.dataplane.maps.config_space[0], 0));
	access.data[0] = PCI_COMMAND_MASTER;
	ACCEPT(ask(OID_SRIOV_WRITE_VF_CONFIG_SPACE, SET, &access, PARAMETERS + 2, 0));
	cr_expect(nicsw_function_bus_master(nicsw_device_space(&adapter.device, 0)));
	oid_reset_vf(0);
	cr_expect_not(nicsw_function_bus_master(nicsw_device_space(&adapter.device, 0)));
	cr_expect_eq(nicsw_pf_vf_set_power(&adapter, 0, NdisDeviceStateD3, false, NULL), 0);
	cr_expect_eq(oid_create_vport(0), 1);
}

/*
 * ALLOC-VF-12: hardware was reserved with the switch: its registers do not change, a VF's BARs and
 * RID are the same before and after, and the last VF is there though all filters are taken.
 */
Test(rules_guest_device, ALLOC_VF_12_software_only)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	struct nicsw_bar_resource before, after;
	__u8 pf_space[NICSW_CONFIG_SIZE], space[NICSW_CONFIG_SIZE];
	__u32 vf, i, rid;

	for (i = 1; i <= FIXTURE_FILTERS; i++)
		oid_set_filter(0, 2, i, -1);
	for (vf = 0; vf < NUM_VFS; vf++) {
		rid = nicsw_pf_rid(&adapter, vf);
		memcpy(pf_space, maps->config_space[0], sizeof(pf_space));
		memcpy(space, maps->config_space[1 + vf], sizeof(space));
		cr_assert_eq(nicsw_pf_bar_resource(&adapter, vf, 0, &before, NULL), 0);
		cr_expect_eq(oid_allocate_vf(vf + 1), vf);
		cr_assert_eq(nicsw_pf_bar_resource(&adapter, vf, 0, &after, NULL), 0);
		cr_expect_arr_eq(maps->config_space[0], pf_space, sizeof(pf_space));
		cr_expect_arr_eq(maps->config_space[1 + vf], space, sizeof(space));
		cr_expect_eq(nicsw_pf_rid(&adapter, vf), rid);
		cr_expect_eq(after.start, before.start);
	}
}

/* ALLOC-VF-6: the PF would fail every allocation; what is bad does not come so far. */
Test(rules_guest_device, ALLOC_VF_6_bad_structures_stay_above_the_pf)
{
#define BAD_VF(rule, member, bad)                                                                  \
	BAD(rule, INVALID_PARAMETER, ndis_nic_switch_vf_parameters, member, bad)
	static const struct refusal refusals[] = {
		BAD_VF("GEN-8", header.type, 0x7f),
		BAD_VF("GEN-9", header.revision, 0),
		BAD_VF("GEN-9", header.size, 1631),
		BAD_VF("ALLOC-VF-3", switch_id, 1),
		BAD_VF("ALLOC-VF-4", vf_id, 0),
		BAD_VF("ALLOC-VF-5", requestor_id, 0),
		BAD_VF("ALLOC-VF-9", mac_address_length, 0),
		BAD_VF("ALLOC-VF-10", current_mac_address[0], 1),
		BAD_VF("GEN-31", vm_name.length, 1),
	};
	struct ndis_nic_switch_vf_parameters good = fixture_vf(1);

	cr_assert_eq(
		nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_VF_ALLOCATE, NICSW_NONE, true, NULL),
		0);
	refuse_each(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &good, 1632, refusals,
		    ARRAY_SIZE(refusals));
	refuse(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &good, 1632, 1632, NDIS_STATUS_FAILURE,
	       "ALLOC-VF-27");
}

static struct ndis_nic_switch_vf_parameters ask_parameters(__u16 vf)
{
	struct ndis_nic_switch_vf_parameters parameters = {.header = HEADER(1, 1632), .vf_id = vf};

	ACCEPT(ask(OID_NIC_SWITCH_VF_PARAMETERS, METHOD, &parameters, 1632, 1632));
	return parameters;
}

/* ALLOC-VF-22: there is no set form, and nothing else that a VF goes through changes them. */
Test(rules_guest_device, ALLOC_VF_22_fixed_until_freed)
{
	struct ndis_nic_switch_vf_parameters before, after, other = fixture_vf(7);
	__u32 vport;

	oid_allocate_vf(1);
	before = ask_parameters(0);
	other.vf_id = 0;
	refuse(OID_NIC_SWITCH_VF_PARAMETERS, SET, &other, 1632, 0, NDIS_STATUS_NOT_SUPPORTED,
	       "GEN-25");
	vport = oid_create_vport(0);
	oid_set_filter(vport, 2, 7, -1);
	oid_reset_vf(0);
	oid_allocate_vf(7);
	after = ask_parameters(0);
	cr_expect_arr_eq(&after, &before, sizeof(after));
	oid_clear_filter(1);
	oid_delete_vport(vport);
	oid_free_vf(0);
	oid_allocate_vf(8);
	after = ask_parameters(0);
	cr_expect_eq(after.current_mac_address[5], 8);
}

/* FREE-VF-12: whichever VF is still allocated, the switch stays. */
Test(rules_guest_device, FREE_VF_12_all_before_the_switch)
{
	struct ndis_nic_switch_delete_switch_parameters parameters = fixture_delete_switch();
	__u32 vf, other;

	for (vf = 0; vf < NUM_VFS; vf++) {
		for (other = 0; other <= vf; other++)
			oid_allocate_vf(1 + other);
		for (other = 0; other < vf; other++)
			oid_free_vf(other);
		refuse(OID_NIC_SWITCH_DELETE_SWITCH, SET, &parameters, 12, 0,
		       NDIS_STATUS_INVALID_PARAMETER, "DELETE-SW-6");
		oid_free_vf(vf);
	}
	oid_delete_switch();
}

/*
 * LC-VFDRV-5: the adapter of a VF has no door to registers or blocks; the PF's has, and what goes
 * through it is in the registers.
 */
Test(rules_guest_device, LC_VFDRV_5_by_way_of_the_pf)
{
	static const struct {
		__u32 oid;
		__u32 type;
	} doors[] = {{OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD},
		     {OID_SRIOV_WRITE_VF_CONFIG_SPACE, SET},
		     {OID_SRIOV_READ_VF_CONFIG_BLOCK, METHOD},
		     {OID_SRIOV_WRITE_VF_CONFIG_BLOCK, SET}};
	struct access access = access_to(0, PCI_INTERRUPT_LINE, 1);
	size_t i;

	oid_allocate_vf(1);
	access.data[0] = 0x2a;
	target_vf = 0;
	for (i = 0; i < ARRAY_SIZE(doors); i++)
		refuse(doors[i].oid, doors[i].type, &access, PARAMETERS + 1, PARAMETERS + 1,
		       NDIS_STATUS_NOT_SUPPORTED, "GEN-27");
	target_vf = NICSW_NONE;
	access = access_to(0, PCI_COMMAND, 1);
	access.data[0] = PCI_COMMAND_MASTER;
	ACCEPT(ask(OID_SRIOV_WRITE_VF_CONFIG_SPACE, SET, &access, PARAMETERS + 1, 0));
	access.data[0] = 0;
	cr_expect_eq(read_space(&access), NDIS_STATUS_SUCCESS);
	cr_expect_eq(access.data[0], PCI_COMMAND_MASTER);
	cr_expect_eq(nicsw_device_space(&adapter.device, 0)[PCI_COMMAND], PCI_COMMAND_MASTER);
}
