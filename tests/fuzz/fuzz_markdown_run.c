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
	struct checked_runs c = check_runs(&reader_markdown_run, data, size, RUN_QUOTED);

	MUST(c.input.n == 0 || c.begun > 0 || c.bads > 0 || !is_plain_text(c.input.p, c.input.n));
	MUST(c.entries == 0);
	return 0;
}
