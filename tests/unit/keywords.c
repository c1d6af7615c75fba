// SPDX-License-Identifier: GPL-2.0-only
/* Configuration keywords (structs.md 9): the file, its table, its man page, and what they change.
 */
#include "ndis_fixture.h"

#include "pf/capability.h"
#include "pf/keywords.h"

static char directory[] = "/tmp/nicsw-keywords.XXXXXX";
static char path[64];

static void open_directory(void)
{
	cr_assert(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/nic0.conf", directory);
}

static void close_directory(void)
{
	unlink(path);
	rmdir(directory);
}

TestSuite(keywords, .init = open_directory, .fini = close_directory);

static void write_file(const char *text)
{
	FILE *file = fopen(path, "we");

	cr_assert(file);
	fputs(text, file);
	fclose(file);
}

static struct nicsw_interface read_text(const char *text)
{
	struct nicsw_interface interface;
	struct nicsw_error error = {};

	write_file(text);
	cr_assert_eq(nicsw_keywords_read(directory, "nic0", &interface, &error), 0, "%s: %s", text,
		     error.text);
	return interface;
}

static void expect_switch_name(const struct nicsw_interface *interface, const char *name)
{
	struct nicsw_text wanted = fixture_text(name);

	cr_expect_arr_eq(&interface->switch_name, &wanted, sizeof(wanted), "%s", name);
}

static void expect_defaults(const struct nicsw_interface *interface)
{
	cr_expect_not(interface->sriov_off);
	cr_expect_not(interface->vlan_filters_off);
	cr_expect_not(interface->vfs_off);
	cr_expect_eq(interface->max_vfs, NICSW_MAX_VFS);
	cr_expect_not(interface->static_switch);
	cr_expect_eq(interface->default_queue_pairs, 1);
	expect_switch_name(interface, NICSW_KEYWORD_SWITCH_NAME_DEFAULT);
}

Test(keywords, no_file_is_all_defaults)
{
	struct nicsw_interface interface;

	cr_assert_eq(nicsw_keywords_read(directory, "nic0", &interface, NULL), 0);
	expect_defaults(&interface);
	cr_assert_eq(nicsw_keywords_read("/nowhere/at/all", "nic0", &interface, NULL), 0);
	expect_defaults(&interface);
	interface = read_text("# nothing\n; here\n[NicSwitches\\0]\n");
	expect_defaults(&interface);
}

/* Each keyword at both ends of its range; and the defaults written out are the defaults. */
Test(keywords, every_keyword_can_be_given)
{
	char text[128];
	size_t i;

	for (i = 0; i < NICSW_KEYWORD_COUNT; i++) {
		const struct nicsw_keyword_row *row = &nicsw_keyword_rows[i];
		const __u32 good[] = {row->least, row->most, row->initial};
		struct nicsw_interface interface;

		for (size_t j = 0; j < ARRAY_SIZE(good); j++) {
			snprintf(text, sizeof(text), "%s%s%s%s = %u\n", *row->section ? "[" : "",
				 row->section, *row->section ? "]\n" : "", row->name, good[j]);
			interface = read_text(text);
		}
		expect_defaults(&interface);
	}
}

Test(keywords, each_has_its_effect)
{
	cr_expect(read_text("*SRIOV = 0\n").sriov_off);
	cr_expect(read_text("*SriovPreferred=0\n").sriov_off);
	cr_expect(read_text("*sriov = 0 ; case makes no difference\n").sriov_off);
	cr_expect(read_text("*VMQVlanFiltering = 0\n").vlan_filters_off);
	cr_expect_eq(read_text("[NicSwitches\\0]\n*NumVFs = 8\n").max_vfs, 8);
	cr_expect_not(read_text("[NicSwitches\\0]\n*NumVFs = 1\n").vfs_off);
	cr_expect(read_text("[NicSwitches\\0]\n*NumVFs = 0\n").vfs_off);
	cr_expect(read_text("[NicSwitches\\0]\nSwitchCreation = 1\n").static_switch);
	cr_expect_eq(read_text("[NicSwitches\\0]\nNumQueuePairsForDefaultVPort = 4\n")
			     .default_queue_pairs,
		     4);
}

Test(keywords, switch_name)
{
	struct nicsw_interface interface = read_text("[NicSwitches\\0]\n*SwitchName = a b\n");

	expect_switch_name(&interface, "a b");
	interface = read_text("[nicswitches\\0]\n*switchname =\n");
	expect_switch_name(&interface, "");
}

/*
 * LC-INIT-4, structs.md 9: SR-IOV only if it is preferred and on, whatever is said of VMQ and RSS;
 * *VMQVlanFiltering counts in SR-IOV mode only.
 */
Test(keywords, LC_INIT_4_which_interface)
{
	for (unsigned int bits = 0; bits < 64; bits++) {
		bool preferred = bits & 1, sriov = bits & 2;
		struct nicsw_interface interface;
		char text[200];

		snprintf(text, sizeof(text),
			 "*SriovPreferred = %u\n*SRIOV = %u\n*RssOrVmqPreference = %u\n*VMQ = %u\n"
			 "*RSS = %u\n*VMQVlanFiltering = %u\n",
			 bits & 1, bits >> 1 & 1, bits >> 2 & 1, bits >> 3 & 1, bits >> 4 & 1,
			 bits >> 5);
		interface = read_text(text);
		cr_expect_eq(interface.sriov_off, !(preferred && sriov), "%s", text);
		cr_expect_eq(interface.vlan_filters_off, preferred && sriov && !(bits & 32), "%s",
			     text);
	}
}

/* Wrong lines are refused with file and line, and the output is untouched. */
Test(keywords, wrong_lines)
{
	static const struct {
		const char *text, *told;
	} wrong[] = {
		{"*SRIOV = 2\n", ":1: *SRIOV \"2\" is not a number within 0..1"},
		{"\n*SRIOV = yes\n", ":2: *SRIOV \"yes\" is not"},
		{"*SRIOV = -1\n", ":1: *SRIOV \"-1\" is not"},
		{"*SRIOV =\n", ":1: *SRIOV \"\" is not"},
		{"*SRIOV = 1\n*SRIOV = 1\n", ":2: *SRIOV is given twice"},
		{"*SRIOVS = 1\n", ":1: there is no keyword *SRIOVS in []"},
		{"*NumVFs = 1\n",
		 ":1: there is no keyword *NumVFs in []: it belongs into [NicSwitches\\0]"},
		{"[NicSwitches\\0]\n*SRIOV = 1\n",
		 ":2: there is no keyword *SRIOV in [NicSwitches\\0]: it belongs before the first "
		 "section"},
		{"[NicSwitches\\1]\n*NumVFs = 1\n", ":2: there is no section [NicSwitches\\1]"},
		{"[NicSwitches\\0]\n*NumVFs = 1025\n", ":2: *NumVFs \"1025\" is not"},
		{"[NicSwitches\\0]\n*NumVFs = 99999999999999999999\n", ":2: *NumVFs"},
		{"[NicSwitches\\0]\n*SwitchType = 2\n", ":2: *SwitchType \"2\" is not"},
		{"[NicSwitches\\0]\n*SwitchId = 1\n", ":2: *SwitchId \"1\" is not"},
		{"[NicSwitches\\0]\n*Flags = 1\n", ":2: *Flags \"1\" is not"},
		{"*SwitchName = x\n",
		 ":1: there is no keyword *SwitchName in []: it belongs into [NicSwitches\\0]"},
		{"[NicSwitches\\0]\n*SwitchName = x\n*SwitchName = y\n",
		 ":3: *SwitchName is given"},
		{"[NicSwitches\\0]\n*SwitchName = \xff\n", ":2: *SwitchName is not UTF-8"},
		{"[NicSwitches\\0]\nSwitchCreation = 2\n", ":2: SwitchCreation \"2\" is not"},
		{"[NicSwitches\\0]\nNumQueuePairsForDefaultVPort = 0\n", ":2: NumQueuePairs"},
		{"*SRIOV\n", ":1: neither [SECTION] nor KEYWORD = VALUE"},
		{"*SRIOV = 3\n*SRIOV = 4\n", ":1: *SRIOV \"3\""}, /* the first one */
	};
	struct nicsw_interface interface;
	struct nicsw_error error;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memset(&interface, 0x5a, sizeof(interface));
		error = (struct nicsw_error){};
		write_file(wrong[i].text);
		cr_expect_eq(nicsw_keywords_read(directory, "nic0", &interface, &error), -EINVAL,
			     "%s", wrong[i].text);
		cr_expect_eq(interface.max_vfs, 0x5a5a5a5a, "%s", wrong[i].text);
		cr_expect(strstr(error.text, wrong[i].told), "%s: %s", wrong[i].text, error.text);
		cr_expect_eq(strncmp(error.text, path, strlen(path)), 0, "%s", error.text);
	}
}

/* A file holds for every adapter, a directory has one for each; no name leads out of it. */
Test(keywords, file_or_directory)
{
	struct nicsw_interface interface;

	write_file("*SRIOV = 0\n");
	cr_assert_eq(nicsw_keywords_read(path, "other", &interface, NULL), 0);
	cr_expect(interface.sriov_off);
	cr_assert_eq(nicsw_keywords_read(directory, "other", &interface, NULL), 0);
	cr_expect_not(interface.sriov_off);
	cr_expect_eq(nicsw_keywords_read(directory, "../nic0", &interface, NULL), -EINVAL);
}

/* ---- effects ------------------------------------------------------------------------------------
 */

/* GEN-1: every NIC switch and SR-IOV request fails. The hardware's capabilities stay. */
Test(keywords, GEN_1_sriov_off)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(4);

	fixture_open();
	adapter.interface = read_text("*SRIOV = 0\n");
	refuse(OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, 548, 548,
	       NDIS_STATUS_NOT_SUPPORTED, "GEN-1");
	cr_expect(nicsw_pf_hardware_capability(&adapter).sriov_supported);
	adapter.interface = read_text("*SRIOV = 1\n");
	oid_create_switch(4);
	fixture_close();
}

/* CAP-SW-10, CREATE-SW-5, CREATE-SW-15: 0 is a limit like any other. */
Test(keywords, CAP_SW_10_num_vfs)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(3);

	fixture_open();
	adapter.interface = read_text("[NicSwitches\\0]\n*NumVFs = 2\n");
	refuse(OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, 548, 548,
	       NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-5");
	adapter.interface = read_text("[NicSwitches\\0]\n*NumVFs = 0\n");
	parameters.num_vfs = 1;
	refuse(OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, 548, 548,
	       NDIS_STATUS_INVALID_PARAMETER, "CREATE-SW-5");
	cr_expect_eq(nicsw_pf_capability(&adapter).max_num_vfs, 0);
	oid_create_switch(0);
	fixture_close();
}

/* CAP-RF-8 */
Test(keywords, CAP_RF_8_vlan_filtering)
{
	const __u32 vlan = NDIS_RECEIVE_FILTER_MAC_HEADER_VLAN_ID_SUPPORTED;
	struct fixture_filter filter = fixture_filter(NDIS_DEFAULT_VPORT_ID, 2, 1, 10);

	fixture_open();
	oid_create_switch(1);
	adapter.interface = read_text("*VMQVlanFiltering = 0\n");
	cr_expect_not(nicsw_pf_capability(&adapter).supported_mac_header_fields & vlan);
	refuse(OID_RECEIVE_FILTER_SET_FILTER, METHOD, &filter, sizeof(filter), sizeof(filter),
	       NDIS_STATUS_INVALID_PARAMETER, "SET-RF-17");
	adapter.interface = read_text("*VMQVlanFiltering = 1\n");
	cr_expect(nicsw_pf_capability(&adapter).supported_mac_header_fields & vlan);
	cr_expect_neq(oid_set_filter(NDIS_DEFAULT_VPORT_ID, 2, 1, 10), 0);
	fixture_close();
}

/* ---- man page -----------------------------------------------------------------------------------
 */

/* Range, default and meaning of each keyword are the table's, and there are no others. */
Test(keywords, man_page_is_the_table)
{
	_cleanup_free_ char *page = NULL;
	char entry[512];
	const char *at;
	size_t size = 0, count = 0, i;
	FILE *file = fopen("user/man/nicsw.conf.5", "re");

	cr_assert(file, "run from the root of the tree");
	cr_assert_gt(getdelim(&page, &size, '\0', file), 0);
	fclose(file);
	for (i = 0; i < NICSW_KEYWORD_COUNT; i++) {
		const struct nicsw_keyword_row *row = &nicsw_keyword_rows[i];

		snprintf(entry, sizeof(entry), ".TP\n\\fB%s\\fR %u..%u (default %u)\n%s.\n",
			 row->name, row->least, row->most, row->initial, row->meaning);
		cr_expect(strstr(page, entry), "%s", entry);
	}
	snprintf(entry, sizeof(entry), ".TP\n\\fB%s\\fR TEXT (default %s)\n%s.\n",
		 NICSW_KEYWORD_SWITCH_NAME, NICSW_KEYWORD_SWITCH_NAME_DEFAULT,
		 NICSW_KEYWORD_SWITCH_NAME_MEANING);
	cr_expect(strstr(page, entry), "%s", entry);
	for (at = strstr(page, ".TP\n"); at; at = strstr(at + 1, ".TP\n"))
		count++;
	cr_expect_eq(count, NICSW_KEYWORD_COUNT + 1);
}
