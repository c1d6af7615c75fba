// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/capture.h"

#include "core/log.h"
#include "dataplane/capture.h"
#include "dataplane/change.h"
#include "dataplane/derive.h"

static int vport_slot(struct nicsw_adapter *adapter, __u32 vport, __u32 *ret_slot,
		      struct nicsw_error *error)
{
	struct nicsw_change change;

	/* Never committed: only to look at the records. */
	nicsw_change_begin(&change, &adapter->dataplane, "capture");
	*ret_slot = nicsw_derive_vport_slot(&change, vport);
	return *ret_slot == NICSW_NONE
		       ? nicsw_fail(error, -EINVAL, NULL, "there is no VPort %u", vport)
		       : 0;
}

static int find_slot(struct nicsw_adapter *adapter, const struct nicsw_capture_settings *settings,
		     __u32 *ret_slot, struct nicsw_error *error)
{
	switch (settings->what) {
	case NICSW_CAPTURE_ALL:
		*ret_slot = NICSW_NONE;
		return 0;
	case NICSW_CAPTURE_UPLINK:
		*ret_slot = NICSW_SLOT_UPLINK;
		return 0;
	case NICSW_CAPTURE_VPORT:
		return vport_slot(adapter, settings->vport_id, ret_slot, error);
	}
	return nicsw_fail(error, -EINVAL, NULL, "what to capture: %u is not known", settings->what);
}

static int check(const struct nicsw_adapter *adapter, const struct nicsw_peer *peer,
		 const struct nicsw_capture_settings *settings, struct nicsw_error *error)
{
	if (settings->snap < NICSW_CAPTURE_SNAP_MIN || settings->snap > NICSW_CAPTURE_SNAP_MAX)
		return nicsw_fail(error, -EINVAL, NULL, "%u bytes of each frame: %u to %u",
				  settings->snap, NICSW_CAPTURE_SNAP_MIN, NICSW_CAPTURE_SNAP_MAX);
	if (settings->drops > 1)
		return nicsw_fail(error, -EINVAL, NULL, "drops is %u, not 0 or 1", settings->drops);
	if (peer->capture)
		return nicsw_fail(error, -EALREADY, NULL, "the connection captures already");
	if (adapter->capture)
		return nicsw_fail(error, -EBUSY, NULL,
				  "a capture of %s is running already: end that one first",
				  adapter->name);
	return 0;
}

static int begin(struct nicsw_adapter *adapter, const struct nicsw_capture_settings *settings,
		 __u32 slot, struct nicsw_response *response, struct nicsw_error *error)
{
	struct nicsw_capture *capture;
	int result = nicsw_capture_start(adapter->ports, adapter->dataplane.maps.meta, slot,
					 settings->snap, settings->drops, &capture, error);

	if (result)
		return result;
	result = nicsw_capture_share(capture, response->fds, error);
	if (result) {
		nicsw_capture_stop(capture);
		return result;
	}
	response->num_fds = 2;
	adapter->capture = capture;
	return 0;
}

int nicsw_captures_begin(struct nicsw_adapter *adapter, const struct nicsw_peer *peer,
			 const struct nicsw_capture_settings *settings,
			 struct nicsw_response *ret_response, struct nicsw_error *error)
{
	struct nicsw_capture_started *started;
	__u32 slot;
	int result = check(adapter, peer, settings, error);

	if (!result)
		result = find_slot(adapter, settings, &slot, error);
	if (result)
		return result;
	started = calloc(1, sizeof(*started));
	if (!started)
		return nicsw_fail(error, -ENOMEM, NULL, "out of memory");
	nicsw_copy_text(started->adapter, sizeof(started->adapter), adapter->name);
	started->ring_size = NICSW_CAPTURE_RING_SIZE;
	ret_response->payload = started;
	ret_response->reply.length = sizeof(*started);
	return begin(adapter, settings, slot, ret_response, error);
}

const struct nicsw_capture *nicsw_captures_of(struct nicsw_registry *registry, const char *name)
{
	struct nicsw_adapter *adapter;

	return nicsw_registry_find(registry, name, &adapter, NULL) ? NULL : adapter->capture;
}

static struct nicsw_adapter *find_adapter(struct nicsw_registry *registry,
					  const struct nicsw_capture *capture)
{
	struct nicsw_adapter *adapter;

	for (size_t i = 0; capture && (adapter = nicsw_registry_at(registry, i)); i++)
		if (adapter->capture == capture)
			return adapter;
	return NULL;
}

bool nicsw_captures_run(struct nicsw_registry *registry, const struct nicsw_capture *capture)
{
	return find_adapter(registry, capture);
}

void nicsw_captures_end(struct nicsw_registry *registry, const struct nicsw_capture *capture)
{
	struct nicsw_adapter *adapter = find_adapter(registry, capture);

	if (adapter)
		nicsw_capture_stop(TAKE_PTR(adapter->capture));
}

void nicsw_captures_follow(struct nicsw_registry *registry)
{
	struct nicsw_adapter *adapter;
	struct nicsw_error error = {};

	for (size_t i = 0; (adapter = nicsw_registry_at(registry, i)); i++)
		if (adapter->capture && nicsw_capture_follow(adapter->capture, &error))
			nicsw_log(LOG_WARNING, "%s: %s", adapter->name, error.text);
}
