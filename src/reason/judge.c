/* judge.c - what a source is worth: the rules, the most important first */
#include "config.h"

#include "reason/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/severity.h"

#define WORDS_MAX 300		/* bytes of a name or a reason in a sentence */

/* ---- words ---- */

char *
judge_time(struct arena *a, int64_t ns)
{
	char text[CLOCK_TEXT];

	return arena_str(a, slice_str(clock_format(ns, ns % 1000 == 0 ? 6 : 9, text)));
}

char *
judge_seconds(struct arena *a, int64_t ns)
{
	int64_t ms = ns / 1000000 + (ns % 1000000 >= 500000);

	return arena_printf(a, "%" PRId64 ".%03" PRId64 " s", ms / 1000, ms % 1000);
}

char *
judge_short(struct arena *a, int64_t ns)
{
	int64_t s = ns / CLOCK_NS_PER_S + (ns % CLOCK_NS_PER_S >= CLOCK_NS_PER_S / 2);
	int64_t tenth = CLOCK_NS_PER_S / 10, tenths = ns / tenth + (ns % tenth >= tenth / 2);

	if (tenths < 100)
		return arena_printf(a, "%" PRId64 ".%" PRId64 " s", tenths / 10, tenths % 10);
	if (s < 180)
		return arena_printf(a, "%" PRId64 " s", s);
	if (s < 2 * 3600)
		return arena_printf(a, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
	if (s < 2 * 86400)
		return arena_printf(a, "%" PRId64 "h%02" PRId64 "m", s / 3600, s / 60 % 60);
	return arena_printf(a, "%" PRId64 "d%02" PRId64 "h", s / 86400, s / 3600 % 24);
}

static struct slice
clip(struct slice words)
{
	return words.n > WORDS_MAX ? slice_sub(words, 0, text_utf8_floor(words, WORDS_MAX)) : words;
}

int64_t
judge_shift(int64_t ns, int64_t by)
{
	int64_t sum;

	if (ns == CLOCK_NONE)
		return CLOCK_NONE;
	if (__builtin_add_overflow(ns, by, &sum) || sum == CLOCK_NONE)
		return by < 0 ? INT64_MIN + 1 : INT64_MAX;
	return sum;
}

struct gap *
judge_say(struct judge *j, enum gap_kind kind, const char *fmt, ...)
{
	struct slice says;
	struct gap *g;
	char line[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	says = slice_str(line);
	if (says.n == sizeof line - 1)
		says.n = text_utf8_floor(says, says.n);
	j->gap = mem_grow(j->gap, &j->cap, j->gaps + 1, sizeof *j->gap);
	g = &j->gap[j->gaps++];
	*g = (struct gap){ .kind = kind, .severity = GAP_ALL_SEVERITIES, .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE, .n = -1, .says = arena_copy(j->a, says) };
	return g;
}

/* entries that no Cloud Logging wrote cannot be asked for there */
static bool
is_cloud(const struct case_source *s)
{
	return s->project.n > 0 || slice_starts(s->reader, "gcp");
}

struct slice
judge_collect(struct judge *j, const struct slice *service, const char *filter, int64_t from_ns,
    int64_t to_ns)
{
	const struct case_source *s = j->s;
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	struct slice command = { NULL, 0 };
	struct buf b;

	if (!is_cloud(s) || (from_ns == CLOCK_NONE && to_ns == CLOCK_NONE))
		return command;
	if (from_ns == CLOCK_NONE)
		from_ns = judge_shift(to_ns, -JUDGE_WIDEN_NS);
	if (to_ns == CLOCK_NONE)
		to_ns = judge_shift(from_ns, JUDGE_WIDEN_NS);
	buf_init(&b, 16 * 1024);
	buf_puts(&b, "gcloud logging read '");
	if (service)
		gap_put_services(&b, service, service->n > 0, s->workload, s->workloads);
	else
		gap_put_services(&b, s->service, s->services, s->workload, s->workloads);
	if (*filter)
		buf_printf(&b, "%s AND ", filter);
	buf_printf(&b, "timestamp>=\"%s\" AND timestamp<=\"%s\"' --project=%.*s --order=asc "
	    "--format=json", clock_format(from_ns, 9, from), clock_format(to_ns, 9, to),
	    SLICE_ARG(gap_word_is_plain(s->project) ? s->project : SLICE("PROJECT")));
	command = arena_copy(j->a, buf_slice(&b));
	buf_release(&b);
	return command;
}

static struct slice
collect_window(struct judge *j)
{
	return judge_collect(j, NULL, "", j->s->totals.first_ns, j->s->totals.last_ns);
}

/* ---- what is in it ---- */

/* R25: requests have a content without a payload; over half of nothing is the collector's */
static void
judge_empty(struct judge *j)
{
	uint64_t n = j->s->totals.empty;
	struct gap *g;

	if (j->entries < JUDGE_ENTRIES || n <= j->entries / 2)
		return;
	g = judge_say(j, GAP_EMPTY, "%" PRIu64 " of its %" PRIu64 " entries have neither a "
	    "payload nor a request: suspect a defect of the collector, not a quiet service", n,
	    j->entries);
	g->n = (int64_t)n;
	g->collect = collect_window(j);
}

static void
judge_damage(struct judge *j)
{
	const struct source_totals *t = &j->s->totals;
	bool before = t->order == ORDER_NEWEST_FIRST, after = t->order == ORDER_OLDEST_FIRST;
	const char *side = before ? ", the older part" : after ? ", the newer part" : "";
	uint64_t n = t->damaged;
	struct gap *g;

	if (n == 0 && !j->s->cut)
		return;
	if (n == 0)
		g = judge_say(j, GAP_DAMAGE, "It is cut short: what stood behind the cut is "
		    "missing%s", side);
	else
		g = judge_say(j, GAP_DAMAGE, "%" PRIu64 " %s, %" PRIu64 " bytes, could not be "
		    "read%s%s", n, n == 1 ? "record" : "records", j->s->damaged_bytes, j->s->cut ?
		    ", and what stood behind the cut is missing" : "", j->s->cut ? side : "");
	g->n = (int64_t)n;
	if (j->s->kind != SOURCE_LOGS)
		return;
	if (!j->s->cut) {
		g->first_ns = t->first_ns;
		g->last_ns = t->last_ns;
	} else if (before) {
		g->last_ns = t->first_ns;
	} else if (after) {
		g->first_ns = t->last_ns;
	}
	g->collect = judge_collect(j, NULL, "", g->first_ns, g->last_ns);
}

static void
judge_pseudo(struct judge *j)
{
	uint64_t n = j->s->totals.not_evidence, all = j->s->totals.seen;
	struct slice why = clip(j->s->pseudo_reason);
	struct gap *g;

	if (n == 0)
		return;
	g = judge_say(j, GAP_PSEUDO, "%" PRIu64 " of its %" PRIu64 " %s no evidence%s%.*s", n, all,
	    all == 1 ? "record is" : n == 1 ? "records is" : "records are", why.n ? ": " : "",
	    SLICE_ARG(why));
	g->n = (int64_t)n;
}

static void
judge_lossy(struct judge *j)
{
	struct gap *g;

	if (!j->s->totals.lossy)
		return;
	g = judge_say(j, GAP_LOSSY, "Its shape (%.*s) has lost fields that the log has: nothing "
	    "follows from a field that is not there, and entries cannot be joined by instance or "
	    "trace", SLICE_ARG(j->s->shape));
	g->n = (int64_t)j->entries;
	g->collect = collect_window(j);
}

static void
judge_zone(struct judge *j)
{
	struct slice zone = j->s->zone.n ? j->s->zone : SLICE("UTC");

	if (j->s->totals.ts_assumed)
		judge_say(j, GAP_ZONE, "Times without a zone were read as %.*s: if the clock that "
		    "wrote them was another, they are off by whole hours, up to 14, and do not fit "
		    "other sources", SLICE_ARG(zone));
}

/* ---- what is missing inside ---- */

/* where a severity was cut off, a pause of the rest is no pause of the service */
static bool
is_capped_there(const struct judge *j, const struct silence *s)
{
	for (size_t i = 0; i < j->gaps; i++) {
		const struct gap *g = &j->gap[i];

		if (g->kind == GAP_CAP && (g->first_ns == CLOCK_NONE || g->first_ns < s->to_ns) &&
		    (g->last_ns == CLOCK_NONE || g->last_ns > s->from_ns))
			return true;
	}
	return false;
}

static void
silences_of(struct judge *j, struct slice service)
{
	struct silence silence[2];
	size_t n = rhythms_silences(j->rhythms, j->s->id, service, j->s->totals.last_ns, silence);
	struct slice who = service.n ? clip(service) : SLICE("what names no service");

	for (size_t i = 0; i < n; i++) {
		int64_t from = silence[i].from_ns, to = silence[i].to_ns;
		struct gap *g;

		if (is_capped_there(j, &silence[i]))
			continue;
		g = judge_say(j, GAP_SILENCE, "No entry of %.*s for %s, from %s to "
		    "%s; its pauses are else no longer than %s", SLICE_ARG(who),
		    judge_seconds(j->a, clock_gap(to, from)), judge_time(j->a, from),
		    judge_time(j->a, to), judge_seconds(j->a, silence[i].usual_ns));

		g->service = service;
		g->first_ns = from;
		g->last_ns = to;
		g->collect = judge_collect(j, &service, "", from, to);
	}
}

static void
judge_silence(struct judge *j)
{
	const struct case_source *s = j->s;

	if (!j->rhythms)
		return;
	for (size_t i = 0; i < s->cells; i++)
		if (i == 0 || !slice_eq(s->cell[i].service, s->cell[i - 1].service))
			silences_of(j, s->cell[i].service);
}

/* U7: a request is logged when it ends, with the time of its start */
static void
judge_tail(struct judge *j)
{
	int64_t last = j->s->totals.last_ns, longest = j->s->latency_ns;
	struct gap *g;

	if (longest == CLOCK_NONE || longest < JUDGE_TAIL_NS || last == CLOCK_NONE)
		return;
	g = judge_say(j, GAP_TAIL, "Requests are logged when they end: any that still ran when "
	    "this was exported is missing; its longest took %s, so some that began after %s may be "
	    "among those", judge_seconds(j->a, longest),
	    judge_time(j->a, judge_shift(last, -longest)));
	g->first_ns = judge_shift(last, -longest);
	g->last_ns = last;
	g->collect = judge_collect(j, NULL, "httpRequest.status>0", g->first_ns,
	    judge_shift(last, JUDGE_WIDEN_NS));
}

static void
judge_repeat(struct judge *j)
{
	for (size_t i = 0; i < j->s->repeats; i++) {
		const struct case_repeat *r = &j->s->repeat[i];
		struct gap *g = judge_say(j, GAP_REPEAT, "%ld of its %" PRIu64 " entries %s in s%"
		    PRId64 " too and %s counted once", r->n, j->entries, r->n == 1 ? "is" : "are",
		    r->source_id, r->n == 1 ? "is" : "are");

		g->n = r->n;
	}
}

/* ---- all ---- */

static int
by_weight(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;
	int c;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	c = slice_cmp(x->service, y->service);
	if (c)
		return c;
	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return slice_cmp(x->says, y->says);
}

static void
judge_logs(struct judge *j)
{
	judge_empty(j);
	judge_lossy(j);
	judge_zone(j);
	judge_tail(j);
	judge_repeat(j);
	if (j->entries == 0 || j->s->totals.first_ns == CLOCK_NONE)
		return;
	judge_limit(j);
	judge_cap(j);
	judge_filter(j);
	judge_claim(j);
	judge_stale(j);
	judge_silence(j);	/* looks at the caps */
}

void
reason_judge(const struct case_source *s, const struct rhythms *rhythms, struct arena *a,
    struct gap **gap, size_t *n)
{
	const struct source_totals *t = &s->totals;
	struct judge j = { .s = s, .rhythms = rhythms, .a = a,
	    .entries = t->added + t->known + t->filled + t->conflicts };

	claim_of(s->path, &j.claim);
	judge_damage(&j);
	judge_pseudo(&j);
	if (s->kind == SOURCE_LOGS)
		judge_logs(&j);
	if (j.gaps)
		qsort(j.gap, j.gaps, sizeof *j.gap, by_weight);
	*gap = arena_array(a, j.gaps + 1, sizeof **gap);
	if (j.gaps)
		memcpy(*gap, j.gap, j.gaps * sizeof **gap);
	*n = j.gaps;
	free(j.gap);
}
