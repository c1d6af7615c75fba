/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small helpers every part of user space uses.
 *
 * Ownership: a variable marked _cleanup_X_ is released when its scope ends. TAKE_FD and TAKE_PTR
 * hand the value out and leave nothing to release. A file descriptor that is not set is -1. Errors:
 * functions return 0 or a negative errno; outputs (named ret_X) are untouched on failure.
 */
#ifndef NICSW_CORE_UTIL_H
#define NICSW_CORE_UTIL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b)         ((a) < (b) ? (a) : (b))
#define MAX(a, b)         ((a) > (b) ? (a) : (b))

static inline void nicsw_freep(void *pointer)
{
	free(*(void **)pointer);
}

/* Keeps errno, so that it can run on error paths. */
static inline void nicsw_closep(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

static inline void nicsw_fclosep(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define _cleanup_(function) __attribute__((cleanup(function)))
#define _cleanup_free_      _cleanup_(nicsw_freep)
#define _cleanup_close_     _cleanup_(nicsw_closep)
#define _cleanup_fclose_    _cleanup_(nicsw_fclosep)
#define _printf_(f, a)      __attribute__((format(printf, f, a)))
#define _unused_            __attribute__((unused))

#define TAKE_PTR(pointer)                                                                          \
	({                                                                                         \
		__typeof__(pointer) _taken = (pointer);                                            \
		(pointer) = NULL;                                                                  \
		_taken;                                                                            \
	})

#define TAKE_FD(fd)                                                                                \
	({                                                                                         \
		int _taken = (fd);                                                                 \
		(fd) = -1;                                                                         \
		_taken;                                                                            \
	})

static inline bool nicsw_streq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* Copies text into a fixed field, always terminated; false if it did not fit (nothing is copied
 * then). */
static inline bool nicsw_copy_text(char *field, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length >= size)
		return false;
	memset(field, 0, size);
	memcpy(field, text, length);
	return true;
}

#endif
