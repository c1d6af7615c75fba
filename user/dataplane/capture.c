// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/capture.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/bpf.h>

#include "core/log.h"
#include "core/netns.h"

/* A port that captures; plain: what comes back, -1 = the port does not take part. */
struct captured_port {
	int plain;
	__u32 id; /* of the capturing program */
};

struct nicsw_capture {
	const struct nicsw_ports *ports;
	struct nicsw_meta *meta;
	__u64 program_tag; /* of the plain programs */
	struct nicsw_loader_capture settings;
	__u32 num_slots;
	struct captured_port slots[];
};

/* ---- maps ---------------------------------------------------------------------------------------
 */

/* As bpf/capture.bpf.h describes them: a header and the longest frame. */
#define SCRATCH_SIZE (sizeof(struct nicsw_capture_record) + NICSW_CAPTURE_SNAP_MAX)

static int make_maps(struct nicsw_loader_capture *settings, struct nicsw_error *error)
{
	LIBBPF_OPTS(bpf_map_create_opts, shared, .map_flags = BPF_F_MMAPABLE);

	settings->ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "capture_ring", 0, 0,
					NICSW_CAPTURE_RING_SIZE, NULL);
	settings->state = bpf_map_create(BPF_MAP_TYPE_ARRAY, "capture_state", sizeof(__u32),
					 sizeof(struct nicsw_capture_state), 1, &shared);
	settings->scratch = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "capture_scratch",
					   sizeof(__u32), SCRATCH_SIZE, 1, NULL);
	if (settings->ring >= 0 && settings->state >= 0 && settings->scratch >= 0)
		return 0;
	return nicsw_fail(error, -errno, NULL, "maps of the capture: %s", strerror(errno));
}

int nicsw_capture_share(const struct nicsw_capture *capture, int ret_fds[2],
			struct nicsw_error *error)
{
	_cleanup_close_ int ring = fcntl(capture->settings.ring, F_DUPFD_CLOEXEC, 3);
	int state = fcntl(capture->settings.state, F_DUPFD_CLOEXEC, 3);

	if (ring < 0 || state < 0) {
		nicsw_closep(&state);
		return nicsw_fail(error, -errno, NULL, "ring of the capture: %s", strerror(errno));
	}
	ret_fds[0] = TAKE_FD(ring);
	ret_fds[1] = state;
	return 0;
}

/* ---- ports --------------------------------------------------------------------------------------
 */

static int program_id(int program, __u32 *ret_id)
{
	struct bpf_prog_info info = {};
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(program, &info, &length))
		return -errno;
	*ret_id = info.id;
	return 0;
}

/* Bound to its device as the plain one is: a tag in metadata is seen all the same (FWD-35). */
static int load_program(const struct nicsw_capture *capture, __u32 slot, int plain,
			struct nicsw_error *error)
{
	const struct nicsw_meta *meta = capture->meta;
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	bool uplink = slot == NICSW_SLOT_UPLINK;
	__u32 ifindex = uplink ? meta->uplink_ifindex : meta->ifindex_base + slot;
	int result = uplink ? 0 : nicsw_netns_enter(capture->ports->switch_netns, &stay);

	if (result)
		return nicsw_fail(error, result, NULL, "namespace: %s", strerror(-result));
	return nicsw_loader_capture_program(capture->ports->pin_dir, meta, slot,
					    nicsw_program_is_bound(plain) ? ifindex : 0,
					    &capture->settings, error);
}

static int exchange(struct nicsw_capture *capture, __u32 slot, const char *name, int plain,
		    struct captured_port *ret, struct nicsw_error *error)
{
	_cleanup_close_ int program = load_program(capture, slot, plain, error);
	int result;

	if (program < 0)
		return program;
	result = program_id(program, &ret->id);
	if (!result)
		result = nicsw_port_exchange(capture->ports, name, program);
	return result ? nicsw_fail(error, result, NULL, "capture at %s: %s", name,
				   strerror(-result))
		      : 0;
}

/* A port whose netdev was made again has a plain program once more. */
static int capture_slot(struct nicsw_capture *capture, __u32 slot, struct nicsw_error *error)
{
	struct captured_port *port = &capture->slots[slot], found;
	_cleanup_close_ int plain = -1;
	char name[NICSW_IFNAME_SIZE];
	__u32 id;
	int result;

	nicsw_port_name(capture->meta, slot, name);
	plain = nicsw_port_program(capture->ports, name, &id);
	if (plain == -ENOENT || (port->plain >= 0 && plain >= 0 && id == port->id))
		return 0;
	if (plain < 0)
		return nicsw_fail(error, plain, NULL, "capture at %s: %s", name, strerror(-plain));
	result = exchange(capture, slot, name, plain, &found, error);
	if (result)
		return result;
	nicsw_closep(&port->plain);
	found.plain = TAKE_FD(plain);
	*port = found;
	return 0;
}

/* What is there instead of our program, and what is gone, is passed over. */
static int release_slot(struct nicsw_capture *capture, __u32 slot)
{
	struct captured_port *port = &capture->slots[slot];
	_cleanup_close_ int plain = TAKE_FD(port->plain);
	_cleanup_close_ int present = -1;
	char name[NICSW_IFNAME_SIZE];
	__u32 id;
	int result;

	if (plain < 0)
		return 0;
	nicsw_port_name(capture->meta, slot, name);
	present = nicsw_port_program(capture->ports, name, &id);
	if (present < 0 || id != port->id)
		return present < 0 && present != -ENOENT ? present : 0;
	result = nicsw_port_exchange(capture->ports, name, plain);
	return result == -ENOLINK ? 0 : result; /* the netdev is just going */
}

/*
 * Behind libxdp's dispatcher the uplink's program has no link of its own on which another one could
 * take its place without losing a frame. A capture without it would show nothing from the wire, and
 * look complete.
 */
static int refuse_shared(const struct nicsw_ports *ports, const struct nicsw_meta *meta,
			 struct nicsw_error *error)
{
	_cleanup_close_ int program = -1;
	char name[NICSW_IFNAME_SIZE];
	__u32 id;

	nicsw_port_name(meta, NICSW_SLOT_UPLINK, name);
	program = nicsw_port_program(ports, name, &id);
	if (program != -ENOENT || !nicsw_port_uplink_attached(ports, meta))
		return 0;
	return nicsw_fail(error, -EOPNOTSUPP, NULL,
			  "the program of uplink %s is behind libxdp's dispatcher and cannot be "
			  "exchanged for one that captures: start nicswd with "
			  "LIBXDP_SKIP_DISPATCHER=1 and add the adapter again",
			  meta->uplink);
}

int nicsw_capture_follow(struct nicsw_capture *capture, struct nicsw_error *error)
{
	int result = 0;

	for (__u32 slot = 0; slot < capture->num_slots && !result; slot++)
		result = capture_slot(capture, slot, error);
	/* Last: the other ports go on capturing if an uplink came back as a shared one. */
	return result ? result : refuse_shared(capture->ports, capture->meta, error);
}

/* ---- life ---------------------------------------------------------------------------------------
 */

static struct nicsw_capture *new_capture(const struct nicsw_ports *ports, struct nicsw_meta *meta)
{
	struct nicsw_capture *capture =
		calloc(1, sizeof(*capture) + meta->slots * sizeof(capture->slots[0]));

	if (!capture)
		return NULL;
	capture->ports = ports;
	capture->meta = meta;
	capture->program_tag = meta->program_tag;
	capture->settings = (struct nicsw_loader_capture){.ring = -1, .state = -1, .scratch = -1};
	capture->num_slots = meta->slots;
	for (__u32 slot = 0; slot < capture->num_slots; slot++)
		capture->slots[slot].plain = -1;
	return capture;
}

int nicsw_capture_start(const struct nicsw_ports *ports, struct nicsw_meta *meta, __u32 slot,
			__u32 snap, bool drops, struct nicsw_capture **ret,
			struct nicsw_error *error)
{
	struct nicsw_capture *capture;
	int result = refuse_shared(ports, meta, error);

	if (result)
		return result;
	capture = new_capture(ports, meta);
	if (!capture)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	capture->settings.slot = slot;
	capture->settings.snap = snap;
	capture->settings.drops = drops;
	result = make_maps(&capture->settings, error);
	/* From here on a daemon that starts would replace the programs. */
	if (!result)
		__atomic_store_n(&meta->program_tag, 0, __ATOMIC_RELEASE);
	if (!result)
		result = nicsw_capture_follow(capture, error);
	if (result) {
		nicsw_capture_stop(capture);
		return result;
	}
	*ret = capture;
	return 0;
}

void nicsw_capture_stop(struct nicsw_capture *capture)
{
	bool whole = true;
	int result;

	if (!capture)
		return;
	for (__u32 slot = 0; slot < capture->num_slots; slot++) {
		result = release_slot(capture, slot);
		whole &= !result;
		if (result)
			nicsw_log(LOG_WARNING, "%s: port %u goes on capturing: %s",
				  capture->ports->adapter, slot, strerror(-result));
	}
	if (whole)
		__atomic_store_n(&capture->meta->program_tag, capture->program_tag,
				 __ATOMIC_RELEASE);
	nicsw_closep(&capture->settings.ring);
	nicsw_closep(&capture->settings.state);
	nicsw_closep(&capture->settings.scratch);
	free(capture);
}
