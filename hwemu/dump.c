// SPDX-License-Identifier: GPL-2.0-only
/* Text that lspci reads. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/bytes.h"
#include "hwemu/cfgspace.h"

int nicsw_function_image(const struct nicsw_device *device, const __u8 *pf_space, __u32 function,
			 const __u8 *space, __u8 ret_image[NICSW_CONFIG_SIZE])
{
	__u16 vendor, device_id;

	if (!nicsw_function_valid(device, function))
		return -EINVAL;
	if (!nicsw_function_visible(device, pf_space, function))
		return -ENODEV;
	memcpy(ret_image, space, NICSW_CONFIG_SIZE);
	if (function == NICSW_FUNCTION_PF)
		return 0;
	nicsw_vf_ids(pf_space, &vendor, &device_id);
	nicsw_store(ret_image, PCI_VENDOR_ID, 2, vendor);
	nicsw_store(ret_image, PCI_DEVICE_ID, 2, device_id);
	return 0;
}

/* "01:00.0 0200: 1af4:1041 (rev 01)" */
static void print_title(FILE *stream, __u32 rid, const __u8 *image)
{
	if (rid >> 16)
		fprintf(stream, "%04x:", rid >> 16);
	fprintf(stream, "%02x:%02x.%u %04x: %04x:%04x", rid >> 8 & 0xff, rid >> 3 & 0x1f, rid & 7,
		nicsw_load16(image, PCI_CLASS_DEVICE), nicsw_load16(image, PCI_VENDOR_ID),
		nicsw_load16(image, PCI_DEVICE_ID));
	if (image[PCI_REVISION_ID])
		fprintf(stream, " (rev %02x)", image[PCI_REVISION_ID]);
	fputc('\n', stream);
}

int nicsw_dump_function(FILE *stream, __u32 rid, const __u8 image[NICSW_CONFIG_SIZE])
{
	print_title(stream, rid, image);
	for (__u32 offset = 0; offset < NICSW_CONFIG_SIZE; offset += 16) {
		fprintf(stream, "%02x:", offset);
		for (__u32 i = 0; i < 16; i++)
			fprintf(stream, " %02x", image[offset + i]);
		fputc('\n', stream);
	}
	fputc('\n', stream);
	return ferror(stream) ? -EIO : 0;
}
