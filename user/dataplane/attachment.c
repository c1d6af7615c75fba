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
#include "core/netns.h"
#include "dataplane/sharing.h"

#define TC_PRIORITY 1
#define TC_HANDLE   1

static void link_path(const struct nicsw_ports *ports, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/links/%s", ports->pin_dir, name);
}

/* In place of the one that is there, in one step. */
static int set_tc_drop(const struct nicsw_ports *ports, __u32 ifindex, struct nicsw_error *error)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, opts, .priority = TC_PRIORITY, .handle = TC_HANDLE,
			    .flags = BPF_TC_F_REPLACE);
	_cleanup_close_ int program =
		nicsw_loader_open_pin(ports->pin_dir, NICSW_PIN_TC_DROP, error);
	int result;

	if (program < 0)
		return program;
	opts.prog_fd = program;
	result = bpf_tc_attach(&hook, &opts);
	return result ? nicsw_fail(error, result, NULL, "tc program: %s", strerror(-result)) : 0;
}

static int attach_tc_drop(const struct nicsw_ports *ports, __u32 ifindex, bool *ret_clsact,
			  struct nicsw_error *error)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	int result = bpf_tc_hook_create(&hook);

	if (result && result != -EEXIST)
		return nicsw_fail(error, result, NULL, "clsact qdisc: %s", strerror(-result));
	*ret_clsact = !result; /* even if what follows fails: the qdisc has to go again */
	return set_tc_drop(ports, ifindex, error);
}

static int create_xdp_link(int program, __u32 ifindex, bool generic)
{
	DECLARE_LIBBPF_OPTS(bpf_link_create_opts, opts,
			    .flags = generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE);
	int fd = bpf_link_create(program, ifindex, BPF_XDP, &opts);

	return fd < 0 ? -errno : fd;
}

/* Native, else generic: it works everywhere, at the speed of the kernel's stack. */
static int create_any_link(int program, __u32 ifindex, bool *ret_generic)
{
	int fd = create_xdp_link(program, ifindex, *ret_generic);

	if (fd >= 0 || *ret_generic || fd == -EBUSY || fd == -EEXIST)
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

/* The hook for us alone. */
static int attach_single(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
			 __u32 ifindex, const char *name, bool *ret_generic,
			 struct nicsw_error *error)
{
	_cleanup_close_ int program = nicsw_loader_port_program(ports->pin_dir, meta, slot, error);
	_cleanup_close_ int fd = -1;

	if (program < 0)
		return program;
	fd = create_any_link(program, ifindex, ret_generic);
	if (fd == -EBUSY || fd == -EEXIST)
		return nicsw_fail(error, fd, NULL, "%s has an XDP program of somebody else", name);
	if (fd < 0)
		return nicsw_fail(error, fd, NULL, "XDP on %s: %s", name, strerror(-fd));
	return pin_link(ports, name, fd, error);
}

static struct nicsw_sharer sharer_of(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
				     __u32 ifindex)
{
	return (struct nicsw_sharer){.ports = ports, .meta = meta, .ifindex = ifindex};
}

/*
 * The uplink may be shared; switch ends are ours alone. To an uplink of generic mode the kernel
 * redirects only from ports of generic mode: without native XDP it has no ndo_xdp_xmit.
 */
static int attach_xdp(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		      __u32 ifindex, const char *name, bool *ret_generic, struct nicsw_error *error)
{
	const struct nicsw_sharer sharer = sharer_of(ports, meta, ifindex);
	int result = -ENOSYS;

	*ret_generic = slot != NICSW_SLOT_UPLINK && meta->uplink_generic;
	if (slot == NICSW_SLOT_UPLINK)
		result = nicsw_sharing_attach(&nicsw_dispatcher, &sharer, ret_generic, error);
	return result == -ENOSYS
		       ? attach_single(ports, meta, slot, ifindex, name, ret_generic, error)
		       : result;
}

int nicsw_port_attach_programs(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			       __u32 slot, __u32 ifindex, const char *name,
			       struct nicsw_attached *ret, struct nicsw_error *error)
{
	int result;

	*ret = (struct nicsw_attached){};
	result = attach_tc_drop(ports, ifindex, &ret->clsact, error);
	if (result)
		return result;
	return attach_xdp(ports, meta, slot, ifindex, name, &ret->generic, error);
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

/* A link that somebody detached is still pinned, and is at no interface. */
static bool is_linked(const struct nicsw_ports *ports, const char *name, __u32 ifindex)
{
	_cleanup_close_ int link = -1;
	struct bpf_link_info info = {};
	__u32 length = sizeof(info);
	char path[PATH_MAX];

	link_path(ports, name, path);
	link = bpf_obj_get(path);
	return link >= 0 && bpf_obj_get_info_by_fd(link, &info, &length) == 0 &&
	       info.xdp.ifindex == ifindex;
}

bool nicsw_port_uplink_attached(const struct nicsw_ports *ports, const struct nicsw_meta *meta)
{
	const struct nicsw_sharer sharer = sharer_of(ports, meta, meta->uplink_ifindex);
	__u32 ids[NICSW_DISPATCHER_PROGRAMS];

	return is_linked(ports, "uplink", meta->uplink_ifindex) ||
	       nicsw_dispatcher.find(&sharer, ids) > 0;
}

static int update_link(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, int link, struct nicsw_error *error)
{
	_cleanup_close_ int program = nicsw_loader_port_program(ports->pin_dir, meta, slot, error);

	if (program < 0)
		return program;
	if (bpf_link_update(link, program, NULL))
		return nicsw_fail(error, -errno, NULL, "upgrade of %s: %s", name, strerror(errno));
	return 0;
}

static int upgrade_xdp(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, struct nicsw_error *error)
{
	const struct nicsw_sharer sharer = sharer_of(ports, meta, meta->uplink_ifindex);
	_cleanup_close_ int link = -1;
	char path[PATH_MAX];

	link_path(ports, name, path);
	link = bpf_obj_get(path);
	if (link >= 0)
		return update_link(ports, meta, slot, name, link, error);
	if (errno == ENOENT && slot == NICSW_SLOT_UPLINK)
		return nicsw_sharing_upgrade(&nicsw_dispatcher, &sharer, error);
	return -errno;
}

int nicsw_port_upgrade(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, struct nicsw_error *error)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = meta->uplink_ifindex;
	int result = upgrade_xdp(ports, meta, slot, name, error);

	if (!result && slot != NICSW_SLOT_UPLINK) {
		ifindex = meta->ifindex_base + slot;
		result = nicsw_netns_enter(ports->switch_netns, &stay);
	}
	if (result)
		return result;
	result = set_tc_drop(ports, ifindex, error);
	return result == -ENODEV ? -ENOENT : result; /* its link outlived it */
}

/* A link keeps its mode for life: this one goes, at once, and another one comes. */
int nicsw_port_change_mode(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			   __u32 slot, const char *name, struct nicsw_error *error)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int link = -1;
	struct nicsw_attached attached;
	char path[PATH_MAX];
	int result;

	link_path(ports, name, path);
	link = bpf_obj_get(path);
	if (link < 0)
		return -errno;
	result = nicsw_netns_enter(ports->switch_netns, &stay);
	if (!result && bpf_link_detach(link))
		result = -errno;
	if (result)
		return nicsw_fail(error, result, NULL, "mode of %s: %s", name, strerror(-result));
	return nicsw_port_attach_programs(ports, meta, slot, meta->ifindex_base + slot, name,
					  &attached, error);
}
