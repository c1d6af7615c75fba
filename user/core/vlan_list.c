// SPDX-License-Identifier: GPL-2.0-only
#include "core/vlan_list.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has(const __u64 *words, __u32 vid)
{
	return words[vid / 64] >> (vid % 64) & 1;
}

/* Digits at *text, which moves behind them. */
static int parse_vid(const char **text, __u32 *ret_vid)
{
	char *end;
	unsigned long vid;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	vid = strtoul(*text, &end, 10);
	if (errno || vid > NICSW_VID_MAX)
		return -ERANGE;
	*text = end;
	*ret_vid = vid;
	return 0;
}

/* `10` or `20-29`. */
static int parse_range(const char **text, __u64 *words)
{
	__u32 first, last;
	int result = parse_vid(text, &first);

	last = first;
	if (!result && **text == '-') {
		(*text)++;
		result = parse_vid(text, &last);
	}
	if (result)
		return result;
	if (last < first)
		return -EINVAL;
	for (; first <= last; first++)
		words[first / 64] |= 1ull << (first % 64);
	return 0;
}

int nicsw_parse_vlan_list(const char *text, __u64 ret_words[NICSW_VLAN_LIST_WORDS])
{
	__u64 words[NICSW_VLAN_LIST_WORDS] = {0};
	int result;

	for (;;) {
		result = parse_range(&text, words);
		if (result)
			return result;
		if (!*text)
			break;
		if (*text++ != ',')
			return -EINVAL;
	}
	memcpy(ret_words, words, sizeof(words));
	return 0;
}

const char *nicsw_format_vlan_list(const __u64 words[NICSW_VLAN_LIST_WORDS],
				   char ret_text[NICSW_VLAN_LIST_TEXT])
{
	size_t used = 0;
	__u32 vid, last;

	ret_text[0] = 0;
	for (vid = 0; vid <= NICSW_VID_MAX; vid = last + 1) {
		last = vid;
		if (!has(words, vid))
			continue;
		while (last < NICSW_VID_MAX && has(words, last + 1))
			last++;
		used += snprintf(ret_text + used, NICSW_VLAN_LIST_TEXT - used,
				 last > vid ? "%s%u-%u" : "%s%u", used ? "," : "", vid, last);
	}
	return ret_text;
}
