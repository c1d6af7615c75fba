// SPDX-License-Identifier: GPL-2.0-only
/* Dispatch, help, usage errors and completion; all from one table. */
#include "cli_fake.h"

/* ---- the table itself ---------------------------------------------------------------------------
 */

Test(cli_command, rows_are_complete)
{
	for (size_t i = 0; i < nicsw_num_commands; i++) {
		const struct nicsw_command *command = &nicsw_commands[i];
		bool known = false;

		for (size_t j = 0; j < nicsw_num_objects; j++)
			known |= nicsw_streq(nicsw_objects[j].name, command->object);
		cr_expect(known, "%s", command->object);
		cr_expect(command->name && command->run && command->help && *command->help, "%s %s",
			  command->object, command->name);
		cr_expect_eq(command->uses[NICSW_USES_MAX - 1].id, NICSW_PARAMETER_NONE);
	}
}

/* Every row is in `help`, and with a sentence in `OBJECT help`. */
Test(cli_command, every_row_has_its_help)
{
	static struct fake fake;

	for (size_t i = 0; i < nicsw_num_commands; i++) {
		const struct nicsw_command *command = &nicsw_commands[i];
		char line[64];

		snprintf(line, sizeof(line), "  %s %s", command->object, command->name);
		cr_assert_eq(fake_run(&fake, "help"), NICSW_EXIT_DONE);
		cr_expect(strstr(fake.out, line), "%s", line);
		snprintf(line, sizeof(line), "%s help", command->object);
		cr_assert_eq(fake_run(&fake, line), NICSW_EXIT_DONE);
		cr_expect(strstr(fake.out, command->help), "%s", command->help);
	}
	fake_clear(&fake);
}

#define GOLDEN_HELP(name, line, file)                                                              \
	Test(cli_command, help_##name)                                                             \
	{                                                                                          \
		static struct fake fake;                                                           \
		cr_assert_eq(fake_run(&fake, line), NICSW_EXIT_DONE);                              \
		expect_golden(file, fake.out);                                                     \
		fake_clear(&fake);                                                                 \
	}
GOLDEN_HELP(all, "help", "help.txt")
GOLDEN_HELP(adapter, "adapter help", "help-adapter.txt")
GOLDEN_HELP(switch, "switch help", "help-switch.txt")
GOLDEN_HELP(vf, "vf help", "help-vf.txt")
GOLDEN_HELP(vport, "vport help", "help-vport.txt")
GOLDEN_HELP(filter, "filter help", "help-filter.txt")
GOLDEN_HELP(pci, "pci help", "help-pci.txt")
GOLDEN_HELP(oid, "oid help", "help-oid.txt")
GOLDEN_HELP(monitor, "monitor help", "help-monitor.txt")
GOLDEN_HELP(fault, "fault help", "help-fault.txt")
GOLDEN_HELP(why, "why help", "help-why.txt")
GOLDEN_HELP(stats, "stats help", "help-stats.txt")
GOLDEN_HELP(doctor, "doctor help", "help-doctor.txt")

Test(cli_command, every_object_has_golden_help)
{
	for (size_t i = 0; i < nicsw_num_objects; i++) {
		char path[64];

		snprintf(path, sizeof(path), "tests/golden/help-%s.txt", nicsw_objects[i].name);
		cr_expect_eq(access(path, R_OK), 0, "%s", path);
	}
}

Test(cli_command, help_and_version_options)
{
	static struct fake fake;

	cr_expect_eq(fake_run(&fake, "--help"), NICSW_EXIT_DONE);
	cr_expect(strstr(fake.out, "Usage: nicsw"));
	cr_expect_eq(fake.num_asked, 0);
	cr_expect_eq(fake_run(&fake, "--version"), NICSW_EXIT_DONE);
	cr_expect(fake_begins(fake.out, "nicsw "));
	fake_clear(&fake);
}

/* ---- usage errors -------------------------------------------------------------------------------
 */

static const struct usage_case {
	const char *line;
	const char *text; /* in the message */
} usage_cases[] = {
	{"", "no command"},
	{"swich show", "unknown object \"swich\", the nearest one is \"switch\""},
	{"xyzzy", "unknown object \"xyzzy\", see `nicsw help`"},
	{"vf", "vf needs a command"},
	/* no prefix matching, not even where it is clear */
	{"vf alloc", "unknown vf command \"alloc\", the nearest one is \"allocate\""},
	{"fil show", "unknown object \"fil\", the nearest one is \"filter\""},
	{"vf power 0", "power state d0|d3 is missing"},
	{"vf power 0 d1", "power state \"d1\" is not one of d0|d3"},
	{"vf power 0 d", "power state \"d\" is not one of d0|d3"},
	{"vport set 1", "nothing to set: name state, moderation, cpu or name"},
	{"vport set 1 state activate", "state \"activate\" is not one of activated|deactivated"},
	{"switch set", "name TEXT is missing"},
	{"pci write vf 0 offset 0", "data HEX is missing"},
	{"pci write vf 0 offset 0 123", "data \"123\" is not pairs of hex digits"},
	{"pci write vf 0 offset 0 12 34", "unknown word \"12\""},
	{"pci write vf 0 ofset 0 12", "unknown word \"ofset\", the nearest one is \"offset\""},
	{"pci block", "command read|write|invalidate is missing"},
	{"pci block erase vf 0 id 0", "command \"erase\" is not one of read|write|invalidate"},
	{"pci block write vf 0 id 2", "data HEX is missing"},
	{"pci block read vf 0 id 2 00", "data HEX is for write only"},
	{"pci block write vf 0 id 2 length 3 0000", "length L and the number of bytes"},
	{"pci block invalidate vf 0 id 2 length 3", "length L is not for invalidate"},
	{"pci block read vf 0 id 2 length 129", "length 129 is not within 0..128 (rule BLK-8)"},
	{"pci iommu", "vf N is missing"},
	{"pci iommu mpa vf 0", "command \"mpa\" is not one of map|unmap"},
	{"pci iommu map vf 0 length 4096 to 0", "iova A is missing"},
	{"pci iommu map vf 0 iova 0 to 0", "length L is missing"},
	{"pci iommu map vf 0 iova 0 length 4096", "to B is missing"},
	{"pci iommu map vf 0 iova 0 length 0 to 0",
	 "length 0 is not within 4096..18446744073709551615"},
	{"pci iommu map vf 0 iova 18446744073709551616 length 1 to 0",
	 "iova 18446744073709551616 is"},
	{"pci iommu map vf 0 iova 0 length 4096 to 0 rw",
	 "access \"rw\" is not one of read|write|both"},
	{"pci iommu unmap vf 0 length 4096", "iova A is missing"},
	{"pci iommu unmap vf 0 iova 0", "length L is missing"},
	{"pci iommu unmap vf 0 iova 0 length 4096 to 0", "to B is for map only"},
	{"pci iommu unmap vf 0 iova 0 length 4096 read", "read, write and both are for map only"},
	{"pci iommu vf 0 iova 0", "iova A is for map and unmap only"},
	{"pci iommu vf 0 length 4096", "length L is for map and unmap only"},
	{"vf allocate mca 02:00:00:00:00:11", "unknown word \"mca\", the nearest one is \"mac\""},
	{"vf allocate mac", "mac needs a value: mac MAC"},
	{"vf allocate mac 02:00", "mac \"02:00\" is not six bytes"},
	{"vf allocate name a name b", "name is given twice"},
	{"vf free", "vf N is missing"},
	{"vf free x", "vf \"x\" is not a number in 0..65534"},
	{"vf free -1", "vf \"-1\" is not a number in 0..65534"},
	{"vf free 65535", "vf 65535 is not within 0..65534"}, /* GEN-20: the PF is not a VF */
	{"vf free 99999999999999999999999", "is not within 0..65534"},
	{"vf free 1 2", "unknown word \"2\": nothing may follow here"},
	{"vf show 1 all", "unknown word \"all\""},
	{"vf attach 0", "netns NS is missing"},
	{"vf attach 0 netns a/b", "netns \"a/b\" is not a name, an absolute path, or pid:N"},
	{"vf attach 0 netns ..", "netns \"..\" is not a name"},
	{"vf attach 0 netns pid:0", "pid is not a number in 1.."},
	{"vf attach 0 netns pid:x", "pid is not a number in 1.."},
	{"vf attach 0 netns vm1 dev a/b", "dev \"a/b\" cannot be the name of a netdev"},
	{"vf attach 0 netns vm1 dev abcdefghijklmnop", "is not of 1..15 characters"},
	{"vport create", "Error: vf N or pf is missing."},
	{"vport create queue-pairs 1", "vf N or pf is missing"},
	{"vport create vf 1 pf", "vf and pf exclude each other"},
	{"filter set vport 0", "mac MAC is missing"},
	{"filter set vport 0 mac 02:00:00:00:00:11 vlan 4095",
	 "vlan 4095 is not within 0..4094 (rule SET-RF-18)"},
	{"filter move 1", "vport N is missing"},
	{"filter clear -1", "filter \"-1\" is not a number"},
	{"pci read vf 0 offset 4096 length 1",
	 "offset 4096 is not within 0..4095 (rule RD-CFG-11)"},
	{"pci read vf 0 offset 0 length 4097",
	 "length 4097 is not within 0..4096 (rule RD-CFG-11)"},
	{"pci dump vf 0 pf", "vf and pf exclude each other"},
	{"adapter add", "name NAME is missing"},
	{"adapter add nic0", "uplink IFNAME is missing"},
	{"adapter add ninechars uplink wire0", "name \"ninechars\" is not of 1..8 characters"},
	{"adapter add a/b uplink wire0", "name \"a/b\" cannot be the name of a netdev"},
	{"adapter add nic0 uplink wire0 total-vfs 0", "total-vfs 0 is not within 1..1024"},
	{"adapter add nic0 uplink wire0 total-vfs 1025", "total-vfs 1025 is not within 1..1024"},
	{"switch create num-vfs 65536", "num-vfs 65536 is not within 0..65535 (rule CREATE-SW-5)"},
	{"switch create num-vports 9", "unknown word \"num-vports\""},
	{"oid query", "OID OID_NAME is missing"},
	{"oid query OID_SRIOV_PF_LUDI", "unknown OID \"OID_SRIOV_PF_LUDI\", the nearest one is "
					"\"OID_SRIOV_PF_LUID\""},
	{"oid query X", "unknown OID \"X\", see `nicsw oid list`"},
	{"oid set SRIOV_RESET_VF --in 800", "--in \"800\" is not pairs of hex digits"},
	{"oid set SRIOV_RESET_VF --in 0x80", "is not pairs of hex digits"},
	{"oid query SRIOV_PF_LUID --out-length 4194305", "--out-length 4194305 is not within"},
	{"oid query SRIOV_PF_LUID --out 5",
	 "unknown word \"--out\", the nearest one is \"--out-length\""},
	{"--release-on-exit --owner me vf show", "--release-on-exit and --owner exclude"},
	{"monitor all", "unknown word \"all\""},
	{"--jason vf show", "unknown option \"--jason\", the nearest one is \"--json\""},
	{"--js vf show", "unknown option \"--js\""},
	{"-x vf show", "unknown option \"-x\""},
	{"--json=1 vf show", "option --json takes no value"},
	{"--socket", "option --socket needs a value: PATH"},
	{"-a ninechars vf show", "adapter \"ninechars\" is not of 1..8 characters"},
	{"--owner 0123456789012345678901234567890x vf show", "is not of 1..31 characters"},
	{"-b /dev/null vf show", "with -b the commands come from the file"},
};

/* Exit code 2, the word and its limit are named, and the daemon was not asked: nothing has changed.
 */
Test(cli_command, usage_errors)
{
	for (size_t i = 0; i < ARRAY_SIZE(usage_cases); i++) {
		static struct fake fake;

		fake = (struct fake){0};
		fake_answer(&fake, NULL, 0);
		cr_expect_eq(fake_run(&fake, usage_cases[i].line), NICSW_EXIT_USAGE, "%s",
			     usage_cases[i].line);
		cr_expect(strstr(fake.err, usage_cases[i].text), "%s: %s", usage_cases[i].line,
			  fake.err);
		cr_expect(fake_begins(fake.err, "Error: "), "%s", fake.err);
		cr_expect_eq(fake.num_asked, 0, "%s", usage_cases[i].line);
		cr_expect_str_eq(fake.out, "", "%s", usage_cases[i].line);
		fake_clear(&fake);
	}
}

Test(cli_command, a_name_that_is_too_long)
{
	static struct fake fake;
	char name[300];
	char *words[] = {"nicsw", "vf", "allocate", "name", name, NULL};

	memset(name, 'x', 257);
	name[257] = '\0';
	cr_expect_eq(fake_run_words(&fake, 5, words), NICSW_EXIT_USAGE);
	cr_expect(strstr(fake.err, "name is over 256 UTF-16 characters (rule GEN-31)"), "%s",
		  fake.err);
	strcpy(name, "\xff");
	cr_expect_eq(fake_run_words(&fake, 5, words), NICSW_EXIT_USAGE);
	cr_expect(strstr(fake.err, "name is not valid UTF-8"), "%s", fake.err);
	fake_clear(&fake);
}

Test(cli_command, a_netns_that_is_too_long)
{
	static struct fake fake;
	char netns[300];
	char *words[] = {"nicsw", "vf", "attach", "0", "netns", netns, NULL};

	memset(netns, '/', 128);
	netns[128] = '\0';
	cr_expect_eq(fake_run_words(&fake, 6, words), NICSW_EXIT_USAGE);
	cr_expect(strstr(fake.err, "is over 127 characters"), "%s", fake.err);
	netns[127] = '\0';
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(fake_run_words(&fake, 6, words), NICSW_EXIT_DONE, "%s", fake.err);
	fake_clear(&fake);
}

/* ---- options ------------------------------------------------------------------------------------
 */

Test(cli_command, spellings_of_options)
{
	static const char *const lines[] = {
		"-j -p -s -a nic0 --socket /s --owner me --force",
		"-jps -anic0 --socket=/s --owner=me --force",
		"--json --pretty --stats --adapter nic0 --socket /s --owner me --force",
		"-sa nic0 -pj --socket=/s --owner me --force",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		static struct fake fake;
		char line[128];

		fake = (struct fake){0};
		snprintf(line, sizeof(line), "%s help", lines[i]);
		cr_assert_eq(fake_run(&fake, line), NICSW_EXIT_DONE, "%s: %s", line, fake.err);
		cr_expect(fake.cli.options.json && fake.cli.options.pretty &&
				  fake.cli.options.stats && fake.cli.options.force,
			  "%s", line);
		fake_clear(&fake);
	}
}

Test(cli_command, values_of_options)
{
	static struct fake fake;
	char *words[] = {"nicsw", "-anic0", "--socket=/s=t", "--owner", "me", "help", NULL};

	cr_assert_eq(fake_run_words(&fake, 6, words), NICSW_EXIT_DONE);
	cr_expect_str_eq(fake.cli.options.adapter, "nic0");
	cr_expect_str_eq(fake.cli.options.socket, "/s=t");
	cr_expect_str_eq(fake.cli.options.owner, "me");
	cr_expect_not(fake.cli.options.json);
	fake_clear(&fake);
}

/* What was printed into a full disk was not printed. */
Test(cli_command, output_that_cannot_be_written)
{
	static struct fake fake;
	char *words[] = {"nicsw", "help", NULL};
	_cleanup_free_ char *err = NULL;
	size_t size;

	fake.cli.out = fopen("/dev/full", "we");
	fake.cli.err = open_memstream(&err, &size);
	cr_expect_eq(nicsw_cli_main(&fake.cli, 2, words), NICSW_EXIT_FAILED);
	fclose(fake.cli.out);
	fclose(fake.cli.err);
	cr_expect(strstr(err, "Error: cannot print"), "%s", err);
}

/* ---- completion ---------------------------------------------------------------------------------
 */

Test(cli_command, completion_follows_the_table)
{
	static const struct {
		const char *line, *out;
	} completions[] = {
		{"--complete vf",
		 "allocate\nfree\nshow\nreset\npower\nattach\ndetach\nset\nhelp\n"},
		{"--complete vf attach", ""}, /* a number is due */
		{"--complete vf attach 0", "netns\ndev\n"},
		{"--complete vf attach 0 netns", ""},
		{"--complete vf attach 0 netns vm1", "dev\n"},
		{"--complete filter set vport 0 vlan 5", "mac\n"},
		{"--complete vf set 0 isolated", "on\noff\n"},
		{"--complete vf set 0 vlan 7 proto", "802.1Q\n802.1ad\n"},
		{"--complete adapter set nic0", "sriov\nrate\nvepa\n"},
		{"--complete pci dump", "vf\npf\n"},
		{"--complete vf power 0", "d0\nd3\n"},
		{"--complete vf power 0 d3", "wake\n"},
		{"--complete vport set 1 state", "activated\ndeactivated\n"},
		{"--complete pci block", "read\nwrite\ninvalidate\n"},
		{"--complete pci block write vf 0 id", ""},
		{"--complete pci block write vf 0 id 1", "length\n"},
		{"--complete pci iommu", "map\nunmap\nvf\niova\nlength\nto\nread\nwrite\nboth\n"},
		{"--complete pci iommu map vf 0 iova 0", "length\nto\nread\nwrite\nboth\n"},
		{"--complete pci iommu vf 0 iova 0 to 0 length 1", "read\nwrite\nboth\n"},
		{"--complete oid query SRIOV_PF_LUID --in 00", "--out-length\nvf\nas-ndis\n"},
		{"--complete monitor", "help\n-j\n"},
		{"--complete why", "help\nfrom\n"},
		{"--complete why from", "vf\nuplink\nvport\n"},
		{"--complete xyzzy", "help\n"},
		{"--complete vf xyzzy", ""},
	};
	static struct fake fake;

	for (size_t i = 0; i < ARRAY_SIZE(completions); i++) {
		cr_expect_eq(fake_run(&fake, completions[i].line), NICSW_EXIT_DONE);
		cr_expect_str_eq(fake.out, completions[i].out, "%s", completions[i].line);
	}
	cr_expect_eq(fake_run(&fake, "--complete"), NICSW_EXIT_DONE);
	cr_expect(strstr(fake.out, "--json\n") && strstr(fake.out, "\nvport\n"), "%s", fake.out);
	cr_expect_null(strstr(fake.out, "--complete"));
	fake_clear(&fake);
}
