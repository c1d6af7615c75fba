// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/mapset_bpf.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>

#include "core/netns.h"
#include "dataplane/flood.h"
#include "dataplane/loader.h"

/* Records and tables: mapped into memory. The pin has the name of the map. */
struct array_map {
	const char *name;
	size_t pointer; /* where struct nicsw_mapset keeps the address */
	size_t element;
};

static const struct array_map arrays[] = {
	{"meta", offsetof(struct nicsw_mapset, meta), sizeof(struct nicsw_meta)},
	{"vfs", offsetof(struct nicsw_mapset, vfs), sizeof(struct nicsw_vf_record)},
	{"vports", offsetof(struct nicsw_mapset, vports), sizeof(struct nicsw_vport_record)},
	{"filters", offsetof(struct nicsw_mapset, filters), sizeof(struct nicsw_filter_record)},
	{"config_space", offsetof(struct nicsw_mapset, config_space), NICSW_CONFIG_SIZE},
	{"config_blocks", offsetof(struct nicsw_mapset, blocks), sizeof(struct nicsw_block_record)},
	{"iommu", offsetof(struct nicsw_mapset, iommu), sizeof(struct nicsw_iommu_record)},
	{"faults", offsetof(struct nicsw_mapset, faults), sizeof(struct nicsw_fault_record)},
	{"journal", offsetof(struct nicsw_mapset, journal), sizeof(struct nicsw_journal)},
	{"ports", offsetof(struct nicsw_mapset, ports), sizeof(struct nicsw_port)},
	{"filter_table", offsetof(struct nicsw_mapset, buckets), sizeof(struct nicsw_bucket)},
	{"vlan_members", offsetof(struct nicsw_mapset, vlan_members), sizeof(__u64)},
};

/* The kernel keeps elements at multiples of 8 bytes: then an array of structures is an array of
 * elements. */
_Static_assert(sizeof(struct nicsw_meta) % 8 == 0, "meta");
_Static_assert(sizeof(struct nicsw_vf_record) % 8 == 0, "vfs");
_Static_assert(sizeof(struct nicsw_vport_record) % 8 == 0, "vports");
_Static_assert(sizeof(struct nicsw_filter_record) == 64, "filters");
_Static_assert(sizeof(struct nicsw_iommu_record) % 8 == 0, "iommu");
_Static_assert(sizeof(struct nicsw_journal) % 8 == 0, "journal");
_Static_assert(sizeof(struct nicsw_port) == 64, "ports");
_Static_assert(sizeof(struct nicsw_bucket) == 64, "filter_table");

struct bpf_private {
	size_t mapped[ARRAY_SIZE(arrays)]; /* bytes */
	int tx_ports;
	int counters;
	int num_cpus;
	struct nicsw_flood flood;
};

static void **mapset_pointer(struct nicsw_mapset *maps, const struct array_map *array)
{
	return (void **)((char *)maps + array->pointer);
}

/*
 * All that reads a table trusts meta for its size: one that was written over would lead it beyond
 * the end. A new adapter has no meta yet.
 */
static int check_entries(const struct nicsw_meta *meta, const char *map, __u32 entries,
			 struct nicsw_error *error)
{
	__u32 wanted;

	if (!meta || !meta->magic)
		return 0;
	if (!nicsw_mapset_is_sound(meta))
		return nicsw_fail(error, -EBADMSG, NULL,
				  "map meta is damaged: %u VFs, %u slots, %u filters; the adapter "
				  "is left as it is",
				  meta->total_vfs, meta->slots, meta->max_filters);
	wanted = nicsw_mapset_entries(meta, map);
	if (wanted && wanted != entries)
		return nicsw_fail(error, -EBADMSG, NULL,
				  "map %s has %u elements and map meta says %u; the adapter is "
				  "left as it is",
				  map, entries, wanted);
	return 0;
}

/* A map that is not mapped into memory. */
static int open_map(const char *pin_dir, const char *map, const struct nicsw_meta *meta,
		    struct nicsw_error *error)
{
	_cleanup_close_ int fd = nicsw_loader_open_pin(pin_dir, map, error);
	struct bpf_map_info info = {};
	__u32 length = sizeof(info);
	int result;

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return nicsw_fail(error, -errno, NULL, "map %s: %s", map, strerror(errno));
	result = check_entries(meta, map, info.max_entries, error);
	return result ? result : TAKE_FD(fd);
}

static int map_array(const char *pin_dir, size_t index, struct nicsw_mapset *maps,
		     struct nicsw_error *error)
{
	struct bpf_private *private = maps->private;
	_cleanup_close_ int fd = nicsw_loader_open_pin(pin_dir, arrays[index].name, error);
	struct bpf_map_info info = {};
	__u32 length = sizeof(info);
	void *memory;
	int result;

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return nicsw_fail(error, -errno, NULL, "map %s: %s", arrays[index].name,
				  strerror(errno));
	if (info.value_size != arrays[index].element)
		return nicsw_fail(error, -EPROTONOSUPPORT, NULL,
				  "map %s has elements of %u bytes, not %zu", arrays[index].name,
				  info.value_size, arrays[index].element);
	result = check_entries(maps->meta, arrays[index].name, info.max_entries, error);
	if (result)
		return result;
	private->mapped[index] = (size_t)info.value_size * info.max_entries;
	memory = mmap(NULL, private->mapped[index], PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return nicsw_fail(error, -errno, NULL, "map %s: %s", arrays[index].name,
				  strerror(errno));
	*mapset_pointer(maps, &arrays[index]) = memory;
	return 0;
}

static int set_device(struct nicsw_mapset *maps, __u32 slot, __u32 ifindex)
{
	struct bpf_private *private = maps->private;
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct bpf_devmap_val value = {};
	int result = 0;

	if (!ifindex)
		return bpf_map_delete_elem(private->tx_ports, &slot) && errno != ENOENT ? -errno
											: 0;
	if (slot != NICSW_SLOT_UPLINK)
		result = nicsw_netns_enter(private->flood.switch_netns, &stay);
	value.ifindex = ifindex;
	value.bpf_prog.fd = nicsw_flood_program(&private->flood, maps, slot);
	if (!result && bpf_map_update_elem(private->tx_ports, &slot, &value, BPF_ANY))
		result = -errno;
	return result;
}

static int get_device(const struct nicsw_mapset *maps, __u32 slot, __u32 *ret_ifindex)
{
	const struct bpf_private *private = maps->private;

	struct bpf_devmap_val value = {};

	if (bpf_map_lookup_elem(private->tx_ports, &slot, &value) && errno != ENOENT)
		return -errno;
	*ret_ifindex = value.ifindex;
	return 0;
}

static int follow_device(struct nicsw_mapset *maps, __u32 slot)
{
	__u32 ifindex = 0;
	int result = get_device(maps, slot, &ifindex);

	if (result || !ifindex)
		return result;
	/* A device that has just gone has an event of its own. */
	result = set_device(maps, slot, ifindex);
	return result == -EINVAL || result == -ENODEV ? 0 : result;
}

static int get_flood(const struct nicsw_mapset *maps, __u32 key, struct nicsw_slot_set *ret)
{
	const struct bpf_private *private = maps->private;

	return nicsw_flood_get(&private->flood, maps, key, ret);
}

static int set_flood(struct nicsw_mapset *maps, __u32 vid, const struct nicsw_slot_set *members)
{
	struct bpf_private *private = maps->private;

	return nicsw_flood_set(&private->flood, maps, vid, members);
}

static int flush_floods(struct nicsw_mapset *maps)
{
	struct bpf_private *private = maps->private;

	return nicsw_flood_flush(&private->flood);
}

static int prune_floods(struct nicsw_mapset *maps,
			bool (*wanted)(const struct nicsw_mapset *maps, __u32 key))
{
	struct bpf_private *private = maps->private;

	return nicsw_flood_prune(&private->flood, maps, wanted);
}

static void forget_floods(struct nicsw_mapset *maps)
{
	struct bpf_private *private = maps->private;

	nicsw_flood_forget(&private->flood);
}

static int grace_period(struct nicsw_mapset *maps)
{
	struct bpf_private *private = maps->private;

	return nicsw_flood_grace_period(&private->flood);
}

/* One element is NICSW_CASTS * 4 + NICSW_REASONS_MAX numbers, for each possible CPU. */
#define COUNTER_WORDS (sizeof(struct nicsw_counters) / sizeof(__u64))

static int read_counters(struct nicsw_mapset *maps, __u32 slot, struct nicsw_counters *ret)
{
	struct bpf_private *private = maps->private;
	_cleanup_free_ __u64 *values = calloc(private->num_cpus, sizeof(struct nicsw_counters));
	__u64 *sums = (__u64 *)ret;
	size_t cpu, word;

	if (!values)
		return -ENOMEM;
	if (bpf_map_lookup_elem(private->counters, &slot, values))
		return -errno;
	memset(ret, 0, sizeof(*ret));
	for (cpu = 0; cpu < (size_t) private->num_cpus; cpu++)
		for (word = 0; word < COUNTER_WORDS; word++)
			sums[word] += values[cpu * COUNTER_WORDS + word];
	return 0;
}

/* One write, so that a daemon that dies leaves the past as it was or as it is; the counters
 * themselves are written by the programs only. The past is in the place of the first CPU. */
static int reset_counters(struct nicsw_mapset *maps, __u32 slot)
{
	struct bpf_private *private = maps->private;
	_cleanup_free_ struct nicsw_counters *past = calloc(private->num_cpus, sizeof(*past));
	__u32 place = NICSW_COUNTERS_PAST(slot);
	int result;

	if (!past)
		return -ENOMEM;
	result = read_counters(maps, slot, past);
	if (result)
		return result;
	return bpf_map_update_elem(private->counters, &place, past, BPF_ANY) ? -errno : 0;
}

static void close_maps(struct nicsw_mapset *maps)
{
	struct bpf_private *private = maps->private;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arrays); i++)
		if (*mapset_pointer(maps, &arrays[i]))
			munmap(*mapset_pointer(maps, &arrays[i]), private->mapped[i]);
	nicsw_flood_close(&private->flood);
	nicsw_closep(&private->tx_ports);
	nicsw_closep(&private->counters);
	free(private);
}

static const struct nicsw_mapset_ops bpf_ops = {
	.device_set = set_device,
	.device_follow = follow_device,
	.device_get = get_device,
	.flood_set = set_flood,
	.flood_get = get_flood,
	.flood_flush = flush_floods,
	.flood_prune = prune_floods,
	.flood_forget = forget_floods,
	.grace_period = grace_period,
	.counters_read = read_counters,
	.counters_reset = reset_counters,
	.close = close_maps,
};

int nicsw_mapset_bpf_check(const char *pin_dir, struct nicsw_error *error)
{
	_cleanup_close_ int fd = nicsw_loader_open_pin(pin_dir, "meta", error);
	_cleanup_free_ struct nicsw_meta *meta = NULL;
	struct bpf_map_info info = {};
	__u32 length = sizeof(info), key = 0;

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return nicsw_fail(error, -errno, NULL, "map meta: %s", strerror(errno));
	meta = calloc(1, MAX(info.value_size, sizeof(*meta)));
	if (!meta)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	if (bpf_map_lookup_elem(fd, &key, meta))
		return nicsw_fail(error, -errno, NULL, "map meta: %s", strerror(errno));
	if (!meta->magic && !meta->layout_version)
		return nicsw_fail(error, -ENODATA, NULL, "%s is unfinished", pin_dir);
	if (meta->magic != NICSW_META_MAGIC || meta->layout_version != NICSW_LAYOUT_VERSION)
		return nicsw_fail(error, -EPROTONOSUPPORT, NULL,
				  "%s was made by another nicsw (layout %u, this one knows %u); "
				  "it is left as it is",
				  pin_dir,
				  meta->magic == NICSW_META_MAGIC ? meta->layout_version : 0,
				  NICSW_LAYOUT_VERSION);
	return 0;
}

static int open_all(const char *pin_dir, int switch_netns, struct nicsw_mapset *maps,
		    struct nicsw_error *error)
{
	struct bpf_private *private = maps->private;
	size_t i;
	int result;

	for (i = 0; i < ARRAY_SIZE(arrays); i++) {
		result = map_array(pin_dir, i, maps, error);
		if (result)
			return result;
	}
	private->tx_ports = open_map(pin_dir, "tx_ports", maps->meta, error);
	if (private->tx_ports < 0)
		return private->tx_ports;
	private->counters = open_map(pin_dir, "counters", maps->meta, error);
	if (private->counters < 0)
		return private->counters;
	private->num_cpus = libbpf_num_possible_cpus();
	return nicsw_flood_open(&private->flood, pin_dir, switch_netns, error);
}

int nicsw_mapset_bpf(const char *pin_dir, int switch_netns, struct nicsw_mapset *ret,
		     struct nicsw_error *error)
{
	struct nicsw_mapset maps = {.ops = &bpf_ops};
	struct bpf_private *private = calloc(1, sizeof(*private));
	int result;

	if (!private)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	*private =
		(struct bpf_private){.tx_ports = -1, .counters = -1, .flood = NICSW_FLOOD_CLOSED};
	maps.private = private;
	result = open_all(pin_dir, switch_netns, &maps, error);
	if (result) {
		nicsw_mapset_close(&maps);
		return result;
	}
	*ret = maps;
	return 0;
}
