// SPDX-License-Identifier: GPL-2.0-only
#include <sys/random.h>

#include "ndis/ids.h"
#include "ndis/oid_table.h"
#include "ndis/ownership.h"
#include "pf/pf.h"

static int check_identifiers(const struct nicsw_ndis_call *call,
			     const struct ndis_nic_switch_vf_parameters *parameters)
{
	int result;

	result = nicsw_ids_switch(call, parameters->switch_id, "ALLOC-VF-3");
	if (result)
		return result;
	if (parameters->vf_id != NDIS_INVALID_VF_FUNCTION_ID)
		return nicsw_fail(call->error, -EINVAL, "ALLOC-VF-4",
				  "VFId %u: the PF chooses it, it must be 0xffff on input",
				  parameters->vf_id);
	if (parameters->requestor_id != NDIS_INVALID_RID)
		return nicsw_fail(call->error, -EINVAL, "ALLOC-VF-5",
				  "RequestorId 0x%08x: it must be 0xffffffff on input",
				  parameters->requestor_id);
	return 0;
}

static int check_mac(const struct nicsw_ndis_call *call, const __u8 *mac, const char *member)
{
	static const __u8 zero[NICSW_MAC_SIZE];

	if (mac[0] & 1)
		return nicsw_fail(call->error, -EINVAL, "ALLOC-VF-10", "%s is a group address",
				  member);
	if (!memcmp(mac, zero, sizeof(zero)))
		return nicsw_fail(call->error, -EINVAL, "ALLOC-VF-10", "%s is all zero", member);
	return 0;
}

static int read_macs(const struct nicsw_ndis_call *call,
		     const struct ndis_nic_switch_vf_parameters *parameters,
		     struct nicsw_vf_record *wanted)
{
	int result;

	if (parameters->mac_address_length != NICSW_MAC_SIZE)
		return nicsw_fail(call->error, -EINVAL, "ALLOC-VF-9",
				  "MacAddressLength %u: it is %u for Ethernet",
				  parameters->mac_address_length, NICSW_MAC_SIZE);
	result = check_mac(call, parameters->permanent_mac_address, "PermanentMacAddress");
	if (!result)
		result = check_mac(call, parameters->current_mac_address, "CurrentMacAddress");
	if (result)
		return result;
	memcpy(wanted->permanent_mac, parameters->permanent_mac_address, NICSW_MAC_SIZE);
	memcpy(wanted->current_mac, parameters->current_mac_address, NICSW_MAC_SIZE);
	return 0;
}

static int read_names(struct nicsw_ndis_call *call,
		      const struct ndis_nic_switch_vf_parameters *parameters,
		      struct nicsw_vf_record *wanted)
{
	int result;

	result = nicsw_call_text(call, &parameters->vm_name, "VMName", &wanted->vm_name);
	if (!result)
		result = nicsw_call_text(call, &parameters->vm_friendly_name, "VMFriendlyName",
					 &wanted->vm_friendly_name);
	if (!result)
		result = nicsw_call_text(call, &parameters->nic_name, "NicName", &wanted->nic_name);
	return result;
}

static bool serial_number_used(const struct nicsw_mapset *maps, __u32 serial_number)
{
	__u32 vf;

	for (vf = 0; vf < maps->meta->nic_switch.num_vfs; vf++)
		if (maps->vfs[vf].state == NICSW_USED &&
		    maps->vfs[vf].serial_number == serial_number)
			return true;
	return false;
}

/*
 * It is for the virtualization stack to choose, before it asks for the VF (ALLOC-VF-29). For one
 * that did not, a random one: a child partition may have VFs of several adapters, and no two with
 * the same number (SERIAL-3).
 */
static int read_serial_number(const struct nicsw_ndis_call *call, __u32 *ret)
{
	const struct nicsw_mapset *maps = &call->adapter->dataplane.maps;
	__u32 number = call->request->serial_number;

	while (!number ||
	       (number != call->request->serial_number && serial_number_used(maps, number)))
		if (getrandom(&number, sizeof(number), 0) != sizeof(number) && errno != EINTR)
			return nicsw_fail(call->error, -EIO, "SERIAL-3", "no random numbers: %s",
					  strerror(errno));
	*ret = number;
	return 0;
}

int nicsw_oid_allocate_vf(struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_vf_parameters parameters;
	struct nicsw_vf_record wanted = {};
	__u32 vf = 0;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = check_identifiers(call, &parameters);
	if (!result)
		result = read_macs(call, &parameters, &wanted);
	if (!result)
		result = read_names(call, &parameters, &wanted);
	if (!result)
		result = nicsw_ownership_record(call, wanted.owner);
	if (!result)
		result = read_serial_number(call, &wanted.serial_number);
	if (!result)
		result = nicsw_pf_vf_allocate(call->adapter, &wanted, &vf, call->error);
	if (result)
		return result;
	nicsw_call_write(call, ndis_nic_switch_vf_parameters, vf_id, vf);
	nicsw_call_write(call, ndis_nic_switch_vf_parameters, requestor_id,
			 nicsw_pf_rid(call->adapter, vf));
	return 0;
}

int nicsw_oid_free_vf(struct nicsw_ndis_call *call)
{
	const struct nicsw_vf_record *vfs = call->adapter->dataplane.maps.vfs;
	struct ndis_nic_switch_free_vf_parameters parameters;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_vf(call, parameters.vf_id, "FREE-VF-3", "FREE-VF-4");
	if (!result)
		result = nicsw_ownership_check(call, vfs[parameters.vf_id].owner, -EINVAL, "GEN-28",
					       "VF", parameters.vf_id); /* FREE-VF-13 */
	if (result)
		return result;
	return nicsw_pf_vf_free(call->adapter, parameters.vf_id, call->error);
}

static void describe_vf(const struct nicsw_adapter *adapter, __u32 vf,
			struct ndis_nic_switch_vf_parameters *info)
{
	const struct nicsw_vf_record *record = &adapter->dataplane.maps.vfs[vf];

	*info = (struct ndis_nic_switch_vf_parameters){
		.header = nicsw_element_header(sizeof(*info)),
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.vm_name = record->vm_name,
		.vm_friendly_name = record->vm_friendly_name,
		.nic_name = record->nic_name,
		.mac_address_length = NICSW_MAC_SIZE,
		.vf_id = vf,
		.requestor_id = nicsw_pf_rid(adapter, vf),
	};
	memcpy(info->permanent_mac_address, record->permanent_mac, NICSW_MAC_SIZE);
	memcpy(info->current_mac_address, record->current_mac, NICSW_MAC_SIZE);
}

static int check_enum(const struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_vf_info_array array;

	nicsw_call_read(call, &array, sizeof(array));
	/* Whether the flag asks for it or not (ENUM-VF-3, ENUM-VF-4). */
	if (array.switch_id != NDIS_DEFAULT_SWITCH_ID)
		return nicsw_fail(call->error, -EINVAL, "ENUM-VF-3",
				  "switch %u: there is only switch 0", array.switch_id);
	if (array.flags & ~NDIS_NIC_SWITCH_VF_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH)
		return nicsw_fail(call->error, -EINVAL, "ENUM-VF-8", "unknown flags 0x%08x",
				  array.flags);
	return 0;
}

/* Allocated VFs only (ENUM-VF-6), in ascending order (ENUM-VF-7). */
int nicsw_oid_enum_vfs(struct nicsw_ndis_call *call)
{
	const struct nicsw_mapset *maps = &call->adapter->dataplane.maps;
	const size_t elements = offsetof(struct ndis_nic_switch_vf_info_array, elements);
	struct ndis_nic_switch_vf_parameters info;
	__u32 vf, count = 0, i = 0;
	int result;

	result = check_enum(call);
	if (result)
		return result;
	for (vf = 0; vf < maps->meta->nic_switch.num_vfs; vf++)
		count += maps->vfs[vf].state == NICSW_USED;
	result = nicsw_call_array_begin(call, elements, count, sizeof(info), "ENUM-VF-2");
	if (result)
		return result;
	for (vf = 0; i < count; vf++) {
		if (maps->vfs[vf].state != NICSW_USED)
			continue;
		describe_vf(call->adapter, vf, &info);
		nicsw_call_array_put(call, elements, i++, &info);
	}
	return 0;
}

/* What ENUM_VFS says of it, too; the request's own header and reserved Flags stay (GEN-18). */
int nicsw_oid_get_vf_parameters(struct nicsw_ndis_call *call)
{
	struct ndis_nic_switch_vf_parameters parameters, info;
	int result;

	nicsw_call_read(call, &parameters, sizeof(parameters));
	result = nicsw_ids_vf(call, parameters.vf_id, "PARAM-VF-3", "PARAM-VF-3");
	if (result)
		return result;
	describe_vf(call->adapter, parameters.vf_id, &info);
	info.header = parameters.header;
	info.flags = parameters.flags;
	nicsw_call_write_all(call, &info);
	return 0;
}
