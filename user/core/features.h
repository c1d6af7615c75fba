/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Offload features of a netdev (ethtool -k), by the kernel's names, in the current network
 * namespace.
 */
#ifndef NICSW_CORE_FEATURES_H
#define NICSW_CORE_FEATURES_H

#include <linux/types.h>

#include "core/error.h"

struct nicsw_feature {
	const char *name; /* e.g. "rx-gro"; a name the kernel does not know is passed over */
	bool on;
};

/* Sets them in one request. -EOPNOTSUPP: the driver did not do it (a fixed feature). */
int nicsw_features_set(const char *ifname, const struct nicsw_feature *features, size_t count);

/* Bit i: features[i] is not as it is given there. One that the kernel does not know never differs.
 * At most 32. */
int nicsw_features_compare(const char *ifname, const struct nicsw_feature *features, size_t count,
			   __u32 *ret_different);

/* How many receive queues are in use. -EOPNOTSUPP: the driver does not say. */
int nicsw_rx_queues(const char *ifname);

/* 1 on, 0 off or unknown, or a negative errno. */
int nicsw_feature_get(const char *ifname, const char *name);

#endif
