// SPDX-License-Identifier: GPL-2.0-only
/* The stream of events as text and as JSON, and how it ends. */
#include "cli_fake.h"

static struct nicsw_wire_event *add(struct fake *fake, enum nicsw_event event, const char *state)
{
	struct nicsw_wire_event *added = &fake->events[fake->num_events++];

	*added = (struct nicsw_wire_event){
		.event = event,
		.vf_id = NICSW_NONE,
		.vport_id = NICSW_NONE,
		.filter_id = NICSW_NONE,
		.time = 1700000000123456789ull + fake->num_events * 1000000000ull,
		.adapter = "nic0",
	};
	strcpy(added->state, state);
	return added;
}

/* One of each kind, and one of a later version. */
static void add_all(struct fake *fake)
{
	fake_answer(fake, NULL, 0);
	add(fake, NICSW_EVENT_LOST, "")->count = 7;
	fake->events[0].adapter[0] = '\0';
	add(fake, NICSW_EVENT_ADAPTER_ADD, "");
	add(fake, NICSW_EVENT_ADAPTER_DEL, "");
	add(fake, NICSW_EVENT_LINK, "down");
	add(fake, NICSW_EVENT_CAPABILITY, "on")->capability =
		(struct nicsw_capability_figures){1, 2, 3, 4, 5, 6, 7, 8};
	add(fake, NICSW_EVENT_SWITCH_CREATE, "");
	add(fake, NICSW_EVENT_SWITCH_DELETE, "");
	add(fake, NICSW_EVENT_SWITCH_CHANGE, "");
	add(fake, NICSW_EVENT_VF_ALLOCATE, "")->vf_id = 0;
	add(fake, NICSW_EVENT_VF_FREE, "")->vf_id = 1;
	add(fake, NICSW_EVENT_VF_NETDEV, "attached")->vf_id = 2;
	add(fake, NICSW_EVENT_VF_RESET, "")->vf_id = 3;
	add(fake, NICSW_EVENT_VF_POWER, "d3")->vf_id = 4;
	add(fake, NICSW_EVENT_VPORT_CREATE, "activated")->vport_id = 5;
	fake->events[13].vf_id = 4;
	add(fake, NICSW_EVENT_VPORT_DELETE, "")->vport_id = 5;
	add(fake, NICSW_EVENT_VPORT_CHANGE, "activated")->vport_id = 6;
	add(fake, NICSW_EVENT_FILTER_SET, "")->filter_id = 8;
	fake->events[16].vport_id = 0;
	add(fake, NICSW_EVENT_FILTER_MOVE, "")->filter_id = 8;
	fake->events[17].vport_id = 6;
	add(fake, NICSW_EVENT_FILTER_CLEAR, "")->filter_id = 8;
	add(fake, NICSW_EVENT_BLOCK_INVALIDATE, "")->count = 5;
	fake->events[19].vf_id = 2;
	add(fake, NICSW_EVENT_ADAPTER_RESET, "done");
	add(fake, 9999, "");
}

Test(cli_monitor, the_list_here_has_every_kind)
{
	static struct fake fake;

	add_all(&fake);
#define X(number, NAME, name) cr_expect_eq(fake.events[number - 1].event, number, #name);
	NICSW_EVENTS(X)
#undef X
	fake_clear(&fake);
}

/* Lines end with the stream: what came before is printed, and the exit code says it. */
static void run_and_compare(const char *line, const char *golden)
{
	static struct fake fake;

	fake = (struct fake){0};
	add_all(&fake);
	cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_UNREACHABLE);
	cr_expect_eq(fake.asked[0].request.code, NICSW_CONTROL_SUBSCRIBE);
	cr_expect_str_eq(fake.err, "Error: the stream ended.\n");
	expect_golden(golden, fake.out);
	fake_clear(&fake);
}

Test(cli_monitor, text)
{
	run_and_compare("monitor", "monitor.txt");
}

Test(cli_monitor, json_by_option)
{
	run_and_compare("-j monitor", "monitor.jsonl");
}

Test(cli_monitor, json_by_word)
{
	run_and_compare("monitor -j", "monitor.jsonl");
}

Test(cli_monitor, the_adapter_is_asked_for)
{
	static struct fake fake;

	fake_answer(&fake, NULL, 0);
	cr_expect_eq(fake_run(&fake, "-a nic1 monitor"), NICSW_EXIT_UNREACHABLE);
	cr_expect_str_eq(fake.asked[0].request.adapter, "nic1");
	fake_clear(&fake);
}

Test(cli_monitor, a_refusal_and_no_daemon)
{
	static struct fake fake;

	fake_refusal(&fake, NDIS_STATUS_FAILURE, "", "there is no adapter");
	add(&fake, NICSW_EVENT_CAPABILITY, "");
	cr_expect_eq(fake_run(&fake, "monitor"), NICSW_EXIT_FAILED);
	cr_expect_str_eq(fake.out, "");
	cr_expect_eq(fake_run(&fake, "monitor"), NICSW_EXIT_UNREACHABLE);
	cr_expect_str_eq(fake.err, "Error: no socket here.\n");
	fake_clear(&fake);
}
