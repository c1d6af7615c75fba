// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody else's XDP program at the uplink: counts the frames and lets them pass.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} frames_passed SEC(".maps");

SEC("xdp.frags")
int count_pass(struct xdp_md *ctx __attribute__((unused)))
{
	__u32 key = 0;
	__u64 *frames = bpf_map_lookup_elem(&frames_passed, &key);

	if (frames)
		__sync_fetch_and_add(frames, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
