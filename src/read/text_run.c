/*
 * text_run.c - which lines of a text log are those of a run.
 */
#include "config.h"

#include "read/text_run.h"

#include <stdlib.h>

#include "base/mem.h"
#include "read/pytest_run.h"

struct text_run {
	const struct read_job *job;	/* borrowed */
	struct pytest_run run;
	struct buf key;			/* of its stream */
	bool on;
	uint64_t runs;
};

struct text_run *
text_run_new(const struct read_job *job)
{
	struct text_run *t = mem_calloc(1, sizeof *t);

	t->job = job;
	buf_init(&t->key, 1024);
	return t;
}

void
text_run_free(struct text_run *t)
{
	if (!t)
		return;
	if (t->on)
		pytest_run_release(&t->run);
	buf_release(&t->key);
	free(t);
}

bool
text_run_begins(struct slice line)
{
	struct pytest_sep sep;

	line = pytest_rtrim(line);
	return line.n > 0 && line.p[0] == '=' && pytest_sep(line, &sep) && sep.fill == '=' &&
	    slice_eqs(sep.title, "test session starts") && pytest_sep_genuine(&sep, 0);
}

int
text_run_end(struct text_run *t, struct err *e)
{
	int rc;

	if (!t->on)
		return 0;
	t->on = false;
	rc = pytest_run_end(&t->run, e);
	pytest_run_release(&t->run);
	return rc;
}

/* "tests-1 exited with code 1", as docker compose says without a prefix */
static bool
is_exit(const struct text_run *t, struct slice line, struct slice key)
{
	return key.n == 0 && t->key.n > 0 && slice_starts(line, t->key.p) &&
	    slice_starts(slice_sub(line, t->key.n, line.n), " exited with code ");
}

int
text_run_line(struct text_run *t, struct slice line, struct slice key, int64_t ns, bool record,
    const struct line *at, struct err *e)
{
	key = slice_sub(key, 0, 1024);
	if (t->on && !slice_eq(key, buf_slice(&t->key)) && !is_exit(t, line, key))
		return 0;
	if (t->on && t->run.part == PART_END && record) {
		if (text_run_end(t, e) != 0)
			return -1;
		return 0;
	}
	if (text_run_begins(line)) {
		if (!t->on) {
			pytest_run_init(&t->run, t->job);
			buf_reset(&t->key);
			buf_put_slice(&t->key, key);
			t->on = true;
		}
		t->runs++;
		if (ns != CLOCK_NONE)
			pytest_run_clock(&t->run, ns);
	}
	if (!t->on)
		return 0;
	return pytest_run_line(&t->run, line, at, e) == 0 ? 1 : -1;
}

uint64_t
text_run_count(const struct text_run *t)
{
	return t->runs;
}
