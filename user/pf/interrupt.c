// SPDX-License-Identifier: GPL-2.0-only
#include "pf/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "pf/iommu.h"
#include "pf/pf.h"

/* One eventfd for each vector of each VF, at the number that is the target of its entry. */
struct nicsw_interrupts {
	__u32 count;
	int eventfds[]; /* -1: not bound */
};

static __u32 target_of(__u32 vf, __u32 vector)
{
	return vf * NICSW_MSIX_VF_VECTORS + vector;
}

/* ---- the table ---- */

static struct nicsw_interrupts *new_interrupts(__u32 total_vfs)
{
	__u32 count = target_of(total_vfs, 0);
	struct nicsw_interrupts *interrupts =
		malloc(sizeof(*interrupts) + count * sizeof(interrupts->eventfds[0]));

	if (!interrupts)
		return NULL;
	interrupts->count = count;
	for (__u32 target = 0; target < count; target++)
		interrupts->eventfds[target] = -1;
	return interrupts;
}

/* Made with the first one: most adapters have no VM. */
static int *find_room(struct nicsw_adapter *adapter, __u32 target)
{
	if (!adapter->interrupts)
		adapter->interrupts = new_interrupts(adapter->dataplane.maps.meta->total_vfs);
	return adapter->interrupts ? &adapter->interrupts->eventfds[target] : NULL;
}

static void forget(struct nicsw_interrupts *interrupts, __u32 target)
{
	nicsw_closep(&interrupts->eventfds[target]);
	interrupts->eventfds[target] = -1;
}

void nicsw_pf_interrupts_forget(struct nicsw_adapter *adapter, __u32 vf)
{
	if (!adapter->interrupts)
		return;
	for (__u32 vector = 0; vector < NICSW_MSIX_VF_VECTORS; vector++)
		forget(adapter->interrupts, target_of(vf, vector));
}

void nicsw_interrupts_free(struct nicsw_interrupts *interrupts)
{
	if (!interrupts)
		return;
	for (__u32 target = 0; target < interrupts->count; target++)
		forget(interrupts, target);
	free(interrupts);
}

/* ---- delivery ---- */

/*
 * A counter at its limit has been signalled, and is not waited for: a write to it would hold the
 * daemon up as long as the other end, which may clear O_NONBLOCK, likes.
 */
int nicsw_pf_interrupt_signal(void *context, __u32 target)
{
	const struct nicsw_interrupts *interrupts = ((struct nicsw_adapter *)context)->interrupts;
	struct pollfd room = {.events = POLLOUT};

	if (!interrupts || target >= interrupts->count || interrupts->eventfds[target] < 0)
		return -ENOTCONN;
	room.fd = interrupts->eventfds[target];
	if (poll(&room, 1, 0) == 1 && (room.revents & POLLOUT))
		eventfd_write(room.fd, 1);
	return 0;
}

void nicsw_pf_interrupts_send(struct nicsw_adapter *adapter, __u32 vf)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(adapter);

	nicsw_msix_send_pending(&iommu, nicsw_pf_rid(adapter, vf));
}

/* ---- binding ---- */

/* Anything else could block, or be a file in which 8 bytes mean something. */
static bool is_eventfd(int fd)
{
	char path[64], name[64] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, name, sizeof(name) - 1) > 0 &&
	       nicsw_streq(name, "anon_inode:[eventfd]");
}

static int check_vector(const struct nicsw_adapter *adapter, __u32 vf, __u32 vector, __u32 *ret_rid,
			struct nicsw_error *error)
{
	int result = nicsw_pf_iommu_rid(adapter, vf, ret_rid, error);

	if (result)
		return result;
	if (vector >= NICSW_MSIX_VF_VECTORS)
		return nicsw_fail(error, -EINVAL, "PCI-30", "VF %u: vector %u is not in 0..%u", vf,
				  vector, NICSW_MSIX_VF_VECTORS - 1);
	return 0;
}

int nicsw_pf_interrupt_bind(struct nicsw_adapter *adapter, __u32 vf, __u32 vector, int eventfd,
			    struct nicsw_error *error)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(adapter);
	int own, *room;
	__u32 rid;
	int result = check_vector(adapter, vf, vector, &rid, error);

	if (result)
		return result;
	if (!is_eventfd(eventfd))
		return nicsw_fail(error, -EINVAL, NULL, "descriptor %d is no eventfd", eventfd);
	room = find_room(adapter, target_of(vf, vector));
	if (!room)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	own = fcntl(eventfd, F_DUPFD_CLOEXEC, 0);
	if (own < 0)
		return nicsw_fail(error, -errno, NULL, "eventfd: %s", strerror(errno));
	nicsw_closep(room);
	*room = own;
	nicsw_iommu_map_interrupt(&iommu, rid, vector, target_of(vf, vector));
	nicsw_msix_send_pending(&iommu, rid);
	return 0;
}

int nicsw_pf_interrupt_unbind(struct nicsw_adapter *adapter, __u32 vf, __u32 vector,
			      struct nicsw_error *error)
{
	struct nicsw_iommu iommu = nicsw_pf_iommu(adapter);
	__u32 rid;
	int result = check_vector(adapter, vf, vector, &rid, error);

	if (result)
		return result;
	if (nicsw_iommu_unmap_interrupt(&iommu, rid, vector))
		return nicsw_fail(error, -ENOENT, NULL, "VF %u: vector %u is not bound", vf,
				  vector);
	if (adapter->interrupts)
		forget(adapter->interrupts, target_of(vf, vector));
	return 0;
}
