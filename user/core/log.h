/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's log: lines on standard error, with the syslog priority in front where systemd reads
 * them (sd-daemon(3)).
 */
#ifndef NICSW_CORE_LOG_H
#define NICSW_CORE_LOG_H

#include <syslog.h>

#include "core/util.h"

void nicsw_log(int priority, const char *format, ...) _printf_(2, 3);

#endif
