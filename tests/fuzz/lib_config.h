/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold of a device after an access to its configuration spaces, for the target
 * fuzz_config. "Before" is what fuzz_config_remember() saw.
 */
#ifndef NICSW_TESTS_LIB_CONFIG_H
#define NICSW_TESTS_LIB_CONFIG_H

#include "tests/fuzz/lib_fuzz.h"

#include <nicsw/hwemu.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

void fuzz_config_remember(const struct nicsw_device *device);

/* No byte of any function is another one than before. */
void fuzz_config_check_nothing(const struct nicsw_device *device);

/* No byte of any function but this one. */
void fuzz_config_check_others(const struct nicsw_device *device, __u32 function);

/* All VFs have their reset values (PCI-43). */
void fuzz_config_check_fresh(const struct nicsw_device *device);

/* A function after its reset: all but sticky bits have their reset values (PCI-83, PCI-85). */
void fuzz_config_check_reset(const struct nicsw_device *device, __u32 function);

/* The bits of the function after a write, and the effects that it reported. */
void fuzz_config_check_write(const struct nicsw_device *device, __u32 function, __u32 offset,
			     __u32 length, const __u8 *data, __u32 effects);

/* What holds always, whatever has been written. */
void fuzz_config_check_device(const struct nicsw_device *device);

/* Sets error bits (write-one-to-clear) of the byte at offset. */
void fuzz_config_report_error(__u8 *space, __u32 function, __u32 offset, __u8 bits);

#endif
