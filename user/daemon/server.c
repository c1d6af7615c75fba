// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/server.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/log.h"
#include "daemon/capture.h"
#include "daemon/control.h"
#include "daemon/events.h"
#include "daemon/release.h"
#include "ndis/ndis.h"

#define GROUP "nicsw"
/* At most, so that no local user uses up our descriptors, or the places of those who may write. */
#define CONNECTIONS     256
#define CONNECTIONS_UID 16  /* of one user that may only read */
#define CONNECTIONS_ALL 128 /* of all such users */

struct connection {
	struct nicsw_server *server;
	struct connection *next;
	int fd;
	sd_event_source *source;
	struct nicsw_peer peer;
	struct nicsw_response response; /* under way if sending */
	size_t next_packet;
	bool sending;
	__u64 pending;   /* LUID of the adapter whose reset the answer waits for, 0 = none */
	bool subscribed; /* a stream of events, nothing is asked any more */
	__u64 lost;      /* events it was not sent since the last one */
	char adapter[sizeof(((struct nicsw_wire_request *)0)->adapter)]; /* "" = of all */
};

struct nicsw_server {
	struct sockaddr_un address;
	int fd;
	sd_event *event;
	sd_event_source *source;
	struct nicsw_registry *registry;
	struct connection *connections;
	size_t num_connections;
	bool refusing;
	struct nicsw_events *events;
	struct nicsw_registry_watcher watcher;
	unsigned int bound; /* connections so far that were bound: their names differ */
	/* One request at a time: they share the buffer. */
	_Alignas(8) char packet[NICSW_WIRE_REQUEST_MAX];
};

/* ---- who ----------------------------------------------------------------------------------------
 */

static bool is_in_group(int fd, gid_t primary)
{
	const struct group *group = getgrnam(GROUP);
	gid_t groups[1024];
	socklen_t length = sizeof(groups);
	size_t i;

	if (!group)
		return false;
	if (primary == group->gr_gid)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length))
		return false;
	for (i = 0; i < length / sizeof(gid_t); i++)
		if (groups[i] == group->gr_gid)
			return true;
	return false;
}

static int identify(int fd, struct nicsw_peer *ret)
{
	struct ucred credentials;
	socklen_t length = sizeof(credentials);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length))
		return -errno;
	ret->uid = credentials.uid;
	ret->pid = credentials.pid;
	ret->may_write = credentials.uid == 0 || credentials.uid == geteuid() ||
			 is_in_group(fd, credentials.gid);
	return 0;
}

/* ---- connections --------------------------------------------------------------------------------
 */

static void end_response(struct connection *connection)
{
	free(connection->response.payload);
	connection->response.payload = NULL;
	while (connection->response.num_fds)
		close(connection->response.fds[--connection->response.num_fds]);
	connection->sending = false;
}

static void close_connection(struct connection *connection)
{
	struct connection **link = &connection->server->connections;

	while (*link != connection)
		link = &(*link)->next;
	*link = connection->next;
	connection->server->num_connections--;
	connection->server->refusing = false;
	end_response(connection);
	if (connection->subscribed)
		nicsw_events_listen(connection->server->events, false);
	nicsw_captures_end(connection->server->registry, connection->peer.capture);
	if (connection->peer.owner[0]) {
		nicsw_registry_settle(connection->server->registry); /* GEN-15 */
		nicsw_release(connection->server->registry, connection->peer.owner, false);
		nicsw_events_check(connection->server->events);
	}
	sd_event_source_disable_unref(connection->source);
	nicsw_closep(&connection->fd);
	free(connection);
}

/* Descriptors go with the packet that they are an answer to. */
union descriptors {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int) * NICSW_WIRE_FDS_MAX)];
};

static void add_descriptors(const struct nicsw_response *response, union descriptors *descriptors,
			    struct msghdr *message)
{
	size_t length = response->num_fds * sizeof(int);

	if (!length)
		return;
	memset(descriptors, 0, sizeof(*descriptors));
	descriptors->header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(length), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(&descriptors->header), response->fds, length);
	message->msg_control = descriptors;
	message->msg_controllen = CMSG_SPACE(length);
}

/* 0: all sent; -EAGAIN: go on when the socket has room. */
static int send_packets(struct connection *connection)
{
	size_t packets = nicsw_wire_count_packets(&connection->response.reply);

	for (; connection->next_packet < packets; connection->next_packet++) {
		struct iovec parts[2];
		struct msghdr message = {.msg_iov = parts};
		union descriptors descriptors;

		if (!connection->next_packet)
			add_descriptors(&connection->response, &descriptors, &message);
		message.msg_iovlen = nicsw_wire_packet_parts(&connection->response.reply,
							     connection->response.payload,
							     connection->next_packet, parts);
		if (sendmsg(connection->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	}
	return 0;
}

/* Events that were lost are told as soon as there is room. */
static void wait_for_socket(const struct connection *connection)
{
	uint32_t events = connection->lost ? EPOLLIN | EPOLLOUT : EPOLLIN;

	sd_event_source_set_io_events(connection->source, connection->sending ? EPOLLOUT : events);
}

/* Returns false if the connection is of no further use. */
static bool go_on_sending(struct connection *connection)
{
	int result = send_packets(connection);

	if (result && result != -EAGAIN)
		return false;
	if (!result)
		end_response(connection);
	wait_for_socket(connection);
	return true;
}

/* ---- streams ------------------------------------------------------------------------------------
 */

static bool send_event(struct connection *connection, const struct nicsw_wire_event *event)
{
	return send(connection->fd, event, sizeof(*event), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

/* Events are never kept for somebody who does not keep up: that would be memory in his hands. */
static bool send_lost(struct connection *connection)
{
	struct nicsw_wire_event event = {
		.event = NICSW_EVENT_LOST,
		.vf_id = NICSW_NONE,
		.vport_id = NICSW_NONE,
		.filter_id = NICSW_NONE,
		.count = connection->lost,
	};

	if (!connection->lost)
		return true;
	nicsw_events_stamp(&event);
	if (!send_event(connection, &event))
		return false;
	connection->lost = 0;
	wait_for_socket(connection);
	return true;
}

static void deliver(void *context, const struct nicsw_wire_event *event)
{
	struct nicsw_server *server = context;

	for (struct connection *connection = server->connections; connection;
	     connection = connection->next) {
		if (!connection->subscribed ||
		    (connection->adapter[0] && !nicsw_streq(connection->adapter, event->adapter)))
			continue;
		if (!connection->sending && send_lost(connection) && send_event(connection, event))
			continue;
		connection->lost++;
		wait_for_socket(connection);
	}
}

static void links_changed(void *context)
{
	struct nicsw_server *server = context;

	nicsw_captures_follow(server->registry);
	nicsw_events_check_links(server->events);
}

/* The held answers; one that cannot be sent is found out by the loop. */
static void reset_done(void *context, __u64 luid, int result, const struct nicsw_error *error)
{
	struct nicsw_server *server = context;

	for (struct connection *connection = server->connections; connection;
	     connection = connection->next) {
		if (connection->pending != luid)
			continue;
		connection->pending = 0;
		connection->response.reply.status = nicsw_status_from_errno(result);
		if (result)
			nicsw_wire_fail_reply(&connection->response.reply,
					      nicsw_status_from_errno(result), error);
		connection->sending = true;
		connection->next_packet = 0;
		sd_event_source_set_io_events(connection->source, EPOLLOUT);
	}
}

/* Whoever sends more on a stream, or closes it, is closed. */
static bool go_on_streaming(struct connection *connection, uint32_t what)
{
	if (what & (EPOLLIN | EPOLLHUP))
		return false;
	if (what & EPOLLOUT)
		send_lost(connection);
	return true;
}

static void begin_stream(struct connection *connection, const struct nicsw_wire_request *request)
{
	connection->subscribed = true;
	memcpy(connection->adapter, request->adapter, sizeof(connection->adapter));
	nicsw_events_listen(connection->server->events, true);
}

/* ---- captures -----------------------------------------------------------------------------------
 */

/* With the adapter its capture is gone: whoever reads it must not wait for ever. */
static void end_readers(struct nicsw_server *server)
{
	for (struct connection *connection = server->connections; connection;
	     connection = connection->next) {
		if (!connection->peer.capture ||
		    nicsw_captures_run(server->registry, connection->peer.capture))
			continue;
		connection->peer.capture = NULL;
		shutdown(connection->fd, SHUT_RDWR);
	}
}

/* ---- requests -----------------------------------------------------------------------------------
 */

static void handle(struct connection *connection, const struct nicsw_wire_request *request)
{
	struct nicsw_server *server = connection->server;

	nicsw_control_handle(server->registry, &connection->peer, request, &connection->response);
	connection->pending = connection->response.pending;
	if (connection->response.reply.status)
		return;
	nicsw_events_request(server->events, request);
	if (request->kind == NICSW_WIRE_CONTROL && request->code == NICSW_CONTROL_SUBSCRIBE)
		begin_stream(connection, request);
	if (request->kind == NICSW_WIRE_CONTROL && request->code == NICSW_CONTROL_VF_ATTACH)
		nicsw_captures_follow(server->registry); /* before its first frame */
	if (request->kind == NICSW_WIRE_CONTROL && request->code == NICSW_CONTROL_ADAPTER_DEL)
		end_readers(server);
	if (request->kind == NICSW_WIRE_CONTROL && request->code == NICSW_CONTROL_CAPTURE)
		connection->peer.capture = nicsw_captures_of(server->registry, request->adapter);
	if (request->kind == NICSW_WIRE_CONTROL && request->code == NICSW_CONTROL_BIND_OBJECTS)
		snprintf(connection->peer.owner, sizeof(connection->peer.owner),
			 NICSW_CONNECTION_OWNERS "%d:%u", (int)connection->peer.pid,
			 ++server->bound);
}

static void refuse_packet(struct connection *connection, const struct nicsw_error *error)
{
	const struct nicsw_wire_request *request = (const void *)connection->server->packet;

	memset(&connection->response, 0, sizeof(connection->response));
	nicsw_wire_begin_reply(request, &connection->response.reply);
	nicsw_wire_fail_reply(&connection->response.reply, nicsw_status_from_errno(error->code),
			      error);
}

static bool answer(struct connection *connection, size_t length)
{
	struct nicsw_server *server = connection->server;
	const struct nicsw_wire_request *request;
	struct nicsw_error error = {};
	int result = nicsw_wire_check_request(server->packet, length, &request, &error);

	if (result == -EPROTO)
		return false;
	if (result)
		refuse_packet(connection, &error);
	else
		handle(connection, request);
	if (connection->pending) { /* GEN-13 */
		sd_event_source_set_io_events(connection->source, 0);
		return true;
	}
	connection->sending = true;
	connection->next_packet = 0;
	return go_on_sending(connection);
}

static bool receive(struct connection *connection)
{
	struct nicsw_server *server = connection->server;
	/* MSG_TRUNC: the real length, so that a packet that is too long is seen as such. */
	ssize_t length = recv(connection->fd, server->packet, sizeof(server->packet),
			      MSG_DONTWAIT | MSG_TRUNC);

	if (length < 0)
		return errno == EAGAIN || errno == EINTR;
	if (length == 0 || (size_t)length > sizeof(server->packet))
		return false;
	return answer(connection, length);
}

static int connection_event(sd_event_source *source _unused_, int fd _unused_, uint32_t what,
			    void *context)
{
	struct connection *connection = context;
	bool alive = !(what & EPOLLERR);

	if (alive && connection->sending)
		alive = go_on_sending(connection);
	else if (alive && connection->subscribed)
		alive = go_on_streaming(connection, what);
	else if (alive && connection->pending)
		alive = !(what & EPOLLHUP);
	else if (alive)
		alive = receive(connection);
	if (!alive || ((what & EPOLLHUP) && connection->sending))
		close_connection(connection);
	return 0;
}

static bool has_room(const struct nicsw_server *server, const struct nicsw_peer *peer)
{
	size_t readers = 0, same_uid = 0;
	const struct connection *connection;

	for (connection = server->connections; connection; connection = connection->next) {
		readers += !connection->peer.may_write;
		same_uid += !connection->peer.may_write && connection->peer.uid == peer->uid;
	}
	if (server->num_connections >= CONNECTIONS)
		return false;
	return peer->may_write || (readers < CONNECTIONS_ALL && same_uid < CONNECTIONS_UID);
}

static int add_connection(struct nicsw_server *server, int fd)
{
	_cleanup_free_ struct connection *connection = calloc(1, sizeof(*connection));
	int result;

	if (!connection)
		return -ENOMEM;
	connection->server = server;
	result = identify(fd, &connection->peer);
	if (!result && !has_room(server, &connection->peer))
		result = -EMFILE;
	if (!result)
		result = sd_event_add_io(server->event, &connection->source, fd, EPOLLIN,
					 connection_event, connection);
	if (result < 0)
		return result;
	connection->fd = fd;
	connection->next = server->connections;
	server->connections = TAKE_PTR(connection);
	server->num_connections++;
	return 0;
}

static int listener_event(sd_event_source *source _unused_, int fd, uint32_t what _unused_,
			  void *context)
{
	struct nicsw_server *server = context;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (client < 0)
		return 0;
	if (add_connection(server, client) == 0)
		return 0;
	/* Said once, until one of them ends: who is refused must not fill the log either. */
	if (!server->refusing)
		nicsw_log(LOG_WARNING, "a connection was refused: %zu are open",
			  server->num_connections);
	server->refusing = true;
	close(client);
	return 0;
}

/* ---- listening ----------------------------------------------------------------------------------
 */

static bool somebody_answers(const struct sockaddr_un *address)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
}

static int make_parent(const char *path)
{
	char parent[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (!slash || slash == parent)
		return 0;
	*slash = 0;
	return mkdir(parent, 0755) && errno != EEXIST ? -errno : 0;
}

/* What a dead daemon left; nothing else is ever removed. */
static int remove_stale(const char *path)
{
	struct stat status;

	if (lstat(path, &status))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(status.st_mode))
		return -EEXIST;
	return unlink(path) ? -errno : 0;
}

/* Everybody may connect and read; who may write is asked of each peer. */
static int bind_socket(struct nicsw_server *server)
{
	const char *path = server->address.sun_path;
	int result = make_parent(path);

	if (result)
		return result;
	server->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->fd < 0)
		return -errno;
	result = remove_stale(path);
	if (result)
		return result;
	if (bind(server->fd, (const struct sockaddr *)&server->address, sizeof(server->address)))
		return -errno;
	if (chmod(path, 0666) || listen(server->fd, 64))
		return -errno;
	return 0;
}

static int open_server(struct nicsw_server *server, const char *path, struct nicsw_error *error)
{
	int result;

	server->address.sun_family = AF_UNIX;
	if (!nicsw_copy_text(server->address.sun_path, sizeof(server->address.sun_path), path))
		return nicsw_fail(error, -ENAMETOOLONG, NULL, "socket path %s: at most %zu bytes",
				  path, sizeof(server->address.sun_path) - 1);
	if (somebody_answers(&server->address))
		return nicsw_fail(error, -EADDRINUSE, NULL, "a daemon answers at %s already", path);
	result = bind_socket(server);
	if (result >= 0)
		result = sd_event_add_io(server->event, &server->source, server->fd, EPOLLIN,
					 listener_event, server);
	return result < 0
		       ? nicsw_fail(error, result, NULL, "socket %s: %s", path, strerror(-result))
		       : 0;
}

int nicsw_server_open(const char *path, sd_event *event, struct nicsw_registry *registry,
		      struct nicsw_server **ret, struct nicsw_error *error)
{
	struct nicsw_server *server = calloc(1, sizeof(*server));
	int result;

	if (!server)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	server->fd = -1;
	server->event = event;
	server->registry = registry;
	result = nicsw_events_new(registry, deliver, server, &server->events);
	if (result)
		nicsw_fail(error, result, NULL, "out of memory");
	else
		result = open_server(server, path, error);
	if (result) {
		server->address.sun_path[0] = 0; /* not ours */
		nicsw_server_close(server);
		return result;
	}
	server->watcher = (struct nicsw_registry_watcher){links_changed, reset_done, server};
	nicsw_registry_watch(registry, &server->watcher);
	/* Connections of a daemon that died are closed, too. */
	nicsw_release(registry, NICSW_CONNECTION_OWNERS, true);
	*ret = server;
	return 0;
}

void nicsw_server_close(struct nicsw_server *server)
{
	if (!server)
		return;
	nicsw_registry_watch(server->registry, NULL);
	while (server->connections)
		close_connection(server->connections);
	nicsw_events_free(server->events);
	sd_event_source_disable_unref(server->source);
	nicsw_closep(&server->fd);
	if (server->address.sun_path[0])
		unlink(server->address.sun_path);
	free(server);
}
