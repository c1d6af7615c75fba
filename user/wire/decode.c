// SPDX-License-Identifier: GPL-2.0-only
#include "wire/wire.h"

/* Names of the types in NICSW_CONTROLS, with a size for `void`. */
#define SIZE_OF(type) _Generic((type *)NULL, void * : 0, default : sizeof(type))

#define ACCESS_read  false
#define ACCESS_write true

static const struct nicsw_wire_control controls[] = {
#define X(number, NAME, name, access, request, reply)                                              \
	[number] = {#name, ACCESS_##access, SIZE_OF(request), SIZE_OF(reply)},
	NICSW_CONTROLS(X)
#undef X
};

/* Texts inside the payloads of control verbs: a field that is not terminated would be read past its
 * end. */
static const struct text_field {
	__u32 code;
	const char *name;
	size_t offset, size;
} text_fields[] = {
#define FIELD(CODE, type, member)                                                                  \
	{                                                                                          \
		NICSW_CONTROL_##CODE, #member, offsetof(type, member), sizeof(((type *)0)->member) \
	}
	FIELD(ADAPTER_ADD, struct nicsw_adapter_add, uplink),
	FIELD(VF_ATTACH, struct nicsw_vf_attach, netns),
	FIELD(VF_ATTACH, struct nicsw_vf_attach, dev),
#undef FIELD
};

/* Payloads are read as structures that may hold 64-bit members. */
_Static_assert(sizeof(struct nicsw_wire_request) % 8 == 0, "payload is aligned");

const struct nicsw_wire_control *nicsw_wire_control(__u32 code)
{
	if (code >= ARRAY_SIZE(controls) || !controls[code].name)
		return NULL;
	return &controls[code];
}

static bool is_terminated(const void *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static int check_text(const char *name, const void *text, size_t size, struct nicsw_error *error)
{
	if (is_terminated(text, size))
		return 0;
	return nicsw_fail(error, -EINVAL, NULL, "%s is not terminated within %zu bytes", name,
			  size);
}

static int check_magic(const void *packet, size_t length, size_t header, struct nicsw_error *error)
{
	__u32 magic;

	if (length < header)
		return nicsw_fail(error, -EPROTO, NULL,
				  "packet of %zu bytes is shorter than its header of %zu", length,
				  header);
	memcpy(&magic, packet, sizeof(magic));
	if (magic != NICSW_WIRE_MAGIC)
		return nicsw_fail(error, -EPROTO, NULL, "packet begins with 0x%08x, not 0x%08x",
				  magic, NICSW_WIRE_MAGIC);
	return 0;
}

static int check_version(__u16 version, struct nicsw_error *error)
{
	if (version == NICSW_WIRE_VERSION)
		return 0;
	return nicsw_fail(error, -EPROTONOSUPPORT, NULL, "protocol version %u, this is version %u",
			  version, NICSW_WIRE_VERSION);
}

/* in_length is compared, never added to anything: nothing here can wrap. */
static int check_lengths(const struct nicsw_wire_request *request, size_t length,
			 struct nicsw_error *error)
{
	size_t payload = length - sizeof(*request);

	if (request->in_length > NICSW_WIRE_IN_MAX)
		return nicsw_fail(error, -EMSGSIZE, NULL, "in_length %u is over %u",
				  request->in_length, NICSW_WIRE_IN_MAX);
	if (request->in_length != payload)
		return nicsw_fail(error, -EMSGSIZE, NULL, "in_length %u, but %zu bytes follow",
				  request->in_length, payload);
	if (request->out_length > NICSW_WIRE_OUT_MAX)
		return nicsw_fail(error, -EMSGSIZE, NULL, "out_length %u is over %u",
				  request->out_length, NICSW_WIRE_OUT_MAX);
	return 0;
}

static int check_header(const struct nicsw_wire_request *request, struct nicsw_error *error)
{
	const __u32 known = NICSW_WIRE_AS_NDIS | NICSW_WIRE_FORCE;
	int code;

	if (request->kind != NICSW_WIRE_OID && request->kind != NICSW_WIRE_CONTROL)
		return nicsw_fail(error, -EINVAL, NULL, "kind %u is not known", request->kind);
	if (request->flags & ~known)
		return nicsw_fail(error, -EINVAL, NULL, "flags 0x%x are not known",
				  request->flags & ~known);
	if (request->reserved)
		return nicsw_fail(error, -EINVAL, NULL, "reserved is 0x%x, not 0",
				  request->reserved);
	code = check_text("adapter", request->adapter, sizeof(request->adapter), error);
	if (code)
		return code;
	return check_text("owner", request->owner, sizeof(request->owner), error);
}

static int check_control(const struct nicsw_wire_request *request, struct nicsw_error *error)
{
	const struct nicsw_wire_control *control = nicsw_wire_control(request->code);
	const char *payload = nicsw_wire_payload(request);

	if (!control)
		return nicsw_fail(error, -ENOSYS, NULL, "control verb %u is not known",
				  request->code);
	if (request->in_length != control->request_size)
		return nicsw_fail(error, -EMSGSIZE, NULL, "%s takes %zu bytes, not %u",
				  control->name, control->request_size, request->in_length);
	for (size_t i = 0; i < ARRAY_SIZE(text_fields); i++) {
		const struct text_field *field = &text_fields[i];
		int code;

		if (field->code != request->code)
			continue;
		code = check_text(field->name, payload + field->offset, field->size, error);
		if (code)
			return code;
	}
	return 0;
}

int nicsw_wire_check_request(const void *packet, size_t length,
			     const struct nicsw_wire_request **ret_request,
			     struct nicsw_error *error)
{
	const struct nicsw_wire_request *request = packet;
	int code = check_magic(packet, length, sizeof(*request), error);

	if (!code)
		code = check_version(request->version, error);
	if (!code)
		code = check_header(request, error);
	if (!code)
		code = check_lengths(request, length, error);
	if (!code && request->kind == NICSW_WIRE_CONTROL)
		code = check_control(request, error);
	if (!code)
		*ret_request = request;
	return code;
}

static int check_answer(const struct nicsw_wire_reply *reply, size_t length,
			const struct nicsw_wire_request *request, struct nicsw_error *error)
{
	size_t chunk = length - sizeof(*reply);

	if (reply->kind != request->kind || reply->request_id != request->request_id)
		return nicsw_fail(error, -EPROTO, NULL, "reply to request %u, not to %u",
				  reply->request_id, request->request_id);
	if (!is_terminated(reply->rule, sizeof(reply->rule)) ||
	    !is_terminated(reply->text, sizeof(reply->text)))
		return nicsw_fail(error, -EPROTO, NULL, "a text of the reply is not terminated");
	if (reply->length > NICSW_WIRE_OUT_MAX || chunk != MIN(reply->length, NICSW_WIRE_CHUNK))
		return nicsw_fail(error, -EPROTO, NULL,
				  "reply of %u bytes, its first packet has %zu", reply->length,
				  chunk);
	return 0;
}

int nicsw_wire_check_reply(const void *packet, size_t length,
			   const struct nicsw_wire_request *request,
			   const struct nicsw_wire_reply **ret_reply, struct nicsw_error *error)
{
	const struct nicsw_wire_reply *reply = packet;
	int code = check_magic(packet, length, sizeof(*reply), error);

	if (!code)
		code = check_version(reply->version, error);
	if (!code)
		code = check_answer(reply, length, request, error);
	if (!code)
		*ret_reply = reply;
	return code;
}

int nicsw_wire_check_event(const void *packet, size_t length, struct nicsw_wire_event *ret_event,
			   struct nicsw_error *error)
{
	const struct nicsw_wire_event *event = packet;
	int code = check_magic(packet, length, sizeof(*event), error);

	if (!code)
		code = check_version(event->version, error);
	if (code)
		return code;
	if (event->kind != NICSW_WIRE_EVENT || length != sizeof(*event))
		return nicsw_fail(error, -EPROTO, NULL, "packet of kind %u and %zu bytes, no event",
				  event->kind, length);
	if (!is_terminated(event->adapter, sizeof(event->adapter)) ||
	    !is_terminated(event->state, sizeof(event->state)))
		return nicsw_fail(error, -EPROTO, NULL, "a text of the event is not terminated");
	*ret_event = *event;
	return 0;
}
