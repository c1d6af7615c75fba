// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/control.h"

#include <net/if.h>

#include "core/link.h"
#include "daemon/capture.h"
#include "daemon/examine.h"
#include "daemon/release.h"
#include "daemon/vf_setting.h"
#include "ndis/ndis.h"
#include "ndis/oid_table.h"
#include "pf/adapter_reset.h"
#include "pf/capability.h"
#include "pf/fault.h"
#include "pf/iommu.h"
#include "pf/pf.h"
#include "pf/policy.h"
#include "pf/stats.h"
#include "pf/why.h"

/* What a handler works with; it fills payload and length, or fails with error. */
struct call {
	struct nicsw_registry *registry;
	const struct nicsw_peer *peer;
	const struct nicsw_wire_request *request;
	struct nicsw_response *response;
	struct nicsw_error *error;
};

static const void *payload_of(const struct call *call)
{
	return nicsw_wire_payload(call->request);
}

static int find_adapter(const struct call *call, struct nicsw_adapter **ret)
{
	return nicsw_registry_find(call->registry, call->request->adapter, ret, call->error);
}

/* One that takes requests: GEN-15 holds for what NDIS has no OID for, too. */
static int find_running_adapter(const struct call *call, struct nicsw_adapter **ret)
{
	int result = find_adapter(call, ret);

	return result ? result : nicsw_pf_check_running(*ret, call->error);
}

/* Room for a list of `count` elements as the payload; zeroed. */
static void *reply_list(const struct call *call, size_t count, size_t size)
{
	if (count > NICSW_WIRE_OUT_MAX / size) {
		nicsw_fail(call->error, -EMSGSIZE, NULL, "the list is too long for one answer");
		return NULL;
	}
	call->response->payload = calloc(count ? count : 1, size);
	if (!call->response->payload) {
		nicsw_fail(call->error, -ENOMEM, NULL, "out of memory");
		return NULL;
	}
	call->response->reply.length = count * size;
	return call->response->payload;
}

/* ---- adapters -----------------------------------------------------------------------------------
 */

static int adapter_add(const struct call *call)
{
	const struct nicsw_adapter_add *add = payload_of(call);
	struct nicsw_adapter_settings settings = {.name = call->request->adapter,
						  .uplink = add->uplink,
						  .total_vfs = add->total_vfs,
						  .takeover = add->flags & NICSW_ADD_TAKEOVER};

	return nicsw_registry_add(call->registry, &settings, call->response->reply.text,
				  sizeof(call->response->reply.text), call->error);
}

static int adapter_del(const struct call *call)
{
	return nicsw_registry_del(call->registry, call->request->adapter, call->error);
}

static int adapter_set(const struct call *call)
{
	const struct nicsw_adapter_set *set = payload_of(call);

	if (set->sriov > 1)
		return nicsw_fail(call->error, -EINVAL, NULL, "sriov %u is neither 0 nor 1",
				  set->sriov);
	return nicsw_registry_set_sriov(call->registry, call->request->adapter, set->sriov,
					call->request->flags & NICSW_WIRE_FORCE, call->error);
}

static int adapter_reset(const struct call *call)
{
	return nicsw_registry_reset(call->registry, call->request->adapter,
				    &call->response->pending, call->error);
}

enum nicsw_uplink_state nicsw_uplink_state(const struct nicsw_meta *meta)
{
	struct nicsw_link link;

	if (nicsw_link_get(NULL, meta->uplink_ifindex, &link))
		return NICSW_UPLINK_MISSING;
	return (link.flags & IFF_UP) && link.carrier ? NICSW_UPLINK_UP : NICSW_UPLINK_DOWN;
}

static void describe_adapter(const struct nicsw_adapter *adapter, struct nicsw_adapter_status *ret)
{
	const struct nicsw_meta *meta = adapter->dataplane.maps.meta;
	const struct nicsw_switch_settings stored = nicsw_pf_switch_stored(adapter);

	snprintf(ret->name, sizeof(ret->name), "%s", adapter->name);
	memcpy(ret->uplink, meta->uplink, sizeof(ret->uplink));
	ret->uplink_state = nicsw_uplink_state(meta);
	ret->generic = meta->uplink_generic;
	ret->total_vfs = meta->total_vfs;
	ret->num_vfs = nicsw_sriov_num_vfs(adapter->dataplane.maps.config_space[0]);
	ret->rid = nicsw_pf_rid(adapter, NICSW_FUNCTION_PF);
	ret->mtu = meta->mtu;
	memcpy(ret->mac, meta->pf_mac, sizeof(ret->mac));
	ret->switch_exists = meta->nic_switch.state == NICSW_USED;
	ret->sriov = nicsw_pf_capability(adapter).sriov_supported;
	ret->stored_num_vfs = stored.num_vfs;
	ret->stored_queue_pairs = stored.default_queue_pairs;
	ret->stored_name = stored.name;
	ret->rate = meta->rate;
	ret->vepa = !!(meta->features & NICSW_FEATURE_VEPA);
}

/* All, or the one that is named. */
static int adapter_list(const struct call *call)
{
	const char *name = call->request->adapter;
	struct nicsw_adapter_status *list;
	struct nicsw_adapter *adapter;
	size_t i, count = 0;
	int result;

	if (name[0]) {
		result = find_adapter(call, &adapter);
		if (result)
			return result;
	}
	while (nicsw_registry_at(call->registry, count))
		count++;
	list = reply_list(call, name[0] ? 1 : count, sizeof(*list));
	if (!list)
		return call->error->code;
	if (name[0])
		describe_adapter(adapter, list);
	for (i = 0; !name[0] && i < count; i++)
		describe_adapter(nicsw_registry_at(call->registry, i), &list[i]);
	return 0;
}

/* ---- VFs ----------------------------------------------------------------------------------------
 */

static void request_owner(const struct call *call, char owner[NICSW_OWNER_SIZE])
{
	if (call->request->owner[0])
		snprintf(owner, NICSW_OWNER_SIZE, "%.*s", NICSW_OWNER_SIZE - 1,
			 call->request->owner);
	else if (call->peer->owner[0])
		snprintf(owner, NICSW_OWNER_SIZE, "%s", call->peer->owner);
	else
		snprintf(owner, NICSW_OWNER_SIZE, "cli:%u", (unsigned int)call->peer->uid);
}

/* GEN-28 holds for the netdev as it does for the VF. */
static int check_vf_owner(const struct call *call, const struct nicsw_adapter *adapter, __u32 vf)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	char owner[NICSW_OWNER_SIZE];

	if (vf >= maps->meta->total_vfs || maps->vfs[vf].state != NICSW_USED ||
	    (call->request->flags & NICSW_WIRE_FORCE))
		return 0;
	request_owner(call, owner);
	if (strncmp(maps->vfs[vf].owner, owner, NICSW_OWNER_SIZE) == 0)
		return 0;
	return nicsw_fail(call->error, -EINVAL, "GEN-28", "VF %u belongs to %s, not to %s", vf,
			  maps->vfs[vf].owner, owner);
}

static int vf_attach(const struct call *call)
{
	const struct nicsw_vf_attach *attach = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_running_adapter(call, &adapter);

	if (!result)
		result = check_vf_owner(call, adapter, attach->vf_id);
	if (result)
		return result;
	return nicsw_pf_vf_attach(adapter, attach->vf_id, attach->netns,
				  attach->dev[0] ? attach->dev : "eth0", call->error);
}

static int vf_detach(const struct call *call)
{
	const struct nicsw_vf_detach *detach = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_running_adapter(call, &adapter);

	if (!result)
		result = check_vf_owner(call, adapter, detach->vf_id);
	return result ? result : nicsw_pf_vf_detach(adapter, detach->vf_id, call->error);
}

static void describe_vf(const struct nicsw_adapter *adapter, __u32 vf, struct nicsw_vf_status *ret)
{
	const struct nicsw_mapset *maps = &adapter->dataplane.maps;
	const struct nicsw_vf_record *record = &maps->vfs[vf];

	ret->vf_id = vf;
	ret->rid = nicsw_pf_rid(adapter, vf);
	ret->vport_id = nicsw_pf_vf_vport(adapter, vf);
	ret->flags = record->flags;
	/* NDIS numbers D-states from 1 (PCI-106). */
	ret->power_state =
		nicsw_function_effective_power(maps->config_space[0], maps->config_space[vf + 1]) +
		1;
	memcpy(ret->current_mac, record->current_mac, sizeof(ret->current_mac));
	memcpy(ret->permanent_mac, record->permanent_mac, sizeof(ret->permanent_mac));
	memcpy(ret->owner, record->owner, sizeof(ret->owner));
	memcpy(ret->netns, record->netns, sizeof(ret->netns));
	memcpy(ret->dev, record->dev, sizeof(ret->dev));
	ret->vm_friendly_name = record->vm_friendly_name;
	ret->policy = record->policy;
}

static int vf_list(const struct call *call)
{
	struct nicsw_vf_status *list;
	struct nicsw_adapter *adapter;
	__u32 vf, total, count = 0;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	total = adapter->dataplane.maps.meta->total_vfs;
	for (vf = 0; vf < total; vf++)
		count += adapter->dataplane.maps.vfs[vf].state == NICSW_USED;
	list = reply_list(call, count, sizeof(*list));
	if (!list)
		return call->error->code;
	for (vf = 0; vf < total; vf++)
		if (adapter->dataplane.maps.vfs[vf].state == NICSW_USED)
			describe_vf(adapter, vf, list++);
	return 0;
}

static int vf_set(const struct call *call)
{
	const struct nicsw_vf_setting *setting = payload_of(call);
	struct nicsw_policy policy = {};
	struct nicsw_adapter *adapter;
	int result = find_running_adapter(call, &adapter);

	if (!result)
		result = check_vf_owner(call, adapter, setting->vf_id);
	if (result)
		return result;
	if (setting->vf_id < adapter->dataplane.maps.meta->total_vfs)
		policy = adapter->dataplane.maps.vfs[setting->vf_id].policy;
	nicsw_vf_setting_merge(setting, &policy);
	return nicsw_pf_policy_set(adapter, setting->vf_id, &policy, call->error);
}

static int adapter_rate(const struct call *call)
{
	const struct nicsw_adapter_rate *rate = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_running_adapter(call, &adapter);

	return result ? result : nicsw_pf_rate_set(adapter, rate->rate, call->error);
}

static int adapter_vepa(const struct call *call)
{
	const struct nicsw_adapter_switching *switching = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_running_adapter(call, &adapter);

	return result ? result : nicsw_pf_vepa_set(adapter, switching->vepa, call->error);
}

/* ---- filters ------------------------------------------------------------------------------------
 */

static void describe_filter(const struct nicsw_adapter *adapter, __u32 filter,
			    struct nicsw_filter_status *ret)
{
	const struct nicsw_filter_record *record = &adapter->dataplane.maps.filters[filter];

	ret->filter_id = filter;
	ret->vport_id = record->vport_id;
	ret->flags = record->flags;
	ret->vlan = record->vlan;
	memcpy(ret->mac, record->mac, sizeof(ret->mac));
	memcpy(ret->owner, record->owner, sizeof(ret->owner));
}

static int filter_list(const struct call *call)
{
	const struct nicsw_list_range *range = payload_of(call);
	struct nicsw_filter_status *list;
	const struct nicsw_filter_record *filters;
	struct nicsw_adapter *adapter;
	__u32 filter, last, count = 0, most;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	filters = adapter->dataplane.maps.filters;
	last = adapter->dataplane.maps.meta->max_filters;
	most = range->most ? range->most : last;
	for (filter = MAX(range->first, 1u); filter <= last && count < most; filter++)
		count += filters[filter].state == NICSW_USED;
	list = reply_list(call, count, sizeof(*list));
	if (!list)
		return call->error->code;
	for (filter = MAX(range->first, 1u); count; filter++) {
		if (filters[filter].state != NICSW_USED)
			continue;
		describe_filter(adapter, filter, list++);
		count--;
	}
	return 0;
}

/* ---- counters -----------------------------------------------------------------------------------
 */

static int stats(const struct call *call)
{
	struct nicsw_adapter *adapter;
	int result = find_adapter(call, &adapter);
	struct nicsw_port_stats *list;

	if (result)
		return result;
	list = reply_list(call, nicsw_pf_stats_most(adapter), sizeof(*list));
	if (!list)
		return call->error->code;
	result = nicsw_pf_stats(adapter, list);
	if (result < 0)
		return nicsw_fail(call->error, result, NULL, "counters: %s", strerror(-result));
	call->response->reply.length = result * sizeof(*list);
	return 0;
}

/* ---- functions ----------------------------------------------------------------------------------
 */

static int function_dump(const struct call *call)
{
	const struct nicsw_function_query *query = payload_of(call);
	struct nicsw_function_image *image;
	struct nicsw_adapter *adapter;
	const __u8 *space;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	space = nicsw_device_space(&adapter->device, query->function);
	if (!space)
		return nicsw_fail(call->error, -EINVAL, "PCI-11", "there is no VF %u",
				  query->function);
	image = reply_list(call, 1, sizeof(*image));
	if (!image)
		return call->error->code;
	image->function = query->function;
	image->rid = nicsw_pf_rid(adapter, query->function);
	result = nicsw_function_image(&adapter->device, adapter->dataplane.maps.config_space[0],
				      query->function, space, image->config);
	if (result)
		return nicsw_fail(call->error, result, "PCI-22", "VF %u is not enabled",
				  query->function);
	return 0;
}

static int iommu(const struct call *call)
{
	const struct nicsw_function_query *query = payload_of(call);
	struct nicsw_iommu_image *image;
	const struct nicsw_mapset *maps;
	struct nicsw_adapter *adapter;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	maps = &adapter->dataplane.maps;
	if (query->function >= maps->meta->total_vfs ||
	    maps->vfs[query->function].state != NICSW_USED)
		return nicsw_fail(call->error, -EINVAL, NULL, "VF %u is not allocated",
				  query->function);
	image = reply_list(call, 1, sizeof(*image));
	if (!image)
		return call->error->code;
	image->vf_id = query->function;
	image->rid = nicsw_pf_rid(adapter, query->function);
	image->record = maps->iommu[query->function];
	return 0;
}

/* An adapter, and a VF of it that is the caller's (GEN-28) or nobody's. */
static int find_own_vf(const struct call *call, __u32 vf, struct nicsw_adapter **ret)
{
	int result = find_running_adapter(call, ret);

	return result ? result : check_vf_owner(call, *ret, vf);
}

static int iommu_map(const struct call *call)
{
	const struct nicsw_iommu_map *map = payload_of(call);
	struct nicsw_iommu_mapping mapping = {.iova = map->iova,
					      .length = map->length,
					      .address = map->address,
					      .permissions = map->permissions};
	struct nicsw_adapter *adapter;
	int result = find_own_vf(call, map->vf_id, &adapter);

	if (result)
		return result;
	return nicsw_pf_iommu_map(adapter, map->vf_id, &mapping, call->error);
}

static int iommu_unmap(const struct call *call)
{
	const struct nicsw_iommu_unmap *unmap = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_own_vf(call, unmap->vf_id, &adapter);

	if (result)
		return result;
	return nicsw_pf_iommu_unmap(adapter, unmap->vf_id, unmap->iova, unmap->length, call->error);
}

/* Is there a VF with that block? That is the PF driver's to say, but for ids without a bit. */
static int block_invalidate(const struct call *call)
{
	const struct nicsw_block_invalidate *invalidate = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_running_adapter(call, &adapter);

	if (!result)
		result = check_vf_owner(call, adapter, invalidate->vf_id);
	if (result)
		return result;
	if (invalidate->block_id >= 64)
		return nicsw_fail(call->error, -EINVAL, "INVAL-5",
				  "block %u cannot be invalidated: the mask has 64 bits",
				  invalidate->block_id);
	return nicsw_pf_blocks_invalidate(adapter, invalidate->vf_id, 1ull << invalidate->block_id,
					  call->error);
}

/* ---- OIDs ---------------------------------------------------------------------------------------
 */

/* One element for each OID, with all its request types. */
static int oid_list(const struct call *call)
{
	struct nicsw_oid_support *list = reply_list(call, nicsw_num_oid_rows, sizeof(*list));
	size_t row, at, count = 0;

	if (!list)
		return call->error->code;
	for (row = 0; row < nicsw_num_oid_rows; row++) {
		for (at = 0; at < count && list[at].oid != nicsw_oid_rows[row].oid;)
			at++;
		list[at].oid = nicsw_oid_rows[row].oid;
		list[at].kinds |= 1u << nicsw_oid_rows[row].type;
		count = MAX(count, at + 1);
	}
	call->response->reply.length = count * sizeof(*list);
	return 0;
}

/* ---- connections --------------------------------------------------------------------------------
 */

/* The server gives the connection its name; here only whether it has none yet. */
static int bind_objects(const struct call *call)
{
	if (!call->peer->owner[0])
		return 0;
	return nicsw_fail(call->error, -EALREADY, NULL, "the connection is bound already");
}

/* ---- capture ------------------------------------------------------------------------------------
 */

/* The server ends it with the connection. */
static int capture(const struct call *call)
{
	struct nicsw_adapter *adapter;
	int result = find_adapter(call, &adapter);

	return result ? result
		      : nicsw_captures_begin(adapter, call->peer, payload_of(call), call->response,
					     call->error);
}

/* ---- events -------------------------------------------------------------------------------------
 */

/* The server makes a stream of the connection; here only whether there is what is asked for. */
static int subscribe(const struct call *call)
{
	struct nicsw_adapter *adapter;

	return call->request->adapter[0] ? find_adapter(call, &adapter) : 0;
}

/* ---- fault knobs --------------------------------------------------------------------------------
 */

static int fault_list(const struct call *call)
{
	struct nicsw_fault_record *list;
	struct nicsw_adapter *adapter;
	__u32 count;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	count = adapter->dataplane.maps.meta->total_vfs + 1;
	list = reply_list(call, count, sizeof(*list));
	if (!list)
		return call->error->code;
	memcpy(list, adapter->dataplane.maps.faults, count * sizeof(*list));
	return 0;
}

static int fault_set(const struct call *call)
{
	const struct nicsw_fault_setting *setting = payload_of(call);
	struct nicsw_adapter *adapter;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	return nicsw_pf_fault_set(adapter, setting->knob, setting->vf_id, setting->on, call->error);
}

/* ---- doctor -------------------------------------------------------------------------------------
 */

static int doctor(const struct call *call)
{
	const struct nicsw_examination *examination = payload_of(call);
	struct nicsw_findings findings = {};
	int result = nicsw_examine(call->registry, call->request->adapter, examination->state,
				   &findings, call->error);

	if (!result && !reply_list(call, findings.count, sizeof(*findings.list)))
		result = call->error->code;
	if (!result && findings.count)
		memcpy(call->response->payload, findings.list,
		       findings.count * sizeof(*findings.list));
	free(findings.list);
	return result;
}

/* ---- frames -------------------------------------------------------------------------------------
 */

static int why(const struct call *call)
{
	struct nicsw_why_answer *answer;
	struct nicsw_adapter *adapter;
	int result = find_adapter(call, &adapter);

	if (result)
		return result;
	answer = reply_list(call, 1, sizeof(*answer));
	if (!answer)
		return call->error->code;
	return nicsw_pf_why(adapter, payload_of(call), answer, call->error);
}

/* ---- dispatch -----------------------------------------------------------------------------------
 */

static int (*const handlers[])(const struct call *call) = {
#define X(number, NAME, name, access, request, reply) [number] = name,
	NICSW_CONTROLS(X)
#undef X
};

static int check_privilege(const struct call *call, bool write)
{
	const __u32 root_only = NICSW_WIRE_AS_NDIS | NICSW_WIRE_FORCE;

	if (write && !call->peer->may_write)
		return nicsw_fail(call->error, -EPERM, NULL,
				  "not permitted: be root or in the group nicsw");
	if ((call->request->flags & root_only) && call->peer->uid != 0)
		return nicsw_fail(call->error, -EPERM, NULL, "not permitted: be root");
	return nicsw_release_check_owner(call->request->owner, call->error);
}

static __u32 handle_control(const struct call *call)
{
	const struct nicsw_wire_control *control = nicsw_wire_control(call->request->code);
	int result = check_privilege(call, control->write);

	if (!result)
		result = handlers[call->request->code](call);
	return nicsw_status_from_errno(result);
}

static int prepare_oid(const struct call *call, struct nicsw_oid_request *oid)
{
	const struct nicsw_wire_request *request = call->request;
	size_t room = MAX(request->in_length, request->out_length);

	if (request->out_length > NICSW_WIRE_OUT_MAX)
		return nicsw_fail(call->error, -EINVAL, NULL, "answers have at most %u bytes",
				  NICSW_WIRE_OUT_MAX);
	/* Zeroed: what lies beyond the input must hold no secret. */
	call->response->payload = calloc(1, room ? room : 1);
	if (!call->response->payload)
		return nicsw_fail(call->error, -ENOMEM, NULL, "out of memory");
	memcpy(call->response->payload, payload_of(call), request->in_length);
	oid->oid = request->code;
	oid->type = request->type;
	oid->vf = request->vf;
	oid->as_ndis = request->flags & NICSW_WIRE_AS_NDIS;
	oid->force = request->flags & NICSW_WIRE_FORCE;
	oid->buffer = call->response->payload;
	oid->in_length = request->in_length;
	oid->out_length = request->out_length;
	return 0;
}

static void reply_oid(const struct call *call, const struct nicsw_oid_request *oid, __u32 status)
{
	struct nicsw_wire_reply *reply = &call->response->reply;

	reply->bytes_read = oid->bytes_read;
	reply->bytes_written = oid->bytes_written;
	reply->bytes_needed = oid->bytes_needed;
	reply->supported_revision = oid->supported_revision;
	if (status == NDIS_STATUS_SUCCESS)
		reply->length = MIN(oid->bytes_written, oid->out_length);
}

static __u32 handle_oid(const struct call *call)
{
	struct nicsw_oid_request oid = {};
	char owner[NICSW_OWNER_SIZE];
	struct nicsw_adapter *adapter;
	__u32 status;
	int result =
		check_privilege(call, !nicsw_oid_reads(call->request->code, call->request->type));

	if (!result)
		result = find_adapter(call, &adapter);
	if (!result)
		result = prepare_oid(call, &oid);
	if (result)
		return nicsw_status_from_errno(result);
	request_owner(call, owner);
	oid.owner = owner;
	status = nicsw_ndis_request(adapter, &oid, call->error);
	reply_oid(call, &oid, status);
	return status;
}

void nicsw_control_handle(struct nicsw_registry *registry, const struct nicsw_peer *peer,
			  const struct nicsw_wire_request *request,
			  struct nicsw_response *ret_response)
{
	struct nicsw_error error = {};
	struct call call = {.registry = registry,
			    .peer = peer,
			    .request = request,
			    .response = ret_response,
			    .error = &error};
	__u32 status;

	memset(ret_response, 0, sizeof(*ret_response));
	nicsw_wire_begin_reply(request, &ret_response->reply);
	status = request->kind == NICSW_WIRE_OID ? handle_oid(&call) : handle_control(&call);
	if (status == NDIS_STATUS_SUCCESS)
		return;
	nicsw_wire_fail_reply(&ret_response->reply, status, &error);
	ret_response->reply.length = 0;
}
