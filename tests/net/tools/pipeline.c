// SPDX-License-Identifier: GPL-2.0-only
/*
 * pipeline: asks a nicswd without waiting, and reads the answers afterwards.
 *
 *   pipeline SOCKET COUNT
 *
 * COUNT requests go out on one connection, by turns an enumeration of the switches and a reset of
 * VF 0. Each must be answered once, in order, with its final status; one more request, asked when
 * all answers are there, shows that nothing is left behind them. Exit: 0 so it is, 1 not so.
 */
#include <err.h>
#include <nicsw/ndis.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/wire.h"

#define LIMIT_MS 30000

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		errx(1, "%s is too long", path);
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "%s", path);
	return fd;
}

static void send_request(int fd, __u32 id)
{
	const struct ndis_sriov_reset_vf_parameters reset = {
		.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
			   NDIS_SIZEOF_SRIOV_RESET_VF_PARAMETERS_REVISION_1},
	};
	bool is_reset = id % 2 == 0;
	struct {
		struct nicsw_wire_request request;
		struct ndis_sriov_reset_vf_parameters reset;
	} packet = {.reset = reset};
	size_t payload = is_reset ? sizeof(reset) : 0;

	nicsw_wire_begin_request(&packet.request, NICSW_WIRE_OID,
				 is_reset ? OID_SRIOV_RESET_VF : OID_NIC_SWITCH_ENUM_SWITCHES,
				 payload);
	packet.request.request_id = id;
	packet.request.type = is_reset ? NdisRequestSetInformation : NdisRequestQueryInformation;
	packet.request.out_length = is_reset ? 0 : 4096;
	if (send(fd, &packet, sizeof(packet.request) + payload, 0) < 0)
		err(1, "request %u", id);
}

/* The next packet is the whole answer to request `id`, and it is a success. */
static void expect_reply(int fd, __u32 id)
{
	static char packet[NICSW_WIRE_PACKET_MAX];
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	struct nicsw_wire_reply reply;
	ssize_t length;

	if (poll(&ready, 1, LIMIT_MS) != 1)
		errx(1, "request %u: no answer", id);
	length = recv(fd, packet, sizeof(packet), 0);
	if (length < (ssize_t)sizeof(reply))
		errx(1, "request %u: an answer of %zd bytes", id, length);
	memcpy(&reply, packet, sizeof(reply));
	if (reply.request_id != id)
		errx(1, "request %u: the answer is that of request %u", id, reply.request_id);
	if (reply.status != NDIS_STATUS_SUCCESS)
		errx(1, "request %u: %s: %.256s", id, nicsw_status_name(reply.status), reply.text);
}

int main(int argc, char **argv)
{
	__u32 count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, id;
	int fd;

	if (!count)
		errx(1, "usage: pipeline SOCKET COUNT");
	fd = connect_to(argv[1]);
	for (id = 1; id <= count; id++)
		send_request(fd, id);
	for (id = 1; id <= count; id++)
		expect_reply(fd, id);
	send_request(fd, count + 1);
	expect_reply(fd, count + 1);
	close(fd);
	return 0;
}
