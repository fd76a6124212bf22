/*
 * report_run.c - what goes to the sink while a report is read.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "read/report_end.h"
#include "read/report_json.h"
#include "read/report_run.h"

#define TEXT_MAX 400
#define FACTS_DEPTH 8	/* levels of a value whose members are facts */
#define FACT_MAX 4096	/* bytes of one */

static void
reset(struct report_run *r)
{
	struct slice format = r->run.format;
	unsigned fidelity = r->run.fidelity;

	arena_reset(&r->arena);
	names_init(&r->ids, &r->arena);
	r->kept = 0;
	r->ran = r->unfinished = r->collect_errors = 0;
	for (size_t i = 0; i <= TEST_NOT_RUN; i++)
		r->by[i] = 0;
	r->lost = 0;
	r->first_ns = r->last_ns = CLOCK_NONE;
	r->begun = false;
	buf_reset(&r->framework);
	buf_puts(&r->framework, "pytest");
	r->run = run_none;
	r->run.format = format;
	r->run.fidelity = fidelity;
}

void
report_run_init(struct report_run *r, const struct read_job *job, const char *format,
    unsigned fidelity)
{
	*r = (struct report_run){ .sink = job->sink };
	arena_init(&r->arena);
	arena_init(&r->texts);
	buf_init(&r->framework, TEXT_MAX);
	buf_init(&r->why, TEXT_MAX + 4096);
	buf_init(&r->reconciled, TEXT_MAX);
	buf_init(&r->block, REPORT_BLOCK);
	r->run.format = slice_str(format);
	r->run.fidelity = fidelity;
	reset(r);
}

void
report_run_release(struct report_run *r)
{
	buf_release(&r->block);
	buf_release(&r->reconciled);
	buf_release(&r->why);
	buf_release(&r->framework);
	free(r->attempt);
	names_release(&r->ids);
	arena_release(&r->texts);
	arena_release(&r->arena);
}

int
report_run_begin(struct report_run *r, uint64_t line, uint64_t byte, struct err *e)
{
	if (r->begun)
		return 0;
	r->begun = true;
	r->run.line = line;
	r->run.byte = byte;
	r->run.framework = buf_slice(&r->framework);
	r->run.state = RUN_TRUNCATED;
	r->run.state_why = SLICE("still being read");
	return r->sink->run_begin(r->sink->ctx, &r->run, e);
}

static void
take_time(struct report_run *r, const struct test *test)
{
	int64_t end = test->started_ns;

	if (end == CLOCK_NONE)
		return;
	if (r->first_ns == CLOCK_NONE || end < r->first_ns)
		r->first_ns = end;
	if (test->duration_ns != CLOCK_NONE)
		end = clock_add(end, test->duration_ns);
	if (r->last_ns == CLOCK_NONE || end > r->last_ns)
		r->last_ns = end;
}

int
report_run_test(struct report_run *r, struct test *test, bool last, struct err *e)
{
	uint32_t n = names_find(&r->ids, test->nodeid);

	if (n == NAMES_NONE && r->kept + test->nodeid.n > REPORT_IDS) {
		r->lost++;
		return 0;
	}
	if (n == NAMES_NONE) {
		n = names_put(&r->ids, test->nodeid);
		r->kept += test->nodeid.n;
		r->attempt = mem_grow(r->attempt, &r->attempt_cap, n + (size_t)1,
		    sizeof *r->attempt);
		r->attempt[n] = 0;
	}
	test->attempt = ++r->attempt[n];
	if (last && test->phase != PHASE_COLLECT) {
		r->ran += test->outcome != TEST_NOT_RUN;
		r->by[test->outcome]++;
	}
	r->collect_errors += test->phase == PHASE_COLLECT && test->outcome == TEST_ERROR;
	take_time(r, test);
	return r->sink->test(r->sink->ctx, test, e);
}

/* ---- printed text ---- */

static int
put_block(struct report_run *r, struct printed *out, struct err *e)
{
	int rc = 0;

	out->text = buf_slice(&r->block);
	if (slice_trim(out->text).n > 0)
		rc = r->sink->output(r->sink->ctx, out, e);
	buf_reset(&r->block);
	return rc;
}

/* a line that is longer than a block is cut into several */
static int
put_line(struct report_run *r, struct slice line, struct printed *out, struct err *e)
{
	const size_t most = r->block.max - 2;

	for (;;) {
		size_t n = line.n <= most ? line.n : text_utf8_floor(line, most);

		if (r->block.n > 0 && r->block.n + n > most && put_block(r, out, e) != 0)
			return -1;
		buf_put_slice(&r->block, slice_sub(line, 0, n));
		buf_putc(&r->block, '\n');
		line = slice_sub(line, n, line.n);
		if (line.n == 0)
			return 0;
	}
}

int
report_run_output(struct report_run *r, const struct printed *output, struct err *e)
{
	struct printed out = *output;
	struct slice text, line;

	out.section = slice_sub(out.section, 0, text_utf8_floor(out.section, 200));
	arena_reset(&r->texts);
	text = text_strip_ansi(&r->texts, out.text);
	buf_reset(&r->block);
	while (slice_take_line(&text, &line)) {
		/* blank lines at its beginning say nothing */
		if (r->block.n == 0 && slice_trim(line).n == 0)
			continue;
		if (put_line(r, line, &out, e) != 0)
			return -1;
	}
	return put_block(r, &out, e);
}

/* ---- facts ---- */

int
report_run_fact(struct report_run *r, const struct run_fact *fact, struct err *e)
{
	if (!r->sink->fact || fact->value.n == 0)
		return 0;
	return r->sink->fact(r->sink->ctx, fact, e);
}

static int
put_facts(struct report_run *r, struct run_fact *fact, const json_t *value, struct buf *name,
    unsigned depth, struct err *e)
{
	size_t at = name->n;
	const char *key;
	json_t *member;
	char number[40];

	if (json_is_object(value) && depth < FACTS_DEPTH) {
		json_object_foreach((json_t *)value, key, member) {
			buf_printf(name, "%s%s", at ? "." : "", key);
			if (put_facts(r, fact, member, name, depth + 1, e) != 0)
				return -1;
			buf_truncate(name, at);
		}
		return 0;
	}
	fact->value = report_string(value);
	if (json_is_integer(value)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
		fact->value = slice_str(number);
	} else if (json_is_boolean(value)) {
		fact->value = json_is_true(value) ? SLICE("true") : SLICE("false");
	}
	fact->value = slice_sub(fact->value, 0, text_utf8_floor(fact->value, FACT_MAX));
	fact->name = buf_slice(name);
	return report_run_fact(r, fact, e);
}

int
report_run_facts(struct report_run *r, const char *kind, const json_t *values, uint64_t line,
    uint64_t byte, struct err *e)
{
	struct run_fact fact = { .kind = slice_str(kind), .line = line, .byte = byte };
	struct buf name;
	int rc;

	buf_init(&name, TEXT_MAX);
	rc = put_facts(r, &fact, values, &name, 0, e);
	buf_release(&name);
	return rc;
}

/* ---- the end ---- */

static void
put_diags(struct report_run *r, const struct report_end *end)
{
	const struct diag_sink *d = &r->sink->diag;
	const struct run *run = &r->run;

	if (!end->ended)
		diag_put(d, DIAG_RUN_NO_END, run->line, 0, run->byte, "%.*s",
		    SLICE_ARG(run->state_why));
	if (run->reconciled == RUN_RECONCILED_NO)
		diag_put(d, DIAG_RUN_COUNTS, run->line, 0, run->byte, "%.*s",
		    SLICE_ARG(run->reconciled_why));
	if (r->lost)
		diag_put(d, DIAG_RECORD_LONG, run->line, 0, run->byte,
		    "%llu results beyond the limit of one run were left out",
		    (unsigned long long)r->lost);
}

int
report_run_end(struct report_run *r, const struct report_end *end, struct err *e)
{
	int rc;

	r->run.framework = buf_slice(&r->framework);
	r->run.exit_code = end->exit_known ? end->exit_code : -1;
	report_end_state(r, end);
	report_end_reconcile(r, end);
	r->run.state_why = buf_slice(&r->why);
	r->run.reconciled_why = buf_slice(&r->reconciled);
	put_diags(r, end);
	rc = r->sink->run_end(r->sink->ctx, &r->run, e);
	names_release(&r->ids);
	reset(r);
	return rc;
}
