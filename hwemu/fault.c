// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <nicsw/faults.h>
#include <stddef.h>

#define BIT(knob) (1ull << (knob))

_Static_assert(NICSW_FAULT_KNOBS <= 8 * sizeof(((struct nicsw_fault_record *)0)->knobs),
	       "a knob is one bit of the record");

static const struct nicsw_fault rows[NICSW_FAULT_KNOBS] = {
#define X(number, NAME, name, scope, operation, rule, text)                                        \
	[number] = {#name, NICSW_FAULT_SCOPE_##scope, operation, rule, text},
	NICSW_FAULTS(X)
#undef X
};

const struct nicsw_fault *nicsw_fault_row(__u32 knob)
{
	return knob < NICSW_FAULT_KNOBS && rows[knob].name ? &rows[knob] : NULL;
}

bool nicsw_fault_on(const struct nicsw_fault_record *faults, enum nicsw_fault_knob knob,
		    __u32 function)
{
	__u64 knobs = faults[0].knobs;

	if (function != NICSW_FUNCTION_PF)
		knobs |= faults[1 + function].knobs;
	return knobs & BIT(knob);
}

/* One aligned store: whoever looks sees the knob on or off. */
static void store(struct nicsw_fault_record *record, __u32 knob, bool on)
{
	__u64 knobs = on ? record->knobs | BIT(knob) : record->knobs & ~BIT(knob);

	__atomic_store_n(&record->knobs, knobs, __ATOMIC_RELEASE);
}

static int set_one(struct nicsw_fault_record *faults, __u32 total_vfs, __u32 knob, __u32 vf,
		   bool on)
{
	if (rows[knob].scope == NICSW_FAULT_SCOPE_adapter)
		return -EINVAL;
	if (vf >= total_vfs)
		return -ERANGE;
	if (!on && (faults[0].knobs & BIT(knob)))
		return -EBUSY;
	store(&faults[1 + vf], knob, on);
	return 0;
}

int nicsw_fault_set(struct nicsw_fault_record *faults, __u32 total_vfs, __u32 knob, __u32 vf,
		    bool on)
{
	__u32 i;

	if (!nicsw_fault_row(knob))
		return -EINVAL;
	if (vf != NICSW_NONE)
		return set_one(faults, total_vfs, knob, vf, on);
	store(&faults[0], knob, on);
	for (i = 1; !on && i <= total_vfs; i++)
		store(&faults[i], knob, false);
	return 0;
}
