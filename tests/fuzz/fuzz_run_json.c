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
	check_runs(&reader_run_json, data, size, RUN_RECORDED);
	return 0;
}
