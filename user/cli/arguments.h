/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words after COMMAND: which there are, what they take, and the values they got.
 *
 * A parameter is described once, in the table of arguments.c: its word, its value, its limits and
 * what it means. A command names its parameters; reading them, usage text, help and completion come
 * from there.
 *
 * Errors: -EINVAL, with the word and its limit in the error; see core/error.h.
 */
#ifndef NICSW_CLI_ARGUMENTS_H
#define NICSW_CLI_ARGUMENTS_H

#include <nicsw/types.h>

#include "core/error.h"

/* X(ID, word, meta, kind, least, most, rule, help): least and most are of numbers, or of a text's
 * characters. */
#define NICSW_PARAMETERS(X)                                                                        \
	X(NAME, "name", "NAME", NAME, 1, NICSW_NAME_SIZE - 1, "",                                  \
	  "name of the adapter and its PF netdev")                                                 \
	X(UPLINK, "uplink", "IFNAME", NAME, 1, NICSW_IFNAME_SIZE - 1, "",                          \
	  "netdev that is the wire")                                                               \
	X(TOTAL_VFS, "total-vfs", "N", NUMBER, 1, NICSW_MAX_VFS, "",                               \
	  "VFs the device has (TotalVFs)")                                                         \
	X(TAKEOVER, "takeover", NULL, FLAG, 0, 0, "",                                              \
	  "use an uplink that carries an address, a master or a default route")                    \
	X(NUM_VFS, "num-vfs", "N", NUMBER, 0, UINT16_MAX, "CREATE-SW-5",                           \
	  "VFs to enable (default: all)")                                                          \
	X(QUEUE_PAIRS, "queue-pairs", "N", NUMBER, 0, UINT32_MAX, "CREATE-SW-9",                   \
	  "queue pairs of the default VPort (default: 1)")                                         \
	X(TEXT, "name", "TEXT", COUNTED, 0, NICSW_TEXT_UNITS - 1, "GEN-31",                        \
	  "name for people to read")                                                               \
	X(VF, "vf", "N", NUMBER, 0, NICSW_FUNCTION_PF - 1, "", "a VF")                             \
	X(PF, "pf", NULL, FLAG, 0, 0, "", "the PF")                                                \
	X(VPORT, "vport", "N", NUMBER, 0, UINT32_MAX - 1, "", "a VPort; 0 is the default VPort")   \
	X(FILTER, "filter", "ID", NUMBER, 0, UINT32_MAX, "",                                       \
	  "a filter, by the id that `set` printed")                                                \
	X(MAC, "mac", "MAC", MAC, 0, 0, "", "address such as 02:00:00:00:00:11")                   \
	X(VF_MAC, "mac", "MAC", MAC, 0, 0, "ALLOC-VF-8",                                           \
	  "address of the VF's netdev (default: a random local one)")                              \
	X(VLAN, "vlan", "V", NUMBER, 0, NICSW_VID_MAX, "SET-RF-18",                                \
	  "frames of this VLAN (default: untagged)")                                               \
	X(NETNS, "netns", "NS", NETNS, 1, NICSW_NETNS_SIZE - 1, "",                                \
	  "a name under /run/netns, an absolute path, or pid:N")                                   \
	X(DEV, "dev", "IFNAME", NAME, 1, NICSW_IFNAME_SIZE - 1, "",                                \
	  "name of the netdev there (default: eth0)")                                              \
	X(OFFSET, "offset", "O", NUMBER, 0, NICSW_CONFIG_SIZE - 1, "RD-CFG-11", "first byte")      \
	X(LENGTH, "length", "L", NUMBER, 0, NICSW_CONFIG_SIZE, "RD-CFG-11", "bytes")

enum nicsw_parameter_id {
	NICSW_PARAMETER_NONE,
#define X(ID, ...) NICSW_PARAMETER_##ID,
	NICSW_PARAMETERS(X)
#undef X
		NICSW_PARAMETER_COUNT,
};

/* How a command uses a parameter. */
enum nicsw_place {
	NICSW_POSITION,          /* its value alone, in this place */
	NICSW_OPTIONAL_POSITION, /* the same, may be left out */
	NICSW_WORD,              /* word and value, after the positions in any order */
	NICSW_OPTIONAL_WORD,
	NICSW_ALTERNATIVE, /* an optional word that excludes the other alternatives */
};

struct nicsw_use {
	enum nicsw_parameter_id id;
	enum nicsw_place place;
};

#define NICSW_USES_MAX 6 /* the last one is always NICSW_PARAMETER_NONE */

struct nicsw_argument {
	bool given;
	union {
		uint64_t number;
		__u8 mac[NICSW_MAC_SIZE];
		struct nicsw_text counted;
		char text[NICSW_NETNS_SIZE]; /* of NAME and, expanded to what attach takes, of NETNS
					      */
	};
};

struct nicsw_arguments {
	struct nicsw_argument values[NICSW_PARAMETER_COUNT];
};

static inline bool nicsw_given(const struct nicsw_arguments *arguments, enum nicsw_parameter_id id)
{
	return arguments->values[id].given;
}

/* 0 when it was not given. */
static inline __u32 nicsw_number(const struct nicsw_arguments *arguments,
				 enum nicsw_parameter_id id)
{
	return (__u32)arguments->values[id].number;
}

/* "" when it was not given. */
static inline const char *nicsw_word(const struct nicsw_arguments *arguments,
				     enum nicsw_parameter_id id)
{
	return arguments->values[id].text;
}

int nicsw_arguments_parse(const struct nicsw_use uses[NICSW_USES_MAX], int argc, char **argv,
			  struct nicsw_arguments *ret_arguments, struct nicsw_error *error);

/* ` N netns NS [dev IFNAME]`: each use after a blank. */
void nicsw_arguments_usage(const struct nicsw_use uses[NICSW_USES_MAX], FILE *stream);
/* One line for each use: value, meaning, limits. */
void nicsw_arguments_help(const struct nicsw_use uses[NICSW_USES_MAX], FILE *stream);
/* The words that may follow those in argv, one a line; nothing where a value is due. */
void nicsw_arguments_complete(const struct nicsw_use uses[NICSW_USES_MAX], int argc, char **argv,
			      FILE *stream);

#endif
