// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts of VFs at eventfds: PCI-33, PCI-34, PCI-68, LC-VF-8, LC-RST-2. */
#include "tests/unit/guest_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/eventfd.h>

#include "pf/fault.h"

static int eventfds[GUESTS][VECTORS];

static int new_eventfd(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	cr_assert_geq(fd, 0);
	return fd;
}

/* Every vector of every VF has an eventfd of its own, and is masked. */
static void open_bound(void)
{
	open_guests();
	for (__u32 vf = 0; vf < GUESTS; vf++)
		for (__u32 vector = 0; vector < VECTORS; vector++) {
			eventfds[vf][vector] = new_eventfd();
			cr_assert_eq(nicsw_pf_interrupt_bind(&adapter, vf, vector,
							     eventfds[vf][vector], NULL),
				     0);
		}
}

static void close_bound(void)
{
	fixture_close();
	for (__u32 vf = 0; vf < GUESTS; vf++)
		for (__u32 vector = 0; vector < VECTORS; vector++)
			close(eventfds[vf][vector]);
}

TestSuite(pf_interrupt, .init = open_bound, .fini = close_bound, .timeout = 20);

/* How often it was signalled since the last look. */
static __u64 take(int fd)
{
	eventfd_t value = 0;

	return eventfd_read(fd, &value) ? 0 : value;
}

static __u64 took(__u32 vf, __u32 vector)
{
	return take(eventfds[vf][vector]);
}

static __u64 took_all(void)
{
	__u64 sum = 0;

	for (__u32 vf = 0; vf < GUESTS; vf++)
		for (__u32 vector = 0; vector < VECTORS; vector++)
			sum += took(vf, vector);
	return sum;
}

static __u32 count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	__u32 count = 0;

	cr_assert_not_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* ---- delivery ---- */

/* PCI-30, PCI-68: a message of a VF's table arrives at the eventfd of its RID and vector, once, and
 * at no other. */
Test(pf_interrupt, PCI_68_exactly_its_own)
{
	for (__u32 vf = 0; vf < GUESTS; vf++)
		for (__u32 vector = 0; vector < VECTORS; vector++) {
			guest_mask(vf, vector, false);
			cr_assert_eq(guest_raise(vf, vector), 0);
			cr_expect_eq(took(vf, vector), 1, "VF %u vector %u", vf, vector);
			cr_expect_eq(took_all(), 0, "VF %u vector %u", vf, vector);
		}
}

/* PCI-68: what the guest writes into its table, address and data of a neighbour's vector, changes
 * no way. */
Test(pf_interrupt, PCI_68_whatever_the_table_says)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(&adapter);
	__u32 vectors[][4] = {{0xfee00000, 0, 1 * VECTORS + 5, 0}, {~0u, ~0u, ~0u, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		cr_assert_eq(nicsw_msix_table_write(&iommu, nicsw_pf_rid(&adapter, 0), 0,
						    sizeof(vectors[i]), vectors[i]),
			     0);
		cr_assert_eq(guest_raise(0, 0), 0);
		cr_expect_eq(took(0, 0), 1);
		cr_expect_eq(took_all(), 0);
	}
}

/* PCI-33: masked = pending, however often; unmasked = one message. */
Test(pf_interrupt, PCI_33_masked_vector)
{
	cr_expect_eq(guest_raise(1, 4), 0);
	cr_expect_eq(guest_raise(1, 4), 0);
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(record_of(1)->pending, 1 << 4);
	guest_mask(1, 4, false);
	cr_expect_eq(took(1, 4), 1);
	cr_expect_eq(record_of(1)->pending, 0);
	guest_mask(1, 4, true);
	guest_mask(1, 4, false);
	cr_expect_eq(took_all(), 0);
}

/* A write that holds messages back, and the one that lets them go. */
static const struct hold {
	const char *what;
	__u32 offset;
	__u16 held, lifted;
} holds[] = {
	{"MSI-X Enable", AT_MSIX, 0, PCI_MSIX_FLAGS_ENABLE},
	{"Function Mask", AT_MSIX, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL,
	 PCI_MSIX_FLAGS_ENABLE},
	{"Bus Master", AT_COMMAND, 0, PCI_COMMAND_MASTER},
	{"power state", AT_POWER, NICSW_D3, NICSW_D0},
};

static void expect_held(__u32 vf, const char *what)
{
	cr_expect_eq(guest_raise(vf, 7), 0, "%s", what);
	cr_expect_eq(took_all(), 0, "%s", what);
	cr_expect_eq(record_of(vf)->pending, 1 << 7, "%s", what);
}

/* PCI-33, PCI-34, PCI-102: the write of the configuration space itself sends what waited. */
Test(pf_interrupt, PCI_33_config_write_lets_go)
{
	for (size_t i = 0; i < ARRAY_SIZE(holds); i++) {
		const struct hold *hold = &holds[i];

		guest_mask(2, 7, false);
		cr_assert_eq(guest_write(2, hold->offset, hold->held), 0);
		expect_held(2, hold->what);
		cr_assert_eq(guest_write(2, hold->offset, hold->lifted), 0);
		cr_expect_eq(took(2, 7), 1, "%s", hold->what);
		cr_expect_eq(took_all(), 0, "%s", hold->what);
		cr_expect_eq(record_of(2)->pending, 0, "%s", hold->what);
	}
}

/* PCI-102, LC-PWR-3: the same by SET_VF_POWER_STATE. */
Test(pf_interrupt, PCI_102_power_state)
{
	guest_mask(2, 7, false);
	cr_assert_eq(nicsw_pf_vf_set_power(&adapter, 2, NdisDeviceStateD3, false, NULL), 0);
	expect_held(2, "D3");
	cr_assert_eq(nicsw_pf_vf_set_power(&adapter, 2, NdisDeviceStateD0, false, NULL), 0);
	cr_expect_eq(took(2, 7), 1);
	cr_expect_eq(took_all(), 0);
}

/* GEN-17: a write that fails lets nothing go. */
Test(pf_interrupt, GEN_17_config_write_fails)
{
	guest_mask(2, 7, false);
	cr_assert_eq(guest_write(2, AT_COMMAND, 0), 0);
	expect_held(2, "Bus Master");
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_FAIL_CONFIG_WRITE, 2, true, NULL), 0);
	cr_expect_eq(guest_write(2, AT_COMMAND, PCI_COMMAND_MASTER), -EIO);
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(record_of(2)->pending, 1 << 7);
}

/* GEN-22: what one VF does to its registers sends nothing of another one. */
Test(pf_interrupt, GEN_22_neighbours_wait)
{
	for (__u32 vf = 0; vf < GUESTS; vf++) {
		guest_mask(vf, 7, false);
		cr_assert_eq(guest_write(vf, AT_COMMAND, 0), 0);
		guest_raise(vf, 7);
	}
	cr_assert_eq(guest_write(1, AT_COMMAND, PCI_COMMAND_MASTER), 0);
	cr_expect_eq(took(1, 7), 1);
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(record_of(0)->pending, 1 << 7);
	cr_expect_eq(record_of(2)->pending, 1 << 7);
}

/* GEN-22: who never reads holds nobody up: a full counter was signalled. */
Test(pf_interrupt, full_counter)
{
	int blocking = eventfd(0, EFD_CLOEXEC);

	cr_assert_eq(eventfd_write(blocking, 0xfffffffffffffffe), 0);
	cr_assert_eq(nicsw_pf_interrupt_bind(&adapter, 0, 0, blocking, NULL), 0);
	guest_mask(0, 0, false);
	cr_expect_eq(guest_raise(0, 0), 0);
	cr_expect_eq(record_of(0)->pending, 0);
	cr_expect_eq(take(blocking), 0xfffffffffffffffe);
	close(blocking);
}

/* ---- binding ---- */

/* LC-VF-1, PCI-22, PCI-30: attack values; nothing changes, no descriptor is kept. */
Test(pf_interrupt, GEN_17_bind_refused)
{
	static const struct {
		__u32 vf, vector;
		const char *rule;
	} rows[] = {
		{GUESTS, 0, "LC-VF-1"},
		{FIXTURE_VFS, 0, "LC-VF-1"},
		{NICSW_FUNCTION_PF, 0, "LC-VF-1"},
		{NICSW_NONE, 0, "LC-VF-1"},
		{0x10000000, 0, "LC-VF-1"},
		{0, VECTORS, "PCI-30"},
		{0, NICSW_NONE, "PCI-30"},
		{1, -VECTORS, "PCI-30"},
	};
	__u32 descriptors = count_descriptors();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		REFUSED(nicsw_pf_interrupt_bind(&adapter, rows[i].vf, rows[i].vector,
						eventfds[2][0], &error),
			-EINVAL, rows[i].rule);
		REFUSED(nicsw_pf_interrupt_unbind(&adapter, rows[i].vf, rows[i].vector, &error),
			-EINVAL, rows[i].rule);
	}
	cr_expect_eq(count_descriptors(), descriptors);
}

/* A descriptor that is no eventfd could block, or be a file; the old one stays bound. */
Test(pf_interrupt, GEN_17_no_eventfd)
{
	int ends[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);
	__u32 descriptors;

	cr_assert_eq(pipe(ends), 0);
	descriptors = count_descriptors();
	REFUSED(nicsw_pf_interrupt_bind(&adapter, 0, 0, ends[1], &error), -EINVAL, "");
	REFUSED(nicsw_pf_interrupt_bind(&adapter, 0, 0, null, &error), -EINVAL, "");
	REFUSED(nicsw_pf_interrupt_bind(&adapter, 0, 0, -1, &error), -EINVAL, "");
	REFUSED(nicsw_pf_interrupt_bind(&adapter, 0, 0, 100000, &error), -EINVAL, "");
	cr_expect_eq(count_descriptors(), descriptors);
	guest_mask(0, 0, false);
	cr_expect_eq(guest_raise(0, 0), 0);
	cr_expect_eq(took(0, 0), 1);
	close(ends[0]);
	close(ends[1]);
	close(null);
}

/* PCI-68: bound again: from now on the new one, and the old one is closed. What is the caller's
 * stays his.
 */
Test(pf_interrupt, bind_again)
{
	int other = new_eventfd();
	__u32 descriptors = count_descriptors();

	cr_assert_eq(nicsw_pf_interrupt_bind(&adapter, 0, 3, other, NULL), 0);
	cr_expect_eq(count_descriptors(), descriptors);
	guest_mask(0, 3, false);
	cr_expect_eq(guest_raise(0, 3), 0);
	cr_expect_eq(take(other), 1);
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(close(other), 0);
	cr_expect_eq(guest_raise(0, 3), 0, "its own descriptor is open");
}

/* PCI-68: unbound = blocked, with a fault; the descriptor is closed. */
Test(pf_interrupt, PCI_68_unbind)
{
	__u32 descriptors = count_descriptors();

	guest_mask(0, 3, false);
	cr_assert_eq(nicsw_pf_interrupt_unbind(&adapter, 0, 3, NULL), 0);
	cr_expect_eq(count_descriptors(), descriptors - 1);
	cr_expect_eq(guest_raise(0, 3), -EFAULT);
	cr_expect_eq(record_of(0)->faults[0].reason, NICSW_IOMMU_INTERRUPT_BLOCKED);
	cr_expect_eq(took_all(), 0);
	REFUSED(nicsw_pf_interrupt_unbind(&adapter, 0, 3, &error), -ENOENT, "");
}

/* Entries outlive the process, descriptors do not: what comes meanwhile waits (PCI-33). */
Test(pf_interrupt, PCI_33_daemon_dies)
{
	guest_mask(1, 2, false);
	nicsw_interrupts_free(adapter.interrupts);
	adapter.interrupts = NULL;
	cr_expect_eq(guest_raise(1, 2), 0);
	cr_expect_eq(record_of(1)->pending, 1 << 2);
	/* Another vector's binding makes the table; this one is still not bound. */
	cr_assert_eq(nicsw_pf_interrupt_bind(&adapter, 1, 3, eventfds[1][3], NULL), 0);
	cr_expect_eq(took_all(), 0);
	cr_assert_eq(nicsw_pf_interrupt_bind(&adapter, 1, 2, eventfds[1][2], NULL), 0);
	cr_expect_eq(took(1, 2), 1);
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(record_of(1)->num_faults, 0);
}

/* PCI-68: a target that is nobody's number, from a record that is not to be trusted: no descriptor
 * is touched. */
Test(pf_interrupt, strange_targets)
{
	static const __u32 targets[] = {FIXTURE_VFS * VECTORS, NICSW_NONE, 0x80000000,
					GUESTS * VECTORS};

	guest_mask(0, 0, false);
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		record_of(0)->interrupts[0].target = targets[i];
		cr_expect_eq(guest_raise(0, 0), 0);
		cr_expect_eq(took_all(), 0);
		cr_expect_eq(record_of(0)->pending, 1);
	}
}

/* ---- the life of a VF ---- */

/* PCI-84, PCI-86, LC-RST-2: nothing of the old context is sent; the new driver has its interrupts.
 */
static void expect_reset(void)
{
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(record_of(1)->pending, 0);
	guest_start(1);
	guest_mask(1, 7, false);
	cr_expect_eq(took_all(), 0);
	cr_expect_eq(guest_raise(1, 7), 0);
	cr_expect_eq(took(1, 7), 1);
	cr_expect_eq(took_all(), 0);
}

Test(pf_interrupt, LC_RST_2_reset)
{
	guest_raise(1, 7);
	oid_reset_vf(1);
	expect_reset();
}

Test(pf_interrupt, LC_RST_2_flr)
{
	guest_raise(1, 7);
	cr_assert_eq(guest_write(1, AT_FLR, PCI_EXP_DEVCTL_BCR_FLR), 0);
	expect_reset();
}

/* LC-VF-8, GEN-22: descriptors of the VF are closed, the next owner reaches no eventfd, a neighbour
 * keeps his. */
Test(pf_interrupt, LC_VF_8_free)
{
	__u32 descriptors = count_descriptors();

	guest_raise(1, 7);
	oid_free_vf(1);
	cr_expect_eq(count_descriptors(), descriptors - VECTORS);
	cr_assert_eq(oid_allocate_vf(9), 1);
	guest_start(1);
	guest_mask(1, 7, false);
	cr_expect_eq(guest_raise(1, 7), -EFAULT);
	cr_expect_eq(took_all(), 0);
	guest_mask(2, 7, false);
	cr_expect_eq(guest_raise(2, 7), 0);
	cr_expect_eq(took(2, 7), 1);
}

/* Nothing is left open behind the adapter. */
Test(pf_interrupt, adapter_closes_them)
{
	__u32 descriptors = count_descriptors();

	nicsw_adapter_close(&adapter);
	cr_expect_eq(count_descriptors(), descriptors - GUESTS * VECTORS);
}
