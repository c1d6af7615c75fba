// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/compare.h"

#include <nicsw/ndis.h>

#include "dataplane/wanted.h"

struct comparison {
	struct nicsw_dataplane *dataplane;
	struct nicsw_wanted wanted;
	nicsw_tell_difference *tell;
	void *context;
};

static void tell(const struct comparison *comparison, enum nicsw_differing what, __u32 id,
		 __u64 key)
{
	const struct nicsw_difference difference = {.what = what, .id = id, .key = key};

	comparison->tell(&difference, comparison->context);
}

/* ---- records ------------------------------------------------------------------------------------
 */

static bool function_exists(const struct nicsw_mapset *maps, __u32 function)
{
	if (function == NICSW_FUNCTION_PF)
		return true;
	return function < maps->meta->total_vfs && maps->vfs[function].state == NICSW_USED;
}

static void compare_records(const struct comparison *comparison)
{
	const struct nicsw_mapset *maps = &comparison->dataplane->maps;
	__u32 i;

	if (maps->journal->state != NICSW_FREE)
		tell(comparison, NICSW_DIFFERS_JOURNAL, 0, 0);
	for (i = 0; i <= maps->meta->total_vfs; i++)
		if (maps->vports[i].state == NICSW_USED &&
		    !function_exists(maps, maps->vports[i].function))
			tell(comparison, NICSW_DIFFERS_VPORT, i, 0);
	for (i = 1; i <= maps->meta->max_filters; i++)
		if (maps->filters[i].state == NICSW_USED &&
		    (maps->filters[i].vport_id > maps->meta->total_vfs ||
		     maps->vports[maps->filters[i].vport_id].state != NICSW_USED))
			tell(comparison, NICSW_DIFFERS_FILTER, i, 0);
}

/* ---- tables -------------------------------------------------------------------------------------
 */

static void compare_ports(const struct comparison *comparison)
{
	const struct nicsw_mapset *maps = &comparison->dataplane->maps;
	__u32 slot;

	for (slot = 0; slot < maps->meta->slots; slot++)
		if (memcmp(&maps->ports[slot], &comparison->wanted.ports[slot],
			   sizeof(maps->ports[slot])))
			tell(comparison, NICSW_DIFFERS_PORT, slot, 0);
}

static void compare_members(const struct comparison *comparison)
{
	const struct nicsw_mapset *maps = &comparison->dataplane->maps;
	__u32 words = maps->meta->slot_words, vid;

	for (vid = 0; vid < NICSW_VLANS; vid++)
		if (memcmp(&maps->vlan_members[vid * words],
			   &comparison->wanted.members[vid * words], words * sizeof(__u64)))
			tell(comparison, NICSW_DIFFERS_MEMBERS, vid, 0);
}

static void compare_entries(const struct comparison *comparison)
{
	const struct nicsw_wanted *wanted = &comparison->wanted;
	size_t i;

	for (i = 0; i < wanted->num_entries; i++)
		if (nicsw_table_find(&comparison->dataplane->table, wanted->entries[i].key) !=
		    (int)wanted->entries[i].slot)
			tell(comparison, NICSW_DIFFERS_ENTRY, wanted->entries[i].slot,
			     wanted->entries[i].key);
}

/* Bucket by bucket: nicsw_table_each() would clear copies that no reader finds. */
static void compare_foreign(const struct comparison *comparison)
{
	const struct nicsw_mapset *maps = &comparison->dataplane->maps;
	size_t bucket, i;

	for (bucket = 0; bucket < (size_t)1 << maps->meta->bucket_bits; bucket++) {
		for (i = 0; i < NICSW_BUCKET_ENTRIES; i++) {
			const struct nicsw_entry *entry = &maps->buckets[bucket].entries[i];

			if (entry->key && !nicsw_wanted_has(&comparison->wanted, entry->key))
				tell(comparison, NICSW_DIFFERS_FOREIGN,
				     entry->target & NICSW_TARGET_SLOT, entry->key);
		}
	}
}

/* A member without a device is none yet: the group is written anew when it comes. */
static void leave_absent(struct nicsw_mapset *maps, struct nicsw_slot_set *members)
{
	__u32 slot, ifindex;

	for (slot = 0; slot < maps->meta->slots; slot++)
		if (members->words[slot / 64] >> (slot % 64) & 1 &&
		    !maps->ops->device_get(maps, slot, &ifindex) && !ifindex)
			members->words[slot / 64] &= ~(1ull << (slot % 64));
}

/* Without members of its own a key has no group, or one like the base. */
static int compare_flood(const struct comparison *comparison, __u32 key)
{
	struct nicsw_mapset *maps = &comparison->dataplane->maps;
	bool own = nicsw_derive_flood(maps, key, &(struct nicsw_slot_set){});
	struct nicsw_slot_set wanted, found = {};
	int result = maps->ops->flood_get(maps, key, &found);

	if (result == -ENOENT && !own && key != NICSW_FLOOD_BASE)
		return 0;
	if (result && result != -ENOENT)
		return result;
	nicsw_derive_flood(maps, key, &wanted);
	leave_absent(maps, &wanted);
	leave_absent(maps, &found);
	if (memcmp(&wanted, &found, sizeof(wanted)))
		tell(comparison, NICSW_DIFFERS_FLOOD, key, 0);
	return 0;
}

static int compare_floods(const struct comparison *comparison)
{
	__u32 features = comparison->dataplane->maps.meta->features, class, vid;
	int result = compare_flood(comparison, NICSW_FLOOD_BASE);

	for (class = 0; class < NICSW_FLOOD_CLASSES; class ++) {
		if (!nicsw_flood_class_used(NICSW_FLOOD_CLASS(class), features))
			continue;
		for (vid = 0; vid < NICSW_VLANS && !result; vid++)
			result = compare_flood(comparison, vid | NICSW_FLOOD_CLASS(class));
	}
	return result;
}

/* Does the port of a VF, or of a VPort of the PF, have its netdev? */
static bool wants_netdev(const struct nicsw_dataplane *dataplane, __u32 slot)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	__u32 vport;

	if (slot < NICSW_SLOT_PF_VPORT(maps->meta->total_vfs, 0))
		return maps->vfs[slot - NICSW_SLOT_VF(0)].flags & NICSW_VF_ATTACHED;
	vport = dataplane->vf_vports[slot - NICSW_SLOT_VF(0)];
	return vport != NICSW_NONE &&
	       maps->vports[vport].vport_state == NdisNicSwitchVPortStateActivated;
}

static __u32 wanted_device(const struct nicsw_dataplane *dataplane, __u32 slot)
{
	const struct nicsw_meta *meta = dataplane->maps.meta;

	if (slot == NICSW_SLOT_UPLINK)
		return meta->uplink_ifindex;
	if (slot != NICSW_SLOT_PF && !wants_netdev(dataplane, slot))
		return 0;
	return meta->ifindex_base + slot;
}

static int compare_devices(const struct comparison *comparison)
{
	struct nicsw_mapset *maps = &comparison->dataplane->maps;
	__u32 slot, ifindex;
	int result = 0;

	for (slot = 0; slot < maps->meta->slots && !result; slot++) {
		result = maps->ops->device_get(maps, slot, &ifindex);
		if (!result && ifindex != wanted_device(comparison->dataplane, slot))
			tell(comparison, NICSW_DIFFERS_DEVICE, slot, 0);
	}
	return result;
}

int nicsw_dataplane_compare(struct nicsw_dataplane *dataplane, nicsw_tell_difference *tell_one,
			    void *context)
{
	struct comparison comparison = {
		.dataplane = dataplane, .tell = tell_one, .context = context};
	int result = nicsw_wanted_derive(dataplane, &comparison.wanted);

	if (result)
		return result;
	compare_records(&comparison);
	compare_ports(&comparison);
	compare_members(&comparison);
	compare_entries(&comparison);
	compare_foreign(&comparison);
	result = compare_floods(&comparison);
	if (!result)
		result = compare_devices(&comparison);
	nicsw_wanted_free(&comparison.wanted);
	return result;
}
