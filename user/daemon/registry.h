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
/* Called after a link changed, once everything has been done about it. One at a time. */
void nicsw_registry_watch(struct nicsw_registry *registry, void (*changed)(void *context),
			  void *context);

/* Lets go of all adapters; they go on. */
void nicsw_registry_close(struct nicsw_registry *registry);

int nicsw_registry_add(struct nicsw_registry *registry,
		       const struct nicsw_adapter_settings *settings, char *warning, size_t size,
		       struct nicsw_error *error);
int nicsw_registry_del(struct nicsw_registry *registry, const char *name,
		       struct nicsw_error *error);

/* By name; "" is the only adapter. -ENODEV: none of that name; -EINVAL: several, and no name given.
 */
int nicsw_registry_find(struct nicsw_registry *registry, const char *name,
			struct nicsw_adapter **ret, struct nicsw_error *error);

/* Adapter `index`, NULL past the end. */
struct nicsw_adapter *nicsw_registry_at(const struct nicsw_registry *registry, size_t index);

#endif
