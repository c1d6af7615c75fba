// SPDX-License-Identifier: GPL-2.0-only
/* Text and JSON of each show command, from canned answers, against tests/golden. */
#include "cli_fake.h"
#include "core/text.h"

static void answer_adapters(struct fake *fake)
{
	struct nicsw_adapter_status adapters[] = {
		{.name = "nic0",
		 .uplink = "wire0",
		 .uplink_state = NICSW_UPLINK_UP,
		 .total_vfs = 64,
		 .num_vfs = 8,
		 .rid = 0x0100,
		 .mtu = 1500,
		 .mac = {2, 0, 0, 0, 0, 1},
		 .switch_exists = 1,
		 .sriov = 1,
		 .rate = 10000,
		 .vepa = 1},
		{.name = "longname",
		 .uplink = "enp1s0",
		 .uplink_state = NICSW_UPLINK_MISSING,
		 .generic = 1,
		 .total_vfs = 1024,
		 .rid = 0x0300,
		 .mtu = 9000,
		 .mac = {2, 0, 0, 0, 0, 2}},
	};

	fake_answer(fake, adapters, sizeof(adapters));
}

static void answer_switches(struct fake *fake)
{
	struct {
		struct ndis_nic_switch_info_array array;
		struct ndis_nic_switch_info info;
	} in = {
		.array = {.elements = {sizeof(in.array), 1, sizeof(in.info)}},
		.info = {.num_vfs = 8,
			 .num_allocated_vfs = 2,
			 .num_vports = 9,
			 .num_active_vports = 3,
			 .num_queue_pairs_for_default_vport = 1,
			 .num_queue_pairs_for_nondefault_vports = 2,
			 .num_active_default_vport_mac_addresses = 3,
			 .num_active_nondefault_vport_mac_addresses = 4,
			 .num_active_default_vport_vlan_ids = 5,
			 .num_active_nondefault_vport_vlan_ids = 6},
	};

	nicsw_text_set(&in.info.switch_friendly_name, "b\xc3\xbcro switch");
	fake_answer(fake, &in, sizeof(in));
}

/* Each word of `vf set` once, and a VF without any. */
static void set_policies(struct nicsw_vf_status *vfs)
{
	vfs[0].policy = (struct nicsw_policy){.vlan = 10, .qos = 3, .max_tx_rate = 100};
	vfs[1].policy = (struct nicsw_policy){
		.vlan = 20 | NICSW_VLAN_SERVICE, .min_tx_rate = 5, .mac = {2, 0, 0, 0, 0x0a, 0x0a}};
	vfs[2].policy = (struct nicsw_policy){.flags = NICSW_POLICY_TRUNK,
					      .trunk = {1ull << 10 | 7ull << 20},
					      .link = NICSW_LINK_DISABLE};
	vfs[3].policy = (struct nicsw_policy){.flags = NICSW_POLICY_SPOOF_OFF | NICSW_POLICY_TRUST |
						       NICSW_POLICY_ISOLATED,
					      .storm = 1000,
					      .mtu = 9000,
					      .link = NICSW_LINK_ENABLE};
}

static void answer_vfs(struct fake *fake)
{
	struct nicsw_vf_status vfs[] = {
		{.vf_id = 0,
		 .rid = 0x0101,
		 .vport_id = 1,
		 .flags = NICSW_VF_ATTACHED,
		 .power_state = 1,
		 .current_mac = {2, 0, 0, 0, 0, 0x11},
		 .permanent_mac = {2, 0, 0, 0, 0, 0x10},
		 .owner = "cli:0",
		 .netns = "/run/netns/vm1",
		 .dev = "eth0"},
		{.vf_id = 12,
		 .rid = 0x010d,
		 .vport_id = NICSW_NONE,
		 .power_state = 1,
		 .current_mac = {2, 0, 0, 0, 0, 0x12},
		 .permanent_mac = {2, 0, 0, 0, 0, 0x12},
		 .owner = "vs"},
		{.vf_id = 13,
		 .rid = 0x010e,
		 .vport_id = 2,
		 .power_state = 1,
		 .owner = "vs",
		 .flags = NICSW_VF_LOST},
		{.vf_id = 14,
		 .rid = 0x010f,
		 .vport_id = 3,
		 .power_state = 1,
		 .owner = "vs",
		 .flags = NICSW_VF_RESETTING | NICSW_VF_ATTACHED},
		{.vf_id = 15,
		 .rid = 0x0110,
		 .vport_id = 4,
		 .power_state = 4,
		 .owner = "vs",
		 .flags = NICSW_VF_ATTACHED},
		{.vf_id = 16,
		 .rid = 0x0111,
		 .vport_id = 5,
		 .power_state = 1,
		 .owner = "vs",
		 .netns = "/run/netns/vm16",
		 .dev = "eth0",
		 .flags = NICSW_VF_ATTACHED | NICSW_VF_QUARANTINED | NICSW_NETDEV_GRO |
			  NICSW_NETDEV_TXVLAN},
	};

	nicsw_text_set(&vfs[0].vm_friendly_name, "web server");
	set_policies(vfs);
	fake_answer(fake, vfs, sizeof(vfs));
}

/* Elements may be longer than what we know, and stand apart from the header (structs.md 1). */
static void answer_vports(struct fake *fake)
{
	struct {
		struct ndis_nic_switch_vport_info_array array;
		char gap[12];
		struct {
			struct ndis_nic_switch_vport_info info;
			char more[8];
		} elements[3];
	} in = {.array = {.elements = {offsetof(__typeof__(in), elements), 3,
				       sizeof(in.elements[0])}},
		.elements = {
			{.info = {.vport_id = 0,
				  .attached_function_id = NDIS_PF_FUNCTION_ID,
				  .num_queue_pairs = 1,
				  .interrupt_moderation = 1,
				  .vport_state = 1,
				  .num_filters = 1}},
			{.info = {.vport_id = 1,
				  .attached_function_id = 0,
				  .num_queue_pairs = 1,
				  .interrupt_moderation = 300,
				  .vport_state = 1,
				  .num_filters = 2}},
			{.info = {.vport_id = 2,
				  .attached_function_id = 12,
				  .num_queue_pairs = 2,
				  .interrupt_moderation = 2,
				  .vport_state = 2}},
		}};

	nicsw_text_set(&in.elements[0].info.vport_name, "default");
	fake_answer(fake, &in, sizeof(in));
}

static void answer_filters(struct fake *fake)
{
	struct nicsw_filter_status filters[] = {
		{.filter_id = 1,
		 .vport_id = 1,
		 .flags = NICSW_FILTER_UNTAGGED,
		 .mac = {2, 0, 0, 0, 0, 0x11},
		 .owner = "cli:0"},
		{.filter_id = 2,
		 .vport_id = 0,
		 .flags = NICSW_FILTER_VLAN,
		 .vlan = 4094,
		 .mac = {0x33, 0x33, 0, 0, 0, 1},
		 .owner = "cli:1000"},
		{.filter_id = 65536,
		 .vport_id = 1,
		 .flags = NICSW_FILTER_VLAN,
		 .vlan = 10,
		 .mac = {2, 0, 0, 0, 0, 0x11},
		 .owner = "vs"},
	};

	fake_answer(fake, filters, sizeof(filters));
}

static void answer_stats(struct fake *fake)
{
	struct nicsw_port_stats stats[] = {
		{.slot = NICSW_SLOT_UPLINK,
		 .vport_id = NICSW_NONE,
		 .function = NICSW_NONE,
		 .flags = NICSW_STATS_VERIFIED,
		 .counters = {.rx_packets = {1, 2, 4}, .rx_bytes = {60, 120, 240}, .taken = 7}},
		{.slot = NICSW_SLOT_PF,
		 .vport_id = 0,
		 .function = NICSW_FUNCTION_PF,
		 .flags = NICSW_STATS_VERIFIED,
		 .counters = {.rx_packets = {100, 10, 1},
			      .rx_bytes = {6000, 600, 60},
			      .tx_packets = {7, 8, 9},
			      .tx_bytes = {70, 80, 90},
			      .drops = {[NICSW_REASON_RING_FULL] = 3, [NICSW_REASON_TOO_LONG] = 1},
			      .flooded = 17,
			      .copies = 19,
			      .copy_drops = 1,
			      .taken = 108}},
		{.slot = NICSW_SLOT_VF(0),
		 .vport_id = 1,
		 .function = 0,
		 .flags = NICSW_STATS_VERIFIED,
		 .counters =
			 {.tx_packets = {UINT32_MAX * 8ull},
			  .tx_bytes = {UINT32_MAX * 512ull},
			  .drops = {[NICSW_REASON_SOURCE_SPOOFED] = 5, [NICSW_REASON_RUNT] = 1}}},
		{.slot = NICSW_NONE,
		 .vport_id = NICSW_NONE,
		 .function = NICSW_NONE,
		 .flags = NICSW_STATS_VERIFIED,
		 .counters = {.tx_packets = {1}, .tx_bytes = {60}}},
	};

	fake_answer(fake, stats, sizeof(stats));
}

static const struct show_case {
	const char *line;
	const char *golden;
	void (*answers[3])(struct fake *fake);
} cases[] = {
	{"adapter show", "show-adapter.txt", {answer_adapters}},
	{"-j -p adapter show", "show-adapter.json", {answer_adapters}},
	{"switch show", "show-switch.txt", {answer_switches}},
	{"-j -p switch show", "show-switch.json", {answer_switches}},
	{"vf show", "show-vf.txt", {answer_vfs}},
	{"-j -p vf show", "show-vf.json", {answer_vfs}},
	{"vport show", "show-vport.txt", {answer_vports, answer_filters}},
	{"-j -p vport show", "show-vport.json", {answer_vports, answer_filters}},
	{"-s vport show", "show-vport-stats.txt", {answer_vports, answer_filters, answer_stats}},
	{"-s -j -p vport show 1",
	 "show-vport-stats.json",
	 {answer_vports, answer_filters, answer_stats}},
	{"filter show", "show-filter.txt", {answer_filters}},
	{"-j -p filter show", "show-filter.json", {answer_filters}},
	{"stats show", "show-stats.txt", {answer_stats}},
	{"-j -p stats show", "show-stats.json", {answer_stats}},
	{"-s stats show", "show-stats-detailed.txt", {answer_stats}},
};

static void run_case(const struct show_case *show)
{
	static struct fake fake;

	fake = (struct fake){0};
	for (size_t i = 0; i < ARRAY_SIZE(show->answers) && show->answers[i]; i++)
		show->answers[i](&fake);
	cr_expect_eq(fake_run(&fake, show->line), NICSW_EXIT_DONE, "%s: %s", show->line, fake.err);
	cr_expect_eq(fake.num_asked, fake.num_answers, "%s", show->line);
	expect_golden(show->golden, fake.out);
	fake_clear(&fake);
}

/* One test for each row: an update writes them all. */
#define ROW(index)                                                                                 \
	Test(cli_show, row_##index)                                                                \
	{                                                                                          \
		run_case(&cases[index]);                                                           \
	}
/* clang-format off */
ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7)
ROW(8) ROW(9) ROW(10) ROW(11) ROW(12) ROW(13) ROW(14)
_Static_assert(ARRAY_SIZE(cases) == 15, "a ROW for each");
/* clang-format on */

Test(cli_show, every_show_command_has_text_and_json)
{
	for (size_t i = 0; i < nicsw_num_commands; i++) {
		const struct nicsw_command *command = &nicsw_commands[i];
		char name[64];
		size_t found = 0;

		if (!nicsw_streq(command->name, "show"))
			continue;
		for (size_t j = 0; j < ARRAY_SIZE(cases); j++) {
			snprintf(name, sizeof(name), "show-%s.txt", command->object);
			found += nicsw_streq(cases[j].golden, name);
			snprintf(name, sizeof(name), "show-%s.json", command->object);
			found += nicsw_streq(cases[j].golden, name);
		}
		cr_expect_eq(found, 2, "%s show", command->object);
	}
}

static void expect_run(void (*answer)(struct fake *fake), const char *line, enum nicsw_exit code,
		       const char *out, const char *err)
{
	static struct fake fake;

	fake = (struct fake){0};
	answer(&fake);
	cr_expect_eq(fake_run(&fake, line), code, "%s", line);
	cr_expect(strstr(fake.out, out), "%s: %s", line, fake.out);
	cr_expect_str_eq(fake.err, err, "%s", line);
	fake_clear(&fake);
}

Test(cli_show, one_vf)
{
	expect_run(answer_vfs, "-j vf show 12", NICSW_EXIT_DONE, "[{\"vf_id\":12,", "");
	expect_run(answer_vfs, "-j vf show 11", NICSW_EXIT_FAILED, "",
		   "Error: VF 11 is not allocated.\n");
}

static void answer_vports_and_filters(struct fake *fake)
{
	answer_vports(fake);
	answer_filters(fake);
}

Test(cli_show, one_vport)
{
	expect_run(answer_vports_and_filters, "-j vport show 2", NICSW_EXIT_DONE,
		   "[{\"vport_id\":2,", "");
	expect_run(answer_vports_and_filters, "vport show 5", NICSW_EXIT_FAILED, "",
		   "Error: there is no VPort 5.\n");
}

static void answer_stats_of_the_pf(struct fake *fake)
{
	struct nicsw_port_stats stats[] = {
		{.slot = NICSW_SLOT_PF,
		 .function = NICSW_FUNCTION_PF,
		 .flags = NICSW_STATS_VERIFIED},
		{.slot = NICSW_SLOT_PF_VPORT(4, 0),
		 .vport_id = 5,
		 .function = NICSW_FUNCTION_PF,
		 .flags = NICSW_STATS_VERIFIED},
	};

	fake_answer(fake, stats, sizeof(stats));
}

/* A nondefault VPort of the PF is a port of its own. */
Test(cli_show, stats_of_the_pf)
{
	expect_run(answer_stats_of_the_pf, "-j stats show", NICSW_EXIT_DONE,
		   "[{\"port\":\"pf\",\"vport_id\":0,", "");
	expect_run(answer_stats_of_the_pf, "-j stats show", NICSW_EXIT_DONE,
		   "{\"port\":\"vport5\",\"vport_id\":5,", "");
}

Test(cli_show, one_adapter)
{
	expect_run(answer_adapters, "-j -a longname adapter show", NICSW_EXIT_DONE,
		   "[{\"name\":\"longname\",", "");
}

static void answer_unverified(struct fake *fake)
{
	struct nicsw_port_stats stats = {.slot = NICSW_SLOT_UPLINK,
					 .vport_id = NICSW_NONE,
					 .function = NICSW_NONE,
					 .counters = {.rx_packets = {5}, .taken = 2}};

	fake_answer(fake, &stats, sizeof(stats));
}

/* What was handed over is all that is known then, and that is said. */
Test(cli_show, deliveries_that_are_not_verified)
{
	expect_run(answer_unverified, "-j stats show", NICSW_EXIT_DONE, "\"rx_packets\":5,",
		   "Warning: deliveries are not verified: this kernel, or generic XDP at the "
		   "uplink, does not report what a full ring dropped.\n");
}

/* The text of a dump goes to lspci: the address is ours, the registers are the image's (PCI-6). */
Test(cli_show, dump_as_json)
{
	static struct fake fake;
	struct nicsw_function_image image = {.rid = 0x0101, .function = 0, .config = {0xf4, 0x1a}};

	fake_answer(&fake, &image, sizeof(image));
	cr_expect_eq(fake_run(&fake, "-j pci dump vf 0"), NICSW_EXIT_DONE);
	cr_expect(fake_begins(fake.out, "[{\"function_id\":0,\"rid\":257,\"address\":\"01:00.1\","
					"\"config\":\"f41a00"),
		  "%.80s", fake.out);
	fake_clear(&fake);
}
