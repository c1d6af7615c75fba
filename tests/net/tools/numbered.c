// SPDX-License-Identifier: GPL-2.0-only
/*
 * numbered: sends numbered frames and counts what became of each.
 *
 *   numbered --flow NAME,from=NS:DEV,to=MAC,src=MAC,rate=N[,size=N][,allow=A+B] ...
 *            --receiver NS:DEV ... [--seconds S] [--settle-ms N]
 *
 * Each flow has a thread that sends, its own sequence numbers and its own ethertype (88b6 + its
 * index). Receivers have numbers from 0, in the order they are given; `allow` lists those that may
 * get frames of the flow (default: all). Frames are judged by their numbers, so that a frame that
 * is lost and one that is doubled do not make a zero.
 *
 * --seconds 0 (the default) sends until SIGTERM or SIGINT. Then what is still under way is waited
 * for: until all has arrived, or until nothing has for the settle time. The result is one JSON
 * object:
 *
 *   {"flows": [{name, sent, received, lost, doubled, foreign, reordered, refused, arrivals: [...],
 *     first_lost, longest_gap}], "receivers": [{place, frames, ring_drops}],
 *    "seconds", "lost", "doubled", "foreign", "ring_drops"}
 *
 * lost: numbers that never arrived anywhere; doubled: arrivals of a number beyond its first;
 * foreign: arrivals at a receiver that is not allowed; reordered: arrivals at a receiver behind a
 * later number; refused: sends that the sending netdev itself did not take (tried again with the
 * same number); ring_drops: what the receiving socket of this program had no room for, so that a
 * loss of ours is not taken for one of the switch.
 *
 * NS is a name under /run/netns. Exit: 0 if the run could be done, whatever was lost.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum {
	FIRST_TYPE = 0x88b6,
	FLOWS_MAX = 16,
	RECEIVERS_MAX = 128,
	BURST = 16,
	SIZE_MIN = ETH_HLEN + sizeof(uint64_t),
	FRAME_MAX = 1514,
	BLOCK_SIZE = 1 << 18,
	BLOCKS = 64, /* 16 MiB for each receiver: a second of a fast run */
	BLOCK_TIMEOUT_MS = 5,
	SETTLE_MS = 300,
	SETTLE_LIMIT_MS = 5000,
};

/* One byte for each number: how often it arrived. Pages come as they are touched. */
#define NUMBERS_MAX (1ull << 30)
#define NANO        1000000000ll

struct flow {
	char *name, *from;
	uint8_t to[ETH_ALEN], source[ETH_ALEN];
	double rate;
	size_t size;
	uint64_t allowed[RECEIVERS_MAX / 64];
	int fd;
	pthread_t thread;
	_Atomic uint64_t sent;
	uint64_t refused;
	uint8_t *seen;
	uint64_t received, doubled, foreign, reordered;
	uint64_t arrivals[RECEIVERS_MAX];
	uint64_t next[RECEIVERS_MAX]; /* number after the last that arrived there */
};

struct receiver {
	const char *place;
	int fd;
	uint8_t *ring;
	unsigned int block;
	uint64_t frames, ring_drops;
};

static struct {
	struct flow flows[FLOWS_MAX];
	struct receiver receivers[RECEIVERS_MAX];
	size_t num_flows, num_receivers;
	double seconds;
	long settle_ms;
} run = {.settle_ms = SETTLE_MS};

static atomic_bool stopped;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "numbered: %s %s%s%s\n", what, which, errno ? ": " : "",
		errno ? strerror(errno) : "");
	exit(1);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NANO + time.tv_nsec;
}

/* ---- sockets ------------------------------------------------------------------------------------
 */

static void enter(const char *place, size_t length)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)length, place);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("namespace", path);
	close(fd);
}

/* Not bound yet; the address is filled. A socket keeps the namespace it was made in. */
static int open_socket(const char *place, int protocol, struct sockaddr_ll *ret_address)
{
	const char *colon = strchr(place, ':');
	int fd;

	errno = 0;
	if (!colon)
		die("not NS:DEV:", place);
	enter(place, colon - place);
	*ret_address = (struct sockaddr_ll){.sll_family = AF_PACKET,
					    .sll_protocol = htons(protocol),
					    .sll_ifindex = if_nametoindex(colon + 1)};
	if (!ret_address->sll_ifindex)
		die("netdev", place);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket on", place);
	return fd;
}

static void bind_socket(int fd, const struct sockaddr_ll *address, const char *place)
{
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		die("binding to", place);
}

static void open_sender(struct flow *flow)
{
	struct sockaddr_ll address;
	int one = 1;

	flow->fd = open_socket(flow->from, 0, &address);
	/* Without the queue a full ring of the netdev is reported, and not hidden. */
	if (setsockopt(flow->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		die("queue bypass on", flow->from);
	bind_socket(flow->fd, &address, flow->from);
	flow->seen = mmap(NULL, NUMBERS_MAX, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (flow->seen == MAP_FAILED)
		die("memory for", flow->name);
}

static void open_receiver(struct receiver *receiver)
{
	struct tpacket_req3 ring = {.tp_block_size = BLOCK_SIZE,
				    .tp_block_nr = BLOCKS,
				    .tp_frame_size = 2048,
				    .tp_frame_nr = BLOCK_SIZE / 2048 * BLOCKS,
				    .tp_retire_blk_tov = BLOCK_TIMEOUT_MS};
	struct sockaddr_ll address;
	int version = TPACKET_V3, one = 1;

	receiver->fd = open_socket(receiver->place, ETH_P_ALL, &address);
	if (setsockopt(receiver->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(receiver->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    setsockopt(receiver->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)))
		die("ring of", receiver->place);
	receiver->ring = mmap(NULL, (size_t)BLOCK_SIZE * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED,
			      receiver->fd, 0);
	if (receiver->ring == MAP_FAILED)
		die("mapping the ring of", receiver->place);
	bind_socket(receiver->fd, &address, receiver->place);
}

/* ---- sending ------------------------------------------------------------------------------------
 */

struct batch {
	uint8_t frames[BURST][FRAME_MAX];
	struct iovec parts[BURST];
	struct mmsghdr messages[BURST];
};

static void prepare_batch(const struct flow *flow, struct batch *batch)
{
	uint16_t type = htons(FIRST_TYPE + (flow - run.flows));

	memset(batch, 0, sizeof(*batch));
	for (size_t i = 0; i < BURST; i++) {
		memcpy(batch->frames[i], flow->to, ETH_ALEN);
		memcpy(batch->frames[i] + ETH_ALEN, flow->source, ETH_ALEN);
		memcpy(batch->frames[i] + 2 * ETH_ALEN, &type, sizeof(type));
		batch->parts[i] = (struct iovec){batch->frames[i], flow->size};
		batch->messages[i].msg_hdr.msg_iov = &batch->parts[i];
		batch->messages[i].msg_hdr.msg_iovlen = 1;
	}
}

/* Sends up to `count` numbers; what the netdev refuses keeps its number. */
static void send_batch(struct flow *flow, struct batch *batch, size_t count)
{
	uint64_t first = flow->sent;
	int taken;

	for (size_t i = 0; i < count; i++) {
		uint64_t number = first + i;

		memcpy(batch->frames[i] + ETH_HLEN, &number, sizeof(number));
	}
	taken = sendmmsg(flow->fd, batch->messages, count, 0);
	if (taken < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR && errno != ENETDOWN)
		die("sending on", flow->from);
	if (taken < (int)count)
		flow->refused++;
	if (taken > 0)
		flow->sent = first + taken;
	else
		sched_yield();
}

static void pace(int64_t until)
{
	struct timespec time = {until / NANO, until % NANO};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* In bursts: a timer for each frame would be the limit of the rate. */
static void *send_flow(void *context)
{
	struct flow *flow = context;
	struct batch *batch = malloc(sizeof(*batch));
	double frame_time = NANO / flow->rate;
	int64_t begin = now();

	if (!batch)
		die("memory for", flow->name);
	prepare_batch(flow, batch);
	prctl(PR_SET_TIMERSLACK, 1000);
	while (!stopped && flow->sent < NUMBERS_MAX) {
		uint64_t due = (now() - begin) / frame_time + 1;
		uint64_t late = due > flow->sent ? due - flow->sent : 0;

		if (late)
			send_batch(flow, batch, late < BURST ? late : BURST);
		if (late <= BURST)
			pace(begin + (int64_t)((flow->sent + BURST / 2) * frame_time));
	}
	free(batch);
	return NULL;
}

/* ---- receiving ----------------------------------------------------------------------------------
 */

static void count_frame(struct receiver *receiver, const uint8_t *frame, size_t length)
{
	size_t which = receiver - run.receivers, index;
	struct flow *flow;
	uint64_t number;
	uint16_t type;

	if (length < SIZE_MIN)
		return;
	memcpy(&type, frame + 2 * ETH_ALEN, sizeof(type));
	memcpy(&number, frame + ETH_HLEN, sizeof(number));
	index = ntohs(type) - FIRST_TYPE;
	if (index >= run.num_flows || number >= NUMBERS_MAX)
		return;
	flow = &run.flows[index];
	receiver->frames++;
	flow->arrivals[which]++;
	flow->reordered += number < flow->next[which];
	flow->next[which] = number + 1;
	flow->foreign += !(flow->allowed[which / 64] >> (which % 64) & 1);
	flow->received += !flow->seen[number];
	flow->doubled += flow->seen[number] > 0;
	flow->seen[number] += flow->seen[number] < UINT8_MAX;
}

static void count_block(struct receiver *receiver, const struct tpacket_block_desc *block)
{
	const uint8_t *at = (const uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;

	for (uint32_t i = 0; i < block->hdr.bh1.num_pkts; i++) {
		const struct tpacket3_hdr *header = (const void *)at;

		count_frame(receiver, at + header->tp_mac, header->tp_snaplen);
		at += header->tp_next_offset;
	}
}

static bool drain(struct receiver *receiver)
{
	bool any = false;

	for (;;) {
		struct tpacket_block_desc *block =
			(void *)(receiver->ring + (size_t)receiver->block * BLOCK_SIZE);

		if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER))
			return any;
		count_block(receiver, block);
		__atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		receiver->block = (receiver->block + 1) % BLOCKS;
		any = true;
	}
}

static bool all_arrived(void)
{
	for (size_t i = 0; i < run.num_flows; i++)
		if (run.flows[i].received < run.flows[i].sent)
			return false;
	return true;
}

/* Returns whether anything came. */
static bool receive_some(struct pollfd *polls)
{
	bool any = false;

	poll(polls, run.num_receivers, BLOCK_TIMEOUT_MS);
	for (size_t i = 0; i < run.num_receivers; i++)
		any |= drain(&run.receivers[i]);
	return any;
}

static void *receive_all(void *context)
{
	struct pollfd polls[RECEIVERS_MAX];
	atomic_bool *senders_done = context;
	int64_t last = now(), end = INT64_MAX;

	for (size_t i = 0; i < run.num_receivers; i++)
		polls[i] = (struct pollfd){.fd = run.receivers[i].fd, .events = POLLIN};
	for (;;) {
		bool done = *senders_done; /* asked before looking, so that nothing is missed */

		if (receive_some(polls))
			last = now();
		if (!done)
			continue;
		if (end == INT64_MAX) {
			end = now() + SETTLE_LIMIT_MS * (NANO / 1000);
			last = now();
		}
		/* Doubled frames are waited for, too: hence quiet also when all are there. */
		if (now() > end ||
		    now() - last > run.settle_ms * (NANO / 1000) / (all_arrived() ? 3 : 1))
			return NULL;
	}
}

/* ---- result -------------------------------------------------------------------------------------
 */

static uint64_t lost_of(const struct flow *flow)
{
	return flow->sent - flow->received;
}

static void find_gaps(const struct flow *flow, int64_t *ret_first, uint64_t *ret_longest)
{
	uint64_t gap = 0;

	*ret_first = -1;
	*ret_longest = 0;
	for (uint64_t number = 0; number < flow->sent; number++) {
		gap = flow->seen[number] ? 0 : gap + 1;
		if (gap && *ret_first < 0)
			*ret_first = number;
		if (gap > *ret_longest)
			*ret_longest = gap;
	}
}

static void print_flow(const struct flow *flow)
{
	uint64_t longest;
	int64_t first;

	find_gaps(flow, &first, &longest);
	printf("{\"name\":\"%s\",\"sent\":%lu,\"received\":%lu,\"lost\":%lu,\"doubled\":%lu,"
	       "\"foreign\":%lu,\"reordered\":%lu,\"refused\":%lu,\"first_lost\":%ld,"
	       "\"longest_gap\":%lu,\"arrivals\":[",
	       flow->name, flow->sent, flow->received, lost_of(flow), flow->doubled, flow->foreign,
	       flow->reordered, flow->refused, first, longest);
	for (size_t i = 0; i < run.num_receivers; i++)
		printf("%s%lu", i ? "," : "", flow->arrivals[i]);
	printf("]}");
}

static void read_ring_drops(struct receiver *receiver)
{
	struct tpacket_stats_v3 stats = {};
	socklen_t length = sizeof(stats);

	if (getsockopt(receiver->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &length))
		die("statistics of", receiver->place);
	receiver->ring_drops = stats.tp_drops;
}

static void print_result(double seconds)
{
	uint64_t lost = 0, doubled = 0, foreign = 0, drops = 0;
	size_t i;

	printf("{\"flows\":[");
	for (i = 0; i < run.num_flows; i++) {
		printf("%s", i ? "," : "");
		print_flow(&run.flows[i]);
		lost += lost_of(&run.flows[i]);
		doubled += run.flows[i].doubled;
		foreign += run.flows[i].foreign;
	}
	printf("],\"receivers\":[");
	for (i = 0; i < run.num_receivers; i++) {
		read_ring_drops(&run.receivers[i]);
		drops += run.receivers[i].ring_drops;
		printf("%s{\"place\":\"%s\",\"frames\":%lu,\"ring_drops\":%lu}", i ? "," : "",
		       run.receivers[i].place, run.receivers[i].frames,
		       run.receivers[i].ring_drops);
	}
	printf("],\"seconds\":%.3f,\"lost\":%lu,\"doubled\":%lu,\"foreign\":%lu,"
	       "\"ring_drops\":%lu}\n",
	       seconds, lost, doubled, foreign, drops);
}

/* ---- options ------------------------------------------------------------------------------------
 */

static void parse_mac(const char *text, uint8_t mac[ETH_ALEN])
{
	errno = 0;
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3],
		   &mac[4], &mac[5]) != 6)
		die("not a MAC:", text);
}

static void parse_allow(char *text, struct flow *flow)
{
	char *end;

	memset(flow->allowed, 0, sizeof(flow->allowed));
	for (; *text; text = *end ? end + 1 : end) {
		unsigned long which = strtoul(text, &end, 10);

		errno = 0;
		if (end == text || which >= RECEIVERS_MAX)
			die("not a list of receivers:", text);
		flow->allowed[which / 64] |= 1ull << (which % 64);
	}
}

static void set_flow(struct flow *flow, char *word, char *value)
{
	if (strcmp(word, "from") == 0)
		flow->from = value;
	else if (strcmp(word, "to") == 0)
		parse_mac(value, flow->to);
	else if (strcmp(word, "src") == 0)
		parse_mac(value, flow->source);
	else if (strcmp(word, "rate") == 0)
		flow->rate = strtod(value, NULL);
	else if (strcmp(word, "size") == 0)
		flow->size = strtoul(value, NULL, 10);
	else if (strcmp(word, "allow") == 0)
		parse_allow(value, flow);
	else
		die("unknown word", word);
}

static void add_flow(char *text)
{
	struct flow *flow = &run.flows[run.num_flows];
	char *state, *word, *value;

	errno = 0;
	if (run.num_flows++ == FLOWS_MAX)
		die("too many flows:", text);
	*flow = (struct flow){.name = strtok_r(text, ",", &state), .rate = 1000, .size = 60};
	memset(flow->allowed, 0xff, sizeof(flow->allowed));
	while ((word = strtok_r(NULL, ",", &state))) {
		value = strchr(word, '=');
		if (!value)
			die("no value:", word);
		*value++ = '\0';
		set_flow(flow, word, value);
	}
	if (!flow->name || !flow->from || flow->rate < 1 || flow->size < SIZE_MIN ||
	    flow->size > FRAME_MAX)
		die("flow", flow->name ? flow->name : "without a name");
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		errno = 0;
		if (i + 1 == argc)
			die("no value:", argv[i]);
		if (strcmp(argv[i], "--flow") == 0)
			add_flow(argv[i + 1]);
		else if (strcmp(argv[i], "--receiver") == 0 && run.num_receivers < RECEIVERS_MAX)
			run.receivers[run.num_receivers++].place = argv[i + 1];
		else if (strcmp(argv[i], "--seconds") == 0)
			run.seconds = strtod(argv[i + 1], NULL);
		else if (strcmp(argv[i], "--settle-ms") == 0)
			run.settle_ms = strtol(argv[i + 1], NULL, 10);
		else
			die("unknown word", argv[i]);
	}
	if (!run.num_flows || !run.num_receivers)
		die("at least one", "--flow and one --receiver");
}

/* ---- run ----------------------------------------------------------------------------------------
 */

static void wait_for_end(const sigset_t *signals)
{
	struct timespec time = {run.seconds, (run.seconds - (long)run.seconds) * NANO};

	if (run.seconds > 0)
		sigtimedwait(signals, NULL, &time);
	else
		sigwaitinfo(signals, NULL);
	stopped = true;
}

int main(int argc, char **argv)
{
	atomic_bool senders_done = false;
	pthread_t receiving;
	sigset_t signals;
	int64_t begin;
	size_t i;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	parse(argc, argv);
	for (i = 0; i < run.num_receivers; i++)
		open_receiver(&run.receivers[i]);
	for (i = 0; i < run.num_flows; i++)
		open_sender(&run.flows[i]);
	fprintf(stderr, "numbered: running\n"); /* a script waits for it */
	begin = now();
	pthread_create(&receiving, NULL, receive_all, &senders_done);
	for (i = 0; i < run.num_flows; i++)
		pthread_create(&run.flows[i].thread, NULL, send_flow, &run.flows[i]);
	wait_for_end(&signals);
	for (i = 0; i < run.num_flows; i++)
		pthread_join(run.flows[i].thread, NULL);
	double seconds = (double)(now() - begin) / NANO;
	senders_done = true;
	pthread_join(receiving, NULL);
	print_result(seconds);
	return 0;
}
