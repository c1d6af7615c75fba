/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The modelled PCIe device: one PF and up to NICSW_MAX_VFS VFs of a virtio-net NIC with SR-IOV.
 *
 * What a function is: the NICSW_CONFIG_SIZE bytes of its configuration space, little-endian as on
 * the bus. They are memory of the caller (a pinned map: the registers outlive the process), index 0
 * = PF, 1 + N = VF N. struct nicsw_device is a plain value over that memory: geometry and a
 * pointer, nothing to release.
 *
 * Two levels:
 * - nicsw_device_*: the bus. Acts on the memory of the device, in place; a function that is not
 *   there reads all ones and ignores writes (PCI-22, PCI-23).
 * - all others: one function. Act only on the space they are given, which may be a copy that is
 *   committed later. pf_space is the PF's space, space that of the function named.
 *
 * function: a VF index (0-based) or NICSW_FUNCTION_PF. Offsets, lengths, BAR sizes: bytes.
 * rid: segment in bits 31:16, bus in 15:8, 8-bit function in 7:0 (PCI-10, PCI-69).
 * Errors: 0 or negative errno; outputs (ret_x) and registers are untouched on failure.
 */
#ifndef NICSW_HWEMU_H
#define NICSW_HWEMU_H

#include <nicsw/maps.h>
#include <nicsw/types.h>
#include <stdbool.h>
#include <stdio.h>

/* ---- identity ---- */

#define NICSW_PCI_VENDOR    0x1af4 /* also the vendor of VENDOR_DEVICE_ID (VENDEV-4) */
#define NICSW_PCI_DEVICE    0x1041
#define NICSW_PCI_VF_DEVICE 0x1041
#define NICSW_PCI_CLASS     0x020000
#define NICSW_PCI_REVISION  1

#define NICSW_PCI_BARS                 6
#define NICSW_BAR_VIRTIO               0 /* common configuration, ISR, device configuration, notify */
#define NICSW_BAR_MSIX                 4 /* table, then PBA, on pages of their own (PCI-32) */
#define NICSW_BAR_VIRTIO_SIZE          0x4000
#define NICSW_BAR_MSIX_SIZE            0x2000
#define NICSW_VIRTIO_COMMON            0x0000
#define NICSW_VIRTIO_ISR               0x1000
#define NICSW_VIRTIO_DEVICE            0x2000
#define NICSW_VIRTIO_NOTIFY            0x3000
#define NICSW_VIRTIO_NOTIFY_MULTIPLIER 4
#define NICSW_MSIX_TABLE               0x0000
#define NICSW_MSIX_PBA                 0x1000
#define NICSW_MSIX_PF_VECTORS          64

/* ---- the device ---- */

struct nicsw_geometry {
	__u16 segment;
	__u16 pf_rid;          /* bus 15:8, function 7:0 */
	__u16 total_vfs;       /* 1..NICSW_MAX_VFS */
	__u16 first_vf_offset; /* with ARI Capable Hierarchy, else the next bus (PCI-64) */
	__u16 vf_stride;
	__u8 last_bus;       /* subordinate bus number of the bridge above (PCI-19, PCI-70) */
	bool ari_forwarding; /* of that bridge (PCI-67) */
	__u64 serial_number; /* Device Serial Number of the PF, an EUI-64 */
};

/*
 * PF 01:00.0 in segment 0, First VF Offset 1, VF Stride 1, ARI, as many buses as total_vfs need;
 * serial number from the MAC address of the PF.
 */
struct nicsw_geometry nicsw_geometry_default(__u16 total_vfs, const __u8 mac[NICSW_MAC_SIZE]);

struct nicsw_device {
	struct nicsw_geometry geometry;
	__u8 (*config_space)[NICSW_CONFIG_SIZE]; /* [total_vfs + 1], borrowed */
};

/* Touches no register. -EINVAL: a geometry that no device can have (PCI-62, PCI-65, PCI-66). */
int nicsw_device_init(struct nicsw_device *device, const struct nicsw_geometry *geometry,
		      __u8 (*config_space)[NICSW_CONFIG_SIZE]);

/* Reset values in all functions, then what firmware does: nicsw_function_assign() for the PF. */
void nicsw_device_power_on(struct nicsw_device *device);

/* The registers of a function in place, or NULL if there can be no such function. */
__u8 *nicsw_device_space(const struct nicsw_device *device, __u32 function);

/* nicsw_function_rid() with the PF's registers in place. */
__u32 nicsw_device_rid(const struct nicsw_device *device, __u32 function);

/*
 * Reset values in the spaces of all VFs. To be done while VF Enable is 0, before it becomes 1:
 * nobody sees these spaces then, so it may be done in place, outside of a change, and repeated
 * (PCI-43, PCI-44, PCI-90).
 */
void nicsw_device_reset_vfs(struct nicsw_device *device);

struct nicsw_config_effects;

/*
 * As the bus does it. A write that makes VFs appear resets them first. Errors:
 * nicsw_config_read.
 */
int nicsw_device_read(const struct nicsw_device *device, __u32 function, __u32 offset, __u32 length,
		      void *ret_data);
int nicsw_device_write(struct nicsw_device *device, __u32 function, __u32 offset, __u32 length,
		       const void *data, struct nicsw_config_effects *ret_effects);

/* ---- configuration space of one function ---- */

/* What a write changed that the caller may have to act upon. X(bit, NAME) */
#define NICSW_CONFIG_EFFECTS(X)                                                                    \
	X(0, FLR)          /* the space was reset as by FLR (PCI-80, PCI-103) */                   \
	X(1, BUS_MASTER)   /* Command bit 2 */                                                     \
	X(2, MEMORY_SPACE) /* Command bit 1 */                                                     \
	X(3, POWER)        /* PMCSR power state */                                                 \
	X(4, WAKE)         /* PMCSR PME_En */                                                      \
	X(5, MSIX)         /* MSI-X Enable or Function Mask */                                     \
	X(6, BAR)          /* a BAR or VF BAR, or the System Page Size */                          \
	X(7, VF_ENABLE)    /* VF Enable: VFs appeared or vanished */                               \
	X(8, VF_MSE)       /* VF Memory Space Enable */                                            \
	X(9, NUM_VFS)      /* NumVFs */                                                            \
	X(10, ARI)         /* ARI Capable Hierarchy: the RIDs of VFs moved */

enum nicsw_config_effect {
#define X(bit, NAME) NICSW_EFFECT_##NAME = 1u << bit,
	NICSW_CONFIG_EFFECTS(X)
#undef X
};

struct nicsw_config_effects {
	__u32 mask; /* NICSW_EFFECT_* */
};

/*
 * Any alignment; length 0 does nothing. -EINVAL: no such function, or offset + length beyond the
 * space. A write changes writable bits only, clears what is write-one-to-clear, refuses bad values
 * register by register (the old value stays, the write succeeds), then does what the capability
 * demands. ret_effects may be NULL.
 */
int nicsw_config_read(const struct nicsw_device *device, __u32 function, const __u8 *space,
		      __u32 offset, __u32 length, void *ret_data);
int nicsw_config_write(const struct nicsw_device *device, __u32 function, __u8 *space, __u32 offset,
		       __u32 length, const void *data, struct nicsw_config_effects *ret_effects);

/* ---- one function ---- */

/* Conventional reset: every register to its initial value (PCI-89). */
int nicsw_function_reset(const struct nicsw_device *device, __u32 function, __u8 *space);

/* Function Level Reset: as reset, but sticky bits are kept (PCI-83..PCI-87). */
int nicsw_function_flr(const struct nicsw_device *device, __u32 function, __u8 *space);

/*
 * What firmware and bus driver do with the PF after a reset: BARs and VF BARs get addresses (VF
 * regions for total_vfs at the System Page Size, PCI-48), Memory Space on, ARI Capable Hierarchy on
 * if the bridge forwards ARI. -EBUSY while VF Enable is 1.
 */
int nicsw_function_assign(const struct nicsw_device *device, __u8 *pf_space);

/*
 * The PF always; a VF if VF Enable is 1, its index is below NumVFs, and its RID is routed to the
 * device (PCI-22, PCI-23, PCI-70).
 */
bool nicsw_function_visible(const struct nicsw_device *device, const __u8 *pf_space,
			    __u32 function);

/*
 * NICSW_NONE: no such function (PCI-11). Depends on registers of the PF: compute it, do not keep it
 * (PCI-12, PCI-53).
 */
__u32 nicsw_function_rid(const struct nicsw_device *device, const __u8 *pf_space, __u32 function);

bool nicsw_function_bus_master(const __u8 *space);
/* As a driver of the function: a write of Command bit 2. */
int nicsw_function_set_bus_master(const struct nicsw_device *device, __u32 function, __u8 *space,
				  bool on);

/* D-states as PMCSR has them; NDIS numbers are one higher (PCI-106). */
#define NICSW_D0 0u
#define NICSW_D3 3u

/* Own state of the function, 0..3. */
__u32 nicsw_function_power(const __u8 *space);
/* What counts for a VF: never more awake than the PF (PCI-101). */
__u32 nicsw_function_effective_power(const __u8 *pf_space, const __u8 *space);
/*
 * wake arms PME for the time in D3 (PCI-105). -EINVAL: state is neither D0 nor D3 (POWER-VF-9), or
 * wake in D0 (POWER-VF-5).
 */
int nicsw_function_set_power(const struct nicsw_device *device, __u32 function, __u8 *space,
			     __u32 state, bool wake);

/* May issue memory requests: visible, in D0, Bus Master (PCI-25, PCI-102, FWD-14). */
bool nicsw_function_can_dma(const struct nicsw_device *device, const __u8 *pf_space, __u32 function,
			    const __u8 *space);

/* Ids that plug and play of a guest gets for a VF (VENDOR_DEVICE_ID; PCI-5, VENDEV-4). */
void nicsw_vf_ids(const __u8 *pf_space, __u16 *ret_vendor, __u16 *ret_device);

/* ---- SR-IOV ---- */

/*
 * NumVFs, then VF Enable and VF MSE (PCI-17). Before it becomes visible the caller resets the VFs
 * (nicsw_device_reset_vfs). -EINVAL: num_vfs is 0 or above TotalVFs; -EBUSY: enabled already
 * (PCI-18); -ENOSPC: RIDs that are not routed to the device (PCI-70).
 */
int nicsw_sriov_enable(const struct nicsw_device *device, __u8 *pf_space, __u32 num_vfs);

/*
 * Clears VF Enable, VF MSE and NumVFs. -EINVAL: num_vfs is not 0 (LC-SW-6); -EALREADY: it is
 * disabled (PCI-18).
 */
int nicsw_sriov_disable(const struct nicsw_device *device, __u8 *pf_space, __u32 num_vfs);

/* VFs that are enabled: NumVFs while VF Enable is 1, else 0. */
__u32 nicsw_sriov_num_vfs(const __u8 *pf_space);

/* ---- BARs ---- */

/* What VF BAR0..5 read after all ones were written; no register is touched (PCI-8, PBARS-5..9). */
void nicsw_vf_probed_bars(const __u8 *pf_space, __u32 ret_bars[NICSW_PCI_BARS]);

struct nicsw_bar_resource {
	__u64 start;
	__u64 length;
	bool prefetchable;
};

/*
 * The share of a VF in a VF BAR (PCI-9). -EINVAL: VF not enabled, BAR not implemented or an upper
 * half (BARRES-5).
 */
int nicsw_vf_bar_resource(const __u8 *pf_space, __u32 vf, __u32 bar,
			  struct nicsw_bar_resource *ret);

/* Does a memory access to the VF's BARs succeed? VF Enable, VF MSE (PCI-24), and D0 (PCI-102). */
bool nicsw_vf_memory_decoded(const struct nicsw_device *device, const __u8 *pf_space, __u32 vf,
			     const __u8 *space);

/* ---- MSI-X ---- */

struct nicsw_msix {
	__u32 vectors;
	__u32 table_bar;
	__u32 table_offset;
	__u32 pba_bar;
	__u32 pba_offset;
	bool enabled;
	bool masked; /* Function Mask */
};

void nicsw_function_msix(const __u8 *space, struct nicsw_msix *ret);

/* May it send messages: MSI-X enabled, not masked, Bus Master, D0 (PCI-33, PCI-34, PCI-102)? */
bool nicsw_function_can_signal(const struct nicsw_device *device, const __u8 *pf_space,
			       __u32 function, const __u8 *space);

/* ---- dump ---- */

/*
 * The registers as plug and play of the owner sees them: for a VF with the ids of VENDOR_DEVICE_ID
 * at offsets 0 and 2 (PCI-6). -EINVAL: no such function; -ENODEV: a VF that is not visible.
 */
int nicsw_function_image(const struct nicsw_device *device, const __u8 *pf_space, __u32 function,
			 const __u8 *space, __u8 ret_image[NICSW_CONFIG_SIZE]);

/* Text of one function as `lspci -n -xxxx` prints it, for `lspci -F`. -EIO: the stream failed. */
int nicsw_dump_function(FILE *stream, __u32 rid, const __u8 image[NICSW_CONFIG_SIZE]);

#endif
