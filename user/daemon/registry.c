// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/registry.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "core/link.h"
#include "core/log.h"
#include "core/netns.h"
#include "dataplane/loader.h"
#include "dataplane/port.h"
#include "pf/adapter_reset.h"
#include "pf/halt.h"
#include "pf/keywords.h"
#include "pf/pins.h"
#include "pf/sriov.h"

#define BPFFS "/sys/fs/bpf"

/* An adapter and who watches the links in its namespace. */
struct entry {
	struct nicsw_registry *registry;
	struct nicsw_adapter adapter;
	struct nicsw_link_monitor *monitor;
	sd_event_source *source;
	sd_event_source *reset; /* a reset is under way: it ends it */
};

struct nicsw_registry {
	char pin_root[NICSW_PIN_SIZE];
	char config[PATH_MAX]; /* pf/keywords.h */
	int lock;
	sd_event *event; /* borrowed */
	struct nicsw_link_monitor *host_monitor;
	sd_event_source *host_source;
	struct entry **entries;
	size_t num_entries;
	const struct nicsw_registry_watcher *watcher;
};

/* ---- pin directory ------------------------------------------------------------------------------
 */

static bool is_bpffs(const char *path)
{
	struct statfs status;

	return statfs(path, &status) == 0 && (unsigned long)status.f_type == BPF_FS_MAGIC;
}

static int make_directories(const char *path)
{
	char parent[PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	for (slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(parent, 0755) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(parent, 0700) && errno != EEXIST ? -errno : 0;
}

/* Under /sys/fs/bpf the mount belongs there; anywhere else on the directory itself. */
static int mount_bpffs(const char *pin_root, struct nicsw_error *error)
{
	const char *where = strncmp(pin_root, BPFFS "/", sizeof(BPFFS)) == 0 ? BPFFS : pin_root;
	int result = 0;

	if (nicsw_streq(where, pin_root))
		result = make_directories(pin_root);
	if (!result && !is_bpffs(where) &&
	    mount("bpf", where, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		result = -errno;
	if (!result)
		result = make_directories(pin_root);
	return result ? nicsw_fail(error, result, NULL, "bpffs at %s: %s", where, strerror(-result))
		      : 0;
}

static int lock_pins(struct nicsw_registry *registry, struct nicsw_error *error)
{
	registry->lock = open(registry->pin_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (registry->lock < 0)
		return nicsw_fail(error, -errno, NULL, "%s: %s", registry->pin_root,
				  strerror(errno));
	if (flock(registry->lock, LOCK_EX | LOCK_NB))
		return nicsw_fail(error, -EBUSY, NULL, "another nicswd has the adapters in %s",
				  registry->pin_root);
	return 0;
}

/* ---- events -------------------------------------------------------------------------------------
 */

void nicsw_registry_watch(struct nicsw_registry *registry,
			  const struct nicsw_registry_watcher *watcher)
{
	registry->watcher = watcher;
}

static void tell_changed(const struct nicsw_registry *registry)
{
	if (registry->watcher)
		registry->watcher->changed(registry->watcher->context);
}

static void tell_reset(const struct entry *entry, int result, const struct nicsw_error *error)
{
	const struct nicsw_registry_watcher *watcher = entry->registry->watcher;

	if (watcher)
		watcher->reset_done(watcher->context, entry->adapter.dataplane.maps.meta->luid,
				    result, error);
}

static void seen_in_switch(const struct nicsw_link *link, bool gone, void *context)
{
	struct entry *entry = context;

	nicsw_adapter_switch_link(&entry->adapter, link, gone);
}

/* Requests have their turn in between. */
#define EVENTS_AT_ONCE 256

static int switch_event(sd_event_source *source _unused_, int fd _unused_, uint32_t what _unused_,
			void *context)
{
	struct entry *entry = context;
	int result = 0, count;

	for (count = 0; !result && count < EVENTS_AT_ONCE; count++)
		result = nicsw_link_monitor_read(entry->monitor, seen_in_switch, entry);
	if (result == -ENOBUFS)
		nicsw_adapter_check_links(&entry->adapter);
	nicsw_adapter_look(&entry->adapter);
	tell_changed(entry->registry);
	return 0;
}

static void seen_on_host(const struct nicsw_link *link, bool gone, void *context)
{
	struct nicsw_registry *registry = context;
	size_t i;

	for (i = 0; i < registry->num_entries; i++)
		nicsw_adapter_host_link(&registry->entries[i]->adapter, link, gone);
}

static int host_event(sd_event_source *source _unused_, int fd _unused_, uint32_t what _unused_,
		      void *context)
{
	struct nicsw_registry *registry = context;
	size_t i;

	if (nicsw_link_monitor_read(registry->host_monitor, seen_on_host, registry) == -ENOBUFS)
		for (i = 0; i < registry->num_entries; i++)
			nicsw_adapter_check_links(&registry->entries[i]->adapter);
	tell_changed(registry);
	return 0;
}

static int watch_switch(struct nicsw_registry *registry, struct entry *entry)
{
	_cleanup_(nicsw_netns_leave) struct nicsw_netns_stay stay = NICSW_NETNS_HOME;
	int result = nicsw_netns_enter(entry->adapter.ports->switch_netns, &stay);

	if (!result)
		result = nicsw_link_monitor_open(true, &entry->monitor);
	if (!result)
		result = sd_event_add_io(registry->event, &entry->source,
					 nicsw_link_monitor_fd(entry->monitor), EPOLLIN,
					 switch_event, entry);
	return result;
}

static int watch_host(struct nicsw_registry *registry)
{
	int result = nicsw_link_monitor_open(false, &registry->host_monitor);

	if (!result)
		result = sd_event_add_io(registry->event, &registry->host_source,
					 nicsw_link_monitor_fd(registry->host_monitor), EPOLLIN,
					 host_event, registry);
	return result < 0 ? result : 0;
}

/* ---- entries ------------------------------------------------------------------------------------
 */

static void stop_watching(struct entry *entry)
{
	sd_event_source_unref(entry->source);
	nicsw_link_monitor_close(entry->monitor);
	entry->source = NULL;
	entry->monitor = NULL;
}

static struct entry *new_entry(struct nicsw_registry *registry)
{
	struct entry **entries =
		reallocarray(registry->entries, registry->num_entries + 1, sizeof(struct entry *));

	if (!entries)
		return NULL;
	registry->entries = entries;
	return calloc(1, sizeof(struct entry));
}

/* LC-INIT-10: it works without SR-IOV, and the user is told. */
static void start_sriov(struct entry *entry, char *warning, size_t size)
{
	struct nicsw_error error = {};

	if (nicsw_pf_sriov_start(&entry->adapter, &error) == 0)
		return;
	nicsw_log(LOG_WARNING, "%s: started without SR-IOV: %s", entry->adapter.name, error.text);
	if (warning && !warning[0])
		snprintf(warning, size, "started without SR-IOV: %s", error.text);
}

static int keep_entry(struct nicsw_registry *registry, struct entry *entry,
		      struct nicsw_error *error)
{
	int result = watch_switch(registry, entry);

	if (result < 0) {
		stop_watching(entry);
		return nicsw_fail(error, result, NULL, "link events: %s", strerror(-result));
	}
	entry->registry = registry;
	registry->entries[registry->num_entries++] = entry;
	return 0;
}

int nicsw_registry_add(struct nicsw_registry *registry,
		       const struct nicsw_adapter_settings *settings, char *warning, size_t size,
		       struct nicsw_error *error)
{
	_cleanup_free_ struct entry *entry = new_entry(registry);
	struct nicsw_interface interface;
	int result;

	if (!entry)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	result = nicsw_keywords_read(registry->config, settings->name, &interface, error);
	if (!result)
		result = nicsw_adapter_add(registry->pin_root, settings, &entry->adapter, warning,
					   size, error);
	if (result)
		return result;
	entry->adapter.interface = interface;
	result = keep_entry(registry, entry, error);
	if (result) {
		nicsw_adapter_del(registry->pin_root, &entry->adapter, NULL, NULL);
		return result;
	}
	start_sriov(TAKE_PTR(entry), warning, size);
	return 0;
}

static void adopt(struct nicsw_registry *registry, const char *name)
{
	_cleanup_free_ struct entry *entry = new_entry(registry);
	struct nicsw_interface interface;
	struct nicsw_error error = {};
	int result;

	if (!entry)
		return;
	result = nicsw_keywords_read(registry->config, name, &interface, &error);
	if (!result)
		result = nicsw_adapter_adopt(registry->pin_root, name, &entry->adapter, &error);
	if (!result) {
		entry->adapter.interface = interface;
		result = keep_entry(registry, entry, &error);
	}
	if (result) {
		nicsw_log(LOG_WARNING, "%s", error.text);
		nicsw_adapter_close(&entry->adapter);
		return;
	}
	start_sriov(TAKE_PTR(entry), NULL, 0);
}

static void adopt_all(struct nicsw_registry *registry)
{
	DIR *directory = opendir(registry->pin_root);
	struct dirent *item;

	while (directory && (item = readdir(directory)))
		if (item->d_name[0] != '.')
			adopt(registry, item->d_name);
	if (directory)
		closedir(directory);
}

static size_t find_entry(const struct nicsw_registry *registry, const char *name)
{
	size_t i;

	for (i = 0; i < registry->num_entries; i++)
		if (nicsw_streq(registry->entries[i]->adapter.name, name))
			break;
	return i;
}

/* Each step of a halt can be seen, in the order in which it is done. */
static void seen_halt(void *context, enum nicsw_halt_step step _unused_)
{
	tell_changed(context);
}

/* GEN-16 */
static void abort_reset(struct entry *entry)
{
	struct nicsw_error error = {};

	if (!entry->reset)
		return;
	entry->reset = sd_event_source_disable_unref(entry->reset);
	nicsw_fail(&error, -ECANCELED, "GEN-16", "the adapter is halted before its reset is done");
	tell_reset(entry, error.code, &error);
}

/* One that is pinned goes on switching, whatever kept the daemon from adopting it. */
static int fail_unknown(const struct nicsw_registry *registry, const char *name,
			struct nicsw_error *error)
{
	char path[PATH_MAX];

	nicsw_pin_path(registry->pin_root, name, path);
	if (name[0] && !strchr(name, '/') && nicsw_pins_are_ours(path))
		return nicsw_fail(error, -ENODEV, NULL,
				  "%s was not adopted: the log of nicswd says why; correct that "
				  "and restart nicswd",
				  name);
	return nicsw_fail(error, -ENODEV, NULL, "there is no adapter%s%s", name[0] ? " " : "",
			  name);
}

int nicsw_registry_del(struct nicsw_registry *registry, const char *name, struct nicsw_error *error)
{
	size_t index = find_entry(registry, name);
	struct entry *entry;

	if (index == registry->num_entries)
		return fail_unknown(registry, name, error);
	entry = registry->entries[index];
	abort_reset(entry);
	stop_watching(entry);
	nicsw_adapter_del(registry->pin_root, &entry->adapter, seen_halt, registry);
	free(entry);
	registry->entries[index] = registry->entries[--registry->num_entries];
	return 0;
}

/* By name; "" is the only one. */
static int pick_entry(const struct nicsw_registry *registry, const char *name, size_t *ret_index,
		      struct nicsw_error *error)
{
	size_t index = 0;

	if (name[0])
		index = find_entry(registry, name);
	else if (registry->num_entries > 1)
		return nicsw_fail(error, -EINVAL, NULL,
				  "there are %zu adapters: name one with --adapter",
				  registry->num_entries);
	if (index == registry->num_entries)
		return fail_unknown(registry, name, error);
	*ret_index = index;
	return 0;
}

int nicsw_registry_find(struct nicsw_registry *registry, const char *name,
			struct nicsw_adapter **ret, struct nicsw_error *error)
{
	size_t index;
	int result = pick_entry(registry, name, &index, error);

	if (!result)
		*ret = &registry->entries[index]->adapter;
	return result;
}

struct nicsw_adapter *nicsw_registry_at(const struct nicsw_registry *registry, size_t index)
{
	return index < registry->num_entries ? &registry->entries[index]->adapter : NULL;
}

/* ---- SR-IOV on and off --------------------------------------------------------------------------
 */

/*
 * The keywords are read anew; a switch in use keeps those it was made with. One that the keywords
 * of the daemon's start have turned off has none to keep.
 */
static int turn_on(struct nicsw_registry *registry, struct nicsw_adapter *adapter,
		   struct nicsw_error *error)
{
	struct nicsw_interface before = adapter->interface, read;
	int result = nicsw_keywords_read(registry->config, adapter->name, &read, error);

	if (result)
		return result;
	if (read.sriov_off)
		return nicsw_fail(error, -EOPNOTSUPP, "GEN-1",
				  "the keywords *SRIOV and *SriovPreferred say that it is off");
	if (adapter->dataplane.maps.meta->nic_switch.state == NICSW_USED && !before.sriov_off)
		return 0;
	adapter->interface = read;
	result = nicsw_pf_sriov_on(adapter, error);
	if (result) { /* GEN-17 */
		adapter->interface = before;
		nicsw_pf_sriov_start(adapter, NULL);
	}
	return result;
}

int nicsw_registry_set_sriov(struct nicsw_registry *registry, const char *name, bool on, bool force,
			     struct nicsw_error *error)
{
	struct nicsw_adapter *adapter;
	int result = nicsw_registry_find(registry, name, &adapter, error);

	if (!result)
		result = nicsw_pf_check_running(adapter, error);
	if (result)
		return result;
	return on ? turn_on(registry, adapter, error) : nicsw_pf_sriov_off(adapter, force, error);
}

/* ---- adapter reset ------------------------------------------------------------------------------
 */

static void finish_reset(struct entry *entry)
{
	struct nicsw_error error = {};
	int result;

	entry->reset = sd_event_source_disable_unref(entry->reset);
	result = nicsw_pf_adapter_reset_finish(&entry->adapter, &error);
	tell_changed(entry->registry);
	tell_reset(entry, result, &error);
}

static int reset_event(sd_event_source *source _unused_, uint64_t usec _unused_, void *context)
{
	finish_reset(context);
	return 0;
}

int nicsw_registry_reset(struct nicsw_registry *registry, const char *name, __u64 *ret_luid,
			 struct nicsw_error *error)
{
	struct entry *entry;
	size_t index;
	int result = pick_entry(registry, name, &index, error);

	if (result)
		return result;
	entry = registry->entries[index];
	result = nicsw_pf_adapter_reset_begin(&entry->adapter, error);
	if (result)
		return result;
	tell_changed(registry);
	if (sd_event_add_time_relative(registry->event, &entry->reset, CLOCK_MONOTONIC,
				       nicsw_pf_adapter_reset_time(&entry->adapter), 0, reset_event,
				       entry) < 0)
		return nicsw_pf_adapter_reset_finish(&entry->adapter, error);
	*ret_luid = entry->adapter.dataplane.maps.meta->luid;
	return -EINPROGRESS;
}

void nicsw_registry_settle(struct nicsw_registry *registry)
{
	size_t i;

	for (i = 0; i < registry->num_entries; i++)
		if (registry->entries[i]->reset)
			finish_reset(registry->entries[i]);
}

/* ---- life ---------------------------------------------------------------------------------------
 */

int nicsw_registry_open(const char *pin_root, const char *config, sd_event *event,
			struct nicsw_registry **ret, struct nicsw_error *error)
{
	struct nicsw_registry *registry = calloc(1, sizeof(*registry));
	int result;

	if (!registry)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	nicsw_loader_keep_warnings();
	registry->lock = -1;
	nicsw_copy_text(registry->config, sizeof(registry->config), config);
	registry->event = event;
	result = 0;
	if (pin_root[0] != '/' ||
	    !nicsw_copy_text(registry->pin_root, sizeof(registry->pin_root) - 16, pin_root))
		result = nicsw_fail(error, -EINVAL, NULL, "%s is not an absolute path, or too long",
				    pin_root);
	if (!result)
		result = mount_bpffs(pin_root, error);
	if (!result)
		result = lock_pins(registry, error);
	if (!result && watch_host(registry))
		result = nicsw_fail(error, -EIO, NULL, "link events are not available");
	if (result) {
		nicsw_registry_close(registry);
		return result;
	}
	adopt_all(registry);
	*ret = registry;
	return 0;
}

void nicsw_registry_close(struct nicsw_registry *registry)
{
	size_t i;

	if (!registry)
		return;
	nicsw_registry_settle(registry);
	for (i = 0; i < registry->num_entries; i++) {
		stop_watching(registry->entries[i]);
		nicsw_adapter_close(&registry->entries[i]->adapter);
		free(registry->entries[i]);
	}
	sd_event_source_unref(registry->host_source);
	nicsw_link_monitor_close(registry->host_monitor);
	nicsw_closep(&registry->lock);
	free(registry->entries);
	free(registry);
}
