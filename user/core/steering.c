// SPDX-License-Identifier: GPL-2.0-only
#include "core/steering.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/sysinfo.h>

#include "core/util.h"

#define WORD_BITS 32

static void closedirp(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/* The sysfs that is mounted shows the namespace of whoever mounted it: hence one of our own, which
 * is mounted nowhere. */
static int open_sysfs(void)
{
	_cleanup_close_ int context = fsopen("sysfs", FSOPEN_CLOEXEC);
	int root;

	if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -errno;
	root = fsmount(context, FSMOUNT_CLOEXEC, 0);
	return root < 0 ? -errno : root;
}

/* A mask of one CPU, or of none, as the kernel reads it: words of 32 bits, the highest first. */
static void format_mask(__u32 cpu, char *text, size_t size)
{
	size_t length = 0;
	__u32 word;

	if (cpu >= (__u32)get_nprocs_conf()) {
		snprintf(text, size, "0");
		return;
	}
	length = snprintf(text, size, "%x", 1u << (cpu % WORD_BITS));
	for (word = cpu / WORD_BITS; word && length < size; word--)
		length += snprintf(text + length, size - length, ",%08x", 0);
}

static int write_mask(int queues, const char *queue, const char *mask)
{
	_cleanup_close_ int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "%.40s/rps_cpus", queue);
	fd = openat(queues, path, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, mask, strlen(mask)) < 0 ? -errno : 0;
}

static DIR *open_queues(const char *ifname)
{
	_cleanup_close_ int root = open_sysfs();
	char path[64];
	int fd;

	if (root < 0)
		return NULL;
	snprintf(path, sizeof(path), "class/net/%.16s/queues", ifname);
	fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? NULL : fdopendir(fd);
}

int nicsw_steering_set(const char *ifname, __u32 cpu)
{
	_cleanup_(closedirp) DIR *queues = open_queues(ifname);
	struct dirent *entry;
	char mask[512];
	int result = 0;

	if (!queues)
		return -errno;
	format_mask(cpu, mask, sizeof(mask));
	while (!result && (entry = readdir(queues)))
		if (strncmp(entry->d_name, "rx-", 3) == 0)
			result = write_mask(dirfd(queues), entry->d_name, mask);
	return result;
}
