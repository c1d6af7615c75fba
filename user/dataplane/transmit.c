// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/transmit.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <limits.h>
#include <sys/stat.h>

#include "bpf/transmit.skel.h"

typedef struct transmit_bpf *skeleton_pointer;

static void destroy(skeleton_pointer *skeleton)
{
	transmit_bpf__destroy(*skeleton);
}

int nicsw_transmit_locate(const struct nicsw_ports *ports, struct nicsw_meta *meta,
			  struct nicsw_error *error)
{
	struct stat host, ends;

	if (stat("/proc/self/ns/net", &host) || fstat(ports->switch_netns, &ends))
		return nicsw_fail(error, -errno, NULL, "network namespaces: %s", strerror(errno));
	meta->host_netns = host.st_ino;
	meta->switch_netns = ends.st_ino;
	return 0;
}

/* ---- loading ------------------------------------------------------------------------------------
 */

static int reuse_maps(const struct transmit_bpf *skeleton, const char *pin_dir,
		      struct nicsw_error *error)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, skeleton->obj)
	{
		_cleanup_close_ int fd = -1;

		if (bpf_map__is_internal(map))
			continue;
		fd = nicsw_loader_open_pin(pin_dir, bpf_map__name(map), error);
		if (fd < 0)
			return fd;
		if (bpf_map__reuse_fd(map, fd))
			return nicsw_fail(error, -errno, NULL, "map %s: %s", bpf_map__name(map),
					  strerror(errno));
	}
	return 0;
}

static int tx_ports_id(const struct transmit_bpf *skeleton, __u32 *ret_id)
{
	struct bpf_map_info info = {};
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_map__fd(skeleton->maps.tx_ports), &info, &length))
		return -errno;
	*ret_id = info.id;
	return 0;
}

static int load(struct transmit_bpf *skeleton, const char *pin_dir, struct nicsw_error *error)
{
	__u32 id = 0;
	int result = reuse_maps(skeleton, pin_dir, error);

	if (result)
		return result;
	result = tx_ports_id(skeleton, &id);
	if (!result) {
		skeleton->rodata->nicsw_tx_ports_id = id;
		result = transmit_bpf__load(skeleton);
	}
	return result ? nicsw_fail(error, result, NULL, "tracepoint programs: %s",
				   strerror(-result))
		      : 0;
}

/* ---- links --------------------------------------------------------------------------------------
 */

static const char *const names[] = {"transmitted", "redirect_failed"};

static void link_path(const char *pin_dir, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/links/%s", pin_dir, name);
}

static int program_info(int fd, struct bpf_prog_info *ret)
{
	__u32 length = sizeof(*ret);

	memset(ret, 0, sizeof(*ret));
	return fd < 0 || bpf_obj_get_info_by_fd(fd, ret, &length) ? -errno : 0;
}

/* Is the program behind a pinned link the same text? */
static bool is_at_work(const struct bpf_program *program, const char *path)
{
	_cleanup_close_ int link = bpf_obj_get(path);
	_cleanup_close_ int pinned = -1;
	struct bpf_prog_info ours, theirs;
	struct bpf_link_info info = {};
	__u32 length = sizeof(info);

	if (link < 0 || bpf_obj_get_info_by_fd(link, &info, &length))
		return false;
	pinned = bpf_prog_get_fd_by_id(info.prog_id);
	return !program_info(pinned, &theirs) && !program_info(bpf_program__fd(program), &ours) &&
	       memcmp(ours.tag, theirs.tag, sizeof(ours.tag)) == 0;
}

static int attach(const struct bpf_program *program, const char *pin_dir, const char *name,
		  struct nicsw_error *error)
{
	struct bpf_link *link;
	char path[PATH_MAX];
	int result;

	link_path(pin_dir, name, path);
	if (is_at_work(program, path))
		return 0;
	unlink(path);
	link = bpf_program__attach(program);
	result = link ? bpf_link__pin(link, path) : -errno;
	bpf_link__destroy(link);
	return result ? nicsw_fail(error, result, NULL, "tracepoint of %s: %s", name,
				   strerror(-result))
		      : 1;
}

static int make_links_directory(const char *pin_dir, struct nicsw_error *error)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/links", pin_dir);
	if (mkdir(path, 0700) && errno != EEXIST)
		return nicsw_fail(error, -errno, NULL, "%s: %s", path, strerror(errno));
	return 0;
}

static int attach_all(const struct transmit_bpf *skeleton, const char *pin_dir,
		      struct nicsw_error *error)
{
	const struct bpf_program *programs[] = {skeleton->progs.nicsw_transmitted,
						skeleton->progs.nicsw_redirect_failed};
	int result, begun = 0;

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		result = attach(programs[i], pin_dir, names[i], error);
		if (result < 0)
			return result;
		begun |= result;
	}
	return begun;
}

int nicsw_transmit_watch(const char *pin_dir, struct nicsw_error *error)
{
	_cleanup_(destroy) skeleton_pointer skeleton = transmit_bpf__open();
	int result;

	if (!skeleton)
		return nicsw_fail(error, -errno, NULL, "opening the tracepoint programs: %s",
				  strerror(errno));
	result = load(skeleton, pin_dir, error);
	if (!result)
		result = make_links_directory(pin_dir, error);
	return result ? result : attach_all(skeleton, pin_dir, error);
}

bool nicsw_transmit_pinned(const char *pin_dir)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		link_path(pin_dir, names[i], path);
		if (access(path, F_OK))
			return false;
	}
	return true;
}

/* FNV-1a over the object file that is built in. */
__u64 nicsw_transmit_program_tag(void)
{
	size_t size, i;
	const unsigned char *bytes = transmit_bpf__elf_bytes(&size);
	__u64 hash = 0xcbf29ce484222325ull;

	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ull;
	return hash;
}
