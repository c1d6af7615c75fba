// SPDX-License-Identifier: GPL-2.0-only
#include "pf/adapter.h"

#include <ctype.h>
#include <sys/random.h>

#include "core/log.h"
#include "dataplane/apply.h"
#include "dataplane/capture.h"
#include "dataplane/change.h"
#include "dataplane/mapset_bpf.h"
#include "dataplane/port.h"
#include "dataplane/transmit.h"
#include "dataplane/uplink.h"
#include "pf/adapter_reset.h"
#include "pf/halt.h"
#include "pf/host_vport.h"
#include "pf/interrupt.h"
#include "pf/link_state.h"
#include "pf/netdev.h"
#include "pf/pins.h"
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

static __u64 program_tag(void)
{
	return nicsw_loader_program_tag() ^ nicsw_transmit_program_tag();
}

static void init_meta(struct nicsw_meta *meta)
{
	meta->luid = random_luid();
	meta->program_tag = program_tag();
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
	nicsw_interrupts_free(adapter->interrupts);
	nicsw_dataplane_close(&adapter->dataplane);
	free(adapter->passed_over);
	memset(adapter, 0, sizeof(*adapter));
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
	nicsw_pin_path(pin_root, settings->name, path);
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

	nicsw_pin_path(pin_root, name, path);
	if (adapter->ports) {
		nicsw_uplink_detach(adapter->ports, meta);
		nicsw_ports_delete(name);
	}
	nicsw_adapter_close(adapter);
	nicsw_pins_remove(path);
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
	int result = nicsw_pins_make(pin_dir, error);

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

/* Without it all works, but that nobody knows what a full ring has dropped. */
static void begin_watch(struct nicsw_adapter *adapter)
{
	struct nicsw_error error = {};

	if (nicsw_transmit_watch(adapter->ports->pin_dir, &error) < 0)
		nicsw_log(LOG_WARNING, "%s: deliveries are not verified: %s", adapter->name,
			  error.text);
	else
		adapter->dataplane.maps.meta->watched = 1;
}

static int bring_up(struct nicsw_adapter *adapter, const char *pin_dir, struct nicsw_meta *meta,
		    char *warning, size_t size, struct nicsw_error *error)
{
	int result = nicsw_ports_open(adapter->name, pin_dir, true, &adapter->ports, error);

	if (!result)
		result = nicsw_transmit_locate(adapter->ports, meta, error);
	if (!result)
		result = make_maps(adapter, pin_dir, meta, error);
	if (!result)
		begin_watch(adapter);
	if (!result)
		result = nicsw_uplink_attach(adapter->ports, &adapter->dataplane.maps, warning,
					     size, error);
	if (!result) /* in the mode that the uplink has */
		result = nicsw_port_create_pf(adapter->ports, &adapter->dataplane.maps, error);
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
	nicsw_pin_path(pin_root, settings->name, path);
	result = bring_up(&adapter, path, &meta, warning, size, error);
	if (result) {
		if (adapter.dataplane.maps.meta) /* with what was changed since */
			meta = *adapter.dataplane.maps.meta;
		tear_down(pin_root, settings->name, &adapter, &meta);
		return result;
	}
	adapter.dataplane.maps.meta->state = NICSW_ADAPTER_RUNNING;
	hand_over(&adapter, ret);
	nicsw_pf_wire_follow(ret);
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

/*
 * Another build: its shared programs take the place of the pinned ones before anybody opens those.
 * What holds an old one is written again afterwards: tc and the devices by upgrade_programs(), the
 * flood groups by the repair.
 */
static bool renew_shared(const struct nicsw_adapter *adapter, const char *pin_dir)
{
	struct nicsw_error error = {};
	struct nicsw_mapset maps;
	int result = 0;

	if (nicsw_mapset_bpf(pin_dir, adapter->ports->switch_netns, &maps, NULL))
		return false; /* who opens them next says why */
	if (maps.meta->program_tag != program_tag())
		result = nicsw_loader_renew_shared(pin_dir, maps.meta, &error);
	if (result)
		nicsw_log(LOG_WARNING, "%s: the programs stay those of another build: %s",
			  adapter->name, error.text);
	nicsw_mapset_close(&maps);
	return !result;
}

/* -ENOENT: the port has no netdev. */
static int upgrade_port(struct nicsw_adapter *adapter, const struct nicsw_meta *meta, __u32 slot,
			bool *ret_bound, struct nicsw_error *error)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	char name[NICSW_IFNAME_SIZE];
	int result;

	nicsw_port_name(meta, slot, name);
	result = nicsw_port_upgrade(adapter->ports, meta, slot, name, ret_bound, error);
	if (result)
		return result;
	result = maps->ops->device_follow(maps, slot); /* its egress program is a shared one */
	return result ? nicsw_fail(error, result, NULL, "device of %s: %s", name, strerror(-result))
		      : 0;
}

/*
 * Its programs replace the old ones, port by port, without losing a frame. The PF's
 * port shows anew whether they can see tags in metadata (FWD-35).
 */
static void upgrade_programs(struct nicsw_adapter *adapter)
{
	struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_meta wanted = *meta;
	struct nicsw_error error = {};
	bool bound = true;
	__u32 slot;
	int result;

	if (meta->program_tag == program_tag())
		return;
	wanted.features &= ~NICSW_FEATURE_UNBOUND;
	for (slot = 0; slot < meta->slots; slot++, bound = true) {
		result = upgrade_port(adapter, &wanted, slot, &bound, &error);
		if (result && result != -ENOENT) {
			nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
			meta->features |= NICSW_FEATURE_UNBOUND;
			return;
		}
		if (slot == NICSW_SLOT_PF && !bound)
			wanted.features |= NICSW_FEATURE_UNBOUND;
	}
	meta->features = wanted.features;
	meta->program_tag = program_tag();
	nicsw_log(LOG_INFO, "%s: switch programs replaced by those of this build", adapter->name);
}

/*
 * The namespace of the switch ends may have been made again, and the watch be gone or of another
 * build. What it missed is not known: it goes on, but deliveries are not verified any more.
 */
static void adopt_watch(struct nicsw_adapter *adapter)
{
	struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_error error = {};
	int begun;

	if (nicsw_transmit_locate(adapter->ports, meta, &error))
		nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
	if (meta->program_tag == program_tag() && nicsw_transmit_pinned(adapter->ports->pin_dir))
		return;
	begun = nicsw_transmit_watch(adapter->ports->pin_dir, &error);
	if (!begun || !meta->watched)
		return;
	meta->watched = 0;
	nicsw_log(LOG_WARNING, "%s: deliveries are not verified from here on: %s", adapter->name,
		  begun < 0 ? error.text : "the watch was interrupted");
}

static void resume(struct nicsw_adapter *adapter, bool renewed)
{
	struct nicsw_mapset *maps = &adapter->dataplane.maps;
	int repaired;

	adopt_watch(adapter); /* first: it asks for the tag that the next one changes */
	if (renewed)
		upgrade_programs(adapter);
	nicsw_adapter_check_links(adapter);
	if (maps->meta->state == NICSW_ADAPTER_RESETTING)
		nicsw_pf_adapter_reset_finish(adapter, NULL);
	nicsw_pf_resume_resets(adapter);
	nicsw_pf_netdevs_look(adapter);
	nicsw_pf_wire_adopt(adapter);
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
	bool renewed;
	int result;

	nicsw_pin_path(pin_root, name, path);
	if (!is_name(name) || !nicsw_pins_are_ours(path))
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
	renewed = !result && renew_shared(&adapter, path);
	if (!result)
		result = open_maps(&adapter, path, error);
	if (result) {
		nicsw_adapter_close(&adapter);
		return result;
	}
	if (adapter.dataplane.maps.meta->state != NICSW_ADAPTER_RUNNING &&
	    adapter.dataplane.maps.meta->state != NICSW_ADAPTER_RESETTING)
		return remove_remains(pin_root, name, &adapter, error);
	hand_over(&adapter, ret);
	resume(ret, renewed);
	return 0;
}

/* ---- del ----------------------------------------------------------------------------------------
 */

/* No port is open from here on (LC-HALT-1), no request is taken (LC-HALT-8), and a restart finishes
 * it. */
static void begin_halt(struct nicsw_adapter *adapter)
{
	struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "adapter halt");
	nicsw_change_meta(&change)->state = NICSW_ADAPTER_STOPPING;
	if (nicsw_change_commit(&change, NULL))
		__atomic_store_n(&meta->state, NICSW_ADAPTER_STOPPING, __ATOMIC_RELEASE);
}

void nicsw_adapter_del(const char *pin_root, struct nicsw_adapter *adapter,
		       nicsw_halt_observer *observer, void *context)
{
	struct nicsw_ports *ports = adapter->ports;
	char name[NICSW_NAME_SIZE];
	struct nicsw_meta meta;

	begin_halt(adapter);
	/* The netdevs go with their namespace: all at once, where each by itself takes 25 ms. */
	adapter->ports = NULL;
	if (nicsw_pf_halt(adapter, observer, context, NULL))
		nicsw_log(LOG_WARNING, "%s: the halt was not clean", adapter->name);
	adapter->ports = ports;
	meta = *adapter->dataplane.maps.meta;
	memcpy(name, adapter->name, sizeof(name));
	nicsw_capture_stop(TAKE_PTR(adapter->capture));
	tear_down(pin_root, name, adapter, &meta);
}
