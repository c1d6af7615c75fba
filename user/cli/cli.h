/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The context every command runs in: options, streams, the way to the daemon.
 *
 * A command fills a request, asks, and prints the answer through core/out. It never talks to the
 * socket itself: `call` is a pointer, so that tests answer in its place. Everything goes through
 * the context, nothing through globals.
 *
 * Errors: what went wrong has been told on `err` by the time an exit code other than
 * NICSW_EXIT_DONE is returned. Ownership: options point into argv and the environment;
 * nicsw_cli_clear() releases connection and memory.
 */
#ifndef NICSW_CLI_CLI_H
#define NICSW_CLI_CLI_H

#include <nicsw/ndis.h>

#include "core/out.h"
#include "wire/client.h"

/* What scripts see: a promise. */
enum nicsw_exit {
	NICSW_EXIT_DONE = 0,
	NICSW_EXIT_FAILED = 1,      /* refused or failed */
	NICSW_EXIT_USAGE = 2,       /* not a command of ours */
	NICSW_EXIT_UNREACHABLE = 3, /* no answer from the daemon */
};

struct nicsw_options {
	bool json;
	bool pretty;
	bool stats;
	bool force;
	bool release_on_exit;
	bool help;
	bool version;
	bool complete;       /* the words that may follow, for the shell */
	const char *adapter; /* NULL = not given */
	const char *batch;
	const char *socket;
	const char *owner;
};

/*
 * Where the filters are that this process itself set, moved or looked up, by filter id; NICSW_NONE
 * = not known. It saves the look-up before a move. Somebody else may move a filter, too: the daemon
 * checks the source (MOVE-RF-6), and its no makes us look again.
 */
struct nicsw_filter_places {
	__u32 *vport_ids;
	size_t count;
};

struct nicsw_cli {
	struct nicsw_options options;
	FILE *out;
	FILE *err;
	int (*call)(struct nicsw_cli *cli, struct nicsw_wire_request *request, const void *in,
		    struct nicsw_answer *ret_answer, struct nicsw_error *error);
	/* The next one of a stream; negative: there will be no more. */
	int (*next_event)(struct nicsw_cli *cli, struct nicsw_wire_event *ret_event,
			  struct nicsw_error *error);
	struct nicsw_client *client; /* of nicsw_call_daemon() */
	struct nicsw_filter_places places;
};

void nicsw_cli_clear(struct nicsw_cli *cli);

/* The adapter that was named, or "" for the only one. */
const char *nicsw_cli_adapter(const struct nicsw_cli *cli);

/* ---- options.c ----------------------------------------------------------------------------------
 */

/* Reads options up to the first other word; *ret_first is its index (argc when there is none). */
enum nicsw_exit nicsw_options_parse(struct nicsw_cli *cli, int argc, char **argv, int *ret_first);
void nicsw_options_help(FILE *stream);
void nicsw_options_complete(FILE *stream);

/* ---- ask.c --------------------------------------------------------------------------------------
 */

struct nicsw_ask {
	enum nicsw_wire_kind kind;
	__u32 code;
	enum ndis_request_type type; /* of an OID */
	__u32 flags;                 /* beside NICSW_WIRE_FORCE, which comes from --force */
	const char *adapter;         /* NULL = as named by the options */
	const void *in;
	size_t in_length;
	size_t out_length;
	bool of_vf; /* an OID for the adapter of VF `vf`, not of the PF */
	__u32 vf;
};

/* The call of a real CLI: connects when it is needed first. */
int nicsw_call_daemon(struct nicsw_cli *cli, struct nicsw_wire_request *request, const void *in,
		      struct nicsw_answer *ret_answer, struct nicsw_error *error);

/* The stream of a real CLI, after SUBSCRIBE. */
int nicsw_next_event_of_daemon(struct nicsw_cli *cli, struct nicsw_wire_event *ret_event,
			       struct nicsw_error *error);

/*
 * Asks, and tells a refusal or a warning. *ret_answer is set on NICSW_EXIT_DONE only; the caller
 * clears it. A successful answer is at least `least` bytes long.
 */
enum nicsw_exit nicsw_ask(struct nicsw_cli *cli, const struct nicsw_ask *ask, size_t least,
			  struct nicsw_answer *ret_answer);

/* The same, but a refusal is left to the caller: *ret_answer is then the daemon's no. */
enum nicsw_exit nicsw_ask_quietly(struct nicsw_cli *cli, const struct nicsw_ask *ask,
				  struct nicsw_answer *ret_answer);
enum nicsw_exit nicsw_check_answer(struct nicsw_cli *cli, const struct nicsw_answer *answer,
				   size_t least);

/* For a request whose answer holds nothing to print. */
enum nicsw_exit nicsw_tell(struct nicsw_cli *cli, const struct nicsw_ask *ask);

/* A control verb that answers with an array. */
struct nicsw_list {
	struct nicsw_answer answer;
	size_t count;
};
enum nicsw_exit nicsw_ask_list(struct nicsw_cli *cli, enum nicsw_control control, const void *in,
			       struct nicsw_list *ret_list);

/*
 * Element `index` of an NDIS array in an answer, copied out (it may lie unaligned, and be of a
 * longer revision). -EPROTO: the answer is too short for it, or its elements are shorter than
 * `least`.
 */
int nicsw_answer_element(const struct nicsw_answer *answer, const struct ndis_elements *elements,
			 size_t index, size_t least, void *ret_element, size_t size);

/* `Error: TEXT (NDIS_STATUS_X, rule RULE-ID).`; status 0 and an empty or NULL rule are left out. */
void nicsw_tell_error(struct nicsw_cli *cli, __u32 status, const char *rule, const char *text);
enum nicsw_exit nicsw_failed(struct nicsw_cli *cli, const char *format, ...) _printf_(2, 3);
enum nicsw_exit nicsw_bad_answer(struct nicsw_cli *cli);

/* Prints a table, or words on a line, or JSON when the options ask for it; frees it. NULL: there
 * was no memory. */
enum nicsw_exit nicsw_show(struct nicsw_cli *cli, struct nicsw_out *out,
			   enum nicsw_out_format text_format);

static inline struct ndis_object_header nicsw_header(__u8 revision, __u16 size)
{
	return (struct ndis_object_header){NDIS_OBJECT_TYPE_DEFAULT, revision, size};
}

/* ---- shared by the nouns ------------------------------------------------------------------------
 */

/* cmd_adapter.c: the adapter the options name, or the only one. */
enum nicsw_exit nicsw_find_adapter(struct nicsw_cli *cli, struct nicsw_adapter_status *ret_status);

/* cmd_filter.c: a table of filters, for `filter show` and inside `vport show`. NULL: no memory. */
struct nicsw_out *nicsw_filter_rows(const struct nicsw_filter_status *filters, size_t count);

/*
 * cmd_stats.c: the cells of one port; NULL = a port without counters. rx_packets is what the netdev
 * took, where that is known; bytes and the counts by cast are what was handed over to it. As text
 * the columns of the second kind are for those who ask for details.
 */
#define NICSW_STATS_BRIEF(heading)    NULL
#define NICSW_STATS_DETAILED(heading) heading
#define NICSW_STATS_NUMBERS(X, DETAIL)                                                             \
	X("rx_packets", "RX PACKETS")                                                              \
	X("rx_bytes", "RX BYTES")                                                                  \
	X("tx_packets", "TX PACKETS")                                                              \
	X("tx_bytes", "TX BYTES")                                                                  \
	X("rx_unicast", DETAIL("RX UNICAST"))                                                      \
	X("rx_multicast", "RX MULTICAST")                                                          \
	X("rx_broadcast", "RX BROADCAST")                                                          \
	X("tx_unicast", DETAIL("TX UNICAST"))                                                      \
	X("tx_multicast", "TX MULTICAST")                                                          \
	X("tx_broadcast", "TX BROADCAST")                                                          \
	X("rx_unicast_bytes", DETAIL("RX UNICAST BYTES"))                                          \
	X("rx_multicast_bytes", DETAIL("RX MULTICAST BYTES"))                                      \
	X("rx_broadcast_bytes", DETAIL("RX BROADCAST BYTES"))                                      \
	X("tx_unicast_bytes", DETAIL("TX UNICAST BYTES"))                                          \
	X("tx_multicast_bytes", DETAIL("TX MULTICAST BYTES"))                                      \
	X("tx_broadcast_bytes", DETAIL("TX BROADCAST BYTES"))                                      \
	X("flooded", DETAIL("FLOODED"))                                                            \
	X("copies", DETAIL("COPIES"))                                                              \
	X("copy_drops", DETAIL("COPY DROPS"))
#define NICSW_STATS_NUMBER(key, heading) {key, heading, NICSW_OUT_NUMBER},
#define NICSW_STATS_COLUMNS(DETAIL)                                                                \
	NICSW_STATS_NUMBERS(NICSW_STATS_NUMBER, DETAIL){"verified", NULL, NICSW_OUT_BOOL},         \
	{                                                                                          \
		"drops", "DROPS", NICSW_OUT_COUNTS                                                 \
	}
void nicsw_stats_cells(struct nicsw_out *out, const struct nicsw_port_stats *stats);
uint64_t nicsw_sum_casts(const __u64 counts[NICSW_CASTS]);

/* A function as people name it: "pf" or the number of the VF. */
void nicsw_function_cell(struct nicsw_out *out, __u32 function);
void nicsw_vport_cell(struct nicsw_out *out, __u32 vport_id);
void nicsw_mac_cell(struct nicsw_out *out, const __u8 mac[NICSW_MAC_SIZE]);
void nicsw_address_cell(struct nicsw_out *out, __u32 rid);
void nicsw_counted_cell(struct nicsw_out *out, const struct nicsw_text *text);

#endif
