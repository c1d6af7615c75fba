// SPDX-License-Identifier: GPL-2.0-only
#include <sys/random.h>

#include "cli/command.h"
#include "cli/policy_cells.h"

/* ---- allocate -----------------------------------------------------------------------------------
 */

/* A local, unicast address: what a hypervisor would take from its pool. */
static void random_mac(__u8 ret_mac[NICSW_MAC_SIZE])
{
	while (getrandom(ret_mac, NICSW_MAC_SIZE, 0) != NICSW_MAC_SIZE)
		;
	ret_mac[0] = (__u8)((ret_mac[0] & 0xfc) | 0x02);
}

static void set_vf_mac(struct ndis_nic_switch_vf_parameters *parameters,
		       const struct nicsw_arguments *arguments)
{
	__u8 mac[NICSW_MAC_SIZE];

	if (nicsw_given(arguments, NICSW_PARAMETER_VF_MAC))
		memcpy(mac, arguments->values[NICSW_PARAMETER_VF_MAC].mac, sizeof(mac));
	else
		random_mac(mac);
	parameters->mac_address_length = sizeof(mac);
	memcpy(parameters->permanent_mac_address, mac, sizeof(mac));
	memcpy(parameters->current_mac_address, mac, sizeof(mac));
}

/* The address is in the JSON only: on the line it would hide what the command is for. */
static enum nicsw_exit print_allocated(struct nicsw_cli *cli,
				       const struct ndis_nic_switch_vf_parameters *vf)
{
	static const struct nicsw_column columns[] = {
		{"vf_id", "vf", NICSW_OUT_NUMBER},
		{"rid", "rid", NICSW_OUT_HEX},
		{"address", "address", NICSW_OUT_ASIDE},
		{"current_mac_address", NULL, NICSW_OUT_TEXT},
	};
	struct nicsw_out *out = NULL;

	nicsw_out_new(columns, ARRAY_SIZE(columns), &out);
	if (out) {
		nicsw_out_number(out, vf->vf_id);
		nicsw_out_number(out, vf->requestor_id);
		nicsw_address_cell(out, vf->requestor_id);
		nicsw_mac_cell(out, vf->current_mac_address);
	}
	return nicsw_show(cli, out, NICSW_OUT_LINE);
}

enum nicsw_exit nicsw_cmd_vf_allocate(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments)
{
	const struct nicsw_text *name = &arguments->values[NICSW_PARAMETER_TEXT].counted;
	struct ndis_nic_switch_vf_parameters parameters = {
		.header = nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_VF_PARAMETERS_REVISION_1),
		.switch_id = NDIS_DEFAULT_SWITCH_ID,
		.vm_name = *name,
		.vm_friendly_name = *name,
		.vf_id = NDIS_INVALID_VF_FUNCTION_ID, /* ALLOC-VF-4 */
		.requestor_id = NDIS_INVALID_RID,     /* ALLOC-VF-5 */
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_ALLOCATE_VF,
		.type = NdisRequestMethod,
		.in = &parameters,
		.in_length = sizeof(parameters),
		.out_length = sizeof(parameters),
	};
	_cleanup_(nicsw_answer_clear) struct nicsw_answer answer = {0};
	enum nicsw_exit code;

	set_vf_mac(&parameters, arguments);
	code = nicsw_ask(cli, &ask, sizeof(parameters), &answer);
	return code ? code : print_allocated(cli, answer.payload);
}

/* ---- free, reset, power, attach, detach
 * ----------------------------------------------------------------
 */

enum nicsw_exit nicsw_cmd_vf_free(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct ndis_nic_switch_free_vf_parameters parameters = {
		.header = nicsw_header(1, NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1),
		.vf_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_NIC_SWITCH_FREE_VF,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_vf_reset(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct ndis_sriov_reset_vf_parameters parameters = {
		.header = nicsw_header(1, NDIS_SIZEOF_SRIOV_RESET_VF_PARAMETERS_REVISION_1),
		.vf_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_RESET_VF,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_vf_power(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	static const __u32 states[] = {NdisDeviceStateD0, NdisDeviceStateD3}; /* d0|d3 */
	struct ndis_sriov_set_vf_power_state_parameters parameters = {
		.header =
			nicsw_header(1, NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1),
		.vf_id = (__u16)nicsw_number(arguments, NICSW_PARAMETER_VF),
		.power_state = states[nicsw_number(arguments, NICSW_PARAMETER_POWER)],
		.wake_enable = nicsw_given(arguments, NICSW_PARAMETER_WAKE),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_OID,
		.code = OID_SRIOV_SET_VF_POWER_STATE,
		.type = NdisRequestSetInformation,
		.in = &parameters,
		.in_length = sizeof(parameters),
	};

	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_vf_attach(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_vf_attach attach = {
		.vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_VF_ATTACH,
		.in = &attach,
		.in_length = sizeof(attach),
	};

	nicsw_copy_text(attach.netns, sizeof(attach.netns),
			nicsw_word(arguments, NICSW_PARAMETER_NETNS));
	nicsw_copy_text(attach.dev, sizeof(attach.dev), nicsw_word(arguments, NICSW_PARAMETER_DEV));
	return nicsw_tell(cli, &ask);
}

enum nicsw_exit nicsw_cmd_vf_detach(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	struct nicsw_vf_detach detach = {
		.vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF),
	};
	struct nicsw_ask ask = {
		.kind = NICSW_WIRE_CONTROL,
		.code = NICSW_CONTROL_VF_DETACH,
		.in = &detach,
		.in_length = sizeof(detach),
	};

	return nicsw_tell(cli, &ask);
}

/* ---- show ---------------------------------------------------------------------------------------
 */

static const struct nicsw_column vf_columns[] = {
	{"vf_id", "VF", NICSW_OUT_NUMBER},
	{"rid", "RID", NICSW_OUT_HEX},
	{"address", "ADDRESS", NICSW_OUT_ASIDE},
	{"switch_id", NULL, NICSW_OUT_NUMBER},
	{"vm_friendly_name", "NAME", NICSW_OUT_TEXT},
	{"current_mac_address", "MAC", NICSW_OUT_TEXT},
	{"permanent_mac_address", NULL, NICSW_OUT_TEXT},
	{"vport_id", "VPORT", NICSW_OUT_NUMBER},
	{"state", "STATE", NICSW_OUT_TEXT},
	{"power_state", "POWER", NICSW_OUT_TEXT},
	{"netns", "NETNS", NICSW_OUT_TEXT},
	{"dev", "DEV", NICSW_OUT_TEXT},
	{"netdev", "NETDEV", NICSW_OUT_TEXT},
	{"owner", "OWNER", NICSW_OUT_TEXT},
	NICSW_POLICY_COLUMNS,
};

/* What stops it comes first. */
static const char *vf_state_name(const struct nicsw_vf_status *status)
{
	if (status->flags & NICSW_VF_LOST)
		return "lost";
	if (status->flags & NICSW_VF_RESETTING)
		return "resetting";
	if (status->flags & NICSW_VF_QUARANTINED)
		return "quarantined";
	if (status->power_state > NdisDeviceStateD0)
		return "low-power";
	return status->flags & NICSW_VF_ATTACHED ? "attached" : "allocated";
}

static const char *power_state_name(__u32 power_state)
{
	static const char *const names[] = {
		[NdisDeviceStateD0] = "d0",
		[NdisDeviceStateD1] = "d1",
		[NdisDeviceStateD2] = "d2",
		[NdisDeviceStateD3] = "d3",
	};

	return power_state < ARRAY_SIZE(names) && names[power_state] ? names[power_state]
								     : "unknown";
}

static void vf_text_cell(struct nicsw_out *out, const char *text, size_t size)
{
	char ended[NICSW_NETNS_SIZE + 1] = "";

	memcpy(ended, text, MIN(size, sizeof(ended) - 1));
	if (*ended)
		nicsw_out_text(out, ended);
	else
		nicsw_out_null(out);
}

/* What the guest has made of it, in words; null: nothing. */
static void netdev_cell(struct nicsw_out *out, __u32 flags)
{
	static const struct {
		__u32 flag;
		const char *name;
	} states[] = {
#define X(bit, NAME, name, text) {NICSW_NETDEV_##NAME, #name},
		NICSW_NETDEV_STATES(X)
#undef X
	};
	char words[96] = "";

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		size_t used = strlen(words);

		if (flags & states[i].flag)
			snprintf(words + used, sizeof(words) - used, "%s%s", used ? "," : "",
				 states[i].name);
	}
	vf_text_cell(out, words, strlen(words));
}

static void vf_row(struct nicsw_out *out, const struct nicsw_vf_status *status)
{
	nicsw_out_number(out, status->vf_id);
	nicsw_out_number(out, status->rid);
	nicsw_address_cell(out, status->rid);
	nicsw_out_number(out, NDIS_DEFAULT_SWITCH_ID); /* there is no other (GEN-19) */
	nicsw_counted_cell(out, &status->vm_friendly_name);
	nicsw_mac_cell(out, status->current_mac);
	nicsw_mac_cell(out, status->permanent_mac);
	nicsw_vport_cell(out, status->vport_id);
	nicsw_out_text(out, vf_state_name(status));
	nicsw_out_text(out, power_state_name(status->power_state));
	vf_text_cell(out, status->netns, sizeof(status->netns));
	vf_text_cell(out, status->dev, sizeof(status->dev));
	netdev_cell(out, status->flags);
	vf_text_cell(out, status->owner, sizeof(status->owner));
	nicsw_policy_cells(out, &status->policy);
}

enum nicsw_exit nicsw_cmd_vf_show(struct nicsw_cli *cli, const struct nicsw_arguments *arguments)
{
	bool one = nicsw_given(arguments, NICSW_PARAMETER_VF);
	__u32 vf_id = nicsw_number(arguments, NICSW_PARAMETER_VF);
	_cleanup_(nicsw_out_freep) struct nicsw_out *out = NULL;
	struct nicsw_list list = {0};
	enum nicsw_exit code = nicsw_ask_list(cli, NICSW_CONTROL_VF_LIST, NULL, &list);
	const struct nicsw_vf_status *vfs = list.answer.payload;
	size_t shown = 0;

	if (code)
		return code;
	nicsw_out_new(vf_columns, ARRAY_SIZE(vf_columns), &out);
	for (size_t i = 0; out && i < list.count; i++) {
		if (one && vfs[i].vf_id != vf_id)
			continue;
		vf_row(out, &vfs[i]);
		shown++;
	}
	nicsw_answer_clear(&list.answer);
	if (one && !shown)
		return nicsw_failed(cli, "VF %u is not allocated", vf_id);
	return nicsw_show(cli, TAKE_PTR(out), NICSW_OUT_TABLE);
}
