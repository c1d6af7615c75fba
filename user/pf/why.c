// SPDX-License-Identifier: GPL-2.0-only
#include "pf/why.h"

#include "dataplane/derive.h"
#include "dataplane/explain.h"
#include "dataplane/port.h"

static int slot_of_vf(const struct nicsw_adapter *adapter, __u32 vf, __u32 *ret_slot,
		      struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;

	if (vf >= maps->meta->total_vfs || maps->vfs[vf].state != NICSW_USED)
		return nicsw_fail(error, -EINVAL, "LC-VF-1", "VF %u is not allocated", vf);
	*ret_slot = NICSW_SLOT_VF(vf);
	return 0;
}

static int slot_of_vport(struct nicsw_adapter *adapter, __u32 vport, __u32 *ret_slot,
			 struct nicsw_error *error)
{
	_cleanup_free_ struct nicsw_change *none = malloc(sizeof(*none));
	__u32 slot;

	if (!none)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	nicsw_change_begin(none, &adapter->dataplane, "");
	slot = nicsw_derive_vport_slot(none, vport);
	if (slot == NICSW_NONE)
		return nicsw_fail(error, -EINVAL, NULL, "there is no VPort %u", vport);
	*ret_slot = slot;
	return 0;
}

int nicsw_pf_why_slot(struct nicsw_adapter *adapter, const struct nicsw_why *why, __u32 *ret_slot,
		      struct nicsw_error *error)
{
	switch (why->from) {
	case NICSW_WHY_UPLINK:
		*ret_slot = NICSW_SLOT_UPLINK;
		return 0;
	case NICSW_WHY_VF:
		return slot_of_vf(adapter, why->number, ret_slot, error);
	case NICSW_WHY_VPORT:
		return slot_of_vport(adapter, why->number, ret_slot, error);
	default:
		return nicsw_fail(error, -EINVAL, NULL, "a frame comes from no port of kind %u",
				  why->from);
	}
}

int nicsw_pf_why(struct nicsw_adapter *adapter, const struct nicsw_why *why,
		 struct nicsw_why_answer *ret_answer, struct nicsw_error *error)
{
	__u32 slot;
	int result = nicsw_pf_why_slot(adapter, why, &slot, error);

	if (result)
		return result;
	if (why->length < NICSW_WHY_FRAME_MIN || why->length > NICSW_WHY_FRAME_MAX)
		return nicsw_fail(error, -EINVAL, "FLOW-5",
				  "a frame of %u bytes is not within %u..%u", why->length,
				  NICSW_WHY_FRAME_MIN, NICSW_WHY_FRAME_MAX);
	if (!adapter->ports)
		return nicsw_fail(error, -ENODEV, NULL, "this adapter has no netdevs");
	return nicsw_explain(&adapter->dataplane, adapter->ports->pin_dir, slot, why, ret_answer,
			     error);
}
