/*
 * pytest_count.c - totals. A line is taken only when all of it has the shape.
 */
#include "config.h"

#include "read/pytest_count.h"

#include "read/pytest_line.h"

#include <limits.h>
#include <string.h>

#define WRAPPER_LINE 200	/* longer lines under a session are no totals */

static bool
take_long(struct slice *in, long *v)
{
	struct slice s = *in;
	uint64_t u;

	if (!slice_take_uint(&s, &u) || u > INT_MAX)
		return false;
	*v = (long)u;
	*in = s;
	return true;
}

/* "word" or "words" */
static bool
take_noun(struct slice *in, const char *noun)
{
	if (!slice_take_str(in, noun))
		return false;
	slice_take_byte(in, 's');
	return true;
}

/* "4 workers [45 items]" */
static bool
workers_line(struct slice s, struct pytest_collected *c)
{
	long workers, items;

	if (!take_long(&s, &workers) || !slice_take_byte(&s, ' ') || !take_noun(&s, "worker") ||
	    !slice_take_str(&s, " [") || !take_long(&s, &items) || !slice_take_byte(&s, ' ') ||
	    !take_noun(&s, "item") || !slice_eqs(pytest_rtrim(s), "]"))
		return false;
	c->collected = c->selected = items;
	return true;
}

/* "gw0 [2] / gw1 [2]": every worker collects all of them */
static bool
old_workers_line(struct slice s, struct pytest_collected *c)
{
	long worker, items;

	do {
		if (!slice_take_str(&s, "gw") || !take_long(&s, &worker) ||
		    !slice_take_str(&s, " [") || !take_long(&s, &items) ||
		    !slice_take_byte(&s, ']'))
			return false;
	} while (slice_take_str(&s, " / "));
	if (pytest_rtrim(s).n)
		return false;
	c->collected = c->selected = items;
	return true;
}

bool
pytest_collected(struct slice line, struct pytest_collected *c)
{
	struct slice s = line;
	long n;

	*c = (struct pytest_collected){ -1, -1, -1, -1, -1 };
	if (workers_line(s, c) || old_workers_line(s, c))
		return true;
	slice_take_str(&s, "collecting ... ");
	if (!slice_take_str(&s, "collected ") || !take_long(&s, &c->collected) ||
	    !slice_take_byte(&s, ' ') || !take_noun(&s, "item"))
		return false;
	while (slice_take_str(&s, " / ")) {
		if (!take_long(&s, &n) || !slice_take_byte(&s, ' '))
			return false;
		if (take_noun(&s, "error"))
			c->errors = n;
		else if (slice_take_str(&s, "deselected"))
			c->deselected = n;
		else if (slice_take_str(&s, "skipped"))
			c->skipped = n;
		else if (slice_take_str(&s, "selected"))
			c->selected = n;
		else
			return false;
	}
	if (c->selected < 0)
		c->selected = c->collected - (c->deselected > 0 ? c->deselected : 0);
	if (c->selected < 0)
		c->selected = 0;
	return pytest_rtrim(s).n == 0;
}

/* " in 0.65s", " in 0.12 seconds", " in 86.51s (0:01:26)" */
static bool
take_duration(struct slice s, int64_t *ns)
{
	struct slice number = s;
	size_t n = 0;

	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '.'))
		n++;
	number.n = n;
	s = slice_sub(s, n, s.n);
	if (n == 0 || !clock_parse_duration(number, ns))
		return false;
	if (!slice_take_str(&s, " seconds") && !slice_take_byte(&s, 's'))
		return false;
	return s.n == 0 || (slice_starts(s, " (") && slice_ends(s, ")") &&
	    slice_find_byte(s, 0, ':') != SIZE_MAX);
}

static bool
final_part(struct slice part, struct pytest_final *f)
{
	struct slice s = part;
	long n;

	if (!take_long(&s, &n) || !slice_take_byte(&s, ' ') || s.n == 0)
		return false;
	const struct {
		const char *word;
		long *count;
	} known[] = { { "failed", &f->failed }, { "passed", &f->passed },
		{ "skipped", &f->skipped }, { "deselected", &f->deselected },
		{ "xfailed", &f->xfailed }, { "xpassed", &f->xpassed },
		{ "warning", &f->warnings }, { "warnings", &f->warnings },
		{ "error", &f->errors }, { "errors", &f->errors }, { "rerun", &f->rerun },
		{ "subtests passed", &f->sub_passed }, { "subtest passed", &f->sub_passed } };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (slice_eqs(s, known[i].word)) {
			*known[i].count += n;
			return true;
		}
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == ' '))
			return false;
	if (slice_starts(s, "subtest"))
		f->sub_other += n;
	else
		f->other += n;
	return true;
}

/* "5/8 tests collected (3 deselected)", "8 tests collected", "no tests collected (2 deselected)" */
static bool
collect_only(struct slice s, struct pytest_final *f)
{
	long n = 0, of;

	if (slice_take_str(&s, "no tests collected"))
		f->none_ran = true;
	else if (!take_long(&s, &n))
		return false;
	else {
		if (slice_take_byte(&s, '/') && !take_long(&s, &of))
			return false;
		if (!slice_take_byte(&s, ' ') || !take_noun(&s, "test") ||
		    !slice_take_str(&s, " collected"))
			return false;
	}
	f->collected = n;
	if (slice_take_str(&s, " (") && (!take_long(&s, &f->deselected) ||
	    !slice_take_str(&s, " deselected)")))
		return false;
	if (slice_take_str(&s, ", "))
		return final_part(s, f);
	return s.n == 0;
}

bool
pytest_final(struct slice title, struct pytest_final *f)
{
	size_t in = SIZE_MAX;
	struct slice parts, part;

	*f = (struct pytest_final){ .collected = -1, .duration_ns = CLOCK_NONE };
	for (size_t at = slice_find(title, 0, SLICE(" in ")); at != SIZE_MAX;
	    at = slice_find(title, at + 1, SLICE(" in ")))
		in = at;
	if (in == SIZE_MAX || !take_duration(slice_sub(title, in + 4, title.n), &f->duration_ns))
		return false;
	parts = slice_sub(title, 0, in);
	if (slice_eqs(parts, "no tests ran")) {
		f->none_ran = true;
		return true;
	}
	if (collect_only(parts, f))
		return true;
	f->collected = -1;
	while (parts.n) {
		size_t comma = slice_find(parts, 0, SLICE(", "));

		part = slice_sub(parts, 0, comma);
		if (!final_part(part, f))
			return false;
		parts = comma == SIZE_MAX ? (struct slice){ 0 } :
		    slice_sub(parts, comma + 2, parts.n);
	}
	return in > 0;
}

long
pytest_final_tests(const struct pytest_final *f)
{
	return f->failed + f->passed + f->skipped + f->xfailed + f->xpassed + f->errors + f->other;
}

bool
pytest_summary(struct slice line, struct pytest_summary *s)
{
	static const struct {
		const char *word;
		enum test_outcome outcome;
	} words[] = { { "FAILED ", TEST_FAILED }, { "ERROR ", TEST_ERROR },
		{ "PASSED ", TEST_PASSED }, { "XFAIL ", TEST_XFAILED },
		{ "XPASS ", TEST_XPASSED }, { "SKIPPED ", TEST_SKIPPED },
		{ "RERUN ", TEST_FAILED } };
	static const struct {
		const char *words;
		enum test_phase phase;
	} phases[] = { { "at setup of ", PHASE_SETUP }, { "at call of ", PHASE_CALL },
		{ "at teardown of ", PHASE_TEARDOWN } };
	struct slice in = line;

	*s = (struct pytest_summary){ 0 };
	if (slice_starts(in, "SUBFAIL")) {
		/* "SUBFAILED[msg] (i=1) id - message", "SUBFAIL id - message": behind a blank */
		size_t at = slice_find_byte(in, 0, ' ');

		for (unsigned tries = 0; at != SIZE_MAX && tries < 32; tries++) {
			s->rest = slice_sub(in, at + 1, in.n);
			if (pytest_id_length(s->rest))
				break;
			at = slice_find_byte(in, at + 1, ' ');
		}
		s->outcome = TEST_FAILED;
		s->sub = true;
		return at != SIZE_MAX && pytest_id_length(s->rest) > 0;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (!slice_take_str(&in, words[i].word))
			continue;
		s->outcome = words[i].outcome;
		s->rerun = slice_starts(line, "RERUN");
		for (size_t k = 0; k < 3; k++)
			if (slice_take_str(&in, phases[k].words))
				s->phase = phases[k].phase;
		s->rest = in;
		/* "SKIPPED [3] file:12: reason" folds several tests and names none */
		return in.n > 0 && !(s->outcome == TEST_SKIPPED && in.p[0] == '[');
	}
	return false;
}

void
pytest_summary_split(struct slice rest, struct slice *id, struct slice *message)
{
	unsigned depth = 0;

	*message = (struct slice){ 0 };
	*id = pytest_rtrim(rest);
	for (size_t i = 0; i + 3 <= rest.n; i++) {
		if (rest.p[i] == '[')
			depth++;
		else if (rest.p[i] == ']' && depth)
			depth--;
		else if (depth == 0 && memcmp(rest.p + i, " - ", 3) == 0) {
			*id = slice_sub(rest, 0, i);
			*message = slice_sub(rest, i + 3, rest.n);
			return;
		}
	}
}

void
pytest_wrapper_init(struct pytest_wrapper *w)
{
	*w = (struct pytest_wrapper){ -1, -1, -1, -1, -1, -1, 0 };
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* as slice_take_str, in any case */
static bool
take_fold(struct slice *in, const char *words)
{
	size_t n = strlen(words);

	if (in->n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(in->p[i]) != words[i])
			return false;
	*in = slice_sub(*in, n, in->n);
	return true;
}

static bool
take_number_after(struct slice s, long *v)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == ':' || s.p[0] == '='))
		s = slice_sub(s, 1, s.n);
	return take_long(&s, v) && (s.n == 0 || s.p[0] == ' ' || s.p[0] == ')' || s.p[0] == ',' ||
	    (s.p[0] == '.' && !(s.n > 1 && s.p[1] >= '0' && s.p[1] <= '9')));
}

/* "exit code" or "exit status" anywhere in a short line, with a number behind it */
static bool
exit_code(struct slice line, long *v)
{
	struct slice s = line;

	if (slice_take_str(&s, "EXIT=") || slice_take_str(&s, "EXIT_CODE="))
		return take_long(&s, v) && s.n == 0;
	/* "make[1]: *** [Makefile:3: test] Error 1" */
	if (slice_starts(line, "make") && slice_find(line, 0, SLICE(": *** [")) != SIZE_MAX) {
		size_t at = slice_find(line, 0, SLICE("] Error "));

		s = slice_sub(line, at == SIZE_MAX ? line.n : at + 8, line.n);
		return take_long(&s, v) && s.n == 0;
	}
	for (size_t i = 0; i + 9 < line.n; i++) {
		s = slice_sub(line, i, line.n);
		if (i && line.p[i - 1] != ' ' && line.p[i - 1] != '(' && line.p[i - 1] != '[')
			continue;
		if ((take_fold(&s, "exit code") || take_fold(&s, "exit status")) &&
		    take_number_after(s, v))
			return true;
	}
	return false;
}

void
pytest_wrapper_line(struct slice line, struct pytest_wrapper *w)
{
	struct {
		const char *words;
		long *count;
	} totals[] = { { "total tests:", &w->total }, { "total:", &w->total },
		{ "passed:", &w->passed }, { "failed:", &w->failed }, { "errors:", &w->errors },
		{ "skipped:", &w->skipped } };
	struct slice s = slice_trim(line);
	long v;

	if (s.n == 0 || s.n > WRAPPER_LINE)
		return;
	if (exit_code(s, &v)) {
		if (w->exit_code < 0 || slice_starts(s, "EXIT"))
			w->exit_code = v;
		return;
	}
	for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
		struct slice rest = s;

		if (*totals[i].count < 0 && take_fold(&rest, totals[i].words) &&
		    take_number_after(rest, &v)) {
			*totals[i].count = v;
			return;
		}
	}
}
