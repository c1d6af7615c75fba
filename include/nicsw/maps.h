/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pinned maps: the hardware of the adapter.
 *
 * Everything an adapter is lives in maps pinned under PINDIR/ADAPTER/. The daemon is only their
 * driver: it can die and come back, the maps go on. Two kinds of maps:
 *
 *   records  what was asked for: switch, VFs, VPorts, filters, registers. Written by the daemon
 * only, through the journal. They alone are the truth. tables   what the switch programs read:
 * ports, filter table, VLAN members, flood groups. Derived from the records; a restart derives them
 * again and repairs what differs.
 *
 * Counters are written by the programs only, and share no value with settings.
 *
 * The layout is a contract between versions: change NICSW_LAYOUT_VERSION with it. A daemon that
 * meets another version says so and touches nothing.
 */
#ifndef NICSW_MAPS_H
#define NICSW_MAPS_H

#include <nicsw/reasons.h>
#include <nicsw/types.h>

#define NICSW_META_MAGIC     0x5753434eu /* "NCSW" */
#define NICSW_LAYOUT_VERSION 3u

/*
 * A helper that no kernel has, where the programs that are bound to a device call
 * bpf_xdp_metadata_rx_vlan_tag(): the loader knows its number in this kernel.
 */
#define NICSW_METADATA_CALL 0x6e696373

/* ---- tables: read by the programs on every frame ----------------------------------------------
 */

/* Flags of struct nicsw_port. A clear flag is the closed state: a zeroed port passes nothing. */
#define NICSW_PORT_OPEN                                                                            \
	(1u << 0) /* VPort Activated, with a filter (FLOW-7); always for uplink and PF */
#define NICSW_PORT_READY                                                                           \
	(1u << 1) /* may do DMA: attached, D0, Bus Master, not in reset (FWD-14)                   \
		   */
#define NICSW_PORT_SPOOF_CHECK                                                                     \
	(1u << 2) /* check source MAC and VLAN of what it sends (FWD-32, FWD-33) */
#define NICSW_PORT_DIRECTED                                                                        \
	(1u << 3) /* packet filter takes frames that a filter steers here (RXQ-22) */
#define NICSW_PORT_BROADCAST (1u << 4) /* packet filter takes broadcast (RXQ-22) */
#define NICSW_PORT_UNMATCHED                                                                       \
	(1u << 5) /* takes frames that no filter matches: default VPort (RXQ-24) */
#define NICSW_PORT_UNTAGGED (1u << 6) /* its VLAN set admits VID 0: spares the look-up (FWD-33) */
#define NICSW_PORT_PLAIN                                                                           \
	(1u << 7) /* no policy asks about the untagged unicast frames that it sends */
#define NICSW_PORT_PEERS     (1u << 8) /* DIRECTED, and from other VPorts too: not isolated */
#define NICSW_PORT_MULTICAST (1u << 9) /* packet filter takes all multicast (RXQ-22) */
#define NICSW_PORT_GROUP     (NICSW_PORT_BROADCAST | NICSW_PORT_MULTICAST)
#define NICSW_PORT_ISOLATED  (1u << 10) /* exchanges frames with the wire only */
#define NICSW_PORT_LINK_OFF  (1u << 11) /* the host has disabled its link */
#define NICSW_PORT_VEPA      (1u << 12) /* what it sends to another VPort goes by the wire */
#define NICSW_PORT_TRUNK     (1u << 13) /* its VLAN set is a list of the host's: always checked */
#define NICSW_PORT_SERVICE   (1u << 14) /* an 802.1ad tag in front is a tag, not payload */
#define NICSW_PORT_ACCESS                                                                          \
	(1u << 15) /* access port by policy: sends no tag, priority is the host's */
#define NICSW_PORT_ANY_VLAN (1u << 16) /* there are entries for any VLAN (MATCH-12) */
#define NICSW_PORT_RATE     (1u << 17) /* what it sends is limited: rate */
#define NICSW_PORT_SHARE    (1u << 18) /* what it sends to the wire is limited: share */
#define NICSW_PORT_STORM    (1u << 19) /* its group frames are limited: storm */

/* A limit: what a byte or a frame costs in time, and how much time may be spent ahead. */
struct nicsw_limit {
	__u32 cost;  /* picoseconds per byte; storm: nanoseconds per frame */
	__u32 burst; /* nanoseconds */
};

/*
 * A VLAN as the programs number it: VID, and this bit if its tag is an 802.1ad service tag. VID 0 =
 * untagged or priority-tagged. In a key of the filter table NICSW_VLAN_ANY stands for every VLAN
 * (MATCH-12); no frame has it, 4095 is not a VID (SET-RF-18).
 */
#define NICSW_VLAN_SERVICE 0x1000u
#define NICSW_VLAN_ANY     0x0fffu
#define NICSW_VLANS        8192u

/*
 * One port as the programs see it; one cache line. Settings only.
 * access_vid: nonzero = access port of that VLAN (MATCH-14): tag added on the way in, removed on
 * the way out. priority: bits 13..15 of the tag control word, with ACCESS. max_frame: longest
 * frame the receiver takes, in bytes, with Ethernet header and one tag (its MTU + 18). station:
 * nicsw_key(MAC, 0) of the port's own address, the first thing the source check compares.
 * flood_class: bits of the flood groups that its broadcasts [0] and multicasts [1] go to.
 */
struct nicsw_port {
	__u32 flags;
	__u16 access_vid;
	__u16 priority;
	__u64 station;
	__u32 max_frame;
	__u16 flood_class[2];
	struct nicsw_limit rate;
	struct nicsw_limit share; /* its own part; of the uplink: what all share besides */
	struct nicsw_limit storm;
	__u32 pad[4];
} __attribute__((aligned(64)));

/* When each limit has been used up to, on the clock of bpf_ktime_get_ns(); the programs write it.
 */
struct nicsw_meter {
	__u64 rate;
	__u64 share;
	__u64 storm;
	__u64 pad[5];
} __attribute__((aligned(64)));

/*
 * The filter table. 64-byte buckets of four entries. A key is in its first bucket, or, when that
 * bucket's overflow mark is set, in its second. The daemon writes with aligned 8-byte stores: set =
 * target, then key; move = one store of the target; clear = key to 0. An entry gets another key
 * only after a grace period, so that no reader pairs a key with a stranger's target.
 */
#define NICSW_BUCKET_ENTRIES 4u
#define NICSW_TARGET_SLOT    0xffffull
#define NICSW_OVERFLOW_MARK                                                                        \
	(1ull << 63) /* in the target of entry 0: look into the second bucket, too */
#define NICSW_KEY_VALID (1ull << 15)

struct nicsw_entry {
	__u64 key;    /* nicsw_key(), 0 = empty */
	__u64 target; /* slot of the port, and the mark */
};

struct nicsw_bucket {
	struct nicsw_entry entries[NICSW_BUCKET_ENTRIES];
} __attribute__((aligned(64)));

/* MAC and VLAN (0 = untagged or priority-tagged) in one word. The same on both sides: host byte
 * order. */
static inline __attribute__((always_inline)) __u64 nicsw_key(const void *mac, __u16 vid)
{
	__u32 head;
	__u16 tail;

	__builtin_memcpy(&head, mac, sizeof(head));
	__builtin_memcpy(&tail, (const char *)mac + sizeof(head), sizeof(tail));
	return ((__u64)tail << 48) | ((__u64)head << 16) | NICSW_KEY_VALID | vid;
}

static inline __attribute__((always_inline)) __u64 nicsw_key_hash(__u64 key)
{
	return key * 0x9e3779b97f4a7c15ull;
}

/* bits: binary logarithm of the number of buckets, 1..20. */
static inline __attribute__((always_inline)) __u32 nicsw_bucket_first(__u64 hash, __u32 bits)
{
	return (__u32)(hash >> (64 - bits));
}

/*
 * Hashed once more: the middle of the first hash does not depend on the last two bytes of the MAC,
 * so that all addresses of a vendor would share one second bucket.
 */
static inline __attribute__((always_inline)) __u32 nicsw_bucket_second(__u64 hash, __u32 bits)
{
	return nicsw_bucket_first(nicsw_key_hash(hash ^ (hash >> 32)), bits);
}

/*
 * vlan_members: word [vlan * words + slot / 64], bit slot % 64: the port's VLAN set admits the VLAN
 * (FWD-23). Uplink and default VPort are members of every VLAN and have no bit here (FWD-20).
 * flood_groups: VLAN | class -> DEVMAP of the members whose port is open, ready and takes such
 * frames, together with uplink and default VPort. A key that has no group of its own uses
 * NICSW_FLOOD_BASE. A class has groups of its own only while it has other members than class 0:
 * meta.features says so, and the ports' flood_class follows.
 */
#define NICSW_FLOOD_PEERS         0x2000u /* sent by a VPort: no isolated port is a member */
#define NICSW_FLOOD_MULTICAST     0x4000u /* multicast: MULTICAST members, not BROADCAST ones */
#define NICSW_FLOOD_CLASSES       4u
#define NICSW_FLOOD_CLASS(number) ((number)*NICSW_FLOOD_PEERS)
#define NICSW_FLOOD_BASE          (NICSW_VLANS * NICSW_FLOOD_CLASSES)

enum nicsw_cast {
	NICSW_UNICAST,
	NICSW_MULTICAST,
	NICSW_BROADCAST,
	NICSW_CASTS,
};

/*
 * Counters of one port on one CPU. rx: handed over to the port's netdev; tx: sent by the port into
 * the switch, dropped ones included. For the uplink rx is towards the wire. Bytes as seen at the
 * switch, without FCS: tx as the frame came in, rx as it went out.
 *
 * A group frame that was handed to a flood group is no drop, whatever becomes of its copies: each
 * receiver counts its copy as rx, or as a drop that is one of copy_drops, too. What is lost behind
 * the redirect has been counted as rx before. Over all ports, and exactly:
 *
 *   tx = unicast rx + flooded + (drops - copy_drops - ring_full - transmit_failed)
 *   copies = multicast rx + broadcast rx + copy_drops
 *   rx = taken + ring_full + transmit_failed + passed over
 *
 * passed over: copies for a netdev that takes no redirected frames just now (it is down, or its
 * owner turned GRO off). The kernel leaves them out without a word: what is missing, they are.
 */
struct nicsw_counters {
	__u64 rx_packets[NICSW_CASTS];
	__u64 rx_bytes[NICSW_CASTS];
	__u64 tx_packets[NICSW_CASTS];
	__u64 tx_bytes[NICSW_CASTS];
	__u64 drops[NICSW_REASONS_MAX];
	__u64 flooded;    /* group frames that the port sent and that were handed to a group */
	__u64 copies;     /* receivers that those had */
	__u64 copy_drops; /* of the drops here: copies of group frames */
	__u64 withheld;   /* copies that the next report of the devmap has among its drops */
	__u64 taken;      /* of rx: what the netdev took, by the reports of the devmap */
};

/* Frames and copies that were lost behind the redirect. */
static inline __u64 nicsw_counters_behind(const struct nicsw_counters *counters)
{
	return counters->drops[NICSW_REASON_RING_FULL] +
	       counters->drops[NICSW_REASON_TRANSMIT_FAILED];
}

/* ---- records: written by the daemon only --------------------------------------------------------
 */

enum nicsw_record_state {
	NICSW_FREE = 0,
	NICSW_USED = 1,
	NICSW_BUILT = 2, /* of a static switch: it is in the hardware, and nobody may use it yet */
};

enum nicsw_adapter_state {
	NICSW_ADAPTER_ABSENT = 0,
	NICSW_ADAPTER_STARTING = 1, /* add is under way: a restart takes it down */
	NICSW_ADAPTER_RUNNING = 2,
	NICSW_ADAPTER_STOPPING = 3,  /* del is under way: a restart finishes it */
	NICSW_ADAPTER_RESETTING = 4, /* a reset is under way: a restart does it again */
};

/* What `adapter add` changed at the uplink, to be put back by `adapter del`. */
#define NICSW_RESTORE_PROMISC (1u << 0) /* was not promiscuous */
#define NICSW_RESTORE_RXVLAN  (1u << 1) /* rx VLAN offload was on */
#define NICSW_RESTORE_LRO     (1u << 2) /* LRO was on */
#define NICSW_RESTORE_TX      (1u << 3) /* tx checksumming was on (veth) */
#define NICSW_RESTORE_DOWN    (1u << 4) /* was not up */
#define NICSW_RESTORE_GRO_HW  (1u << 5) /* hardware GRO was on */
#define NICSW_RESTORE_RXSTAG  (1u << 6) /* rx 802.1ad offload was on */
#define NICSW_RESTORE_CLSACT  (1u << 7) /* had no clsact qdisc */

#define NICSW_SWITCH_STATIC (1u << 0) /* built at the start; DELETE_SWITCH goes back to BUILT */

/* The NIC switch (NDIS_NIC_SWITCH_PARAMETERS); state USED from CREATE_SWITCH to DELETE_SWITCH. */
struct nicsw_switch_record {
	__u32 state;
	__u32 num_vfs;
	__u32 num_vports; /* nondefault VPorts that can exist, + 1 */
	__u32 default_queue_pairs;
	struct nicsw_text name;
	__u32 flags; /* NICSW_SWITCH_* */
	__u32 reserved[2];
};

#define NICSW_META_SRIOV_OFF     (1u << 0) /* somebody turned SR-IOV off */
#define NICSW_META_ENABLE_FAILED (1u << 1) /* no SR-IOV: the bus did not enable it (LC-INIT-10) */
#define NICSW_META_SWITCH_NAME   (1u << 2) /* switch_name holds, instead of the keyword */

/* The first eight bytes never move. */
struct nicsw_meta {
	__u32 magic;
	__u32 layout_version;
	__u32 state; /* enum nicsw_adapter_state */
	__u32 total_vfs;
	__u32 slots;
	__u32 slot_words;
	__u32 bucket_bits;
	__u32 max_filters;
	char name[16];
	char uplink[NICSW_IFNAME_SIZE];
	__u32 uplink_ifindex;
	__u32 uplink_restore; /* NICSW_RESTORE_* */
	__u32 uplink_generic; /* 1: XDP in generic mode */
	__u32 ifindex_base;   /* ifindex of slot s in the adapter's namespace is base + s */
	__u8 uplink_mac[NICSW_MAC_SIZE];
	__u8 pf_mac[NICSW_MAC_SIZE]; /* station entry of the default VPort */
	__u32 mtu;                   /* of the netdevs of PF and VFs */
	__u32 uplink_mtu;            /* followed */
	__u64 luid;                  /* LUID-2: new at each start of the adapter */
	__u64 program_tag;
	__u32 features;     /* NICSW_FEATURE_*: what some port uses, so that all must look for it */
	__u32 rate;         /* Mbit/s of the wire that min_tx_rate is a share of, 0 = not said */
	__u32 host_netns;   /* inode number of the uplink's network namespace */
	__u32 switch_netns; /* of that of the switch ends: an ifindex says nothing without */
	__u32 watched;      /* 1: counters.taken is complete, since the adapter was made */
	__u32 flags;        /* NICSW_META_* */
	struct nicsw_switch_record nic_switch;
	struct nicsw_text switch_name; /* what a set of PARAMETERS stored (PARAM-SW-10) */
	__u32 reserved;
};

#define NICSW_FEATURE_SERVICE   (1u << 0) /* a port is in an 802.1ad VLAN */
#define NICSW_FEATURE_ISOLATED  (1u << 1) /* a port is isolated */
#define NICSW_FEATURE_MULTICAST (1u << 2) /* broadcast and multicast have different receivers */
#define NICSW_FEATURE_ANY_VLAN  (1u << 3) /* a filter holds in more than one VLAN */
#define NICSW_FEATURE_VEPA      (1u << 4) /* adapter set vepa on */
#define NICSW_FEATURE_SHARE     (1u << 5) /* the wire is shared out: rate is set */
#define NICSW_FEATURE_UNBOUND   (1u << 7) /* the programs do not see tags in metadata (FWD-35) */
#define NICSW_FEATURE_WIRE_DOWN                                                                    \
	(1u << 6) /* the uplink has no carrier: so have VFs of state auto                          \
		   */

/*
 * What the host decides about a VF's traffic; all zero = the defaults. It holds from allocation to
 * FREE_VF, for whatever VPort is attached. vlan 0: the filters say (MATCH-14). trunk: bit per VID.
 */
enum nicsw_link_state {
	NICSW_LINK_AUTO = 0,
	NICSW_LINK_ENABLE = 1,
	NICSW_LINK_DISABLE = 2,
};

#define NICSW_POLICY_SPOOF_OFF (1u << 0)
#define NICSW_POLICY_TRUST     (1u << 1)
#define NICSW_POLICY_ISOLATED  (1u << 2)
#define NICSW_POLICY_TRUNK     (1u << 3)

struct nicsw_policy {
	__u32 flags;              /* NICSW_POLICY_* */
	__u16 vlan;               /* VID, with NICSW_VLAN_SERVICE for 802.1ad */
	__u8 qos;                 /* 0..7, with vlan */
	__u8 link;                /* enum nicsw_link_state */
	__u32 max_tx_rate;        /* Mbit/s of layer 2, 0 = no limit */
	__u32 min_tx_rate;        /* Mbit/s, 0 = none */
	__u32 storm;              /* broadcast and multicast frames per second, 0 = no limit */
	__u32 mtu;                /* of the VF's netdev, 0 = the adapter's */
	__u8 mac[NICSW_MAC_SIZE]; /* of the netdev and the source check; 0 = as allocated */
	__u8 reserved[2];
	__u64 trunk[NICSW_VIDS / 64];
};

#define NICSW_VF_RESETTING (1u << 0) /* a reset is under way: a restart finishes it */
#define NICSW_VF_ATTACHED  (1u << 1) /* has its netdev */
#define NICSW_VF_LOST      (1u << 2) /* its netdev vanished: in reset until the next attach */

#define NICSW_VF_QUARANTINED                                                                       \
	(1u << 3) /* a tag of its guest could not be seen: it may do no DMA (FWD-35) */

/*
 * What the guest has made of its netdev, as it was last seen: bits of the flags of a VF record. It
 * harms itself only. X(bit, NAME, name, text)
 */
#define NICSW_NETDEV_STATES(X)                                                                     \
	X(8, UNSEEN, unseen, "its namespace has no name, process or path that is known")           \
	X(9, DOWN, down, "it is down")                                                             \
	X(10, MAC, mac, "its address is not the VF's: what it sends is dropped as spoofed")        \
	X(11, MTU, mtu, "its MTU is not the VF's")                                                 \
	X(12, GRO, gro, "GRO is off: nothing reaches it")                                          \
	X(13, TX, tx, "tx checksum offload is on: its TCP and UDP do not work")                    \
	X(14, TXVLAN, txvlan, "tx VLAN offload is on: its tagged frames are dropped")              \
	X(15, QUEUES, queues, "it has fewer receive queues than there are CPUs")

enum {
#define X(bit, NAME, name, text) NICSW_NETDEV_##NAME = 1u << (bit),
	NICSW_NETDEV_STATES(X)
#undef X
#define X(bit, NAME, name, text) | NICSW_NETDEV_##NAME
		NICSW_NETDEV_ALL = 0 NICSW_NETDEV_STATES(X)
#undef X
};

/* A VF as ALLOCATE_VF made it. */
struct nicsw_vf_record {
	__u32 state;             /* enum nicsw_record_state */
	__u32 flags;             /* NICSW_VF_* */
	__u32 packet_filter;     /* NDIS_PACKET_TYPE_*, 0 = no driver (RXQ-20) */
	__u32 serial_number;     /* SERIAL-3: made before the VF is allocated, 0 = none */
	__u32 overlying_ifindex; /* OVLY-1: what the VF driver was told, 0 = nothing */
	__u32 reserved;
	__u8 permanent_mac[NICSW_MAC_SIZE];
	__u8 current_mac[NICSW_MAC_SIZE];
	char owner[NICSW_OWNER_SIZE];
	char dev[NICSW_IFNAME_SIZE];
	char netns[NICSW_NETNS_SIZE]; /* as given to attach: a path */
	struct nicsw_policy policy;
	struct nicsw_text vm_name;
	struct nicsw_text vm_friendly_name;
	struct nicsw_text nic_name;
};

#define NICSW_FUNCTION_PF 0xffffu /* NDIS_PF_FUNCTION_ID */

/* A VPort; index = VPortId, 0 = default VPort. */
struct nicsw_vport_record {
	__u32 state;       /* enum nicsw_record_state */
	__u32 vport_state; /* NDIS enum: 1 activated, 2 deactivated */
	__u32 function;    /* VFId or NICSW_FUNCTION_PF */
	__u32 queue_pairs;
	__u32 interrupt_moderation;
	__u32 pf_vport; /* which of the nondefault ones of the PF: says its slot */
	__u64 affinity_mask;
	__u32 affinity_group;
	__u32 flags;
	char owner[NICSW_OWNER_SIZE];
	struct nicsw_text name;
	__u8 mac[NICSW_MAC_SIZE]; /* of the netdev of a nondefault one of the PF */
	__u8 reserved[6];
};

#define NICSW_FILTER_UNTAGGED                                                                      \
	(1u << 0)                       /* UNTAGGED_OR_ZERO flag (MATCH-10), or VLAN 0 (MATCH-13)  \
					 */
#define NICSW_FILTER_VLAN     (1u << 1) /* VLAN test present */
#define NICSW_FILTER_ANY_VLAN (1u << 2) /* neither: holds in every VLAN (MATCH-12) */

/* A receive filter; index = FilterId, 0 is never one. 64 bytes. */
struct nicsw_filter_record {
	__u32 state; /* enum nicsw_record_state */
	__u32 vport_id;
	__u32 flags;
	__u16 vlan; /* 0 = untagged or priority-tagged */
	__u8 mac[NICSW_MAC_SIZE];
	__u8 reserved[12];
	char owner[NICSW_OWNER_SIZE];
};

/*
 * The config blocks of a VF (include/nicsw/blocks.h says which there are), and those that were
 * invalidated and not yet announced to its driver (INVAL-2).
 */
#define NICSW_BLOCKS     8u
#define NICSW_BLOCK_SIZE 128u /* VPCI_MAX_READ_WRITE_BLOCK_SIZE */

struct nicsw_block_record {
	__u64 invalidated; /* one bit per block id */
	__u8 data[NICSW_BLOCKS][NICSW_BLOCK_SIZE];
};

/*
 * What stands between a VF and the host: its DMA mappings, where its interrupts go, its MSI-X table
 * (include/nicsw/iommu.h). All zero is the initial state: nothing mapped, every vector masked.
 */
#define NICSW_IOMMU_MAPPINGS  64u /* per VF */
#define NICSW_IOMMU_FAULTS    16u /* the last ones that are kept, per VF */
#define NICSW_MSIX_VF_VECTORS 16u

/* Whole pages, [iova, iova + length). permissions 0 = no mapping; it is stored last. */
struct nicsw_iommu_mapping {
	__u64 iova;
	__u64 length;
	__u64 address;
	__u32 permissions; /* NICSW_IOMMU_READ, NICSW_IOMMU_WRITE */
	__u32 reserved;
};

/* Where the messages of one vector go. present is stored last. */
struct nicsw_interrupt_entry {
	__u32 target; /* a number of the caller, for its signal() */
	__u32 present;
};

/* pci.md 3.2. Vector control is kept the other way round, so that zero is its reset value. */
struct nicsw_msix_entry {
	__u64 address;
	__u32 data;
	__u32 unmasked;
};

struct nicsw_iommu_fault {
	__u64 iova; /* of the first byte that is refused, or the address of the message */
	__u32 rid;
	__u32 permission; /* what was asked for, NICSW_IOMMU_* */
	__u32 reason;     /* enum nicsw_iommu_reason */
	__u32 vector;     /* NICSW_NONE: no interrupt */
};

struct nicsw_iommu_record {
	struct nicsw_iommu_mapping mappings[NICSW_IOMMU_MAPPINGS]; /* in no order */
	struct nicsw_interrupt_entry interrupts[NICSW_MSIX_VF_VECTORS];
	struct nicsw_msix_entry msix[NICSW_MSIX_VF_VECTORS];
	__u64 pending;    /* bit n: vector n (PBA) */
	__u64 num_faults; /* all since nicsw_iommu_clear(); fault n is at n % NICSW_IOMMU_FAULTS */
	struct nicsw_iommu_fault faults[NICSW_IOMMU_FAULTS];
};

/* Fault knobs that are on, one bit per number in include/nicsw/faults.h; index 0 = PF, 1 + N = VF
 * N. */
struct nicsw_fault_record {
	__u64 knobs;
};

/*
 * The journal: one entry, a redo log. The daemon writes the new bytes of all records of an
 * operation here, sets state to USED with one store, writes the records, sets state to FREE. A
 * restart that finds USED writes them again: an operation happens whole or not at all, wherever the
 * daemon dies.
 */
#define NICSW_JOURNAL_WRITES 8u
#define NICSW_JOURNAL_BYTES  16384u

struct nicsw_journal_write {
	__u32 map;    /* enum nicsw_record_map */
	__u32 index;  /* element */
	__u32 offset; /* of the first byte, inside the element */
	__u32 length;
	__u32 data; /* offset into data[] */
};

struct nicsw_journal {
	__u32 state; /* enum nicsw_record_state */
	__u32 num_writes;
	char operation[24]; /* for a person with bpftool */
	struct nicsw_journal_write writes[NICSW_JOURNAL_WRITES];
	__u8 data[NICSW_JOURNAL_BYTES];
};

/* The maps that the journal may write. */
enum nicsw_record_map {
	NICSW_MAP_META,
	NICSW_MAP_VFS,
	NICSW_MAP_VPORTS,
	NICSW_MAP_FILTERS,
	NICSW_MAP_CONFIG_SPACE,
	NICSW_MAP_BLOCKS,
	NICSW_RECORD_MAPS,
};

#endif
