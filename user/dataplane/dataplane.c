// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/dataplane.h"

#include "dataplane/apply.h"
#include "dataplane/derive.h"

static int build_vf_vports(struct nicsw_dataplane *dataplane)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 i, count = maps->meta->slots - NICSW_SLOT_VF(0);

	dataplane->vf_vports = malloc(count * sizeof(*dataplane->vf_vports));
	if (!dataplane->vf_vports)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		dataplane->vf_vports[i] = NICSW_NONE;
	for (i = 0; i < NICSW_VPORTS(maps->meta->total_vfs); i++)
		nicsw_dataplane_index_vport(dataplane, i, true);
	return 0;
}

void nicsw_dataplane_index_vport(struct nicsw_dataplane *dataplane, __u32 vport, bool add)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 slot = nicsw_vport_slot(maps->meta, vport, &maps->vports[vport]);

	if (slot != NICSW_NONE && slot != NICSW_SLOT_PF)
		dataplane->vf_vports[slot - NICSW_SLOT_VF(0)] = add ? vport : NICSW_NONE;
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
