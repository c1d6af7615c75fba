// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rate is measured with: a generator, the bare redirect to compare with, and a sink that
 * counts.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define LAST_BYTE_OF_MAC 5
#define MINIMAL_FRAME    60

const volatile __u32 num_destinations = 64; /* a power of two */

__u32 generator_state = 1;

/*
 * Run on live frames at a guest's netdev: each gets a random destination and leaves through that
 * netdev.
 */
SEC("xdp")
int bench_generate(struct xdp_md *ctx)
{
	__u8 *data = (__u8 *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;

	if ((void *)(data + MINIMAL_FRAME) > data_end)
		return XDP_ABORTED;
	generator_state = generator_state * 1664525 + 1013904223;
	data[LAST_BYTE_OF_MAC] = (generator_state >> 24) & (num_destinations - 1);
	return XDP_TX;
}

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bare_ports SEC(".maps");

/* The least that a switch on XDP can do. */
SEC("xdp.frags")
int bench_bare(struct xdp_md *ctx __attribute__((unused)))
{
	return bpf_redirect_map(&bare_ports, 0, XDP_DROP);
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sunk SEC(".maps");

SEC("xdp.frags")
int bench_sink(struct xdp_md *ctx __attribute__((unused)))
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&sunk, &zero);

	if (count)
		(*count)++;
	return XDP_DROP;
}
