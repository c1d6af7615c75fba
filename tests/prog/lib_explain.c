// SPDX-License-Identifier: GPL-2.0-only
#include "tests/prog/lib_explain.h"

#include "core/util.h"

static bool is_own(const struct bpf_map *map)
{
	static const char *const own[] = {"counters", "meters", "verdict"};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (strcmp(bpf_map__name(map), own[i]) == 0)
			return true;
	return false;
}

/* The tables are the silicon's; what the programs write is that of the first one that explains. */
static int share_maps(const struct explain *explain, struct explain_bpf *skeleton,
		      const struct silicon *silicon)
{
	const struct bpf_object *owner;
	struct bpf_map *map;
	int error;

	bpf_object__for_each_map(map, skeleton->obj)
	{
		if (bpf_map__is_internal(map) || (is_own(map) && !explain->maps))
			continue;
		owner = is_own(map) ? explain->maps->obj : silicon->maps->obj;
		error = bpf_map__reuse_fd(
			map, bpf_object__find_map_fd_by_name(owner, bpf_map__name(map)));
		if (error)
			return error;
	}
	return 0;
}

static int load_program(struct explain *explain, const struct silicon *silicon, __u32 slot)
{
	struct explain_bpf *skeleton = explain_bpf__open();
	int error;

	if (!skeleton)
		return -errno;
	explain->skeletons[slot] = skeleton;
	skeleton->rodata->nicsw_slot = slot;
	skeleton->rodata->nicsw_slot_words = SILICON_WORDS;
	skeleton->rodata->nicsw_bucket_bits = SILICON_BUCKET_BITS;
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_strip, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_egress_vepa, false);
	bpf_program__set_autoload(skeleton->progs.nicsw_tc_drop, false);
	bpf_map__set_max_entries(skeleton->maps.counters, SILICON_SLOTS);
	bpf_map__set_max_entries(skeleton->maps.meters, SILICON_SLOTS);
	error = share_maps(explain, skeleton, silicon);
	if (!error)
		error = explain_bpf__load(skeleton);
	if (!error && !explain->maps)
		explain->maps = skeleton;
	return error;
}

int explain_open(struct explain *explain, const struct silicon *silicon)
{
	int error = 0;

	*explain = (struct explain){};
	for (size_t i = 0; i < silicon_num_ingress && !error; i++)
		error = load_program(explain, silicon, silicon_ingress[i]);
	if (error)
		explain_close(explain);
	return error;
}

void explain_close(struct explain *explain)
{
	for (size_t i = 0; i < SILICON_SLOTS; i++)
		explain_bpf__destroy(explain->skeletons[i]);
	*explain = (struct explain){};
}

int explain_send(struct explain *explain, __u32 ingress, struct silicon_run *run,
		 struct nicsw_verdict *ret_verdict)
{
	struct nicsw_verdict nothing = {};
	int fd = bpf_map__fd(explain->maps->maps.verdict);
	__u32 key = 0;
	int error = bpf_map_update_elem(fd, &key, &nothing, 0);

	if (!error)
		error = silicon_run(bpf_program__fd(explain->skeletons[ingress]->progs.nicsw_port),
				    run);
	return error ? error : bpf_map_lookup_elem(fd, &key, ret_verdict);
}

int explain_counters(const struct explain *explain, __u32 slot, struct nicsw_counters *ret)
{
	int cpus = libbpf_num_possible_cpus();
	struct nicsw_counters parts[cpus];
	int error = bpf_map_lookup_elem(bpf_map__fd(explain->maps->maps.counters), &slot, parts);

	if (error)
		return error;
	*ret = (struct nicsw_counters){};
	for (int i = 0; i < cpus; i++)
		for (size_t k = 0; k < sizeof(*ret) / sizeof(__u64); k++)
			((__u64 *)ret)[k] += ((const __u64 *)&parts[i])[k];
	return 0;
}

int explain_counters_reset(struct explain *explain)
{
	int cpus = libbpf_num_possible_cpus();
	struct nicsw_counters parts[cpus];
	int error = 0;

	memset(parts, 0, sizeof(parts));
	for (__u32 slot = 0; slot < SILICON_SLOTS && !error; slot++)
		error = bpf_map_update_elem(bpf_map__fd(explain->maps->maps.counters), &slot, parts,
					    0);
	return error;
}
