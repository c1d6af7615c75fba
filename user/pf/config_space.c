// SPDX-License-Identifier: GPL-2.0-only
#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/interrupt.h"
#include "pf/pf.h"

/* What can let go a message that was held back (PCI-33, PCI-34, PCI-102). */
#define LIFTS_A_MASK (NICSW_EFFECT_MSIX | NICSW_EFFECT_BUS_MASTER | NICSW_EFFECT_POWER)

static bool answers(const struct nicsw_adapter *adapter, __u32 vf)
{
	const struct nicsw_device *device = &adapter->device;

	return nicsw_function_visible(device, nicsw_device_space(device, NICSW_FUNCTION_PF), vf);
}

/*
 * Straight from the registers: no cache that could differ from the hardware (RD-CFG-8). A VF whose
 * RID does not answer gives no byte to the bus routine, which is a failure (RD-CFG-9), not all
 * ones.
 */
int nicsw_pf_config_read(struct nicsw_adapter *adapter, __u32 vf, __u32 offset, __u32 length,
			 void *ret_data, struct nicsw_error *error)
{
	int result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_CONFIG_READ, vf, error);

	if (result)
		return result;
	if (!answers(adapter, vf) ||
	    nicsw_device_read(&adapter->device, vf, offset, length, ret_data))
		return nicsw_fail(error, -EIO, "RD-CFG-9", "VF %u does not answer", vf);
	return 0;
}

/*
 * What the write sets off is decided on the copy that the change holds. A Function Level Reset is
 * the same as RESET_VF, netdev and config blocks included (WR-CFG-12), and whatever else was
 * written is gone with it. Everything else, Bus Master and power state too (WR-CFG-13), reaches the
 * port record through the change.
 */
int nicsw_pf_config_write(struct nicsw_adapter *adapter, __u32 vf, __u32 offset, __u32 length,
			  const void *data, struct nicsw_error *error)
{
	struct nicsw_config_effects effects = {};
	struct nicsw_change change;
	int result;

	if (!answers(adapter, vf))
		return nicsw_fail(error, -EIO, "WR-CFG-6", "VF %u does not answer", vf);
	result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_CONFIG_WRITE, vf, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "config write");
	if (nicsw_config_write(&adapter->device, vf, nicsw_change_config(&change, vf), offset,
			       length, data, &effects))
		return nicsw_fail(error, -EIO, "WR-CFG-6", "VF %u took no byte", vf);
	if (effects.mask & NICSW_EFFECT_FLR)
		return nicsw_pf_vf_reset(adapter, vf, error);
	result = nicsw_pf_commit(&change, error);
	if (!result && (effects.mask & LIFTS_A_MASK))
		nicsw_pf_interrupts_send(adapter, vf);
	return result;
}
