/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The client's end of the socket: connect, call, take the reply together again.
 *
 * One call at a time on one connection. Units: times in milliseconds, lengths in bytes.
 * Ownership: the client is freed with nicsw_client_free(), payload and descriptors of an answer
 * with nicsw_answer_clear(). Errors: a reply that says no is a successful call; a negative errno
 * means that the daemon could not be asked (no socket, no permission, no answer in time, not a
 * nicswd), and the connection is of no further use then.
 */
#ifndef NICSW_WIRE_CLIENT_H
#define NICSW_WIRE_CLIENT_H

#include "wire/wire.h"

#define NICSW_CALL_TIMEOUT 30000 /* adding an adapter with 1,024 VFs takes seconds */

struct nicsw_client;

struct nicsw_answer {
	struct nicsw_wire_reply reply;
	void *payload; /* reply.length bytes, aligned to 8; NULL when there are none */
	int fds[NICSW_WIRE_FDS_MAX]; /* that came with it */
	size_t num_fds;
};

int nicsw_client_connect(const char *path, struct nicsw_client **ret_client,
			 struct nicsw_error *error);

/* NULL is allowed. */
void nicsw_client_free(struct nicsw_client *client);

/*
 * The same, and waits until the daemon has closed its end: what it does for the connection's end
 * has been done then.
 */
void nicsw_client_finish(struct nicsw_client *client);

/* `in`: request->in_length bytes. Fills request->request_id. */
int nicsw_client_call(struct nicsw_client *client, struct nicsw_wire_request *request,
		      const void *in, int timeout, struct nicsw_answer *ret_answer,
		      struct nicsw_error *error);

/*
 * Waits, as long as it takes, for the next event after a SUBSCRIBE. -EPIPE: the daemon ended;
 * -EPROTO: it sent what is no event.
 */
int nicsw_client_next_event(struct nicsw_client *client, struct nicsw_wire_event *ret_event,
			    struct nicsw_error *error);

/* Takes over a connected SOCK_SEQPACKET socket, for tests and for a socket that was handed over. */
int nicsw_client_new(int fd, struct nicsw_client **ret_client, struct nicsw_error *error);

/* For poll(): it ends when the daemon does. */
int nicsw_client_fd(const struct nicsw_client *client);

static inline void nicsw_answer_clear(struct nicsw_answer *answer)
{
	free(answer->payload);
	answer->payload = NULL;
	while (answer->num_fds)
		close(answer->fds[--answer->num_fds]);
}

#endif
