// SPDX-License-Identifier: GPL-2.0-only
/*
 * burst: more frames than a receiver can take.
 *
 *   burst --from NS:DEV,DST,SRC [--reflect NS:DEV,DST,SRC ...] [--batches N] [--size N]
 *
 * The kernel makes live frames at the sender's netdev and sends them from it, in batches of 256, as
 * many as the ring of a veth holds. A reflector gives each frame that it gets new addresses and
 * sends it back: with a broadcast to three reflectors that all send to one receiver, that one gets
 * three frames in the time in which it is given the turn for one. All is done on one CPU, before
 * all ordinary tasks on it, without a pause between the batches.
 *
 * NS is a name under /run/netns, DST and SRC are MAC addresses. Exit: 0 if the frames were made,
 * whatever became of them.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>

#include "core/text.h"
#include "core/util.h"

enum {
	BATCH = 256,
	FRAME_MAX = 1514,
};

/* Where frames leave, and with which addresses: destination, then source. */
struct place {
	int netns;
	__u32 ifindex;
	__u8 macs[12];
};

static struct place sender;
static size_t size = 60, batches = 20;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "burst: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* NS:DEV,DST,SRC; stays in the namespace. */
static void enter_place(char *text, struct place *ret)
{
	char *namespace = strsep(&text, ":"), *device = strsep(&text, ",");
	char *destination = strsep(&text, ",");
	char path[256];

	errno = EINVAL;
	if (!text || nicsw_parse_mac(destination, ret->macs) ||
	    nicsw_parse_mac(text, ret->macs + 6))
		die("NS:DEV,DST,SRC");
	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	ret->netns = open(path, O_RDONLY | O_CLOEXEC);
	if (ret->netns < 0 || setns(ret->netns, CLONE_NEWNET))
		die(path);
	ret->ifindex = if_nametoindex(device);
	if (!ret->ifindex)
		die(device);
}

#define STORE(width, offset, value)                                                                \
	{                                                                                          \
		.code = BPF_ST | BPF_MEM | (width), .dst_reg = BPF_REG_2, .off = (offset),         \
		.imm = (value)                                                                     \
	}
#define LOAD_CONTEXT(reg, offset)                                                                  \
	{                                                                                          \
		.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = (reg), .src_reg = BPF_REG_1,         \
		.off = (offset)                                                                    \
	}
/* Gives each frame the addresses of a place and sends it from there. */
static int readdress(const struct place *place)
{
	__u32 words[3];

	memcpy(words, place->macs, sizeof(words));
	const struct bpf_insn insns[] = {
		LOAD_CONTEXT(BPF_REG_2, offsetof(struct xdp_md, data)),
		LOAD_CONTEXT(BPF_REG_3, offsetof(struct xdp_md, data_end)),
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_4, .src_reg = BPF_REG_2},
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_4, .imm = 14},
		{.code = BPF_JMP | BPF_JGT | BPF_X,
		 .dst_reg = BPF_REG_4,
		 .src_reg = BPF_REG_3,
		 .off = 3},
		STORE(BPF_W, 0, words[0]),
		STORE(BPF_W, 4, words[1]),
		STORE(BPF_W, 8, words[2]),
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_TX},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "burst", "GPL", insns, ARRAY_SIZE(insns), NULL);

	if (fd < 0)
		die("XDP program");
	return fd;
}

/* The link goes with the process. */
static void reflect(char *text)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
	struct place place;

	enter_place(text, &place);
	if (bpf_link_create(readdress(&place), place.ifindex, BPF_XDP, &options) < 0)
		die("XDP at a reflector");
}

/* The kernel makes a frame once, and sends the same memory again: so it is addressed each time. */
static void send_all(void)
{
	static __u8 frame[FRAME_MAX] = {[12] = 0x88, [13] = 0xb5};
	struct xdp_md context = {.data_end = size, .ingress_ifindex = sender.ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = size,
		    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = BATCH * batches,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);

	if (setns(sender.netns, CLONE_NEWNET) ||
	    bpf_prog_test_run_opts(readdress(&sender), &options))
		die("live frames");
}

static void take_first_cpu(void)
{
	struct sched_param priority = {.sched_priority = 1};
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) ||
	    sched_setscheduler(0, SCHED_FIFO, &priority))
		die("one CPU, before all tasks");
}

static void parse_options(int argc, char **argv)
{
	static const struct option table[] = {{"from", required_argument, NULL, 'f'},
					      {"reflect", required_argument, NULL, 'r'},
					      {"batches", required_argument, NULL, 'b'},
					      {"size", required_argument, NULL, 's'},
					      {}};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'r')
			reflect(optarg);
		else if (option == 'f')
			enter_place(optarg, &sender);
		else if (option == 'b')
			batches = atoi(optarg);
		else if (option == 's')
			size = atoi(optarg);
		else
			exit(2);
	}
	errno = EINVAL;
	if (optind != argc || !sender.ifindex || size < 14 || size > FRAME_MAX)
		die("--from NS:DEV,DST,SRC [--reflect ...] [--batches N] [--size N]");
}

int main(int argc, char **argv)
{
	parse_options(argc, argv);
	take_first_cpu();
	send_all();
	return 0;
}
