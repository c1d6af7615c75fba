// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

static const char *const reason_names[] = {
#define X(number, NAME, name, side, rule, text) [number] = #name,
	NICSW_REASONS(X)
#undef X
};

static uint64_t sum_casts(const __u64 counts[NICSW_CASTS])
{
	uint64_t sum = 0;

	for (size_t i = 0; i < NICSW_CASTS; i++)
		sum += counts[i];
	return sum;
}

/* Every reason is there, also at 0: a script subtracts without asking. One without a name yet has
 * its number. */
static void drops_cell(struct nicsw_out *out, const struct nicsw_counters *counters)
{
	nicsw_out_counts(out);
	for (size_t i = 1; i < NICSW_REASONS_MAX; i++) {
		bool named = i < ARRAY_SIZE(reason_names) && reason_names[i];
		char number[24];

		snprintf(number, sizeof(number), "reason_%zu", i);
		if (named || counters->drops[i])
			nicsw_out_count(out, named ? reason_names[i] : number, counters->drops[i]);
	}
}

void nicsw_stats_cells(struct nicsw_out *out, const struct nicsw_counters *counters)
{
	static const struct nicsw_counters none;

	if (!counters)
		counters = &none;
	nicsw_out_number(out, sum_casts(counters->rx_packets));
	nicsw_out_number(out, sum_casts(counters->rx_bytes));
	nicsw_out_number(out, sum_casts(counters->tx_packets));
	nicsw_out_number(out, sum_casts(counters->tx_bytes));
	nicsw_out_number(out, counters->rx_packets[NICSW_MULTICAST]);
	nicsw_out_number(out, counters->rx_packets[NICSW_BROADCAST]);
	drops_cell(out, counters);
}

/* The uplink has no VPort: `port` says whose counters they are. */
static const struct nicsw_column stats_columns[] = {
	{"port", "PORT", NICSW_OUT_TEXT},
	{"vport_id", "VPORT", NICSW_OUT_NUMBER},
	NICSW_STATS_COLUMNS,
};

static void port_cell(struct nicsw_out *out, const struct nicsw_port_stats *stats)
{
	char name[24];

	if (stats->slot == NICSW_SLOT_UPLINK)
		snprintf(name, sizeof(name), "uplink");
	else if (stats->slot == NICSW_SLOT_PF)
		snprintf(name, sizeof(name), "pf");
	else if (stats->function == NICSW_FUNCTION_PF)
		snprintf(name, sizeof(name), "vport%u", stats->vport_id);
	else
		snprintf(name, sizeof(name), "vf%u", stats->function);
	nicsw_out_text(out, name);
}

enum nicsw_exit nicsw_cmd_stats_show(struct nicsw_cli *cli,
				     const struct nicsw_arguments *arguments _unused_)
{
	struct nicsw_out *out = NULL;
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_STATS, NULL, &list);
	const struct nicsw_port_stats *stats = list.answer.payload;

	if (code)
		return code;
	nicsw_out_new(stats_columns, ARRAY_SIZE(stats_columns), &out);
	for (size_t i = 0; out && i < list.count; i++) {
		port_cell(out, &stats[i]);
		nicsw_vport_cell(out, stats[i].vport_id);
		nicsw_stats_cells(out, &stats[i].counters);
	}
	nicsw_answer_clear(&list.answer);
	return nicsw_show(cli, out, NICSW_OUT_TABLE);
}
