// SPDX-License-Identifier: GPL-2.0-only
/* What `capture` asks for, what it makes of a ring, and how descriptors come with an answer. */
#include "cli_fake.h"

#include <nicsw/capture.h>
#include <sys/mman.h>
#include <sys/socket.h>

static const struct nicsw_port_stats stats[] = {
	{.slot = 0, .vport_id = NICSW_NONE, .function = NICSW_NONE},
	{.slot = 1, .vport_id = 0, .function = NICSW_FUNCTION_PF},
	{.slot = 2, .vport_id = 1, .function = 0},
};

struct record {
	__u32 length, page; /* as the kernel has it */
	struct nicsw_capture_record record;
	char bytes[16];
};

/* A ring of one page with `count` records of 64 bytes, in memory as of a BPF ring buffer. */
static int make_ring(__u32 count)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct record record = {
		.length = sizeof(record) - 8,
		.record = {.length = 60, .captured = 16, .ingress = 2, .target = 0},
		.bytes = "sixteen bytes..",
	};
	__u64 producer = count * sizeof(record);
	int fd = memfd_create("ring", 0);

	cr_assert_eq(ftruncate(fd, 4 * page), 0);
	cr_assert_eq(pwrite(fd, &producer, sizeof(producer), page), sizeof(producer));
	for (__u32 i = 0; i < count; i++)
		cr_assert_eq(pwrite(fd, &record, sizeof(record), 2 * page + i * sizeof(record)),
			     sizeof(record));
	return fd;
}

static int make_state(__u64 lost)
{
	int fd = memfd_create("state", 0);

	cr_assert_eq(ftruncate(fd, sysconf(_SC_PAGESIZE)), 0);
	cr_assert_eq(pwrite(fd, &lost, sizeof(lost), 0), sizeof(lost));
	return fd;
}

/* The daemon's answers to a capture whose ring has `count` frames. */
static void answer(struct fake *fake, __u32 count)
{
	const struct nicsw_capture_started started = {.adapter = "nic0",
						      .ring_size = sysconf(_SC_PAGESIZE)};

	*fake = (struct fake){0};
	fake_answer(fake, &started, sizeof(started));
	fake->answers[0].fds[0] = make_ring(count);
	fake->answers[0].fds[1] = make_state(4);
	fake->answers[0].num_fds = 2;
	fake_answer(fake, stats, sizeof(stats));
}

static void expect_asked(const char *line, struct nicsw_capture_settings expected)
{
	static struct fake fake;
	const struct nicsw_capture_settings *asked = (const void *)fake.asked[0].in;

	answer(&fake, 3);
	cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_DONE, "%s: %s", line, fake.err);
	cr_expect_eq(fake.asked[0].request.code, NICSW_CONTROL_CAPTURE);
	cr_expect_eq(asked->what, expected.what, "%s", line);
	cr_expect_eq(asked->vport_id, expected.vport_id, "%s", line);
	cr_expect_eq(asked->snap, expected.snap, "%s", line);
	cr_expect_eq(asked->drops, expected.drops, "%s", line);
	fake_clear(&fake);
}

Test(cli_capture, what_is_asked_for)
{
	expect_asked("capture all --count 3",
		     (struct nicsw_capture_settings){NICSW_CAPTURE_ALL, 0, 256, 0});
	expect_asked("capture uplink -w - --snaplen 9216 --count 3",
		     (struct nicsw_capture_settings){NICSW_CAPTURE_UPLINK, 0, 9216, 0});
	expect_asked("capture vport 1 --drops --snaplen 18 --count 3",
		     (struct nicsw_capture_settings){NICSW_CAPTURE_VPORT, 1, 18, 1});
}

static void expect_usage(const char *line, const char *part)
{
	static struct fake fake;

	fake = (struct fake){0};
	cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_USAGE, "%s", line);
	cr_expect_not_null(strstr(fake.err, part), "%s: %s", line, fake.err);
	cr_expect_eq(fake.num_asked, 0);
	fake_clear(&fake);
}

Test(cli_capture, what_is_no_capture)
{
	expect_usage("capture", "vport N, uplink or all");
	expect_usage("capture -w file", "vport N, uplink or all");
	expect_usage("capture all uplink", "exclude each other");
	expect_usage("capture all vport 1", "exclude each other");
	expect_usage("capture all --snaplen 17", "18..9216");
	expect_usage("capture all --snaplen 9217", "18..9216");
	expect_usage("capture all --count 0", "1..4294967295");
	expect_usage("capture all -w \"\"", "-w is empty");
	expect_usage("capture al", "the nearest one is \"all\"");
}

/* --count frames and no more; what was lost is said. The bytes are those of other tests. */
Test(cli_capture, frames_of_a_ring)
{
	static struct fake fake;

	answer(&fake, 5);
	cr_expect_eq(fake_run(&fake, "capture vport 1 --count 3"), NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_str_eq(fake.err, "3 frames captured, 4 lost.\n");
	cr_expect(fake_begins(fake.out, "\n\r\r\n"), "a section header");
	fake_clear(&fake);
}

Test(cli_capture, into_a_file_of_its_owner)
{
	static struct fake fake;
	char path[] = "/tmp/cli_capture.XXXXXX", line[80];
	FILE *file;
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	answer(&fake, 2);
	snprintf(line, sizeof(line), "capture all --count 2 -w %s", path);
	cr_expect_eq(fake_run(&fake, line), NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_str_eq(fake.out, "");
	file = fopen(path, "r");
	cr_assert_not_null(file);
	cr_expect_eq(fgetc(file), '\n');
	fclose(file);
	unlink(path);
	fake_clear(&fake);
}

Test(cli_capture, refusals_leave_the_file_alone)
{
	static struct fake fake;

	fake_refusal(&fake, NDIS_STATUS_FAILURE, "", "a capture of nic0 is running already");
	cr_expect_eq(fake_run(&fake, "capture all -w /dev/null/none"), NICSW_EXIT_FAILED);
	cr_expect_not_null(strstr(fake.err, "running already"));
	fake_clear(&fake);
	answer(&fake, 1);
	cr_expect_eq(fake_run(&fake, "capture all -w /dev/null/none"), NICSW_EXIT_FAILED);
	cr_expect_not_null(strstr(fake.err, "/dev/null/none"), "%s", fake.err);
	fake_clear(&fake);
}

Test(cli_capture, an_answer_without_descriptors)
{
	static struct fake fake;

	answer(&fake, 1);
	close(fake.answers[0].fds[--fake.answers[0].num_fds]);
	cr_expect_eq(fake_run(&fake, "capture all"), NICSW_EXIT_FAILED);
	cr_expect(fake_begins(fake.err, "Error: the answer of nicswd"), "%s", fake.err);
	fake_clear(&fake);
}

Test(cli_capture, help)
{
	static struct fake fake;

	cr_expect_eq(fake_run(&fake, "capture help"), NICSW_EXIT_DONE);
	expect_golden("help-capture.txt", fake.out);
	fake_clear(&fake);
}

/* ---- descriptors --------------------------------------------------------------------------------
 */

enum { MOST = 4 };

/* What a daemon sends, with `count` descriptors of fd. */
static void send_reply(int socket, __u32 request_id, int fd, size_t count)
{
	struct nicsw_wire_reply reply = {.magic = NICSW_WIRE_MAGIC,
					 .version = NICSW_WIRE_VERSION,
					 .kind = NICSW_WIRE_CONTROL,
					 .request_id = request_id};
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(MOST * sizeof(int))] = {0};
	struct cmsghdr *header = (struct cmsghdr *)control;
	struct iovec part = {&reply, sizeof(reply)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	*header = (struct cmsghdr){.cmsg_len = CMSG_LEN(count * sizeof(int)),
				   .cmsg_level = SOL_SOCKET,
				   .cmsg_type = SCM_RIGHTS};
	for (size_t i = 0; i < count; i++)
		memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(fd));
	if (count) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	}
	cr_assert_eq(sendmsg(socket, &message, 0), sizeof(reply));
}

Test(cli_capture, descriptors_come_with_an_answer)
{
	static const size_t sent[] = {0, 1, 2, 3, MOST};
	struct nicsw_client *client;
	int sockets[2], next;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	cr_assert_eq(nicsw_client_new(sockets[0], &client, NULL), 0);
	next = dup(0); /* all that is opened is closed again */
	close(next);
	for (__u32 i = 0; i < ARRAY_SIZE(sent); i++) {
		_cleanup_(nicsw_answer_clear) struct nicsw_answer got = {0};
		struct nicsw_wire_request request;

		nicsw_wire_begin_request(&request, NICSW_WIRE_CONTROL, NICSW_CONTROL_STATS, 0);
		send_reply(sockets[1], i + 1, sockets[1], sent[i]);
		cr_assert_eq(nicsw_client_call(client, &request, NULL, 1000, &got, NULL), 0);
		cr_expect_eq(got.num_fds, MIN(sent[i], (size_t)NICSW_WIRE_FDS_MAX), "%zu of %zu",
			     got.num_fds, sent[i]);
		for (size_t k = 0; k < got.num_fds; k++)
			cr_expect_geq(got.fds[k], 3);
	}
	cr_expect_eq(dup(0), next, "a descriptor stayed open");
	nicsw_client_free(client);
	close(sockets[1]);
}

/* The daemon closes when it has done what it does then. */
Test(cli_capture, finish_waits_for_the_other_end)
{
	bool *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);
	struct nicsw_client *client;
	int sockets[2];
	char byte;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	cr_assert_eq(nicsw_client_new(sockets[0], &client, NULL), 0);
	if (fork() == 0) {
		close(sockets[0]);
		*done = recv(sockets[1], &byte, 1, 0) == 0;
		_exit(0);
	}
	close(sockets[1]);
	nicsw_client_finish(client);
	cr_expect(*done);
	nicsw_client_finish(NULL);
}
