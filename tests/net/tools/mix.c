// SPDX-License-Identifier: GPL-2.0-only
/*
 * mix: unicast and broadcast frames of one VLAN, in one bulk.
 *
 *   mix NS:DEV DST SRC VID COUNT
 *
 * The kernel makes live frames at the netdev and sends them from it; which of the two kinds each is
 * decides chance. So both come to the switch in one turn, and leave it in one bulk: what is done to
 * the copies of group frames must not depend on which of them is the first.
 *
 * NS is a name under /run/netns. Exit: 0 if the frames were sent.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>

#include "core/text.h"
#include "core/util.h"

#define LENGTH     64
#define BATCH      64
#define EXPERIMENT 0x88b5

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "mix: %s: %s\n", what, strerror(errno));
	exit(1);
}

static __u32 enter(char *text)
{
	char *namespace = strsep(&text, ":");
	char path[256];
	int fd;

	errno = EINVAL;
	if (!text)
		die("NS:DEV");
	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	return if_nametoindex(text);
}

/* Every other frame, by chance, becomes a broadcast; all are sent back from where they came. */
static int load_program(void)
{
	const struct bpf_insn instructions[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 6, .src_reg = 1},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_prandom_u32},
		{.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 6, .off = 0},
		{.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 3, .src_reg = 6, .off = 4},
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 4, .src_reg = 2},
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 4, .imm = 14},
		{.code = BPF_JMP | BPF_JGT | BPF_X, .dst_reg = 4, .src_reg = 3, .off = 4},
		{.code = BPF_ALU64 | BPF_AND | BPF_K, .dst_reg = 0, .imm = 1},
		{.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 0, .imm = 0, .off = 2},
		{.code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = 2, .off = 0, .imm = -1},
		{.code = BPF_ST | BPF_MEM | BPF_H, .dst_reg = 2, .off = 4, .imm = -1},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = XDP_TX},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "mix", "GPL", instructions,
			     ARRAY_SIZE(instructions), NULL);
}

static void send_frames(int program, __u32 ifindex, __u8 frame[LENGTH], __u32 count)
{
	struct xdp_md context = {.data_end = LENGTH, .ingress_ifindex = ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = LENGTH,
		    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = count,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);

	if (bpf_prog_test_run_opts(program, &options))
		die("live frames");
}

int main(int argc, char **argv)
{
	__u8 frame[LENGTH] = {[12] = 0x81, [16] = EXPERIMENT >> 8, [17] = EXPERIMENT & 0xff};
	uint64_t vid, count;
	__u32 ifindex;
	int program;

	if (argc != 6 || nicsw_parse_mac(argv[2], frame) || nicsw_parse_mac(argv[3], frame + 6) ||
	    nicsw_parse_number(argv[4], 1, 4094, &vid) ||
	    nicsw_parse_number(argv[5], 1, 1000000, &count)) {
		fprintf(stderr, "Usage: mix NS:DEV DST SRC VID COUNT\n");
		return 1;
	}
	frame[14] = vid >> 8;
	frame[15] = vid & 0xff;
	ifindex = enter(argv[1]);
	program = load_program();
	if (!ifindex || program < 0)
		die("set-up");
	send_frames(program, ifindex, frame, count);
	return 0;
}
