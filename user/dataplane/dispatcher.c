// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dispatcher of libxdp, as sharing.h wants it. It is attached through netlink and its programs
 * are pinned by libxdp: all of it outlives the daemon.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "core/log.h"
#include "dataplane/sharing.h"

typedef struct xdp_multiprog *multiprog_pointer;
typedef struct xdp_program *program_pointer;

static void close_multiprog(multiprog_pointer *multiprog)
{
	if (!libxdp_get_error(*multiprog))
		xdp_multiprog__close(*multiprog);
}

static void close_program(program_pointer *program)
{
	if (!libxdp_get_error(*program))
		xdp_program__close(*program);
}

/* Its messages go to the log, not to standard error. */
static int print(enum libxdp_print_level level, const char *format, va_list arguments)
{
	char text[256];

	vsnprintf(text, sizeof(text), format, arguments);
	text[strcspn(text, "\n")] = 0;
	if (level == LIBXDP_WARN)
		nicsw_log(LOG_DEBUG, "%s", text);
	return 0;
}

static struct xdp_multiprog *open_hook(__u32 ifindex)
{
	libxdp_set_print(print);
	return xdp_multiprog__get_from_ifindex(ifindex);
}

static bool possible(void)
{
	/* libxdp's own switch, by which a user says that no dispatcher is wanted. */
	return !getenv("LIBXDP_SKIP_DISPATCHER") &&
	       libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_EXT, NULL) == 1;
}

#define SWITCH_PROGRAM "nicsw_port"

/* libxdp's names are cut off as the kernel's are. */
static bool is_switch(const struct xdp_program *program)
{
	return program && nicsw_streq(xdp_program__name(program), SWITCH_PROGRAM);
}

static bool has_switch(const struct xdp_multiprog *multiprog)
{
	struct xdp_program *program = NULL;

	if (xdp_multiprog__is_legacy(multiprog))
		return is_switch(xdp_multiprog__main_prog(multiprog));
	while ((program = xdp_multiprog__next_prog(program, multiprog)))
		if (is_switch(program))
			return true;
	return false;
}

static int look(__u32 ifindex, struct nicsw_hook *ret)
{
	_cleanup_(close_multiprog) multiprog_pointer multiprog = open_hook(ifindex);
	long result = libxdp_get_error(multiprog);

	*ret = (struct nicsw_hook){};
	if (result)
		return result == -ENOENT ? 0 : result;
	ret->generic = xdp_multiprog__attach_mode(multiprog) == XDP_MODE_SKB;
	if (has_switch(multiprog))
		ret->occupant = NICSW_OCCUPANT_SWITCH;
	else
		ret->occupant = xdp_multiprog__is_legacy(multiprog) ? NICSW_OCCUPANT_SINGLE
								    : NICSW_OCCUPANT_DISPATCHER;
	return 0;
}

/* The id of the adapter's `ports` map, 0 if it cannot be told. */
static __u32 ports_map(const struct nicsw_ports *ports)
{
	_cleanup_close_ int fd = nicsw_loader_open_pin(ports->pin_dir, "ports", NULL);
	struct bpf_map_info info = {};
	__u32 length = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length) ? 0 : info.id;
}

static bool uses_map(const struct xdp_program *program, __u32 map)
{
	__u32 maps[64], i;
	struct bpf_prog_info info = {.nr_map_ids = ARRAY_SIZE(maps), .map_ids = (__u64)maps};
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(xdp_program__fd(program), &info, &length))
		return false;
	for (i = 0; i < info.nr_map_ids && i < ARRAY_SIZE(maps); i++)
		if (maps[i] == map)
			return true;
	return false;
}

static int find(const struct nicsw_sharer *sharer, __u32 ids[NICSW_DISPATCHER_PROGRAMS])
{
	_cleanup_(close_multiprog) multiprog_pointer multiprog = open_hook(sharer->ifindex);
	long result = libxdp_get_error(multiprog);
	struct xdp_program *program = NULL;
	__u32 map = ports_map(sharer->ports);
	int count = 0;

	if (result)
		return result == -ENOENT ? 0 : result;
	if (!map || xdp_multiprog__is_legacy(multiprog))
		return 0;
	while ((program = xdp_multiprog__next_prog(program, multiprog)))
		if (count < (int)NICSW_DISPATCHER_PROGRAMS && uses_map(program, map))
			ids[count++] = xdp_program__id(program);
	return count;
}

/* Ours redirects or drops; whatever it says, nobody runs after it. */
static int set_order(struct xdp_program *program)
{
	unsigned int action;
	int result = xdp_program__set_run_prio(program, NICSW_DISPATCHER_PRIORITY);

	for (action = XDP_ABORTED; action <= XDP_REDIRECT && !result; action++)
		result = xdp_program__set_chain_call_enabled(program, action, false);
	return result;
}

/* libxdp falls back to a program of its own accord: we have a better one, a pinned link. */
static int refuse_single(const struct xdp_program *program, __u32 ifindex)
{
	_cleanup_(close_multiprog) multiprog_pointer multiprog = open_hook(ifindex);
	long result = libxdp_get_error(multiprog);

	if (result || !xdp_multiprog__is_legacy(multiprog))
		return result;
	if (xdp_program__id(xdp_multiprog__main_prog(multiprog)) == xdp_program__id(program))
		xdp_multiprog__detach(multiprog);
	return -ENOSYS;
}

struct request {
	__u32 ifindex;
	bool generic;
};

static int attach_object(struct bpf_object *object, void *context)
{
	const struct request *request = context;
	DECLARE_LIBXDP_OPTS(xdp_program_opts, opts, .obj = object, .prog_name = SWITCH_PROGRAM);
	_cleanup_(close_program) program_pointer program = xdp_program__create(&opts);
	int result = libxdp_get_error(program);

	if (!result)
		result = set_order(program);
	if (!result)
		result = xdp_program__attach(program, request->ifindex,
					     request->generic ? XDP_MODE_SKB : XDP_MODE_NATIVE, 0);
	return result ? result : refuse_single(program, request->ifindex);
}

static int attach(const struct nicsw_sharer *sharer, bool generic, struct nicsw_error *error)
{
	struct request request = {.ifindex = sharer->ifindex, .generic = generic};
	int result;

	libxdp_set_print(print);
	result = nicsw_loader_port_object(sharer->ports->pin_dir, sharer->meta, NICSW_SLOT_UPLINK,
					  attach_object, &request, error);
	return result ? nicsw_fail(error, result, NULL, "XDP on uplink, behind its dispatcher: %s",
				   strerror(-result))
		      : 0;
}

static int detach(__u32 ifindex, __u32 id)
{
	_cleanup_(close_multiprog) multiprog_pointer multiprog = open_hook(ifindex);
	long result = libxdp_get_error(multiprog);
	struct xdp_program *program = NULL;

	if (result)
		return result;
	while ((program = xdp_multiprog__next_prog(program, multiprog)))
		if (xdp_program__id(program) == id)
			return xdp_program__detach(program, ifindex,
						   xdp_multiprog__attach_mode(multiprog), 0);
	return -ENOENT;
}

const struct nicsw_dispatcher_ops nicsw_dispatcher = {
	.possible = possible,
	.look = look,
	.find = find,
	.attach = attach,
	.detach = detach,
};
