/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One OID request on its way through NDIS: what the dispatcher has found out, and what handlers
 * share.
 *
 * A handler returns 0 or a negative errno with the reason in call->error. The fixed part of its
 * structure is there and its header is sane when it is called; bytes_read and bytes_written are set
 * to the fixed part already. It reads its structure with nicsw_call_read() into a variable of its
 * own (zero beyond what the revision has) and writes only after everything has succeeded.
 */
#ifndef NICSW_NDIS_CALL_H
#define NICSW_NDIS_CALL_H

#include "ndis/ndis.h"

struct nicsw_oid_row;

struct nicsw_ndis_call {
	struct nicsw_adapter *adapter;
	struct nicsw_oid_request *request;
	struct nicsw_error *error;
	const struct nicsw_oid_row *row; /* of the OID table */
	__u32 revision;                  /* of the structure, as far as it is known here (GEN-10) */
	__u32 fixed_length;              /* NDIS_SIZEOF of that revision */
};

/* Copies the known prefix of the structure at the start of the buffer; the rest of `structure`
 * becomes 0. */
void nicsw_call_read(const struct nicsw_ndis_call *call, void *structure, size_t size);

/* Writes one member of the structure at the start of the buffer; the others stay (GEN-18). */
#define nicsw_call_write(call, type, member, value)                                                \
	do {                                                                                       \
		__typeof__(((struct type *)0)->member) _value = (value);                           \
		memcpy((char *)(call)->request->buffer + offsetof(struct type, member), &_value,   \
		       sizeof(_value));                                                            \
	} while (0)

/* Writes the structure back, as far as the revision has it. */
void nicsw_call_write_all(const struct nicsw_ndis_call *call, const void *structure);

/* The same with its header: a query need not bring one. structure begins with it. */
void nicsw_call_answer(const struct nicsw_ndis_call *call, void *structure);

/*
 * The data behind the fixed part, at `offset` from the start of the structure: its end without
 * wrap-around (GEN-30), not inside the fixed part (rule). end_rule: that of a buffer too short.
 */
int nicsw_call_data(struct nicsw_ndis_call *call, __u32 room, __u32 offset, __u32 length,
		    const char *rule, const char *end_rule, __u32 *ret_end);

/* -EMSGSIZE and BytesNeeded, if `room` (in_length or out_length) is below needed. */
int nicsw_call_need(struct nicsw_ndis_call *call, __u32 room, __u32 needed, const char *rule);

/* A counted string (GEN-31); ret holds its units and nothing behind them. member: its name, for the
 * message. */
int nicsw_call_text(struct nicsw_ndis_call *call, const struct nicsw_text *text, const char *member,
		    struct nicsw_text *ret);

/* The header that an element of an information array carries. */
static inline struct ndis_object_header nicsw_element_header(__u16 size)
{
	return (struct ndis_object_header){NDIS_OBJECT_TYPE_DEFAULT, 1, size};
}

/*
 * An information array: begin checks the room for all elements and fills the header's elements
 * member, which lies at elements_offset; put writes one element. Nothing is written unless all of
 * it fits.
 */
int nicsw_call_array_begin(struct nicsw_ndis_call *call, size_t elements_offset, __u32 num_elements,
			   __u32 element_size, const char *rule);
void nicsw_call_array_put(struct nicsw_ndis_call *call, size_t elements_offset, __u32 i,
			  const void *element);

#endif
