/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects that belong to a connection go with it: filters, then VPorts, then VFs, because each
 * needs what comes after it (DELETE-VP-5, FREE-VF-5).
 *
 * What cannot go, because somebody else uses it, stays and is logged.
 */
#ifndef NICSW_DAEMON_RELEASE_H
#define NICSW_DAEMON_RELEASE_H

#include "daemon/registry.h"

#define NICSW_CONNECTION_OWNERS "conn:" /* how the owner names of connections begin */

/* May a client call itself so? -EINVAL: the name is one of a connection, which the daemon gives. */
int nicsw_release_check_owner(const char *owner, struct nicsw_error *error);

/* Of all adapters. prefix: of every owner whose name begins so. */
void nicsw_release(struct nicsw_registry *registry, const char *owner, bool prefix);
void nicsw_release_adapter(struct nicsw_adapter *adapter, const char *owner, bool prefix);

#endif
