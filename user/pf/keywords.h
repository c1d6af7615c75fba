/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration keywords: what the registry is to an NDIS driver (structs.md 9), here a text file
 * for each adapter. user/man/nicsw.conf.5 explains it to people, and is checked against this table.
 *
 * They are read when an adapter is added, and again when nicswd starts. They shape the current
 * capabilities only: those of the hardware are always reported in full.
 *
 * Errors: -EINVAL with `FILE:LINE: why` in error; outputs are untouched then.
 */
#ifndef NICSW_PF_KEYWORDS_H
#define NICSW_PF_KEYWORDS_H

#include <nicsw/types.h>

#include "pf/adapter.h"

#define NICSW_DEFAULT_CONFIG "/etc/nicsw"

#define NICSW_SECTION_ADAPTER ""
#define NICSW_SECTION_SWITCH  "NicSwitches\\0" /* 0: the default switch */

/*
 * X(NAME, section, keyword, least, most, default, meaning): whole numbers. least == most: NDIS
 * fixes the value, the file may say it. Those without effect choose between interfaces that this
 * adapter does not have (RSS and VMQ on the host).
 */
#define NICSW_KEYWORDS(X)                                                                          \
	X(SRIOV, NICSW_SECTION_ADAPTER, "*SRIOV", 0, 1, 1,                                         \
	  "1 enables SR-IOV; with 0 the adapter answers no NIC switch and no SR-IOV request "      \
	  "(GEN-1)")                                                                               \
	X(SRIOV_PREFERRED, NICSW_SECTION_ADAPTER, "*SriovPreferred", 0, 1, 1,                      \
	  "0 prefers RSS or VMQ, and has the effect of *SRIOV = 0")                                \
	X(RSS_OR_VMQ_PREFERENCE, NICSW_SECTION_ADAPTER, "*RssOrVmqPreference", 0, 1, 0,            \
	  "no effect: what is preferred to SR-IOV")                                                \
	X(VMQ, NICSW_SECTION_ADAPTER, "*VMQ", 0, 1, 1, "no effect: there are no VM queues")        \
	X(RSS, NICSW_SECTION_ADAPTER, "*RSS", 0, 1, 1,                                             \
	  "no effect: RSS and SR-IOV exclude each other")                                          \
	X(RSS_ON_HOST_VPORTS, NICSW_SECTION_ADAPTER, "*RssOnHostVPorts", 0, 1, 1,                  \
	  "no effect: there is no VMMQ (CAP-SW-20)")                                               \
	X(VMQ_LOOKAHEAD_SPLIT, NICSW_SECTION_ADAPTER, "*VMQLookaheadSplit", 0, 1, 0,               \
	  "no effect: obsolete (CAP-RF-6)")                                                        \
	X(VMQ_VLAN_FILTERING, NICSW_SECTION_ADAPTER, "*VMQVlanFiltering", 0, 1, 1,                 \
	  "0 refuses receive filters with a VLAN (CAP-RF-8)")                                      \
	X(FLAGS, NICSW_SECTION_SWITCH, "*Flags", 0, 0, 0, "fixed")                                 \
	X(SWITCH_TYPE, NICSW_SECTION_SWITCH, "*SwitchType", 1, 1, 1, "fixed: an external switch")  \
	X(SWITCH_ID, NICSW_SECTION_SWITCH, "*SwitchId", 0, 0, 0, "fixed: the default switch")      \
	X(NUM_VFS, NICSW_SECTION_SWITCH, "*NumVFs", 0, NICSW_MAX_VFS, NICSW_MAX_VFS,               \
	  "VFs that the switch may have at most, if the device has as many (CAP-SW-10)")           \
	X(QUEUE_PAIRS, NICSW_SECTION_SWITCH, "NumQueuePairsForDefaultVPort", 1, 4, 1,              \
	  "queue pairs of the default VPort, where CREATE_SWITCH is not told another number")      \
	X(SWITCH_CREATION, NICSW_SECTION_SWITCH, "SwitchCreation", 0, 1, 0,                        \
	  "0 dynamic: CREATE_SWITCH makes the switch; 1 static: it is built, and its VFs are "     \
	  "enabled, when the adapter starts, and CREATE_SWITCH must name the same parameters "     \
	  "(LC-INIT-7)")

/* The one text. A set of OID_NIC_SWITCH_PARAMETERS may store another one (PARAM-SW-10). */
#define NICSW_KEYWORD_SWITCH_NAME         "*SwitchName"
#define NICSW_KEYWORD_SWITCH_NAME_DEFAULT "Default Switch"
#define NICSW_KEYWORD_SWITCH_NAME_MEANING                                                          \
	"name of the switch (GEN-31); a line of the file has at most 199 bytes"

enum nicsw_keyword {
#define X(NAME, ...) NICSW_KEYWORD_##NAME,
	NICSW_KEYWORDS(X)
#undef X
		NICSW_KEYWORD_COUNT,
};

struct nicsw_keyword_row {
	const char *section;
	const char *name;
	__u32 least, most, initial;
	const char *meaning;
};

extern const struct nicsw_keyword_row nicsw_keyword_rows[NICSW_KEYWORD_COUNT];

/*
 * What the configuration leaves of the adapter's interface. config: a directory with a file
 * NAME.conf for each adapter, or one file for all. A file, or directory, that is not there: all
 * defaults.
 */
int nicsw_keywords_read(const char *config, const char *adapter, struct nicsw_interface *ret,
			struct nicsw_error *error);

#endif
