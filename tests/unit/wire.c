// SPDX-License-Identifier: GPL-2.0-only
#include "wire/wire.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "wire/client.h"

/* ---- requests -----------------------------------------------------------------------------------
 */

struct packet {
	struct nicsw_wire_request request;
	union {
		struct nicsw_vf_attach attach;
		struct nicsw_adapter_add add;
		char bytes[1024];
	};
};

static struct packet attach_packet(void)
{
	struct packet packet = {0};

	nicsw_wire_begin_request(&packet.request, NICSW_WIRE_CONTROL, NICSW_CONTROL_VF_ATTACH,
				 sizeof(packet.attach));
	strcpy(packet.attach.netns, "/run/netns/vm1");
	return packet;
}

static int check(const struct packet *packet, size_t length, struct nicsw_error *ret_error)
{
	const struct nicsw_wire_request *request = NULL;
	struct nicsw_error error = {0};
	int code = nicsw_wire_check_request(packet, length, &request, &error);

	cr_expect_eq(request, code ? NULL : &packet->request);
	cr_expect_eq(error.code, code, "the error says what is returned");
	if (ret_error)
		*ret_error = error;
	return code;
}

#define ATTACH_LENGTH (sizeof(struct nicsw_wire_request) + sizeof(struct nicsw_vf_attach))

Test(wire, a_good_request)
{
	struct packet packet = attach_packet();

	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), 0);
	cr_expect_eq(nicsw_wire_payload(&packet.request), &packet.attach);
	packet.request.kind = NICSW_WIRE_OID;
	packet.request.code = 0x00010269;
	packet.request.in_length = 0;
	cr_expect_eq(check(&packet, sizeof(packet.request), NULL), 0, "codes of OIDs are for NDIS");
}

/* GEN-30: every length short of the right one, and some beyond, is refused. */
Test(wire, truncated_and_overlong)
{
	struct packet packet = attach_packet();

	for (size_t length = 0; length < sizeof(packet); length++) {
		int code = check(&packet, length, NULL);

		if (length < sizeof(packet.request))
			cr_expect_eq(code, -EPROTO, "%zu bytes", length);
		else if (length != ATTACH_LENGTH)
			cr_expect_eq(code, -EMSGSIZE, "%zu bytes", length);
	}
}

/* The longest payload is a limit of its own, also when all of it is there. */
Test(wire, payload_over_the_limit)
{
	size_t length = sizeof(struct nicsw_wire_request) + NICSW_WIRE_IN_MAX + 8;
	struct nicsw_wire_request *request = calloc(1, length);

	nicsw_wire_begin_request(request, NICSW_WIRE_OID, 0x00010269, NICSW_WIRE_IN_MAX);
	cr_expect_eq(check((struct packet *)request, length - 8, NULL), 0);
	request->in_length += 8;
	cr_expect_eq(check((struct packet *)request, length, NULL), -EMSGSIZE);
	free(request);
}

Test(wire, lengths_that_would_wrap)
{
	static const __u32 lengths[] = {UINT32_MAX,
					UINT32_MAX - sizeof(struct nicsw_wire_request),
					0x80000000u,
					NICSW_WIRE_IN_MAX + 1,
					sizeof(struct nicsw_vf_attach) + 1,
					sizeof(struct nicsw_vf_attach) - 1,
					0};

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct packet packet = attach_packet();

		packet.request.in_length = lengths[i];
		cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EMSGSIZE, "%u", lengths[i]);
	}
}

Test(wire, out_length_limit)
{
	struct packet packet = attach_packet();

	packet.request.out_length = NICSW_WIRE_OUT_MAX;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), 0);
	packet.request.out_length++;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EMSGSIZE);
}

Test(wire, unknown_header_values)
{
	struct packet packet = attach_packet();

	packet.request.magic++;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EPROTO);
	packet = attach_packet();
	packet.request.version++;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EPROTONOSUPPORT);
	packet = attach_packet();
	packet.request.kind = 3;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EINVAL);
	packet = attach_packet();
	packet.request.flags = NICSW_WIRE_AS_NDIS | NICSW_WIRE_FORCE;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), 0);
	packet.request.flags |= 4;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EINVAL);
	packet = attach_packet();
	packet.request.reserved = 1;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -EINVAL);
	packet = attach_packet();
	packet.request.code = 0;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -ENOSYS);
	packet.request.code = UINT32_MAX;
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), -ENOSYS);
}

static void expect_unterminated(size_t offset, size_t size, const char *name)
{
	struct packet packet = attach_packet();
	struct nicsw_error error;

	memset((char *)&packet + offset, 'x', size);
	cr_expect_eq(check(&packet, ATTACH_LENGTH, &error), -EINVAL, "%s", name);
	cr_expect(strstr(error.text, name), "%s: %s", name, error.text);
	((char *)&packet)[offset + size - 1] = '\0';
	cr_expect_eq(check(&packet, ATTACH_LENGTH, NULL), 0, "%s", name);
}

Test(wire, unterminated_texts)
{
#define EXPECT(member)                                                                             \
	expect_unterminated(offsetof(struct packet, member), sizeof(((struct packet *)0)->member), \
			    strrchr("." #member, '.') + 1)
	EXPECT(request.adapter);
	EXPECT(request.owner);
	EXPECT(attach.netns);
	EXPECT(attach.dev);
#undef EXPECT
}

Test(wire, unterminated_uplink)
{
	struct packet packet = {0};
	size_t length = sizeof(packet.request) + sizeof(packet.add);

	nicsw_wire_begin_request(&packet.request, NICSW_WIRE_CONTROL, NICSW_CONTROL_ADAPTER_ADD,
				 sizeof(packet.add));
	cr_expect_eq(check(&packet, length, NULL), 0);
	memset(packet.add.uplink, 'x', sizeof(packet.add.uplink));
	cr_expect_eq(check(&packet, length, NULL), -EINVAL);
}

/* Any bytes: never a crash, and what is accepted keeps its promises. A fixed seed, so that a
 * failure comes again. */
Test(wire, random_bytes)
{
	uint64_t state = 1;
	size_t accepted = 0;

	for (size_t round = 0; round < 200000; round++) {
		struct packet packet = attach_packet();
		size_t length;

		for (size_t flips = 0; flips < 1 + round % 3; flips++) {
			state = state * 6364136223846793005ull + 1442695040888963407ull;
			((char *)&packet)[(state >> 33) % ATTACH_LENGTH] ^= (char)(state >> 55);
		}
		length = state >> 62 ? ATTACH_LENGTH : (state >> 40) % sizeof(packet);
		if (nicsw_wire_check_request(&packet, length,
					     &(const struct nicsw_wire_request *){NULL}, NULL))
			continue;
		accepted++;
		cr_assert_eq(packet.request.in_length + sizeof(packet.request), length);
		cr_assert(memchr(packet.request.owner, 0, sizeof(packet.request.owner)));
		if (packet.request.kind == NICSW_WIRE_CONTROL)
			cr_assert_eq(packet.request.in_length,
				     nicsw_wire_control(packet.request.code)->request_size);
	}
	cr_expect(accepted > 1000, "%zu", accepted);
}

Test(wire, every_control_has_a_row)
{
#define X(number, NAME, name_, access, request, reply)                                             \
	cr_assert(nicsw_wire_control(NICSW_CONTROL_##NAME), #name_);                               \
	cr_expect_str_eq(nicsw_wire_control(NICSW_CONTROL_##NAME)->name, #name_);                  \
	cr_expect_eq(nicsw_wire_control(NICSW_CONTROL_##NAME)->write, #access[0] == 'w', #name_);
	NICSW_CONTROLS(X)
#undef X
	cr_expect_eq(nicsw_wire_control(NICSW_CONTROL_VF_LIST)->request_size, 0, "void is 0");
	cr_expect_eq(nicsw_wire_control(NICSW_CONTROL_VF_LIST)->reply_size,
		     sizeof(struct nicsw_vf_status));
	cr_expect_null(nicsw_wire_control(0));
}

/* ---- replies ------------------------------------------------------------------------------------
 */

static struct nicsw_wire_reply reply_of(__u32 length)
{
	struct nicsw_wire_request request;
	struct nicsw_wire_reply reply;

	nicsw_wire_begin_request(&request, NICSW_WIRE_OID, 1, 0);
	request.request_id = 5;
	nicsw_wire_begin_reply(&request, &reply);
	reply.length = length;
	return reply;
}

Test(wire, reply_is_cut_into_packets)
{
	static const struct {
		__u32 length;
		size_t packets;
	} cases[] = {{0, 1},
		     {1, 1},
		     {NICSW_WIRE_CHUNK, 1},
		     {NICSW_WIRE_CHUNK + 1, 2},
		     {NICSW_WIRE_OUT_MAX, (NICSW_WIRE_OUT_MAX - 1) / NICSW_WIRE_CHUNK + 1}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct nicsw_wire_reply reply = reply_of(cases[i].length);
		const char *payload = (const char *)0x1000;
		size_t sent = 0;

		cr_assert_eq(nicsw_wire_count_packets(&reply), cases[i].packets);
		for (size_t j = 0; j < cases[i].packets; j++) {
			struct iovec parts[2];
			size_t used = nicsw_wire_packet_parts(&reply, payload, j, parts);

			cr_expect_eq(used, (j == 0) + (cases[i].length > 0));
			if (!j)
				cr_expect_eq(parts[0].iov_base, &reply);
			if (!cases[i].length)
				continue;
			cr_expect_eq(parts[used - 1].iov_base, payload + sent);
			cr_expect_leq(parts[used - 1].iov_len, NICSW_WIRE_CHUNK);
			sent += parts[used - 1].iov_len;
		}
		cr_expect_eq(sent, cases[i].length);
	}
}

Test(wire, failed_reply_carries_the_error)
{
	struct nicsw_wire_reply reply = reply_of(0);
	struct nicsw_error error = {0};

	nicsw_fail(&error, -EINVAL, "SET-RF-28", "MAC is taken");
	nicsw_wire_fail_reply(&reply, 0xc000000d, &error);
	cr_expect_eq(reply.status, 0xc000000d);
	cr_expect_eq(reply.code, -EINVAL);
	cr_expect_str_eq(reply.rule, "SET-RF-28");
	cr_expect_str_eq(reply.text, "MAC is taken");
}

static int check_reply(const struct nicsw_wire_reply *reply, size_t length)
{
	struct nicsw_wire_request request;
	const struct nicsw_wire_reply *ret;

	nicsw_wire_begin_request(&request, NICSW_WIRE_OID, 1, 0);
	request.request_id = 5;
	return nicsw_wire_check_reply(reply, length, &request, &ret, NULL);
}

Test(wire, bad_replies)
{
	struct nicsw_wire_reply reply = reply_of(0);

	cr_expect_eq(check_reply(&reply, sizeof(reply)), 0);
	cr_expect_eq(check_reply(&reply, sizeof(reply) - 1), -EPROTO);
	cr_expect_eq(check_reply(&reply, sizeof(reply) + 1), -EPROTO, "more than announced");
	reply.length = 1;
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTO, "less than announced");
	reply.length = NICSW_WIRE_OUT_MAX + 1;
	cr_expect_eq(check_reply(&reply, sizeof(reply) + NICSW_WIRE_CHUNK), -EPROTO);
	reply = reply_of(0);
	reply.request_id++;
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTO);
	reply = reply_of(0);
	reply.kind = NICSW_WIRE_CONTROL;
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTO);
	reply = reply_of(0);
	reply.magic++;
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTO);
	reply = reply_of(0);
	reply.version++;
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTONOSUPPORT);
	reply = reply_of(0);
	memset(reply.text, 'x', sizeof(reply.text));
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTO);
	reply = reply_of(0);
	memset(reply.rule, 'x', sizeof(reply.rule));
	cr_expect_eq(check_reply(&reply, sizeof(reply)), -EPROTO);
}

/* ---- client -------------------------------------------------------------------------------------
 */

/* The other end is this process: replies are in the socket before the call. */
static struct nicsw_client *connected(int *ret_peer)
{
	struct nicsw_client *client;
	int fds[2], size = 1 << 20;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	cr_assert_eq(nicsw_client_new(fds[0], &client, NULL), 0);
	*ret_peer = fds[1];
	return client;
}

static void send_reply(int peer, const struct nicsw_wire_reply *reply, const void *payload,
		       size_t packets)
{
	for (size_t i = 0; i < packets; i++) {
		struct iovec parts[2];
		struct msghdr message = {.msg_iov = parts};

		message.msg_iovlen = nicsw_wire_packet_parts(reply, payload, i, parts);
		cr_assert(sendmsg(peer, &message, MSG_DONTWAIT) >= 0, "%s", strerror(errno));
	}
}

static int call(struct nicsw_client *client, struct nicsw_answer *ret_answer,
		struct nicsw_error *ret_error)
{
	struct nicsw_wire_request request;

	nicsw_wire_begin_request(&request, NICSW_WIRE_OID, 0x00010240, 4);
	return nicsw_client_call(client, &request, "abc", 50, ret_answer, ret_error);
}

Test(wire, client_takes_a_long_reply_together)
{
	enum { LENGTH = 2 * NICSW_WIRE_CHUNK + 100 };
	struct nicsw_wire_reply reply = reply_of(LENGTH);
	_cleanup_free_ unsigned char *payload = malloc(LENGTH);
	struct nicsw_answer answer = {0};
	struct nicsw_error error = {0};
	struct packet packet;
	int peer;
	struct nicsw_client *client = connected(&peer);

	for (size_t i = 0; i < LENGTH; i++)
		payload[i] = (unsigned char)(i * 7 + i / 251);
	reply.request_id = 1;
	send_reply(peer, &reply, payload, 3);
	cr_assert_eq(call(client, &answer, &error), 0, "%s", error.text);
	cr_expect_eq(answer.reply.length, LENGTH);
	cr_expect_arr_eq(answer.payload, payload, LENGTH);
	cr_assert_eq(recv(peer, &packet, sizeof(packet), 0), sizeof(packet.request) + 4);
	cr_expect_eq(check(&packet, sizeof(packet.request) + 4, NULL), 0);
	cr_expect_str_eq(packet.bytes, "abc");
	nicsw_answer_clear(&answer);
	reply = reply_of(0);
	reply.request_id = 2;
	send_reply(peer, &reply, NULL, 1);
	cr_expect_eq(call(client, &answer, &error), 0, "the next call has the next id");
	nicsw_client_free(client);
	close(peer);
}

Test(wire, client_does_not_wait_for_ever)
{
	struct nicsw_wire_reply reply = reply_of(NICSW_WIRE_CHUNK + 1);
	_cleanup_free_ char *payload = calloc(1, NICSW_WIRE_CHUNK + 1);
	struct nicsw_answer answer = {0};
	struct nicsw_error error = {0};
	int peer;
	struct nicsw_client *client = connected(&peer);

	cr_expect_eq(call(client, &answer, &error), -ETIMEDOUT);
	reply.request_id = 2;
	send_reply(peer, &reply, payload, 1);
	cr_expect_eq(call(client, &answer, &error), -ETIMEDOUT, "half an answer is none");
	cr_expect_null(answer.payload);
	close(peer);
	cr_expect_neq(call(client, &answer, &error), 0);
	cr_expect_str_eq(error.text, "nicswd closed the connection");
	nicsw_client_free(client);
}

Test(wire, client_refuses_bad_packets)
{
	struct nicsw_wire_reply reply = reply_of(NICSW_WIRE_CHUNK + 2);
	_cleanup_free_ char *payload = calloc(1, NICSW_WIRE_PACKET_MAX + 1);
	struct nicsw_answer answer = {0};
	struct nicsw_error error = {0};
	int peer;
	struct nicsw_client *client = connected(&peer);

	send(peer, "HTTP/1.1 400 Bad Request", 24, 0);
	cr_expect_eq(call(client, &answer, &error), -EPROTO);
	cr_expect(strstr(error.text, "no nicswd of our kind answers: packet of 24"), "%s",
		  error.text);
	send(peer, payload, NICSW_WIRE_PACKET_MAX + 1, 0);
	cr_expect_eq(call(client, &answer, &error), -EPROTO);
	cr_expect(strstr(error.text, "is over"), "%s", error.text);
	reply.request_id = 3;
	send_reply(peer, &reply, payload, 1);
	send(peer, payload, 1, 0);
	cr_expect_eq(call(client, &answer, NULL), -EPROTO, "second packet too short");
	reply.request_id = 4;
	send_reply(peer, &reply, payload, 1);
	send(peer, payload, 3, 0);
	cr_expect_eq(call(client, &answer, NULL), -EPROTO, "second packet too long");
	cr_expect_null(answer.payload);
	nicsw_client_free(client);
	close(peer);
}

static void expect_connect(const char *path, int code, const char *text)
{
	struct nicsw_client *client = NULL;
	struct nicsw_error error = {0};

	cr_expect_eq(nicsw_client_connect(path, &client, &error), code, "%s: %d", path, error.code);
	cr_expect(strstr(error.text, text), "%s", error.text);
	cr_expect_null(client);
}

static int listening(const char *path, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	nicsw_copy_text(address.sun_path, sizeof(address.sun_path), path);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(fd, 1), 0);
	return fd;
}

Test(wire, connect_says_what_is_wrong)
{
	char directory[] = "/tmp/nicsw-wire-XXXXXX";
	char path[64], long_path[200];
	struct nicsw_client *client = NULL;
	int fd;

	cr_assert(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/socket", directory);
	expect_connect(path, -ENOENT, "nicswd is not running");
	fd = listening(path, SOCK_STREAM);
	expect_connect(path, -EPROTOTYPE, "not the socket of a nicswd");
	close(fd);
	unlink(path);
	fd = listening(path, SOCK_SEQPACKET);
	cr_expect_eq(nicsw_client_connect(path, &client, NULL), 0);
	nicsw_client_free(client);
	close(fd);
	expect_connect(path, -ECONNREFUSED, "nobody listens");
	unlink(path);
	rmdir(directory);
	memset(long_path, 'x', sizeof(long_path));
	long_path[199] = '\0';
	expect_connect(long_path, -ENAMETOOLONG, "107 characters");
}

/* Root may connect to anything: somebody else tries. */
Test(wire, connect_without_permission)
{
	char directory[] = "/tmp/nicsw-wire-XXXXXX";
	char path[64];
	int fd;

	cr_assert(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/socket", directory);
	fd = listening(path, SOCK_SEQPACKET);
	chmod(path, 0);
	if (!geteuid())
		cr_assert_eq(seteuid(65534), 0);
	expect_connect(path, -EACCES, "no permission for /tmp/nicsw-wire-");
	if (!getuid())
		cr_assert_eq(seteuid(0), 0);
	close(fd);
	unlink(path);
	rmdir(directory);
}
