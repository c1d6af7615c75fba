// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/world.h"

#include "dataplane/derive.h"

#define KEY_VLAN (NICSW_KEY_VALID - 1)

static void take_vlan_set(const struct nicsw_mapset *maps, __u32 slot,
			  struct nicsw_model_port *port)
{
	__u32 words = maps->meta->slot_words, vid;

	for (vid = 0; vid < NICSW_VLANS; vid++)
		if (maps->vlan_members[vid * words + slot / 64] >> (slot % 64) & 1)
			port->vlan_set[vid / 64] |= 1ull << (vid % 64);
}

static bool has_device(const struct nicsw_mapset *maps, __u32 slot)
{
	__u32 ifindex;

	return !maps->ops->device_get(maps, slot, &ifindex) && ifindex;
}

static void take_ports(const struct nicsw_mapset *maps, struct nicsw_world *world)
{
	__u32 slot;

	for (slot = 0; slot < maps->meta->slots; slot++) {
		world->ports[slot].port = maps->ports[slot];
		world->ports[slot].absent = !has_device(maps, slot);
		take_vlan_set(maps, slot, &world->ports[slot]);
	}
}

static void add_filter(struct nicsw_world *world, const __u8 *mac, __u64 key, __u32 slot,
		       __u32 filter)
{
	struct nicsw_model_filter *entry = &world->filters[world->model.num_filters];

	memcpy(entry->mac, mac, sizeof(entry->mac));
	entry->vid = key & KEY_VLAN;
	entry->slot = slot;
	world->filter_ids[world->model.num_filters++] = filter;
}

static void take_filters(struct nicsw_dataplane *dataplane, const struct nicsw_change *none,
			 struct nicsw_world *world)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	struct nicsw_derived_entry entries[NICSW_DERIVED_ENTRIES];
	__u32 filter, i, count;
	__u64 station;

	for (filter = 1; filter <= maps->meta->max_filters; filter++) {
		count = nicsw_derive_entries(none, filter, entries);
		for (i = 0; i < count; i++)
			add_filter(world, maps->filters[filter].mac, entries[i].key,
				   entries[i].slot, filter);
	}
	if (nicsw_derive_station(none, &station))
		add_filter(world, maps->meta->pf_mac, station, NICSW_SLOT_PF, 0);
}

int nicsw_world_open(struct nicsw_dataplane *dataplane, struct nicsw_world *ret)
{
	const struct nicsw_mapset *maps = &dataplane->maps;
	size_t entries = (size_t)maps->meta->max_filters * NICSW_DERIVED_ENTRIES + 1;
	_cleanup_free_ struct nicsw_change *none = malloc(sizeof(*none));
	struct nicsw_slot_set base;
	struct nicsw_world world = {
		.ports = calloc(maps->meta->slots, sizeof(*world.ports)),
		.filters = calloc(entries, sizeof(*world.filters)),
		.filter_ids = calloc(entries, sizeof(*world.filter_ids)),
	};

	if (!none || !world.ports || !world.filters || !world.filter_ids) {
		nicsw_world_free(&world);
		return -ENOMEM;
	}
	nicsw_change_begin(none, dataplane, "");
	take_ports(maps, &world);
	take_filters(dataplane, none, &world);
	world.model.ports = world.ports;
	world.model.num_ports = maps->meta->slots;
	world.model.filters = world.filters;
	world.model.no_flood = maps->ops->flood_get(maps, NICSW_FLOOD_BASE, &base) != 0;
	*ret = world;
	return 0;
}

void nicsw_world_free(struct nicsw_world *world)
{
	free(world->ports);
	free(world->filters);
	free(world->filter_ids);
	memset(world, 0, sizeof(*world));
}

__u32 nicsw_world_filter(const struct nicsw_world *world, const __u8 *mac, __u16 vid)
{
	__u32 i;

	for (i = 0; i < world->model.num_filters; i++)
		if (world->filters[i].vid == vid &&
		    memcmp(world->filters[i].mac, mac, NICSW_MAC_SIZE) == 0)
			return world->filter_ids[i];
	return NICSW_NONE;
}
