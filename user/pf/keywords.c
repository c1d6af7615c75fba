// SPDX-License-Identifier: GPL-2.0-only
#include "pf/keywords.h"

#include <ini.h>
#include <limits.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/text.h"

const struct nicsw_keyword_row nicsw_keyword_rows[NICSW_KEYWORD_COUNT] = {
#define X(NAME, section, keyword, least, most, initial, meaning)                                   \
	[NICSW_KEYWORD_##NAME] = {section, keyword, least, most, initial, meaning},
	NICSW_KEYWORDS(X)
#undef X
};

struct reading {
	__u32 values[NICSW_KEYWORD_COUNT];
	bool given[NICSW_KEYWORD_COUNT];
	struct nicsw_text switch_name;
	bool name_given;
	struct nicsw_error wrong; /* the first thing that is wrong; its line is what inih returns */
};

static bool has_section(const char *section)
{
	size_t i;

	for (i = 0; i < NICSW_KEYWORD_COUNT; i++)
		if (strcasecmp(nicsw_keyword_rows[i].section, section) == 0)
			return true;
	return false;
}

/* Names of the registry: case makes no difference. */
static size_t find_keyword(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < NICSW_KEYWORD_COUNT; i++)
		if (strcasecmp(nicsw_keyword_rows[i].section, section) == 0 &&
		    strcasecmp(nicsw_keyword_rows[i].name, name) == 0)
			break;
	return i;
}

static int set_value(struct reading *reading, size_t i, const char *text)
{
	const struct nicsw_keyword_row *row = &nicsw_keyword_rows[i];
	uint64_t value;

	if (reading->given[i])
		return nicsw_fail(&reading->wrong, -EINVAL, NULL, "%s is given twice", row->name);
	if (nicsw_parse_number(text, row->least, row->most, &value))
		return nicsw_fail(&reading->wrong, -EINVAL, NULL,
				  "%s \"%.32s\" is not a number within %u..%u", row->name, text,
				  row->least, row->most);
	reading->given[i] = true;
	reading->values[i] = (__u32)value;
	return 0;
}

static bool is_switch_name(const char *section, const char *name)
{
	return strcasecmp(section, NICSW_SECTION_SWITCH) == 0 &&
	       strcasecmp(name, NICSW_KEYWORD_SWITCH_NAME) == 0;
}

static int set_switch_name(struct reading *reading, const char *text)
{
	if (reading->name_given)
		return nicsw_fail(&reading->wrong, -EINVAL, NULL, "%s is given twice",
				  NICSW_KEYWORD_SWITCH_NAME);
	if (nicsw_text_set(&reading->switch_name, text))
		return nicsw_fail(&reading->wrong, -EINVAL, "GEN-31",
				  "%s is not UTF-8 of at most 256 characters",
				  NICSW_KEYWORD_SWITCH_NAME);
	reading->name_given = true;
	return 0;
}

/* A keyword in the wrong section is the mistake that is made first: say where it belongs. */
static const char *right_place(const char *name)
{
	for (size_t i = 0; i < NICSW_KEYWORD_COUNT; i++)
		if (strcasecmp(nicsw_keyword_rows[i].name, name) == 0)
			return nicsw_keyword_rows[i].section[0]
				       ? ": it belongs into [" NICSW_SECTION_SWITCH "]"
				       : ": it belongs before the first section";
	return is_switch_name(NICSW_SECTION_SWITCH, name)
		       ? ": it belongs into [" NICSW_SECTION_SWITCH "]"
		       : "";
}

/* inih: 0 = wrong. It goes on to the end of the file all the same; only the first error is told. */
static int take_line(void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	size_t i = find_keyword(section, name);

	if (reading->wrong.code)
		return 0;
	if (i < NICSW_KEYWORD_COUNT)
		return !set_value(reading, i, value);
	if (is_switch_name(section, name))
		return !set_switch_name(reading, value);
	if (!has_section(section))
		nicsw_fail(&reading->wrong, -EINVAL, NULL, "there is no section [%.32s]", section);
	else
		nicsw_fail(&reading->wrong, -EINVAL, NULL, "there is no keyword %.32s in [%s]%s",
			   name, section, right_place(name));
	return 0;
}

static int read_file(const char *path, struct reading *reading, struct nicsw_error *error)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	int line;

	if (!file && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!file)
		return nicsw_fail(error, -errno, NULL, "%s: %s", path, strerror(errno));
	line = ini_parse_file(file, take_line, reading);
	if (ferror(file))
		return nicsw_fail(error, -EIO, NULL, "%s cannot be read", path);
	if (!line)
		return 0;
	if (line < 0)
		return nicsw_fail(error, -ENOMEM, NULL, "%s: out of memory", path);
	return nicsw_fail(error, -EINVAL, NULL, "%.150s:%d: %.100s", path, line,
			  reading->wrong.code ? reading->wrong.text
					      : "neither [SECTION] nor KEYWORD = VALUE");
}

/* LC-INIT-4: what is preferred, then *SRIOV; *VMQVlanFiltering is read in SR-IOV mode only. */
static struct nicsw_interface interface_of(const struct reading *reading)
{
	const __u32 *values = reading->values;
	bool sriov = values[NICSW_KEYWORD_SRIOV_PREFERRED] && values[NICSW_KEYWORD_SRIOV];

	return (struct nicsw_interface){
		.sriov_off = !sriov,
		.vlan_filters_off = sriov && !values[NICSW_KEYWORD_VMQ_VLAN_FILTERING],
		.vfs_off = !values[NICSW_KEYWORD_NUM_VFS],
		.max_vfs = values[NICSW_KEYWORD_NUM_VFS],
		.static_switch = values[NICSW_KEYWORD_SWITCH_CREATION],
		.default_queue_pairs = values[NICSW_KEYWORD_QUEUE_PAIRS],
		.switch_name = reading->switch_name,
	};
}

static void file_of(const char *config, const char *adapter, char path[PATH_MAX])
{
	struct stat status;

	if (stat(config, &status) == 0 && !S_ISDIR(status.st_mode))
		snprintf(path, PATH_MAX, "%s", config);
	else
		snprintf(path, PATH_MAX, "%s/%s.conf", config, adapter);
}

int nicsw_keywords_read(const char *config, const char *adapter, struct nicsw_interface *ret,
			struct nicsw_error *error)
{
	struct reading reading = {};
	char path[PATH_MAX];
	size_t i;
	int result;

	if (strchr(adapter, '/'))
		return nicsw_fail(error, -EINVAL, NULL, "adapter name '%.32s' has a slash",
				  adapter);
	for (i = 0; i < NICSW_KEYWORD_COUNT; i++)
		reading.values[i] = nicsw_keyword_rows[i].initial;
	nicsw_text_set(&reading.switch_name, NICSW_KEYWORD_SWITCH_NAME_DEFAULT);
	file_of(config, adapter, path);
	result = read_file(path, &reading, error);
	if (!result)
		*ret = interface_of(&reading);
	return result;
}
