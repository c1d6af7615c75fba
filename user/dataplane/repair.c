// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repair: tables derived from the records once more, and written where they differ. It runs when a
 * daemon takes over an adapter, and after a change that could not be carried out.
 */
#include "dataplane/apply.h"
#include "dataplane/dataplane.h"
#include "dataplane/derive.h"

struct repair {
	struct nicsw_dataplane *dataplane;
	struct nicsw_change *view; /* empty: the records as they are */
	__u64 *members;            /* what vlan_members must be */
	int repaired;
};

static void collect_members(struct repair *repair, __u32 slot, const struct nicsw_vlan_set *vlans)
{
	__u32 words = repair->dataplane->maps.meta->slot_words;
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(vlans->words); word++) {
		__u64 left = vlans->words[word];

		for (; left; left &= left - 1) {
			__u32 vid = word * 64 + __builtin_ctzll(left);

			repair->members[vid * words + slot / 64] |= 1ull << (slot % 64);
		}
	}
}

static void repair_ports(struct repair *repair)
{
	struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_step step = {.kind = NICSW_STEP_PORT};
	struct nicsw_vlan_set vlans;

	for (step.slot = 0; step.slot < maps->meta->slots; step.slot++) {
		nicsw_derive_port(repair->view, step.slot, &step.port, &vlans);
		collect_members(repair, step.slot, &vlans);
		if (memcmp(&step.port, &maps->ports[step.slot], sizeof(step.port)) == 0)
			continue;
		nicsw_apply_step(repair->dataplane, &step);
		repair->repaired++;
	}
}

static void repair_members(struct repair *repair)
{
	struct nicsw_mapset *maps = &repair->dataplane->maps;
	size_t word, words = (size_t)NICSW_MAX_VLANS * maps->meta->slot_words;

	for (word = 0; word < words; word++) {
		if (maps->vlan_members[word] == repair->members[word])
			continue;
		__atomic_store_n(&maps->vlan_members[word], repair->members[word],
				 __ATOMIC_RELEASE);
		repair->repaired++;
	}
}

static bool vlan_is_used(const struct nicsw_mapset *maps, __u32 vid)
{
	__u32 words = maps->meta->slot_words;
	__u32 word;

	for (word = 0; word < words; word++)
		if (maps->vlan_members[vid * words + word])
			return true;
	return false;
}

/* Groups cannot be compared cheaply: those in use are written again, which no frame notices. */
static int repair_floods(struct repair *repair)
{
	struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_step step = {.kind = NICSW_STEP_FLOOD};
	int result = 0;

	for (step.vid = 0; step.vid < NICSW_MAX_VLANS && !result; step.vid++) {
		if (vlan_is_used(maps, step.vid))
			result = nicsw_apply_step(repair->dataplane, &step);
		else
			result = maps->ops->flood_set(maps, step.vid, NULL);
	}
	step.vid = NICSW_FLOOD_BASE;
	return result ? result : nicsw_apply_step(repair->dataplane, &step);
}

static int repair_key(struct repair *repair, __u64 key, __u32 slot)
{
	if (nicsw_table_find(&repair->dataplane->table, key) == (int)slot)
		return 0;
	repair->repaired++;
	return nicsw_table_set(&repair->dataplane->table, key, slot);
}

static int repair_entries(struct repair *repair)
{
	__u32 filter, slot;
	__u64 key;
	int result = 0;

	if (nicsw_derive_station(repair->view, &key))
		result = repair_key(repair, key, NICSW_SLOT_PF);
	for (filter = 1; filter <= repair->dataplane->maps.meta->max_filters && !result; filter++)
		if (nicsw_derive_entry(repair->view, filter, &key, &slot))
			result = repair_key(repair, key, slot);
	return result;
}

/* Keys that should be there, sorted, to find those that should not. */
struct keys {
	struct repair *repair;
	__u64 *keys;
	size_t num_keys;
};

static int compare_keys(const void *a, const void *b)
{
	__u64 left = *(const __u64 *)a, right = *(const __u64 *)b;

	return left < right ? -1 : left > right;
}

static int collect_keys(struct repair *repair, struct keys *ret)
{
	__u32 filter, slot;

	ret->repair = repair;
	ret->num_keys = 0;
	ret->keys = malloc((repair->dataplane->index.num_filters + 1) * sizeof(*ret->keys));
	if (!ret->keys)
		return -ENOMEM;
	if (nicsw_derive_station(repair->view, &ret->keys[0]))
		ret->num_keys++;
	for (filter = 1; filter <= repair->dataplane->maps.meta->max_filters; filter++)
		if (nicsw_derive_entry(repair->view, filter, &ret->keys[ret->num_keys], &slot))
			ret->num_keys++;
	qsort(ret->keys, ret->num_keys, sizeof(*ret->keys), compare_keys);
	return 0;
}

static int clear_unknown(struct nicsw_table *table, __u64 key, __u32 slot _unused_, void *context)
{
	struct keys *keys = context;

	if (bsearch(&key, keys->keys, keys->num_keys, sizeof(key), compare_keys))
		return 0;
	keys->repair->repaired++;
	return nicsw_table_clear(table, key);
}

static int repair_table(struct repair *repair)
{
	struct keys keys;
	int result;

	result = repair_entries(repair);
	if (result)
		return result;
	result = collect_keys(repair, &keys);
	if (result)
		return result;
	result = nicsw_table_each(&repair->dataplane->table, clear_unknown, &keys);
	free(keys.keys);
	return result;
}

int nicsw_dataplane_repair(struct nicsw_dataplane *dataplane)
{
	const struct nicsw_meta *meta = dataplane->maps.meta;
	_cleanup_free_ struct nicsw_change *view = malloc(sizeof(*view));
	_cleanup_free_ __u64 *members =
		calloc((size_t)NICSW_MAX_VLANS * meta->slot_words, sizeof(*members));
	struct repair repair = {.dataplane = dataplane, .view = view, .members = members};
	int result;

	if (!view || !members)
		return -ENOMEM;
	nicsw_change_begin(view, dataplane, "repair");
	repair_ports(&repair);
	repair_members(&repair);
	result = repair_table(&repair);
	if (!result)
		result = repair_floods(&repair);
	return result ? result : repair.repaired;
}
