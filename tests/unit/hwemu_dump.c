// SPDX-License-Identifier: GPL-2.0-only
/* The dump, judged by lspci. */
#include "tests/unit/hwemu_fixture.h"

#include <stdlib.h>
#include <unistd.h>

#define GOLDEN "tests/golden/"

static char path[] = "/tmp/nicsw-lspci-XXXXXX";
static char output[65536], expected[65536];

static size_t read_all(FILE *stream, char *text)
{
	size_t length = fread(text, 1, sizeof(output) - 1, stream);

	text[length] = 0;
	return length;
}

static size_t run(const char *command)
{
	FILE *stream = popen(command, "r");
	size_t length;

	cr_assert_not_null(stream);
	length = read_all(stream, output);
	cr_assert_eq(pclose(stream), 0, "%s: %s", command, output);
	return length;
}

static void need_lspci(void)
{
	if (system("command -v lspci >/dev/null 2>&1") != 0)
		cr_skip_test("lspci (pciutils) is not installed: the dump was NOT judged");
}

/* lspci -F of the dump of a function; the module library complains where no kernel modules are. */
static void lspci(const char *options)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "lspci -F %s %s 2>&1 | sed '/^lspci: Unable to load libkmod resources/d'", path,
		 options);
	run(command);
}

static void write_dump(__u32 function)
{
	__u8 image[NICSW_CONFIG_SIZE];
	int fd = mkstemp(path);
	FILE *stream;

	cr_assert_geq(fd, 0);
	stream = fdopen(fd, "w");
	cr_assert_eq(nicsw_function_image(&device, spaces[0], function, space_of(function), image),
		     0);
	cr_assert_eq(nicsw_dump_function(stream, nicsw_device_rid(&device, function), image), 0);
	cr_assert_eq(fclose(stream), 0);
}

/* The device of the golden files: 64 VFs, 8 enabled. */
static void setup(void)
{
	start(64);
	enable(8);
	strcpy(strrchr(path, '-'), "-XXXXXX");
}

static void teardown(void)
{
	unlink(path);
}

TestSuite(hwemu_dump, .init = setup, .fini = teardown);

static void expect_no_complaint(void)
{
	static const char *const bad[] = {"<unknown>", "<access denied>", "!!!",     "<?>",
					  "broken",    "lspci:",          "invalid", "<chain"};

	for (__u32 i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_null(strstr(output, bad[i]), "%s in:\n%s", bad[i], output);
}

static void judge(__u32 function, const char *address, __u32 capabilities)
{
	static const char *const options[] = {"-vvv", "-vvv -nn", "-vvv -n", "-xxxx"};
	__u32 found = 0;

	write_dump(function);
	for (__u32 i = 0; i < 4; i++) {
		lspci(options[i]);
		cr_expect_eq(strncmp(output, address, strlen(address)), 0, "%s", output);
		expect_no_complaint();
	}
	lspci("-vvv -n");
	for (const char *at = output; (at = strstr(at, "Capabilities: [")); at++)
		found++;
	cr_expect_eq(found, capabilities, "%s", output);
}

Test(hwemu_dump, lspci_finds_no_fault_in_the_pf)
{
	need_lspci();
	judge(PF, "01:00.0 ", 10);
}

Test(hwemu_dump, lspci_finds_no_fault_in_a_vf)
{
	need_lspci();
	judge(3, "01:00.4 ", 8);
}

/* Also with every bit set that a driver can set. */
Test(hwemu_dump, lspci_finds_no_fault_in_a_used_function)
{
	__u8 ones[NICSW_CONFIG_SIZE];

	need_lspci();
	memset(ones, 0xff, sizeof(ones));
	nicsw_config_write(&device, PF, spaces[0], 0, 0x48, ones, NULL);
	nicsw_config_write(&device, PF, spaces[0], 0x4a, NICSW_CONFIG_SIZE - 0x4a, ones, NULL);
	judge(PF, "01:00.0 ", 10);
}

/* What lspci prints again is, byte by byte, what it read. */
static void expect_same_text(__u32 function)
{
	FILE *stream;

	write_dump(function);
	lspci("-n -xxxx");
	stream = fopen(path, "r");
	cr_assert_not_null(stream);
	read_all(stream, expected);
	fclose(stream);
	cr_expect_str_eq(output, expected);
}

Test(hwemu_dump, same_as_lspci_prints_pf)
{
	need_lspci();
	expect_same_text(PF);
}

Test(hwemu_dump, same_as_lspci_prints_vf)
{
	need_lspci();
	expect_same_text(7);
}

/*
 * The layout of lspci's text differs between its versions: the first line of the file names the
 * one.
 */
static void compare_golden(__u32 function, const char *file)
{
	FILE *stream = fopen(file, "r");
	char version[64];

	cr_assert_not_null(stream, "%s (run in the root of the tree)", file);
	cr_assert_not_null(fgets(version, sizeof(version), stream));
	read_all(stream, expected);
	fclose(stream);
	run("lspci --version");
	if (strcmp(output, version) != 0)
		cr_skip_test("golden file is for another lspci: the text was NOT compared");
	write_dump(function);
	lspci("-vvv -n");
	cr_expect_str_eq(output, expected, "%s differs, got:\n%s", file, output);
}

Test(hwemu_dump, golden_pf)
{
	need_lspci();
	compare_golden(PF, GOLDEN "lspci-pf.txt");
}

Test(hwemu_dump, golden_vf)
{
	need_lspci();
	compare_golden(3, GOLDEN "lspci-vf.txt");
}

/* PCI-6: the image has the ids of VENDOR_DEVICE_ID, the registers do not; nothing else differs. */
Test(hwemu_dump, image_of_a_vf)
{
	__u8 image[NICSW_CONFIG_SIZE];

	cr_expect_eq(nicsw_function_image(&device, spaces[0], 7, space_of(7), image), 0);
	cr_expect_arr_eq(image, "\xf4\x1a\x41\x10", 4);
	cr_expect_arr_eq(image + 4, space_of(7) + 4, NICSW_CONFIG_SIZE - 4);
	cr_expect_eq(get(7, PCI_VENDOR_ID, 4), 0xffffffff);
	image[0] = 0x5a;
	cr_expect_eq(nicsw_function_image(&device, spaces[0], 8, space_of(8), image), -ENODEV);
	cr_expect_eq(nicsw_function_image(&device, spaces[0], 64, space_of(8), image), -EINVAL);
	cr_expect_eq(image[0], 0x5a);
}

static const char *first_line(__u32 rid)
{
	FILE *stream = fmemopen(output, sizeof(output), "w");

	cr_assert_eq(nicsw_dump_function(stream, rid, spaces[0]), 0);
	fclose(stream);
	*strchr(output, '\n') = 0;
	return output;
}

/*
 * PCI-10, PCI-60: device and function of an ARI RID as lspci writes them; a segment only if it
 * is not 0.
 */
Test(hwemu_dump, address)
{
	cr_expect_str_eq(first_line(0x0100), "01:00.0 0200: 1af4:1041 (rev 01)");
	cr_expect_str_eq(first_line(0x01ff), "01:1f.7 0200: 1af4:1041 (rev 01)");
	cr_expect_str_eq(first_line(0x0200), "02:00.0 0200: 1af4:1041 (rev 01)");
	cr_expect_str_eq(first_line(0x000a0304), "000a:03:00.4 0200: 1af4:1041 (rev 01)");
}

/* A full disk is not a dump. */
Test(hwemu_dump, failing_stream)
{
	FILE *stream = fopen("/dev/full", "w");

	cr_assert_not_null(stream);
	setvbuf(stream, NULL, _IONBF, 0);
	cr_expect_eq(nicsw_dump_function(stream, 0x0100, spaces[0]), -EIO);
	fclose(stream);
}
