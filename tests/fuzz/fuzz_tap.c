/*
 * fuzz_tap.c - any bytes as TAP and as what prove prints. A pass needs its "ok", a run that is
 * complete a plan or a result, and the first half has no pass that the whole has not.
 */
#include "config.h"

#include "runner.h"

#include "read/console_text.h"

extern const struct reader reader_tap;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* the prefixes of lines are found by looking at all of the head */
static bool
same_prefix(struct slice a, struct slice b)
{
	struct console_prefix x, y;

	console_prefix_find(&x, slice_sub(a, 0, INPUT_HEAD));
	console_prefix_find(&y, slice_sub(b, 0, INPUT_HEAD));
	return x.kinds == y.kinds && memcmp(x.kind, y.kind, x.kinds * sizeof x.kind[0]) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size), first;
	struct runner_seen seen, half;

	runner_sniff(&reader_tap, text);
	runner_read(&reader_tap, text, &seen);
	if (!seen.plain)
		return 0;
	MUST(seen.passed_in_all == 0 || runner_has(text, "ok"));
	MUST(seen.complete == 0 || runner_has(text, "1..") || runner_has(text, "Result: "));
	first = runner_half(text);
	if (!same_prefix(text, first))
		return 0;
	runner_read(&reader_tap, first, &half);
	MUST(half.passed_in_all <= seen.passed_in_all);
	return 0;
}
