// SPDX-License-Identifier: GPL-2.0-only
/* What the examination of the pinned state says; that of netdevs needs netdevs:
 * tests/net/doctor.sh. */
#include "ndis_fixture.h"

#include "pf/doctor.h"

#define STATE_CHECKS 9u

static struct nicsw_findings findings;

static void open_adapter(void)
{
	struct nicsw_mapset *maps;

	fixture_open();
	oid_create_switch(4);
	maps = &adapter.dataplane.maps;
	maps->ops->device_set(maps, NICSW_SLOT_UPLINK, maps->meta->uplink_ifindex);
	maps->ops->device_set(maps, NICSW_SLOT_PF, maps->meta->ifindex_base + NICSW_SLOT_PF);
}

static void close_adapter(void)
{
	free(findings.list);
	fixture_close();
}

TestSuite(pf_doctor, .init = open_adapter, .fini = close_adapter);

static void examine(void)
{
	free(findings.list);
	findings = (struct nicsw_findings){};
	cr_assert_eq(nicsw_pf_examine_state(&adapter, &findings), 0);
	cr_assert_not(findings.failed);
}

static size_t count(enum nicsw_check check, bool wrong)
{
	size_t i, number = 0;

	for (i = 0; i < findings.count; i++)
		number += findings.list[i].check == check && findings.list[i].wrong == wrong;
	return number;
}

static void set_foreign(__u32 number)
{
	const __u8 mac[NICSW_MAC_SIZE] = {2, 7, 7, 7, 7, number};

	cr_assert_eq(nicsw_table_set(&adapter.dataplane.table, nicsw_key(mac, 5), 3), 0);
}

Test(pf_doctor, a_healthy_state_is_right_in_every_check)
{
	size_t i;

	examine();
	cr_expect_eq(findings.count, STATE_CHECKS);
	for (i = 0; i < findings.count; i++) {
		cr_expect_eq(findings.list[i].wrong, 0);
		cr_expect_eq(findings.list[i].count, 1);
		cr_expect_eq(findings.list[i].function, NICSW_NONE);
		cr_expect_str_eq(findings.list[i].adapter, "memory");
		cr_expect_geq(findings.list[i].check, NICSW_CHECK_STATE_JOURNAL);
	}
}

Test(pf_doctor, what_is_wrong_is_named)
{
	set_foreign(9);
	examine();
	cr_assert_eq(findings.count, STATE_CHECKS);
	cr_expect_eq(findings.list[0].check, NICSW_CHECK_STATE_FOREIGN);
	cr_expect_eq(findings.list[0].wrong, 1);
	cr_expect_str_eq(findings.list[0].found, "02:07:07:07:07:09 VLAN 5");
	cr_expect_eq(count(NICSW_CHECK_STATE_FOREIGN, false), 0);
}

/* An answer has an end, also of an adapter in which all is wrong. */
Test(pf_doctor, many_of_a_kind_are_not_all_named)
{
	__u32 i;

	for (i = 0; i < NICSW_FINDINGS_MOST; i++)
		set_foreign(i);
	examine();
	cr_expect_eq(count(NICSW_CHECK_STATE_FOREIGN, true), NICSW_FINDINGS_MOST);
	for (; i < 3 * NICSW_FINDINGS_MOST; i++)
		set_foreign(i);
	examine();
	cr_expect_eq(count(NICSW_CHECK_STATE_FOREIGN, true), NICSW_FINDINGS_MOST + 1);
	cr_expect_str_eq(findings.list[NICSW_FINDINGS_MOST].found, "and more");
}

/* Without netdevs there is nothing to look at. */
Test(pf_doctor, an_adapter_without_netdevs)
{
	struct nicsw_findings none = {};

	cr_expect_eq(nicsw_pf_examine(&adapter, &none), -ENODEV);
	cr_expect_eq(none.count, 0);
}
