// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast is the switch: 64-byte frames from VF to VF, against a bare redirect between the same
 * netdevs.
 *
 *   switch_rate [--pairs N] [--seconds S] [--metadata]
 *
 * With --metadata another pair is compared: the switch programs, and the same ones bound to their
 * device, which look for VLAN tags in metadata, as they run in an adapter.
 *
 * Frames are made in the kernel at the sender's netdev (live frames, batches of 64), with 64
 * destination MACs in random order, and enter the switch end as received frames. Everything is on:
 * source and VLAN check, packet filters, length check, counters; the filter table has as many
 * filters as it is made for.
 * Figures of a machine drift, so runs are interleaved in pairs, bare and switch, and the ratio is
 * taken pair by pair. Each pair has a third run: the switch with the programs behind the redirect,
 * which the kernel calls once for a bulk of up to 16 frames; what they cost is printed besides. All
 * on one CPU: generator, switch and sink. Only frames that arrived count.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <getopt.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <nicsw/maps.h>

#include "bpf/switch.skel.h"
#include "bpf/switch_bound.skel.h"
#include "bpf/transmit.skel.h"
#include "core/util.h"
#include "dataplane/loader.h"
#include "tests/bench/bench.skel.h"

#define BAR             0.85
#define BAR_METADATA    0.98 /* what runs of the same program differ by */
#define SLOTS           66u
#define BUCKET_BITS     15u  /* the table of an adapter as the daemon makes it */
#define FILTERS         512u /* set, of 65,536 that it can take */
#define DESTINATIONS    64u
#define FRAME_LENGTH    60u /* 64 on a wire, with its FCS */
#define BATCH           64u
#define FRAMES_PER_CALL (1u << 17)
#define MAX_PAIRS       1000
#define SENDER          NICSW_SLOT_VF(0)
#define RECEIVER        NICSW_SLOT_VF(1)

static const __u8 sender_mac[NICSW_MAC_SIZE] = {2, 0, 0, 0, 0, 1};

struct bench {
	struct switch_bpf *switch_object;
	struct switch_bound_bpf *bound_object;
	struct bench_bpf *tools;
	struct transmit_bpf *watch;
	struct bpf_program *programs[2]; /* what is compared: the second with the first */
	struct bpf_link *ingress;        /* at the sender's switch end: one program or the other */
	__u64 frames_sent, frames_lost;
};

/* Mpps of each pair, and switch over bare. */
struct result {
	double bare[MAX_PAIRS], switched[MAX_PAIRS], ratios[MAX_PAIRS];
	double watched[MAX_PAIRS], watch_ns[MAX_PAIRS]; /* more for each frame */
};

struct options {
	int pairs;
	double seconds;
	bool metadata;
};

static int fail(const char *what, int error)
{
	fprintf(stderr, "switch_rate: %s: %s\n", what, strerror(-error));
	return error;
}

/* A namespace without a name goes with the process, and its netdevs with it. */
static int make_netdevs(void)
{
	static const char *const commands[] = {
		"ip link add guest0 type veth peer name switch0",
		"ip link add guest1 type veth peer name switch1",
		"ip link set guest0 up",
		"ip link set switch0 up",
		"ip link set guest1 up",
		"ip link set switch1 up",
	};

	if (unshare(CLONE_NEWNET))
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (system(commands[i]) != 0)
			return -EIO;
	return 0;
}

/*
 * One CPU, and before all ordinary tasks on it: else the kernel hands part of the work to
 * ksoftirqd, where it is neither measured nor done at the time of the measurement.
 */
static int take_last_cpu(void)
{
	struct sched_param priority = {.sched_priority = 1};
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) ||
	    sched_setscheduler(0, SCHED_FIFO, &priority))
		return -errno;
	return 0;
}

static void place(struct nicsw_bucket *buckets, __u64 key, __u32 slot)
{
	__u64 hash = nicsw_key_hash(key);
	struct nicsw_bucket *first = &buckets[nicsw_bucket_first(hash, BUCKET_BITS)];
	struct nicsw_bucket *second = &buckets[nicsw_bucket_second(hash, BUCKET_BITS)];

	for (size_t i = 0; i < 2 * NICSW_BUCKET_ENTRIES; i++) {
		struct nicsw_entry *entry = i < NICSW_BUCKET_ENTRIES
						    ? &first->entries[i]
						    : &second->entries[i - NICSW_BUCKET_ENTRIES];

		if (i == NICSW_BUCKET_ENTRIES)
			first->entries[0].target |= NICSW_OVERFLOW_MARK;
		if (entry->key)
			continue;
		entry->target = (entry->target & NICSW_OVERFLOW_MARK) | slot;
		entry->key = key;
		return;
	}
}

/* The receiver's addresses differ in the last byte; others fill the table around them. */
static void fill_table(struct nicsw_bucket *buckets)
{
	for (__u32 i = 0; i < FILTERS; i++) {
		bool destination = i % (FILTERS / DESTINATIONS) == 0;
		__u8 mac[NICSW_MAC_SIZE] = {2, 0, 0, destination ? 1 : 2, i >> 8, i};

		if (destination) {
			mac[4] = 0;
			mac[5] = i / (FILTERS / DESTINATIONS);
		}
		place(buckets, nicsw_key(mac, 0), destination ? RECEIVER : RECEIVER + 1 + i % 8);
	}
}

static void *map_memory(const struct bpf_map *map)
{
	size_t size = (size_t)bpf_map__value_size(map) * bpf_map__max_entries(map);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int fill_maps(struct bench *bench)
{
	struct nicsw_bucket *buckets = map_memory(bench->switch_object->maps.filter_table);
	struct nicsw_port *ports = map_memory(bench->switch_object->maps.ports);
	__u64 *members = map_memory(bench->switch_object->maps.vlan_members);
	const __u32 live = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
			   NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP |
			   NICSW_PORT_UNTAGGED | NICSW_PORT_PLAIN;

	if (!buckets || !ports || !members)
		return -errno;
	fill_table(buckets);
	ports[SENDER] = (struct nicsw_port){
		.flags = live, .station = nicsw_key(sender_mac, 0), .max_frame = 1518};
	ports[RECEIVER] = (struct nicsw_port){.flags = live, .max_frame = 1518};
	members[0] |= 1ull << SENDER | 1ull << RECEIVER;
	return 0;
}

static int load_switch(struct bench *bench)
{
	struct switch_bpf *object = switch_bpf__open();

	if (!object)
		return -errno;
	bench->switch_object = object;
	object->rodata->nicsw_slot = SENDER;
	object->rodata->nicsw_bucket_bits = BUCKET_BITS;
	object->rodata->nicsw_slot_words = NICSW_SLOT_WORDS(SLOTS);
	bpf_map__set_max_entries(object->maps.ports, SLOTS);
	bpf_map__set_max_entries(object->maps.counters, SLOTS);
	bpf_map__set_max_entries(object->maps.tx_ports, SLOTS);
	bpf_map__set_max_entries(object->maps.filter_table, 1u << BUCKET_BITS);
	bpf_map__set_max_entries(object->maps.vlan_members, NICSW_VLANS * NICSW_SLOT_WORDS(SLOTS));
	return switch_bpf__load(object);
}

/* Over the maps of the switch; the receiver's netdev has a number of its own choice. */
static int load_watch(struct bench *bench)
{
	struct transmit_bpf *watch = transmit_bpf__open();
	struct nicsw_meta *meta;
	struct stat netns;
	struct bpf_map *map;

	if (!watch)
		return -errno;
	bench->watch = watch;
	bpf_object__for_each_map(map, watch->obj)
	{
		const struct bpf_map *theirs =
			bpf_object__find_map_by_name(bench->switch_object->obj, bpf_map__name(map));

		if (!bpf_map__is_internal(map) && bpf_map__reuse_fd(map, bpf_map__fd(theirs)))
			return -errno;
	}
	meta = map_memory(bench->switch_object->maps.meta);
	if (!meta || stat("/proc/self/ns/net", &netns))
		return -errno;
	meta->slots = SLOTS;
	meta->switch_netns = netns.st_ino;
	meta->ifindex_base = if_nametoindex("switch1") - RECEIVER;
	return transmit_bpf__load(watch);
}

static int share_maps(const struct bench *bench)
{
	struct bpf_map *map;
	int error = 0;

	bpf_object__for_each_map(map, bench->bound_object->obj)
	{
		const struct bpf_map *owner =
			bpf_object__find_map_by_name(bench->switch_object->obj, bpf_map__name(map));

		if (!error && !bpf_map__is_internal(map))
			error = bpf_map__reuse_fd(map, bpf_map__fd(owner));
	}
	return error;
}

/* The same program over the same maps, bound to the sender's switch end. */
static int load_bound(struct bench *bench)
{
	struct switch_bound_bpf *object;
	struct bpf_program *program;
	int error = nicsw_loader_prepare();

	object = error ? NULL : switch_bound_bpf__open();
	if (!object)
		return error ? error : -errno;
	bench->bound_object = object;
	object->rodata->nicsw_slot = SENDER;
	object->rodata->nicsw_bucket_bits = BUCKET_BITS;
	object->rodata->nicsw_slot_words = NICSW_SLOT_WORDS(SLOTS);
	bpf_object__for_each_program(program, object->obj)
		bpf_program__set_autoload(program, program == object->progs.nicsw_port);
	program = object->progs.nicsw_port;
	bpf_program__set_ifindex(program, if_nametoindex("switch0"));
	bpf_program__set_flags(program, bpf_program__flags(program) | 1u << 6); /* DEV_BOUND_ONLY */
	return share_maps(bench) ?: switch_bound_bpf__load(object);
}

static void choose_programs(struct bench *bench, bool metadata)
{
	bench->programs[0] = bench->tools->progs.bench_bare;
	bench->programs[1] = bench->switch_object->progs.nicsw_port;
	if (!metadata)
		return;
	bench->programs[0] = bench->programs[1];
	bench->programs[1] = bench->bound_object->progs.nicsw_port;
}

static int put_device(const struct bpf_map *map, __u32 slot, const char *name)
{
	const struct bpf_devmap_val device = {.ifindex = if_nametoindex(name)};

	return bpf_map_update_elem(bpf_map__fd(map), &slot, &device, 0);
}

static int open_bench(struct bench *bench, bool metadata)
{
	int error = load_switch(bench);

	if (!error && metadata)
		error = load_bound(bench);
	if (error)
		return fail("cannot load the switch", error);
	error = load_watch(bench);
	if (error)
		return fail("cannot load the programs behind the redirect", error);
	bench->tools = bench_bpf__open_and_load();
	if (!bench->tools)
		return fail("cannot load the tools", -errno);
	choose_programs(bench, metadata);
	error = fill_maps(bench);
	if (!error)
		error = put_device(bench->switch_object->maps.tx_ports, RECEIVER, "switch1");
	if (!error)
		error = put_device(bench->tools->maps.bare_ports, 0, "switch1");
	if (error)
		return fail("cannot fill the maps", error);
	bench->ingress = bpf_program__attach_xdp(bench->programs[0], if_nametoindex("switch0"));
	if (!bench->ingress)
		return fail("cannot attach to the switch end", -errno);
	bench->tools->links.bench_sink =
		bpf_program__attach_xdp(bench->tools->progs.bench_sink, if_nametoindex("guest1"));
	return bench->tools->links.bench_sink ? 0 : fail("cannot attach the sink", -errno);
}

static void close_bench(struct bench *bench)
{
	bpf_link__destroy(bench->ingress);
	bench_bpf__destroy(bench->tools);
	transmit_bpf__destroy(bench->watch);
	switch_bound_bpf__destroy(bench->bound_object);
	switch_bpf__destroy(bench->switch_object);
}

static __u64 sunk(const struct bench *bench)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 counts[cpus], sum = 0;
	__u32 zero = 0;

	if (bpf_map_lookup_elem(bpf_map__fd(bench->tools->maps.sunk), &zero, counts))
		return 0;
	for (int i = 0; i < cpus; i++)
		sum += counts[i];
	return sum;
}

/*
 * Sends FRAMES_PER_CALL frames. Adds the nanoseconds they took, as the kernel measured: from the
 * first batch to the last, with what the batches set off, without setting up and without the turns
 * of other tasks.
 */
static int generate(const struct bench *bench, __u64 *nanoseconds)
{
	static __u8 frame[FRAME_LENGTH] = {2, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
	struct xdp_md context = {.data_end = sizeof(frame),
				 .ingress_ifindex = if_nametoindex("guest0")};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = FRAMES_PER_CALL,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);
	int error = bpf_prog_test_run_opts(bpf_program__fd(bench->tools->progs.bench_generate),
					   &options);

	if (!error)
		*nanoseconds += (__u64)options.duration * FRAMES_PER_CALL;
	return error;
}

/* Millions of frames a second that arrived. */
static int measure(struct bench *bench, struct bpf_program *program, double seconds,
		   double *ret_mpps)
{
	__u64 before, arrived, sent = 0, nanoseconds = 0, warming = 0;
	int error = bpf_link__update_program(bench->ingress, program);

	if (error)
		return fail("cannot exchange the program", error);
	error = generate(bench, &warming); /* caches, page pool */
	before = sunk(bench);
	while (!error && nanoseconds < seconds * 1e9) {
		error = generate(bench, &nanoseconds);
		sent += FRAMES_PER_CALL;
	}
	if (error)
		return fail("cannot make frames", error);
	arrived = sunk(bench) - before;
	bench->frames_sent += sent;
	bench->frames_lost += sent > arrived ? sent - arrived : 0;
	*ret_mpps = arrived * 1e3 / nanoseconds;
	return 0;
}

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* Sorts values. */
static double median(double *values, int number)
{
	qsort(values, number, sizeof(*values), compare_doubles);
	return number % 2 ? values[number / 2] : (values[number / 2 - 1] + values[number / 2]) / 2;
}

static void print_spread(const char *name, const double *sorted, int number)
{
	printf("%-6s %.2f Mpps, from %.2f to %.2f, middle half %.2f to %.2f\n", name,
	       sorted[number / 2], sorted[0], sorted[number - 1], sorted[number / 4],
	       sorted[number - 1 - number / 4]);
}

static int report_metadata(struct result *result, int pairs)
{
	double plain = median(result->bare, pairs), bound = median(result->switched, pairs);
	double ratio = median(result->ratios, pairs);
	bool met = ratio >= BAR_METADATA;

	printf("switch_rate: looking for VLAN tags in metadata: %.2f Mpps, %.2f without, median "
	       "ratio %.3f (middle half of %d pairs %.3f to %.3f), bar %.2f: %s\n",
	       bound, plain, ratio, pairs, result->ratios[pairs / 4],
	       result->ratios[pairs - 1 - pairs / 4], BAR_METADATA, met ? "met" : "NOT met");
	return met ? 0 : 1;
}

static int report(const struct bench *bench, struct result *result, int pairs)
{
	double bare = median(result->bare, pairs), switched = median(result->switched, pairs);
	double ratio = median(result->ratios, pairs);
	bool met = ratio >= BAR;

	printf("frames lost on the way: %llu of %llu\n", (unsigned long long)bench->frames_lost,
	       (unsigned long long)bench->frames_sent);
	print_spread("bare", result->bare, pairs);
	print_spread("switch", result->switched, pairs);
	median(result->watched, pairs);
	print_spread("watch", result->watched, pairs);
	printf("switch_rate: behind the redirect: %.1f ns a frame more (median of %d pairs)\n",
	       median(result->watch_ns, pairs), pairs);
	printf("switch_rate: VF to VF, 64 bytes, one CPU: switch %.2f Mpps, bare redirect %.2f "
	       "Mpps, "
	       "median ratio %.3f (middle half of %d pairs %.3f to %.3f), bar %.2f: %s\n",
	       switched, bare, ratio, pairs, result->ratios[pairs / 4],
	       result->ratios[pairs - 1 - pairs / 4], BAR, met ? "met" : "NOT met");
	return met ? 0 : 1;
}

/* The same switch, with the tracepoints attached. */
static int measure_watched(struct bench *bench, double seconds, double *ret_mpps)
{
	struct bpf_program *program = bench->switch_object->progs.nicsw_port;
	int error = transmit_bpf__attach(bench->watch);

	if (error)
		return fail("cannot attach behind the redirect", error);
	error = measure(bench, program, seconds, ret_mpps);
	transmit_bpf__detach(bench->watch);
	return error;
}

/* Every second pair runs the other way round, so that a drift favours neither. */
static int measure_pair(struct bench *bench, int pair, double seconds, struct result *result)
{
	struct bpf_program **programs = bench->programs;
	double *rates[] = {&result->bare[pair], &result->switched[pair]};
	int first = pair % 2, error;

	error = measure(bench, programs[first], seconds, rates[first]);
	if (!error)
		error = measure(bench, programs[!first], seconds, rates[!first]);
	if (!error)
		error = measure_watched(bench, seconds, &result->watched[pair]);
	if (error)
		return error;
	if (!result->bare[pair] || !result->switched[pair] || !result->watched[pair])
		return fail("no frame arrived", -ENODATA);
	result->ratios[pair] = result->switched[pair] / result->bare[pair];
	result->watch_ns[pair] = 1e3 / result->watched[pair] - 1e3 / result->switched[pair];
	printf("pair %3d: bare %.3f, switch %.3f, watched %.3f Mpps, ratio %.3f\n", pair + 1,
	       result->bare[pair], result->switched[pair], result->watched[pair],
	       result->ratios[pair]);
	return 0;
}

static int run(struct bench *bench, const struct options *options)
{
	static struct result result;
	int error = 0;

	for (int pair = 0; pair < options->pairs && !error; pair++)
		error = measure_pair(bench, pair, options->seconds, &result);
	if (error)
		return error;
	return options->metadata ? report_metadata(&result, options->pairs)
				 : report(bench, &result, options->pairs);
}

static int parse_options(int argc, char **argv, struct options *ret_options)
{
	static const struct option table[] = {
		{"pairs", required_argument, NULL, 'p'},
		{"seconds", required_argument, NULL, 's'},
		{"metadata", no_argument, NULL, 'm'},
		{},
	};
	struct options options = {.pairs = 75, .seconds = 0.1};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'p')
			options.pairs = atoi(optarg);
		else if (option == 's')
			options.seconds = atof(optarg);
		else if (option == 'm')
			options.metadata = true;
		else
			return -EINVAL;
	}
	if (optind != argc || options.pairs < 1 || options.pairs > MAX_PAIRS ||
	    options.seconds <= 0)
		return -EINVAL;
	*ret_options = options;
	return 0;
}

int main(int argc, char **argv)
{
	struct bench bench = {};
	struct options options;
	int error = parse_options(argc, argv, &options);

	if (error) {
		fprintf(stderr, "usage: switch_rate [--pairs N] [--seconds S] [--metadata]\n");
		return 2;
	}
	error = make_netdevs();
	if (error) {
		fail("cannot make a world of its own (root?)", error);
		return 2;
	}
	error = take_last_cpu();
	if (!error)
		error = open_bench(&bench, options.metadata);
	if (!error)
		error = run(&bench, &options);
	close_bench(&bench);
	return error < 0 ? 2 : error;
}
