/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The field tests of a receive filter (NDIS_RECEIVE_FILTER_FIELD_PARAMETERS[]), turned into what a
 * filter record holds: one MAC, and a VLAN id or none. Tests are AND-ed (SET-RF-25); anything the
 * switch could not honour is refused. Values are in network byte order (SET-RF-19).
 */
#ifndef NICSW_NDIS_FILTER_TESTS_H
#define NICSW_NDIS_FILTER_TESTS_H

#include "pf/capability.h"

/* tests: the array, which may lie unaligned; element_size: bytes from one test to the next, >= 56
 * (SET-RF-11). */
int nicsw_filter_tests_parse(const struct nicsw_capability *capability, const void *tests,
			     __u32 num_tests, __u32 element_size, struct nicsw_filter_record *ret,
			     struct nicsw_error *error);

#endif
