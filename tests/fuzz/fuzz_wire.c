// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets from outside: requests as the daemon gets them, replies as the CLI gets them.
 *
 * Input: byte 0 chooses the direction (bit 0: 0 = request, 1 = reply); for a reply kind and request
 * id of what was asked follow, a byte each; the rest is the packet.
 */
#include "tests/fuzz/lib_fuzz.h"

#include "wire/wire.h"

static void check_failure(int result, const struct nicsw_error *error, const void *untouched)
{
	CHECK(result < 0, "%d", result);
	CHECK(error->code == result, "%d, and %d in the error", result, error->code);
	CHECK(error->text[0], "a refusal without a text");
	CHECK(!untouched, "output set by a refused packet");
}

static void check_text(const char *text, size_t size)
{
	CHECK(memchr(text, 0, size), "a text without end went through");
}

/* What the handlers of the daemon rely upon. */
static void check_texts_of_control(const struct nicsw_wire_request *request)
{
	const struct nicsw_adapter_add *add = nicsw_wire_payload(request);
	const struct nicsw_vf_attach *attach = nicsw_wire_payload(request);

	if (request->code == NICSW_CONTROL_ADAPTER_ADD)
		check_text(add->uplink, sizeof(add->uplink));
	if (request->code == NICSW_CONTROL_VF_ATTACH) {
		check_text(attach->netns, sizeof(attach->netns));
		check_text(attach->dev, sizeof(attach->dev));
	}
}

/* As decode.c reads the table, with a size for `void`. */
#define SIZE_OF(type) _Generic((type *)NULL, void * : 0, default : sizeof(type))

static void check_control(const struct nicsw_wire_request *request)
{
	static const size_t sizes[] = {
#define X(number, NAME, name, access, request, reply) [number] = SIZE_OF(request),
		NICSW_CONTROLS(X)
#undef X
	};
	const struct nicsw_wire_control *control = nicsw_wire_control(request->code);

	CHECK(control && control->name, "control verb %u went through", request->code);
	CHECK(request->code < ARRAY_SIZE(sizes), "control verb %u", request->code);
	CHECK(request->in_length == sizes[request->code], "%s with %u bytes", control->name,
	      request->in_length);
	check_texts_of_control(request);
}

static void check_accepted(const struct nicsw_wire_request *request, size_t length)
{
	CHECK(request->magic == NICSW_WIRE_MAGIC && request->version == NICSW_WIRE_VERSION,
	      "version %u", request->version);
	CHECK(length == sizeof(*request) + (size_t)request->in_length, "%zu bytes, in_length %u",
	      length, request->in_length);
	CHECK(length <= NICSW_WIRE_REQUEST_MAX, "%zu bytes", length);
	CHECK(request->out_length <= NICSW_WIRE_OUT_MAX, "out_length %u", request->out_length);
	check_text(request->adapter, sizeof(request->adapter));
	check_text(request->owner, sizeof(request->owner));
	if (request->kind == NICSW_WIRE_CONTROL)
		check_control(request);
	else
		CHECK(request->kind == NICSW_WIRE_OID, "kind %u", request->kind);
}

/* The packets of an answer hold it exactly, and the first one is what the client takes. */
static void check_packets(const struct nicsw_wire_request *request,
			  const struct nicsw_wire_reply *reply)
{
	char *payload = fuzz_block(reply->length);
	size_t index, sum = 0, count = nicsw_wire_count_packets(reply);
	struct iovec parts[2];

	for (index = 0; index < count; index++) {
		size_t used = nicsw_wire_packet_parts(reply, payload, index, parts);
		const struct iovec *last = &parts[used ? used - 1 : 0];

		CHECK(used == (index == 0) + (reply->length != 0), "packet %zu has %zu parts",
		      index, used);
		if (!reply->length)
			break; /* the header alone */
		CHECK(last->iov_base == payload + sum, "packet %zu begins elsewhere", index);
		CHECK(last->iov_len && last->iov_len <= NICSW_WIRE_CHUNK, "%zu bytes",
		      last->iov_len);
		sum += last->iov_len;
	}
	CHECK(sum == reply->length, "%zu of %u bytes in %zu packets", sum, reply->length, count);
	CHECK(request->request_id == reply->request_id, "answer to another request");
	free(payload);
}

static void check_answer(const struct nicsw_wire_request *request)
{
	size_t room = sizeof(struct nicsw_wire_reply) + NICSW_WIRE_CHUNK;
	const struct nicsw_wire_reply *taken = NULL;
	struct nicsw_wire_reply *reply = fuzz_block(room);
	struct nicsw_error error = {};
	size_t first;
	int result;

	memset(reply, 0, room);
	nicsw_wire_begin_reply(request, reply);
	reply->length = request->out_length;
	first = sizeof(*reply) + MIN(reply->length, NICSW_WIRE_CHUNK);
	result = nicsw_wire_check_reply(reply, first, request, &taken, &error);
	CHECK(!result && taken == reply, "our own reply is refused: %s", error.text);
	check_packets(request, reply);
	free(reply);
}

/* A packet with magic and header is answered, whatever else is wrong with it. */
static void check_refusal(const struct nicsw_wire_request *packet, int result,
			  const struct nicsw_error *error)
{
	struct nicsw_wire_reply reply;

	if (result == -EPROTO)
		return;
	nicsw_wire_begin_reply(packet, &reply);
	nicsw_wire_fail_reply(&reply, 0xc0000001, error);
	CHECK(reply.request_id == packet->request_id && reply.code == result, "%d", reply.code);
	check_text(reply.rule, sizeof(reply.rule));
	check_text(reply.text, sizeof(reply.text));
}

static void fuzz_request(const void *packet, size_t length)
{
	const struct nicsw_wire_request *request = NULL;
	struct nicsw_error error = {};
	int result = nicsw_wire_check_request(packet, length, &request, &error);

	if (result) {
		check_failure(result, &error, request);
		check_refusal(packet, result, &error);
		return;
	}
	CHECK(request == packet, "a request that is not the packet");
	check_accepted(request, length);
	check_answer(request);
}

static void fuzz_reply(const void *packet, size_t length, const struct nicsw_wire_request *request)
{
	const struct nicsw_wire_reply *reply = NULL;
	struct nicsw_error error = {};
	int result = nicsw_wire_check_reply(packet, length, request, &reply, &error);

	if (result) {
		check_failure(result, &error, reply);
		return;
	}
	CHECK(reply == packet, "a reply that is not the packet");
	CHECK(reply->magic == NICSW_WIRE_MAGIC && reply->version == NICSW_WIRE_VERSION,
	      "version %u", reply->version);
	CHECK(reply->kind == request->kind && reply->request_id == request->request_id,
	      "reply to another request");
	CHECK(reply->length <= NICSW_WIRE_OUT_MAX, "%u bytes", reply->length);
	CHECK(length == sizeof(*reply) + MIN(reply->length, NICSW_WIRE_CHUNK), "%zu bytes", length);
	check_text(reply->rule, sizeof(reply->rule));
	check_text(reply->text, sizeof(reply->text));
	check_packets(request, reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	bool is_reply = fuzz_8(&input) & 1;
	struct nicsw_wire_request asked;
	size_t length;
	void *packet;

	nicsw_wire_begin_request(&asked, NICSW_WIRE_OID, 0, 0);
	if (is_reply) {
		asked.kind = fuzz_8(&input);
		asked.request_id = fuzz_8(&input);
	}
	length = input.left;
	packet = fuzz_block(length);
	fuzz_bytes(&input, packet, length);
	if (is_reply)
		fuzz_reply(packet, length, &asked);
	else
		fuzz_request(packet, length);
	free(packet);
	return 0;
}
