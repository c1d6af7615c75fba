/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `stats show --check`: do the counters of all ports add up, to the frame?
 *
 *   frames    what was sent = unicast handed over + group frames replicated + frames dropped
 *   copies    receivers of the replicated frames = copies handed over + copies dropped
 *   delivery  what was handed over = what the netdevs took + what they lost
 *
 * There is no tolerance: it is asked until two answers in a row are the same, so that the counters
 * of all ports are of one moment. Errors: NICSW_EXIT_FAILED if an equation does not hold, or if the
 * counters do not stand still within the limit.
 */
#ifndef NICSW_CLI_STATS_CHECK_H
#define NICSW_CLI_STATS_CHECK_H

#include "cli/cli.h"

enum nicsw_exit nicsw_stats_check(struct nicsw_cli *cli);

#endif
