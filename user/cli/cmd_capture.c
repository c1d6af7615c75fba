// SPDX-License-Identifier: GPL-2.0-only
/* Frames into a pcapng file, with what became of them. It ends with the connection to nicswd. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <time.h>

#include "cli/capture_file.h"
#include "cli/command.h"
#include "cli/ring.h"

struct capture {
	struct nicsw_cli *cli;
	struct nicsw_answer answer; /* with the ring's descriptor, and that of its state */
	struct nicsw_ring ring;
	const struct nicsw_capture_state *state;
	struct nicsw_capture_file file;
	FILE *own;    /* of -w FILE */
	int signals;  /* Ctrl-C and kill, so that the file is whole */
	sigset_t old; /* what was blocked before */
	__u64 most;   /* frames, 0 = until it is interrupted */
};

/* ---- time ---------------------------------------------------------------------------------------
 */

static __u64 clock_now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static __u64 clock_ahead(void)
{
	return clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
}

/* ---- asking -------------------------------------------------------------------------------------
 */

static void read_settings(const struct nicsw_arguments *arguments,
			  struct nicsw_capture_settings *ret)
{
	*ret = (struct nicsw_capture_settings){
		.what = NICSW_CAPTURE_ALL,
		.snap = NICSW_CAPTURE_SNAP,
		.drops = nicsw_given(arguments, NICSW_PARAMETER_CAPTURE_DROPS),
	};
	if (nicsw_given(arguments, NICSW_PARAMETER_CAPTURE_UPLINK))
		ret->what = NICSW_CAPTURE_UPLINK;
	if (nicsw_given(arguments, NICSW_PARAMETER_VPORT)) {
		ret->what = NICSW_CAPTURE_VPORT;
		ret->vport_id = nicsw_number(arguments, NICSW_PARAMETER_VPORT);
	}
	if (nicsw_given(arguments, NICSW_PARAMETER_CAPTURE_SNAP))
		ret->snap = nicsw_number(arguments, NICSW_PARAMETER_CAPTURE_SNAP);
}

/* Which port a slot is. */
static enum nicsw_exit learn_ports(struct capture *capture)
{
	struct nicsw_list list = {0};
	enum nicsw_exit exit = nicsw_ask_list(capture->cli, NICSW_CONTROL_STATS, NULL, &list);
	int code;

	if (exit)
		return exit;
	code = nicsw_capture_file_ports(&capture->file, list.answer.payload, list.count);
	nicsw_answer_clear(&list.answer);
	return code ? nicsw_bad_answer(capture->cli) : NICSW_EXIT_DONE;
}

static __u32 find_slot(const struct capture *capture, const struct nicsw_capture_settings *settings)
{
	const struct nicsw_capture_file *file = &capture->file;

	if (settings->what == NICSW_CAPTURE_UPLINK)
		return NICSW_SLOT_UPLINK;
	for (__u32 slot = 0; settings->what == NICSW_CAPTURE_VPORT && slot < file->num_ports;
	     slot++)
		if (file->ports[slot].known && file->ports[slot].vport_id == settings->vport_id)
			return slot;
	return NICSW_NONE;
}

static enum nicsw_exit map_ring(struct capture *capture)
{
	const struct nicsw_capture_started *started = capture->answer.payload;
	void *state;
	int code;

	if (capture->answer.num_fds != 2)
		return nicsw_bad_answer(capture->cli);
	code = nicsw_ring_open(capture->answer.fds[0], started->ring_size, &capture->ring);
	if (code)
		return nicsw_failed(capture->cli, "the ring of the capture: %s", strerror(-code));
	state = mmap(NULL, sizeof(*capture->state), PROT_READ, MAP_SHARED, capture->answer.fds[1],
		     0);
	if (state == MAP_FAILED)
		return nicsw_failed(capture->cli, "the state of the capture: %s", strerror(errno));
	capture->state = state;
	return NICSW_EXIT_DONE;
}

static enum nicsw_exit ask(struct capture *capture, const struct nicsw_capture_settings *settings)
{
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_CAPTURE,
		.in = settings,
		.in_length = sizeof(*settings),
		.out_length = sizeof(struct nicsw_capture_started),
	};
	enum nicsw_exit exit = nicsw_ask(capture->cli, &ask, sizeof(struct nicsw_capture_started),
					 &capture->answer);

	if (!exit)
		exit = map_ring(capture);
	if (!exit)
		exit = learn_ports(capture);
	return exit;
}

/* ---- copying ------------------------------------------------------------------------------------
 */

static enum nicsw_exit cannot_write(struct capture *capture, int code)
{
	return nicsw_failed(capture->cli, "cannot write the capture: %s", strerror(-code));
}

static bool is_enough(const struct capture *capture)
{
	return capture->most && capture->file.captured >= capture->most;
}

static enum nicsw_exit copy_record(struct capture *capture, const void *bytes, size_t length)
{
	const struct nicsw_capture_record *record;
	enum nicsw_exit exit = NICSW_EXIT_DONE;
	int code = nicsw_capture_file_check(bytes, length, &record);

	if (code)
		return nicsw_failed(capture->cli, "the ring holds what is no frame");
	if (!nicsw_capture_file_knows(&capture->file, record->ingress))
		exit = learn_ports(capture);
	if (exit)
		return exit;
	code = nicsw_capture_file_add(&capture->file, record);
	return code ? cannot_write(capture, code) : NICSW_EXIT_DONE;
}

/* What is in the ring now, and no more: who sends all the time must not keep us from stopping. */
static enum nicsw_exit copy_ring(struct capture *capture)
{
	__u64 end = nicsw_ring_end(&capture->ring);
	enum nicsw_exit exit = NICSW_EXIT_DONE;
	const void *bytes;
	size_t length;
	int more = 0;

	capture->file.clock = clock_ahead();
	while (!exit && !is_enough(capture)) {
		more = nicsw_ring_next(&capture->ring, end, &bytes, &length);
		if (more <= 0)
			break;
		exit = copy_record(capture, bytes, length);
		nicsw_ring_release(&capture->ring, length);
	}
	if (more < 0)
		return nicsw_failed(capture->cli, "the ring holds what is no frame");
	if (!exit && fflush(capture->file.stream))
		exit = cannot_write(capture, -errno);
	return exit;
}

static int daemon_fd(const struct capture *capture)
{
	return capture->cli->client ? nicsw_client_fd(capture->cli->client) : -1;
}

/* Until there are enough, somebody interrupts it, or nicswd ends. */
static enum nicsw_exit copy_all(struct capture *capture)
{
	struct pollfd sources[] = {{capture->answer.fds[0], POLLIN, 0},
				   {capture->signals, POLLIN, 0},
				   {daemon_fd(capture), POLLIN, 0}};

	for (;;) {
		enum nicsw_exit exit = copy_ring(capture);

		if (exit || is_enough(capture) || sources[1].revents)
			return exit;
		if (sources[2].revents) {
			nicsw_tell_error(capture->cli, 0, NULL, "nicswd closed the connection");
			return NICSW_EXIT_UNREACHABLE;
		}
		if (poll(sources, ARRAY_SIZE(sources), -1) < 0 && errno != EINTR)
			return nicsw_failed(capture->cli, "poll: %s", strerror(errno));
	}
}

/* ---- life ---------------------------------------------------------------------------------------
 */

static enum nicsw_exit open_file(struct capture *capture, const char *path)
{
	_cleanup_close_ int fd = -1;

	capture->file.stream = capture->cli->out;
	if (nicsw_streq(path, "-"))
		return NICSW_EXIT_DONE;
	/* Frames of others: for the owner only. */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	capture->own = fd < 0 ? NULL : fdopen(fd, "w");
	if (!capture->own)
		return nicsw_failed(capture->cli, "%s: %s", path, strerror(errno));
	TAKE_FD(fd);
	capture->file.stream = capture->own;
	return NICSW_EXIT_DONE;
}

static void catch_signals(struct capture *capture)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &capture->old);
	capture->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void release_signals(struct capture *capture)
{
	struct signalfd_siginfo info;

	if (capture->signals < 0)
		return;
	/* The ones that ended it are not to end the program after that. */
	while (read(capture->signals, &info, sizeof(info)) > 0)
		continue;
	close(capture->signals);
	sigprocmask(SIG_SETMASK, &capture->old, NULL);
}

static enum nicsw_exit write_file(struct capture *capture)
{
	int code = nicsw_capture_file_begin(&capture->file);
	enum nicsw_exit exit;

	if (!code && fflush(capture->file.stream))
		code = -errno;
	if (code)
		return cannot_write(capture, code);
	exit = copy_all(capture);
	if (exit == NICSW_EXIT_FAILED)
		return exit;
	code = nicsw_capture_file_end(&capture->file, clock_now(CLOCK_MONOTONIC),
				      __atomic_load_n(&capture->state->lost, __ATOMIC_RELAXED));
	if (!code && fflush(capture->file.stream))
		code = -errno;
	fprintf(capture->cli->err, "%llu frames captured, %llu lost.\n",
		(unsigned long long)capture->file.captured, (unsigned long long)capture->file.lost);
	return code ? cannot_write(capture, code) : exit;
}

static void clear(struct capture *capture)
{
	release_signals(capture);
	nicsw_capture_file_clear(&capture->file);
	nicsw_fclosep(&capture->own);
	nicsw_ring_close(&capture->ring);
	if (capture->state)
		munmap((void *)capture->state, sizeof(*capture->state));
	nicsw_answer_clear(&capture->answer);
	/* The capture lasts as long as the connection; so may objects that were made on it. */
	if (!capture->cli->options.release_on_exit)
		nicsw_client_finish(TAKE_PTR(capture->cli->client));
}

static enum nicsw_exit check_arguments(struct nicsw_cli *cli,
				       const struct nicsw_arguments *arguments, const char *path)
{
	if (!nicsw_given(arguments, NICSW_PARAMETER_VPORT) &&
	    !nicsw_given(arguments, NICSW_PARAMETER_CAPTURE_UPLINK) &&
	    !nicsw_given(arguments, NICSW_PARAMETER_CAPTURE_ALL)) {
		nicsw_tell_error(cli, 0, NULL, "capture what: vport N, uplink or all");
		return NICSW_EXIT_USAGE;
	}
	if (nicsw_streq(path, "-") && isatty(fileno(cli->out))) {
		nicsw_tell_error(cli, 0, NULL,
				 "a capture is not for a terminal: say -w FILE, or pipe it into "
				 "`tcpdump -r -`");
		return NICSW_EXIT_USAGE;
	}
	return NICSW_EXIT_DONE;
}

enum nicsw_exit nicsw_cmd_capture(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	const char *path = nicsw_given(arguments, NICSW_PARAMETER_CAPTURE_FILE)
				   ? arguments->values[NICSW_PARAMETER_CAPTURE_FILE].raw
				   : "-";
	_cleanup_(clear) struct capture capture = {.cli = cli, .signals = -1};
	enum nicsw_exit exit = check_arguments(cli, arguments, path);
	struct nicsw_capture_settings settings;

	if (exit)
		return exit;
	read_settings(arguments, &settings);
	capture.most = nicsw_number(arguments, NICSW_PARAMETER_CAPTURE_COUNT);
	catch_signals(&capture);
	exit = ask(&capture, &settings);
	if (exit)
		return exit;
	capture.file.snap = settings.snap;
	capture.file.slot = find_slot(&capture, &settings);
	exit = open_file(&capture, path);
	return exit ? exit : write_file(&capture);
}
