/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The config blocks of a VF inside a change (include/nicsw/blocks.h). Each edits the change and
 * commits nothing. vport: the VPort of the VF as it will be, NICSW_NONE = none. Reading, writing
 * and announcing are in pf/pf.h.
 */
#ifndef NICSW_PF_BLOCK_H
#define NICSW_PF_BLOCK_H

#include "dataplane/change.h"

/* Initial content, no announcement pending: of a VF that is new, or was reset (RESET-VF-13). */
void nicsw_pf_blocks_reset(struct nicsw_change *change, __u32 vf, __u32 vport);

/* What the PF keeps, as it is now; a block whose content changed is announced (INVAL-1). */
void nicsw_pf_blocks_refresh(struct nicsw_change *change, __u32 vf, __u32 vport);

#endif
