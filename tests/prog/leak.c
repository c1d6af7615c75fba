// SPDX-License-Identifier: GPL-2.0-only
/*
 * Four tenants on four VLANs, and one million random frames that try to get out of them: foreign
 * sources and group sources, tags of one's own VLAN and of others, priority tags, double tags,
 * service tags, length fields, cut and long frames (GEN-22, FWD-32, FWD-33, MATCH-14).
 *
 * Judged twice: by the naive model, whose verdict the counters must show, and by what no model is
 * asked for: a frame that a tenant sent never reaches another one, and one from outside only
 * reaches the tenant whose VLAN it carries. The tag in metadata is tested on real netdevs
 * (tests/net/metadata_bound.sh).
 */
#include <criterion/criterion.h>

#include "core/util.h"
#include "tests/prog/lib_silicon.h"

#define SEED       0x6c65616b31ull
#define FRAMES     1000000u
#define LINEAR_MAX 3000u
#define TENANTS    4u

static const struct {
	__u32 slot;
	__u16 vlan;
	__u8 mac[NICSW_MAC_SIZE];
} tenants[TENANTS] = {
	{2, 10, {2, 0, 0, 0, 0, 1}},
	{3, 20, {2, 0, 0, 0, 0, 2}},
	{4, 30, {2, 0, 0, 0, 0, 3}},
	{SILICON_FAR_VF, 40 | NICSW_VLAN_SERVICE, {2, 0, 0, 0, 0, 4}},
};

static const __u8 others[][NICSW_MAC_SIZE] = {
	{2, 0, 0, 0, 0, 0xfe},
	{2, 0, 0, 0, 0xff, 1},
	{1, 0, 0x5e, 0, 0, 1},
	{1, 0x80, 0xc2, 0, 0, 0},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
};

static struct silicon silicon;
static struct nicsw_model_port ports[SILICON_SLOTS];
static struct nicsw_model_filter filters[TENANTS + 1];
static struct nicsw_model model;
static __u64 generator = SEED;

static __u32 below(__u32 limit)
{
	generator ^= generator << 13;
	generator ^= generator >> 7;
	generator ^= generator << 17;
	return (generator >> 16) % limit;
}

static void add_filter(const __u8 *mac, __u16 vid, __u32 slot)
{
	struct nicsw_model_filter *filter = &filters[model.num_filters++];

	memcpy(filter->mac, mac, NICSW_MAC_SIZE);
	filter->vid = vid;
	filter->slot = slot;
}

static void add_tenant(size_t i)
{
	struct nicsw_model_port *port = &ports[tenants[i].slot];
	__u16 vlan = tenants[i].vlan;

	port->port = (struct nicsw_port){
		.flags = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_SPOOF_CHECK |
			 NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP |
			 NICSW_PORT_SERVICE |
			 (i % 2 ? NICSW_PORT_ACCESS : 0), /* by policy, or by its filters alone */
		.access_vid = vlan,
		.station = nicsw_key(tenants[i].mac, 0),
	};
	port->vlan_set[vlan / 64] |= 1ull << (vlan % 64);
	add_filter(tenants[i].mac, vlan, tenants[i].slot);
}

static void make_world(void)
{
	const __u32 open = NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED |
			   NICSW_PORT_PEERS | NICSW_PORT_GROUP | NICSW_PORT_UNMATCHED |
			   NICSW_PORT_SERVICE;

	model = (struct nicsw_model){
		.ports = ports, .num_ports = SILICON_SLOTS, .filters = filters, .no_egress = true};
	ports[NICSW_SLOT_UPLINK].port.flags = open;
	ports[NICSW_SLOT_PF].port.flags = open;
	add_filter(others[0], 0, NICSW_SLOT_PF);
	for (size_t i = 0; i < TENANTS; i++)
		add_tenant(i);
	cr_assert_eq(silicon_program(&silicon, &model), 0);
	cr_assert_eq(silicon_counters_reset(&silicon), 0);
}

static const __u8 *random_mac(void)
{
	__u32 choice = below(TENANTS + ARRAY_SIZE(others));

	return choice < TENANTS ? tenants[choice].mac : others[choice - TENANTS];
}

static __u32 put_tag(__u8 *bytes, __u32 at)
{
	__u16 vid = below(8) ? tenants[below(TENANTS)].vlan & 0x0fff : below(4095);
	__u16 tci = below(8) << 13 | (below(6) ? vid : 0);
	bool service = below(3) == 0;

	memcpy(bytes + at,
	       (const __u8[]){service ? 0x88 : 0x81, service ? 0xa8 : 0, tci >> 8, tci & 0xff}, 4);
	return at + 4;
}

static void random_frame(const __u8 *own, struct nicsw_model_frame *frame)
{
	__u32 at = 12;

	frame->length = below(50) ? 60 + below(40) : 14 + below(8);
	if (below(500) == 0)
		frame->length = LINEAR_MAX + 600 + below(3000);
	for (__u32 i = 0; i < frame->length && i < 128; i++)
		frame->bytes[i] = below(256);
	memcpy(frame->bytes, random_mac(), NICSW_MAC_SIZE);
	memcpy(frame->bytes + NICSW_MAC_SIZE, own && below(3) ? own : random_mac(), NICSW_MAC_SIZE);
	for (__u32 tags = below(4); tags > 1 && at + 8 < frame->length; tags--)
		at = put_tag(frame->bytes, at);
	memcpy(frame->bytes + at, below(4) ? (const __u8[]){0x08, 0} : (const __u8[]){0, 0x26}, 2);
	frame->linear_length = MIN(frame->length, LINEAR_MAX);
}

/* ---- judges ---- */

static __u64 received[TENANTS]; /* frames, as the counters say */

static __u64 frames_of(__u32 slot)
{
	struct nicsw_counters counters;
	__u64 sum = 0;

	cr_assert_eq(silicon_counters(&silicon, slot, &counters), 0);
	for (size_t cast = 0; cast < NICSW_CASTS; cast++)
		sum += counters.rx_packets[cast];
	return sum;
}

static bool is_among(const struct silicon_outcome *outcome, __u32 slot)
{
	for (__u32 i = 0; i < outcome->num_receivers; i++)
		if (outcome->receivers[i].slot == slot)
			return true;
	return false;
}

/* The VLAN that a frame from outside is in, told from its bytes alone. */
static __u16 vlan_of(const struct nicsw_model_frame *frame)
{
	__u16 type = frame->bytes[12] << 8 | frame->bytes[13];
	__u16 vid = (frame->bytes[14] << 8 | frame->bytes[15]) & 0x0fff;

	if (type == 0x8100)
		return vid;
	return type == 0x88a8 && vid ? vid | NICSW_VLAN_SERVICE : 0;
}

static void check_tenant(size_t i, __u32 ingress, const struct nicsw_model_frame *frame,
			 const struct silicon_outcome *outcome, __u32 number)
{
	__u64 seen = frames_of(tenants[i].slot);
	bool got = seen != received[i];

	received[i] = seen;
	cr_assert_eq(got, !outcome->reason && is_among(outcome, tenants[i].slot),
		     "frame %u: tenant %zu and the model", number, i);
	if (!got)
		return;
	cr_assert(ingress == NICSW_SLOT_UPLINK || ingress == NICSW_SLOT_PF,
		  "frame %u: LEAKED from port %u to tenant %zu", number, ingress, i);
	cr_assert_eq(vlan_of(frame), tenants[i].vlan, "frame %u: LEAKED into VLAN of tenant %zu",
		     number, i);
}

static void check_frame(__u32 number)
{
	static struct nicsw_model_frame frame;
	static struct nicsw_model_verdict verdict;
	static struct silicon_run run;
	struct silicon_outcome outcome;
	__u32 who = below(TENANTS + 2);
	__u32 ingress = who < TENANTS ? tenants[who].slot : who - TENANTS;

	random_frame(who < TENANTS ? tenants[who].mac : NULL, &frame);
	cr_assert_eq(nicsw_model_decide(&model, &frame, ingress, &verdict), 0);
	silicon_judge(&verdict, &outcome);
	run.bytes = frame.bytes;
	run.length = run.linear_length = frame.length;
	cr_assert_eq(silicon_send(&silicon, ingress, &run), 0, "frame %u", number);
	cr_assert_eq(run.action, (__u32)(outcome.reason ? XDP_DROP : XDP_REDIRECT), "frame %u",
		     number);
	for (size_t i = 0; i < TENANTS; i++)
		check_tenant(i, ingress, &frame, &outcome, number);
}

static void close_silicon(void)
{
	silicon_close(&silicon);
}

/* GEN-22, FWD-32, FWD-33: nothing gets where it does not belong. */
Test(leak, GEN_22_one_million_frames, .fini = close_silicon)
{
	silicon_require(&silicon, false);
	make_world();
	for (__u32 number = 0; number < FRAMES; number++)
		check_frame(number);
	printf("leak: seed %llx, %u frames, %llu %llu %llu %llu delivered to the tenants, 0 "
	       "leaked\n",
	       (unsigned long long)SEED, FRAMES, received[0], received[1], received[2],
	       received[3]);
	for (size_t i = 0; i < TENANTS; i++)
		cr_expect_gt(received[i], 1000, "tenant %zu got %llu frames", i, received[i]);
}
