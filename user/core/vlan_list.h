/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VLAN ids as people write them: `10,20-29`. One bit per VID, 0 = untagged.
 *
 * Errors: -EINVAL (no such list), -ERANGE (a number above NICSW_VID_MAX); the output is untouched
 * then.
 */
#ifndef NICSW_CORE_VLAN_LIST_H
#define NICSW_CORE_VLAN_LIST_H

#include <stddef.h>

#include <nicsw/types.h>

#define NICSW_VLAN_LIST_WORDS (NICSW_VIDS / 64)
#define NICSW_VLAN_LIST_TEXT  16384 /* the longest: every other VID */

int nicsw_parse_vlan_list(const char *text, __u64 ret_words[NICSW_VLAN_LIST_WORDS]);
const char *nicsw_format_vlan_list(const __u64 words[NICSW_VLAN_LIST_WORDS],
				   char ret_text[NICSW_VLAN_LIST_TEXT]);

#endif
