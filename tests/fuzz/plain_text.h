/*
 * plain_text.h - for fuzz targets of readers: is the text that a reader sees the input itself?
 * Compressed bytes and UTF-16 are another text than they look like, and fuzzed by fuzz_io.
 */
#ifndef TESTS_FUZZ_PLAIN_TEXT_H
#define TESTS_FUZZ_PLAIN_TEXT_H

#include "base/io.h"

static bool
is_plain_text(const char *p, size_t n)
{
	struct input *in = input_from_memory(p, n);
	struct slice head;
	struct err e;
	bool plain;

	err_clear(&e);
	plain = input_head(in, &head, &e) == 0 &&
	    slice_eq(head, slice_of(p, n < INPUT_HEAD ? n : INPUT_HEAD));
	input_close(in);
	return plain;
}

#endif
