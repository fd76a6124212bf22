/*
 * embed.c - a sink between an inner reader and the sink of the outer one: places, and the run
 * that waits for what stands behind its text.
 */
#include "config.h"

#include "read/embed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/run_wrapper.h"

#define WHY_MAX 400

/* ---- places ---- */

static void
add_place(struct embed *m, const struct embed_place *p)
{
	if (m->places == EMBED_PLACES) {
		/* every second one goes */
		for (size_t i = 0; i < EMBED_PLACES / 2; i++)
			m->place[i] = m->place[2 * i];
		m->places = EMBED_PLACES / 2;
		m->step *= 2;
	}
	m->place = mem_grow(m->place, &m->place_cap, m->places + 1, sizeof *m->place);
	m->place[m->places++] = *p;
}

void
embed_begin(struct embed *m, uint64_t outer, uint64_t outer_line)
{
	const struct embed_place first = { 0, 1, outer, outer_line };

	m->places = 0;
	m->step = 1;
	m->lines = 1;
	add_place(m, &first);
}

void
embed_line(struct embed *m, uint64_t inner, uint64_t outer, uint64_t outer_line)
{
	const struct embed_place p = { inner, ++m->lines, outer, outer_line };

	if ((m->lines - 1) % m->step == 0)
		add_place(m, &p);
}

/* the last place that is not behind this line of the text */
static size_t
place_of(const struct embed *m, uint64_t line)
{
	size_t from = 0, to = m->places;

	while (to - from > 1) {
		size_t mid = from + (to - from) / 2;

		if (m->place[mid].inner_line <= line)
			from = mid;
		else
			to = mid;
	}
	return from;
}

/* bytes are counted within their line: the text may have been cleaned */
static void
move(const struct embed *m, uint64_t *line, uint64_t *byte)
{
	size_t at = place_of(m, *line);
	const struct embed_place *p = &m->place[at];
	uint64_t outer = p->outer + (*byte > p->inner ? *byte - p->inner : 0);

	if (at + 1 < m->places && outer >= p[1].outer)
		outer = p[1].outer - 1;
	*byte = outer;
	*line = m->one_line || *line < p->inner_line ? p->outer_line :
	    p->outer_line + (*line - p->inner_line);
}

/* ---- the sink ---- */

static int
on_entry(void *ctx, const struct entry *read, struct err *e)
{
	struct embed *m = ctx;
	struct entry entry = *read;

	if (!m->out->entry)
		return 0;
	move(m, &entry.line, &entry.byte);
	return m->out->entry(m->out->ctx, &entry, e);
}

int
embed_end_run(struct embed *m, struct err *e)
{
	int rc = 0;

	if (m->held) {
		m->held = false;
		rc = m->out->run_end(m->out->ctx, &m->run, e);
	}
	return rc;
}

static int
on_run_begin(void *ctx, const struct run *read, struct err *e)
{
	struct embed *m = ctx;
	struct run run = *read;

	if (embed_end_run(m, e) != 0)
		return -1;
	m->runs++;
	memset(m->by, 0, sizeof m->by);
	m->results = 0;
	move(m, &run.line, &run.byte);
	if (m->quoted)
		run.quality = RUN_QUOTED;
	return m->out->run_begin(m->out->ctx, &run, e);
}

static int
on_test(void *ctx, const struct test *read, struct err *e)
{
	struct embed *m = ctx;
	struct test test = *read;

	m->tests++;
	if (test.phase != PHASE_COLLECT)
		m->by[test.outcome]++;
	m->results += test.phase != PHASE_COLLECT && test.outcome != TEST_NOT_RUN &&
	    test.attempt <= 1;
	move(m, &test.line, &test.byte);
	if (test.detail.n)
		move(m, &test.detail_line, &test.detail_byte);
	return m->out->test(m->out->ctx, &test, e);
}

/* where one line of the outer input holds it all, each line of the text is told by itself */
static int
on_output(void *ctx, const struct printed *read, struct err *e)
{
	struct embed *m = ctx;
	struct slice rest = read->text, line;

	if (!m->one_line) {
		struct printed all = *read;

		move(m, &all.line, &all.byte);
		return m->out->output(m->out->ctx, &all, e);
	}
	for (uint64_t n = 0; rest.n; n++) {
		struct printed one = *read;
		const char *from = rest.p;

		slice_take_line(&rest, &line);
		one.text = slice_of(from, (size_t)(rest.n ? rest.p - from :
		    read->text.p + read->text.n - from));
		if (!slice_trim(line).n)
			continue;
		one.line = read->line + n;
		one.byte = n ? 0 : read->byte;	/* the beginning of its line */
		move(m, &one.line, &one.byte);
		if (m->out->output(m->out->ctx, &one, e) != 0)
			return -1;
	}
	return 0;
}

static int
on_fact(void *ctx, const struct run_fact *read, struct err *e)
{
	struct embed *m = ctx;
	struct run_fact fact = *read;

	if (!m->out->fact)
		return 0;
	move(m, &fact.line, &fact.byte);
	return m->out->fact(m->out->ctx, &fact, e);
}

static int
on_run_end(void *ctx, const struct run *read, struct err *e)
{
	struct embed *m = ctx;
	struct run run = *read;
	struct slice *const texts[] = { &run.framework, &run.format, &run.command, &run.env,
		&run.commit, &run.host, &run.state_why, &run.reconciled_why, &run.wrapper_why };

	move(m, &run.line, &run.byte);
	if (m->quoted)
		run.quality = RUN_QUOTED;
	if (!m->hold)
		return m->out->run_end(m->out->ctx, &run, e);
	arena_reset(&m->arena);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = arena_copy(&m->arena, *texts[i]);
	m->run = run;
	m->held = true;
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *read, struct err *e)
{
	struct embed *m = ctx;
	struct bad_record bad = *read;

	m->bads++;
	move(m, &bad.line, &bad.byte);
	return m->out->bad(m->out->ctx, &bad, e);
}

static void
on_diag(void *ctx, const struct diag *read)
{
	struct embed *m = ctx;
	struct diag d = *read;

	if (m->places && d.line)
		move(m, &d.line, &d.byte);
	if (m->out->diag.put)
		m->out->diag.put(m->out->diag.ctx, &d);
}

void
embed_init(struct embed *m, const struct read_sink *out)
{
	*m = (struct embed){ .out = out, .step = 1 };
	m->sink = (struct read_sink){ .ctx = m, .entry = on_entry, .run_begin = on_run_begin,
		.test = on_test, .output = on_output, .fact = on_fact, .run_end = on_run_end,
		.bad = on_bad, .diag = { on_diag, m } };
	arena_init(&m->arena);
}

void
embed_release(struct embed *m)
{
	arena_release(&m->arena);
	free(m->place);
	m->place = NULL;
}

/* ---- reading ---- */

const struct reader *
embed_detect(struct slice head, bool whole, int *score)
{
	/* these look for text inside themselves, and would look without end */
	static const char *const outer[] = { "run-json", "markdown-run" };
	const struct reader *r, *best = NULL;

	*score = 0;
	for (size_t i = 0; (r = reader_at(i)) != NULL; i++) {
		int s;

		if (r->kind != SOURCE_TESTS || strcmp(r->name, outer[0]) == 0 ||
		    strcmp(r->name, outer[1]) == 0)
			continue;
		s = r->sniff(head, whole);
		if (s > *score) {
			*score = s;
			best = r;
		}
	}
	return best;
}

int
embed_read(struct embed *m, const struct reader *reader, const struct read_job *outer, input_fn *fn,
    void *ctx, struct err *e)
{
	struct read_job job = { .in = input_from_fn(fn, ctx), .limits = outer->limits,
		.sink = &m->sink, .zone = outer->zone, .excerpt = m->quoted };
	char *rest = mem_alloc(INPUT_HEAD);
	size_t got = 0;
	int rc = reader->read(&job, e);

	/* whoever finds the text goes on behind it */
	while (rc == 0 && (rc = input_read(job.in, rest, INPUT_HEAD, &got, NULL, e)) == 0 && got)
		;
	free(rest);
	input_close(job.in);
	return rc;
}

/* ---- what ran it ---- */

void
embed_wrapper(struct embed *m, const struct pytest_wrapper *w)
{
	struct run *run = &m->run;
	bool printed = run->passed >= 0 && run->failed >= 0;
	struct run_inside in = { .exit_code = run->exit_code };
	struct buf why;

	if (!m->held)
		return;
	in.passed = printed ? run->passed : m->by[TEST_PASSED];
	in.failed = printed ? run->failed : m->by[TEST_FAILED];
	in.errors = printed && run->errors >= 0 ? run->errors : m->by[TEST_ERROR];
	in.skipped = printed && run->skipped >= 0 ? run->skipped : m->by[TEST_SKIPPED];
	in.results = m->results;
	buf_init(&why, WHY_MAX);
	if (run->wrapper_why.n)
		buf_printf(&why, "%.*s; ", SLICE_ARG(run->wrapper_why));
	if (run_wrapper_why(w, &in, &why)) {
		run->wrapper_why = arena_copy(&m->arena, buf_slice(&why));
		diag_put(&m->out->diag, DIAG_RUN_WRAPPER, run->line, 0, run->byte, "%s", why.p);
	}
	if (run->exit_code < 0)
		run->exit_code = w->exit_code;
	buf_release(&why);
}
