/*
 * fuzz_markdown_run.c - any bytes as a document with runs in its fences: whatever is found there
 * is quoted.
 */
#include "config.h"

#include <stdint.h>

#include "checked_run.h"

extern const struct reader reader_markdown_run;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_runs(&reader_markdown_run, data, size, RUN_QUOTED);
	return 0;
}
