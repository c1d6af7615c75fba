// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

#ifndef NICSW_VERSION
#define NICSW_VERSION "0.1.0"
#endif

static enum nicsw_exit usage(struct nicsw_cli *cli, const char *text)
{
	fprintf(cli->err, "Error: %s, see `nicsw help`.\n", text);
	return NICSW_EXIT_USAGE;
}

/* The objects get an owner that only this connection is. */
static enum nicsw_exit bind_objects(struct nicsw_cli *cli)
{
	struct nicsw_ask ask = {.kind = NICSW_WIRE_CONTROL, .code = NICSW_CONTROL_BIND_OBJECTS};

	if (!cli->options.release_on_exit)
		return NICSW_EXIT_DONE;
	if (cli->options.owner)
		return usage(cli, "--release-on-exit and --owner exclude each other");
	return nicsw_tell(cli, &ask);
}

static enum nicsw_exit run(struct nicsw_cli *cli, int argc, char **argv)
{
	enum nicsw_exit code;

	if (cli->options.complete) {
		nicsw_complete(argc, argv, cli->out);
		return NICSW_EXIT_DONE;
	}
	if (cli->options.version) {
		fprintf(cli->out, "nicsw %s, protocol %u\n", NICSW_VERSION, NICSW_WIRE_VERSION);
		return NICSW_EXIT_DONE;
	}
	if (cli->options.help) {
		nicsw_help(cli->out);
		return NICSW_EXIT_DONE;
	}
	if (cli->options.batch && argc)
		return usage(cli, "with -b the commands come from the file");
	if (!cli->options.batch && !argc)
		return usage(cli, "no command");
	code = bind_objects(cli);
	if (code)
		return code;
	return cli->options.batch ? nicsw_batch_run(cli, cli->options.batch)
				  : nicsw_command_run(cli, argc, argv);
}

/* What was printed into a full disk or a closed pipe was not printed. */
static enum nicsw_exit check_printed(struct nicsw_cli *cli)
{
	if (!fflush(cli->out) && !ferror(cli->out))
		return NICSW_EXIT_DONE;
	return nicsw_failed(cli, "cannot print: %s", strerror(errno));
}

enum nicsw_exit nicsw_cli_main(struct nicsw_cli *cli, int argc, char **argv)
{
	int first;
	enum nicsw_exit code = nicsw_options_parse(cli, argc, argv, &first);

	if (!code)
		code = run(cli, argc - first, argv + first);
	return code ? code : check_printed(cli);
}
