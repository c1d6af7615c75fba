// SPDX-License-Identifier: GPL-2.0-only
#include "tests/prog/lib_silicon.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <sys/mman.h>

#include "core/util.h"

#define LOOPBACK_IFINDEX 1 /* of every network namespace; stands for each port's netdev */

const __u32 silicon_ingress[] = {NICSW_SLOT_UPLINK, NICSW_SLOT_PF,   2, 3, 4,
				 SILICON_FAR_VF,    SILICON_PF_VPORT};
const size_t silicon_num_ingress = ARRAY_SIZE(silicon_ingress);

static void size_maps(struct switch_bpf *skeleton)
{
	bpf_map__set_max_entries(skeleton->maps.ports, SILICON_SLOTS);
	bpf_map__set_max_entries(skeleton->maps.tx_ports, SILICON_SLOTS);
	bpf_map__set_max_entries(skeleton->maps.counters, SILICON_SLOTS);
	bpf_map__set_max_entries(skeleton->maps.meters, SILICON_SLOTS);
	bpf_map__set_max_entries(skeleton->maps.filter_table, 1u << SILICON_BUCKET_BITS);
	bpf_map__set_max_entries(skeleton->maps.vlan_members, NICSW_VLANS * SILICON_WORDS);
}

static int share_maps(struct switch_bpf *skeleton, const struct switch_bpf *owner)
{
	struct bpf_map *map, *theirs;
	int error;

	bpf_object__for_each_map(map, skeleton->obj)
	{
		if (bpf_map__is_internal(map))
			continue;
		theirs = bpf_object__find_map_by_name(owner->obj, bpf_map__name(map));
		error = bpf_map__reuse_fd(map, bpf_map__fd(theirs));
		if (error)
			return error;
	}
	return 0;
}

static int load_program(struct silicon *silicon, __u32 slot)
{
	struct switch_bpf *skeleton = switch_bpf__open();
	int error;

	if (!skeleton)
		return -errno;
	silicon->skeletons[slot] = skeleton;
	skeleton->rodata->nicsw_slot = slot;
	skeleton->rodata->nicsw_slot_words = SILICON_WORDS;
	skeleton->rodata->nicsw_bucket_bits = SILICON_BUCKET_BITS;
	skeleton->rodata->nicsw_ifindex_base = SILICON_IFINDEX_BASE;
	/* The kernel test-runs no program that is meant for a devmap; its code is the same. */
	if (!silicon->live) {
		bpf_program__set_expected_attach_type(skeleton->progs.nicsw_egress_strip, BPF_XDP);
		bpf_program__set_autoload(skeleton->progs.nicsw_egress_vepa, false);
	}
	if (silicon->maps) {
		error = share_maps(skeleton, silicon->maps);
		if (error)
			return error;
	} else {
		size_maps(skeleton);
	}
	error = switch_bpf__load(skeleton);
	if (!error && !silicon->maps)
		silicon->maps = skeleton;
	return error;
}

static void *map_memory(const struct bpf_map *map)
{
	size_t size = (size_t)bpf_map__value_size(map) * bpf_map__max_entries(map);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int open_maps(struct silicon *silicon)
{
	silicon->ports = map_memory(silicon->maps->maps.ports);
	silicon->buckets = map_memory(silicon->maps->maps.filter_table);
	silicon->vlan_members = map_memory(silicon->maps->maps.vlan_members);
	if (!silicon->ports || !silicon->buckets || !silicon->vlan_members)
		return -errno;
	silicon->flood_base = bpf_map_create(BPF_MAP_TYPE_DEVMAP, "flood_base", sizeof(__u32),
					     sizeof(struct bpf_devmap_val), 1, NULL);
	return silicon->flood_base < 0 ? silicon->flood_base : 0;
}

/* Names what the machine lacks, or NULL. Asked of the kernel, not read from a failure of ours. */
static const char *missing_here(void)
{
	if (geteuid() != 0)
		return "root";
	if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_XDP, NULL) != 1)
		return "BPF programs of type XDP (CAP_BPF, CONFIG_BPF_SYSCALL)";
	if (libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len, NULL) != 1)
		return "a kernel with XDP multi-buffer";
	if (unshare(CLONE_NEWNET))
		return "network namespaces";
	return NULL;
}

int silicon_open(struct silicon *silicon, bool live)
{
	int error = 0;

	*silicon = (struct silicon){.live = live, .flood_base = -1};
	for (size_t i = 0; i < silicon_num_ingress && !error; i++)
		error = load_program(silicon, silicon_ingress[i]);
	if (!error)
		error = open_maps(silicon);
	if (error)
		silicon_close(silicon);
	return error;
}

void silicon_require(struct silicon *silicon, bool live)
{
	const char *missing = missing_here();
	int error;

	if (missing)
		cr_skip_test("missing: %s", missing);
	error = silicon_open(silicon, live);
	cr_assert_eq(error, 0, "the switch programs do not load: %s", strerror(-error));
}

static void unmap(void *memory, const struct bpf_map *map)
{
	if (memory)
		munmap(memory, (size_t)bpf_map__value_size(map) * bpf_map__max_entries(map));
}

void silicon_close(struct silicon *silicon)
{
	if (silicon->maps) {
		unmap(silicon->ports, silicon->maps->maps.ports);
		unmap(silicon->buckets, silicon->maps->maps.filter_table);
		unmap(silicon->vlan_members, silicon->maps->maps.vlan_members);
	}
	if (silicon->flood_base >= 0)
		close(silicon->flood_base);
	for (size_t i = 0; i < SILICON_SLOTS; i++)
		switch_bpf__destroy(silicon->skeletons[i]);
	*silicon = (struct silicon){.flood_base = -1};
}

/* The first free entry of a bucket, or NULL. */
static struct nicsw_entry *free_entry(struct nicsw_bucket *bucket)
{
	for (size_t i = 0; i < NICSW_BUCKET_ENTRIES; i++)
		if (!bucket->entries[i].key)
			return &bucket->entries[i];
	return NULL;
}

static int place(struct silicon *silicon, __u64 key, __u32 slot)
{
	__u64 hash = nicsw_key_hash(key);
	struct nicsw_bucket *first =
		&silicon->buckets[nicsw_bucket_first(hash, SILICON_BUCKET_BITS)];
	struct nicsw_entry *entry = free_entry(first);

	if (!entry) {
		first->entries[0].target |= NICSW_OVERFLOW_MARK;
		entry = free_entry(
			&silicon->buckets[nicsw_bucket_second(hash, SILICON_BUCKET_BITS)]);
	}
	if (!entry)
		return -ENOSPC;
	entry->target = (entry->target & NICSW_OVERFLOW_MARK) | slot;
	entry->key = key;
	return 0;
}

struct nicsw_entry *silicon_entry(struct silicon *silicon, __u64 key)
{
	for (size_t i = 0; i < 1u << SILICON_BUCKET_BITS; i++)
		for (size_t k = 0; k < NICSW_BUCKET_ENTRIES; k++)
			if (silicon->buckets[i].entries[k].key == key)
				return &silicon->buckets[i].entries[k];
	return NULL;
}

static int program_filters(struct silicon *silicon, const struct nicsw_model *model)
{
	memset(silicon->buckets, 0, sizeof(*silicon->buckets) << SILICON_BUCKET_BITS);
	for (__u32 i = 0; i < model->num_filters; i++) {
		const struct nicsw_model_filter *filter = &model->filters[i];
		int error = place(silicon, nicsw_key(filter->mac, filter->vid), filter->slot);

		if (error)
			return error;
	}
	return 0;
}

static void program_vlan_sets(struct silicon *silicon, const struct nicsw_model *model)
{
	memset(silicon->vlan_members, 0, NICSW_VLANS * SILICON_WORDS * sizeof(__u64));
	for (__u32 slot = NICSW_SLOT_VF(0); slot < model->num_ports; slot++)
		for (__u32 vid = 0; vid < NICSW_VLANS; vid++)
			if (model->ports[slot].vlan_set[vid / 64] >> (vid % 64) & 1)
				silicon->vlan_members[vid * SILICON_WORDS + slot / 64] |=
					1ull << (slot % 64);
}

/* What the flags of a port say to the daemon, it derives further for the programs. */
static void derive_port(const struct nicsw_model_port *from, const __u16 classes[2], __u32 slot,
			struct nicsw_port *to)
{
	const __u32 policies = NICSW_PORT_ISOLATED | NICSW_PORT_LINK_OFF | NICSW_PORT_VEPA |
			       NICSW_PORT_TRUNK | NICSW_PORT_ACCESS | NICSW_PORT_RATE |
			       NICSW_PORT_SHARE | NICSW_PORT_STORM;

	*to = from->port;
	if (from->vlan_set[0] & 1)
		to->flags |= NICSW_PORT_UNTAGGED;
	if (!to->access_vid && !(to->flags & policies))
		to->flags |= NICSW_PORT_PLAIN;
	to->flood_class[1] = classes[1];
	if (slot != NICSW_SLOT_UPLINK) {
		to->flood_class[0] = classes[0];
		to->flood_class[1] |= classes[0];
	}
}

/* Groups of its own for a class only where its members differ. */
static void find_classes(const struct nicsw_model *model, __u16 classes[2])
{
	classes[0] = classes[1] = 0;
	for (__u32 slot = 0; slot < model->num_ports; slot++) {
		__u32 flags = model->ports[slot].port.flags;

		if (flags & NICSW_PORT_ISOLATED)
			classes[0] = NICSW_FLOOD_PEERS;
		if (!(flags & NICSW_PORT_BROADCAST) != !(flags & NICSW_PORT_MULTICAST))
			classes[1] = NICSW_FLOOD_MULTICAST;
	}
}

static int program_ports(struct silicon *silicon, const struct nicsw_model *model)
{
	int fd = bpf_map__fd(silicon->maps->maps.tx_ports);
	const struct bpf_devmap_val device = {.ifindex = LOOPBACK_IFINDEX};
	__u16 classes[2];
	int error;

	find_classes(model, classes);
	memset(silicon->ports, 0, SILICON_SLOTS * sizeof(*silicon->ports));
	for (__u32 slot = 0; slot < model->num_ports; slot++) {
		derive_port(&model->ports[slot], classes, slot, &silicon->ports[slot]);
		error = model->ports[slot].absent ? bpf_map_delete_elem(fd, &slot)
						  : bpf_map_update_elem(fd, &slot, &device, 0);
		if (error && error != -ENOENT)
			return error;
	}
	return 0;
}

/* Only when it changes: each update of a map of maps waits for a grace period. */
static int program_flood(struct silicon *silicon, const struct nicsw_model *model)
{
	int fd = bpf_map__fd(silicon->maps->maps.flood_groups), error;
	__u32 base = NICSW_FLOOD_BASE;

	if (silicon->flooding == !model->no_flood)
		return 0;
	error = model->no_flood ? bpf_map_delete_elem(fd, &base)
				: bpf_map_update_elem(fd, &base, &silicon->flood_base, 0);
	if (!error)
		silicon->flooding = !model->no_flood;
	return error;
}

int silicon_program(struct silicon *silicon, const struct nicsw_model *model)
{
	int error = program_filters(silicon, model);

	if (!error)
		error = program_ports(silicon, model);
	if (!error)
		error = program_flood(silicon, model);
	if (!error)
		program_vlan_sets(silicon, model);
	return error;
}

/* A context is given only when it is needed: kernels before 6.18 take none for a frame in pieces.
 */
int silicon_run(int program, struct silicon_run *run)
{
	static __u8 in[NICSW_MODEL_FRAME_MAX + SILICON_HEADROOM];
	static __u8 out[sizeof(in) + NICSW_MODEL_TAG];
	struct xdp_md context = {.data = run->metadata,
				 .data_end = run->metadata + run->linear_length};
	bool shaped = run->metadata || run->linear_length != run->length;
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = in,
		    .data_size_in = run->metadata + run->length, .data_out = out,
		    .data_size_out = sizeof(out), .ctx_in = shaped ? &context : NULL,
		    .ctx_size_in = shaped ? sizeof(context) : 0);
	int error;

	memset(in, 0x5a, run->metadata);
	memcpy(in + run->metadata, run->bytes, run->length);
	error = bpf_prog_test_run_opts(program, &options);
	if (error)
		return error;
	run->action = options.retval;
	run->out_length = options.data_size_out - run->metadata;
	memcpy(run->out, out + run->metadata, run->out_length);
	return 0;
}

int silicon_send(struct silicon *silicon, __u32 ingress, struct silicon_run *run)
{
	return silicon_run(bpf_program__fd(silicon->skeletons[ingress]->progs.nicsw_port), run);
}

static void add_counters(struct nicsw_counters *sum, const struct nicsw_counters *part)
{
	__u64 *to = (__u64 *)sum;
	const __u64 *from = (const __u64 *)part;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

int silicon_counters(const struct silicon *silicon, __u32 slot, struct nicsw_counters *ret)
{
	int cpus = libbpf_num_possible_cpus();
	struct nicsw_counters parts[cpus];
	int error = bpf_map_lookup_elem(bpf_map__fd(silicon->maps->maps.counters), &slot, parts);

	if (error)
		return error;
	*ret = (struct nicsw_counters){};
	for (int i = 0; i < cpus; i++)
		add_counters(ret, &parts[i]);
	return 0;
}

int silicon_counters_reset(struct silicon *silicon)
{
	int cpus = libbpf_num_possible_cpus();
	struct nicsw_counters parts[cpus];
	int error = 0;

	memset(parts, 0, sizeof(parts));
	for (__u32 slot = 0; slot < SILICON_SLOTS && !error; slot++)
		error = bpf_map_update_elem(bpf_map__fd(silicon->maps->maps.counters), &slot, parts,
					    0);
	return error;
}

void silicon_expect(const struct silicon_outcome *outcome, __u32 ingress, __u32 length,
		    struct nicsw_counters *counters)
{
	counters[ingress].tx_packets[outcome->cast]++;
	counters[ingress].tx_bytes[outcome->cast] += length;
	if (outcome->reason)
		counters[outcome->counted_at].drops[outcome->reason]++;
	for (__u32 i = 0; i < outcome->num_receivers; i++) {
		struct nicsw_counters *receiver = &counters[outcome->receivers[i].slot];

		receiver->rx_packets[outcome->cast]++;
		receiver->rx_bytes[outcome->cast] += outcome->receivers[i].length;
	}
	for (__u32 i = 0; i < outcome->num_refusals; i++) {
		struct nicsw_counters *receiver = &counters[outcome->refusals[i].slot];

		receiver->drops[outcome->refusals[i].reason]++;
		receiver->copy_drops++;
	}
	if (!outcome->reason && outcome->cast != NICSW_UNICAST) {
		counters[ingress].flooded++;
		counters[ingress].copies += outcome->num_receivers + outcome->num_refusals;
	}
}

void silicon_judge(const struct nicsw_model_verdict *verdict, struct silicon_outcome *ret)
{
	const struct nicsw_model_frame *switched;
	bool tagged = verdict->switched_tagged;

	*ret = (struct silicon_outcome){.reason = verdict->reason,
					.counted_at = verdict->counted_at,
					.cast = verdict->cast,
					.num_receivers = verdict->num_copies,
					.num_refusals = verdict->num_refusals};
	for (__u32 i = 0; i < verdict->num_copies; i++) {
		ret->receivers[i].slot = verdict->copies[i].slot;
		ret->receivers[i].length =
			nicsw_model_output(verdict, verdict->copies[i].tagged)->length;
	}
	for (__u32 i = 0; i < verdict->num_refusals; i++)
		ret->refusals[i] = verdict->refusals[i];
	if (verdict->reason)
		return;
	if (verdict->cast == NICSW_UNICAST)
		tagged = verdict->copies[0].tagged;
	switched = nicsw_model_output(verdict, tagged);
	ret->bytes = switched->bytes;
	ret->length = switched->length;
}

const char *silicon_difference(const struct nicsw_counters *expected,
			       const struct nicsw_counters *seen)
{
	static const struct {
		const char *name;
		size_t offset, size;
	} parts[] = {
#define PART(member) {#member, offsetof(struct nicsw_counters, member), sizeof(expected->member)}
		PART(rx_packets), PART(rx_bytes), PART(tx_packets), PART(tx_bytes), PART(drops),
		PART(flooded),    PART(copies),   PART(copy_drops), PART(withheld),
#undef PART
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (memcmp((const char *)expected + parts[i].offset,
			   (const char *)seen + parts[i].offset, parts[i].size) != 0)
			return parts[i].name;
	return NULL;
}
