// SPDX-License-Identifier: GPL-2.0-only
/*
 * tap_wire NS DEV NS DEV: two tap devices, made in these namespaces, and a wire between them.
 *
 * A tap is up only while a process has it open. Prints "running" when both are there, and goes on
 * until it is told to end; the devices go with it.
 */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "core/netns.h"
#include "core/util.h"

#define FRAME_MAX 65536u

/* Not blocking: the kernel runs native XDP only for what is written so. */
static int open_tap(const char *netns, const char *dev)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	struct nicsw_error error = {};
	_cleanup_close_ int where = nicsw_netns_open(netns, &error);
	_cleanup_close_ int fd = -1;

	if (where < 0 || nicsw_netns_enter(where, &stay)) {
		fprintf(stderr, "%s: %s\n", netns, error.text);
		return -1;
	}
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", dev);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request)) {
		fprintf(stderr, "%s: %s\n", dev, strerror(errno));
		return -1;
	}
	return TAKE_FD(fd);
}

/* All that waits; a frame that the other side cannot take now is lost, as on a wire. */
static void pump(int from, int to)
{
	static char frame[FRAME_MAX];
	ssize_t length;

	while ((length = read(from, frame, sizeof(frame))) > 0)
		if (write(to, frame, length) < 0 && errno != EAGAIN && errno != EIO)
			fprintf(stderr, "write: %s\n", strerror(errno));
}

int main(int argc, char *argv[])
{
	struct pollfd ends[2];
	int i;

	if (argc != 5) {
		fprintf(stderr, "usage: tap_wire NS DEV NS DEV\n");
		return 2;
	}
	for (i = 0; i < 2; i++) {
		ends[i] = (struct pollfd){open_tap(argv[1 + 2 * i], argv[2 + 2 * i]), POLLIN, 0};
		if (ends[i].fd < 0)
			return 1;
	}
	puts("running");
	fflush(stdout);
	while (poll(ends, 2, -1) > 0) {
		pump(ends[0].fd, ends[1].fd);
		pump(ends[1].fd, ends[0].fd);
	}
	return 0;
}
