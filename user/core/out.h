/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers for people and for programs from one description.
 *
 * A table is an array of columns (JSON key, heading, type) and cells, filled once, row by row. It
 * is printed as aligned text, as one line of words (`vf 0 rid 0x0101 (01:00.1)`), or as a JSON
 * array of objects. The code that fills it never asks which.
 *
 * A column without heading is for JSON only; one without key for text only.
 * Ownership: columns and their words must outlive the table (they are static); values are copied.
 * Errors: cells are added without return values; a failure (memory, a cell of the wrong type) is
 * kept and comes out of nicsw_out_print() as a negative errno, nothing being printed then.
 */
#ifndef NICSW_CORE_OUT_H
#define NICSW_CORE_OUT_H

#include "core/util.h"

enum nicsw_out_type {
	NICSW_OUT_TEXT,
	NICSW_OUT_ASIDE, /* a text that explains the cell before it: in parentheses on a line of
			    words */
	NICSW_OUT_NUMBER,
	NICSW_OUT_HEX,    /* a number; 0x0101 as text */
	NICSW_OUT_NAME,   /* a number or a word, such as a function: 3 or "pf" */
	NICSW_OUT_BOOL,   /* yes or no */
	NICSW_OUT_COUNTS, /* an object of named counts; as text only those above 0 */
	NICSW_OUT_ROWS,   /* an array of objects; as text the first cell of each */
};

struct nicsw_column {
	const char *key;
	const char *heading;
	enum nicsw_out_type type;
};

enum nicsw_out_format {
	NICSW_OUT_TABLE,
	NICSW_OUT_LINE,
	NICSW_OUT_JSON,
	NICSW_OUT_JSON_PRETTY,
};

struct nicsw_out;

int nicsw_out_new(const struct nicsw_column *columns, size_t count, struct nicsw_out **ret_out);
/* NULL is allowed. */
void nicsw_out_free(struct nicsw_out *out);

static inline void nicsw_out_freep(struct nicsw_out **out)
{
	nicsw_out_free(*out);
}

/* The next cell; a row ends with its last column. Any cell may be null: null in JSON, "-" as text.
 */
void nicsw_out_null(struct nicsw_out *out);
void nicsw_out_text(struct nicsw_out *out, const char *text);
void nicsw_out_number(struct nicsw_out *out, uint64_t number);
void nicsw_out_bool(struct nicsw_out *out, bool value);

/* A cell of counts is begun, then filled. */
void nicsw_out_counts(struct nicsw_out *out);
void nicsw_out_count(struct nicsw_out *out, const char *name, uint64_t count);

/* Takes over the rows; `rows` must not be used afterwards. NULL is a failure kept like any other.
 */
void nicsw_out_rows(struct nicsw_out *out, struct nicsw_out *rows);

/* -EIO: a row is not complete, or the stream does not take it. */
int nicsw_out_print(const struct nicsw_out *out, enum nicsw_out_format format, FILE *stream);

#endif
