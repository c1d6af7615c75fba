// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/filter_index.h"

static bool allocate_index(struct nicsw_filter_index *index)
{
	index->next = calloc(index->max_filters + 1, sizeof(*index->next));
	index->previous = calloc(index->max_filters + 1, sizeof(*index->previous));
	index->first = calloc(index->num_vports, sizeof(*index->first));
	index->count = calloc(index->num_vports, sizeof(*index->count));
	return index->next && index->previous && index->first && index->count;
}

int nicsw_filter_index_build(struct nicsw_filter_index *index, const struct nicsw_mapset *maps)
{
	__u32 filter;

	memset(index, 0, sizeof(*index));
	index->max_filters = maps->meta->max_filters;
	index->num_vports = NICSW_VPORTS(maps->meta->total_vfs);
	index->lowest_free = 1;
	if (!allocate_index(index)) {
		nicsw_filter_index_free(index);
		return -ENOMEM;
	}
	/* Downwards, so that each VPort lists its filters in ascending order. */
	for (filter = index->max_filters; filter > 0; filter--) {
		const struct nicsw_filter_record *record = &maps->filters[filter];

		if (record->state == NICSW_USED && record->vport_id < index->num_vports)
			nicsw_filter_index_add(index, filter, record->vport_id);
	}
	return 0;
}

void nicsw_filter_index_free(struct nicsw_filter_index *index)
{
	free(index->next);
	free(index->previous);
	free(index->first);
	free(index->count);
	memset(index, 0, sizeof(*index));
}

void nicsw_filter_index_add(struct nicsw_filter_index *index, __u32 filter, __u32 vport)
{
	__u32 first = index->first[vport];

	index->next[filter] = first;
	index->previous[filter] = 0;
	if (first)
		index->previous[first] = filter;
	index->first[vport] = filter;
	index->count[vport]++;
	index->num_filters++;
}

void nicsw_filter_index_remove(struct nicsw_filter_index *index, __u32 filter, __u32 vport)
{
	__u32 next = index->next[filter];
	__u32 previous = index->previous[filter];

	if (next)
		index->previous[next] = previous;
	if (previous)
		index->next[previous] = next;
	else
		index->first[vport] = next;
	index->count[vport]--;
	index->num_filters--;
	if (filter < index->lowest_free)
		index->lowest_free = filter;
}

__u32 nicsw_filter_index_free_id(struct nicsw_filter_index *index, const struct nicsw_mapset *maps)
{
	while (index->lowest_free <= index->max_filters &&
	       maps->filters[index->lowest_free].state != NICSW_FREE)
		index->lowest_free++;
	return index->lowest_free <= index->max_filters ? index->lowest_free : 0;
}
