// SPDX-License-Identifier: GPL-2.0-only
/* Rows of statistics: whose they are, VFs that were freed, and copies that were passed over. */
#include <criterion/criterion.h>
#include <sys/stat.h>

#include "core/util.h"
#include "dataplane/mapset_memory.h"
#include "dataplane/port.h"
#include "pf/stats.h"

#define VFS 8u
#define VF  3u

static struct nicsw_adapter adapter;
static struct nicsw_port_stats rows[NICSW_SLOTS(VFS) + 1]; /* and the freed ones */
static struct nicsw_ports ports;

static struct nicsw_counters *counters(__u32 slot)
{
	return nicsw_mapset_memory_counters(&adapter.dataplane.maps, slot);
}

static void open_adapter(void)
{
	const struct nicsw_mapset_sizes sizes = {.total_vfs = VFS, .max_filters = 8};

	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	adapter.dataplane.maps.vfs[VF].state = NICSW_USED;
	cr_assert_leq(nicsw_pf_stats_most(&adapter), ARRAY_SIZE(rows));
}

static void remove_pins(void)
{
	char command[NICSW_PIN_SIZE + 16];

	if (!*ports.pin_dir)
		return;
	snprintf(command, sizeof(command), "rm -r '%s'", ports.pin_dir);
	cr_expect_eq(system(command), 0);
}

static void close_adapter(void)
{
	remove_pins();
	adapter.ports = NULL;
	nicsw_adapter_close(&adapter);
}

TestSuite(pf_stats, .init = open_adapter, .fini = close_adapter);

/* As if the links of the tracepoints were pinned. */
static void pretend_watch(void)
{
	static const char *const names[] = {"links", "links/transmitted", "links/redirect_failed"};
	char path[NICSW_PIN_SIZE + 32];

	strcpy(ports.pin_dir, "/tmp/nicsw-pf-stats.XXXXXX");
	cr_assert(mkdtemp(ports.pin_dir));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", ports.pin_dir, names[i]);
		cr_assert_eq(mkdir(path, 0700), 0);
	}
	adapter.ports = &ports;
	adapter.dataplane.maps.meta->watched = 1;
}

Test(pf_stats, uplink_pf_and_allocated_vfs)
{
	counters(NICSW_SLOT_VF(VF))->tx_packets[NICSW_UNICAST] = 5;
	cr_assert_eq(nicsw_pf_stats(&adapter, rows), 3);
	cr_expect_eq(rows[0].slot, NICSW_SLOT_UPLINK);
	cr_expect_eq(rows[0].function, NICSW_NONE);
	cr_expect_eq(rows[1].vport_id, 0);
	cr_expect_eq(rows[2].function, VF);
	cr_expect_eq(rows[2].counters.tx_packets[NICSW_UNICAST], 5);
	cr_expect_eq(rows[2].flags, 0);
}

/* What they counted belongs to the sum for ever. */
Test(pf_stats, freed_vfs_in_one_row)
{
	memset(rows, 0, sizeof(rows));
	counters(NICSW_SLOT_VF(0))->rx_packets[NICSW_BROADCAST] = 2;
	counters(NICSW_SLOT_VF(1))->rx_packets[NICSW_BROADCAST] = 3;
	cr_assert_eq(nicsw_pf_stats(&adapter, rows), 4);
	cr_expect_eq(rows[3].slot, NICSW_NONE);
	cr_expect_eq(rows[3].vport_id, NICSW_NONE);
	cr_expect_eq(rows[3].counters.rx_packets[NICSW_BROADCAST], 5);
}

Test(pf_stats, copies_that_were_passed_over_are_transmit_failed)
{
	struct nicsw_counters *vf = counters(NICSW_SLOT_VF(VF));

	vf->rx_packets[NICSW_BROADCAST] = 10;
	vf->taken = 6;
	vf->drops[NICSW_REASON_RING_FULL] = 1;
	cr_assert_eq(nicsw_pf_stats(&adapter, rows), 3);
	cr_expect_eq(rows[2].counters.drops[NICSW_REASON_TRANSMIT_FAILED], 0, "not watched");
	pretend_watch();
	cr_assert_eq(nicsw_pf_stats(&adapter, rows), 3);
	cr_expect_eq(rows[2].flags, NICSW_STATS_VERIFIED);
	cr_expect_eq(rows[2].counters.drops[NICSW_REASON_TRANSMIT_FAILED], 3);
	adapter.dataplane.maps.meta->watched = 0;
	cr_assert_eq(nicsw_pf_stats(&adapter, rows), 3);
	cr_expect_eq(rows[2].flags, 0, "interrupted");
}

static int (*read_memory)(struct nicsw_mapset *maps, __u32 slot, struct nicsw_counters *ret);
static __u64 *growing; /* one more at each reading of the PF's slot */

static int read_busy(struct nicsw_mapset *maps, __u32 slot, struct nicsw_counters *ret)
{
	if (slot == NICSW_SLOT_PF)
		++*growing;
	return read_memory(maps, slot, ret);
}

static void expect_busy(__u64 *counter)
{
	struct nicsw_mapset *maps = &adapter.dataplane.maps;
	const struct nicsw_mapset_ops *still = maps->ops;
	struct nicsw_mapset_ops busy = *still;

	growing = counter;
	read_memory = busy.counters_read;
	busy.counters_read = read_busy;
	maps->ops = &busy;
	cr_expect_eq(nicsw_pf_stats(&adapter, rows), 3);
	cr_expect_eq(rows[1].counters.drops[NICSW_REASON_TRANSMIT_FAILED], 2);
	maps->ops = still;
}

/* Frames on their way are no losses: of a port that is busy the last still moment counts. */
Test(pf_stats, a_busy_port)
{
	struct nicsw_counters *pf = counters(NICSW_SLOT_PF);

	pretend_watch();
	pf->rx_packets[NICSW_BROADCAST] = 2;
	cr_assert_eq(nicsw_pf_stats(&adapter, rows), 3);
	cr_expect_eq(rows[1].counters.drops[NICSW_REASON_TRANSMIT_FAILED], 2);
	expect_busy(&pf->rx_packets[NICSW_UNICAST]);
	pf->rx_packets[NICSW_UNICAST] = 8;
	expect_busy(&pf->taken);
}
