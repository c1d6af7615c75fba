// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

#include "core/text.h"

const struct nicsw_object nicsw_objects[] = {
	{"adapter", "NICs: a modelled PCIe device over an uplink netdev"},
	{"switch", "the NIC switch of an adapter"},
	{"vf", "Virtual Functions"},
	{"vport", "ports of the switch"},
	{"filter", "receive filters: which address belongs to which VPort"},
	{"pci", "the VFs as PCI functions"},
	{"oid", "NDIS requests with raw information buffers"},
	{"monitor", "what happens, as it happens"},
	{"stats", "counters"},
	{"doctor", "checks of host and VFs, and what to do"},
	{"why", "what would become of a frame, and by which rule"},
	{"fault", "knobs that make operations fail, as hardware can"},
};
const size_t nicsw_num_objects = ARRAY_SIZE(nicsw_objects);

#define POSITION(ID)                                                                               \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_POSITION                                               \
	}
#define OPTIONAL_POSITION(ID)                                                                      \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_OPTIONAL_POSITION                                      \
	}
#define WORD(ID)                                                                                   \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_WORD                                                   \
	}
#define OPTIONAL_WORD(ID)                                                                          \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_OPTIONAL_WORD                                          \
	}
#define ALTERNATIVE(ID)                                                                            \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_ALTERNATIVE                                            \
	}
#define EITHER(ID)                                                                                 \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_EITHER                                                 \
	}

#define LAST(ID)                                                                                   \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_LAST                                                   \
	}
#define OPTIONAL_LAST(ID)                                                                          \
	{                                                                                          \
		NICSW_PARAMETER_##ID, NICSW_OPTIONAL_LAST                                          \
	}
#define OID_USES                                                                                   \
	POSITION(OID), OPTIONAL_WORD(IN), OPTIONAL_WORD(OUT_LENGTH), OPTIONAL_WORD(TARGET_VF),     \
		OPTIONAL_WORD(AS_NDIS)

/* clang-format off */
const struct nicsw_command nicsw_commands[] = {
	{"adapter", "add", "make an adapter of an uplink netdev",
	 {POSITION(NAME), WORD(UPLINK), OPTIONAL_WORD(TOTAL_VFS), OPTIONAL_WORD(TAKEOVER)},
	 nicsw_cmd_adapter_add},
	{"adapter", "del", "take an adapter down and put its uplink back as it was",
	 {POSITION(NAME)}, nicsw_cmd_adapter_del},
	{"adapter", "show", "list adapters", {{0}}, nicsw_cmd_adapter_show},
	{"adapter", "set", "SR-IOV on or off (on reads the keywords anew, nicsw.conf(5)); use of the wire",
	 {POSITION(NAME), EITHER(SRIOV), EITHER(RATE), EITHER(VEPA)}, nicsw_cmd_adapter_set},
	{"adapter", "reset", "reset PF and VFs; switch, VPorts and filters are restored",
	 {OPTIONAL_POSITION(NAME)}, nicsw_cmd_adapter_reset},

	{"switch", "create", "create the switch and enable VFs",
	 {OPTIONAL_WORD(NUM_VFS), OPTIONAL_WORD(QUEUE_PAIRS), OPTIONAL_WORD(TEXT)},
	 nicsw_cmd_switch_create},
	{"switch", "delete", "delete the switch, once its filters, VPorts and VFs are gone", {{0}},
	 nicsw_cmd_switch_delete},
	{"switch", "show", "show the switch", {{0}}, nicsw_cmd_switch_show},
	{"switch", "set", "name the switch", {WORD(TEXT)}, nicsw_cmd_switch_set},

	{"vf", "allocate", "allocate a VF, print its id and RID",
	 {OPTIONAL_WORD(VF_MAC), OPTIONAL_WORD(TEXT)}, nicsw_cmd_vf_allocate},
	{"vf", "free", "free a VF, once its VPort is gone", {POSITION(VF)}, nicsw_cmd_vf_free},
	{"vf", "show", "list allocated VFs", {OPTIONAL_POSITION(VF)}, nicsw_cmd_vf_show},
	{"vf", "reset", "reset a VF (FLR); netdev and counters stay", {POSITION(VF)},
	 nicsw_cmd_vf_reset},
	{"vf", "power", "put a VF into a power state", {POSITION(VF), POSITION(POWER),
	 OPTIONAL_WORD(WAKE)}, nicsw_cmd_vf_power},
	{"vf", "attach", "create the VF's netdev in a network namespace",
	 {POSITION(VF), WORD(NETNS), OPTIONAL_WORD(DEV)}, nicsw_cmd_vf_attach},
	{"vf", "detach", "remove the VF's netdev", {POSITION(VF)}, nicsw_cmd_vf_detach},
	{"vf", "set", "decide about a VF's traffic: what is not named stays as it is",
	 {POSITION(VF), OPTIONAL_WORD(ADMIN_MAC), OPTIONAL_WORD(ACCESS_VLAN), OPTIONAL_WORD(QOS),
	  OPTIONAL_WORD(PROTO), OPTIONAL_WORD(TRUNK), OPTIONAL_WORD(MIN_TX_RATE),
	  OPTIONAL_WORD(MAX_TX_RATE), OPTIONAL_WORD(SPOOFCHK), OPTIONAL_WORD(TRUST),
	  OPTIONAL_WORD(LINK), OPTIONAL_WORD(ISOLATED), OPTIONAL_WORD(STORM), OPTIONAL_WORD(MTU)},
	 nicsw_cmd_vf_set},

	{"vport", "create", "create the VPort of a VF, or one more of the PF; print its id",
	 {EITHER(VF), EITHER(PF), OPTIONAL_WORD(VPORT_QUEUE_PAIRS), OPTIONAL_WORD(CPU),
	  OPTIONAL_WORD(TEXT)},
	 nicsw_cmd_vport_create},
	{"vport", "delete", "delete a VPort, once its filters are gone", {POSITION(VPORT)},
	 nicsw_cmd_vport_delete},
	{"vport", "show", "list VPorts (with -s and their counters)", {OPTIONAL_POSITION(VPORT)},
	 nicsw_cmd_vport_show},
	{"vport", "set", "change a VPort: what is not named stays as it is",
	 {POSITION(VPORT), OPTIONAL_WORD(STATE), OPTIONAL_WORD(MODERATION), OPTIONAL_WORD(CPU),
	  OPTIONAL_WORD(TEXT)},
	 nicsw_cmd_vport_set},

	{"filter", "set", "steer an address to a VPort, print the filter's id",
	 {WORD(VPORT), WORD(MAC), OPTIONAL_WORD(VLAN)}, nicsw_cmd_filter_set},
	{"filter", "move", "move a filter to another VPort; no frame is lost or doubled",
	 {POSITION(FILTER), WORD(VPORT)}, nicsw_cmd_filter_move},
	{"filter", "clear", "clear a filter", {POSITION(FILTER)}, nicsw_cmd_filter_clear},
	{"filter", "show", "list filters", {{0}}, nicsw_cmd_filter_show},

	{"pci", "read", "read configuration space of a VF as hex bytes",
	 {WORD(VF), WORD(OFFSET), WORD(LENGTH)}, nicsw_cmd_pci_read},
	{"pci", "write", "write configuration space of a VF, as its driver would",
	 {WORD(VF), WORD(OFFSET), LAST(DATA)}, nicsw_cmd_pci_write},
	{"pci", "bars", "BARs of a VF: what a probe reads, and where its share lies", {WORD(VF)},
	 nicsw_cmd_pci_bars},
	{"pci", "block", "the config blocks of a VF: what its driver and the PF tell each other",
	 {POSITION(BLOCK_COMMAND), WORD(VF), WORD(BLOCK_ID), OPTIONAL_WORD(BLOCK_LENGTH),
	  OPTIONAL_LAST(BLOCK_DATA)},
	 nicsw_cmd_pci_block},
	{"pci", "iommu", "what the host maps for a VF: memory, interrupts; and what was blocked",
	 {OPTIONAL_POSITION(IOMMU_COMMAND), WORD(VF), OPTIONAL_WORD(IOVA),
	  OPTIONAL_WORD(IOMMU_LENGTH), OPTIONAL_WORD(ADDRESS), OPTIONAL_LAST(ACCESS)},
	 nicsw_cmd_pci_iommu},
	{"pci", "dump", "print functions as text that lspci -F reads",
	 {ALTERNATIVE(VF), ALTERNATIVE(PF)}, nicsw_cmd_pci_dump},

	{"oid", "list", "list the OIDs that the adapter answers", {{0}}, nicsw_cmd_oid_list},
	{"oid", "query", "query an OID, print status, byte counts and the answer's bytes",
	 {OID_USES}, nicsw_cmd_oid_query},
	{"oid", "set", "set an OID, print status and byte counts", {OID_USES}, nicsw_cmd_oid_set},
	{"oid", "method", "call a method OID, print status, byte counts and the answer's bytes",
	 {OID_USES}, nicsw_cmd_oid_method},

	{"monitor", "", "print events until it is interrupted", {OPTIONAL_WORD(JSON)},
	 nicsw_cmd_monitor},

	{"stats", "show", "counters of each port, and drops by reason (with -s by kind of address)",
	 {OPTIONAL_WORD(CHECK)}, nicsw_cmd_stats_show},

	{"doctor", "", "check host, uplink, netdevs and pins; exit 1 if something is wrong",
	 {OPTIONAL_WORD(PINNED_STATE), OPTIONAL_WORD(AS_JSON)}, nicsw_cmd_doctor},

	{"why", "", "run a frame through the switch programs and the model; nothing is sent",
	 {POSITION(FROM), EITHER(VF), EITHER(FROM_UPLINK), EITHER(VPORT), LAST(FRAME)},
	 nicsw_cmd_why},

	{"fault", "list", "list fault knobs, and what each is set to", {{0}}, nicsw_cmd_fault_list},
	{"fault", "set", "make an operation fail, or succeed again",
	 {POSITION(KNOB), POSITION(ON_OFF), OPTIONAL_WORD(FAULT_VF)}, nicsw_cmd_fault_set},
};
/* clang-format on */
const size_t nicsw_num_commands = ARRAY_SIZE(nicsw_commands);

#define WORDS_MAX (ARRAY_SIZE(nicsw_commands) + 1)

static enum nicsw_exit unknown(struct nicsw_cli *cli, const char *what, const char *word,
			       const char *const *words, size_t count)
{
	const char *nearest = nicsw_nearest_word(word, words, count);

	if (nearest)
		fprintf(cli->err, "Error: unknown %s \"%s\", the nearest one is \"%s\".\n", what,
			word, nearest);
	else
		fprintf(cli->err, "Error: unknown %s \"%s\", see `nicsw help`.\n", what, word);
	return NICSW_EXIT_USAGE;
}

static const struct nicsw_object *find_object(const char *name)
{
	for (size_t i = 0; i < nicsw_num_objects; i++)
		if (nicsw_streq(nicsw_objects[i].name, name))
			return &nicsw_objects[i];
	return NULL;
}

static enum nicsw_exit unknown_object(struct nicsw_cli *cli, const char *word)
{
	const char *words[ARRAY_SIZE(nicsw_objects) + 1] = {"help"};

	for (size_t i = 0; i < nicsw_num_objects; i++)
		words[i + 1] = nicsw_objects[i].name;
	return unknown(cli, "object", word, words, nicsw_num_objects + 1);
}

static enum nicsw_exit unknown_command(struct nicsw_cli *cli, const struct nicsw_object *object,
				       const char *word)
{
	const char *words[WORDS_MAX] = {"help"};
	char what[32];
	size_t count = 1;

	for (size_t i = 0; i < nicsw_num_commands; i++)
		if (nicsw_streq(nicsw_commands[i].object, object->name))
			words[count++] = nicsw_commands[i].name;
	snprintf(what, sizeof(what), "%s command", object->name);
	return unknown(cli, what, word, words, count);
}

static const struct nicsw_command *find_command(const char *object, const char *name)
{
	for (size_t i = 0; i < nicsw_num_commands; i++)
		if (nicsw_streq(nicsw_commands[i].object, object) &&
		    nicsw_streq(nicsw_commands[i].name, name))
			return &nicsw_commands[i];
	return NULL;
}

static enum nicsw_exit run_command(struct nicsw_cli *cli, const struct nicsw_command *command,
				   int argc, char **argv)
{
	struct nicsw_arguments arguments;
	struct nicsw_error error = {0};

	if (!nicsw_arguments_parse(command->uses, argc, argv, &arguments, &error))
		return command->run(cli, &arguments);
	nicsw_tell_error(cli, 0, error.rule, error.text);
	fputs("Usage:", cli->err);
	nicsw_help_usage(command, cli->err);
	return NICSW_EXIT_USAGE;
}

enum nicsw_exit nicsw_command_run(struct nicsw_cli *cli, int argc, char **argv)
{
	const struct nicsw_object *object = find_object(argv[0]);
	const struct nicsw_command *command;

	if (!object && nicsw_streq(argv[0], "help") && argc == 1) {
		nicsw_help(cli->out);
		return NICSW_EXIT_DONE;
	}
	if (!object)
		return unknown_object(cli, argv[0]);
	if (argc == 2 && nicsw_streq(argv[1], "help")) {
		nicsw_help_object(object, cli->out);
		return NICSW_EXIT_DONE;
	}
	command = find_command(object->name, "");
	if (command)
		return run_command(cli, command, argc - 1, argv + 1);
	if (argc < 2) {
		fprintf(cli->err, "Error: %s needs a command, see `nicsw %s help`.\n", object->name,
			object->name);
		return NICSW_EXIT_USAGE;
	}
	command = find_command(object->name, argv[1]);
	if (!command)
		return unknown_command(cli, object, argv[1]);
	return run_command(cli, command, argc - 2, argv + 2);
}
