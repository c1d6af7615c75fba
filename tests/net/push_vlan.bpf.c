// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's tag out of band: gives each frame of the experiments that leaves a netdev the tag of
 * VLAN 8, priority 3, in its metadata and not in its data, as a VLAN netdev of the guest would.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define EXPERIMENT 0x88b5
#define TCI        0x6008

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int push_vlan(struct __sk_buff *skb)
{
	if (skb->protocol == bpf_htons(EXPERIMENT) &&
	    bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), TCI))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}
