/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A registry with one adapter in plain memory, "nic0", for tests of the daemon.
 *
 * The registry's own source is compiled in here: opened as the daemon does it, it would need root
 * and bpffs. Adapters come and go with registry.num_entries.
 */
#ifndef NICSW_TESTS_DAEMON_FIXTURE_H
#define NICSW_TESTS_DAEMON_FIXTURE_H

#include "daemon/registry.c"
#include "ndis_fixture.h"
#include "wire/wire.h"

static struct entry daemon_entry;
static struct entry *daemon_entries[] = {&daemon_entry};
static struct nicsw_registry registry = {.entries = daemon_entries, .lock = -1};

#define NIC0 (&daemon_entry.adapter)

static inline void daemon_fixture_open(void)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, FIXTURE_FILTERS};

	cr_assert_eq(nicsw_adapter_memory(&sizes, NIC0), 0);
	cr_assert_geq(nicsw_dataplane_repair(&NIC0->dataplane), 0);
	strcpy(NIC0->name, "nic0");
	registry.num_entries = 1;
}

static inline void daemon_fixture_close(void)
{
	nicsw_adapter_close(NIC0);
}

/* A request as it comes over the socket. */
struct packet {
	struct nicsw_wire_request request;
	char in[2048];
};

static inline struct packet packet_of(enum nicsw_wire_kind kind, __u32 code, __u32 type,
				      const void *in, size_t length)
{
	struct packet packet;

	cr_assert_leq(length, sizeof(packet.in));
	nicsw_wire_begin_request(&packet.request, kind, code, length);
	packet.request.type = type;
	packet.request.flags = kind == NICSW_WIRE_OID && (code == OID_NIC_SWITCH_CREATE_SWITCH ||
							  code == OID_NIC_SWITCH_DELETE_SWITCH)
				       ? NICSW_WIRE_AS_NDIS
				       : 0;
	packet.request.out_length = type == SET ? 0 : length;
	if (length)
		memcpy(packet.in, in, length);
	return packet;
}

#define CONTROL(code, in, length) packet_of(NICSW_WIRE_CONTROL, NICSW_CONTROL_##code, 0, in, length)

static inline struct packet packet_create_switch(void)
{
	const struct ndis_nic_switch_parameters parameters = fixture_switch(FIXTURE_VFS);

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, 548);
}

static inline struct packet packet_delete_switch(void)
{
	const struct ndis_nic_switch_delete_switch_parameters parameters = fixture_delete_switch();

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_DELETE_SWITCH, SET, &parameters, 12);
}

/* Its name changes (PARAM-SW-5). */
static inline struct packet packet_set_switch(void)
{
	const struct ndis_nic_switch_parameters parameters = {
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_1),
		.flags = NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED,
		.switch_friendly_name = fixture_text("other"),
	};

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_PARAMETERS, SET, &parameters, 548);
}

static inline struct packet packet_allocate_vf(__u8 mac)
{
	const struct ndis_nic_switch_vf_parameters parameters = fixture_vf(mac);

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &parameters, 1632);
}

static inline struct packet packet_free_vf(__u16 vf)
{
	const struct ndis_nic_switch_free_vf_parameters parameters = fixture_free_vf(vf);

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_FREE_VF, SET, &parameters, 10);
}

static inline struct packet packet_create_vport(__u16 vf)
{
	const struct ndis_nic_switch_vport_parameters parameters = fixture_vport(vf);

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_CREATE_VPORT, METHOD, &parameters, 572);
}

static inline struct packet packet_delete_vport(__u32 vport)
{
	const struct ndis_nic_switch_delete_vport_parameters parameters =
		fixture_delete_vport(vport);

	return packet_of(NICSW_WIRE_OID, OID_NIC_SWITCH_DELETE_VPORT, SET, &parameters, 12);
}

static inline struct packet packet_set_filter(__u32 vport, __u8 mac)
{
	const struct fixture_filter filter = fixture_filter(vport, 0x02, mac, -1);

	return packet_of(NICSW_WIRE_OID, OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter,
			 FILTER_LENGTH(1));
}

static inline struct packet packet_move_filter(__u32 filter, __u32 from, __u32 to)
{
	const struct ndis_receive_filter_move_filter_parameters parameters =
		fixture_move(filter, from, to);

	return packet_of(NICSW_WIRE_OID, OID_RECEIVE_FILTER_MOVE_FILTER, SET, &parameters, 24);
}

static inline struct packet packet_clear_filter(__u32 filter)
{
	const struct ndis_receive_filter_clear_parameters parameters = fixture_clear(filter);

	return packet_of(NICSW_WIRE_OID, OID_RECEIVE_FILTER_CLEAR_FILTER, SET, &parameters, 16);
}

static inline struct packet packet_reset_vf(__u16 vf)
{
	const struct ndis_sriov_reset_vf_parameters parameters = fixture_reset_vf(vf);

	return packet_of(NICSW_WIRE_OID, OID_SRIOV_RESET_VF, SET, &parameters, 6);
}

#endif
