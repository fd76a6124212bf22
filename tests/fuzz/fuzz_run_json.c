/*
 * fuzz_run_json.c - any bytes as a JSON document with runs in its strings.
 */
#include "config.h"

#include <stdint.h>

#include "checked_run.h"

extern const struct reader reader_run_json;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct checked_runs c = check_runs(&reader_run_json, data, size, RUN_RECORDED);

	MUST(c.input.n == 0 || c.begun > 0 || c.bads > 0 || !is_plain_text(c.input.p, c.input.n));
	MUST(c.entries == 0);
	return 0;
}
