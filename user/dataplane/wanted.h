/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all tables of an adapter must hold, derived from its records at once: for repair, which
 * makes them so, and for compare, which says what differs.
 *
 * Ownership: nicsw_wanted_free(). Errors: -ENOMEM.
 */
#ifndef NICSW_DATAPLANE_WANTED_H
#define NICSW_DATAPLANE_WANTED_H

#include "dataplane/dataplane.h"
#include "dataplane/derive.h"

struct nicsw_wanted_entry {
	__u64 key;
	__u32 slot;
	__u32 vport;
};

struct nicsw_wanted {
	struct nicsw_change *view;          /* empty: the records as they are */
	struct nicsw_port *ports;           /* [slots] */
	__u64 *members;                     /* as vlan_members */
	struct nicsw_wanted_entry *entries; /* of the filter table: sorted, each key once */
	size_t num_entries;
};

int nicsw_wanted_derive(struct nicsw_dataplane *dataplane, struct nicsw_wanted *ret);
void nicsw_wanted_free(struct nicsw_wanted *wanted);

/* Is the key one that the filter table must have? */
bool nicsw_wanted_has(const struct nicsw_wanted *wanted, __u64 key);

#endif
