// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/lib_config.h"

#include <errno.h>
#include <linux/pci_regs.h>

#include "hwemu/bytes.h"
#include "hwemu/cfgspace.h"

/* Where pci.md has them; found by walking the lists, too (check_lists). */
#define PCIE  0x40
#define PM    0x80
#define MSIX  0x90
#define SRIOV 0x120

#define VFS_MAX 4

static __u8 before[VFS_MAX + 1][NICSW_CONFIG_SIZE];

static __u32 index_of(__u32 function)
{
	return function == NICSW_FUNCTION_PF ? 0 : 1 + function;
}

static __u32 function_of(__u32 index)
{
	return index ? index - 1 : NICSW_FUNCTION_PF;
}

static __u32 num_functions(const struct nicsw_device *device)
{
	return device->geometry.total_vfs + 1u;
}

void fuzz_config_remember(const struct nicsw_device *device)
{
	memcpy(before, device->config_space, num_functions(device) * sizeof(before[0]));
}

void fuzz_config_check_nothing(const struct nicsw_device *device)
{
	CHECK(!memcmp(before, device->config_space, num_functions(device) * sizeof(before[0])),
	      "a byte has changed");
}

void fuzz_config_check_others(const struct nicsw_device *device, __u32 function)
{
	for (__u32 i = 0; i < num_functions(device); i++)
		CHECK(i == index_of(function) ||
			      !memcmp(before[i], device->config_space[i], sizeof(before[i])),
		      "access to function 0x%x changed function %u", function, i);
}

void fuzz_config_check_fresh(const struct nicsw_device *device)
{
	__u8 fresh[NICSW_CONFIG_SIZE];

	for (__u32 vf = 0; vf < device->geometry.total_vfs; vf++) {
		nicsw_function_reset(device, vf, fresh);
		CHECK(!memcmp(fresh, device->config_space[1 + vf], sizeof(fresh)),
		      "VF %u appeared with old registers", vf);
	}
}

void fuzz_config_check_reset(const struct nicsw_device *device, __u32 function)
{
	const __u8 *space = device->config_space[index_of(function)];
	const __u8 *sticky = nicsw_config_masks(function)->sticky;
	__u8 reset[NICSW_CONFIG_SIZE];

	nicsw_function_reset(device, function, reset);
	for (__u32 i = 0; i < NICSW_CONFIG_SIZE; i++)
		CHECK(!((space[i] ^ reset[i]) & ~sticky[i]), "byte 0x%x is 0x%02x after a reset", i,
		      space[i]);
}

void fuzz_config_report_error(__u8 *space, __u32 function, __u32 offset, __u8 bits)
{
	space[offset] |= nicsw_config_masks(function)->clear[offset] & bits;
}

/* ---- a write ---- */

/*
 * Bits that need not take the value that is written: those with rules of their own (POWER-VF-9, the
 * fields of PCIe, and the registers of SR-IOV).
 */
static const struct {
	__u16 offset;
	__u16 length;
	__u8 mask;
} refusing[] = {
	{PM + PCI_PM_CTRL, 1, 0x03},          {PCIE + PCI_EXP_DEVCTL, 1, 0xe0},
	{PCIE + PCI_EXP_DEVCTL + 1, 1, 0xf0}, {PCIE + PCI_EXP_DEVCTL2, 1, 0x0f},
	{PCIE + PCI_EXP_LNKCTL2, 1, 0x0f},    {SRIOV + PCI_SRIOV_CTRL, 1, 0x10},
	{SRIOV + PCI_SRIOV_NUM_VF, 2, 0xff},  {SRIOV + PCI_SRIOV_SYS_PGSIZE, 4, 0xff},
	{SRIOV + PCI_SRIOV_BAR, 24, 0xff},
};

static __u8 refusing_bits(__u32 at)
{
	__u8 mask = 0;

	for (__u32 i = 0; i < ARRAY_SIZE(refusing); i++)
		if (at >= refusing[i].offset && at < refusing[i].offset + refusing[i].length)
			mask |= refusing[i].mask;
	return mask;
}

/* Registers of the PF that follow others: PCI-53 and the address bits of VF BARs, PCI-48. */
static bool derived(__u32 function, __u32 at)
{
	return function == NICSW_FUNCTION_PF && at >= SRIOV + PCI_SRIOV_VF_OFFSET &&
	       at < SRIOV + PCI_SRIOV_VF_STRIDE + 2u;
}

static bool vf_bar(__u32 function, __u32 at)
{
	return function == NICSW_FUNCTION_PF && at >= SRIOV + PCI_SRIOV_BAR &&
	       at < SRIOV + PCI_SRIOV_BAR + 24u;
}

static void check_outside(__u32 function, __u32 at, __u8 old, __u8 new)
{
	if (derived(function, at))
		return;
	if (vf_bar(function, at))
		CHECK(!(new & ~old), "byte 0x%x was 0x%02x and is 0x%02x", at, old, new);
	else
		CHECK(new == old, "byte 0x%x of function 0x%x was not written and changed", at,
		      function);
}

/* PCI-2, PCI-20, PCI-21: bit by bit. */
static void check_written(__u32 function, __u32 at, __u8 old, __u8 new, __u8 data)
{
	const struct nicsw_config_masks *masks = nicsw_config_masks(function);
	__u8 writable = masks->writable[at], clear = masks->clear[at], changed = old ^ new;

	if (derived(function, at))
		return;
	CHECK(!(changed & ~(writable | clear)), "read-only bits of byte 0x%x: 0x%02x to 0x%02x", at,
	      old, new);
	CHECK((new &clear) == (old & clear & ~data), "byte 0x%x: 0x%02x, write 0x%02x, 0x%02x", at,
	      old, data, new);
	if (vf_bar(function, at))
		CHECK(!((new ^ old) & (new ^ data) & new), "VF BAR byte 0x%x: 0x%02x", at, new);
	else
		CHECK(!((new ^ data) & changed & writable), "byte 0x%x: 0x%02x to 0x%02x", at, old,
		      new);
	CHECK(!((new ^ data) & writable & ~refusing_bits(at)), "byte 0x%x did not take 0x%02x", at,
	      data);
}

/* Each effect, and the bits that it is about. */
static const struct {
	__u32 effect;
	__u16 offset;
	__u16 mask;
} effect_bits[] = {
	{NICSW_EFFECT_BUS_MASTER, PCI_COMMAND, PCI_COMMAND_MASTER},
	{NICSW_EFFECT_MEMORY_SPACE, PCI_COMMAND, PCI_COMMAND_MEMORY},
	{NICSW_EFFECT_POWER, PM + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK},
	{NICSW_EFFECT_WAKE, PM + PCI_PM_CTRL, PCI_PM_CTRL_PME_ENABLE},
	{NICSW_EFFECT_MSIX, MSIX + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL},
	{NICSW_EFFECT_VF_ENABLE, SRIOV + PCI_SRIOV_CTRL, PCI_SRIOV_CTRL_VFE},
	{NICSW_EFFECT_VF_MSE, SRIOV + PCI_SRIOV_CTRL, PCI_SRIOV_CTRL_MSE},
	{NICSW_EFFECT_ARI, SRIOV + PCI_SRIOV_CTRL, PCI_SRIOV_CTRL_ARI},
	{NICSW_EFFECT_NUM_VFS, SRIOV + PCI_SRIOV_NUM_VF, 0xffff},
};

static void check_effects(const __u8 *old, const __u8 *new, __u32 effects)
{
	for (__u32 i = 0; i < ARRAY_SIZE(effect_bits); i++) {
		__u32 at = effect_bits[i].offset;
		bool changed =
			(nicsw_load16(old, at) ^ nicsw_load16(new, at)) & effect_bits[i].mask;

		CHECK(changed == !!(effects & effect_bits[i].effect), "effects 0x%x, 0x%x", effects,
		      at);
	}
}

void fuzz_config_check_write(const struct nicsw_device *device, __u32 function, __u32 offset,
			     __u32 length, const __u8 *data, __u32 effects)
{
	const __u8 *old = before[index_of(function)];
	const __u8 *new = device->config_space[index_of(function)];
	__u32 initiate = PCIE + PCI_EXP_DEVCTL + 1; /* Initiate FLR is its bit 7 */
	bool flr = initiate >= offset && initiate - offset < length &&
		   (data[initiate - offset] & 0x80);

	check_effects(old, new, effects);
	CHECK(flr == !!(effects & NICSW_EFFECT_FLR), "effects 0x%x", effects);
	if (flr) { /* PCI-80 */
		fuzz_config_check_reset(device, function);
		return;
	}
	for (__u32 at = 0; at < NICSW_CONFIG_SIZE; at++)
		if (at >= offset && at - offset < length)
			check_written(function, at, old[at], new[at], data[at - offset]);
		else
			check_outside(function, at, old[at], new[at]);
}

/* ---- always ---- */

static void check_read_only_byte(__u32 function, __u32 at, __u8 byte, __u8 reset)
{
	const struct nicsw_config_masks *masks = nicsw_config_masks(function);

	CHECK(derived(function, at) ||
		      !((byte ^ reset) & ~(masks->writable[at] | masks->clear[at])),
	      "byte 0x%x of function 0x%x is 0x%02x, after reset 0x%02x", at, function, byte,
	      reset);
}

/* Read-only bits are what they were after reset. Line by line, since nearly all of them are equal.
 */
static void check_read_only(const struct nicsw_device *device, __u32 function, const __u8 *space)
{
	const __u32 line = 64;
	__u8 reset[NICSW_CONFIG_SIZE];

	nicsw_function_reset(device, function, reset);
	for (__u32 at = 0; at < NICSW_CONFIG_SIZE; at += line) {
		if (!memcmp(space + at, reset + at, line))
			continue;
		for (__u32 i = at; i < at + line; i++)
			check_read_only_byte(function, i, space[i], reset[i]);
	}
}

/* A driver finds its capabilities: the lists end, and have them where they must be. */
static void check_lists(__u32 function, const __u8 *space)
{
	__u32 steps = 0, found = 0, at;

	for (at = space[PCI_CAPABILITY_LIST]; at; at = space[at + 1]) {
		CHECK(at >= 0x40 && !(at & 3) && steps++ < 48, "list at 0x%x", at);
		found |= at == PCIE && space[at] == PCI_CAP_ID_EXP ? 1 : 0;
		found |= at == PM && space[at] == PCI_CAP_ID_PM ? 2 : 0;
		found |= at == MSIX && space[at] == PCI_CAP_ID_MSIX ? 4 : 0;
	}
	for (at = 0x100; at; at = PCI_EXT_CAP_NEXT(nicsw_load32(space, at))) {
		CHECK(at >= 0x100 && !(at & 3) && steps++ < 96, "extended list at 0x%x", at);
		found |= PCI_EXT_CAP_ID(nicsw_load32(space, at)) == PCI_EXT_CAP_ID_SRIOV ? 8 : 0;
	}
	CHECK(found == (function == NICSW_FUNCTION_PF ? 15 : 7), "capabilities 0x%x", found);
}

/* POWER-VF-9, PCI-80 and the values of PCIe fields. */
static void check_fields(const __u8 *space)
{
	__u16 control = nicsw_load16(space, PCIE + PCI_EXP_DEVCTL);
	__u32 power = nicsw_function_power(space);

	CHECK(power == NICSW_D0 || power == NICSW_D3, "power state %u", power);
	CHECK(!(control & PCI_EXP_DEVCTL_BCR_FLR), "Initiate FLR reads 1");
	CHECK((control & PCI_EXP_DEVCTL_PAYLOAD) <= PCI_EXP_DEVCTL_PAYLOAD_256B, "payload");
	CHECK((control & PCI_EXP_DEVCTL_READRQ) <= PCI_EXP_DEVCTL_READRQ_4096B, "request");
}

/* PCI-42, PCI-47, PCI-53, PCI-64; PCI-41, PCI-46: settings stay while there are VFs. */
static void check_sriov(const struct nicsw_device *device, const __u8 *space)
{
	__u16 control = nicsw_load16(space, SRIOV + PCI_SRIOV_CTRL);
	__u32 page = nicsw_load32(space, SRIOV + PCI_SRIOV_SYS_PGSIZE);
	__u16 offset = nicsw_load16(space, SRIOV + PCI_SRIOV_VF_OFFSET);
	bool ari = control & PCI_SRIOV_CTRL_ARI;
	__u32 num_vfs = nicsw_load16(space, SRIOV + PCI_SRIOV_NUM_VF);

	CHECK(num_vfs <= device->geometry.total_vfs, "NumVFs %u", num_vfs);
	CHECK(__builtin_popcount(page) == 1 && page & 0x553, "System Page Size 0x%x", page);
	CHECK(offset == (ari ? device->geometry.first_vf_offset : 0x100), "First VF Offset 0x%x",
	      offset);
	CHECK(nicsw_sriov_num_vfs(space) == (control & PCI_SRIOV_CTRL_VFE ? num_vfs : 0),
	      "%u VFs enabled", nicsw_sriov_num_vfs(space));
}

static void check_settings_kept(const __u8 *old, const __u8 *space)
{
	static const struct {
		__u32 offset, length;
	} kept[] = {{PCI_SRIOV_NUM_VF, 2}, {PCI_SRIOV_SYS_PGSIZE, 4}, {PCI_SRIOV_BAR, 24}};
	__u16 control = nicsw_load16(space, SRIOV + PCI_SRIOV_CTRL);
	__u16 old_control = nicsw_load16(old, SRIOV + PCI_SRIOV_CTRL);

	if (!(control & old_control & PCI_SRIOV_CTRL_VFE))
		return;
	CHECK(!((control ^ old_control) & PCI_SRIOV_CTRL_ARI), "ARI changed under VFs");
	for (__u32 i = 0; i < ARRAY_SIZE(kept); i++)
		CHECK(!memcmp(old + SRIOV + kept[i].offset, space + SRIOV + kept[i].offset,
			      kept[i].length),
		      "register 0x%x changed under VFs", kept[i].offset);
}

/* PCI-9, PCI-48: the shares of a BAR follow each other, aligned to their size. */
static void check_bars(const __u8 *pf_space, __u32 vf)
{
	static const __u32 bars[] = {NICSW_BAR_VIRTIO, NICSW_BAR_MSIX};
	struct nicsw_bar_resource first, own;

	for (__u32 i = 0; i < ARRAY_SIZE(bars); i++) {
		int result = nicsw_vf_bar_resource(pf_space, vf, bars[i], &own);

		CHECK(result == 0 && own.length, "BAR %u of VF %u: %d", bars[i], vf, result);
		nicsw_vf_bar_resource(pf_space, 0, bars[i], &first);
		CHECK(!(own.start & (own.length - 1)), "BAR %u of VF %u", bars[i], vf);
		CHECK(own.start - first.start == vf * own.length, "BAR %u of VF %u", bars[i], vf);
	}
}

/* What is not visible can do nothing: PCI-22..PCI-25, PCI-34, PCI-102. */
static void check_abilities(const struct nicsw_device *device, __u32 function, const __u8 *space)
{
	const __u8 *pf_space = device->config_space[0];
	bool visible = nicsw_function_visible(device, pf_space, function);
	bool vf = function != NICSW_FUNCTION_PF;
	bool awake = nicsw_function_effective_power(pf_space, space) == NICSW_D0;
	__u8 image[NICSW_CONFIG_SIZE];
	__u32 rid = nicsw_device_rid(device, function);

	CHECK(nicsw_function_can_dma(device, pf_space, function, space) ==
		      (visible && awake && nicsw_function_bus_master(space)),
	      "DMA of function 0x%x", function);
	CHECK(visible || !nicsw_function_can_signal(device, pf_space, function, space),
	      "messages of function 0x%x", function);
	CHECK(!vf || (visible && awake) ||
		      !nicsw_vf_memory_decoded(device, pf_space, function, space),
	      "memory of VF %u", function);
	CHECK(nicsw_function_image(device, pf_space, function, space, image) ==
		      (visible ? 0 : -ENODEV),
	      "image of function 0x%x", function);
	CHECK(!visible || rid != NICSW_NONE, "function 0x%x has no RID", function);
	if (vf && visible)
		check_bars(pf_space, function);
}

/* PCI-65, PCI-66 */
static void check_rids(const struct nicsw_device *device)
{
	const __u8 *pf_space = device->config_space[0];

	for (__u32 i = 0; i < num_functions(device); i++)
		for (__u32 j = 0; j < i; j++)
			CHECK(!nicsw_function_visible(device, pf_space, function_of(i)) ||
				      !nicsw_function_visible(device, pf_space, function_of(j)) ||
				      nicsw_device_rid(device, function_of(i)) !=
					      nicsw_device_rid(device, function_of(j)),
			      "functions %u and %u have one RID", j, i);
}

void fuzz_config_check_device(const struct nicsw_device *device)
{
	for (__u32 i = 0; i < num_functions(device); i++) {
		check_read_only(device, function_of(i), device->config_space[i]);
		check_lists(function_of(i), device->config_space[i]);
		check_fields(device->config_space[i]);
		check_abilities(device, function_of(i), device->config_space[i]);
	}
	check_sriov(device, device->config_space[0]);
	check_settings_kept(before[0], device->config_space[0]);
	check_rids(device);
}
