// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"
#include "cli/stats_check.h"

static const char *const reason_names[] = {
#define X(number, NAME, name, side, rule, text) [number] = #name,
	NICSW_REASONS(X)
#undef X
};

uint64_t nicsw_sum_casts(const __u64 counts[NICSW_CASTS])
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

/* What the netdev took, where that is known. */
static uint64_t delivered(const struct nicsw_port_stats *stats)
{
	if (stats->flags & NICSW_STATS_VERIFIED)
		return stats->counters.taken;
	return nicsw_sum_casts(stats->counters.rx_packets);
}

static void numbers(struct nicsw_out *out, const __u64 *counts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		nicsw_out_number(out, counts[i]);
}

/* In the order of NICSW_STATS_COLUMNS. */
void nicsw_stats_cells(struct nicsw_out *out, const struct nicsw_port_stats *stats)
{
	static const struct nicsw_port_stats none;
	const struct nicsw_counters *counters = stats ? &stats->counters : &none.counters;

	nicsw_out_number(out, delivered(stats ? stats : &none));
	nicsw_out_number(out, nicsw_sum_casts(counters->rx_bytes));
	nicsw_out_number(out, nicsw_sum_casts(counters->tx_packets));
	nicsw_out_number(out, nicsw_sum_casts(counters->tx_bytes));
	nicsw_out_number(out, counters->rx_packets[NICSW_UNICAST]);
	numbers(out, &counters->rx_packets[NICSW_MULTICAST], NICSW_CASTS - 1);
	numbers(out, counters->tx_packets, NICSW_CASTS);
	numbers(out, counters->rx_bytes, NICSW_CASTS);
	numbers(out, counters->tx_bytes, NICSW_CASTS);
	nicsw_out_number(out, counters->flooded);
	nicsw_out_number(out, counters->copies);
	nicsw_out_number(out, counters->copy_drops);
	nicsw_out_bool(out, stats && stats->flags & NICSW_STATS_VERIFIED);
	drops_cell(out, counters);
}

/* The uplink has no VPort: `port` says whose counters they are. */
#define COLUMNS(DETAIL)                                                                            \
	{                                                                                          \
		{"port", "PORT", NICSW_OUT_TEXT}, {"vport_id", "VPORT", NICSW_OUT_NUMBER},         \
			NICSW_STATS_COLUMNS(DETAIL),                                               \
	}
static const struct nicsw_column brief_columns[] = COLUMNS(NICSW_STATS_BRIEF);
static const struct nicsw_column detailed_columns[] = COLUMNS(NICSW_STATS_DETAILED);

static void port_cell(struct nicsw_out *out, const struct nicsw_port_stats *stats)
{
	char name[24];

	if (stats->slot == NICSW_SLOT_UPLINK)
		snprintf(name, sizeof(name), "uplink");
	else if (stats->slot == NICSW_NONE)
		snprintf(name, sizeof(name), "freed");
	else if (stats->slot == NICSW_SLOT_PF)
		snprintf(name, sizeof(name), "pf");
	else if (stats->function == NICSW_FUNCTION_PF)
		snprintf(name, sizeof(name), "vport%u", stats->vport_id);
	else
		snprintf(name, sizeof(name), "vf%u", stats->function);
	nicsw_out_text(out, name);
}

static void warn_unverified(struct nicsw_cli *cli, const struct nicsw_list *list)
{
	const struct nicsw_port_stats *stats = list->answer.payload;

	if (list->count && !(stats[0].flags & NICSW_STATS_VERIFIED))
		fputs("Warning: deliveries are not verified: this kernel, or generic XDP at the "
		      "uplink, does not report what a full ring dropped.\n",
		      cli->err);
}

enum nicsw_exit nicsw_cmd_stats_show(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	const struct nicsw_column *columns = cli->options.stats ? detailed_columns : brief_columns;
	struct nicsw_out *out = NULL;
	struct nicsw_list list = {0};
	const struct nicsw_port_stats *stats;
	enum nicsw_exit code;

	if (nicsw_given(arguments, NICSW_PARAMETER_CHECK))
		return nicsw_stats_check(cli);
	code = nicsw_ask_list(cli, NICSW_CONTROL_STATS, NULL, &list);
	if (code)
		return code;
	stats = list.answer.payload;
	nicsw_out_new(columns, ARRAY_SIZE(brief_columns), &out);
	for (size_t i = 0; out && i < list.count; i++) {
		port_cell(out, &stats[i]);
		nicsw_vport_cell(out, stats[i].vport_id);
		nicsw_stats_cells(out, &stats[i]);
	}
	warn_unverified(cli, &list);
	nicsw_answer_clear(&list.answer);
	return nicsw_show(cli, out, NICSW_OUT_TABLE);
}
