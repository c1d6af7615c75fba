/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One adapter, as the daemon drives it.
 *
 * Everything that must live longer than the daemon is in dataplane.maps; the rest here can be found
 * again. Without netdevs (ports == NULL, in tests without root) all operations on records work,
 * attach does not.
 */
#ifndef NICSW_PF_ADAPTER_H
#define NICSW_PF_ADAPTER_H

#include <nicsw/hwemu.h>

#include "core/error.h"
#include "core/link.h"
#include "dataplane/dataplane.h"

struct nicsw_ports; /* dataplane/port.h: the netdevs behind the slots */
struct nicsw_interrupts;

/* What the configuration leaves of the interface (structs.md 9); all zero = all of it. */
struct nicsw_interface {
	bool sriov_off;        /* *SRIOV or *SriovPreferred is 0 (GEN-1) */
	bool vlan_filters_off; /* *VMQVlanFiltering is 0 (CAP-RF-8) */
	bool vfs_off;          /* *NumVFs is 0 (CREATE-SW-15) */
	__u32 max_vfs;         /* *NumVFs (CAP-SW-10), 0 = as many as the device has */
	bool static_switch; /* SwitchCreation is 1: the switch is built at the start (LC-INIT-7) */
	__u32 default_queue_pairs;     /* NumQueuePairsForDefaultVPort, 0 = 1 */
	struct nicsw_text switch_name; /* *SwitchName */
};

struct nicsw_adapter {
	char name[NICSW_NAME_SIZE];
	struct nicsw_dataplane dataplane;
	struct nicsw_device device; /* the modelled PCIe device, over dataplane.maps.config_space */
	struct nicsw_ports *ports;
	struct nicsw_interface interface;
	struct nicsw_interrupts *interrupts; /* pf/interrupt.h; NULL: none is bound */
	__u64 *passed_over; /* [slots]: copies, as of the last time each port stood still */
	struct nicsw_slot_set to_look; /* slots whose guest ends have changed since the last look */
};

struct nicsw_adapter_settings {
	const char *name; /* 1..8 characters: letters, digits, '_' and '-' */
	const char *uplink;
	__u32 total_vfs; /* 1..NICSW_MAX_VFS, 0 = default */
	bool takeover;
};

#define NICSW_DEFAULT_TOTAL_VFS 64u

/*
 * `adapter add`: pins under PIN_ROOT/NAME, namespace, uplink, PF netdev. warning: text for the
 * user, or "". All of it, or nothing.
 */
int nicsw_adapter_add(const char *pin_root, const struct nicsw_adapter_settings *settings,
		      struct nicsw_adapter *ret, char *warning, size_t size,
		      struct nicsw_error *error);

/*
 * Takes over the adapter pinned under PIN_ROOT/NAME: finishes what was under way, repairs, goes on.
 * The switch does not notice. -ENODATA: an add or del had been cut off; what was left of it has
 * been removed.
 */
int nicsw_adapter_adopt(const char *pin_root, const char *name, struct nicsw_adapter *ret,
			struct nicsw_error *error);

/* Lets go of it; the switch goes on. */
void nicsw_adapter_close(struct nicsw_adapter *adapter);

/* An adapter in plain memory for tests without root: `adapter add` has been done, no switch yet. */
int nicsw_adapter_memory(const struct nicsw_mapset_sizes *sizes, struct nicsw_adapter *ret);

/* A link of the adapter's namespace or of the host changed or went away (RTM_NEWLINK, RTM_DELLINK).
 */
void nicsw_adapter_switch_link(struct nicsw_adapter *adapter, const struct nicsw_link *link,
			       bool gone);
void nicsw_adapter_host_link(struct nicsw_adapter *adapter, const struct nicsw_link *link,
			     bool gone);

/* Once for all that was told of guest ends: a guest makes events faster than one can follow. */
void nicsw_adapter_look(struct nicsw_adapter *adapter);

/* Events were lost: looks at all links again. */
void nicsw_adapter_check_links(struct nicsw_adapter *adapter);

#endif
