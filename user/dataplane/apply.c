// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/apply.h"

#include <nicsw/faults.h>

#include "dataplane/dataplane.h"
#include "dataplane/derive.h"

#define STORE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)

/* Is the write inside its map? The journal is read back after a crash: trust nothing in it. */
static void *write_target(const struct nicsw_mapset *maps, const struct nicsw_journal_write *write)
{
	size_t size = nicsw_mapset_element_size(write->map);
	char *element = nicsw_mapset_element(maps, write->map, write->index);

	if (!element || write->offset > size || write->length > size - write->offset ||
	    write->data > NICSW_JOURNAL_BYTES || write->length > NICSW_JOURNAL_BYTES - write->data)
		return NULL;
	return element + write->offset;
}

static void write_records(struct nicsw_mapset *maps, const struct nicsw_journal *entry)
{
	__u32 i;

	for (i = 0; i < entry->num_writes && i < NICSW_JOURNAL_WRITES; i++) {
		void *target = write_target(maps, &entry->writes[i]);

		if (target)
			memcpy(target, entry->data + entry->writes[i].data,
			       entry->writes[i].length);
	}
}

/* The order is the point: the entry is whole before USED is seen, and the records before FREE. */
static void commit_records(struct nicsw_mapset *maps, const struct nicsw_journal *entry, __u32 used)
{
	struct nicsw_journal *journal = maps->journal;

	memcpy(journal->operation, entry->operation, sizeof(journal->operation));
	memcpy(journal->writes, entry->writes, sizeof(journal->writes));
	memcpy(journal->data, entry->data, used);
	journal->num_writes = entry->num_writes;
	STORE(journal->state, NICSW_USED);
	write_records(maps, journal);
	STORE(journal->state, NICSW_FREE);
}

int nicsw_apply_journal(struct nicsw_mapset *maps)
{
	if (maps->journal->state != NICSW_USED)
		return 0;
	write_records(maps, maps->journal);
	STORE(maps->journal->state, NICSW_FREE);
	return 1;
}

static void write_limit(struct nicsw_limit *limit, const struct nicsw_limit *new)
{
	STORE(limit->cost, new->cost);
	STORE(limit->burst, new->burst);
}

/* A port opens with its flags last and closes with its flags first: no frame meets a half-written
 * record. */
static void write_port(struct nicsw_port *port, const struct nicsw_port *new)
{
	STORE(port->flags, port->flags & new->flags);
	STORE(port->access_vid, new->access_vid);
	STORE(port->priority, new->priority);
	STORE(port->station, new->station);
	STORE(port->max_frame, new->max_frame);
	STORE(port->flood_class[0], new->flood_class[0]);
	STORE(port->flood_class[1], new->flood_class[1]);
	write_limit(&port->rate, &new->rate);
	write_limit(&port->share, &new->share);
	write_limit(&port->storm, &new->storm);
	memcpy(port->pad, new->pad, sizeof(port->pad));
	STORE(port->flags, new->flags);
}

/* Its device has the program that its group frames need (bpf/maps.bpf.h, tx_ports). */
static int change_port(struct nicsw_mapset *maps, __u32 slot, const struct nicsw_port *new)
{
	struct nicsw_port *port = &maps->ports[slot];
	bool form_changed = !port->access_vid != !new->access_vid ||
			    (port->flags ^ new->flags) & NICSW_PORT_VEPA;

	write_port(port, new);
	return form_changed ? maps->ops->device_follow(maps, slot) : 0;
}

static void write_member(struct nicsw_mapset *maps, const struct nicsw_step *step)
{
	__u64 *word = &maps->vlan_members[step->vid * maps->meta->slot_words + step->slot / 64];
	__u64 bit = 1ull << (step->slot % 64);

	STORE(*word, step->kind == NICSW_STEP_VLAN_JOIN ? *word | bit : *word & ~bit);
}

static int write_flood(struct nicsw_mapset *maps, __u32 vid)
{
	struct nicsw_slot_set members;
	bool has_members = nicsw_derive_flood(maps, vid, &members);

	if (vid == NICSW_FLOOD_BASE)
		has_members = members.words[0] != 0;
	return maps->ops->flood_set(maps, vid, has_members ? &members : NULL);
}

int nicsw_apply_step(struct nicsw_dataplane *dataplane, const struct nicsw_step *step)
{
	struct nicsw_mapset *maps = &dataplane->maps;

	switch (step->kind) {
	case NICSW_STEP_PORT:
		return change_port(maps, step->slot, &step->port);
	case NICSW_STEP_VLAN_JOIN:
	case NICSW_STEP_VLAN_LEAVE:
		write_member(maps, step);
		return 0;
	case NICSW_STEP_FLOOD:
		return write_flood(maps, step->vid);
	case NICSW_STEP_TABLE_SET:
		return nicsw_table_set(&dataplane->table, step->key, step->slot);
	case NICSW_STEP_TABLE_CLEAR:
		return nicsw_table_clear(&dataplane->table, step->key);
	}
	return -EINVAL;
}

/*
 * A write of the hardware that fails in the midst of an operation. Asked here only: what undoes the
 * operation is not to fail by the same knob.
 */
static int step_fault(struct nicsw_dataplane *dataplane, const struct nicsw_step *step)
{
	const struct nicsw_fault_record *faults = dataplane->maps.faults;

	/* Only who joins: leaving needs no room, and what releases things cannot fail (GEN-33). */
	if (step->kind == NICSW_STEP_FLOOD && step->widens &&
	    nicsw_fault_on(faults, NICSW_FAULT_FAIL_FLOOD, NICSW_FUNCTION_PF))
		return -EIO;
	/* Only a new entry: a move needs no room. */
	if (step->kind == NICSW_STEP_TABLE_SET &&
	    nicsw_fault_on(faults, NICSW_FAULT_FAIL_TABLE_FULL, NICSW_FUNCTION_PF) &&
	    nicsw_table_find(&dataplane->table, step->key) < 0)
		return -ENOSPC;
	return 0;
}

/* The last of a run of groups: they become visible together. */
static bool ends_floods(const struct nicsw_plan *plan, size_t i)
{
	return plan->steps[i].kind == NICSW_STEP_FLOOD &&
	       (i + 1 == plan->num_steps || plan->steps[i + 1].kind != NICSW_STEP_FLOOD);
}

static int apply_steps(struct nicsw_dataplane *dataplane, const struct nicsw_plan *plan)
{
	size_t i;
	int result;

	for (i = 0; i < plan->num_steps; i++) {
		result = step_fault(dataplane, &plan->steps[i]);
		if (!result)
			result = nicsw_apply_step(dataplane, &plan->steps[i]);
		if (!result && ends_floods(plan, i))
			result = dataplane->maps.ops->flood_flush(&dataplane->maps);
		if (result)
			return result;
	}
	return 0;
}

static void save_records(const struct nicsw_change *change, struct nicsw_journal *saved)
{
	const struct nicsw_mapset *maps = &change->dataplane->maps;
	__u32 i;

	memcpy(saved, &change->entry, offsetof(struct nicsw_journal, data));
	for (i = 0; i < saved->num_writes; i++)
		memcpy(saved->data + saved->writes[i].data, write_target(maps, &saved->writes[i]),
		       saved->writes[i].length);
}

static void index_filter(struct nicsw_dataplane *dataplane, __u32 filter, bool add)
{
	const struct nicsw_filter_record *record = &dataplane->maps.filters[filter];

	if (record->state != NICSW_USED || record->vport_id >= dataplane->index.num_vports)
		return;
	if (add)
		nicsw_filter_index_add(&dataplane->index, filter, record->vport_id);
	else
		nicsw_filter_index_remove(&dataplane->index, filter, record->vport_id);
}

/* The index follows the records: a filter or VPort record is about to change, or has changed. */
static void index_records(struct nicsw_dataplane *dataplane, const struct nicsw_journal *entry,
			  bool add)
{
	__u32 i;

	for (i = 0; i < entry->num_writes; i++) {
		if (entry->writes[i].map == NICSW_MAP_VPORTS)
			nicsw_dataplane_index_vport(dataplane, entry->writes[i].index, add);
		else if (entry->writes[i].map == NICSW_MAP_FILTERS)
			index_filter(dataplane, entry->writes[i].index, add);
	}
}

static bool frees_filter(const struct nicsw_mapset *maps, const struct nicsw_journal *entry)
{
	__u32 i;

	for (i = 0; i < entry->num_writes; i++)
		if (entry->writes[i].map == NICSW_MAP_FILTERS &&
		    maps->filters[entry->writes[i].index].state == NICSW_FREE)
			return true;
	return false;
}

static void write_and_index(struct nicsw_dataplane *dataplane, const struct nicsw_journal *entry,
			    __u32 used)
{
	__u32 lowest_free = dataplane->index.lowest_free;

	index_records(dataplane, entry, false);
	commit_records(&dataplane->maps, entry, used);
	index_records(dataplane, entry, true);
	/* A move frees no id: the next search need not begin at the moved filter. */
	if (!frees_filter(&dataplane->maps, entry))
		dataplane->index.lowest_free = lowest_free;
}

int nicsw_apply(struct nicsw_change *change, const struct nicsw_plan *plan)
{
	_cleanup_free_ struct nicsw_journal *saved = malloc(sizeof(*saved));
	struct nicsw_dataplane *dataplane = change->dataplane;
	int result;

	if (!saved)
		return -ENOMEM;
	save_records(change, saved);
	write_and_index(dataplane, &change->entry, change->used);
	result = apply_steps(dataplane, plan);
	if (result) {
		write_and_index(dataplane, saved, change->used);
		nicsw_dataplane_repair(dataplane);
	}
	return result;
}
