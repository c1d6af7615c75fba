// SPDX-License-Identifier: GPL-2.0-only
#include "hwemu/caps.h"

#include <linux/pci_regs.h>
#include <linux/virtio_pci.h>

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BAR_TYPE    (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)
#define BAR(size)   (0xffffffffffffffffull & ~((size)-1ull))

/* Non-transitional virtio devices have a subsystem id of 40h or above. */
#define SUBSYSTEM 0x0040

#define STATUS_ERRORS                                                                              \
	(PCI_STATUS_PARITY | PCI_STATUS_SIG_TARGET_ABORT | PCI_STATUS_REC_TARGET_ABORT |           \
	 PCI_STATUS_REC_MASTER_ABORT | PCI_STATUS_SIG_SYSTEM_ERROR | PCI_STATUS_DETECTED_PARITY)

#define PF_COMMAND                                                                                 \
	(PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |           \
	 PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE)

/* No INTx pin: interrupts by MSI-X only (PCI-30, PCI-35). */
static const struct nicsw_register pf_header[] = {
	/* offset, width, reset, writable, clear, sticky */
	{PCI_VENDOR_ID, 2, NICSW_PCI_VENDOR, 0, 0, 0},
	{PCI_DEVICE_ID, 2, NICSW_PCI_DEVICE, 0, 0, 0},
	{PCI_COMMAND, 2, 0, PF_COMMAND, 0, 0},
	{PCI_STATUS, 2, PCI_STATUS_CAP_LIST, 0, STATUS_ERRORS, 0},
	{PCI_REVISION_ID, 1, NICSW_PCI_REVISION, 0, 0, 0},
	{PCI_CLASS_PROG, 3, NICSW_PCI_CLASS, 0, 0, 0},
	{PCI_CACHE_LINE_SIZE, 1, 0, 0xff, 0, 0},
	{PCI_BASE_ADDRESS_0, 8, BAR_TYPE, BAR(NICSW_BAR_VIRTIO_SIZE), 0, 0},
	{PCI_BASE_ADDRESS_4, 8, BAR_TYPE, BAR(NICSW_BAR_MSIX_SIZE), 0, 0},
	{PCI_SUBSYSTEM_VENDOR_ID, 2, NICSW_PCI_VENDOR, 0, 0, 0},
	{PCI_SUBSYSTEM_ID, 2, SUBSYSTEM, 0, 0, 0},
	{PCI_INTERRUPT_LINE, 1, 0, 0xff, 0, 0},
};

/* Everything else of a VF's header is 0 and read-only: pci.md 2, PCI-5, PCI-7. */
static const struct nicsw_register vf_header[] = {
	{PCI_VENDOR_ID, 2, 0xffff, 0, 0, 0},
	{PCI_DEVICE_ID, 2, 0xffff, 0, 0, 0},
	{PCI_COMMAND, 2, 0, PCI_COMMAND_MASTER, 0, 0},
	{PCI_STATUS, 2, PCI_STATUS_CAP_LIST, 0, STATUS_ERRORS, 0},
	{PCI_REVISION_ID, 1, NICSW_PCI_REVISION, 0, 0, 0},
	{PCI_CLASS_PROG, 3, NICSW_PCI_CLASS, 0, 0, 0},
	{PCI_SUBSYSTEM_VENDOR_ID, 2, NICSW_PCI_VENDOR, 0, 0, 0},
	{PCI_SUBSYSTEM_ID, 2, SUBSYSTEM, 0, 0, 0},
};

/* 5 GT/s: the fastest that needs no Secondary PCI Express capability. */
#define LINK_CAPABILITIES                                                                          \
	(PCI_EXP_LNKCAP_SLS_5_0GB | 8u << 4 /* width */ | 1u << 22 /* ASPM optionality */)
#define LINK_STATUS  (PCI_EXP_LNKSTA_CLS_5_0GB | 8u << 4 | PCI_EXP_LNKSTA_SLC)
#define LINK_CONTROL (PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC | PCI_EXP_LNKCTL_ES)
#define DEVICE_CAPABILITIES                                                                        \
	(1u /* payload 256 bytes */ | PCI_EXP_DEVCAP_EXT_TAG | PCI_EXP_DEVCAP_RBER |               \
	 PCI_EXP_DEVCAP_FLR)
#define DEVICE_CAPABILITIES_2 0x1fu /* completion timeout: all ranges, and off */
#define DEVICE_STATUS_ERRORS  0x000fu
#define DEVICE_CONTROL_RESET                                                                       \
	(PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ_512B)
#define DEVICE_CONTROL                                                                             \
	(0x000fu /* error reporting */ | PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_PAYLOAD |        \
	 PCI_EXP_DEVCTL_EXT_TAG | PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ |              \
	 PCI_EXP_DEVCTL_BCR_FLR)

/* Link state and Max_Payload_Size belong to the link, not to the function's owner: PCI-85. */
static const struct nicsw_register pf_pcie[] = {
	{PCI_EXP_FLAGS, 2, 2, 0, 0, 0},
	{PCI_EXP_DEVCAP, 4, DEVICE_CAPABILITIES, 0, 0, 0},
	{PCI_EXP_DEVCTL, 2, DEVICE_CONTROL_RESET, DEVICE_CONTROL, 0, PCI_EXP_DEVCTL_PAYLOAD},
	{PCI_EXP_DEVSTA, 2, 0, 0, DEVICE_STATUS_ERRORS, 0},
	{PCI_EXP_LNKCAP, 4, LINK_CAPABILITIES, 0, 0, 0},
	{PCI_EXP_LNKCTL, 2, 0, LINK_CONTROL, 0, LINK_CONTROL},
	{PCI_EXP_LNKSTA, 2, LINK_STATUS, 0, 0, 0},
	{PCI_EXP_DEVCAP2, 4, DEVICE_CAPABILITIES_2, 0, 0, 0},
	{PCI_EXP_DEVCTL2, 2, 0, 0x1f, 0, 0},
	{PCI_EXP_LNKCAP2, 4, PCI_EXP_LNKCAP2_SLS_2_5GB | PCI_EXP_LNKCAP2_SLS_5_0GB, 0, 0, 0},
	{PCI_EXP_LNKCTL2, 2, PCI_EXP_LNKCTL2_TLS_5_0GT, PCI_EXP_LNKCTL2_TLS, 0,
	 PCI_EXP_LNKCTL2_TLS},
};

/* Control registers of a VF are reserved, the PF's apply, but FLR is its own: pci.md 3.1. */
static const struct nicsw_register vf_pcie[] = {
	{PCI_EXP_FLAGS, 2, 2, 0, 0, 0},
	{PCI_EXP_DEVCAP, 4, DEVICE_CAPABILITIES, 0, 0, 0},
	{PCI_EXP_DEVCTL, 2, 0, PCI_EXP_DEVCTL_BCR_FLR, 0, 0},
	{PCI_EXP_DEVSTA, 2, 0, 0, DEVICE_STATUS_ERRORS, 0},
	{PCI_EXP_LNKCAP, 4, LINK_CAPABILITIES, 0, 0, 0},
	{PCI_EXP_DEVCAP2, 4, DEVICE_CAPABILITIES_2, 0, 0, 0},
};

/* D0 and D3hot, PME from D3hot; registers are retained on the way back (PCI-103). */
static const struct nicsw_register pm[] = {
	{PCI_PM_PMC, 2, 3 | PCI_PM_CAP_PME_D3hot, 0, 0, 0},
	{PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RESET, PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_PME_ENABLE,
	 PCI_PM_CTRL_PME_STATUS, 0},
};

#define MSIX_REGISTERS(vectors)                                                                    \
	{                                                                                          \
		{PCI_MSIX_FLAGS,                                                                   \
		 2,                                                                                \
		 (vectors)-1,                                                                      \
		 PCI_MSIX_FLAGS_MASKALL | PCI_MSIX_FLAGS_ENABLE,                                   \
		 0,                                                                                \
		 0},                                                                               \
			{PCI_MSIX_TABLE, 4, NICSW_MSIX_TABLE | NICSW_BAR_MSIX, 0, 0, 0},           \
			{PCI_MSIX_PBA, 4, NICSW_MSIX_PBA | NICSW_BAR_MSIX, 0, 0, 0},               \
	}

/* In a VF the BIR names a VF BAR of the SR-IOV capability: PCI-31. */
static const struct nicsw_register pf_msix[] = MSIX_REGISTERS(NICSW_MSIX_PF_VECTORS);
static const struct nicsw_register vf_msix[] = MSIX_REGISTERS(NICSW_MSIX_VF_VECTORS);

/* virtio 1.x, 4.1.4: each structure has a page of its own, for VFs in VF BAR0. */
#define VIRTIO_REGISTERS(type, at)                                                                 \
	{VIRTIO_PCI_CAP_CFG_TYPE, 1, type, 0, 0, 0},                                               \
		{VIRTIO_PCI_CAP_BAR, 1, NICSW_BAR_VIRTIO, 0, 0, 0},                                \
		{VIRTIO_PCI_CAP_OFFSET, 4, at, 0, 0, 0},                                           \
	{                                                                                          \
		VIRTIO_PCI_CAP_LENGTH, 4, 0x1000, 0, 0, 0                                          \
	}

static const struct nicsw_register virtio_common[] = {
	{VIRTIO_PCI_CAP_LEN, 1, sizeof(struct virtio_pci_cap), 0, 0, 0},
	VIRTIO_REGISTERS(VIRTIO_PCI_CAP_COMMON_CFG, NICSW_VIRTIO_COMMON),
};
static const struct nicsw_register virtio_isr[] = {
	{VIRTIO_PCI_CAP_LEN, 1, sizeof(struct virtio_pci_cap), 0, 0, 0},
	VIRTIO_REGISTERS(VIRTIO_PCI_CAP_ISR_CFG, NICSW_VIRTIO_ISR),
};
static const struct nicsw_register virtio_device[] = {
	{VIRTIO_PCI_CAP_LEN, 1, sizeof(struct virtio_pci_cap), 0, 0, 0},
	VIRTIO_REGISTERS(VIRTIO_PCI_CAP_DEVICE_CFG, NICSW_VIRTIO_DEVICE),
};
static const struct nicsw_register virtio_notify[] = {
	{VIRTIO_PCI_CAP_LEN, 1, sizeof(struct virtio_pci_notify_cap), 0, 0, 0},
	VIRTIO_REGISTERS(VIRTIO_PCI_CAP_NOTIFY_CFG, NICSW_VIRTIO_NOTIFY),
	{VIRTIO_PCI_NOTIFY_CAP_MULT, 4, NICSW_VIRTIO_NOTIFY_MULTIPLIER, 0, 0, 0},
};

/* TotalVFs, First VF Offset and the like depend on the geometry: nicsw_sriov_reset(). */
static const struct nicsw_register pf_sriov[] = {
	{PCI_SRIOV_CAP, 4, 2 /* ARI Capable Hierarchy Preserved, as No_Soft_Reset */, 0, 0, 0},
	{PCI_SRIOV_CTRL, 2, 0, PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI, 0, 0},
	{PCI_SRIOV_NUM_VF, 2, 0, 0xffff, 0, 0},
	{PCI_SRIOV_VF_DID, 2, NICSW_PCI_VF_DEVICE, 0, 0, 0},
	{PCI_SRIOV_SUP_PGSIZE, 4, 0x553, 0, 0, 0},
	{PCI_SRIOV_SYS_PGSIZE, 4, 1, 0xffffffff, 0, 0},
	{PCI_SRIOV_BAR + 4 * NICSW_BAR_VIRTIO, 8, BAR_TYPE, BAR(NICSW_BAR_VIRTIO_SIZE), 0, 0},
	{PCI_SRIOV_BAR + 4 * NICSW_BAR_MSIX, 8, BAR_TYPE, BAR(NICSW_BAR_MSIX_SIZE), 0, 0},
};

#define HEADER(kind)                                                                               \
	static const struct nicsw_capability kind##_header_capability = {                          \
		.name = "header",                                                                  \
		.length = PCI_STD_HEADER_SIZEOF,                                                   \
		.registers = kind##_header,                                                        \
		.num_registers = SIZE(kind##_header),                                              \
	}

HEADER(pf);
HEADER(vf);

#define CAPABILITY(variable, capability_id, at, bytes, side_effect)                                \
	static const struct nicsw_capability variable##_capability = {                             \
		.name = #variable,                                                                 \
		.id = capability_id,                                                               \
		.version = (at) >= PCI_CFG_SPACE_SIZE,                                             \
		.offset = at,                                                                      \
		.length = bytes,                                                                   \
		.registers = variable,                                                             \
		.num_registers = SIZE(variable),                                                   \
		.written = side_effect,                                                            \
	}

CAPABILITY(pf_pcie, PCI_CAP_ID_EXP, NICSW_AT_PCIE, 0x3c, nicsw_pcie_written);
CAPABILITY(vf_pcie, PCI_CAP_ID_EXP, NICSW_AT_PCIE, 0x3c, nicsw_pcie_written);
CAPABILITY(pm, PCI_CAP_ID_PM, NICSW_AT_PM, PCI_PM_SIZEOF, nicsw_pm_written);
CAPABILITY(pf_msix, PCI_CAP_ID_MSIX, NICSW_AT_MSIX, PCI_CAP_MSIX_SIZEOF, NULL);
CAPABILITY(vf_msix, PCI_CAP_ID_MSIX, NICSW_AT_MSIX, PCI_CAP_MSIX_SIZEOF, NULL);
CAPABILITY(virtio_common, PCI_CAP_ID_VNDR, NICSW_AT_VIRTIO_COMMON, 16, NULL);
CAPABILITY(virtio_isr, PCI_CAP_ID_VNDR, NICSW_AT_VIRTIO_ISR, 16, NULL);
CAPABILITY(virtio_device, PCI_CAP_ID_VNDR, NICSW_AT_VIRTIO_DEVICE, 16, NULL);
CAPABILITY(virtio_notify, PCI_CAP_ID_VNDR, NICSW_AT_VIRTIO_NOTIFY, 20, NULL);
CAPABILITY(pf_sriov, PCI_EXT_CAP_ID_SRIOV, NICSW_AT_SRIOV, PCI_EXT_CAP_SRIOV_SIZEOF,
	   nicsw_sriov_written);

/* All zero but for the header. In a VF no member of a Next Function chain: pci.md 5. */
static const struct nicsw_capability ari_capability = {
	.name = "ari",
	.id = PCI_EXT_CAP_ID_ARI,
	.version = 1,
	.offset = NICSW_AT_ARI,
	.length = PCI_EXT_CAP_ARI_SIZEOF,
};

/* The number itself is of the geometry: nicsw_function_reset(). */
static const struct nicsw_capability serial_number_capability = {
	.name = "serial_number",
	.id = PCI_EXT_CAP_ID_DSN,
	.version = 1,
	.offset = NICSW_AT_DSN,
	.length = PCI_EXT_CAP_DSN_SIZEOF,
};

const nicsw_capability_list nicsw_pf_capabilities = {
	&pf_header_capability,     &pf_pcie_capability,       &pm_capability,
	&pf_msix_capability,       &virtio_common_capability, &virtio_isr_capability,
	&virtio_device_capability, &virtio_notify_capability, &ari_capability,
	&serial_number_capability, &pf_sriov_capability,      NULL,
};

const nicsw_capability_list nicsw_vf_capabilities = {
	&vf_header_capability,
	&vf_pcie_capability,
	&pm_capability,
	&vf_msix_capability,
	&virtio_common_capability,
	&virtio_isr_capability,
	&virtio_device_capability,
	&virtio_notify_capability,
	&ari_capability,
	NULL,
};
