// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>

#include "cli/cli.h"

const char *nicsw_cli_adapter(const struct nicsw_cli *cli)
{
	const char *adapter = cli->options.adapter ? cli->options.adapter : getenv("NICSW_ADAPTER");

	return adapter ? adapter : "";
}

static const char *socket_path(const struct nicsw_cli *cli)
{
	const char *path = cli->options.socket ? cli->options.socket : getenv("NICSW_SOCKET");

	return path && *path ? path : NICSW_DEFAULT_SOCKET;
}

void nicsw_cli_clear(struct nicsw_cli *cli)
{
	nicsw_client_free(TAKE_PTR(cli->client));
	free(TAKE_PTR(cli->places.vport_ids));
	cli->places.count = 0;
}

/* ---- telling ------------------------------------------------------------------------------------
 */

/* The daemon's sentence, then in parentheses what a search in the NDIS documents needs. */
void nicsw_tell_error(struct nicsw_cli *cli, __u32 status, const char *rule, const char *text)
{
	bool has_rule = rule && *rule;

	fprintf(cli->err, "Error: %s", *text ? text : "the request was refused");
	if (status || has_rule)
		fprintf(cli->err, " (%s%s%s%s)", status ? nicsw_status_name(status) : "",
			status && has_rule ? ", " : "", has_rule ? "rule " : "",
			has_rule ? rule : "");
	fputs(".\n", cli->err);
}

enum nicsw_exit nicsw_failed(struct nicsw_cli *cli, const char *format, ...)
{
	va_list arguments;

	fputs("Error: ", cli->err);
	va_start(arguments, format);
	vfprintf(cli->err, format, arguments);
	va_end(arguments);
	fputs(".\n", cli->err);
	return NICSW_EXIT_FAILED;
}

enum nicsw_exit nicsw_bad_answer(struct nicsw_cli *cli)
{
	return nicsw_failed(cli, "the answer of nicswd is not of the expected form");
}

enum nicsw_exit nicsw_show(struct nicsw_cli *cli, struct nicsw_out *out,
			   enum nicsw_out_format text_format)
{
	enum nicsw_out_format json = cli->options.pretty ? NICSW_OUT_JSON_PRETTY : NICSW_OUT_JSON;
	int code = -ENOMEM;

	if (out)
		code = nicsw_out_print(out, cli->options.json ? json : text_format, cli->out);
	nicsw_out_free(out);
	return code ? nicsw_failed(cli, "cannot print: %s", strerror(-code)) : NICSW_EXIT_DONE;
}

/* ---- asking -------------------------------------------------------------------------------------
 */

int nicsw_call_daemon(struct nicsw_cli *cli, struct nicsw_wire_request *request, const void *in,
		      struct nicsw_answer *ret_answer, struct nicsw_error *error)
{
	int code = 0;

	if (!cli->client)
		code = nicsw_client_connect(socket_path(cli), &cli->client, error);
	if (code)
		return code;
	code = nicsw_client_call(cli->client, request, in, NICSW_CALL_TIMEOUT, ret_answer, error);
	if (code)
		nicsw_client_free(TAKE_PTR(cli->client));
	return code;
}

int nicsw_next_event_of_daemon(struct nicsw_cli *cli, struct nicsw_wire_event *ret_event,
			       struct nicsw_error *error)
{
	return nicsw_client_next_event(cli->client, ret_event, error);
}

enum nicsw_exit nicsw_ask_quietly(struct nicsw_cli *cli, const struct nicsw_ask *ask,
				  struct nicsw_answer *ret_answer)
{
	const char *owner = cli->options.owner ? cli->options.owner : "";
	struct nicsw_wire_request request;
	struct nicsw_error error = {0};

	nicsw_wire_begin_request(&request, ask->kind, ask->code, ask->in_length);
	request.type = ask->type;
	request.flags = ask->flags | (cli->options.force ? NICSW_WIRE_FORCE : 0);
	request.out_length = (__u32)ask->out_length;
	if (ask->of_vf)
		request.vf = ask->vf;
	nicsw_copy_text(request.adapter, sizeof(request.adapter),
			ask->adapter ? ask->adapter : nicsw_cli_adapter(cli));
	nicsw_copy_text(request.owner, sizeof(request.owner), owner);
	if (!cli->call(cli, &request, ask->in, ret_answer, &error))
		return NICSW_EXIT_DONE;
	nicsw_tell_error(cli, 0, NULL, error.text);
	return NICSW_EXIT_UNREACHABLE;
}

enum nicsw_exit nicsw_check_answer(struct nicsw_cli *cli, const struct nicsw_answer *answer,
				   size_t least)
{
	const struct nicsw_wire_reply *reply = &answer->reply;

	if (reply->status || reply->code) {
		nicsw_tell_error(cli, reply->status, reply->rule, reply->text);
		return NICSW_EXIT_FAILED;
	}
	if (reply->length < least)
		return nicsw_bad_answer(cli);
	if (*reply->text)
		fprintf(cli->err, "Warning: %s.\n", reply->text);
	return NICSW_EXIT_DONE;
}

enum nicsw_exit nicsw_ask(struct nicsw_cli *cli, const struct nicsw_ask *ask, size_t least,
			  struct nicsw_answer *ret_answer)
{
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = nicsw_ask_quietly(cli, ask, &answer);

	if (!code)
		code = nicsw_check_answer(cli, &answer, least);
	if (code)
		return code;
	*ret_answer = answer;
	answer = (struct nicsw_answer){0};
	return NICSW_EXIT_DONE;
}

enum nicsw_exit nicsw_tell(struct nicsw_cli *cli, const struct nicsw_ask *ask)
{
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};

	return nicsw_ask(cli, ask, 0, &answer);
}

enum nicsw_exit nicsw_ask_list(struct nicsw_cli *cli, enum nicsw_control control, const void *in,
			       struct nicsw_list *ret_list)
{
	const struct nicsw_wire_control *row = nicsw_wire_control(control);
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = control,
		.in = in,
		.in_length = row->request_size,
		.out_length = NICSW_WIRE_OUT_MAX,
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = nicsw_ask(cli, &ask, 0, &answer);

	if (code)
		return code;
	if (answer.reply.length % row->reply_size)
		return nicsw_bad_answer(cli);
	ret_list->count = answer.reply.length / row->reply_size;
	ret_list->answer = answer;
	answer = (struct nicsw_answer){0};
	return NICSW_EXIT_DONE;
}

int nicsw_answer_element(const struct nicsw_answer *answer, const struct ndis_elements *elements,
			 size_t index, size_t least, void *ret_element, size_t size)
{
	/* Three 32-bit values: the sum cannot wrap in 64 bits (GEN-30). */
	uint64_t offset = elements->first_element_offset + (uint64_t)elements->element_size * index;

	if (elements->element_size < least ||
	    offset + elements->element_size > answer->reply.length)
		return -EPROTO;
	memset(ret_element, 0, size);
	memcpy(ret_element, (const char *)answer->payload + offset,
	       MIN((size_t)elements->element_size, size));
	return 0;
}
