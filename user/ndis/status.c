// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ndis.h"

static const struct {
	int code;
	__u32 status;
} statuses[] = {
	{0, NDIS_STATUS_SUCCESS},
	{-EINVAL, NDIS_STATUS_INVALID_PARAMETER},
	{-EMSGSIZE, NDIS_STATUS_INVALID_LENGTH},
	{-ENOENT, NDIS_STATUS_FILE_NOT_FOUND},
	{-EOPNOTSUPP, NDIS_STATUS_NOT_SUPPORTED},
	{-EAGAIN, NDIS_STATUS_NOT_ACCEPTED},
	{-ECANCELED, NDIS_STATUS_REQUEST_ABORTED},
	{-ENOSYS, NDIS_STATUS_INVALID_OID},
	{-ERESTART, NDIS_STATUS_REINIT_REQUIRED},
	{-EINPROGRESS, NDIS_STATUS_PENDING},
};

/* Exhaustion has no status of its own (GEN-23): it is one of the "other reasons". */
__u32 nicsw_status_from_errno(int code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].code == code)
			return statuses[i].status;
	return NDIS_STATUS_FAILURE;
}
