// SPDX-License-Identifier: GPL-2.0-only
/* Two OIDs that only NDIS issues (GEN-24): what a probe of a VF's BARs reads, and the VF's share.
 */
#include <linux/pci_regs.h>

#include "cli/command.h"

enum { BARS = NDIS_PCI_TYPE0_ADDRESSES };

struct probe {
	struct ndis_sriov_probed_bars_info info;
	__u32 values[BARS];
};

struct share {
	struct ndis_sriov_bar_resources_info info;
	struct ndis_cm_partial_resource_descriptor descriptor;
};

/* ---- asking -------------------------------------------------------------------------------------
 */

/* PBARS-11: although a query, it brings the offset of the values. */
static enum nicsw_exit ask_probe(struct nicsw_cli *cli, struct probe *ret_probe)
{
	struct probe probe = {
		.info = {.header = nicsw_header(1, NDIS_SIZEOF_SRIOV_PROBED_BARS_INFO_REVISION_1),
			 .base_register_values_offset = offsetof(struct probe, values)},
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_PROBED_BARS,
		.type = NdisRequestQueryInformation,
		.flags = NICSW_WIRE_AS_NDIS,
		.in = &probe,
		.in_length = sizeof(probe),
		.out_length = sizeof(probe),
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = nicsw_ask(cli, &ask, sizeof(probe), &answer);

	if (!code)
		memcpy(ret_probe, answer.payload, sizeof(*ret_probe));
	return code;
}

static enum nicsw_exit ask_share(struct nicsw_cli *cli, __u32 vf, __u16 bar,
				 struct share *ret_share)
{
	struct share share = {
		.info = {.header = nicsw_header(1, NDIS_SIZEOF_SRIOV_BAR_RESOURCES_INFO_REVISION_1),
			 .vf_id = (__u16)vf,
			 .bar_index = bar,
			 .bar_resources_offset = offsetof(struct share, descriptor)},
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_BAR_RESOURCES,
		.type = NdisRequestMethod,
		.flags = NICSW_WIRE_AS_NDIS,
		.in = &share,
		.in_length = sizeof(share),
		.out_length = sizeof(share),
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code = nicsw_ask(cli, &ask, sizeof(share), &answer);

	if (!code)
		memcpy(ret_share, answer.payload, sizeof(*ret_share));
	return code;
}

/* ---- showing ------------------------------------------------------------------------------------
 */

static const struct nicsw_column bar_columns[] = {
	{"vf_id", NULL, NICSW_OUT_NUMBER},
	{"bar", "BAR", NICSW_OUT_NUMBER},
	{"probed", "PROBED", NICSW_OUT_HEX},
	{"width", "BITS", NICSW_OUT_NUMBER},
	{"prefetchable", "PREFETCHABLE", NICSW_OUT_BOOL},
	{"size", "SIZE", NICSW_OUT_NUMBER},
	{"start", "START", NICSW_OUT_HEX},
	{"length", "LENGTH", NICSW_OUT_NUMBER},
};

static bool is_64bit(__u32 value)
{
	return (value & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;
}

/* PBARS-9: the next element holds the high half. */
static __u64 probed_value(const struct probe *probe, __u32 bar)
{
	__u64 value = probe->values[bar];

	if (is_64bit(probe->values[bar]) && bar + 1 < BARS)
		value |= (__u64)probe->values[bar + 1] << 32;
	return value;
}

/* The lowest address bit that can be set. */
static __u64 probed_size(const struct probe *probe, __u32 bar)
{
	__u64 mask = probed_value(probe, bar) & ~(__u64)0xf;

	return mask & -mask;
}

static void bar_row(struct nicsw_out *out, const struct probe *probe, __u32 bar,
		    const struct ndis_cm_partial_resource_descriptor *share)
{
	__u32 value = probe->values[bar];

	nicsw_out_number(out, bar);
	nicsw_out_number(out, probed_value(probe, bar));
	nicsw_out_number(out, is_64bit(value) ? 64 : 32);
	nicsw_out_bool(out, value & PCI_BASE_ADDRESS_MEM_PREFETCH);
	nicsw_out_number(out, probed_size(probe, bar));
	nicsw_out_number(out, share->start);
	nicsw_out_number(out, share->length);
}

static enum nicsw_exit bar_rows(struct nicsw_cli *cli, __u32 vf, const struct probe *probe,
				struct nicsw_out *out)
{
	for (__u16 bar = 0; bar < BARS; bar++) {
		struct share share;
		enum nicsw_exit code;

		if (!probe->values[bar]) /* PBARS-6 */
			continue;
		code = ask_share(cli, vf, bar, &share);
		if (code)
			return code;
		nicsw_out_number(out, vf);
		bar_row(out, probe, bar, &share.descriptor);
		bar += is_64bit(probe->values[bar]);
	}
	return NICSW_EXIT_DONE;
}

enum nicsw_exit nicsw_cmd_pci_bars(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = NULL;
	struct probe probe;
	enum nicsw_exit code = ask_probe(cli, &probe);

	if (code)
		return code;
	if (nicsw_out_new(bar_columns, ARRAY_SIZE(bar_columns), &out))
		return nicsw_failed(cli, "no memory");
	code = bar_rows(cli, nicsw_number(arguments, NICSW_PARAMETER_VF), &probe, out);
	return code ? code : nicsw_show(cli, TAKE_PTR(out), NICSW_OUT_TABLE);
}
