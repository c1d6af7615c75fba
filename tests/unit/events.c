// SPDX-License-Identifier: GPL-2.0-only
/* Who listens hears of each thing that happens, once, and of nothing while nobody listens. */
#include <linux/pci_regs.h>

#include "daemon/control.h"
#include "daemon/events.h"
#include "daemon_fixture.h"

static struct nicsw_wire_event heard[64];
static size_t num_heard;
static struct nicsw_events *events;

static void hear(void *context _unused_, const struct nicsw_wire_event *event)
{
	cr_assert_lt(num_heard, ARRAY_SIZE(heard));
	heard[num_heard++] = *event;
}

static void open_events(void)
{
	daemon_fixture_open();
	cr_assert_eq(nicsw_events_new(&registry, hear, NULL, &events), 0);
}

static void close_events(void)
{
	nicsw_events_free(events);
	daemon_fixture_close();
}

TestSuite(events, .init = open_events, .fini = close_events);

/* As the server does it. */
static void do_request(struct packet packet)
{
	const struct nicsw_peer peer = {.may_write = true};
	struct nicsw_response response;

	nicsw_control_handle(&registry, &peer, &packet.request, &response);
	cr_assert_eq(response.reply.status, 0, "%s", response.reply.text);
	free(response.payload);
	num_heard = 0;
	nicsw_events_request(events, &packet.request);
}

static void build(void)
{
	do_request(packet_create_switch());
	do_request(packet_allocate_vf(0x11));
	do_request(packet_create_vport(0));
	do_request(packet_set_filter(1, 0x11));
}

/* ---- each event of the table --------------------------------------------------------------------
 */

static struct packet power(__u32 state)
{
	const struct ndis_sriov_set_vf_power_state_parameters parameters = {
		.header = HEADER(1, NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1),
		.power_state = state,
	};

	return packet_of(NICSW_WIRE_OID, OID_SRIOV_SET_VF_POWER_STATE, SET, &parameters,
			 NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1);
}

static void raise_lost(void)
{
	/* The server's, for one subscriber: tests/unit/server.c. */
	struct nicsw_wire_event event = {.event = NICSW_EVENT_LOST};

	nicsw_events_stamp(&event);
	hear(NULL, &event);
}

static void raise_adapter_add(void)
{
	registry.num_entries = 0;
	nicsw_events_check(events);
	num_heard = 0;
	registry.num_entries = 1;
	nicsw_events_check(events);
}

static void raise_adapter_del(void)
{
	registry.num_entries = 0;
	nicsw_events_check(events);
	registry.num_entries = 1;
}

static void raise_link(void)
{
	NIC0->dataplane.maps.meta->uplink_ifindex = INT32_MAX;
	nicsw_events_check_links(events);
}

static void raise_capability(void)
{
	NIC0->interface.sriov_off = !NIC0->interface.sriov_off;
	nicsw_events_check(events);
}

static void raise_adapter_reset(void)
{
	NIC0->dataplane.maps.meta->state = NICSW_ADAPTER_RESETTING;
	nicsw_events_check(events);
}

static void raise_switch_create(void)
{
	do_request(packet_create_switch());
}

static void raise_switch_delete(void)
{
	do_request(packet_create_switch());
	do_request(packet_delete_switch());
}

static void raise_switch_change(void)
{
	do_request(packet_create_switch());
	do_request(packet_set_switch());
}

static void raise_vf_allocate(void)
{
	do_request(packet_create_switch());
	do_request(packet_allocate_vf(0x11));
}

static void raise_vf_free(void)
{
	raise_vf_allocate();
	do_request(packet_free_vf(0));
}

static void raise_vf_netdev(void)
{
	raise_vf_allocate();
	num_heard = 0;
	NIC0->dataplane.maps.vfs[0].flags |= NICSW_VF_LOST;
	nicsw_events_check(events);
}

static void raise_vf_reset(void)
{
	raise_vf_allocate();
	do_request(packet_reset_vf(0));
}

static void raise_vf_power(void)
{
	raise_vf_allocate();
	do_request(power(NdisDeviceStateD3));
}

static void raise_vport_create(void)
{
	raise_vf_allocate();
	do_request(packet_create_vport(0));
}

static void raise_vport_delete(void)
{
	raise_vport_create();
	do_request(packet_delete_vport(1));
}

static void raise_vport_change(void)
{
	raise_vport_create();
	num_heard = 0;
	NIC0->dataplane.maps.vports[1].interrupt_moderation++;
	nicsw_events_check(events);
}

static void raise_filter_set(void)
{
	build();
}

static void raise_filter_move(void)
{
	build();
	do_request(packet_move_filter(1, 1, 0));
}

static void raise_filter_clear(void)
{
	build();
	do_request(packet_clear_filter(1));
}

static struct packet invalidate(__u32 vf, __u32 block)
{
	const struct nicsw_block_invalidate in = {vf, block};

	return CONTROL(BLOCK_INVALIDATE, &in, sizeof(in));
}

static void raise_block_invalidate(void)
{
	raise_vf_allocate();
	do_request(invalidate(0, 0));
}

/* A VPort that comes or goes changes a config block of its VF, too. */
static void expect_heard_once(enum nicsw_event event)
{
	size_t count = 0;

	for (size_t i = 0; i < num_heard; i++) {
		cr_expect_eq(heard[i].kind, NICSW_WIRE_EVENT);
		cr_expect_eq(heard[i].magic, NICSW_WIRE_MAGIC);
		cr_expect_gt(heard[i].time, 0);
		cr_expect(heard[i].event == event || heard[i].event == NICSW_EVENT_BLOCK_INVALIDATE,
			  "%s raises %s", nicsw_event_name(event),
			  nicsw_event_name(heard[i].event));
		count += heard[i].event == event;
	}
	cr_expect_eq(count, 1, "%s: %zu times", nicsw_event_name(event), count);
}

/* A new event without a row of its own does not compile. */
Test(events, each_of_the_table)
{
	static const struct {
		enum nicsw_event event;
		void (*raise)(void);
	} rows[] = {
#define X(number, NAME, name) {number, raise_##name},
		NICSW_EVENTS(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		close_events();
		open_events();
		nicsw_events_listen(events, true);
		num_heard = 0;
		rows[i].raise();
		expect_heard_once(rows[i].event);
	}
}

/* ---- listening ----------------------------------------------------------------------------------
 */

Test(events, nobody_listens)
{
	build();
	do_request(packet_reset_vf(0));
	nicsw_events_check(events);
	nicsw_events_check_links(events);
	cr_expect_eq(num_heard, 0);
	nicsw_events_listen(events, true);
	nicsw_events_check(events);
	cr_expect_eq(num_heard, 0, "what was there before is no event");
	nicsw_events_listen(events, true);
	nicsw_events_listen(events, false);
	do_request(packet_reset_vf(0));
	cr_expect_eq(num_heard, 1, "one of two is still there");
	nicsw_events_listen(events, false);
	do_request(packet_clear_filter(1));
	cr_expect_eq(num_heard, 0);
	nicsw_events_listen(events, true);
	nicsw_events_check(events);
	cr_expect_eq(num_heard, 0, "what happened meanwhile is no event");
}

/* Reads cost no comparison: a change that no request made waits for the next write. */
Test(events, a_request_that_reads_is_not_looked_behind)
{
	const struct ndis_nic_switch_info_array array = {
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_INFO_ARRAY_REVISION_1)};
	struct packet query = packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_ENUM_SWITCHES, QUERY, &array,
					sizeof(array));

	query.request.out_length = 1024;
	build();
	nicsw_events_listen(events, true);
	NIC0->dataplane.maps.vports[1].interrupt_moderation++;
	do_request(query);
	cr_expect_eq(num_heard, 0);
	do_request(CONTROL(VF_LIST, NULL, 0));
	cr_expect_eq(num_heard, 0);
	do_request(packet_reset_vf(0));
	cr_expect_eq(num_heard, 2);
}

/* LUID-2: one that was deleted and added again between two looks is another one. */
Test(events, an_adapter_of_the_same_name)
{
	build();
	nicsw_events_listen(events, true);
	NIC0->dataplane.maps.meta->luid++;
	nicsw_events_check(events);
	cr_assert_eq(num_heard, 2);
	cr_expect_eq(heard[0].event, NICSW_EVENT_ADAPTER_DEL);
	cr_expect_eq(heard[1].event, NICSW_EVENT_ADAPTER_ADD);
	cr_expect_str_eq(heard[0].adapter, "nic0");
}

/* ---- what no record tells -----------------------------------------------------------------------
 */

static struct packet write_config(__u32 offset, __u32 length, __u8 value)
{
	struct {
		struct ndis_sriov_vf_config_space_parameters parameters;
		__u8 data[8];
	} in = {.parameters = {
			.header = HEADER(
				1, NDIS_SIZEOF_SRIOV_WRITE_VF_CONFIG_SPACE_PARAMETERS_REVISION_1),
			.offset = offset,
			.length = length,
			.buffer_offset = sizeof(in.parameters),
		}};

	memset(in.data, value, sizeof(in.data));
	return packet_of(NICSW_WIRE_OID, OID_SRIOV_WRITE_VF_CONFIG_SPACE, SET, &in, sizeof(in));
}

/* WR-CFG-12: Initiate FLR is bit 15 of Device Control, and nothing beside it resets. */
Test(events, a_write_that_resets)
{
	const __u8 *space = NIC0->dataplane.maps.config_space[1];
	__u32 express = 0;

	build();
	for (express = space[PCI_CAPABILITY_LIST]; space[express] != PCI_CAP_ID_EXP;)
		express = space[express + PCI_CAP_LIST_NEXT];
	nicsw_events_listen(events, true);
	do_request(write_config(express + PCI_EXP_DEVCTL, 2, 0));
	cr_expect_eq(num_heard, 0);
	do_request(write_config(express + PCI_EXP_DEVCTL, 1, 0x80));
	cr_expect_eq(num_heard, 0, "bit 7");
	do_request(write_config(express + PCI_EXP_DEVCTL + 2, 2, 0x80));
	cr_expect_eq(num_heard, 0, "Device Status");
	do_request(write_config(express + PCI_EXP_DEVCTL, 2, 0x80));
	cr_assert_eq(num_heard, 1);
	cr_expect_eq(heard[0].event, NICSW_EVENT_VF_RESET);
	cr_expect_eq(heard[0].vf_id, 0);
	do_request(write_config(express + PCI_EXP_DEVCTL + 1, 1, 0x80));
	cr_expect_eq(num_heard, 1);
}

/* INVAL-2: a block that the VF has not taken yet is told again when it is invalidated again. */
Test(events, a_block_again)
{
	build();
	nicsw_events_listen(events, true);
	for (int i = 0; i < 2; i++) {
		do_request(invalidate(0, 1));
		cr_assert_eq(num_heard, 1);
		cr_expect_eq(heard[0].event, NICSW_EVENT_BLOCK_INVALIDATE);
		cr_expect_eq(heard[0].count, 2);
	}
}
