// SPDX-License-Identifier: GPL-2.0-only
#include "pf/sriov.h"

#include "pf/capability.h"
#include "pf/commit.h"
#include "pf/halt.h"
#include "pf/pf.h"

static const struct nicsw_meta *meta_of(const struct nicsw_adapter *adapter)
{
	return adapter->dataplane.maps.meta;
}

static int set_flags(struct nicsw_adapter *adapter, __u32 set, __u32 clear,
		     struct nicsw_error *error)
{
	__u32 flags = (meta_of(adapter)->flags & ~clear) | set;
	struct nicsw_change change;

	if (flags == meta_of(adapter)->flags)
		return 0;
	nicsw_change_begin(&change, &adapter->dataplane, "sriov");
	nicsw_change_meta(&change)->flags = flags;
	return nicsw_pf_commit(&change, error);
}

static bool is_wanted(const struct nicsw_adapter *adapter)
{
	return nicsw_pf_capability(adapter).sriov_supported && adapter->interface.static_switch;
}

/* One that is as it is wanted is left alone: its VFs are on the bus (PCI-18). */
static int rebuild(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	struct nicsw_switch_settings settings = nicsw_pf_switch_stored(adapter);
	int result;

	if (is_wanted(adapter) && nicsw_pf_switch_is_built(adapter, &settings))
		return 0;
	result = nicsw_pf_switch_dismantle(adapter, error);
	if (result || !is_wanted(adapter))
		return result;
	return nicsw_pf_switch_build(adapter, error);
}

int nicsw_pf_sriov_start(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	int result;

	if (meta_of(adapter)->nic_switch.state == NICSW_USED)
		return 0;
	result = set_flags(adapter, 0, NICSW_META_ENABLE_FAILED, error);
	if (!result)
		result = rebuild(adapter, error);
	if (result)
		set_flags(adapter, NICSW_META_ENABLE_FAILED, 0, NULL);
	return result;
}

int nicsw_pf_sriov_on(struct nicsw_adapter *adapter, struct nicsw_error *error)
{
	__u32 before = meta_of(adapter)->flags;
	int result = set_flags(adapter, 0, NICSW_META_SRIOV_OFF, error);

	if (!result)
		result = nicsw_pf_sriov_start(adapter, error);
	if (result)
		set_flags(adapter, before & NICSW_META_SRIOV_OFF, 0, NULL);
	return result;
}

int nicsw_pf_sriov_off(struct nicsw_adapter *adapter, bool force, struct nicsw_error *error)
{
	int result;

	if (meta_of(adapter)->nic_switch.state == NICSW_USED && !force)
		return nicsw_fail(error, -EINVAL, "LC-HALT-5",
				  "the switch exists: delete it first, or --force");
	result = nicsw_pf_halt(adapter, NULL, NULL, error);
	return result ? result : set_flags(adapter, NICSW_META_SRIOV_OFF, 0, error);
}
