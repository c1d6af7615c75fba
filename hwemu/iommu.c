// SPDX-License-Identifier: GPL-2.0-only
/* DMA and interrupt remapping by RID. */
#include <nicsw/iommu.h>

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "hwemu/bytes.h"
#include "hwemu/caps.h"

#define PERMISSIONS (NICSW_IOMMU_READ | NICSW_IOMMU_WRITE)

/* ---- who asks ---- */

/*
 * The index is a guess, checked against the RID it must have: PCI-61 is in one place. A guess that
 * is no VF has another RID or none; a VF that is hidden has no index (PCI-22, PCI-23).
 */
__u32 nicsw_iommu_vf(const struct nicsw_iommu *iommu, __u32 rid)
{
	const struct nicsw_device *device = iommu->device;
	const __u8 *pf_space = device->config_space[0];
	__u32 stride = nicsw_load16(pf_space, NICSW_AT_SRIOV + PCI_SRIOV_VF_STRIDE);
	__u32 distance = rid - nicsw_device_rid(device, 0);
	__u32 vf = stride ? distance / stride : distance; /* PCI-65: 0 with one VF */

	if (nicsw_device_rid(device, vf) != rid || !nicsw_function_visible(device, pf_space, vf))
		return NICSW_NONE;
	return vf;
}

struct nicsw_iommu_record *nicsw_iommu_find(const struct nicsw_iommu *iommu, __u32 rid)
{
	__u32 vf = nicsw_iommu_vf(iommu, rid);

	return vf == NICSW_NONE ? NULL : &iommu->records[vf];
}

/* ---- faults ---- */

const char *nicsw_iommu_reason_text(__u32 reason)
{
	static const char *const texts[] = {
#define X(number, NAME, text) [number] = text,
		NICSW_IOMMU_REASONS(X)
#undef X
	};

	return reason < sizeof(texts) / sizeof(texts[0]) ? texts[reason] : NULL;
}

/*
 * Blocks what has a reason. A request of an unknown RID is nobody's: no record keeps the fault.
 */
static int judge(struct nicsw_iommu_record *record, const struct nicsw_iommu_fault *fault,
		 struct nicsw_iommu_fault *ret_fault)
{
	if (!fault->reason)
		return 0;
	if (record) {
		record->faults[record->num_faults % NICSW_IOMMU_FAULTS] = *fault;
		record->num_faults++;
	}
	if (ret_fault)
		*ret_fault = *fault;
	return -EFAULT;
}

/* The record of who sends a request, or why it may not. */
static __u32 check_requester(const struct nicsw_iommu *iommu, __u32 rid,
			     struct nicsw_iommu_record **ret_record)
{
	const struct nicsw_device *device = iommu->device;
	__u32 vf = nicsw_iommu_vf(iommu, rid);

	if (vf == NICSW_NONE)
		return NICSW_IOMMU_UNKNOWN_RID;
	*ret_record = &iommu->records[vf];
	if (!nicsw_function_can_dma(device, device->config_space[0], vf,
				    nicsw_device_space(device, vf)))
		return NICSW_IOMMU_NOT_MASTER;
	return 0;
}

/* ---- mappings ---- */

static bool whole_pages(__u64 value)
{
	return value % NICSW_IOMMU_PAGE == 0;
}

/* Is [start, start + length) there, without wrap-around? It may end with the address space. */
static bool range_valid(__u64 start, __u64 length)
{
	return length && length - 1 <= ~0ull - start;
}

static bool pages_valid(__u64 start, __u64 length)
{
	return whole_pages(start) && whole_pages(length) && range_valid(start, length);
}

static __u64 last_of(const struct nicsw_iommu_mapping *mapping)
{
	return mapping->iova + mapping->length - 1;
}

static bool overlaps(const struct nicsw_iommu_mapping *mapping, __u64 iova, __u64 last)
{
	return mapping->permissions && mapping->iova <= last && iova <= last_of(mapping);
}

static bool inside(const struct nicsw_iommu_mapping *mapping, __u64 iova, __u64 last)
{
	return mapping->permissions && iova <= mapping->iova && last_of(mapping) <= last;
}

/* The first mapping that overlaps the range, or NULL. */
static struct nicsw_iommu_mapping *find_overlap(struct nicsw_iommu_record *record, __u64 iova,
						__u64 last)
{
	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++)
		if (overlaps(&record->mappings[i], iova, last))
			return &record->mappings[i];
	return NULL;
}

static struct nicsw_iommu_mapping *find_room(struct nicsw_iommu_record *record)
{
	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++)
		if (!record->mappings[i].permissions)
			return &record->mappings[i];
	return NULL;
}

/* permissions last: a mapping is whole or not there, wherever the process dies. */
static void put_mapping(struct nicsw_iommu_mapping *room, const struct nicsw_iommu_mapping *mapping)
{
	*room = (struct nicsw_iommu_mapping){
		.iova = mapping->iova,
		.length = mapping->length,
		.address = mapping->address,
	};
	__atomic_store_n(&room->permissions, mapping->permissions, __ATOMIC_RELEASE);
}

/* And the other way round. */
static void remove_mapping(struct nicsw_iommu_mapping *mapping)
{
	__atomic_store_n(&mapping->permissions, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	*mapping = (struct nicsw_iommu_mapping){0};
}

static bool mapping_valid(const struct nicsw_iommu_mapping *mapping)
{
	return mapping->permissions && !(mapping->permissions & ~PERMISSIONS) &&
	       pages_valid(mapping->iova, mapping->length) &&
	       pages_valid(mapping->address, mapping->length);
}

int nicsw_iommu_map(const struct nicsw_iommu *iommu, __u32 rid,
		    const struct nicsw_iommu_mapping *mapping)
{
	struct nicsw_iommu_record *record = nicsw_iommu_find(iommu, rid);
	struct nicsw_iommu_mapping *room;

	if (!record)
		return -ENODEV;
	if (!mapping_valid(mapping))
		return -EINVAL;
	if (find_overlap(record, mapping->iova, last_of(mapping)))
		return -EEXIST;
	room = find_room(record);
	if (!room)
		return -ENOSPC;
	put_mapping(room, mapping);
	return 0;
}

/* How many mappings are inside the range; -EINVAL: it cuts one. */
static int count_inside(const struct nicsw_iommu_record *record, __u64 iova, __u64 last)
{
	int count = 0;

	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++) {
		const struct nicsw_iommu_mapping *mapping = &record->mappings[i];

		if (inside(mapping, iova, last))
			count++;
		else if (overlaps(mapping, iova, last))
			return -EINVAL;
	}
	return count;
}

int nicsw_iommu_unmap(const struct nicsw_iommu *iommu, __u32 rid, __u64 iova, __u64 length)
{
	struct nicsw_iommu_record *record = nicsw_iommu_find(iommu, rid);
	__u64 last = iova + length - 1;
	int count;

	if (!record)
		return -ENODEV;
	if (!pages_valid(iova, length))
		return -EINVAL;
	count = count_inside(record, iova, last);
	if (count <= 0)
		return count < 0 ? count : -ENOENT;
	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++)
		if (inside(&record->mappings[i], iova, last))
			remove_mapping(&record->mappings[i]);
	return 0;
}

/* ---- requests ---- */

/* May all of the request be done? Else the first byte that may not, in ret_iova. */
static __u32 check_range(struct nicsw_iommu_record *record,
			 const struct nicsw_iommu_request *request, __u64 *ret_iova)
{
	__u64 iova = request->iova, last = request->iova + request->length - 1;

	/* Mappings do not overlap, so each is met once at most. */
	for (;;) {
		const struct nicsw_iommu_mapping *mapping = find_overlap(record, iova, iova);

		if (!mapping || (request->permission & ~mapping->permissions)) {
			*ret_iova = iova;
			return mapping ? NICSW_IOMMU_PERMISSION : NICSW_IOMMU_NOT_MAPPED;
		}
		if (last <= last_of(mapping))
			return 0;
		iova = last_of(mapping) + 1;
	}
}

static __u32 check_request(const struct nicsw_iommu *iommu,
			   const struct nicsw_iommu_request *request,
			   struct nicsw_iommu_record **ret_record, __u64 *ret_iova)
{
	__u32 reason = check_requester(iommu, request->rid, ret_record);

	if (reason)
		return reason;
	if (!range_valid(request->iova, request->length))
		return NICSW_IOMMU_WRAPPED;
	return check_range(*ret_record, request, ret_iova);
}

int nicsw_iommu_translate(const struct nicsw_iommu *iommu,
			  const struct nicsw_iommu_request *request,
			  struct nicsw_iommu_span *ret_span, struct nicsw_iommu_fault *ret_fault)
{
	struct nicsw_iommu_record *record = NULL;
	struct nicsw_iommu_fault fault = {
		.iova = request->iova,
		.rid = request->rid,
		.permission = request->permission,
		.vector = NICSW_NONE,
	};
	const struct nicsw_iommu_mapping *mapping;
	__u64 left;

	if (!request->length || !request->permission || (request->permission & ~PERMISSIONS))
		return -EINVAL;
	fault.reason = check_request(iommu, request, &record, &fault.iova);
	if (judge(record, &fault, ret_fault))
		return -EFAULT;
	mapping = find_overlap(record, request->iova, request->iova);
	left = last_of(mapping) - request->iova + 1;
	*ret_span = (struct nicsw_iommu_span){
		.address = mapping->address + (request->iova - mapping->iova),
		.length = request->length < left ? request->length : left,
	};
	return 0;
}

/* ---- interrupts ---- */

static bool vector_valid(__u32 vector)
{
	return vector < NICSW_MSIX_VF_VECTORS;
}

static int find_entry(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
		      struct nicsw_interrupt_entry **ret_entry)
{
	struct nicsw_iommu_record *record = nicsw_iommu_find(iommu, rid);

	if (!record)
		return -ENODEV;
	if (!vector_valid(vector))
		return -EINVAL;
	*ret_entry = &record->interrupts[vector];
	return 0;
}

int nicsw_iommu_map_interrupt(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
			      __u32 target)
{
	struct nicsw_interrupt_entry *entry;
	int result = find_entry(iommu, rid, vector, &entry);

	if (result)
		return result;
	entry->target = target;
	__atomic_store_n(&entry->present, 1, __ATOMIC_RELEASE);
	return 0;
}

static void remove_interrupt(struct nicsw_interrupt_entry *entry)
{
	__atomic_store_n(&entry->present, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	entry->target = 0;
}

int nicsw_iommu_unmap_interrupt(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector)
{
	struct nicsw_interrupt_entry *entry;
	int result = find_entry(iommu, rid, vector, &entry);

	if (result)
		return result;
	if (!entry->present)
		return -ENOENT;
	remove_interrupt(entry);
	return 0;
}

/* A message is a memory write of the function, with its RID (PCI-34, PCI-68). */
int nicsw_iommu_message(const struct nicsw_iommu *iommu, __u32 rid, __u32 vector,
			struct nicsw_iommu_fault *ret_fault)
{
	struct nicsw_iommu_record *record = NULL;
	struct nicsw_iommu_fault fault = {
		.rid = rid,
		.permission = NICSW_IOMMU_WRITE,
		.vector = vector,
	};

	if (!vector_valid(vector))
		return -EINVAL;
	fault.reason = check_requester(iommu, rid, &record);
	fault.iova = record ? record->msix[vector].address : 0;
	if (!fault.reason && !record->interrupts[vector].present)
		fault.reason = NICSW_IOMMU_INTERRUPT_BLOCKED;
	if (judge(record, &fault, ret_fault))
		return -EFAULT;
	return iommu->signal(iommu->context, record->interrupts[vector].target);
}

/* ---- clear ---- */

/* Entry by entry first, so that none is there in part for who dies in the middle. */
void nicsw_iommu_clear(struct nicsw_iommu_record *record)
{
	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++)
		remove_mapping(&record->mappings[i]);
	for (__u32 i = 0; i < NICSW_MSIX_VF_VECTORS; i++)
		remove_interrupt(&record->interrupts[i]);
	memset(record, 0, sizeof(*record));
}

/* ---- to look at ---- */

static const char *permission_text(__u32 permissions)
{
	static const char *const texts[] = {"none", "read", "write", "read write"};

	return texts[permissions & PERMISSIONS];
}

/* The mapping with the lowest iova from `from` on, or NULL. */
static const struct nicsw_iommu_mapping *next_mapping(const struct nicsw_iommu_record *record,
						      __u64 from)
{
	const struct nicsw_iommu_mapping *lowest = NULL;

	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++) {
		const struct nicsw_iommu_mapping *mapping = &record->mappings[i];

		if (mapping->permissions && mapping->iova >= from &&
		    (!lowest || mapping->iova < lowest->iova))
			lowest = mapping;
	}
	return lowest;
}

static void print_mappings(FILE *stream, const struct nicsw_iommu_record *record)
{
	const struct nicsw_iommu_mapping *mapping;
	__u32 count = 0;

	for (__u32 i = 0; i < NICSW_IOMMU_MAPPINGS; i++)
		count += record->mappings[i].permissions != 0;
	fprintf(stream, "  mappings: %u of %u\n", count, NICSW_IOMMU_MAPPINGS);
	/* An iova is never the last address there is, so that + 1 does not wrap. */
	for (__u64 from = 0; (mapping = next_mapping(record, from)); from = mapping->iova + 1)
		fprintf(stream, "    iova 0x%llx length 0x%llx address 0x%llx %s\n", mapping->iova,
			mapping->length, mapping->address, permission_text(mapping->permissions));
}

static void print_vector(FILE *stream, const struct nicsw_iommu_record *record, __u32 vector)
{
	const struct nicsw_msix_entry *entry = &record->msix[vector];
	const struct nicsw_interrupt_entry *interrupt = &record->interrupts[vector];
	bool pending = record->pending >> vector & 1;

	if (!entry->address && !entry->data && !entry->unmasked && !interrupt->present && !pending)
		return;
	fprintf(stream, "    vector %u address 0x%llx data 0x%x %s%s target ", vector,
		entry->address, entry->data, entry->unmasked ? "unmasked" : "masked",
		pending ? " pending" : "");
	if (interrupt->present)
		fprintf(stream, "%u\n", interrupt->target);
	else
		fprintf(stream, "none\n");
}

static void print_fault(FILE *stream, const struct nicsw_iommu_fault *fault, __u64 number)
{
	const char *reason = nicsw_iommu_reason_text(fault->reason);

	fprintf(stream, "    fault %llu ", number);
	if (fault->vector == NICSW_NONE)
		fprintf(stream, "%s iova", permission_text(fault->permission));
	else
		fprintf(stream, "vector %u address", fault->vector);
	fprintf(stream, " 0x%llx: %s\n", fault->iova, reason ? reason : "unknown");
}

static void print_faults(FILE *stream, const struct nicsw_iommu_record *record)
{
	__u64 count = record->num_faults;
	__u64 first = count > NICSW_IOMMU_FAULTS ? count - NICSW_IOMMU_FAULTS : 0;

	fprintf(stream, "  faults: %llu\n", count);
	for (__u64 i = first; i < count; i++)
		print_fault(stream, &record->faults[i % NICSW_IOMMU_FAULTS], i);
}

int nicsw_iommu_print(FILE *stream, const struct nicsw_iommu_record *record, __u32 rid)
{
	fprintf(stream, "%04x:%02x:%02x.%u rid %u\n", rid >> 16, rid >> 8 & 0xff, rid >> 3 & 0x1f,
		rid & 7, rid);
	print_mappings(stream, record);
	fprintf(stream, "  vectors: %u\n", NICSW_MSIX_VF_VECTORS);
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++)
		print_vector(stream, record, vector);
	print_faults(stream, record);
	return ferror(stream) ? -EIO : 0;
}
