// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the interface promises of any request: lengths as the interface has them, outputs, statuses,
 * time, where an answer comes from, and what is not offered.
 */
#include "ndis_fixture.h"

#include <time.h>

#include "ndis/oid_table.h"
#include "pf/fault.h"

#define ROOM 8192

static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(rules_requests, .init = open_vf, .fini = fixture_close);

/* ---- lengths ---- */

/* From the interface, not from the table of the code. */
static const struct {
	const char *rule;
	__u32 oid;
	__u32 type;
	__u32 length;
	__u32 vf; /* the adapter asked */
} shortest[] = {
	{"PARAM-SW-2", OID_NIC_SWITCH_PARAMETERS, METHOD, 548, NICSW_NONE},
	{"PARAM-SW-2", OID_NIC_SWITCH_PARAMETERS, SET, 548, NICSW_NONE},
	{"PARAM-VP-2", OID_NIC_SWITCH_VPORT_PARAMETERS, METHOD, 572, NICSW_NONE},
	{"PARAM-VP-2", OID_NIC_SWITCH_VPORT_PARAMETERS, SET, 572, NICSW_NONE},
	{"PARAM-VF-2", OID_NIC_SWITCH_VF_PARAMETERS, METHOD, 1632, NICSW_NONE},
	{"POWER-VF-2", OID_SRIOV_SET_VF_POWER_STATE, SET, 13, NICSW_NONE},
	{"VENDEV-2", OID_SRIOV_VF_VENDOR_DEVICE_ID, METHOD, 10, NICSW_NONE},
	{"WR-CFG-2", OID_SRIOV_WRITE_VF_CONFIG_SPACE, SET, 20, NICSW_NONE},
	{"BLK-2", OID_SRIOV_READ_VF_CONFIG_BLOCK, METHOD, 20, NICSW_NONE},
	{"BLK-2", OID_SRIOV_WRITE_VF_CONFIG_BLOCK, SET, 20, NICSW_NONE},
	{"INVAL-6", OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, METHOD, 16, 0},
};

static void expect_needed(size_t i, void *buffer, __u32 in, __u32 out)
{
	struct reply reply = refuse(shortest[i].oid, shortest[i].type, buffer, in, out,
				    NDIS_STATUS_INVALID_LENGTH, "GEN-3");

	cr_expect_eq(reply.needed, shortest[i].length, "%s: needs %u", shortest[i].rule,
		     reply.needed);
}

/*
 * PARAM-SW-2, PARAM-VP-2, PARAM-VF-2, POWER-VF-2, VENDEV-2, WR-CFG-2, BLK-2, INVAL-6: one byte less
 * is too short in either direction, and the length itself is enough.
 */
Test(rules_requests, shortest_buffers)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shortest); i++) {
		__u32 length = shortest[i].length, out = shortest[i].type == SET ? 0 : length;
		const struct ndis_object_header header = HEADER(1, length);
		char *buffer = calloc(1, ROOM);

		target_vf = shortest[i].vf;
		memcpy(buffer, &header, sizeof(header));
		expect_needed(i, buffer, length - 1, out);
		if (out)
			expect_needed(i, buffer, length, out - 1);
		cr_expect_neq(ask(shortest[i].oid, shortest[i].type, buffer, length, out).status,
			      NDIS_STATUS_INVALID_LENGTH, "%s", shortest[i].rule);
		free(buffer);
	}
}

/* ---- outputs ---- */

/* GEN-7: what was needed before is not said any more once the request has succeeded. */
Test(rules_requests, GEN_7_bytes_needed)
{
	char *buffer = calloc(1, ROOM);
	struct nicsw_oid_request request = {
		.oid = OID_NIC_SWITCH_ENUM_SWITCHES,
		.type = QUERY,
		.vf = NICSW_NONE,
		.buffer = buffer,
		.out_length = 16,
	};

	cr_expect_eq(nicsw_ndis_request(&adapter, &request, NULL), NDIS_STATUS_INVALID_LENGTH);
	cr_expect_eq(request.bytes_needed, 16 + 572);
	request.out_length = ROOM;
	cr_expect_eq(nicsw_ndis_request(&adapter, &request, NULL), NDIS_STATUS_SUCCESS);
	cr_expect_eq(request.bytes_needed, 0);
	cr_expect_eq(request.bytes_written, 16 + 572);
	free(buffer);
}

/* GEN-13: no OID stays open: whatever it ends with, it is the final status. */
Test(rules_requests, GEN_13_never_pending)
{
	const struct nicsw_oid_row *row;
	int code;

	for (row = nicsw_oid_rows; row < nicsw_oid_rows + nicsw_num_oid_rows; row++) {
		const struct ndis_object_header header = HEADER(1, row->lengths[0]);
		char *buffer = calloc(1, ROOM);

		as_ndis = true;
		target_vf = row->flags & NICSW_OID_PF ? NICSW_NONE : 0;
		memcpy(buffer, &header, sizeof(header));
		cr_expect_neq(ask(row->oid, row->type, buffer, ROOM, ROOM).status,
			      NDIS_STATUS_PENDING, "%s", nicsw_oid_name(row->oid));
		free(buffer);
	}
	for (code = -4095; code <= 0; code++)
		cr_expect_eq(nicsw_status_from_errno(code) == NDIS_STATUS_PENDING,
			     code == -EINPROGRESS, "%d", code);
}

/* ---- 0xFFFF ---- */

/* A structure that begins with its header and holds a VFId at vf_at. */
static const struct {
	__u32 oid;
	__u32 type;
	__u32 length;
	__u32 vf_at;
} of_a_vf[] = {
#define OF_A_VF(NAME, type, length, structure)                                                     \
	{                                                                                          \
		OID_##NAME, type, length, offsetof(struct structure, vf_id)                        \
	}
	OF_A_VF(NIC_SWITCH_FREE_VF, SET, 10, ndis_nic_switch_free_vf_parameters),
	OF_A_VF(NIC_SWITCH_VF_PARAMETERS, METHOD, 1632, ndis_nic_switch_vf_parameters),
	OF_A_VF(SRIOV_READ_VF_CONFIG_SPACE, METHOD, 20, ndis_sriov_vf_config_space_parameters),
	OF_A_VF(SRIOV_WRITE_VF_CONFIG_SPACE, SET, 20, ndis_sriov_vf_config_space_parameters),
	OF_A_VF(SRIOV_READ_VF_CONFIG_BLOCK, METHOD, 20, ndis_sriov_vf_config_block_parameters),
	OF_A_VF(SRIOV_WRITE_VF_CONFIG_BLOCK, SET, 20, ndis_sriov_vf_config_block_parameters),
	OF_A_VF(SRIOV_RESET_VF, SET, 6, ndis_sriov_reset_vf_parameters),
	OF_A_VF(SRIOV_SET_VF_POWER_STATE, SET, 13, ndis_sriov_set_vf_power_state_parameters),
	OF_A_VF(SRIOV_VF_VENDOR_DEVICE_ID, METHOD, 10, ndis_sriov_vf_vendor_device_id_info),
	OF_A_VF(SRIOV_BAR_RESOURCES, METHOD, 12, ndis_sriov_bar_resources_info),
};

/* GEN-20: where a VF is meant, it is none. */
Test(rules_requests, GEN_20_no_vf)
{
	const __u16 none = 0xffff;
	size_t i;

	as_ndis = true;
	for (i = 0; i < ARRAY_SIZE(of_a_vf); i++) {
		const struct ndis_object_header header = HEADER(1, of_a_vf[i].length);
		char *buffer = calloc(1, ROOM);
		struct reply reply;

		memcpy(buffer, &header, sizeof(header));
		memcpy(buffer + of_a_vf[i].vf_at, &none, sizeof(none));
		reply = ask(of_a_vf[i].oid, of_a_vf[i].type, buffer, ROOM, ROOM);
		cr_expect_eq(reply.status, NDIS_STATUS_INVALID_PARAMETER, "%s: %s (%s)",
			     nicsw_oid_name(of_a_vf[i].oid), nicsw_status_name(reply.status),
			     reply.error.text);
		free(buffer);
	}
}

/* GEN-20: for ALLOCATE_VF it is "not assigned yet", for a VPort the PF. */
Test(rules_requests, GEN_20_not_assigned_and_the_pf)
{
	struct ndis_nic_switch_vf_parameters vf = fixture_vf(2);
	struct ndis_nic_switch_vport_info info;
	struct {
		struct ndis_nic_switch_vport_info_array array;
		char infos[3 * sizeof(info)];
	} all = {.array = {.header = HEADER(1, 28),
			   .flags = NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION,
			   .attached_function_id = 0xffff}};

	vf.vf_id = 0xffff;
	ACCEPT(ask(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &vf, 1632, 1632));
	cr_expect_eq(vf.vf_id, 1);
	oid_create_vport(0);
	cr_expect_eq(oid_create_vport(0xffff), 2);
	ACCEPT(ask(OID_NIC_SWITCH_ENUM_VPORTS, METHOD, &all, 28, sizeof(all)));
	cr_expect_eq(all.array.elements.num_elements, 2);
	for (__u32 i = 0; i < 2; i++) {
		memcpy(&info, all.infos + i * sizeof(info), sizeof(info));
		cr_expect_eq(info.vport_id, 2 * i);
		cr_expect_eq(info.attached_function_id, 0xffff);
	}
}

/* ---- where answers come from ---- */

/* What NDIS answers, with the id that the answer is about. */
static const struct {
	__u32 oid;
	__u32 type;
	__u32 vf; /* the adapter asked */
	__u32 id_at;
	__u32 id;
} by_ndis[] = {
	{OID_RECEIVE_FILTER_HARDWARE_CAPABILITIES, QUERY, NICSW_NONE},
	{OID_RECEIVE_FILTER_GLOBAL_PARAMETERS, QUERY, NICSW_NONE},
	{OID_RECEIVE_FILTER_ENUM_QUEUES, QUERY, NICSW_NONE},
	{OID_RECEIVE_FILTER_ENUM_FILTERS, METHOD, NICSW_NONE},
	{OID_RECEIVE_FILTER_PARAMETERS, METHOD, NICSW_NONE,
	 offsetof(struct ndis_receive_filter_parameters, filter_id), 1},
	{OID_RECEIVE_FILTER_CURRENT_CAPABILITIES, QUERY, NICSW_NONE},
	{OID_NIC_SWITCH_HARDWARE_CAPABILITIES, QUERY, NICSW_NONE},
	{OID_NIC_SWITCH_CURRENT_CAPABILITIES, QUERY, NICSW_NONE},
	{OID_NIC_SWITCH_PARAMETERS, METHOD, NICSW_NONE},
	{OID_NIC_SWITCH_ENUM_SWITCHES, QUERY, NICSW_NONE},
	{OID_NIC_SWITCH_VPORT_PARAMETERS, METHOD, NICSW_NONE,
	 offsetof(struct ndis_nic_switch_vport_parameters, vport_id), 1},
	{OID_NIC_SWITCH_ENUM_VPORTS, METHOD, NICSW_NONE},
	{OID_NIC_SWITCH_VF_PARAMETERS, METHOD, NICSW_NONE}, /* VF 0 */
	{OID_NIC_SWITCH_ENUM_VFS, METHOD, NICSW_NONE},
	{OID_SRIOV_HARDWARE_CAPABILITIES, QUERY, NICSW_NONE},
	{OID_SRIOV_CURRENT_CAPABILITIES, QUERY, NICSW_NONE},
	{OID_SRIOV_PF_LUID, QUERY, NICSW_NONE},
	{OID_SRIOV_VF_SERIAL_NUMBER, QUERY, 0},
};

static void add_answer(struct snapshot *answers, size_t i)
{
	const struct nicsw_oid_row *row = nicsw_oid_row(by_ndis[i].oid, by_ndis[i].type);
	const struct ndis_object_header header = HEADER(1, row->lengths[0]);
	char *buffer = calloc(1, ROOM);
	struct reply reply;

	target_vf = by_ndis[i].vf;
	if (by_ndis[i].id)
		memcpy(buffer + by_ndis[i].id_at, &by_ndis[i].id, sizeof(by_ndis[i].id));
	memcpy(buffer, &header, sizeof(header));
	reply = ask(row->oid, row->type, buffer, row->lengths[0], ROOM);
	target_vf = NICSW_NONE;
	cr_expect_eq(reply.status, NDIS_STATUS_SUCCESS, "%s: %s", nicsw_oid_name(row->oid),
		     reply.error.text);
	snapshot_add(answers, buffer, ROOM);
	free(buffer);
}

static struct snapshot answers_take(void)
{
	struct snapshot answers = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(by_ndis); i++)
		add_answer(&answers, i);
	return answers;
}

static void expect_same_answers(struct snapshot *before, const char *when)
{
	struct snapshot after = answers_take();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(by_ndis); i++)
		cr_expect_arr_eq(before->bytes + i * ROOM, after.bytes + i * ROOM, ROOM, "%s: %s",
				 when, nicsw_oid_name(by_ndis[i].oid));
	free(before->bytes);
	free(after.bytes);
}

static void turn_all_knobs(void)
{
	__u32 knob;

	for (knob = 0; knob < NICSW_FAULT_KNOBS; knob++)
		cr_assert_eq(nicsw_pf_fault_set(&adapter, knob, NICSW_NONE, true, NULL), 0);
}

/* GEN-26: registers change behind NDIS, and it says what it knows. */
Test(rules_requests, GEN_26_not_the_device)
{
	__u8 *pf_space = adapter.dataplane.maps.config_space[0];
	struct snapshot before;

	oid_create_vport(0);
	oid_set_filter(1, 2, 1, 7);
	before = answers_take();
	cr_assert_eq(nicsw_sriov_disable(&adapter.device, pf_space, 0), 0);
	memset(adapter.dataplane.maps.config_space[1], 0x5a, FIXTURE_VFS * NICSW_CONFIG_SIZE);
	turn_all_knobs();
	expect_same_answers(&before, "other registers");
}

/* GEN-26: what failed is not known of. */
Test(rules_requests, GEN_26_only_what_succeeded)
{
	struct ndis_nic_switch_parameters rename = fixture_switch(4);
	struct ndis_nic_switch_vf_parameters vf = fixture_vf(2);
	struct ndis_nic_switch_vport_parameters vport = fixture_vport(1);
	struct fixture_filter filter = fixture_filter(1, 2, 2, -1);
	struct snapshot before;

	oid_create_vport(0);
	oid_set_filter(1, 2, 1, 7);
	oid_allocate_vf(3);
	before = answers_take();
	turn_all_knobs();
	rename.flags = NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED;
	rename.switch_friendly_name = fixture_text("another");
	cr_expect_eq(ask(OID_NIC_SWITCH_PARAMETERS, SET, &rename, 548, 0).status,
		     NDIS_STATUS_FAILURE);
	cr_expect_eq(ask(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &vf, 1632, 1632).status,
		     NDIS_STATUS_FAILURE);
	cr_expect_eq(ask(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &vport, 572, 572).status,
		     NDIS_STATUS_FAILURE);
	cr_expect_eq(ask(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, FILTER_LENGTH(1),
			 FILTER_LENGTH(1))
			     .status,
		     NDIS_STATUS_FAILURE);
	expect_same_answers(&before, "failed requests");
}

/* ---- what is not offered ---- */

#define WITHOUT_IOV 0x00000040u /* NDIS_NIC_SWITCH_CAPS_NIC_SWITCH_WITHOUT_IOV_SUPPORTED */

static bool advertises_switch_without_iov(void)
{
	struct ndis_nic_switch_capabilities answer = {};

	ACCEPT(ask(OID_NIC_SWITCH_HARDWARE_CAPABILITIES, QUERY, &answer, 0, sizeof(answer)));
	return answer.nic_switch_capabilities & WITHOUT_IOV;
}

/* GEN-2: a switch without SR-IOV there is if the flag says so, and only then. */
Test(rules_requests, GEN_2_switch_without_iov)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(0);
	struct reply reply;

	fixture_close();
	fixture_open();
	adapter.interface.sriov_off = true;
	reply = ask(OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, 548, 548);
	cr_expect_eq(reply.status == NDIS_STATUS_SUCCESS, advertises_switch_without_iov());
}

static __u32 count_queues(void)
{
	struct ndis_receive_queue_info_array array = {};

	ACCEPT(ask(OID_RECEIVE_FILTER_ENUM_QUEUES, QUERY, &array, 0, ROOM));
	return array.elements.num_elements;
}

static void expect_no_queue(const char *when)
{
	const struct ndis_object_header header = HEADER(1, ROOM);
	char *buffer = calloc(1, ROOM);

	memcpy(buffer, &header, sizeof(header));
	cr_expect_neq(ask(OID_RECEIVE_FILTER_ALLOCATE_QUEUE, METHOD, buffer, ROOM, ROOM).status,
		      NDIS_STATUS_SUCCESS, "%s", when);
	cr_expect_eq(count_queues(), 0, "%s", when);
	free(buffer);
}

/*
 * CAP-SW-23, CREATE-SW-18, VMQ-4: never a switch and a VM queue at once. Coexistence by turns is
 * for adapters that have the flag: here no queue is ever given, so that none keeps a switch from
 * being made.
 */
Test(rules_requests, CAP_SW_23_switch_or_queues)
{
	int round;

	fixture_close();
	fixture_open();
	cr_expect_not(advertises_switch_without_iov());
	for (round = 0; round < 2; round++) {
		expect_no_queue("before the switch");
		oid_create_switch(4);
		expect_no_queue("beside the switch");
		oid_delete_switch();
	}
}

/* RXQ-15: no lookahead is advertised, taken or reported: a frame is one piece. */
Test(rules_requests, RXQ_15_no_lookahead_split)
{
	struct ndis_receive_filter_capabilities answer = {};
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(0);

	ACCEPT(ask(OID_RECEIVE_FILTER_CURRENT_CAPABILITIES, QUERY, &answer, 0, sizeof(answer)));
	cr_expect_eq(answer.supported_queue_properties &
			     NDIS_RECEIVE_QUEUE_PARAMETERS_LOOKAHEAD_SPLIT_SUPPORTED,
		     0);
	parameters.lookahead_size = 128;
	refuse(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &parameters, 572, 572,
	       NDIS_STATUS_INVALID_PARAMETER, "CREATE-VP-23");
	parameters = fixture_vport(0);
	parameters.flags = NDIS_NIC_SWITCH_VPORT_PARAMS_LOOKAHEAD_SPLIT_ENABLED;
	ACCEPT(ask(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &parameters, 572, 572));
	parameters = (struct ndis_nic_switch_vport_parameters){
		.header = HEADER(1, 572), .vport_id = 1, .lookahead_size = 128};
	ACCEPT(ask(OID_NIC_SWITCH_VPORT_PARAMETERS, METHOD, &parameters, 572, 572));
	cr_expect_eq(parameters.lookahead_size, 0);
	cr_expect_eq(parameters.flags, 0);
}

/* PARAM-VP-20: outside of its limits the number of queue pairs is refused, and stays. */
Test(rules_requests, PARAM_VP_20_queue_pairs)
{
	static const __u32 bad[] = {0, 5, 0x10000, ~0u};
	size_t i;

	oid_create_vport(0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ndis_nic_switch_vport_parameters change = fixture_vport(0);

		change.vport_id = 1;
		change.flags = NDIS_NIC_SWITCH_VPORT_PARAMS_NUM_QUEUE_PAIRS_CHANGED;
		change.num_queue_pairs = bad[i];
		cr_expect_eq(ask(OID_NIC_SWITCH_VPORT_PARAMETERS, SET, &change, 572, 0).status,
			     NDIS_STATUS_INVALID_PARAMETER, "%u", bad[i]);
		cr_expect_eq(adapter.dataplane.maps.vports[1].queue_pairs, 1);
	}
}

/* ENUM-VP-11: it brings flags and ids, so it is a method, and no query. */
Test(rules_requests, ENUM_VP_11_method)
{
	char *buffer = calloc(1, ROOM);
	const struct ndis_object_header header = HEADER(1, 28);

	memcpy(buffer, &header, sizeof(header));
	refuse(OID_NIC_SWITCH_ENUM_VPORTS, QUERY, buffer, 28, ROOM, NDIS_STATUS_NOT_SUPPORTED,
	       "GEN-25");
	ACCEPT(ask(OID_NIC_SWITCH_ENUM_VPORTS, METHOD, buffer, 28, ROOM));
	free(buffer);
}

/* ---- time ---- */

#define SECOND 1000000000ll

static long long longest;

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

/* An expression that makes one request. */
#define TIMED(request)                                                                             \
	({                                                                                         \
		long long began = now();                                                           \
		__typeof__(request) result = (request);                                            \
                                                                                                   \
		longest = MAX(longest, now() - began);                                             \
		result;                                                                            \
	})

#define TIMED_DO(request)                                                                          \
	do {                                                                                       \
		long long began = now();                                                           \
                                                                                                   \
		request;                                                                           \
		longest = MAX(longest, now() - began);                                             \
	} while (0)

static void open_largest(void)
{
	const struct nicsw_mapset_sizes sizes = {NICSW_MAX_VFS, 2 * NICSW_MAX_VFS};

	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	cr_assert_geq(nicsw_dataplane_repair(&adapter.dataplane), 0);
}

static void fill_largest(void)
{
	__u32 vf, vport;

	TIMED_DO(oid_create_switch(NICSW_MAX_VFS));
	for (vf = 0; vf < NICSW_MAX_VFS; vf++) {
		cr_assert_eq(TIMED(oid_allocate_vf(1)), vf);
		vport = TIMED(oid_create_vport(vf));
		/* Two filters: a station, and a group that all are in. */
		TIMED(oid_set_filter(vport, 6 + 4 * (vf >> 8), vf & 0xff, -1));
		TIMED(oid_set_filter(vport, 3, 1, 7));
	}
}

static void empty_largest(void)
{
	__u32 i;

	for (i = 1; i <= 2 * NICSW_MAX_VFS; i++)
		TIMED_DO(oid_clear_filter(i));
	for (i = 1; i <= NICSW_MAX_VFS; i++)
		TIMED_DO(oid_delete_vport(i));
	for (i = 0; i < NICSW_MAX_VFS; i++)
		TIMED_DO(oid_free_vf(i));
	TIMED_DO(oid_delete_switch());
}

/* GEN-14: the largest adapter there is, up and down, and a reset that takes all of its time. */
Test(rules_requests, GEN_14_within_a_second)
{
	fixture_close();
	open_largest();
	fill_largest();
	cr_assert_eq(nicsw_pf_fault_set(&adapter, NICSW_FAULT_SLOW_RESET, 0, true, NULL), 0);
	TIMED_DO(oid_reset_vf(0));
	empty_largest();
	cr_expect_gt(longest, 0);
	cr_expect_lt(longest, SECOND, "%lld ms", longest / 1000000);
}
