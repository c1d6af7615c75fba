/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The OIDs that NDIS answers here: one row for each OID and request type. To add an OID, add its
 * row and its handler; names and the request types an OID offers are in include/nicsw/ndis.h.
 */
#ifndef NICSW_NDIS_OID_TABLE_H
#define NICSW_NDIS_OID_TABLE_H

#include "ndis/call.h"

#define NICSW_OID_REVISIONS 2 /* the most that a structure has */

struct nicsw_oid_row {
	__u32 oid;
	__u32 type;     /* enum ndis_request_type */
	bool ndis_only; /* not for overlying drivers (GEN-24) */
	/* NDIS_SIZEOF of the structure by revision, in both directions; 0 = no such revision. */
	__u16 lengths[NICSW_OID_REVISIONS];
	int (*handle)(struct nicsw_ndis_call *call);
};

/* NULL if there is none. */
const struct nicsw_oid_row *nicsw_oid_row(__u32 oid, __u32 type);

/* The request types that the interface defines for an OID, NDIS_KIND_*; 0: not an OID of this
 * interface. */
__u32 nicsw_oid_kinds(__u32 oid);

extern const struct nicsw_oid_row nicsw_oid_rows[];
extern const size_t nicsw_num_oid_rows;

/* oid_switch.c */
int nicsw_oid_create_switch(struct nicsw_ndis_call *call);
int nicsw_oid_delete_switch(struct nicsw_ndis_call *call);
int nicsw_oid_enum_switches(struct nicsw_ndis_call *call);
/* oid_vf.c */
int nicsw_oid_allocate_vf(struct nicsw_ndis_call *call);
int nicsw_oid_free_vf(struct nicsw_ndis_call *call);
int nicsw_oid_enum_vfs(struct nicsw_ndis_call *call);
/* oid_vport.c */
int nicsw_oid_create_vport(struct nicsw_ndis_call *call);
int nicsw_oid_delete_vport(struct nicsw_ndis_call *call);
int nicsw_oid_enum_vports(struct nicsw_ndis_call *call);
/* oid_filter.c */
int nicsw_oid_set_filter(struct nicsw_ndis_call *call);
int nicsw_oid_move_filter(struct nicsw_ndis_call *call);
int nicsw_oid_clear_filter(struct nicsw_ndis_call *call);
int nicsw_oid_enum_filters(struct nicsw_ndis_call *call);
/* oid_config_space.c */
int nicsw_oid_read_vf_config_space(struct nicsw_ndis_call *call);
/* oid_reset.c */
int nicsw_oid_reset_vf(struct nicsw_ndis_call *call);

#endif
