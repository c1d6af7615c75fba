/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of cli_request.c for the commands that work on the device and on raw OIDs: what they are
 * answered and what they must have asked. Included behind the helpers of that file.
 */
#ifndef NICSW_TESTS_CLI_DEVICE_CASES_H
#define NICSW_TESTS_CLI_DEVICE_CASES_H

/* ---- oid ----------------------------------------------------------------------------------------
 */

static void answer_raw(struct fake *fake)
{
	struct nicsw_wire_reply *reply = fake_answer(fake, "\x80\x01\xff", 3);

	reply->bytes_read = 2;
	reply->bytes_written = 3;
	reply->supported_revision = 1;
}

static void answer_oids(struct fake *fake)
{
	struct nicsw_oid_support oids[] = {
		{OID_NIC_SWITCH_PARAMETERS, NDIS_KIND_METHOD | NDIS_KIND_SET},
		{OID_NIC_SWITCH_ENUM_SWITCHES, NDIS_KIND_QUERY},
	};

	fake_answer(fake, oids, sizeof(oids));
}

static void check_oid_list(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_OID_LIST);
}

static void check_oid_query(const struct fake *fake)
{
	expect_oid(fake, 0, OID_NIC_SWITCH_ENUM_SWITCHES, NdisRequestQueryInformation);
	cr_expect_eq(fake->asked[0].request.in_length, 0);
	cr_expect_eq(fake->asked[0].request.out_length, 4096);
	cr_expect_eq(fake->asked[0].request.vf, NICSW_NONE);
}

static void check_oid_set(const struct fake *fake)
{
	expect_oid(fake, 0, OID_SRIOV_RESET_VF, NdisRequestSetInformation);
	cr_expect_eq(fake->asked[0].request.in_length, 6);
	cr_expect_arr_eq(fake->asked[0].in, "\x80\x01\x06\x00\x03\x00", 6);
	cr_expect_eq(fake->asked[0].request.out_length, 0);
}

static void check_oid_method(const struct fake *fake)
{
	expect_asked(fake, 0, NICSW_WIRE_OID, OID_SRIOV_BAR_RESOURCES, NdisRequestMethod,
		     NICSW_WIRE_AS_NDIS);
	cr_expect_eq(fake->asked[0].request.in_length, 2);
	cr_expect_eq(fake->asked[0].request.out_length, 32);
	cr_expect_eq(fake->asked[0].request.vf, 3);
}

#define RAW_LINE                                                                                   \
	"status NDIS_STATUS_SUCCESS bytes_read 2 bytes_written 3 bytes_needed 0 "                  \
	"supported_revision 1 output 8001ff\n"

/* ---- pci ----------------------------------------------------------------------------------------
 */

/* WR-CFG-5, WR-CFG-8: the bytes stand behind the structure. */
static void check_pci_write(const struct fake *fake)
{
	const struct ndis_sriov_vf_config_space_parameters *in =
		IN(fake, 0, ndis_sriov_vf_config_space_parameters);

	expect_oid(fake, 0, OID_SRIOV_WRITE_VF_CONFIG_SPACE, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_SRIOV_WRITE_VF_CONFIG_SPACE_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->offset, 4);
	cr_expect_eq(in->length, 2);
	cr_expect_eq(in->buffer_offset, 20);
	cr_expect_eq(fake->asked[0].request.in_length, 22);
	cr_expect_arr_eq(fake->asked[0].in + 20, "\x06\xab", 2);
}

/* PBARS-9: BAR 0 and 1 are one of 64 bits and 16 KiB; BAR 4 is of 32 bits, prefetchable, 8 KiB. */
static void answer_bars(struct fake *fake)
{
	struct {
		struct ndis_sriov_probed_bars_info info;
		__u32 values[6];
	} probe = {{.base_register_values_offset = 8},
		   {0xffffc004, 0xffffffff, 0, 0, 0xffffe008, 0}};
	struct {
		struct ndis_sriov_bar_resources_info info;
		struct ndis_cm_partial_resource_descriptor descriptor;
	} share = {.descriptor = {.type = 3, .start = 0x40000c000, .length = 0x4000}};

	fake_answer(fake, &probe, sizeof(probe));
	fake_answer(fake, &share, sizeof(share));
	share.descriptor.start = 0x80006000;
	share.descriptor.length = 0x2000;
	fake_answer(fake, &share, sizeof(share));
}

static void check_share(const struct fake *fake, size_t index, __u16 bar)
{
	const struct ndis_sriov_bar_resources_info *in =
		IN(fake, index, ndis_sriov_bar_resources_info);

	expect_asked(fake, index, NICSW_WIRE_OID, OID_SRIOV_BAR_RESOURCES, NdisRequestMethod,
		     NICSW_WIRE_AS_NDIS);
	expect_header(fake, index, 1, NDIS_SIZEOF_SRIOV_BAR_RESOURCES_INFO_REVISION_1);
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->bar_index, bar);
	cr_expect_eq(in->bar_resources_offset, 12);
	cr_expect_eq(fake->asked[index].request.out_length, 32);
}

/* PBARS-2, PBARS-11, BARRES-5: the high half of BAR 0 and what reads 0 are not asked for. */
static void check_pci_bars(const struct fake *fake)
{
	expect_asked(fake, 0, NICSW_WIRE_OID, OID_SRIOV_PROBED_BARS, NdisRequestQueryInformation,
		     NICSW_WIRE_AS_NDIS);
	expect_header(fake, 0, 1, NDIS_SIZEOF_SRIOV_PROBED_BARS_INFO_REVISION_1);
	cr_expect_eq(IN(fake, 0, ndis_sriov_probed_bars_info)->base_register_values_offset, 8);
	cr_expect_eq(fake->asked[0].request.out_length, 32);
	check_share(fake, 1, 0);
	check_share(fake, 2, 4);
}

static void answer_block(struct fake *fake)
{
	__u8 bytes[26] = {[20] = 2, [25] = 0x11};

	fake_answer(fake, bytes, sizeof(bytes));
}

static void check_block(const struct fake *fake, __u32 id, __u32 length)
{
	const struct ndis_sriov_vf_config_block_parameters *in =
		IN(fake, 0, ndis_sriov_vf_config_block_parameters);

	expect_header(fake, 0, 1, NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->block_id, id);
	cr_expect_eq(in->length, length);
	cr_expect_eq(in->buffer_offset, 20);
}

/* BLK-6: without `length` the whole block. */
static void check_block_read(const struct fake *fake)
{
	expect_oid(fake, 0, OID_SRIOV_READ_VF_CONFIG_BLOCK, NdisRequestMethod);
	check_block(fake, 0, 6);
	cr_expect_eq(fake->asked[0].request.out_length, 26);
}

/* BLK-10 */
static void check_block_read_part(const struct fake *fake)
{
	check_block(fake, 2, 5);
	cr_expect_eq(fake->asked[0].request.out_length, 25);
}

/* BLK-7 */
static void check_block_write(const struct fake *fake)
{
	expect_oid(fake, 0, OID_SRIOV_WRITE_VF_CONFIG_BLOCK, NdisRequestSetInformation);
	check_block(fake, 2, 2);
	cr_expect_eq(fake->asked[0].request.in_length, 22);
	cr_expect_arr_eq(fake->asked[0].in + 20, "\xca\xfe", 2);
}

/* INVAL-1 */
static void check_block_invalidate(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_BLOCK_INVALIDATE);
	cr_expect_eq(IN(fake, 0, nicsw_block_invalidate)->vf_id, 3);
	cr_expect_eq(IN(fake, 0, nicsw_block_invalidate)->block_id, 1);
}

/* LC-UP-5: one mapping, one vector with a target, one that was refused. */
static void answer_iommu(struct fake *fake)
{
	static struct nicsw_iommu_image image = {
		.vf_id = 3,
		.rid = 0x104,
		.record =
			{
				.mappings[5] = {.iova = 0x1000,
						.length = 0x2000,
						.address = 0x70000,
						.permissions = 1},
				.interrupts[1] = {.target = 9, .present = 1},
				.msix[1].unmasked = 1,
				.num_faults = 1,
				.faults[0] = {.iova = 0x5000,
					      .rid = 0x104,
					      .permission = 2,
					      .reason = 4,
					      .vector = NICSW_NONE},
			},
	};

	fake_answer(fake, &image, sizeof(image));
}

static void check_pci_iommu(const struct fake *fake)
{
	expect_control(fake, 0, NICSW_CONTROL_IOMMU);
	cr_expect_eq(IN(fake, 0, nicsw_function_query)->function, 3);
	cr_expect(strstr(fake->out, "not mapped"), "%s", fake->out);
}

static void check_pci_iommu_json(const struct fake *fake)
{
	check_pci_iommu(fake);
	cr_expect(strstr(fake->out, "{\"iova\":4096,\"length\":8192,\"address\":458752,"
				    "\"read\":true,\"write\":false}]"),
		  "%s", fake->out);
	cr_expect(strstr(fake->out, "{\"vector\":0,\"target\":null,\"masked\":true},"
				    "{\"vector\":1,\"target\":9,\"masked\":false}"),
		  "%s", fake->out);
	cr_expect(strstr(fake->out, "\"faults\":[{\"iova\":20480,\"rid\":260,"), "%s", fake->out);
}

static void check_map(const struct fake *fake, __u32 permissions)
{
	const struct nicsw_iommu_map *in = IN(fake, 0, nicsw_iommu_map);

	expect_control(fake, 0, NICSW_CONTROL_IOMMU_MAP);
	cr_expect_eq(fake->asked[0].request.in_length, sizeof(*in));
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->permissions, permissions);
	cr_expect_eq(in->iova, 0xfffffffffffff000);
	cr_expect_eq(in->length, 4096);
	cr_expect_eq(in->address, 0x7f0000001000);
}

static void check_map_read(const struct fake *fake)
{
	check_map(fake, 1);
}

static void check_map_write(const struct fake *fake)
{
	check_map(fake, 2);
}

static void check_map_both(const struct fake *fake)
{
	check_map(fake, 3);
}

static void check_unmap(const struct fake *fake)
{
	const struct nicsw_iommu_unmap *in = IN(fake, 0, nicsw_iommu_unmap);

	expect_control(fake, 0, NICSW_CONTROL_IOMMU_UNMAP);
	cr_expect_eq(fake->asked[0].request.in_length, sizeof(*in));
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->iova, 0x1000);
	cr_expect_eq(in->length, 0xffffffff0000);
}

/* ---- vf, vport, switch --------------------------------------------------------------------------
 */

static void check_power(const struct fake *fake, __u32 power_state, __u8 wake_enable)
{
	const struct ndis_sriov_set_vf_power_state_parameters *in =
		IN(fake, 0, ndis_sriov_set_vf_power_state_parameters);

	expect_oid(fake, 0, OID_SRIOV_SET_VF_POWER_STATE, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vf_id, 3);
	cr_expect_eq(in->power_state, power_state);
	cr_expect_eq(in->wake_enable, wake_enable);
}

/* POWER-VF-4 */
static void check_power_d0(const struct fake *fake)
{
	check_power(fake, NdisDeviceStateD0, 0);
}

static void check_power_d3(const struct fake *fake)
{
	check_power(fake, NdisDeviceStateD3, 0);
}

/* POWER-VF-6 */
static void check_power_wake(const struct fake *fake)
{
	check_power(fake, NdisDeviceStateD3, 1);
}

static const struct ndis_nic_switch_vport_parameters *check_vport_change(const struct fake *fake,
									 __u32 flags)
{
	const struct ndis_nic_switch_vport_parameters *in =
		IN(fake, 0, ndis_nic_switch_vport_parameters);

	expect_oid(fake, 0, OID_NIC_SWITCH_VPORT_PARAMETERS, NdisRequestSetInformation);
	expect_header(fake, 0, 1, NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1);
	cr_expect_eq(in->vport_id, 7);
	cr_expect_eq(in->flags, flags, "%x", in->flags);
	return in;
}

/* PARAM-VP-6: each word has its flag, and no other flag is set. */
/* CREATE-VP-17, CREATE-VP-19. */
static void check_vport_create_pf(const struct fake *fake)
{
	const struct ndis_nic_switch_vport_parameters *in =
		IN(fake, 0, ndis_nic_switch_vport_parameters);

	expect_oid(fake, 0, OID_NIC_SWITCH_CREATE_VPORT, NdisRequestMethod);
	cr_expect_eq(in->attached_function_id, NDIS_PF_FUNCTION_ID);
	cr_expect_eq(in->num_queue_pairs, 2);
	cr_expect_eq(in->vport_name.length, 4);
	cr_expect_eq(in->vport_state, NdisNicSwitchVPortStateDeactivated);
	cr_expect_eq(in->processor_affinity.mask, 1);
	cr_expect_eq(in->processor_affinity.group, 0);
}

/* PARAM-VP-16. */
static void check_vport_set_cpu(const struct fake *fake)
{
	const struct ndis_nic_switch_vport_parameters *in =
		IN(fake, 0, ndis_nic_switch_vport_parameters);

	expect_oid(fake, 0, OID_NIC_SWITCH_VPORT_PARAMETERS, NdisRequestSetInformation);
	cr_expect_eq(in->flags, NDIS_NIC_SWITCH_VPORT_PARAMS_PROCESSOR_AFFINITY_CHANGED);
	cr_expect_eq(in->processor_affinity.mask, 4);
	cr_expect_eq(in->processor_affinity.group, 1);
}

static void check_vport_set(const struct fake *fake)
{
	const struct ndis_nic_switch_vport_parameters *in =
		check_vport_change(fake, NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED |
						 NDIS_NIC_SWITCH_VPORT_PARAMS_INT_MOD_CHANGED |
						 NDIS_NIC_SWITCH_VPORT_PARAMS_NAME_CHANGED);

	cr_expect_eq(in->vport_state, NdisNicSwitchVPortStateActivated);
	cr_expect_eq(in->interrupt_moderation, NdisNicSwitchVPortInterruptModerationHigh);
	cr_expect_eq(in->vport_name.length, 4);
	cr_expect_eq(in->vport_name.units[1], 'b');
}

static void check_vport_set_state(const struct fake *fake)
{
	cr_expect_eq(
		check_vport_change(fake, NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED)->vport_state,
		NdisNicSwitchVPortStateDeactivated);
}

static void check_vport_set_moderation(const struct fake *fake)
{
	cr_expect_eq(check_vport_change(fake, NDIS_NIC_SWITCH_VPORT_PARAMS_INT_MOD_CHANGED)
			     ->interrupt_moderation,
		     NdisNicSwitchVPortInterruptModerationAdaptive);
}

/* PARAM-SW-5: set by an overlying driver, not by NDIS. */
static void check_switch_set(const struct fake *fake)
{
	const struct ndis_nic_switch_parameters *in = IN(fake, 0, ndis_nic_switch_parameters);

	expect_oid(fake, 0, OID_NIC_SWITCH_PARAMETERS, NdisRequestSetInformation);
	expect_header(fake, 0, 2, NDIS_SIZEOF_NIC_SWITCH_PARAMETERS_REVISION_2);
	cr_expect_eq(in->flags, NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED);
	cr_expect_eq(in->switch_friendly_name.length, 4);
	cr_expect_eq(in->switch_friendly_name.units[1], 'b');
}

/* ---- the table ----------------------------------------------------------------------------------
 */

/* clang-format off */
#define DEVICE_CASES                                                                               \
	{"oid list", answer_oids, 1, check_oid_list, NULL},                                        \
	{"oid query OID_NIC_SWITCH_ENUM_SWITCHES", answer_raw, 1, check_oid_query, RAW_LINE},      \
	{"pci write vf 3 offset 4 06aB", answer_nothing, 1, check_pci_write, ""},                  \
	{"pci write offset 4 vf 3 06ab", answer_nothing, 1, check_pci_write, ""},                  \
	{"pci bars vf 3", answer_bars, 3, check_pci_bars,                                          \
	 "BAR  PROBED              BITS  PREFETCHABLE   SIZE  START        LENGTH\n"               \
	 "  0  0xffffffffffffc004    64  no            16384  0x40000c000   16384\n"              \
	 "  4  0xffffe008            32  yes            8192  0x80006000     8192\n"},            \
	{"-j pci bars vf 3", answer_bars, 3, check_pci_bars,                                       \
	 "[{\"vf_id\":3,\"bar\":0,\"probed\":18446744073709535236,\"width\":64,"                    \
	 "\"prefetchable\":false,\"size\":16384,\"start\":17179918336,\"length\":16384},"           \
	 "{\"vf_id\":3,\"bar\":4,\"probed\":4294959112,\"width\":32,\"prefetchable\":true,"         \
	 "\"size\":8192,\"start\":2147508224,\"length\":8192}]\n"},                                \
	{"pci block read vf 3 id 0", answer_block, 1, check_block_read, "020000000011\n"},         \
	{"-j pci block read vf 3 id 0", answer_block, 1, check_block_read,                         \
	 "[{\"vf_id\":3,\"block_id\":0,\"data\":\"020000000011\"}]\n"},                            \
	{"pci block read vf 3 id 2 length 5", answer_block, 1, check_block_read_part,              \
	 "0200000000\n"},                                                                          \
	{"pci block write vf 3 id 2 cafe", answer_nothing, 1, check_block_write, ""},              \
	{"pci block write vf 3 id 2 length 2 cafe", answer_nothing, 1, check_block_write, ""},     \
	{"pci block invalidate vf 3 id 1", answer_nothing, 1, check_block_invalidate, ""},         \
	{"pci iommu vf 3", answer_iommu, 1, check_pci_iommu, NULL},                                \
	{"-j pci iommu vf 3", answer_iommu, 1, check_pci_iommu_json, NULL},                        \
	{"pci iommu map vf 3 iova 0xfffffffffffff000 length 4096 to 0x7f0000001000 read",          \
	 answer_nothing, 1, check_map_read, ""},                                                   \
	{"pci iommu map to 0x7f0000001000 length 0x1000 vf 3 iova 18446744073709547520 write",     \
	 answer_nothing, 1, check_map_write, ""},                                                  \
	{"pci iommu map vf 3 iova 0xfffffffffffff000 length 4096 to 0x7f0000001000 both",          \
	 answer_nothing, 1, check_map_both, ""},                                                   \
	{"-j pci iommu map vf 3 iova 0xfffffffffffff000 length 4096 to 0x7f0000001000",            \
	 answer_nothing, 1, check_map_both, ""},                                                   \
	{"pci iommu unmap vf 3 iova 0x1000 length 0xffffffff0000", answer_nothing, 1,              \
	 check_unmap, ""},                                                                         \
	{"vf power 3 d0", answer_nothing, 1, check_power_d0, ""},                                  \
	{"vf power 3 d3", answer_nothing, 1, check_power_d3, ""},                                  \
	{"vf power 3 d3 wake", answer_nothing, 1, check_power_wake, ""},                           \
	{"vport create pf queue-pairs 2 name ab", answer_vport, 1, check_vport_create_pf,          \
	 "vport 7\n"},                                                                             \
	{"vport set 7 name ab state activated moderation high", answer_nothing, 1,                 \
	 check_vport_set, ""},                                                                     \
	{"vport set 7 cpu 66", answer_nothing, 1, check_vport_set_cpu, ""},                        \
	{"vport set 7 state deactivated", answer_nothing, 1, check_vport_set_state, ""},           \
	{"vport set 7 moderation adaptive", answer_nothing, 1, check_vport_set_moderation, ""},    \
	{"switch set name ab", answer_nothing, 1, check_switch_set, ""},                           \
	{"oid query NIC_SWITCH_ENUM_SWITCHES", answer_raw, 1, check_oid_query, RAW_LINE},          \
	{"oid query 0x00010240", answer_raw, 1, check_oid_query, RAW_LINE},                        \
	{"-j oid query OID_NIC_SWITCH_ENUM_SWITCHES", answer_raw, 1, check_oid_query,              \
	 "[{\"oid\":\"OID_NIC_SWITCH_ENUM_SWITCHES\",\"code\":66112,"                              \
	 "\"status\":\"NDIS_STATUS_SUCCESS\",\"status_code\":0,\"bytes_read\":2,"                  \
	 "\"bytes_written\":3,\"bytes_needed\":0,\"supported_revision\":1,"                        \
	 "\"output\":\"8001ff\"}]\n"},                                                             \
	{"oid set SRIOV_RESET_VF --in 800106000300", answer_raw, 1, check_oid_set, RAW_LINE},      \
	{"oid method SRIOV_BAR_RESOURCES vf 3 --in 80FF --out-length 32 as-ndis", answer_raw, 1,   \
	 check_oid_method, RAW_LINE},
/* clang-format on */

#endif
