// SPDX-License-Identifier: GPL-2.0-only
#include "core/error.h"

#include <stdarg.h>

int nicsw_fail(struct nicsw_error *error, int code, const char *rule, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return code;
	error->code = code;
	snprintf(error->rule, sizeof(error->rule), "%s", rule ? rule : "");
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return code;
}
