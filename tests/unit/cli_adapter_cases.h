/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of cli_request.c for adapters. Included behind the helpers of that file.
 */
#ifndef NICSW_TESTS_CLI_ADAPTER_CASES_H
#define NICSW_TESTS_CLI_ADAPTER_CASES_H

static void check_adapter_del(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_DEL);
	cr_expect_str_eq(fake->asked[0].request.adapter, "nic0");
}

static void check_adapter_show(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_LIST);
}

static void check_adapter_set_on(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_SET);
	cr_expect_str_eq(fake->asked[0].request.adapter, "nic0");
	cr_expect_eq(IN(fake, 0, nicsw_adapter_set)->sriov, 1);
}

static void check_adapter_set_off(const struct fake *fake)
{
	expect_asked(fake, 0, NICSW_WIRE_CONTROL, NICSW_CONTROL_ADAPTER_SET, 0, NICSW_WIRE_FORCE);
	cr_expect_eq(IN(fake, 0, nicsw_adapter_set)->sriov, 0);
}

static void check_adapter_reset(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_RESET);
	cr_expect_str_eq(fake->asked[0].request.adapter, "");
}

static void check_adapter_reset_named(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_RESET);
	cr_expect_str_eq(fake->asked[0].request.adapter, "nic0");
}

/* What is given holds, the rest is the stored configuration. */
static void check_switch_create_some(const struct fake *fake)
{
	cr_expect_eq(IN(fake, 1, ndis_nic_switch_parameters)->num_vfs, 0);
	cr_expect_eq(IN(fake, 1, ndis_nic_switch_parameters)->num_queue_pairs_for_default_vport, 2);
	cr_expect_eq(IN(fake, 1, ndis_nic_switch_parameters)->switch_friendly_name.length, 4);
}

#endif
