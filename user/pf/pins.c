// SPDX-License-Identifier: GPL-2.0-only
#include "pf/pins.h"

#include <dirent.h>
#include <sys/stat.h>

void nicsw_pin_path(const char *pin_root, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", pin_root, name);
}

static void remove_entries(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char child[PATH_MAX];

	while (directory && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(child, sizeof(child), "%s/%s", path, entry->d_name);
		unlink(child);
	}
	if (directory)
		closedir(directory);
}

/*
 * What is ours: a directory with a marker in it, made before everything else. The pin root may hold
 * pins of other programs, and they are not touched.
 */
#define MARKER "nicsw_adapter"

int nicsw_pins_make(const char *pin_dir, struct nicsw_error *error)
{
	char marker[PATH_MAX];

	snprintf(marker, sizeof(marker), "%.*s/" MARKER, PATH_MAX - 16, pin_dir);
	if (mkdir(pin_dir, 0700) || mkdir(marker, 0700))
		return nicsw_fail(error, -errno, NULL, "%s: %s", pin_dir, strerror(errno));
	return 0;
}

bool nicsw_pins_are_ours(const char *pin_dir)
{
	char marker[PATH_MAX];

	snprintf(marker, sizeof(marker), "%.*s/" MARKER, PATH_MAX - 16, pin_dir);
	return access(marker, F_OK) == 0;
}

/* Links first: with them the XDP programs leave their interfaces. */
void nicsw_pins_remove(const char *pin_dir)
{
	char links[PATH_MAX];

	snprintf(links, sizeof(links), "%.*s/links", PATH_MAX - 8, pin_dir);
	remove_entries(links);
	rmdir(links);
	remove_entries(pin_dir);
	/* The marker last: what is left of a removal that is cut off is still known as ours. */
	snprintf(links, sizeof(links), "%.*s/" MARKER, PATH_MAX - 16, pin_dir);
	rmdir(links);
	rmdir(pin_dir);
}
