// SPDX-License-Identifier: GPL-2.0-only
#include "pf/block.h"

#include <endian.h>
#include <nicsw/blocks.h>
#include <nicsw/ndis.h>

#include "pf/commit.h"
#include "pf/fault.h"
#include "pf/pf.h"

#define ACCESS_read  false
#define ACCESS_write true

static const struct {
	bool exists;
	bool writable;
	__u32 length;
} blocks[NICSW_BLOCKS] = {
#define X(id, NAME, name, length, access) [id] = {true, ACCESS_##access, length},
	NICSW_CONFIG_BLOCKS(X)
#undef X
};

static void fill_mac_address(const struct nicsw_change *change, __u32 vf, __u8 *block)
{
	const struct nicsw_vf_record *record = nicsw_change_view(change, NICSW_MAP_VFS, vf);

	memcpy(block, record->current_mac, sizeof(record->current_mac));
}

static void fill_vport_configuration(const struct nicsw_change *change, __u32 vport, __u8 *block)
{
	struct nicsw_block_vport_configuration configuration = {.vport_id = htole32(vport)};
	const struct nicsw_vport_record *record;

	if (vport != NICSW_NONE) {
		record = nicsw_change_view(change, NICSW_MAP_VPORTS, vport);
		configuration.vport_state = htole32(record->vport_state);
		configuration.num_queue_pairs = htole32(record->queue_pairs);
	}
	memcpy(block, &configuration, sizeof(configuration));
}

static void fill(const struct nicsw_change *change, __u32 vf, __u32 vport,
		 struct nicsw_block_record *record)
{
	fill_mac_address(change, vf, record->data[NICSW_CONFIG_BLOCK_MAC_ADDRESS]);
	fill_vport_configuration(change, vport,
				 record->data[NICSW_CONFIG_BLOCK_VPORT_CONFIGURATION]);
}

void nicsw_pf_blocks_reset(struct nicsw_change *change, __u32 vf, __u32 vport)
{
	struct nicsw_block_record *record = nicsw_change_blocks(change, vf);

	memset(record, 0, sizeof(*record));
	fill(change, vf, vport, record);
}

void nicsw_pf_blocks_refresh(struct nicsw_change *change, __u32 vf, __u32 vport)
{
	struct nicsw_block_record *record = nicsw_change_blocks(change, vf);
	struct nicsw_block_record before = *record;
	__u32 id;

	fill(change, vf, vport, record);
	for (id = 0; id < NICSW_BLOCKS; id++)
		if (memcmp(before.data[id], record->data[id], sizeof(before.data[id])))
			record->invalidated |= 1ull << id;
}

int nicsw_pf_block_check(__u32 id, __u32 length, bool write, struct nicsw_error *error)
{
	if (id >= NICSW_BLOCKS || !blocks[id].exists)
		return nicsw_fail(error, -EINVAL, "BLK-4", "there is no config block %u", id);
	if (length > VPCI_MAX_READ_WRITE_BLOCK_SIZE)
		return nicsw_fail(error, -EINVAL, "BLK-8", "%u bytes: a transfer has at most %u",
				  length, VPCI_MAX_READ_WRITE_BLOCK_SIZE);
	if (length > blocks[id].length)
		return nicsw_fail(error, -EINVAL, "BLK-9", "%u bytes: config block %u has %u",
				  length, id, blocks[id].length);
	if (write && !blocks[id].writable)
		return nicsw_fail(error, -EACCES, "BLK-11", "config block %u is read-only", id);
	return 0;
}

int nicsw_pf_block_read(const struct nicsw_adapter *adapter, __u32 vf, __u32 id, __u32 length,
			void *ret_data, struct nicsw_error *error)
{
	int result = nicsw_pf_block_check(id, length, false, error);

	if (!result)
		result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_BLOCK_READ, vf, error);
	if (result)
		return result;
	memcpy(ret_data, adapter->dataplane.maps.blocks[vf].data[id], length);
	return 0;
}

int nicsw_pf_block_write(struct nicsw_adapter *adapter, __u32 vf, __u32 id, __u32 length,
			 const void *data, struct nicsw_error *error)
{
	struct nicsw_change change;
	int result = nicsw_pf_block_check(id, length, true, error);

	if (!result)
		result = nicsw_pf_fault(adapter, NICSW_FAULT_FAIL_BLOCK_WRITE, vf, error);
	if (result)
		return result;
	nicsw_change_begin(&change, &adapter->dataplane, "block write");
	memcpy(nicsw_change_blocks(&change, vf)->data[id], data, length);
	return nicsw_pf_commit(&change, error);
}

static int invalidate(struct nicsw_adapter *adapter, __u32 vf, __u64 mask,
		      struct nicsw_error *error)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	struct nicsw_change change;

	if (vf >= maps->meta->total_vfs || maps->vfs[vf].state != NICSW_USED) /* INVAL-8 */
		return 0;
	if (!(mask & ~maps->blocks[vf].invalidated)) /* INVAL-10 */
		return 0;
	nicsw_change_begin(&change, &adapter->dataplane, "block invalidate");
	nicsw_change_blocks(&change, vf)->invalidated |= mask; /* INVAL-2 */
	return nicsw_pf_commit(&change, error);
}

int nicsw_pf_blocks_invalidate(struct nicsw_adapter *adapter, __u32 vf, __u64 mask,
			       struct nicsw_error *error)
{
	__u32 total_vfs = adapter->dataplane.maps.meta->total_vfs;
	int first = 0, result;
	__u32 i;

	mask &= NICSW_CONFIG_BLOCK_MASK; /* INVAL-9 */
	if (vf != SRIOV_INVALIDATE_BLOCK_ALL_VFS)
		return invalidate(adapter, vf, mask, error);
	for (i = 0; i < total_vfs; i++) { /* INVAL-11 */
		result = invalidate(adapter, i, mask, first ? NULL : error);
		if (result && !first)
			first = result;
	}
	return first;
}

int nicsw_pf_blocks_take(struct nicsw_adapter *adapter, __u32 vf, __u64 *ret_mask,
			 struct nicsw_error *error)
{
	__u64 mask = adapter->dataplane.maps.blocks[vf].invalidated;
	struct nicsw_change change;
	int result;

	nicsw_change_begin(&change, &adapter->dataplane, "block announce");
	nicsw_change_blocks(&change, vf)->invalidated = 0;
	result = nicsw_pf_commit(&change, error);
	if (!result)
		*ret_mask = mask;
	return result;
}
