/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The field tests of a receive filter (NDIS_RECEIVE_FILTER_FIELD_PARAMETERS[]), turned into what a
 * filter record holds: one MAC, and a VLAN id or none. Tests are AND-ed (SET-RF-25); anything the
 * switch could not honour is refused. Values are in network byte order (SET-RF-19).
 */
#ifndef NICSW_NDIS_FILTER_TESTS_H
#define NICSW_NDIS_FILTER_TESTS_H

#include <nicsw/ndis.h>

#include "pf/capability.h"

#define NICSW_FILTER_TESTS_MAX 2u /* of a filter: MAC, VLAN */

/* tests: the array, which may lie unaligned; element_size: bytes from one test to the next, >= 56
 * (SET-RF-11). */
int nicsw_filter_tests_parse(const struct nicsw_capability *capability, const void *tests,
			     __u32 num_tests, __u32 element_size, struct nicsw_filter_record *ret,
			     struct nicsw_error *error);

/* The other way round (PARAM-RF-4): the tests of a filter; returns how many. */
__u32 nicsw_filter_tests_build(
	const struct nicsw_filter_record *record,
	struct ndis_receive_filter_field_parameters ret_tests[NICSW_FILTER_TESTS_MAX]);

#endif
