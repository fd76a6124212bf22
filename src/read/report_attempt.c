/*
 * report_attempt.c - phases to one outcome.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "read/report_attempt.h"
#include "read/test_id.h"

#define WORKER_MAX 64

enum report_outcome
report_outcome_of(struct slice word)
{
	if (slice_eqs(word, "passed"))
		return REPORT_PASSED;
	if (slice_eqs(word, "failed") || slice_eqs(word, "error"))
		return REPORT_FAILED;
	if (slice_eqs(word, "skipped"))
		return REPORT_SKIPPED;
	return slice_eqs(word, "rerun") ? REPORT_RERUN : REPORT_OTHER;
}

enum test_phase
report_phase_of(struct slice word)
{
	if (slice_eqs(word, "setup"))
		return PHASE_SETUP;
	if (slice_eqs(word, "call"))
		return PHASE_CALL;
	return slice_eqs(word, "teardown") ? PHASE_TEARDOWN : PHASE_NONE;
}

void
attempt_init(struct attempt *a)
{
	*a = (struct attempt){ .open = false };
	buf_init(&a->id, ATTEMPT_ID);
	buf_init(&a->printed, ATTEMPT_ID);
	buf_init(&a->worker, WORKER_MAX);
	reason_init(&a->reason);
}

void
attempt_release(struct attempt *a)
{
	buf_release(&a->id);
	buf_release(&a->printed);
	buf_release(&a->worker);
	reason_release(&a->reason);
	free(a->section);
	*a = (struct attempt){ .open = false };
}

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, slice_sub(s, 0, text_utf8_floor(s, b->max - 1)));
}

void
attempt_open(struct attempt *a, struct slice id, struct slice worker, uint64_t line,
    uint64_t byte)
{
	struct attempt was = *a;
	size_t colons = slice_find(id, 0, SLICE("::"));

	*a = (struct attempt){ .open = true, .id = was.id, .printed = was.printed,
		.worker = was.worker, .reason = was.reason, .section = was.section,
		.section_cap = was.section_cap, .setup_ns = CLOCK_NONE, .call_ns = CLOCK_NONE,
		.teardown_ns = CLOCK_NONE, .started_ns = CLOCK_NONE, .line = line,
		.byte = byte };
	reason_reset(&a->reason);
	set(&a->id, id);
	set(&a->worker, worker);
	buf_reset(&a->printed);
	if (slice_find_byte(slice_sub(id, 0, colons), 0, '\\') == SIZE_MAX)
		return;
	set(&a->printed, id);
	for (size_t i = 0; i < a->id.n && i < colons; i++)
		if (a->id.p[i] == '\\')
			a->id.p[i] = '/';
}

void
attempt_worker(struct attempt *a, struct slice worker)
{
	set(&a->worker, worker);
}

static void
tell(struct attempt *a, const struct phase_report *p, bool failure)
{
	/* of a failure and the error of its teardown, the failure is told */
	if (a->told || !p->reason)
		return;
	a->told = failure;
	a->told_phase = p->when;
	set(&a->reason.message, buf_slice(&p->reason->message));
	set(&a->reason.detail, buf_slice(&p->reason->detail));
	a->detail_line = a->reason.detail.n ? p->line : 0;
	a->detail_byte = a->reason.detail.n ? p->byte : 0;
}

static void
add_time(int64_t *sum, int64_t ns)
{
	if (ns == CLOCK_NONE || ns < 0)
		return;
	*sum = *sum == CLOCK_NONE ? ns : clock_add(*sum, ns);
}

static void
add_failure(struct attempt *a, const struct phase_report *p)
{
	a->rerun |= p->outcome == REPORT_RERUN;
	if (p->subtest)
		a->sub_failed = true;
	else if (p->when == PHASE_NONE)
		a->died = true;
	else
		a->failed[p->when] = true;
	tell(a, p, true);
}

void
attempt_add(struct attempt *a, const struct phase_report *p)
{
	if (p->started_ns != CLOCK_NONE &&
	    (a->started_ns == CLOCK_NONE || p->started_ns < a->started_ns))
		a->started_ns = p->started_ns;
	/* a word that pytest does not have tells nothing: the phase has no result then */
	if (!p->subtest && p->outcome != REPORT_OTHER) {
		a->setup |= p->when == PHASE_SETUP;
		a->call |= p->when == PHASE_CALL;
		a->teardown |= p->when == PHASE_TEARDOWN;
		if (p->when != PHASE_NONE)
			add_time(p->when == PHASE_SETUP ? &a->setup_ns : p->when == PHASE_CALL ?
			    &a->call_ns : &a->teardown_ns, p->duration_ns);
	}
	if (p->outcome == REPORT_FAILED || p->outcome == REPORT_RERUN) {
		add_failure(a, p);
	} else if (p->subtest) {
		return;
	} else if (p->outcome == REPORT_SKIPPED && p->when != PHASE_NONE) {
		/* pytest lets a teardown be skipped: the test has its result by then */
		if (p->when == PHASE_TEARDOWN && a->call && !p->xfail)
			return;
		a->xfailed |= p->xfail;
		a->skipped |= !p->xfail;
		a->skip_phase = p->when;
		tell(a, p, false);
	} else if (p->outcome == REPORT_PASSED && p->when == PHASE_CALL && p->xfail) {
		a->xpassed = true;
		tell(a, p, false);
	}
}

bool
attempt_section(struct attempt *a, struct slice title, struct slice text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < title.n; i++)
		h = (h ^ (unsigned char)title.p[i]) * UINT64_C(1099511628211);
	h = (h ^ 0x100) * UINT64_C(1099511628211);
	for (size_t i = 0; i < text.n; i++)
		h = (h ^ (unsigned char)text.p[i]) * UINT64_C(1099511628211);
	for (size_t i = 0; i < a->sections; i++)
		if (a->section[i] == h)
			return false;
	if (a->sections < ATTEMPT_SECTIONS) {
		a->section = mem_grow(a->section, &a->section_cap, a->sections + 1,
		    sizeof *a->section);
		a->section[a->sections++] = h;
	}
	return true;
}

/* ---- the outcome ---- */

/* nothing failed, and not all phases reported */
static bool
set_unfinished(struct attempt *a, enum attempt_end end, bool damaged, struct test *t)
{
	if (a->call && (a->teardown || end == ATTEMPT_GREEN))
		return false;
	t->outcome = TEST_ERROR;
	t->phase = a->call ? PHASE_TEARDOWN : a->setup ? PHASE_CALL : PHASE_SETUP;
	if (a->call) {
		t->message = SLICE("did not finish: no report of its teardown");
	} else if (!a->teardown) {
		t->message = a->setup ? SLICE("did not finish: no report behind its setup") :
		    SLICE("did not finish: no report of the test itself");
	} else if (damaged) {
		t->message = SLICE("no report of its call could be read");
	} else {
		/* --setup-only does that */
		t->outcome = TEST_NOT_RUN;
		t->phase = PHASE_NONE;
		t->message = SLICE("set up and torn down, but not called");
	}
	t->detail = (struct slice){ NULL, 0 };
	t->detail_line = t->detail_byte = 0;
	return true;
}

/* returns false when the test did not finish */
static bool
set_outcome(struct attempt *a, enum attempt_end end, bool damaged, struct test *t)
{
	if (a->failed[PHASE_SETUP]) {
		t->outcome = TEST_ERROR;
		t->phase = PHASE_SETUP;
	} else if (a->failed[PHASE_TEARDOWN]) {
		t->outcome = TEST_ERROR;
		t->phase = PHASE_TEARDOWN;
	} else if (a->died || a->failed[PHASE_CALL] || a->sub_failed) {
		t->outcome = TEST_FAILED;
		t->phase = PHASE_CALL;
	} else if (a->xfailed || a->skipped) {
		t->outcome = a->xfailed ? TEST_XFAILED : TEST_SKIPPED;
		t->phase = a->skip_phase;
	} else if (set_unfinished(a, end, damaged, t)) {
		return t->outcome != TEST_ERROR;
	} else {
		t->outcome = a->xpassed ? TEST_XPASSED : TEST_PASSED;
		t->phase = PHASE_CALL;
	}
	return true;
}

static void
set_duration(const struct attempt *a, struct test *t)
{
	const int64_t part[] = { a->setup_ns, a->call_ns, a->teardown_ns };

	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
		add_time(&t->duration_ns, part[i]);
	t->setup_ns = a->setup_ns;
	t->call_ns = a->call_ns;
	t->teardown_ns = a->teardown_ns;
	t->started_ns = a->started_ns;
	if (t->duration_ns == CLOCK_NONE)
		return;
	t->duration_from = DURATION_SUM;
	if (t->duration_ns == 0)
		t->duration_note = SLICE("reported as 0: not measured");
}

bool
attempt_close(struct attempt *a, enum attempt_end end, bool damaged, struct test *test)
{
	struct test_id parts = test_id_parts(buf_slice(&a->id));
	bool finished;

	*test = test_none;
	test->nodeid = buf_slice(&a->id);
	test->printed = buf_slice(&a->printed);
	test->file = parts.file;
	test->suite = parts.suite;
	test->params = parts.params;
	test->worker = buf_slice(&a->worker);
	test->message = buf_slice(&a->reason.message);
	test->detail = buf_slice(&a->reason.detail);
	test->line = a->line;
	test->byte = a->byte;
	test->detail_line = a->detail_line;
	test->detail_byte = a->detail_byte;
	set_duration(a, test);
	finished = set_outcome(a, end, damaged, test);
	if (!finished && test->duration_ns != CLOCK_NONE)
		test->duration_note = SLICE("only of the phases that reported");
	if (a->rerun && test->message.n == 0)
		test->message = SLICE("run again");
	a->open = false;
	return finished;
}
