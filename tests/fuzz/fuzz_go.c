/*
 * fuzz_go.c - any bytes as events of `go test -json`, and as its console. A pass needs the word
 * for it in the input, and the first half of the events has no pass that the whole has not.
 */
#include "config.h"

#include "runner.h"

extern const struct reader reader_go_json, reader_go_text;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct runner_seen events, half, console;

	runner_sniff(&reader_go_json, text);
	runner_sniff(&reader_go_text, text);
	runner_read(&reader_go_json, text, &events);
	runner_read(&reader_go_text, text, &console);
	if (!events.plain)
		return 0;
	/* a word may be written with escapes */
	MUST(events.passed_in_all == 0 || runner_has(text, "pass") || runner_has(text, "\\u"));
	MUST(console.passed_in_all == 0 || runner_has(text, "PASS") || runner_has(text, "ok"));
	runner_read(&reader_go_json, runner_half(text), &half);
	MUST(half.passed_in_all <= events.passed_in_all);
	return 0;
}
