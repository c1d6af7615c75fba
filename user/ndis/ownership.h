/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who an object belongs to (GEN-28): the name of the driver that made it. A forced request may act
 * on anybody's.
 */
#ifndef NICSW_NDIS_OWNERSHIP_H
#define NICSW_NDIS_OWNERSHIP_H

#include "ndis/call.h"

/* Writes the name of who asks into the owner field of a record to be made; -EINVAL if it does not
 * fit. */
int nicsw_ownership_record(const struct nicsw_ndis_call *call, char owner[NICSW_OWNER_SIZE]);

/*
 * Does the object belong to who asks, or is the request forced? Else code. what, id: of the object,
 * for the message.
 */
int nicsw_ownership_check(const struct nicsw_ndis_call *call, const char *owner, int code,
			  const char *rule, const char *what, __u32 id);

/* The same for a VPort; the default VPort belongs to nobody and is open to all. */
int nicsw_ownership_check_vport(const struct nicsw_ndis_call *call, __u32 vport, const char *rule);

#endif
