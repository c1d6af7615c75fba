/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of OIDs, as people type them: OID_NIC_SWITCH_ALLOCATE_VF, or without OID_.
 *
 * Names returned are static. Errors: -ENOENT.
 */
#ifndef NICSW_CLI_OID_NAME_H
#define NICSW_CLI_OID_NAME_H

#include <nicsw/ndis.h>

#include "core/util.h"

int nicsw_oid_find(const char *name, __u32 *ret_oid);

/* The name, with OID_, that was most likely meant; NULL when none is near. Case does not matter. */
const char *nicsw_oid_nearest(const char *name);

/* All names, one a line, for the shell. */
void nicsw_oid_complete(FILE *stream);

#endif
