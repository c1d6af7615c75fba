// SPDX-License-Identifier: GPL-2.0-only
#include "pf/fault.h"
#include "pf/pf.h"

/* From the SR-IOV capability; no BAR is written to find out (PBARS-8). */
void nicsw_pf_probed_bars(const struct nicsw_adapter *adapter, __u32 ret_bars[NICSW_PCI_BARS])
{
	nicsw_vf_probed_bars(nicsw_device_space(&adapter->device, NICSW_FUNCTION_PF), ret_bars);
}

int nicsw_pf_bar_resource(const struct nicsw_adapter *adapter, __u32 vf, __u32 bar,
			  struct nicsw_bar_resource *ret, struct nicsw_error *error)
{
	const __u8 *pf_space = nicsw_device_space(&adapter->device, NICSW_FUNCTION_PF);
	struct nicsw_bar_resource resource;
	int result;

	if (bar >= NICSW_PCI_BARS)
		return nicsw_fail(error, -EINVAL, "BARRES-4", "BAR %u is not in 0..%u", bar,
				  NICSW_PCI_BARS - 1);
	if (nicsw_vf_bar_resource(pf_space, vf, bar, &resource))
		return nicsw_fail(error, -EINVAL, "BARRES-5",
				  "VF BAR %u is not implemented, or an upper half", bar);
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_BARS, vf, error);
	if (!result)
		*ret = resource;
	return result;
}
