/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The switch programs on a bench: loaded, fed one frame at a time with BPF_PROG_TEST_RUN, counters
 * read back.
 *
 * One program per ingress port under test, all on one set of maps, as in the daemon. The state of
 * the switch is a struct nicsw_model: silicon_program() writes it into the maps, and the naive
 * model can judge the same state. A redirect is not executed by a test run: who received a frame is
 * seen in the counters.
 *
 * Ownership: silicon_open() opens everything, in a network namespace that it makes for the calling
 * process; silicon_close() closes it. Errors: a negative errno.
 */
#ifndef NICSW_TESTS_PROG_LIB_SILICON_H
#define NICSW_TESTS_PROG_LIB_SILICON_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/switch.skel.h"
#include "dataplane/model.h"

/* The uplink, the PF, VFs, one VF behind the first word of slots, nondefault VPorts of the PF. */
#define SILICON_SLOTS        NICSW_SLOTS(SILICON_FAR_VF - 1)
#define SILICON_WORDS        NICSW_SLOT_WORDS(SILICON_SLOTS)
#define SILICON_FAR_VF       70u
#define SILICON_PF_VPORT     71u
#define SILICON_BUCKET_BITS  3u /* few buckets: second choices happen */
#define SILICON_FILTERS      20u
#define SILICON_IFINDEX_BASE 100u /* of netdevs that stand for switch ends */
#define SILICON_HEADROOM     216u /* metadata that leaves no room to insert a tag */

extern const __u32 silicon_ingress[]; /* slots that have a program */
extern const size_t silicon_num_ingress;

struct silicon {
	struct switch_bpf *skeletons[SILICON_SLOTS]; /* by ingress slot */
	struct switch_bpf *maps;                     /* the one that owns the maps */
	struct nicsw_port *ports;
	struct nicsw_bucket *buckets;
	__u64 *vlan_members;
	bool live; /* on real netdevs: nicsw_egress_strip is loaded for a devmap, not for test runs
		    */
	int flood_base; /* an empty group */
	bool flooding;  /* flood_base is in use */
};

/* What a frame does: judged by hand in a table, or by the model. */
struct silicon_outcome {
	enum nicsw_reason reason;
	__u32 counted_at;
	enum nicsw_cast cast;
	__u32 num_receivers;
	struct {
		__u32 slot;
		__u32 length;
	} receivers[SILICON_SLOTS];
	__u32 num_refusals; /* receivers of a group that get no copy */
	struct nicsw_model_refusal refusals[SILICON_SLOTS];
	const __u8 *bytes; /* as switched: whole frame; NULL = dropped */
	__u32 length;
};

/* One run. metadata: bytes of XDP metadata before the frame, to shorten its headroom. */
struct silicon_run {
	const __u8 *bytes;
	__u32 length;
	__u32 linear_length; /* = length: one piece, if it fits */
	__u32 metadata;
	__u32 action; /* out */
	__u32 out_length;
	__u8 out[NICSW_MODEL_FRAME_MAX + NICSW_MODEL_TAG];
};

/* In the caller's network namespace. */
int silicon_open(struct silicon *silicon, bool live);

/*
 * The same for a test, in a namespace of its own. Skips the test if the machine lacks what is
 * needed, and says what. Programs that do not load on a machine that has it all are a failure,
 * never a skip.
 */
void silicon_require(struct silicon *silicon, bool live);
void silicon_close(struct silicon *silicon);

/* Writes the state into the maps. -ENOSPC: the filter table is full. */
int silicon_program(struct silicon *silicon, const struct nicsw_model *model);

int silicon_send(struct silicon *silicon, __u32 ingress, struct silicon_run *run);
int silicon_run(int program, struct silicon_run *run);

/* Sums over CPUs. */
int silicon_counters(const struct silicon *silicon, __u32 slot, struct nicsw_counters *ret);
int silicon_counters_reset(struct silicon *silicon);

/* Adds to counters[SILICON_SLOTS] what a frame of `length` bytes must add. */
void silicon_expect(const struct silicon_outcome *outcome, __u32 ingress, __u32 length,
		    struct nicsw_counters *counters);

/* The model's verdict as an outcome; it points into verdict. */
void silicon_judge(const struct nicsw_model_verdict *verdict, struct silicon_outcome *ret);

/* The name of a counter that differs, or NULL. */
const char *silicon_difference(const struct nicsw_counters *expected,
			       const struct nicsw_counters *seen);

/* The entry that holds key, or NULL. */
struct nicsw_entry *silicon_entry(struct silicon *silicon, __u64 key);

#endif
