/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PF driver: what NDIS asks of it, one function per operation.
 *
 * NDIS (user/ndis) has checked the structure, resolved identifiers, chosen VPortId and FilterId and
 * checked ownership. The PF checks what only it knows (resources, registers, states), changes the
 * records in one step (dataplane/change.h), and drives the modelled device and the netdevs. A
 * failed operation changes nothing (GEN-17). Errors: negative errno, with text and rule in error.
 */
#ifndef NICSW_PF_PF_H
#define NICSW_PF_PF_H

#include <nicsw/ndis.h>

#include "pf/adapter.h"

struct nicsw_switch_settings {
	__u32 num_vfs;             /* 0..total_vfs (CREATE-SW-5, -15) */
	__u32 num_vports;          /* with the default VPort; 0 = as many as there can be */
	__u32 default_queue_pairs; /* 1.. (CREATE-SW-8) */
	struct nicsw_text name;
};

int nicsw_pf_switch_create(struct nicsw_adapter *adapter,
			   const struct nicsw_switch_settings *settings, struct nicsw_error *error);
int nicsw_pf_switch_delete(struct nicsw_adapter *adapter, struct nicsw_error *error);
/* -ERESTART: stored, and in effect when the switch is built the next time (PARAM-SW-9). */
int nicsw_pf_switch_rename(struct nicsw_adapter *adapter, const struct nicsw_text *name,
			   struct nicsw_error *error);

/* The stored configuration: keywords, or what a rename has stored instead (LC-UP-1). */
struct nicsw_switch_settings nicsw_pf_switch_stored(const struct nicsw_adapter *adapter);

/*
 * Static creation (LC-SW): built from the stored configuration, VFs are enabled, and nobody may use
 * it before CREATE_SWITCH. dismantle: does nothing unless it is built and not in use.
 */
int nicsw_pf_switch_build(struct nicsw_adapter *adapter, struct nicsw_error *error);
int nicsw_pf_switch_dismantle(struct nicsw_adapter *adapter, struct nicsw_error *error);
/* Is it built with just these parameters (CREATE-SW-6)? */
bool nicsw_pf_switch_is_built(const struct nicsw_adapter *adapter,
			      const struct nicsw_switch_settings *settings);

/* `wanted` holds names, MAC addresses and owner; state and flags are set here. */
int nicsw_pf_vf_allocate(struct nicsw_adapter *adapter, const struct nicsw_vf_record *wanted,
			 __u32 *ret_vf, struct nicsw_error *error);
int nicsw_pf_vf_free(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error);
int nicsw_pf_vf_reset(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error);
int nicsw_pf_vf_attach(struct nicsw_adapter *adapter, __u32 vf, const char *netns, const char *dev,
		       struct nicsw_error *error);
int nicsw_pf_vf_detach(struct nicsw_adapter *adapter, __u32 vf, struct nicsw_error *error);
/* state: enum ndis_device_power_state; wake arms PME for the time in D3 (POWER-VF-6). */
int nicsw_pf_vf_set_power(struct nicsw_adapter *adapter, __u32 vf, __u32 state, bool wake,
			  struct nicsw_error *error);
/* What the VF's driver was told of the adapter above it (OVLY-1). */
int nicsw_pf_vf_set_overlying(struct nicsw_adapter *adapter, __u32 vf, __u32 ifindex,
			      struct nicsw_error *error);

int nicsw_pf_vport_create(struct nicsw_adapter *adapter, __u32 vport,
			  const struct nicsw_vport_record *wanted, struct nicsw_error *error);
int nicsw_pf_vport_delete(struct nicsw_adapter *adapter, __u32 vport, struct nicsw_error *error);

/* NULL = stays as it is. */
struct nicsw_vport_settings {
	const struct nicsw_text *name;
	const __u32 *state; /* enum ndis_vport_state */
	const struct ndis_group_affinity *affinity;
};

/* All of the settings, or none (PARAM-VP-21). */
int nicsw_pf_vport_set(struct nicsw_adapter *adapter, __u32 vport,
		       const struct nicsw_vport_settings *settings, struct nicsw_error *error);

int nicsw_pf_filter_set(struct nicsw_adapter *adapter, __u32 filter,
			const struct nicsw_filter_record *wanted, struct nicsw_error *error);
int nicsw_pf_filter_move(struct nicsw_adapter *adapter, __u32 filter, __u32 vport,
			 struct nicsw_error *error);
int nicsw_pf_filter_clear(struct nicsw_adapter *adapter, __u32 filter, struct nicsw_error *error);

/* offset + length <= NICSW_CONFIG_SIZE; any alignment. */
int nicsw_pf_config_read(struct nicsw_adapter *adapter, __u32 vf, __u32 offset, __u32 length,
			 void *ret_data, struct nicsw_error *error);
int nicsw_pf_config_write(struct nicsw_adapter *adapter, __u32 vf, __u32 offset, __u32 length,
			  const void *data, struct nicsw_error *error);

/* Of all VFs (PBARS-4), and the share of one VF. */
void nicsw_pf_probed_bars(const struct nicsw_adapter *adapter, __u32 ret_bars[NICSW_PCI_BARS]);
int nicsw_pf_bar_resource(const struct nicsw_adapter *adapter, __u32 vf, __u32 bar,
			  struct nicsw_bar_resource *ret, struct nicsw_error *error);

/*
 * Config blocks of an allocated VF (include/nicsw/blocks.h): the first `length` bytes of one.
 * check: is this a transfer that there can be?
 */
int nicsw_pf_block_check(__u32 id, __u32 length, bool write, struct nicsw_error *error);
int nicsw_pf_block_read(const struct nicsw_adapter *adapter, __u32 vf, __u32 id, __u32 length,
			void *ret_data, struct nicsw_error *error);
int nicsw_pf_block_write(struct nicsw_adapter *adapter, __u32 vf, __u32 id, __u32 length,
			 const void *data, struct nicsw_error *error);

/*
 * NdisMInvalidateConfigBlock: announces that blocks of a VF (or SRIOV_INVALIDATE_BLOCK_ALL_VFS)
 * changed; bit n = block n. Masks add up until the VF takes them (INVAL-2). A VF that is not
 * allocated, and bits of blocks that are not there, are passed over.
 */
int nicsw_pf_blocks_invalidate(struct nicsw_adapter *adapter, __u32 vf, __u64 mask,
			       struct nicsw_error *error);
/* What was announced to an allocated VF since it was last asked. */
int nicsw_pf_blocks_take(struct nicsw_adapter *adapter, __u32 vf, __u64 *ret_mask,
			 struct nicsw_error *error);

/* Routing id of a function (VFId or NICSW_FUNCTION_PF), segment in bits 31:16 (PCI-69). */
__u32 nicsw_pf_rid(const struct nicsw_adapter *adapter, __u32 function);

/* The VPort attached to a VF, or NICSW_NONE. */
__u32 nicsw_pf_vf_vport(const struct nicsw_adapter *adapter, __u32 vf);

#endif
