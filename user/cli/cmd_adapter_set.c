// SPDX-License-Identifier: GPL-2.0-only
/* `adapter set`: SR-IOV, and how all VFs of an adapter share and use the wire. One word a call:
 * each is a request of its own, and a failed one changes nothing (GEN-17). */
#include "cli/command.h"

#define ON_OFF_on 0u /* the first word of on|off */

static enum nicsw_exit tell(struct nicsw_cli *cli, const struct nicsw_arguments *arguments,
			    enum nicsw_control control, const __u32 *value)
{
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = control,
		.adapter = nicsw_word(arguments, NICSW_PARAMETER_NAME),
		.in = value,
		.in_length = sizeof(*value),
	};

	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_adapter_set(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments)
{
	const struct nicsw_adapter_rate rate = {
		.rate = nicsw_number(arguments, NICSW_PARAMETER_RATE)};
	const struct nicsw_adapter_switching switching = {
		.vepa = nicsw_number(arguments, NICSW_PARAMETER_VEPA) == ON_OFF_on};

	const struct nicsw_adapter_set set = {
		.sriov = nicsw_number(arguments, NICSW_PARAMETER_SRIOV)};

	if (nicsw_given(arguments, NICSW_PARAMETER_SRIOV))
		return tell(cli, arguments, NICSW_CONTROL_ADAPTER_SET, &set.sriov);
	if (nicsw_given(arguments, NICSW_PARAMETER_RATE))
		return tell(cli, arguments, NICSW_CONTROL_ADAPTER_RATE, &rate.rate);
	return tell(cli, arguments, NICSW_CONTROL_ADAPTER_VEPA, &switching.vepa);
}
