// SPDX-License-Identifier: GPL-2.0-only
/* Live events, one on a line. */
#include <time.h>

#include "cli/command.h"

/* "2026-11-22T15:04:05.123Z" */
static void time_cell(struct nicsw_out *out, __u64 time)
{
	time_t seconds = (time_t)(time / 1000000000);
	char date[32], text[48];
	struct tm broken;

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &broken));
	snprintf(text, sizeof(text), "%s.%03uZ", date, (unsigned int)(time % 1000000000 / 1000000));
	nicsw_out_text(out, text);
}

static void number_cell(struct nicsw_out *out, __u64 number, __u64 none)
{
	if (number == none)
		nicsw_out_null(out);
	else
		nicsw_out_number(out, number);
}

static void word_cell(struct nicsw_out *out, const char *text)
{
	if (*text)
		nicsw_out_text(out, text);
	else
		nicsw_out_null(out);
}

#define X(name) +1
enum { FIGURES = 0 NICSW_CAPABILITY_FIGURES(X), EVENT_COLUMNS = 9 + FIGURES };
#undef X

static void event_cells(struct nicsw_out *out, const struct nicsw_wire_event *event)
{
	const bool blocks = event->event == NICSW_EVENT_BLOCK_INVALIDATE;
	const char *name = nicsw_event_name(event->event);

	time_cell(out, event->time);
	word_cell(out, event->adapter);
	nicsw_out_text(out, name ? name : "unknown");
	number_cell(out, event->filter_id, NICSW_NONE);
	number_cell(out, event->vport_id, NICSW_NONE);
	number_cell(out, event->vf_id, NICSW_NONE);
	word_cell(out, event->state);
	number_cell(out, blocks ? event->count : 0, 0);
	number_cell(out, blocks ? 0 : event->count, 0);
#define X(name)                                                                                    \
	if (event->event == NICSW_EVENT_CAPABILITY)                                                \
		nicsw_out_number(out, event->capability.name);                                     \
	else                                                                                       \
		nicsw_out_null(out);
	NICSW_CAPABILITY_FIGURES(X)
#undef X
}

/* Keys are always there; on the line of text only what the event has. */
static struct nicsw_out *event_out(const struct nicsw_wire_event *event,
				   struct nicsw_column columns[EVENT_COLUMNS])
{
	const bool blocks = event->event == NICSW_EVENT_BLOCK_INVALIDATE;
	const struct nicsw_column wanted[EVENT_COLUMNS] = {
		{"time", "", NICSW_OUT_TEXT},
		{"adapter", *event->adapter ? "" : NULL, NICSW_OUT_TEXT},
		{"event", "", NICSW_OUT_TEXT},
		{"filter_id", event->filter_id == NICSW_NONE ? NULL : "filter", NICSW_OUT_NUMBER},
		{"vport_id", event->vport_id == NICSW_NONE ? NULL : "vport", NICSW_OUT_NUMBER},
		{"vf_id", event->vf_id == NICSW_NONE ? NULL : "vf", NICSW_OUT_NUMBER},
		{"state", *event->state ? "" : NULL, NICSW_OUT_TEXT},
		{"blocks", blocks ? "blocks" : NULL, NICSW_OUT_HEX},
		{"count", !blocks && event->count ? "" : NULL, NICSW_OUT_NUMBER},
#define X(name) {#name, event->event == NICSW_EVENT_CAPABILITY ? #name : NULL, NICSW_OUT_NUMBER},
		NICSW_CAPABILITY_FIGURES(X)
#undef X
	};
	struct nicsw_out *out = NULL;

	memcpy(columns, wanted, sizeof(wanted));
	nicsw_out_new(columns, EVENT_COLUMNS, &out);
	if (out)
		event_cells(out, event);
	return out;
}

/* One object on a line, where a table is an array of them. */
static int print_object(const struct nicsw_out *out, FILE *stream)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	char *end;
	int code;

	if (!memory)
		return -ENOMEM;
	code = nicsw_out_print(out, NICSW_OUT_JSON, memory);
	if (fclose(memory) && !code)
		code = -ENOMEM;
	if (code)
		return code;
	end = strrchr(text, ']');
	if (*text != '[' || !end)
		return -EIO;
	fprintf(stream, "%.*s\n", (int)(end - text - 1), text + 1);
	return ferror(stream) ? -EIO : 0;
}

static int print_event(struct nicsw_cli *cli, const struct nicsw_wire_event *event)
{
	struct nicsw_column columns[EVENT_COLUMNS];
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = event_out(event, columns);
	int code = -ENOMEM;

	if (out)
		code = cli->options.json ? print_object(out, cli->out)
					 : nicsw_out_print(out, NICSW_OUT_LINE, cli->out);
	if (!code && fflush(cli->out))
		code = -errno;
	return code;
}

/* The daemon ends it, or the user. */
enum nicsw_exit nicsw_cmd_monitor(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_ask ask = {.kind = NICSW_WIRE_CONTROL, .code = NICSW_CONTROL_SUBSCRIBE};
	enum nicsw_exit exit = nicsw_tell(cli, &ask);
	struct nicsw_error error = {0};
	struct nicsw_wire_event event;
	int code = 0;

	cli->options.json |= nicsw_given(arguments, NICSW_PARAMETER_JSON);
	while (!exit && !code) {
		if (cli->next_event(cli, &event, &error)) {
			nicsw_tell_error(cli, 0, NULL, error.text);
			return NICSW_EXIT_UNREACHABLE;
		}
		code = print_event(cli, &event);
	}
	return code ? nicsw_failed(cli, "cannot print: %s", strerror(-code)) : exit;
}
