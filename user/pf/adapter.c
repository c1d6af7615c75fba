// SPDX-License-Identifier: GPL-2.0-only
#include "pf/adapter.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <net/if.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "core/log.h"
#include "dataplane/apply.h"
#include "dataplane/capture.h"
#include "dataplane/change.h"
#include "dataplane/mapset_bpf.h"
#include "dataplane/port.h"
#include "dataplane/uplink.h"
#include "pf/attach.h"
#include "pf/reset.h"

static void init_device(struct nicsw_adapter *adapter)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_geometry geometry =
		nicsw_geometry_default(maps->meta->total_vfs, maps->meta->uplink_mac);

	/* The default geometry holds for every number of VFs that an adapter can have. */
	nicsw_device_init(&adapter->device, &geometry, maps->config_space);
}

/* LUID-2: a new one at each start of the adapter. */
static __u64 random_luid(void)
{
	__u64 luid = 0;

	while (!luid && getrandom(&luid, sizeof(luid), 0) < 0 && errno == EINTR)
		continue;
	return luid;
}

static void init_meta(struct nicsw_meta *meta)
{
	meta->luid = random_luid();
	meta->program_tag = nicsw_loader_program_tag();
	memcpy(meta->pf_mac, meta->uplink_mac, sizeof(meta->pf_mac));
	meta->ifindex_base = NICSW_IFINDEX_BASE;
	if (meta->uplink_ifindex >= NICSW_IFINDEX_BASE)
		meta->ifindex_base = 2 * NICSW_IFINDEX_BASE + meta->uplink_ifindex;
}

int nicsw_adapter_memory(const struct nicsw_mapset_sizes *sizes, struct nicsw_adapter *ret)
{
	static const __u8 mac[NICSW_MAC_SIZE] = {0x02, 0, 0, 0, 0, 0xfe};
	struct nicsw_mapset maps;
	int result = nicsw_mapset_memory(sizes, &maps);

	if (result)
		return result;
	memcpy(maps.meta->uplink_mac, mac, sizeof(mac));
	maps.meta->mtu = 1500;
	maps.meta->uplink_mtu = 1500;
	maps.meta->uplink_ifindex = 1;
	maps.meta->state = NICSW_ADAPTER_RUNNING;
	init_meta(maps.meta);
	memset(ret, 0, sizeof(*ret));
	snprintf(ret->name, sizeof(ret->name), "memory");
	result = nicsw_dataplane_open(&maps, &ret->dataplane);
	if (result)
		return result;
	init_device(ret);
	nicsw_device_power_on(&ret->device);
	return 0;
}

void nicsw_adapter_close(struct nicsw_adapter *adapter)
{
	nicsw_capture_stop(TAKE_PTR(adapter->capture));
	nicsw_ports_close(adapter->ports);
	nicsw_dataplane_close(&adapter->dataplane);
	memset(adapter, 0, sizeof(*adapter));
}

/* ---- pins ---------------------------------------------------------------------------------------
 */

static void pin_path(const char *pin_root, const char *name, char path[PATH_MAX])
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

static int make_pin_dir(const char *pin_dir, struct nicsw_error *error)
{
	char marker[PATH_MAX];

	snprintf(marker, sizeof(marker), "%.*s/" MARKER, PATH_MAX - 16, pin_dir);
	if (mkdir(pin_dir, 0700) || mkdir(marker, 0700))
		return nicsw_fail(error, -errno, NULL, "%s: %s", pin_dir, strerror(errno));
	return 0;
}

static bool is_pin_dir(const char *pin_dir)
{
	char marker[PATH_MAX];

	snprintf(marker, sizeof(marker), "%.*s/" MARKER, PATH_MAX - 16, pin_dir);
	return access(marker, F_OK) == 0;
}

/* Links first: with them the XDP programs leave their interfaces. */
static void remove_pins(const char *pin_dir)
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

/* The table knows where its maps are. */
static void hand_over(const struct nicsw_adapter *adapter, struct nicsw_adapter *ret)
{
	*ret = *adapter;
	ret->dataplane.table.maps = &ret->dataplane.maps;
}

/* ---- add ----------------------------------------------------------------------------------------
 */

static bool is_name(const char *name)
{
	size_t length = strlen(name);
	size_t i;

	if (!length || length >= NICSW_NAME_SIZE || !isalnum((unsigned char)name[0]))
		return false;
	for (i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
			return false;
	return true;
}

static int check_settings(const char *pin_root, const struct nicsw_adapter_settings *settings,
			  struct nicsw_error *error)
{
	struct nicsw_link link;
	char path[PATH_MAX];

	if (!is_name(settings->name))
		return nicsw_fail(error, -EINVAL, NULL,
				  "adapter name '%s': 1 to 8 letters, digits, '_' or '-'",
				  settings->name);
	if (settings->total_vfs > NICSW_MAX_VFS)
		return nicsw_fail(error, -EINVAL, "PCI-11", "total-vfs %u: at most %u",
				  settings->total_vfs, NICSW_MAX_VFS);
	if (nicsw_link_get(settings->name, 0, &link) == 0)
		return nicsw_fail(error, -EEXIST, NULL,
				  "a netdev %s is there already; the PF's netdev has the adapter's "
				  "name",
				  settings->name);
	pin_path(pin_root, settings->name, path);
	rmdir(path); /* empty: an add that was cut off at its very first step */
	if (access(path, F_OK) == 0)
		return nicsw_fail(error, -EEXIST, NULL, "%s is there already", path);
	return 0;
}

/* Everything `add` made so far, in reverse: without ports there is nothing of it but pins. */
static void tear_down(const char *pin_root, const char *name, struct nicsw_adapter *adapter,
		      const struct nicsw_meta *meta)
{
	char path[PATH_MAX];

	pin_path(pin_root, name, path);
	if (adapter->ports) {
		nicsw_uplink_detach(adapter->ports, meta);
		nicsw_ports_delete(name);
	}
	nicsw_adapter_close(adapter);
	remove_pins(path);
}

static int open_maps(struct nicsw_adapter *adapter, const char *pin_dir, struct nicsw_error *error)
{
	struct nicsw_mapset maps;
	int result = nicsw_mapset_bpf(pin_dir, adapter->ports->switch_netns, &maps, error);

	if (result)
		return result;
	result = nicsw_dataplane_open(&maps, &adapter->dataplane);
	if (result)
		return nicsw_fail(error, result, NULL, "opening %s: %s", pin_dir,
				  strerror(-result));
	init_device(adapter);
	return 0;
}

/* The maps are zero when they are made: the sizes go in before anything reads them. */
static int write_meta(const char *pin_dir, int switch_netns, const struct nicsw_meta *meta,
		      struct nicsw_error *error)
{
	struct nicsw_mapset maps;
	int result = nicsw_mapset_bpf(pin_dir, switch_netns, &maps, error);

	if (result)
		return result;
	*maps.meta = *meta;
	nicsw_mapset_close(&maps);
	return 0;
}

static int make_maps(struct nicsw_adapter *adapter, const char *pin_dir,
		     const struct nicsw_meta *meta, struct nicsw_error *error)
{
	int result = make_pin_dir(pin_dir, error);

	if (!result)
		result = nicsw_loader_create(pin_dir, meta, error);
	if (!result)
		result = write_meta(pin_dir, adapter->ports->switch_netns, meta, error);
	if (!result)
		result = open_maps(adapter, pin_dir, error);
	if (!result)
		nicsw_device_power_on(&adapter->device);
	return result;
}

static int bring_up(struct nicsw_adapter *adapter, const char *pin_dir, struct nicsw_meta *meta,
		    char *warning, size_t size, struct nicsw_error *error)
{
	int result = nicsw_ports_open(adapter->name, pin_dir, true, &adapter->ports, error);

	if (!result)
		result = make_maps(adapter, pin_dir, meta, error);
	if (!result)
		result = nicsw_port_create_pf(adapter->ports, &adapter->dataplane.maps, error);
	if (!result)
		result = nicsw_uplink_attach(adapter->ports, &adapter->dataplane.maps, warning,
					     size, error);
	if (!result && nicsw_dataplane_repair(&adapter->dataplane) < 0)
		result = nicsw_fail(error, -EIO, NULL, "the tables cannot be written");
	return result;
}

int nicsw_adapter_add(const char *pin_root, const struct nicsw_adapter_settings *settings,
		      struct nicsw_adapter *ret, char *warning, size_t size,
		      struct nicsw_error *error)
{
	struct nicsw_mapset_sizes sizes = {
		.total_vfs = settings->total_vfs ? settings->total_vfs : NICSW_DEFAULT_TOTAL_VFS,
		.max_filters = NICSW_MAX_FILTERS};
	struct nicsw_meta meta = {.magic = NICSW_META_MAGIC,
				  .layout_version = NICSW_LAYOUT_VERSION,
				  .state = NICSW_ADAPTER_STARTING};
	struct nicsw_adapter adapter = {};
	char path[PATH_MAX];
	int result = check_settings(pin_root, settings, error);

	warning[0] = 0;
	if (!result)
		result = nicsw_uplink_check(settings->uplink, settings->takeover, &meta, error);
	if (result)
		return result;
	nicsw_mapset_describe(&meta, &sizes);
	snprintf(meta.name, sizeof(meta.name), "%s", settings->name);
	nicsw_copy_text(adapter.name, sizeof(adapter.name), settings->name);
	nicsw_uplink_remember(&meta);
	init_meta(&meta);
	pin_path(pin_root, settings->name, path);
	result = bring_up(&adapter, path, &meta, warning, size, error);
	if (result) {
		if (adapter.dataplane.maps.meta) /* with what was changed since */
			meta = *adapter.dataplane.maps.meta;
		tear_down(pin_root, settings->name, &adapter, &meta);
		return result;
	}
	adapter.dataplane.maps.meta->state = NICSW_ADAPTER_RUNNING;
	hand_over(&adapter, ret);
	return 0;
}

/* ---- adopt --------------------------------------------------------------------------------------
 */

/* A pin directory without a whole adapter in it: an add or del that was cut off. */
static int remove_remains(const char *pin_root, const char *name, struct nicsw_adapter *adapter,
			  struct nicsw_error *error)
{
	struct nicsw_meta meta = {};

	if (adapter->dataplane.maps.meta)
		meta = *adapter->dataplane.maps.meta;
	tear_down(pin_root, name, adapter, &meta);
	return nicsw_fail(error, -ENODATA, NULL, "%s was not finished and has been removed", name);
}

/* Another build: its programs replace the old ones, port by port, without losing a frame. */
static void upgrade_programs(struct nicsw_adapter *adapter)
{
	struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_error error = {};
	char name[NICSW_IFNAME_SIZE];
	__u32 slot;
	int result;

	if (meta->program_tag == nicsw_loader_program_tag())
		return;
	for (slot = 0; slot < meta->slots; slot++) {
		snprintf(name, sizeof(name), "vf%u", slot - NICSW_SLOT_VF(0));
		result = nicsw_port_upgrade(adapter->ports, meta, slot,
					    slot == NICSW_SLOT_UPLINK ? "uplink"
					    : slot == NICSW_SLOT_PF   ? "pf-sw"
								      : name,
					    &error);
		if (result && result != -ENOENT) {
			nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
			return;
		}
	}
	meta->program_tag = nicsw_loader_program_tag();
	nicsw_log(LOG_INFO, "%s: switch programs replaced by those of this build", adapter->name);
}

/* The uplink may have gone, or come back as another netdev, while no daemon was there. */
static void adopt_uplink(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_link link;

	if (nicsw_link_get(NULL, maps->meta->uplink_ifindex, &link) &&
	    nicsw_link_get(maps->meta->uplink, 0, &link)) {
		nicsw_log(LOG_WARNING, "%s: uplink %s is missing", adapter->name,
			  maps->meta->uplink);
		return;
	}
	nicsw_adapter_host_link(adapter, &link, false);
}

/* There, but perhaps with another address since. */
static void adopt_pf_mac(struct nicsw_adapter *adapter)
{
	struct nicsw_link link;

	if (nicsw_link_get(adapter->name, 0, &link) == 0)
		nicsw_adapter_host_link(adapter, &link, false);
}

static void adopt_pf(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_error error = {};

	if (nicsw_port_has_pf(adapter->ports, maps)) {
		adopt_pf_mac(adapter);
		return;
	}
	nicsw_log(LOG_WARNING, "%s: the PF's netdev is gone and is made again", adapter->name);
	maps->ops->flood_forget(maps);
	if (nicsw_port_create_pf(adapter->ports, maps, &error) ||
	    nicsw_dataplane_repair(&adapter->dataplane) < 0)
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

static void resume(struct nicsw_adapter *adapter)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	int repaired;

	upgrade_programs(adapter);
	adopt_pf(adapter);
	adopt_uplink(adapter);
	nicsw_pf_netdevs_adopt(adapter);
	nicsw_pf_resume_resets(adapter);
	repaired = nicsw_dataplane_repair(&adapter->dataplane);
	if (repaired)
		nicsw_log(repaired < 0 ? LOG_WARNING : LOG_INFO, "%s: repair: %d", adapter->name,
			  repaired);
	nicsw_log(LOG_INFO, "%s: adopted, %u VFs, %u filters", adapter->name,
		  maps->meta->nic_switch.num_vfs, adapter->dataplane.index.num_filters);
}

int nicsw_adapter_adopt(const char *pin_root, const char *name, struct nicsw_adapter *ret,
			struct nicsw_error *error)
{
	struct nicsw_adapter adapter = {};
	char path[PATH_MAX];
	int result;

	pin_path(pin_root, name, path);
	if (!is_name(name) || !is_pin_dir(path))
		return nicsw_fail(error, -EINVAL, NULL, "%s is not an adapter, it is left alone",
				  path);
	nicsw_copy_text(adapter.name, sizeof(adapter.name), name);
	result = nicsw_mapset_bpf_check(path, error);
	if (result == -ENODATA || result == -ENOENT) {
		nicsw_ports_open(name, path, false, &adapter.ports, NULL);
		return remove_remains(pin_root, name, &adapter, error);
	}
	if (!result)
		result = nicsw_ports_open(name, path, false, &adapter.ports, error);
	if (result == -ENOENT) /* somebody deleted the namespace */
		result = nicsw_ports_open(name, path, true, &adapter.ports, error);
	if (!result)
		result = open_maps(&adapter, path, error);
	if (result) {
		nicsw_adapter_close(&adapter);
		return result;
	}
	if (adapter.dataplane.maps.meta->state != NICSW_ADAPTER_RUNNING)
		return remove_remains(pin_root, name, &adapter, error);
	hand_over(&adapter, ret);
	resume(ret);
	return 0;
}

/* ---- del ----------------------------------------------------------------------------------------
 */

int nicsw_adapter_del(const char *pin_root, struct nicsw_adapter *adapter,
		      struct nicsw_error *error _unused_)
{
	struct nicsw_meta meta = *adapter->dataplane.maps.meta;
	char name[NICSW_NAME_SIZE];

	/* From here on a restart finishes it. */
	__atomic_store_n(&adapter->dataplane.maps.meta->state, NICSW_ADAPTER_STOPPING,
			 __ATOMIC_RELEASE);
	memcpy(name, adapter->name, sizeof(name));
	nicsw_capture_stop(TAKE_PTR(adapter->capture));
	tear_down(pin_root, name, adapter, &meta);
	return 0;
}

/* ---- links --------------------------------------------------------------------------------------
 */

void nicsw_adapter_switch_link(struct nicsw_adapter *adapter, const struct nicsw_link *link,
			       bool gone)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	__u32 slot = link->ifindex - maps->meta->ifindex_base;
	__u32 vf = slot - NICSW_SLOT_VF(0);
	struct nicsw_error error;

	if (gone && slot == NICSW_SLOT_PF)
		adopt_pf(adapter);
	if (!gone || vf >= maps->meta->total_vfs || !(maps->vfs[vf].flags & NICSW_VF_ATTACHED) ||
	    nicsw_port_has_vf(adapter->ports, maps, vf))
		return;
	nicsw_log(LOG_WARNING, "%s: the netdev of VF %u vanished", adapter->name, vf);
	if (nicsw_pf_netdev_lost(adapter, vf, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

/* The station entry of the default VPort follows the PF netdev's address. */
static void follow_pf_mac(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_change change;
	struct nicsw_error error;

	if (memcmp(meta->pf_mac, link->mac, sizeof(link->mac)) == 0)
		return;
	nicsw_change_begin(&change, &adapter->dataplane, "pf address");
	memcpy(nicsw_change_meta(&change)->pf_mac, link->mac, sizeof(link->mac));
	if (nicsw_change_commit(&change, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

/*
 * The same name, another netdev, and the old one is gone: the uplink was made again. One that the
 * host uses is left to it; the word takeover was said for another netdev.
 */
static void return_uplink(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_meta *meta = maps->meta;
	struct nicsw_error error = {};
	char warning[200] = "";
	struct nicsw_meta found = *meta;
	struct nicsw_link old;
	int result;

	if (nicsw_link_get(NULL, meta->uplink_ifindex, &old) != -ENODEV)
		return;
	result = nicsw_uplink_check(link->name, false, &found, &error);
	if (!result) {
		nicsw_uplink_remember(&found);
		meta->uplink_restore = found.uplink_restore;
		meta->uplink_mtu = found.uplink_mtu;
		meta->uplink_ifindex = found.uplink_ifindex;
		result =
			nicsw_uplink_attach(adapter->ports, maps, warning, sizeof(warning), &error);
	}
	nicsw_log(result ? LOG_WARNING : LOG_NOTICE, "%s: %s%s", adapter->name,
		  result ? error.text : "the uplink is back", warning);
	maps->ops->flood_forget(maps);
	nicsw_dataplane_repair(&adapter->dataplane);
}

/* Another name or MTU of the same netdev. */
static void follow_uplink(struct nicsw_adapter *adapter, const struct nicsw_link *link)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_change change;
	struct nicsw_error error;
	struct nicsw_meta *edited;

	if (nicsw_streq(link->name, meta->uplink) && link->mtu == meta->uplink_mtu)
		return;
	nicsw_log(LOG_NOTICE, "%s: uplink %s is now %s, MTU %u", adapter->name, meta->uplink,
		  link->name, link->mtu);
	nicsw_change_begin(&change, &adapter->dataplane, "uplink changed");
	edited = nicsw_change_meta(&change);
	edited->uplink_mtu = link->mtu;
	nicsw_copy_text(edited->uplink, sizeof(edited->uplink), link->name);
	if (nicsw_change_commit(&change, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}

void nicsw_adapter_host_link(struct nicsw_adapter *adapter, const struct nicsw_link *link,
			     bool gone)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;

	if (link->ifindex == meta->uplink_ifindex) {
		if (gone)
			nicsw_log(LOG_WARNING, "%s: uplink %s vanished", adapter->name,
				  meta->uplink);
		else
			follow_uplink(adapter, link);
	} else if (nicsw_streq(link->name, adapter->name) && !gone) {
		follow_pf_mac(adapter, link);
	} else if (nicsw_streq(link->name, meta->uplink) && !gone) {
		return_uplink(adapter, link);
	}
}

void nicsw_adapter_check_links(struct nicsw_adapter *adapter)
{
	adopt_pf(adapter);
	adopt_uplink(adapter);
	nicsw_pf_netdevs_adopt(adapter);
}
