// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/call.h"

void nicsw_call_read(const struct nicsw_ndis_call *call, void *structure, size_t size)
{
	memset(structure, 0, size);
	memcpy(structure, call->request->buffer, MIN(size, call->fixed_length));
}

void nicsw_call_write_all(const struct nicsw_ndis_call *call, const void *structure)
{
	memcpy(call->request->buffer, structure, call->fixed_length);
}

void nicsw_call_answer(const struct nicsw_ndis_call *call, void *structure)
{
	const struct ndis_object_header header = {NDIS_OBJECT_TYPE_DEFAULT, call->revision,
						  call->fixed_length};

	memcpy(structure, &header, sizeof(header));
	nicsw_call_write_all(call, structure);
}

int nicsw_call_data(struct nicsw_ndis_call *call, __u32 room, __u32 offset, __u32 length,
		    const char *rule, const char *end_rule, __u32 *ret_end)
{
	int result;

	if (offset < call->fixed_length)
		return nicsw_fail(call->error, -EINVAL, rule,
				  "offset %u lies in the parameters, %u bytes", offset,
				  call->fixed_length);
	if (offset > UINT32_MAX - length)
		return nicsw_fail(call->error, -EINVAL, "GEN-30", "offset %u wraps around", offset);
	result = nicsw_call_need(call, room, offset + length, end_rule);
	if (!result)
		*ret_end = offset + length;
	return result;
}

int nicsw_call_need(struct nicsw_ndis_call *call, __u32 room, __u32 needed, const char *rule)
{
	if (room >= needed)
		return 0;
	call->request->bytes_needed = needed;
	return nicsw_fail(call->error, -EMSGSIZE, rule, "a buffer of %u bytes, %u are needed", room,
			  needed);
}

int nicsw_call_text(struct nicsw_ndis_call *call, const struct nicsw_text *text, const char *member,
		    struct nicsw_text *ret)
{
	if (text->length > NDIS_TEXT_LENGTH_MAX || text->length % sizeof(text->units[0]))
		return nicsw_fail(call->error, -EINVAL, "GEN-31",
				  "%s of %u bytes: the length must be even and at most %u", member,
				  text->length, NDIS_TEXT_LENGTH_MAX);
	memset(ret, 0, sizeof(*ret));
	ret->length = text->length;
	memcpy(ret->units, text->units, text->length);
	return 0;
}

/* Elements follow the header without a gap: BytesNeeded is header + count * size (ENUM-RF-4). */
int nicsw_call_array_begin(struct nicsw_ndis_call *call, size_t elements_offset, __u32 num_elements,
			   __u32 element_size, const char *rule)
{
	const struct ndis_elements elements = {
		.first_element_offset = call->fixed_length,
		.num_elements = num_elements,
		.element_size = element_size,
	};
	__u32 total = call->fixed_length + num_elements * element_size;
	int result;

	result = nicsw_call_need(call, call->request->out_length, total, rule);
	if (result)
		return result;
	memcpy((char *)call->request->buffer + elements_offset, &elements, sizeof(elements));
	call->request->bytes_written = total;
	return 0;
}

void nicsw_call_array_put(struct nicsw_ndis_call *call, size_t elements_offset, __u32 i,
			  const void *element)
{
	char *buffer = call->request->buffer;
	struct ndis_elements elements;

	memcpy(&elements, buffer + elements_offset, sizeof(elements));
	memcpy(buffer + elements.first_element_offset + i * elements.element_size, element,
	       elements.element_size);
}
