// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/filter_tests.h"
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "ndis/ownership.h"
#include "pf/pf.h"

#define TEST_SIZE NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1

static int check_identifiers(const struct nicsw_ndis_call *call,
			     const struct ndis_receive_filter_parameters *parameters)
{
	int result;

	result = nicsw_ids_vport(call, parameters->vport_id, "SET-RF-5");
	if (!result)
		result = nicsw_ids_queue(call, parameters->queue_id, "SET-RF-4");
	if (result)
		return result;
	if (parameters->filter_id != NDIS_DEFAULT_RECEIVE_FILTER_ID)
		return nicsw_fail(call->error, -EINVAL, "SET-RF-6", /* SET-RF-35, too */
				  "FilterId %u: NDIS chooses it, it must be 0 on input",
				  parameters->filter_id);
	return nicsw_ownership_check_vport(call, parameters->vport_id, "GEN-28"); /* SET-RF-32 */
}

static int check_members(const struct nicsw_ndis_call *call,
			 const struct ndis_receive_filter_parameters *parameters)
{
	if (parameters->filter_type != NdisReceiveFilterTypeVMQueue)
		return nicsw_fail(call->error, -EINVAL, "SET-RF-3",
				  "FilterType %u: it must be 1 (VMQueue)", parameters->filter_type);
	if (parameters->flags & NDIS_RECEIVE_FILTER_PACKET_ENCAPSULATION)
		return nicsw_fail(call->error, -EINVAL, "SET-RF-34",
				  "filters on encapsulated packets are not implemented");
	if (parameters->requested_filter_id_bit_count)
		return nicsw_fail(call->error, -EINVAL, "SET-RF-9",
				  "RequestedFilterIdBitCount %u: it must be 0",
				  parameters->requested_filter_id_bit_count);
	if (!parameters->field_parameters_array_num_elements)
		return nicsw_fail(call->error, -EINVAL, "SET-RF-10", "a filter without a test");
	if (parameters->field_parameters_array_element_size < TEST_SIZE ||
	    parameters->field_parameters_array_offset < call->fixed_length)
		return nicsw_fail(call->error, -EINVAL, "SET-RF-11",
				  "field tests of %u bytes at offset %u: at least %u and %u",
				  parameters->field_parameters_array_element_size,
				  parameters->field_parameters_array_offset, TEST_SIZE,
				  call->fixed_length);
	return 0;
}

/* The variable part, in both directions (GEN-4, GEN-5); its end must not wrap around (GEN-30). */
static int check_array(struct nicsw_ndis_call *call,
		       const struct ndis_receive_filter_parameters *parameters, __u32 *ret_end)
{
	__u64 size = (__u64)parameters->field_parameters_array_num_elements *
		     parameters->field_parameters_array_element_size;
	int result;

	if (size > UINT32_MAX - parameters->field_parameters_array_offset)
		return nicsw_fail(call->error, -EINVAL, "GEN-30",
				  "%u field tests at offset %u wrap around",
				  parameters->field_parameters_array_num_elements,
				  parameters->field_parameters_array_offset);
	*ret_end = parameters->field_parameters_array_offset + (__u32)size;
	result = nicsw_call_need(call, call->request->in_length, *ret_end, "SET-RF-2");
	if (!result)
		result = nicsw_call_need(call, call->request->out_length, *ret_end, "SET-RF-2");
	return result;
}

static int read_filter(struct nicsw_ndis_call *call,
		       const struct ndis_receive_filter_parameters *parameters,
		       struct nicsw_filter_record *wanted)
{
	struct nicsw_capability capability = nicsw_pf_capability(call->adapter);
	const char *tests =
		(char *)call->request->buffer + parameters->field_parameters_array_offset;
	int result;

	wanted->vport_id = parameters->vport_id;
	result = nicsw_filter_tests_parse(
		&capability, tests, parameters->field_parameters_array_num_elements,
		parameters->field_parameters_array_element_size, wanted, call->error);
	if (!result)
		result = nicsw_ownership_record(call, wanted->owner);
	return result;
}

int nicsw_oid_set_filter(struct nicsw_ndis_call *call)
{
	struct nicsw_dataplane *dataplane = &call->adapter->dataplane;
	__u32 filter = nicsw_filter_index_free_id(&dataplane->index, &dataplane->maps);
	struct ndis_receive_filter_parameters parameters;
	struct nicsw_filter_record wanted = {};
	__u32 end = 0;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_identifiers(call, &parameters);
	if (!result)
		result = check_members(call, &parameters);
	if (!result)
		result = check_array(call, &parameters, &end);
	if (!result)
		result = read_filter(call, &parameters, &wanted);
	if (!result)
		result = nicsw_pf_filter_set(call->adapter, filter, &wanted, call->error);
	if (result)
		return result;
	nicsw_call_write(call, ndis_receive_filter_parameters, filter_id, filter);
	call->request->bytes_read = end;
	call->request->bytes_written = end;
	return 0;
}

static int check_move(const struct nicsw_ndis_call *call,
		      const struct ndis_receive_filter_move_filter_parameters *parameters)
{
	const struct nicsw_mapset *maps = &call->adapter->dataplane.maps;
	const struct nicsw_filter_record *filter;
	int result;

	result = nicsw_ids_filter(call, parameters->filter_id, -EINVAL, "MOVE-RF-4");
	if (!result)
		result = nicsw_ids_queue(call, parameters->source_queue_id, "MOVE-RF-5");
	if (!result)
		result = nicsw_ids_queue(call, parameters->dest_queue_id, "MOVE-RF-5");
	if (result)
		return result;
	filter = &maps->filters[parameters->filter_id];
	if (filter->vport_id != parameters->source_vport_id)
		return nicsw_fail(call->error, -EINVAL, "MOVE-RF-6",
				  "filter %u is on VPort %u, not on VPort %u",
				  parameters->filter_id, filter->vport_id,
				  parameters->source_vport_id);
	return nicsw_ids_vport(call, parameters->dest_vport_id, "MOVE-RF-7");
}

/* A move is a set on the destination: both the filter and, unless it is the default one, the VPort
 * must be his. */
static int check_move_owners(const struct nicsw_ndis_call *call,
			     const struct ndis_receive_filter_move_filter_parameters *parameters)
{
	const struct nicsw_filter_record *filters = call->adapter->dataplane.maps.filters;
	int result;

	result = nicsw_ownership_check(call, filters[parameters->filter_id].owner, -EINVAL,
				       "GEN-28", "filter", parameters->filter_id);
	if (!result)
		result = nicsw_ownership_check_vport(call, parameters->dest_vport_id, "GEN-28");
	return result;
}

int nicsw_oid_move_filter(struct nicsw_ndis_call *call)
{
	const struct nicsw_vport_record *vports = call->adapter->dataplane.maps.vports;
	struct ndis_receive_filter_move_filter_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_move(call, &parameters);
	if (!result)
		result = check_move_owners(call, &parameters);
	if (result)
		return result;
	if (parameters.dest_vport_id != parameters.source_vport_id && /* MOVE-RF-11 */
	    vports[parameters.dest_vport_id].vport_state != NdisNicSwitchVPortStateActivated)
		return nicsw_fail(call->error, -EINVAL, "MOVE-RF-12", "VPort %u is not activated",
				  parameters.dest_vport_id);
	return nicsw_pf_filter_move(call->adapter, parameters.filter_id, parameters.dest_vport_id,
				    call->error);
}

/* Found by its adapter-wide id, wherever a move has put it (CLEAR-RF-10). */
int nicsw_oid_clear_filter(struct nicsw_ndis_call *call)
{
	const struct nicsw_filter_record *filters = call->adapter->dataplane.maps.filters;
	struct ndis_receive_filter_clear_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_filter(call, parameters.filter_id, -ENOENT, "CLEAR-RF-2");
	if (!result)
		result = nicsw_ownership_check(call, filters[parameters.filter_id].owner, -ENOENT,
					       "CLEAR-RF-6", "filter", parameters.filter_id);
	if (!result)
		result = nicsw_ids_queue(call, parameters.queue_id, "CLEAR-RF-3");
	if (result)
		return result;
	return nicsw_pf_filter_clear(call->adapter, parameters.filter_id, call->error);
}

#define ON_VPORT NDIS_RECEIVE_FILTER_INFO_ARRAY_VPORT_ID_SPECIFIED

/* A header of revision 1 has no flags: all filters (ENUM-RF-7). */
static int check_enum(const struct nicsw_ndis_call *call,
		      const struct ndis_receive_filter_info_array *array)
{
	int result;

	result = nicsw_ids_queue(call, array->queue_id, "ENUM-RF-1");
	if (!result && (array->flags & ON_VPORT))
		result = nicsw_ids_vport(call, array->vport_id, "ENUM-RF-3");
	return result;
}

static bool is_selected(const struct nicsw_filter_record *record,
			const struct ndis_receive_filter_info_array *array)
{
	return record->state == NICSW_USED &&
	       (!(array->flags & ON_VPORT) || record->vport_id == array->vport_id);
}

int nicsw_oid_enum_filters(struct nicsw_ndis_call *call)
{
	const struct nicsw_dataplane *dataplane = &call->adapter->dataplane;
	const size_t elements = offsetof(struct ndis_receive_filter_info_array, elements);
	struct ndis_receive_filter_info info = {
		.header = nicsw_element_header(sizeof(info)),
		.filter_type = NdisReceiveFilterTypeVMQueue,
	};
	struct ndis_receive_filter_info_array array;
	__u32 filter, count, i = 0;
	int result;

	nicsw_call_read(call, &array, sizeof(array));
	result = check_enum(call, &array);
	if (result)
		return result;
	count = array.flags & ON_VPORT ? dataplane->index.count[array.vport_id]
				       : dataplane->index.num_filters;
	result = nicsw_call_array_begin(call, elements, count, sizeof(info), "ENUM-RF-4");
	if (result)
		return result;
	for (filter = 1; i < count && filter <= dataplane->index.max_filters; filter++) {
		if (!is_selected(&dataplane->maps.filters[filter], &array))
			continue;
		info.filter_id = filter;
		nicsw_call_array_put(call, elements, i++, &info);
	}
	return 0;
}

/* VPortId of a revision 1 structure is not there to mismatch. */
static int check_get(const struct nicsw_ndis_call *call,
		     const struct ndis_receive_filter_parameters *parameters)
{
	const struct nicsw_filter_record *filters = call->adapter->dataplane.maps.filters;
	int result;

	result = nicsw_ids_filter(call, parameters->filter_id, -EINVAL, "PARAM-RF-1");
	if (!result)
		result = nicsw_ids_queue(call, parameters->queue_id, "PARAM-RF-2");
	if (result)
		return result;
	if (call->revision >= 2 && filters[parameters->filter_id].vport_id != parameters->vport_id)
		return nicsw_fail(call->error, -EINVAL, "PARAM-RF-2",
				  "filter %u is on VPort %u, not on VPort %u",
				  parameters->filter_id, filters[parameters->filter_id].vport_id,
				  parameters->vport_id);
	return 0;
}

/* The tests follow the parameters, aligned as Windows has them. */
int nicsw_oid_get_filter_parameters(struct nicsw_ndis_call *call)
{
	struct ndis_receive_filter_field_parameters tests[NICSW_FILTER_TESTS_MAX];
	struct ndis_receive_filter_parameters parameters;
	__u32 offset = (call->fixed_length + 7) & ~7u, num_tests, end;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_get(call, &parameters);
	if (result)
		return result;
	num_tests = nicsw_filter_tests_build(
		&call->adapter->dataplane.maps.filters[parameters.filter_id], tests);
	end = offset + num_tests * TEST_SIZE;
	result = nicsw_call_need(call, call->request->out_length, end, "PARAM-RF-3");
	if (result)
		return result;
	parameters.flags &= ~NDIS_RECEIVE_FILTER_PACKET_ENCAPSULATION;
	parameters.filter_type = NdisReceiveFilterTypeVMQueue;
	parameters.field_parameters_array_offset = offset;
	parameters.field_parameters_array_num_elements = num_tests;
	parameters.field_parameters_array_element_size = TEST_SIZE;
	parameters.requested_filter_id_bit_count = 0;
	parameters.max_coalescing_delay = 0;
	nicsw_call_write_all(call, &parameters);
	memcpy((char *)call->request->buffer + offset, tests, num_tests * TEST_SIZE);
	call->request->bytes_written = end;
	return 0;
}
