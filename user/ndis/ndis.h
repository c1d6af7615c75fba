/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NDIS above the PF driver: every OID request of an adapter goes through here.
 *
 * NDIS checks the structure, resolves identifiers, chooses VPortId and FilterId, checks ownership
 * (GEN-28) and answers the enumerations from the records; the PF driver (pf/pf.h) does the rest.
 * One request at a time (GEN-12), each is complete when the call returns.
 *
 * Lengths in bytes. The buffer belongs to the caller. It is one buffer for input and output, as in
 * Windows: its capacity is the larger of in_length and out_length, and what lies beyond in_length
 * must not hold secrets. In a set request InformationBufferLength is in_length, in a query
 * out_length; a query that brings no input has in_length 0. Such a query gets the highest revision
 * of its structure; one that wants another brings a header that names it.
 */
#ifndef NICSW_NDIS_NDIS_H
#define NICSW_NDIS_NDIS_H

#include <nicsw/ndis.h>

#include "pf/adapter.h"

struct nicsw_oid_request {
	__u32 oid;
	__u32 type;        /* enum ndis_request_type */
	__u32 vf;          /* the adapter asked: that of a VF in its guest, NICSW_NONE = the PF's */
	bool as_ndis;      /* issued by NDIS itself, not by an overlying driver (GEN-24) */
	bool force;        /* act on another owner's object (GEN-28) */
	const char *owner; /* who asks; NULL = "" */
	__u32 serial_number; /* ALLOCATE_VF: of the VF's adapter (SERIAL-3), 0 = one is made */
	void *buffer;
	__u32 in_length;
	__u32 out_length;
	/* Set by the call, all of them, 0 where they carry no meaning (GEN-6, GEN-7). */
	__u32 bytes_read;
	__u32 bytes_written;
	__u32 bytes_needed;
	__u32 supported_revision; /* GEN-11 */
};

/*
 * Returns the NDIS_STATUS. Unless it is SUCCESS, nothing has changed, the buffer included (GEN-17),
 * and error (which may be NULL) says why. REINIT_REQUIRED: only the stored configuration has
 * changed (PARAM-SW-10).
 */
__u32 nicsw_ndis_request(struct nicsw_adapter *adapter, struct nicsw_oid_request *request,
			 struct nicsw_error *error);

/* Does a request of this OID and type leave everything as it is? */
bool nicsw_oid_reads(__u32 oid, __u32 type);

/*
 * The supported-OID list (GEN-27) of the PF's adapter, or of that of a VF: ascending, each once.
 * Writes at most `room` of them; returns how many there are.
 */
size_t nicsw_oid_list(bool vf_adapter, __u32 *ret_oids, size_t room);

/* The NDIS_STATUS of 0 or a negative errno; the table is in core/error.h. */
__u32 nicsw_status_from_errno(int code);

#endif
