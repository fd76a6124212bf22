/*
 * fuzz_jest.c - any bytes as a report of jest or vitest. A pass needs the word for it in the
 * input, and a run that is complete the end of an object.
 */
#include "config.h"

#include "runner.h"

extern const struct reader reader_jest_json;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct runner_seen seen;

	runner_sniff(&reader_jest_json, text);
	runner_read(&reader_jest_json, text, &seen);
	if (!seen.plain)
		return 0;
	MUST(seen.passed_in_all == 0 || runner_has(text, "passed") || runner_has(text, "\\u"));
	MUST(seen.runs == 0 || runner_has(text, "Results") || runner_has(text, "numTotalTest") ||
	    runner_has(text, "\\u"));
	MUST(seen.complete == 0 || slice_find_byte(text, 0, '}') != SIZE_MAX);
	return 0;
}
