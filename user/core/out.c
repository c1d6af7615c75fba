// SPDX-License-Identifier: GPL-2.0-only
#include "core/out.h"

#include <json-c/json.h>

/* Cells are json-c values from the start: typed, counted, and already what -j prints. */
struct nicsw_out {
	const struct nicsw_column *columns;
	size_t count;
	struct json_object *rows;   /* array of arrays of cells */
	struct json_object *row;    /* the one that is being filled, inside rows; NULL = none */
	struct json_object *counts; /* the cell that nicsw_out_count() adds to */
	int error;
};

int nicsw_out_new(const struct nicsw_column *columns, size_t count, struct nicsw_out **ret_out)
{
	struct nicsw_out *out = calloc(1, sizeof(*out));

	if (!out)
		return -ENOMEM;
	*out = (struct nicsw_out){columns, count, json_object_new_array(), NULL, NULL, 0};
	if (!out->rows) {
		free(out);
		return -ENOMEM;
	}
	*ret_out = out;
	return 0;
}

void nicsw_out_free(struct nicsw_out *out)
{
	if (!out)
		return;
	json_object_put(out->rows);
	free(out);
}

/* ---- cells --------------------------------------------------------------------------------------
 */

static bool fits_column(enum nicsw_out_type column, enum json_type cell)
{
	switch (column) {
	case NICSW_OUT_TEXT:
	case NICSW_OUT_ASIDE:
		return cell == json_type_string;
	case NICSW_OUT_NUMBER:
	case NICSW_OUT_HEX:
		return cell == json_type_int;
	case NICSW_OUT_NAME:
		return cell == json_type_int || cell == json_type_string;
	case NICSW_OUT_BOOL:
		return cell == json_type_boolean;
	case NICSW_OUT_COUNTS:
		return cell == json_type_object;
	case NICSW_OUT_ROWS:
		return cell == json_type_array;
	}
	return false;
}

static int begin_row(struct nicsw_out *out)
{
	struct json_object *row = json_object_new_array();

	if (!row || json_object_array_add(out->rows, row)) {
		json_object_put(row);
		return -ENOMEM;
	}
	out->row = row;
	return 0;
}

static int put_cell(struct nicsw_out *out, enum json_type type, struct json_object *cell)
{
	int code = out->row ? 0 : begin_row(out);
	size_t index;

	if (code)
		return code;
	if (type != json_type_null && !cell)
		return -ENOMEM;
	index = json_object_array_length(out->row);
	if (type != json_type_null && !fits_column(out->columns[index].type, type))
		return -EINVAL;
	if (json_object_array_add(out->row, cell))
		return -ENOMEM;
	if (index + 1 == out->count)
		out->row = NULL;
	return 0;
}

/* Takes over the cell, also when it fails. */
static void add_cell(struct nicsw_out *out, enum json_type type, struct json_object *cell)
{
	int code = out->error ? out->error : put_cell(out, type, cell);

	out->counts = NULL;
	if (!code)
		return;
	json_object_put(cell);
	out->error = code;
}

void nicsw_out_null(struct nicsw_out *out)
{
	add_cell(out, json_type_null, NULL);
}

void nicsw_out_text(struct nicsw_out *out, const char *text)
{
	add_cell(out, json_type_string, json_object_new_string(text));
}

void nicsw_out_number(struct nicsw_out *out, uint64_t number)
{
	add_cell(out, json_type_int, json_object_new_uint64(number));
}

void nicsw_out_bool(struct nicsw_out *out, bool value)
{
	add_cell(out, json_type_boolean, json_object_new_boolean(value));
}

void nicsw_out_counts(struct nicsw_out *out)
{
	struct json_object *counts = json_object_new_object();

	add_cell(out, json_type_object, counts);
	if (!out->error)
		out->counts = counts;
}

void nicsw_out_count(struct nicsw_out *out, const char *name, uint64_t count)
{
	struct json_object *number;

	if (out->error)
		return;
	number = out->counts ? json_object_new_uint64(count) : NULL;
	if (number && !json_object_object_add(out->counts, name, number))
		return;
	json_object_put(number);
	out->error = out->counts ? -ENOMEM : -EINVAL;
}

/* ---- JSON ---------------------------------------------------------------------------------------
 */

static struct json_object *row_object(const struct nicsw_out *out, struct json_object *row)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; object && i < out->count; i++) {
		struct json_object *cell = json_object_array_get_idx(row, i);

		if (!out->columns[i].key)
			continue;
		if (!json_object_object_add(object, out->columns[i].key, json_object_get(cell)))
			continue;
		json_object_put(cell);
		json_object_put(object);
		return NULL;
	}
	return object;
}

static struct json_object *row_objects(const struct nicsw_out *out)
{
	size_t rows = json_object_array_length(out->rows);
	struct json_object *objects = json_object_new_array_ext((int)rows);

	for (size_t i = 0; objects && i < rows; i++) {
		struct json_object *object =
			row_object(out, json_object_array_get_idx(out->rows, i));

		if (object && !json_object_array_add(objects, object))
			continue;
		json_object_put(object);
		json_object_put(objects);
		return NULL;
	}
	return objects;
}

void nicsw_out_rows(struct nicsw_out *out, struct nicsw_out *rows)
{
	int code = !rows ? -ENOMEM : rows->row ? -EIO : rows->error;

	if (code)
		out->error = out->error ? out->error : code;
	else
		add_cell(out, json_type_array, row_objects(rows));
	nicsw_out_free(rows);
}

static int print_json(const struct nicsw_out *out, int flags, FILE *stream)
{
	struct json_object *objects = row_objects(out);
	const char *text = objects ? json_object_to_json_string_ext(objects, flags) : NULL;
	int code = text ? 0 : -ENOMEM;

	if (text && fprintf(stream, "%s\n", text) < 0)
		code = -EIO;
	json_object_put(objects);
	return code;
}

/* ---- text ---------------------------------------------------------------------------------------
 */

static void write_counts(struct json_object *counts, FILE *stream)
{
	const char *between = "";

	json_object_object_foreach(counts, name, count)
	{
		if (!json_object_get_uint64(count))
			continue;
		fprintf(stream, "%s%s=%s", between, name, json_object_get_string(count));
		between = ",";
	}
	if (!*between)
		fputc('-', stream);
}

static void write_rows(struct json_object *rows, FILE *stream)
{
	size_t count = json_object_array_length(rows);

	for (size_t i = 0; i < count; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		struct json_object_iterator first = json_object_iter_begin(row);

		fprintf(stream, "%s%s", i ? "," : "",
			json_object_get_string(json_object_iter_peek_value(&first)));
	}
	if (!count)
		fputc('-', stream);
}

static void write_cell(enum nicsw_out_type type, struct json_object *cell, FILE *stream)
{
	if (!cell ||
	    (json_object_is_type(cell, json_type_string) && !json_object_get_string_len(cell)))
		fputc('-', stream);
	else if (type == NICSW_OUT_HEX)
		fprintf(stream, "0x%04llx", (unsigned long long)json_object_get_uint64(cell));
	else if (type == NICSW_OUT_BOOL)
		fputs(json_object_get_boolean(cell) ? "yes" : "no", stream);
	else if (type == NICSW_OUT_COUNTS)
		write_counts(cell, stream);
	else if (type == NICSW_OUT_ROWS)
		write_rows(cell, stream);
	else
		fputs(json_object_get_string(cell), stream);
}

/* NULL: no memory. */
static char *cell_text(enum nicsw_out_type type, struct json_object *cell)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	write_cell(type, cell, stream);
	if (!fclose(stream))
		return text;
	free(text);
	return NULL;
}

/* Characters, not bytes, of UTF-8. */
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* What a text table is printed from: row 0 is the headings, columns without one are NULL. */
struct grid {
	size_t rows, columns;
	char **texts;
	size_t *widths;
};

static void grid_clear(struct grid *grid)
{
	for (size_t i = 0; grid->texts && i < grid->rows * grid->columns; i++)
		free(grid->texts[i]);
	free(grid->texts);
	free(grid->widths);
}

static int grid_put(struct grid *grid, size_t row, size_t column, char *text)
{
	if (!text)
		return -ENOMEM;
	grid->texts[row * grid->columns + column] = text;
	grid->widths[column] = MAX(grid->widths[column], text_width(text));
	return 0;
}

static int grid_fill_row(struct grid *grid, const struct nicsw_out *out, size_t row)
{
	struct json_object *cells = row ? json_object_array_get_idx(out->rows, row - 1) : NULL;

	for (size_t i = 0; i < out->count; i++) {
		const struct nicsw_column *column = &out->columns[i];
		char *text;

		if (!column->heading)
			continue;
		text = row ? cell_text(column->type, json_object_array_get_idx(cells, i))
			   : strdup(column->heading);
		if (grid_put(grid, row, i, text))
			return -ENOMEM;
	}
	return 0;
}

static int grid_fill(struct grid *grid, const struct nicsw_out *out)
{
	grid->rows = json_object_array_length(out->rows) + 1;
	grid->columns = out->count;
	grid->texts = calloc(grid->rows * grid->columns, sizeof(*grid->texts));
	grid->widths = calloc(grid->columns, sizeof(*grid->widths));
	if (!grid->texts || !grid->widths)
		return -ENOMEM;
	for (size_t row = 0; row < grid->rows; row++)
		if (grid_fill_row(grid, out, row))
			return -ENOMEM;
	return 0;
}

/* Numbers to the right, the rest to the left; no blanks at the end of a line. */
static void grid_print_row(const struct grid *grid, const struct nicsw_out *out, size_t row,
			   FILE *stream)
{
	size_t blanks = 0;

	for (size_t i = 0; i < grid->columns; i++) {
		const char *text = grid->texts[row * grid->columns + i];
		bool right = out->columns[i].type == NICSW_OUT_NUMBER;
		size_t pad;

		if (!text)
			continue;
		pad = grid->widths[i] - text_width(text);
		fprintf(stream, "%*s%s", (int)(blanks + (right ? pad : 0)), "", text);
		blanks = 2 + (right ? 0 : pad);
	}
	fputc('\n', stream);
}

static int print_table(const struct nicsw_out *out, FILE *stream)
{
	_cleanup_(grid_clear) struct grid grid = {0};
	int code = grid_fill(&grid, out);

	for (size_t row = 0; !code && row < grid.rows; row++)
		grid_print_row(&grid, out, row, stream);
	return code;
}

static int print_line(const struct nicsw_out *out, struct json_object *row, FILE *stream)
{
	const char *between = "";

	for (size_t i = 0; i < out->count; i++) {
		const struct nicsw_column *column = &out->columns[i];
		bool aside = column->type == NICSW_OUT_ASIDE;
		_cleanup_free_ char *text = NULL;

		if (!column->heading)
			continue;
		text = cell_text(column->type, json_object_array_get_idx(row, i));
		if (!text)
			return -ENOMEM;
		fputs(between, stream);
		if (!aside && *column->heading)
			fprintf(stream, "%s ", column->heading);
		fprintf(stream, aside ? "(%s)" : "%s", text);
		between = " ";
	}
	fputc('\n', stream);
	return 0;
}

static int print_lines(const struct nicsw_out *out, FILE *stream)
{
	size_t rows = json_object_array_length(out->rows);
	int code = 0;

	for (size_t i = 0; !code && i < rows; i++)
		code = print_line(out, json_object_array_get_idx(out->rows, i), stream);
	return code;
}

static int print_format(const struct nicsw_out *out, enum nicsw_out_format format, FILE *stream)
{
	switch (format) {
	case NICSW_OUT_TABLE:
		return print_table(out, stream);
	case NICSW_OUT_LINE:
		return print_lines(out, stream);
	case NICSW_OUT_JSON:
		return print_json(out, JSON_C_TO_STRING_NOSLASHESCAPE, stream);
	case NICSW_OUT_JSON_PRETTY:
		return print_json(out,
				  JSON_C_TO_STRING_NOSLASHESCAPE | JSON_C_TO_STRING_PRETTY |
					  JSON_C_TO_STRING_SPACED,
				  stream);
	}
	return -EINVAL;
}

int nicsw_out_print(const struct nicsw_out *out, enum nicsw_out_format format, FILE *stream)
{
	int code = out->error ? out->error : out->row ? -EIO : print_format(out, format, stream);

	return code ? code : ferror(stream) ? -EIO : 0;
}
