// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"

void nicsw_help_usage(const struct nicsw_command *command, FILE *stream)
{
	fprintf(stream, " nicsw %s%s%s", command->object, *command->name ? " " : "", command->name);
	nicsw_arguments_usage(command->uses, stream);
	fputc('\n', stream);
}

static bool is_of(const struct nicsw_command *command, const struct nicsw_object *object)
{
	return nicsw_streq(command->object, object->name);
}

static void print_commands(const struct nicsw_object *object, FILE *stream)
{
	for (size_t i = 0; i < nicsw_num_commands; i++) {
		if (!is_of(&nicsw_commands[i], object))
			continue;
		fprintf(stream, "  %s%s%s", object->name, *nicsw_commands[i].name ? " " : "",
			nicsw_commands[i].name);
		nicsw_arguments_usage(nicsw_commands[i].uses, stream);
		fputc('\n', stream);
	}
}

void nicsw_help(FILE *stream)
{
	fputs("Usage: nicsw [OPTIONS] OBJECT COMMAND [ARGUMENTS]\n"
	      "       nicsw [OPTIONS] -b FILE\n"
	      "       nicsw help\n"
	      "       nicsw OBJECT help\n"
	      "\nOptions:\n",
	      stream);
	nicsw_options_help(stream);
	fputs("\nCommands:\n", stream);
	for (size_t i = 0; i < nicsw_num_objects; i++)
		print_commands(&nicsw_objects[i], stream);
	fputs("\nExit: 0 done, 1 refused or failed, 2 usage, 3 nicswd not reachable.\n", stream);
}

void nicsw_help_object(const struct nicsw_object *object, FILE *stream)
{
	fprintf(stream, "%s: %s\n", object->name, object->help);
	for (size_t i = 0; i < nicsw_num_commands; i++) {
		const struct nicsw_command *command = &nicsw_commands[i];

		if (!is_of(command, object))
			continue;
		fputs("\n ", stream);
		nicsw_help_usage(command, stream);
		fprintf(stream, "    %s\n", command->help);
		nicsw_arguments_help(command->uses, stream);
	}
}

static void complete_object(FILE *stream)
{
	nicsw_options_complete(stream);
	for (size_t i = 0; i < nicsw_num_objects; i++)
		fprintf(stream, "%s\n", nicsw_objects[i].name);
	fputs("help\n", stream);
}

static void complete_command(const char *object, FILE *stream)
{
	for (size_t i = 0; i < nicsw_num_commands; i++)
		if (nicsw_streq(nicsw_commands[i].object, object) && *nicsw_commands[i].name)
			fprintf(stream, "%s\n", nicsw_commands[i].name);
	fputs("help\n", stream);
}

void nicsw_complete(int argc, char **argv, FILE *stream)
{
	if (argc == 0)
		complete_object(stream);
	else if (argc == 1)
		complete_command(argv[0], stream);
	for (size_t i = 0; argc >= 1 && i < nicsw_num_commands; i++) {
		const struct nicsw_command *command = &nicsw_commands[i];
		int words = *command->name ? 2 : 1; /* the object may be the command */

		if (nicsw_streq(command->object, argv[0]) && argc >= words &&
		    (words == 1 || nicsw_streq(command->name, argv[1])))
			nicsw_arguments_complete(command->uses, argc - words, argv + words, stream);
	}
}
