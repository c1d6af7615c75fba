/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits without a lock: a limit is spent in time. A meter says until when it is used up; a frame
 * costs its share of time, and is refused if the meter would then be more than a burst ahead of the
 * clock. CPUs that spend at the same instant may go over by a frame each, and pay for it later.
 *
 * Only for ports that have a limit: nothing here is run by others.
 */
#ifndef NICSW_METER_BPF_H
#define NICSW_METER_BPF_H

#include "bpf/maps.bpf.h"

#define NICSW_PICOSECONDS 1000

static __always_inline struct nicsw_meter *nicsw_meter_at(__u32 slot)
{
	return bpf_map_lookup_elem(&meters, &slot);
}

/* cost and burst in nanoseconds. 0: there is not enough left. */
static __always_inline int nicsw_meter_spend(__u64 *used_up_to, __u64 cost, __u64 burst)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 until = nicsw_load(*used_up_to);

	/* Never within the limit. It must not be spent from time that went by unused, either. */
	if (cost > burst)
		return 0;
	/* Unused time is not saved up beyond now. One CPU wins the exchange; others add to it. */
	if (until < now && __sync_val_compare_and_swap(used_up_to, until, now + cost) == until)
		return 1;
	until = nicsw_load(*used_up_to);
	if (until + cost > now + burst)
		return 0;
	__sync_fetch_and_add(used_up_to, cost);
	return 1;
}

static __always_inline __u64 nicsw_meter_cost(const struct nicsw_limit *limit, __u64 length)
{
	return length * nicsw_load(limit->cost) / NICSW_PICOSECONDS;
}

/* max_tx_rate: everything that the port sends. */
static __always_inline int nicsw_meter_rate(const struct nicsw_port *port, __u64 length)
{
	struct nicsw_meter *meter = nicsw_meter_at(nicsw_slot);

	return meter && nicsw_meter_spend(&meter->rate, nicsw_meter_cost(&port->rate, length),
					  nicsw_load(port->rate.burst));
}

/* Broadcast and multicast frames, by number. */
static __always_inline int nicsw_meter_storm(const struct nicsw_port *port)
{
	struct nicsw_meter *meter = nicsw_meter_at(nicsw_slot);

	return meter && nicsw_meter_spend(&meter->storm, nicsw_load(port->storm.cost),
					  nicsw_load(port->storm.burst));
}

/*
 * To the wire: what min_tx_rate guarantees is the port's own; above it all ports take from what is
 * left of the wire.
 */
static __always_inline int nicsw_meter_share(const struct nicsw_port *port, __u64 length)
{
	const struct nicsw_port *wire = nicsw_port_at(NICSW_SLOT_UPLINK);
	struct nicsw_meter *own = nicsw_meter_at(nicsw_slot);
	struct nicsw_meter *common = nicsw_meter_at(NICSW_SLOT_UPLINK);

	if (!wire || !own || !common)
		return 0;
	if (nicsw_load(port->share.cost) &&
	    nicsw_meter_spend(&own->share, nicsw_meter_cost(&port->share, length),
			      nicsw_load(port->share.burst)))
		return 1;
	return nicsw_load(wire->share.cost) &&
	       nicsw_meter_spend(&common->share, nicsw_meter_cost(&wire->share, length),
				 nicsw_load(wire->share.burst));
}

#endif
