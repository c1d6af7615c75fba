// SPDX-License-Identifier: GPL-2.0-only
/* GEN-28 for each OID that has an owner to ask. */
#include "ndis_fixture.h"

#include "ndis/ownership.h"

/* VF 0 with VPort 1, filter 1 on it, filter 2 on the default VPort: all of "vs"; then somebody else
 * asks. */
static void open_owned(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
	oid_create_vport(0);
	oid_set_filter(1, 2, 1, -1);
	oid_set_filter(0, 2, 2, -1);
	owner = "cli:1000";
}

TestSuite(ndis_ownership, .init = open_owned, .fini = fixture_close);

/* FREE-VF-13, ALLOC-VF-23; before the VPort is looked at. */
Test(ndis_ownership, GEN_28_free_vf)
{
	struct ndis_nic_switch_free_vf_parameters parameters = fixture_free_vf(0);

	refuse(OID_NIC_SWITCH_FREE_VF, SET, &parameters, 10, 0, NDIS_STATUS_INVALID_PARAMETER,
	       "GEN-28");
}

Test(ndis_ownership, GEN_28_delete_vport)
{
	struct ndis_nic_switch_delete_vport_parameters parameters = fixture_delete_vport(1);

	refuse(OID_NIC_SWITCH_DELETE_VPORT, SET, &parameters, 12, 0, NDIS_STATUS_INVALID_PARAMETER,
	       "GEN-28");
}

/* SET-RF-32. */
Test(ndis_ownership, GEN_28_set_filter)
{
	struct fixture_filter filter = fixture_filter(1, 2, 9, -1);

	refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, FILTER_LENGTH(1), FILTER_LENGTH(1),
	       NDIS_STATUS_INVALID_PARAMETER, "GEN-28");
	cr_expect_eq(oid_set_filter(0, 2, 9, -1), 3); /* the default VPort is nobody's */
}

/* CLEAR-RF-6: for anyone else the id is unknown. */
Test(ndis_ownership, CLEAR_RF_6_clear_filter)
{
	struct ndis_receive_filter_clear_parameters parameters = fixture_clear(2);

	refuse(OID_RECEIVE_FILTER_CLEAR_FILTER, SET, &parameters, 16, 0, NDIS_STATUS_FILE_NOT_FOUND,
	       "CLEAR-RF-6");
}

/* Neither a stranger's filter, nor one's own to a stranger's VPort. */
Test(ndis_ownership, GEN_28_move_filter)
{
	struct ndis_receive_filter_move_filter_parameters parameters = fixture_move(2, 0, 1);

	refuse(OID_RECEIVE_FILTER_MOVE_FILTER, SET, &parameters, 24, 0,
	       NDIS_STATUS_INVALID_PARAMETER, "GEN-28");
	parameters = fixture_move(1, 1, 0);
	refuse(OID_RECEIVE_FILTER_MOVE_FILTER, SET, &parameters, 24, 0,
	       NDIS_STATUS_INVALID_PARAMETER, "GEN-28");
	cr_expect_eq(oid_set_filter(0, 2, 9, -1), 3);
	parameters = fixture_move(3, 0, 1);
	refuse(OID_RECEIVE_FILTER_MOVE_FILTER, SET, &parameters, 24, 0,
	       NDIS_STATUS_INVALID_PARAMETER, "GEN-28");
}

/* --force. */
Test(ndis_ownership, GEN_28_force)
{
	force = true;
	oid_move_filter(2, 0, 1);
	oid_set_filter(1, 2, 9, -1);
	oid_clear_filter(1);
	oid_clear_filter(2);
	oid_clear_filter(3);
	oid_delete_vport(1);
	oid_free_vf(0);
}

/* Who forces does not become the owner. */
Test(ndis_ownership, GEN_28_owner_stays)
{
	force = true;
	oid_move_filter(2, 0, 1);
	cr_expect_str_eq(adapter.dataplane.maps.filters[2].owner, "vs");
}

/* An owner's name fits its field, or the request is refused; no name is a name, too. */
Test(ndis_ownership, GEN_28_names)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(2);

	owner = "0123456789012345678901234567890";
	cr_expect_eq(oid_allocate_vf(2), 1);
	cr_expect_str_eq(adapter.dataplane.maps.vfs[1].owner, owner);
	owner = "01234567890123456789012345678901";
	refuse(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &parameters, 1632, 1632,
	       NDIS_STATUS_INVALID_PARAMETER, "GEN-28");
	owner = NULL;
	cr_expect_eq(oid_allocate_vf(2), 2);
	oid_free_vf(2);
}
