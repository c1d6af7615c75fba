// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/loader.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <limits.h>

#include "bpf/capture.skel.h"
#include "bpf/explain.skel.h"
#include "bpf/switch.skel.h"
#include "bpf/switch_bound.skel.h"
#include "core/log.h"

typedef struct switch_bpf *skeleton_pointer;
typedef struct explain_bpf *explain_pointer;

static void destroy(skeleton_pointer *skeleton)
{
	switch_bpf__destroy(*skeleton);
}

static void destroy_explain(explain_pointer *skeleton)
{
	explain_bpf__destroy(*skeleton);
}

typedef struct capture_bpf *capture_pointer;

static void destroy_capture(capture_pointer *skeleton)
{
	capture_bpf__destroy(*skeleton);
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

static int refuse_load(int result, struct nicsw_error *error)
{
	if (result == -EPERM)
		return nicsw_fail(
			error, result, NULL,
			"loading BPF is not permitted: run as root, in the host's user namespace");
	return nicsw_fail(error, result, NULL, "the kernel refused the switch programs: %s%s%.160s",
			  strerror(-result), last_warning[0] ? ": " : "", last_warning);
}

static int load(struct bpf_object_skeleton *skeleton, struct nicsw_error *error)
{
	int result = bpf_object__load_skeleton(skeleton);

	return result ? refuse_load(result, error) : 0;
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
	bpf_map__set_max_entries(skeleton->maps.counters, NICSW_COUNTERS(meta->slots));
	bpf_map__set_max_entries(skeleton->maps.meters, meta->slots);
	bpf_map__set_max_entries(skeleton->maps.vfs, meta->total_vfs);
	bpf_map__set_max_entries(skeleton->maps.vports, NICSW_VPORTS(meta->total_vfs));
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
	result = load(skeleton->skeleton, error);
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

static int reuse_maps(const struct bpf_object *object, bool (*is_shared)(const struct bpf_map *map),
		      const char *pin_dir, struct nicsw_error *error)
{
	char path[PATH_MAX];
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		_cleanup_close_ int fd = -1;

		if (!is_shared(map) || bpf_map__fd(map) >= 0)
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
	result = reuse_maps(skeleton->obj, is_pinned_map, pin_dir, error);
	if (!result)
		result = load(skeleton->skeleton, error);
	return result ? result : pin_programs(skeleton, pin_dir, error);
}

#ifndef BPF_F_XDP_DEV_BOUND_ONLY
#define BPF_F_XDP_DEV_BOUND_ONLY (1U << 6) /* Linux 6.3 */
#endif

#ifndef BPF_F_XDP_HAS_FRAGS
#define BPF_F_XDP_HAS_FRAGS (1U << 5) /* Linux 5.18 */
#endif

/* ---- the kernel function that reads metadata ----------------------------------------------------
 */

#define METADATA_FUNCTION "bpf_xdp_metadata_rx_vlan_tag"

typedef struct btf *btf_pointer;

static void free_btf(btf_pointer *btf)
{
	btf__free(*btf);
}

/*
 * Looked up once: libbpf would read all types of the kernel anew for each port, which takes longer
 * than all else that an attach does. -ESRCH: the kernel has none.
 */
static int metadata_function(void)
{
	static int known;
	_cleanup_(free_btf) btf_pointer kernel = NULL;
	int id;

	if (known)
		return known;
	kernel = btf__load_vmlinux_btf();
	id = kernel ? btf__find_by_name_kind(kernel, METADATA_FUNCTION, BTF_KIND_FUNC) : -errno;
	if (id <= 0)
		return -ESRCH;
	known = id;
	return known;
}

static bool is_placeholder(const struct bpf_insn *instruction)
{
	return instruction->code == (BPF_JMP | BPF_CALL) && !instruction->src_reg &&
	       instruction->imm == NICSW_METADATA_CALL;
}

/* A program that is bound to no device gets the answer of a frame without a tag in metadata. */
static const struct bpf_insn no_tag = {
	.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -ENODATA};

static int place_calls(struct bpf_insn *instructions, size_t count, bool bound)
{
	size_t i;
	int id;

	for (i = 0; i < count; i++) {
		if (!is_placeholder(&instructions[i]))
			continue;
		id = bound ? metadata_function() : 0;
		if (id < 0)
			return id;
		instructions[i].src_reg = BPF_PSEUDO_KFUNC_CALL;
		instructions[i].imm = id;
		if (!bound)
			instructions[i] = no_tag;
	}
	return 0;
}

/* What libbpf calls for a program of section xdp.frags when all its functions are in one piece. */
static int prepare_program(struct bpf_program *program, struct bpf_prog_load_opts *opts,
			   long cookie _unused_)
{
	size_t count = bpf_program__insn_cnt(program);
	_cleanup_free_ struct bpf_insn *instructions = calloc(count, sizeof(*instructions));
	int result;

	if (!instructions)
		return -ENOMEM;
	memcpy(instructions, bpf_program__insns(program), count * sizeof(*instructions));
	result = place_calls(instructions, count, opts->prog_ifindex);
	opts->prog_flags |= BPF_F_XDP_HAS_FRAGS;
	return result ? result : bpf_program__set_insns(program, instructions, count);
}

int nicsw_loader_prepare(void)
{
	static int handler;
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = prepare_program);

	if (!handler)
		handler = libbpf_register_prog_handler("xdp.frags", BPF_PROG_TYPE_XDP, BPF_XDP,
						       &opts);
	return handler < 0 ? handler : 0;
}

/* ---- the program of a port ----------------------------------------------------------------------
 */

typedef struct bpf_object *object_pointer;

static void close_object(object_pointer *object)
{
	bpf_object__close(*object);
}

static struct bpf_object *open_object(bool bound)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "switch");
	const void *bytes;
	size_t size;

	last_warning[0] = 0;
	if (nicsw_loader_prepare())
		return NULL;
	bytes = bound ? switch_bound_bpf__elf_bytes(&size) : switch_bpf__elf_bytes(&size);
	return bpf_object__open_mem(bytes, size, &opts);
}

/* Both objects have the same constants in the same places (tests/unit/switch_bound.c). */
static int set_constants(const struct bpf_object *object, const struct nicsw_meta *meta, __u32 slot)
{
	struct switch_bpf__rodata constants = {.nicsw_slot = slot,
					       .nicsw_bucket_bits = meta->bucket_bits,
					       .nicsw_slot_words = meta->slot_words,
					       .nicsw_ifindex_base = meta->ifindex_base};
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		if (strstr(bpf_map__name(map), ".rodata"))
			return bpf_map__set_initial_value(map, &constants, sizeof(constants));
	}
	return -ENOENT;
}

static void bind_program(struct bpf_program *program, __u32 ifindex)
{
	if (!ifindex)
		return;
	bpf_program__set_ifindex(program, ifindex);
	bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_XDP_DEV_BOUND_ONLY);
}

/* The port's program and no other; bound to ifindex if there is one. */
static struct bpf_program *choose_program(struct bpf_object *object, __u32 ifindex)
{
	struct bpf_program *program, *port = NULL;

	bpf_object__for_each_program(program, object)
	{
		bool chosen = nicsw_streq(bpf_program__name(program), "nicsw_port");

		bpf_program__set_autoload(program, chosen);
		if (chosen)
			port = program;
	}
	if (port)
		bind_program(port, ifindex);
	return port;
}

static int load_object(struct bpf_object *object, struct nicsw_error *error)
{
	int result = bpf_object__load(object);

	return result ? refuse_load(result, error) : 0;
}

/* The program of one port, over the pinned maps. */
static int open_port(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot, __u32 ifindex,
		     object_pointer *ret, struct bpf_program **ret_program,
		     struct nicsw_error *error)
{
	struct bpf_object *object = *ret = open_object(ifindex);

	if (!object)
		return nicsw_fail(error, -errno, NULL, "opening the switch programs: %s",
				  strerror(errno));
	*ret_program = choose_program(object, ifindex);
	if (!*ret_program || set_constants(object, meta, slot))
		return nicsw_fail(error, -EINVAL, NULL, "the switch programs are damaged");
	return reuse_maps(object, is_pinned_map, pin_dir, error);
}

int nicsw_loader_port_program(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			      __u32 ifindex, struct nicsw_error *error)
{
	_cleanup_(close_object) object_pointer object = NULL;
	struct bpf_program *program;
	int result = open_port(pin_dir, meta, slot, ifindex, &object, &program, error);
	int fd;

	if (!result)
		result = load_object(object, error);
	if (result)
		return result;
	fd = fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? nicsw_fail(error, -errno, NULL, "%s", strerror(errno)) : fd;
}

int nicsw_loader_port_object(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			     int (*use)(struct bpf_object *object, void *context), void *context,
			     struct nicsw_error *error)
{
	_cleanup_(close_object) object_pointer object = NULL;
	struct bpf_program *program;
	int result = open_port(pin_dir, meta, slot, 0, &object, &program, error);

	return result ? result : use(object, context);
}

/* ---- capture ------------------------------------------------------------------------------------
 */

static struct capture_bpf *open_capture(const struct nicsw_meta *meta, __u32 slot, __u32 ifindex,
					const struct nicsw_loader_capture *capture)
{
	struct capture_bpf *skeleton;

	last_warning[0] = 0;
	if (nicsw_loader_prepare())
		return NULL;
	skeleton = capture_bpf__open();
	if (!skeleton)
		return NULL;
	skeleton->rodata->nicsw_bucket_bits = meta->bucket_bits;
	skeleton->rodata->nicsw_slot_words = meta->slot_words;
	skeleton->rodata->nicsw_ifindex_base = meta->ifindex_base;
	skeleton->rodata->nicsw_slot = slot;
	skeleton->rodata->nicsw_capture_slot = capture->slot;
	skeleton->rodata->nicsw_capture_snap = capture->snap;
	skeleton->rodata->nicsw_capture_drops = capture->drops;
	bind_program(skeleton->progs.nicsw_port, ifindex);
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_strip, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_vepa, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_tc_drop, false);
	return skeleton;
}

int nicsw_loader_capture_program(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
				 __u32 ifindex, const struct nicsw_loader_capture *capture,
				 struct nicsw_error *error)
{
	_cleanup_(destroy_capture) capture_pointer skeleton =
		open_capture(meta, slot, ifindex, capture);
	int result, fd;

	if (!skeleton)
		return nicsw_fail(error, -errno, NULL, "opening the capturing programs: %s",
				  strerror(errno));
	if (bpf_map__reuse_fd(skeleton->maps.capture_ring, capture->ring) ||
	    bpf_map__reuse_fd(skeleton->maps.capture_state, capture->state) ||
	    bpf_map__reuse_fd(skeleton->maps.capture_scratch, capture->scratch))
		return nicsw_fail(error, -errno, NULL, "maps of the capture: %s", strerror(errno));
	result = reuse_maps(skeleton->obj, is_pinned_map, pin_dir, error);
	if (!result)
		result = load(skeleton->skeleton, error);
	if (result)
		return result;
	fd = fcntl(bpf_program__fd(skeleton->progs.nicsw_port), F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? nicsw_fail(error, -errno, NULL, "%s", strerror(errno)) : fd;
}

/* ---- why ----------------------------------------------------------------------------------------
 */

/* What explaining writes is its own: nothing of a frame that nobody sent is seen by the switch. */
static bool is_shared_map(const struct bpf_map *map)
{
	static const char *const own[] = {"counters", "meters", "verdict"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (strcmp(bpf_map__name(map), own[i]) == 0)
			return false;
	return is_pinned_map(map);
}

static int load_explain(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			explain_pointer *ret_skeleton, struct nicsw_error *error)
{
	struct explain_bpf *skeleton;
	int result;

	last_warning[0] = 0;
	skeleton = *ret_skeleton = explain_bpf__open();
	if (!skeleton)
		return nicsw_fail(error, -errno, NULL, "opening the switch programs: %s",
				  strerror(errno));
	skeleton->rodata->nicsw_bucket_bits = meta->bucket_bits;
	skeleton->rodata->nicsw_slot_words = meta->slot_words;
	skeleton->rodata->nicsw_ifindex_base = meta->ifindex_base;
	skeleton->rodata->nicsw_slot = slot;
	bpf_map__set_max_entries(skeleton->maps.counters, meta->slots);
	bpf_map__set_max_entries(skeleton->maps.meters, meta->slots);
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_strip, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_vepa, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_tc_drop, false);
	result = reuse_maps(skeleton->obj, is_shared_map, pin_dir, error);
	return result ? result : load(skeleton->skeleton, error);
}

static int run_frame(const struct explain_bpf *skeleton, const __u8 *frame, __u32 length,
		     struct nicsw_explained *ret, struct nicsw_error *error)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = length,
		    .data_out = ret->bytes, .data_size_out = sizeof(ret->bytes));
	__u32 key = 0;
	int result = bpf_prog_test_run_opts(bpf_program__fd(skeleton->progs.nicsw_port), &options);

	if (!result &&
	    bpf_map_lookup_elem(bpf_map__fd(skeleton->maps.verdict), &key, &ret->verdict))
		result = -errno;
	if (result)
		return nicsw_fail(error, result, NULL, "running the switch program: %s",
				  strerror(-result));
	if (!ret->verdict.valid)
		return nicsw_fail(error, -EIO, NULL, "the switch program said nothing");
	ret->length = options.data_size_out;
	return 0;
}

/* Sums over CPUs, of all slots. */
static int read_counters(const struct explain_bpf *skeleton, const struct nicsw_meta *meta,
			 struct nicsw_explained *ret, struct nicsw_error *error)
{
	const size_t words = sizeof(struct nicsw_counters) / sizeof(__u64);
	int cpus = libbpf_num_possible_cpus();
	_cleanup_free_ __u64 *parts = calloc(MAX(cpus, 1), sizeof(struct nicsw_counters));
	__u32 slot;
	size_t word;

	if (!parts)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	for (slot = 0; slot < meta->slots; slot++) {
		__u64 *sums = (__u64 *)&ret->counters[slot];

		if (bpf_map_lookup_elem(bpf_map__fd(skeleton->maps.counters), &slot, parts))
			return nicsw_fail(error, -errno, NULL, "counters: %s", strerror(errno));
		memset(sums, 0, sizeof(ret->counters[slot]));
		for (word = 0; word < words * cpus; word++)
			sums[word % words] += parts[word];
	}
	return 0;
}

int nicsw_loader_explain(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			 const __u8 *frame, __u32 length, struct nicsw_explained *ret,
			 struct nicsw_error *error)
{
	_cleanup_(destroy_explain) explain_pointer skeleton = NULL;
	int result = load_explain(pin_dir, meta, slot, &skeleton, error);

	if (!result)
		result = run_frame(skeleton, frame, length, ret, error);
	return result ? result : read_counters(skeleton, meta, ret, error);
}

/* FNV-1a. */
static __u64 hash_bytes(__u64 hash, const unsigned char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ull;
	return hash;
}

/* Over the object files that are built in: once, they are long. */
__u64 nicsw_loader_program_tag(void)
{
	static __u64 hash;
	const void *bytes;
	size_t size;

	if (hash)
		return hash;
	bytes = switch_bpf__elf_bytes(&size);
	hash = hash_bytes(0xcbf29ce484222325ull, bytes, size);
	bytes = switch_bound_bpf__elf_bytes(&size);
	hash = hash_bytes(hash, bytes, size);
	return hash;
}

static bool is_there(const char *pin_dir, const char *pin, char name[NICSW_PIN_NAME_SIZE])
{
	_cleanup_close_ int fd = nicsw_loader_open_pin(pin_dir, pin, NULL);

	if (fd < 0)
		snprintf(name, NICSW_PIN_NAME_SIZE, "%s", pin);
	return fd >= 0;
}

bool nicsw_loader_has_frags(void)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len, NULL) == 1;
}

/* Asked for no element: a kernel without batches for maps of maps has no such operation at all. */
bool nicsw_loader_has_batch(const char *pin_dir)
{
	_cleanup_close_ int outer = nicsw_loader_open_pin(pin_dir, "flood_groups", NULL);
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	__u32 none = 0;

	return outer >= 0 && !bpf_map_update_batch(outer, &none, &none, &none, &opts);
}

int nicsw_loader_missing_pin(const char *pin_dir, char name[NICSW_PIN_NAME_SIZE])
{
	static const char *const programs[] = {NICSW_PIN_STRIP, NICSW_PIN_VEPA, NICSW_PIN_TC_DROP};
	_cleanup_(destroy) skeleton_pointer skeleton = switch_bpf__open();
	struct bpf_map *map;
	size_t i;

	if (!skeleton)
		return -ENOMEM;
	bpf_object__for_each_map(map, skeleton->obj)
	{
		if (is_pinned_map(map) && !is_there(pin_dir, bpf_map__name(map), name))
			return -ENOENT;
	}
	for (i = 0; i < ARRAY_SIZE(programs); i++)
		if (!is_there(pin_dir, programs[i], name))
			return -ENOENT;
	return 0;
}
