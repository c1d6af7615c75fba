// SPDX-License-Identifier: GPL-2.0-only
#include "hwemu/cfgspace.h"

#include <assert.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* ---- masks ---- */

static void add_registers(const struct nicsw_capability *capability,
			  struct nicsw_config_masks *masks)
{
	for (__u32 i = 0; i < capability->num_registers; i++) {
		const struct nicsw_register *reg = &capability->registers[i];
		__u32 offset = capability->offset + reg->offset;

		assert(reg->offset + reg->width <= capability->length);
		assert((reg->writable & reg->clear) == 0);
		nicsw_store(masks->reset, offset, reg->width, reg->reset);
		nicsw_store(masks->writable, offset, reg->width, reg->writable);
		nicsw_store(masks->clear, offset, reg->width, reg->clear);
		nicsw_store(masks->sticky, offset, reg->width, reg->sticky);
	}
}

/* The lists come from the table, so that a chain cannot be broken. */
static void link_capability(const struct nicsw_capability *capability,
			    const struct nicsw_capability *next, struct nicsw_config_masks *masks)
{
	__u8 *at = masks->reset + capability->offset;

	if (capability->version) {
		nicsw_store(at, 0, 4,
			    capability->id | (__u32)capability->version << 16 |
				    (next ? (__u32)next->offset << 20 : 0));
		return;
	}
	if (next && next->version) /* the extended list begins at 100h by itself */
		next = NULL;
	if (capability->id)
		at[PCI_CAP_LIST_ID] = (__u8)capability->id;
	at[capability->id ? PCI_CAP_LIST_NEXT : PCI_CAPABILITY_LIST] =
		next ? (__u8)next->offset : 0;
}

static void build_masks(const nicsw_capability_list capabilities, struct nicsw_config_masks *masks)
{
	for (__u32 i = 0; capabilities[i]; i++) {
		add_registers(capabilities[i], masks);
		link_capability(capabilities[i], capabilities[i + 1], masks);
	}
}

const struct nicsw_config_masks *nicsw_config_masks(__u32 function)
{
	static struct nicsw_config_masks pf, vf;

	if (!pf.reset[0]) {
		build_masks(nicsw_vf_capabilities, &vf);
		build_masks(nicsw_pf_capabilities, &pf);
	}
	return function == NICSW_FUNCTION_PF ? &pf : &vf;
}

/* ---- access ---- */

bool nicsw_function_valid(const struct nicsw_device *device, __u32 function)
{
	return function == NICSW_FUNCTION_PF || function < device->geometry.total_vfs;
}

static bool access_valid(const struct nicsw_device *device, __u32 function, __u32 offset,
			 __u32 length)
{
	return nicsw_function_valid(device, function) && offset <= NICSW_CONFIG_SIZE &&
	       length <= NICSW_CONFIG_SIZE - offset;
}

int nicsw_config_read(const struct nicsw_device *device, __u32 function, const __u8 *space,
		      __u32 offset, __u32 length, void *ret_data)
{
	if (!access_valid(device, function, offset, length))
		return -EINVAL;
	if (length)
		memcpy(ret_data, space + offset, length);
	return 0;
}

static void masked_write(const struct nicsw_config_masks *masks, __u8 *space, __u32 offset,
			 __u32 length, const __u8 *data)
{
	for (__u32 i = 0; i < length; i++) {
		__u8 *byte = &space[offset + i];
		__u8 writable = masks->writable[offset + i];

		*byte = (__u8)((*byte & ~writable) | (data[i] & writable));
		*byte &= (__u8) ~(data[i] & masks->clear[offset + i]);
	}
}

/*
 * Fields that do not take every value their bits can hold. A value whose bit is not in `allowed`
 * leaves the old one. In a VF those of the PF are constant.
 */
static const struct {
	__u16 offset;
	__u16 mask;
	__u16 allowed;
} checked_fields[] = {
	{NICSW_AT_PM + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 1u << NICSW_D0 | 1u << NICSW_D3},
	{NICSW_AT_PCIE + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_PAYLOAD, 0x0003}, /* 128, 256 bytes */
	{NICSW_AT_PCIE + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_READRQ, 0x003f},  /* up to 4096 */
	{NICSW_AT_PCIE + PCI_EXP_DEVCTL2, PCI_EXP_DEVCTL2_COMP_TIMEOUT, 0x6667},
	{NICSW_AT_PCIE + PCI_EXP_LNKCTL2, PCI_EXP_LNKCTL2_TLS, 0x0006}, /* 2.5 and 5 GT/s */
};

static void check_fields(const __u8 *before, __u8 *space)
{
	for (__u32 i = 0; i < SIZE(checked_fields); i++) {
		__u16 offset = checked_fields[i].offset;
		__u16 mask = checked_fields[i].mask;
		__u16 value = nicsw_load16(space, offset);
		__u16 number = (value & mask) / (mask & -mask);

		if (checked_fields[i].allowed & 1u << number)
			continue;
		value = (value & ~mask) | (nicsw_load16(before, offset) & mask);
		nicsw_store(space, offset, 2, value);
	}
}

/*
 * All of them: each compares before and after itself, and has nothing to do when nothing
 * changed.
 */
static void call_written(struct nicsw_config_access *access)
{
	bool pf = access->function == NICSW_FUNCTION_PF;
	const struct nicsw_capability *const *list =
		pf ? nicsw_pf_capabilities : nicsw_vf_capabilities;

	for (; *list; list++)
		if ((*list)->written)
			(*list)->written(access);
	if (access->flr)
		nicsw_function_flr(access->device, access->function, access->space);
}

/*
 * Registers whose change the caller hears of. In a VF those of the SR-IOV capability are
 * constant.
 */
static const struct {
	__u32 effect;
	__u16 offset;
	__u16 width;
	__u64 mask;
} watched[] = {
	{NICSW_EFFECT_BUS_MASTER, PCI_COMMAND, 2, PCI_COMMAND_MASTER},
	{NICSW_EFFECT_MEMORY_SPACE, PCI_COMMAND, 2, PCI_COMMAND_MEMORY},
	{NICSW_EFFECT_POWER, NICSW_AT_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_STATE_MASK},
	{NICSW_EFFECT_WAKE, NICSW_AT_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_PME_ENABLE},
	{NICSW_EFFECT_MSIX, NICSW_AT_MSIX + PCI_MSIX_FLAGS, 2,
	 PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL},
	{NICSW_EFFECT_BAR, PCI_BASE_ADDRESS_0, 8, ~0ull},
	{NICSW_EFFECT_BAR, PCI_BASE_ADDRESS_4, 8, ~0ull},
	{NICSW_EFFECT_BAR, NICSW_AT_SRIOV + PCI_SRIOV_SYS_PGSIZE, 4, ~0ull},
	{NICSW_EFFECT_BAR, NICSW_AT_SRIOV + PCI_SRIOV_BAR + 4 * NICSW_BAR_VIRTIO, 8, ~0ull},
	{NICSW_EFFECT_BAR, NICSW_AT_SRIOV + PCI_SRIOV_BAR + 4 * NICSW_BAR_MSIX, 8, ~0ull},
	{NICSW_EFFECT_VF_ENABLE, NICSW_AT_SRIOV + PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_VFE},
	{NICSW_EFFECT_VF_MSE, NICSW_AT_SRIOV + PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_MSE},
	{NICSW_EFFECT_ARI, NICSW_AT_SRIOV + PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_ARI},
	{NICSW_EFFECT_NUM_VFS, NICSW_AT_SRIOV + PCI_SRIOV_NUM_VF, 2, ~0ull},
};

static __u32 effects_of(const struct nicsw_config_access *access)
{
	__u32 mask = access->flr ? NICSW_EFFECT_FLR : 0;

	for (__u32 i = 0; i < SIZE(watched); i++) {
		__u64 before = nicsw_load(access->before, watched[i].offset, watched[i].width);
		__u64 after = nicsw_load(access->space, watched[i].offset, watched[i].width);

		if ((before ^ after) & watched[i].mask)
			mask |= watched[i].effect;
	}
	return mask;
}

/* The write is done on a copy: nobody sees a value that is refused, or half of an FLR. */
int nicsw_config_write(const struct nicsw_device *device, __u32 function, __u8 *space, __u32 offset,
		       __u32 length, const void *data, struct nicsw_config_effects *ret_effects)
{
	__u8 after[NICSW_CONFIG_SIZE];
	struct nicsw_config_access access = {
		.device = device,
		.function = function,
		.before = space,
		.space = after,
	};

	if (!access_valid(device, function, offset, length))
		return -EINVAL;
	memcpy(after, space, sizeof(after));
	masked_write(nicsw_config_masks(function), after, offset, length, data);
	check_fields(space, after);
	call_written(&access);
	if (ret_effects)
		ret_effects->mask = effects_of(&access);
	memcpy(space, after, sizeof(after));
	return 0;
}

void nicsw_config_store(const struct nicsw_device *device, __u32 function, __u8 *space,
			__u32 offset, __u32 width, __u64 value)
{
	__u8 data[8];
	int result;

	nicsw_store(data, 0, width, value);
	result = nicsw_config_write(device, function, space, offset, width, data, NULL);
	assert(result == 0);
	(void)result;
}
