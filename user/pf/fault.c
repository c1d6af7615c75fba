// SPDX-License-Identifier: GPL-2.0-only
#include "pf/fault.h"

#include <time.h>

int nicsw_pf_fault(const struct nicsw_adapter *adapter, enum nicsw_fault_knob knob, __u32 function,
		   struct nicsw_error *error)
{
	const struct nicsw_fault *row = nicsw_fault_row(knob);

	if (!nicsw_fault_on(adapter->dataplane.maps.faults, knob, function))
		return 0;
	return nicsw_fail(error, -EIO, row->rule, "%s (fault knob %s is on)", row->text, row->name);
}

void nicsw_pf_fault_slow_reset(const struct nicsw_adapter *adapter, __u32 vf)
{
	struct timespec left = {.tv_nsec = NICSW_RESET_BUDGET_NS};

	if (!nicsw_fault_on(adapter->dataplane.maps.faults, NICSW_FAULT_SLOW_RESET, vf))
		return;
	while (nanosleep(&left, &left) && errno == EINTR)
		continue;
}

int nicsw_pf_fault_set(struct nicsw_adapter *adapter, __u32 knob, __u32 vf, bool on,
		       struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	const struct nicsw_fault *row = nicsw_fault_row(knob);

	switch (nicsw_fault_set(maps->faults, maps->meta->total_vfs, knob, vf, on)) {
	case 0:
		return 0;
	case -ERANGE:
		return nicsw_fail(error, -EINVAL, "PCI-11", "there is no VF %u", vf);
	case -EBUSY:
		return nicsw_fail(error, -EINVAL, NULL,
				  "%s is on for all functions, VF %u alone cannot be excepted",
				  row->name, vf);
	default:
		if (!row)
			return nicsw_fail(error, -EINVAL, NULL, "there is no fault knob %u", knob);
		return nicsw_fail(error, -EINVAL, NULL, "%s is a knob of the adapter, not of a VF",
				  row->name);
	}
}
