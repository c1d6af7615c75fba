/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the target fuzz_oid: good structures to start from, and what must hold after every
 * request.
 */
#ifndef NICSW_TESTS_LIB_OID_H
#define NICSW_TESTS_LIB_OID_H

#include "tests/fuzz/lib_fuzz.h"

#include "dataplane/mapset_memory.h"
#include "ndis/ndis.h"

/* Few, so that a short input meets the limits. */
#define FUZZ_OID_VFS     4u
#define FUZZ_OID_FILTERS 6u

/* Bytes of a good structure for the request, 0 for an OID that has none. */
__u32 fuzz_oid_good_length(const struct nicsw_oid_request *request, bool revision_1);

/* Fills the buffer with the good structure, as far as there is room; the rest is no zeros. */
void fuzz_oid_fill(const struct nicsw_oid_request *request, bool revision_1, __u8 *buffer,
		   __u32 room);

/* Remembers every record and table of the adapter; asks whether one has changed since (GEN-17). */
void fuzz_oid_remember(const struct nicsw_adapter *adapter);
bool fuzz_oid_changed(const struct nicsw_adapter *adapter);

/* Tables, flood groups and indexes are what the records say; ids are unique. */
void fuzz_oid_check_adapter(struct nicsw_adapter *adapter);

/* If the answer is an information array: its elements lie in what was written, no id twice. */
void fuzz_oid_check_array(const struct nicsw_oid_request *request);

#endif
