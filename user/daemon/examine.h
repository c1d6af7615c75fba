/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The examination of adapters for `nicsw doctor`: the one that is named, or all.
 *
 * Ownership: free(findings->list), also after a failure. Errors: negative errno, with text in
 * error.
 */
#ifndef NICSW_DAEMON_EXAMINE_H
#define NICSW_DAEMON_EXAMINE_H

#include "daemon/registry.h"
#include "pf/doctor.h"

/* adapter: "" = all. state: the pinned state, else host and netdevs. */
int nicsw_examine(struct nicsw_registry *registry, const char *adapter, bool state,
		  struct nicsw_findings *findings, struct nicsw_error *error);

#endif
