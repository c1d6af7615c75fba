// SPDX-License-Identifier: GPL-2.0-only
#include "ndis/ownership.h"

static const char *asker(const struct nicsw_ndis_call *call)
{
	return call->request->owner ? call->request->owner : "";
}

int nicsw_ownership_record(const struct nicsw_ndis_call *call, char owner[NICSW_OWNER_SIZE])
{
	if (!nicsw_copy_text(owner, NICSW_OWNER_SIZE, asker(call)))
		return nicsw_fail(call->error, -EINVAL, "GEN-28",
				  "the owner's name is longer than %d characters",
				  NICSW_OWNER_SIZE - 1);
	return 0;
}

int nicsw_ownership_check(const struct nicsw_ndis_call *call, const char *owner, int code,
			  const char *rule, const char *what, __u32 id)
{
	if (call->request->force || nicsw_streq(owner, asker(call)))
		return 0;
	return nicsw_fail(call->error, code, rule, "%s %u belongs to '%s', not to '%s'", what, id,
			  owner, asker(call));
}

int nicsw_ownership_check_vport(const struct nicsw_ndis_call *call, __u32 vport, const char *rule)
{
	if (vport == NDIS_DEFAULT_VPORT_ID)
		return 0;
	return nicsw_ownership_check(call, call->adapter->dataplane.maps.vports[vport].owner,
				     -EINVAL, rule, "VPort", vport);
}
