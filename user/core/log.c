// SPDX-License-Identifier: GPL-2.0-only
#include "core/log.h"

#include <stdarg.h>

/* systemd sets JOURNAL_STREAM where it reads our standard error; a person gets no numbers. */
static bool is_journal(void)
{
	static int known = -1;

	if (known < 0)
		known = getenv("JOURNAL_STREAM") != NULL;
	return known;
}

void nicsw_log(int priority, const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (is_journal())
		fprintf(stderr, "<%d>%s\n", priority, line);
	else
		fprintf(stderr, "nicswd: %s%s\n", priority <= LOG_WARNING ? "warning: " : "", line);
}
