// SPDX-License-Identifier: GPL-2.0-only
#include "core/out.h"

#include <criterion/criterion.h>

static const struct nicsw_column columns[] = {
	{"vf_id", "vf", NICSW_OUT_NUMBER},  {"rid", "rid", NICSW_OUT_HEX},
	{"address", "at", NICSW_OUT_ASIDE}, {"mac", NULL, NICSW_OUT_TEXT},
	{NULL, "name", NICSW_OUT_TEXT},     {"on", "on", NICSW_OUT_BOOL},
	{"function", "fn", NICSW_OUT_NAME},
};

static struct nicsw_out *two_rows(void)
{
	struct nicsw_out *out;

	cr_assert_eq(nicsw_out_new(columns, ARRAY_SIZE(columns), &out), 0);
	nicsw_out_number(out, 7);
	nicsw_out_number(out, 0x101);
	nicsw_out_text(out, "01:00.1");
	nicsw_out_text(out, "02:00:00:00:00:11");
	nicsw_out_text(out, "b\xc3\xbcro");
	nicsw_out_bool(out, true);
	nicsw_out_text(out, "pf");
	nicsw_out_number(out, 1023);
	nicsw_out_null(out);
	nicsw_out_text(out, "");
	nicsw_out_null(out);
	nicsw_out_null(out);
	nicsw_out_bool(out, false);
	nicsw_out_number(out, 3);
	return out;
}

static void expect_printed(struct nicsw_out *out, enum nicsw_out_format format,
			   const char *expected)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	int code = nicsw_out_print(out, format, stream);

	fclose(stream);
	cr_expect_eq(code, 0, "%d", code);
	cr_expect_str_eq(text, expected);
	nicsw_out_free(out);
}

Test(out, table_is_aligned_by_characters)
{
	expect_printed(two_rows(), NICSW_OUT_TABLE,
		       "  vf  rid     at       name  on   fn\n"
		       "   7  0x0101  01:00.1  b\xc3\xbcro  yes  pf\n"
		       "1023  -       -        -     no   3\n");
}

Test(out, json_has_keys_and_types)
{
	expect_printed(two_rows(), NICSW_OUT_JSON,
		       "[{\"vf_id\":7,\"rid\":257,\"address\":\"01:00.1\","
		       "\"mac\":\"02:00:00:00:00:11\",\"on\":true,\"function\":\"pf\"},"
		       "{\"vf_id\":1023,\"rid\":null,\"address\":\"\",\"mac\":null,\"on\":false,"
		       "\"function\":3}]\n");
}

Test(out, line_of_words)
{
	expect_printed(two_rows(), NICSW_OUT_LINE,
		       "vf 7 rid 0x0101 (01:00.1) name b\xc3\xbcro on yes fn pf\n"
		       "vf 1023 rid - (-) name - on no fn 3\n");
}

static const struct nicsw_column nested_columns[] = {
	{"vport_id", "VPORT", NICSW_OUT_NUMBER},
	{"filters", "FILTERS", NICSW_OUT_ROWS},
	{"drops", "DROPS", NICSW_OUT_COUNTS},
};

static const struct nicsw_column filter_columns[] = {
	{"filter_id", "FILTER", NICSW_OUT_NUMBER},
	{"netns", "NETNS", NICSW_OUT_TEXT},
};

static struct nicsw_out *nested(size_t filters)
{
	struct nicsw_out *out, *rows;

	cr_assert_eq(nicsw_out_new(nested_columns, ARRAY_SIZE(nested_columns), &out), 0);
	cr_assert_eq(nicsw_out_new(filter_columns, ARRAY_SIZE(filter_columns), &rows), 0);
	for (size_t i = 0; i < filters; i++) {
		nicsw_out_number(rows, i + 1);
		nicsw_out_text(rows, "/run/netns/\"a");
	}
	nicsw_out_number(out, 1);
	nicsw_out_rows(out, rows);
	nicsw_out_counts(out);
	nicsw_out_count(out, "runt", filters);
	nicsw_out_count(out, "too_long", 0);
	nicsw_out_count(out, "packet_filter", UINT64_MAX * (filters > 0));
	return out;
}

Test(out, nested_rows_and_counts)
{
	expect_printed(nested(2), NICSW_OUT_TABLE,
		       "VPORT  FILTERS  DROPS\n"
		       "    1  1,2      runt=2,packet_filter=18446744073709551615\n");
	expect_printed(nested(0), NICSW_OUT_TABLE, "VPORT  FILTERS  DROPS\n    1  -        -\n");
	expect_printed(
		nested(1), NICSW_OUT_JSON,
		"[{\"vport_id\":1,\"filters\":[{\"filter_id\":1,\"netns\":\"/run/netns/\\\"a\"}],"
		"\"drops\":{\"runt\":1,\"too_long\":0,\"packet_filter\":18446744073709551615}}]\n");
	expect_printed(
		nested(0), NICSW_OUT_JSON_PRETTY,
		"[\n  {\n    \"vport_id\": 1,\n    \"filters\": [\n    ],\n    \"drops\": {\n"
		"      \"runt\": 0,\n      \"too_long\": 0,\n      \"packet_filter\": 0\n"
		"    }\n  }\n]\n");
}

Test(out, no_rows)
{
	struct nicsw_out *out;

	cr_assert_eq(nicsw_out_new(nested_columns, ARRAY_SIZE(nested_columns), &out), 0);
	expect_printed(out, NICSW_OUT_JSON, "[]\n");
	cr_assert_eq(nicsw_out_new(nested_columns, ARRAY_SIZE(nested_columns), &out), 0);
	expect_printed(out, NICSW_OUT_TABLE, "VPORT  FILTERS  DROPS\n");
}

/* A mistake of the caller is not printed as if it were an answer. */
static void expect_error(struct nicsw_out *out, int expected)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	cr_expect_eq(nicsw_out_print(out, NICSW_OUT_JSON, stream), expected);
	fclose(stream);
	cr_expect_str_empty(text);
	nicsw_out_free(out);
}

Test(out, mistakes_are_kept)
{
	struct nicsw_out *out;

	cr_assert_eq(nicsw_out_new(columns, ARRAY_SIZE(columns), &out), 0);
	nicsw_out_text(out, "a text in a column of numbers");
	expect_error(out, -EINVAL);
	cr_assert_eq(nicsw_out_new(columns, ARRAY_SIZE(columns), &out), 0);
	nicsw_out_number(out, 1);
	expect_error(out, -EIO);
	cr_assert_eq(nicsw_out_new(columns, ARRAY_SIZE(columns), &out), 0);
	nicsw_out_count(out, "outside of a cell of counts", 1);
	expect_error(out, -EINVAL);
	cr_assert_eq(nicsw_out_new(nested_columns, ARRAY_SIZE(nested_columns), &out), 0);
	nicsw_out_number(out, 1);
	nicsw_out_rows(out, NULL);
	expect_error(out, -ENOMEM);
}

Test(out, a_stream_that_is_full)
{
	struct nicsw_out *out = two_rows();
	FILE *full = fopen("/dev/full", "we");

	cr_assert(full);
	setvbuf(full, NULL, _IONBF, 0);
	cr_expect_eq(nicsw_out_print(out, NICSW_OUT_TABLE, full), -EIO);
	fclose(full);
	nicsw_out_free(out);
}
