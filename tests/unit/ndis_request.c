// SPDX-License-Identifier: GPL-2.0-only
/* What holds for every OID: steps 1 to 4 of the order of validation, tried on each row of the OID
 * table. */
#include "ndis_fixture.h"

#include "ndis/oid_table.h"

/* VF 0 is there, so that its adapter can be asked, too. */
static void open_vf(void)
{
	fixture_open();
	oid_create_switch(4);
	oid_allocate_vf(1);
}

TestSuite(ndis_request, .init = open_vf, .fini = fixture_close);

#define BUFFER 4096

static __u32 highest(const struct nicsw_oid_row *row)
{
	return row->lengths[2] ? 3 : row->lengths[1] ? 2 : 1;
}

/* All zero behind a good header of the highest revision. */
static char *good_buffer(const struct nicsw_oid_row *row)
{
	const struct ndis_object_header header =
		HEADER(highest(row), row->lengths[highest(row) - 1]);
	char *buffer = calloc(1, BUFFER);

	memcpy(buffer, &header, sizeof(header));
	return buffer;
}

static __u32 in_length(const struct nicsw_oid_row *row)
{
	return row->lengths[highest(row) - 1];
}

static __u32 out_length(const struct nicsw_oid_row *row)
{
	return row->type == SET ? 0 : row->lengths[highest(row) - 1] + row->behind;
}

static void refuse_row(const struct nicsw_oid_row *row, void *buffer, __u32 status,
		       const char *rule)
{
	refuse(row->oid, row->type, buffer, in_length(row), out_length(row), status, rule);
}

#define EVERY_ROW(row)                                                                             \
	for (const struct nicsw_oid_row *row = nicsw_oid_rows;                                     \
	     row < nicsw_oid_rows + nicsw_num_oid_rows; row++)

/* Rows with a handler, each asked of an adapter that answers it. */
static bool aim(const struct nicsw_oid_row *row)
{
	target_vf = row->flags & NICSW_OID_PF ? NICSW_NONE : 0;
	return row->handle;
}

#define EACH_ROW(row) EVERY_ROW(row) if (aim(row))

/*
 * GEN-27: the table has each request type of each of the 43 OIDs, once, and nothing else; it is
 * either answered, by an adapter at least, or refused by a rule.
 */
Test(ndis_request, GEN_27_the_table_is_whole)
{
	__u32 oid, type;

	EVERY_ROW(row)
	{
		cr_expect_eq(nicsw_oid_row(row->oid, row->type), row, "%s twice",
			     nicsw_oid_name(row->oid));
		cr_expect_eq(!row->handle, !!row->refused);
		cr_expect_eq(!row->handle, !(row->flags & (NICSW_OID_PF | NICSW_OID_VF)));
		cr_expect_eq(!row->handle, !row->lengths[0]);
		cr_expect(row == nicsw_oid_rows || row[-1].oid <= row->oid);
	}
	for (oid = 0x10200; oid < 0x10300; oid++)
		for (type = 0; type <= METHOD; type++)
			cr_expect_eq(nicsw_oid_row(oid, type) != NULL,
				     (nicsw_oid_kinds(oid) & (1u << type)) != 0, "0x%x type %u",
				     oid, type);
}

/* GEN-27: the supported-OID lists. */
Test(ndis_request, GEN_27_lists)
{
	static const __u32 vf_oids[] = {OID_SRIOV_HARDWARE_CAPABILITIES,
					OID_SRIOV_CURRENT_CAPABILITIES, OID_SRIOV_VF_SERIAL_NUMBER,
					OID_SRIOV_OVERLYING_ADAPTER_INFO,
					OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK};
	__u32 oids[64] = {};
	size_t i, count = nicsw_oid_list(false, oids, ARRAY_SIZE(oids));

	cr_expect_eq(count, 43 - 4 - 1 - 3); /* VMQ-1, CFGSTATE-1, and those of VFs only */
	for (i = 1; i < count; i++)
		cr_expect_lt(oids[i - 1], oids[i]);
	cr_expect_eq(oids[0], OID_RECEIVE_FILTER_HARDWARE_CAPABILITIES);
	memset(oids, 0, sizeof(oids));
	cr_expect_eq(nicsw_oid_list(true, oids, 4), ARRAY_SIZE(vf_oids));
	cr_expect_arr_eq(oids, vf_oids, 4 * sizeof(oids[0]));
	cr_expect_eq(oids[4], 0);
}

/* What only reads: every query, and methods by name; sets and what takes or gives never. */
Test(ndis_request, reads)
{
	EACH_ROW(row)
	{
		cr_expect_eq(nicsw_oid_reads(row->oid, row->type),
			     (row->flags & NICSW_OID_READS) != 0);
		if (row->type == QUERY)
			cr_expect(row->flags & NICSW_OID_READS);
		if (row->type == SET)
			cr_expect_not(row->flags & NICSW_OID_READS);
	}
	cr_expect(nicsw_oid_reads(OID_SRIOV_READ_VF_CONFIG_SPACE, METHOD));
	cr_expect(nicsw_oid_reads(OID_NIC_SWITCH_VPORT_PARAMETERS, METHOD));
	cr_expect_not(nicsw_oid_reads(OID_NIC_SWITCH_ALLOCATE_VF, METHOD));
	cr_expect_not(nicsw_oid_reads(OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, METHOD));
	cr_expect_not(nicsw_oid_reads(OID_SRIOV_RESET_VF, QUERY));
	cr_expect_not(nicsw_oid_reads(0x12345678, QUERY));
}

/*
 * VMQ-1, CFGSTATE-1: refused before anything is looked at, on the PF's adapter and on a VF's.
 */
Test(ndis_request, VMQ_1_refused)
{
	static const __u32 adapters[] = {NICSW_NONE, 0};
	static const struct {
		__u32 oid;
		__u32 type;
		const char *rule;
	} refused[] = {
		{OID_RECEIVE_FILTER_ALLOCATE_QUEUE, METHOD, "VMQ-1"},
		{OID_RECEIVE_FILTER_FREE_QUEUE, SET, "VMQ-1"},
		{OID_RECEIVE_FILTER_QUEUE_PARAMETERS, METHOD, "VMQ-1"},
		{OID_RECEIVE_FILTER_QUEUE_PARAMETERS, SET, "VMQ-1"},
		{OID_RECEIVE_FILTER_QUEUE_ALLOCATION_COMPLETE, METHOD, "VMQ-1"},
		{OID_SRIOV_CONFIG_STATE, SET, "CFGSTATE-1"},
	};
	char buffer[64] = {};
	size_t i, j, found = 0;

	for (i = 0; i < ARRAY_SIZE(refused); i++)
		for (j = 0; j < ARRAY_SIZE(adapters); j++) {
			target_vf = adapters[j];
			refuse(refused[i].oid, refused[i].type, buffer, 64, 64,
			       NDIS_STATUS_NOT_SUPPORTED, refused[i].rule);
		}
	EVERY_ROW(row)
	found += row->refused != NULL;
	cr_expect_eq(found, ARRAY_SIZE(refused));
}

/*
 * GEN-27, OVLY-1, SERIAL-2, CAP-SW-5, CAP-RF-1, LC-VFDRV-4: an adapter refuses the OIDs of the
 * other one.
 */
Test(ndis_request, GEN_27_wrong_adapter)
{
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);

		as_ndis = true;
		if (!(row->flags & NICSW_OID_PF) || !(row->flags & NICSW_OID_VF)) {
			target_vf = row->flags & NICSW_OID_PF ? 0 : NICSW_NONE;
			refuse_row(row, buffer, NDIS_STATUS_NOT_SUPPORTED, "GEN-27");
		}
		free(buffer);
	}
}

/* INVAL-7, SERIAL-1, OVLY-1, LC-VF-2: a VF that is not allocated has no adapter. */
Test(ndis_request, INVAL_7_no_vf)
{
	static const __u32 vfs[] = {1, 3, 4, FIXTURE_VFS, 0xffff};
	size_t i;

	EACH_ROW(row)
	for (i = 0; i < ARRAY_SIZE(vfs) && row->flags & NICSW_OID_VF; i++) {
		char *buffer = good_buffer(row);

		target_vf = vfs[i];
		refuse_row(row, buffer, NDIS_STATUS_NOT_SUPPORTED, "INVAL-7");
		free(buffer);
	}
}

/*
 * GEN-1: SR-IOV is off. What the hardware can do is still told; and with it CAP-SW-3, CAP-IOV-4,
 * CAP-RF-11, PARAM-SW-1, PARAM-VP-1, PARAM-VF-1, WR-CFG-1, BLK-1, POWER-VF-1, VENDEV-1, PBARS-1,
 * BARRES-1, LUID-1, SERIAL-1, LC-INIT-5, LC-INIT-6.
 */
Test(ndis_request, GEN_1_sriov_off)
{
	size_t hardware = 0;

	adapter.interface.sriov_off = true;
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);

		as_ndis = true;
		if (row->flags & NICSW_OID_HARDWARE) {
			hardware++;
			ACCEPT(ask(row->oid, row->type, buffer, in_length(row), out_length(row)));
		} else {
			refuse_row(row, buffer, NDIS_STATUS_NOT_SUPPORTED, "GEN-1");
		}
		free(buffer);
	}
	cr_expect_eq(hardware, 3);
}

/*
 * GEN-1, feature gate, and with it CREATE-SW-1, DELETE-SW-1, ENUM-SW-1, ALLOC-VF-1, FREE-VF-1,
 * ENUM-VF-1, CREATE-VP-1, DELETE-VP-1, ENUM-VP-1, SET-RF-1, MOVE-RF-1, RD-CFG-1, RESET-VF-1.
 */
Test(ndis_request, GEN_1_without_sriov)
{
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);

		as_ndis = true;
		adapter.dataplane.maps.meta->total_vfs = 0;
		refuse_row(row, buffer, NDIS_STATUS_NOT_SUPPORTED, "GEN-1");
		free(buffer);
	}
}

/* GEN-15, and with it CLEAR-RF-8, DELETE-SW-12, FREE-VF-9. */
Test(ndis_request, GEN_15_adapter_not_running)
{
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);

		as_ndis = true;
		adapter.dataplane.maps.meta->state = NICSW_ADAPTER_STOPPING;
		refuse_row(row, buffer, NDIS_STATUS_NOT_ACCEPTED, "GEN-15");
		free(buffer);
	}
}

/* Step 1 before step 2, step 2 before step 3 (oids.md 0.1). */
Test(ndis_request, order_of_the_gates)
{
	struct nicsw_meta *meta = adapter.dataplane.maps.meta;
	const struct nicsw_oid_row *row = nicsw_oid_row(OID_SRIOV_RESET_VF, SET);
	char *buffer = calloc(1, BUFFER);

	meta->state = NICSW_ADAPTER_STARTING;
	refuse(row->oid, SET, buffer, 1, 0, NDIS_STATUS_NOT_ACCEPTED, "GEN-15");
	meta->total_vfs = 0;
	refuse(row->oid, SET, buffer, 1, 0, NDIS_STATUS_NOT_SUPPORTED, "GEN-1");
	free(buffer);
}

static void refuse_length(const struct nicsw_oid_row *row, char *buffer, __u32 in, __u32 out,
			  __u32 needed)
{
	struct reply reply =
		refuse(row->oid, row->type, buffer, in, out, NDIS_STATUS_INVALID_LENGTH, "GEN-3");

	cr_expect_eq(reply.needed, needed, "%s: BytesNeeded %u", nicsw_oid_name(row->oid),
		     reply.needed);
}

/*
 * GEN-3, and with it CREATE-SW-2, DELETE-SW-2, ENUM-SW-2, ALLOC-VF-2, FREE-VF-2, ENUM-VF-2,
 * CREATE-VP-2, DELETE-VP-2, ENUM-VP-2, SET-RF-2, MOVE-RF-2, CLEAR-RF-1, ENUM-RF-4, RD-CFG-2,
 * RESET-VF-2.
 */
Test(ndis_request, GEN_3_fixed_part)
{
	EACH_ROW(row)
	{
		__u32 length = in_length(row);
		char *buffer = good_buffer(row);

		as_ndis = true;
		if (row->type != QUERY)
			refuse_length(row, buffer, length - 1, out_length(row), length);
		if (row->type != SET)
			refuse_length(row, buffer, length, out_length(row) - 1, /* GEN-5, GEN-4 */
				      out_length(row));
		/* Too short for a header: the smallest revision counts. */
		refuse_length(row, buffer, row->type == QUERY ? 3 : 0, out_length(row),
			      row->lengths[0]);
		free(buffer);
	}
}

/* GEN-3: a buffer that ends with its header is measured by the revision it names. */
Test(ndis_request, GEN_3_header_only)
{
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);

		as_ndis = true;
		refuse_length(row, buffer, 4, out_length(row), in_length(row));
		free(buffer);
	}
}

/* GEN-3 by revision: revision 1 needs only its own length. */
Test(ndis_request, GEN_3_length_of_the_revision)
{
	EACH_ROW(row)
	{
		struct ndis_object_header header = HEADER(1, row->lengths[0]);
		char *buffer = good_buffer(row);

		as_ndis = true;
		memcpy(buffer, &header, sizeof(header));
		if (row->type == QUERY)
			refuse_length(row, buffer, row->lengths[0],
				      row->lengths[0] + row->behind - 1,
				      row->lengths[0] + row->behind);
		else
			refuse_length(row, buffer, row->lengths[0] - 1, out_length(row),
				      row->lengths[0]);
		free(buffer);
	}
}

Test(ndis_request, GEN_8_header_type)
{
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);

		as_ndis = true;
		buffer[0] = 0x7f;
		refuse_row(row, buffer, NDIS_STATUS_INVALID_PARAMETER, "GEN-8");
		free(buffer);
	}
}

Test(ndis_request, GEN_9_header_revision_and_size)
{
	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);
		struct ndis_object_header small = HEADER(highest(row), in_length(row) - 1);

		as_ndis = true;
		buffer[1] = 0;
		refuse_row(row, buffer, NDIS_STATUS_INVALID_PARAMETER, "GEN-9");
		memcpy(buffer, &small, sizeof(small));
		refuse_row(row, buffer, NDIS_STATUS_INVALID_PARAMETER, "GEN-9");
		free(buffer);
	}
}

/* GEN-10: a revision from the future is accepted as far as it is known; GEN-11: and that is
 * reported. */
Test(ndis_request, GEN_10_higher_revision)
{
	struct ndis_nic_switch_parameters parameters = fixture_switch(4);
	struct ndis_sriov_reset_vf_parameters reset = fixture_reset_vf(0);
	struct reply reply;

	oid_free_vf(0);
	oid_delete_switch();
	parameters.header.revision = 9;
	parameters.header.size = 600;
	parameters.num_queue_pairs_for_default_vport = 2;
	reply = ask(OID_NIC_SWITCH_CREATE_SWITCH, METHOD, &parameters, sizeof(parameters),
		    sizeof(parameters));
	ACCEPT(reply);
	cr_expect_eq(reply.revision, 2);
	cr_expect_eq(parameters.header.revision, 9); /* GEN-18 */
	oid_allocate_vf(1);
	reset.header.revision = 3;
	reply = ask(OID_SRIOV_RESET_VF, SET, &reset, sizeof(reset), 0);
	ACCEPT(reply);
	cr_expect_eq(reply.revision, 1);
}

/* GEN-24, CREATE-SW-20, PBARS-10, BARRES-9: only NDIS itself. */
Test(ndis_request, GEN_24_ndis_only)
{
	static const __u32 oids[] = {OID_NIC_SWITCH_CREATE_SWITCH, OID_NIC_SWITCH_DELETE_SWITCH,
				     OID_SRIOV_PROBED_BARS, OID_SRIOV_BAR_RESOURCES};
	size_t found = 0;

	EACH_ROW(row)
	{
		char *buffer = good_buffer(row);
		struct nicsw_oid_request request = {
			.oid = row->oid,
			.type = row->type,
			.vf = target_vf,
			.owner = owner,
			.force = true,
			.buffer = buffer,
			.in_length = in_length(row),
			.out_length = out_length(row),
		};
		struct nicsw_error error = {};

		if (row->flags & NICSW_OID_NDIS_ONLY) {
			cr_expect_eq(row->oid, oids[found++]);
			cr_expect_eq(nicsw_ndis_request(&adapter, &request, &error),
				     NDIS_STATUS_NOT_SUPPORTED);
			cr_expect_str_eq(error.rule, "GEN-24");
		}
		free(buffer);
	}
	cr_expect_eq(found, ARRAY_SIZE(oids));
}

/* GEN-25: query, set and method are three doors; an OID has one or two. */
Test(ndis_request, GEN_25_request_type)
{
	static const __u32 types[] = {QUERY, SET, NdisRequestQueryStatistics, METHOD, 32, ~0u};
	size_t i;

	EACH_ROW(row)
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		char *buffer = good_buffer(row);

		as_ndis = true;
		if (types[i] > METHOD || !(nicsw_oid_kinds(row->oid) & (1u << types[i])))
			refuse(row->oid, types[i], buffer, BUFFER, BUFFER,
			       NDIS_STATUS_NOT_SUPPORTED, "GEN-25");
		free(buffer);
	}
}

/* What is not in the table is no OID at all (structs.md 2). */
Test(ndis_request, unknown_oids)
{
	char *buffer = calloc(1, BUFFER);
	__u32 oid, kind;

	for (oid = 0x10200; oid < 0x10300; oid++)
		for (kind = 0; kind <= METHOD && !nicsw_oid_kinds(oid); kind++)
			refuse(oid, kind, buffer, BUFFER, BUFFER, NDIS_STATUS_INVALID_OID, "");
	free(buffer);
}

/* GEN-3: a query that brings nothing gets the highest revision, and is told its length. */
Test(ndis_request, GEN_3_query_without_input)
{
	EACH_ROW(row)
	{
		char *buffer = calloc(1, BUFFER);

		as_ndis = true;
		if (row->type == QUERY && row->oid != OID_SRIOV_PROBED_BARS) {
			struct ndis_object_header header;

			refuse_length(row, buffer, 0, out_length(row) - 1, out_length(row));
			ACCEPT(ask(row->oid, QUERY, buffer, 0, BUFFER));
			memcpy(&header, buffer, sizeof(header));
			cr_expect_eq(header.type, NDIS_OBJECT_TYPE_DEFAULT);
			cr_expect_eq(header.revision, highest(row));
			cr_expect_eq(header.size, out_length(row));
		}
		free(buffer);
	}
}

Test(ndis_request, GEN_32_no_buffer)
{
	EACH_ROW(row)
	{
		as_ndis = true;
		refuse_row(row, NULL, NDIS_STATUS_INVALID_PARAMETER, "GEN-32");
	}
}

/* core/error.h. */
Test(ndis_request, status_from_errno)
{
	cr_expect_eq(nicsw_status_from_errno(0), NDIS_STATUS_SUCCESS);
	cr_expect_eq(nicsw_status_from_errno(-EINVAL), NDIS_STATUS_INVALID_PARAMETER);
	cr_expect_eq(nicsw_status_from_errno(-EMSGSIZE), NDIS_STATUS_INVALID_LENGTH);
	cr_expect_eq(nicsw_status_from_errno(-ENOENT), NDIS_STATUS_FILE_NOT_FOUND);
	cr_expect_eq(nicsw_status_from_errno(-EOPNOTSUPP), NDIS_STATUS_NOT_SUPPORTED);
	cr_expect_eq(nicsw_status_from_errno(-EAGAIN), NDIS_STATUS_NOT_ACCEPTED);
	cr_expect_eq(nicsw_status_from_errno(-ECANCELED), NDIS_STATUS_REQUEST_ABORTED);
	cr_expect_eq(nicsw_status_from_errno(-ENOSYS), NDIS_STATUS_INVALID_OID);
	cr_expect_eq(nicsw_status_from_errno(-ENOSPC), NDIS_STATUS_FAILURE); /* GEN-23 */
	cr_expect_eq(nicsw_status_from_errno(-EIO), NDIS_STATUS_FAILURE);
}

/* A caller who does not want to know why gets the status all the same. */
Test(ndis_request, error_may_be_null)
{
	struct nicsw_oid_request request = {
		.oid = OID_SRIOV_RESET_VF, .type = SET, .vf = NICSW_NONE};

	cr_expect_eq(nicsw_ndis_request(&adapter, &request, NULL), NDIS_STATUS_INVALID_LENGTH);
	cr_expect_eq(request.bytes_needed, 6);
}
