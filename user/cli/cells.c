// SPDX-License-Identifier: GPL-2.0-only
#include "cli/cli.h"
#include "core/text.h"

void nicsw_function_cell(struct nicsw_out *out, __u32 function)
{
	if (function == NICSW_NONE)
		nicsw_out_null(out);
	else if (function == NICSW_FUNCTION_PF)
		nicsw_out_text(out, "pf");
	else
		nicsw_out_number(out, function);
}

void nicsw_vport_cell(struct nicsw_out *out, __u32 vport_id)
{
	if (vport_id == NICSW_NONE)
		nicsw_out_null(out);
	else
		nicsw_out_number(out, vport_id);
}

void nicsw_mac_cell(struct nicsw_out *out, const __u8 mac[NICSW_MAC_SIZE])
{
	char text[NICSW_MAC_TEXT];

	nicsw_out_text(out, nicsw_format_mac(mac, text));
}

void nicsw_address_cell(struct nicsw_out *out, __u32 rid)
{
	char text[NICSW_ADDRESS_TEXT];

	nicsw_out_text(out, nicsw_format_address(rid, text));
}

void nicsw_counted_cell(struct nicsw_out *out, const struct nicsw_text *text)
{
	char utf8[NICSW_UTF8_SIZE];

	nicsw_out_text(out, nicsw_text_get(text, utf8));
}
