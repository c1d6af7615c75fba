// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/mapset.h"

/* Half full at most, so that a key finds a place in one of its two buckets, or after one
 * displacement. */
static __u32 bucket_bits(__u32 max_filters)
{
	__u32 bits = 4;

	while ((NICSW_BUCKET_ENTRIES << bits) < 2 * (max_filters + 1))
		bits++;
	return bits;
}

void nicsw_mapset_describe(struct nicsw_meta *meta, const struct nicsw_mapset_sizes *sizes)
{
	meta->total_vfs = sizes->total_vfs;
	meta->slots = NICSW_SLOTS(sizes->total_vfs);
	meta->slot_words = NICSW_SLOT_WORDS(meta->slots);
	meta->max_filters = sizes->max_filters;
	meta->bucket_bits = bucket_bits(sizes->max_filters);
}

bool nicsw_mapset_is_sound(const struct nicsw_meta *meta)
{
	const struct nicsw_mapset_sizes sizes = {meta->total_vfs, meta->max_filters};
	struct nicsw_meta wanted = {};

	if (!sizes.total_vfs || sizes.total_vfs > NICSW_MAX_VFS || !sizes.max_filters ||
	    sizes.max_filters > NICSW_MAX_FILTERS)
		return false;
	nicsw_mapset_describe(&wanted, &sizes);
	return meta->slots == wanted.slots && meta->slot_words == wanted.slot_words &&
	       meta->bucket_bits == wanted.bucket_bits;
}

/* What the elements of a map are counted by. */
enum unit {
	UNIT_VF,
	UNIT_FUNCTION, /* of the device: PF and VFs */
	UNIT_VPORT,
	UNIT_SLOT,
	UNIT_COUNTERS, /* of slots, and the past of some */
	UNIT_FILTER,   /* id 0 is none */
	UNIT_BUCKET,
	UNIT_MEMBER_WORD,
	UNIT_ADAPTER,
};

static const struct map_unit {
	const char *map;
	enum unit unit;
} map_units[] = {
	{"meta", UNIT_ADAPTER},
	{"journal", UNIT_ADAPTER},
	{"vfs", UNIT_VF},
	{"config_blocks", UNIT_VF},
	{"iommu", UNIT_VF},
	{"vports", UNIT_VPORT},
	{"config_space", UNIT_FUNCTION},
	{"faults", UNIT_FUNCTION},
	{"filters", UNIT_FILTER},
	{"filter_table", UNIT_BUCKET},
	{"ports", UNIT_SLOT},
	{"tx_ports", UNIT_SLOT},
	{"counters", UNIT_COUNTERS},
	{"vlan_members", UNIT_MEMBER_WORD},
};

static __u32 units(const struct nicsw_meta *meta, enum unit unit)
{
	switch (unit) {
	case UNIT_VF:
		return meta->total_vfs;
	case UNIT_FUNCTION:
		return meta->total_vfs + 1;
	case UNIT_VPORT:
		return NICSW_VPORTS(meta->total_vfs);
	case UNIT_SLOT:
		return meta->slots;
	case UNIT_COUNTERS:
		return NICSW_COUNTERS(meta->slots);
	case UNIT_FILTER:
		return meta->max_filters + 1;
	case UNIT_BUCKET:
		return 1u << meta->bucket_bits;
	case UNIT_MEMBER_WORD:
		return NICSW_VLANS * meta->slot_words;
	case UNIT_ADAPTER:
		return 1;
	}
	return 0;
}

__u32 nicsw_mapset_entries(const struct nicsw_meta *meta, const char *map)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map_units); i++)
		if (nicsw_streq(map_units[i].map, map))
			return units(meta, map_units[i].unit);
	return 0;
}

void nicsw_mapset_close(struct nicsw_mapset *maps)
{
	if (maps->ops)
		maps->ops->close(maps);
	memset(maps, 0, sizeof(*maps));
}

static const size_t element_sizes[NICSW_RECORD_MAPS] = {
	[NICSW_MAP_META] = sizeof(struct nicsw_meta),
	[NICSW_MAP_VFS] = sizeof(struct nicsw_vf_record),
	[NICSW_MAP_VPORTS] = sizeof(struct nicsw_vport_record),
	[NICSW_MAP_FILTERS] = sizeof(struct nicsw_filter_record),
	[NICSW_MAP_CONFIG_SPACE] = NICSW_CONFIG_SIZE,
	[NICSW_MAP_BLOCKS] = sizeof(struct nicsw_block_record),
};

size_t nicsw_mapset_element_size(enum nicsw_record_map map)
{
	return map < NICSW_RECORD_MAPS ? element_sizes[map] : 0;
}

static __u32 element_count(const struct nicsw_mapset *maps, enum nicsw_record_map map)
{
	switch (map) {
	case NICSW_MAP_META:
		return 1;
	case NICSW_MAP_VFS:
	case NICSW_MAP_BLOCKS:
		return maps->meta->total_vfs;
	case NICSW_MAP_VPORTS:
		return NICSW_VPORTS(maps->meta->total_vfs);
	case NICSW_MAP_CONFIG_SPACE:
		return maps->meta->total_vfs + 1;
	case NICSW_MAP_FILTERS:
		return maps->meta->max_filters + 1;
	default:
		return 0;
	}
}

static void *map_memory(const struct nicsw_mapset *maps, enum nicsw_record_map map)
{
	switch (map) {
	case NICSW_MAP_META:
		return maps->meta;
	case NICSW_MAP_VFS:
		return maps->vfs;
	case NICSW_MAP_VPORTS:
		return maps->vports;
	case NICSW_MAP_FILTERS:
		return maps->filters;
	case NICSW_MAP_CONFIG_SPACE:
		return maps->config_space;
	case NICSW_MAP_BLOCKS:
		return maps->blocks;
	default:
		return NULL;
	}
}

void *nicsw_mapset_element(const struct nicsw_mapset *maps, enum nicsw_record_map map, __u32 index)
{
	if (index >= element_count(maps, map))
		return NULL;
	return (char *)map_memory(maps, map) + index * nicsw_mapset_element_size(map);
}
