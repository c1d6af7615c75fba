// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/mapset_memory.h"

#define FLOOD_GROUPS (NICSW_FLOOD_BASE + 1)

struct memory_private {
	struct nicsw_slot_set *flood[FLOOD_GROUPS];
	__u64 present[FLOOD_GROUPS / 64 + 1]; /* which of them are there: they are few */
	struct nicsw_counters *counters;
	__u32 *devices;
	unsigned int grace_periods;
	unsigned int fail_flood;
};

static int memory_device_set(struct nicsw_mapset *maps, __u32 slot, __u32 ifindex)
{
	struct memory_private *memory = maps->private;

	memory->devices[slot] = ifindex;
	return 0;
}

static int memory_device_follow(struct nicsw_mapset *maps _unused_, __u32 slot _unused_)
{
	return 0;
}

static int memory_device_get(const struct nicsw_mapset *maps, __u32 slot, __u32 *ret_ifindex)
{
	const struct memory_private *memory = maps->private;

	*ret_ifindex = memory->devices[slot];
	return 0;
}

static int memory_flood_get(const struct nicsw_mapset *maps, __u32 key, struct nicsw_slot_set *ret)
{
	const struct memory_private *memory = maps->private;

	if (!memory->flood[key])
		return -ENOENT;
	*ret = *memory->flood[key];
	return 0;
}

static int memory_flood_set(struct nicsw_mapset *maps, __u32 vid,
			    const struct nicsw_slot_set *members)
{
	struct memory_private *memory = maps->private;
	struct nicsw_slot_set **group = &memory->flood[vid];

	if (memory->fail_flood) {
		memory->fail_flood--;
		return -ENOMEM;
	}
	/* Most keys have no group, ever: they cost no call of the allocator. */
	if (!members && !*group)
		return 0;
	if (!members) {
		free(*group);
		*group = NULL;
		memory->present[vid / 64] &= ~(1ull << (vid % 64));
		return 0;
	}
	if (!*group)
		*group = calloc(1, sizeof(**group));
	if (!*group)
		return -ENOMEM;
	memory->present[vid / 64] |= 1ull << (vid % 64);
	**group = *members;
	return 0;
}

static int memory_flood_flush(struct nicsw_mapset *maps _unused_)
{
	return 0;
}

static int memory_flood_prune(struct nicsw_mapset *maps,
			      bool (*wanted)(const struct nicsw_mapset *maps, __u32 key))
{
	int result, first = 0;
	__u32 key;

	for (key = nicsw_mapset_memory_next_flood(maps, 0); key != NICSW_NONE;
	     key = nicsw_mapset_memory_next_flood(maps, key + 1)) {
		if (wanted(maps, key))
			continue;
		result = memory_flood_set(maps, key, NULL);
		first = first ? first : result;
	}
	return first;
}

static void memory_flood_forget(struct nicsw_mapset *maps)
{
	(void)maps;
}

static int memory_grace_period(struct nicsw_mapset *maps)
{
	struct memory_private *memory = maps->private;

	memory->grace_periods++;
	return 0;
}

static int memory_counters_read(struct nicsw_mapset *maps, __u32 slot, struct nicsw_counters *ret)
{
	struct memory_private *memory = maps->private;

	*ret = memory->counters[slot];
	return 0;
}

static int memory_counters_reset(struct nicsw_mapset *maps, __u32 slot)
{
	struct memory_private *memory = maps->private;

	memset(&memory->counters[slot], 0, sizeof(memory->counters[slot]));
	return 0;
}

static void memory_close(struct nicsw_mapset *maps)
{
	struct memory_private *memory = maps->private;
	__u32 group;

	for (group = 0; group < FLOOD_GROUPS; group++)
		if (memory->flood[group])
			free(memory->flood[group]);
	free(memory->counters);
	free(memory->devices);
	free(memory);
	free(maps->meta);
	free(maps->vfs);
	free(maps->vports);
	free(maps->filters);
	free(maps->config_space);
	free(maps->blocks);
	free(maps->iommu);
	free(maps->faults);
	free(maps->journal);
	free(maps->ports);
	free(maps->buckets);
	free(maps->vlan_members);
}

static const struct nicsw_mapset_ops memory_ops = {
	.device_set = memory_device_set,
	.device_follow = memory_device_follow,
	.device_get = memory_device_get,
	.flood_set = memory_flood_set,
	.flood_get = memory_flood_get,
	.flood_flush = memory_flood_flush,
	.flood_prune = memory_flood_prune,
	.flood_forget = memory_flood_forget,
	.grace_period = memory_grace_period,
	.counters_read = memory_counters_read,
	.counters_reset = memory_counters_reset,
	.close = memory_close,
};

static bool allocate_private(struct nicsw_mapset *maps, __u32 slots)
{
	struct memory_private *memory = maps->private;

	memory->counters = calloc(slots, sizeof(*memory->counters));
	memory->devices = calloc(slots, sizeof(*memory->devices));
	return memory->counters && memory->devices;
}

static bool allocate_maps(struct nicsw_mapset *maps, const struct nicsw_meta *sizes)
{
	maps->vfs = calloc(sizes->total_vfs, sizeof(*maps->vfs));
	maps->vports = calloc(NICSW_VPORTS(sizes->total_vfs), sizeof(*maps->vports));
	maps->filters = calloc(sizes->max_filters + 1, sizeof(*maps->filters));
	maps->config_space = calloc(sizes->total_vfs + 1, sizeof(*maps->config_space));
	maps->blocks = calloc(sizes->total_vfs, sizeof(*maps->blocks));
	maps->iommu = calloc(sizes->total_vfs, sizeof(*maps->iommu));
	maps->faults = calloc(sizes->total_vfs + 1, sizeof(*maps->faults));
	maps->journal = calloc(1, sizeof(*maps->journal));
	maps->ports = aligned_alloc(64, sizes->slots * sizeof(*maps->ports));
	maps->buckets = aligned_alloc(64, sizeof(*maps->buckets) << sizes->bucket_bits);
	maps->vlan_members = calloc(NICSW_VLANS * sizes->slot_words, sizeof(__u64));
	if (!maps->vfs || !maps->vports || !maps->filters || !maps->config_space || !maps->blocks ||
	    !maps->iommu || !maps->faults || !maps->journal || !maps->ports || !maps->buckets ||
	    !maps->vlan_members)
		return false;
	memset(maps->ports, 0, sizes->slots * sizeof(*maps->ports));
	memset(maps->buckets, 0, sizeof(*maps->buckets) << sizes->bucket_bits);
	return true;
}

int nicsw_mapset_memory(const struct nicsw_mapset_sizes *sizes, struct nicsw_mapset *ret)
{
	struct nicsw_mapset maps = {.ops = &memory_ops};

	maps.meta = calloc(1, sizeof(*maps.meta));
	maps.private = calloc(1, sizeof(struct memory_private));
	if (!maps.meta || !maps.private) {
		free(maps.meta);
		free(maps.private);
		return -ENOMEM;
	}
	maps.meta->magic = NICSW_META_MAGIC;
	maps.meta->layout_version = NICSW_LAYOUT_VERSION;
	nicsw_mapset_describe(maps.meta, sizes);
	if (!allocate_maps(&maps, maps.meta) || !allocate_private(&maps, maps.meta->slots)) {
		nicsw_mapset_close(&maps);
		return -ENOMEM;
	}
	*ret = maps;
	return 0;
}

const struct nicsw_slot_set *nicsw_mapset_memory_flood(const struct nicsw_mapset *maps, __u32 vid)
{
	const struct memory_private *memory = maps->private;

	return memory->flood[vid];
}

struct nicsw_counters *nicsw_mapset_memory_counters(const struct nicsw_mapset *maps, __u32 slot)
{
	const struct memory_private *memory = maps->private;

	return &memory->counters[slot];
}

unsigned int nicsw_mapset_memory_grace_periods(const struct nicsw_mapset *maps)
{
	const struct memory_private *memory = maps->private;

	return memory->grace_periods;
}

void nicsw_mapset_memory_fail_flood(struct nicsw_mapset *maps, unsigned int count)
{
	struct memory_private *memory = maps->private;

	memory->fail_flood = count;
}

__u32 nicsw_mapset_memory_next_flood(const struct nicsw_mapset *maps, __u32 key)
{
	const struct memory_private *memory = maps->private;
	__u32 word = key / 64;
	__u64 left;

	if (key >= FLOOD_GROUPS)
		return NICSW_NONE;
	left = memory->present[word] >> (key % 64) << (key % 64);
	while (!left && ++word < ARRAY_SIZE(memory->present))
		left = memory->present[word];
	return left ? word * 64 + __builtin_ctzll(left) : NICSW_NONE;
}
