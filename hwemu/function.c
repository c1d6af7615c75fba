// SPDX-License-Identifier: GPL-2.0-only
/* Reset, power, and what a function may do. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"
#include "hwemu/sriov.h"

/* ---- reset ---- */

int nicsw_function_reset(const struct nicsw_device *device, __u32 function, __u8 *space)
{
	if (!nicsw_function_valid(device, function))
		return -EINVAL;
	memcpy(space, nicsw_config_masks(function)->reset, NICSW_CONFIG_SIZE);
	if (function == NICSW_FUNCTION_PF) {
		nicsw_store(space, NICSW_AT_DSN + 4, 8, device->geometry.serial_number);
		nicsw_sriov_reset(device, space);
	}
	return 0;
}

int nicsw_function_flr(const struct nicsw_device *device, __u32 function, __u8 *space)
{
	const __u8 *sticky = nicsw_config_masks(function)->sticky;
	__u8 after[NICSW_CONFIG_SIZE];
	int result = nicsw_function_reset(device, function, after);

	if (result < 0)
		return result;
	for (__u32 i = 0; i < NICSW_CONFIG_SIZE; i++)
		after[i] = (__u8)((after[i] & ~sticky[i]) | (space[i] & sticky[i]));
	memcpy(space, after, NICSW_CONFIG_SIZE);
	return 0;
}

/* PCI-80: the bit starts the reset, which is also what makes it read 0. */
void nicsw_pcie_written(struct nicsw_config_access *access)
{
	if (nicsw_load16(access->space, NICSW_AT_PCIE + PCI_EXP_DEVCTL) & PCI_EXP_DEVCTL_BCR_FLR)
		access->flr = true;
}

/* ---- power ---- */

__u32 nicsw_function_power(const __u8 *space)
{
	return nicsw_load16(space, NICSW_AT_PM + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK;
}

__u32 nicsw_function_effective_power(const __u8 *pf_space, const __u8 *space)
{
	__u32 pf = nicsw_function_power(pf_space);
	__u32 own = nicsw_function_power(space);

	return own > pf ? own : pf;
}

/* PCI-103, PCI-104: without No_Soft_Reset waking up resets the function. */
void nicsw_pm_written(struct nicsw_config_access *access)
{
	__u16 control = nicsw_load16(access->space, NICSW_AT_PM + PCI_PM_CTRL);
	bool wakes = nicsw_function_power(access->before) == NICSW_D3 &&
		     nicsw_function_power(access->space) == NICSW_D0;

	if (wakes && !(control & PCI_PM_CTRL_NO_SOFT_RESET))
		access->flr = true;
}

int nicsw_function_set_power(const struct nicsw_device *device, __u32 function, __u8 *space,
			     __u32 state, bool wake)
{
	__u32 offset = NICSW_AT_PM + PCI_PM_CTRL;

	if (!nicsw_function_valid(device, function) || (state != NICSW_D0 && state != NICSW_D3) ||
	    (wake && state == NICSW_D0))
		return -EINVAL;
	/* PME_Status is left alone: it is cleared by who handles the event. */
	nicsw_config_store(device, function, space, offset, 2,
			   state | (wake ? PCI_PM_CTRL_PME_ENABLE : 0));
	return 0;
}

/* ---- what it may do ---- */

bool nicsw_function_bus_master(const __u8 *space)
{
	return nicsw_load16(space, PCI_COMMAND) & PCI_COMMAND_MASTER;
}

int nicsw_function_set_bus_master(const struct nicsw_device *device, __u32 function, __u8 *space,
				  bool on)
{
	__u16 command = nicsw_load16(space, PCI_COMMAND) & ~PCI_COMMAND_MASTER;

	if (!nicsw_function_valid(device, function))
		return -EINVAL;
	nicsw_config_store(device, function, space, PCI_COMMAND, 2,
			   command | (on ? PCI_COMMAND_MASTER : 0));
	return 0;
}

bool nicsw_function_can_dma(const struct nicsw_device *device, const __u8 *pf_space, __u32 function,
			    const __u8 *space)
{
	return nicsw_function_visible(device, pf_space, function) &&
	       nicsw_function_effective_power(pf_space, space) == NICSW_D0 &&
	       nicsw_function_bus_master(space);
}
