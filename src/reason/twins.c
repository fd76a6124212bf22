#include "config.h"

#include "reason/twins.h"

#include <stdio.h>

#define MS (CLOCK_NS_PER_S / 1000)
#define EXACT_NS (2 * MS)
#define PRINTED_NS (10 * MS)
#define RUN_NS CLOCK_NS_PER_S
#define START_NS (5 * CLOCK_NS_PER_S)
#define QUARTER_NS (900 * CLOCK_NS_PER_S)
#define ZONES_NS (14 * 3600 * CLOCK_NS_PER_S)

enum agree { UNKNOWN, AGREES, CONTRADICTS };

static int64_t
apart(int64_t a, int64_t b)
{
	return a > b ? clock_gap(a, b) : clock_gap(b, a);
}

static enum agree
within(int64_t a, int64_t b, int64_t tolerance)
{
	if (a == CLOCK_NONE || b == CLOCK_NONE)
		return UNKNOWN;
	return apart(a, b) <= tolerance ? AGREES : CONTRADICTS;
}

/* "AssertionError: assert 1 == 2" of one is "assert 1 == 2..." of the other */
static struct slice
first_line(struct slice s)
{
	s = slice_trim(s);
	s = slice_trim(slice_sub(s, 0, slice_find_byte(s, 0, '\n')));
	if (slice_ends(s, "..."))
		s.n -= 3;
	return slice_trim(s);
}

static enum agree
messages(struct slice a, struct slice b)
{
	a = first_line(a);
	b = first_line(b);
	if (a.n == 0 || b.n == 0)
		return UNKNOWN;
	return slice_find(a, 0, b) != SIZE_MAX || slice_find(b, 0, a) != SIZE_MAX ? AGREES :
	    CONTRADICTS;
}

static enum agree
durations(const struct twin_result *a, const struct twin_result *b)
{
	enum agree call = within(a->call_ns, b->call_ns, PRINTED_NS);

	if (call == UNKNOWN && a->exact && b->exact)
		return within(a->duration_ns, b->duration_ns, EXACT_NS);
	/* a report may be told to give the call for the whole */
	if (call == UNKNOWN && a->exact != b->exact)
		return within(a->exact ? b->duration_ns : a->duration_ns,
		    a->exact ? a->duration_ns : b->duration_ns, PRINTED_NS) == AGREES ? AGREES :
		    UNKNOWN;
	return call;
}

/* a log of results begins with the first test and ends with the last: inside of the run */
static bool
contains(const struct twin_run *a, const struct twin_run *b)
{
	return a->clock == RUN_CLOCK_EXACT && b->clock == RUN_CLOCK_EXACT &&
	    a->duration_ns != CLOCK_NONE && b->duration_ns != CLOCK_NONE &&
	    a->started_ns != CLOCK_NONE && b->started_ns != CLOCK_NONE &&
	    b->started_ns >= clock_add(a->started_ns, -RUN_NS) &&
	    clock_add(b->started_ns, b->duration_ns) <=
	    clock_add(clock_add(a->started_ns, a->duration_ns), RUN_NS);
}

static enum agree
starts(const struct twin_run *a, const struct twin_run *b)
{
	int64_t gap, rest;

	if (a->started_ns == CLOCK_NONE || b->started_ns == CLOCK_NONE)
		return UNKNOWN;
	gap = apart(a->started_ns, b->started_ns);
	if (gap <= START_NS || contains(a, b) || contains(b, a))
		return AGREES;
	if ((a->clock == RUN_CLOCK_ASSUMED || b->clock == RUN_CLOCK_ASSUMED) && gap <= ZONES_NS) {
		rest = gap % QUARTER_NS;
		if (rest <= START_NS || QUARTER_NS - rest <= START_NS)
			return AGREES;
	}
	return CONTRADICTS;
}

/* its duration is that of its tests: of what comes before and between, only the others know */
static bool
knows_tests_only(const struct twin_run *r)
{
	return slice_eqs(r->format, "pytest-reportlog");
}

static enum agree
run_durations(const struct twin_run *a, const struct twin_run *b)
{
	int64_t longer;

	if (a->duration_ns == CLOCK_NONE || b->duration_ns == CLOCK_NONE || contains(a, b) ||
	    contains(b, a) || (knows_tests_only(a) && a->duration_ns < b->duration_ns) ||
	    (knows_tests_only(b) && b->duration_ns < a->duration_ns))
		return UNKNOWN;
	longer = a->duration_ns > b->duration_ns ? a->duration_ns : b->duration_ns;
	return within(a->duration_ns, b->duration_ns, RUN_NS + longer / 50);
}

static bool
is_failure(const struct twin_result *r)
{
	return r->outcome == TEST_FAILED || r->outcome == TEST_ERROR;
}

/* what the longer id has in front of the shorter one: whole folders; false if they differ else */
static bool
prefix_of(struct slice a, struct slice b, size_t *skip_a, size_t *skip_b)
{
	struct slice longer = a.n > b.n ? a : b, shorter = a.n > b.n ? b : a;
	size_t skip = longer.n - shorter.n;

	*skip_a = a.n > b.n ? skip : 0;
	*skip_b = b.n > a.n ? skip : 0;
	return slice_eq(slice_sub(longer, skip, SIZE_MAX), shorter) &&
	    (skip == 0 || longer.p[skip - 1] == '/');
}

bool
reason_twins_may(const struct twin_run *a, const struct twin_run *b)
{
	return starts(a, b) != CONTRADICTS && run_durations(a, b) != CONTRADICTS;
}

struct twin_verdict
reason_twins(const struct twin_run *a, const struct twin_result *ra, size_t na,
    const struct twin_run *b, const struct twin_result *rb, size_t nb)
{
	struct twin_verdict v = { .same = false };
	enum agree start = starts(a, b), whole = run_durations(a, b), d, m;
	unsigned ids = 0, said = 0, timed = 0;
	size_t i = 0, k = 0;

	if (start == CONTRADICTS || whole == CONTRADICTS || na == 0 || nb == 0 ||
	    !prefix_of(ra[0].nodeid, rb[0].nodeid, &v.skip_a, &v.skip_b))
		return v;
	while (i < na && k < nb) {
		if (ra[i].from_last || rb[k].from_last) {
			i += ra[i].from_last != 0;
			k += k < nb && rb[k].from_last != 0;
			continue;
		}
		if (!slice_eq(slice_sub(ra[i].nodeid, v.skip_a, SIZE_MAX),
		    slice_sub(rb[k].nodeid, v.skip_b, SIZE_MAX)))
			return v;
		ids++;
		d = durations(&ra[i], &rb[k]);
		m = is_failure(&ra[i]) ? messages(ra[i].message, rb[k].message) : UNKNOWN;
		if (d == CONTRADICTS || m == CONTRADICTS)
			return v;
		timed += d == AGREES;
		said += m == AGREES;
		i++;
		k++;
	}
	/* the same names with the same outcomes are any two good runs of a suite */
	v.same = ids > 0 && (said || timed || start == AGREES || whole == AGREES);
	v.agreed = timed + (start == AGREES) + (whole == AGREES);
	snprintf(v.why, sizeof v.why, "the same %u id%s and outcome%s; %u failure message%s, "
	    "%u duration%s%s agree", ids, ids == 1 ? "" : "s", ids == 1 ? "" : "s", said,
	    said == 1 ? "" : "s", timed, timed == 1 ? "" : "s",
	    start == AGREES ? ", and the start" : "");
	return v;
}
