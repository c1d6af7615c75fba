/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the interrupts of VFs go: an eventfd for a vector of a VF, as a virtual machine's back-end
 * gets them from its hypervisor (irqfd).
 *
 * The remapping entry of the vector is in the VF's pinned record and names a target; which eventfd
 * that is, only this process knows. After a daemon's death the entries are still there, the
 * eventfds are not: an interrupt stays pending then until its vector is bound again, so none is
 * lost.
 *
 * Ownership: an eventfd is duplicated, the caller keeps its own. It is closed when its vector is
 * unbound or bound to another one, with FREE_VF, and with the adapter. A reset of the VF leaves it:
 * it is the host's half (LC-RST-2).
 * Errors: negative errno, with text and rule in error; a failed request changes nothing (GEN-17).
 */
#ifndef NICSW_PF_INTERRUPT_H
#define NICSW_PF_INTERRUPT_H

#include "pf/adapter.h"

/*
 * From now on messages of the vector, whatever the guest has in its table, count up this eventfd
 * and no other (PCI-68); what was pending is sent. -EINVAL: no such VF or vector, or no eventfd.
 */
int nicsw_pf_interrupt_bind(struct nicsw_adapter *adapter, __u32 vf, __u32 vector, int eventfd,
			    struct nicsw_error *error);

/* The messages of the vector are blocked. -ENOENT: it is not bound. */
int nicsw_pf_interrupt_unbind(struct nicsw_adapter *adapter, __u32 vf, __u32 vector,
			      struct nicsw_error *error);

/*
 * To be called when something that held messages of a VF back may be over: MSI-X Enable, Function
 * Mask, Bus Master, power state (PCI-33, PCI-34, PCI-102).
 */
void nicsw_pf_interrupts_send(struct nicsw_adapter *adapter, __u32 vf);

/* Closes the eventfds of a VF; their entries are the caller's business. */
void nicsw_pf_interrupts_forget(struct nicsw_adapter *adapter, __u32 vf);

/* The signal() of struct nicsw_iommu; context is the adapter. */
int nicsw_pf_interrupt_signal(void *context, __u32 target);

void nicsw_interrupts_free(struct nicsw_interrupts *interrupts);

#endif
