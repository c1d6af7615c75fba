// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "pf/pf.h"

int nicsw_oid_set_vf_power_state(struct nicsw_ndis_call *call)
{
	struct ndis_sriov_set_vf_power_state_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_vf(call, parameters.vf_id, "POWER-VF-3", "POWER-VF-3");
	if (result)
		return result;
	/* A Windows BOOLEAN: anything but 0 is true (POWER-VF-12). */
	return nicsw_pf_vf_set_power(call->adapter, parameters.vf_id, parameters.power_state,
				     parameters.wake_enable != 0, call->error);
}
