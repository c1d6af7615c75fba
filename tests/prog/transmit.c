// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs behind the redirect, on real netdevs: what is counted where, and that reports about
 * netdevs of others, with the same numbers, are not counted at all.
 */
#include <bpf/bpf.h>
#include <criterion/criterion.h>
#include <net/if.h>
#include <nicsw/maps.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "bpf/transmit.skel.h"
#include "core/util.h"

#define SLOTS        4u
#define BASE         5000u /* ifindex of slot s is BASE + s */
#define UPLINK       5900u
#define VF_A         2u
#define VF_B         3u
#define FRAMES       100u
#define TX_PORTS_ID  77u
#define DEVMAP       14u /* enum bpf_map_type */
#define FRAME_LENGTH 100

static struct transmit_bpf *transmit;
static struct nicsw_meta *meta;

static void run_command(const char *command)
{
	cr_assert_eq(system(command), 0, "%s", command);
}

static __u32 this_netns(void)
{
	struct stat stat_buffer;

	cr_assert_eq(stat("/proc/self/ns/net", &stat_buffer), 0);
	return stat_buffer.st_ino;
}

/* A netdev of each kind, under the numbers that an adapter would have given them. */
static void make_netdevs(void)
{
	cr_assert_eq(unshare(CLONE_NEWNET), 0);
	run_command("ip link add s2 index 5002 type veth peer name g2 && "
		    "ip link add s3 index 5003 type veth peer name g3 && "
		    "ip link add wire index 5900 type veth peer name far && "
		    "for d in s2 s3 wire g2 g3 far; do ip link set dev $d up; done && "
		    "ethtool -K g2 gro on && ethtool -K g3 gro on && ethtool -K far gro on && "
		    "ethtool -K s2 gro on && ethtool -K s3 gro on && ethtool -K wire gro on");
}

static void take_first_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	cr_assert_eq(sched_setaffinity(0, sizeof(cpus), &cpus), 0);
}

static void open_programs(void)
{
	if (geteuid())
		cr_skip_test("missing: root");
	take_first_cpu();
	make_netdevs();
	transmit = transmit_bpf__open();
	cr_assert(transmit);
	transmit->rodata->nicsw_tx_ports_id = TX_PORTS_ID;
	bpf_map__set_max_entries(transmit->maps.counters, SLOTS);
	cr_assert_eq(transmit_bpf__load(transmit), 0);
	meta = mmap(NULL, sizeof(*meta), PROT_READ | PROT_WRITE, MAP_SHARED,
		    bpf_map__fd(transmit->maps.meta), 0);
	cr_assert_neq(meta, MAP_FAILED);
	meta->slots = SLOTS;
	meta->ifindex_base = BASE;
	meta->uplink_ifindex = UPLINK;
	meta->switch_netns = meta->host_netns = this_netns();
	cr_assert_eq(transmit_bpf__attach(transmit), 0);
}

static void close_programs(void)
{
	transmit_bpf__destroy(transmit);
}

TestSuite(transmit, .init = open_programs, .fini = close_programs);

static struct nicsw_counters counters_of(__u32 slot)
{
	int cpus = libbpf_num_possible_cpus();
	struct nicsw_counters parts[cpus], sum = {};
	int fd = bpf_map__fd(transmit->maps.counters);

	cr_assert_eq(bpf_map_lookup_elem(fd, &slot, parts), 0);
	for (int cpu = 0; cpu < cpus; cpu++)
		for (size_t i = 0; i < sizeof(sum) / sizeof(__u64); i++)
			((__u64 *)&sum)[i] += ((__u64 *)&parts[cpu])[i];
	return sum;
}

/* FRAMES live frames as if they had come in at `from`, sent to `to`. */
static void send_frames(__u32 from, __u32 to)
{
	static __u8 frame[FRAME_LENGTH] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5};
	const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = to},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 0},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int program =
		bpf_prog_load(BPF_PROG_TYPE_XDP, "send", "GPL", insns, ARRAY_SIZE(insns), NULL);
	struct xdp_md context = {.data_end = sizeof(frame), .ingress_ifindex = from};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = FRAMES,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

	cr_assert_geq(program, 0);
	cr_assert_eq(bpf_prog_test_run_opts(program, &options), 0, "%s", strerror(errno));
	close(program);
}

static void expect(__u32 slot, __u64 taken, __u64 ring_full)
{
	struct nicsw_counters seen = counters_of(slot);

	cr_expect_eq(seen.taken, taken, "slot %u: %llu taken", slot, seen.taken);
	cr_expect_eq(seen.drops[NICSW_REASON_RING_FULL], ring_full, "slot %u: %llu lost", slot,
		     seen.drops[NICSW_REASON_RING_FULL]);
}

Test(transmit, what_a_netdev_took)
{
	send_frames(BASE + VF_A, BASE + VF_B);
	expect(VF_B, FRAMES, 0);
	send_frames(BASE + VF_A, UPLINK);
	expect(NICSW_SLOT_UPLINK, FRAMES, 0);
	expect(VF_A, 0, 0);
	expect(VF_B, FRAMES, 0);
}

/* A receiver that takes shorter frames only refuses them where a full ring would. */
Test(transmit, what_it_did_not_take)
{
	run_command("ip link set g3 mtu 70");
	send_frames(BASE + VF_A, BASE + VF_B);
	expect(VF_B, 0, FRAMES);
	run_command("ip link set g3 mtu 1500");
	send_frames(BASE + VF_A, BASE + VF_B);
	expect(VF_B, FRAMES, FRAMES);
}

static void set_withheld(__u32 slot, __u64 number)
{
	int cpus = libbpf_num_possible_cpus();
	struct nicsw_counters parts[cpus];

	memset(parts, 0, sizeof(parts));
	parts[0].withheld = number;
	cr_assert_eq(bpf_map_update_elem(bpf_map__fd(transmit->maps.counters), &slot, parts, 0), 0);
}

/* An egress program has given them a reason: they are not lost once more, and forgotten then. */
Test(transmit, withheld_copies_are_no_losses)
{
	set_withheld(VF_B, 5);
	run_command("ip link set g3 mtu 70");
	send_frames(BASE + VF_A, BASE + VF_B);
	expect(VF_B, 0, FRAMES - 5);
	cr_expect_eq(counters_of(VF_B).withheld, 0);
}

Test(transmit, the_same_numbers_in_another_namespace)
{
	meta->switch_netns++;
	send_frames(BASE + VF_A, BASE + VF_B);
	expect(VF_B, 0, 0);
	meta->host_netns++;
	send_frames(UPLINK, UPLINK);
	expect(NICSW_SLOT_UPLINK, 0, 0);
}

/* To the uplink others may redirect, too. */
Test(transmit, frames_that_are_not_ours)
{
	send_frames(if_nametoindex("far"), UPLINK);
	expect(NICSW_SLOT_UPLINK, 0, 0);
	send_frames(BASE + VF_A, if_nametoindex("far"));
	for (__u32 slot = 0; slot < SLOTS; slot++)
		expect(slot, 0, 0);
}

static void report_failure(__u64 map_id, __u64 slot)
{
	__u64 arguments[] = {0, 0, 0, (__u32)-ENETDOWN, DEVMAP, map_id, slot};
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = arguments,
		    .ctx_size_in = sizeof(arguments));

	cr_assert_eq(bpf_prog_test_run_opts(bpf_program__fd(transmit->progs.nicsw_redirect_failed),
					    &options),
		     0, "%s", strerror(errno));
}

/* A redirect that failed at once, by the map that it went through. */
Test(transmit, redirect_failed)
{
	report_failure(TX_PORTS_ID, VF_A);
	report_failure(TX_PORTS_ID + 1, VF_A);
	report_failure(TX_PORTS_ID, SLOTS);
	cr_expect_eq(counters_of(VF_A).drops[NICSW_REASON_TRANSMIT_FAILED], 1);
	cr_expect_eq(counters_of(VF_B).drops[NICSW_REASON_TRANSMIT_FAILED], 0);
}
