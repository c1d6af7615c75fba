// SPDX-License-Identifier: GPL-2.0-only
/* Who an adapter is: ids, LUID, serial number, and which adapter lies above it. */
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* The VF's own registers read FFFFh (VENDEV-5). */
int nicsw_oid_vf_vendor_device_id(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_vendor_device_id_info info;
	int result;

	nicsw_call_read(call, &info, sizeof(info));
	result = nicsw_ids_vf(call, info.vf_id, "VENDEV-3", "VENDEV-3");
	if (result)
		return result;
	nicsw_vf_ids(nicsw_device_space(&call->adapter->device, NICSW_FUNCTION_PF), &info.vendor_id,
		     &info.device_id);
	nicsw_call_write_all(call, &info);
	return 0;
}

int nicsw_oid_pf_luid(struct nicsw_ndis_call *call)
{
	__u64 luid = call->adapter->dataplane.maps.meta->luid;
	struct ndis_sriov_pf_luid_info answer = {
		.luid = {.low_part = luid, .high_part = luid >> 32},
	};

	nicsw_call_answer(call, &answer);
	return 0;
}

int nicsw_oid_vf_serial_number(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_vf_serial_number_info answer = {
		.serial_number = call->adapter->dataplane.maps.vfs[call->request->vf].serial_number,
	};

	nicsw_call_answer(call, &answer);
	return 0;
}

int nicsw_oid_overlying_adapter_info(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_overlying_adapter_info info;

	nicsw_call_read(call, &info, sizeof(info));
	return nicsw_pf_vf_set_overlying(call->adapter, call->request->vf, info.if_index,
					 call->error);
}
