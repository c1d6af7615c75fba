// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame: sends frames on one netdev and prints who got them.
 *
 *   frame --send NS:DEV HEX [--send NS:DEV HEX ...] [--watch NS:DEV ...] [--expect N] [--mark N]
 *         [--type HEX]
 *
 * Each frame that carries the ethertype of the experiments (88b5, or --type), behind any tags, and
 * arrives at a watched netdev is printed as `NS:DEV HEX`, with the tag that the kernel took off put
 * back in its place: as on the wire. Frames that a watched netdev itself sends are not arrivals.
 *
 * It ends when N frames have arrived (--expect) and then nothing more for QUIET_MS, or after
 * LIMIT_MS. A frame crosses the switch while its sender is still in the kernel; the quiet time is
 * there for the softirq that a busy machine puts off.
 *
 * --mark: mark and priority of what is sent, the metadata that a sender's stack gives a frame.
 *
 * NS is a name under /run/netns. Exit: 0 sent, 1 not.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum {
	EXPERIMENT = 0x88b5,
	TAG_SIZE = 4,
	ENDS_MAX = 128,
	FRAME_MAX = 65536,
	QUIET_MS = 60,
	LIMIT_MS = 5000,
};

struct end {
	const char *place; /* NS:DEV */
	const char *hex;   /* to send, NULL = watch */
	int fd;
};

struct options {
	struct end sends[ENDS_MAX], watches[ENDS_MAX];
	size_t num_sends, num_watches;
	size_t expect;
	int mark;
	unsigned int type;
};

static void die(const char *what, const char *which)
{
	fprintf(stderr, "frame: %s %s: %s\n", what, which, errno ? strerror(errno) : "bad");
	exit(1);
}

static void enter(const char *place, size_t length)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)length, place);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("namespace", path);
	close(fd);
}

/* A socket keeps the namespace it was made in. */
static int open_end(const char *place, int protocol)
{
	const char *colon = strchr(place, ':');
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol)};
	int one = 1, fd;

	errno = 0;
	if (!colon)
		die("NS:DEV", place);
	enter(place, colon - place);
	address.sll_ifindex = if_nametoindex(colon + 1);
	if (!address.sll_ifindex)
		die("netdev", place);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		die("socket on", place);
	return fd;
}

static size_t read_hex(const char *hex, unsigned char *frame)
{
	size_t length = strlen(hex) / 2, i;
	unsigned int byte;

	if (strlen(hex) % 2 || length > FRAME_MAX)
		die("hex", hex);
	for (i = 0; i < length; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			die("hex", hex);
		frame[i] = byte;
	}
	return length;
}

/* A priority above 6 would be one of the queueing disciplines' class numbers: no more than that. */
static void set_mark(const struct end *end, int mark)
{
	int priority = mark % 7;

	if (setsockopt(end->fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) ||
	    setsockopt(end->fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority)))
		die("mark on", end->place);
}

static void send_frame(const struct end *end)
{
	static unsigned char frame[FRAME_MAX];
	size_t length = read_hex(end->hex, frame);

	if (send(end->fd, frame, length, 0) != (ssize_t)length)
		die("send on", end->place);
}

/* The tag that the kernel moved to metadata goes back behind the addresses. */
static size_t restore_tag(const struct tpacket_auxdata *aux, unsigned char *frame, size_t length)
{
	unsigned short tag[2];

	if (!(aux->tp_status & TP_STATUS_VLAN_VALID) || length < 2 * ETH_ALEN)
		return length;
	tag[0] =
		htons(aux->tp_status & TP_STATUS_VLAN_TPID_VALID ? aux->tp_vlan_tpid : ETH_P_8021Q);
	tag[1] = htons(aux->tp_vlan_tci);
	memmove(frame + 2 * ETH_ALEN + TAG_SIZE, frame + 2 * ETH_ALEN, length - 2 * ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, tag, sizeof(tag));
	return length + TAG_SIZE;
}

static bool is_of_type(const unsigned char *frame, size_t length, unsigned int wanted)
{
	size_t at = 2 * ETH_ALEN;

	for (; at + 2 <= length; at += TAG_SIZE) {
		unsigned int type = frame[at] << 8 | frame[at + 1];

		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			return type == wanted;
	}
	return false;
}

static bool receive(const struct end *end, unsigned int type)
{
	static unsigned char frame[FRAME_MAX + TAG_SIZE];
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec part = {frame, FRAME_MAX};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	ssize_t length = recvmsg(end->fd, &message, MSG_DONTWAIT);
	struct tpacket_auxdata aux = {};
	struct cmsghdr *header;

	if (length < 0)
		return false;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == PACKET_AUXDATA)
		memcpy(&aux, CMSG_DATA(header), sizeof(aux));
	length = restore_tag(&aux, frame, length);
	if (!is_of_type(frame, length, type))
		return false;
	printf("%s ", end->place);
	for (ssize_t i = 0; i < length; i++)
		printf("%02x", frame[i]);
	putchar('\n');
	return true;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void watch(const struct options *options)
{
	struct pollfd polls[ENDS_MAX];
	long begin = now_ms(), last = begin;
	size_t arrived = 0, i;

	for (i = 0; i < options->num_watches; i++)
		polls[i] = (struct pollfd){.fd = options->watches[i].fd, .events = POLLIN};
	while (now_ms() - begin < LIMIT_MS &&
	       (arrived < options->expect || now_ms() - last < QUIET_MS)) {
		if (poll(polls, options->num_watches, 5) <= 0)
			continue;
		for (i = 0; i < options->num_watches; i++)
			if (polls[i].revents && receive(&options->watches[i], options->type)) {
				arrived++;
				last = now_ms();
			}
	}
}

static void parse(int argc, char **argv, struct options *ret)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--send") == 0 && i + 2 < argc && ret->num_sends < ENDS_MAX) {
			ret->sends[ret->num_sends++] = (struct end){argv[i + 1], argv[i + 2], -1};
			i += 2;
		} else if (strcmp(argv[i], "--watch") == 0 && i + 1 < argc &&
			   ret->num_watches < ENDS_MAX) {
			ret->watches[ret->num_watches++] = (struct end){argv[++i], NULL, -1};
		} else if (strcmp(argv[i], "--expect") == 0 && i + 1 < argc) {
			ret->expect = strtoul(argv[++i], NULL, 10);
		} else if (strcmp(argv[i], "--mark") == 0 && i + 1 < argc) {
			ret->mark = strtoul(argv[++i], NULL, 10);
		} else if (strcmp(argv[i], "--type") == 0 && i + 1 < argc) {
			ret->type = strtoul(argv[++i], NULL, 16);
		} else {
			fprintf(stderr, "Usage: frame --send NS:DEV HEX ... [--watch NS:DEV ...] "
					"[--expect N] [--mark N] [--type HEX]\n");
			exit(1);
		}
	}
}

int main(int argc, char **argv)
{
	static struct options options = {.type = EXPERIMENT};
	size_t i;

	parse(argc, argv, &options);
	for (i = 0; i < options.num_watches; i++)
		options.watches[i].fd = open_end(options.watches[i].place, ETH_P_ALL);
	for (i = 0; i < options.num_sends; i++)
		options.sends[i].fd = open_end(options.sends[i].place, 0);
	for (i = 0; i < options.num_sends; i++)
		set_mark(&options.sends[i], options.mark);
	for (i = 0; i < options.num_sends; i++)
		send_frame(&options.sends[i]);
	watch(&options);
	return 0;
}
