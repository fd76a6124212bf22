/*
 * fuzz_pytest_json.c - any bytes as a report of pytest-json-report. Beside crashes it looks for
 * passes from nowhere: a pass needs the word for it in the input, and a report
 * that is cut anywhere is not complete and has no pass that the whole report has not.
 */
#include "config.h"

#include <jansson.h>

#include "report_seen.h"

extern const struct reader reader_pytest_json;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* one object, and nothing behind it but blanks */
static bool
is_object(const uint8_t *data, size_t size)
{
	json_t *value = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
	bool is = json_is_object(value);

	json_decref(value);
	return is;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int score = reader_pytest_json.sniff(slice_of((const char *)data, size), true);
	struct seen all, part;
	size_t end = size;

	MUST(score >= 0 && score <= 100);
	read_all(&all, &reader_pytest_json, data, size);
	while (end > 0 && data[end - 1] <= ' ')
		end--;
	if (end == 0 || !is_object(data, size))
		return 0;
	read_all(&part, &reader_pytest_json, data, hash_of(slice_of((const char *)data, size), 7) % end);
	compare(&all, &part);
	MUST(!part.complete);
	return 0;
}
