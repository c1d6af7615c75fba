// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/ndis.h>

#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/interrupt.h"
#include "pf/pf.h"

static int check_state(__u32 state, bool wake, struct nicsw_error *error)
{
	if (state < NdisDeviceStateD0 || state > NdisDeviceStateD3)
		return nicsw_fail(error, -EINVAL, "POWER-VF-4", "power state %u is not in %u..%u",
				  state, NdisDeviceStateD0, NdisDeviceStateD3);
	if (wake && state == NdisDeviceStateD0)
		return nicsw_fail(error, -EINVAL, "POWER-VF-5", "wake from D0 cannot be armed");
	/* With them goes the only other state that cannot signal PME (POWER-VF-11). */
	if (state != NdisDeviceStateD0 && state != NdisDeviceStateD3)
		return nicsw_fail(error, -EINVAL, "POWER-VF-9",
				  "the VF's power management has D0 and D3, not D%u",
				  state - NdisDeviceStateD0);
	return 0;
}

/*
 * In D3 the VF neither sends nor receives (POWER-VF-10): the port record follows the register with
 * the same change. Registers are retained (LC-PWR-4), so that in D0 it goes on by itself.
 */
int nicsw_pf_vf_set_power(struct nicsw_adapter *adapter, __u32 vf, __u32 state, bool wake,
			  struct nicsw_error *error)
{
	const __u8 *space = adapter->dataplane.maps.config_space[vf + 1];
	struct nicsw_change change;
	__u32 wanted;
	int result = check_state(state, wake, error);

	if (result)
		return result;
	wanted = state - NdisDeviceStateD0; /* PCI-106 */
	/* POWER-VF-8. In D3 again the request may still arm or disarm PME. */
	if (wanted == NICSW_D0 && nicsw_function_power(space) == NICSW_D0)
		return 0;
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_POWER, vf, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "vf power");
	nicsw_function_set_power(&adapter->device, vf, nicsw_change_config(&change, vf), wanted,
				 wake);
	result = nicsw_pf_commit(&change, error);
	if (!result)
		nicsw_pf_interrupts_send(adapter, vf); /* PCI-102: what waited for D0 */
	return result;
}
