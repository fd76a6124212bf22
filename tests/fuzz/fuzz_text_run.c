/*
 * fuzz_text_run.c - any bytes as a text log with runs of tests amid its lines.
 */
#include "config.h"

#include <stdint.h>

#include "checked_run.h"

extern const struct reader reader_text;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_runs(&reader_text, data, size, RUN_RECORDED);
	return 0;
}
