/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mapset over pinned maps: what the programs, bpftool and the next daemon see.
 *
 * The record and table maps are mapped into memory. Devices and flood groups are resolved by the
 * kernel in the network namespace of who writes them: the uplink in the daemon's, all other ports
 * in the adapter's own.
 */
#ifndef NICSW_DATAPLANE_MAPSET_BPF_H
#define NICSW_DATAPLANE_MAPSET_BPF_H

#include "dataplane/mapset.h"

/*
 * Opens the maps pinned in pin_dir. switch_netns is borrowed and must stay open.
 * -EPROTONOSUPPORT: a layout of another version, nothing was touched. -ENOENT: no adapter there.
 * -EBADMSG: meta says other sizes than the maps have, nothing was touched.
 */
int nicsw_mapset_bpf(const char *pin_dir, int switch_netns, struct nicsw_mapset *ret,
		     struct nicsw_error *error);

/* The layout version of the adapter pinned in pin_dir is ours: 0, else as above; -ENODATA: never
 * got so far. */
int nicsw_mapset_bpf_check(const char *pin_dir, struct nicsw_error *error);

#endif
