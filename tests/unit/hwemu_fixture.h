/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device in plain memory, and capabilities found as a driver finds them: along the lists, not
 * from the tables of the device.
 */
#ifndef NICSW_TESTS_HWEMU_FIXTURE_H
#define NICSW_TESTS_HWEMU_FIXTURE_H

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <nicsw/hwemu.h>
#include <string.h>

#define PF NICSW_FUNCTION_PF

static const __u8 mac[NICSW_MAC_SIZE] = {0x02, 0x00, 0x00, 0x12, 0x34, 0x56};
static __u8 spaces[NICSW_MAX_VFS + 1][NICSW_CONFIG_SIZE];
static struct nicsw_device device;

static inline void start_with(const struct nicsw_geometry *geometry)
{
	memset(spaces, 0xa5, sizeof(spaces));
	cr_assert_eq(nicsw_device_init(&device, geometry, spaces), 0);
	nicsw_device_power_on(&device);
}

static inline void start(__u16 total_vfs)
{
	struct nicsw_geometry geometry = nicsw_geometry_default(total_vfs, mac);

	start_with(&geometry);
}

static inline __u8 *space_of(__u32 function)
{
	__u8 *space = nicsw_device_space(&device, function);

	cr_assert_not_null(space);
	return space;
}

static inline __u32 get(__u32 function, __u32 offset, __u32 width)
{
	__u8 bytes[4] = {0};

	cr_assert_eq(nicsw_config_read(&device, function, space_of(function), offset, width, bytes),
		     0);
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (__u32)bytes[3] << 24;
}

/* Returns the effects. */
static inline __u32 put(__u32 function, __u32 offset, __u32 width, __u32 value)
{
	__u8 bytes[4] = {value, value >> 8, value >> 16, value >> 24};
	struct nicsw_config_effects effects = {0xffffffff};

	cr_assert_eq(nicsw_config_write(&device, function, space_of(function), offset, width, bytes,
					&effects),
		     0);
	return effects.mask;
}

static inline void enable(__u32 num_vfs)
{
	cr_assert_eq(nicsw_sriov_enable(&device, spaces[0], num_vfs), 0);
}

/* Offset of the n-th (from 0) capability `id`, 0 if there is none. */
static inline __u32 find_nth(__u32 function, __u32 id, __u32 n)
{
	__u32 at = get(function, PCI_CAPABILITY_LIST, 1);

	for (__u32 steps = 0; at && steps < 48; steps++) {
		if (get(function, at, 1) == id && n-- == 0)
			return at;
		at = get(function, at + 1, 1);
	}
	return 0;
}

static inline __u32 find(__u32 function, __u32 id)
{
	return find_nth(function, id, 0);
}

static inline __u32 find_extended(__u32 function, __u32 id)
{
	__u32 at = PCI_CFG_SPACE_SIZE;

	for (__u32 steps = 0; at && steps < 480; steps++) {
		__u32 header = get(function, at, 4);

		if (PCI_EXT_CAP_ID(header) == id)
			return at;
		at = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/* Offset of a register of the SR-IOV capability. */
static inline __u32 sriov(__u32 reg)
{
	__u32 at = find_extended(PF, PCI_EXT_CAP_ID_SRIOV);

	cr_assert_neq(at, 0);
	return at + reg;
}

#endif
