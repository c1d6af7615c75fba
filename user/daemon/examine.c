// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/examine.h"

static int examine(struct nicsw_adapter *adapter, bool state, struct nicsw_findings *findings)
{
	return state ? nicsw_pf_examine_state(adapter, findings)
		     : nicsw_pf_examine(adapter, findings);
}

static int examine_all(struct nicsw_registry *registry, bool state, struct nicsw_findings *findings)
{
	struct nicsw_adapter *adapter;
	int result = 0;
	size_t i;

	for (i = 0; !result && (adapter = nicsw_registry_at(registry, i)); i++)
		result = examine(adapter, state, findings);
	return result;
}

int nicsw_examine(struct nicsw_registry *registry, const char *name, bool state,
		  struct nicsw_findings *findings, struct nicsw_error *error)
{
	struct nicsw_adapter *adapter = NULL;
	int result = name[0] ? nicsw_registry_find(registry, name, &adapter, error) : 0;

	if (result)
		return result;
	if (!state)
		result = nicsw_pf_examine_host(findings);
	if (!result)
		result = adapter ? examine(adapter, state, findings)
				 : examine_all(registry, state, findings);
	return result ? nicsw_fail(error, result, NULL, "the examination failed: %s",
				   strerror(-result))
		      : 0;
}
