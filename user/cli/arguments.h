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

#include <nicsw/wire.h>

#include "core/error.h"

/* X(ID, word, meta, kind, least, most, rule, help): least and most are of numbers, of a text's
 * characters, or of bytes. The words of a CHOICE are its meta, cut at '|'. */
#define NICSW_PARAMETERS(X)                                                                        \
	X(NAME, "name", "NAME", NAME, 1, NICSW_NAME_SIZE - 1, "",                                  \
	  "name of the adapter and its PF netdev")                                                 \
	X(UPLINK, "uplink", "IFNAME", NAME, 1, NICSW_IFNAME_SIZE - 1, "",                          \
	  "netdev that is the wire")                                                               \
	X(TOTAL_VFS, "total-vfs", "N", NUMBER, 1, NICSW_MAX_VFS, "",                               \
	  "VFs the device has (TotalVFs)")                                                         \
	X(TAKEOVER, "takeover", NULL, FLAG, 0, 0, "",                                              \
	  "use an uplink that carries an address, a master or a default route")                    \
	X(SRIOV, "sriov", "off|on", CHOICE, 0, 0, "GEN-1",                                         \
	  "off is refused while there is a switch; with --force the switch goes first")            \
	X(NUM_VFS, "num-vfs", "N", NUMBER, 0, UINT16_MAX, "CREATE-SW-5",                           \
	  "VFs to enable (default: those of *NumVFs, all that the device has)")                    \
	X(QUEUE_PAIRS, "queue-pairs", "N", NUMBER, 0, UINT32_MAX, "CREATE-SW-9",                   \
	  "queue pairs of the default VPort (default: the keyword's, 1)")                          \
	X(VPORT_QUEUE_PAIRS, "queue-pairs", "N", NUMBER, 0, UINT32_MAX, "CREATE-VP-11",            \
	  "its queue pairs (default: 1)")                                                          \
	X(CPU, "cpu", "N", NUMBER, 0, 64 * 1024 - 1, "PARAM-VP-16",                                \
	  "processor for what it receives, of a VPort of the PF (default: 0)")                     \
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
	X(LENGTH, "length", "L", NUMBER, 0, NICSW_CONFIG_SIZE, "RD-CFG-11", "bytes")               \
	X(OID, "OID", "OID_NAME", OID, 0, UINT32_MAX, "",                                          \
	  "name of an OID, with or without OID_, or its number")                                   \
	X(IN, "--in", "HEX|@FILE", SOURCE, 0, NICSW_WIRE_IN_MAX, "",                               \
	  "the information buffer, as hex digits or from a file")                                  \
	X(OUT_LENGTH, "--out-length", "N", NUMBER, 0, NICSW_WIRE_OUT_MAX, "",                      \
	  "room for the answer in bytes (default: 4096, of `set` 0)")                              \
	X(AS_NDIS, "as-ndis", NULL, FLAG, 0, 0, "",                                                \
	  "issue the request as NDIS itself does (GEN-24); root only")                             \
	X(TARGET_VF, "vf", "N", NUMBER, 0, NICSW_FUNCTION_PF - 1, "",                              \
	  "ask the adapter of this VF (default: that of the PF)")                                  \
	X(DATA, "data", "HEX", HEX, 1, NICSW_CONFIG_SIZE, "WR-CFG-8", "bytes as hex digits")       \
	X(BLOCK_COMMAND, "command", "read|write|invalidate", CHOICE, 0, 0, "",                     \
	  "invalidate: tell the VF's driver that the block has changed")                           \
	X(BLOCK_ID, "id", "I", NUMBER, 0, UINT32_MAX, "", "a config block")                        \
	X(BLOCK_LENGTH, "length", "L", NUMBER, 0, NICSW_BLOCK_SIZE, "BLK-8",                       \
	  "bytes from its beginning (default: all, or those of HEX)")                              \
	X(BLOCK_DATA, "data", "HEX", HEX, 1, NICSW_BLOCK_SIZE, "BLK-8",                            \
	  "bytes to write, as hex digits")                                                         \
	X(IOMMU_COMMAND, "command", "map|unmap", CHOICE, 0, 0, "",                                 \
	  "change what is mapped (default: show it)")                                              \
	X(IOVA, "iova", "A", NUMBER, 0, UINT64_MAX, "", "address as the VF uses it")               \
	X(IOMMU_LENGTH, "length", "L", NUMBER, 4096, UINT64_MAX, "",                               \
	  "bytes, whole pages of 4096; `unmap` takes all mappings inside")                         \
	X(ADDRESS, "to", "B", NUMBER, 0, UINT64_MAX, "", "address of the host")                    \
	X(ACCESS, "access", "read|write|both", CHOICE, 0, 0, "",                                   \
	  "what the VF may do there (default: both)")                                              \
	X(POWER, "power state", "d0|d3", CHOICE, 0, 0, "", "on, or off but for its registers")     \
	X(WAKE, "wake", NULL, FLAG, 0, 0, "", "with d3: let the VF signal PME (POWER-VF-6)")       \
	X(STATE, "state", "activated|deactivated", CHOICE, 0, 0, "",                               \
	  "frames flow, or not yet; no VPort goes back (PARAM-VP-11)")                             \
	X(JSON, "-j", NULL, FLAG, 0, 0, "", "one JSON object on a line")                           \
	X(MODERATION, "moderation", "adaptive|off|low|medium|high", CHOICE, 0, 0, "",              \
	  "interrupt moderation")                                                                  \
	X(KNOB, "knob", "KNOB", NAME, 1, 63, "", "a fault knob, see `nicsw fault list`")           \
	X(FAULT_VF, "vf", "N", NUMBER, 0, NICSW_FUNCTION_PF - 1, "",                               \
	  "for this VF only (default: wherever the knob has a meaning)")                           \
	X(ON_OFF, "state", "on|off", CHOICE, 0, 0, "", "off is as if there were no knob")          \
	X(ACCESS_VLAN, "vlan", "V", NUMBER, 0, NICSW_VID_MAX, "SET-RF-18",                         \
	  "all of its frames are of this VLAN, and it sees no tag; 0: as the filters say")         \
	X(QOS, "qos", "Q", NUMBER, 0, 7, "", "priority in the tag of `vlan` (default: 0)")         \
	X(PROTO, "proto", "802.1Q|802.1ad", CHOICE, 0, 0, "", "tag of `vlan` (default: 802.1Q)")   \
	X(TRUNK, "trunk", "LIST", VLANS, 0, 0, "SET-RF-18",                                        \
	  "tagged frames of these VLANs, such as 10,20-29; 0 is untagged; none: as the filters "   \
	  "say")                                                                                   \
	X(MIN_TX_RATE, "min_tx_rate", "R", NUMBER, 0, 1000000, "",                                 \
	  "Mbit/s of the wire that are its own; 0: none")                                          \
	X(MAX_TX_RATE, "max_tx_rate", "R", NUMBER, 0, 1000000, "", "Mbit/s; 0: no limit")          \
	X(SPOOFCHK, "spoofchk", "on|off", CHOICE, 0, 0, "", "check source address and VLAN")       \
	X(TRUST, "trust", "on|off", CHOICE, 0, 0, "", "let the guest choose its address")          \
	X(LINK, "state", "auto|enable|disable", CHOICE, 0, 0, "",                                  \
	  "its carrier: as the wire's, always, never")                                             \
	X(ISOLATED, "isolated", "on|off", CHOICE, 0, 0, "",                                        \
	  "frames go to the wire and come from it only")                                           \
	X(STORM, "storm", "PPS", NUMBER, 0, 1000000000, "",                                        \
	  "broadcast and multicast frames per second; 0: no limit")                                \
	X(MTU, "mtu", "N", NUMBER, 0, 65535, "PATH-3", "of its netdev; 0: the adapter's")          \
	X(CHECK, "--check", NULL, FLAG, 0, 0, "",                                                  \
	  "do the counters add up? asks until they stand still; exit 1 if they do not")            \
	X(PINNED_STATE, "--state", NULL, FLAG, 0, 0, "",                                           \
	  "the pinned state, instead of host and netdevs")                                         \
	X(AS_JSON, "-j", NULL, FLAG, 0, 0, "", "JSON, as the option before the command")           \
	X(ADMIN_MAC, "mac", "MAC", MAC, 0, 0, "ALLOC-VF-8",                                        \
	  "address of its netdev and source check; all zero: as allocated")                        \
	X(RATE, "rate", "R", NUMBER, 0, 1000000, "",                                               \
	  "Mbit/s of the wire, which min_tx_rate is a share of; 0: not said")                      \
	X(VEPA, "vepa", "on|off", CHOICE, 0, 0, "",                                                \
	  "frames between VPorts go by the wire, and the bridge there sends them back")            \
	X(FROM, "direction", "from", CHOICE, 0, 0, "", "where the frame enters the switch")        \
	X(FROM_UPLINK, "uplink", NULL, FLAG, 0, 0, "", "the wire")                                 \
	X(FRAME, "frame", "FRAMEHEX", HEX, NICSW_WHY_FRAME_MIN, NICSW_WHY_FRAME_MAX, "FLOW-5",     \
	  "the frame from its destination address on, without FCS, as hex digits")

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
	NICSW_OPTIONAL_POSITION, /* the same, may be left out, also before a word */
	NICSW_WORD,              /* word and value, after the positions in any order */
	NICSW_OPTIONAL_WORD,
	NICSW_ALTERNATIVE, /* an optional word that excludes the other alternatives */
	NICSW_EITHER,      /* the same, but one of them is needed */
	NICSW_LAST,        /* its value alone, behind all words */
	NICSW_OPTIONAL_LAST,
};

struct nicsw_use {
	enum nicsw_parameter_id id;
	enum nicsw_place place;
};

#define NICSW_USES_MAX 16 /* the last one is always NICSW_PARAMETER_NONE */

struct nicsw_argument {
	bool given;
	union {
		uint64_t number; /* of CHOICE: which of its words, from 0 */
		__u8 mac[NICSW_MAC_SIZE];
		struct nicsw_text counted;
		const char *raw;             /* of HEX and SOURCE: the word itself, in argv */
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

/* NULL when it was not given. */
static inline const char *nicsw_raw(const struct nicsw_arguments *arguments,
				    enum nicsw_parameter_id id)
{
	return nicsw_given(arguments, id) ? arguments->values[id].raw : NULL;
}

int nicsw_arguments_parse(const struct nicsw_use uses[NICSW_USES_MAX], int argc, char **argv,
			  struct nicsw_arguments *ret_arguments, struct nicsw_error *error);

/* ` N netns NS [dev IFNAME]`: each use after a blank. */
void nicsw_arguments_usage(const struct nicsw_use uses[NICSW_USES_MAX], FILE *stream);
/* One line for each use: value, meaning, limits. */
void nicsw_arguments_help(const struct nicsw_use uses[NICSW_USES_MAX], FILE *stream);
/* The words that may follow those in argv, one a line; where a value is due, its choices. */
void nicsw_arguments_complete(const struct nicsw_use uses[NICSW_USES_MAX], int argc, char **argv,
			      FILE *stream);

#endif
