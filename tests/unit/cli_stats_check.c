// SPDX-License-Identifier: GPL-2.0-only
/* `stats show --check`: the three equations, and that the counters must stand still. */
#include "cli_fake.h"

#define PORTS 3

/* Two unicast frames, one of them dropped; a group frame with three receivers, of which one was
 * refused and one lost its copy. */
static const struct nicsw_port_stats sound[PORTS] = {
	{.slot = NICSW_SLOT_UPLINK,
	 .flags = NICSW_STATS_VERIFIED,
	 .counters = {.rx_packets = {1, 0, 1},
		      .taken = 1,
		      .drops = {[NICSW_REASON_RING_FULL] = 1}}},
	{.slot = NICSW_SLOT_PF,
	 .flags = NICSW_STATS_VERIFIED,
	 .counters = {.rx_packets = {0, 0, 1}, .taken = 1}},
	{.slot = NICSW_SLOT_VF(0),
	 .flags = NICSW_STATS_VERIFIED,
	 .counters = {.tx_packets = {2, 0, 1},
		      .drops = {[NICSW_REASON_SOURCE_SPOOFED] = 1, [NICSW_REASON_TOO_LONG] = 1},
		      .flooded = 1,
		      .copies = 3,
		      .copy_drops = 1}},
};

static struct nicsw_port_stats ports[PORTS];
static struct fake fake;

static void answer(void)
{
	fake_answer(&fake, ports, sizeof(ports));
}

static enum nicsw_exit run_check(const char *line)
{
	fake_clear(&fake);
	fake = (struct fake){0};
	answer();
	answer();
	return fake_run(&fake, line);
}

static void make_ports(void)
{
	memcpy(ports, sound, sizeof(ports));
}

static void clear(void)
{
	fake_clear(&fake);
}

TestSuite(cli_stats_check, .init = make_ports, .fini = clear);

Test(cli_stats_check, all_hold)
{
	cr_assert_eq(run_check("stats show --check"), NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_str_eq(
		fake.out,
		"EQUATION  LEFT  RIGHT  HOLDS  TERMS\n"
		"frames       3      3  yes    tx_packets=3,rx_unicast=1,flooded=1,drops=1\n"
		"copies       3      3  yes    copies=3,rx_group=2,copy_drops=1\n"
		"delivery     3      3  yes    handed_over=3,delivered=2,lost=1\n");
}

Test(cli_stats_check, as_json)
{
	cr_assert_eq(run_check("-j stats show --check"), NICSW_EXIT_DONE);
	cr_expect(fake_begins(fake.out, "[{\"equation\":\"frames\",\"left\":3,\"right\":3,"
					"\"holds\":true,\"terms\":{\"tx_packets\":3,"),
		  "%s", fake.out);
}

/* One frame too many or too few anywhere, and exactly its equation says no. */
Test(cli_stats_check, one_frame_is_missing)
{
	static const struct {
		size_t port, offset;
		const char *equation;
	} places[] = {
		{2, offsetof(struct nicsw_counters, tx_packets), "frames       4      3  no"},
		{2, offsetof(struct nicsw_counters, drops[NICSW_REASON_RUNT]),
		 "frames       3      4  no"},
		{0, offsetof(struct nicsw_counters, copies), "copies       4      3  no"},
		{1, offsetof(struct nicsw_counters, taken), "delivery     3      4  no"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		make_ports();
		++*(__u64 *)((char *)&ports[places[i].port].counters + places[i].offset);
		cr_expect_eq(run_check("stats show --check"), NICSW_EXIT_FAILED);
		cr_expect(strstr(fake.out, places[i].equation), "%s", fake.out);
		cr_expect_str_eq(fake.err, "Error: the counters do not add up.\n");
	}
}

Test(cli_stats_check, nothing_is_said_of_deliveries_that_are_not_verified)
{
	ports[1].flags = 0;
	ports[0].counters.taken = 0;
	cr_expect_eq(run_check("stats show --check"), NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_null(strstr(fake.out, "delivery"), "%s", fake.out);
}

/* The first answers differ: it is asked again, and the last two are what counts. */
Test(cli_stats_check, asks_until_they_stand_still)
{
	ports[2].counters.tx_packets[0]++;
	answer();
	make_ports();
	answer();
	answer();
	cr_expect_eq(fake_run(&fake, "stats show --check"), NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_eq(fake.num_asked, 3);
}
