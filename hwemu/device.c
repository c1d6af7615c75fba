// SPDX-License-Identifier: GPL-2.0-only
/* The device as a whole, on its registers in place. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/cfgspace.h"
#include "hwemu/sriov.h"

#define FIRST_VF_RID_NEXT_BUS(pf_rid) ((pf_rid) + 0x100u)

/* EUI-64 of a MAC address: FFFEh in the middle. */
static __u64 serial_number(const __u8 mac[NICSW_MAC_SIZE])
{
	__u64 high = (__u64)mac[0] << 16 | (__u64)mac[1] << 8 | mac[2];
	__u64 low = (__u64)mac[3] << 16 | (__u64)mac[4] << 8 | mac[5];

	return high << 40 | 0xfffeull << 24 | low;
}

struct nicsw_geometry nicsw_geometry_default(__u16 total_vfs, const __u8 mac[NICSW_MAC_SIZE])
{
	struct nicsw_geometry geometry = {
		.pf_rid = 0x0100,
		.total_vfs = total_vfs,
		.first_vf_offset = 1,
		.vf_stride = 1,
		.ari_forwarding = true,
		.serial_number = serial_number(mac),
	};

	/* Enough for both forms: without ARI all VFs are one bus further (PCI-19, PCI-64). */
	geometry.last_bus = (__u8)((FIRST_VF_RID_NEXT_BUS(geometry.pf_rid) + total_vfs - 1) >> 8);
	return geometry;
}

static bool geometry_valid(const struct nicsw_geometry *geometry)
{
	__u32 last;

	if (geometry->total_vfs == 0 || geometry->total_vfs > NICSW_MAX_VFS)
		return false;
	/*
	 * A stride of 0 puts all VFs at one RID, an offset of 0 the first one at the PF's
	 * (PCI-65, PCI-66).
	 */
	if (geometry->first_vf_offset == 0 || (geometry->vf_stride == 0 && geometry->total_vfs > 1))
		return false;
	last = geometry->pf_rid + geometry->first_vf_offset +
	       (geometry->total_vfs - 1u) * geometry->vf_stride;
	/* PCI-62: no wrap-around. The PF's own bus is below the bridge, of course. */
	return last <= 0xffff && geometry->last_bus >= geometry->pf_rid >> 8;
}

int nicsw_device_init(struct nicsw_device *device, const struct nicsw_geometry *geometry,
		      __u8 (*config_space)[NICSW_CONFIG_SIZE])
{
	if (!config_space || !geometry_valid(geometry))
		return -EINVAL;
	*device = (struct nicsw_device){.geometry = *geometry, .config_space = config_space};
	return 0;
}

__u8 *nicsw_device_space(const struct nicsw_device *device, __u32 function)
{
	if (!nicsw_function_valid(device, function))
		return NULL;
	return device->config_space[function == NICSW_FUNCTION_PF ? 0 : 1 + function];
}

__u32 nicsw_device_rid(const struct nicsw_device *device, __u32 function)
{
	return nicsw_function_rid(device, device->config_space[0], function);
}

void nicsw_device_reset_vfs(struct nicsw_device *device)
{
	for (__u32 vf = 0; vf < device->geometry.total_vfs; vf++)
		nicsw_function_reset(device, vf, nicsw_device_space(device, vf));
}

void nicsw_device_power_on(struct nicsw_device *device)
{
	nicsw_function_reset(device, NICSW_FUNCTION_PF, device->config_space[0]);
	nicsw_device_reset_vfs(device);
	nicsw_function_assign(device, device->config_space[0]);
}

int nicsw_device_read(const struct nicsw_device *device, __u32 function, __u32 offset, __u32 length,
		      void *ret_data)
{
	const __u8 *space = nicsw_device_space(device, function);

	if (!space || offset > NICSW_CONFIG_SIZE || length > NICSW_CONFIG_SIZE - offset)
		return -EINVAL;
	if (nicsw_function_visible(device, device->config_space[0], function))
		return nicsw_config_read(device, function, space, offset, length, ret_data);
	/* Unsupported Request: nobody answers (PCI-22, PCI-23). */
	memset(ret_data, 0xff, length);
	return 0;
}

/* VFs are reset before the bit that shows them is stored (PCI-43). */
static int write_pf(struct nicsw_device *device, __u32 offset, __u32 length, const void *data,
		    struct nicsw_config_effects *effects)
{
	__u8 after[NICSW_CONFIG_SIZE];
	int result;

	memcpy(after, device->config_space[0], sizeof(after));
	result =
		nicsw_config_write(device, NICSW_FUNCTION_PF, after, offset, length, data, effects);
	if (result < 0)
		return result;
	if ((effects->mask & NICSW_EFFECT_VF_ENABLE) && nicsw_sriov_enabled(after))
		nicsw_device_reset_vfs(device);
	memcpy(device->config_space[0], after, sizeof(after));
	return 0;
}

int nicsw_device_write(struct nicsw_device *device, __u32 function, __u32 offset, __u32 length,
		       const void *data, struct nicsw_config_effects *ret_effects)
{
	struct nicsw_config_effects effects = {0};
	__u8 *space = nicsw_device_space(device, function);
	int result = 0;

	if (!space || offset > NICSW_CONFIG_SIZE || length > NICSW_CONFIG_SIZE - offset)
		return -EINVAL;
	if (function == NICSW_FUNCTION_PF)
		result = write_pf(device, offset, length, data, &effects);
	else if (nicsw_function_visible(device, device->config_space[0], function))
		result =
			nicsw_config_write(device, function, space, offset, length, data, &effects);
	if (result == 0 && ret_effects)
		*ret_effects = effects;
	return result;
}
