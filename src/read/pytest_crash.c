/*
 * pytest_crash.c - signs that pytest itself went down, and the tests that run at a time.
 */
#include "config.h"

#include "read/pytest_run.h"

#include <string.h>

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, s);
}

static const struct {
	const char *sign, *how;
} crash_words[] = {
	{ "Fatal Python error: ", NULL },	/* in its own words */
	{ "INTERNALERROR> ", "internal error of pytest" },
	{ "+ Timeout +", "time-out that ended the process" },
};

void
pytest_crash_signs(struct pytest_run *r, struct slice line)
{
	struct slice said = line, rest = line, how;

	if (slice_starts(line, "Traceback (most recent call last):"))
		r->traceback = true;
	/* the last line that is not indented is what went wrong */
	if (slice_take_str(&said, "INTERNALERROR> ") && said.n && said.p[0] != ' ' &&
	    !slice_starts(said, "Traceback ")) {
		buf_reset(&r->crash);
		buf_puts(&r->crash, "internal error of pytest: ");
		buf_put_slice(&r->crash, slice_sub(said, 0, 200));
	}
	if (r->crash.n == 0 && pytest_death(&rest, &how) && slice_trim(rest).n == 0)
		set(&r->crash, how);
	for (size_t i = 0; i < 3 && r->crash.n == 0; i++) {
		size_t at = slice_find(line, 0, slice_str(crash_words[i].sign));

		if (at == SIZE_MAX || (i == 1 && at != 0))
			continue;
		set(&r->crash, crash_words[i].how ? slice_str(crash_words[i].how) :
		    slice_sub(line, at, 120));
	}
}

void
pytest_crash_exit(struct pytest_run *r, struct slice line)
{
	static const struct {
		const char *how;
		int code;	/* 128 and the number of the signal, as every shell has it */
	} codes[] = { { "Hangup", 129 }, { "Illegal instruction", 132 }, { "Aborted", 134 },
		{ "Bus error", 135 }, { "Killed", 137 }, { "Segmentation fault", 139 },
		{ "Terminated", 143 } };
	struct slice rest = line, how;

	/* a shell script names the command, which may be another */
	if (r->wrapper.exit_code >= 0 || !pytest_death(&rest, &how) || slice_trim(rest).n ||
	    (slice_find(line, 0, SLICE(": line ")) != SIZE_MAX &&
	    slice_find(line, 0, SLICE("pytest")) == SIZE_MAX))
		return;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (slice_starts(how, codes[i].how))
			r->wrapper.exit_code = codes[i].code;
}

bool
pytest_crash_is(struct slice text)
{
	struct slice how;

	for (size_t i = 0; i < sizeof crash_words / sizeof crash_words[0]; i++)
		if (slice_find(text, 0, slice_str(crash_words[i].sign)) != SIZE_MAX)
			return true;
	return pytest_death(&text, &how) && slice_trim(text).n == 0;
}

static bool
is_result(struct slice s)
{
	struct pytest_letters l;
	struct pytest_row row;

	return slice_ends(s, " ") ? pytest_row_xdist(s, &row) :
	    pytest_letters(s, &l) && l.letters.n;
}

bool
pytest_crash_worker(struct slice line)
{
	return slice_starts(line, "[gw") && slice_find(line, 0, SLICE("] node down: ")) < 10;
}

size_t
pytest_crash_behind(struct slice line)
{
	static const char *const words[] = { "Fatal Python error: ", "INTERNALERROR> ",
		"++++++++++ Timeout ++++++++++", "] node down: " };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t at = slice_find(line, 0, slice_str(words[i]));

		if (at == SIZE_MAX)
			continue;
		while (i == 2 && at && line.p[at - 1] == '+')
			at--;
		if (i == 3) {
			at = slice_rfind_byte(slice_sub(line, 0, at), '[');
			if (at == SIZE_MAX || !pytest_crash_worker(slice_sub(line, at, line.n)))
				continue;
		}
		if (at && is_result(slice_sub(line, 0, at)))
			return at;
	}
	return SIZE_MAX;
}

/* the stack of a process that dies is the traceback of the test that ran */
void
pytest_crash_line(struct pytest_run *r, struct slice line, const struct line *at)
{
	struct buf *b = &r->crash_text;

	if (r->crash.n == 0 || b->n + line.n + 1 > b->max || (b->n == 0 && line.n == 0))
		return;
	if (b->n == 0) {
		r->crash_line = at->no;
		r->crash_byte = at->byte;
	}
	buf_put_slice(b, line);
	buf_putc(b, '\n');
}

/* a result behind it: what died was another process */
void
pytest_crash_alive(struct pytest_run *r)
{
	if (slice_starts(buf_slice(&r->crash), "internal error"))
		return;
	buf_reset(&r->crash);
	buf_reset(&r->crash_text);
}

/* under xdist several tests run at once: those that have begun and have no result */
void
pytest_worker_begin(struct pytest_run *r, struct slice id, const struct line *at)
{
	struct pytest_begun *b = r->workers;

	if (r->working == PYTEST_WORKERS)
		memmove(b, b + 1, --r->working * sizeof *b);
	b[r->working++] = (struct pytest_begun){ arena_copy(&r->table.arena, id), at->no,
		at->byte };
}

void
pytest_worker_end(struct pytest_run *r, struct slice id)
{
	for (size_t i = 0; i < r->working; i++)
		if (slice_eq(r->workers[i].id, id)) {
			r->workers[i] = r->workers[--r->working];
			return;
		}
}
