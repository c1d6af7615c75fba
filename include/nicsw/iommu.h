/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands between a VF and the host: DMA remapping, interrupt remapping, and the MSI-X table.
 *
 * The state is one struct nicsw_iommu_record per VF, memory of the caller (an element of a pinned
 * map: it outlives the process). A zeroed record is the initial state: nothing is mapped, every
 * vector is masked. struct nicsw_iommu is a plain value over the records and the device, nothing to
 * release.
 *
 * Who asks is named by its RID only (PCI-68). The RID is looked up in the registers each time
 * (PCI-12): one that belongs to no visible VF has no entries, and one that does reaches the record
 * of that VF and no other (LC-VFDRV-6, GEN-22).
 *
 * Two kinds of state in a record, with different owners:
 * - of the host: DMA mappings and remapping entries (LC-UP-5). An FLR leaves them alone, because it
 *   changes neither RID nor memory of the partition; the function issues no request all the same,
 *   its Bus Master is 0 then (PCI-86). They go with FREE_VF: nicsw_iommu_clear().
 * - of the guest: MSI-X table and pending bits. They go with every reset of the VF:
 *   nicsw_msix_reset() (PCI-84, PCI-90), and with nicsw_iommu_clear().
 *
 * What the caller does, and when: nicsw_msix_reset() after an FLR and for every VF that appears
 * (PCI-43); nicsw_msix_send_pending() after a write with NICSW_EFFECT_MSIX, _BUS_MASTER or _POWER
 * (for all VFs if the PF's power changed); nicsw_iommu_clear() for FREE_VF, also when the VF is not
 * visible any more (LC-VF-9).
 *
 * Units: bytes; iova = address as the function uses it, address = where it is for the host.
 * Concurrency: one caller at a time per record. Who dies in the middle leaves every mapping whole
 * or absent.
 * Errors: 0 or negative errno; nothing is changed on failure but the list of faults, and outputs
 * are untouched, except that -EFAULT sets ret_fault, which may be NULL.
 */
#ifndef NICSW_IOMMU_H
#define NICSW_IOMMU_H

#include <nicsw/hwemu.h>
#include <nicsw/maps.h>
#include <nicsw/types.h>
#include <stdbool.h>
#include <stdio.h>

#define NICSW_IOMMU_PAGE 4096ull

#define NICSW_IOMMU_READ  (1u << 0) /* the function reads memory of the host */
#define NICSW_IOMMU_WRITE (1u << 1)

/* Why a request was blocked: PCI-22, PCI-25 and PCI-102, then PCI-68. X(number, NAME, text) */
#define NICSW_IOMMU_REASONS(X)                                                                     \
	X(1, UNKNOWN_RID, "RID of no visible VF")                                                  \
	X(2, NOT_MASTER, "Bus Master is 0, or not in D0")                                          \
	X(3, WRAPPED, "beyond the end of the address space")                                       \
	X(4, NOT_MAPPED, "not mapped")                                                             \
	X(5, PERMISSION, "not permitted by the mapping")                                           \
	X(6, INTERRUPT_BLOCKED, "no remapping entry for the vector")

enum nicsw_iommu_reason {
#define X(number, NAME, text) NICSW_IOMMU_##NAME = number,
	NICSW_IOMMU_REASONS(X)
#undef X
};

struct nicsw_iommu {
	const struct nicsw_device *device;  /* borrowed */
	struct nicsw_iommu_record *records; /* [total_vfs], borrowed */
	/*
	 * Delivers an interrupt, to an eventfd for example; must not call back. -ENOTCONN: nobody
	 * takes it at the moment; the event stays pending for nicsw_msix_send_pending(). May be
	 * NULL where nothing is raised, unmasked or written to a table.
	 */
	int (*signal)(void *context, __u32 target);
	void *context;
};

/* Index of the visible VF that has the RID, or NICSW_NONE. */
__u32 nicsw_iommu_vf(const struct nicsw_iommu *iommu, __u32 rid);

/* The record of that VF, or NULL. */
struct nicsw_iommu_record *nicsw_iommu_find(const struct nicsw_iommu *iommu, __u32 rid);

/* Leaves nothing of the previous owner behind (LC-VF-8, PCI-90). */
void nicsw_iommu_clear(struct nicsw_iommu_record *record);

/* ---- DMA ---- */

/*
 * LC-UP-5. -ENODEV: RID of no visible VF. -EINVAL: no permission or an unknown one, length 0, not
 * whole pages, or beyond the end of an address space. -EEXIST: overlaps a mapping of this VF.
 * -ENOSPC: NICSW_IOMMU_MAPPINGS are there.
 */
int nicsw_iommu_map(const struct nicsw_iommu *iommu, __u32 rid,
		    const struct nicsw_iommu_mapping *mapping);

/*
 * All mappings inside the range. -ENODEV, -EINVAL: as nicsw_iommu_map(), or the range cuts a
 * mapping. -ENOENT: there is none.
 */
int nicsw_iommu_unmap(const struct nicsw_iommu *iommu, __u32 rid, __u64 iova, __u64 length);

struct nicsw_iommu_request {
	__u32 rid;
	__u32 permission; /* NICSW_IOMMU_READ, NICSW_IOMMU_WRITE or both */
	__u64 iova;
	__u64 length;
};

struct nicsw_iommu_span {
	__u64 address;
	__u64 length; /* at most that of the request: go on behind it */
};

/*
 * A memory request of a function. Either every byte of it is permitted, or it is blocked whole.
 * ret_span is the part of it, from its first byte on, that lies in one mapping; a request over
 * several adjacent ones needs as many calls. -EFAULT: blocked. -EINVAL: length 0, or a permission
 * that does not exist; nothing of the kind is ever on the bus.
 */
int nicsw_iommu_translate(const struct nicsw_iommu *iommu,
			  const struct nicsw_iommu_request *request,
			  struct nicsw_iommu_span *ret_span, struct nicsw_iommu_fault *ret_fault);

/* ---- interrupts: the host's half ---- */

/*
 * Sends the messages of a vector to a target from now on, whatever the guest has in its table:
 * address and data there are of the guest's own machine. Replaces an entry. -ENODEV: RID of no
 * visible VF. -EINVAL: no such vector.
 */
int nicsw_iommu_map_interrupt(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
			      __u32 target);

/* -ENOENT: no entry. Else as nicsw_iommu_map_interrupt(). */
int nicsw_iommu_unmap_interrupt(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector);

/*
 * A message of a function arrives: to its target, or blocked. Masks and MSI-X Enable are the
 * function's business: nicsw_msix_raise(). -EINVAL: no such vector. -EFAULT: blocked. -ENOTCONN:
 * nobody takes it; that is no fault of the function.
 */
int nicsw_iommu_message(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
			struct nicsw_iommu_fault *ret_fault);

/* ---- interrupts: the function's half ---- */

/*
 * Memory accesses of the guest to BAR NICSW_BAR_MSIX of its VF. Any alignment; length 0 does
 * nothing. While the VF's memory is not decoded, reads give all ones and writes are ignored
 * (PCI-24, PCI-102). Reserved bits and places read 0; the PBA is read-only. A write that unmasks
 * sends what is pending. -EINVAL: beyond NICSW_BAR_MSIX_SIZE.
 */
int nicsw_msix_table_read(const struct nicsw_iommu *iommu, __u32 rid, __u32 offset, __u32 length,
			  void *ret_data);
int nicsw_msix_table_write(const struct nicsw_iommu *iommu, __u32 rid, __u32 offset, __u32 length,
			   const void *data);

/* The mask of one vector alone. -ENODEV: RID of no visible VF. -EINVAL: no such vector. */
int nicsw_msix_mask(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector, bool masked);

/*
 * An event of a vector. A message if vector and function are enabled and somebody takes it, else
 * the vector is pending (PCI-33). -EINVAL: no such vector. -EFAULT: the message is lost.
 */
int nicsw_msix_raise(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
		     struct nicsw_iommu_fault *ret_fault);

/* Sends what is pending and can be sent now. A RID of no visible VF has nothing pending. */
void nicsw_msix_send_pending(const struct nicsw_iommu *iommu, __u32 rid);

/* FLR: table as after power on, all vectors masked, nothing pending (PCI-84, PCI-90). */
void nicsw_msix_reset(struct nicsw_iommu_record *record);

/* ---- to look at ---- */

/* "not mapped"; NULL: no such reason. */
const char *nicsw_iommu_reason_text(__u32 reason);

/* A record as lines of text: mappings by iova, vectors in use, last faults. -EIO: the stream. */
int nicsw_iommu_print(FILE *stream, const struct nicsw_iommu_record *record, __u32 rid);

#endif
