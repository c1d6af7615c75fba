// SPDX-License-Identifier: GPL-2.0-only
#include "cli/stats_check.h"

#include <time.h>

#define STILL_TRIES    200
#define STILL_PAUSE_NS 10000000l

/* Over all ports. */
struct sums {
	uint64_t tx, rx_unicast, rx_group, flooded, copies, copy_drops, frame_drops;
	uint64_t taken, lost;
	bool verified;
};

/* ---- one moment ---------------------------------------------------------------------------------
 */

static bool is_same(const struct nicsw_list *a, const struct nicsw_list *b)
{
	return a->count == b->count && a->answer.reply.length == b->answer.reply.length &&
	       (!a->count ||
		memcmp(a->answer.payload, b->answer.payload, a->answer.reply.length) == 0);
}

static void wait_a_moment(void)
{
	struct timespec pause = {.tv_nsec = STILL_PAUSE_NS};

	nanosleep(&pause, NULL);
}

/* Counters only grow: two answers that are the same are both of the moment between them. */
static enum nicsw_exit ask_still(struct nicsw_cli *cli, struct nicsw_list *ret)
{
	struct nicsw_list before = {0}, now = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_STATS, NULL, &before);

	for (int i = 0; !code && i < STILL_TRIES; i++) {
		wait_a_moment();
		code = nicsw_ask_list(cli, NICSW_CONTROL_STATS, NULL, &now);
		if (code)
			break;
		if (is_same(&before, &now)) {
			nicsw_answer_clear(&before.answer);
			*ret = now;
			return NICSW_EXIT_DONE;
		}
		nicsw_answer_clear(&before.answer);
		before = now;
	}
	nicsw_answer_clear(&before.answer);
	return code ? code
		    : nicsw_failed(cli, "the counters do not stand still: frames are on their way");
}

/* ---- sums ---------------------------------------------------------------------------------------
 */

static void add_port(struct sums *sums, const struct nicsw_port_stats *stats)
{
	const struct nicsw_counters *counters = &stats->counters;
	uint64_t drops = 0, behind = nicsw_counters_behind(counters);

	for (size_t i = 0; i < NICSW_REASONS_MAX; i++)
		drops += counters->drops[i];
	sums->tx += nicsw_sum_casts(counters->tx_packets);
	sums->rx_unicast += counters->rx_packets[NICSW_UNICAST];
	sums->rx_group +=
		counters->rx_packets[NICSW_MULTICAST] + counters->rx_packets[NICSW_BROADCAST];
	sums->flooded += counters->flooded;
	sums->copies += counters->copies;
	sums->copy_drops += counters->copy_drops;
	sums->frame_drops += drops - behind - counters->copy_drops;
	sums->taken += counters->taken;
	sums->lost += behind;
	sums->verified &= (stats->flags & NICSW_STATS_VERIFIED) != 0;
}

/* ---- equations ----------------------------------------------------------------------------------
 */

static const struct nicsw_column columns[] = {
	{"equation", "EQUATION", NICSW_OUT_TEXT}, {"left", "LEFT", NICSW_OUT_NUMBER},
	{"right", "RIGHT", NICSW_OUT_NUMBER},     {"holds", "HOLDS", NICSW_OUT_BOOL},
	{"terms", "TERMS", NICSW_OUT_COUNTS},
};

struct term {
	const char *name;
	uint64_t count;
};

/* The left side, then up to three terms whose sum it must be. */
static bool put_equation(struct nicsw_out *out, const char *name, const struct term terms[4])
{
	uint64_t right = 0;

	for (size_t i = 1; i < 4; i++)
		right += terms[i].count;
	nicsw_out_text(out, name);
	nicsw_out_number(out, terms[0].count);
	nicsw_out_number(out, right);
	nicsw_out_bool(out, terms[0].count == right);
	nicsw_out_counts(out);
	for (size_t i = 0; i < 4; i++)
		if (terms[i].name)
			nicsw_out_count(out, terms[i].name, terms[i].count);
	return terms[0].count == right;
}

static bool put_equations(struct nicsw_out *out, const struct sums *sums)
{
	const struct term frames[4] = {{"tx_packets", sums->tx},
				       {"rx_unicast", sums->rx_unicast},
				       {"flooded", sums->flooded},
				       {"drops", sums->frame_drops}};
	const struct term copies[4] = {{"copies", sums->copies},
				       {"rx_group", sums->rx_group},
				       {"copy_drops", sums->copy_drops}};
	const struct term delivery[4] = {{"handed_over", sums->rx_unicast + sums->rx_group},
					 {"delivered", sums->taken},
					 {"lost", sums->lost}};
	bool holds = put_equation(out, "frames", frames);

	holds &= put_equation(out, "copies", copies);
	if (sums->verified)
		holds &= put_equation(out, "delivery", delivery);
	return holds;
}

enum nicsw_exit nicsw_stats_check(struct nicsw_cli *cli)
{
	struct sums sums = {.verified = true};
	struct nicsw_list list = {0};
	struct nicsw_out *out = NULL;
	enum nicsw_exit code = ask_still(cli, &list);
	const struct nicsw_port_stats *stats = list.answer.payload;
	bool holds;

	if (code)
		return code;
	for (size_t i = 0; i < list.count; i++)
		add_port(&sums, &stats[i]);
	nicsw_answer_clear(&list.answer);
	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	holds = out && put_equations(out, &sums);
	code = nicsw_show(cli, out, NICSW_OUT_TABLE);
	if (code || holds)
		return code;
	return nicsw_failed(cli, "the counters do not add up");
}
