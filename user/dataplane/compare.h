/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A dry run of repair: where the tables differ from what the records say, and records from what
 * other records say. Nothing is written.
 *
 * Errors: -ENOMEM, or the errno of a map that cannot be read; what was found before has been told.
 */
#ifndef NICSW_DATAPLANE_COMPARE_H
#define NICSW_DATAPLANE_COMPARE_H

#include "dataplane/dataplane.h"

enum nicsw_differing {
	NICSW_DIFFERS_JOURNAL, /* an operation that was not finished */
	NICSW_DIFFERS_VPORT,   /* id: of a VF that is not allocated */
	NICSW_DIFFERS_FILTER,  /* id: on a VPort that there is not */
	NICSW_DIFFERS_PORT,    /* id: slot, whose record the programs read */
	NICSW_DIFFERS_MEMBERS, /* id: VLAN */
	NICSW_DIFFERS_ENTRY,   /* id: slot that frames for mac and vlan do not find */
	NICSW_DIFFERS_FOREIGN, /* id: slot that frames for mac and vlan find, and should not */
	NICSW_DIFFERS_FLOOD,   /* id: VLAN and class */
	NICSW_DIFFERS_DEVICE,  /* id: slot */
	NICSW_DIFFERINGS,
};

struct nicsw_difference {
	enum nicsw_differing what;
	__u32 id;
	__u64 key; /* of ENTRY and FOREIGN: nicsw_key() */
};

typedef void nicsw_tell_difference(const struct nicsw_difference *difference, void *context);

int nicsw_dataplane_compare(struct nicsw_dataplane *dataplane, nicsw_tell_difference *tell,
			    void *context);

#endif
