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

static bool calls_kernel_function(const struct bpf_insn *instruction)
{
	return instruction->code == (BPF_JMP | BPF_CALL) &&
	       instruction->src_reg == BPF_PSEUDO_KFUNC_CALL;
}

/* The kernel does not say what a program is bound to; but no other one calls a function of it. */
bool nicsw_program_is_bound(int program)
{
	struct bpf_prog_info info = {};
	__u32 length = sizeof(info), i;
	_cleanup_free_ struct bpf_insn *instructions = NULL;

	if (bpf_obj_get_info_by_fd(program, &info, &length) || !info.xlated_prog_len)
		return false;
	instructions = malloc(info.xlated_prog_len);
	info = (struct bpf_prog_info){.xlated_prog_len = info.xlated_prog_len,
				      .xlated_prog_insns = (uintptr_t)instructions};
	length = sizeof(info);
	if (!instructions || bpf_obj_get_info_by_fd(program, &info, &length))
		return false;
	for (i = 0; i < info.xlated_prog_len / sizeof(*instructions); i++)
		if (calls_kernel_function(&instructions[i]))
			return true;
	return false;
}

static int create_xdp_link(int program, __u32 ifindex, bool generic)
{
	DECLARE_LIBBPF_OPTS(bpf_link_create_opts, opts,
			    .flags = generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE);
	int fd = bpf_link_create(program, ifindex, BPF_XDP, &opts);

	return fd < 0 ? -errno : fd;
}

/*
 * The program that sees tags in metadata where that is possible (FWD-35). The switch ends are all
 * alike: what the PF's shows, once, holds for those of the VFs, and of these a refusal is a
 * failure. Of the uplink it depends on its driver.
 */
static int load_program(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
			__u32 ifindex, struct nicsw_error *error)
{
	struct nicsw_error refused = {};
	int program;

	if (meta->features & NICSW_FEATURE_UNBOUND)
		return nicsw_loader_port_program(ports->pin_dir, meta, slot, 0, error);
	program = nicsw_loader_port_program(ports->pin_dir, meta, slot, ifindex, &refused);
	if (program < 0 && slot >= NICSW_SLOT_VF(0)) {
		*error = refused;
		return program;
	}
	if (program >= 0)
		return program;
	nicsw_log(slot == NICSW_SLOT_PF ? LOG_WARNING : LOG_INFO,
		  "%s: no program that sees VLAN tags in metadata: %s", ports->adapter,
		  refused.text);
	return nicsw_loader_port_program(ports->pin_dir, meta, slot, 0, error);
}

/* Native, else generic: it works everywhere, at the speed of the kernel's stack. */
static int attach_generic(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			  __u32 slot, __u32 ifindex, struct nicsw_error *error)
{
	_cleanup_close_ int program = -1;

	program = nicsw_loader_port_program(ports->pin_dir, meta, slot, 0, error);
	return program < 0 ? program : create_xdp_link(program, ifindex, true);
}

static int create_link(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       __u32 ifindex, struct nicsw_attached *ret, struct nicsw_error *error)
{
	_cleanup_close_ int program = load_program(ports, meta, slot, ifindex, error);
	int fd;

	if (program < 0)
		return program;
	fd = create_xdp_link(program, ifindex, false);
	if (fd < 0 && fd != -EBUSY && fd != -EEXIST) {
		ret->generic = true;
		fd = attach_generic(ports, meta, slot, ifindex, error);
	}
	ret->bound = nicsw_program_is_bound(program) && !ret->generic;
	return fd;
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

/*
 * To an uplink of generic mode the kernel redirects only from ports of generic mode: without native
 * XDP it has no ndo_xdp_xmit.
 */
static int attach_single(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
			 __u32 ifindex, const char *name, struct nicsw_attached *ret,
			 struct nicsw_error *error)
{
	_cleanup_close_ int fd = -1;

	ret->generic = slot != NICSW_SLOT_UPLINK && meta->uplink_generic;
	fd = ret->generic ? attach_generic(ports, meta, slot, ifindex, error)
			  : create_link(ports, meta, slot, ifindex, ret, error);
	if (fd < 0 && error && error->code)
		return fd;
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

/* The uplink may be shared; switch ends are ours alone. */
static int attach_xdp(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		      __u32 ifindex, const char *name, struct nicsw_attached *ret,
		      struct nicsw_error *error)
{
	const struct nicsw_sharer sharer = sharer_of(ports, meta, ifindex);
	int result = -ENOSYS;

	if (slot == NICSW_SLOT_UPLINK)
		result = nicsw_sharing_attach(&nicsw_dispatcher, &sharer, &ret->generic, error);
	return result == -ENOSYS ? attach_single(ports, meta, slot, ifindex, name, ret, error)
				 : result;
}

int nicsw_port_attach_programs(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			       __u32 slot, __u32 ifindex, const char *name,
			       struct nicsw_attached *ret, struct nicsw_error *error)
{
	int result;

	*ret = (struct nicsw_attached){};
	result = attach_tc_drop(ports, ifindex, &ret->clsact, error);
	return result ? result : attach_xdp(ports, meta, slot, ifindex, name, ret, error);
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

static int replace_program(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			   __u32 slot, int link, bool *ret_bound, struct nicsw_error *error)
{
	bool uplink = slot == NICSW_SLOT_UPLINK;
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int program = -1;
	int result = uplink ? 0 : nicsw_netns_enter(ports->switch_netns, &stay);

	if (result)
		return nicsw_fail(error, result, NULL, "namespace: %s", strerror(-result));
	if (meta->uplink_generic)
		program = nicsw_loader_port_program(ports->pin_dir, meta, slot, 0, error);
	else
		program = load_program(ports, meta, slot,
				       uplink ? meta->uplink_ifindex : meta->ifindex_base + slot,
				       error);
	if (program < 0)
		return program;
	*ret_bound = nicsw_program_is_bound(program);
	return bpf_link_update(link, program, NULL) ? -errno : 0;
}

static int upgrade_xdp(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, bool *ret_bound, struct nicsw_error *error)
{
	const struct nicsw_sharer sharer = sharer_of(ports, meta, meta->uplink_ifindex);
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];
	int result;

	link_path(ports, name, path);
	fd = bpf_obj_get(path);
	if (fd < 0 && errno == ENOENT && slot == NICSW_SLOT_UPLINK)
		return nicsw_sharing_upgrade(&nicsw_dispatcher, &sharer, error);
	if (fd < 0)
		return -errno;
	result = replace_program(ports, meta, slot, fd, ret_bound, error);
	if (result && error && !error->code)
		nicsw_fail(error, result, NULL, "upgrade of %s: %s", name, strerror(-result));
	return result;
}

int nicsw_port_upgrade(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       const char *name, bool *ret_bound, struct nicsw_error *error)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = meta->uplink_ifindex;
	int result = upgrade_xdp(ports, meta, slot, name, ret_bound, error);

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
			   __u32 slot, const char *name, bool *ret_bound, struct nicsw_error *error)
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
	result = nicsw_port_attach_programs(ports, meta, slot, meta->ifindex_base + slot, name,
					    &attached, error);
	*ret_bound = !result && attached.bound;
	return result;
}

/* ---- looking ------------------------------------------------------------------------------------
 */

static bool is_attached(int link, __u32 ifindex)
{
	struct bpf_link_info info = {};
	__u32 length = sizeof(info);

	return bpf_obj_get_info_by_fd(link, &info, &length) == 0 && info.xdp.ifindex == ifindex;
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

static bool has_tc_drop(__u32 ifindex)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, opts, .priority = TC_PRIORITY, .handle = TC_HANDLE);

	return bpf_tc_query(&hook, &opts) == 0;
}

/* No IPv6 in the kernel at all is as good as off. */
static bool is_silent(const char *name)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	file = fopen(path, "re");
	return !file || fgetc(file) == '1';
}

/* Behind the dispatcher, where it has no link of its own. */
static bool is_dispatched(const struct nicsw_ports *ports, const struct nicsw_meta *meta)
{
	const struct nicsw_sharer sharer = sharer_of(ports, meta, meta->uplink_ifindex);
	__u32 ids[NICSW_DISPATCHER_PROGRAMS];

	return nicsw_dispatcher.find(&sharer, ids) > 0;
}

int nicsw_port_examine(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot,
		       struct nicsw_port_health *ret)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int link = -1;
	_cleanup_close_ int program = -1;
	bool uplink = slot == NICSW_SLOT_UPLINK;
	__u32 ifindex = uplink ? meta->uplink_ifindex : meta->ifindex_base + slot, id;
	char path[PATH_MAX], name[NICSW_IFNAME_SIZE];
	int result = uplink ? 0 : nicsw_netns_enter(ports->switch_netns, &stay);

	if (result)
		return result;
	nicsw_port_name(meta, slot, name);
	link_path(ports, name, path);
	link = bpf_obj_get(path);
	program = link < 0 ? -1 : program_of(link, &id);
	ret->attached =
		(link >= 0 && is_attached(link, ifindex)) || (uplink && is_dispatched(ports, meta));
	ret->bound = program >= 0 && nicsw_program_is_bound(program);
	ret->drop = has_tc_drop(ifindex);
	ret->silent = uplink || is_silent(name);
	return 0;
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

bool nicsw_port_uplink_attached(const struct nicsw_ports *ports, const struct nicsw_meta *meta)
{
	struct nicsw_port_health health = {};

	return nicsw_port_examine(ports, meta, NICSW_SLOT_UPLINK, &health) == 0 && health.attached;
}
