/* worth.c - a source in a few words, for a column */
#include "config.h"

#include <inttypes.h>

#include "base/buf.h"
#include "model/severity.h"
#include "reason/judge.h"

static const struct gap *
gap_of(const struct case_source *s, enum gap_kind kind)
{
	for (size_t i = 0; i < s->gaps; i++)
		if (s->gap[i].kind == kind)
			return &s->gap[i];
	return NULL;
}

static void
put_limit(struct buf *b, const struct case_source *s, struct arena *a)
{
	static const char *const kept[] = { [ORDER_NONE] = "a part of", [ORDER_MIXED] = "a part of",
	    [ORDER_NEWEST_FIRST] = "the newest", [ORDER_OLDEST_FIRST] = "the oldest" };

	buf_printf(b, "cut by a limit: only %s %s", kept[s->totals.order],
	    judge_short(a, clock_gap(s->totals.last_ns, s->totals.first_ns)));
}

/* of the severity that matters most: gaps of a kind have the highest first */
static void
put_cap(struct buf *b, const struct case_source *s, const struct gap *g, struct arena *a)
{
	const struct severity_count *c = s->severity;

	for (size_t i = 0; i < s->severities; i++)
		if (s->severity[i].severity == g->severity)
			c = &s->severity[i];
	buf_printf(b, "capped: %s covers %s of %s", severity_name(c->severity),
	    judge_short(a, clock_gap(c->last_ns, c->first_ns)),
	    judge_short(a, clock_gap(s->totals.last_ns, s->totals.first_ns)));
}

static void
put_good(struct buf *b, const struct case_source *s, struct arena *a)
{
	static const char *const order[] = { [ORDER_NONE] = "", [ORDER_MIXED] = ", in no order",
	    [ORDER_NEWEST_FIRST] = ", newest first", [ORDER_OLDEST_FIRST] = ", oldest first" };
	bool good = !gap_of(s, GAP_DAMAGE) && !gap_of(s, GAP_FILTER) && !gap_of(s, GAP_CLAIM) &&
	    !gap_of(s, GAP_ZONE) && !gap_of(s, GAP_PSEUDO) && !gap_of(s, GAP_SILENCE);

	buf_printf(b, "%s%s%s", good ? "good: " : "",
	    judge_short(a, clock_gap(s->totals.last_ns, s->totals.first_ns)),
	    order[s->totals.order]);
}

static void
put_rest(struct buf *b, const struct case_source *s)
{
	const struct gap *filter = gap_of(s, GAP_FILTER);

	if (s->totals.damaged)
		buf_printf(b, "; %" PRIu64 " damaged", s->totals.damaged);
	else if (s->cut)
		buf_puts(b, "; cut short");
	if (s->totals.not_evidence && s->totals.not_evidence < s->totals.seen)
		buf_printf(b, "; %" PRIu64 " not evidence", s->totals.not_evidence);
	if (gap_of(s, GAP_ZONE))
		buf_puts(b, "; zone assumed");
	if (filter && filter->severity >= 200)
		buf_printf(b, "; nothing at %s or below", severity_name(filter->severity));
	else if (filter)
		buf_puts(b, "; nothing without a severity");
	if (gap_of(s, GAP_CLAIM))
		buf_puts(b, "; less than its name claims");
	if (gap_of(s, GAP_SILENCE))
		buf_puts(b, "; a silence in it");
	if (s->totals.conflicts)
		buf_printf(b, "; %" PRIu64 " in conflict", s->totals.conflicts);
}

static void
put_logs(struct buf *b, const struct case_source *s, struct arena *a)
{
	const struct gap *g;

	if (s->totals.first_ns == CLOCK_NONE) {
		buf_puts(b, s->totals.not_evidence ? "not evidence" : "no entry");
		return;
	}
	if ((g = gap_of(s, GAP_EMPTY)) != NULL)
		buf_puts(b, "no payloads: collector defect");
	else if (gap_of(s, GAP_STALE))
		buf_puts(b, "STALE: older than its name claims");
	else if (gap_of(s, GAP_LIMIT))
		put_limit(b, s, a);
	else if ((g = gap_of(s, GAP_CAP)) != NULL)
		put_cap(b, s, g, a);
	else if (gap_of(s, GAP_LOSSY))
		buf_puts(b, "lost fields");
	else
		put_good(b, s, a);
	put_rest(b, s);
}

static void
put_tests(struct buf *b, const struct case_source *s)
{
	if (s->totals.seen == 0 && s->quoted == 0)
		buf_puts(b, "no test result");
	else if (s->runs == 0 && s->quoted)
		buf_puts(b, "quoted test results: a claim, no evidence");
	else
		buf_puts(b, "test results");
	if (s->totals.damaged || s->cut)
		buf_puts(b, ", damaged");
	if (s->unfinished && s->runs == 1)
		buf_puts(b, ", of a run that did not come to its end");
	else if (s->unfinished)
		buf_printf(b, ", %ld of %ld runs did not come to their end", s->unfinished,
		    s->runs);
}

struct slice
reason_worth(const struct case_source *s, struct arena *a)
{
	struct slice worth;
	struct buf b;

	buf_init(&b, 1000);
	if (s->partial)
		buf_puts(&b, "partial: not read to its end");
	else if (s->kind == SOURCE_LOGS)
		put_logs(&b, s, a);
	else
		put_tests(&b, s);
	worth = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return worth;
}
