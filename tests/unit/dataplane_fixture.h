/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An adapter in plain memory, changes of its records, and its whole state as bytes, for the tests
 * of the data path.
 *
 * edit_X() edit a change that is not committed; CHANGE(edit_X(&change, ...), ...) commits them
 * together and demands success. VF n has VPort n + 1 (edit_vf). A filter's MAC is
 * 02:00:00:00:00:last. state_take() holds every record, every table as a reader sees it (where in
 * the filter table an entry stands does not matter, that it stands there once does), and the index.
 * Owner of a state frees it with state_free().
 */
#ifndef NICSW_TESTS_DATAPLANE_FIXTURE_H
#define NICSW_TESTS_DATAPLANE_FIXTURE_H

#include <criterion/criterion.h>
#include <nicsw/ndis.h>

#include "dataplane/apply.h"
#include "dataplane/change.h"
#include "dataplane/derive.h"
#include "dataplane/mapset_memory.h"
#include "dataplane/plan.h"
#include "pf/adapter.h"

#define FIXTURE_VFS     6u
#define FIXTURE_FILTERS 40u

#define ALL_TRAFFIC                                                                                \
	(NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST | NDIS_PACKET_TYPE_ALL_MULTICAST)

static struct nicsw_adapter adapter;
static struct nicsw_dataplane *const dataplane = &adapter.dataplane;

static inline void fixture_open(void)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, FIXTURE_FILTERS};

	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
}

static inline void fixture_close(void)
{
	nicsw_adapter_close(&adapter);
}

/* The daemon dies: what only it remembers is lost, the maps stay. */
static inline struct nicsw_mapset fixture_die(void)
{
	struct nicsw_mapset maps = dataplane->maps;

	memset(&dataplane->maps, 0, sizeof(dataplane->maps));
	nicsw_dataplane_close(dataplane);
	return maps;
}

static inline void fixture_restart(void)
{
	struct nicsw_mapset maps = fixture_die();

	cr_assert_eq(nicsw_dataplane_open(&maps, dataplane), 0);
}

/* ---- random numbers, the same ones in every run ---- */

static __u64 fixture_seed = 0x853c49e6748fea9bull;

static inline __u32 fixture_random(__u32 limit)
{
	fixture_seed = fixture_seed * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(fixture_seed >> 33) % limit;
}

/* ---- changes ---- */

#define CHANGE(...)                                                                                \
	do {                                                                                       \
		struct nicsw_change change;                                                        \
		struct nicsw_error error = {};                                                     \
                                                                                                   \
		nicsw_change_begin(&change, dataplane, "test");                                    \
		__VA_ARGS__;                                                                       \
		cr_assert_eq(nicsw_change_commit(&change, &error), 0, "%s", error.text);           \
	} while (0)

static inline void fixture_mac(__u8 mac[NICSW_MAC_SIZE], __u8 last)
{
	memcpy(mac, (const __u8[]){0x02, 0, 0, 0, 0, last}, NICSW_MAC_SIZE);
}

static inline __u64 fixture_key(__u8 last, __u16 vlan)
{
	__u8 mac[NICSW_MAC_SIZE];

	fixture_mac(mac, last);
	return nicsw_key(mac, vlan);
}

static inline void edit_vport(struct nicsw_change *change, __u32 vport, __u32 function,
			      __u32 vport_state)
{
	struct nicsw_vport_record *record = nicsw_change_vport(change, vport);

	*record = (struct nicsw_vport_record){
		.state = NICSW_USED, .vport_state = vport_state, .function = function};
}

static inline void edit_vport_delete(struct nicsw_change *change, __u32 vport)
{
	memset(nicsw_change_vport(change, vport), 0, sizeof(struct nicsw_vport_record));
}

static inline void edit_switch(struct nicsw_change *change)
{
	nicsw_change_meta(change)->nic_switch =
		(struct nicsw_switch_record){.state = NICSW_USED,
					     .num_vfs = FIXTURE_VFS,
					     .num_vports = NICSW_VPORTS(FIXTURE_VFS)};
	edit_vport(change, 0, NICSW_FUNCTION_PF, NdisNicSwitchVPortStateActivated);
}

static inline void edit_switch_delete(struct nicsw_change *change)
{
	memset(&nicsw_change_meta(change)->nic_switch, 0, sizeof(struct nicsw_switch_record));
	edit_vport_delete(change, 0);
}

/* ALLOCATE_VF */
static inline void edit_vf(struct nicsw_change *change, __u32 vf)
{
	struct nicsw_vf_record *record = nicsw_change_vf(change, vf);

	memset(record, 0, sizeof(*record));
	record->state = NICSW_USED;
	fixture_mac(record->permanent_mac, 0x10 + vf);
	fixture_mac(record->current_mac, 0x10 + vf);
}

/* The VF's netdev comes, and its driver starts. */
static inline void edit_attach(struct nicsw_change *change, __u32 vf)
{
	nicsw_change_vf(change, vf)->flags |= NICSW_VF_ATTACHED;
	nicsw_change_vf(change, vf)->packet_filter = ALL_TRAFFIC;
	nicsw_function_set_bus_master(&adapter.device, vf, nicsw_change_config(change, vf), true);
}

static inline void edit_detach(struct nicsw_change *change, __u32 vf)
{
	nicsw_change_vf(change, vf)->flags &= ~NICSW_VF_ATTACHED;
	nicsw_change_vf(change, vf)->packet_filter = 0;
	nicsw_function_set_bus_master(&adapter.device, vf, nicsw_change_config(change, vf), false);
}

static inline void edit_reset(struct nicsw_change *change, __u32 vf)
{
	nicsw_function_flr(&adapter.device, vf, nicsw_change_config(change, vf));
	nicsw_change_vf(change, vf)->flags |= NICSW_VF_RESETTING;
	nicsw_change_vf(change, vf)->packet_filter = 0;
}

static inline void edit_reset_done(struct nicsw_change *change, __u32 vf)
{
	nicsw_change_vf(change, vf)->flags &= ~NICSW_VF_RESETTING;
	edit_attach(change, vf);
}

static inline void edit_filter(struct nicsw_change *change, __u32 filter, __u32 vport, __u8 last,
			       __u16 vlan)
{
	struct nicsw_filter_record *record = nicsw_change_filter(change, filter);

	*record =
		(struct nicsw_filter_record){.state = NICSW_USED, .vport_id = vport, .vlan = vlan};
	fixture_mac(record->mac, last);
}

static inline void edit_move(struct nicsw_change *change, __u32 filter, __u32 vport)
{
	nicsw_change_filter(change, filter)->vport_id = vport;
}

static inline void edit_clear(struct nicsw_change *change, __u32 filter)
{
	memset(nicsw_change_filter(change, filter), 0, sizeof(struct nicsw_filter_record));
}

/* A switch, and `vfs` VFs with VPort, netdev and driver, without filters. */
static inline void fixture_vfs(__u32 vfs)
{
	__u32 vf;

	CHANGE(edit_switch(&change));
	for (vf = 0; vf < vfs; vf++)
		CHANGE(edit_vf(&change, vf), edit_attach(&change, vf),
		       edit_vport(&change, vf + 1, vf, NdisNicSwitchVPortStateActivated));
}

static inline int fixture_find(__u8 last, __u16 vlan)
{
	return nicsw_table_find(&dataplane->table, fixture_key(last, vlan));
}

/* ---- the whole state ---- */

struct state {
	char *bytes;
	size_t length;
};

static inline void state_add(struct state *state, const void *bytes, size_t length)
{
	state->bytes = realloc(state->bytes, state->length + length);
	memcpy(state->bytes + state->length, bytes, length);
	state->length += length;
}

static inline void state_add_records(struct state *state, const struct nicsw_mapset *maps)
{
	const struct nicsw_meta *meta = maps->meta;

	state_add(state, meta, sizeof(*meta));
	state_add(state, maps->vfs, meta->total_vfs * sizeof(*maps->vfs));
	state_add(state, maps->vports, NICSW_VPORTS(meta->total_vfs) * sizeof(*maps->vports));
	state_add(state, maps->filters, (meta->max_filters + 1) * sizeof(*maps->filters));
	state_add(state, maps->config_space, (meta->total_vfs + 1) * sizeof(*maps->config_space));
	state_add(state, maps->blocks, meta->total_vfs * sizeof(*maps->blocks));
	state_add(state, maps->faults, (meta->total_vfs + 1) * sizeof(*maps->faults));
}

static inline void state_add_floods(struct state *state, const struct nicsw_mapset *maps)
{
	__u32 group;

	for (group = nicsw_mapset_memory_next_flood(maps, 0); group != NICSW_NONE;
	     group = nicsw_mapset_memory_next_flood(maps, group + 1)) {
		const struct nicsw_slot_set *members = nicsw_mapset_memory_flood(maps, group);

		state_add(state, &group, sizeof(group));
		state_add(state, members, sizeof(*members));
	}
}

static inline int state_compare_entries(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct nicsw_entry));
}

/* Every key that stands anywhere, with its target; sorted. */
static inline void state_add_entries(struct state *state, const struct nicsw_mapset *maps)
{
	size_t count = (size_t)NICSW_BUCKET_ENTRIES << maps->meta->bucket_bits;
	struct nicsw_entry *entries = calloc(count, sizeof(*entries));
	const struct nicsw_entry *all = &maps->buckets[0].entries[0];
	size_t i, used = 0;

	for (i = 0; i < count; i++)
		if (all[i].key)
			entries[used++] = (struct nicsw_entry){
				.key = all[i].key, .target = all[i].target & NICSW_TARGET_SLOT};
	qsort(entries, used, sizeof(*entries), state_compare_entries);
	state_add(state, entries, used * sizeof(*entries));
	free(entries);
}

/* The VPort of each filter as the lists have it. In what order they have it is no state. */
static inline void state_add_index(struct state *state, struct nicsw_dataplane *plane)
{
	struct nicsw_filter_index *index = &plane->index;
	__u32 *vports = calloc(index->max_filters + 1, sizeof(*vports));
	__u32 free_id = nicsw_filter_index_free_id(index, &plane->maps);
	__u32 vport, filter;

	for (vport = 0; vport < index->num_vports; vport++)
		for (filter = index->first[vport]; filter; filter = index->next[filter])
			vports[filter] += vport + 1;
	state_add(state, vports, (index->max_filters + 1) * sizeof(*vports));
	state_add(state, index->count, index->num_vports * sizeof(*index->count));
	state_add(state, &index->num_filters, sizeof(index->num_filters));
	state_add(state, &free_id, sizeof(free_id));
	state_add(state, plane->vf_vports,
		  (plane->maps.meta->slots - NICSW_SLOT_VF(0)) * sizeof(*plane->vf_vports));
	free(vports);
}

static inline struct state state_take(void)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	struct state state = {};

	state_add_records(&state, maps);
	state_add(&state, maps->ports, maps->meta->slots * sizeof(*maps->ports));
	state_add(&state, maps->vlan_members,
		  (size_t)NICSW_VLANS * maps->meta->slot_words * sizeof(*maps->vlan_members));
	state_add_floods(&state, maps);
	state_add_entries(&state, maps);
	state_add_index(&state, dataplane);
	return state;
}

static inline void state_free(struct state *state)
{
	free(state->bytes);
	*state = (struct state){};
}

static inline bool state_same(const struct state *a, const struct state *b)
{
	return a->length == b->length && !memcmp(a->bytes, b->bytes, a->length);
}

/* Is the state of the adapter still, or again, `wanted`? */
static inline bool state_is(const struct state *wanted)
{
	struct state now = state_take();
	bool same = state_same(wanted, &now);

	state_free(&now);
	return same;
}

/* ---- the maps as they are, to go back to ---- */

static inline void fixture_copy_maps(struct nicsw_mapset *to, const struct nicsw_mapset *from)
{
	const struct nicsw_meta *meta = from->meta;
	__u32 vid;

	*to->meta = *meta;
	memcpy(to->vfs, from->vfs, meta->total_vfs * sizeof(*to->vfs));
	memcpy(to->vports, from->vports, NICSW_VPORTS(meta->total_vfs) * sizeof(*to->vports));
	memcpy(to->filters, from->filters, (meta->max_filters + 1) * sizeof(*to->filters));
	memcpy(to->config_space, from->config_space,
	       (meta->total_vfs + 1) * sizeof(*to->config_space));
	memcpy(to->blocks, from->blocks, meta->total_vfs * sizeof(*to->blocks));
	memcpy(to->faults, from->faults, (meta->total_vfs + 1) * sizeof(*to->faults));
	*to->journal = *from->journal;
	memcpy(to->ports, from->ports, meta->slots * sizeof(*to->ports));
	memcpy(to->buckets, from->buckets, sizeof(*to->buckets) << meta->bucket_bits);
	memcpy(to->vlan_members, from->vlan_members,
	       (size_t)NICSW_VLANS * meta->slot_words * sizeof(*to->vlan_members));
	for (vid = 0; vid <= NICSW_FLOOD_BASE; vid++)
		to->ops->flood_set(to, vid, nicsw_mapset_memory_flood(from, vid));
}

static inline struct nicsw_mapset fixture_save(void)
{
	const struct nicsw_mapset_sizes sizes = {dataplane->maps.meta->total_vfs,
						 dataplane->maps.meta->max_filters};
	struct nicsw_mapset saved;

	cr_assert_eq(nicsw_mapset_memory(&sizes, &saved), 0);
	fixture_copy_maps(&saved, &dataplane->maps);
	return saved;
}

/* The maps as saved, and a daemon that has just opened them. */
static inline void fixture_go_back(const struct nicsw_mapset *saved)
{
	struct nicsw_mapset maps = fixture_die();

	fixture_copy_maps(&maps, saved);
	cr_assert_eq(nicsw_dataplane_open(&maps, dataplane), 0);
}

#endif
