// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/oid_table.h"

/* VMQ-2: VPorts of the PF take the place of VM queues (VMQ-3), so there is never one. */
int nicsw_oid_enum_queues(struct nicsw_ndis_call *call)
{
	struct ndis_receive_queue_info_array answer = {
		.elements = {.first_element_offset = call->fixed_length},
	};

	nicsw_call_answer(call, &answer);
	return 0;
}
