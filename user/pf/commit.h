/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commit of an operation of the PF. What goes wrong below the PF is none of the caller's
 * parameters: whatever errno it has, the request ends with FAILURE ("other reasons"). The text of
 * the failure stays.
 */
#ifndef NICSW_PF_COMMIT_H
#define NICSW_PF_COMMIT_H

#include "dataplane/change.h"

static inline int nicsw_pf_commit(struct nicsw_change *change, struct nicsw_error *error)
{
	int result = nicsw_change_commit(change, error);

	if (!result)
		return 0;
	result = result == -EEXIST ? -EINVAL : -EIO; /* SET-RF-28 is the caller's fault */
	if (error)
		error->code = result;
	return result;
}

#endif
