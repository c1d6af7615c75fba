// SPDX-License-Identifier: GPL-2.0-only
/*
 * nicswd: drives the adapters that are pinned, in the foreground. SIGTERM and SIGINT end the daemon
 * and leave the switch running.
 */
#include <getopt.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

#include "core/log.h"
#include "daemon/registry.h"
#include "daemon/server.h"
#include "pf/keywords.h"
#include "wire/wire.h"

struct options {
	const char *socket;
	const char *pin_dir;
	const char *config;
};

static const char usage[] =
	"Usage: nicswd [-f CONFIG] [--socket PATH] [--pin-dir DIR]\n"
	"\n"
	"The PF controller of nicsw, a software NIC that behaves like SR-IOV hardware.\n"
	"It runs in the foreground; ready means that the socket answers.\n"
	"\n"
	"  -f CONFIG       keywords: a directory with NAME.conf for each adapter, or one file for "
	"all\n"
	"                  (default " NICSW_DEFAULT_CONFIG "; see nicsw.conf(5))\n"
	"  --socket PATH   listen here (default " NICSW_DEFAULT_SOCKET ")\n"
	"  --pin-dir DIR   adapters are pinned here, in bpffs (default " NICSW_DEFAULT_PINS ")\n"
	"  --help, --version\n"
	"\n"
	"SIGTERM ends the daemon and leaves the switch running; `nicsw adapter del NAME` takes it "
	"down.\n";

static const struct option long_options[] = {
	{"config", required_argument, NULL, 'f'},  {"socket", required_argument, NULL, 's'},
	{"pin-dir", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},       {},
};

static void parse_options(int argc, char **argv, struct options *ret)
{
	int option;

	while ((option = getopt_long(argc, argv, "f:", long_options, NULL)) >= 0) {
		switch (option) {
		case 'f':
			if (access(optarg, R_OK)) {
				fprintf(stderr, "nicswd: %s: %s\n", optarg, strerror(errno));
				exit(2);
			}
			ret->config = optarg;
			break;
		case 's':
			ret->socket = optarg;
			break;
		case 'p':
			ret->pin_dir = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'V':
			puts("nicswd " NICSW_VERSION);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (optind == argc)
		return;
	fprintf(stderr, "nicswd: unknown argument '%s'\n%s", argv[optind], usage);
	exit(2);
}

static int handle_signals(sd_event *event)
{
	sigset_t signals;
	int result;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	if (sigprocmask(SIG_BLOCK, &signals, NULL))
		return -errno;
	/* Without a handler of our own the signal ends the loop. */
	result = sd_event_add_signal(event, NULL, SIGTERM, NULL, NULL);
	return result < 0 ? result : sd_event_add_signal(event, NULL, SIGINT, NULL, NULL);
}

static int run(sd_event *event, const struct options *options, struct nicsw_error *error)
{
	struct nicsw_registry *registry = NULL;
	struct nicsw_server *server = NULL;
	int result =
		nicsw_registry_open(options->pin_dir, options->config, event, &registry, error);

	if (!result)
		result = nicsw_server_open(options->socket, event, registry, &server, error);
	if (!result) {
		nicsw_log(LOG_INFO, "ready at %s", options->socket);
		sd_notify(0, "READY=1");
		result = sd_event_loop(event);
		sd_notify(0, "STOPPING=1");
	}
	nicsw_server_close(server);
	nicsw_registry_close(registry);
	return result;
}

int main(int argc, char **argv)
{
	struct options options = {.socket = NICSW_DEFAULT_SOCKET,
				  .pin_dir = NICSW_DEFAULT_PINS,
				  .config = NICSW_DEFAULT_CONFIG};
	struct nicsw_error error = {};
	sd_event *event = NULL;
	int result;

	parse_options(argc, argv, &options);
	setvbuf(stderr, NULL, _IOLBF, 0);
	if (geteuid() != 0) {
		fputs("nicswd: it must run as root: it loads BPF programs and makes netdevs\n",
		      stderr);
		return 1;
	}
	result = sd_event_default(&event);
	if (result >= 0)
		result = handle_signals(event);
	if (result >= 0)
		result = run(event, &options, &error);
	if (result < 0)
		fprintf(stderr, "nicswd: %s\n", error.text[0] ? error.text : strerror(-result));
	sd_event_unref(event);
	return result < 0 ? 1 : 0;
}
