// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* Without wrap-around (GEN-30): each sum is taken where it cannot overflow. */
static int check_range(const struct nicsw_ndis_call *call,
		       const struct ndis_sriov_vf_config_space_parameters *parameters)
{
	if (parameters->offset > NICSW_CONFIG_SIZE ||
	    parameters->length > NICSW_CONFIG_SIZE - parameters->offset)
		return nicsw_fail(call->error, -EINVAL, "RD-CFG-11",
				  "offset %u and length %u leave the %u bytes", parameters->offset,
				  parameters->length, NICSW_CONFIG_SIZE);
	if (parameters->buffer_offset < call->fixed_length)
		return nicsw_fail(call->error, -EINVAL, "RD-CFG-10",
				  "BufferOffset %u lies in the parameters, %u bytes",
				  parameters->buffer_offset, call->fixed_length);
	if (parameters->buffer_offset > UINT32_MAX - parameters->length)
		return nicsw_fail(call->error, -EINVAL, "GEN-30", "BufferOffset %u wraps around",
				  parameters->buffer_offset);
	return 0;
}

int nicsw_oid_read_vf_config_space(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_config_space_parameters parameters;
	__u32 total;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	/* The VF before the buffer, as printed (RD-CFG-20). */
	result = nicsw_ids_vf(call, parameters.vf_id, "RD-CFG-14", "RD-CFG-3");
	if (!result)
		result = check_range(call, &parameters);
	if (result)
		return result;
	total = parameters.buffer_offset + parameters.length;
	result = nicsw_call_need(call, call->request->out_length, total, "RD-CFG-4");
	if (!result)
		result = nicsw_pf_config_read(
			call->adapter, parameters.vf_id, parameters.offset, parameters.length,
			(char *)call->request->buffer + parameters.buffer_offset, call->error);
	if (result)
		return result;
	call->request->bytes_written = total; /* RD-CFG-16 */
	return 0;
}
