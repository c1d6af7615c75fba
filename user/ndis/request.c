// SPDX-License-Identifier: GPL-2.0-only
/* The order of validation is that of oids.md 0.1; handlers go on with identifiers (step 5). */
#include "ndis/oid_table.h"
#include "pf/adapter_reset.h"
#include "pf/capability.h"

static int find_row(struct nicsw_ndis_call *call)
{
	const struct nicsw_oid_request *request = call->request;
	const char *name = nicsw_oid_name(request->oid);
	bool on_vf = request->vf != NICSW_NONE;
	const struct nicsw_oid_row *row;

	if (!name)
		return nicsw_fail(call->error, -ENOSYS, NULL, "OID 0x%08x is unknown",
				  request->oid);
	row = nicsw_oid_row(request->oid, request->type);
	if (!row)
		return nicsw_fail(call->error, -EOPNOTSUPP, "GEN-25",
				  "%s is not for requests of type %u", name, request->type);
	if (row->refused)
		return nicsw_fail(call->error, -EOPNOTSUPP, row->refused, "%s is not supported",
				  name);
	if (!(row->flags & (on_vf ? NICSW_OID_VF : NICSW_OID_PF)))
		return nicsw_fail(call->error, -EOPNOTSUPP, "GEN-27",
				  "%s is not one of the OIDs of %s", name,
				  on_vf ? "a VF's adapter" : "the PF's adapter");
	if (row->flags & NICSW_OID_NDIS_ONLY && !request->as_ndis)
		return nicsw_fail(call->error, -EOPNOTSUPP, "GEN-24", "only NDIS may issue %s",
				  name);
	call->row = row;
	return 0;
}

/* The adapter of a VF is there while the VF is allocated (INVAL-7, LC-VF-2). */
static int check_vf(const struct nicsw_ndis_call *call)
{
	const struct nicsw_mapset *maps = &call->adapter->dataplane.maps;
	__u32 vf = call->request->vf;

	if (vf == NICSW_NONE)
		return 0;
	if (vf >= maps->meta->nic_switch.num_vfs || maps->vfs[vf].state != NICSW_USED)
		return nicsw_fail(call->error, -EOPNOTSUPP, "INVAL-7", "VF %u is not allocated",
				  vf);
	return 0;
}

/* Steps 1 and 2: feature gate, adapter state gate. */
static int check_adapter(const struct nicsw_ndis_call *call)
{
	struct nicsw_capability capability = call->row->flags & NICSW_OID_HARDWARE
						     ? nicsw_pf_hardware_capability(call->adapter)
						     : nicsw_pf_capability(call->adapter);
	int result;

	if (!capability.sriov_supported)
		return nicsw_fail(call->error, -EOPNOTSUPP, "GEN-1",
				  "the adapter does not support SR-IOV, or it is off");
	result = nicsw_pf_check_running(call->adapter, call->error);
	return result ? result : check_vf(call);
}

static bool has_input(const struct nicsw_oid_request *request)
{
	return request->type != NdisRequestQueryInformation || request->in_length;
}

static bool has_output(const struct nicsw_oid_request *request)
{
	return request->type != NdisRequestSetInformation;
}

static __u32 highest_revision(const struct nicsw_oid_row *row)
{
	__u32 revision = 1;

	while (revision < NICSW_OID_REVISIONS && row->lengths[revision])
		revision++;
	return revision;
}

/*
 * GEN-10: of a revision that is not known yet, the known prefix. A buffer too short for a header is
 * measured by the first; a query that brings none has no wish, and gets the highest.
 */
static void find_revision(struct nicsw_ndis_call *call, struct ndis_object_header *header)
{
	const struct nicsw_oid_row *row = call->row;
	__u32 revision = has_input(call->request) ? 1 : highest_revision(row);

	*header = (struct ndis_object_header){NDIS_OBJECT_TYPE_DEFAULT, revision,
					      row->lengths[revision - 1]};
	if (call->request->in_length >= sizeof(*header))
		memcpy(header, call->request->buffer, sizeof(*header));
	call->revision = MIN(MAX(header->revision, 1), highest_revision(row));
	call->fixed_length = row->lengths[call->revision - 1];
}

/* Step 3: the fixed part, in each direction (GEN-5), and what follows it always (GEN-4). */
static int check_lengths(struct nicsw_ndis_call *call)
{
	const struct nicsw_oid_request *request = call->request;
	int result = 0;

	if (has_input(request))
		result = nicsw_call_need(call, request->in_length, call->fixed_length, "GEN-3");
	if (!result && has_output(request))
		result = nicsw_call_need(call, request->out_length,
					 call->fixed_length + call->row->behind, "GEN-3");
	return result;
}

/* Step 4. */
static int check_header(const struct nicsw_ndis_call *call, const struct ndis_object_header *header)
{
	if (header->type != NDIS_OBJECT_TYPE_DEFAULT)
		return nicsw_fail(call->error, -EINVAL, "GEN-8", "header type 0x%02x, not 0x%02x",
				  header->type, NDIS_OBJECT_TYPE_DEFAULT);
	if (!header->revision || header->size < call->fixed_length)
		return nicsw_fail(call->error, -EINVAL, "GEN-9",
				  "header with revision %u and size %u, revision %u has %u",
				  header->revision, header->size, call->revision,
				  call->fixed_length);
	return 0;
}

static int check_buffer(struct nicsw_ndis_call *call)
{
	const struct nicsw_oid_request *request = call->request;
	struct ndis_object_header header;
	int result;

	if (!request->buffer && (request->in_length || request->out_length))
		return nicsw_fail(call->error, -EINVAL, "GEN-32", "there is no buffer");
	find_revision(call, &header);
	result = check_lengths(call);
	if (result)
		return result;
	return check_header(call, &header);
}

static int dispatch(struct nicsw_ndis_call *call)
{
	struct nicsw_oid_request *request = call->request;
	int result;

	result = find_row(call);
	if (!result)
		result = check_adapter(call);
	if (!result)
		result = check_buffer(call);
	if (result)
		return result;
	request->bytes_read = has_input(request) ? call->fixed_length : 0;
	request->bytes_written = has_output(request) ? call->fixed_length : 0;
	return call->row->handle(call);
}

__u32 nicsw_ndis_request(struct nicsw_adapter *adapter, struct nicsw_oid_request *request,
			 struct nicsw_error *error)
{
	struct nicsw_ndis_call call = {.adapter = adapter, .request = request, .error = error};
	int result;

	request->bytes_read = 0;
	request->bytes_written = 0;
	request->bytes_needed = 0;
	request->supported_revision = 0;
	result = dispatch(&call);
	if (!result) {
		request->supported_revision = call.revision; /* GEN-11 */
		return NDIS_STATUS_SUCCESS;
	}
	request->bytes_read = 0;
	request->bytes_written = 0;
	return nicsw_status_from_errno(result);
}
