// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/uplink.h"

#include <net/if.h>

#include "core/features.h"
#include "core/log.h"
#include "core/netns.h"
#include "dataplane/sharing.h"

/* What is off while the adapter has the uplink; `software`: only on a veth or tap. */
static const struct uplink_feature {
	const char *name;
	__u32 restore;
	bool software;
} uplink_features[] = {
	{"rx-vlan-hw-parse", NICSW_RESTORE_RXVLAN, false},
	{"rx-vlan-stag-hw-parse", NICSW_RESTORE_RXSTAG, false},
	{"rx-lro", NICSW_RESTORE_LRO, false},
	{"rx-gro-hw", NICSW_RESTORE_GRO_HW, false},
	{"tx-checksum-ip-generic", NICSW_RESTORE_TX, true},
};

/* What the far end of a veth wire needs, to take frames from XDP and to send whole checksums. */
static const struct nicsw_feature far_features[] = {
	{"rx-gro", true},
	{"tx-checksum-ip-generic", false},
	{"tx-checksum-sctp", false},
	{"tx-vlan-hw-insert", false},
	{"tx-vlan-stag-hw-insert", false},
};

/* What a difference in each is called. */
static const __u32 far_states[] = {NICSW_NETDEV_GRO, NICSW_NETDEV_TX, NICSW_NETDEV_TX,
				   NICSW_NETDEV_TXVLAN, NICSW_NETDEV_TXVLAN};
_Static_assert(ARRAY_SIZE(far_states) == ARRAY_SIZE(far_features), "one for each");

static bool is_software(const struct nicsw_link *link)
{
	return nicsw_streq(link->kind, "veth") || nicsw_streq(link->kind, "tun");
}

/* What the host would lose with the link. */
static const struct use {
	int (*asks)(__u32 ifindex);
	const char *text;
} uses[] = {
	{nicsw_link_has_address, "carries an IP address"},
	{nicsw_link_has_default_route, "carries the default route"},
	{nicsw_link_has_upper, "has another netdev on top"},
};

static int refuse_use(const struct nicsw_link *link, const char *text, struct nicsw_error *error)
{
	return nicsw_fail(error, -EBUSY, NULL,
			  "uplink %s %s and would be cut off from the host; say takeover to use it "
			  "all the same",
			  link->name, text);
}

static int refuse_in_use(const struct nicsw_link *link, struct nicsw_error *error)
{
	size_t i;
	int used;

	if (link->master)
		return refuse_use(link, "has a master", error);
	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		used = uses[i].asks(link->ifindex);
		if (used > 0)
			return refuse_use(link, uses[i].text, error);
		if (used < 0) /* not known: closed */
			return nicsw_fail(error, used, NULL,
					  "uplink %s: cannot tell who uses it: %s", link->name,
					  strerror(-used));
	}
	return 0;
}

int nicsw_uplink_check(const char *ifname, bool takeover, struct nicsw_meta *meta,
		       struct nicsw_error *error)
{
	struct nicsw_link link;
	int result = nicsw_link_get(ifname, 0, &link);

	if (result)
		return nicsw_fail(error, result, NULL, "uplink %s: %s", ifname, strerror(-result));
	if (link.flags & IFF_LOOPBACK)
		return nicsw_fail(error, -EINVAL, NULL, "uplink %s is the loopback device", ifname);
	/* An add that cannot succeed must not even begin to touch it. */
	result = nicsw_sharing_check(&nicsw_dispatcher, link.name, link.ifindex, error);
	if (!result && !takeover)
		result = refuse_in_use(&link, error);
	if (result)
		return result;
	snprintf(meta->uplink, sizeof(meta->uplink), "%s", link.name);
	meta->uplink_ifindex = link.ifindex;
	meta->mtu = link.mtu;
	meta->uplink_mtu = link.mtu;
	memcpy(meta->uplink_mac, link.mac, sizeof(meta->uplink_mac));
	return 0;
}

void nicsw_uplink_remember(struct nicsw_meta *meta)
{
	struct nicsw_link link;
	size_t i;

	if (nicsw_link_get(NULL, meta->uplink_ifindex, &link))
		return;
	meta->uplink_restore = 0;
	if (!(link.flags & IFF_PROMISC))
		meta->uplink_restore |= NICSW_RESTORE_PROMISC;
	if (!(link.flags & IFF_UP))
		meta->uplink_restore |= NICSW_RESTORE_DOWN;
	for (i = 0; i < ARRAY_SIZE(uplink_features); i++) {
		if (uplink_features[i].software && !is_software(&link))
			continue;
		if (nicsw_feature_get(meta->uplink, uplink_features[i].name) == 1)
			meta->uplink_restore |= uplink_features[i].restore;
	}
}

static void set_features(const struct nicsw_meta *meta, const char *ifname, bool on)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(uplink_features); i++) {
		struct nicsw_feature feature = {uplink_features[i].name, on};

		if (!(meta->uplink_restore & uplink_features[i].restore))
			continue;
		if (nicsw_features_set(ifname, &feature, 1))
			nicsw_log(LOG_WARNING, "cannot turn %s of %s %s", feature.name, ifname,
				  on ? "on" : "off");
	}
}

static int prepare_far_end(const struct nicsw_link *link)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int far = nicsw_link_open_peer_netns(link, NULL);
	struct nicsw_link peer;
	int result = far < 0 ? far : nicsw_netns_enter(far, &stay);

	if (!result)
		result = nicsw_link_get(NULL, link->peer_ifindex, &peer);
	if (!result)
		result = nicsw_features_set(peer.name, far_features, ARRAY_SIZE(far_features));
	return result;
}

static void add_warning(char *warning, size_t size, const char *text)
{
	size_t used = strlen(warning);

	snprintf(warning + used, size - used, "%s%s", used ? "; " : "", text);
}

static void warn_far_end(const struct nicsw_link *link, char *warning, size_t size)
{
	if (!nicsw_streq(link->kind, "veth") || prepare_far_end(link) == 0)
		return;
	add_warning(warning, size,
		    "the far end of the uplink cannot be reached; run there: "
		    "ethtool -K IFNAME tx off gro on");
}

int nicsw_uplink_attach(const struct nicsw_ports *ports, struct nicsw_mapset *maps, char *warning,
			size_t size, struct nicsw_error *error)
{
	struct nicsw_meta *meta = maps->meta;
	struct nicsw_attached attached = {};
	struct nicsw_link link;
	int result;

	result = nicsw_link_get(NULL, meta->uplink_ifindex, &link);
	if (result)
		return nicsw_fail(error, result, NULL, "uplink %s vanished", meta->uplink);
	set_features(meta, link.name, false);
	warn_far_end(&link, warning, size);
	result = nicsw_port_attach_programs(ports, meta, NICSW_SLOT_UPLINK, meta->uplink_ifindex,
					    "uplink", &attached, error);
	if (attached.clsact)
		meta->uplink_restore |= NICSW_RESTORE_CLSACT;
	if (result)
		return result;
	meta->uplink_generic = attached.generic;
	if (attached.generic)
		meta->watched = 0; /* the kernel reports nothing of what comes from the uplink */
	if (attached.generic)
		add_warning(warning, size,
			    "the uplink's driver has no native XDP: generic mode, which is slow");
	result = nicsw_link_set_flags(meta->uplink_ifindex, IFF_UP | IFF_PROMISC, 0);
	if (!result)
		result = maps->ops->device_set(maps, NICSW_SLOT_UPLINK, meta->uplink_ifindex);
	return result ? nicsw_fail(error, result, NULL, "uplink %s: %s", meta->uplink,
				   strerror(-result))
		      : 0;
}

void nicsw_uplink_detach(const struct nicsw_ports *ports, const struct nicsw_meta *meta)
{
	const struct nicsw_sharer sharer = {
		.ports = ports, .meta = meta, .ifindex = meta->uplink_ifindex};
	struct nicsw_link link;
	__u32 clear = 0;

	/* By number: it may have been given another name. */
	if (nicsw_link_get(NULL, meta->uplink_ifindex, &link)) {
		nicsw_port_detach_programs(ports, 0, "uplink", false);
		return;
	}
	nicsw_sharing_detach(&nicsw_dispatcher, &sharer);
	nicsw_port_detach_programs(ports, meta->uplink_ifindex, "uplink",
				   meta->uplink_restore & NICSW_RESTORE_CLSACT);
	set_features(meta, link.name, true);
	if (meta->uplink_restore & NICSW_RESTORE_PROMISC)
		clear |= IFF_PROMISC;
	if (meta->uplink_restore & NICSW_RESTORE_DOWN)
		clear |= IFF_UP;
	nicsw_link_set_flags(meta->uplink_ifindex, 0, clear);
}

static void examine_far_end(const struct nicsw_link *link, struct nicsw_uplink_health *ret)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int far = nicsw_link_open_peer_netns(link, NULL);
	struct nicsw_link peer;
	__u32 different, i;

	if (far < 0 || nicsw_netns_enter(far, &stay) ||
	    nicsw_link_get(NULL, link->peer_ifindex, &peer) ||
	    nicsw_features_compare(peer.name, far_features, ARRAY_SIZE(far_features), &different))
		return;
	ret->far_seen = true;
	memcpy(ret->far_name, peer.name, sizeof(ret->far_name));
	for (i = 0; i < ARRAY_SIZE(far_features); i++)
		if (different >> i & 1)
			ret->far |= far_states[i];
}

void nicsw_uplink_examine(const struct nicsw_meta *meta, struct nicsw_uplink_health *ret)
{
	struct nicsw_link link;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	if (nicsw_link_get(NULL, meta->uplink_ifindex, &link))
		return;
	ret->present = true;
	ret->up = link.flags & IFF_UP && link.carrier;
	ret->promisc = link.flags & IFF_PROMISC;
	for (i = 0; i < ARRAY_SIZE(uplink_features); i++)
		if ((!uplink_features[i].software || is_software(&link)) &&
		    nicsw_feature_get(link.name, uplink_features[i].name) == 1)
			ret->on |= uplink_features[i].restore;
	ret->has_far = nicsw_streq(link.kind, "veth");
	if (ret->has_far)
		examine_far_end(&link, ret);
}
