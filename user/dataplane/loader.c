// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <limits.h>

#include "bpf/switch.skel.h"
#include "core/log.h"

typedef struct switch_bpf *skeleton_pointer;

static void destroy(skeleton_pointer *skeleton)
{
	switch_bpf__destroy(*skeleton);
}

/* libbpf's warnings are kept for the error text; a refused program is explained by the verifier
 * there. */
static char last_warning[512];

static int keep_warning(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN) {
		vsnprintf(last_warning, sizeof(last_warning), format, arguments);
		last_warning[strcspn(last_warning, "\n")] = 0;
	}
	return 0;
}

void nicsw_loader_keep_warnings(void)
{
	libbpf_set_print(keep_warning);
}

static struct switch_bpf *open_skeleton(const struct nicsw_meta *meta)
{
	struct switch_bpf *skeleton;

	last_warning[0] = 0;
	skeleton = switch_bpf__open();
	if (!skeleton)
		return NULL;
	skeleton->rodata->nicsw_bucket_bits = meta->bucket_bits;
	skeleton->rodata->nicsw_slot_words = meta->slot_words;
	skeleton->rodata->nicsw_ifindex_base = meta->ifindex_base;
	return skeleton;
}

static int load(struct switch_bpf *skeleton, struct nicsw_error *error)
{
	int result = switch_bpf__load(skeleton);

	if (!result)
		return 0;
	if (result == -EPERM)
		return nicsw_fail(
			error, result, NULL,
			"loading BPF is not permitted: run as root, in the host's user namespace");
	return nicsw_fail(error, result, NULL, "the kernel refused the switch programs: %s%s%.160s",
			  strerror(-result), last_warning[0] ? ": " : "", last_warning);
}

static void set_sizes(struct switch_bpf *skeleton, const struct nicsw_meta *meta)
{
	bpf_map__set_max_entries(skeleton->maps.ports, meta->slots);
	bpf_map__set_max_entries(skeleton->maps.filter_table, 1u << meta->bucket_bits);
	bpf_map__set_max_entries(skeleton->maps.vlan_members, NICSW_VLANS * meta->slot_words);
	bpf_map__set_max_entries(skeleton->maps.tx_ports, meta->slots);
	/* A group for each VLAN and class, the base group, and the one that is updated to wait for
	 * a grace period. */
	bpf_map__set_max_entries(skeleton->maps.flood_groups, NICSW_FLOOD_BASE + 2);
	bpf_map__set_max_entries(skeleton->maps.counters, meta->slots);
	bpf_map__set_max_entries(skeleton->maps.meters, meta->slots);
	bpf_map__set_max_entries(skeleton->maps.vfs, meta->total_vfs);
	bpf_map__set_max_entries(skeleton->maps.vports, meta->total_vfs + 1);
	bpf_map__set_max_entries(skeleton->maps.filters, meta->max_filters + 1);
	bpf_map__set_max_entries(skeleton->maps.config_space, meta->total_vfs + 1);
	bpf_map__set_max_entries(skeleton->maps.config_blocks, meta->total_vfs);
	bpf_map__set_max_entries(skeleton->maps.iommu, meta->total_vfs);
	bpf_map__set_max_entries(skeleton->maps.faults, meta->total_vfs + 1);
}

/* Constants live in a map, too (.rodata); it belongs to the program. */
static bool is_pinned_map(const struct bpf_map *map)
{
	return !bpf_map__is_internal(map);
}

/* The programs that are the same for all ports. */
static const struct shared_program {
	size_t program; /* where the skeleton keeps it */
	const char *pin;
} shared_programs[] = {
	{offsetof(struct switch_bpf, progs.nicsw_egress_strip), NICSW_PIN_STRIP},
	{offsetof(struct switch_bpf, progs.nicsw_egress_vepa), NICSW_PIN_VEPA},
	{offsetof(struct switch_bpf, progs.nicsw_tc_drop), NICSW_PIN_TC_DROP},
};

static struct bpf_program *shared_program(const struct switch_bpf *skeleton, size_t index)
{
	return *(struct bpf_program **)((char *)skeleton + shared_programs[index].program);
}

/* Under a name of its own first: bpffs renames over what is there, and pins do not. */
static int pin_program(struct bpf_program *program, const char *pin_dir, const char *name,
		       struct nicsw_error *error)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	int result;

	snprintf(path, sizeof(path), "%s/%s", pin_dir, name);
	snprintf(fresh, sizeof(fresh), "%s/%s_new", pin_dir, name);
	unlink(fresh); /* of a daemon that was killed here */
	result = bpf_program__pin(program, fresh);
	if (!result && rename(fresh, path))
		result = -errno;
	return result ? nicsw_fail(error, result, NULL, "pin %s: %s", path, strerror(-result)) : 0;
}

static int pin_programs(const struct switch_bpf *skeleton, const char *pin_dir,
			struct nicsw_error *error)
{
	size_t i;
	int result = 0;

	for (i = 0; i < ARRAY_SIZE(shared_programs) && !result; i++)
		result = pin_program(shared_program(skeleton, i), pin_dir, shared_programs[i].pin,
				     error);
	return result;
}

static int pin_shared(const struct switch_bpf *skeleton, const char *pin_dir,
		      struct nicsw_error *error)
{
	char path[PATH_MAX];
	struct bpf_map *map;
	int result;

	bpf_object__for_each_map(map, skeleton->obj)
	{
		if (!is_pinned_map(map))
			continue;
		snprintf(path, sizeof(path), "%s/%s", pin_dir, bpf_map__name(map));
		result = bpf_map__pin(map, path);
		if (result)
			return nicsw_fail(error, result, NULL, "pin %s: %s", path,
					  strerror(-result));
	}
	return pin_programs(skeleton, pin_dir, error);
}

int nicsw_loader_create(const char *pin_dir, const struct nicsw_meta *meta,
			struct nicsw_error *error)
{
	_cleanup_(destroy) skeleton_pointer skeleton = open_skeleton(meta);
	int result;

	if (!skeleton)
		return nicsw_fail(error, -errno, NULL, "opening the switch programs: %s",
				  strerror(errno));
	set_sizes(skeleton, meta);
	bpf_program__set_autoload(skeleton->progs.nicsw_port, false);
	result = load(skeleton, error);
	return result ? result : pin_shared(skeleton, pin_dir, error);
}

int nicsw_loader_open_pin(const char *pin_dir, const char *name, struct nicsw_error *error)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", pin_dir, name);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return nicsw_fail(error, -errno, NULL, "pin %s: %s", path, strerror(errno));
	return fd;
}

static int reuse_maps(const struct switch_bpf *skeleton, const char *pin_dir,
		      struct nicsw_error *error)
{
	char path[PATH_MAX];
	struct bpf_map *map;

	bpf_object__for_each_map(map, skeleton->obj)
	{
		_cleanup_close_ int fd = -1;

		if (!is_pinned_map(map))
			continue;
		snprintf(path, sizeof(path), "%s/%s", pin_dir, bpf_map__name(map));
		fd = bpf_obj_get(path);
		if (fd < 0 || bpf_map__reuse_fd(map, fd))
			return nicsw_fail(error, -errno, NULL, "pin %s: %s", path, strerror(errno));
	}
	return 0;
}

int nicsw_loader_renew_shared(const char *pin_dir, const struct nicsw_meta *meta,
			      struct nicsw_error *error)
{
	_cleanup_(destroy) skeleton_pointer skeleton = open_skeleton(meta);
	int result;

	if (!skeleton)
		return nicsw_fail(error, -errno, NULL, "opening the switch programs: %s",
				  strerror(errno));
	bpf_program__set_autoload(skeleton->progs.nicsw_port, false);
	result = reuse_maps(skeleton, pin_dir, error);
	if (!result)
		result = load(skeleton, error);
	return result ? result : pin_programs(skeleton, pin_dir, error);
}

/* The program of one port, over the pinned maps. *ret may be set on failure, too. */
static int open_port(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
		     skeleton_pointer *ret, struct nicsw_error *error)
{
	struct switch_bpf *skeleton = *ret = open_skeleton(meta);
	size_t i;

	if (!skeleton)
		return nicsw_fail(error, -errno, NULL, "opening the switch programs: %s",
				  strerror(errno));
	skeleton->rodata->nicsw_slot = slot;
	for (i = 0; i < ARRAY_SIZE(shared_programs); i++)
		bpf_program__set_autoload(shared_program(skeleton, i), false);
	return reuse_maps(skeleton, pin_dir, error);
}

int nicsw_loader_port_program(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			      struct nicsw_error *error)
{
	_cleanup_(destroy) skeleton_pointer skeleton = NULL;
	int result = open_port(pin_dir, meta, slot, &skeleton, error);
	int fd;

	if (!result)
		result = load(skeleton, error);
	if (result)
		return result;
	fd = fcntl(bpf_program__fd(skeleton->progs.nicsw_port), F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? nicsw_fail(error, -errno, NULL, "%s", strerror(errno)) : fd;
}

int nicsw_loader_port_object(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			     int (*use)(struct bpf_object *object, void *context), void *context,
			     struct nicsw_error *error)
{
	_cleanup_(destroy) skeleton_pointer skeleton = NULL;
	int result = open_port(pin_dir, meta, slot, &skeleton, error);

	return result ? result : use(skeleton->obj, context);
}

/* FNV-1a over the object file that is built in. */
__u64 nicsw_loader_program_tag(void)
{
	size_t size, i;
	const unsigned char *bytes = switch_bpf__elf_bytes(&size);
	__u64 hash = 0xcbf29ce484222325ull;

	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ull;
	return hash;
}
