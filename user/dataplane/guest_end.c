// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/guest_end.h"

#include <net/if.h>
#include <sys/sysinfo.h>

#include "core/features.h"
#include "core/netns.h"
#include "dataplane/derive.h"

/* NAPI for ndo_xdp_xmit, and nothing left in metadata. Each with what it is called where it
 * differs.
 */
static const struct nicsw_feature features[] = {
	{"rx-gro", true},
	{"tx-checksum-ip-generic", false},
	{"tx-checksum-sctp", false},
	{"tx-vlan-hw-insert", false},
	{"tx-vlan-stag-hw-insert", false},
};

static const __u32 states[] = {
	NICSW_NETDEV_GRO,    NICSW_NETDEV_TX,     NICSW_NETDEV_TX,
	NICSW_NETDEV_TXVLAN, NICSW_NETDEV_TXVLAN,
};
_Static_assert(ARRAY_SIZE(states) == ARRAY_SIZE(features), "one for each");

int nicsw_guest_end_prepare(const char *dev)
{
	return nicsw_features_set(dev, features, ARRAY_SIZE(features));
}

static const __u8 *wanted_mac(const struct nicsw_mapset *maps, __u32 slot)
{
	return slot == NICSW_SLOT_PF ? maps->meta->pf_mac
				     : nicsw_vf_mac(&maps->vfs[slot - NICSW_SLOT_VF(0)]);
}

static __u32 wanted_mtu(const struct nicsw_mapset *maps, __u32 slot)
{
	__u32 mtu = slot == NICSW_SLOT_PF ? 0 : maps->vfs[slot - NICSW_SLOT_VF(0)].policy.mtu;

	return mtu ? mtu : maps->meta->mtu;
}

static __u32 compare_link(const struct nicsw_mapset *maps, __u32 slot,
			  const struct nicsw_link *link)
{
	__u32 found = 0;

	if (!(link->flags & IFF_UP))
		found |= NICSW_NETDEV_DOWN;
	if (memcmp(link->mac, wanted_mac(maps, slot), NICSW_MAC_SIZE))
		found |= NICSW_NETDEV_MAC;
	if (link->mtu != wanted_mtu(maps, slot))
		found |= NICSW_NETDEV_MTU;
	return found;
}

/* In the guest's namespace. What cannot be read there is not seen. */
static void look_inside(struct nicsw_guest_end *end)
{
	__u32 different = 0;
	struct nicsw_link link;
	size_t i;

	/* The netdev that has the number has the name at this moment; its owner may change it
	 * again. */
	if (nicsw_link_get(NULL, end->ifindex, &link) ||
	    nicsw_features_compare(link.name, features, ARRAY_SIZE(features), &different)) {
		end->found |= NICSW_NETDEV_UNSEEN;
		return;
	}
	for (i = 0; i < ARRAY_SIZE(features); i++)
		if (different >> i & 1)
			end->found |= states[i];
	end->rx_queues = MAX(nicsw_rx_queues(link.name), 0);
	if (end->rx_queues && end->rx_queues < get_nprocs())
		end->found |= NICSW_NETDEV_QUEUES;
}

static void look_behind(const struct nicsw_link *switch_end, const char *hint,
			struct nicsw_guest_end *end)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int guest = nicsw_link_open_peer_netns(switch_end, hint);

	if (guest < 0 || nicsw_netns_enter(guest, &stay))
		end->found |= NICSW_NETDEV_UNSEEN;
	else
		look_inside(end);
}

int nicsw_guest_end_look(const struct nicsw_ports *ports, const struct nicsw_mapset *maps,
			 __u32 slot, struct nicsw_guest_end *ret)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct nicsw_link switch_end, link;
	struct nicsw_guest_end end = {};
	char home[32];
	int result = nicsw_netns_enter(ports->switch_netns, &stay);

	if (!result)
		result = nicsw_link_get(NULL, maps->meta->ifindex_base + slot, &switch_end);
	if (!result)
		result = nicsw_link_get_in(switch_end.peer_netnsid, switch_end.peer_ifindex, &link);
	if (result)
		return result;
	end.ifindex = link.ifindex;
	end.mtu = link.mtu;
	memcpy(end.mac, link.mac, sizeof(end.mac));
	memcpy(end.name, link.name, sizeof(end.name));
	end.found = compare_link(maps, slot, &link);
	snprintf(home, sizeof(home), "/proc/self/fd/%d", stay.home);
	look_behind(&switch_end,
		    slot == NICSW_SLOT_PF ? home : maps->vfs[slot - NICSW_SLOT_VF(0)].netns, &end);
	*ret = end;
	return 0;
}
