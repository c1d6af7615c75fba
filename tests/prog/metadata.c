// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes beside a frame (packet-flow 2). A VPort id, a filter id and a queue id of 0 is what a
 * frame without metadata says; and the PF has no other VPort than 0 to receive on.
 */
#include <criterion/criterion.h>

#include "core/util.h"
#include "tests/prog/lib_silicon.h"

#define VF_A   NICSW_SLOT_VF(0)
#define LENGTH 60u

static struct silicon silicon;

static void close_silicon(void)
{
	silicon_close(&silicon);
}

static void make_world(void)
{
	const __u32 live =
		NICSW_PORT_OPEN | NICSW_PORT_READY | NICSW_PORT_DIRECTED | NICSW_PORT_PEERS;
	struct nicsw_model_port ports[] = {
		[NICSW_SLOT_UPLINK] = {.port = {.flags = live}},
		[NICSW_SLOT_PF] = {.port = {.flags = live | NICSW_PORT_UNMATCHED}},
		[VF_A] = {.port = {.flags = live}, .vlan_set = {1}},
	};
	const struct nicsw_model_filter filters[] = {
		{{2, 0, 0, 0, 0, 1}, 0, NICSW_SLOT_PF},
		{{2, 0, 0, 0, 0, 2}, 0, VF_A},
	};
	const struct nicsw_model model = {.ports = ports,
					  .num_ports = ARRAY_SIZE(ports),
					  .filters = filters,
					  .num_filters = ARRAY_SIZE(filters)};

	cr_assert_eq(silicon_program(&silicon, &model), 0);
}

/* Bytes of metadata that a frame for 02:00:00:00:00:LAST has when the switch is done with it. */
static __u32 metadata_of(__u32 ingress, __u8 last, __u32 *ret_action)
{
	__u8 in[LENGTH] = {2, 0, 0, 0, 0, last, 2, 0, 0, 0, 0xff}, out[LENGTH + 64];
	struct xdp_md before = {.data_end = LENGTH}, after = {};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = in, .data_size_in = LENGTH,
		    .data_out = out, .data_size_out = sizeof(out), .ctx_in = &before,
		    .ctx_size_in = sizeof(before), .ctx_out = &after,
		    .ctx_size_out = sizeof(after));
	int program = bpf_program__fd(silicon.skeletons[ingress]->progs.nicsw_port);

	cr_assert_eq(bpf_prog_test_run_opts(program, &options), 0);
	*ret_action = options.retval;
	return after.data - after.data_meta;
}

/* FLOW-10, FLOW-14: with a filter and without one, at the PF and at a VF. */
Test(metadata, FLOW_14_no_ids_but_0, .fini = close_silicon)
{
	static const __u32 ingress[] = {NICSW_SLOT_UPLINK, NICSW_SLOT_PF, VF_A};

	silicon_require(&silicon, false);
	make_world();
	for (size_t i = 0; i < ARRAY_SIZE(ingress); i++)
		for (__u8 last = 1; last <= 3; last++) {
			__u32 action, metadata = metadata_of(ingress[i], last, &action);
			bool to_itself = (ingress[i] == NICSW_SLOT_PF && last == 1) ||
					 (ingress[i] == VF_A && last == 2);

			cr_expect_eq(action, (__u32)(to_itself ? XDP_DROP : XDP_REDIRECT));
			cr_expect_eq(metadata, 0, "ingress %u, destination %u: %u bytes",
				     ingress[i], last, metadata);
		}
}
