// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/blocks.h>

#include "cli/command.h"
#include "core/text.h"

/* What a request carries: the structure of both OIDs, then the bytes. */
struct block {
	struct ndis_sriov_vf_config_block_parameters parameters;
	__u8 bytes[NICSW_BLOCK_SIZE];
};

/* A block that does not exist is the daemon's to refuse (BLK-4). */
static __u32 block_length(__u32 id)
{
	switch (id) {
#define X(number, NAME, name, length, access)                                                      \
	case number:                                                                               \
		return length;
		NICSW_CONFIG_BLOCKS(X)
#undef X
	}
	return NICSW_BLOCK_SIZE;
}

static void begin_block(const struct nicsw_arguments *arguments, struct block *ret_block)
{
	*ret_block = (struct block){
		.parameters =
			{
				.header = nicsw_header(
					1,
					NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS_REVISION_1),
				.vf_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
				.block_id = nicsw_number(arguments, NICSW_PARAMETER_BLOCK_ID),
				.length = nicsw_number(arguments, NICSW_PARAMETER_BLOCK_LENGTH),
				.buffer_offset = offsetof(struct block, bytes),
			},
	};
}

/* ---- read ---------------------------------------------------------------------------------------
 */

static enum nicsw_exit print_block(struct nicsw_cli *cli, const struct block *block)
{
	static const struct nicsw_column columns[] = {
		{"vf_id", NULL, NICSW_OUT_NUMBER},
		{"block_id", NULL, NICSW_OUT_NUMBER},
		{"data", "", NICSW_OUT_TEXT},
	};
	char hex[2 * NICSW_BLOCK_SIZE + 1];
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out) {
		nicsw_out_number(out, block->parameters.vf_id);
		nicsw_out_number(out, block->parameters.block_id);
		nicsw_out_text(out, nicsw_format_hex(block->bytes, block->parameters.length, hex));
	}
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

static enum nicsw_exit read_block(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct block block;
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_READ_VF_CONFIG_BLOCK,
		.type = NdisRequestMethod,
		.in = &block,
		.in_length = sizeof(block.parameters),
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code;

	begin_block(arguments, &block);
	if (!nicsw_given(arguments, NICSW_PARAMETER_BLOCK_LENGTH))
		block.parameters.length = block_length(block.parameters.block_id);
	ask.out_length = sizeof(block.parameters) + block.parameters.length;
	code = nicsw_ask(cli, &ask, ask.out_length, &answer);
	if (code)
		return code;
	memcpy(block.bytes, (const char *)answer.payload + sizeof(block.parameters),
	       block.parameters.length);
	return print_block(cli, &block);
}

/* ---- write --------------------------------------------------------------------------------------
 */

static enum nicsw_exit write_block(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	const char *data = nicsw_raw(arguments, NICSW_PARAMETER_BLOCK_DATA);
	struct block block;
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_WRITE_VF_CONFIG_BLOCK,
		.type = NdisRequestSetInformation,
		.in = &block,
	};
	size_t length = 0;

	begin_block(arguments, &block);
	nicsw_parse_hex(data, block.bytes, sizeof(block.bytes), &length);
	block.parameters.length = (__u32)length;
	ask.in_length = sizeof(block.parameters) + length;
	return nicsw_tell(cli, &ask);
}

/* ---- invalidate ---------------------------------------------------------------------------------
 */

/* The PF's side of it has no OID: NdisMInvalidateConfigBlock() is a call of the driver (INVAL-1).
 */
static enum nicsw_exit invalidate_block(struct nicsw_cli *cli,
					const struct nicsw_arguments *arguments)
{
	struct nicsw_block_invalidate invalidate = {
		.vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF),
		.block_id = nicsw_number(arguments, NICSW_PARAMETER_BLOCK_ID),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_BLOCK_INVALIDATE,
		.in = &invalidate,
		.in_length = sizeof(invalidate),
	};

	return nicsw_tell(cli, &ask);
}

/* ---- which --------------------------------------------------------------------------------------
 */

enum block_command { BLOCK_READ, BLOCK_WRITE, BLOCK_INVALIDATE };

static enum nicsw_exit usage(struct nicsw_cli *cli, const char *text)
{
	nicsw_tell_error(cli, 0, NULL, text);
	return NICSW_EXIT_USAGE;
}

/* Which words belong together depends on the command. */
static const char *wrong_words(const struct nicsw_arguments *arguments, enum block_command command)
{
	const char *data = nicsw_raw(arguments, NICSW_PARAMETER_BLOCK_DATA);
	bool length_given = nicsw_given(arguments, NICSW_PARAMETER_BLOCK_LENGTH);
	__u32 length = nicsw_number(arguments, NICSW_PARAMETER_BLOCK_LENGTH);

	if (command == BLOCK_WRITE && !data)
		return "data HEX is missing";
	if (command != BLOCK_WRITE && data)
		return "data HEX is for write only";
	if (command == BLOCK_WRITE && length_given && strlen(data) / 2 != length)
		return "length L and the number of bytes in HEX differ";
	if (command == BLOCK_INVALIDATE && length_given)
		return "length L is not for invalidate: a block is invalid as a whole";
	return NULL;
}

enum nicsw_exit nicsw_cmd_pci_block(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	enum block_command command = nicsw_number(arguments, NICSW_PARAMETER_BLOCK_COMMAND);
	const char *wrong = wrong_words(arguments, command);

	if (wrong)
		return usage(cli, wrong);
	if (command == BLOCK_READ)
		return read_block(cli, arguments);
	return command == BLOCK_WRITE ? write_block(cli, arguments)
				      : invalidate_block(cli, arguments);
}
