/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CLI and the daemon say to each other, over a SOCK_SEQPACKET unix socket.
 *
 * One request is one packet: struct nicsw_wire_request and in_length bytes. One answer is struct
 * nicsw_wire_reply and `length` bytes: the first packet holds the header and up to NICSW_WIRE_CHUNK
 * bytes, each following packet up to NICSW_WIRE_CHUNK bytes more. Answers come in the order of the
 * requests. After SUBSCRIBE the connection is a stream of struct nicsw_wire_event packets instead,
 * until it is closed; nothing more may be asked on it. After BIND_OBJECTS requests without an owner
 * are of owner conn:PID:N, and what has that owner goes when the connection closes. Both ends are
 * on one machine: integers are in host byte order.
 *
 * A request is either an NDIS OID, whose payload is the NDIS information buffer (Windows x64
 * layout), or a control verb, for what NDIS has no OID: adapters, netdevs, lists and counters. The
 * daemon trusts nothing in it: lengths are checked before use, texts must be terminated, the peer's
 * credentials decide what it may do.
 */
#ifndef NICSW_WIRE_H
#define NICSW_WIRE_H

#include <nicsw/maps.h>
#include <nicsw/why.h>

#define NICSW_WIRE_MAGIC   0x5753434eu
#define NICSW_WIRE_VERSION 4u
#define NICSW_WIRE_CHUNK   49152u             /* payload bytes of one packet */
#define NICSW_WIRE_IN_MAX  NICSW_WIRE_CHUNK   /* longest request payload */
#define NICSW_WIRE_OUT_MAX (4u * 1024 * 1024) /* longest answer */
#define NICSW_WIRE_FDS_MAX 2u                 /* descriptors that come with an answer */

#define NICSW_DEFAULT_SOCKET "/run/nicsw/nicswd.sock"
#define NICSW_DEFAULT_PINS   "/sys/fs/bpf/nicsw"

enum nicsw_wire_kind {
	NICSW_WIRE_OID = 1,     /* code: the OID; type: NDIS request type */
	NICSW_WIRE_CONTROL = 2, /* code: enum nicsw_control */
	NICSW_WIRE_EVENT = 3,   /* from the daemon only */
};

#define NICSW_WIRE_AS_NDIS                                                                         \
	(1u << 0) /* issued by NDIS itself, not by an overlying driver (GEN-24); root only */
#define NICSW_WIRE_FORCE (1u << 1) /* act on another owner's object; root only (GEN-28) */

struct nicsw_wire_request {
	__u32 magic;
	__u16 version;
	__u16 kind;
	__u32 request_id; /* comes back in the reply */
	__u32 code;
	__u32 type;                   /* OIDs only: 0 query, 1 set, 12 method */
	__u32 flags;                  /* NICSW_WIRE_* */
	__u32 in_length;              /* payload bytes that follow */
	__u32 out_length;             /* room for the answer's payload (OutputBufferLength) */
	char adapter[16];             /* "" = the only adapter */
	char owner[NICSW_OWNER_SIZE]; /* "" = cli:UID */
	/* OIDs only: whose adapter is asked, a VFId; NICSW_NONE = that of the PF. */
	__u32 vf;
	__u32 reserved; /* 0 */
};

struct nicsw_wire_reply {
	__u32 magic;
	__u16 version;
	__u16 kind;
	__u32 request_id;
	__u32 status; /* NDIS_STATUS; 0 = success */
	__s32 code;   /* negative errno behind a failure, else 0 */
	__u32 bytes_read;
	__u32 bytes_written;
	__u32 bytes_needed;
	__u32 supported_revision; /* GEN-11 */
	__u32 length;             /* payload bytes in all */
	char rule[24];            /* rule id that refused the request, or "" */
	char text[256];           /* failure: why. Success: a warning, or "" */
};

/*
 * X(number, NAME, name, access, request structure, reply structure)
 * access: read = anybody, write = root or the daemon's group.
 * A list answers with an array of reply structures; `void` = nothing.
 */
#define NICSW_CONTROLS(X)                                                                          \
	X(1, ADAPTER_ADD, adapter_add, write, struct nicsw_adapter_add, void)                      \
	X(2, ADAPTER_DEL, adapter_del, write, struct nicsw_adapter_del, void)                      \
	X(3, ADAPTER_LIST, adapter_list, read, void, struct nicsw_adapter_status)                  \
	X(4, VF_ATTACH, vf_attach, write, struct nicsw_vf_attach, void)                            \
	X(5, VF_DETACH, vf_detach, write, struct nicsw_vf_detach, void)                            \
	X(6, VF_LIST, vf_list, read, void, struct nicsw_vf_status)                                 \
	X(7, FILTER_LIST, filter_list, read, struct nicsw_list_range, struct nicsw_filter_status)  \
	X(8, STATS, stats, read, void, struct nicsw_port_stats)                                    \
	X(9, FUNCTION_DUMP, function_dump, read, struct nicsw_function_query,                      \
	  struct nicsw_function_image)                                                             \
	X(10, OID_LIST, oid_list, read, void, struct nicsw_oid_support)                            \
	X(11, BLOCK_INVALIDATE, block_invalidate, write, struct nicsw_block_invalidate, void)      \
	X(12, SUBSCRIBE, subscribe, read, void, void)                                              \
	X(13, FAULT_LIST, fault_list, read, void, struct nicsw_fault_record)                       \
	X(14, FAULT_SET, fault_set, write, struct nicsw_fault_setting, void)                       \
	X(15, IOMMU, iommu, write, struct nicsw_function_query, struct nicsw_iommu_image)          \
	X(16, BIND_OBJECTS, bind_objects, write, void, void)                                       \
	X(17, IOMMU_MAP, iommu_map, write, struct nicsw_iommu_map, void)                           \
	X(18, IOMMU_UNMAP, iommu_unmap, write, struct nicsw_iommu_unmap, void)                     \
	X(19, ADAPTER_SET, adapter_set, write, struct nicsw_adapter_set, void)                     \
	X(20, ADAPTER_RESET, adapter_reset, write, void, void)                                     \
	X(30, WHY, why, write, struct nicsw_why, struct nicsw_why_answer)                          \
	X(40, VF_SET, vf_set, write, struct nicsw_vf_setting, void)                                \
	X(41, ADAPTER_RATE, adapter_rate, write, struct nicsw_adapter_rate, void)                  \
	X(42, ADAPTER_VEPA, adapter_vepa, write, struct nicsw_adapter_switching, void)             \
	X(33, DOCTOR, doctor, write, struct nicsw_examination, struct nicsw_finding)               \
	X(31, CAPTURE, capture, write, struct nicsw_capture_settings, struct nicsw_capture_started)

enum nicsw_control {
#define X(number, NAME, name, access, request, reply) NICSW_CONTROL_##NAME = number,
	NICSW_CONTROLS(X)
#undef X
};

#define NICSW_ADD_TAKEOVER                                                                         \
	(1u << 0) /* use an uplink that carries an address, a master or a default route */

/* The adapter's name is in the request header. */
struct nicsw_adapter_add {
	char uplink[NICSW_IFNAME_SIZE];
	__u32 total_vfs; /* 0 = default */
	__u32 flags;     /* NICSW_ADD_* */
};

struct nicsw_adapter_del {
	__u32 flags; /* 0 */
};

/* With NICSW_WIRE_FORCE a switch that exists is halted first (LC-HALT-9). */
struct nicsw_adapter_set {
	__u32 sriov; /* 0 or 1 */
};

enum nicsw_uplink_state {
	NICSW_UPLINK_MISSING,
	NICSW_UPLINK_DOWN,
	NICSW_UPLINK_UP,
};

struct nicsw_adapter_status {
	char name[16];
	char uplink[NICSW_IFNAME_SIZE];
	__u32 uplink_state; /* enum nicsw_uplink_state */
	__u32 generic;      /* 1: XDP in generic mode */
	__u32 total_vfs;
	__u32 num_vfs; /* enabled on PCIe */
	__u32 rid;     /* of the PF */
	__u32 mtu;
	__u8 mac[NICSW_MAC_SIZE];
	__u8 reserved[2];
	__u32 switch_exists;
	__u32 sriov; /* 1: it is on (GEN-1) */
	/* What CREATE_SWITCH is to be given: the stored configuration (LC-UP-1). */
	__u32 stored_num_vfs;
	__u32 stored_queue_pairs;
	struct nicsw_text stored_name;
	__u16 reserved2;
	__u32 rate; /* Mbit/s of the wire, 0 = not said */
	__u32 vepa; /* 1: frames between VPorts go by the wire */
};

struct nicsw_vf_attach {
	__u32 vf_id;
	char netns[NICSW_NETNS_SIZE]; /* an absolute path of a network namespace, or pid:N; the CLI
					 expands names */
	char dev[NICSW_IFNAME_SIZE];  /* "" = eth0 */
};

struct nicsw_vf_detach {
	__u32 vf_id;
};

/*
 * Parts of a policy (maps.h): `set` says which are meant, the others stay. The flags of SPOOF_OFF,
 * TRUST and ISOLATED are each a part.
 */
#define NICSW_SET_VLAN     (1u << 0) /* vlan and qos; no trunk any more */
#define NICSW_SET_TRUNK    (1u << 1) /* trunk, as the flag TRUNK says; no vlan any more */
#define NICSW_SET_SPOOF    (1u << 2)
#define NICSW_SET_TRUST    (1u << 3)
#define NICSW_SET_ISOLATED (1u << 4)
#define NICSW_SET_LINK     (1u << 5)
#define NICSW_SET_MAX_RATE (1u << 6)
#define NICSW_SET_MIN_RATE (1u << 7)
#define NICSW_SET_STORM    (1u << 8)
#define NICSW_SET_MTU      (1u << 9)
#define NICSW_SET_MAC      (1u << 10)

struct nicsw_vf_setting {
	__u32 vf_id;
	__u32 set; /* NICSW_SET_* */
	struct nicsw_policy policy;
};

struct nicsw_adapter_rate {
	__u32 rate; /* Mbit/s, 0 = not said */
};

enum nicsw_capture_what {
	NICSW_CAPTURE_ALL,
	NICSW_CAPTURE_UPLINK,
	NICSW_CAPTURE_VPORT,
};

/*
 * A copy of frames, with what became of them (capture.h), for as long as the connection is open.
 * The first packet of the answer carries two descriptors: the BPF ring buffer with the records, and
 * an array map of one struct nicsw_capture_state.
 */
struct nicsw_capture_settings {
	__u32 what; /* enum nicsw_capture_what */
	__u32 vport_id;
	__u32 snap;  /* NICSW_CAPTURE_SNAP_MIN..MAX bytes of each frame */
	__u32 drops; /* 1: only dropped frames */
};

struct nicsw_capture_started {
	char adapter[16];
	__u32 ring_size; /* bytes */
	__u32 reserved;
};

struct nicsw_adapter_switching {
	__u32 vepa; /* 0 or 1 */
};

/* One allocated VF, beside what ENUM_VFS says of it. */
struct nicsw_vf_status {
	__u32 vf_id;
	__u32 rid;
	__u32 vport_id;    /* NICSW_NONE: not attached to a VPort */
	__u32 flags;       /* NICSW_VF_* */
	__u32 power_state; /* NDIS: D0 = 1 .. D3 = 4 */
	__u8 current_mac[NICSW_MAC_SIZE];
	__u8 permanent_mac[NICSW_MAC_SIZE];
	char owner[NICSW_OWNER_SIZE];
	char netns[NICSW_NETNS_SIZE]; /* "" = no netdev */
	char dev[NICSW_IFNAME_SIZE];
	struct nicsw_text vm_friendly_name;
	struct nicsw_policy policy;
};

/* Lists may be long: from `first` on, at most `most` elements (0 = all). */
struct nicsw_list_range {
	__u32 first;
	__u32 most;
};

struct nicsw_filter_status {
	__u32 filter_id;
	__u32 vport_id;
	__u32 flags; /* NICSW_FILTER_* */
	__u16 vlan;
	__u8 mac[NICSW_MAC_SIZE];
	char owner[NICSW_OWNER_SIZE];
};

#define NICSW_STATS_VERIFIED (1u << 0) /* what the netdev took is known: counters.taken */

/* Counters of one port, summed over CPUs. Of VFs that are allocated no more: all in one. */
struct nicsw_port_stats {
	__u32 slot;     /* NICSW_NONE: of freed VFs */
	__u32 vport_id; /* NICSW_NONE for the uplink, freed VFs, and for a VF without VPort */
	__u32 function; /* VFId, NICSW_FUNCTION_PF for each of its VPorts, NICSW_NONE: uplink, freed
			   VFs */
	__u32 flags;    /* NICSW_STATS_* */
	struct nicsw_counters counters;
};

struct nicsw_function_query {
	__u32 function; /* VFId or NICSW_FUNCTION_PF */
};

/* What a guest's PCI layer shows of a function: ids of VENDOR_DEVICE_ID at offsets 0 and 2 (PCI-6).
 */
struct nicsw_function_image {
	__u32 rid;
	__u32 function;
	__u8 config[NICSW_CONFIG_SIZE];
};

/* What stands between a VF and the host. Not for everybody: it has addresses of the host. */
struct nicsw_iommu_image {
	__u32 vf_id;
	__u32 rid;
	struct nicsw_iommu_record record;
};

/* Memory of the host for a VF (LC-UP-5): whole pages. */
struct nicsw_iommu_map {
	__u32 vf_id;
	__u32 permissions; /* NICSW_IOMMU_* */
	__u64 iova;        /* as the VF uses it */
	__u64 length;
	__u64 address; /* of the host */
};

/* All mappings inside the range. */
struct nicsw_iommu_unmap {
	__u32 vf_id;
	__u32 reserved; /* 0 */
	__u64 iova;
	__u64 length;
};

/* X(number, NAME, name): what happened; `state` in parentheses. */
#define NICSW_EVENTS(X)                                                                            \
	X(1, LOST, lost) /* count events were not sent: the subscriber did not keep up */          \
	X(2, ADAPTER_ADD, adapter_add)                                                             \
	X(3, ADAPTER_DEL, adapter_del)                                                             \
	X(4, LINK, link)             /* of the uplink (up, down, missing) */                       \
	X(5, CAPABILITY, capability) /* current capabilities have changed: see `capability` */     \
	X(6, SWITCH_CREATE, switch_create)                                                         \
	X(7, SWITCH_DELETE, switch_delete)                                                         \
	X(8, SWITCH_CHANGE, switch_change)                                                         \
	X(9, VF_ALLOCATE, vf_allocate)                                                             \
	X(10, VF_FREE, vf_free)                                                                    \
	X(11, VF_NETDEV, vf_netdev) /* (attached, detached, lost) */                               \
	X(12, VF_RESET, vf_reset)                                                                  \
	X(13, VF_POWER, vf_power) /* (d0, d1, d2, d3) */                                           \
	X(14, VPORT_CREATE, vport_create)                                                          \
	X(15, VPORT_DELETE, vport_delete)                                                          \
	X(16, VPORT_CHANGE, vport_change) /* (activated, deactivated) */                           \
	X(17, FILTER_SET, filter_set)                                                              \
	X(18, FILTER_MOVE, filter_move)                                                            \
	X(19, FILTER_CLEAR, filter_clear)                                                          \
	X(20, BLOCK_INVALIDATE, block_invalidate) /* mask: the blocks of it, INVAL-1 */            \
	X(21, ADAPTER_RESET, adapter_reset)       /* (begun, done) */

enum nicsw_event {
#define X(number, NAME, name) NICSW_EVENT_##NAME = number,
	NICSW_EVENTS(X)
#undef X
};

/* "vf_allocate"; NULL: no such event. */
static inline const char *nicsw_event_name(__u32 event)
{
	switch (event) {
#define X(number, NAME, name)                                                                      \
	case number:                                                                               \
		return #name;
		NICSW_EVENTS(X)
#undef X
	}
	return (const char *)0;
}

/* Of the current capabilities (CAP-SW-21, CAP-RF-14); all 0 while SR-IOV is off. */
#define NICSW_CAPABILITY_FIGURES(X)                                                                \
	X(max_num_vfs)                                                                             \
	X(max_num_vports)                                                                          \
	X(max_num_queue_pairs)                                                                     \
	X(max_num_mac_addresses)                                                                   \
	X(nic_switch_capabilities)                                                                 \
	X(enabled_filter_types)                                                                    \
	X(supported_mac_header_fields)

struct nicsw_capability_figures {
	__u32 sriov_supported;
#define X(name) __u32 name;
	NICSW_CAPABILITY_FIGURES(X)
#undef X
};

/* One packet of a stream. Ids that do not belong to the event are NICSW_NONE. */
struct nicsw_wire_event {
	__u32 magic;
	__u16 version;
	__u16 kind; /* NICSW_WIRE_EVENT */
	__u32 event;
	__u32 vf_id;
	__u32 vport_id;
	__u32 filter_id;
	__u64 time;       /* nanoseconds since 1970 */
	__u64 count;      /* of LOST; of BLOCK_INVALIDATE the mask; else 0 */
	char adapter[16]; /* "" for LOST */
	char state[16];   /* what it is now, "" = nothing to say */
	struct nicsw_capability_figures capability; /* of CAPABILITY, else 0 */
};

/* One OID that an adapter answers (GEN-27). */
struct nicsw_oid_support {
	__u32 oid;
	__u32 kinds; /* NDIS_KIND_* */
};

/* Of the adapter in the header, "" = all. Not for everybody: it enters every guest's namespace. */
struct nicsw_examination {
	__u32 state; /* 1: the pinned state, else host and netdevs */
};

/*
 * What a check (include/nicsw/checks.h) found: one for each object where something is wrong, and
 * one that says of how many objects it is right.
 */
struct nicsw_finding {
	__u32 check;    /* enum nicsw_check */
	__u32 wrong;    /* 1 = wrong */
	__u32 count;    /* right: of how many; wrong: 1 */
	__u32 function; /* VFId, NICSW_FUNCTION_PF; NICSW_NONE: of none */
	char adapter[16];
	char dev[NICSW_IFNAME_SIZE];
	char where[NICSW_NETNS_SIZE]; /* namespace of dev; of a port the pin directory */
	char found[64];               /* what is wrong, "" = the check says it */
	char wanted[32];              /* what it should be; of a port its namespace */
};

/* What NdisMInvalidateConfigBlock() does, which is a call and no OID (INVAL-1). */
struct nicsw_block_invalidate {
	__u32 vf_id;
	__u32 block_id;
};

/* A fault knob (include/nicsw/faults.h). FAULT_LIST answers with the records themselves: PF, VF 0,
 * ... */
struct nicsw_fault_setting {
	__u32 knob;
	__u32 vf_id; /* NICSW_NONE = all functions */
	__u32 on;    /* 0 or 1 */
	__u32 reserved;
};

/*
 * What would become of a frame that entered here. `write` although nothing changes: the answer
 * tells addresses and VLANs of others.
 */
enum nicsw_why_from {
	NICSW_WHY_UPLINK = 0,
	NICSW_WHY_VF = 1,
	NICSW_WHY_VPORT = 2,
};

struct nicsw_why {
	__u32 from;   /* enum nicsw_why_from */
	__u32 number; /* of the VF or VPort */
	__u32 length; /* NICSW_WHY_FRAME_MIN..NICSW_WHY_FRAME_MAX */
	__u32 reserved;
	__u8 bytes[NICSW_WHY_FRAME_MAX];
};

/* A port, and for a receiver the form in which it gets the frame. */
struct nicsw_why_port {
	__u32 slot;
	__u32 vport_id; /* NICSW_NONE: the uplink, or a VF without VPort */
	__u32 function; /* VFId, NICSW_FUNCTION_PF, or NICSW_NONE for the uplink */
	__u32 tagged;
	__u32 length; /* of the frame as it gets it */
};

struct nicsw_why_verdict {
	__u32 reason;                     /* enum nicsw_reason */
	__u32 cast;                       /* enum nicsw_cast */
	__u32 vid;                        /* effective VLAN */
	__u32 matched;                    /* 1: a filter or station address chose the receiver */
	struct nicsw_why_port counted_at; /* of a reason */
	__u32 num_receivers;
	struct nicsw_why_port receivers[NICSW_MAX_SLOTS];
};

struct nicsw_why_answer {
	struct nicsw_why_port ingress;
	__u32 stage;         /* enum nicsw_stage: the last one that it came to */
	__u64 steps;         /* one bit for each enum nicsw_why_step */
	__u32 filter_id;     /* that matched, NICSW_NONE: none */
	char difference[20]; /* in what the model disagrees, "" = in nothing */
	struct nicsw_why_verdict program;
	struct nicsw_why_verdict model;
};

#endif
