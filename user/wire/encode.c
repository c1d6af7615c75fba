// SPDX-License-Identifier: GPL-2.0-only
#include "wire/wire.h"

void nicsw_wire_begin_request(struct nicsw_wire_request *ret_request, enum nicsw_wire_kind kind,
			      __u32 code, size_t in_length)
{
	*ret_request = (struct nicsw_wire_request){
		.magic = NICSW_WIRE_MAGIC,
		.version = NICSW_WIRE_VERSION,
		.kind = (__u16)kind,
		.code = code,
		.in_length = (__u32)MIN(in_length, (size_t)UINT32_MAX),
		.vf = NICSW_NONE,
	};
}

void nicsw_wire_begin_reply(const struct nicsw_wire_request *request,
			    struct nicsw_wire_reply *ret_reply)
{
	*ret_reply = (struct nicsw_wire_reply){
		.magic = NICSW_WIRE_MAGIC,
		.version = NICSW_WIRE_VERSION,
		.kind = request->kind,
		.request_id = request->request_id,
	};
}

void nicsw_wire_fail_reply(struct nicsw_wire_reply *reply, __u32 status,
			   const struct nicsw_error *error)
{
	reply->status = status;
	reply->code = error->code;
	snprintf(reply->rule, sizeof(reply->rule), "%s", error->rule);
	snprintf(reply->text, sizeof(reply->text), "%s", error->text);
}

size_t nicsw_wire_count_packets(const struct nicsw_wire_reply *reply)
{
	return reply->length ? (reply->length - 1) / NICSW_WIRE_CHUNK + 1 : 1;
}

size_t nicsw_wire_packet_parts(const struct nicsw_wire_reply *reply, const void *payload,
			       size_t index, struct iovec ret_parts[2])
{
	size_t offset = MIN(index * NICSW_WIRE_CHUNK, (size_t)reply->length);
	size_t length = MIN((size_t)reply->length - offset, (size_t)NICSW_WIRE_CHUNK);
	size_t used = 0;

	if (!index)
		ret_parts[used++] = (struct iovec){(void *)reply, sizeof(*reply)};
	if (length)
		ret_parts[used++] = (struct iovec){(char *)payload + offset, length};
	return used;
}
