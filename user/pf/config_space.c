// SPDX-License-Identifier: GPL-2.0-only
#include "pf/pf.h"

/*
 * Straight from the registers: no cache that could differ from the hardware (RD-CFG-8). A VF whose
 * RID does not answer gives no byte to the bus routine, which is a failure (RD-CFG-9), not all
 * ones.
 */
int nicsw_pf_config_read(struct nicsw_adapter *adapter, __u32 vf, __u32 offset, __u32 length,
			 void *ret_data, struct nicsw_error *error)
{
	const struct nicsw_device *device = &adapter->device;

	if (!nicsw_function_visible(device, nicsw_device_space(device, NICSW_FUNCTION_PF), vf) ||
	    nicsw_device_read(device, vf, offset, length, ret_data))
		return nicsw_fail(error, -EIO, "RD-CFG-9", "VF %u does not answer", vf);
	return 0;
}
