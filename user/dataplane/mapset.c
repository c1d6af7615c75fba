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
