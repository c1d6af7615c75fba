// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/dataplane.h"

#include "dataplane/apply.h"

static int build_vf_vports(struct nicsw_dataplane *dataplane)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 i;

	dataplane->vf_vports = malloc(maps->meta->total_vfs * sizeof(*dataplane->vf_vports));
	if (!dataplane->vf_vports)
		return -ENOMEM;
	for (i = 0; i < maps->meta->total_vfs; i++)
		dataplane->vf_vports[i] = NICSW_NONE;
	for (i = 0; i <= maps->meta->total_vfs; i++)
		if (maps->vports[i].state == NICSW_USED &&
		    maps->vports[i].function < maps->meta->total_vfs)
			dataplane->vf_vports[maps->vports[i].function] = i;
	return 0;
}

int nicsw_dataplane_open(struct nicsw_mapset *maps, struct nicsw_dataplane *ret)
{
	int result;

	memset(ret, 0, sizeof(*ret));
	ret->maps = *maps;
	memset(maps, 0, sizeof(*maps));
	/* Before the indexes are built from the records. */
	nicsw_apply_journal(&ret->maps);
	result = nicsw_filter_index_build(&ret->index, &ret->maps);
	if (!result)
		result = build_vf_vports(ret);
	if (!result)
		result = nicsw_table_open(&ret->table, &ret->maps);
	if (result)
		nicsw_dataplane_close(ret);
	return result;
}

void nicsw_dataplane_close(struct nicsw_dataplane *dataplane)
{
	nicsw_table_close(&dataplane->table);
	nicsw_filter_index_free(&dataplane->index);
	free(dataplane->vf_vports);
	nicsw_mapset_close(&dataplane->maps);
	memset(dataplane, 0, sizeof(*dataplane));
}
