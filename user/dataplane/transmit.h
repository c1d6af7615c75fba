/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The watch behind the redirect: programs on tracepoints of the kernel that count what the netdev
 * of a port did not take (reasons ring_full and transmit_failed). The only file that sees their
 * skeleton.
 *
 * Their links are pinned beside those of the ports, so the watch outlives the daemon and goes with
 * the pins. A kernel that refuses it costs no frame: deliveries are not verified then, and the
 * statistics say so.
 */
#ifndef NICSW_DATAPLANE_TRANSMIT_H
#define NICSW_DATAPLANE_TRANSMIT_H

#include "dataplane/port.h"

/* Says in meta which namespaces the netdevs of an adapter are in: what reports are known by. */
int nicsw_transmit_locate(const struct nicsw_ports *ports, struct nicsw_meta *meta,
			  struct nicsw_error *error);

/*
 * Begins to watch, over the maps pinned in pin_dir, with the programs of this build. Returns 1 if
 * it did, 0 if these very programs are at work already. Programs of another build are replaced;
 * between the two, for some microseconds, nothing is counted.
 */
int nicsw_transmit_watch(const char *pin_dir, struct nicsw_error *error);

/* Is the watch there? */
bool nicsw_transmit_pinned(const char *pin_dir);

/* Identifies the program text of this build. */
__u64 nicsw_transmit_program_tag(void);

#endif
