/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a request was refused or failed, for the person who asked.
 *
 * A function that can refuse takes a struct nicsw_error, fills it with nicsw_fail() and returns the
 * same negative errno. The OID edge maps the errno to an NDIS_STATUS (user/ndis); the CLI prints
 * text, status and rule.
 *
 *   return nicsw_fail(error, -EINVAL, "SET-RF-28", "MAC %s is already on filter %u", mac, id);
 *
 * Which errno means which NDIS_STATUS:
 *   -EINVAL INVALID_PARAMETER, -EMSGSIZE INVALID_LENGTH, -ENOENT FILE_NOT_FOUND, -EOPNOTSUPP
 * NOT_SUPPORTED, -EAGAIN NOT_ACCEPTED, -ECANCELED REQUEST_ABORTED, -ENOSYS INVALID_OID, -ERESTART
 * REINIT_REQUIRED, -EINPROGRESS PENDING, every other one FAILURE.
 */
#ifndef NICSW_CORE_ERROR_H
#define NICSW_CORE_ERROR_H

#include "core/util.h"

struct nicsw_error {
	int code;       /* negative errno, 0 = none */
	char rule[24];  /* rule id, "" = none */
	char text[256]; /* one sentence without a full stop */
};

/* Fills error (which may be NULL; rule may be NULL) and returns code. */
int nicsw_fail(struct nicsw_error *error, int code, const char *rule, const char *format, ...)
	_printf_(4, 5);

#endif
