// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

/* Anyone who may issue OIDs may reset: the virtualization stack does it for a guest (LC-RST-1). */
int nicsw_oid_reset_vf(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_reset_vf_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_vf(call, parameters.vf_id, "RESET-VF-3", "RESET-VF-3");
	if (result)
		return result;
	return nicsw_pf_vf_reset(call->adapter, parameters.vf_id, call->error);
}
