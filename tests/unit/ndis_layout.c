// SPDX-License-Identifier: GPL-2.0-only
/* structs.md: what the compiler cannot assert beside the structures themselves. */
#include <criterion/criterion.h>

#include <nicsw/ndis.h>

#define THROUGH(type, member) (offsetof(struct type, member) + sizeof(((struct type *)0)->member))

/* structs.md: the shortest structure ends with its last member, without tail padding (contradiction
 * 19). */
Test(ndis_layout, sizeof_ends_with_the_last_member)
{
	cr_expect_eq(NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_1,
		     THROUGH(ndis_nic_switch_parameters, reserved));
	cr_expect_eq(NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2,
		     THROUGH(ndis_nic_switch_parameters, num_queue_pairs_for_default_vport));
	cr_expect_eq(NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1,
		     THROUGH(ndis_nic_switch_vport_parameters, lookahead_size));
	cr_expect_eq(NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1,
		     THROUGH(ndis_nic_switch_free_vf_parameters, vf_id));
	cr_expect_eq(NDIS_SIZEOF_SRIOV_RESET_VF_PARAMETERS_REVISION_1,
		     THROUGH(ndis_sriov_reset_vf_parameters, vf_id));
	cr_expect_eq(NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1,
		     THROUGH(ndis_sriov_set_vf_power_state_parameters, wake_enable));
	cr_expect_eq(NDIS_SIZEOF_NIC_SWITCH_CAPABILITIES_REVISION_1,
		     THROUGH(ndis_nic_switch_capabilities, reserved2));
	cr_expect_eq(NDIS_SIZEOF_NIC_SWITCH_CAPABILITIES_REVISION_2,
		     THROUGH(ndis_nic_switch_capabilities, reserved13));
	cr_expect_eq(NDIS_SIZEOF_RECEIVE_FILTER_CAPABILITIES_REVISION_1,
		     THROUGH(ndis_receive_filter_capabilities, max_lookahead_split_size));
	cr_expect_eq(NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_1,
		     THROUGH(ndis_receive_filter_parameters, requested_filter_id_bit_count));
	cr_expect_eq(NDIS_SIZEOF_RECEIVE_FILTER_INFO_ARRAY_REVISION_1,
		     THROUGH(ndis_receive_filter_info_array, elements));
}

/* oids.md 1: 43 OIDs: 14 NIC_SWITCH, 16 SRIOV, 13 RECEIVE_FILTER. */
Test(ndis_layout, the_43_oids)
{
	static const struct {
		const char *prefix;
		unsigned int count;
	} groups[] = {{"OID_NIC_SWITCH_", 14}, {"OID_SRIOV_", 16}, {"OID_RECEIVE_FILTER_", 13}};
	unsigned int group, count, oid;

	for (group = 0; group < 3; group++) {
		for (oid = 0x10200, count = 0; oid < 0x10300; oid++) {
			const char *name = nicsw_oid_name(oid);

			count += name &&
				 !strncmp(name, groups[group].prefix, strlen(groups[group].prefix));
		}
		cr_expect_eq(count, groups[group].count, "%s: %u", groups[group].prefix, count);
	}
	cr_expect_str_eq(nicsw_oid_name(0x00010255), "OID_SRIOV_RESET_VF");
	cr_expect_null(nicsw_oid_name(0x0001022c));
}

/* structs.md 2. */
Test(ndis_layout, status_names)
{
	cr_expect_str_eq(nicsw_status_name(0), "NDIS_STATUS_SUCCESS");
	cr_expect_str_eq(nicsw_status_name(0xc0010014), "NDIS_STATUS_INVALID_LENGTH");
	cr_expect_str_eq(nicsw_status_name(0xc001001b), "NDIS_STATUS_FILE_NOT_FOUND");
	cr_expect_str_eq(nicsw_status_name(1), "NDIS_STATUS_UNKNOWN");
}

Test(ndis_layout, PCI_69_rid)
{
	cr_expect_eq(NDIS_MAKE_RID(1, 2, 3), 0x00010203);
}
