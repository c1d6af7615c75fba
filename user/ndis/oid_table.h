/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The OIDs that NDIS answers here: one row for each OID and request type. To add an OID, add its
 * row and its handler; names and the request types an OID offers are in include/nicsw/ndis.h.
 */
#ifndef NICSW_NDIS_OID_TABLE_H
#define NICSW_NDIS_OID_TABLE_H

#include "ndis/call.h"

#define NICSW_OID_REVISIONS 3 /* the most that a structure has */

#define NICSW_OID_PF        (1u << 0) /* the PF's adapter answers it */
#define NICSW_OID_VF        (1u << 1) /* the adapter of a VF answers it */
#define NICSW_OID_NDIS_ONLY (1u << 2) /* not for overlying drivers (GEN-24) */
#define NICSW_OID_READS     (1u << 3) /* leaves everything as it is */
#define NICSW_OID_HARDWARE  (1u << 4) /* of the device, whatever is enabled (GEN-1) */

struct nicsw_oid_row {
	__u32 oid;
	__u32 type;  /* enum ndis_request_type */
	__u32 flags; /* NICSW_OID_* */
	/* NDIS_SIZEOF of the structure by revision, in both directions; 0 = no such revision. */
	__u16 lengths[NICSW_OID_REVISIONS];
	__u16 behind; /* bytes that an answer has at least behind the structure (GEN-4) */
	int (*handle)(struct nicsw_ndis_call *call);
	const char *refused; /* instead of handle: never supported, by this rule */
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
int nicsw_oid_get_switch_parameters(struct nicsw_ndis_call *call);
int nicsw_oid_set_switch_parameters(struct nicsw_ndis_call *call);
/* oid_vf.c */
int nicsw_oid_allocate_vf(struct nicsw_ndis_call *call);
int nicsw_oid_free_vf(struct nicsw_ndis_call *call);
int nicsw_oid_enum_vfs(struct nicsw_ndis_call *call);
int nicsw_oid_get_vf_parameters(struct nicsw_ndis_call *call);
/* oid_vport.c */
int nicsw_oid_create_vport(struct nicsw_ndis_call *call);
int nicsw_oid_delete_vport(struct nicsw_ndis_call *call);
int nicsw_oid_enum_vports(struct nicsw_ndis_call *call);
/* InterruptModeration is one of the values there are. */
int nicsw_vport_check_moderation(const struct nicsw_ndis_call *call, __u32 moderation,
				 const char *rule);
/* oid_vport_parameters.c */
int nicsw_oid_get_vport_parameters(struct nicsw_ndis_call *call);
int nicsw_oid_set_vport_parameters(struct nicsw_ndis_call *call);
/* oid_filter.c */
int nicsw_oid_set_filter(struct nicsw_ndis_call *call);
int nicsw_oid_move_filter(struct nicsw_ndis_call *call);
int nicsw_oid_clear_filter(struct nicsw_ndis_call *call);
int nicsw_oid_enum_filters(struct nicsw_ndis_call *call);
int nicsw_oid_get_filter_parameters(struct nicsw_ndis_call *call);
/* oid_queue.c */
int nicsw_oid_enum_queues(struct nicsw_ndis_call *call);
/* oid_capability.c */
int nicsw_oid_switch_capabilities(struct nicsw_ndis_call *call);
int nicsw_oid_sriov_capabilities(struct nicsw_ndis_call *call);
int nicsw_oid_filter_capabilities(struct nicsw_ndis_call *call);
int nicsw_oid_filter_global_parameters(struct nicsw_ndis_call *call);
/* oid_config_space.c */
int nicsw_oid_read_vf_config_space(struct nicsw_ndis_call *call);
int nicsw_oid_write_vf_config_space(struct nicsw_ndis_call *call);
/* oid_block.c */
int nicsw_oid_read_vf_config_block(struct nicsw_ndis_call *call);
int nicsw_oid_write_vf_config_block(struct nicsw_ndis_call *call);
int nicsw_oid_vf_invalidate_config_block(struct nicsw_ndis_call *call);
/* oid_power.c */
int nicsw_oid_set_vf_power_state(struct nicsw_ndis_call *call);
/* oid_bar.c */
int nicsw_oid_probed_bars(struct nicsw_ndis_call *call);
int nicsw_oid_bar_resources(struct nicsw_ndis_call *call);
/* oid_identity.c */
int nicsw_oid_vf_vendor_device_id(struct nicsw_ndis_call *call);
int nicsw_oid_pf_luid(struct nicsw_ndis_call *call);
int nicsw_oid_vf_serial_number(struct nicsw_ndis_call *call);
int nicsw_oid_overlying_adapter_info(struct nicsw_ndis_call *call);
/* oid_reset.c */
int nicsw_oid_reset_vf(struct nicsw_ndis_call *call);

#endif
