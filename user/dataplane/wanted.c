// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/wanted.h"

static void collect_members(const struct nicsw_meta *meta, __u32 slot,
			    const struct nicsw_vlan_set *vlans, __u64 *members)
{
	__u32 word;

	for (word = 0; word < ARRAY_SIZE(vlans->words); word++) {
		__u64 left = vlans->words[word];

		for (; left; left &= left - 1) {
			__u32 vid = word * 64 + __builtin_ctzll(left);

			members[vid * meta->slot_words + slot / 64] |= 1ull << (slot % 64);
		}
	}
}

static void derive_ports(const struct nicsw_meta *meta, struct nicsw_wanted *wanted)
{
	struct nicsw_vlan_set vlans;
	__u32 slot;

	for (slot = 0; slot < meta->slots; slot++) {
		nicsw_derive_port(wanted->view, slot, &wanted->ports[slot], &vlans);
		collect_members(meta, slot, &vlans, wanted->members);
	}
}

static int compare_keys(const void *a, const void *b)
{
	__u64 left = ((const struct nicsw_wanted_entry *)a)->key;
	__u64 right = ((const struct nicsw_wanted_entry *)b)->key;

	return left < right ? -1 : left > right;
}

static int compare_entries(const void *a, const void *b)
{
	const struct nicsw_wanted_entry *left = a, *right = b;
	int order = compare_keys(a, b);

	return order ? order : (left->vport > right->vport) - (left->vport < right->vport);
}

static void collect_entries(const struct nicsw_mapset *maps, struct nicsw_wanted *wanted)
{
	struct nicsw_derived_entry derived[NICSW_DERIVED_ENTRIES];
	struct nicsw_wanted_entry *next = wanted->entries;
	__u32 filter, i, count;

	next->slot = NICSW_SLOT_PF;
	if (nicsw_derive_station(wanted->view, &next->key))
		next++;
	for (filter = 1; filter <= maps->meta->max_filters; filter++) {
		count = nicsw_derive_entries(wanted->view, filter, derived);
		for (i = 0; i < count; i++)
			*next++ = (struct nicsw_wanted_entry){
				.key = derived[i].key,
				.slot = derived[i].slot,
				.vport = maps->filters[filter].vport_id};
	}
	wanted->num_entries = next - wanted->entries;
}

/* No request makes two filters alike (SET-RF-28); of damaged records the lowest VPort has the
 * frames (FWD-3). */
static void derive_entries(const struct nicsw_mapset *maps, struct nicsw_wanted *wanted)
{
	struct nicsw_wanted_entry *entries = wanted->entries;
	size_t i, kept = 0;

	collect_entries(maps, wanted);
	qsort(entries, wanted->num_entries, sizeof(*entries), compare_entries);
	for (i = 0; i < wanted->num_entries; i++)
		if (!kept || entries[kept - 1].key != entries[i].key)
			entries[kept++] = entries[i];
	wanted->num_entries = kept;
}

int nicsw_wanted_derive(struct nicsw_dataplane *dataplane, struct nicsw_wanted *ret)
{
	const struct nicsw_meta *meta = dataplane->maps.meta;
	struct nicsw_wanted wanted = {};

	wanted.view = malloc(sizeof(*wanted.view));
	wanted.ports = aligned_alloc(64, meta->slots * sizeof(*wanted.ports));
	wanted.members = calloc((size_t)NICSW_VLANS * meta->slot_words, sizeof(*wanted.members));
	/* The last filter may leave one entry of its two unused, but is given room for both. */
	wanted.entries = calloc((dataplane->index.num_filters + 1) * NICSW_DERIVED_ENTRIES,
				sizeof(*wanted.entries));
	if (!wanted.view || !wanted.ports || !wanted.members || !wanted.entries) {
		nicsw_wanted_free(&wanted);
		return -ENOMEM;
	}
	nicsw_change_begin(wanted.view, dataplane, "wanted");
	derive_ports(meta, &wanted);
	derive_entries(&dataplane->maps, &wanted);
	*ret = wanted;
	return 0;
}

void nicsw_wanted_free(struct nicsw_wanted *wanted)
{
	free(wanted->view);
	free(wanted->ports);
	free(wanted->members);
	free(wanted->entries);
	memset(wanted, 0, sizeof(*wanted));
}

bool nicsw_wanted_has(const struct nicsw_wanted *wanted, __u64 key)
{
	const struct nicsw_wanted_entry entry = {.key = key};

	return bsearch(&entry, wanted->entries, wanted->num_entries, sizeof(entry), compare_keys);
}
