// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repair: tables derived from the records once more, and written where they differ. It runs when a
 * daemon takes over an adapter, and after a change that could not be carried out.
 */
#include "dataplane/apply.h"
#include "dataplane/dataplane.h"
#include "dataplane/derive.h"

/* What one filter, or the station, must have in the table. */
struct entry {
	__u64 key;
	__u32 vport;
	__u32 slot;
};

struct repair {
	struct nicsw_dataplane *dataplane;
	struct nicsw_change *view; /* empty: the records as they are */
	struct nicsw_port *ports;  /* what the port records must be */
	__u64 *members;            /* what vlan_members must be */
	struct entry *entries;     /* what filter_table must hold, by key, each key once */
	size_t num_entries;
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

static void derive_ports(struct repair *repair)
{
	struct nicsw_vlan_set vlans;
	__u32 slot;

	for (slot = 0; slot < repair->dataplane->maps.meta->slots; slot++) {
		nicsw_derive_port(repair->view, slot, &repair->ports[slot], &vlans);
		collect_members(repair, slot, &vlans);
	}
}

/* open: those that open, and no other. */
static void repair_ports(struct repair *repair, bool open)
{
	const struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_step step = {.kind = NICSW_STEP_PORT};

	for (step.slot = 0; step.slot < maps->meta->slots; step.slot++) {
		step.port = repair->ports[step.slot];
		if (open && !(step.port.flags & ~maps->ports[step.slot].flags))
			continue;
		if (memcmp(&step.port, &maps->ports[step.slot], sizeof(step.port)) == 0)
			continue;
		nicsw_apply_step(repair->dataplane, &step);
		repair->repaired++;
	}
}

/* join: members that are missing come, and none goes. */
static void repair_members(struct repair *repair, bool join)
{
	__u64 *members = repair->dataplane->maps.vlan_members;
	size_t word, words = (size_t)NICSW_VLANS * repair->dataplane->maps.meta->slot_words;

	for (word = 0; word < words; word++) {
		__u64 wanted = repair->members[word] | (join ? members[word] : 0);

		if (members[word] == wanted)
			continue;
		__atomic_store_n(&members[word], wanted, __ATOMIC_RELEASE);
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

static bool is_group_wanted(const struct nicsw_mapset *maps, __u32 key)
{
	if (key == NICSW_FLOOD_BASE)
		return true;
	return nicsw_flood_class_used(key & ~(NICSW_VLANS - 1), maps->meta->features) &&
	       vlan_is_used(maps, key & (NICSW_VLANS - 1));
}

/* The groups of one class. */
static int repair_class(struct repair *repair, __u32 class)
{
	const struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_step step = {.kind = NICSW_STEP_FLOOD};
	int result, first = 0;
	__u32 vid;

	for (vid = 0; vid < NICSW_VLANS; vid++) {
		step.vid = vid | class;
		if (!is_group_wanted(maps, step.vid))
			continue;
		result = nicsw_apply_step(repair->dataplane, &step);
		first = first ? first : result;
	}
	return first;
}

/*
 * Groups cannot be compared cheaply: those in use are written again, which no frame notices. One
 * that cannot be written is no reason to leave the others wrong.
 */
static int repair_floods(struct repair *repair)
{
	struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_step base = {.kind = NICSW_STEP_FLOOD, .vid = NICSW_FLOOD_BASE};
	int result, first = maps->ops->flood_prune(maps, is_group_wanted);
	__u32 i;

	for (i = 0; i < NICSW_FLOOD_CLASSES; i++) {
		if (!nicsw_flood_class_used(NICSW_FLOOD_CLASS(i), maps->meta->features))
			continue;
		result = repair_class(repair, NICSW_FLOOD_CLASS(i));
		first = first ? first : result;
	}
	result = nicsw_apply_step(repair->dataplane, &base);
	first = first ? first : result;
	result = maps->ops->flood_flush(maps);
	return first ? first : result;
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
	size_t i;
	int result = 0;

	for (i = 0; i < repair->num_entries && !result; i++)
		result = repair_key(repair, repair->entries[i].key, repair->entries[i].slot);
	return result;
}

static int compare_keys(const void *a, const void *b)
{
	__u64 left = ((const struct entry *)a)->key, right = ((const struct entry *)b)->key;

	return left < right ? -1 : left > right;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = compare_keys(a, b);

	return order ? order : (left->vport > right->vport) - (left->vport < right->vport);
}

static void collect_entries(struct repair *repair)
{
	const struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_derived_entry derived[NICSW_DERIVED_ENTRIES];
	struct entry *entry = repair->entries;
	__u32 filter, i, count;

	if (nicsw_derive_station(repair->view, &entry->key)) {
		entry->slot = NICSW_SLOT_PF;
		entry++;
	}
	for (filter = 1; filter <= maps->meta->max_filters; filter++) {
		count = nicsw_derive_entries(repair->view, filter, derived);
		for (i = 0; i < count; i++)
			*entry++ = (struct entry){.key = derived[i].key,
						  .vport = maps->filters[filter].vport_id,
						  .slot = derived[i].slot};
	}
	repair->num_entries = entry - repair->entries;
}

/* No request makes two filters alike (SET-RF-28); of damaged records the lowest VPort has the
 * frames (FWD-3). */
static void drop_doubles(struct repair *repair)
{
	size_t i, kept = 0;

	qsort(repair->entries, repair->num_entries, sizeof(*repair->entries), compare_entries);
	for (i = 0; i < repair->num_entries; i++)
		if (!kept || repair->entries[kept - 1].key != repair->entries[i].key)
			repair->entries[kept++] = repair->entries[i];
	repair->num_entries = kept;
}

static int clear_unknown(struct nicsw_table *table, __u64 key, __u32 slot _unused_, void *context)
{
	struct repair *repair = context;
	const struct entry wanted = {.key = key};

	if (bsearch(&wanted, repair->entries, repair->num_entries, sizeof(wanted), compare_keys))
		return 0;
	repair->repaired++;
	return nicsw_table_clear(table, key);
}

static int keep(struct nicsw_table *table _unused_, __u64 key _unused_, __u32 slot _unused_,
		void *context _unused_)
{
	return 0;
}

/* Copies that no reader finds first: before anything displaces one of them to where it is found. */
static void clear_strays(struct repair *repair)
{
	struct nicsw_table *table = &repair->dataplane->table;
	__u32 quarantined = table->num_quarantined;

	nicsw_table_each(table, keep, NULL);
	repair->repaired += table->num_quarantined - quarantined;
}

/* A table full of foreign keys may have no place for ours: then these have to go first. */
static int repair_table(struct repair *repair)
{
	int missing, result;

	collect_entries(repair);
	drop_doubles(repair);
	clear_strays(repair);
	missing = repair_entries(repair);
	result = nicsw_table_each(&repair->dataplane->table, clear_unknown, repair);
	if (missing == -ENOSPC)
		missing = repair_entries(repair);
	return missing ? missing : result;
}

/* The order is that of plan.h: no frame is lost because a port closes before its filter has moved.
 */
static int repair_all(struct repair *repair)
{
	int table, floods;

	derive_ports(repair);
	repair_members(repair, true);
	repair_ports(repair, true);
	table = repair_table(repair);
	repair_ports(repair, false);
	repair_members(repair, false);
	floods = repair_floods(repair);
	return table ? table : floods;
}

int nicsw_dataplane_repair(struct nicsw_dataplane *dataplane)
{
	const struct nicsw_meta *meta = dataplane->maps.meta;
	_cleanup_free_ struct nicsw_change *view = malloc(sizeof(*view));
	_cleanup_free_ struct nicsw_port *ports = aligned_alloc(64, meta->slots * sizeof(*ports));
	_cleanup_free_ __u64 *members =
		calloc((size_t)NICSW_VLANS * meta->slot_words, sizeof(*members));
	/* One for the station, too. */
	_cleanup_free_ struct entry *entries =
		calloc(meta->max_filters * NICSW_DERIVED_ENTRIES + 1, sizeof(*entries));
	struct repair repair = {.dataplane = dataplane,
				.view = view,
				.ports = ports,
				.members = members,
				.entries = entries};
	int result;

	if (!view || !ports || !members || !entries)
		return -ENOMEM;
	nicsw_change_begin(view, dataplane, "repair");
	result = repair_all(&repair);
	return result ? result : repair.repaired;
}
