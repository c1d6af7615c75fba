// SPDX-License-Identifier: GPL-2.0-only
#include "core/text.h"

#include <ctype.h>

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* Own loop: strtoull() takes blanks, signs and wraps negative numbers. */
int nicsw_parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret_number)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	int base = hex ? 16 : 10;
	uint64_t number = 0;
	bool over = false;

	if (hex)
		text += 2;
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		int value = digit_value(*text);

		if (value < 0 || value >= base)
			return -EINVAL;
		over |= __builtin_mul_overflow(number, (uint64_t)base, &number);
		over |= __builtin_add_overflow(number, (uint64_t)value, &number);
	}
	if (over || number < least || number > most)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

static int parse_byte(const char *text, __u8 *ret_byte)
{
	int high = digit_value(text[0]);
	int low = high < 0 ? -1 : digit_value(text[1]);

	if (low < 0)
		return -EINVAL;
	*ret_byte = (__u8)(high << 4 | low);
	return 0;
}

int nicsw_parse_mac(const char *text, __u8 ret_mac[NICSW_MAC_SIZE])
{
	__u8 mac[NICSW_MAC_SIZE];

	for (size_t i = 0; i < NICSW_MAC_SIZE; i++, text += 3) {
		char end = i + 1 < NICSW_MAC_SIZE ? ':' : '\0';

		if (parse_byte(text, &mac[i]) || text[2] != end)
			return -EINVAL;
	}
	memcpy(ret_mac, mac, sizeof(mac));
	return 0;
}

const char *nicsw_format_mac(const __u8 mac[NICSW_MAC_SIZE], char ret_text[NICSW_MAC_TEXT])
{
	snprintf(ret_text, NICSW_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return ret_text;
}

int nicsw_parse_hex(const char *text, void *ret_bytes, size_t size, size_t *ret_length)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");
	__u8 *bytes = ret_bytes;

	if (text[digits] || digits % 2)
		return -EINVAL;
	if (digits / 2 > size)
		return -ERANGE;
	for (size_t i = 0; i < digits / 2; i++)
		parse_byte(text + 2 * i, &bytes[i]);
	*ret_length = digits / 2;
	return 0;
}

const char *nicsw_format_hex(const void *bytes, size_t length, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";
	const __u8 *byte = bytes;

	for (size_t i = 0; i < length; i++) {
		ret_text[2 * i] = digits[byte[i] >> 4];
		ret_text[2 * i + 1] = digits[byte[i] & 15];
	}
	ret_text[2 * length] = '\0';
	return ret_text;
}

const char *nicsw_format_address(__u32 rid, char ret_text[NICSW_ADDRESS_TEXT])
{
	snprintf(ret_text, NICSW_ADDRESS_TEXT, "%02x:%02x.%x", (rid >> 8) & 0xff, (rid >> 3) & 0x1f,
		 rid & 7);
	return ret_text;
}

/* How many bytes the first one announces, and its payload bits; 0: not a first byte. */
static size_t utf8_length(__u8 first, __u32 *ret_bits)
{
	static const struct {
		__u8 mask, value;
	} forms[] = {{0x80, 0x00}, {0xe0, 0xc0}, {0xf0, 0xe0}, {0xf8, 0xf0}};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if ((first & forms[i].mask) != forms[i].value)
			continue;
		*ret_bits = first & (__u8)~forms[i].mask;
		return i + 1;
	}
	return 0;
}

/* One code point of valid UTF-8: no overlong form, no surrogate, not above 10FFFF. Bytes used, or
 * -EINVAL. */
static int utf8_decode(const char *utf8, __u32 *ret_point)
{
	static const __u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
	__u32 point;
	size_t length = utf8_length((__u8)*utf8, &point);

	if (!length)
		return -EINVAL;
	for (size_t i = 1; i < length; i++) {
		if (((__u8)utf8[i] & 0xc0) != 0x80)
			return -EINVAL;
		point = point << 6 | ((__u8)utf8[i] & 0x3f);
	}
	if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return -EINVAL;
	*ret_point = point;
	return (int)length;
}

int nicsw_text_set(struct nicsw_text *ret_text, const char *utf8)
{
	struct nicsw_text text = {0};
	size_t used = 0;

	while (*utf8) {
		__u32 point;
		int length = utf8_decode(utf8, &point);

		if (length < 0)
			return length;
		if (used + (point > 0xffff ? 2 : 1) > NICSW_TEXT_UNITS - 1)
			return -ERANGE;
		if (point > 0xffff) {
			text.units[used++] = (__u16)(0xd800 + ((point - 0x10000) >> 10));
			text.units[used++] = (__u16)(0xdc00 + ((point - 0x10000) & 0x3ff));
		} else {
			text.units[used++] = (__u16)point;
		}
		utf8 += length;
	}
	text.length = (__u16)(2 * used);
	*ret_text = text;
	return 0;
}

/* Reads units[*index] and what belongs to it. */
static __u32 utf16_decode(const __u16 *units, size_t count, size_t *index)
{
	__u32 unit = units[(*index)++];

	if (unit < 0xd800 || unit > 0xdfff)
		return unit;
	if (unit >= 0xdc00 || *index == count || (units[*index] & 0xfc00) != 0xdc00)
		return 0xfffd;
	return 0x10000 + ((unit & 0x3ff) << 10 | (units[(*index)++] & 0x3ff));
}

static size_t utf8_encode(__u32 point, char *text)
{
	static const __u8 marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (size_t i = length - 1; i > 0; i--, point >>= 6)
		text[i] = (char)(0x80 | (point & 0x3f));
	text[0] = (char)(marks[length] | point);
	return length;
}

const char *nicsw_text_get(const struct nicsw_text *text, char ret_utf8[NICSW_UTF8_SIZE])
{
	size_t count = MIN(text->length / 2u, NICSW_TEXT_UNITS - 1u);
	char *out = ret_utf8;

	for (size_t i = 0; i < count;) {
		__u32 point = utf16_decode(text->units, count, &i);

		if (point < 0x20 || (point >= 0x7f && point < 0xa0))
			point = '?';
		out += utf8_encode(point, out);
	}
	*out = '\0';
	return ret_utf8;
}

#define LONGEST_WORD 48

/* Levenshtein distance; b, one of our own words, is not longer than LONGEST_WORD. */
static size_t word_distance(const char *a, const char *b)
{
	size_t row[LONGEST_WORD + 1];
	size_t length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0]++;

		for (size_t j = 0; j < length; j++) {
			size_t change = diagonal + (tolower((unsigned char)a[i]) != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = MIN(change, MIN(row[j], row[j + 1]) + 1);
		}
	}
	return row[length];
}

const char *nicsw_nearest_word(const char *word, const char *const *words, size_t count)
{
	size_t length = strlen(word);
	size_t best_distance = length / 2 + 2; /* farther is a guess, not help */
	const char *best = NULL;

	for (size_t i = 0; i < count; i++) {
		bool begins = length && strncmp(word, words[i], length) == 0;
		size_t distance;

		if (strlen(words[i]) > LONGEST_WORD)
			continue;
		distance = word_distance(word, words[i]);
		if (begins)
			distance = MIN(distance, 1);
		if (distance >= best_distance || distance >= strlen(words[i]))
			continue;
		best_distance = distance;
		best = words[i];
	}
	return best;
}
