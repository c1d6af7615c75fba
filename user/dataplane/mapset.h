/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps of one adapter, as memory.
 *
 * All record and table maps are mmapable arrays (include/nicsw/maps.h): the pointers here are the
 * maps themselves, what is stored through them is what the programs, bpftool and the next daemon
 * see. The few maps that are not arrays (devices behind the slots, flood groups, counters) are
 * reached through ops.
 *
 * Two kinds: opened from pins (mapset_bpf.c, the only caller of bpf_map_*), and plain memory for
 * tests without root (mapset_memory.c). Everybody else reads freely; writing goes through a change
 * (dataplane/change.h).
 */
#ifndef NICSW_DATAPLANE_MAPSET_H
#define NICSW_DATAPLANE_MAPSET_H

#include <nicsw/maps.h>

#include "core/error.h"

struct nicsw_mapset;

/* Members of a group or of a VLAN, one bit per slot. */
struct nicsw_slot_set {
	__u64 words[NICSW_MAX_SLOT_WORDS];
};

struct nicsw_mapset_ops {
	/* Puts ifindex, resolved in the caller's network namespace, behind a slot; 0 takes it away.
	 */
	int (*device_set)(struct nicsw_mapset *maps, __u32 slot, __u32 ifindex);
	/* The port record of the slot asks for its frames in another form than before. */
	int (*device_follow)(struct nicsw_mapset *maps, __u32 slot);
	/* The ifindex behind a slot, 0 = none. */
	int (*device_get)(const struct nicsw_mapset *maps, __u32 slot, __u32 *ret_ifindex);
	/*
	 * Makes `members` the flood group of a key, VLAN | class or NICSW_FLOOD_BASE; NULL removes
	 * the group. The programs may see it only after flood_flush(): many are replaced at once.
	 */
	int (*flood_set)(struct nicsw_mapset *maps, __u32 key,
			 const struct nicsw_slot_set *members);
	int (*flood_flush)(struct nicsw_mapset *maps);
	/* Removes the groups that are there, known or not, and not wanted. */
	int (*flood_prune)(struct nicsw_mapset *maps,
			   bool (*wanted)(const struct nicsw_mapset *maps, __u32 key));
	/* The members of a group, as the programs see them. -ENOENT: there is no group. */
	int (*flood_get)(const struct nicsw_mapset *maps, __u32 key, struct nicsw_slot_set *ret);
	/* A device of the uplink or the PF was made again: what groups hold is not known any more.
	 */
	void (*flood_forget)(struct nicsw_mapset *maps);
	/* Returns when no program still reads what was cleared before the call. */
	int (*grace_period)(struct nicsw_mapset *maps);
	/* Sums the counters of a slot, or NICSW_COUNTERS_PAST of one, over all CPUs. */
	int (*counters_read)(struct nicsw_mapset *maps, __u32 slot, struct nicsw_counters *ret);
	/* Of a nondefault VPort of the PF: its past is what it has counted until now. */
	int (*counters_reset)(struct nicsw_mapset *maps, __u32 slot);
	void (*close)(struct nicsw_mapset *maps);
};

struct nicsw_mapset {
	/* records */
	struct nicsw_meta *meta;
	struct nicsw_vf_record *vfs;             /* [total_vfs] */
	struct nicsw_vport_record *vports;       /* [NICSW_VPORTS(total_vfs)], 0 = default */
	struct nicsw_filter_record *filters;     /* [max_filters + 1], 0 unused */
	__u8 (*config_space)[NICSW_CONFIG_SIZE]; /* [total_vfs + 1], 0 = PF, 1 + N = VF N */
	struct nicsw_block_record *blocks;       /* [total_vfs] */
	struct nicsw_iommu_record *iommu;        /* [total_vfs] */
	struct nicsw_fault_record *faults;       /* [total_vfs + 1], 0 = PF, 1 + N = VF N */
	struct nicsw_journal *journal;
	/* tables */
	struct nicsw_port *ports;     /* [slots] */
	struct nicsw_bucket *buckets; /* [1 << bucket_bits] */
	__u64 *vlan_members;          /* [NICSW_VLANS * slot_words] */

	const struct nicsw_mapset_ops *ops;
	void *private; /* of the kind */
};

/* Sizes of a new adapter. */
struct nicsw_mapset_sizes {
	__u32 total_vfs;   /* 1..NICSW_MAX_VFS */
	__u32 max_filters; /* 1..NICSW_MAX_FILTERS */
};

/* Fills the size members of meta from sizes. */
void nicsw_mapset_describe(struct nicsw_meta *meta, const struct nicsw_mapset_sizes *sizes);

/* All zero, in plain memory. -ENOMEM. */
int nicsw_mapset_memory(const struct nicsw_mapset_sizes *sizes, struct nicsw_mapset *ret);

/* Do the sizes in meta belong together, as described? They may have been written over. */
bool nicsw_mapset_is_sound(const struct nicsw_meta *meta);
/* How many elements the map of this name has by the sizes in meta; 0: not one that is known here.
 */
__u32 nicsw_mapset_entries(const struct nicsw_meta *meta, const char *map);

void nicsw_mapset_close(struct nicsw_mapset *maps);

/* Bytes of one element and address of element `index`; NULL if map or index is out of range. */
size_t nicsw_mapset_element_size(enum nicsw_record_map map);
void *nicsw_mapset_element(const struct nicsw_mapset *maps, enum nicsw_record_map map, __u32 index);

#endif
