// SPDX-License-Identifier: GPL-2.0-only
#include "wire/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

struct nicsw_client {
	int fd;
	__u32 last_request_id;
	char packet[NICSW_WIRE_PACKET_MAX] __attribute__((aligned(8)));
};

/* ---- connect ------------------------------------------------------------------------------------
 */

/* What connect() says, in the words of somebody who wants to know what to do. */
static int connect_failed(int code, const char *path, struct nicsw_error *error)
{
	switch (code) {
	case ENOENT:
		return nicsw_fail(error, -code, NULL, "no socket %s: nicswd is not running there",
				  path);
	case ECONNREFUSED:
		return nicsw_fail(error, -code, NULL,
				  "nobody listens at %s: nicswd is not running there", path);
	case EACCES:
	case EPERM:
		return nicsw_fail(error, -code, NULL, "no permission for %s", path);
	case EPROTOTYPE:
		return nicsw_fail(error, -code, NULL, "%s is not the socket of a nicswd", path);
	}
	return nicsw_fail(error, -code, NULL, "cannot connect to %s: %s", path, strerror(code));
}

int nicsw_client_new(int fd, struct nicsw_client **ret_client, struct nicsw_error *error)
{
	struct nicsw_client *client = malloc(sizeof(*client));

	if (!client)
		return nicsw_fail(error, -ENOMEM, NULL, "no memory for a connection");
	client->fd = fd;
	client->last_request_id = 0;
	*ret_client = client;
	return 0;
}

int nicsw_client_connect(const char *path, struct nicsw_client **ret_client,
			 struct nicsw_error *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_close_ int fd = -1;
	int code;

	if (!nicsw_copy_text(address.sun_path, sizeof(address.sun_path), path))
		return nicsw_fail(error, -ENAMETOOLONG, NULL,
				  "socket path is over %zu characters: %s",
				  sizeof(address.sun_path) - 1, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return nicsw_fail(error, -errno, NULL, "cannot make a socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return connect_failed(errno, path, error);
	code = nicsw_client_new(fd, ret_client, error);
	if (!code)
		TAKE_FD(fd);
	return code;
}

void nicsw_client_free(struct nicsw_client *client)
{
	if (!client)
		return;
	nicsw_closep(&client->fd);
	free(client);
}

int nicsw_client_fd(const struct nicsw_client *client)
{
	return client->fd;
}

/* ---- call ---------------------------------------------------------------------------------------
 */

enum { FOR_EVER = -1 };

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000ll + time.tv_nsec / 1000000;
}

static int socket_failed(int code, struct nicsw_error *error)
{
	if (code == EPIPE || code == ECONNRESET)
		return nicsw_fail(error, -code, NULL, "nicswd closed the connection");
	return nicsw_fail(error, -code, NULL, "connection to nicswd: %s", strerror(code));
}

/* One limit for the whole call, however many packets it takes. */
static int wait_for(int fd, short events, int64_t deadline, struct nicsw_error *error)
{
	struct pollfd poll_fd = {fd, events, 0};

	for (;;) {
		int64_t left = deadline == FOR_EVER ? -1 : MAX(deadline - now(), 0);
		int ready = poll(&poll_fd, 1, (int)MIN(left, INT32_MAX));

		if (ready > 0)
			return 0;
		if (!ready)
			return nicsw_fail(error, -ETIMEDOUT, NULL, "nicswd did not answer in time");
		if (errno != EINTR)
			return socket_failed(errno, error);
	}
}

static int send_request(int fd, const struct nicsw_wire_request *request, const void *in,
			int64_t deadline, struct nicsw_error *error)
{
	struct iovec parts[2] = {{(void *)request, sizeof(*request)},
				 {(void *)in, request->in_length}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = request->in_length ? 2 : 1};

	for (;;) {
		int code;

		if (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return 0;
		if (errno != EAGAIN && errno != EINTR)
			return socket_failed(errno, error);
		code = wait_for(fd, POLLOUT, deadline, error);
		if (code)
			return code;
	}
}

/* What there is no place for in a struct nicsw_answer, the kernel closes. */
union descriptors {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int) * NICSW_WIRE_FDS_MAX)];
};

static void take_descriptors(const struct msghdr *message, struct nicsw_answer *answer)
{
	const struct cmsghdr *header = CMSG_FIRSTHDR(message);

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		return;
	answer->num_fds = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(answer->fds, CMSG_DATA(header), answer->num_fds * sizeof(int));
}

/*
 * MSG_TRUNC: the length the packet really had, so that one that is too long is noticed. answer:
 * where descriptors go, NULL = none are expected.
 */
static ssize_t receive_now(int fd, void *buffer, size_t size, struct nicsw_answer *answer)
{
	struct iovec part = {buffer, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	union descriptors descriptors;
	ssize_t length;

	if (answer) {
		message.msg_control = &descriptors;
		message.msg_controllen = sizeof(descriptors);
	}
	length = recvmsg(fd, &message, MSG_TRUNC | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (answer && length > 0)
		take_descriptors(&message, answer);
	return length;
}

static int receive(int fd, void *buffer, size_t size, int64_t deadline, struct nicsw_answer *answer,
		   size_t *ret_length, struct nicsw_error *error)
{
	for (;;) {
		ssize_t length = receive_now(fd, buffer, size, answer);
		int code;

		if (!length)
			return socket_failed(EPIPE, error);
		if (length > (ssize_t)size)
			return nicsw_fail(error, -EPROTO, NULL, "packet of %zd bytes is over %zu",
					  length, size);
		if (length > 0) {
			*ret_length = (size_t)length;
			return 0;
		}
		if (errno != EAGAIN && errno != EINTR)
			return socket_failed(errno, error);
		code = wait_for(fd, POLLIN, deadline, error);
		if (code)
			return code;
	}
}

/* The packets after the first: each full, but the last. */
static int receive_rest(int fd, char *payload, size_t offset, size_t length, int64_t deadline,
			struct nicsw_error *error)
{
	while (offset < length) {
		size_t due = MIN(length - offset, (size_t)NICSW_WIRE_CHUNK);
		size_t got;
		int code = receive(fd, payload + offset, due, deadline, NULL, &got, error);

		if (code)
			return code;
		if (got != due)
			return nicsw_fail(error, -EPROTO, NULL,
					  "packet of %zu bytes where %zu were due", got, due);
		offset += due;
	}
	return 0;
}

/* Puts first what the reason means. */
static int not_a_nicswd(int code, struct nicsw_error *error)
{
	char reason[128] = "";

	if (error)
		snprintf(reason, sizeof(reason), "%.127s", error->text);
	return nicsw_fail(error, code, NULL, "no nicswd of our kind answers: %s", reason);
}

static int take_payload(struct nicsw_client *client, const struct nicsw_wire_reply *reply,
			size_t length, int64_t deadline, struct nicsw_answer *answer,
			struct nicsw_error *error)
{
	answer->reply = *reply;
	answer->payload = reply->length ? malloc(reply->length) : NULL;
	if (reply->length && !answer->payload)
		return nicsw_fail(error, -ENOMEM, NULL, "no memory for %u bytes", reply->length);
	if (answer->payload)
		memcpy(answer->payload, reply + 1, length - sizeof(*reply));
	return receive_rest(client->fd, answer->payload, length - sizeof(*reply), reply->length,
			    deadline, error);
}

static int receive_reply(struct nicsw_client *client, const struct nicsw_wire_request *request,
			 int64_t deadline, struct nicsw_answer *ret_answer,
			 struct nicsw_error *error)
{
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {};
	const struct nicsw_wire_reply *reply;
	size_t length;
	int code = receive(client->fd, client->packet, sizeof(client->packet), deadline, &answer,
			   &length, error);

	if (code)
		return code;
	code = nicsw_wire_check_reply(client->packet, length, request, &reply, error);
	if (code)
		return not_a_nicswd(code, error);
	code = take_payload(client, reply, length, deadline, &answer, error);
	if (code)
		return code;
	*ret_answer = answer;
	answer = (struct nicsw_answer){};
	return 0;
}

int nicsw_client_call(struct nicsw_client *client, struct nicsw_wire_request *request,
		      const void *in, int timeout, struct nicsw_answer *ret_answer,
		      struct nicsw_error *error)
{
	int64_t deadline = now() + timeout;
	int code;

	request->request_id = ++client->last_request_id;
	code = send_request(client->fd, request, in, deadline, error);
	if (code)
		return code;
	return receive_reply(client, request, deadline, ret_answer, error);
}

/* ---- stream -------------------------------------------------------------------------------------
 */

int nicsw_client_next_event(struct nicsw_client *client, struct nicsw_wire_event *ret_event,
			    struct nicsw_error *error)
{
	size_t length;
	int code = receive(client->fd, client->packet, sizeof(client->packet), FOR_EVER, NULL,
			   &length, error);

	if (!code)
		code = nicsw_wire_check_event(client->packet, length, ret_event, error);
	return code;
}

/* ---- end ----------------------------------------------------------------------------------------
 */

void nicsw_client_finish(struct nicsw_client *client)
{
	int64_t deadline = now() + NICSW_CALL_TIMEOUT;
	size_t length;

	if (client && !shutdown(client->fd, SHUT_WR))
		while (!receive(client->fd, client->packet, sizeof(client->packet), deadline, NULL,
				&length, NULL))
			continue;
	nicsw_client_free(client);
}
