// SPDX-License-Identifier: GPL-2.0-only
/* MSI-X table and PBA of a VF: what is behind the capability (pci.md 3.2). */
#include <nicsw/iommu.h>

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/bytes.h"

/* ---- sending ---- */

static __u64 bit(__u32 vector)
{
	return 1ull << vector;
}

/* PCI-33, PCI-34, PCI-102 */
static bool can_send(const struct nicsw_iommu *iommu, __u32 vf, __u32 vector)
{
	const struct nicsw_device *device = iommu->device;

	if (!nicsw_function_can_signal(device, device->config_space[0], vf,
				       nicsw_device_space(device, vf)))
		return false;
	return iommu->records[vf].msix[vector].unmasked;
}

/*
 * Pending is cleared after the message is sent: who dies in between sends it twice, which does no
 * harm, instead of never. A blocked message has been sent, too: nothing repeats it. What nobody
 * takes is still to be sent: who takes it may be between two lives.
 */
static int send_if_pending(const struct nicsw_iommu *iommu, __u32 rid, __u32 vf, __u32 vector,
			   struct nicsw_iommu_fault *ret_fault)
{
	struct nicsw_iommu_record *record = &iommu->records[vf];
	int result;

	if (!(record->pending & bit(vector)) || !can_send(iommu, vf, vector))
		return 0;
	result = nicsw_iommu_message(iommu, rid, vector, ret_fault);
	if (result == -ENOTCONN)
		return 0;
	record->pending &= ~bit(vector);
	return result;
}

int nicsw_msix_raise(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
		     struct nicsw_iommu_fault *ret_fault)
{
	__u32 vf = nicsw_iommu_vf(iommu, rid);

	if (vf == NICSW_NONE || vector >= NICSW_MSIX_VF_VECTORS)
		return nicsw_iommu_message(iommu, rid, vector, ret_fault);
	iommu->records[vf].pending |= bit(vector);
	return send_if_pending(iommu, rid, vf, vector, ret_fault);
}

void nicsw_msix_send_pending(const struct nicsw_iommu *iommu, __u32 rid)
{
	__u32 vf = nicsw_iommu_vf(iommu, rid);

	if (vf == NICSW_NONE)
		return;
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++)
		send_if_pending(iommu, rid, vf, vector, NULL);
}

int nicsw_msix_mask(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector, bool masked)
{
	struct nicsw_iommu_record *record = nicsw_iommu_find(iommu, rid);

	if (!record)
		return -ENODEV;
	if (vector >= NICSW_MSIX_VF_VECTORS)
		return -EINVAL;
	record->msix[vector].unmasked = !masked;
	nicsw_msix_send_pending(iommu, rid);
	return 0;
}

void nicsw_msix_reset(struct nicsw_iommu_record *record)
{
	record->pending = 0;
	memset(record->msix, 0, sizeof(record->msix));
}

/* ---- the BAR ---- */

/* Vector control bit 0 resets to 1, the record keeps the opposite. */
static void show_entry(const struct nicsw_msix_entry *entry, __u8 *bytes)
{
	nicsw_store(bytes, PCI_MSIX_ENTRY_LOWER_ADDR, 8, entry->address);
	nicsw_store(bytes, PCI_MSIX_ENTRY_DATA, 4, entry->data);
	nicsw_store(bytes, PCI_MSIX_ENTRY_VECTOR_CTRL, 4,
		    entry->unmasked ? 0 : PCI_MSIX_ENTRY_CTRL_MASKBIT);
}

/* Bits 1:0 of the address and 31:1 of vector control are read-only 0. */
static void take_entry(const __u8 *bytes, struct nicsw_msix_entry *entry)
{
	__u32 control = nicsw_load32(bytes, PCI_MSIX_ENTRY_VECTOR_CTRL);

	entry->address = nicsw_load(bytes, PCI_MSIX_ENTRY_LOWER_ADDR, 8) & ~3ull;
	entry->data = nicsw_load32(bytes, PCI_MSIX_ENTRY_DATA);
	entry->unmasked = !(control & PCI_MSIX_ENTRY_CTRL_MASKBIT);
}

static __u32 entry_offset(__u32 vector)
{
	return NICSW_MSIX_TABLE + vector * PCI_MSIX_ENTRY_SIZE;
}

static void show_bar(const struct nicsw_iommu_record *record, __u8 image[NICSW_BAR_MSIX_SIZE])
{
	memset(image, 0, NICSW_BAR_MSIX_SIZE);
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++)
		show_entry(&record->msix[vector], image + entry_offset(vector));
	nicsw_store(image, NICSW_MSIX_PBA, 8, record->pending);
}

/* The table only: what was written to the PBA and to reserved places is forgotten. */
static void take_bar(const __u8 image[NICSW_BAR_MSIX_SIZE], struct nicsw_iommu_record *record)
{
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++)
		take_entry(image + entry_offset(vector), &record->msix[vector]);
}

static bool access_valid(__u32 offset, __u32 length)
{
	return offset <= NICSW_BAR_MSIX_SIZE && length <= NICSW_BAR_MSIX_SIZE - offset;
}

/* The record behind the BAR, or NULL if nobody answers. */
static struct nicsw_iommu_record *find_decoded(const struct nicsw_iommu *iommu, __u32 rid)
{
	const struct nicsw_device *device = iommu->device;
	__u32 vf = nicsw_iommu_vf(iommu, rid);

	if (vf == NICSW_NONE || !nicsw_vf_memory_decoded(device, device->config_space[0], vf,
							 nicsw_device_space(device, vf)))
		return NULL;
	return &iommu->records[vf];
}

int nicsw_msix_table_read(const struct nicsw_iommu *iommu, __u32 rid, __u32 offset, __u32 length,
			  void *ret_data)
{
	const struct nicsw_iommu_record *record = find_decoded(iommu, rid);
	__u8 image[NICSW_BAR_MSIX_SIZE];

	if (!access_valid(offset, length))
		return -EINVAL;
	if (!length)
		return 0;
	if (record)
		show_bar(record, image);
	else
		memset(image, 0xff, sizeof(image));
	memcpy(ret_data, image + offset, length);
	return 0;
}

int nicsw_msix_table_write(const struct nicsw_iommu *iommu, __u32 rid, __u32 offset, __u32 length,
			   const void *data)
{
	struct nicsw_iommu_record *record = find_decoded(iommu, rid);
	__u8 image[NICSW_BAR_MSIX_SIZE];

	if (!access_valid(offset, length))
		return -EINVAL;
	if (!record || !length)
		return 0;
	show_bar(record, image);
	memcpy(image + offset, data, length);
	take_bar(image, record);
	nicsw_msix_send_pending(iommu, rid);
	return 0;
}
