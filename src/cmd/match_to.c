/* match_to.c - match one record against the rules and store its hits */
#include "config.h"

#include "cmd/ingest_sink.h"
#include "rule/rules.h"

static int
put_hit(void *ctx, const struct hit *hit, struct err *e)
{
	struct match_to *to = ctx;
	struct hit h = *hit;

	h.event_id = to->event_id;
	h.test_id = to->test_id;
	h.output_id = to->output_id;
	h.line = to->line;
	h.byte = to->byte;
	if (to->output_id) {	/* the range is of the line; what is stored is the block */
		h.start += to->shift;
		h.end += to->shift;
	}
	to->limits += h.limit;
	return store_hit_put(to->app->store, to->source_id, &h, e);
}

int
match_entry(struct match_to *to, const struct entry *entry, struct err *e)
{
	struct subject s;

	to->test_id = to->output_id = 0;
	to->line = entry->line;
	to->byte = entry->byte;
	subject_of_entry(&s, entry);
	return rule_match(to->matcher, &s, put_hit, to, e);
}

/* a failure by its message; a passed or skipped test has nothing to match */
int
match_test(struct match_to *to, const struct test *test, const struct run *run, struct err *e)
{
	struct subject s;

	if (test->outcome != TEST_FAILED && test->outcome != TEST_ERROR)
		return 0;
	to->event_id = to->output_id = 0;
	to->line = test->line;
	to->byte = test->byte;
	subject_of_test(&s, test, run);
	return rule_match(to->matcher, &s, put_hit, to, e);
}

/* line by line, so that a hit names the line it stands on */
int
match_output(struct match_to *to, const struct printed *output, const struct run *run,
    struct err *e)
{
	struct line_subject ls = { .output = output, .run = run };
	struct slice rest = output->text, line;
	uint64_t no = output->line;

	to->event_id = 0;
	for (; slice_take_line(&rest, &line); no++) {
		struct subject s;

		if (line.n == 0)
			continue;
		ls.text = line;
		to->line = no;
		to->shift = (uint32_t)(line.p - output->text.p);
		to->byte = output->byte + to->shift;
		subject_of_line(&s, &ls);
		if (rule_match(to->matcher, &s, put_hit, to, e) == -1)
			return -1;
	}
	return 0;
}
