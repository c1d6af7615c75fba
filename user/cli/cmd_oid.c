// SPDX-License-Identifier: GPL-2.0-only
/* OIDs as they are: the caller's bytes in, the adapter's bytes out, whatever its answer is. */
#include "cli/command.h"
#include "core/text.h"

/* ---- list ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column list_columns[] = {
	{"oid", "OID", NICSW_OUT_TEXT},       {"code", "CODE", NICSW_OUT_HEX},
	{"query", "QUERY", NICSW_OUT_BOOL},   {"set", "SET", NICSW_OUT_BOOL},
	{"method", "METHOD", NICSW_OUT_BOOL},
};

enum nicsw_exit nicsw_cmd_oid_list(struct nicsw_cli *cli,
				   const struct nicsw_arguments *arguments _unused_)
{
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_OID_LIST, NULL, &list);
	const struct nicsw_oid_support *oids = list.answer.payload;
	struct nicsw_out *out = NULL;

	if (code)
		return code;
	nicsw_out_new(list_columns, ARRAY_SIZE(list_columns), &out);
	for (size_t i = 0; out && i < list.count; i++) {
		const char *name = nicsw_oid_name(oids[i].oid);

		nicsw_out_text(out, name ? name : "unknown");
		nicsw_out_number(out, oids[i].oid);
		nicsw_out_bool(out, oids[i].kinds & NDIS_KIND_QUERY);
		nicsw_out_bool(out, oids[i].kinds & NDIS_KIND_SET);
		nicsw_out_bool(out, oids[i].kinds & NDIS_KIND_METHOD);
	}
	nicsw_answer_clear(&list.answer);
	return nicsw_show(cli, out, NICSW_OUT_TABLE);
}

/* ---- the information buffer ---------------------------------------------------------------------
 */

struct buffer {
	size_t length;
	char bytes[NICSW_WIRE_IN_MAX + 1]; /* one more: a longer file is noticed */
};

static enum nicsw_exit read_file(struct nicsw_cli *cli, const char *path, struct buffer *buffer)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");

	if (!file)
		return nicsw_failed(cli, "cannot open %s: %s", path, strerror(errno));
	buffer->length = fread(buffer->bytes, 1, sizeof(buffer->bytes), file);
	if (ferror(file))
		return nicsw_failed(cli, "cannot read %s: %s", path, strerror(errno));
	if (buffer->length > NICSW_WIRE_IN_MAX)
		return nicsw_failed(cli, "%s is over %u bytes", path, NICSW_WIRE_IN_MAX);
	return NICSW_EXIT_DONE;
}

static enum nicsw_exit read_source(struct nicsw_cli *cli, const char *source, struct buffer *buffer)
{
	if (!source)
		return NICSW_EXIT_DONE;
	if (*source == '@')
		return read_file(cli, source + 1, buffer);
	/* The form was checked with the arguments. */
	return nicsw_parse_hex(source, buffer->bytes, NICSW_WIRE_IN_MAX, &buffer->length)
		       ? NICSW_EXIT_USAGE
		       : NICSW_EXIT_DONE;
}

/* ---- query, set, method -------------------------------------------------------------------------
 */

enum { DEFAULT_OUT_LENGTH = 4096 };

static const struct nicsw_column answer_columns[] = {
	{"oid", NULL, NICSW_OUT_TEXT},
	{"code", NULL, NICSW_OUT_NUMBER},
	{"status", "status", NICSW_OUT_TEXT},
	{"status_code", NULL, NICSW_OUT_NUMBER},
	{"bytes_read", "bytes_read", NICSW_OUT_NUMBER},
	{"bytes_written", "bytes_written", NICSW_OUT_NUMBER},
	{"bytes_needed", "bytes_needed", NICSW_OUT_NUMBER},
	{"supported_revision", "supported_revision", NICSW_OUT_NUMBER},
	{"output", "output", NICSW_OUT_TEXT},
};

static void output_cell(struct nicsw_out *out, const struct nicsw_answer *answer)
{
	size_t length = answer->reply.length;
	_cleanup_free_ char *hex = malloc(2 * length + 1);

	if (hex && length)
		nicsw_out_text(out, nicsw_format_hex(answer->payload, length, hex));
	else
		nicsw_out_null(out);
}

/* A refusal is an answer, too: BytesNeeded is what a caller wants to see of it (GEN-3). */
static enum nicsw_exit print_answer(struct nicsw_cli *cli, __u32 oid,
				    const struct nicsw_answer *answer)
{
	const struct nicsw_wire_reply *reply = &answer->reply;
	const char *name = nicsw_oid_name(oid);
	struct nicsw_out *out = NULL;

	nicsw_out_new(answer_columns, ARRAY_SIZE(answer_columns), &out);
	if (out) {
		nicsw_out_text(out, name ? name : "unknown");
		nicsw_out_number(out, oid);
		nicsw_out_text(out, nicsw_status_name(reply->status));
		nicsw_out_number(out, reply->status);
		nicsw_out_number(out, reply->bytes_read);
		nicsw_out_number(out, reply->bytes_written);
		nicsw_out_number(out, reply->bytes_needed);
		nicsw_out_number(out, reply->supported_revision);
		output_cell(out, answer);
	}
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

static enum nicsw_exit issue(struct nicsw_cli *cli, const struct nicsw_ask *ask)
{
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = nicsw_ask_quietly(cli, ask, &answer);

	if (!code)
		code = print_answer(cli, ask->code, &answer);
	return code ? code : nicsw_check_answer(cli, &answer, 0);
}

static enum nicsw_exit run(struct nicsw_cli *cli, const struct nicsw_arguments *arguments,
			   enum ndis_request_type type)
{
	_cleanup_free_ struct buffer *buffer = calloc(1, sizeof(*buffer));
	bool as_ndis = nicsw_given(arguments, NICSW_PARAMETER_AS_NDIS);
	bool of_vf = nicsw_given(arguments, NICSW_PARAMETER_TARGET_VF);
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = nicsw_number(arguments, NICSW_PARAMETER_OID),
		.type = type,
		.flags = as_ndis ? NICSW_WIRE_AS_NDIS : 0,
		.of_vf = of_vf,
		.vf = nicsw_number(arguments, NICSW_PARAMETER_TARGET_VF),
		.out_length = type == NdisRequestSetInformation ? 0 : DEFAULT_OUT_LENGTH,
	};
	enum nicsw_exit code;

	if (!buffer)
		return nicsw_failed(cli, "no memory");
	code = read_source(cli, nicsw_raw(arguments, NICSW_PARAMETER_IN), buffer);
	if (code)
		return code;
	ask.in = buffer->bytes;
	ask.in_length = buffer->length;
	if (nicsw_given(arguments, NICSW_PARAMETER_OUT_LENGTH))
		ask.out_length = nicsw_number(arguments, NICSW_PARAMETER_OUT_LENGTH);
	return issue(cli, &ask);
}

enum nicsw_exit nicsw_cmd_oid_query(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	return run(cli, arguments, NdisRequestQueryInformation);
}

enum nicsw_exit nicsw_cmd_oid_set(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	return run(cli, arguments, NdisRequestSetInformation);
}

enum nicsw_exit nicsw_cmd_oid_method(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	return run(cli, arguments, NdisRequestMethod);
}
