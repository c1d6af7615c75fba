// SPDX-License-Identifier: GPL-2.0-only
/* What must hold of the adapter after every request. */
#include "tests/fuzz/lib_oid.h"

#include "pf/pf.h"

/* ---- has anything changed? ---- */

static struct {
	__u8 bytes[256 * 1024];
	struct nicsw_entry entries[1024]; /* the filter table, sorted */
	__u64 floods;
} remembered;

/* Calls visit for every record and table that is an array; stops at the first false. */
static bool each_area(const struct nicsw_mapset *maps,
		      bool (*visit)(__u8 *remembered, const void *area, size_t length))
{
	const struct nicsw_meta *meta = maps->meta;
	const struct {
		const void *area;
		size_t length;
	} areas[] = {
		{meta, sizeof(*meta)},
		{maps->vfs, meta->total_vfs * sizeof(*maps->vfs)},
		{maps->vports, NICSW_VPORTS(meta->total_vfs) * sizeof(*maps->vports)},
		{maps->filters, (meta->max_filters + 1) * sizeof(*maps->filters)},
		{maps->config_space, (meta->total_vfs + 1) * sizeof(*maps->config_space)},
		{maps->ports, meta->slots * sizeof(*maps->ports)},
		{maps->vlan_members, NICSW_VLANS * meta->slot_words * sizeof(__u64)},
	};
	size_t i, offset = 0;

	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		CHECK(areas[i].length <= sizeof(remembered.bytes) - offset, "area %zu", i);
		if (!visit(remembered.bytes + offset, areas[i].area, areas[i].length))
			return false;
		offset += areas[i].length;
	}
	return true;
}

static bool remember_area(__u8 *place, const void *area, size_t length)
{
	memcpy(place, area, length);
	return true;
}

static bool same_area(__u8 *place, const void *area, size_t length)
{
	return !memcmp(place, area, length);
}

static int compare_entries(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct nicsw_entry));
}

/* What the filter table says, wherever it says it: nothing behind a cleared key means anything. */
static void copy_table(const struct nicsw_mapset *maps, struct nicsw_entry *ret_entries)
{
	size_t i, count = 0, room = NICSW_BUCKET_ENTRIES << maps->meta->bucket_bits;

	CHECK(room <= ARRAY_SIZE(remembered.entries), "%zu entries", room);
	memset(ret_entries, 0, sizeof(remembered.entries));
	for (i = 0; i < room; i++) {
		const struct nicsw_bucket *bucket = &maps->buckets[i / NICSW_BUCKET_ENTRIES];

		if (!bucket->entries[i % NICSW_BUCKET_ENTRIES].key)
			continue;
		ret_entries[count] = bucket->entries[i % NICSW_BUCKET_ENTRIES];
		ret_entries[count++].target &= NICSW_TARGET_SLOT;
	}
	qsort(ret_entries, count, sizeof(*ret_entries), compare_entries);
}

/* All flood groups in one number. No group and an empty one are not the same. */
static __u64 sum_floods(const struct nicsw_mapset *maps)
{
	__u64 sum = 0;
	__u32 i, word;

	for (i = nicsw_mapset_memory_next_flood(maps, 0); i != NICSW_NONE;
	     i = nicsw_mapset_memory_next_flood(maps, i + 1)) {
		const struct nicsw_slot_set *group = nicsw_mapset_memory_flood(maps, i);

		for (word = 0; group && word < maps->meta->slot_words; word++)
			sum = (sum ^ (i + 1) ^ group->words[word] << 16) * 0x9e3779b97f4a7c15ull;
	}
	return sum;
}

void fuzz_oid_remember(const struct nicsw_adapter *adapter)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;

	each_area(maps, remember_area);
	copy_table(maps, remembered.entries);
	remembered.floods = sum_floods(maps);
}

bool fuzz_oid_changed(const struct nicsw_adapter *adapter)
{
	static struct nicsw_entry entries[ARRAY_SIZE(remembered.entries)];
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;

	copy_table(maps, entries);
	return !each_area(maps, same_area) || sum_floods(maps) != remembered.floods ||
	       memcmp(entries, remembered.entries, sizeof(entries));
}

/* ---- is it what the records say? ---- */

static void check_vport_index(const struct nicsw_dataplane *dataplane, __u32 vport, __u8 *seen)
{
	const struct nicsw_filter_index *index = &dataplane->index;
	__u32 filter, count = 0, previous = 0;

	for (filter = index->first[vport]; filter; filter = index->next[filter]) {
		CHECK(filter <= index->max_filters && !seen[filter], "filter %u in VPort %u",
		      filter, vport);
		CHECK(dataplane->maps.filters[filter].state == NICSW_USED &&
			      dataplane->maps.filters[filter].vport_id == vport,
		      "filter %u is not on VPort %u", filter, vport);
		CHECK(index->previous[filter] == previous, "filter %u of VPort %u", filter, vport);
		seen[filter] = 1;
		previous = filter;
		count++;
	}
	CHECK(index->count[vport] == count, "VPort %u has %u filters, not %u", vport, count,
	      index->count[vport]);
	CHECK(!count || dataplane->maps.vports[vport].state == NICSW_USED,
	      "filters on VPort %u, which does not exist", vport);
}

static void check_filter_index(const struct nicsw_dataplane *dataplane)
{
	const struct nicsw_filter_index *index = &dataplane->index;
	__u8 seen[FUZZ_OID_FILTERS + 1] = {};
	__u32 vport, filter, count = 0;

	for (vport = 0; vport < index->num_vports; vport++)
		check_vport_index(dataplane, vport, seen);
	for (filter = 1; filter <= FUZZ_OID_FILTERS; filter++) {
		bool used = dataplane->maps.filters[filter].state == NICSW_USED;

		CHECK(used == seen[filter], "filter %u is not in the index", filter);
		CHECK(used || filter >= index->lowest_free, "filter %u is free", filter);
		count += used;
	}
	CHECK(index->num_filters == count, "%u filters, not %u", count, index->num_filters);
}

/* A VPort on a VF: the VF is allocated, and no other VPort has it. */
static void check_vports(const struct nicsw_dataplane *dataplane)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 vports_of[FUZZ_OID_VFS] = {}, vport, vf;

	for (vport = 0; vport < NICSW_VPORTS(FUZZ_OID_VFS); vport++) {
		const struct nicsw_vport_record *record = &maps->vports[vport];

		if (record->state != NICSW_USED || record->function == NICSW_FUNCTION_PF)
			continue;
		CHECK(record->function < FUZZ_OID_VFS &&
			      maps->vfs[record->function].state == NICSW_USED,
		      "VPort %u on VF %u", vport, record->function);
		CHECK(!vports_of[record->function]++, "two VPorts on VF %u", record->function);
		CHECK(dataplane->vf_vports[record->function] == vport, "VF %u has VPort %u",
		      record->function, vport);
	}
	for (vf = 0; vf < FUZZ_OID_VFS; vf++)
		CHECK(vports_of[vf] || dataplane->vf_vports[vf] == NICSW_NONE, "VF %u", vf);
}

/* Every nondefault VPort of the PF has a port, and no two have the same. */
static void check_pf_vports(const struct nicsw_dataplane *dataplane)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 seen = 0, vport;

	for (vport = 1; vport < NICSW_VPORTS(FUZZ_OID_VFS); vport++) {
		const struct nicsw_vport_record *record = &maps->vports[vport];

		if (record->state != NICSW_USED || record->function != NICSW_FUNCTION_PF)
			continue;
		CHECK(record->pf_vport < NICSW_PF_VPORTS && !(seen >> record->pf_vport & 1),
		      "VPort %u is number %u of the PF", vport, record->pf_vport);
		CHECK(dataplane->vf_vports[FUZZ_OID_VFS + record->pf_vport] == vport, "VPort %u",
		      vport);
		seen |= 1u << record->pf_vport;
	}
}

/* SET-RF-28 */
static void check_filters(const struct nicsw_mapset *maps)
{
	__u32 i, j;

	for (i = 1; i <= FUZZ_OID_FILTERS; i++)
		for (j = 1; j < i; j++) {
			const struct nicsw_filter_record *a = &maps->filters[i];
			const struct nicsw_filter_record *b = &maps->filters[j];

			CHECK(a->state != NICSW_USED || b->state != NICSW_USED || a->mac[0] & 1 ||
				      a->vlan != b->vlan || memcmp(a->mac, b->mac, sizeof(a->mac)),
			      "filters %u and %u are the same", j, i);
		}
}

/* PCI-10, PCI-65: a RID of its own for every function; PCI-52: VFs are enabled as the switch says.
 */
static void check_functions(const struct nicsw_adapter *adapter)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 num_vfs = nicsw_sriov_num_vfs(maps->config_space[0]), i, j;

	CHECK(num_vfs == (maps->meta->nic_switch.state == NICSW_USED
				  ? maps->meta->nic_switch.num_vfs
				  : 0),
	      "%u VFs enabled, the switch has %u", num_vfs, maps->meta->nic_switch.num_vfs);
	for (i = 0; i < FUZZ_OID_VFS; i++) {
		CHECK(maps->vfs[i].state != NICSW_USED || i < num_vfs, "VF %u is allocated", i);
		if (i >= num_vfs)
			continue;
		CHECK(nicsw_pf_rid(adapter, i) != NICSW_NONE, "VF %u has no RID", i);
		for (j = 0; j < i; j++)
			CHECK(nicsw_pf_rid(adapter, i) != nicsw_pf_rid(adapter, j), "VFs %u and %u",
			      j, i);
	}
}

static void check_tables(struct nicsw_dataplane *dataplane)
{
	__u64 floods = sum_floods(&dataplane->maps);
	int repaired = nicsw_dataplane_repair(dataplane);

	CHECK(repaired == 0, "%d places of the tables are wrong", repaired);
	CHECK(sum_floods(&dataplane->maps) == floods, "a flood group is wrong");
}

void fuzz_oid_check_adapter(struct nicsw_adapter *adapter)
{
	CHECK(adapter->dataplane.maps.journal->state == NICSW_FREE, "an operation under way");
	check_tables(&adapter->dataplane);
	check_filter_index(&adapter->dataplane);
	check_vports(&adapter->dataplane);
	check_pf_vports(&adapter->dataplane);
	check_filters(&adapter->dataplane.maps);
	check_functions(adapter);
}
