/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which filters sit on which VPort, and which filter ids are free: derived from the filter records,
 * so that an operation costs the filters of its VPorts and not those of the adapter.
 */
#ifndef NICSW_DATAPLANE_FILTER_INDEX_H
#define NICSW_DATAPLANE_FILTER_INDEX_H

#include "dataplane/mapset.h"

struct nicsw_filter_index {
	__u32 max_filters;
	__u32 num_vports;
	__u32 num_filters; /* set now */
	__u32 lowest_free; /* no free id below */
	__u32 *next;       /* [max_filters + 1]: next filter on the same VPort, 0 = last */
	__u32 *previous;
	__u32 *first; /* [num_vports]: first filter of the VPort, 0 = none */
	__u32 *count; /* [num_vports] */
};

int nicsw_filter_index_build(struct nicsw_filter_index *index, const struct nicsw_mapset *maps);
void nicsw_filter_index_free(struct nicsw_filter_index *index);
void nicsw_filter_index_add(struct nicsw_filter_index *index, __u32 filter, __u32 vport);
void nicsw_filter_index_remove(struct nicsw_filter_index *index, __u32 filter, __u32 vport);

/* The lowest FilterId that is free (SET-RF-8), 0 when none is left (SET-RF-27). */
__u32 nicsw_filter_index_free_id(struct nicsw_filter_index *index, const struct nicsw_mapset *maps);

#endif
