// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of a VF as the OIDs and the bus show them. The device is changed behind the back of the
 * OIDs here, as hardware does it.
 */
#include "ndis_fixture.h"

#include <linux/pci_regs.h>
#include <time.h>

#define NUM_VFS          4u
#define FLR_BUDGET_NS    100000000ll
#define PENDING_REQUESTS PCI_EXP_DEVSTA_TRPND
#define PARAMETERS       sizeof(struct ndis_sriov_vf_config_space_parameters)

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(NUM_VFS);
	oid_allocate_vf(1);
}

TestSuite(rules_pci, .init = open_vf, .fini = fixture_close);

struct access {
	struct ndis_sriov_vf_config_space_parameters parameters;
	__u8 data[4];
};

static struct access access_to(__u16 vf, __u32 offset)
{
	return (struct access){
		.parameters = {.header = HEADER(1, PARAMETERS),
			       .vf_id = vf,
			       .offset = offset,
			       .length = 4,
			       .buffer_offset = PARAMETERS},
	};
}

static __u32 read_oid(__u16 vf, __u32 offset)
{
	struct access access = access_to(vf, offset);
	__u32 value;

	ACCEPT(ask(OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD, &access, sizeof(access),
		   sizeof(access)));
	memcpy(&value, access.data, sizeof(value));
	return value;
}

static __u8 *space_of(__u32 vf)
{
	return nicsw_device_space(&adapter.device, vf);
}

static __u32 capability(__u32 vf, __u8 id)
{
	const __u8 *space = space_of(vf);
	__u32 at = space[PCI_CAPABILITY_LIST];

	while (at && space[at] != id)
		at = space[at + 1];
	cr_assert_neq(at, 0);
	return at;
}

/* PCI-3: the bus reaches every VF that is enabled, the OID only those that are allocated. */
Test(rules_pci, PCI_3_enabled_and_allocated)
{
	struct access access = access_to(1, 0);
	__u32 class_code = 0;

	cr_expect_eq(nicsw_device_read(&adapter.device, 1, PCI_CLASS_REVISION, 4, &class_code), 0);
	cr_expect_eq(class_code >> 8, NICSW_PCI_CLASS);
	refuse(OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD, &access, sizeof(access), sizeof(access),
	       NDIS_STATUS_INVALID_PARAMETER, "RD-CFG-3");
	cr_expect_eq(read_oid(0, PCI_CLASS_REVISION) >> 8, NICSW_PCI_CLASS);
}

/* PCI-4, RD-CFG-8: what hardware changes by itself is read from hardware each time. */
Test(rules_pci, PCI_4_nothing_is_cached)
{
	const struct {
		__u32 offset;
		__u32 bits;
	} rows[] = {
		{PCI_COMMAND, (__u32)PCI_STATUS_REC_MASTER_ABORT << 16},
		{capability(0, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL, (__u32)PCI_EXP_DEVSTA_TRPND << 16},
		{capability(0, PCI_CAP_ID_PM) + PCI_PM_CTRL, PCI_PM_CTRL_PME_STATUS | NICSW_D3},
		{capability(0, PCI_CAP_ID_MSIX), (__u32)PCI_MSIX_FLAGS_ENABLE << 16},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		__u32 before = read_oid(0, rows[i].offset), changed;

		cr_expect_eq(before & rows[i].bits, 0, "at %x", rows[i].offset);
		changed = before | rows[i].bits;
		memcpy(space_of(0) + rows[i].offset, &changed, sizeof(changed));
		cr_expect_eq(read_oid(0, rows[i].offset), changed, "at %x", rows[i].offset);
	}
}

static long long processor_time(void)
{
	struct timespec now;

	cr_assert_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* PCI-81, RESET-VF-11: of the processor's time, so that other work here does not count. */
Test(rules_pci, PCI_81_budget_of_a_reset)
{
	long long began = processor_time();

	oid_reset_vf(0);
	cr_expect_lt(processor_time() - began, FLR_BUDGET_NS);
}

/* PCI-82, PCI-86: with requests under way, and Bus Master still on. */
Test(rules_pci, PCI_82_requests_under_way)
{
	__u32 status = capability(0, PCI_CAP_ID_EXP) + PCI_EXP_DEVSTA;
	const __u8 *pf_space = adapter.device.config_space[0];

	nicsw_function_set_bus_master(&adapter.device, 0, space_of(0), true);
	space_of(0)[status] |= PENDING_REQUESTS;
	cr_assert(nicsw_function_can_dma(&adapter.device, pf_space, 0, space_of(0)));
	oid_reset_vf(0);
	cr_expect_not(space_of(0)[status] & PENDING_REQUESTS);
	cr_expect_not(nicsw_function_can_dma(&adapter.device, pf_space, 0, space_of(0)));
}

/* LC-FO-8: VF migration of MR-IOV: not capable, cannot be enabled, no status, no array. */
Test(rules_pci, LC_FO_8_no_vf_migration)
{
	const __u32 migration = PCI_SRIOV_CTRL_VFM | PCI_SRIOV_CTRL_INTR;
	const __u8 *space = adapter.device.config_space[0];
	__u32 at = PCI_CFG_SPACE_SIZE, header, control = ~0u, status = ~0u;

	for (memcpy(&header, space + at, 4); PCI_EXT_CAP_ID(header) != PCI_EXT_CAP_ID_SRIOV;
	     memcpy(&header, space + at, 4))
		cr_assert_geq(at = PCI_EXT_CAP_NEXT(header), PCI_CFG_SPACE_SIZE);
	cr_expect_not(space[at + PCI_SRIOV_CAP] & PCI_SRIOV_CAP_VFM);
	nicsw_device_write(&adapter.device, NICSW_FUNCTION_PF, at + PCI_SRIOV_CTRL, 1,
			   &(__u8){space[at + PCI_SRIOV_CTRL] | migration}, NULL);
	nicsw_device_read(&adapter.device, NICSW_FUNCTION_PF, at + PCI_SRIOV_CTRL, 4, &control);
	cr_expect_eq(control & migration, 0);
	cr_expect_eq(control >> 16, 0, "status");
	nicsw_device_read(&adapter.device, NICSW_FUNCTION_PF, at + PCI_SRIOV_VFM, 4, &status);
	cr_expect_eq(status, 0);
}

/* LC-PWR-2: no wake with D0, in whatever state it is asked. */
Test(rules_pci, LC_PWR_2_no_wake_in_d0)
{
	__u8 *space = nicsw_device_space(&adapter.device, 0);

	cr_expect_lt(nicsw_function_set_power(&adapter.device, 0, space, NICSW_D0, true), 0);
	cr_assert_eq(nicsw_function_set_power(&adapter.device, 0, space, NICSW_D3, true), 0);
	cr_expect_lt(nicsw_function_set_power(&adapter.device, 0, space, NICSW_D0, true), 0);
	cr_expect_eq(nicsw_function_power(space), NICSW_D3);
}
