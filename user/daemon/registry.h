/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The adapters of this daemon, and the events of their links.
 *
 * One writer: the pin directory is locked (flock on the directory) for as long as the daemon lives,
 * so that no second daemon drives the same adapters.
 */
#ifndef NICSW_DAEMON_REGISTRY_H
#define NICSW_DAEMON_REGISTRY_H

#include <systemd/sd-event.h>

#include "pf/adapter.h"

struct nicsw_registry;

/* Mounts bpffs where it is missing, locks pin_root, adopts what is pinned there. config:
 * pf/keywords.h. */
int nicsw_registry_open(const char *pin_root, const char *config, sd_event *event,
			struct nicsw_registry **ret, struct nicsw_error *error);
/*
 * changed: a link changed, a step of a halt or of a reset is done, and everything has been done
 * about it. reset_done: of the adapter with that LUID.
 */
struct nicsw_registry_watcher {
	void (*changed)(void *context);
	void (*reset_done)(void *context, __u64 luid, int result, const struct nicsw_error *error);
	void *context;
};

/* One at a time, NULL = none; borrowed. */
void nicsw_registry_watch(struct nicsw_registry *registry,
			  const struct nicsw_registry_watcher *watcher);

/* Lets go of all adapters; they go on. */
void nicsw_registry_close(struct nicsw_registry *registry);

int nicsw_registry_add(struct nicsw_registry *registry,
		       const struct nicsw_adapter_settings *settings, char *warning, size_t size,
		       struct nicsw_error *error);
int nicsw_registry_del(struct nicsw_registry *registry, const char *name,
		       struct nicsw_error *error);

/* `adapter set sriov`: on reads the keywords anew. Refused as pf/sriov.h says. */
int nicsw_registry_set_sriov(struct nicsw_registry *registry, const char *name, bool on, bool force,
			     struct nicsw_error *error);

/*
 * `adapter reset`, of "" or NAME. -EINPROGRESS: it has begun, the event loop ends it, and the
 * watcher is told with this LUID. Any other result: it is over, or was refused.
 */
int nicsw_registry_reset(struct nicsw_registry *registry, const char *name, __u64 *ret_luid,
			 struct nicsw_error *error);
/* Ends the resets that are under way, at once. */
void nicsw_registry_settle(struct nicsw_registry *registry);

/* By name; "" is the only adapter. -ENODEV: none of that name; -EINVAL: several, and no name given.
 */
int nicsw_registry_find(struct nicsw_registry *registry, const char *name,
			struct nicsw_adapter **ret, struct nicsw_error *error);

/* Adapter `index`, NULL past the end. */
struct nicsw_adapter *nicsw_registry_at(const struct nicsw_registry *registry, size_t index);

#endif
