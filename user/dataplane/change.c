// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/change.h"

#include <assert.h>

#include "dataplane/apply.h"
#include "dataplane/dataplane.h"
#include "dataplane/plan.h"

void nicsw_change_begin(struct nicsw_change *change, struct nicsw_dataplane *dataplane,
			const char *operation)
{
	/* The data is not cleared: only what writes[] describes is ever read. */
	memset(change, 0, offsetof(struct nicsw_change, entry.data));
	change->dataplane = dataplane;
	change->used = 0;
	snprintf(change->entry.operation, sizeof(change->entry.operation), "%s", operation);
}

static struct nicsw_journal_write *find_write(const struct nicsw_change *change,
					      enum nicsw_record_map map, __u32 index)
{
	const struct nicsw_journal *entry = &change->entry;
	__u32 i;

	for (i = 0; i < entry->num_writes; i++)
		if (entry->writes[i].map == map && entry->writes[i].index == index)
			return (struct nicsw_journal_write *)&entry->writes[i];
	return NULL;
}

static void *edit(struct nicsw_change *change, enum nicsw_record_map map, __u32 index)
{
	struct nicsw_journal *entry = &change->entry;
	struct nicsw_journal_write *write = find_write(change, map, index);
	__u32 size = nicsw_mapset_element_size(map);
	const void *element;

	if (write)
		return entry->data + write->data;
	element = nicsw_mapset_element(&change->dataplane->maps, map, index);
	assert(element && entry->num_writes < NICSW_JOURNAL_WRITES);
	assert(size <= NICSW_JOURNAL_BYTES - change->used);
	write = &entry->writes[entry->num_writes++];
	*write = (struct nicsw_journal_write){
		.map = map, .index = index, .length = size, .data = change->used};
	change->used += (size + 7) & ~7u;
	return memcpy(entry->data + write->data, element, size);
}

struct nicsw_meta *nicsw_change_meta(struct nicsw_change *change)
{
	return edit(change, NICSW_MAP_META, 0);
}

struct nicsw_vf_record *nicsw_change_vf(struct nicsw_change *change, __u32 vf)
{
	return edit(change, NICSW_MAP_VFS, vf);
}

struct nicsw_vport_record *nicsw_change_vport(struct nicsw_change *change, __u32 vport)
{
	return edit(change, NICSW_MAP_VPORTS, vport);
}

struct nicsw_filter_record *nicsw_change_filter(struct nicsw_change *change, __u32 filter)
{
	return edit(change, NICSW_MAP_FILTERS, filter);
}

struct nicsw_block_record *nicsw_change_blocks(struct nicsw_change *change, __u32 vf)
{
	return edit(change, NICSW_MAP_BLOCKS, vf);
}

__u8 *nicsw_change_config(struct nicsw_change *change, __u32 function)
{
	return edit(change, NICSW_MAP_CONFIG_SPACE,
		    function == NICSW_FUNCTION_PF ? 0 : function + 1);
}

const void *nicsw_change_view(const struct nicsw_change *change, enum nicsw_record_map map,
			      __u32 index)
{
	const struct nicsw_journal_write *write = find_write(change, map, index);

	if (write)
		return change->entry.data + write->data;
	return nicsw_mapset_element(&change->dataplane->maps, map, index);
}

int nicsw_change_commit(struct nicsw_change *change, struct nicsw_error *error)
{
	_cleanup_(nicsw_plan_free) struct nicsw_plan plan = {};
	int result;

	result = nicsw_plan_build(&plan, change);
	if (!result)
		result = nicsw_apply(change, &plan);
	if (result == -EEXIST)
		return nicsw_fail(error, result, "SET-RF-28",
				  "%s: a MAC and VLAN would belong to two filters",
				  change->entry.operation);
	if (result)
		return nicsw_fail(error, result, NULL, "%s failed: %s", change->entry.operation,
				  strerror(-result));
	return 0;
}
