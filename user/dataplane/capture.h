/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A capture: for as long as it runs, the ports of an adapter carry programs that copy frames into a
 * ring (bpf/capture.bpf.h). The plain ones wait meanwhile, and come back as they were.
 *
 * All ports take part, whatever is captured: a frame for the port in question may come in at any.
 * While the uplink is shared through libxdp's dispatcher there is no capture: -EOPNOTSUPP.
 * A daemon that dies leaves capturing programs behind; meta says so (program_tag is 0), and the
 * next daemon replaces them. The ring takes what fits, the rest is counted as lost: the switch
 * never waits for a reader.
 *
 * Ownership: nicsw_capture_stop(). Ports and meta are borrowed. Errors: see core/error.h; a capture
 * that does not start has left every port as it was.
 */
#ifndef NICSW_DATAPLANE_CAPTURE_H
#define NICSW_DATAPLANE_CAPTURE_H

#include <nicsw/capture.h>

#include "dataplane/port.h"

struct nicsw_capture;

/* slot: NICSW_NONE = all ports. */
int nicsw_capture_start(const struct nicsw_ports *ports, struct nicsw_meta *meta, __u32 slot,
			__u32 snap, bool drops, struct nicsw_capture **ret,
			struct nicsw_error *error);

/* Ports that were made since take part from now on. */
int nicsw_capture_follow(struct nicsw_capture *capture, struct nicsw_error *error);

/* The plain programs come back. NULL is allowed. */
void nicsw_capture_stop(struct nicsw_capture *capture);

/*
 * New descriptors for a reader: the ring, and its state (struct nicsw_capture_state). Neither can
 * be mapped without the right to write; they are this capture's alone.
 */
int nicsw_capture_share(const struct nicsw_capture *capture, int ret_fds[2],
			struct nicsw_error *error);

#endif
