// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's end of the socket: its loop runs here, the clients are raw sockets. */
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/server.h"
#include "daemon_fixture.h"

enum { MANY = 600 }; /* events or dumps: more than a socket takes */

static char folder[] = "/tmp/nicsw-server.XXXXXX";
static char path[64];
static sd_event *loop;
static struct nicsw_server *server;

static int open_server(struct nicsw_error *error)
{
	return nicsw_server_open(path, loop, &registry, &server, error);
}

static void open_daemon(void)
{
	struct nicsw_error error = {};

	daemon_fixture_open();
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chmod(folder, 0755), 0); /* for join_as() */
	snprintf(path, sizeof(path), "%s/socket", folder);
	cr_assert_geq(sd_event_new(&loop), 0);
	cr_assert_eq(open_server(&error), 0, "%s", error.text);
}

static void close_daemon(void)
{
	nicsw_server_close(server);
	sd_event_unref(loop);
	unlink(path);
	rmdir(folder);
	daemon_fixture_close();
}

TestSuite(server, .init = open_daemon, .fini = close_daemon, .timeout = 30);

/* ---- clients ------------------------------------------------------------------------------------
 */

/* All that waits in sockets is there at once: the loop runs until it has nothing to do. */
static void run(void)
{
	while (sd_event_run(loop, 0) > 0)
		;
}

static int join_as(uid_t uid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	uid_t own = geteuid();

	strcpy(address.sun_path, path);
	cr_assert_eq(seteuid(uid), 0);
	cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(seteuid(own), 0);
	run();
	return fd;
}

static int join(void)
{
	return join_as(geteuid());
}

static void leave(int fd)
{
	close(fd);
	run();
}

static bool is_closed(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK) == 0 || errno == ECONNRESET;
}

static size_t length_of(const struct packet *packet)
{
	return sizeof(packet->request) + packet->request.in_length;
}

static struct nicsw_wire_reply reply_to(int fd, struct packet packet)
{
	struct {
		struct nicsw_wire_reply reply;
		char payload[8192];
	} answer;

	cr_assert_eq(send(fd, &packet, length_of(&packet), MSG_NOSIGNAL),
		     (ssize_t)length_of(&packet));
	run();
	cr_assert_geq(recv(fd, &answer, sizeof(answer), 0), (ssize_t)sizeof(answer.reply));
	cr_expect_eq(answer.reply.magic, NICSW_WIRE_MAGIC);
	return answer.reply;
}

static void accept_each(int fd, const struct packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct nicsw_wire_reply reply = reply_to(fd, packets[i]);

		cr_assert_eq(reply.status, 0, "%zu: %s", i, reply.text);
	}
}

#define ACCEPT_EACH(fd, ...)                                                                       \
	do {                                                                                       \
		const struct packet _packets[] = {__VA_ARGS__};                                    \
                                                                                                   \
		accept_each(fd, _packets, ARRAY_SIZE(_packets));                                   \
	} while (0)

static int subscribe(const char *adapter)
{
	struct packet packet = CONTROL(SUBSCRIBE, NULL, 0);
	int fd = join();

	strcpy(packet.request.adapter, adapter);
	ACCEPT_EACH(fd, packet);
	return fd;
}

/* false: there is none. */
static bool next_event(int fd, struct nicsw_wire_event *ret)
{
	return recv(fd, ret, sizeof(*ret), 0) == (ssize_t)sizeof(*ret);
}

static void expect_events(int fd, const enum nicsw_event *kinds, size_t count)
{
	struct nicsw_wire_event event;

	for (size_t i = 0; i < count; i++) {
		cr_assert(next_event(fd, &event), "only %zu", i);
		cr_expect_eq(event.event, kinds[i], "%s", nicsw_event_name(event.event));
	}
	cr_expect_not(next_event(fd, &event), "%s, too", nicsw_event_name(event.event));
}

#define EXPECT_EVENTS(fd, ...)                                                                     \
	do {                                                                                       \
		const enum nicsw_event _kinds[] = {__VA_ARGS__};                                   \
                                                                                                   \
		expect_events(fd, _kinds, ARRAY_SIZE(_kinds));                                     \
	} while (0)

static size_t open_files(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* ---- requests -----------------------------------------------------------------------------------
 */

Test(server, a_request_is_answered)
{
	struct packet packet = CONTROL(ADAPTER_LIST, NULL, 0);
	struct nicsw_wire_reply reply;
	int fd = join();

	packet.request.request_id = 77;
	reply = reply_to(fd, packet);
	cr_expect_eq(reply.request_id, 77);
	cr_expect_eq(reply.length, sizeof(struct nicsw_adapter_status));
	packet.request.code = 9999;
	cr_expect_neq(reply_to(fd, packet).status, 0);
	packet.request.code = NICSW_CONTROL_ADAPTER_LIST;
	cr_expect_eq(reply_to(fd, packet).status, 0, "a refusal does not end the connection");
	leave(fd);
}

Test(server, what_is_no_request_ends_the_connection)
{
	static char long_packet[NICSW_WIRE_REQUEST_MAX + 1];
	const struct packet good = CONTROL(ADAPTER_LIST, NULL, 0);
	int garbage = join(), longer = join(), empty = join(), other = join();

	cr_assert_eq(send(garbage, "garbage", 7, 0), 7);
	memcpy(long_packet, &good, sizeof(good.request));
	cr_assert_eq(send(longer, long_packet, sizeof(long_packet), 0),
		     (ssize_t)sizeof(long_packet));
	cr_assert_eq(shutdown(empty, SHUT_WR), 0);
	run();
	cr_expect(is_closed(garbage));
	cr_expect(is_closed(longer));
	cr_expect(is_closed(empty));
	ACCEPT_EACH(other, CONTROL(ADAPTER_LIST, NULL, 0));
}

/* Who does not read his answers waits, and nobody else does; then he gets them all, in order. */
Test(server, answers_that_do_not_fit)
{
	const struct nicsw_function_query query = {NICSW_FUNCTION_PF};
	struct packet packet = CONTROL(FUNCTION_DUMP, &query, sizeof(query));
	char answer[8192];
	int slow = join(), other = join();
	__u32 sent = 0, got = 0;

	for (; sent < MANY; packet.request.request_id = ++sent) {
		if (send(slow, &packet, length_of(&packet), 0) < 0)
			break;
		run();
	}
	cr_assert_gt(sent, 10);
	cr_assert_lt(sent, MANY, "the daemon read on without an end");
	ACCEPT_EACH(other, CONTROL(ADAPTER_LIST, NULL, 0));
	while (recv(slow, answer, sizeof(answer), 0) > 0) {
		cr_assert_eq(((struct nicsw_wire_reply *)answer)->request_id, got++);
		run();
	}
	cr_expect_eq(got, sent);
}

/* ---- who ----------------------------------------------------------------------------------------
 */

#define NOBODY 65534

/* Everybody may look; who is neither root nor of the group changes nothing. */
Test(server, a_reader)
{
	struct packet forced = CONTROL(ADAPTER_LIST, NULL, 0);
	int fd;

	if (geteuid())
		cr_skip_test("needs root");
	fd = join_as(NOBODY);
	ACCEPT_EACH(fd, CONTROL(ADAPTER_LIST, NULL, 0));
	cr_expect_eq(reply_to(fd, packet_create_switch()).code, -EPERM);
	cr_expect_eq(reply_to(fd, CONTROL(BIND_OBJECTS, NULL, 0)).code, -EPERM);
	forced.request.flags = NICSW_WIRE_FORCE;
	cr_expect_eq(reply_to(fd, forced).code, -EPERM);
	cr_expect_eq(NIC0->dataplane.maps.meta->nic_switch.state, 0);
	ACCEPT_EACH(join(), packet_create_switch());
}

/* 16 of one reader, 128 of all readers, 256 in all: the others are closed at once. */
Test(server, room)
{
	size_t readers = 0, writers = 0;
	int first, last;

	if (geteuid())
		cr_skip_test("needs root");
	first = join_as(NOBODY);
	for (int i = 1; i < 16; i++)
		cr_assert_not(is_closed(join_as(NOBODY)), "%d", i);
	cr_expect(is_closed(join_as(NOBODY)), "17 of one user");
	for (uid_t uid = 1000; !is_closed(last = join_as(uid / 8 * 8)) && readers < 256; uid++)
		readers++;
	cr_expect_eq(readers, 128 - 16);
	close(last);
	while (!is_closed(last = join()) && writers < 300)
		writers++;
	cr_expect_eq(writers, 256 - 128);
	leave(first);
	cr_expect_not(is_closed(join_as(NOBODY)), "who leaves makes room");
}

/* ---- the socket's place -------------------------------------------------------------------------
 */

static int bound_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

Test(server, a_daemon_that_answers_is_left_alone)
{
	struct nicsw_server *first = server;
	struct nicsw_error error = {};

	cr_expect_eq(open_server(&error), -EADDRINUSE);
	cr_expect_eq(server, first);
	ACCEPT_EACH(join(), CONTROL(ADAPTER_LIST, NULL, 0));
}

Test(server, a_dead_socket_is_replaced_and_nothing_else)
{
	struct nicsw_error error = {};

	nicsw_server_close(server);
	server = NULL;
	cr_expect_eq(access(path, F_OK), -1, "a daemon takes its socket away");
	close(bound_socket());
	cr_assert_eq(open_server(&error), 0, "%s", error.text);
	ACCEPT_EACH(join(), CONTROL(ADAPTER_LIST, NULL, 0));
	nicsw_server_close(server);
	server = NULL;
	fclose(fopen(path, "w"));
	cr_expect_eq(open_server(&error), -EEXIST);
	cr_expect_eq(access(path, F_OK), 0);
}

/* ---- streams ------------------------------------------------------------------------------------
 */

Test(server, a_stream)
{
	int stream = subscribe(""), named = subscribe("nic0"), writer = join();

	ACCEPT_EACH(writer, packet_create_switch(), packet_allocate_vf(0x11));
	EXPECT_EVENTS(stream, NICSW_EVENT_SWITCH_CREATE, NICSW_EVENT_VF_ALLOCATE);
	EXPECT_EVENTS(named, NICSW_EVENT_SWITCH_CREATE, NICSW_EVENT_VF_ALLOCATE);
	strcpy(NIC0->name, "nic1");
	NIC0->dataplane.maps.meta->luid++;
	ACCEPT_EACH(writer, packet_reset_vf(0));
	EXPECT_EVENTS(stream, NICSW_EVENT_VF_RESET, NICSW_EVENT_ADAPTER_DEL,
		      NICSW_EVENT_ADAPTER_ADD);
	EXPECT_EVENTS(named, NICSW_EVENT_ADAPTER_DEL);
}

Test(server, a_stream_of_an_adapter_that_is_not_there)
{
	struct packet packet = CONTROL(SUBSCRIBE, NULL, 0);
	int fd = join();

	strcpy(packet.request.adapter, "nic1");
	cr_expect_eq(reply_to(fd, packet).code, -ENODEV);
	ACCEPT_EACH(fd, CONTROL(ADAPTER_LIST, NULL, 0));
}

Test(server, nothing_is_asked_on_a_stream)
{
	const struct packet packet = CONTROL(ADAPTER_LIST, NULL, 0);
	int stream = subscribe("");

	send(stream, &packet, length_of(&packet), 0);
	run();
	cr_expect(is_closed(stream));
}

/* The daemon goes on, and what could not be told is counted, to the last one. */
Test(server, a_subscriber_that_does_not_read)
{
	int slow = subscribe(""), quick = subscribe(""), writer = join();
	struct nicsw_wire_event event;
	size_t told = 0;

	ACCEPT_EACH(writer, packet_create_switch(), packet_allocate_vf(0x11));
	for (int i = 0; i < MANY; i++) {
		ACCEPT_EACH(writer, packet_reset_vf(0));
		while (next_event(quick, &event))
			cr_assert_neq(event.event, NICSW_EVENT_LOST);
	}
	while (next_event(slow, &event) && event.event != NICSW_EVENT_LOST)
		told++;
	run();
	while (event.event != NICSW_EVENT_LOST && next_event(slow, &event))
		;
	cr_assert_eq(event.event, NICSW_EVENT_LOST, "without waiting for the next event");
	cr_expect_gt(told, 10);
	cr_expect_eq(told + event.count, MANY + 2, "%zu and %llu", told, event.count);
	ACCEPT_EACH(writer, packet_reset_vf(0));
	EXPECT_EVENTS(slow, NICSW_EVENT_VF_RESET);
}

Test(server, a_subscriber_that_dies)
{
	int writer = join(), stream;
	size_t before = open_files();

	ACCEPT_EACH(writer, packet_create_switch());
	for (int i = 0; i < MANY; i++)
		leave(subscribe(""));
	cr_expect_eq(open_files(), before);
	ACCEPT_EACH(writer, packet_allocate_vf(0x11), packet_create_vport(0));
	NIC0->dataplane.maps.vports[1].interrupt_moderation++;
	stream = subscribe("");
	ACCEPT_EACH(writer, packet_reset_vf(0));
	EXPECT_EVENTS(stream, NICSW_EVENT_VF_RESET); /* and nothing of what was before it */
}

/* ---- objects of a connection --------------------------------------------------------------------
 */

/* What there is: VFs, VPorts beside the default one, filters. */
static size_t objects(void)
{
	const struct nicsw_mapset *maps = &NIC0->dataplane.maps;
	size_t count = NIC0->dataplane.index.num_filters;

	for (size_t i = 0; i < FIXTURE_VFS; i++)
		count += (maps->vfs[i].state == NICSW_USED) +
			 (maps->vports[i + 1].state == NICSW_USED);
	return count;
}

static int bind_objects(void)
{
	int fd = join();

	ACCEPT_EACH(fd, CONTROL(BIND_OBJECTS, NULL, 0));
	return fd;
}

/* GEN-28: all of it goes with the connection, and nothing of anybody else. */
Test(server, objects_go_with_their_connection)
{
	int writer = join(), stream, first, second;
	struct packet named = packet_allocate_vf(0x12);

	ACCEPT_EACH(writer, packet_create_switch(), packet_allocate_vf(0x11));
	first = bind_objects();
	second = bind_objects();
	strcpy(named.request.owner, "vs");
	ACCEPT_EACH(first, named, packet_allocate_vf(0x13), packet_create_vport(2),
		    packet_set_filter(1, 0x13));
	ACCEPT_EACH(second, packet_allocate_vf(0x14));
	cr_expect_eq(objects(), 6);
	stream = subscribe("");
	leave(first);
	cr_expect_eq(objects(), 3);
	cr_expect_eq(NIC0->dataplane.maps.vfs[2].state, 0);
	EXPECT_EVENTS(stream, NICSW_EVENT_FILTER_CLEAR, NICSW_EVENT_VPORT_DELETE,
		      NICSW_EVENT_VF_FREE);
	leave(writer);
	cr_expect_eq(objects(), 3, "a connection that is not bound leaves its objects");
	leave(second);
	cr_expect_eq(objects(), 2);
}

/* GEN-28 holds for netdev and blocks of a VF, too; INVAL-5: blocks from 64 on have no bit. */
Test(server, a_vf_of_another_owner)
{
	struct nicsw_block_invalidate block = {0, 1};
	const struct nicsw_vf_detach detach = {0};
	struct packet request = packet_allocate_vf(0x11);
	struct nicsw_wire_reply reply;
	int fd = join();

	strcpy(request.request.owner, "vs");
	ACCEPT_EACH(fd, packet_create_switch(), request);
	cr_expect_str_eq(reply_to(fd, CONTROL(VF_DETACH, &detach, sizeof(detach))).rule, "GEN-28");
	request = CONTROL(BLOCK_INVALIDATE, &block, sizeof(block));
	cr_expect_str_eq(reply_to(fd, request).rule, "GEN-28");
	strcpy(request.request.owner, "vs");
	ACCEPT_EACH(fd, request);
	block.block_id = 64;
	request = CONTROL(BLOCK_INVALIDATE, &block, sizeof(block));
	strcpy(request.request.owner, "vs");
	reply = reply_to(fd, request);
	cr_expect_neq(reply.status, 0);
	cr_expect_str_eq(reply.rule, "INVAL-5");
}

Test(server, a_connection_is_bound_once)
{
	int fd = bind_objects();

	ACCEPT_EACH(fd, packet_create_switch(), packet_allocate_vf(0x11));
	cr_expect_eq(reply_to(fd, CONTROL(BIND_OBJECTS, NULL, 0)).code, -EALREADY);
	ACCEPT_EACH(fd, packet_free_vf(0));
}

/* A daemon that was killed could not do it. */
Test(server, objects_of_dead_connections_go_at_a_start)
{
	int writer = join();
	struct nicsw_error error = {};

	ACCEPT_EACH(writer, packet_create_switch(), packet_allocate_vf(0x11),
		    packet_allocate_vf(0x12));
	strcpy(NIC0->dataplane.maps.vfs[1].owner, "conn:4711:3");
	nicsw_server_close(server);
	cr_expect_eq(objects(), 2);
	cr_assert_eq(open_server(&error), 0, "%s", error.text);
	cr_expect_eq(objects(), 1);
	cr_expect_eq(NIC0->dataplane.maps.vfs[0].state, NICSW_USED);
}
