// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs on real netdevs: what a test run cannot show. Frames are sent at the far end of a
 * veth pair and read at the far ends of the others: replication, exclusion of the sender, the tag
 * removed on the way out.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include "core/util.h"
#include "tests/prog/lib_silicon.h"

#define UPLINK     NICSW_SLOT_UPLINK
#define PF         NICSW_SLOT_PF
#define VF_A       2u /* untagged */
#define VF_B       3u /* trunk: untagged and VLAN 7 */
#define VF_C       4u /* access port of VLAN 7 */
#define PORTS      5u
#define UNTAGGED   0
#define TAG(tci)   ((tci) + 1)
#define NOTHING    (-1)
#define LIMIT_MS   2000
#define TEST_TYPE  0x88b5 /* local experiments: the netdevs' own chatter has another type */
#define PAYLOAD    50u
#define FRAME_ROOM 128u

static const __u8 mac_a[] = {2, 0, 0, 0, 0, 0xa};
static const __u8 mac_b[] = {2, 0, 0, 0, 0, 0xb};
static const __u8 mac_c[] = {2, 0, 0, 0, 0, 0xc};
static const __u8 mac_x[] = {2, 0, 0, 0, 0xff, 0xff};
static const __u8 broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

struct row {
	const char *text;
	__u32 ingress;
	const __u8 *destination, *source;
	int tag;
	int at[PORTS]; /* what each port gets: NOTHING, UNTAGGED or TAG(tci) */
};

static const struct row rows[] = {
	{"FWD-20 FWD-25: wire broadcast",
	 UPLINK,
	 broadcast,
	 mac_x,
	 UNTAGGED,
	 {NOTHING, UNTAGGED, UNTAGGED, UNTAGGED, NOTHING}},
	{"FT-17: VF broadcast",
	 VF_A,
	 broadcast,
	 mac_a,
	 UNTAGGED,
	 {UNTAGGED, UNTAGGED, NOTHING, UNTAGGED, NOTHING}},
	{"MATCH-14: wire broadcast in VLAN 7, tag removed at the access port",
	 UPLINK,
	 broadcast,
	 mac_x,
	 TAG(0x6007),
	 {NOTHING, TAG(0x6007), NOTHING, TAG(0x6007), UNTAGGED}},
	{"FWD-34: access port's broadcast",
	 VF_C,
	 broadcast,
	 mac_c,
	 UNTAGGED,
	 {TAG(7), TAG(7), NOTHING, TAG(7), NOTHING}},
	{"FWD-23: trunk's broadcast in VLAN 7",
	 VF_B,
	 broadcast,
	 mac_b,
	 TAG(7),
	 {TAG(7), TAG(7), NOTHING, NOTHING, UNTAGGED}},
	{"FT-5: VF to VF",
	 VF_A,
	 mac_b,
	 mac_a,
	 UNTAGGED,
	 {NOTHING, NOTHING, NOTHING, UNTAGGED, NOTHING}},
	{"FWD-34: access port to the wire",
	 VF_C,
	 mac_x,
	 mac_c,
	 UNTAGGED,
	 {TAG(7), NOTHING, NOTHING, NOTHING, NOTHING}},
	{"MATCH-11: wire to the access port",
	 UPLINK,
	 mac_c,
	 mac_x,
	 TAG(7),
	 {NOTHING, NOTHING, NOTHING, NOTHING, UNTAGGED}},
	{"FT-18: spoofed source",
	 VF_A,
	 broadcast,
	 mac_x,
	 UNTAGGED,
	 {NOTHING, NOTHING, NOTHING, NOTHING, NOTHING}},
};

static struct silicon silicon;
static bool below_vepa;
static int sockets[PORTS] = {-1, -1, -1, -1, -1};
static struct bpf_link *links[PORTS];

static const char *end_name(char side, __u32 slot)
{
	static char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "%c%u", side, slot);
	return name;
}

static void run_command(const char *format, __u32 slot)
{
	char command[128];

	snprintf(command, sizeof(command), format, slot, slot, slot);
	cr_assert_eq(system(command), 0, "%s", command);
}

/*
 * A far end takes redirected frames only if it has NAPI: a program that passes everything gives it
 * that.
 */
static int pass_program(void)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "pass", "GPL", insns, ARRAY_SIZE(insns), NULL);
}

static int open_socket(__u32 ifindex)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = ifindex};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), on = 1;

	cr_assert_geq(fd, 0);
	cr_assert_eq(setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)), 0);
	cr_assert_eq(setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)), 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* What a receiver needs done to its copy, or -1. */
static int egress_program(__u32 slot)
{
	if (below_vepa && slot != UPLINK)
		return bpf_program__fd(silicon.maps->progs.nicsw_egress_vepa);
	return slot == VF_C ? bpf_program__fd(silicon.maps->progs.nicsw_egress_strip) : -1;
}

static void open_port(__u32 slot, int pass)
{
	struct bpf_program *program = silicon.skeletons[slot]->progs.nicsw_port;
	int tx_ports = bpf_map__fd(silicon.maps->maps.tx_ports);
	struct bpf_devmap_val device;
	__u32 switch_end, far_end;

	/* SILICON_IFINDEX_BASE + slot */
	run_command("ip link add s%u index 10%u type veth peer name g%u", slot);
	switch_end = if_nametoindex(end_name('s', slot));
	far_end = if_nametoindex(end_name('g', slot));
	links[slot] = bpf_program__attach_xdp(program, switch_end);
	cr_assert_not_null(links[slot]);
	cr_assert_eq(bpf_xdp_attach(far_end, pass, 0, NULL), 0);
	run_command("ip link set s%u up && ip link set g%u up promisc on", slot);
	device =
		(struct bpf_devmap_val){.ifindex = switch_end, .bpf_prog.fd = egress_program(slot)};
	cr_assert_eq(bpf_map_update_elem(tx_ports, &slot, &device, 0), 0);
	sockets[slot] = open_socket(far_end);
}

/* The group of a VLAN, as tight as its members. */
static void add_group(__u32 vid, const __u32 *slots, __u32 number)
{
	_cleanup_close_ int group = bpf_map_create(BPF_MAP_TYPE_DEVMAP, "group", sizeof(__u32),
						   sizeof(struct bpf_devmap_val), number, NULL);

	cr_assert_geq(group, 0);
	for (__u32 i = 0; i < number; i++) {
		struct bpf_devmap_val value = {.ifindex = if_nametoindex(end_name('s', slots[i])),
					       .bpf_prog.fd = egress_program(slots[i])};

		cr_assert_eq(bpf_map_update_elem(group, &i, &value, 0), 0);
	}
	cr_assert_eq(
		bpf_map_update_elem(bpf_map__fd(silicon.maps->maps.flood_groups), &vid, &group, 0),
		0);
}

static void fill_ports(struct nicsw_model_port *ports)
{
	const __u32 live = NICSW_PORT_OPEN | NICSW_PORT_READY;
	const __u32 vf = live | NICSW_PORT_SPOOF_CHECK | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS |
			 NICSW_PORT_GROUP;

	ports[UPLINK].port.flags = live;
	ports[PF].port.flags = live | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS | NICSW_PORT_GROUP |
			       NICSW_PORT_UNMATCHED;
	ports[VF_A].port = (struct nicsw_port){.flags = vf, .station = nicsw_key(mac_a, 0)};
	ports[VF_B].port = (struct nicsw_port){.flags = vf, .station = nicsw_key(mac_b, 0)};
	ports[VF_C].port =
		(struct nicsw_port){.flags = vf, .station = nicsw_key(mac_c, 0), .access_vid = 7};
	ports[VF_A].vlan_set[0] = 1;
	ports[VF_B].vlan_set[0] = 1 | 1 << 7;
	ports[VF_C].vlan_set[0] = 1 << 7;
	for (__u32 slot = 0; below_vepa && slot < PORTS; slot++)
		ports[slot].port.flags |= NICSW_PORT_VEPA;
}

/* No frame that the test did not send. */
static void silence(void)
{
	run_command("[ ! -d /proc/sys/net/ipv6 ] || for f in all default; do "
		    "echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done",
		    0);
}

static void make_world(void)
{
	static const __u32 base[] = {UPLINK, PF}, untagged[] = {UPLINK, PF, VF_A, VF_B};
	static const __u32 vlan_7[] = {UPLINK, PF, VF_B, VF_C};
	static struct nicsw_model_port ports[PORTS];
	const struct nicsw_model_filter filters[] = {
		{{2, 0, 0, 0, 0, 0xa}, 0, VF_A},
		{{2, 0, 0, 0, 0, 0xb}, 0, VF_B},
		{{2, 0, 0, 0, 0, 0xb}, 7, VF_B},
		{{2, 0, 0, 0, 0, 0xc}, 7, VF_C},
	};
	const struct nicsw_model model = {.ports = ports,
					  .num_ports = PORTS,
					  .filters = filters,
					  .num_filters = ARRAY_SIZE(filters)};
	_cleanup_close_ int pass = pass_program();

	cr_assert_geq(pass, 0);
	silence();
	fill_ports(ports);
	cr_assert_eq(silicon_program(&silicon, &model), 0);
	for (__u32 slot = 0; slot < PORTS; slot++)
		open_port(slot, pass);
	add_group(NICSW_FLOOD_BASE, base, ARRAY_SIZE(base));
	add_group(0, untagged, ARRAY_SIZE(untagged));
	add_group(7, vlan_7, ARRAY_SIZE(vlan_7));
}

static __u32 build(const struct row *row, int tag, __u8 mark, __u8 *bytes)
{
	__u16 tci = tag - 1;
	__u32 length = 12;

	memcpy(bytes, row->destination, NICSW_MAC_SIZE);
	memcpy(bytes + NICSW_MAC_SIZE, row->source, NICSW_MAC_SIZE);
	if (tag) {
		memcpy(bytes + length, (const __u8[]){0x81, 0, tci >> 8, tci & 0xff}, 4);
		length += 4;
	}
	bytes[length++] = TEST_TYPE >> 8;
	bytes[length++] = TEST_TYPE & 0xff;
	memset(bytes + length, mark, PAYLOAD);
	return length + PAYLOAD;
}

/* Puts back the tag that the kernel took out of the data on receive. */
static __u32 restore_tag(struct msghdr *message, __u8 *bytes, __u32 length)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		struct tpacket_auxdata aux;

		if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(part), sizeof(aux));
		if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
			continue;
		memmove(bytes + 16, bytes + 12, length - 12);
		memcpy(bytes + 12,
		       (const __u8[]){0x81, 0, aux.tp_vlan_tci >> 8, aux.tp_vlan_tci & 0xff}, 4);
		return length + 4;
	}
	return length;
}

/* The next frame of ours at a port, or 0 when there is none within the limit. */
static __u32 receive(__u32 slot, int limit_ms, __u8 *bytes)
{
	struct pollfd ready = {.fd = sockets[slot], .events = POLLIN};

	while (poll(&ready, 1, limit_ms) > 0) {
		__u8 control[256];
		struct iovec data = {bytes, FRAME_ROOM - 4};
		struct msghdr message = {.msg_iov = &data,
					 .msg_iovlen = 1,
					 .msg_control = control,
					 .msg_controllen = sizeof(control)};
		ssize_t length = recvmsg(sockets[slot], &message, 0);

		if (length < 14)
			continue;
		length = restore_tag(&message, bytes, length);
		if (memmem(bytes, 20, (const __u8[]){TEST_TYPE >> 8, TEST_TYPE & 0xff}, 2))
			return length;
	}
	return 0;
}

static void check_port(const struct row *row, __u32 slot, __u8 mark)
{
	__u8 seen[FRAME_ROOM], expected[FRAME_ROOM];
	__u32 length, got;

	if (row->at[slot] == NOTHING)
		return;
	length = build(row, row->at[slot], mark, expected);
	got = receive(slot, LIMIT_MS, seen);
	cr_expect_eq(got, length, "%s: port %u: %u bytes", row->text, slot, got);
	if (got == length)
		cr_expect_eq(memcmp(seen, expected, length), 0, "%s: port %u: bytes", row->text,
			     slot);
}

/* Each copy once, and none where none belongs: whatever is left over now is too much (FWD-26). */
static void check_leftovers(const struct row *row)
{
	__u8 seen[FRAME_ROOM];

	for (__u32 slot = 0; slot < PORTS; slot++)
		cr_expect_eq(receive(slot, 0, seen), 0, "%s: port %u got what is not for it",
			     row->text, slot);
}

static void close_world(void)
{
	for (__u32 slot = 0; slot < PORTS; slot++) {
		bpf_link__destroy(links[slot]);
		if (sockets[slot] >= 0)
			close(sockets[slot]);
	}
	silicon_close(&silicon);
}

static void run_row(const struct row *row, __u8 mark)
{
	__u8 bytes[FRAME_ROOM];
	__u32 length = build(row, row->tag, mark, bytes);

	cr_assert_eq(send(sockets[row->ingress], bytes, length, 0), (ssize_t)length);
	for (__u32 slot = 0; slot < PORTS; slot++)
		check_port(row, slot, mark);
	check_leftovers(row);
}

/* The network sends everything back: to all but its sender, which counts why. */
Test(live, VEPA_own_broadcast_is_withheld, .fini = close_world)
{
	const struct row row = {
		"GEN-22: reflected broadcast below a VEPA",     UPLINK, broadcast, mac_a, UNTAGGED,
		{NOTHING, UNTAGGED, NOTHING, UNTAGGED, NOTHING}};
	struct nicsw_counters sender, uplink;

	silicon_require(&silicon, true);
	below_vepa = true;
	make_world();
	cr_assert_eq(silicon_counters_reset(&silicon), 0);
	run_row(&row, 1);
	cr_assert_eq(silicon_counters(&silicon, VF_A, &sender), 0);
	cr_assert_eq(silicon_counters(&silicon, UPLINK, &uplink), 0);
	cr_expect_eq(uplink.copies, 3);
	cr_expect_eq(sender.rx_packets[NICSW_BROADCAST], 0);
	cr_expect_eq(sender.rx_bytes[NICSW_BROADCAST], 0);
	cr_expect_eq(sender.drops[NICSW_REASON_REFLECTED_SOURCE], 1);
	cr_expect_eq(sender.copy_drops, 1);
	cr_expect_eq(sender.withheld, 1);
}

Test(live, frames_on_netdevs, .fini = close_world)
{
	silicon_require(&silicon, true);
	make_world();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		run_row(&rows[i], i + 1);
}
