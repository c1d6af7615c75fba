// SPDX-License-Identifier: GPL-2.0-only
/*
 * Behind the redirect: what the netdev of a port took, and what it did not. The kernel hands frames
 * over in bulks, when the switch program is long done, and tells only its tracepoints how it went.
 *
 * Tracepoints are of the whole machine. A report is ours if its netdev is, by ifindex and network
 * namespace, as meta has them: an ifindex alone says nothing. Nobody but us redirects to the switch
 * ends; to the uplink others may, so there the sender must be ours, too: our netdevs have no XDP
 * program but ours. A redirect that failed at once is known by the map it went through.
 *
 * The counters are those of the CPU that the switch program ran on, in the same softirq: no
 * atomics here either. The kernel's structures are found through its BTF; where it has none, or
 * refuses such programs, nothing is counted here and deliveries are not verified.
 */
#include "bpf/maps.bpf.h"

#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 nicsw_tx_ports_id = 0; /* of the map tx_ports */

/* Only the members that are read; the loader finds where they are. */
#define NICSW_OF_THE_KERNEL __attribute__((preserve_access_index))

struct ns_common {
	unsigned int inum;
} NICSW_OF_THE_KERNEL;

struct net {
	struct ns_common ns;
} NICSW_OF_THE_KERNEL;

typedef struct {
	struct net *net;
} NICSW_OF_THE_KERNEL possible_net_t;

struct net_device {
	int ifindex;
	possible_net_t nd_net;
} NICSW_OF_THE_KERNEL;

/* The slot that a netdev is behind, or NICSW_NONE. Most netdevs of a machine have another number.
 */
static __always_inline __u32 nicsw_slot_of(const struct nicsw_meta *adapter,
					   const struct net_device *device)
{
	__u32 ifindex = BPF_CORE_READ(device, ifindex);
	__u32 slot = ifindex - adapter->ifindex_base;
	__u32 home = adapter->switch_netns;

	if (ifindex == adapter->uplink_ifindex) {
		slot = NICSW_SLOT_UPLINK;
		home = adapter->host_netns;
	} else if (slot == NICSW_SLOT_UPLINK || slot >= adapter->slots) {
		return NICSW_NONE;
	}
	return BPF_CORE_READ(device, nd_net.net, ns.inum) == home ? slot : NICSW_NONE;
}

/* What an egress program withheld is among the drops, and has its reason already. */
static __always_inline void nicsw_count_lost(struct nicsw_counters *port, __u64 drops, int error)
{
	drops -= port->withheld < drops ? port->withheld : drops;
	port->withheld = 0;
	if (error)
		port->drops[NICSW_REASON_TRANSMIT_FAILED] += drops;
	else
		port->drops[NICSW_REASON_RING_FULL] += drops;
}

/* from, to, sent, drops, error: once for a bulk of up to 16 frames. */
SEC("raw_tp/xdp_devmap_xmit")
int nicsw_transmitted(struct bpf_raw_tracepoint_args *report)
{
	const struct net_device *from = (void *)report->args[0];
	const struct net_device *to = (void *)report->args[1];
	__u32 slot, zero = 0;
	const struct nicsw_meta *adapter = bpf_map_lookup_elem(&meta, &zero);
	struct nicsw_counters *port;
	int drops = report->args[3];

	if (!adapter)
		return 0;
	slot = nicsw_slot_of(adapter, to);
	if (slot == NICSW_SLOT_UPLINK && nicsw_slot_of(adapter, from) == NICSW_NONE)
		return 0;
	port = nicsw_counters_at(slot);
	if (!port)
		return 0;
	port->taken += (__u32)report->args[2];
	if (unlikely(drops > 0))
		nicsw_count_lost(port, drops, report->args[4]);
	return 0;
}

/* device, program, target, error, map type, map id, index: one frame. */
SEC("raw_tp/xdp_redirect_err")
int nicsw_redirect_failed(struct bpf_raw_tracepoint_args *report)
{
	struct nicsw_counters *port;

	if ((__u32)report->args[5] != nicsw_tx_ports_id)
		return 0;
	port = nicsw_counters_at(report->args[6]);
	if (port)
		port->drops[NICSW_REASON_TRANSMIT_FAILED]++;
	return 0;
}
