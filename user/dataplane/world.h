/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of an adapter as the naive model takes it (dataplane/model.h).
 *
 * Ports and VLAN sets are what the programs read. The filters are derived from the records, not
 * read from the filter table: a table that is not what the records say makes model and programs
 * disagree.
 *
 * Ownership: the world holds a copy of all it has; nicsw_world_free() releases it. Errors: -ENOMEM.
 */
#ifndef NICSW_DATAPLANE_WORLD_H
#define NICSW_DATAPLANE_WORLD_H

#include "dataplane/dataplane.h"
#include "dataplane/model.h"

struct nicsw_world {
	struct nicsw_model_port *ports;
	struct nicsw_model_filter *filters;
	__u32 *filter_ids; /* of each filter; 0 = the station address */
	struct nicsw_model model;
};

int nicsw_world_open(struct nicsw_dataplane *dataplane, struct nicsw_world *ret);
void nicsw_world_free(struct nicsw_world *world);

/* The filter that (mac, vid) belongs to: its id, 0 = the station address, NICSW_NONE = none. */
__u32 nicsw_world_filter(const struct nicsw_world *world, const __u8 *mac, __u16 vid);

#endif
