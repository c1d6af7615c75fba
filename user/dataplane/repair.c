// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repair: tables derived from the records once more, and written where they differ. It runs when a
 * daemon takes over an adapter, and after a change that could not be carried out.
 */
#include "dataplane/apply.h"
#include "dataplane/dataplane.h"
#include "dataplane/derive.h"
#include "dataplane/wanted.h"

struct repair {
	struct nicsw_dataplane *dataplane;
	struct nicsw_wanted wanted;
	int repaired;
};

/* open: those that open, and no other. */
static void repair_ports(struct repair *repair, bool open)
{
	const struct nicsw_mapset *maps = &repair->dataplane->maps;
	struct nicsw_step step = {.kind = NICSW_STEP_PORT};

	for (step.slot = 0; step.slot < maps->meta->slots; step.slot++) {
		step.port = repair->wanted.ports[step.slot];
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
		__u64 wanted = repair->wanted.members[word] | (join ? members[word] : 0);

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
	const struct nicsw_wanted *wanted = &repair->wanted;
	int result = 0;
	size_t i;

	for (i = 0; i < wanted->num_entries && !result; i++)
		result = repair_key(repair, wanted->entries[i].key, wanted->entries[i].slot);
	return result;
}

static int clear_unknown(struct nicsw_table *table, __u64 key, __u32 slot _unused_, void *context)
{
	struct repair *repair = context;

	if (nicsw_wanted_has(&repair->wanted, key))
		return 0;
	repair->repaired++;
	return nicsw_table_clear(table, key);
}

static int clear_foreign(struct repair *repair)
{
	return nicsw_table_each(&repair->dataplane->table, clear_unknown, repair);
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

	clear_strays(repair);
	missing = repair_entries(repair);
	result = clear_foreign(repair);
	if (missing == -ENOSPC)
		missing = repair_entries(repair);
	return missing ? missing : result;
}

/* The order is that of plan.h: no frame is lost because a port closes before its filter has moved.
 */
static int repair_all(struct repair *repair)
{
	int table, floods;

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
	struct repair repair = {.dataplane = dataplane};
	int result = nicsw_wanted_derive(dataplane, &repair.wanted);

	if (result)
		return result;
	result = repair_all(&repair);
	nicsw_wanted_free(&repair.wanted);
	return result ? result : repair.repaired;
}
