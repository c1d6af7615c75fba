/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share: reading the input as a sequence of numbers, and findings.
 *
 * An input never ends too early: behind its end there are zeros, and zero means the good, plain
 * case everywhere, so that short inputs do something. Numbers are little-endian.
 */
#ifndef NICSW_TESTS_LIB_FUZZ_H
#define NICSW_TESTS_LIB_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

/* A finding: libFuzzer keeps the input of a process that aborts. */
#define CHECK(condition, ...)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "FINDING %s:%d: %s: ", __FILE__, __LINE__, #condition);    \
			fprintf(stderr, __VA_ARGS__);                                              \
			fputc('\n', stderr);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

struct fuzz_input {
	const uint8_t *next;
	size_t left;
};

static inline void fuzz_bytes(struct fuzz_input *input, void *ret_bytes, size_t length)
{
	size_t there = length < input->left ? length : input->left;

	memset(ret_bytes, 0, length);
	if (there)
		memcpy(ret_bytes, input->next, there);
	input->next += there;
	input->left -= there;
}

static inline __u8 fuzz_8(struct fuzz_input *input)
{
	__u8 byte;

	fuzz_bytes(input, &byte, sizeof(byte));
	return byte;
}

static inline __u16 fuzz_16(struct fuzz_input *input)
{
	__u16 low = fuzz_8(input);

	return (__u16)(low | fuzz_8(input) << 8);
}

/* A block of exactly `length` bytes: one byte too far, and the address sanitizer sees it. */
static inline void *fuzz_block(size_t length)
{
	void *block = malloc(length ? length : 1);

	if (!block)
		abort();
	return block;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
