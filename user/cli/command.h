/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands: one table, from which dispatch, help and completion derive.
 *
 * A row is OBJECT COMMAND with its parameters and its handler. A command that is not built is not
 * in the table. Full words only: scripts come to depend on a prefix, then no new word can be added.
 */
#ifndef NICSW_CLI_COMMAND_H
#define NICSW_CLI_COMMAND_H

#include "cli/arguments.h"
#include "cli/cli.h"

struct nicsw_command {
	const char *object;
	const char *name; /* "": the object is the command */
	const char *help;
	struct nicsw_use uses[NICSW_USES_MAX];
	enum nicsw_exit (*run)(struct nicsw_cli *cli, const struct nicsw_arguments *arguments);
};

struct nicsw_object {
	const char *name;
	const char *help;
};

extern const struct nicsw_object nicsw_objects[];
extern const size_t nicsw_num_objects;
extern const struct nicsw_command nicsw_commands[];
extern const size_t nicsw_num_commands;

/* OBJECT COMMAND ARGUMENTS, `help`, or `OBJECT help`. */
enum nicsw_exit nicsw_command_run(struct nicsw_cli *cli, int argc, char **argv);

/* help.c */
void nicsw_help(FILE *stream);
void nicsw_help_object(const struct nicsw_object *object, FILE *stream);
void nicsw_help_usage(const struct nicsw_command *command, FILE *stream);
/* The words that may follow those in argv, one a line. */
void nicsw_complete(int argc, char **argv, FILE *stream);

/* batch.c: the commands of a file ("-" = standard input), up to the first that fails. */
enum nicsw_exit nicsw_batch_run(struct nicsw_cli *cli, const char *path);
/* Cuts a line into words in place, with "..." around a word with blanks and # before a comment;
 * -EINVAL, -E2BIG. */
int nicsw_batch_split(char *line, char **ret_words, size_t most);

/* Everything: options, then a command, a batch, help or version. */
enum nicsw_exit nicsw_cli_main(struct nicsw_cli *cli, int argc, char **argv);

typedef enum nicsw_exit nicsw_handler(struct nicsw_cli *cli,
				      const struct nicsw_arguments *arguments);
nicsw_handler nicsw_cmd_adapter_add, nicsw_cmd_adapter_del, nicsw_cmd_adapter_show,
	nicsw_cmd_adapter_set, nicsw_cmd_adapter_reset;
nicsw_handler nicsw_cmd_switch_create, nicsw_cmd_switch_delete, nicsw_cmd_switch_show,
	nicsw_cmd_switch_set;
nicsw_handler nicsw_cmd_vf_allocate, nicsw_cmd_vf_free, nicsw_cmd_vf_show, nicsw_cmd_vf_reset,
	nicsw_cmd_vf_attach, nicsw_cmd_vf_detach, nicsw_cmd_vf_power, nicsw_cmd_vf_set;
nicsw_handler nicsw_cmd_vport_create, nicsw_cmd_vport_delete, nicsw_cmd_vport_show,
	nicsw_cmd_vport_set;
nicsw_handler nicsw_cmd_filter_set, nicsw_cmd_filter_move, nicsw_cmd_filter_clear,
	nicsw_cmd_filter_show;
nicsw_handler nicsw_cmd_pci_read, nicsw_cmd_pci_dump, nicsw_cmd_pci_write, nicsw_cmd_pci_bars,
	nicsw_cmd_pci_block, nicsw_cmd_pci_iommu;
nicsw_handler nicsw_cmd_oid_list, nicsw_cmd_oid_query, nicsw_cmd_oid_set, nicsw_cmd_oid_method;
nicsw_handler nicsw_cmd_monitor;
nicsw_handler nicsw_cmd_stats_show;
nicsw_handler nicsw_cmd_doctor;
nicsw_handler nicsw_cmd_why;
nicsw_handler nicsw_cmd_fault_list, nicsw_cmd_fault_set;

#endif
