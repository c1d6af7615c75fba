// SPDX-License-Identifier: GPL-2.0-only
#include "cli/oid_name.h"

#include <ctype.h>

#include "core/text.h"

#define PREFIX "OID_"

enum { NAME_SIZE = 64 };

static const char *const names[] = {
#define X(value, NAME, kinds) PREFIX #NAME,
	NDIS_OIDS(X)
#undef X
};

static const __u32 values[] = {
#define X(value, NAME, kinds) value,
	NDIS_OIDS(X)
#undef X
};

static bool has_prefix(const char *name)
{
	return strncmp(name, PREFIX, strlen(PREFIX)) == 0;
}

int nicsw_oid_find(const char *name, __u32 *ret_oid)
{
	size_t skip = has_prefix(name) ? 0 : strlen(PREFIX);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (nicsw_streq(names[i] + skip, name)) {
			*ret_oid = values[i];
			return 0;
		}
	return -ENOENT;
}

/* As nicsw_nearest_word() wants it: lower case; without OID_, because it leaves out long words. */
static const char *lower_name(const char *name, char ret_lower[NAME_SIZE])
{
	size_t length = 0;

	for (; name[length] && length < NAME_SIZE - 1; length++)
		ret_lower[length] = (char)tolower((unsigned char)name[length]);
	ret_lower[length] = '\0';
	return strncmp(ret_lower, "oid_", 4) == 0 ? ret_lower + 4 : ret_lower;
}

const char *nicsw_oid_nearest(const char *name)
{
	char lower[ARRAY_SIZE(names)][NAME_SIZE], typed[NAME_SIZE];
	const char *words[ARRAY_SIZE(names)];
	const char *nearest;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		words[i] = lower_name(names[i], lower[i]);
	nearest = nicsw_nearest_word(lower_name(name, typed), words, ARRAY_SIZE(words));
	for (size_t i = 0; nearest && i < ARRAY_SIZE(names); i++)
		if (words[i] == nearest)
			return names[i];
	return NULL;
}

void nicsw_oid_complete(FILE *stream)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		fprintf(stream, "%s\n", names[i]);
}
