// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* VF, block, then the buffer: `room` bytes, in the direction of the data. */
static int check_transfer(struct nicsw_ndis_call *call,
			  const struct ndis_sriov_vf_config_block_parameters *parameters,
			  bool write, __u32 room, __u32 *ret_end)
{
	int result;

	result = nicsw_ids_vf(call, parameters->vf_id, "BLK-3", "BLK-3");
	if (!result)
		result = nicsw_pf_block_check(parameters->block_id, parameters->length, write,
					      call->error);
	if (!result)
		result = nicsw_call_data(call, room, parameters->buffer_offset, parameters->length,
					 "BLK-12", "BLK-5", ret_end);
	return result;
}

int nicsw_oid_read_vf_config_block(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_config_block_parameters parameters;
	__u32 end = 0;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_transfer(call, &parameters, false, call->request->out_length, &end);
	if (!result)
		result = nicsw_pf_block_read(
			call->adapter, parameters.vf_id, parameters.block_id, parameters.length,
			(char *)call->request->buffer + parameters.buffer_offset, call->error);
	if (result)
		return result;
	call->request->bytes_written = end;
	return 0;
}

int nicsw_oid_write_vf_config_block(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_config_block_parameters parameters;
	__u32 end = 0;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_transfer(call, &parameters, true, call->request->in_length, &end);
	if (!result)
		result = nicsw_pf_block_write(
			call->adapter, parameters.vf_id, parameters.block_id, parameters.length,
			(char *)call->request->buffer + parameters.buffer_offset, call->error);
	if (result)
		return result;
	call->request->bytes_read = end;
	return 0;
}

/* The guest's NDIS fetches what has accumulated since it last asked (INVAL-2, INVAL-3, INVAL-12).
 */
int nicsw_oid_vf_invalidate_config_block(struct nicsw_ndis_call *call)
{
	__u64 mask = 0;
	int result;

	result = nicsw_pf_blocks_take(call->adapter, call->request->vf, &mask, call->error);
	if (result)
		return result;
	nicsw_call_write(call, ndis_sriov_vf_invalidate_config_block_info, block_mask, mask);
	return 0;
}
