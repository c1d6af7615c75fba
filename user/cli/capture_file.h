/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of a capture as a pcapng file: a port is an interface, a frame is a packet with its
 * verdict, and with a comment that says it in words.
 *
 * A frame belongs to the port that it came in at; if one port is captured, all belong to that one.
 * Inbound is into the switch. The bytes are those that came in, also of a frame that went out.
 *
 * Ownership: nicsw_capture_file_clear(); the stream is the caller's. Errors: -ENOMEM, and those of
 * pcapng.h; -EPROTO: not a record.
 */
#ifndef NICSW_CLI_CAPTURE_FILE_H
#define NICSW_CLI_CAPTURE_FILE_H

#include <nicsw/capture.h>
#include <nicsw/wire.h>

#include "core/util.h"

/* A port as STATS tells it; interface: its number in the file. */
struct nicsw_capture_port {
	bool known, written;
	__u32 vport_id;
	__u32 function;
	__u32 interface;
};

struct nicsw_capture_file {
	FILE *stream;
	__u32 slot; /* the port that is captured; NICSW_NONE = all */
	__u32 snap;
	__u64 clock; /* what CLOCK_REALTIME is ahead of CLOCK_MONOTONIC */
	__u64 captured, lost;
	__u32 num_interfaces;
	struct nicsw_capture_port *ports; /* by slot */
	size_t num_ports;
};

int nicsw_capture_file_begin(struct nicsw_capture_file *file);
void nicsw_capture_file_clear(struct nicsw_capture_file *file);

/* What is known of the ports, of more of them than before. */
int nicsw_capture_file_ports(struct nicsw_capture_file *file, const struct nicsw_port_stats *stats,
			     size_t count);
bool nicsw_capture_file_knows(const struct nicsw_capture_file *file, __u32 slot);

/* Is it one? Then *ret_record is its header. */
int nicsw_capture_file_check(const void *bytes, size_t length,
			     const struct nicsw_capture_record **ret_record);

/* The bytes of the frame follow the header. */
int nicsw_capture_file_add(struct nicsw_capture_file *file,
			   const struct nicsw_capture_record *record);

/* now: on CLOCK_MONOTONIC. */
int nicsw_capture_file_end(struct nicsw_capture_file *file, __u64 now, __u64 lost);

#endif
