// SPDX-License-Identifier: GPL-2.0-only
#include "core/netns.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "core/log.h"

#define RUN_NETNS "/run/netns"

int nicsw_netns_enter(int fd, struct nicsw_netns_stay *stay)
{
	_cleanup_close_ int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (home < 0)
		return -errno;
	if (setns(fd, CLONE_NEWNET))
		return -errno;
	stay->home = TAKE_FD(home);
	return 0;
}

void nicsw_netns_leave(struct nicsw_netns_stay *stay)
{
	if (stay->home < 0)
		return;
	if (setns(stay->home, CLONE_NEWNET)) {
		/* In a stranger's namespace every further request would do harm. */
		nicsw_log(LOG_CRIT, "cannot return to the network namespace: %s", strerror(errno));
		abort();
	}
	close(stay->home);
	stay->home = -1;
}

static int netns_path(const char *where, char path[PATH_MAX])
{
	if (strncmp(where, "pid:", 4) == 0) {
		if (!where[4] || where[4 + strspn(where + 4, "0123456789")])
			return -EINVAL;
		snprintf(path, PATH_MAX, "/proc/%s/ns/net", where + 4);
		return 0;
	}
	if (where[0] != '/')
		return -EINVAL;
	snprintf(path, PATH_MAX, "%s", where);
	return 0;
}

static bool is_netns(int fd)
{
	return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET;
}

/* The path is the client's: nothing is opened for reading before it is known to be a namespace (a
 * FIFO would hang us). */
int nicsw_netns_open(const char *where, struct nicsw_error *error)
{
	_cleanup_close_ int place = -1;
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX], again[64];
	struct statfs status;

	if (netns_path(where, path))
		return nicsw_fail(error, -EINVAL, NULL,
				  "namespace %s is neither an absolute path nor pid:N", where);
	place = open(path, O_PATH | O_CLOEXEC);
	if (place < 0 || fstatfs(place, &status))
		return nicsw_fail(error, -errno, NULL, "namespace %s: %s", where, strerror(errno));
	if (status.f_type == NSFS_MAGIC) {
		snprintf(again, sizeof(again), "/proc/self/fd/%d", place);
		fd = open(again, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0 || !is_netns(fd))
		return nicsw_fail(error, -EINVAL, NULL, "%s is not a network namespace", where);
	return TAKE_FD(fd);
}

/* A mount point of its own, shared, so that a name mounted here is seen (and goes away) everywhere.
 */
static int prepare_directory(void)
{
	if (mkdir(RUN_NETNS, 0755) && errno != EEXIST)
		return -errno;
	if (mount("", RUN_NETNS, "none", MS_SHARED | MS_REC, NULL) == 0)
		return 0;
	if (errno != EINVAL || mount(RUN_NETNS, RUN_NETNS, "none", MS_BIND | MS_REC, NULL))
		return -errno;
	return mount("", RUN_NETNS, "none", MS_SHARED | MS_REC, NULL) ? -errno : 0;
}

static int mount_new(const char *path)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;

	stay.home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (stay.home < 0 || unshare(CLONE_NEWNET))
		return -errno;
	return mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL) ? -errno : 0;
}

int nicsw_netns_create(const char *name, struct nicsw_error *error)
{
	char path[PATH_MAX];
	int fd, result;

	snprintf(path, sizeof(path), RUN_NETNS "/%s", name);
	result = prepare_directory();
	if (result)
		return nicsw_fail(error, result, NULL, RUN_NETNS ": %s", strerror(-result));
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		return nicsw_fail(error, -errno, NULL, "namespace %s: %s", name, strerror(errno));
	close(fd);
	result = mount_new(path);
	if (result) {
		unlink(path);
		return nicsw_fail(error, result, NULL, "namespace %s: %s", name, strerror(-result));
	}
	return 0;
}

int nicsw_netns_delete(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), RUN_NETNS "/%s", name);
	umount2(path, MNT_DETACH);
	return unlink(path) && errno != ENOENT ? -errno : 0;
}
