// SPDX-License-Identifier: GPL-2.0-only
#include "core/vlan_list.h"

#include <criterion/criterion.h>
#include <errno.h>

static bool has(const __u64 *words, __u32 vid)
{
	return words[vid / 64] >> (vid % 64) & 1;
}

static __u32 count(const __u64 *words)
{
	__u32 i, number = 0;

	for (i = 0; i < NICSW_VLAN_LIST_WORDS; i++)
		number += __builtin_popcountll(words[i]);
	return number;
}

Test(vlan_list, ranges)
{
	__u64 words[NICSW_VLAN_LIST_WORDS];

	cr_assert_eq(nicsw_parse_vlan_list("0,10,60-70,4094", words), 0);
	cr_expect_eq(count(words), 14);
	cr_expect(has(words, 0) && has(words, 10) && has(words, 60) && has(words, 70) &&
		  has(words, 4094));
	cr_expect_not(has(words, 59) || has(words, 71) || has(words, 4093));
	cr_assert_eq(nicsw_parse_vlan_list("0-4094", words), 0);
	cr_expect_eq(count(words), 4095);
}

/* SET-RF-18: 4095 is no VLAN. A list that is none leaves the output as it was. */
Test(vlan_list, no_lists)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{"", -EINVAL},
		{",", -EINVAL},
		{"7,", -EINVAL},
		{",7", -EINVAL},
		{"7,,8", -EINVAL},
		{"7-", -EINVAL},
		{"-7", -EINVAL},
		{"9-7", -EINVAL},
		{" 7", -EINVAL},
		{"7 ", -EINVAL},
		{"7-8-9", -EINVAL},
		{"0x7", -EINVAL},
		{"a", -EINVAL},
		{"+7", -EINVAL},
		{"4095", -ERANGE},
		{"7-4095", -ERANGE},
		{"7,4095", -ERANGE},
		{"4294967303", -ERANGE},
		{"99999999999999999999", -ERANGE},
	};
	__u64 words[NICSW_VLAN_LIST_WORDS] = {77};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect_eq(nicsw_parse_vlan_list(cases[i].text, words), cases[i].code, "\"%s\"",
			     cases[i].text);
		cr_expect_eq(words[0], 77, "\"%s\"", cases[i].text);
	}
}

/* As short as it can be said, and read back the same. */
Test(vlan_list, there_and_back)
{
	static const struct {
		const char *text, *shortest;
	} cases[] = {
		{"7", "7"},
		{"0", "0"},
		{"7,8", "7-8"},
		{"8,7", "7-8"},
		{"9,7", "7,9"},
		{"0-63,64", "0-64"},
		{"10,20-29", "10,20-29"},
		{"0-4094", "0-4094"},
		{"4094", "4094"},
		{"5,5,5", "5"},
	};
	static char text[NICSW_VLAN_LIST_TEXT];
	__u64 words[NICSW_VLAN_LIST_WORDS], again[NICSW_VLAN_LIST_WORDS];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(nicsw_parse_vlan_list(cases[i].text, words), 0);
		cr_expect_str_eq(nicsw_format_vlan_list(words, text), cases[i].shortest);
		cr_assert_eq(nicsw_parse_vlan_list(text, again), 0);
		cr_expect_arr_eq(words, again, sizeof(words));
	}
}

/* Every other one is the longest list there is, and has room. */
Test(vlan_list, the_longest)
{
	static char text[NICSW_VLAN_LIST_TEXT];
	__u64 words[NICSW_VLAN_LIST_WORDS], again[NICSW_VLAN_LIST_WORDS];
	__u32 i;

	for (i = 0; i < NICSW_VLAN_LIST_WORDS; i++)
		words[i] = 0x5555555555555555ull;
	cr_expect_lt(strlen(nicsw_format_vlan_list(words, text)), sizeof(text) - 1);
	cr_assert_eq(nicsw_parse_vlan_list(text, again), 0);
	cr_expect_arr_eq(words, again, sizeof(words));
	memset(words, 0, sizeof(words));
	cr_expect_str_eq(nicsw_format_vlan_list(words, text), "");
}
