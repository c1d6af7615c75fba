// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/release.h"

#include "core/log.h"
#include "ndis/ndis.h"
#include "pf/pf.h"

int nicsw_release_check_owner(const char *owner, struct nicsw_error *error)
{
	if (strncmp(owner, NICSW_CONNECTION_OWNERS, strlen(NICSW_CONNECTION_OWNERS)))
		return 0;
	return nicsw_fail(error, -EINVAL, "GEN-28",
			  "owner names that begin with " NICSW_CONNECTION_OWNERS
			  " are of connections: their objects go with them");
}

struct release {
	struct nicsw_adapter *adapter;
	const char *owner;
	bool prefix;
};

static bool matches(const struct release *release, const char owner[NICSW_OWNER_SIZE])
{
	size_t length = release->prefix ? strlen(release->owner) : NICSW_OWNER_SIZE;

	return strncmp(owner, release->owner, length) == 0;
}

/* As the owner itself would ask (GEN-28). */
static void request(const struct release *release, __u32 oid, const char *owner, void *buffer,
		    size_t length)
{
	struct nicsw_oid_request request = {
		.oid = oid,
		.type = NdisRequestSetInformation,
		.vf = NICSW_NONE,
		.owner = owner,
		.buffer = buffer,
		.in_length = (__u32)length,
	};
	struct nicsw_error error = {};

	if (nicsw_ndis_request(release->adapter, &request, &error))
		nicsw_log(LOG_WARNING, "%s: an object of %s stays: %s", release->adapter->name,
			  owner, error.text);
}

static void clear_filters(const struct release *release)
{
	const struct nicsw_mapset *maps = &release->adapter->dataplane.maps;

	for (__u32 filter = 1; filter <= maps->meta->max_filters; filter++) {
		const struct nicsw_filter_record *record = &maps->filters[filter];
		struct ndis_receive_filter_clear_parameters parameters = {
			.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
				   NDIS_SIZEOF_RECEIVE_FILTER_CLEAR_PARAMETERS_REVISION_1},
			.filter_id = filter,
		};

		if (record->state == NICSW_USED && matches(release, record->owner))
			request(release, OID_RECEIVE_FILTER_CLEAR_FILTER, record->owner,
				&parameters, sizeof(parameters));
	}
}

static void delete_vports(const struct release *release)
{
	const struct nicsw_mapset *maps = &release->adapter->dataplane.maps;

	for (__u32 vport = 1; vport < NICSW_VPORTS(maps->meta->total_vfs); vport++) {
		const struct nicsw_vport_record *record = &maps->vports[vport];
		struct ndis_nic_switch_delete_vport_parameters parameters = {
			.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
				   NDIS_SIZEOF_NIC_SWITCH_DELETE_VPORT_PARAMETERS_REVISION_1},
			.vport_id = vport,
		};

		if (record->state == NICSW_USED && matches(release, record->owner))
			request(release, OID_NIC_SWITCH_DELETE_VPORT, record->owner, &parameters,
				sizeof(parameters));
	}
}

static void free_vfs(const struct release *release)
{
	const struct nicsw_mapset *maps = &release->adapter->dataplane.maps;

	for (__u32 vf = 0; vf < maps->meta->total_vfs; vf++) {
		const struct nicsw_vf_record *record = &maps->vfs[vf];
		struct ndis_nic_switch_free_vf_parameters parameters = {
			.header = {NDIS_OBJECT_TYPE_DEFAULT, 1,
				   NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1},
			.vf_id = (__u16)vf,
		};

		if (record->state != NICSW_USED || !matches(release, record->owner))
			continue;
		if (record->flags & NICSW_VF_ATTACHED)
			nicsw_pf_vf_detach(release->adapter, vf, NULL);
		request(release, OID_NIC_SWITCH_FREE_VF, record->owner, &parameters,
			sizeof(parameters));
	}
}

void nicsw_release_adapter(struct nicsw_adapter *adapter, const char *owner, bool prefix)
{
	const struct release release = {adapter, owner, prefix};

	clear_filters(&release);
	delete_vports(&release);
	free_vfs(&release);
}

void nicsw_release(struct nicsw_registry *registry, const char *owner, bool prefix)
{
	struct nicsw_adapter *adapter;

	for (size_t i = 0; (adapter = nicsw_registry_at(registry, i)); i++)
		nicsw_release_adapter(adapter, owner, prefix);
}
