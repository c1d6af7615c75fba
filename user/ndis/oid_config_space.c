// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* What the two directions call the same checks. */
struct access_rules {
	const char *range;     /* Offset and Length leave the space */
	const char *overlap;   /* BufferOffset lies in the parameters */
	const char *not_there; /* no such VF */
	const char *allocated; /* ALLOCATE_VF did not give it */
	const char *room;      /* the buffer ends before the data */
};

static const struct access_rules read_rules = {"RD-CFG-11", "RD-CFG-10", "RD-CFG-14", "RD-CFG-3",
					       "RD-CFG-4"};
static const struct access_rules write_rules = {"WR-CFG-8", "WR-CFG-8", "WR-CFG-3", "WR-CFG-3",
						"WR-CFG-4"};

/* The VF before the buffer, as printed (RD-CFG-20). room: bytes, in the direction of the data. */
static int check_access(struct nicsw_ndis_call *call,
			const struct ndis_sriov_vf_config_space_parameters *parameters,
			const struct access_rules *rules, __u32 room, __u32 *ret_end)
{
	int result;

	result = nicsw_ids_vf(call, parameters->vf_id, rules->not_there, rules->allocated);
	if (result)
		return result;
	/* Each sum is taken where it cannot wrap around (GEN-30). */
	if (parameters->offset > NICSW_CONFIG_SIZE ||
	    parameters->length > NICSW_CONFIG_SIZE - parameters->offset)
		return nicsw_fail(call->error, -EINVAL, rules->range,
				  "offset %u and length %u leave the %u bytes", parameters->offset,
				  parameters->length, NICSW_CONFIG_SIZE);
	return nicsw_call_data(call, room, parameters->buffer_offset, parameters->length,
			       rules->overlap, rules->room, ret_end);
}

int nicsw_oid_read_vf_config_space(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_config_space_parameters parameters;
	__u32 end = 0;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_access(call, &parameters, &read_rules, call->request->out_length, &end);
	if (!result)
		result = nicsw_pf_config_read(
			call->adapter, parameters.vf_id, parameters.offset, parameters.length,
			(char *)call->request->buffer + parameters.buffer_offset, call->error);
	if (result)
		return result;
	call->request->bytes_written = end; /* RD-CFG-16 */
	return 0;
}

/* The buffer of a set is only read (WR-CFG-11). */
int nicsw_oid_write_vf_config_space(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_config_space_parameters parameters;
	__u32 end = 0;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_access(call, &parameters, &write_rules, call->request->in_length, &end);
	if (!result)
		result = nicsw_pf_config_write(
			call->adapter, parameters.vf_id, parameters.offset, parameters.length,
			(char *)call->request->buffer + parameters.buffer_offset, call->error);
	if (result)
		return result;
	call->request->bytes_read = end;
	return 0;
}
