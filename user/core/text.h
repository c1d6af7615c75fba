/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words that people type and read: numbers, MAC addresses, hex bytes, PCI addresses, NDIS counted
 * strings.
 *
 * Parsers are strict: the whole text or nothing, no sign, no blanks, no second spelling. Results
 * are in the caller's memory; nothing here allocates. Errors: -EINVAL the text has not the form,
 * -ERANGE it has, but the value is out of range. Outputs are untouched on failure.
 */
#ifndef NICSW_CORE_TEXT_H
#define NICSW_CORE_TEXT_H

#include <nicsw/types.h>

#include "core/util.h"

#define NICSW_MAC_TEXT     18                               /* "02:00:00:00:00:11" */
#define NICSW_ADDRESS_TEXT 16                               /* "01:00.1" */
#define NICSW_UTF8_SIZE    (3 * (NICSW_TEXT_UNITS - 1) + 1) /* any counted string as UTF-8 */

/* Decimal, or hexadecimal with 0x. */
int nicsw_parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret_number);

/* Six pairs of hex digits with colons between. Any address: which ones are allowed is the rule of
 * the request. */
int nicsw_parse_mac(const char *text, __u8 ret_mac[NICSW_MAC_SIZE]);
const char *nicsw_format_mac(const __u8 mac[NICSW_MAC_SIZE], char ret_text[NICSW_MAC_TEXT]);

/* Pairs of hex digits without anything between; *ret_length is at most size. */
int nicsw_parse_hex(const char *text, void *ret_bytes, size_t size, size_t *ret_length);
/* Writes 2 * length digits and a NUL. */
const char *nicsw_format_hex(const void *bytes, size_t length, char *ret_text);

/* Requester ID as BB:DD.F, how lspci names a function. The segment is left out. */
const char *nicsw_format_address(__u32 rid, char ret_text[NICSW_ADDRESS_TEXT]);

/*
 * UTF-8 to an NDIS counted string and back (GEN-31). -EINVAL: not valid UTF-8; -ERANGE: more than
 * 256 UTF-16 units. The way back cannot fail: an odd or too long Length is cut, a lone surrogate
 * becomes U+FFFD, a NUL or a control character '?', because the text goes to a terminal.
 */
int nicsw_text_set(struct nicsw_text *ret_text, const char *utf8);
const char *nicsw_text_get(const struct nicsw_text *text, char ret_utf8[NICSW_UTF8_SIZE]);

/* The word that `word` was most likely meant to be, or NULL when none is near. */
const char *nicsw_nearest_word(const char *word, const char *const *words, size_t count);

#endif
