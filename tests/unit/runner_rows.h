/*
 * runner_rows.h - what a reader of tests gave, as text that is easy to compare: a line for each
 * result, "outcome/phase id @attempt: message", and one for each run, "= state: why".
 */
#ifndef TESTS_UNIT_RUNNER_ROWS_H
#define TESTS_UNIT_RUNNER_ROWS_H

#include <stdio.h>

#include "recorder.h"

static inline void
put_rows(const struct recorder *r, struct buf *b, bool messages)
{
	buf_reset(b);
	for (size_t i = 0; i < r->runs; i++) {
		const struct recorded_run *run = &r->run[i];

		for (size_t k = 0; k < run->tests; k++) {
			const struct test *t = &run->test[k];

			buf_printf(b, "%s", test_outcome_name(t->outcome));
			if (t->phase != PHASE_NONE && t->phase != PHASE_CALL)
				buf_printf(b, "/%s", test_phase_name(t->phase));
			buf_printf(b, " %.*s", SLICE_ARG(t->nodeid));
			if (t->attempt > 1)
				buf_printf(b, " @%u", t->attempt);
			if (messages && t->message.n)
				buf_printf(b, ": %.*s", SLICE_ARG(t->message));
			buf_putc(b, '\n');
		}
		buf_printf(b, "= %s", run_state_name(run->run.state));
		if (messages && run->run.state_why.n)
			buf_printf(b, ": %.*s", SLICE_ARG(run->run.state_why));
		buf_putc(b, '\n');
	}
}

/* what comes out of reading `text` */
static inline void
assert_rows(const struct reader *reader, const char *text, const char *want)
{
	struct recorder r;
	struct buf b;

	buf_init(&b, 1 << 20);
	assert_int_equal(record_text(&r, reader, text, strlen(text)), 0);
	put_rows(&r, &b, true);
	if (strcmp(b.p, want) != 0)
		print_message("--- text:\n%s--- got:\n%s--- want:\n%s---\n", text, b.p, want);
	assert_string_equal(b.p, want);
	assert_int_equal(r.begun, r.ended);
	buf_release(&b);
	recorder_release(&r);
}

/* cut behind each line: what passes in the part passes in the whole */
static inline void
assert_cuts(const struct reader *reader, const char *text)
{
	struct recorder whole, part;
	size_t n = strlen(text);

	assert_int_equal(record_text(&whole, reader, text, n), 0);
	for (size_t at = 1; at < n; at++) {
		if (text[at - 1] != '\n')
			continue;
		assert_int_equal(record_text(&part, reader, text, at), 0);
		for (size_t i = 0; i < part.runs; i++) {
			for (size_t k = 0; k < part.run[i].tests; k++) {
				const struct test *t = &part.run[i].test[k], *in;
				char id[1000];

				if (t->outcome != TEST_PASSED)
					continue;
				snprintf(id, sizeof id, "%.*s", SLICE_ARG(t->nodeid));
				in = recorded_test(&whole.run[i], id);
				/* the package of a test is told behind it */
				snprintf(id, sizeof id, "::%.*s", SLICE_ARG(t->nodeid));
				for (size_t j = 0; !in && j < whole.run[i].tests; j++)
					if (slice_ends(whole.run[i].test[j].nodeid, id))
						in = &whole.run[i].test[j];
				if (!in || in->outcome != TEST_PASSED)
					print_message("cut at %zu: %s\n", at, id);
				assert_true(in && in->outcome == TEST_PASSED);
			}
		}
		recorder_release(&part);
	}
	recorder_release(&whole);
}

/* `line` stands between all lines, but for those that `inside` refuses: the rows stay */
static inline void
assert_noise(const struct reader *reader, const char *text, const char *line,
    bool (*refuse)(struct slice before))
{
	struct recorder plain, noisy;
	struct buf b, want, got;
	struct slice rest = slice_str(text), s, before = { 0 };

	buf_init(&b, 1 << 20);
	buf_init(&want, 1 << 20);
	buf_init(&got, 1 << 20);
	while (slice_take_line(&rest, &s)) {
		if (before.n && !(refuse && refuse(before)))
			buf_puts(&b, line);
		buf_put_slice(&b, s);
		buf_putc(&b, '\n');
		before = s;
	}
	assert_int_equal(record_text(&plain, reader, text, strlen(text)), 0);
	assert_int_equal(record_text(&noisy, reader, b.p, b.n), 0);
	put_rows(&plain, &want, false);
	put_rows(&noisy, &got, false);
	assert_string_equal(got.p, want.p);
	recorder_release(&noisy);
	recorder_release(&plain);
	buf_release(&got);
	buf_release(&want);
	buf_release(&b);
}

/* the reader that takes this text, "" if none does */
static inline const char *
taken_by(const char *text)
{
	const struct reader *r = reader_detect(slice_str(text), true);

	return r ? r->name : "";
}

#endif
