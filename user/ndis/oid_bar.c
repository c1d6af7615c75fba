// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* A query with input: where the values are to go (PBARS-11). */
int nicsw_oid_probed_bars(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_probed_bars_info info;
	__u32 bars[NDIS_PCI_TYPE0_ADDRESSES];
	__u32 end = 0;
	int result;

	result = nicsw_call_need(call, call->request->in_length, call->fixed_length, "PBARS-11");
	if (result)
		return result;
	nicsw_call_read(call, &info, sizeof(info));
	result = nicsw_call_data(call, call->request->out_length, info.base_register_values_offset,
				 sizeof(bars), "PBARS-3", "PBARS-2", &end);
	if (result)
		return result;
	nicsw_pf_probed_bars(call->adapter, bars);
	memcpy((char *)call->request->buffer + info.base_register_values_offset, bars,
	       sizeof(bars));
	call->request->bytes_written = end;
	return 0;
}

static struct ndis_cm_partial_resource_descriptor
describe_resource(const struct nicsw_bar_resource *resource)
{
	return (struct ndis_cm_partial_resource_descriptor){
		.type = NDIS_CM_RESOURCE_TYPE_MEMORY,
		.share_disposition = NDIS_CM_RESOURCE_SHARE_DEVICE,
		.flags = NDIS_CM_RESOURCE_MEMORY_BAR |
			 (resource->prefetchable ? NDIS_CM_RESOURCE_MEMORY_PREFETCHABLE : 0),
		.start = resource->start,
		.length = resource->length,
	};
}

int nicsw_oid_bar_resources(struct nicsw_ndis_call *call)
{
	struct ndis_cm_partial_resource_descriptor descriptor;
	struct ndis_sriov_bar_resources_info info;
	struct nicsw_bar_resource resource;
	__u32 end = 0;
	int result;

	nicsw_call_read(call, &info, sizeof(info));
	result = nicsw_ids_vf(call, info.vf_id, "BARRES-3", "BARRES-3");
	if (!result)
		result = nicsw_pf_bar_resource(call->adapter, info.vf_id, info.bar_index, &resource,
					       call->error);
	if (!result)
		result = nicsw_call_data(call, call->request->out_length, info.bar_resources_offset,
					 sizeof(descriptor), "BARRES-8", "BARRES-2", &end);
	if (result)
		return result;
	descriptor = describe_resource(&resource);
	memcpy((char *)call->request->buffer + info.bar_resources_offset, &descriptor,
	       sizeof(descriptor));
	call->request->bytes_written = end;
	return 0;
}
