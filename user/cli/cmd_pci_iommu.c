// SPDX-License-Identifier: GPL-2.0-only
#include <nicsw/iommu.h>

#include "cli/command.h"

/* ---- JSON ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column iommu_columns[] = {
	{"vf_id", NULL, NICSW_OUT_NUMBER},      {"rid", NULL, NICSW_OUT_NUMBER},
	{"num_faults", NULL, NICSW_OUT_NUMBER}, {"pending", NULL, NICSW_OUT_NUMBER},
	{"mappings", NULL, NICSW_OUT_ROWS},     {"vectors", NULL, NICSW_OUT_ROWS},
	{"faults", NULL, NICSW_OUT_ROWS},
};

static struct nicsw_out *mapping_rows(const struct nicsw_iommu_record *record)
{
	static const struct nicsw_column columns[] = {
		{"iova", NULL, NICSW_OUT_NUMBER},    {"length", NULL, NICSW_OUT_NUMBER},
		{"address", NULL, NICSW_OUT_NUMBER}, {"read", NULL, NICSW_OUT_BOOL},
		{"write", NULL, NICSW_OUT_BOOL},
	};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (size_t i = 0; out && i < NICSW_IOMMU_MAPPINGS; i++) {
		const struct nicsw_iommu_mapping *mapping = &record->mappings[i];

		if (!mapping->permissions)
			continue;
		nicsw_out_number(out, mapping->iova);
		nicsw_out_number(out, mapping->length);
		nicsw_out_number(out, mapping->address);
		nicsw_out_bool(out, mapping->permissions & NICSW_IOMMU_READ);
		nicsw_out_bool(out, mapping->permissions & NICSW_IOMMU_WRITE);
	}
	return out;
}

static struct nicsw_out *vector_rows(const struct nicsw_iommu_record *record)
{
	static const struct nicsw_column columns[] = {
		{"vector", NULL, NICSW_OUT_NUMBER},
		{"target", NULL, NICSW_OUT_NUMBER},
		{"masked", NULL, NICSW_OUT_BOOL},
	};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (size_t i = 0; out && i < NICSW_MSIX_VF_VECTORS; i++) {
		nicsw_out_number(out, i);
		if (record->interrupts[i].present)
			nicsw_out_number(out, record->interrupts[i].target);
		else
			nicsw_out_null(out);
		nicsw_out_bool(out, !record->msix[i].unmasked);
	}
	return out;
}

/* The oldest that is kept comes first. */
static struct nicsw_out *fault_rows(const struct nicsw_iommu_record *record)
{
	static const struct nicsw_column columns[] = {
		{"iova", NULL, NICSW_OUT_NUMBER},
		{"rid", NULL, NICSW_OUT_NUMBER},
		{"reason", NULL, NICSW_OUT_TEXT},
	};
	__u64 kept = MIN(record->num_faults, (__u64)NICSW_IOMMU_FAULTS);
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	for (__u64 i = record->num_faults - kept; out && i < record->num_faults; i++) {
		const struct nicsw_iommu_fault *fault = &record->faults[i % NICSW_IOMMU_FAULTS];
		const char *reason = nicsw_iommu_reason_text(fault->reason);

		nicsw_out_number(out, fault->iova);
		nicsw_out_number(out, fault->rid);
		nicsw_out_text(out, reason ? reason : "unknown");
	}
	return out;
}

static enum nicsw_exit show_json(struct nicsw_cli *cli, const struct nicsw_iommu_image *image)
{
	struct nicsw_out *out = NULL;

	nicsw_out_new(iommu_columns, ARRAY_SIZE(iommu_columns), &out);
	if (out) {
		nicsw_out_number(out, image->vf_id);
		nicsw_out_number(out, image->rid);
		nicsw_out_number(out, image->record.num_faults);
		nicsw_out_number(out, image->record.pending);
		nicsw_out_rows(out, mapping_rows(&image->record));
		nicsw_out_rows(out, vector_rows(&image->record));
		nicsw_out_rows(out, fault_rows(&image->record));
	}
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

/* ---- show ---------------------------------------------------------------------------------------
 */

static enum nicsw_exit show_text(struct nicsw_cli *cli, const struct nicsw_iommu_image *image)
{
	int code = nicsw_iommu_print(cli->out, &image->record, image->rid);

	return code ? nicsw_failed(cli, "cannot print: %s", strerror(-code)) : NICSW_EXIT_DONE;
}

static enum nicsw_exit show(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_function_query query = {nicsw_number(arguments, NICSW_PARAMETER_VF)};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_IOMMU, &query, &list);

	answer = list.answer;
	if (code)
		return code;
	if (list.count != 1)
		return nicsw_bad_answer(cli);
	return cli->options.json ? show_json(cli, answer.payload) : show_text(cli, answer.payload);
}

/* ---- map, unmap ---------------------------------------------------------------------------------
 */

static enum nicsw_exit map(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	/* In the order of the words. */
	static const __u32 permissions[] = {NICSW_IOMMU_READ, NICSW_IOMMU_WRITE,
					    NICSW_IOMMU_READ | NICSW_IOMMU_WRITE};
	__u32 access = nicsw_given(arguments, NICSW_PARAMETER_ACCESS)
			       ? nicsw_number(arguments, NICSW_PARAMETER_ACCESS)
			       : ARRAY_SIZE(permissions) - 1;
	struct nicsw_iommu_map map = {
		.vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF),
		.permissions = permissions[access],
		.iova = arguments->values[NICSW_PARAMETER_IOVA].number,
		.length = arguments->values[NICSW_PARAMETER_IOMMU_LENGTH].number,
		.address = arguments->values[NICSW_PARAMETER_ADDRESS].number,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_IOMMU_MAP,
		.in = &map,
		.in_length = sizeof(map),
	};

	return nicsw_tell(cli, &ask);
}

static enum nicsw_exit unmap(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_iommu_unmap unmap = {
		.vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF),
		.iova = arguments->values[NICSW_PARAMETER_IOVA].number,
		.length = arguments->values[NICSW_PARAMETER_IOMMU_LENGTH].number,
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_IOMMU_UNMAP,
		.in = &unmap,
		.in_length = sizeof(unmap),
	};

	return nicsw_tell(cli, &ask);
}

/* ---- which --------------------------------------------------------------------------------------
 */

enum iommu_command { IOMMU_MAP, IOMMU_UNMAP, IOMMU_SHOW };

/* Which words belong together depends on the command: bit n of `needs` and `takes` is command n. */
static const struct {
	enum nicsw_parameter_id id;
	__u32 needs, takes;
	const char *missing, *unexpected;
} words[] = {
	{NICSW_PARAMETER_IOVA, 1 << IOMMU_MAP | 1 << IOMMU_UNMAP, 1 << IOMMU_MAP | 1 << IOMMU_UNMAP,
	 "iova A is missing", "iova A is for map and unmap only"},
	{NICSW_PARAMETER_IOMMU_LENGTH, 1 << IOMMU_MAP | 1 << IOMMU_UNMAP,
	 1 << IOMMU_MAP | 1 << IOMMU_UNMAP, "length L is missing",
	 "length L is for map and unmap only"},
	{NICSW_PARAMETER_ADDRESS, 1 << IOMMU_MAP, 1 << IOMMU_MAP, "to B is missing",
	 "to B is for map only"},
	{NICSW_PARAMETER_ACCESS, 0, 1 << IOMMU_MAP, NULL, "read, write and both are for map only"},
};

static const char *wrong_words(const struct nicsw_arguments *arguments, enum iommu_command command)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		bool given = nicsw_given(arguments, words[i].id);

		if (!given && (words[i].needs >> command & 1))
			return words[i].missing;
		if (given && !(words[i].takes >> command & 1))
			return words[i].unexpected;
	}
	return NULL;
}

enum nicsw_exit nicsw_cmd_pci_iommu(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	static nicsw_handler *const handlers[] = {
		[IOMMU_MAP] = map, [IOMMU_UNMAP] = unmap, [IOMMU_SHOW] = show};
	enum iommu_command command =
		nicsw_given(arguments, NICSW_PARAMETER_IOMMU_COMMAND)
			? nicsw_number(arguments, NICSW_PARAMETER_IOMMU_COMMAND)
			: IOMMU_SHOW;
	const char *wrong = wrong_words(arguments, command);

	if (wrong) {
		nicsw_tell_error(cli, 0, NULL, wrong);
		return NICSW_EXIT_USAGE;
	}
	return handlers[command](cli, arguments);
}
