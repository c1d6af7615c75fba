// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses to the configuration spaces of a device, by bus, drivers and firmware.
 *
 * Input: byte 0 number of VFs, byte 1 geometry (FAR_VFS and so on), then accesses until it ends,
 * each of them
 *   byte 0     the kind: number in kinds[], modulo their number
 *   byte 1     the function: 0 = PF, 1 + N = VF N, modulo (VFs + 2); the last one does not exist
 *   bytes 2-3  offset, 0xfff0 and above: near the end of 32 bits
 *   byte 4     length, or the number that the kind takes
 *   data       of a write: length bytes
 *
 * Which bits are writable is taken from the tables of the device, which tests/unit/hwemu_random.c
 * compares with pci.md; here it is what no sequence of accesses may get around.
 */
#include "tests/fuzz/lib_config.h"

#include <errno.h>

#define ACCESSES_MAX 256

/* Geometries. */
#define NO_ARI  (1u << 0)
#define STRIDE  (1u << 1)
#define FAR_VFS (1u << 2) /* two buses further than the bridge above routes: PCI-70 */

struct access {
	struct fuzz_input *input;
	__u32 function;
	__u32 offset;
	__u8 length;
	bool valid; /* function and range */
	__u8 data[256];
};

static struct nicsw_device device;

static __u8 *space_of(__u32 function)
{
	return device.config_space[function == NICSW_FUNCTION_PF ? 0 : 1 + function];
}

static bool exists(__u32 function)
{
	return function == NICSW_FUNCTION_PF || function < device.geometry.total_vfs;
}

/* VF Enable itself; NumVFs may be 0. */
static bool vf_enable(void)
{
	return device.config_space[0][0x128] & 1;
}

/* ---- kinds of accesses ---- */

static void check_result(const struct access *access, int result)
{
	CHECK(result == (access->valid ? 0 : -EINVAL), "%d for %u bytes at 0x%x of function 0x%x",
	      result, access->length, access->offset, access->function);
}

/* As a driver of the function, or NDIS (WR-CFG-7): no bus in between. */
static void write_function(struct access *access)
{
	struct nicsw_config_effects effects = {0xffffffff};
	__u8 *space;
	int result;

	fuzz_bytes(access->input, access->data, access->length);
	if (!exists(access->function))
		return;
	space = space_of(access->function);
	result = nicsw_config_write(&device, access->function, space, access->offset,
				    access->length, access->data, &effects);
	check_result(access, result);
	fuzz_config_check_others(&device, access->function);
	if (access->valid)
		fuzz_config_check_write(&device, access->function, access->offset, access->length,
					access->data, effects.mask);
	else
		fuzz_config_check_nothing(&device);
}

/* PCI-22, PCI-23: what is not visible is not written. */
static void write_bus(struct access *access)
{
	bool visible = exists(access->function) &&
		       nicsw_function_visible(&device, device.config_space[0], access->function);
	struct nicsw_config_effects effects = {0xffffffff};
	int result;

	fuzz_bytes(access->input, access->data, access->length);
	result = nicsw_device_write(&device, access->function, access->offset, access->length,
				    access->data, &effects);
	check_result(access, result);
	if (!visible || !access->valid) {
		fuzz_config_check_nothing(&device);
		return;
	}
	fuzz_config_check_write(&device, access->function, access->offset, access->length,
				access->data, effects.mask);
	if (access->function == NICSW_FUNCTION_PF && (effects.mask & NICSW_EFFECT_VF_ENABLE) &&
	    vf_enable())
		fuzz_config_check_fresh(&device);
	else
		fuzz_config_check_others(&device, access->function);
}

static void read_function(struct access *access)
{
	__u8 *data = fuzz_block(access->length);
	int result;

	if (exists(access->function)) {
		result = nicsw_config_read(&device, access->function, space_of(access->function),
					   access->offset, access->length, data);
		check_result(access, result);
		if (access->valid)
			CHECK(!memcmp(data, space_of(access->function) + access->offset,
				      access->length),
			      "function 0x%x, 0x%x", access->function, access->offset);
	}
	fuzz_config_check_nothing(&device);
	free(data);
}

static void read_bus(struct access *access)
{
	__u8 *data = fuzz_block(access->length);
	int result =
		nicsw_device_read(&device, access->function, access->offset, access->length, data);
	bool visible;
	__u32 i;

	check_result(access, result);
	visible = access->valid &&
		  nicsw_function_visible(&device, device.config_space[0], access->function);
	for (i = 0; access->valid && i < access->length; i++)
		CHECK(data[i] == (visible ? space_of(access->function)[access->offset + i] : 0xff),
		      "function 0x%x, byte 0x%x", access->function, access->offset + i);
	fuzz_config_check_nothing(&device);
	free(data);
}

static void enable_vfs(struct access *access)
{
	bool enabled = vf_enable();
	int result;

	if (!enabled)
		nicsw_device_reset_vfs(&device);
	fuzz_config_remember(&device);
	result = nicsw_sriov_enable(&device, device.config_space[0], access->length);
	CHECK(result == 0 || result == -EINVAL || result == -EBUSY || result == -ENOSPC, "%d",
	      result);
	fuzz_config_check_others(&device, NICSW_FUNCTION_PF);
	if (result) {
		fuzz_config_check_nothing(&device);
		return;
	}
	CHECK(!enabled && nicsw_sriov_num_vfs(device.config_space[0]) == access->length,
	      "%u VFs enabled", access->length);
}

static void disable_vfs(struct access *access)
{
	int result = nicsw_sriov_disable(&device, device.config_space[0], access->length & 1);

	fuzz_config_check_others(&device, NICSW_FUNCTION_PF);
	if (result)
		fuzz_config_check_nothing(&device);
	else
		CHECK(!nicsw_sriov_num_vfs(device.config_space[0]), "VFs after disable");
}

static void set_power(struct access *access)
{
	__u32 state = access->length & 7;
	bool wake = access->length & 8;
	int result;

	if (!exists(access->function))
		return;
	result = nicsw_function_set_power(&device, access->function, space_of(access->function),
					  state, wake);
	fuzz_config_check_others(&device, access->function);
	if (result)
		fuzz_config_check_nothing(&device);
	else
		CHECK(nicsw_function_power(space_of(access->function)) == state, "state %u", state);
}

static void reset_function(struct access *access)
{
	if (!exists(access->function))
		return;
	nicsw_function_flr(&device, access->function, space_of(access->function));
	fuzz_config_check_others(&device, access->function);
	fuzz_config_check_reset(&device, access->function);
}

static void set_bus_master(struct access *access)
{
	bool on = access->length & 1;

	if (!exists(access->function))
		return;
	nicsw_function_set_bus_master(&device, access->function, space_of(access->function), on);
	fuzz_config_check_others(&device, access->function);
	CHECK(nicsw_function_bus_master(space_of(access->function)) == on, "Bus Master");
}

static void assign(struct access *access)
{
	int result = nicsw_function_assign(&device, device.config_space[0]);

	(void)access;
	fuzz_config_check_others(&device, NICSW_FUNCTION_PF);
	if (result)
		fuzz_config_check_nothing(&device);
}

/* As hardware does it: an error sets what a driver clears by writing one. */
static void report_error(struct access *access)
{
	if (exists(access->function))
		fuzz_config_report_error(space_of(access->function), access->function,
					 access->offset % NICSW_CONFIG_SIZE, access->length);
}

static void (*const kinds[])(struct access *access) = {
	write_function, write_bus,      read_function,  read_bus, enable_vfs,   disable_vfs,
	set_power,      reset_function, set_bus_master, assign,   report_error,
};

/* ---- input ---- */

static void read_access(struct fuzz_input *input, struct access *ret)
{
	__u32 index = fuzz_8(input) % (device.geometry.total_vfs + 2);

	ret->input = input;
	ret->function = index ? index - 1 : NICSW_FUNCTION_PF;
	ret->offset = fuzz_16(input);
	if (ret->offset >= 0xfff0)
		ret->offset |= 0xffff0000;
	ret->length = fuzz_8(input);
	ret->valid = exists(ret->function) && ret->offset <= NICSW_CONFIG_SIZE &&
		     ret->length <= NICSW_CONFIG_SIZE - ret->offset;
}

static void start(struct fuzz_input *input)
{
	static const __u8 mac[NICSW_MAC_SIZE] = {2, 0, 0, 0, 0, 1};
	struct nicsw_geometry geometry = nicsw_geometry_default(1 + fuzz_8(input) % 4, mac);
	__u32 flags = fuzz_8(input);

	if (flags & NO_ARI)
		geometry.ari_forwarding = false;
	if (flags & STRIDE) {
		geometry.first_vf_offset = 3;
		geometry.vf_stride = 0x81;
	}
	if (flags & FAR_VFS)
		geometry.last_bus = geometry.pf_rid >> 8;
	if (nicsw_device_init(&device, &geometry,
			      fuzz_block((geometry.total_vfs + 1) * NICSW_CONFIG_SIZE)))
		abort();
	nicsw_device_power_on(&device);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct access access;
	int accesses = 0;

	start(&input);
	fuzz_config_remember(&device);
	fuzz_config_check_device(&device);
	while (input.left && accesses++ < ACCESSES_MAX) {
		__u32 kind = fuzz_8(&input) % ARRAY_SIZE(kinds);

		read_access(&input, &access);
		fuzz_config_remember(&device);
		kinds[kind](&access);
		fuzz_config_check_device(&device);
	}
	free(device.config_space);
	return 0;
}
