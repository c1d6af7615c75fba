// SPDX-License-Identifier: GPL-2.0-only
/* Reset of an adapter and SR-IOV on and off, as clients of the daemon see them. */
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/server.h"
#include "daemon_fixture.h"
#include "pf/capability.h"
#include "pf/fault.h"

static char folder[] = "/tmp/nicsw-registry.XXXXXX";
static char path[64], config[64];
static sd_event *loop;
static struct nicsw_server *server;

static void open_daemon(void)
{
	struct nicsw_error error = {};

	daemon_fixture_open();
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	snprintf(config, sizeof(config), "%s/nic0.conf", folder);
	strcpy(registry.config, folder);
	cr_assert_geq(sd_event_new(&loop), 0);
	registry.event = loop;
	daemon_entry.registry = &registry;
	cr_assert_eq(nicsw_server_open(path, loop, &registry, &server, &error), 0, "%s",
		     error.text);
}

static void close_daemon(void)
{
	nicsw_registry_settle(&registry);
	nicsw_server_close(server);
	sd_event_unref(loop);
	unlink(config);
	unlink(path);
	rmdir(folder);
	daemon_fixture_close();
}

TestSuite(registry, .init = open_daemon, .fini = close_daemon);

/* ---- clients ------------------------------------------------------------------------------------
 */

static void run(void)
{
	while (sd_event_run(loop, 0) > 0)
		;
}

static int join(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	run();
	return fd;
}

static void put(int fd, const struct packet *packet)
{
	size_t length = sizeof(packet->request) + packet->request.in_length;

	cr_assert_eq(send(fd, packet, length, 0), (ssize_t)length);
}

static bool get(int fd, struct nicsw_wire_reply *ret)
{
	char packet[4096];

	if (recv(fd, packet, sizeof(packet), 0) < (ssize_t)sizeof(*ret))
		return false;
	memcpy(ret, packet, sizeof(*ret));
	return true;
}

static struct nicsw_wire_reply tell(int fd, struct packet packet)
{
	struct nicsw_wire_reply reply = {};

	put(fd, &packet);
	run();
	cr_assert(get(fd, &reply), "no answer");
	return reply;
}

static struct packet reset_packet(void)
{
	return CONTROL(ADAPTER_RESET, NULL, 0);
}

static struct packet set_packet(__u32 sriov, __u32 flags)
{
	const struct nicsw_adapter_set set = {.sriov = sriov};
	struct packet packet = CONTROL(ADAPTER_SET, &set, sizeof(set));

	packet.request.flags = flags;
	strcpy(packet.request.adapter, "nic0");
	return packet;
}

/* A reset that takes its time, up to its first step. */
static int begin_slow_reset(void)
{
	struct packet packet = reset_packet();
	int fd = join();

	cr_assert_eq(nicsw_pf_fault_set(NIC0, NICSW_FAULT_SLOW_RESET, NICSW_NONE, true, NULL), 0);
	put(fd, &packet);
	run();
	cr_assert_eq(NIC0->dataplane.maps.meta->state, NICSW_ADAPTER_RESETTING);
	return fd;
}

static __u64 milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

/* Until it is answered; the loop waits for what is due. */
static struct nicsw_wire_reply wait_for(int fd)
{
	struct nicsw_wire_reply reply = {};
	__u64 end = milliseconds() + 10000;

	while (!get(fd, &reply) && milliseconds() < end)
		sd_event_run(loop, 1000000);
	cr_assert_neq(reply.magic, 0, "no answer");
	return reply;
}

/* ---- reset --------------------------------------------------------------------------------------
 */

/* LC-RST-3, GEN-13: the answer comes when it is done. */
Test(registry, LC_RST_3_answered_when_done)
{
	struct nicsw_wire_reply reply;
	struct packet packet = reset_packet();
	int fd = join();

	put(fd, &packet);
	reply = wait_for(fd);
	cr_expect_eq(reply.status, NDIS_STATUS_SUCCESS);
	cr_expect_eq(NIC0->dataplane.maps.meta->state, NICSW_ADAPTER_RUNNING);
	cr_expect_eq(tell(fd, packet_create_switch()).status, NDIS_STATUS_SUCCESS, "it goes on");
	close(fd);
}

/* GEN-15: others are answered at once, OIDs and commands alike. */
Test(registry, GEN_15_others_meanwhile)
{
	const struct nicsw_vf_detach detach = {};
	__u64 begun = milliseconds();
	int fd = begin_slow_reset(), other = join();
	struct nicsw_wire_reply reply = tell(other, packet_create_switch());

	cr_expect_eq(reply.status, NDIS_STATUS_NOT_ACCEPTED);
	cr_expect_str_eq(reply.rule, "GEN-15");
	cr_expect_eq(tell(other, CONTROL(VF_DETACH, &detach, sizeof(detach))).status,
		     NDIS_STATUS_NOT_ACCEPTED);
	cr_expect_eq(tell(other, reset_packet()).status, NDIS_STATUS_NOT_ACCEPTED);
	cr_expect_eq(tell(other, set_packet(0, 0)).status, NDIS_STATUS_NOT_ACCEPTED);
	cr_expect_eq(tell(other, CONTROL(ADAPTER_LIST, NULL, 0)).status, NDIS_STATUS_SUCCESS,
		     "who only looks may look");
	cr_expect_eq(wait_for(fd).status, NDIS_STATUS_SUCCESS);
	cr_expect_geq(milliseconds() - begun, 100);
	cr_expect_eq(tell(other, packet_create_switch()).status, NDIS_STATUS_SUCCESS);
	close(fd);
	close(other);
}

/* Who does not wait for the answer does not keep the reset. */
Test(registry, the_client_goes)
{
	int fd = begin_slow_reset();
	__u64 end = milliseconds() + 10000;

	close(fd);
	while (daemon_entry.reset && milliseconds() < end)
		sd_event_run(loop, 1000000);
	cr_expect_eq(NIC0->dataplane.maps.meta->state, NICSW_ADAPTER_RUNNING);
}

/* What belongs to a connection goes with it, also in the middle of a reset. */
Test(registry, bound_objects_meanwhile)
{
	int fd, bound = join();

	cr_assert_eq(tell(bound, packet_create_switch()).status, 0);
	cr_assert_eq(tell(bound, CONTROL(BIND_OBJECTS, NULL, 0)).status, 0);
	cr_assert_eq(tell(bound, packet_allocate_vf(0x11)).status, 0);
	fd = begin_slow_reset();
	close(bound);
	run();
	cr_expect_eq(NIC0->dataplane.maps.vfs[0].state, NICSW_FREE);
	cr_expect_eq(wait_for(fd).status, NDIS_STATUS_SUCCESS);
	close(fd);
}

/* GEN-16: who waits is told that it will not be done. */
Test(registry, GEN_16_aborted)
{
	struct nicsw_wire_reply reply;
	int fd = begin_slow_reset();

	abort_reset(&daemon_entry); /* as `adapter del` does */
	reply = wait_for(fd);
	cr_expect_eq(reply.status, NDIS_STATUS_REQUEST_ABORTED);
	cr_expect_str_eq(reply.rule, "GEN-16");
	cr_expect_null(daemon_entry.reset);
	nicsw_pf_adapter_reset_finish(NIC0, NULL);
	close(fd);
}

/* ---- SR-IOV -------------------------------------------------------------------------------------
 */

static void write_config(const char *text)
{
	FILE *file = fopen(config, "we");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

/* GEN-1, LC-HALT-5: refused while there is a switch, but by force. */
Test(registry, GEN_1_off_and_on)
{
	struct nicsw_wire_reply reply;
	int fd = join();

	cr_assert_eq(tell(fd, packet_create_switch()).status, 0);
	reply = tell(fd, set_packet(0, 0));
	cr_expect_eq(reply.status, NDIS_STATUS_INVALID_PARAMETER);
	cr_expect_str_eq(reply.rule, "LC-HALT-5");
	cr_expect_eq(tell(fd, set_packet(0, NICSW_WIRE_FORCE)).status, 0);
	reply = tell(fd, packet_create_switch());
	cr_expect_eq(reply.status, NDIS_STATUS_NOT_SUPPORTED);
	cr_expect_str_eq(reply.rule, "GEN-1");
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, 0);
	cr_expect_eq(tell(fd, packet_create_switch()).status, 0);
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, 0, "it is on already");
	cr_expect_eq(tell(fd, set_packet(2, 0)).status, NDIS_STATUS_INVALID_PARAMETER);
	close(fd);
}

/* On: the keywords are read anew; wrong ones change nothing. */
Test(registry, keywords_are_read_anew)
{
	int fd = join();

	write_config("[NicSwitches\\0]\n*NumVFs = 3\nSwitchCreation = 1\n");
	cr_assert_eq(tell(fd, set_packet(1, 0)).status, 0);
	cr_expect_eq(nicsw_sriov_num_vfs(NIC0->dataplane.maps.config_space[0]), 3, "LC-INIT-7");
	write_config("*SRIOV = 0\n");
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, NDIS_STATUS_NOT_SUPPORTED);
	write_config("*SRIOV = 3\n");
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, NDIS_STATUS_INVALID_PARAMETER);
	cr_expect_eq(nicsw_sriov_num_vfs(NIC0->dataplane.maps.config_space[0]), 3);
	cr_expect_eq(NIC0->interface.max_vfs, 3);
	close(fd);
}

/* A daemon that started with *SRIOV = 0 found a switch in use: `on` gives it back. */
Test(registry, GEN_1_on_with_a_switch)
{
	int fd = join();

	cr_assert_eq(tell(fd, packet_create_switch()).status, 0);
	NIC0->interface.sriov_off = true;
	write_config("*SRIOV = 0\n");
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, NDIS_STATUS_NOT_SUPPORTED);
	write_config("*SRIOV = 1\n");
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, 0);
	cr_expect(nicsw_pf_capability(NIC0).sriov_supported, "said to be on, and is off");
	cr_expect_eq(NIC0->dataplane.maps.meta->nic_switch.state, NICSW_USED);
	close(fd);
}

/* GEN-17: what cannot be built leaves keywords and switch as they were. */
Test(registry, GEN_17_on_fails)
{
	int fd = join();

	write_config("[NicSwitches\\0]\n*NumVFs = 3\nSwitchCreation = 1\n");
	cr_assert_eq(nicsw_pf_fault_set(NIC0, NICSW_FAULT_FAIL_ENABLE_VIRTUALIZATION, NICSW_NONE,
					true, NULL),
		     0);
	cr_expect_eq(tell(fd, set_packet(1, 0)).status, NDIS_STATUS_FAILURE);
	cr_expect_eq(NIC0->interface.max_vfs, 0);
	cr_expect(nicsw_pf_capability(NIC0).sriov_supported, "it was on");
	close(fd);
}

/* An adapter that the daemon could not adopt is not said to be none: it is there, and switches. */
Test(registry, not_adopted)
{
	struct packet packet = CONTROL(ADAPTER_DEL, &(struct nicsw_adapter_del){0},
				       sizeof(struct nicsw_adapter_del));
	char pins[64], marker[128];
	struct nicsw_wire_reply reply;
	int fd = join();

	strcpy(registry.pin_root, folder);
	strcpy(packet.request.adapter, "nic1");
	reply = tell(fd, packet);
	cr_expect_str_eq(reply.text, "there is no adapter nic1");
	snprintf(pins, sizeof(pins), "%s/nic1", folder);
	snprintf(marker, sizeof(marker), "%s/nicsw_adapter", pins);
	cr_assert_eq(mkdir(pins, 0700) || mkdir(marker, 0700), 0);
	reply = tell(fd, packet);
	cr_expect_eq(reply.status, NDIS_STATUS_FAILURE);
	cr_expect(strstr(reply.text, "nic1 was not adopted"), "%s", reply.text);
	packet = set_packet(1, 0);
	strcpy(packet.request.adapter, "nic1");
	reply = tell(fd, packet);
	cr_expect(strstr(reply.text, "nic1 was not adopted"), "%s", reply.text);
	rmdir(marker);
	rmdir(pins);
	close(fd);
}

/* LC-UP-1, CAP-SW-10: what `switch create` takes when it is told nothing. */
Test(registry, LC_UP_1_stored_configuration)
{
	struct nicsw_adapter_status status;
	struct packet packet = CONTROL(ADAPTER_LIST, NULL, 0);
	char answer[4096];
	int fd = join();

	write_config("[NicSwitches\\0]\n*NumVFs = 3\nNumQueuePairsForDefaultVPort = 2\n"
		     "*SwitchName = one\n");
	cr_assert_eq(tell(fd, set_packet(1, 0)).status, 0);
	packet.request.out_length = sizeof(status);
	put(fd, &packet);
	run();
	cr_assert_eq(recv(fd, answer, sizeof(answer), 0),
		     (ssize_t)(sizeof(struct nicsw_wire_reply) + sizeof(status)));
	memcpy(&status, answer + sizeof(struct nicsw_wire_reply), sizeof(status));
	cr_expect_eq(status.sriov, 1);
	cr_expect_eq(status.stored_num_vfs, 3);
	cr_expect_eq(status.stored_queue_pairs, 2);
	cr_expect_eq(status.stored_name.length, 6);
	cr_expect_eq(status.stored_name.units[2], 'e');
	close(fd);
}
