// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(pf_config_space, .init = open_vf, .fini = fixture_close);

/* RD-CFG-7: the whole space is what the registers hold. */
Test(pf_config_space, RD_CFG_7_whole_space)
{
	__u8 data[NICSW_CONFIG_SIZE] = {};

	cr_assert_eq(nicsw_pf_config_read(&adapter, 0, 0, sizeof(data), data, NULL), 0);
	cr_expect_arr_eq(data, adapter.dataplane.maps.config_space[1], sizeof(data));
}

/* RD-CFG-9: a VF that is not enabled gives nothing, not all ones. */
Test(pf_config_space, RD_CFG_9_not_enabled)
{
	__u8 data[4] = {1, 2, 3, 4};
	struct nicsw_error error = {};

	cr_expect_eq(nicsw_pf_config_read(&adapter, 4, 0, 4, data, &error), -EIO);
	cr_expect_str_eq(error.rule, "RD-CFG-9");
	cr_expect_arr_eq(data, "\1\2\3\4", 4);
}
