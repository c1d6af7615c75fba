/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Identifiers: do they name something that exists, and which one is free. Each check is 0 or a
 * failure with the rule it is given, since every OID has its own for the same fault.
 */
#ifndef NICSW_NDIS_IDS_H
#define NICSW_NDIS_IDS_H

#include "ndis/call.h"

/* The one switch, id 0, and created before (GEN-19). */
int nicsw_ids_switch(const struct nicsw_ndis_call *call, __u32 switch_id, const char *rule);

/* range_rule: no such VF at all, 0xFFFF too (GEN-20); allocated_rule: ALLOCATE_VF did not give it.
 */
int nicsw_ids_vf(const struct nicsw_ndis_call *call, __u32 vf, const char *range_rule,
		 const char *allocated_rule);

int nicsw_ids_vport(const struct nicsw_ndis_call *call, __u32 vport, const char *rule);

/* code: which errno an unknown filter is; CLEAR_FILTER has its own. */
int nicsw_ids_filter(const struct nicsw_ndis_call *call, __u32 filter, int code, const char *rule);

/* Only the default queue exists: queues are VMQ (VMQ-1). */
int nicsw_ids_queue(const struct nicsw_ndis_call *call, __u32 queue, const char *rule);

/* The lowest VPortId that is free (CREATE-VP-6), NICSW_NONE when none is left. */
__u32 nicsw_ids_free_vport(const struct nicsw_adapter *adapter);

#endif
