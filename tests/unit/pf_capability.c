// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "pf/capability.h"

static bool is_power_of_two(__u32 number)
{
	return number && !(number & (number - 1));
}

/* CAP-SW-7, -8, -9, -10, -11, -17 for every size of adapter; CAP-RF-7, -8. */
Test(pf_capability, CAP_SW_7_to_11_limits)
{
	static const __u32 sizes[] = {1, 2, 64, NICSW_MAX_VFS};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		const struct nicsw_mapset_sizes wanted = {sizes[i], NICSW_VPORTS(sizes[i])};
		struct nicsw_capability capability;

		cr_assert_eq(nicsw_adapter_memory(&wanted, &adapter), 0);
		capability = nicsw_pf_capability(&adapter);
		cr_expect(capability.sriov_supported);
		cr_expect_eq(capability.max_num_vfs, sizes[i]);
		cr_expect_eq(capability.max_num_vports,
			     capability.max_num_vfs + 1 + NICSW_PF_VPORTS);
		cr_expect_geq(capability.max_num_queue_pairs, capability.max_num_vports);
		cr_expect_geq(capability.max_num_mac_addresses, capability.max_num_vports);
		cr_expect(is_power_of_two(capability.max_num_queue_pairs_per_nondefault_vport));
		cr_expect(is_power_of_two(capability.max_num_queue_pairs_for_default_vport));
		cr_expect_eq(capability.nic_switch_capabilities &
				     NDIS_NIC_SWITCH_CAPS_SINGLE_VPORT_POOL,
			     0);
		cr_expect_eq(capability.supported_filter_tests, 1);
		cr_expect_eq(capability.supported_mac_header_fields, 0x9);
		nicsw_adapter_close(&adapter);
	}
}

/* Every VPort can be there with one queue pair, whatever the default VPort has. */
Test(pf_capability, queue_pairs_suffice)
{
	const struct nicsw_mapset_sizes sizes = {1, 4};
	struct nicsw_capability capability;

	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	capability = nicsw_pf_capability(&adapter);
	cr_expect_geq(capability.max_num_queue_pairs,
		      capability.max_num_queue_pairs_for_default_vport + capability.max_num_vports -
			      1);
	nicsw_adapter_close(&adapter);
}
