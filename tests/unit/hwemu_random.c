// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random accesses against a naive model: one attribute per bit, typed in from pci.md 2..4 and not
 * from the tables of the device. After each access all bytes of all functions are compared.
 */
#include "tests/unit/hwemu_fixture.h"

#define VFS        3
#define ITERATIONS 100000

#define PCIE  0x40
#define PM    0x80
#define MSIX  0x90
#define SRIOV 0x120

enum attribute {
	READ_ONLY,
	WRITABLE,
	CLEARED_BY_1,
};

struct row {
	__u32 offset, mask;
	enum attribute attribute;
};

static const struct row pf_rows[] = {
	{0x04, 0x00000547, WRITABLE},       {0x04, 0xf9000000, CLEARED_BY_1},
	{0x0c, 0x000000ff, WRITABLE},       {0x10, 0xffffc000, WRITABLE},
	{0x14, 0xffffffff, WRITABLE},       {0x20, 0xffffe000, WRITABLE},
	{0x24, 0xffffffff, WRITABLE},       {0x3c, 0x000000ff, WRITABLE},
	{PCIE + 8, 0x0000f9ff, WRITABLE},   {PCIE + 8, 0x000f0000, CLEARED_BY_1},
	{PCIE + 16, 0x000000c8, WRITABLE},  {PCIE + 40, 0x0000001f, WRITABLE},
	{PCIE + 48, 0x0000000f, WRITABLE},  {PM + 4, 0x00000103, WRITABLE},
	{PM + 4, 0x00008000, CLEARED_BY_1}, {MSIX, 0xc0000000, WRITABLE},
	{SRIOV + 8, 0x00000019, WRITABLE},  {SRIOV + 16, 0x0000ffff, WRITABLE},
	{SRIOV + 32, 0xffffffff, WRITABLE}, {SRIOV + 36, 0xffffc000, WRITABLE},
	{SRIOV + 40, 0xffffffff, WRITABLE}, {SRIOV + 52, 0xffffe000, WRITABLE},
	{SRIOV + 56, 0xffffffff, WRITABLE},
};

static const struct row vf_rows[] = {
	{0x04, 0x00000004, WRITABLE},     {0x04, 0xf9000000, CLEARED_BY_1},
	{PCIE + 8, 0x00008000, WRITABLE}, {PCIE + 8, 0x000f0000, CLEARED_BY_1},
	{PM + 4, 0x00000103, WRITABLE},   {PM + 4, 0x00008000, CLEARED_BY_1},
	{MSIX, 0xc0000000, WRITABLE},
};

#define NUM_PF_ROWS (sizeof(pf_rows) / sizeof(pf_rows[0]))
#define NUM_VF_ROWS (sizeof(vf_rows) / sizeof(vf_rows[0]))

static __u8 attributes[2][NICSW_CONFIG_SIZE * 8];
static __u8 resets[2][NICSW_CONFIG_SIZE];
static __u8 model[VFS + 1][NICSW_CONFIG_SIZE];
static __u64 state = 0x853c49e6748fea9bull;

static __u32 random_below(__u32 limit)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(state >> 33) % limit;
}

/* ---- the model ---- */

static __u32 word(const __u8 *space, __u32 offset)
{
	return space[offset] | space[offset + 1] << 8 | space[offset + 2] << 16 |
	       (__u32)space[offset + 3] << 24;
}

static void set_word(__u8 *space, __u32 offset, __u32 value)
{
	for (__u32 i = 0; i < 4; i++)
		space[offset + i] = (__u8)(value >> (8 * i));
}

/* Puts the bits of mask back as they were. */
static void put_back(__u8 *space, const __u8 *before, __u32 offset, __u32 mask)
{
	set_word(space, offset, (word(space, offset) & ~mask) | (word(before, offset) & mask));
}

static void fill(const struct row *rows, __u32 count, __u8 *to)
{
	for (__u32 i = 0; i < count; i++)
		for (__u32 bit = 0; bit < 32; bit++)
			if (rows[i].mask >> bit & 1)
				to[rows[i].offset * 8 + bit] = rows[i].attribute;
}

static void model_bits(__u8 *space, const __u8 *bits, __u32 offset, __u32 length, const __u8 *data)
{
	for (__u32 i = 0; i < length * 8; i++) {
		__u32 at = offset * 8 + i;
		__u8 one = (__u8)(1u << (i % 8));
		bool value = data[i / 8] & one;

		if (bits[at] == WRITABLE)
			space[at / 8] = (__u8)(value ? space[at / 8] | one : space[at / 8] & ~one);
		if (bits[at] == CLEARED_BY_1 && value)
			space[at / 8] &= (__u8)~one;
	}
}

/* POWER-VF-9 and the values of PCIe fields. */
static void model_fields(__u8 *space, const __u8 *before)
{
	__u32 power = word(space, PM + 4) & 3, payload = word(space, PCIE + 8) >> 5 & 7;
	__u32 request = word(space, PCIE + 8) >> 12 & 7, timeout = word(space, PCIE + 40) & 15;
	__u32 speed = word(space, PCIE + 48) & 15;

	if (power == 1 || power == 2)
		put_back(space, before, PM + 4, 3);
	if (payload > 1)
		put_back(space, before, PCIE + 8, 0x00e0);
	if (request > 5)
		put_back(space, before, PCIE + 8, 0x7000);
	if (timeout > 14 || timeout % 4 == 3 || (timeout % 4 == 0 && timeout > 0))
		put_back(space, before, PCIE + 40, 15);
	if (speed != 1 && speed != 2)
		put_back(space, before, PCIE + 48, 15);
}

/* PCI-41, PCI-42, PCI-46..PCI-48, PCI-53 */
static void model_sriov(__u8 *space, const __u8 *before)
{
	__u32 page;

	if (word(before, SRIOV + 8) & 1) {
		put_back(space, before, SRIOV + 8, 0x10);
		put_back(space, before, SRIOV + 16, 0xffff);
		for (__u32 offset = 32; offset < 60; offset += 4)
			put_back(space, before, SRIOV + offset, 0xffffffff);
	}
	if ((word(space, SRIOV + 16) & 0xffff) > VFS)
		put_back(space, before, SRIOV + 16, 0xffff);
	page = word(space, SRIOV + 32);
	if (page != 0x1 && page != 0x2 && page != 0x10 && page != 0x40 && page != 0x100 &&
	    page != 0x400)
		put_back(space, before, SRIOV + 32, 0xffffffff);
	page = word(space, SRIOV + 32) << 12;
	for (__u32 offset = 36; offset < 60; offset += 16)
		for (__u32 bit = 4; bit < 32 && 1u << bit < page; bit++)
			set_word(space, SRIOV + offset, word(space, SRIOV + offset) & ~(1u << bit));
	set_word(space, SRIOV + 20, word(space, SRIOV + 8) & 0x10 ? 0x00010001 : 0x00010100);
}

static void model_write(__u32 index, __u32 offset, __u32 length, const __u8 *data)
{
	__u8 before[NICSW_CONFIG_SIZE], *space = model[index];
	bool vf = index > 0;

	memcpy(before, space, sizeof(before));
	model_bits(space, attributes[vf], offset, length, data);
	model_fields(space, before);
	if (!vf)
		model_sriov(space, before);
	if (!(word(space, PCIE + 8) & 0x8000))
		return;
	/* PCI-80, PCI-85 */
	memcpy(before, space, sizeof(before));
	memcpy(space, resets[vf], sizeof(before));
	if (vf)
		return;
	put_back(space, before, PCIE + 8, 0x00e0);
	put_back(space, before, PCIE + 16, 0x00c8);
	put_back(space, before, PCIE + 48, 0x000f);
}

/* ---- accesses ---- */

static __u32 random_offset(bool vf)
{
	const struct row *row =
		vf ? &vf_rows[random_below(NUM_VF_ROWS)] : &pf_rows[random_below(NUM_PF_ROWS)];

	switch (random_below(8)) {
	case 0:
		return random_below(NICSW_CONFIG_SIZE);
	case 1:
		return NICSW_CONFIG_SIZE - random_below(4);
	case 2:
		return 0u - random_below(16);
	default:
		return row->offset + random_below(8) - 3;
	}
}

/* As hardware does: an error happens, in device and model. */
static void random_error(__u32 index)
{
	static const __u32 places[] = {7, PCIE + 10, PM + 5};
	static const __u8 bits[] = {0xf9, 0x0f, 0x80};
	__u32 i = random_below(3);
	__u8 error = (__u8)random_below(256) & bits[i];

	spaces[index][places[i]] |= error;
	model[index][places[i]] |= error;
}

/* Mostly small numbers, as NumVFs must be, or one bit alone, as page sizes must be. */
static void random_data(__u8 *data, __u32 length, __u32 offset)
{
	__u32 kind = random_below(3);

	for (__u32 i = 0; i < length; i++) {
		data[i] = kind == 0 ? (__u8)random_below(256) : 0;
		if (kind == 1 && random_below(2))
			data[i] = (__u8)random_below(4);
	}
	if (kind == 2)
		data[random_below(length)] = (__u8)(1u << random_below(8));
	/* Seldom an FLR, so that states become deep. */
	for (__u32 i = 0; i < length; i++)
		if (offset + i == PCIE + 9 && random_below(8))
			data[i] &= 0x7f;
}

static void random_write(__u32 index)
{
	static const __u32 lengths[] = {1, 1, 2, 2, 4, 4, 3, 5, 7, 8, 16, 64};
	__u32 length = lengths[random_below(12)], offset = random_offset(index > 0);
	__u32 function = index ? index - 1 : PF;
	bool fits = offset <= NICSW_CONFIG_SIZE && offset + length <= NICSW_CONFIG_SIZE;
	__u8 data[64];
	int result;

	random_data(data, length, offset);
	result = nicsw_config_write(&device, function, spaces[index], offset, length, data, NULL);
	cr_assert_eq(result, fits ? 0 : -EINVAL, "%x + %u", offset, length);
	if (fits)
		model_write(index, offset, length, data);
	cr_assert_arr_eq(spaces, model, sizeof(model), "function %x, %u bytes at %x", function,
			 length, offset);
}

static void random_read(__u32 index)
{
	__u32 length = 1 + random_below(9), offset = random_offset(index > 0);
	bool fits = offset <= NICSW_CONFIG_SIZE && offset + length <= NICSW_CONFIG_SIZE;
	__u8 data[16], expected[16];

	memset(data, 0x5a, sizeof(data));
	memset(expected, 0x5a, sizeof(expected));
	if (fits)
		memcpy(expected, model[index] + offset, length);
	cr_assert_eq(nicsw_config_read(&device, index ? index - 1 : PF, spaces[index], offset,
				       length, data),
		     fits ? 0 : -EINVAL);
	cr_assert_arr_eq(data, expected, sizeof(data));
}

static void prepare(void)
{
	fill(pf_rows, NUM_PF_ROWS, attributes[0]);
	fill(vf_rows, NUM_VF_ROWS, attributes[1]);
	start(VFS);
	nicsw_function_reset(&device, PF, resets[0]);
	nicsw_function_reset(&device, 0, resets[1]);
	memcpy(model, spaces, sizeof(model));
}

/* PCI-2, PCI-20, PCI-21, WR-CFG-7, WR-CFG-14: read-only bits stay, no other function is reached. */
Test(hwemu_random, same_as_the_naive_model)
{
	__u32 enabled = 0, low_power = 0;

	prepare();
	for (__u32 i = 0; i < ITERATIONS; i++) {
		__u32 index = random_below(VFS + 1);

		if (random_below(4) == 0)
			random_error(index);
		random_write(index);
		random_read(random_below(VFS + 1));
		enabled += nicsw_sriov_num_vfs(spaces[0]) > 0;
		low_power += nicsw_function_power(spaces[1]) == NICSW_D3;
	}
	/* The walk must have reached what it is about. */
	cr_expect_gt(enabled, ITERATIONS / 100);
	cr_expect_gt(low_power, ITERATIONS / 100);
}
