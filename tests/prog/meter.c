// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits (bpf/meter.bpf.h): who spends what, and how much is left.
 *
 * The programs ask the kernel's clock. So frames cost so much that the time a test takes is
 * nothing, and time passes by turning the meters back.
 */
#include <criterion/criterion.h>

#include "core/util.h"
#include "tests/prog/lib_silicon.h"

#define VF_A 2u
#define VF_B 3u

#define LENGTH      60u
#define BYTE_COST   4000000000u  /* picoseconds */
#define FRAME_COST  240000000ull /* nanoseconds, of LENGTH bytes */
#define BURST       2400000000u
#define BURST_COUNT 10u /* frames of LENGTH bytes */

static const struct nicsw_limit limit = {.cost = BYTE_COST, .burst = BURST};
static const __u8 macs[][NICSW_MAC_SIZE] = {
	[NICSW_SLOT_UPLINK] = {2, 0, 0, 0, 0xff, 0xff}, /* nobody here: goes to the wire */
	[NICSW_SLOT_PF] = {2, 0, 0, 0, 0, 1},
	[VF_A] = {2, 0, 0, 0, 0, 0xa},
	[VF_B] = {2, 0, 0, 0, 0, 0xb},
};
static const __u8 broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const __u8 multicast[] = {1, 0, 0x5e, 0, 0, 1};

static struct silicon silicon;
static struct nicsw_model_port ports[SILICON_SLOTS];
static struct nicsw_model_filter filters[3];

static void add_vf(__u32 slot, struct nicsw_model_filter *filter)
{
	ports[slot].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
				 NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP;
	ports[slot].port.station = nicsw_key(macs[slot], 0);
	ports[slot].vlan_set[0] = 1;
	*filter = (struct nicsw_model_filter){.slot = slot};
	memcpy(filter->mac, macs[slot], NICSW_MAC_SIZE);
}

static void make_switch(void)
{
	silicon_require(&silicon, false);
	memset(ports, 0, sizeof(ports));
	ports[NICSW_SLOT_UPLINK].port.flags = NICSW_PORT_OPEN | NICSW_PORT_READY;
	add_vf(NICSW_SLOT_PF, &filters[0]);
	add_vf(VF_A, &filters[1]);
	add_vf(VF_B, &filters[2]);
}

static void close_silicon(void)
{
	silicon_close(&silicon);
}

TestSuite(meter, .init = make_switch, .fini = close_silicon);

/* The ports as they are now, and all meters as if nothing had been spent for long. */
static void program(void)
{
	const struct nicsw_model model = {.ports = ports,
					  .num_ports = SILICON_SLOTS,
					  .filters = filters,
					  .num_filters = ARRAY_SIZE(filters)};
	const struct nicsw_meter unspent = {};
	int fd = bpf_map__fd(silicon.maps->maps.meters);
	__u32 slot;

	cr_assert_eq(silicon_program(&silicon, &model), 0);
	for (slot = 0; slot < SILICON_SLOTS; slot++)
		cr_assert_eq(bpf_map_update_elem(fd, &slot, &unspent, 0), 0);
}

static void limit_port(__u32 slot, __u32 flag)
{
	struct nicsw_port *port = &ports[slot].port;

	port->flags |= flag;
	if (flag == NICSW_PORT_RATE)
		port->rate = limit;
	if (flag == NICSW_PORT_SHARE)
		port->share = limit;
	if (flag == NICSW_PORT_STORM)
		port->storm = (struct nicsw_limit){.cost = FRAME_COST, .burst = BURST};
}

static struct nicsw_meter meter_of(__u32 slot)
{
	struct nicsw_meter meter;

	cr_assert_eq(bpf_map_lookup_elem(bpf_map__fd(silicon.maps->maps.meters), &slot, &meter), 0);
	return meter;
}

/* As if so many nanoseconds had passed. */
static void pass_time(__u32 slot, __u64 time)
{
	struct nicsw_meter meter = meter_of(slot);

	meter.rate -= MIN(meter.rate, time);
	meter.share -= MIN(meter.share, time);
	meter.storm -= MIN(meter.storm, time);
	cr_assert_eq(bpf_map_update_elem(bpf_map__fd(silicon.maps->maps.meters), &slot, &meter, 0),
		     0);
}

/* How many of `number` frames pass. */
static __u32 send_from(__u32 slot, const __u8 *to, const __u8 *from, __u32 length, __u32 number)
{
	static __u8 bytes[2048];
	static struct silicon_run run;
	__u32 i, passed = 0;

	memcpy(bytes, to, NICSW_MAC_SIZE);
	memcpy(bytes + NICSW_MAC_SIZE, from, NICSW_MAC_SIZE);
	bytes[12] = 8;
	for (i = 0; i < number; i++) {
		run = (struct silicon_run){
			.bytes = bytes, .length = length, .linear_length = length};
		cr_assert_eq(silicon_send(&silicon, slot, &run), 0);
		passed += run.action == XDP_REDIRECT;
	}
	return passed;
}

static __u32 send_to(__u32 slot, const __u8 *to, __u32 number)
{
	return send_from(slot, to, macs[slot], LENGTH, number);
}

static __u64 drops_of(__u32 slot, enum nicsw_reason reason)
{
	struct nicsw_counters counters;

	cr_assert_eq(silicon_counters(&silicon, slot, &counters), 0);
	return counters.drops[reason];
}

/* A burst, however long nothing was sent before: unused time is not saved up. */
Test(meter, a_burst_and_no_more)
{
	limit_port(VF_A, NICSW_PORT_RATE);
	program();
	cr_expect_eq(send_to(VF_A, macs[VF_B], 50), BURST_COUNT);
	cr_expect_eq(drops_of(VF_A, NICSW_REASON_RATE_LIMITED), 50 - BURST_COUNT);
	pass_time(VF_A, 100 * (__u64)BURST);
	cr_expect_eq(send_to(VF_A, macs[VF_B], 50), BURST_COUNT);
}

/* Offered twice the rate: half of it passes, and the burst once. */
Test(meter, the_rate_over_many_frames)
{
	const __u32 offered = 4000;
	__u32 i, passed = 0;

	limit_port(VF_A, NICSW_PORT_RATE);
	program();
	for (i = 0; i < offered; i++) {
		passed += send_to(VF_A, macs[NICSW_SLOT_UPLINK], 1);
		pass_time(VF_A, FRAME_COST / 2);
	}
	cr_expect_geq(passed, offered / 2 + BURST_COUNT - 1);
	cr_expect_leq(passed, (offered / 2 + BURST_COUNT) * 101 / 100);
}

/* Bytes cost, not frames. */
Test(meter, a_longer_frame_costs_more)
{
	limit_port(VF_A, NICSW_PORT_RATE);
	program();
	cr_expect_eq(send_from(VF_A, macs[VF_B], macs[VF_A], 5 * LENGTH, 10), BURST_COUNT / 5);
}

/* A frame that costs more than the burst never passes, and not from time that went by unused. */
Test(meter, a_frame_above_the_burst)
{
	limit_port(VF_A, NICSW_PORT_RATE);
	program();
	cr_expect_eq(send_from(VF_A, macs[VF_B], macs[VF_A], (BURST_COUNT + 1) * LENGTH, 5), 0);
	cr_expect_eq(meter_of(VF_A).rate, 0);
}

Test(meter, two_ports_do_not_share)
{
	limit_port(VF_A, NICSW_PORT_RATE);
	limit_port(VF_B, NICSW_PORT_RATE);
	program();
	cr_expect_eq(send_to(VF_A, macs[VF_B], 20), BURST_COUNT);
	cr_expect_eq(send_to(VF_B, macs[VF_A], 20), BURST_COUNT);
	cr_expect_eq(send_to(NICSW_SLOT_PF, macs[VF_A], 20), 20, "the PF has no limit");
}

/* GEN-17 in small: what is refused, for its rate or for another reason, has used up nothing. */
Test(meter, a_refused_frame_costs_nothing)
{
	__u64 before;

	limit_port(VF_A, NICSW_PORT_RATE);
	program();
	cr_expect_eq(send_from(VF_A, macs[VF_B], macs[VF_B], LENGTH, 20), 0, "spoofed");
	cr_expect_eq(meter_of(VF_A).rate, 0);
	cr_expect_eq(send_to(VF_A, macs[VF_B], 20), BURST_COUNT);
	before = meter_of(VF_A).rate;
	cr_expect_eq(send_to(VF_A, macs[VF_B], 20), 0);
	cr_expect_eq(meter_of(VF_A).rate, before);
}

/* FWD-20: frames by number, broadcast and multicast together, and no unicast. */
Test(meter, storm_counts_group_frames_only)
{
	limit_port(VF_A, NICSW_PORT_STORM);
	program();
	cr_expect_eq(send_to(VF_A, macs[VF_B], 30), 30);
	cr_expect_eq(meter_of(VF_A).storm, 0);
	cr_expect_eq(send_to(VF_A, broadcast, BURST_COUNT - 3), BURST_COUNT - 3);
	cr_expect_eq(send_from(VF_A, multicast, macs[VF_A], 10 * LENGTH, 20), 3,
		     "a longer frame is one frame");
	cr_expect_eq(drops_of(VF_A, NICSW_REASON_STORM), 17);
	cr_expect_eq(send_to(VF_A, macs[VF_B], 30), 30);
	cr_expect_eq(send_to(VF_B, broadcast, 30), 30, "another VF has no limit");
}

/* A storm that is refused has used up nothing of max_tx_rate; one that passes has. */
Test(meter, storm_before_rate)
{
	limit_port(VF_A, NICSW_PORT_STORM);
	limit_port(VF_A, NICSW_PORT_RATE);
	ports[VF_A].port.storm.burst = 2 * FRAME_COST;
	program();
	cr_expect_eq(send_to(VF_A, broadcast, 20), 2);
	cr_expect_eq(drops_of(VF_A, NICSW_REASON_STORM), 18);
	cr_expect_eq(send_to(VF_A, macs[VF_B], 20), BURST_COUNT - 2);
}

/* PATH-12: what is guaranteed is the port's own; above it all take from what is common. */
Test(meter, share_own_part_then_common)
{
	limit_port(VF_A, NICSW_PORT_SHARE);
	ports[VF_B].port.flags |= NICSW_PORT_SHARE; /* nothing is guaranteed to it */
	ports[NICSW_SLOT_UPLINK].port.share = limit;
	program();
	cr_expect_eq(send_to(VF_B, macs[NICSW_SLOT_UPLINK], 30), BURST_COUNT, "what is common");
	cr_expect_eq(send_to(VF_A, macs[NICSW_SLOT_UPLINK], 30), BURST_COUNT, "its own is left");
	pass_time(NICSW_SLOT_UPLINK, 2 * FRAME_COST);
	cr_expect_eq(send_to(VF_A, macs[NICSW_SLOT_UPLINK], 30), 2, "and what is common again");
	cr_expect_eq(send_to(VF_B, macs[NICSW_SLOT_UPLINK], 30), 0);
	cr_expect_eq(drops_of(VF_B, NICSW_REASON_RATE_LIMITED), 50);
}

/* PATH-12: what does not go to the wire is not of the wire; a broadcast goes there, too. */
Test(meter, share_is_of_the_wire)
{
	limit_port(VF_A, NICSW_PORT_SHARE);
	program();
	cr_expect_eq(send_to(VF_A, macs[VF_B], 30), 30);
	cr_expect_eq(meter_of(VF_A).share, 0);
	cr_expect_eq(send_to(VF_A, broadcast, 30), BURST_COUNT);
	cr_expect_eq(send_to(VF_A, macs[NICSW_SLOT_UPLINK], 30), 0);
}
