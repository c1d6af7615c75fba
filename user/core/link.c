// SPDX-License-Identifier: GPL-2.0-only
#include "core/link.h"

#include <dirent.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include "core/netns.h"

typedef struct mnl_socket *socket_pointer;

static void close_socket(socket_pointer *socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

static int open_socket(unsigned int groups, socket_pointer *ret)
{
	_cleanup_(close_socket) socket_pointer socket =
		mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!socket || mnl_socket_bind(socket, groups, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	*ret = TAKE_PTR(socket);
	return 0;
}

/* One request and its answers, up to the acknowledgement. */
static int talk(struct nlmsghdr *request, mnl_cb_t each, void *context)
{
	_cleanup_(close_socket) socket_pointer socket = NULL;
	char buffer[32768]; /* what the kernel fills at most in one part of a dump */
	int result = open_socket(0, &socket);

	if (result)
		return result;
	request->nlmsg_seq = 1;
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		ssize_t length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));

		if (length < 0)
			return -errno;
		result =
			mnl_cb_run(buffer, length, 1, mnl_socket_get_portid(socket), each, context);
	} while (result > MNL_CB_STOP);
	return result < 0 ? -errno : 0;
}

static struct nlmsghdr *begin(char *buffer, __u16 type, __u16 flags)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	return header;
}

static struct ifinfomsg *put_link(struct nlmsghdr *header, __u32 ifindex)
{
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(header, sizeof(*info));

	info->ifi_family = AF_UNSPEC;
	info->ifi_index = ifindex;
	return info;
}

/* ---- reading ------------------------------------------------------------------------------------
 */

static void read_kind(const struct nlattr *linkinfo, struct nicsw_link *link)
{
	const struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, linkinfo)
	{
		if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
			snprintf(link->kind, sizeof(link->kind), "%s", mnl_attr_get_str(attribute));
	}
}

static void read_attribute(const struct nlattr *attribute, struct nicsw_link *link)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_IFNAME:
		snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(attribute));
		break;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attribute) == NICSW_MAC_SIZE)
			memcpy(link->mac, mnl_attr_get_payload(attribute), NICSW_MAC_SIZE);
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attribute);
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attribute);
		break;
	case IFLA_LINK:
		link->peer_ifindex = mnl_attr_get_u32(attribute);
		break;
	case IFLA_LINK_NETNSID:
		link->peer_netnsid = mnl_attr_get_u32(attribute);
		break;
	case IFLA_CARRIER:
		link->carrier = mnl_attr_get_u8(attribute);
		break;
	case IFLA_LINKINFO:
		read_kind(attribute, link);
		break;
	}
}

/* netnsid: of the namespace that the message is about. */
static void read_link(const struct nlmsghdr *header, int netnsid, struct nicsw_link *ret)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
	const struct nlattr *attribute;

	*ret = (struct nicsw_link){.ifindex = info->ifi_index,
				   .flags = info->ifi_flags,
				   .peer_netnsid = -1,
				   .netnsid = netnsid};
	mnl_attr_for_each(attribute, header, sizeof(*info)) read_attribute(attribute, ret);
}

static int got_link(const struct nlmsghdr *header, void *context)
{
	struct nicsw_link *link = context;

	read_link(header, link->netnsid, link);
	return MNL_CB_OK;
}

static int get_link(const char *name, __u32 ifindex, int netnsid, struct nicsw_link *ret)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_GETLINK, NLM_F_ACK);
	struct nicsw_link link = {.netnsid = netnsid};
	int result;

	put_link(header, name ? 0 : ifindex);
	if (name)
		mnl_attr_put_strz(header, IFLA_IFNAME, name);
	if (netnsid >= 0)
		mnl_attr_put_u32(header, IFLA_TARGET_NETNSID, netnsid);
	result = talk(header, got_link, &link);
	if (result)
		return result;
	*ret = link;
	return 0;
}

int nicsw_link_get(const char *name, __u32 ifindex, struct nicsw_link *ret)
{
	return get_link(name, ifindex, -1, ret);
}

int nicsw_link_get_in(int netnsid, __u32 ifindex, struct nicsw_link *ret)
{
	return get_link(NULL, ifindex, netnsid, ret);
}

/* ---- changing -----------------------------------------------------------------------------------
 */

static void put_end(struct nlmsghdr *header, const char *name, const __u8 *mac,
		    const struct nicsw_veth *veth)
{
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	if (mac)
		mnl_attr_put(header, IFLA_ADDRESS, NICSW_MAC_SIZE, mac);
	mnl_attr_put_u32(header, IFLA_MTU, veth->mtu);
	mnl_attr_put_u32(header, IFLA_NUM_RX_QUEUES, veth->queues);
	mnl_attr_put_u32(header, IFLA_NUM_TX_QUEUES, veth->queues);
}

int nicsw_link_create_veth(const struct nicsw_veth *veth)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data, *peer;

	put_link(header, veth->ifindex);
	put_end(header, veth->name, veth->mac, veth);
	mnl_attr_put_u32(header, IFLA_GROUP, veth->group);
	info = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
	put_link(header, 0);
	put_end(header, veth->peer_name, veth->peer_mac, veth);
	if (veth->peer_netns >= 0)
		mnl_attr_put_u32(header, IFLA_NET_NS_FD, veth->peer_netns);
	mnl_attr_nest_end(header, peer);
	mnl_attr_nest_end(header, data);
	mnl_attr_nest_end(header, info);
	return talk(header, NULL, NULL);
}

int nicsw_link_delete(__u32 ifindex)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_DELLINK, NLM_F_ACK);

	put_link(header, ifindex);
	return talk(header, NULL, NULL);
}

int nicsw_link_delete_group(__u32 group)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_DELLINK, NLM_F_ACK);

	put_link(header, 0);
	mnl_attr_put_u32(header, IFLA_GROUP, group);
	return talk(header, NULL, NULL);
}

int nicsw_link_set_flags(__u32 ifindex, __u32 set, __u32 clear)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_NEWLINK, NLM_F_ACK);
	struct ifinfomsg *info = put_link(header, ifindex);

	info->ifi_flags = set;
	info->ifi_change = set | clear;
	return talk(header, NULL, NULL);
}

int nicsw_link_set_mac(__u32 ifindex, const __u8 mac[NICSW_MAC_SIZE])
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_NEWLINK, NLM_F_ACK);

	put_link(header, ifindex);
	mnl_attr_put(header, IFLA_ADDRESS, NICSW_MAC_SIZE, mac);
	return talk(header, NULL, NULL);
}

int nicsw_link_set_mtu(__u32 ifindex, __u32 mtu)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_NEWLINK, NLM_F_ACK);

	put_link(header, ifindex);
	mnl_attr_put_u32(header, IFLA_MTU, mtu);
	return talk(header, NULL, NULL);
}

/* ---- who uses it --------------------------------------------------------------------------------
 */

struct usage {
	__u32 ifindex;
	bool found;
};

static int got_address(const struct nlmsghdr *header, void *context)
{
	const struct ifaddrmsg *address = mnl_nlmsg_get_payload(header);
	struct usage *usage = context;

	if (address->ifa_index == usage->ifindex &&
	    !(address->ifa_family == AF_INET6 && address->ifa_scope == RT_SCOPE_LINK))
		usage->found = true;
	return MNL_CB_OK;
}

static int got_route(const struct nlmsghdr *header, void *context)
{
	const struct rtmsg *route = mnl_nlmsg_get_payload(header);
	const struct nlattr *attribute;
	struct usage *usage = context;

	if (route->rtm_dst_len || route->rtm_type != RTN_UNICAST)
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, header, sizeof(*route))
	{
		if (mnl_attr_get_type(attribute) == RTA_OIF &&
		    mnl_attr_get_u32(attribute) == usage->ifindex)
			usage->found = true;
	}
	return MNL_CB_OK;
}

/* A veth's peer also names a link as its lower one; it does not stand on it. */
static int got_upper(const struct nlmsghdr *header, void *context)
{
	struct usage *usage = context;
	struct nicsw_link link;

	read_link(header, -1, &link);
	if (link.peer_ifindex == usage->ifindex && link.peer_netnsid < 0 &&
	    link.ifindex != usage->ifindex && strcmp(link.kind, "veth") != 0)
		usage->found = true;
	return MNL_CB_OK;
}

static int dump_usage(__u16 type, mnl_cb_t each, __u32 ifindex)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, type, NLM_F_DUMP);
	struct usage usage = {.ifindex = ifindex};
	struct rtgenmsg *general = mnl_nlmsg_put_extra_header(header, sizeof(struct ifaddrmsg));
	int result;

	general->rtgen_family = AF_UNSPEC;
	if (type == RTM_GETROUTE)
		mnl_nlmsg_put_extra_header(header, sizeof(struct rtmsg) - sizeof(struct ifaddrmsg));
	result = talk(header, each, &usage);
	return result ? result : usage.found;
}

int nicsw_link_has_address(__u32 ifindex)
{
	return dump_usage(RTM_GETADDR, got_address, ifindex);
}

int nicsw_link_has_default_route(__u32 ifindex)
{
	return dump_usage(RTM_GETROUTE, got_route, ifindex);
}

int nicsw_link_has_upper(__u32 ifindex)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_GETLINK, NLM_F_DUMP);
	struct usage usage = {.ifindex = ifindex};
	int result;

	put_link(header, 0);
	result = talk(header, got_upper, &usage);
	return result ? result : usage.found;
}

/* ---- namespace ids ------------------------------------------------------------------------------
 */

static int got_netnsid(const struct nlmsghdr *header, void *context)
{
	const struct nlattr *attribute;
	int *netnsid = context;

	mnl_attr_for_each(attribute, header, sizeof(struct rtgenmsg))
	{
		if (mnl_attr_get_type(attribute) == NETNSA_NSID)
			*netnsid = mnl_attr_get_u32(attribute);
	}
	return MNL_CB_OK;
}

static int netnsid_of(int netns)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *header = begin(buffer, RTM_GETNSID, NLM_F_ACK);
	int result, netnsid = -1;

	mnl_nlmsg_put_extra_header(header, sizeof(struct rtgenmsg));
	mnl_attr_put_u32(header, NETNSA_FD, netns);
	result = talk(header, got_netnsid, &netnsid);
	if (result)
		return result;
	return netnsid >= 0 ? netnsid : -ENOENT;
}

static int open_if_id(const char *where, int netnsid)
{
	_cleanup_close_ int fd = nicsw_netns_open(where, NULL);

	if (fd < 0 || netnsid_of(fd) != netnsid)
		return -ENOENT;
	return TAKE_FD(fd);
}

static int search_names(int netnsid)
{
	DIR *directory = opendir("/run/netns");
	struct dirent *entry;
	char path[PATH_MAX];
	int found = -ENOENT;

	while (directory && found < 0 && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/run/netns/%s", entry->d_name);
		found = open_if_id(path, netnsid);
	}
	if (directory)
		closedir(directory);
	return found;
}

int nicsw_link_open_peer_netns(const struct nicsw_link *link, const char *hint)
{
	int found = -ENOENT;

	if (link->peer_netnsid < 0)
		return nicsw_netns_open("/proc/thread-self/ns/net", NULL);
	if (hint)
		found = open_if_id(hint, link->peer_netnsid);
	return found >= 0 ? found : search_names(link->peer_netnsid);
}

/* ---- events -------------------------------------------------------------------------------------
 */

struct nicsw_link_monitor {
	struct mnl_socket *socket;
};

/* Guests can make more events than the usual buffer holds while a request is under way. */
#define MONITOR_BUFFER (4 * 1024 * 1024)

static int listen_everywhere(const struct mnl_socket *socket)
{
	int on = 1, size = MONITOR_BUFFER, fd = mnl_socket_get_fd(socket);

	/* A smaller one is no failure: what is lost is told (-ENOBUFS). */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return setsockopt(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on, sizeof(on)) ? -errno : 0;
}

int nicsw_link_monitor_open(bool all_namespaces, struct nicsw_link_monitor **ret)
{
	_cleanup_free_ struct nicsw_link_monitor *monitor = calloc(1, sizeof(*monitor));
	int result;

	if (!monitor)
		return -ENOMEM;
	result = open_socket(RTMGRP_LINK, &monitor->socket);
	if (result)
		return result;
	result = all_namespaces ? listen_everywhere(monitor->socket) : 0;
	if (result) {
		mnl_socket_close(monitor->socket);
		return result;
	}
	*ret = TAKE_PTR(monitor);
	return 0;
}

void nicsw_link_monitor_close(struct nicsw_link_monitor *monitor)
{
	if (!monitor)
		return;
	mnl_socket_close(monitor->socket);
	free(monitor);
}

int nicsw_link_monitor_fd(const struct nicsw_link_monitor *monitor)
{
	return mnl_socket_get_fd(monitor->socket);
}

struct seen {
	void (*call)(const struct nicsw_link *link, bool gone, void *context);
	void *context;
	int netnsid;
};

static int got_event(const struct nlmsghdr *header, void *context)
{
	const struct seen *seen = context;
	struct nicsw_link link;

	if (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK)
		return MNL_CB_OK;
	read_link(header, seen->netnsid, &link);
	seen->call(&link, header->nlmsg_type == RTM_DELLINK, seen->context);
	return MNL_CB_OK;
}

/* The namespace of a message is told beside it; of one of our own namespace nothing is. */
static int netnsid_of_message(struct msghdr *message)
{
	struct cmsghdr *control;
	int netnsid;

	for (control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
		if (control->cmsg_level != SOL_NETLINK ||
		    control->cmsg_type != NETLINK_LISTEN_ALL_NSID ||
		    control->cmsg_len < CMSG_LEN(sizeof(netnsid)))
			continue;
		memcpy(&netnsid, CMSG_DATA(control), sizeof(netnsid));
		return netnsid;
	}
	return -1;
}

int nicsw_link_monitor_read(struct nicsw_link_monitor *monitor,
			    void (*call)(const struct nicsw_link *link, bool gone, void *context),
			    void *context)
{
	struct seen seen = {.call = call, .context = context};
	char buffer[32768], control[128];
	struct iovec part = {.iov_base = buffer, .iov_len = sizeof(buffer)};
	struct sockaddr_nl sender = {};
	struct msghdr message = {.msg_name = &sender,
				 .msg_namelen = sizeof(sender),
				 .msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	ssize_t length = recvmsg(mnl_socket_get_fd(monitor->socket), &message, MSG_DONTWAIT);

	if (length < 0)
		return -errno;
	if (sender.nl_pid || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) /* not the kernel's */
		return -EBADMSG;
	seen.netnsid = netnsid_of_message(&message);
	return mnl_cb_run(buffer, length, 0, 0, got_event, &seen) < 0 ? -errno : 0;
}
