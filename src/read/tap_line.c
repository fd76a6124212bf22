/*
 * tap_line.c - scanners of one line each, in linear time.
 */
#include "config.h"

#include "read/tap_line.h"

#include "base/clock.h"

#define MOST_TESTS 1000000000

static struct slice
rtrim(struct slice s)
{
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static bool
take_word(struct slice *s, const char *word)
{
	size_t n = slice_str(word).n;

	if (!slice_eq_fold(slice_sub(*s, 0, n), slice_str(word)))
		return false;
	*s = slice_sub(*s, n, s->n);
	return true;
}

bool
tap_version(struct slice line)
{
	struct slice s = line;
	uint64_t version;

	return slice_take_str(&s, "TAP version ") && slice_take_uint(&s, &version) &&
	    rtrim(s).n == 0 && version >= 12 && version < 100;
}

bool
tap_plan(struct slice line, struct tap_plan *p)
{
	struct slice s = line;
	uint64_t n;

	*p = (struct tap_plan){ .tests = 0 };
	if (!slice_take_str(&s, "1..") || !slice_take_uint(&s, &n) || n > MOST_TESTS)
		return false;
	p->tests = (long)n;
	s = rtrim(s);
	if (s.n == 0)
		return true;
	s = slice_trim(s);
	if (!slice_take_byte(&s, '#'))
		return false;
	s = slice_trim(s);
	if (take_word(&s, "skip")) {
		p->skip = true;
		/* "SKIP", "skipped:", "skip_all" */
		while (s.n && s.p[0] != ' ')
			s = slice_sub(s, 1, s.n);
	}
	p->reason = slice_trim(s);
	return true;
}

/* where the directive begins: an unescaped # with a blank before it, and a word behind it */
static void
split_directive(struct slice *name, struct tap_point *p)
{
	for (size_t i = 0; i < name->n; i++) {
		struct slice s;

		if (name->p[i] == '\\') {
			i++;
			continue;
		}
		if (name->p[i] != '#' || (i > 0 && name->p[i - 1] != ' '))
			continue;
		s = slice_trim(slice_sub(*name, i + 1, name->n));
		if (take_word(&s, "skip")) {
			p->directive = TAP_SKIP;
			while (s.n && s.p[0] != ' ' && s.p[0] != ':')
				s = slice_sub(s, 1, s.n);
		} else if (take_word(&s, "todo") && (s.n == 0 || s.p[0] == ' ' ||
		    s.p[0] == ':')) {
			p->directive = TAP_TODO;
		} else if (slice_take_str(&s, "time=") &&
		    slice_take_until(&s, 'm', &p->reason) && slice_eqs(s, "s") &&
		    clock_parse_duration(p->reason, &p->duration_ns)) {
			p->duration_ns /= 1000;
			p->reason = slice_sub(s, 0, 0);
		} else {
			p->reason = slice_sub(s, 0, 0);
			continue;
		}
		if (p->directive != TAP_NO_DIRECTIVE) {
			slice_take_byte(&s, ':');
			p->reason = slice_trim(s);
		}
		*name = slice_sub(*name, 0, i);
		return;
	}
}

bool
tap_point(struct slice line, struct tap_point *p)
{
	struct slice s = line, rest;
	uint64_t number;

	*p = (struct tap_point){ .duration_ns = CLOCK_NONE };
	p->ok = !slice_take_str(&s, "not ");
	if (!slice_take_str(&s, "ok"))
		return false;
	if (s.n == 0)
		return true;
	if (s.p[0] != ' ')
		return false;
	while (slice_take_byte(&s, ' '))
		;
	/* "ok  <TAB>pkg<TAB>0.1s" is of go */
	if (s.n > 0 && s.p[0] == '\t')
		return false;
	rest = s;
	if (slice_take_uint(&rest, &number) && (rest.n == 0 || rest.p[0] == ' ')) {
		p->numbered = true;
		p->number = number;
		s = slice_trim(rest);
	}
	if (slice_take_str(&s, "- ") || slice_eqs(s, "-"))
		s = slice_eqs(s, "-") ? slice_sub(s, 1, 0) : slice_trim(s);
	split_directive(&s, p);
	p->name = slice_trim(s);
	return true;
}

bool
tap_bail(struct slice line, struct slice *why)
{
	struct slice s = line;

	if (!take_word(&s, "bail out!"))
		return false;
	*why = slice_trim(s);
	return true;
}

bool
tap_subtest(struct slice line, struct slice *name)
{
	struct slice s = line;

	if (!slice_take_str(&s, "# Subtest: ") && !slice_take_str(&s, "# Subtest:"))
		return false;
	*name = slice_trim(s);
	return name->n > 0;
}

/* "[07:28:55] " that prove --timer puts before a file */
static void
drop_timer(struct slice *s)
{
	if (s->n > 11 && s->p[0] == '[' && s->p[3] == ':' && s->p[6] == ':' && s->p[9] == ']' &&
	    s->p[10] == ' ')
		*s = slice_sub(*s, 11, s->n);
}

bool
tap_file(struct slice line, struct tap_file *f)
{
	struct slice s = line, rest;
	size_t dots;

	drop_timer(&s);
	dots = slice_find(s, 0, SLICE(" .."));
	if (dots == SIZE_MAX || dots == 0)
		return false;
	*f = (struct tap_file){ .name = slice_sub(s, 0, dots) };
	if (slice_find_byte(f->name, 0, ' ') != SIZE_MAX || (!slice_ends(f->name, ".t") &&
	    slice_find_byte(f->name, 0, '/') == SIZE_MAX))
		return false;
	rest = slice_sub(s, dots + 1, s.n);
	while (slice_take_byte(&rest, '.'))
		;
	if (rest.n > 0 && rest.p[0] != ' ')
		return false;
	rest = slice_trim(rest);
	f->what = TAP_FILE_BEGINS;
	if (rest.n == 0)
		return true;
	if (slice_take_str(&rest, "skipped")) {
		f->what = TAP_FILE_SKIPPED;
		slice_take_byte(&rest, ':');
		f->reason = slice_trim(rest);
		return true;
	}
	/* "ok", "ok       60 ms ( 0.00 usr ...)" */
	f->what = TAP_FILE_OK;
	return slice_take_str(&rest, "ok") && (rest.n == 0 || rest.p[0] == ' ');
}

bool
tap_complaint(struct slice line, bool *tests_failed)
{
	struct slice s = line;
	uint64_t n;

	*tests_failed = false;
	if (slice_starts(s, "Dubious, test returned ") || slice_eqs(rtrim(s), "No subtests run"))
		return true;
	if (slice_take_str(&s, "Failed ") && slice_take_uint(&s, &n) && slice_take_byte(&s, '/') &&
	    slice_take_uint(&s, &n) && slice_eqs(slice_trim(s), "subtests")) {
		*tests_failed = true;
		return true;
	}
	s = line;
	return slice_take_str(&s, "All ") && slice_take_uint(&s, &n) &&
	    slice_eqs(slice_trim(s), "subtests passed");
}

bool
tap_totals(struct slice line, long *files, long *tests, long *seconds)
{
	struct slice s = line;
	uint64_t f, t, w;

	if (!slice_take_str(&s, "Files=") || !slice_take_uint(&s, &f) ||
	    !slice_take_str(&s, ", Tests=") || !slice_take_uint(&s, &t) ||
	    !slice_take_byte(&s, ',') || f > MOST_TESTS || t > MOST_TESTS)
		return false;
	s = slice_trim(s);
	*files = (long)f;
	*tests = (long)t;
	*seconds = slice_take_uint(&s, &w) && w < MOST_TESTS &&
	    slice_starts(s, " wallclock secs") ? (long)w : -1;
	return true;
}

bool
tap_count(struct slice line, struct slice *word, struct slice *number)
{
	struct slice s = line, rest;
	size_t blank;
	int64_t ns;

	if (!slice_take_str(&s, "# "))
		return false;
	blank = slice_find_byte(s, 0, ' ');
	if (blank == SIZE_MAX)
		return false;
	*word = slice_sub(s, 0, blank);
	rest = slice_trim(slice_sub(s, blank, s.n));
	*number = rest;
	return rest.n > 0 && rest.p[rest.n - 1] != 's' && clock_parse_duration(rest, &ns);
}

void
tap_name(struct buf *b, struct slice name)
{
	for (size_t i = 0; i < name.n && b->n < b->max; i++) {
		if (name.p[i] == '\\' && i + 1 < name.n &&
		    (name.p[i + 1] == '#' || name.p[i + 1] == '\\'))
			i++;
		buf_putc(b, name.p[i]);
	}
}
