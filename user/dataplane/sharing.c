// SPDX-License-Identifier: GPL-2.0-only
#include "dataplane/sharing.h"

#include "core/log.h"

#define NICSW_NO_DISPATCHER                                                                        \
	"libxdp's dispatcher cannot run here (BPF program type EXT is refused, or "                \
	"LIBXDP_SKIP_DISPATCHER is set)"

/* What each occupant means where a dispatcher is possible, and where it is not; NULL: come in. */
static const char *const refusals[][2] = {
	[NICSW_OCCUPANT_NONE] = {NULL, NULL},
	[NICSW_OCCUPANT_DISPATCHER] = {"it is shared, and " NICSW_NO_DISPATCHER, NULL},
	[NICSW_OCCUPANT_SINGLE] =
		{"somebody else uses it, and " NICSW_NO_DISPATCHER,
		 "somebody else uses it alone; loaded with xdp-loader the program "
		 "could share the uplink"},
	[NICSW_OCCUPANT_SWITCH] = {"it is the uplink of another adapter",
				   "it is the uplink of another adapter"},
};

static int look(const struct nicsw_dispatcher_ops *ops, __u32 ifindex, struct nicsw_hook *ret,
		struct nicsw_error *error)
{
	int result = ops->look(ifindex, ret);

	return result ? nicsw_fail(error, result, NULL,
				   "cannot tell which XDP program is there: %s", strerror(-result))
		      : 0;
}

static int refuse(const struct nicsw_dispatcher_ops *ops, const char *name,
		  const struct nicsw_hook *hook, struct nicsw_error *error)
{
	const char *refusal;

	if (hook->occupant == NICSW_OCCUPANT_NONE)
		return 0;
	refusal = refusals[hook->occupant][ops->possible()];
	return refusal ? nicsw_fail(error, -EBUSY, NULL, "uplink %s has an XDP program already: %s",
				    name, refusal)
		       : 0;
}

int nicsw_sharing_check(const struct nicsw_dispatcher_ops *ops, const char *name, __u32 ifindex,
			struct nicsw_error *error)
{
	struct nicsw_hook hook;
	int result = look(ops, ifindex, &hook, error);

	return result ? result : refuse(ops, name, &hook, error);
}

/* Native, else generic; whoever joins takes the mode that the others have. */
static int attach(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer,
		  const struct nicsw_hook *hook, bool *ret_generic, struct nicsw_error *error)
{
	bool joins = hook->occupant == NICSW_OCCUPANT_DISPATCHER;
	bool generic = joins && hook->generic;
	int result = ops->attach(sharer, generic, joins ? error : NULL);

	if (result && result != -ENOSYS && !joins) {
		generic = true;
		result = ops->attach(sharer, generic, error);
	}
	if (!result)
		*ret_generic = generic;
	return result;
}

int nicsw_sharing_attach(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer,
			 bool *ret_generic, struct nicsw_error *error)
{
	struct nicsw_hook hook;
	int result;

	if (!ops->possible())
		return -ENOSYS;
	result = look(ops, sharer->ifindex, &hook, error);
	if (!result)
		result = refuse(ops, sharer->meta->uplink, &hook, error);
	return result ? result : attach(ops, sharer, &hook, ret_generic, error);
}

/* Those that are left of an upgrade that was cut off go, too. */
static int detach_old(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer,
		      const __u32 *ids, int count)
{
	int result = 0, first = 0, i;

	for (i = 0; i < count; i++) {
		result = ops->detach(sharer->ifindex, ids[i]);
		first = first ? first : result;
	}
	return first;
}

int nicsw_sharing_upgrade(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer,
			  struct nicsw_error *error)
{
	__u32 ids[NICSW_DISPATCHER_PROGRAMS];
	struct nicsw_hook hook;
	int result, count = ops->find(sharer, ids);
	bool generic;

	if (count <= 0)
		return count ? nicsw_fail(error, count, NULL, "programs of the uplink: %s",
					  strerror(-count))
			     : -ENOENT;
	result = look(ops, sharer->ifindex, &hook, error);
	if (result)
		return result;
	hook.occupant = NICSW_OCCUPANT_DISPATCHER;
	/* The new one first: while both are there one of them has each frame, and no frame meets
	 * none. */
	result = attach(ops, sharer, &hook, &generic, error);
	if (result)
		return result;
	result = detach_old(ops, sharer, ids, count);
	return result ? nicsw_fail(error, result, NULL, "the uplink's old program stays: %s",
				   strerror(-result))
		      : 0;
}

void nicsw_sharing_detach(const struct nicsw_dispatcher_ops *ops, const struct nicsw_sharer *sharer)
{
	__u32 ids[NICSW_DISPATCHER_PROGRAMS];
	int result, count = ops->find(sharer, ids);

	if (count <= 0)
		return;
	result = detach_old(ops, sharer, ids, count);
	if (result)
		nicsw_log(LOG_WARNING, "the uplink's program stays behind its dispatcher: %s",
			  strerror(-result));
}
