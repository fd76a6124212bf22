/*
 * timing.c - durations that say nothing: one sentence for a result, or none.
 */
#include "config.h"

#include "reason/timing.h"

#include <inttypes.h>

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* the next run of letters and digits: "_", "/", "." and the like stand between words */
static bool
take_word(struct slice *s, struct slice *word)
{
	size_t from = 0, to;

	while (from < s->n && !is_word(s->p[from]))
		from++;
	for (to = from; to < s->n && is_word(s->p[to]); to++)
		;
	*word = slice_sub(*s, from, to - from);
	*s = slice_sub(*s, to, SIZE_MAX);
	return word->n > 0;
}

static const char *
server_word(struct slice name)
{
	static const char *const words[] = { "e2e", "integration", "staging", "live" };
	struct slice word;

	while (take_word(&name, &word))
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (slice_eq_fold(word, slice_str(words[i])))
				return words[i];
	return NULL;
}

/* "0.42 ms", "2 ms": no digits that the source did not state */
static const char *
ms_text(struct arena *a, int64_t ns)
{
	int64_t hundredth = ns / 10000;

	if (hundredth == 0 && ns > 0)
		return "less than 0.01 ms";
	if (hundredth % 100 == 0)
		return arena_printf(a, "%" PRId64 " ms", hundredth / 100);
	if (hundredth % 10 == 0)
		return arena_printf(a, "%" PRId64 ".%" PRId64 " ms", hundredth / 100,
		    hundredth / 10 % 10);
	return arena_printf(a, "%" PRId64 ".%02" PRId64 " ms", hundredth / 100, hundredth % 100);
}

struct slice
reason_timing(const struct result *r, struct arena *a)
{
	const struct test *t = &r->test;
	int64_t ns = t->call_ns != CLOCK_NONE ? t->call_ns : t->duration_ns;
	const char *word;

	if (t->outcome == TEST_PASSED && r->down.n)
		return slice_str(arena_printf(a, "contradicted: passed, while its run says %.*s",
		    SLICE_ARG(r->down)));
	if (t->duration_note.n)
		return t->duration_note;
	if (t->outcome != TEST_PASSED || ns == CLOCK_NONE || ns < 0)
		return slice_of(NULL, 0);
	word = server_word(t->nodeid);
	if (!word)
		word = server_word(t->file);
	if (ns < TIMING_SHORT_NS && word)
		return slice_str(arena_printf(a, "passed in %s, and its name says %s",
		    ms_text(a, ns), word));
	if (ns < TIMING_SHORT_NS && r->url)
		return slice_str(arena_printf(a, "passed in %s, and it printed a URL",
		    ms_text(a, ns)));
	if (t->call_ns != CLOCK_NONE && ns < TIMING_NOTHING_NS)
		return slice_str(arena_printf(a, "passed in %s", ms_text(a, ns)));
	if (r->same >= TIMING_SAME && r->same * TIMING_SHARE >= r->timed &&
	    t->duration_ns >= TIMING_SAME_NS)
		return slice_str(arena_printf(a, "%ld of %ld passes of its run state this very "
		    "duration", r->same, r->timed));
	return slice_of(NULL, 0);
}
