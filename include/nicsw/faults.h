/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault knobs: operations of the adapter that are made to fail, or to be slow, as hardware can be.
 *
 * For people who test what their software does then. All are off until somebody sets them, and they
 * are part of the pinned state (maps.h: struct nicsw_fault_record): a restart keeps them, so do
 * reset, free and allocate of a VF. A knob of scope `vf` is on for all functions (record 0), or for
 * single VFs (record 1 + N); one of scope `adapter` has no VF to be on for.
 *
 * What releases things has no knob: FREE_VF, DELETE_SWITCH and CLEAR_FILTER must succeed once their
 * checks have passed (FREE-VF-15, DELETE-SW-15, CLEAR-RF-9).
 *
 * function: a VF index (0-based) or NICSW_FUNCTION_PF. Ownership: the records are memory of the
 * caller, one for the PF and one for each VF. Errors: 0 or negative errno, nothing is changed then.
 */
#ifndef NICSW_FAULTS_H
#define NICSW_FAULTS_H

#include <nicsw/maps.h>
#include <stdbool.h>

/*
 * X(number, NAME, name, scope, operation, rule, text)
 * Numbers are bits of the pinned record: never reused, below 64. operation: the request that
 * notices. rule: what it fails by, and with that rule id. text: what goes wrong.
 */
#define NICSW_FAULTS(X)                                                                            \
	X(0, FAIL_ENABLE_VIRTUALIZATION, fail_enable_virtualization, adapter, "CREATE_SWITCH",     \
	  "CREATE-SW-12", "the bus does not enable virtualization")                                \
	X(1, FAIL_SWITCH_CREATE, fail_switch_create, adapter, "CREATE_SWITCH", "CREATE-SW-19",     \
	  "the resources of the switch cannot be reserved")                                        \
	X(2, FAIL_SWITCH_SET, fail_switch_set, adapter, "SWITCH_PARAMETERS", "PARAM-SW-13",        \
	  "the switch does not take its parameters")                                               \
	X(3, FAIL_VF_ALLOCATE, fail_vf_allocate, vf, "ALLOCATE_VF", "ALLOC-VF-27",                 \
	  "the resources of the VF cannot be allocated")                                           \
	X(4, FAIL_FLR, fail_flr, vf, "RESET_VF", "RESET-VF-11",                                    \
	  "the VF does not become quiescent")                                                      \
	X(5, SLOW_RESET, slow_reset, vf, "RESET_VF, adapter reset", "RESET-VF-11",                 \
	  "a reset takes all of its 100 ms, and then succeeds")                                    \
	X(6, FAIL_VPORT_ALLOC, fail_vport_alloc, vf, "CREATE_VPORT", "CREATE-VP-29",               \
	  "the resources of the VPort cannot be allocated")                                        \
	X(7, FAIL_VPORT_SET, fail_vport_set, vf, "VPORT_PARAMETERS", "PARAM-VP-26",                \
	  "the VPort does not take its parameters")                                                \
	X(8, FAIL_VPORT_DELETE, fail_vport_delete, vf, "DELETE_VPORT", "DELETE-VP-14",             \
	  "the VPort does not stop")                                                               \
	X(9, FAIL_FILTER_SET, fail_filter_set, vf, "SET_FILTER", "SET-RF-36",                      \
	  "the hardware does not take the filter")                                                 \
	X(10, FAIL_FILTER_MOVE, fail_filter_move, vf, "MOVE_FILTER", "MOVE-RF-14",                 \
	  "the hardware does not move the filter to the VPort")                                    \
	X(11, FAIL_TABLE_FULL, fail_table_full, adapter, "SET_FILTER", "SET-RF-27",                \
	  "the filter table has no room")                                                          \
	X(12, FAIL_FLOOD, fail_flood, adapter, "any that extends flood groups", "GEN-17",          \
	  "a flood group cannot be written")                                                       \
	X(13, FAIL_CONFIG_READ, fail_config_read, vf, "READ_VF_CONFIG_SPACE", "RD-CFG-9",          \
	  "the bus reads no byte")                                                                 \
	X(14, FAIL_CONFIG_WRITE, fail_config_write, vf, "WRITE_VF_CONFIG_SPACE", "WR-CFG-6",       \
	  "the bus writes no byte")                                                                \
	X(15, FAIL_BLOCK_READ, fail_block_read, vf, "READ_VF_CONFIG_BLOCK", "BLK-14",              \
	  "the config block cannot be read")                                                       \
	X(16, FAIL_BLOCK_WRITE, fail_block_write, vf, "WRITE_VF_CONFIG_BLOCK", "BLK-14",           \
	  "the config block cannot be written")                                                    \
	X(17, FAIL_POWER, fail_power, vf, "SET_VF_POWER_STATE", "GEN-17",                          \
	  "the VF does not reach the power state")                                                 \
	X(18, FAIL_BARS, fail_bars, vf, "BAR_RESOURCES", "GEN-17",                                 \
	  "the resources of the BAR cannot be read")                                               \
	X(19, FAIL_NETDEV_CREATE, fail_netdev_create, vf, "vf attach", "GEN-17",                   \
	  "the netdev of the VF, or of a VPort of the PF, cannot be made")                         \
	X(20, FAIL_IOMMU_MAP, fail_iommu_map, vf, "pci iommu map", "GEN-17",                       \
	  "the IOMMU does not take the mapping")

enum nicsw_fault_knob {
#define X(number, NAME, ...) NICSW_FAULT_##NAME = number,
	NICSW_FAULTS(X)
#undef X
		NICSW_FAULT_KNOBS, /* one more than the last number */
};

enum nicsw_fault_scope {
	NICSW_FAULT_SCOPE_adapter,
	NICSW_FAULT_SCOPE_vf,
};

struct nicsw_fault {
	const char *name;
	enum nicsw_fault_scope scope;
	const char *operation;
	const char *rule;
	const char *text;
};

/* The row of a knob, or NULL. */
const struct nicsw_fault *nicsw_fault_row(__u32 knob);

/* Is it on for a function? One that is on for all functions is on for each. */
bool nicsw_fault_on(const struct nicsw_fault_record *faults, enum nicsw_fault_knob knob,
		    __u32 function);

/*
 * vf: one VF, or NICSW_NONE = all functions. `off` for all takes it from single VFs, too.
 * total_vfs: records behind that of the PF. -EINVAL: no such knob, a VF for a knob of scope
 * adapter; -ERANGE: no such VF; -EBUSY: off for one VF, but it is on for all.
 */
int nicsw_fault_set(struct nicsw_fault_record *faults, __u32 total_vfs, __u32 knob, __u32 vf,
		    bool on);

#endif
