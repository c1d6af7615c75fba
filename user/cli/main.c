// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

int main(int argc, char **argv)
{
	_cleanup_(nicsw_cli_clear) struct nicsw_cli cli = {
		.out = stdout,
		.err = stderr,
		.call = nicsw_call_daemon,
		.next_event = nicsw_next_event_of_daemon,
	};

	return nicsw_cli_main(&cli, argc, argv);
}
