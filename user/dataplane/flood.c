// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/flood.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "core/netns.h"
#include "dataplane/loader.h"

#define GRACE_KEY   (NICSW_FLOOD_BASE + 1) /* no frame looks there */
#define MEMBER_NONE 0xffffu

/* In what form a receiver takes the frames of its group. */
enum form {
	FORM_AS_SENT,
	FORM_STRIPPED, /* without the tag */
	FORM_VEPA,     /* likewise, and none of its own */
};

/* What one element of the group's DEVMAP holds. */
struct member {
	__u16 slot;
	__u8 form; /* enum form */
};

struct nicsw_flood_group {
	__u32 id; /* of the map: its descriptor is opened when needed */
	__u32 room;
	struct member members[];
};

static int create_group_map(__u32 room)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_DEVMAP, "flood_group", sizeof(__u32),
				sizeof(struct bpf_devmap_val), room, NULL);

	return fd < 0 ? -errno : fd;
}

int nicsw_flood_open(struct nicsw_flood *flood, const char *pin_dir, int switch_netns,
		     struct nicsw_error *error)
{
	flood->switch_netns = switch_netns;
	flood->outer = nicsw_loader_open_pin(pin_dir, "flood_groups", error);
	if (flood->outer < 0)
		return flood->outer;
	flood->strip = nicsw_loader_open_pin(pin_dir, NICSW_PIN_STRIP, error);
	if (flood->strip < 0)
		return flood->strip;
	flood->vepa = nicsw_loader_open_pin(pin_dir, NICSW_PIN_VEPA, error);
	if (flood->vepa < 0)
		return flood->vepa;
	flood->spare = create_group_map(1);
	if (flood->spare < 0)
		return nicsw_fail(error, flood->spare, NULL, "flood group: %s",
				  strerror(-flood->spare));
	return 0;
}

void nicsw_flood_forget(struct nicsw_flood *flood)
{
	size_t i;

	for (i = 0; i < NICSW_FLOOD_GROUPS; i++) {
		free(flood->groups[i]);
		flood->groups[i] = NULL;
	}
}

static void close_pending(struct nicsw_flood *flood)
{
	__u32 i;

	for (i = 0; i < flood->num_pending; i++)
		nicsw_closep(&flood->pending_maps[i]);
	flood->num_pending = 0;
}

void nicsw_flood_close(struct nicsw_flood *flood)
{
	close_pending(flood);
	nicsw_flood_forget(flood);
	nicsw_closep(&flood->outer);
	nicsw_closep(&flood->strip);
	nicsw_closep(&flood->vepa);
	nicsw_closep(&flood->spare);
	*flood = NICSW_FLOOD_CLOSED;
}

/* The kernel waits for all readers after an update of a map of maps. */
int nicsw_flood_grace_period(struct nicsw_flood *flood)
{
	__u32 key = GRACE_KEY;

	return bpf_map_update_elem(flood->outer, &key, &flood->spare, BPF_ANY) ? -errno : 0;
}

static struct nicsw_flood_group **group_of(struct nicsw_flood *flood, __u32 key)
{
	return &flood->groups[key];
}

/* A group that the programs may not have seen: the next set writes it afresh. */
static void forget_pending(struct nicsw_flood *flood, __u32 i)
{
	free(*group_of(flood, flood->pending_keys[i]));
	*group_of(flood, flood->pending_keys[i]) = NULL;
}

/* One by one: kernels before 5.17 have no batch for this kind of map. Goes on behind a failure. */
static int flush_singly(struct nicsw_flood *flood)
{
	int first = 0;
	__u32 i;

	for (i = 0; i < flood->num_pending; i++) {
		if (!bpf_map_update_elem(flood->outer, &flood->pending_keys[i],
					 &flood->pending_maps[i], BPF_ANY))
			continue;
		if (!first && !flood->pending_optional[i])
			first = -errno;
		forget_pending(flood, i);
	}
	return first;
}

int nicsw_flood_flush(struct nicsw_flood *flood)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	__u32 count = flood->num_pending;
	int result = 0;

	if (count < 2 || bpf_map_update_batch(flood->outer, flood->pending_keys,
					      flood->pending_maps, &count, &opts))
		result = flush_singly(flood);
	close_pending(flood);
	return result;
}

static int add_pending(struct nicsw_flood *flood, __u32 key, int map, bool optional)
{
	int result = flood->num_pending < NICSW_FLOOD_PENDING ? 0 : nicsw_flood_flush(flood);

	if (result)
		return result;
	flood->pending_keys[flood->num_pending] = key;
	flood->pending_optional[flood->num_pending] = optional;
	flood->pending_maps[flood->num_pending++] = map;
	return 0;
}

static bool is_member(const struct nicsw_slot_set *members, __u32 slot)
{
	return members->words[slot / 64] >> (slot % 64) & 1;
}

static __u32 count_members(const struct nicsw_slot_set *members)
{
	__u32 word, count = 0;

	for (word = 0; word < NICSW_MAX_SLOT_WORDS; word++)
		count += __builtin_popcountll(members->words[word]);
	return count;
}

static __u32 power_of_two(__u32 count)
{
	__u32 room = 1;

	while (room < count)
		room *= 2;
	return room;
}

static int program_of(const struct nicsw_flood *flood, enum form form)
{
	switch (form) {
	case FORM_STRIPPED:
		return flood->strip;
	case FORM_VEPA:
		return flood->vepa;
	default:
		return -1;
	}
}

/* A device that has just gone is no member: its end is told by the kernel, and the port closes
 * then. */
static int write_member(const struct nicsw_flood *flood, const struct nicsw_mapset *maps, int map,
			__u32 index, struct member *member)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct bpf_devmap_val value = {.bpf_prog.fd = program_of(flood, member->form)};
	int result = 0;

	value.ifindex = maps->meta->uplink_ifindex;
	if (member->slot != NICSW_SLOT_UPLINK) {
		value.ifindex = maps->meta->ifindex_base + member->slot;
		result = nicsw_netns_enter(flood->switch_netns, &stay);
	}
	if (!result && bpf_map_update_elem(map, &index, &value, BPF_ANY))
		result = -errno;
	if (result != -EINVAL && result != -ENODEV)
		return result;
	member->slot = MEMBER_NONE;
	return 0;
}

static enum form form_of(const struct nicsw_mapset *maps, __u32 slot)
{
	const struct nicsw_port *port = &maps->ports[slot];

	if (slot != NICSW_SLOT_UPLINK && port->flags & NICSW_PORT_VEPA)
		return FORM_VEPA;
	return port->access_vid ? FORM_STRIPPED : FORM_AS_SENT;
}

int nicsw_flood_program(const struct nicsw_flood *flood, const struct nicsw_mapset *maps,
			__u32 slot)
{
	return program_of(flood, form_of(maps, slot));
}

static int fill_group(const struct nicsw_flood *flood, const struct nicsw_mapset *maps, int map,
		      struct nicsw_flood_group *group, const struct nicsw_slot_set *members)
{
	__u32 slot, index = 0;
	int result;

	for (slot = 0; slot < maps->meta->slots; slot++) {
		if (!is_member(members, slot))
			continue;
		group->members[index] = (struct member){.slot = slot, .form = form_of(maps, slot)};
		result = write_member(flood, maps, map, index, &group->members[index]);
		if (result)
			return result;
		index++;
	}
	for (; index < group->room; index++)
		group->members[index].slot = MEMBER_NONE;
	return 0;
}

static __u32 map_id(int fd)
{
	struct bpf_map_info info = {};
	__u32 length = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &length) ? 0 : info.id;
}

static int replace_group(struct nicsw_flood *flood, const struct nicsw_mapset *maps, __u32 key,
			 const struct nicsw_slot_set *members, bool optional)
{
	__u32 room = power_of_two(count_members(members));
	_cleanup_free_ struct nicsw_flood_group *group =
		malloc(sizeof(*group) + room * sizeof(group->members[0]));
	_cleanup_close_ int map = create_group_map(room);
	struct nicsw_flood_group **place = group_of(flood, key);
	int result;

	if (!group)
		return -ENOMEM;
	if (map < 0)
		return map;
	group->room = room;
	group->id = map_id(map);
	result = fill_group(flood, maps, map, group, members);
	if (result)
		return result;
	result = add_pending(flood, key, map, optional);
	if (result)
		return result;
	TAKE_FD(map);
	free(*place);
	*place = TAKE_PTR(group);
	return 0;
}

/* Members that left, or whose receiver now wants the frame in another form. */
static int drop_members(const struct nicsw_mapset *maps, int map, struct nicsw_flood_group *group,
			struct nicsw_slot_set *missing)
{
	__u32 index;

	for (index = 0; index < group->room; index++) {
		struct member *member = &group->members[index];
		__u32 slot = member->slot;

		if (slot == MEMBER_NONE)
			continue;
		if (is_member(missing, slot) && member->form == form_of(maps, slot)) {
			missing->words[slot / 64] &= ~(1ull << (slot % 64));
			continue;
		}
		if (bpf_map_delete_elem(map, &index) && errno != ENOENT)
			return -errno;
		member->slot = MEMBER_NONE;
	}
	return 0;
}

static int add_members(const struct nicsw_flood *flood, const struct nicsw_mapset *maps, int map,
		       struct nicsw_flood_group *group, const struct nicsw_slot_set *missing)
{
	__u32 slot, index = 0;
	int result;

	for (slot = 0; slot < maps->meta->slots; slot++) {
		if (!is_member(missing, slot))
			continue;
		while (group->members[index].slot != MEMBER_NONE)
			index++;
		group->members[index] = (struct member){.slot = slot, .form = form_of(maps, slot)};
		result = write_member(flood, maps, map, index, &group->members[index]);
		if (result) {
			group->members[index].slot = MEMBER_NONE;
			return result;
		}
	}
	return 0;
}

static int change_group(struct nicsw_flood *flood, const struct nicsw_mapset *maps,
			struct nicsw_flood_group *group, const struct nicsw_slot_set *members)
{
	_cleanup_close_ int map = bpf_map_get_fd_by_id(group->id);
	struct nicsw_slot_set missing = *members;
	int result;

	if (map < 0)
		return -errno;
	result = drop_members(maps, map, group, &missing);
	return result ? result : add_members(flood, maps, map, group, &missing);
}

static void base_members(struct nicsw_flood *flood, struct nicsw_slot_set *ret)
{
	const struct nicsw_flood_group *base = *group_of(flood, NICSW_FLOOD_BASE);
	__u32 index;

	memset(ret, 0, sizeof(*ret));
	for (index = 0; base && index < base->room; index++)
		if (base->members[index].slot != MEMBER_NONE)
			ret->words[0] |= 1ull << base->members[index].slot;
}

/*
 * A key without members of its own. A group that we know is emptied down to the base members, not
 * removed: its removal, and its return with the next member, would each wait for a grace period,
 * and a filter that moves between default VPort and VF does just that.
 */
static int retire_group(struct nicsw_flood *flood, const struct nicsw_mapset *maps, __u32 key)
{
	struct nicsw_flood_group **place = group_of(flood, key), *group = *place;
	struct nicsw_slot_set members;
	__u32 id;

	if (!group || key == NICSW_FLOOD_BASE) {
		/* Asked first: before 6.8 a removal waits for a grace period even of nothing. */
		if (!bpf_map_lookup_elem(flood->outer, &key, &id) &&
		    bpf_map_delete_elem(flood->outer, &key) && errno != ENOENT)
			return -errno;
		free(group); /* its map is gone: the next switch makes another (DELETE-SW-13) */
		*place = NULL;
		return 0;
	}
	base_members(flood, &members);
	return change_group(flood, maps, group, &members);
}

int nicsw_flood_set(struct nicsw_flood *flood, const struct nicsw_mapset *maps, __u32 key,
		    const struct nicsw_slot_set *members)
{
	struct nicsw_flood_group *group = *group_of(flood, key);
	__u32 count;
	int result;

	if (!members)
		return retire_group(flood, maps, key);
	count = count_members(members);
	if (!group || count > group->room)
		return replace_group(flood, maps, key, members, false);
	result = change_group(flood, maps, group, members);
	/*
	 * A group much too large is replaced, too: its empty slots are walked for every frame. Who
	 * has left it has left it already: without memory for another one it stays (GEN-33).
	 */
	if (!result && count * 4 < group->room)
		replace_group(flood, maps, key, members, true);
	return result;
}

/* All keys first: removing one while walking would begin the walk again. */
static __u32 collect_keys(const struct nicsw_flood *flood, __u32 keys[NICSW_FLOOD_GROUPS])
{
	__u32 key, count = 0;
	void *last = NULL;

	while (count < NICSW_FLOOD_GROUPS && !bpf_map_get_next_key(flood->outer, last, &key)) {
		if (key <= NICSW_FLOOD_BASE)
			keys[count++] = key;
		last = &key;
	}
	return count;
}

int nicsw_flood_prune(struct nicsw_flood *flood, const struct nicsw_mapset *maps,
		      bool (*wanted)(const struct nicsw_mapset *maps, __u32 key))
{
	_cleanup_free_ __u32 *keys = malloc(NICSW_FLOOD_GROUPS * sizeof(*keys));
	__u32 i, count = keys ? collect_keys(flood, keys) : 0;
	int result, first = keys ? 0 : -ENOMEM;

	for (i = 0; i < count; i++) {
		if (wanted(maps, keys[i]))
			continue;
		result = nicsw_flood_set(flood, maps, keys[i], NULL);
		first = first ? first : result;
	}
	return first;
}

/* A member that is of no slot is none that the records could explain: as the last one there is. */
static __u32 slot_of(const struct nicsw_meta *meta, __u32 ifindex)
{
	__u32 slot = ifindex - meta->ifindex_base;

	if (ifindex == meta->uplink_ifindex)
		return NICSW_SLOT_UPLINK;
	return slot < meta->slots ? slot : NICSW_MAX_SLOT_WORDS * 64 - 1;
}

int nicsw_flood_get(const struct nicsw_flood *flood, const struct nicsw_mapset *maps, __u32 key,
		    struct nicsw_slot_set *ret)
{
	_cleanup_close_ int map = -1;
	struct bpf_devmap_val value;
	struct nicsw_slot_set members = {};
	__u32 id, index, slot, *before = NULL;

	if (bpf_map_lookup_elem(flood->outer, &key, &id))
		return -errno;
	map = bpf_map_get_fd_by_id(id);
	if (map < 0)
		return -errno;
	for (; !bpf_map_get_next_key(map, before, &index); before = &index) {
		if (bpf_map_lookup_elem(map, &index, &value))
			continue;
		slot = slot_of(maps->meta, value.ifindex);
		members.words[slot / 64] |= 1ull << (slot % 64);
	}
	*ret = members;
	return 0;
}
