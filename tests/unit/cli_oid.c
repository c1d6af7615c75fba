// SPDX-License-Identifier: GPL-2.0-only
/* Raw OIDs: names, buffers from files, and what is told of a refusal. */
#include "cli/oid_name.h"
#include "cli_fake.h"

/* ---- names --------------------------------------------------------------------------------------
 */

Test(cli_oid, every_name_is_found_with_and_without_prefix)
{
	static const __u32 values[] = {
#define X(value, NAME, kinds) value,
		NDIS_OIDS(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		const char *name = nicsw_oid_name(values[i]);
		__u32 oid = 0;

		cr_expect_eq(nicsw_oid_find(name, &oid), 0, "%s", name);
		cr_expect_eq(oid, values[i], "%s", name);
		oid = 0;
		cr_expect_eq(nicsw_oid_find(name + 4, &oid), 0, "%s", name + 4);
		cr_expect_eq(oid, values[i], "%s", name + 4);
	}
}

Test(cli_oid, an_unknown_name_gets_the_nearest_one)
{
	static const struct {
		const char *name, *nearest;
	} names[] = {
		{"OID_NIC_SWITCH_ALOCATE_VF", "OID_NIC_SWITCH_ALLOCATE_VF"},
		{"NIC_SWITCH_ALOCATE_VF", "OID_NIC_SWITCH_ALLOCATE_VF"},
		{"sriov_reset_vf", "OID_SRIOV_RESET_VF"},
		{"oid_sriov_reset_fv", "OID_SRIOV_RESET_VF"},
	};
	__u32 oid = 7;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *nearest = nicsw_oid_nearest(names[i].name);

		cr_expect_eq(nicsw_oid_find(names[i].name, &oid), -ENOENT, "%s", names[i].name);
		cr_assert(nearest, "%s", names[i].name);
		cr_expect_str_eq(nearest, names[i].nearest);
	}
	cr_expect_eq(oid, 7, "untouched");
	cr_expect_null(nicsw_oid_nearest("X"));
}

/* ---- buffers ------------------------------------------------------------------------------------
 */

static void write_file(char *path, const void *bytes, size_t length)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, bytes, length), (ssize_t)length);
	close(fd);
}

static enum nicsw_exit run_with_file(struct fake *fake, const char *path)
{
	char line[128];

	snprintf(line, sizeof(line), "oid set SRIOV_RESET_VF --in @%s", path);
	return fake_run(fake, line);
}

/* A captured buffer goes out as it is, zero bytes and all. */
Test(cli_oid, a_buffer_from_a_file)
{
	static const char bytes[] = {'\x80', 1, 6, 0, 0, 0};
	static struct fake fake;
	char path[] = "/tmp/nicsw-cli-oid-XXXXXX";

	write_file(path, bytes, sizeof(bytes));
	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_with_file(&fake, path), NICSW_EXIT_DONE, "%s", fake.err);
	cr_expect_eq(fake.asked[0].request.in_length, sizeof(bytes));
	cr_expect_arr_eq(fake.asked[0].in, bytes, sizeof(bytes));
	unlink(path);
	fake_clear(&fake);
}

Test(cli_oid, a_file_that_cannot_be_the_buffer)
{
	static char bytes[NICSW_WIRE_IN_MAX + 1];
	static struct fake fake;
	char path[] = "/tmp/nicsw-cli-oid-XXXXXX";

	fake_answer(&fake, NULL, 0);
	cr_expect_eq(run_with_file(&fake, "/nonexistent"), NICSW_EXIT_FAILED);
	cr_expect_str_eq(fake.err, "Error: cannot open /nonexistent: No such file or directory.\n");
	write_file(path, bytes, sizeof(bytes));
	cr_expect_eq(run_with_file(&fake, path), NICSW_EXIT_FAILED);
	cr_expect(strstr(fake.err, "is over 49152 bytes"), "%s", fake.err);
	cr_expect_eq(fake.num_asked, 0);
	unlink(path);
	fake_clear(&fake);
}

/* ---- answers ------------------------------------------------------------------------------------
 */

/* GEN-3: BytesNeeded of a refusal is printed, the error is told, and the exit code is 1. */
Test(cli_oid, a_refusal_is_printed_and_told)
{
	static struct fake fake;

	fake_refusal(&fake, NDIS_STATUS_INVALID_LENGTH, "ENUM-SW-2", "too short");
	fake.answers[0].reply.bytes_needed = 588;
	cr_expect_eq(fake_run(&fake, "oid query NIC_SWITCH_ENUM_SWITCHES --out-length 4"),
		     NICSW_EXIT_FAILED);
	cr_expect_eq(fake.asked[0].request.out_length, 4);
	cr_expect_str_eq(fake.out, "status NDIS_STATUS_INVALID_LENGTH bytes_read 0 bytes_written 0 "
				   "bytes_needed 588 supported_revision 0 output -\n");
	cr_expect_str_eq(fake.err,
			 "Error: too short (NDIS_STATUS_INVALID_LENGTH, rule ENUM-SW-2).\n");
	fake_clear(&fake);
}

Test(cli_oid, a_number_that_is_no_oid_is_asked_all_the_same)
{
	static struct fake fake;

	fake_answer(&fake, NULL, 0);
	cr_expect_eq(fake_run(&fake, "-j oid query 0x12345678"), NICSW_EXIT_DONE);
	cr_expect_eq(fake.asked[0].request.code, 0x12345678);
	cr_expect(strstr(fake.out, "\"oid\":\"unknown\",\"code\":305419896"), "%s", fake.out);
	fake_clear(&fake);
}

static void answer_list(struct fake *fake)
{
	static const struct nicsw_oid_support oids[] = {
		{OID_NIC_SWITCH_PARAMETERS, NDIS_KIND_METHOD | NDIS_KIND_SET},
		{OID_NIC_SWITCH_ENUM_SWITCHES, NDIS_KIND_QUERY},
		{0x12345678, NDIS_KIND_QUERY},
	};

	fake_answer(fake, oids, sizeof(oids));
}

/* GEN-27 */
Test(cli_oid, list_as_text)
{
	static struct fake fake;

	answer_list(&fake);
	cr_expect_eq(fake_run(&fake, "oid list"), NICSW_EXIT_DONE, "%s", fake.err);
	expect_golden("oid-list.txt", fake.out);
	fake_clear(&fake);
}

Test(cli_oid, list_as_json)
{
	static struct fake fake;

	answer_list(&fake);
	cr_expect_eq(fake_run(&fake, "-jp oid list"), NICSW_EXIT_DONE, "%s", fake.err);
	expect_golden("oid-list.json", fake.out);
	fake_clear(&fake);
}
