// SPDX-License-Identifier: GPL-2.0-only
#include "ndis_fixture.h"

TestSuite(ndis_queue, .init = fixture_open, .fini = fixture_close);

/* VMQ-2, VMQ-3: never a queue. */
Test(ndis_queue, VMQ_2_empty)
{
	struct ndis_receive_queue_info_array array;
	struct reply reply;

	memset(&array, 0x5a, sizeof(array));
	reply = ask(OID_RECEIVE_FILTER_ENUM_QUEUES, QUERY, &array, 0, 16);
	ACCEPT(reply);
	cr_expect_eq(reply.written, 16);
	cr_expect_arr_eq(&array.header, "\x80\x01\x10\x00", 4);
	cr_expect_eq(array.elements.num_elements, 0);
	cr_expect_eq(array.elements.first_element_offset, 16);
}
