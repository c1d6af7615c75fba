// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/port.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>

#include "core/log.h"
#include "core/netns.h"
#include "dataplane/derive.h"
#include "dataplane/guest_end.h"

#define SWITCH_END_GROUP 1u /* to delete all of an adapter at once */

static void netns_name(const char *adapter, char name[32])
{
	snprintf(name, 32, "nicsw-%s", adapter);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		nicsw_log(LOG_DEBUG, "%s: %s", path, strerror(errno));
	close(fd);
}

/* A switch end that speaks IPv6 by itself would send its frames into the guest. */
static int silence(int netns)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	int result = nicsw_netns_enter(netns, &stay);

	if (result)
		return result;
	write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	return 0;
}

static int open_netns(const char *adapter, bool create, struct nicsw_error *error)
{
	_cleanup_close_ int fd = -1;
	char name[32], path[64];
	int result;

	netns_name(adapter, name);
	if (create) {
		result = nicsw_netns_create(name, error);
		if (result)
			return result;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = nicsw_netns_open(path, error);
	if (fd < 0)
		return fd;
	result = silence(fd);
	return result ? nicsw_fail(error, result, NULL, "namespace %s: %s", name, strerror(-result))
		      : TAKE_FD(fd);
}

int nicsw_ports_open(const char *adapter, const char *pin_dir, bool create,
		     struct nicsw_ports **ret, struct nicsw_error *error)
{
	_cleanup_free_ struct nicsw_ports *ports = calloc(1, sizeof(*ports));

	if (!ports)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	if (!nicsw_copy_text(ports->adapter, sizeof(ports->adapter), adapter) ||
	    !nicsw_copy_text(ports->pin_dir, sizeof(ports->pin_dir), pin_dir))
		return nicsw_fail(error, -ENAMETOOLONG, NULL, "%s/%s is too long", pin_dir,
				  adapter);
	ports->switch_netns = open_netns(adapter, create, error);
	if (ports->switch_netns < 0)
		return ports->switch_netns;
	*ret = TAKE_PTR(ports);
	return 0;
}

void nicsw_ports_close(struct nicsw_ports *ports)
{
	if (!ports)
		return;
	nicsw_closep(&ports->switch_netns);
	free(ports);
}

/* The links go before the namespace: the kernel would clean up in the background, and names stay
 * taken till then. */
static void delete_links(const char *name)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = nicsw_netns_open(path, NULL);
	if (fd >= 0 && nicsw_netns_enter(fd, &stay) == 0)
		nicsw_link_delete_group(SWITCH_END_GROUP);
}

int nicsw_ports_delete(const char *adapter)
{
	char name[32];

	netns_name(adapter, name);
	delete_links(name);
	return nicsw_netns_delete(name);
}

void nicsw_port_name(const struct nicsw_meta *meta, __u32 slot, char name[NICSW_IFNAME_SIZE])
{
	__u32 first = NICSW_SLOT_PF_VPORT(meta->total_vfs, 0);

	if (slot == NICSW_SLOT_UPLINK)
		snprintf(name, NICSW_IFNAME_SIZE, "uplink");
	else if (slot == NICSW_SLOT_PF)
		snprintf(name, NICSW_IFNAME_SIZE, "pf-sw");
	else if (slot < first)
		snprintf(name, NICSW_IFNAME_SIZE, "vf%u", slot - NICSW_SLOT_VF(0));
	else
		snprintf(name, NICSW_IFNAME_SIZE, "pf-sw%u", slot - first);
}

static __u32 slot_ifindex(const struct nicsw_mapset *maps, __u32 slot)
{
	return maps->meta->ifindex_base + slot;
}

/* A pair whose guest end is not there yet: make it, prepare the guest end, then programs, then up.
 */
struct pair {
	__u32 slot;
	const char *dev;
	int netns; /* where dev is made */
	const __u8 *mac;
	__u32 queues;
};

static int create_pair(const struct nicsw_ports *ports, const struct nicsw_mapset *maps,
		       const struct pair *pair)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	char name[NICSW_IFNAME_SIZE];
	int result;

	nicsw_port_name(maps->meta, pair->slot, name);
	result = nicsw_netns_enter(ports->switch_netns, &stay);
	if (result)
		return result;
	return nicsw_link_create_veth(
		&(struct nicsw_veth){.name = name,
				     .ifindex = slot_ifindex(maps, pair->slot),
				     .peer_name = pair->dev,
				     .peer_netns = pair->netns,
				     .peer_mac = pair->mac,
				     .mtu = maps->meta->mtu,
				     .group = SWITCH_END_GROUP,
				     .queues = pair->queues ? pair->queues : (__u32)get_nprocs()});
}

/* A guest end comes up by itself, as the VF driver of a guest would bring its port up. */
static int prepare_guest_end(const struct pair *pair)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct nicsw_link link;
	int result = nicsw_netns_enter(pair->netns, &stay);

	if (!result)
		result = nicsw_guest_end_prepare(pair->dev);
	if (!result)
		result = nicsw_link_get(pair->dev, 0, &link);
	if (!result)
		result = nicsw_link_set_flags(link.ifindex, IFF_UP, 0);
	return result;
}

/* What the PF's port shows holds for all; it is found out once, and never better than it was. */
static int prepare_switch_end(const struct nicsw_ports *ports, struct nicsw_mapset *maps,
			      __u32 slot, struct nicsw_error *error)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = slot_ifindex(maps, slot);
	char name[NICSW_IFNAME_SIZE];
	struct nicsw_attached attached;
	int result = nicsw_netns_enter(ports->switch_netns, &stay);

	nicsw_port_name(maps->meta, slot, name);
	if (!result)
		result = nicsw_port_attach_programs(ports, maps->meta, slot, ifindex, name,
						    &attached, error);
	if (!result && slot == NICSW_SLOT_PF && !attached.bound)
		maps->meta->features |= NICSW_FEATURE_UNBOUND;
	if (!result)
		result = nicsw_link_set_flags(ifindex, IFF_UP, 0);
	return result;
}

static int delete_slot(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 slot)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = slot_ifindex(maps, slot);
	char name[NICSW_IFNAME_SIZE];
	int result;

	nicsw_port_name(maps->meta, slot, name);
	maps->ops->device_set(maps, slot, 0);
	result = nicsw_netns_enter(ports->switch_netns, &stay);
	if (result)
		return result;
	nicsw_port_detach_programs(ports, 0, name, false);
	result = nicsw_link_delete(ifindex);
	return result == -ENODEV ? 0 : result;
}

static int create_slot(struct nicsw_ports *ports, struct nicsw_mapset *maps,
		       const struct pair *pair, struct nicsw_error *error)
{
	int result = create_pair(ports, maps, pair);

	if (result == -EEXIST)
		return nicsw_fail(error, result, NULL, "a netdev %s is there already", pair->dev);
	if (result)
		return nicsw_fail(error, result, NULL, "netdev %s: %s", pair->dev,
				  strerror(-result));
	result = prepare_guest_end(pair);
	if (!result)
		result = prepare_switch_end(ports, maps, pair->slot, error);
	if (!result)
		result = maps->ops->device_set(maps, pair->slot, slot_ifindex(maps, pair->slot));
	if (!result)
		return 0;
	delete_slot(ports, maps, pair->slot);
	if (error && !error->code)
		nicsw_fail(error, result, NULL, "netdev %s: %s", pair->dev, strerror(-result));
	return result;
}

/* On the host: in the daemon's namespace. */
static int create_on_host(struct nicsw_ports *ports, struct nicsw_mapset *maps, struct pair *pair,
			  struct nicsw_error *error)
{
	_cleanup_close_ int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (home < 0)
		return nicsw_fail(error, -errno, NULL, "network namespace: %s", strerror(errno));
	pair->netns = home;
	return create_slot(ports, maps, pair, error);
}

int nicsw_port_create_pf(struct nicsw_ports *ports, struct nicsw_mapset *maps,
			 struct nicsw_error *error)
{
	struct pair pair = {
		.slot = NICSW_SLOT_PF, .dev = ports->adapter, .mac = maps->meta->uplink_mac};

	return create_on_host(ports, maps, &pair, error);
}

void nicsw_port_vport_dev(const char *adapter, __u32 vport, char dev[NICSW_IFNAME_SIZE])
{
	snprintf(dev, NICSW_IFNAME_SIZE, "%.8sv%u", adapter, vport);
}

int nicsw_port_create_vport(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vport,
			    const __u8 mac[NICSW_MAC_SIZE], struct nicsw_error *error)
{
	const struct nicsw_vport_record *record = &maps->vports[vport];
	char dev[NICSW_IFNAME_SIZE];
	struct pair pair = {.slot = nicsw_vport_slot(maps->meta, vport, record),
			    .dev = dev,
			    .mac = mac,
			    .queues = record->queue_pairs};

	nicsw_port_vport_dev(ports->adapter, vport, dev);
	return create_on_host(ports, maps, &pair, error);
}

int nicsw_port_delete_slot(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 slot)
{
	return delete_slot(ports, maps, slot);
}

static bool is_same_netns(int a, int b)
{
	struct stat first, second;

	return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

int nicsw_port_create_vf(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf,
			 const char *netns, const char *dev, struct nicsw_error *error)
{
	_cleanup_close_ int guest = nicsw_netns_open(netns, error);
	struct pair pair = {.slot = NICSW_SLOT_VF(vf),
			    .dev = dev,
			    .netns = guest,
			    .mac = nicsw_vf_mac(&maps->vfs[vf])};

	if (guest < 0)
		return guest;
	if (is_same_netns(guest, ports->switch_netns))
		return nicsw_fail(error, -EINVAL, NULL, "%s is the adapter's own namespace", netns);
	return create_slot(ports, maps, &pair, error);
}

int nicsw_port_delete_vf(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf)
{
	return delete_slot(ports, maps, NICSW_SLOT_VF(vf));
}

bool nicsw_port_has_slot(const struct nicsw_ports *ports, const struct nicsw_mapset *maps,
			 __u32 slot)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct nicsw_link link;

	/* Only the kernel's word that there is none counts: a netdev is taken down on it. */
	return nicsw_netns_enter(ports->switch_netns, &stay) ||
	       nicsw_link_get(NULL, slot_ifindex(maps, slot), &link) != -ENODEV;
}

static __u32 pf_peer(const struct nicsw_ports *ports, const struct nicsw_mapset *maps)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct nicsw_link link;

	return nicsw_netns_enter(ports->switch_netns, &stay) ||
			       nicsw_link_get(NULL, slot_ifindex(maps, NICSW_SLOT_PF), &link)
		       ? 0
		       : link.peer_ifindex;
}

__u32 nicsw_port_pf_ifindex(const struct nicsw_ports *ports, const struct nicsw_mapset *maps)
{
	__u32 ifindex = pf_peer(ports, maps);
	struct nicsw_link link;

	/* Moved to another namespace it has a number of that namespace, which is a stranger's here.
	 */
	if (!ifindex || nicsw_link_get(NULL, ifindex, &link) ||
	    link.peer_ifindex != slot_ifindex(maps, NICSW_SLOT_PF))
		return 0;
	return ifindex;
}

static bool has_program(const struct nicsw_ports *ports, const struct nicsw_meta *meta, __u32 slot)
{
	char name[NICSW_IFNAME_SIZE], path[PATH_MAX];

	nicsw_port_name(meta, slot, name);
	snprintf(path, sizeof(path), "%s/links/%s", ports->pin_dir, name);
	return access(path, F_OK) == 0;
}

int nicsw_port_adopt_slot(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 slot)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = slot_ifindex(maps, slot);
	int result;

	if (!has_program(ports, maps->meta, slot))
		return -ENOENT;
	result = nicsw_netns_enter(ports->switch_netns, &stay);
	if (!result)
		result = nicsw_link_set_flags(ifindex, IFF_UP, 0);
	return result ? result : maps->ops->device_set(maps, slot, ifindex);
}

bool nicsw_port_has_pf(const struct nicsw_ports *ports, const struct nicsw_mapset *maps)
{
	return nicsw_port_has_slot(ports, maps, NICSW_SLOT_PF);
}

bool nicsw_port_has_vf(const struct nicsw_ports *ports, const struct nicsw_mapset *maps, __u32 vf)
{
	return nicsw_port_has_slot(ports, maps, NICSW_SLOT_VF(vf));
}

static __u32 vf_mtu(const struct nicsw_mapset *maps, __u32 vf)
{
	__u32 mtu = maps->vfs[vf].policy.mtu;

	return mtu ? mtu : maps->meta->mtu;
}

/*
 * MAC, MTU and offloads of the guest end as at attach: the guest may have changed them. Where its
 * namespace has no name that we know any more, they stay as they are; the source check holds all
 * the same.
 */
static int restore_guest_end(const struct nicsw_link *link, const struct nicsw_mapset *maps,
			     __u32 vf)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	_cleanup_close_ int guest = nicsw_link_open_peer_netns(link, maps->vfs[vf].netns);
	struct nicsw_link end;
	int result = guest < 0 ? guest : nicsw_netns_enter(guest, &stay);

	if (!result)
		result = nicsw_link_get(NULL, link->peer_ifindex, &end);
	if (!result)
		result = nicsw_guest_end_prepare(end.name);
	if (!result)
		result = nicsw_link_set_mac(end.ifindex, nicsw_vf_mac(&maps->vfs[vf]));
	return result ? result : nicsw_link_set_mtu(end.ifindex, vf_mtu(maps, vf));
}

/* In the namespace of the switch ends. */
static int set_carrier(const struct nicsw_mapset *maps, __u32 vf, bool up)
{
	return nicsw_link_set_flags(slot_ifindex(maps, NICSW_SLOT_VF(vf)), up ? IFF_UP : 0,
				    up ? 0 : IFF_UP);
}

int nicsw_port_follow_link(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	int result = nicsw_netns_enter(ports->switch_netns, &stay);

	return result ? result
		      : set_carrier(maps, vf, nicsw_vf_link_up(maps->meta, &maps->vfs[vf]));
}

int nicsw_port_follow_policy(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf,
			     struct nicsw_error *error)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = slot_ifindex(maps, NICSW_SLOT_VF(vf));
	struct nicsw_link link;
	int result = nicsw_netns_enter(ports->switch_netns, &stay);

	if (!result)
		result = nicsw_link_get(NULL, ifindex, &link);
	if (!result)
		result = nicsw_link_set_mtu(ifindex, vf_mtu(maps, vf));
	if (!result)
		result = restore_guest_end(&link, maps, vf);
	if (!result)
		result = set_carrier(maps, vf, nicsw_vf_link_up(maps->meta, &maps->vfs[vf]));
	return result ? nicsw_fail(error, result, NULL, "netdev of VF %u: %s", vf,
				   strerror(-result))
		      : 0;
}

int nicsw_port_reset_vf(struct nicsw_ports *ports, struct nicsw_mapset *maps, __u32 vf,
			struct nicsw_error *error)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	__u32 ifindex = slot_ifindex(maps, NICSW_SLOT_VF(vf));
	struct nicsw_link link;
	int result = nicsw_netns_enter(ports->switch_netns, &stay);

	if (!result)
		result = nicsw_link_get(NULL, ifindex, &link);
	if (!result)
		result = set_carrier(maps, vf, false);
	if (result)
		return nicsw_fail(error, result, NULL, "netdev of VF %u: %s", vf,
				  strerror(-result));
	result = restore_guest_end(&link, maps, vf);
	if (result)
		nicsw_log(LOG_WARNING, "VF %u: MAC and offloads of its netdev stay: %s", vf,
			  strerror(-result));
	result = set_carrier(maps, vf, nicsw_vf_link_up(maps->meta, &maps->vfs[vf]));
	return result ? nicsw_fail(error, result, NULL, "netdev of VF %u: %s", vf,
				   strerror(-result))
		      : 0;
}

/*
 * As when they were made, the PF's port shows for all whether they see tags in metadata (FWD-35).
 * Until it is known they do not: whoever is killed here leaves no hole.
 */
void nicsw_ports_follow_mode(const struct nicsw_ports *ports, struct nicsw_mapset *maps)
{
	struct nicsw_error error = {};
	char name[NICSW_IFNAME_SIZE];
	struct nicsw_meta wanted = *maps->meta;
	bool bound = false;
	__u32 slot;
	int result;

	maps->meta->features |= NICSW_FEATURE_UNBOUND;
	wanted.features &= ~NICSW_FEATURE_UNBOUND;
	for (slot = NICSW_SLOT_PF; slot < maps->meta->slots; slot++) {
		nicsw_port_name(maps->meta, slot, name);
		result = nicsw_port_change_mode(ports, &wanted, slot, name, &bound, &error);
		if (slot == NICSW_SLOT_PF && !bound)
			wanted.features |= NICSW_FEATURE_UNBOUND;
		if (result && result != -ENOENT)
			nicsw_log(LOG_WARNING, "%s: %s", ports->adapter, error.text);
	}
	maps->meta->features = wanted.features;
}
