/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps and constants of the switch programs. Layouts and rules: include/nicsw/maps.h.
 *
 * A map's name is also its pin name. The sizes here are the smallest that load: the loader sets
 * max_entries and the constants before load. Constants are per program, so that the verifier folds
 * them; maps are shared by all programs of an adapter.
 */
#ifndef NICSW_MAPS_BPF_H
#define NICSW_MAPS_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <nicsw/maps.h>

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* One load that the compiler neither repeats nor splits: the daemon writes while we read. */
#define nicsw_load(place) (*(const volatile __typeof__(place) *)&(place))

const volatile __u32 nicsw_slot = 0;         /* port whose frames this program gets */
const volatile __u32 nicsw_bucket_bits = 1;  /* filter_table has 1 << bits buckets */
const volatile __u32 nicsw_slot_words = 1;   /* NICSW_SLOT_WORDS(slots) */
const volatile __u32 nicsw_ifindex_base = 0; /* ifindex of slot s is base + s */

#define NICSW_SHARED_ARRAY(name_, entries, ...)                                                    \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                                  \
		__uint(map_flags, BPF_F_MMAPABLE);                                                 \
		__uint(max_entries, entries);                                                      \
		__type(key, __u32);                                                                \
		__type(value, __VA_ARGS__);                                                        \
	} name_ SEC(".maps")

/* ---- tables ---- */

NICSW_SHARED_ARRAY(ports, NICSW_SLOTS(1), struct nicsw_port);
NICSW_SHARED_ARRAY(filter_table, 2, struct nicsw_bucket);
NICSW_SHARED_ARRAY(vlan_members, NICSW_VLANS, __u64);
NICSW_SHARED_ARRAY(meters, NICSW_SLOTS(1), struct nicsw_meter);

/*
 * slot -> ifindex, and the program of the receiver's copies of group frames. Unicast frames need
 * none, but the kernel runs the program of the first frame of a bulk on all of it: it has to be the
 * same wherever a frame comes from.
 */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, NICSW_SLOTS(1));
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} tx_ports SEC(".maps");

/*
 * Members of one flood group: any key -> struct bpf_devmap_val. Sizes, not types: libbpf 1.1 cannot
 * size that value in an inner map.
 */
struct nicsw_flood_group {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_devmap_val));
};

/* VLAN | class, or NICSW_FLOOD_BASE -> group */
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, NICSW_FLOOD_BASE + 1);
	__type(key, __u32);
	__array(values, struct nicsw_flood_group);
} flood_groups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NICSW_SLOTS(1));
	__type(key, __u32);
	__type(value, struct nicsw_counters);
} counters SEC(".maps");

/* ---- records: no program reads them; here for their BTF types, so that a dump is readable ---- */

NICSW_SHARED_ARRAY(meta, 1, struct nicsw_meta);
NICSW_SHARED_ARRAY(vfs, 1, struct nicsw_vf_record);
NICSW_SHARED_ARRAY(vports, 1, struct nicsw_vport_record);
NICSW_SHARED_ARRAY(filters, 1, struct nicsw_filter_record);
NICSW_SHARED_ARRAY(config_space, 1, __u8[NICSW_CONFIG_SIZE]);
NICSW_SHARED_ARRAY(config_blocks, 1, struct nicsw_block_record);
NICSW_SHARED_ARRAY(iommu, 1, struct nicsw_iommu_record);
NICSW_SHARED_ARRAY(faults, 1, struct nicsw_fault_record);
NICSW_SHARED_ARRAY(journal, 1, struct nicsw_journal);

/* ---- access ---- */

static __always_inline const struct nicsw_port *nicsw_port_at(__u32 slot)
{
	return bpf_map_lookup_elem(&ports, &slot);
}

static __always_inline struct nicsw_counters *nicsw_counters_at(__u32 slot)
{
	return bpf_map_lookup_elem(&counters, &slot);
}

/*
 * Word `word` of the members of vid, one bit per slot. VID 0, the common one, costs no product:
 * frames without a tag are what most ports send.
 */
static __always_inline __u64 nicsw_members_word(__u32 vid, __u32 word)
{
	__u32 index = word;
	const __u64 *members;

	if (unlikely(vid))
		index += vid * nicsw_slot_words;
	members = bpf_map_lookup_elem(&vlan_members, &index);
	return members ? nicsw_load(*members) : 0;
}

static __always_inline int nicsw_is_member(__u32 vid, __u32 slot)
{
	return nicsw_members_word(vid, slot / 64) >> (slot % 64) & 1;
}

#endif
