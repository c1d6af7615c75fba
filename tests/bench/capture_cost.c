// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a capture costs a frame: nanoseconds of the switch program, 64-byte frames from VF to VF,
 * beside the plain program.
 *
 *   capture_cost [ROUNDS]
 *
 * Each round runs every program once, so that a drift of the machine meets all of them; the median
 * of the differences within a round is printed. Only the program is measured, not what is behind
 * the redirect: see switch_rate for that.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <nicsw/capture.h>
#include <nicsw/maps.h>

#include "bpf/capture.skel.h"
#include "bpf/switch.skel.h"
#include "core/util.h"
#include "dataplane/loader.h"

#define MAX_ROUNDS 1000
#define REPEAT     15000 /* records of that many frames fit into the ring */
#define SENDER     NICSW_SLOT_VF(0)
#define RECEIVER   NICSW_SLOT_VF(1)
#define OTHER      NICSW_SLOT_VF(2)
#define SLOTS      NICSW_SLOTS(8)

enum { PLAIN, ELSEWHERE, COPIED, COPIED_LONG, FULL, KINDS };

static const char *const names[KINDS] = {
	"no capture",         "a capture of another port",
	"captured, 60 bytes", "captured, 1,514 bytes of a frame",
	"the ring is full",
};

static const __u8 frame_head[] = {2, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
static __u8 frame[1514];

struct bench {
	struct switch_bpf *plain;
	struct capture_bpf *elsewhere, *all;
	struct ring_buffer *reader;
};

static int fail(const char *what, int error)
{
	fprintf(stderr, "capture_cost: %s: %s\n", what, strerror(-error));
	return error;
}

static int load_plain(struct bench *bench)
{
	struct switch_bpf *object = switch_bpf__open();

	if (!object)
		return -errno;
	bench->plain = object;
	object->rodata->nicsw_slot = SENDER;
	bpf_map__set_max_entries(object->maps.ports, SLOTS);
	bpf_map__set_max_entries(object->maps.counters, SLOTS);
	bpf_map__set_max_entries(object->maps.tx_ports, SLOTS);
	return switch_bpf__load(object);
}

static int load_capture(struct bench *bench, __u32 slot, struct capture_bpf **ret)
{
	struct capture_bpf *object = nicsw_loader_prepare() ? NULL : capture_bpf__open();
	struct bpf_map *map, *shared;
	int error = 0;

	if (!object)
		return -errno;
	*ret = object;
	object->rodata->nicsw_slot = SENDER;
	object->rodata->nicsw_capture_slot = slot;
	object->rodata->nicsw_capture_snap = sizeof(frame);
	bpf_object__for_each_map(map, object->obj)
	{
		shared = bpf_map__is_internal(map) ? NULL
						   : bpf_object__find_map_by_name(
							     bench->plain->obj, bpf_map__name(map));
		if (!error && shared)
			error = bpf_map__reuse_fd(map, bpf_map__fd(shared));
	}
	return error ? error : capture_bpf__load(object);
}

static int put(const struct bpf_map *map, __u32 key, const void *value)
{
	return bpf_map_update_elem(bpf_map__fd(map), &key, value, 0);
}

static int fill_maps(struct bench *bench)
{
	const __u32 live = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
			   NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_UNTAGGED |
			   NICSW_PORT_PLAIN;
	const struct nicsw_port sender = {.flags = live, .station = nicsw_key(frame_head + 6, 0)};
	const struct nicsw_port receiver = {.flags = live, .max_frame = 1518};
	struct nicsw_bucket bucket = {.entries[0] = {nicsw_key(frame_head, 0), RECEIVER}};
	const struct bpf_devmap_val loopback = {.ifindex = 1};
	int error = put(bench->plain->maps.ports, SENDER, &sender);

	if (!error)
		error = put(bench->plain->maps.ports, RECEIVER, &receiver);
	if (!error)
		error = put(bench->plain->maps.tx_ports, RECEIVER, &loopback);
	/* There are two buckets. */
	for (__u32 i = 0; !error && i < 2; i++)
		error = put(bench->plain->maps.filter_table, i, &bucket);
	return error;
}

static int ignore(void *context _unused_, void *bytes _unused_, size_t length _unused_)
{
	return 0;
}

static int open_bench(struct bench *bench)
{
	int error = load_plain(bench);

	if (!error)
		error = load_capture(bench, OTHER, &bench->elsewhere);
	if (!error)
		error = load_capture(bench, NICSW_NONE, &bench->all);
	if (!error)
		error = fill_maps(bench);
	if (error)
		return error;
	bench->reader =
		ring_buffer__new(bpf_map__fd(bench->all->maps.capture_ring), ignore, NULL, NULL);
	return bench->reader ? 0 : -errno;
}

static void close_bench(struct bench *bench)
{
	ring_buffer__free(bench->reader);
	capture_bpf__destroy(bench->all);
	capture_bpf__destroy(bench->elsewhere);
	switch_bpf__destroy(bench->plain);
}

/* Nanoseconds a frame. */
static int run(const struct bpf_program *program, size_t length, int repeat, double *ret)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = length,
		    .repeat = repeat);
	int error = bpf_prog_test_run_opts(bpf_program__fd(program), &options);

	if (!error && options.retval != XDP_REDIRECT)
		error = -EIO;
	*ret = options.duration;
	return error;
}

/* A long frame takes more room in the ring. */
static int run_round(struct bench *bench, double times[KINDS])
{
	const struct bpf_program *all = bench->all->progs.nicsw_port;
	int error = run(bench->plain->progs.nicsw_port, 60, REPEAT, &times[PLAIN]);

	if (!error)
		error = run(bench->elsewhere->progs.nicsw_port, 60, REPEAT, &times[ELSEWHERE]);
	if (!error)
		error = run(all, 60, REPEAT, &times[COPIED]);
	ring_buffer__consume(bench->reader);
	if (!error)
		error = run(all, sizeof(frame), REPEAT / 10, &times[COPIED_LONG]);
	if (!error) /* fills it */
		error = run(all, sizeof(frame), REPEAT, &times[FULL]);
	if (!error)
		error = run(all, 60, REPEAT, &times[FULL]);
	ring_buffer__consume(bench->reader);
	return error;
}

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(double *values, int number)
{
	qsort(values, number, sizeof(*values), compare_doubles);
	return values[number / 2];
}

static void report(double times[][MAX_ROUNDS], int rounds)
{
	double differences[MAX_ROUNDS];

	for (int kind = 1; kind < KINDS; kind++) {
		for (int i = 0; i < rounds; i++)
			differences[i] = times[kind][i] - times[PLAIN][i];
		printf("%-36s %+6.0f ns\n", names[kind], median(differences, rounds));
	}
	printf("%-36s %6.0f ns a frame\n", names[PLAIN], median(times[PLAIN], rounds));
}

int main(int argc, char **argv)
{
	static double times[KINDS][MAX_ROUNDS];
	int rounds = argc > 1 ? atoi(argv[1]) : 101, error;
	struct bench bench = {};
	double once[KINDS];

	if (rounds < 1 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: capture_cost [ROUNDS], 1..%d\n", MAX_ROUNDS);
		return 2;
	}
	memcpy(frame, frame_head, sizeof(frame_head));
	error = open_bench(&bench);
	if (error)
		fail("cannot load the programs (root?)", error);
	for (int i = 0; i < rounds && !error; i++) {
		error = run_round(&bench, once);
		for (int kind = 0; kind < KINDS; kind++)
			times[kind][i] = once[kind];
		if (error)
			fail("cannot run", error);
	}
	if (!error)
		report(times, rounds);
	close_bench(&bench);
	return error ? 1 : 0;
}
