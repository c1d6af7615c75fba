// SPDX-License-Identifier: GPL-2.0-only
/*
 * OID requests, one after the other, to an adapter in plain memory that begins without a switch.
 *
 * Input: requests until it ends, each of them
 *   byte 0     the OID: number of its row in NDIS_OIDS, modulo (rows + 2); then an unknown one
 *   byte 1     bits 2:0 request type (types[]), bits 4:3 owner (owners[]), bit 7 no buffer
 *   byte 2     NOT_NDIS and so on
 *   byte 3     number of patches, modulo 16
 *   bytes 4-5  in_length, if IN_LENGTH; bytes 6-7 out_length, if OUT_LENGTH
 *   patches    offset (2 bytes), length (1 byte), the bytes: laid over the good structure
 * One number more is no request but the guest: byte 1 is the VF, byte 2 bit 0 whether it is
 * attached (0) or detached (1), with FAIL_FLOOD; byte 3 means nothing. All zero is a good request.
 * The structures are those of members[] in lib_oid_buffer.c.
 */
#include "tests/fuzz/lib_oid.h"

#include "pf/driver.h"
#include "pf/pf.h"

#define REQUESTS_MAX 64

#define NOT_NDIS   (1u << 0) /* from an overlying driver (GEN-24) */
#define FORCE      (1u << 1) /* GEN-28 */
#define REVISION_1 (1u << 2)
#define IN_LENGTH  (1u << 3)
#define OUT_LENGTH (1u << 4)
/* The first write of a flood group fails, half-way through a change. */
#define FAIL_FLOOD (1u << 5)

#define OUT_DEFAULT 8192u

static const struct {
	__u32 oid;
	__u32 kinds;
} oids[] = {
#define X(value, NAME, kinds) {value, kinds},
	NDIS_OIDS(X)
#undef X
	/* clang-format off */
	{0x00010299, NDIS_KIND_METHOD},
	/* clang-format on */
};

/* The last owner is too long to be recorded. */
static const char *const owners[] = {NULL, "vs", "cli:1000",
				     "0123456789012345678901234567890123456789"};

/* 0 and 1: the first and the last type that the OID offers. */
static __u32 choose_type(__u32 choice, __u32 kinds)
{
	static const __u32 types[] = {0,
				      0,
				      NdisRequestQueryInformation,
				      NdisRequestSetInformation,
				      NdisRequestQueryStatistics,
				      NdisRequestMethod,
				      13,
				      0xffffffff};

	if (choice == 0)
		return __builtin_ctz(kinds);
	if (choice == 1)
		return 31 - __builtin_clz(kinds);
	return types[choice];
}

/* ---- one request ---- */

struct sent {
	struct nicsw_oid_request request;
	struct nicsw_error error;
	__u32 status;
	__u32 room;   /* bytes of the buffer */
	__u8 *before; /* what the buffer was */
	bool fail_flood;
};

static void read_lengths(struct fuzz_input *input, __u32 flags, __u32 good, struct sent *sent)
{
	bool query = sent->request.type == NdisRequestQueryInformation;
	bool set = sent->request.type == NdisRequestSetInformation;
	__u32 in = fuzz_16(input), out = fuzz_16(input);

	sent->request.in_length = flags & IN_LENGTH ? in : query ? 0 : good;
	sent->request.out_length = flags & OUT_LENGTH ? out : set ? 0 : OUT_DEFAULT;
	sent->room = MAX(sent->request.in_length, sent->request.out_length);
}

static void read_patches(struct fuzz_input *input, __u32 num_patches, __u8 *buffer, __u32 room)
{
	__u8 bytes[256];

	while (num_patches--) {
		__u32 offset = fuzz_16(input), length = fuzz_8(input);

		fuzz_bytes(input, bytes, length);
		if (offset < room)
			memcpy(buffer + offset, bytes, MIN(length, room - offset));
	}
}

static void read_request(struct fuzz_input *input, __u32 which, struct sent *sent)
{
	__u32 choice = fuzz_8(input), flags = fuzz_8(input), good;
	__u32 num_patches = fuzz_8(input) % 16;

	memset(sent, 0, sizeof(*sent));
	sent->fail_flood = flags & FAIL_FLOOD;
	sent->request = (struct nicsw_oid_request){
		.oid = oids[which].oid,
		.type = choose_type(choice & 7, oids[which].kinds),
		.as_ndis = !(flags & NOT_NDIS),
		.force = flags & FORCE,
		.owner = owners[choice >> 3 & 3],
		.vf = choice & 0x40 ? flags & 3 : NICSW_NONE,
		.bytes_read = 0xdead,
		.bytes_written = 0xdead,
		.bytes_needed = 0xdead,
		.supported_revision = 0xdead,
	};
	good = fuzz_oid_good_length(&sent->request, flags & REVISION_1);
	read_lengths(input, flags, good, sent);
	sent->request.buffer = fuzz_block(sent->room);
	sent->before = fuzz_block(sent->room);
	fuzz_oid_fill(&sent->request, flags & REVISION_1, sent->request.buffer, sent->room);
	read_patches(input, num_patches, sent->request.buffer, sent->room);
	memcpy(sent->before, sent->request.buffer, sent->room);
	if (choice & 0x80) {
		free(sent->request.buffer);
		sent->request.buffer = NULL;
	}
}

static void send_request(struct nicsw_adapter *adapter, struct sent *sent)
{
	nicsw_mapset_memory_fail_flood(&adapter->dataplane.maps, sent->fail_flood);
	sent->status = nicsw_ndis_request(adapter, &sent->request, &sent->error);
	nicsw_mapset_memory_fail_flood(&adapter->dataplane.maps, 0);
}

static void forget_request(struct sent *sent)
{
	free(sent->request.buffer);
	free(sent->before);
}

/* ---- the answer ---- */

/* From `offset` on the buffer is as it was. */
static void check_untouched(const struct sent *sent, __u32 offset)
{
	const __u8 *buffer = sent->request.buffer;

	if (buffer && offset < sent->room)
		CHECK(!memcmp(buffer + offset, sent->before + offset, sent->room - offset),
		      "OID 0x%08x wrote behind byte %u", sent->request.oid, offset);
}

/* GEN-6, GEN-17; and a refusal says why. */
static void check_failed(const struct sent *sent)
{
	const struct nicsw_oid_request *request = &sent->request;
	const char *name = nicsw_status_name(sent->status);

	CHECK(strcmp(name, "NDIS_STATUS_UNKNOWN"), "status 0x%08x", sent->status);
	CHECK(!request->bytes_read && !request->bytes_written && !request->supported_revision,
	      "%s and outputs are set", name);
	CHECK((request->bytes_needed != 0) == (sent->status == NDIS_STATUS_INVALID_LENGTH),
	      "%s and %u bytes needed", name, request->bytes_needed);
	CHECK(!request->bytes_needed || request->bytes_needed > request->in_length ||
		      request->bytes_needed > request->out_length,
	      "%u bytes needed, given %u and %u", request->bytes_needed, request->in_length,
	      request->out_length);
	CHECK(sent->error.text[0] && sent->error.code < 0, "%s without a reason", name);
	CHECK(nicsw_status_from_errno(sent->error.code) == sent->status, "%s for errno %d: %s",
	      name, sent->error.code, sent->error.text);
	check_untouched(sent, 0);
}

/* GEN-6, GEN-7, GEN-11 */
static void check_succeeded(const struct sent *sent)
{
	const struct nicsw_oid_request *request = &sent->request;

	CHECK(request->bytes_read <= request->in_length, "%u of %u bytes read", request->bytes_read,
	      request->in_length);
	CHECK(request->bytes_written <= request->out_length, "%u of %u bytes written",
	      request->bytes_written, request->out_length);
	CHECK(!request->bytes_needed, "%u bytes needed after SUCCESS", request->bytes_needed);
	CHECK(request->supported_revision >= 1 && request->supported_revision <= 4, "revision %u",
	      request->supported_revision);
	check_untouched(sent, request->bytes_written);
}

static void run_request(struct fuzz_input *input, __u32 which, struct nicsw_adapter *adapter)
{
	struct sent sent;
	bool changed;

	read_request(input, which, &sent);
	send_request(adapter, &sent);
	changed = fuzz_oid_changed(adapter);
	if (sent.status) {
		CHECK(!changed, "OID 0x%08x failed (%s: %s) and changed something",
		      sent.request.oid, sent.error.rule, sent.error.text);
		check_failed(&sent);
	} else {
		CHECK(!changed || sent.request.type != NdisRequestQueryInformation,
		      "query of OID 0x%08x changed something", sent.request.oid);
		check_succeeded(&sent);
		fuzz_oid_check_array(&sent.request);
	}
	if (changed) {
		fuzz_oid_check_adapter(adapter);
		fuzz_oid_remember(adapter);
	}
	forget_request(&sent);
}

/* ---- the guest ---- */

/* What `vf attach` does to the records; there are no netdevs here. */
static int attach(struct nicsw_adapter *adapter, __u32 vf)
{
	struct nicsw_change change;

	nicsw_change_begin(&change, &adapter->dataplane, "vf attach");
	nicsw_change_vf(&change, vf)->flags |= NICSW_VF_ATTACHED;
	nicsw_pf_vf_driver_start(adapter, &change, vf);
	return nicsw_change_commit(&change, NULL);
}

static void run_guest(struct fuzz_input *input, struct nicsw_adapter *adapter)
{
	__u32 vf = fuzz_8(input) % FUZZ_OID_VFS, flags = fuzz_8(input);
	int result;

	fuzz_8(input);
	if (adapter->dataplane.maps.vfs[vf].state != NICSW_USED)
		return;
	nicsw_mapset_memory_fail_flood(&adapter->dataplane.maps, !!(flags & FAIL_FLOOD));
	result = flags & 1 ? nicsw_pf_vf_detach(adapter, vf, NULL) : attach(adapter, vf);
	nicsw_mapset_memory_fail_flood(&adapter->dataplane.maps, 0);
	CHECK(!result || !fuzz_oid_changed(adapter), "the guest's change failed by half: %d",
	      result);
	fuzz_oid_check_adapter(adapter);
	fuzz_oid_remember(adapter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nicsw_mapset_sizes sizes = {FUZZ_OID_VFS, FUZZ_OID_FILTERS};
	struct fuzz_input input = {data, size};
	struct nicsw_adapter adapter;
	int requests = 0;

	if (nicsw_adapter_memory(&sizes, &adapter))
		abort();
	CHECK(nicsw_dataplane_repair(&adapter.dataplane) >= 0, "a new adapter");
	fuzz_oid_remember(&adapter);
	while (input.left && requests++ < REQUESTS_MAX) {
		__u32 which = fuzz_8(&input) % (ARRAY_SIZE(oids) + 1);

		if (which < ARRAY_SIZE(oids))
			run_request(&input, which, &adapter);
		else
			run_guest(&input, &adapter);
	}
	nicsw_adapter_close(&adapter);
	return 0;
}
