// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch programs exist twice: those that are test-run, and those bound to a device, which run.
 * What is proven about the ones holds for the others only if they differ in nothing but the read of
 * the metadata (FWD-35): so the object files are compared, function by function, instruction by
 * instruction, with what each instruction refers to.
 */
#include <criterion/criterion.h>
#include <elf.h>
#include <linux/bpf.h>
#include <nicsw/maps.h>

#include "bpf/switch.skel.h"
#include "bpf/switch_bound.skel.h"
#include "core/util.h"

#define METADATA_READ      "nicsw_tag_in_metadata"
#define FUNCTIONS_AT_LEAST 10

struct object {
	const char *bytes;
	const Elf64_Ehdr *header;
	const Elf64_Shdr *sections;
	const Elf64_Sym *symbols;
	size_t num_symbols;
	const char *names; /* of symbols */
};

static const char *section_name(const struct object *object, size_t index)
{
	const Elf64_Shdr *names = &object->sections[object->header->e_shstrndx];

	return object->bytes + names->sh_offset + object->sections[index].sh_name;
}

static struct object open_object(const void *bytes)
{
	struct object object = {.bytes = bytes, .header = bytes};

	object.sections = (const void *)(object.bytes + object.header->e_shoff);
	for (size_t i = 0; i < object.header->e_shnum; i++) {
		const Elf64_Shdr *section = &object.sections[i];

		if (section->sh_type != SHT_SYMTAB)
			continue;
		object.symbols = (const void *)(object.bytes + section->sh_offset);
		object.num_symbols = section->sh_size / sizeof(*object.symbols);
		object.names = object.bytes + object.sections[section->sh_link].sh_offset;
	}
	cr_assert(object.symbols);
	return object;
}

static const char *symbol_name(const struct object *object, const Elf64_Sym *symbol)
{
	if (ELF64_ST_TYPE(symbol->st_info) == STT_SECTION)
		return section_name(object, symbol->st_shndx);
	return object->names + symbol->st_name;
}

static const Elf64_Sym *find_symbol(const struct object *object, const char *name)
{
	for (size_t i = 0; i < object->num_symbols; i++)
		if (nicsw_streq(symbol_name(object, &object->symbols[i]), name))
			return &object->symbols[i];
	return NULL;
}

static bool is_function(const Elf64_Sym *symbol)
{
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF;
}

static const struct bpf_insn *instructions(const struct object *object, const Elf64_Sym *symbol)
{
	return (const void *)(object->bytes + object->sections[symbol->st_shndx].sh_offset +
			      symbol->st_value);
}

/* What instruction `number` of a function refers to, or "". */
static const char *reference(const struct object *object, const Elf64_Sym *function, size_t number)
{
	Elf64_Addr at = function->st_value + number * sizeof(struct bpf_insn);

	for (size_t i = 0; i < object->header->e_shnum; i++) {
		const Elf64_Shdr *section = &object->sections[i];
		const Elf64_Rel *entries = (const void *)(object->bytes + section->sh_offset);

		if (section->sh_type != SHT_REL || section->sh_info != function->st_shndx)
			continue;
		for (size_t k = 0; k < section->sh_size / sizeof(*entries); k++)
			if (entries[k].r_offset == at)
				return symbol_name(
					object, &object->symbols[ELF64_R_SYM(entries[k].r_info)]);
	}
	return "";
}

static void compare_function(const struct object *plain, const struct object *bound,
			     const Elf64_Sym *function)
{
	const char *name = symbol_name(plain, function);
	const Elf64_Sym *other = find_symbol(bound, name);
	const struct bpf_insn *ours = instructions(plain, function), *theirs;

	cr_assert(other && is_function(other), "%s is in both", name);
	cr_assert_str_eq(section_name(plain, function->st_shndx),
			 section_name(bound, other->st_shndx), "%s", name);
	cr_assert_eq(function->st_size, other->st_size, "%s is as long", name);
	theirs = instructions(bound, other);
	for (size_t i = 0; i < function->st_size / sizeof(*ours); i++) {
		const char *refers_to = reference(plain, function, i);

		cr_assert_eq(memcmp(&ours[i], &theirs[i], sizeof(*ours)), 0, "%s, instruction %zu",
			     name, i);
		cr_assert_str_eq(refers_to, reference(bound, other, i), "%s, instruction %zu", name,
				 i);
		/* A place in a section, not a name: it would not be compared. */
		cr_assert_str_neq(refers_to, ".text", "%s, instruction %zu", name, i);
	}
}

static struct object plain, bound;

/* The bytes that are built in may lie anywhere: copied, so that their words are aligned. */
static void open_objects(void)
{
	size_t size;
	const void *bytes = switch_bpf__elf_bytes(&size);

	plain = open_object(memcpy(malloc(size), bytes, size));
	bytes = switch_bound_bpf__elf_bytes(&size);
	bound = open_object(memcpy(malloc(size), bytes, size));
}

static void close_objects(void)
{
	free((void *)plain.bytes);
	free((void *)bound.bytes);
}

TestSuite(switch_bound, .init = open_objects, .fini = close_objects);

Test(switch_bound, all_functions_but_one_are_the_same)
{
	size_t compared = 0;

	for (size_t i = 0; i < plain.num_symbols; i++) {
		const Elf64_Sym *symbol = &plain.symbols[i];

		if (!is_function(symbol) || nicsw_streq(symbol_name(&plain, symbol), METADATA_READ))
			continue;
		compare_function(&plain, &bound, symbol);
		compared++;
	}
	cr_assert_geq(compared, FUNCTIONS_AT_LEAST);
}

Test(switch_bound, none_is_in_the_bound_object_only)
{
	for (size_t i = 0; i < bound.num_symbols; i++)
		if (is_function(&bound.symbols[i]))
			cr_assert(find_symbol(&plain, symbol_name(&bound, &bound.symbols[i])));
}

static size_t count_references(const struct object *object, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < object->num_symbols; i++) {
		const Elf64_Sym *function = &object->symbols[i];

		for (size_t k = 0; is_function(function) && k < function->st_size / 8; k++)
			count += nicsw_streq(reference(object, function, k), name);
	}
	return count;
}

/* Calls of the place that the loader gives to the kernel function. */
static size_t count_calls(const struct object *object)
{
	size_t count = 0;

	for (size_t i = 0; i < object->num_symbols; i++) {
		const Elf64_Sym *function = &object->symbols[i];

		for (size_t k = 0; is_function(function) && k < function->st_size / 8; k++)
			count += instructions(object, function)[k].code == (BPF_JMP | BPF_CALL) &&
				 instructions(object, function)[k].imm == NICSW_METADATA_CALL;
	}
	return count;
}

/* FWD-35: the one function asks the kernel, and the port's programs ask it. */
Test(switch_bound, only_the_bound_object_reads_metadata)
{
	cr_expect_eq(count_calls(&plain), 0);
	cr_expect_eq(count_calls(&bound), 1);
	cr_expect_eq(count_references(&bound, METADATA_READ), 2);
}

/* The loader writes the constants by the layout of one of them. */
Test(switch_bound, constants_and_maps_are_in_the_same_places)
{
	static const char *const sections[] = {".rodata", ".maps"};

	cr_expect_eq(sizeof(struct switch_bpf__rodata), sizeof(struct switch_bound_bpf__rodata));
	for (size_t i = 0; i < plain.num_symbols; i++) {
		const Elf64_Sym *symbol = &plain.symbols[i], *other;

		if (ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT)
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(sections); k++) {
			if (!nicsw_streq(section_name(&plain, symbol->st_shndx), sections[k]))
				continue;
			other = find_symbol(&bound, symbol_name(&plain, symbol));
			cr_assert(other, "%s", symbol_name(&plain, symbol));
			cr_expect_eq(symbol->st_value, other->st_value);
			cr_expect_eq(symbol->st_size, other->st_size);
		}
	}
}
