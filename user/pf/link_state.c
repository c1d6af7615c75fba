// SPDX-License-Identifier: GPL-2.0-only
#include "pf/link_state.h"

#include <net/if.h>

#include "core/log.h"
#include "dataplane/change.h"
#include "dataplane/port.h"
#include "pf/commit.h"

static bool is_wire_down(const struct nicsw_adapter *adapter)
{
	struct nicsw_link link;

	return nicsw_link_get(NULL, adapter->dataplane.maps.meta->uplink_ifindex, &link) ||
	       !(link.flags & IFF_UP) || !link.carrier;
}

static void follow_vf(struct nicsw_adapter *adapter, __u32 vf)
{
	int result = nicsw_port_follow_link(adapter->ports, &adapter->dataplane.maps, vf);

	if (result)
		nicsw_log(LOG_WARNING, "%s: carrier of VF %u: %s", adapter->name, vf,
			  strerror(-result));
}

static void follow_vfs(struct nicsw_adapter *adapter, bool all)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 vf;

	if (!adapter->ports)
		return;
	for (vf = 0; vf < maps->meta->total_vfs; vf++)
		if (maps->vfs[vf].flags & NICSW_VF_ATTACHED &&
		    (all || maps->vfs[vf].policy.link == NICSW_LINK_AUTO))
			follow_vf(adapter, vf);
}

int nicsw_pf_wire_set(struct nicsw_adapter *adapter, bool down, struct nicsw_error *error)
{
	bool was = adapter->dataplane.maps.meta->features & NICSW_FEATURE_WIRE_DOWN;
	struct nicsw_change change;
	struct nicsw_meta *meta;
	int result;

	if (was == down)
		return 0;
	nicsw_change_begin(&change, &adapter->dataplane, "wire");
	meta = nicsw_change_meta(&change);
	meta->features ^= NICSW_FEATURE_WIRE_DOWN;
	result = nicsw_pf_commit(&change, error);
	if (!result)
		follow_vfs(adapter, false);
	return result;
}

void nicsw_pf_wire_follow(struct nicsw_adapter *adapter)
{
	struct nicsw_error error = {};

	if (nicsw_pf_wire_set(adapter, is_wire_down(adapter), &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

void nicsw_pf_wire_adopt(struct nicsw_adapter *adapter)
{
	nicsw_pf_wire_follow(adapter);
	follow_vfs(adapter, true);
}
