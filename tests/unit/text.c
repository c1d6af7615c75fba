// SPDX-License-Identifier: GPL-2.0-only
#include "core/text.h"

#include <criterion/criterion.h>

Test(text, numbers_are_strict)
{
	static const struct {
		const char *text;
		int code;
		uint64_t number;
	} cases[] = {
		{"0", 0, 0},
		{"100", 0, 100},
		{"0x64", 0, 100},
		{"007", 0, 7},
		{"101", -ERANGE, 0},
		{"", -EINVAL, 0},
		{"0x", -EINVAL, 0},
		{" 1", -EINVAL, 0},
		{"1 ", -EINVAL, 0},
		{"+1", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"1a", -EINVAL, 0},
		{"0xg", -EINVAL, 0},
		{"1.0", -EINVAL, 0},
		{"18446744073709551616", -ERANGE, 0}, /* 2^64 must not become 0 */
		{"36893488147419103233", -ERANGE, 0},
		{"0x10000000000000000", -ERANGE, 0},
		{"18446744073709551616x", -EINVAL, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t number = 77;
		int code = nicsw_parse_number(cases[i].text, 0, 100, &number);

		cr_expect_eq(code, cases[i].code, "\"%s\": %d", cases[i].text, code);
		cr_expect_eq(number, code ? 77 : cases[i].number, "\"%s\"", cases[i].text);
	}
}

Test(text, numbers_reach_their_limits)
{
	uint64_t number;

	cr_expect_eq(nicsw_parse_number("5", 5, 5, &number), 0);
	cr_expect_eq(nicsw_parse_number("4", 5, 9, &number), -ERANGE);
	cr_assert_eq(nicsw_parse_number("18446744073709551615", 0, UINT64_MAX, &number), 0);
	cr_expect_eq(number, UINT64_MAX);
}

Test(text, mac)
{
	static const char *const bad[] = {"",
					  "02:00:00:00:00",
					  "02:00:00:00:00:",
					  "02:00:00:00:00:1",
					  "02:00:00:00:00:111",
					  "02:00:00:00:00:11:22",
					  "02-00-00-00-00-11",
					  "020000000011",
					  "0g:00:00:00:00:11",
					  " 02:00:00:00:00:11"};
	__u8 mac[NICSW_MAC_SIZE] = {9, 9, 9, 9, 9, 9};
	char text[NICSW_MAC_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		cr_expect_eq(nicsw_parse_mac(bad[i], mac), -EINVAL, "\"%s\"", bad[i]);
	cr_expect_eq(mac[0], 9, "untouched on failure");
	cr_assert_eq(nicsw_parse_mac("02:Ab:00:ff:00:11", mac), 0);
	cr_expect_str_eq(nicsw_format_mac(mac, text), "02:ab:00:ff:00:11");
}

Test(text, hex_goes_there_and_back)
{
	__u8 bytes[4] = {0};
	char text[9];
	size_t length = 77;

	cr_assert_eq(nicsw_parse_hex("1aF400ff", bytes, sizeof(bytes), &length), 0);
	cr_expect_eq(length, 4);
	cr_expect_str_eq(nicsw_format_hex(bytes, length, text), "1af400ff");
	cr_expect_eq(nicsw_parse_hex("", bytes, sizeof(bytes), &length), 0);
	cr_expect_eq(length, 0);
	cr_expect_eq(nicsw_parse_hex("1aF", bytes, sizeof(bytes), &length), -EINVAL);
	cr_expect_eq(nicsw_parse_hex("1a f4", bytes, sizeof(bytes), &length), -EINVAL);
	cr_expect_eq(nicsw_parse_hex("0x1a", bytes, sizeof(bytes), &length), -EINVAL);
	cr_expect_eq(nicsw_parse_hex("1af400ff00", bytes, sizeof(bytes), &length), -ERANGE);
}

/* PCI-10: the low 16 bits are bus, device, function. */
Test(text, address_of_a_rid)
{
	char text[NICSW_ADDRESS_TEXT];

	cr_expect_str_eq(nicsw_format_address(0x0101, text), "01:00.1");
	cr_expect_str_eq(nicsw_format_address(0x02ff, text), "02:1f.7");
	cr_expect_str_eq(nicsw_format_address(0x00010100, text), "01:00.0", "no segment");
}

/* GEN-31: Length is in bytes. */
Test(text, counted_string_there_and_back)
{
	static const struct {
		const char *utf8;
		__u16 length;
	} cases[] = {
		{"", 0},
		{"vm1", 6},
		{"b\xc3\xbcro", 8},
		{"\xe2\x82\xac", 2},
		{"\xf0\x9f\x98\x80", 4}, /* a surrogate pair */
	};
	struct nicsw_text text;
	char utf8[NICSW_UTF8_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cr_assert_eq(nicsw_text_set(&text, cases[i].utf8), 0, "%s", cases[i].utf8);
		cr_expect_eq(text.length, cases[i].length, "%s", cases[i].utf8);
		cr_expect_str_eq(nicsw_text_get(&text, utf8), cases[i].utf8);
	}
	nicsw_text_set(&text, "\xf0\x9f\x98\x80");
	cr_expect_eq(text.units[0], 0xd83d);
	cr_expect_eq(text.units[1], 0xde00);
}

Test(text, invalid_utf8_is_refused)
{
	static const char *const bad[] = {
		"\xff",
		"\x80",
		"\xc3",
		"\xc3(",
		"\xc0\xaf",
		"\xe0\x80\x80",
		"\xf0\x80\x80\x80", /* overlong */
		"\xed\xa0\x80",     /* a surrogate */
		"\xf4\x90\x80\x80", /* above 10FFFF */
		"\xe2\x82",
	};
	struct nicsw_text text = {.length = 77};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		cr_expect_eq(nicsw_text_set(&text, bad[i]), -EINVAL, "case %zu", i);
	cr_expect_eq(text.length, 77, "untouched on failure");
}

/* GEN-31: at most 256 units. */
Test(text, counted_string_limit)
{
	struct nicsw_text text;
	char letters[264];

	memset(letters, 'x', sizeof(letters));
	letters[257] = '\0';
	cr_expect_eq(nicsw_text_set(&text, letters), -ERANGE);
	letters[256] = '\0';
	cr_expect_eq(nicsw_text_set(&text, letters), 0);
	cr_expect_eq(text.length, 512);
	strcpy(letters + 254, "\xf0\x9f\x98\x80"); /* 254 units and two */
	cr_expect_eq(nicsw_text_set(&text, letters), 0);
	letters[254] = 'x';
	strcpy(letters + 255, "\xf0\x9f\x98\x80"); /* 255 and two */
	cr_expect_eq(nicsw_text_set(&text, letters), -ERANGE);
}

/* What comes from elsewhere is made harmless for a terminal. */
Test(text, counted_string_from_outside)
{
	struct nicsw_text text = {.length = 9, .units = {'a', 0x1b, 0xd800, 'b', 'c'}};
	char utf8[NICSW_UTF8_SIZE];

	cr_expect_str_eq(nicsw_text_get(&text, utf8),
			 "a?\xef\xbf\xbd"
			 "b",
			 "odd length, ESC, lone surrogate");
	text = (struct nicsw_text){.length = 0xffff};
	for (size_t i = 0; i < NICSW_TEXT_UNITS; i++)
		text.units[i] = 0x20ac;
	cr_expect_eq(strlen(nicsw_text_get(&text, utf8)), 256 * 3, "no more than there is");
	text = (struct nicsw_text){.length = 2, .units = {0xd83d, 0xde00}};
	cr_expect_str_eq(nicsw_text_get(&text, utf8), "\xef\xbf\xbd", "a pair cut by Length");
	text = (struct nicsw_text){.length = 4, .units = {0x9b, 'x'}};
	cr_expect_str_eq(nicsw_text_get(&text, utf8), "?x", "C1 control");
}

Test(text, nearest_word)
{
	static const char *const words[] = {"allocate", "free",   "show",
					    "reset",    "attach", "detach"};
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{"alocate", "allocate"}, {"SHOW", "show"},
		{"deatach", "detach"},   {"at", "attach"},
		{"xyzzy", NULL},         {"", NULL},
		{"rest", "reset"},       {"a-word-that-is-longer-than-all-of-ours", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *nearest = nicsw_nearest_word(cases[i].word, words, ARRAY_SIZE(words));

		if (cases[i].nearest)
			cr_expect_str_eq(nearest ? nearest : "nothing", cases[i].nearest, "%s",
					 cases[i].word);
		else
			cr_expect_null(nearest, "%s", cases[i].word);
	}
}

/* Words that are too long for the comparison are passed over, whoever they are from. */
Test(text, nearest_of_very_long_words)
{
	char letters[1001];
	const char *words[] = {letters, "show"};

	memset(letters, 'x', 1000);
	letters[1000] = '\0';
	cr_expect_str_eq(nicsw_nearest_word("shwo", words, 2), "show");
	cr_expect_null(nicsw_nearest_word(letters, words, 2));
}
