// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/hwemu.h>

#include "cli/command.h"
#include "core/text.h"

/* ---- read ---------------------------------------------------------------------------------------
 */

/* Bytes without blanks: what `pci write` takes back. */
static enum nicsw_exit print_read(struct nicsw_cli *cli,
				  const struct ndis_sriov_vf_config_space_parameters *parameters,
				  const void *bytes)
{
	static const struct nicsw_column columns[] = {
		{"vf_id", NULL, NICSW_OUT_NUMBER},
		{"offset", NULL, NICSW_OUT_NUMBER},
		{"data", "", NICSW_OUT_TEXT},
	};
	char hex[2 * NICSW_CONFIG_SIZE + 1];
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out) {
		nicsw_out_number(out, parameters->vf_id);
		nicsw_out_number(out, parameters->offset);
		nicsw_out_text(out, nicsw_format_hex(bytes, parameters->length, hex));
	}
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

enum nicsw_exit nicsw_cmd_pci_read(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct ndis_sriov_vf_config_space_parameters parameters = {
		.header = nicsw_header(
			1, NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS_REVISION_1),
		.vf_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
		.offset = nicsw_number(arguments, NICSW_PARAMETER_OFFSET),
		.length = nicsw_number(arguments, NICSW_PARAMETER_LENGTH),
		.buffer_offset = sizeof(parameters),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_READ_VF_CONFIG_SPACE,
		.type = NdisRequestMethod,
		.in = &parameters,
		.in_length = sizeof(parameters),
		.out_length = sizeof(parameters) + parameters.length,
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = nicsw_ask(cli, &ask, ask.out_length, &answer);

	if (code)
		return code;
	return print_read(cli, &parameters, (const char *)answer.payload + sizeof(parameters));
}

/* ---- write --------------------------------------------------------------------------------------
 */

enum nicsw_exit nicsw_cmd_pci_write(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct {
		struct ndis_sriov_vf_config_space_parameters parameters;
		__u8 bytes[NICSW_CONFIG_SIZE];
	} in = {
		.parameters =
			{
				.header = nicsw_header(
					1,
					NDIS_SIZEOF_SRIOV_WRITE_VF_CONFIG_SPACE_PARAMETERS_REVISION_1),
				.vf_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
				.offset = nicsw_number(arguments, NICSW_PARAMETER_OFFSET),
				.buffer_offset = sizeof(in.parameters),
			},
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_WRITE_VF_CONFIG_SPACE,
		.type = NdisRequestSetInformation,
		.in = &in,
	};
	size_t length = 0;

	nicsw_parse_hex(nicsw_raw(arguments, NICSW_PARAMETER_DATA), in.bytes, sizeof(in.bytes),
			&length);
	in.parameters.length = (__u32)length;
	ask.in_length = sizeof(in.parameters) + length;
	return nicsw_tell(cli, &ask);
}

/* ---- dump ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column dump_columns[] = {
	{"function_id", NULL, NICSW_OUT_NAME},
	{"rid", NULL, NICSW_OUT_HEX},
	{"address", NULL, NICSW_OUT_TEXT},
	{"config", NULL, NICSW_OUT_TEXT},
};

static void dump_row(struct nicsw_out *out, const struct nicsw_function_image *image)
{
	char hex[2 * NICSW_CONFIG_SIZE + 1];

	nicsw_function_cell(out, image->function);
	nicsw_out_number(out, image->rid);
	nicsw_address_cell(out, image->rid);
	nicsw_out_text(out, nicsw_format_hex(image->config, sizeof(image->config), hex));
}

/* Text is what lspci reads, so it is not made by the table; rows are collected for JSON only. */
static enum nicsw_exit dump_one(struct nicsw_cli *cli, __u32 function, struct nicsw_out *out)
{
	struct nicsw_function_query query = {function};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_FUNCTION_DUMP, &query, &list);
	const struct nicsw_function_image *image = list.answer.payload;
	int failed;

	answer = list.answer;
	if (code)
		return code;
	if (list.count != 1)
		return nicsw_bad_answer(cli);
	if (out) {
		dump_row(out, image);
		return NICSW_EXIT_DONE;
	}
	failed = nicsw_dump_function(cli->out, image->rid, image->config);
	return failed ? nicsw_failed(cli, "cannot print: %s", strerror(-failed)) : NICSW_EXIT_DONE;
}

/* The PF, then every VF that is visible on PCIe. */
static enum nicsw_exit dump_all(struct nicsw_cli *cli, struct nicsw_out *out)
{
	struct nicsw_adapter_status status;
	enum nicsw_exit code = nicsw_find_adapter(cli, &status);

	if (!code)
		code = dump_one(cli, NICSW_FUNCTION_PF, out);
	for (__u32 vf = 0; !code && vf < status.num_vfs; vf++)
		code = dump_one(cli, vf, out);
	return code;
}

static enum nicsw_exit dump_functions(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments,
				      struct nicsw_out *out)
{
	if (nicsw_given(arguments, NICSW_PARAMETER_PF))
		return dump_one(cli, NICSW_FUNCTION_PF, out);
	if (nicsw_given(arguments, NICSW_PARAMETER_VF))
		return dump_one(cli, nicsw_number(arguments, NICSW_PARAMETER_VF), out);
	return dump_all(cli, out);
}

enum nicsw_exit nicsw_cmd_pci_dump(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = NULL;
	enum nicsw_exit code;

	if (!cli->options.json)
		return dump_functions(cli, arguments, NULL);
	if (nicsw_out_new(dump_columns, ARRAY_SIZE(dump_columns), &out))
		return nicsw_failed(cli, "no memory");
	code = dump_functions(cli, arguments, out);
	return code ? code : nicsw_show(cli, TAKE_PTR(out), NICSW_OUT_TABLE);
}
