/* judge_limit.c - what a limit or a filter left out, and what the file's name claims */
#include "config.h"

#include "reason/judge.h"

#include <inttypes.h>
#include <limits.h>

#include "model/severity.h"

static int64_t
span_of(const struct case_source *s)
{
	return clock_gap(s->totals.last_ns, s->totals.first_ns);
}

/* "; its name claims 3600.000 s"; nothing when the entries cover half of that */
static const char *
claimed(struct judge *j)
{
	int64_t ns = j->claim.from_ns != CLOCK_NONE ?
	    clock_gap(j->claim.to_ns, j->claim.from_ns) : j->claim.span_ns;

	if (ns == 0 || span_of(j->s) >= ns / JUDGE_FAR)
		return "";
	return arena_printf(j->a, "; its name claims %s", judge_seconds(j->a, ns));
}

/* ---- limit ---- */

/* where the claim begins, or ends, as far as it is on that side of what is there */
static int64_t
claim_before(const struct judge *j)
{
	int64_t from = j->claim.from_ns;

	if (from != CLOCK_NONE)
		return from < j->s->totals.first_ns ? from : CLOCK_NONE;
	return j->claim.span_ns ? judge_shift(j->s->totals.last_ns, -j->claim.span_ns) : CLOCK_NONE;
}

static int64_t
claim_after(const struct judge *j)
{
	int64_t to = j->claim.to_ns;

	if (to != CLOCK_NONE)
		return to > j->s->totals.last_ns ? to : CLOCK_NONE;
	return j->claim.span_ns ? judge_shift(j->s->totals.first_ns, j->claim.span_ns) : CLOCK_NONE;
}

void
judge_limit(struct judge *j)
{
	const struct source_totals *t = &j->s->totals;
	int64_t before = claim_before(j), after = claim_after(j);
	char *what;
	struct gap *g;

	if (!t->truncated)
		return;
	what = arena_printf(j->a, "It looks cut by a limit: exactly %" PRIu64 " entries over %s, "
	    "and a --limit of %" PRIu64 " gives that", j->entries,
	    judge_seconds(j->a, span_of(j->s)), j->entries);
	if (t->order == ORDER_NEWEST_FIRST) {
		g = judge_say(j, GAP_LIMIT, "%s; newest first, so what was before %s is missing%s",
		    what, judge_time(j->a, t->first_ns), claimed(j));
		g->last_ns = t->first_ns;
		g->first_ns = j->claim.from_ns != CLOCK_NONE ? before : CLOCK_NONE;
		g->collect = judge_collect(j, NULL, "", before, t->first_ns);
	} else if (t->order == ORDER_OLDEST_FIRST) {
		g = judge_say(j, GAP_LIMIT, "%s; oldest first, so what was after %s is missing%s",
		    what, judge_time(j->a, t->last_ns), claimed(j));
		g->first_ns = t->last_ns;
		g->last_ns = j->claim.to_ns != CLOCK_NONE ? after : CLOCK_NONE;
		g->collect = judge_collect(j, NULL, "", t->last_ns, after);
	} else {
		g = judge_say(j, GAP_LIMIT, "%s; in no order, so any part may be missing%s", what,
		    claimed(j));
		g->collect = judge_collect(j, NULL, "", t->first_ns, t->last_ns);
	}
	g->n = (int64_t)j->entries;
}

/* ---- cap ---- */

/* as exported: a severity that was read from the text is none that a collector asked for */
static uint64_t
exported(const struct severity_count *c)
{
	return c->n > c->inferred ? (uint64_t)(c->n - c->inferred) : 0;
}

/* a limit keeps the newest or the oldest: what lies amid the rest was cut by none */
static bool
is_at_an_end(const struct case_source *s, const struct severity_count *c)
{
	int64_t before = clock_gap(c->first_ns, s->totals.first_ns);
	int64_t after = clock_gap(s->totals.last_ns, c->last_ns);

	return (before < after ? before : after) <= clock_gap(c->last_ns, c->first_ns);
}

/* of one query, in its order, all over the same window: lines that are written in pairs */
static bool
is_paired(const struct case_source *s, uint64_t cap)
{
	if (s->totals.order == ORDER_MIXED)
		return false;
	for (size_t i = 0; i < s->severities; i++)
		if (exported(&s->severity[i]) == cap && clock_gap(s->severity[i].last_ns,
		    s->severity[i].first_ns) < span_of(s) / JUDGE_FAR)
			return false;
	return true;
}

/* at how many entries the severities look capped; 0 = they do not */
static uint64_t
cap_of(const struct case_source *s)
{
	uint64_t most = 0;
	size_t same = 0;

	for (size_t i = 0; i < s->severities; i++) {
		uint64_t n = exported(&s->severity[i]);

		if (n > most) {
			most = n;
			same = 0;
		}
		same += n == most && n > 0;
	}
	return same >= 2 && count_is_round(most) && !is_paired(s, most) ? most : 0;
}

/*
 * Several severities with the same round count, which none exceeds; or one with a
 * round count, at an end, and less than half of the window of another.
 */
static bool
is_capped(const struct judge *j, const struct severity_count *c, uint64_t cap)
{
	const struct case_source *s = j->s;
	int64_t own = clock_gap(c->last_ns, c->first_ns);
	uint64_t n = exported(c);

	if (cap)
		return n == cap;
	/* a limit over all explains the window of each */
	if (s->totals.truncated || !count_is_round(n) || !is_at_an_end(s, c))
		return false;
	for (size_t i = 0; i < s->severities; i++)
		if (own < clock_gap(s->severity[i].last_ns, s->severity[i].first_ns) / JUDGE_FAR)
			return true;
	return false;
}

static void
say_cap(struct judge *j, const struct severity_count *c)
{
	const struct source_totals *t = &j->s->totals;
	const char *name = severity_name(c->severity);
	int64_t before = clock_gap(c->first_ns, t->first_ns);
	int64_t after = clock_gap(t->last_ns, c->last_ns);
	/* the larger part is the missing one; equal: gcloud keeps the newest unless told else */
	bool newest = before >= after;
	bool open = newest ? before == 0 : after == 0;
	struct gap *g = judge_say(j, GAP_CAP, "It looks capped: exactly %" PRIu64 " %s entries, "
	    "from %s to %s, which is %s of %s; outside of that nothing follows from their absence",
	    exported(c), name, judge_time(j->a, c->first_ns), judge_time(j->a, c->last_ns),
	    judge_seconds(j->a, clock_gap(c->last_ns, c->first_ns)),
	    judge_seconds(j->a, span_of(j->s)));

	g->severity = c->severity;
	g->n = (int64_t)exported(c);
	g->first_ns = !newest ? c->last_ns : open ? CLOCK_NONE : t->first_ns;
	g->last_ns = newest ? c->first_ns : open ? CLOCK_NONE : t->last_ns;
	g->collect = judge_collect(j, NULL, c->severity == SEVERITY_DEFAULT ? "severity=DEFAULT" :
	    arena_printf(j->a, "severity=%s", name), g->first_ns, g->last_ns);
}

void
judge_cap(struct judge *j)
{
	const struct case_source *s = j->s;
	uint64_t cap;

	if (s->severities < 2 || j->claim.sink)
		return;
	cap = cap_of(s);
	for (size_t i = 0; i < s->severities; i++)
		if (is_capped(j, &s->severity[i], cap))
			say_cap(j, &s->severity[i]);
}

/* ---- filter ---- */

/* the level below; severities are in steps of a hundred */
static int
level_below(int severity)
{
	return severity >= 100 ? (severity - 1) / 100 * 100 : 0;
}

/*
 * The lowest severity that the entries name. One that was inferred means an entry
 * without: those are admitted, and all above them as far as anyone can tell.
 */
void
judge_filter(struct judge *j)
{
	const struct case_source *s = j->s;
	int lowest = INT_MAX;
	struct gap *g;

	for (size_t i = 0; i < s->severities; i++) {
		if (s->severity[i].inferred)
			return;
		if (s->severity[i].severity < lowest)
			lowest = s->severity[i].severity;
	}
	if (j->entries < JUDGE_ENTRIES || s->severities == 0 || lowest == SEVERITY_DEFAULT)
		return;
	g = judge_say(j, GAP_FILTER, "No entry is below %s and none is without a severity: a "
	    "filter on severity gives that, so nothing follows from the absence of %s",
	    severity_name(lowest),
	    lowest > 200 ? "INFO lines, and of errors that only their text names" :
	    "lines without a severity, among them errors that only their text names");
	g->severity = level_below(lowest);
	g->first_ns = s->totals.first_ns;
	g->last_ns = s->totals.last_ns;
	g->collect = judge_collect(j, NULL, arena_printf(j->a, "severity<%s",
	    severity_name(lowest)), g->first_ns, g->last_ns);
}

/* ---- the name ---- */

void
judge_claim(struct judge *j)
{
	const struct source_totals *t = &j->s->totals;
	struct gap *g;

	/* a sink names every file so, also one of few entries, of some of them, or of late ones */
	if (t->truncated || j->claim.sink || !*claimed(j))
		return;
	g = judge_say(j, GAP_CLAIM, "Its entries cover %s, from %s to %s%s: the rest is not in "
	    "it, or nothing was written", judge_seconds(j->a, span_of(j->s)),
	    judge_time(j->a, t->first_ns), judge_time(j->a, t->last_ns), claimed(j));
	g->collect = judge_collect(j, NULL, "", claim_before(j), t->first_ns);
}

/*
 * R26: older than the window that the name claims, before the time in the name. That
 * is local time of somebody: only what is older in every zone is told.
 */
void
judge_stale(struct judge *j)
{
	const struct claim *c = &j->claim;
	int64_t begin, last = j->s->totals.last_ns;
	struct gap *g;

	if (c->taken_ns == CLOCK_NONE || c->span_ns == 0)
		return;
	begin = judge_shift(judge_shift(c->taken_ns, c->taken_utc ? 0 : -JUDGE_ZONE_NS),
	    -c->span_ns);
	if (last >= begin)
		return;
	g = judge_say(j, GAP_STALE, "STALE: its name claims the %s before %s%s, but its newest "
	    "entry is of %s", judge_seconds(j->a, c->span_ns), judge_time(j->a, c->taken_ns),
	    c->taken_utc ? "" : " of an unknown zone", judge_time(j->a, last));
	g->first_ns = last;
	g->collect = judge_collect(j, NULL, "", begin, judge_shift(c->taken_ns,
	    c->taken_utc ? 0 : JUDGE_ZONE_NS));
}
