/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests and replies as packets: what both ends of the socket need and neither event loop nor
 * socket touches.
 *
 * A packet is checked once, as a whole, before anybody reads a field of it (validate first, then
 * dispatch). A reply is never copied together: it is cut into parts that sendmsg() takes as they
 * are.
 *
 * Units: lengths in bytes. Ownership: nothing here allocates; results point into the caller's
 * buffers, which must be aligned to 8 bytes. Errors: see core/error.h; outputs are untouched on
 * failure.
 */
#ifndef NICSW_WIRE_WIRE_H
#define NICSW_WIRE_WIRE_H

#include <nicsw/wire.h>
#include <sys/uio.h>

#include "core/error.h"

/* ---- decode: packets from outside ---------------------------------------------------------------
 */

/* The longest request and the longest packet of a reply. */
#define NICSW_WIRE_REQUEST_MAX (sizeof(struct nicsw_wire_request) + NICSW_WIRE_IN_MAX)
#define NICSW_WIRE_PACKET_MAX  (sizeof(struct nicsw_wire_reply) + NICSW_WIRE_CHUNK)

/*
 * Is this packet a whole, well-formed request? Checks magic, version, kind, flags, lengths,
 * terminated texts; of a control verb also that it exists, that its payload has the length of its
 * structure, and the texts in it. -EPROTO: not a request (no reply can be addressed: close the
 * connection). -EMSGSIZE, -EINVAL, -ENOSYS, -EPROTONOSUPPORT: magic and header are there;
 * *ret_request is untouched, yet nicsw_wire_begin_reply() may take the packet itself to answer it.
 */
int nicsw_wire_check_request(const void *packet, size_t length,
			     const struct nicsw_wire_request **ret_request,
			     struct nicsw_error *error);

/* The in_length bytes that follow the header. */
static inline const void *nicsw_wire_payload(const struct nicsw_wire_request *request)
{
	return request + 1;
}

/* Is this the first packet of the reply to `request`? -EPROTO: the other end is not a nicswd. */
int nicsw_wire_check_reply(const void *packet, size_t length,
			   const struct nicsw_wire_request *request,
			   const struct nicsw_wire_reply **ret_reply, struct nicsw_error *error);

/* Is this an event of a stream? It is copied out; kinds that are not known are events, too. */
int nicsw_wire_check_event(const void *packet, size_t length, struct nicsw_wire_event *ret_event,
			   struct nicsw_error *error);

/* One row of NICSW_CONTROLS; sizes are of one structure, 0 = none. */
struct nicsw_wire_control {
	const char *name;
	bool write; /* root or the daemon's group only */
	size_t request_size;
	size_t reply_size; /* of one element of a list */
};

/* NULL: no such control verb. */
const struct nicsw_wire_control *nicsw_wire_control(__u32 code);

/* ---- encode -------------------------------------------------------------------------------------
 */

/* Everything but what is set here is 0, and vf is NICSW_NONE: the caller fills type, flags,
 * out_length, adapter, owner. */
void nicsw_wire_begin_request(struct nicsw_wire_request *ret_request, enum nicsw_wire_kind kind,
			      __u32 code, size_t in_length);

/* A successful, empty reply to a request. */
void nicsw_wire_begin_reply(const struct nicsw_wire_request *request,
			    struct nicsw_wire_reply *ret_reply);

/* Makes the reply a failure: status as mapped by the caller, code, rule and text from the error. */
void nicsw_wire_fail_reply(struct nicsw_wire_reply *reply, __u32 status,
			   const struct nicsw_error *error);

/* How many packets carry the reply and its reply->length bytes; at least one. */
size_t nicsw_wire_count_packets(const struct nicsw_wire_reply *reply);

/*
 * The parts of packet `index`, for sendmsg(): how many of the two are used. They point into reply
 * and payload, which the caller keeps until the packet is sent. A busy socket is resumed with the
 * same index.
 */
size_t nicsw_wire_packet_parts(const struct nicsw_wire_reply *reply, const void *payload,
			       size_t index, struct iovec ret_parts[2]);

#endif
