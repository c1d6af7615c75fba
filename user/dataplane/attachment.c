// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs on an interface: drop-all in tc beneath, the slot's XDP program above, as a pinned
 * link.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <limits.h>
#include <linux/if_link.h>
#include <sys/stat.h>

#include "core/log.h"
#include "dataplane/port.h"

#define TC_PRIORITY 1
#define TC_HANDLE   1

static void link_path(const struct nicsw_ports *ports, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/links/%s", ports->pin_dir, name);
}

static int attach_tc_drop(const struct nicsw_ports *ports, __u32 ifindex, bool *ret_clsact,
			  struct nicsw_error *error)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, opts, .priority = TC_PRIORITY, .handle = TC_HANDLE,
			    .flags = BPF_TC_F_REPLACE);
	_cleanup_close_ int program = -1;
	char path[PATH_MAX];
	int result;

	snprintf(path, sizeof(path), "%s/" NICSW_PIN_TC_DROP, ports->pin_dir);
	program = bpf_obj_get(path);
	if (program < 0)
		return nicsw_fail(error, -errno, NULL, "pin %s: %s", path, strerror(errno));
	opts.prog_fd = program;
	result = bpf_tc_hook_create(&hook);
	if (result && result != -EEXIST)
		return nicsw_fail(error, result, NULL, "clsact qdisc: %s", strerror(-result));
	*ret_clsact = !result;
	result = bpf_tc_attach(&hook, &opts);
	return result ? nicsw_fail(error, result, NULL, "tc program: %s", strerror(-result)) : 0;
}

static int create_xdp_link(int program, __u32 ifindex, bool generic)
{
	DECLARE_LIBBPF_OPTS(bpf_link_create_opts, opts,
			    .flags = generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE);
	int fd = bpf_link_create(program, ifindex, BPF_XDP, &opts);

	return fd < 0 ? -errno : fd;
}

/* Native, else generic: it works everywhere, at the speed of the kernel's stack. */
static int attach_xdp(int program, __u32 ifindex, bool *ret_generic)
{
	int fd = create_xdp_link(program, ifindex, false);

	*ret_generic = false;
	if (fd >= 0 || fd == -EBUSY || fd == -EEXIST)
		return fd;
	*ret_generic = true;
	return create_xdp_link(program, ifindex, true);
}

static int pin_link(const struct nicsw_ports *ports, const char *name, int fd,
		    struct nicsw_error *error)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/links", ports->pin_dir);
	if (mkdir(path, 0700) && errno != EEXIST)
		return nicsw_fail(error, -errno, NULL, "%s: %s", path, strerror(errno));
	link_path(ports, name, path);
	unlink(path); /* of a netdev that is gone */
	if (bpf_obj_pin(fd, path))
		return nicsw_fail(error, -errno, NULL, "pin %s: %s", path, strerror(errno));
	return 0;
}

int nicsw_port_attach_programs(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			       __u32 slot, __u32 ifindex, const char *name,
			       struct nicsw_attached *ret, struct nicsw_error *error)
{
	_cleanup_close_ int program = -1;
	_cleanup_close_ int fd = -1;
	struct nicsw_attached attached = {};
	int result;

	program = nicsw_loader_port_program(ports->pin_dir, meta, slot, error);
	if (program < 0)
		return program;
	result = attach_tc_drop(ports, ifindex, &attached.clsact, error);
	*ret = attached; /* even if what follows fails: the qdisc has to go again */
	if (result)
		return result;
	fd = attach_xdp(program, ifindex, &attached.generic);
	if (fd == -EBUSY || fd == -EEXIST)
		return nicsw_fail(error, fd, NULL, "%s has an XDP program of somebody else", name);
	if (fd < 0)
		return nicsw_fail(error, fd, NULL, "XDP on %s: %s", name, strerror(-fd));
	result = pin_link(ports, name, fd, error);
	if (result)
		return result;
	*ret = attached;
	return 0;
}

void nicsw_port_detach_programs(const struct nicsw_ports *ports, __u32 ifindex, const char *name,
				bool clsact)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, opts, .priority = TC_PRIORITY, .handle = TC_HANDLE);
	char path[PATH_MAX];

	link_path(ports, name, path);
	unlink(path);
	if (ifindex)
		bpf_tc_detach(&hook, &opts);
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS; /* both: the qdisc itself */
	if (ifindex && clsact)
		bpf_tc_hook_destroy(&hook);
}

int nicsw_port_upgrade(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, struct nicsw_error *error)
{
	_cleanup_close_ int program = -1;
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];

	link_path(ports, name, path);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return -errno;
	program = nicsw_loader_port_program(ports->pin_dir, meta, slot, error);
	if (program < 0)
		return program;
	if (bpf_link_update(fd, program, NULL))
		return nicsw_fail(error, -errno, NULL, "upgrade of %s: %s", name, strerror(errno));
	return 0;
}

/* The program that is on a link, and its id. */
static int program_of(int link, __u32 *ret_id)
{
	struct bpf_link_info info = {};
	__u32 length = sizeof(info);
	int fd;

	if (bpf_obj_get_info_by_fd(link, &info, &length))
		return -errno;
	fd = bpf_prog_get_fd_by_id(info.prog_id);
	if (fd < 0)
		return -errno;
	*ret_id = info.prog_id;
	return fd;
}

int nicsw_port_program(const struct nicsw_ports *ports, const char *name, __u32 *ret_id)
{
	_cleanup_close_ int link = -1;
	char path[PATH_MAX];

	link_path(ports, name, path);
	link = bpf_obj_get(path);
	return link < 0 ? -errno : program_of(link, ret_id);
}

int nicsw_port_exchange(const struct nicsw_ports *ports, const char *name, int program)
{
	_cleanup_close_ int link = -1;
	char path[PATH_MAX];

	link_path(ports, name, path);
	link = bpf_obj_get(path);
	return link < 0 || bpf_link_update(link, program, NULL) ? -errno : 0;
}
