// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

#include "dataplane/mapset_memory.h"

TestSuite(pf_switch, .init = fixture_open, .fini = fixture_close);

static const struct nicsw_switch_settings settings = {.num_vfs = 4, .default_queue_pairs = 2};

/* CREATE-SW-8, -17; LC-VP-2: the default VPort. */
Test(pf_switch, CREATE_SW_17_default_vport)
{
	const struct nicsw_vport_record *vport = adapter.dataplane.maps.vports;

	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	cr_expect_eq(vport->state, NICSW_USED);
	cr_expect_eq(vport->function, NICSW_FUNCTION_PF);
	cr_expect_eq(vport->vport_state, NdisNicSwitchVPortStateActivated);
	cr_expect_eq(vport->queue_pairs, 2);
	cr_expect(adapter.dataplane.maps.ports[NICSW_SLOT_PF].flags & NICSW_PORT_UNMATCHED);
	cr_assert_eq(nicsw_pf_switch_delete(&adapter, NULL), 0);
	cr_expect_eq(vport->state, NICSW_FREE);
	cr_expect_eq(adapter.dataplane.maps.ports[NICSW_SLOT_PF].flags, 0);
}

/* CREATE-SW-10, -19; PCI-17, PCI-43: VFs appear in reset state, whatever their spaces held. */
Test(pf_switch, PCI_43_vfs_appear_reset)
{
	__u8(*spaces)[NICSW_CONFIG_SIZE] = adapter.dataplane.maps.config_space;
	__u8 initial[NICSW_CONFIG_SIZE];

	memcpy(initial, spaces[3], sizeof(initial));
	memset(spaces[3], 0x55, sizeof(initial));
	cr_expect_not(nicsw_function_visible(&adapter.device, spaces[0], 2));
	cr_assert_eq(nicsw_pf_switch_create(&adapter, &settings, NULL), 0);
	cr_expect(nicsw_function_visible(&adapter.device, spaces[0], 3));
	cr_expect_not(nicsw_function_visible(&adapter.device, spaces[0], 4));
	cr_expect_arr_eq(spaces[3], initial, sizeof(initial));
	cr_assert_eq(nicsw_pf_switch_delete(&adapter, NULL), 0);
	cr_expect_not(nicsw_function_visible(&adapter.device, spaces[0], 0)); /* LC-VF-9 */
}

/* CAP-SW-7, CAP-SW-17: VPorts of the switch: at least one for each VF; of the others the PF can
 * have eight, and has them if nothing is said. */
Test(pf_switch, CAP_SW_7_num_vports)
{
	static const __u32 bad[] = {1, 4, 4 + 1 + NICSW_PF_VPORTS + 1, ~0u};
	struct nicsw_switch_settings wrong = settings;
	struct nicsw_error error = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		wrong.num_vports = bad[i];
		cr_expect_eq(nicsw_pf_switch_create(&adapter, &wrong, &error), -EINVAL);
		cr_expect_str_eq(error.rule, "CAP-SW-7");
	}
	wrong.num_vports = 5;
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &wrong, &error), 0);
	cr_expect_eq(adapter.dataplane.maps.meta->nic_switch.num_vports, 5);
	cr_expect_eq(nicsw_pf_switch_delete(&adapter, &error), 0);
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &settings, &error), 0);
	cr_expect_eq(adapter.dataplane.maps.meta->nic_switch.num_vports, 13);
}

/* GEN-17: a step that fails below the PF leaves no switch, and is "other reasons" whatever its
 * errno. */
Test(pf_switch, GEN_17_commit_fails)
{
	struct snapshot before = snapshot_take(), after;
	struct nicsw_error error = {};

	nicsw_mapset_memory_fail_flood(&adapter.dataplane.maps, 1);
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &settings, &error), -EIO);
	cr_expect_eq(error.code, -EIO);
	cr_expect_neq(error.text[0], 0);
	after = snapshot_take();
	cr_expect(snapshot_same(&before, &after));
	cr_expect_eq(nicsw_pf_switch_create(&adapter, &settings, &error), 0);
	free(before.bytes);
	free(after.bytes);
}
