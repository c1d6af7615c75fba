// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long does one OID take, from the client's request to its answer, over the socket of a running
 * nicswd?
 *
 *   oid_latency [--count N]        oid_latency.sh makes a daemon for it
 *
 * One connection, one request at a time, through the same client code as the CLI. $NICSW_SOCKET
 * names the socket; there is one adapter with a switch, and no filter for 02:be:ef:... .
 * Each filter has another address: one that is set again right after it was cleared waits, every
 * few times, until no frame can have its old place in hand. Figures are microseconds of
 * CLOCK_MONOTONIC.
 */
#include <getopt.h>
#include <time.h>

#include <nicsw/ndis.h>

#include "core/util.h"
#include "wire/client.h"

#define WARM_UP 200

struct bench {
	struct nicsw_client *client;
	__u32 filter_id; /* of the filter that is set */
	__u16 address;   /* the last bytes of the next one */
	size_t count;
	__u64 *set, *clear, *query; /* [count], nanoseconds */
};

struct set_filter {
	struct ndis_receive_filter_parameters parameters;
	struct ndis_receive_filter_field_parameters field;
};

static __u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* Nanoseconds of one request; whoever is refused has measured nothing, and ends. */
static __u64 ask(struct bench *bench, __u32 oid, __u32 type, void *in, size_t in_length,
		 size_t out_length)
{
	struct nicsw_answer answer;
	struct nicsw_wire_request request;
	struct nicsw_error error = {};
	__u64 began, ended;

	nicsw_wire_begin_request(&request, NICSW_WIRE_OID, oid, in_length);
	request.type = type;
	request.out_length = out_length;
	began = now();
	if (nicsw_client_call(bench->client, &request, in, NICSW_CALL_TIMEOUT, &answer, &error)) {
		fprintf(stderr, "oid_latency: %s\n", error.text);
		exit(1);
	}
	ended = now();
	if (answer.reply.status) {
		fprintf(stderr, "oid_latency: OID 0x%08x: %s\n", oid, answer.reply.text);
		exit(1);
	}
	if (in && answer.reply.length)
		memcpy(in, answer.payload, MIN(in_length, answer.reply.length));
	nicsw_answer_clear(&answer);
	return ended - began;
}

/* ---- requests -----------------------------------------------------------------------------------
 */

static __u64 query_switch(struct bench *bench)
{
	return ask(bench, OID_NIC_SWITCH_ENUM_SWITCHES, NdisRequestQueryInformation, NULL, 0,
		   sizeof(struct ndis_nic_switch_info_array) + sizeof(struct ndis_nic_switch_info));
}

/* On the default VPort: nothing but a switch is needed. */
static __u64 set_filter(struct bench *bench)
{
	struct set_filter set = {
		.parameters =
			{
				.header = {NDIS_OBJECT_TYPE_DEFAULT, 2,
					   NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_2},
				.filter_type = NdisReceiveFilterTypeVMQueue,
				.field_parameters_array_offset = offsetof(struct set_filter, field),
				.field_parameters_array_num_elements = 1,
				.field_parameters_array_element_size = sizeof(set.field),
			},
		.field = {
			.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
				   NDIS_SIZEOF_RECEIVE_FILTER_FIELD_PARAMETERS_REVISION_1},
			.flags = NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO,
			.frame_header = NdisFrameHeaderMac,
			.receive_filter_test = NdisReceiveFilterTestEqual,
			.header_field = NdisMacHeaderFieldDestinationAddress,
			.field_value.field_byte_array_value = {2, 0xbe, 0xef, 0,
							       bench->address >> 8,
							       bench->address & 0xff},
		}};
	__u64 took = ask(bench, OID_RECEIVE_FILTER_SET_FILTER, NdisRequestMethod, &set, sizeof(set),
			 sizeof(set));

	bench->filter_id = set.parameters.filter_id;
	bench->address++;
	return took;
}

static __u64 clear_filter(struct bench *bench)
{
	struct ndis_receive_filter_clear_parameters clear = {
		.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
			   NDIS_SIZEOF_RECEIVE_FILTER_CLEAR_PARAMETERS_REVISION_1},
		.filter_id = bench->filter_id,
	};

	return ask(bench, OID_RECEIVE_FILTER_CLEAR_FILTER, NdisRequestSetInformation, &clear,
		   sizeof(clear), 0);
}

/* ---- figures ------------------------------------------------------------------------------------
 */

static int compare(const void *a, const void *b)
{
	const __u64 *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static void print_row(const char *what, __u64 *times, size_t count)
{
	qsort(times, count, sizeof(*times), compare);
	printf("%-36s %8zu %9.1f %9.1f %9.1f\n", what, count, times[count / 2] / 1e3,
	       times[count - 1 - count / 100] / 1e3, times[count - 1] / 1e3);
}

static void measure(struct bench *bench)
{
	for (size_t i = 0; i < WARM_UP; i++) {
		query_switch(bench);
		set_filter(bench);
		clear_filter(bench);
	}
	for (size_t i = 0; i < bench->count; i++)
		bench->query[i] = query_switch(bench);
	for (size_t i = 0; i < bench->count; i++) {
		bench->set[i] = set_filter(bench);
		bench->clear[i] = clear_filter(bench);
	}
	printf("%-36s %8s %9s %9s %9s\n", "one round trip, us", "count", "p50", "p99", "max");
	print_row("query OID_NIC_SWITCH_ENUM_SWITCHES", bench->query, bench->count);
	print_row("method OID_RECEIVE_FILTER_SET_FILTER", bench->set, bench->count);
	print_row("set OID_RECEIVE_FILTER_CLEAR_FILTER", bench->clear, bench->count);
}

/* ---- start --------------------------------------------------------------------------------------
 */

static size_t parse_count(int argc, char **argv)
{
	static const struct option options[] = {{"count", required_argument, NULL, 'c'}, {}};
	long long count = 20000;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		count = option == 'c' ? atoll(optarg) : 0;
	if (optind < argc || count < 1 || count > 10000000) {
		fprintf(stderr, "Usage: oid_latency [--count N]\n");
		exit(2);
	}
	return (size_t)count;
}

int main(int argc, char **argv)
{
	const char *path = getenv("NICSW_SOCKET");
	struct bench bench = {.count = parse_count(argc, argv)};
	_cleanup_free_ __u64 *times = calloc(3 * bench.count, sizeof(*times));
	struct nicsw_error error = {};

	if (!times)
		return 1;
	bench.query = times;
	bench.set = times + bench.count;
	bench.clear = times + 2 * bench.count;
	if (nicsw_client_connect(path ? path : NICSW_DEFAULT_SOCKET, &bench.client, &error)) {
		fprintf(stderr, "oid_latency: %s\n", error.text);
		return 1;
	}
	measure(&bench);
	nicsw_client_free(bench.client);
	return 0;
}
