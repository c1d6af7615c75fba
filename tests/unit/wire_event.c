// SPDX-License-Identifier: GPL-2.0-only
/* Events as packets, and whose adapter a request is for. */
#include <criterion/criterion.h>
#include <sys/socket.h>

#include "wire/client.h"

static const struct nicsw_wire_event good = {
	.magic = NICSW_WIRE_MAGIC,
	.version = NICSW_WIRE_VERSION,
	.kind = NICSW_WIRE_EVENT,
	.event = NICSW_EVENT_LINK,
	.vf_id = NICSW_NONE,
	.adapter = "nic0",
	.state = "up",
};

static int check(const struct nicsw_wire_event *event, size_t length)
{
	struct nicsw_wire_event untouched, copy;
	struct nicsw_error error = {0};
	int code;

	memset(&untouched, 0x5a, sizeof(untouched));
	copy = untouched;
	code = nicsw_wire_check_event(event, length, &copy, &error);
	cr_expect_eq(error.code, code);
	cr_expect_eq(memcmp(&copy, code ? &untouched : event, sizeof(copy)), 0);
	return code;
}

Test(wire_event, good_and_of_a_later_kind)
{
	struct nicsw_wire_event event = good;

	cr_expect_eq(check(&event, sizeof(event)), 0);
	event.event = 9999;
	cr_expect_eq(check(&event, sizeof(event)), 0);
}

Test(wire_event, bad_ones)
{
	struct nicsw_wire_event event = good;

	cr_expect_eq(check(&event, sizeof(event) - 1), -EPROTO);
	event.magic++;
	cr_expect_eq(check(&event, sizeof(event)), -EPROTO);
	event = good;
	event.version++;
	cr_expect_eq(check(&event, sizeof(event)), -EPROTONOSUPPORT);
	event = good;
	event.kind = NICSW_WIRE_CONTROL;
	cr_expect_eq(check(&event, sizeof(event)), -EPROTO);
	event = good;
	memset(event.state, 'x', sizeof(event.state));
	cr_expect_eq(check(&event, sizeof(event)), -EPROTO);
	event = good;
	memset(event.adapter, 'x', sizeof(event.adapter));
	cr_expect_eq(check(&event, sizeof(event)), -EPROTO);
}

Test(wire_event, too_long)
{
	struct {
		struct nicsw_wire_event event;
		char more;
	} packet = {good, 0};

	cr_expect_eq(check(&packet.event, sizeof(packet)), -EPROTO);
}

Test(wire_event, client_takes_events_until_the_end)
{
	struct nicsw_wire_event event = {0};
	struct nicsw_client *client;
	struct nicsw_error error;
	int fds[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
	cr_assert_eq(nicsw_client_new(fds[0], &client, &error), 0);
	cr_assert_eq(send(fds[1], &good, sizeof(good), 0), (ssize_t)sizeof(good));
	cr_expect_eq(nicsw_client_next_event(client, &event, &error), 0);
	cr_expect_eq(memcmp(&event, &good, sizeof(good)), 0);
	close(fds[1]);
	cr_expect_eq(nicsw_client_next_event(client, &event, &error), -EPIPE);
	nicsw_client_free(client);
}

Test(wire_event, every_kind_has_a_name)
{
#define X(number, NAME, name) cr_expect_str_eq(nicsw_event_name(NICSW_EVENT_##NAME), #name);
	NICSW_EVENTS(X)
#undef X
	cr_expect_null(nicsw_event_name(0));
}

/* An event is the daemon's to send; a request asks the PF's adapter unless it says otherwise. */
Test(wire_event, requests)
{
	const struct nicsw_wire_request *checked;
	struct nicsw_wire_request request;
	struct nicsw_error error;

	nicsw_wire_begin_request(&request, NICSW_WIRE_OID, 0, 0);
	cr_expect_eq(request.vf, NICSW_NONE);
	cr_expect_eq(nicsw_wire_check_request(&request, sizeof(request), &checked, &error), 0);
	request.reserved = 1;
	cr_expect_eq(nicsw_wire_check_request(&request, sizeof(request), &checked, &error),
		     -EINVAL);
	request.reserved = 0;
	request.kind = NICSW_WIRE_EVENT;
	cr_expect_eq(nicsw_wire_check_request(&request, sizeof(request), &checked, &error),
		     -EINVAL);
}
