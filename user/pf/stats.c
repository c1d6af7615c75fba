// SPDX-License-Identifier: GPL-2.0-only
#include "pf/stats.h"

#include "dataplane/port.h"
#include "dataplane/transmit.h"
#include "pf/pf.h"

static bool is_listed(const struct nicsw_adapter *adapter, __u32 slot)
{
	const struct nicsw_dataplane *dataplane = &adapter->dataplane;

	if (slot < NICSW_SLOT_VF(0))
		return true;
	if (slot >= NICSW_SLOT_PF_VPORT(dataplane->maps.meta->total_vfs, 0))
		return dataplane->vf_vports[slot - NICSW_SLOT_VF(0)] != NICSW_NONE;
	return dataplane->maps.vfs[slot - NICSW_SLOT_VF(0)].state == NICSW_USED;
}

static bool is_verified(const struct nicsw_adapter *adapter)
{
	return adapter->ports && adapter->dataplane.maps.meta->watched &&
	       nicsw_transmit_pinned(adapter->ports->pin_dir);
}

static int read_slot(struct nicsw_adapter *adapter, __u32 slot, struct nicsw_counters *ret)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;

	return maps->ops->counters_read(maps, slot, ret);
}

static __u64 sum_casts(const __u64 counts[NICSW_CASTS])
{
	__u64 sum = 0;

	for (size_t i = 0; i < NICSW_CASTS; i++)
		sum += counts[i];
	return sum;
}

/* Has nothing been handed over, and nothing reported, between the two? */
static bool stood_still(const struct nicsw_counters *before, const struct nicsw_counters *now)
{
	return memcmp(before->rx_packets, now->rx_packets, sizeof(now->rx_packets)) == 0 &&
	       nicsw_counters_behind(before) == nicsw_counters_behind(now) &&
	       before->taken == now->taken;
}

static void find_passed_over(struct nicsw_adapter *adapter, __u32 slot,
			     const struct nicsw_counters *before, const struct nicsw_counters *now)
{
	__u64 handed = sum_casts(now->rx_packets);
	__u64 known = now->taken + nicsw_counters_behind(now);

	if (stood_still(before, now))
		adapter->passed_over[slot] = handed > known ? handed - known : 0;
}

static int read_again(struct nicsw_adapter *adapter, __u32 slot, bool verified,
		      const struct nicsw_counters *before, struct nicsw_counters *ret)
{
	int result = read_slot(adapter, slot, ret);

	if (result || !verified)
		return result;
	find_passed_over(adapter, slot, before, ret);
	ret->drops[NICSW_REASON_TRANSMIT_FAILED] += adapter->passed_over[slot];
	return 0;
}

static void describe(const struct nicsw_adapter *adapter, __u32 slot, bool verified,
		     struct nicsw_port_stats *ret)
{
	ret->slot = slot;
	ret->vport_id = NICSW_NONE;
	ret->function = NICSW_NONE;
	ret->flags = verified ? NICSW_STATS_VERIFIED : 0;
	if (slot == NICSW_NONE)
		return;
	if (slot == NICSW_SLOT_UPLINK)
		return;
	ret->function = NICSW_FUNCTION_PF;
	ret->vport_id = NDIS_DEFAULT_VPORT_ID;
	if (slot == NICSW_SLOT_PF)
		return;
	ret->vport_id = adapter->dataplane.vf_vports[slot - NICSW_SLOT_VF(0)];
	if (slot < NICSW_SLOT_PF_VPORT(adapter->dataplane.maps.meta->total_vfs, 0))
		ret->function = slot - NICSW_SLOT_VF(0);
}

/* Returns whether there was anything to add. */
static bool add_counters(struct nicsw_counters *sum, const struct nicsw_counters *part)
{
	const __u64 *from = (const __u64 *)part;
	__u64 *to = (__u64 *)sum;
	bool any = false;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++) {
		to[i] += from[i];
		any |= from[i] != 0;
	}
	return any;
}

static int first_reading(struct nicsw_adapter *adapter, struct nicsw_counters **ret)
{
	__u32 slots = adapter->dataplane.maps.meta->slots;
	_cleanup_free_ struct nicsw_counters *counters = calloc(slots, sizeof(*counters));
	int result;

	if (!adapter->passed_over)
		adapter->passed_over = calloc(slots, sizeof(*adapter->passed_over));
	if (!counters || !adapter->passed_over)
		return -ENOMEM;
	for (__u32 slot = 0; slot < slots; slot++) {
		result = read_slot(adapter, slot, &counters[slot]);
		if (result)
			return result;
	}
	*ret = TAKE_PTR(counters);
	return 0;
}

__u32 nicsw_pf_stats_most(const struct nicsw_adapter *adapter)
{
	return adapter->dataplane.maps.meta->slots + 1;
}

int nicsw_pf_stats(struct nicsw_adapter *adapter, struct nicsw_port_stats *ret_rows)
{
	_cleanup_free_ struct nicsw_counters *before = NULL;
	struct nicsw_port_stats freed = {};
	bool verified = is_verified(adapter), any_freed = false;
	int count = 0, result = first_reading(adapter, &before);

	for (__u32 slot = 0; !result && slot < adapter->dataplane.maps.meta->slots; slot++) {
		struct nicsw_port_stats row = {};

		result = read_again(adapter, slot, verified, &before[slot], &row.counters);
		describe(adapter, slot, verified, &row);
		if (is_listed(adapter, slot))
			ret_rows[count++] = row;
		else
			any_freed |= add_counters(&freed.counters, &row.counters);
	}
	describe(adapter, NICSW_NONE, verified, &freed);
	if (any_freed)
		ret_rows[count++] = freed;
	return result ? result : count;
}
