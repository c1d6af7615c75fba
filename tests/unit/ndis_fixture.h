/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An adapter in plain memory, and OID requests against it, for the tests of NDIS and of the PF
 * driver.
 *
 * `adapter` has FIXTURE_VFS VFs and FIXTURE_FILTERS filters at most, no switch yet. Requests come
 * from `owner`. The fixture_X() helpers build a good structure; oid_X() send it, demand success and
 * return the id. refuse() demands a status and a rule, and that nothing has changed: no record, no
 * table, no byte of the buffer (GEN-17).
 */
#ifndef NICSW_TESTS_NDIS_FIXTURE_H
#define NICSW_TESTS_NDIS_FIXTURE_H

#include <criterion/criterion.h>

#include "dataplane/change.h"
#include "ndis/ndis.h"
#include "pf/pf.h"

#define FIXTURE_VFS     8u
#define FIXTURE_FILTERS 12u

#define QUERY  NdisRequestQueryInformation
#define SET    NdisRequestSetInformation
#define METHOD NdisRequestMethod

#define HEADER(revision, size)                                                                     \
	{                                                                                          \
		NDIS_OBJECT_TYPE_DEFAULT, revision, size                                           \
	}

static struct nicsw_adapter adapter;
static const char *owner = "vs";
static bool force;
static bool as_ndis;
static __u32 target_vf = NICSW_NONE; /* the adapter asked */

struct reply {
	__u32 status;
	__u32 read;
	__u32 written;
	__u32 needed;
	__u32 revision;
	struct nicsw_error error;
};

static inline void fixture_open(void)
{
	const struct nicsw_mapset_sizes sizes = {FIXTURE_VFS, FIXTURE_FILTERS};

	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	/* Tables as the records say, so that "as before" can be asked of them. */
	cr_assert_geq(nicsw_dataplane_repair(&adapter.dataplane), 0);
}

static inline void fixture_close(void)
{
	nicsw_adapter_close(&adapter);
}

static inline struct reply ask(__u32 oid, __u32 type, void *buffer, __u32 in, __u32 out)
{
	struct nicsw_oid_request request = {
		.oid = oid,
		.type = type,
		.vf = target_vf,
		.as_ndis = as_ndis || oid == OID_NIC_SWITCH_CREATE_SWITCH ||
			   oid == OID_NIC_SWITCH_DELETE_SWITCH,
		.force = force,
		.owner = owner,
		.buffer = buffer,
		.in_length = in,
		.out_length = out,
		.bytes_read = 0xdead, /* outputs say nothing before the call */
		.bytes_written = 0xdead,
		.bytes_needed = 0xdead,
		.supported_revision = 0xdead,
	};
	struct reply reply = {};

	reply.status = nicsw_ndis_request(&adapter, &request, &reply.error);
	reply.read = request.bytes_read;
	reply.written = request.bytes_written;
	reply.needed = request.bytes_needed;
	reply.revision = request.supported_revision;
	return reply;
}

/* ---- nothing has changed ---- */

struct snapshot {
	char *bytes;
	size_t length;
	size_t room;
};

static inline void snapshot_add(struct snapshot *snapshot, const void *bytes, size_t length)
{
	/* By powers of two: thousands of flood groups are added one by one. */
	while (snapshot->length + length > snapshot->room) {
		snapshot->room = snapshot->room ? 2 * snapshot->room : 65536;
		snapshot->bytes = realloc(snapshot->bytes, snapshot->room);
	}
	memcpy(snapshot->bytes + snapshot->length, bytes, length);
	snapshot->length += length;
}

static inline int compare_entries(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct nicsw_entry));
}

/* What the filter table says, wherever it is said: the target behind a cleared key means nothing.
 */
static inline void snapshot_add_table(struct snapshot *snapshot)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	size_t i, count = 0, room = NICSW_BUCKET_ENTRIES << maps->meta->bucket_bits;
	struct nicsw_entry *entries = calloc(room, sizeof(*entries));

	for (i = 0; i < room; i++) {
		entries[count] =
			maps->buckets[i / NICSW_BUCKET_ENTRIES].entries[i % NICSW_BUCKET_ENTRIES];
		entries[count].target &= NICSW_TARGET_SLOT;
		count += entries[count].key != 0;
	}
	qsort(entries, count, sizeof(*entries), compare_entries);
	snapshot_add(snapshot, entries, count * sizeof(*entries));
	free(entries);
}

/* Every record and every table of the adapter. */
static inline struct snapshot snapshot_take(void)
{
	const struct nicsw_mapset *maps = &adapter.dataplane.maps;
	const struct nicsw_meta *meta = maps->meta;
	struct snapshot all = {};

	snapshot_add(&all, meta, sizeof(*meta));
	snapshot_add(&all, maps->vfs, FIXTURE_VFS * sizeof(*maps->vfs));
	snapshot_add(&all, maps->vports, NICSW_VPORTS(FIXTURE_VFS) * sizeof(*maps->vports));
	snapshot_add(&all, maps->filters, (FIXTURE_FILTERS + 1) * sizeof(*maps->filters));
	snapshot_add(&all, maps->config_space, (FIXTURE_VFS + 1) * sizeof(*maps->config_space));
	snapshot_add(&all, maps->blocks, FIXTURE_VFS * sizeof(*maps->blocks));
	snapshot_add(&all, maps->iommu, FIXTURE_VFS * sizeof(*maps->iommu));
	snapshot_add(&all, maps->ports, meta->slots * sizeof(*maps->ports));
	snapshot_add_table(&all);
	snapshot_add(&all, maps->vlan_members,
		     (size_t)NICSW_VLANS * meta->slot_words * sizeof(*maps->vlan_members));
	return all;
}

static inline bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->length == b->length && !memcmp(a->bytes, b->bytes, a->length);
}

static inline struct reply refuse(__u32 oid, __u32 type, void *buffer, __u32 in, __u32 out,
				  __u32 status, const char *rule)
{
	__u32 room = in > out ? in : out;
	char *copy = memcpy(malloc(room + 1), buffer ? buffer : "", buffer ? room : 0);
	struct snapshot before = snapshot_take(), after;
	struct reply reply = ask(oid, type, buffer, in, out);

	after = snapshot_take();
	cr_expect_eq(reply.status, status, "%s: %s instead of %s (%s: %s)", rule,
		     nicsw_status_name(reply.status), nicsw_status_name(status), reply.error.rule,
		     reply.error.text);
	cr_expect_str_eq(reply.error.rule, rule, "%s refused by '%s': %s", rule, reply.error.rule,
			 reply.error.text);
	cr_expect_neq(reply.error.text[0], 0, "%s: no text", rule);
	cr_expect_eq(reply.read | reply.written | reply.revision, 0, "%s: outputs are set", rule);
	cr_expect_eq(reply.needed != 0, status == NDIS_STATUS_INVALID_LENGTH, "%s: needs %u", rule,
		     reply.needed);
	cr_expect(snapshot_same(&before, &after), "%s: a refused request changed something", rule);
	cr_expect(!buffer || !memcmp(copy, buffer, room), "%s: the buffer has changed", rule);
	free(copy);
	free(before.bytes);
	free(after.bytes);
	return reply;
}

/*
 * One member of a good structure made bad. width 1, 2, 4 or 8 bytes.
 */
struct refusal {
	const char *rule;
	__u32 status;
	size_t offset;
	size_t width;
	__u64 value;
};

#define BAD(RULE, STATUS, type, member, bad)                                                       \
	{                                                                                          \
		.rule = RULE, .status = NDIS_STATUS_##STATUS,                                      \
		.offset = offsetof(struct type, member),                                           \
		.width = sizeof(((struct type *)0)->member), .value = bad                          \
	}

static inline void refuse_each(__u32 oid, __u32 type, const void *good, __u32 length,
			       const struct refusal *refusals, size_t num_refusals)
{
	char *buffer = malloc(length);
	size_t i;

	for (i = 0; i < num_refusals; i++) {
		memcpy(buffer, good, length);
		memcpy(buffer + refusals[i].offset, &refusals[i].value, refusals[i].width);
		refuse(oid, type, buffer, length, type == SET ? 0 : length, refusals[i].status,
		       refusals[i].rule);
	}
	free(buffer);
}

/* ---- good structures ---- */

static inline struct nicsw_text fixture_text(const char *ascii)
{
	struct nicsw_text text = {.length = 2 * strlen(ascii)};
	size_t i;

	for (i = 0; ascii[i]; i++)
		text.units[i] = ascii[i];
	return text;
}

static inline struct ndis_nic_switch_parameters fixture_switch(__u32 num_vfs)
{
	return (struct ndis_nic_switch_parameters){
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_1),
		.switch_type = NdisNicSwitchTypeExternal,
		.switch_friendly_name = fixture_text("Default Switch"),
		.num_vfs = num_vfs,
	};
}

static inline struct ndis_nic_switch_vf_parameters fixture_vf(__u8 mac)
{
	return (struct ndis_nic_switch_vf_parameters){
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_VF_PARAMETERS_REVISION_1),
		.vm_name = fixture_text("vm"),
		.vm_friendly_name = fixture_text("friendly"),
		.nic_name = fixture_text("nic"),
		.mac_address_length = NICSW_MAC_SIZE,
		.permanent_mac_address = {2, 0, 0, 0, 1, mac},
		.current_mac_address = {2, 0, 0, 0, 0, mac},
		.vf_id = NDIS_INVALID_VF_FUNCTION_ID,
		.requestor_id = NDIS_INVALID_RID,
	};
}

static inline struct ndis_nic_switch_vport_parameters fixture_vport(__u16 function)
{
	return (struct ndis_nic_switch_vport_parameters){
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1),
		.vport_name = fixture_text("vport"),
		.attached_function_id = function,
		.num_queue_pairs = 1,
		.vport_state = function == NDIS_PF_FUNCTION_ID ? NdisNicSwitchVPortStateDeactivated
							       : NdisNicSwitchVPortStateActivated,
		.processor_affinity = {.mask = function == NDIS_PF_FUNCTION_ID},
	};
}

/* Parameters and two field tests: a MAC, and a VLAN. */
struct fixture_filter {
	struct ndis_receive_filter_parameters parameters;
	struct ndis_receive_filter_field_parameters mac;
	struct ndis_receive_filter_field_parameters vlan;
};

#define FILTER_LENGTH(num_tests) (offsetof(struct fixture_filter, mac) + (num_tests)*56u)

_Static_assert(FILTER_LENGTH(0) == 48 && sizeof(struct fixture_filter) == FILTER_LENGTH(2), "gaps");

static inline struct ndis_receive_filter_field_parameters fixture_test(__u32 field)
{
	return (struct ndis_receive_filter_field_parameters){
		.header = HEADER(1, NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1),
		.frame_header = NdisFrameHeaderMac,
		.receive_filter_test = NdisReceiveFilterTestEqual,
		.header_field = field,
	};
}

/* vlan < 0: no VLAN test, but the flag UNTAGGED_OR_ZERO. first: byte 0 of the MAC, mac: its last
 * byte. */
static inline struct fixture_filter fixture_filter(__u32 vport, __u8 first, __u8 mac, int vlan)
{
	struct fixture_filter filter = {
		.parameters = {.header =
				       HEADER(2, NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_2),
			       .filter_type = NdisReceiveFilterTypeVMQueue,
			       .field_parameters_array_offset = FILTER_LENGTH(0),
			       .field_parameters_array_num_elements = vlan < 0 ? 1 : 2,
			       .field_parameters_array_element_size = 56,
			       .vport_id = vport},
		.mac = fixture_test(NdisMacHeaderFieldDestinationAddress),
		.vlan = fixture_test(NdisMacHeaderFieldVlanId),
	};

	filter.mac.flags =
		vlan < 0 ? NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO : 0;
	filter.mac.field_value.field_byte_array_value[0] = first;
	filter.mac.field_value.field_byte_array_value[5] = mac;
	if (vlan >= 0) {
		filter.vlan.field_value.field_byte_array_value[0] = vlan >> 8;
		filter.vlan.field_value.field_byte_array_value[1] = vlan & 0xff;
	}
	return filter;
}

static inline struct ndis_receive_filter_move_filter_parameters fixture_move(__u32 filter,
									     __u32 from, __u32 to)
{
	return (struct ndis_receive_filter_move_filter_parameters){
		.header = HEADER(1, NDIS_SIZEOF_RECEIVE_FILTER_MOVE_FILTER_PARAMETERS_REVISION_1),
		.filter_id = filter,
		.source_vport_id = from,
		.dest_vport_id = to,
	};
}

static inline struct ndis_receive_filter_clear_parameters fixture_clear(__u32 filter)
{
	return (struct ndis_receive_filter_clear_parameters){
		.header = HEADER(1, NDIS_SIZEOF_RECEIVE_FILTER_CLEAR_PARAMETERS_REVISION_1),
		.filter_id = filter,
	};
}

static inline struct ndis_nic_switch_free_vf_parameters fixture_free_vf(__u16 vf)
{
	return (struct ndis_nic_switch_free_vf_parameters){
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1),
		.vf_id = vf,
	};
}

static inline struct ndis_nic_switch_delete_vport_parameters fixture_delete_vport(__u32 vport)
{
	return (struct ndis_nic_switch_delete_vport_parameters){
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_DELETE_VPORT_PARAMETERS_REVISION_1),
		.vport_id = vport,
	};
}

static inline struct ndis_nic_switch_delete_switch_parameters fixture_delete_switch(void)
{
	return (struct ndis_nic_switch_delete_switch_parameters){
		.header = HEADER(1, NDIS_SIZEOF_NIC_SWITCH_DELETE_SWITCH_PARAMETERS_REVISION_1),
	};
}

static inline struct ndis_sriov_reset_vf_parameters fixture_reset_vf(__u16 vf)
{
	return (struct ndis_sriov_reset_vf_parameters){
		.header = HEADER(1, NDIS_SIZEOF_SRIOV_RESET_VF_PARAMETERS_REVISION_1),
		.vf_id = vf,
	};
}

/* ---- requests that succeed ---- */

#define ACCEPT(reply)                                                                              \
	cr_assert_eq((reply).status, NDIS_STATUS_SUCCESS, "%s (%s: %s)",                           \
		     nicsw_status_name((reply).status), (reply).error.rule, (reply).error.text)

#define ACCEPT_SET(oid, structure, length)                                                         \
	do {                                                                                       \
		struct reply _reply = ask(oid, SET, &(structure), length, 0);                      \
                                                                                                   \
		ACCEPT(_reply);                                                                    \
		cr_expect_eq(_reply.read, length);                                                 \
		cr_expect_eq(_reply.written, 0);                                                   \
	} while (0)

static inline void oid_create_switch(__u32 num_vfs)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(num_vfs);

	ACCEPT(ask(OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, 548, 548));
}

static inline void oid_delete_switch(void)
{
	struct ndis_nic_switch_delete_switch_parameters parameters = fixture_delete_switch();

	ACCEPT_SET(OID_NIC_SWITCH_DELETE_SWITCH, parameters, 12u);
}

static inline __u32 oid_allocate_vf(__u8 mac)
{
	struct ndis_nic_switch_vf_parameters parameters = fixture_vf(mac);

	ACCEPT(ask(OID_NIC_SWITCH_ALLOCATE_VF, METHOD, &parameters, 1632, 1632));
	return parameters.vf_id;
}

static inline void oid_free_vf(__u16 vf)
{
	struct ndis_nic_switch_free_vf_parameters parameters = fixture_free_vf(vf);

	ACCEPT_SET(OID_NIC_SWITCH_FREE_VF, parameters, 10u);
}

static inline __u32 oid_create_vport(__u16 function)
{
	struct ndis_nic_switch_vport_parameters parameters = fixture_vport(function);

	ACCEPT(ask(OID_NIC_SWITCH_CREATE_VPORT, METHOD, &parameters, 572, 572));
	return parameters.vport_id;
}

static inline void oid_delete_vport(__u32 vport)
{
	struct ndis_nic_switch_delete_vport_parameters parameters = fixture_delete_vport(vport);

	ACCEPT_SET(OID_NIC_SWITCH_DELETE_VPORT, parameters, 12u);
}

static inline __u32 oid_set_filter(__u32 vport, __u8 first, __u8 mac, int vlan)
{
	struct fixture_filter filter = fixture_filter(vport, first, mac, vlan);
	__u32 length = FILTER_LENGTH(filter.parameters.field_parameters_array_num_elements);

	ACCEPT(ask(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, length, length));
	return filter.parameters.filter_id;
}

static inline void oid_move_filter(__u32 filter, __u32 from, __u32 to)
{
	struct ndis_receive_filter_move_filter_parameters parameters =
		fixture_move(filter, from, to);

	ACCEPT_SET(OID_RECEIVE_FILTER_MOVE_FILTER, parameters, 24u);
}

static inline void oid_clear_filter(__u32 filter)
{
	struct ndis_receive_filter_clear_parameters parameters = fixture_clear(filter);

	ACCEPT_SET(OID_RECEIVE_FILTER_CLEAR_FILTER, parameters, 16u);
}

static inline void oid_reset_vf(__u16 vf)
{
	struct ndis_sriov_reset_vf_parameters parameters = fixture_reset_vf(vf);

	ACCEPT_SET(OID_SRIOV_RESET_VF, parameters, 6u);
}

/* The slot that a frame with this destination is steered to, negative: none. */
static inline int steered_to(__u8 first, __u8 mac, __u16 vlan)
{
	const __u8 address[NICSW_MAC_SIZE] = {first, 0, 0, 0, 0, mac};

	return nicsw_table_find(&adapter.dataplane.table, nicsw_key(address, vlan));
}

#endif
