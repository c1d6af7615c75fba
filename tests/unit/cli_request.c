// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every command: what it sends, what it prints for the answer. The table is held against the
 * command table: a command without a case here is a failure.
 */
#include <arpa/inet.h>

#include "cli_fake.h"

/* ---- canned answers -----------------------------------------------------------------------------
 */

static void answer_nothing(struct fake *fake)
{
	fake_answer(fake, NULL, 0);
}

static void answer_adapters(struct fake *fake)
{
	struct nicsw_adapter_status status = {.name = "nic0",
					      .total_vfs = 64,
					      .num_vfs = 2,
					      .stored_num_vfs = 48,
					      .stored_queue_pairs = 2,
					      .stored_name = {.length = 2, .units = {'s'}}};

	fake_answer(fake, &status, sizeof(status));
}

static void answer_adapters_then_nothing(struct fake *fake)
{
	answer_adapters(fake);
	answer_nothing(fake);
}

static void answer_empty_switches(struct fake *fake)
{
	struct ndis_nic_switch_info_array array = {
		.elements = {sizeof(array), 0, sizeof(struct ndis_nic_switch_info)}};

	fake_answer(fake, &array, sizeof(array));
}

static void answer_allocated(struct fake *fake)
{
	struct ndis_nic_switch_vf_parameters vf = {
		.vf_id = 3,
		.requestor_id = 0x0104,
		.current_mac_address = {2, 0, 0, 0, 0, 0x11},
	};

	fake_answer(fake, &vf, sizeof(vf));
}

static void answer_vport(struct fake *fake)
{
	struct ndis_nic_switch_vport_parameters vport = {.vport_id = 7};

	fake_answer(fake, &vport, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1);
}

static void answer_no_vports(struct fake *fake)
{
	struct ndis_nic_switch_vport_info_array array = {
		.elements = {sizeof(array), 0, sizeof(struct ndis_nic_switch_vport_info)}};

	fake_answer(fake, &array, sizeof(array));
	answer_nothing(fake);
}

static void answer_filter_set(struct fake *fake)
{
	struct ndis_receive_filter_parameters filter = {.filter_id = 9};

	fake_answer(fake, &filter, sizeof(filter));
}

static void answer_filter_at_2_then_nothing(struct fake *fake)
{
	struct nicsw_filter_status filter = {.filter_id = 9, .vport_id = 2};

	fake_answer(fake, &filter, sizeof(filter));
	answer_nothing(fake);
}

static void answer_config_space(struct fake *fake)
{
	unsigned char bytes[24] = {[20] = 0xff, 0xff, 0x01, 0xa0};

	fake_answer(fake, bytes, sizeof(bytes));
}

static void answer_image(struct fake *fake, __u32 function)
{
	struct nicsw_function_image image = {.rid = 0x100 + (function & 0xff),
					     .function = function};

	fake_answer(fake, &image, sizeof(image));
}

static void answer_dumps(struct fake *fake)
{
	answer_adapters(fake);
	answer_image(fake, NICSW_FUNCTION_PF);
	answer_image(fake, 0);
	answer_image(fake, 1);
}

/* ---- what was asked -----------------------------------------------------------------------------
 */

static void expect_asked(const struct fake *fake, size_t index, enum nicsw_wire_kind kind,
			 __u32 code, __u32 type, __u32 flags)
{
	const struct nicsw_wire_request *request = &fake->asked[index].request;

	cr_expect_eq(request->kind, kind);
	cr_expect_eq(request->code, code, "%x", request->code);
	cr_expect_eq(request->type, type);
	cr_expect_eq(request->flags, flags);
}

static void expect_oid(const struct fake *fake, size_t index, enum ndis_oid oid,
		       enum ndis_request_type type)
{
	expect_asked(fake, index, NICSW_WIRE_OID, oid, type, 0);
}

static void expect_control(const struct fake *fake, size_t index, enum nicsw_control control)
{
	expect_asked(fake, index, NICSW_WIRE_CONTROL, control, 0, 0);
}

/* GEN-8, GEN-9: the header a structure of that revision must have. */
static void expect_header(const struct fake *fake, size_t index, __u8 revision, __u16 size)
{
	const struct ndis_object_header *header = (const void *)fake->asked[index].in;

	cr_expect_eq(header->type, NDIS_OBJECT_TYPE_DEFAULT);
	cr_expect_eq(header->revision, revision);
	cr_expect_eq(header->size, size);
	cr_expect_geq(fake->asked[index].request.in_length, size);
}

#define IN(fake, index, type) ((const struct type *)(fake)->asked[index].in)

static void check_adapter_add(const struct fake *fake)
{
	const struct nicsw_adapter_add *add = IN(fake, 0, nicsw_adapter_add);

	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_ADD);
	cr_expect_str_eq(fake->asked[0].request.adapter, "nic0");
	cr_expect_str_eq(add->uplink, "wire0");
	cr_expect_eq(add->total_vfs, 64);
	cr_expect_eq(add->flags, NICSW_ADD_TAKEOVER);
}

static void check_adapter_add_defaults(const struct fake *fake)
{
	cr_expect_eq(IN(fake, 0, nicsw_adapter_add)->total_vfs, 0);
	cr_expect_eq(IN(fake, 0, nicsw_adapter_add)->flags, 0,
		     "no takeover that was not asked for");
}

/* GEN-24: CREATE_SWITCH and DELETE_SWITCH are requests of NDIS itself. */
static void check_switch_create(const struct fake *fake)
{
	const struct ndis_nic_switch_parameters *in = IN(fake, 0, ndis_nic_switch_parameters);

	expect_asked(fake, 0, NICSW_WIRE_OID, OID_NIC_SWITCH_CREATE_SWITCH, NdisRequestMethod,
		     NICSW_WIRE_AS_NDIS);
	expect_header(fake, 0, 2, NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2);
	cr_expect_eq(in->switch_type, NdisNicSwitchTypeExternal);
	cr_expect_eq(in->num_vfs, 8);
	cr_expect_eq(in->num_queue_pairs_for_default_vport, 4);
	cr_expect_eq(in->switch_friendly_name.length, 4);
	cr_expect_eq(in->switch_friendly_name.units[1], 'b');
	cr_expect_geq(fake->asked[0].request.out_length,
		      NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2);
}

static void check_switch_create_all(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_LIST);
	cr_expect_eq(IN(fake, 1, ndis_nic_switch_parameters)->num_vfs, 48);
	cr_expect_eq(IN(fake, 1, ndis_nic_switch_parameters)->num_queue_pairs_for_default_vport, 2);
	cr_expect_eq(IN(fake, 1, ndis_nic_switch_parameters)->switch_friendly_name.length, 2);
}

static void check_switch_delete(const struct fake *fake)
{
	expect_asked(fake, 0, NICSW_WIRE_OID, OID_NIC_SWITCH_DELETE_SWITCH,
		     NdisRequestSetInformation, NICSW_WIRE_AS_NDIS);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_DELETE_SWITCH_PARAMETERS_REVISION_1);
}

static void check_switch_show(const struct fake *fake)
{
	expect_oid(fake, 0, OID_NIC_SWITCH_ENUM_SWITCHES, NdisRequestQueryInformation);
}

/* ALLOC-VF-4, ALLOC-VF-5, ALLOC-VF-9. */
static void check_vf_allocate(const struct fake *fake)
{
	static const __u8 mac[] = {2, 0, 0, 0, 0, 0x11};
	const struct ndis_nic_switch_vf_parameters *in = IN(fake, 0, ndis_nic_switch_vf_parameters);

	expect_oid(fake, 0, OID_NIC_SWITCH_ALLOCATE_VF, NdisRequestMethod);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_VF_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vf_id, NDIS_INVALID_VF_FUNCTION_ID);
	cr_expect_eq(in->requestor_id, NDIS_INVALID_RID);
	cr_expect_eq(in->mac_address_length, 6);
	cr_expect_arr_eq(in->permanent_mac_address, mac, sizeof(mac));
	cr_expect_arr_eq(in->current_mac_address, mac, sizeof(mac));
	cr_expect_eq(in->vm_friendly_name.length, 6);
	cr_expect_eq(in->vm_friendly_name.units[2], '1');
}

/* ALLOC-VF-10: neither a group address nor all zero. */
static void check_vf_allocate_random(const struct fake *fake)
{
	const struct ndis_nic_switch_vf_parameters *in = IN(fake, 0, ndis_nic_switch_vf_parameters);

	cr_expect_eq(in->permanent_mac_address[0] & 3, 2, "local unicast");
	cr_expect_arr_eq(in->permanent_mac_address, in->current_mac_address, 6);
}

static void check_vf_free(const struct fake *fake)
{
	expect_oid(fake, 0, OID_NIC_SWITCH_FREE_VF, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1);
	cr_expect_eq(IN(fake, 0, ndis_nic_switch_free_vf_parameters)->vf_id, 3);
}

static void check_vf_show(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_VF_LIST);
}

static void check_vf_reset(const struct fake *fake)
{
	expect_oid(fake, 0, OID_SRIOV_RESET_VF, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_SRIOV_RESET_VF_PARAMETERS_REVISION_1);
	cr_expect_eq(IN(fake, 0, ndis_sriov_reset_vf_parameters)->vf_id, 3);
}

static void check_vf_attach(const struct fake *fake)
{
	const struct nicsw_vf_attach *attach = IN(fake, 0, nicsw_vf_attach);

	expect_control(fake, 0, NICSW_CONTROL_VF_ATTACH);
	cr_expect_eq(attach->vf_id, 3);
	cr_expect_str_eq(attach->netns, "/run/netns/vm1");
	cr_expect_str_eq(attach->dev, "eth1");
}

static void check_vf_attach_pid(const struct fake *fake)
{
	cr_expect_str_eq(IN(fake, 0, nicsw_vf_attach)->netns, "pid:42");
	cr_expect_str_eq(IN(fake, 0, nicsw_vf_attach)->dev, "", "the daemon's default");
}

static void check_vf_attach_path(const struct fake *fake)
{
	cr_expect_str_eq(IN(fake, 0, nicsw_vf_attach)->netns, "/proc/1/ns/net");
}

static void check_vf_detach(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_VF_DETACH);
	cr_expect_eq(IN(fake, 0, nicsw_vf_detach)->vf_id, 3);
}

/* CREATE-VP-4, CREATE-VP-11, CREATE-VP-16. */
static void check_vport_create(const struct fake *fake)
{
	const struct ndis_nic_switch_vport_parameters *in =
		IN(fake, 0, ndis_nic_switch_vport_parameters);

	expect_oid(fake, 0, OID_NIC_SWITCH_CREATE_VPORT, NdisRequestMethod);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vport_id, 0);
	cr_expect_eq(in->attached_function_id, 3);
	cr_expect_eq(in->num_queue_pairs, 1);
	cr_expect_eq(in->vport_state, NdisNicSwitchVPortStateActivated);
}

static void check_vport_delete(const struct fake *fake)
{
	expect_oid(fake, 0, OID_NIC_SWITCH_DELETE_VPORT, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_DELETE_VPORT_PARAMETERS_REVISION_1);
	cr_expect_eq(IN(fake, 0, ndis_nic_switch_delete_vport_parameters)->vport_id, 7);
}

static void check_vport_show(const struct fake *fake)
{
	expect_oid(fake, 0, OID_NIC_SWITCH_ENUM_VPORTS, NdisRequestMethod);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_VPORT_INFO_ARRAY_REVISION_1);
	expect_control(fake, 1, NICSW_CONTROL_FILTER_LIST);
}

static const struct ndis_receive_filter_field_parameters *field(const struct fake *fake,
								size_t index)
{
	const struct ndis_receive_filter_parameters *in =
		IN(fake, 0, ndis_receive_filter_parameters);

	cr_assert_leq(in->field_parameters_array_offset + (index + 1) * 56,
		      fake->asked[0].request.in_length);
	return (const void *)(fake->asked[0].in + in->field_parameters_array_offset +
			      index * in->field_parameters_array_element_size);
}

/* SET-RF-10..14. */
static void check_filter_common(const struct fake *fake, size_t fields)
{
	const struct ndis_receive_filter_parameters *in =
		IN(fake, 0, ndis_receive_filter_parameters);

	expect_oid(fake, 0, OID_RECEIVE_FILTER_SET_FILTER, NdisRequestMethod);
	expect_header(fake, 0, 2, NDIS_SIZEOF_RECEIVE_FILTER_PARAMETERS_REVISION_2);
	cr_expect_eq(in->filter_type, NdisReceiveFilterTypeVMQueue);
	cr_expect_eq(in->filter_id, 0);
	cr_expect_eq(in->vport_id, 1);
	cr_expect_eq(in->field_parameters_array_num_elements, fields);
	cr_expect_eq(in->field_parameters_array_element_size, 56);
	cr_expect_geq(in->field_parameters_array_offset, 44);
	cr_expect_eq(field(fake, 0)->frame_header, NdisFrameHeaderMac);
	cr_expect_eq(field(fake, 0)->receive_filter_test, NdisReceiveFilterTestEqual);
	cr_expect_eq(field(fake, 0)->header_field, NdisMacHeaderFieldDestinationAddress);
	cr_expect_eq(field(fake, 0)->field_value.field_byte_array_value[5], 0x11);
}

/* SET-RF-20: no word `vlan` means untagged. */
static void check_filter_set(const struct fake *fake)
{
	check_filter_common(fake, 1);
	cr_expect_eq(field(fake, 0)->flags,
		     NDIS_RECEIVE_FILTER_FIELD_MAC_HEADER_VLAN_UNTAGGED_OR_ZERO);
}

/* SET-RF-19, SET-RF-21. */
static void check_filter_set_vlan(const struct fake *fake)
{
	check_filter_common(fake, 2);
	cr_expect_eq(field(fake, 0)->flags, 0);
	cr_expect_eq(field(fake, 1)->flags, 0);
	cr_expect_eq(field(fake, 1)->header_field, NdisMacHeaderFieldVlanId);
	cr_expect_eq(field(fake, 1)->field_value.field_byte_array_value[0], 0x0f);
	cr_expect_eq(field(fake, 1)->field_value.field_byte_array_value[1], 0xfe);
}

/* MOVE-RF-6: the source is the VPort that has it now. */
static void check_filter_move(const struct fake *fake)
{
	const struct ndis_receive_filter_move_filter_parameters *in =
		IN(fake, 1, ndis_receive_filter_move_filter_parameters);

	expect_control(fake, 0, NICSW_CONTROL_FILTER_LIST);
	cr_expect_eq(IN(fake, 0, nicsw_list_range)->first, 9);
	cr_expect_eq(IN(fake, 0, nicsw_list_range)->most, 1);
	expect_oid(fake, 1, OID_RECEIVE_FILTER_MOVE_FILTER, NdisRequestSetInformation);
	expect_header(fake, 1, 1, NDIS_SIZEOF_RECEIVE_FILTER_MOVE_FILTER_PARAMETERS_REVISION_1);
	cr_expect_eq(in->filter_id, 9);
	cr_expect_eq(in->source_vport_id, 2);
	cr_expect_eq(in->dest_vport_id, 1);
}

static void check_filter_clear(const struct fake *fake)
{
	expect_oid(fake, 0, OID_RECEIVE_FILTER_CLEAR_FILTER, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_RECEIVE_FILTER_CLEAR_PARAMETERS_REVISION_1);
	cr_expect_eq(IN(fake, 0, ndis_receive_filter_clear_parameters)->filter_id, 9);
}

static void check_filter_show(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_FILTER_LIST);
	cr_expect_eq(IN(fake, 0, nicsw_list_range)->most, 0, "all");
}

/* RD-CFG-5, RD-CFG-10. */
static void check_pci_read(const struct fake *fake)
{
	const struct ndis_sriov_vf_config_space_parameters *in =
		IN(fake, 0, ndis_sriov_vf_config_space_parameters);

	expect_oid(fake, 0, OID_SRIOV_READ_VF_CONFIG_SPACE, NdisRequestMethod);
	expect_header(fake, 0, 1, NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->offset, 0x10);
	cr_expect_eq(in->length, 4);
	cr_expect_eq(in->buffer_offset, 20);
	cr_expect_eq(fake->asked[0].request.out_length, 24);
}

static void check_pci_dump(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_ADAPTER_LIST);
	expect_control(fake, 1, NICSW_CONTROL_FUNCTION_DUMP);
	cr_expect_eq(IN(fake, 1, nicsw_function_query)->function, NICSW_FUNCTION_PF);
	cr_expect_eq(IN(fake, 2, nicsw_function_query)->function, 0);
	cr_expect_eq(IN(fake, 3, nicsw_function_query)->function, 1);
}

static void answer_image_3(struct fake *fake)
{
	answer_image(fake, 3);
}

static void answer_image_pf(struct fake *fake)
{
	answer_image(fake, NICSW_FUNCTION_PF);
}

static void check_pci_dump_vf(const struct fake *fake)
{
	cr_expect_eq(IN(fake, 0, nicsw_function_query)->function, 3);
	cr_expect(fake_begins(fake->out, "01:00.3 "), "%.20s", fake->out);
}

static void check_pci_dump_pf(const struct fake *fake)
{
	cr_expect_eq(IN(fake, 0, nicsw_function_query)->function, NICSW_FUNCTION_PF);
}

static void check_stats_show(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_STATS);
}

#include "cli_adapter_cases.h"
#include "cli_device_cases.h"
#include "cli_doctor_cases.h"
#include "cli_fault_cases.h"
#include "cli_policy_cases.h"
#include "cli_why_cases.h"

/* ---- the table ----------------------------------------------------------------------------------
 */

static const struct request_case {
	const char *line;
	void (*answer)(struct fake *fake);
	size_t calls;
	void (*check)(const struct fake *fake);
	const char *out; /* NULL: see the golden files */
} cases[] = {{"adapter add nic0 uplink wire0 total-vfs 64 takeover", answer_nothing, 1,
	      check_adapter_add, ""},
	     {"adapter add nic0 uplink wire0", answer_nothing, 1, check_adapter_add_defaults, ""},
	     {"adapter del nic0", answer_nothing, 1, check_adapter_del, ""},
	     {"adapter show", answer_adapters, 1, check_adapter_show, NULL},
	     {"adapter set nic0 sriov on", answer_nothing, 1, check_adapter_set_on, ""},
	     {"--force adapter set nic0 sriov off", answer_nothing, 1, check_adapter_set_off, ""},
	     {"adapter reset", answer_nothing, 1, check_adapter_reset, ""},
	     {"adapter reset nic0", answer_nothing, 1, check_adapter_reset_named, ""},
	     {"switch create num-vfs 8 queue-pairs 4 name ab", answer_nothing, 1,
	      check_switch_create, ""},
	     {"switch create", answer_adapters_then_nothing, 2, check_switch_create_all, ""},
	     {"switch create num-vfs 0 name ab", answer_adapters_then_nothing, 2,
	      check_switch_create_some, ""},
	     {"switch delete", answer_nothing, 1, check_switch_delete, ""},
	     {"switch show", answer_empty_switches, 1, check_switch_show, NULL},
	     {"vf allocate mac 02:00:00:00:00:11 name vm1", answer_allocated, 1, check_vf_allocate,
	      "vf 3 rid 0x0104 (01:00.4)\n"},
	     {"-j vf allocate", answer_allocated, 1, check_vf_allocate_random,
	      "[{\"vf_id\":3,\"rid\":260,\"address\":\"01:00.4\","
	      "\"current_mac_address\":\"02:00:00:00:00:11\"}]\n"},
	     {"vf free 3", answer_nothing, 1, check_vf_free, ""},
	     {"vf show", answer_nothing, 1, check_vf_show, NULL},
	     {"vf reset 3", answer_nothing, 1, check_vf_reset, ""},
	     {"vf attach 3 netns vm1 dev eth1", answer_nothing, 1, check_vf_attach, ""},
	     {"vf attach 3 netns pid:42", answer_nothing, 1, check_vf_attach_pid, ""},
	     {"vf attach 3 netns /proc/1/ns/net", answer_nothing, 1, check_vf_attach_path, ""},
	     {"vf detach 3", answer_nothing, 1, check_vf_detach, ""},
	     {"vport create vf 3", answer_vport, 1, check_vport_create, "vport 7\n"},
	     {"-j vport create vf 3", answer_vport, 1, check_vport_create, "[{\"vport_id\":7}]\n"},
	     {"vport delete 7", answer_nothing, 1, check_vport_delete, ""},
	     {"vport show", answer_no_vports, 2, check_vport_show, NULL},
	     {"filter set vport 1 mac 02:00:00:00:00:11", answer_filter_set, 1, check_filter_set,
	      "filter 9\n"},
	     {"-j filter set vlan 4094 mac 02:00:00:00:00:11 vport 1", answer_filter_set, 1,
	      check_filter_set_vlan, "[{\"filter_id\":9}]\n"},
	     {"filter move 9 vport 1", answer_filter_at_2_then_nothing, 2, check_filter_move, ""},
	     {"filter clear 9", answer_nothing, 1, check_filter_clear, ""},
	     {"filter show", answer_nothing, 1, check_filter_show, NULL},
	     {"pci read vf 3 offset 0x10 length 4", answer_config_space, 1, check_pci_read,
	      "ffff01a0\n"},
	     {"-j pci read vf 3 offset 16 length 4", answer_config_space, 1, check_pci_read,
	      "[{\"vf_id\":3,\"offset\":16,\"data\":\"ffff01a0\"}]\n"},
	     {"pci dump", answer_dumps, 4, check_pci_dump, NULL},
	     {"pci dump vf 3", answer_image_3, 1, check_pci_dump_vf, NULL},
	     {"pci dump pf", answer_image_pf, 1, check_pci_dump_pf, NULL},
	     {"stats show", answer_nothing, 1, check_stats_show, NULL},
	     DEVICE_CASES DOCTOR_CASES POLICY_CASES FAULT_CASES,
	     WHY_CASES};

Test(cli_request, each_command_asks_and_prints)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		cases[i].answer(&fake);
		cr_expect_eq(fake_run(&fake, cases[i].line), NICSW_EXIT_DONE, "%s: %s",
			     cases[i].line, fake.err);
		cr_expect_eq(fake.num_asked, cases[i].calls, "%s: %zu", cases[i].line,
			     fake.num_asked);
		cases[i].check(&fake);
		if (cases[i].out)
			cr_expect_str_eq(fake.out, cases[i].out, "%s", cases[i].line);
		cr_expect_str_eq(fake.err, "", "%s", cases[i].line);
		fake_clear(&fake);
	}
}

static bool line_is_of(const char *line, const struct nicsw_command *command)
{
	char words[64];

	snprintf(words, sizeof(words), "%s%s%s", command->object, *command->name ? " " : "",
		 command->name);
	if (*line == '-')
		line = strchr(line, ' ') + 1;
	if (strncmp(line, words, strlen(words)))
		return false;
	return !line[strlen(words)] || line[strlen(words)] == ' ';
}

Test(cli_request, no_command_without_a_case)
{
	for (size_t i = 0; i < nicsw_num_commands; i++) {
		size_t found = 0;

		/* They never end without a word: cli_monitor.c, cli_capture.c. */
		if (nicsw_streq(nicsw_commands[i].object, "monitor") ||
		    nicsw_streq(nicsw_commands[i].object, "capture"))
			continue;

		for (size_t j = 0; j < ARRAY_SIZE(cases); j++)
			found += line_is_of(cases[j].line, &nicsw_commands[i]);
		cr_expect(found, "%s %s", nicsw_commands[i].object, nicsw_commands[i].name);
	}
}

/* Whatever a refused command was about to print: nothing is printed, the exit code is 1, the rule
 * is named. */
Test(cli_request, each_command_tells_a_refusal)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		fake_refusal(&fake, NDIS_STATUS_INVALID_PARAMETER, "SET-RF-28", "it is taken");
		cr_expect_eq(fake_run(&fake, cases[i].line), NICSW_EXIT_FAILED, "%s",
			     cases[i].line);
		if (!strstr(cases[i].line, "oid ")) /* there the refusal is the answer */
			cr_expect_str_eq(fake.out, "", "%s", cases[i].line);
		cr_expect_str_eq(
			fake.err,
			"Error: it is taken (NDIS_STATUS_INVALID_PARAMETER, rule SET-RF-28).\n",
			"%s", cases[i].line);
		fake_clear(&fake);
	}
}

Test(cli_request, each_command_without_daemon)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		cr_expect_eq(fake_run(&fake, cases[i].line), NICSW_EXIT_UNREACHABLE, "%s",
			     cases[i].line);
		cr_expect_str_eq(fake.err, "Error: no socket here.\n", "%s", cases[i].line);
		fake_clear(&fake);
	}
}

/* An answer of a length that cannot be is not shown as if it were one. */
Test(cli_request, each_show_refuses_a_strange_answer)
{
	static const char *const lines[] = {
		"adapter show",      "switch show",
		"vf allocate",       "vf show",
		"vport show",        "filter show",
		"vport create vf 1", "filter set vport 0 mac 02:00:00:00:00:11",
		"stats show",        "oid list",
		"pci dump pf",       "pci read vf 0 offset 0 length 4",
		"pci bars vf 0",     "pci block read vf 0 id 0",
		"pci iommu vf 0"};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		fake_answer(&fake, "strange", 7);
		cr_expect_eq(fake_run(&fake, lines[i]), NICSW_EXIT_FAILED, "%s", lines[i]);
		cr_expect(strstr(fake.err, "not of the expected form"), "%s: %s", lines[i],
			  fake.err);
		fake_clear(&fake);
	}
}

/* GEN-30: offsets of the answer's arrays are checked, too. */
Test(cli_request, array_that_points_outside)
{
	static const struct ndis_elements bad[] = {
		{sizeof(struct ndis_nic_switch_info_array), 1, sizeof(struct ndis_nic_switch_info)},
		{UINT32_MAX, 1, UINT32_MAX},
		{0, UINT32_MAX, 0},
		{0, 1, 1},
		{16, 1, sizeof(struct ndis_nic_switch_info) - 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		static struct fake fake;
		struct ndis_nic_switch_info_array array = {.elements = bad[i]};

		fake = (struct fake){0};
		fake_answer(&fake, &array, sizeof(array));
		cr_expect_eq(fake_run(&fake, "switch show"), NICSW_EXIT_FAILED, "case %zu", i);
		fake_clear(&fake);
	}
}

/* GEN-28: owner and force, and the adapter, are in every request. */
Test(cli_request, options_reach_the_request)
{
	static struct fake fake;

	answer_nothing(&fake);
	cr_assert_eq(fake_run(&fake, "-a nic1 --owner vs --force vf free 3"), NICSW_EXIT_DONE);
	cr_expect_str_eq(fake.asked[0].request.adapter, "nic1");
	cr_expect_str_eq(fake.asked[0].request.owner, "vs");
	cr_expect_eq(fake.asked[0].request.flags, NICSW_WIRE_FORCE);
	fake_clear(&fake);
}

Test(cli_request, adapter_of_the_environment)
{
	static struct fake fake;
	char *words[] = {"nicsw", "vf", "free", "3", NULL};

	setenv("NICSW_ADAPTER", "nic7", 1);
	answer_nothing(&fake);
	cr_assert_eq(fake_run_words(&fake, 4, words), NICSW_EXIT_DONE);
	cr_expect_str_eq(fake.asked[0].request.adapter, "nic7");
	cr_expect_str_eq(fake.asked[0].request.owner, "", "the daemon knows the UID");
	cr_expect_eq(fake.asked[0].request.flags, 0);
	fake_clear(&fake);
}

Test(cli_request, which_adapter_when_there_are_two)
{
	static struct fake fake;
	struct nicsw_adapter_status two[2] = {{.name = "nic0", .stored_num_vfs = 4},
					      {.name = "nic1", .stored_num_vfs = 6}};

	fake_answer(&fake, two, sizeof(two));
	cr_expect_eq(fake_run(&fake, "switch create"), NICSW_EXIT_FAILED);
	cr_expect_str_eq(fake.err, "Error: there are 2 adapters: name one with -a.\n");
	fake_answer(&fake, two, sizeof(two));
	answer_nothing(&fake);
	cr_expect_eq(fake_run(&fake, "-a nic1 switch create"), NICSW_EXIT_DONE);
	cr_expect_eq(IN(&fake, 2, ndis_nic_switch_parameters)->num_vfs, 6);
	fake_clear(&fake);
}

Test(cli_request, warning_of_a_success)
{
	static struct fake fake;

	strcpy(fake_answer(&fake, NULL, 0)->text, "GRO is off at the far end of wire0");
	cr_expect_eq(fake_run(&fake, "adapter add nic0 uplink wire0"), NICSW_EXIT_DONE);
	cr_expect_str_eq(fake.err, "Warning: GRO is off at the far end of wire0.\n");
	fake_clear(&fake);
}

Test(cli_request, refusal_without_status_or_rule)
{
	static const struct {
		__u32 status;
		const char *rule, *expected;
	} forms[] = {
		{0, "", "Error: no.\n"},
		{0, "PCI-83", "Error: no (rule PCI-83).\n"},
		{NDIS_STATUS_FAILURE, "", "Error: no (NDIS_STATUS_FAILURE).\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		fake_refusal(&fake, forms[i].status, forms[i].rule, "no");
		cr_expect_eq(fake_run(&fake, "vf free 3"), NICSW_EXIT_FAILED);
		cr_expect_str_eq(fake.err, forms[i].expected);
		fake_clear(&fake);
	}
}
